//! Names: of sensors, owners and targets.

/// The most bytes a name may have.
pub const NAME_BYTES_MAX: usize = 256;

/// Whether a text can stand as a name in every format: not empty, no space at its ends, no control character (so no
/// line end), at most [`NAME_BYTES_MAX`] bytes.
pub(crate) fn is_name(text: &str) -> bool {
    let printable = |text: &str| text.bytes().all(|b| (0x20..0x7f).contains(&b)) || !text.contains(char::is_control);
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && text.trim().len() == text.len() && printable(text)
}

/// Returns the text as it stood, cut where it is too long to print.
pub(crate) fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
