//! Which names an owner may have: they stand in keys of the wire, in certificates and as folders.

use std::sync::Arc;

/// Letters of the longest name of an owner.
pub const OWNER_LETTERS_MAX: usize = 40;

/// Why a text names no owner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnerError {
    /// Too short or too long.
    #[error("{name:?} has {letters} letters; the name of an owner has 1 to {OWNER_LETTERS_MAX}")]
    Length {
        /// What was written.
        name: String,
        /// How many letters.
        letters: usize,
    },
    /// A letter that a key of the wire, a certificate or a folder cannot have everywhere.
    #[error("{letter:?} in {name:?}; the name of an owner has the letters a-z and A-Z, digits, and - inside")]
    Letter {
        /// What was written.
        name: String,
        /// The letter.
        letter: char,
    },
}

/// Returns the name of an owner, as it may stand in keys of the wire, certificates and names of folders.
///
/// Errors: [`OwnerError`].
pub fn owner_name(name: &str) -> Result<Arc<str>, OwnerError> {
    let letters = name.chars().count();
    if letters == 0 || letters > OWNER_LETTERS_MAX {
        // A text of any length may come from a partner: not all of it is repeated.
        let name = name.chars().take(OWNER_LETTERS_MAX).collect();
        return Err(OwnerError::Length { name, letters });
    }
    let last = letters - 1;
    for (at, letter) in name.chars().enumerate() {
        let is_inside = at != 0 && at != last;
        if !(letter.is_ascii_alphanumeric() || letter == '-' && is_inside) {
            let name = name.to_owned();
            return Err(OwnerError::Letter { name, letter });
        }
    }
    Ok(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_everywhere_are_taken() {
        for name in ["japan", "KR", "u-s-a", "7", &"a".repeat(OWNER_LETTERS_MAX)] {
            assert_eq!(owner_name(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_that_would_mean_something_else_somewhere_are_refused() {
        for (name, why) in [
            ("", "0 letters"),
            (&*"a".repeat(OWNER_LETTERS_MAX + 1), "41 letters"),
            ("a/b", "'/'"),   // another level of a key, or of folders
            ("*", "'*'"),     // every owner, in a key of the wire
            ("..", "'.'"),    // the folder above
            ("-rf", "'-'"),   // an option
            ("usa-", "'-'"),  // not a label of a host's name
            ("日本", "'日'"), // another letter that looks alike may be meant
            ("a b", "' '"),
            ("a\0", "'\\0'"),
        ] {
            let error = owner_name(name).unwrap_err().to_string();
            assert!(error.contains(why), "{name:?}: {error}");
        }
    }
}
