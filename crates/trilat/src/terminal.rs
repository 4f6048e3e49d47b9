//! Standard output and standard error: the one place that prints, and that knows who reads.

use std::io::{self, IsTerminal, Write};

use crate::Failure;

/// Prints the result on standard output.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}

/// Prints a remark on standard error; where that is closed nobody can be told.
pub fn remark(text: &str) {
    let _closed = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a person sits at a terminal beside whose windows a browser can open.
pub fn has_screen() -> bool {
    let has_windows = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_graphic = cfg!(target_os = "macos") || ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().any(has_windows);
    is_graphic && io::stdout().is_terminal()
}

/// Prints what went wrong and what to do next, on standard error; for programs also as JSON on standard output, unless
/// a result stands there already.
pub fn complain(failure: &Failure, is_json: bool) {
    if is_json
        && !failure.comes_after_the_result()
        && let Ok(json) = failure.to_json()
    {
        // Where standard output is closed, standard error still says why.
        let _closed = say(&json);
    }
    remark(&format!("error: {failure}\n  {}", failure.advice()));
}
