//! Octets as text between two lines that say what they are (RFC 7468), so that they pass through mail and editors.

use ed25519_dalek::pkcs8::spki::der::pem::{self, LineEnding};

/// A text is not the armour of what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArmourError {
    /// There is nothing in it.
    #[error("it is empty, expected \"-----BEGIN {label}-----\": take the file anew from where it was made")]
    Empty {
        /// What was expected.
        label: &'static str,
    },
    /// No armour at all, or a broken one.
    #[error("no \"-----BEGIN {label}-----\" that can be read: {source}")]
    Form {
        /// What was expected.
        label: &'static str,
        /// What is wrong.
        source: pem::Error,
    },
    /// The armour of something else.
    #[error("a {found:?} where a {label:?} is expected")]
    Label {
        /// What was expected.
        label: &'static str,
        /// What is there.
        found: String,
    },
}

/// Puts octets between the two lines.
///
/// Errors: [`ArmourError::Form`], a fault of the program.
pub(crate) fn armour(label: &'static str, octets: &[u8]) -> Result<String, ArmourError> {
    pem::encode_string(label, LineEnding::LF, octets).map_err(|source| ArmourError::Form { label, source })
}

/// Takes the octets out again.
///
/// Errors: [`ArmourError`].
pub(crate) fn unarmour(label: &'static str, text: &str) -> Result<Vec<u8>, ArmourError> {
    if text.trim().is_empty() {
        return Err(ArmourError::Empty { label });
    }
    let (found, octets) = pem::decode_vec(text.as_bytes()).map_err(|source| ArmourError::Form { label, source })?;
    if found != label {
        let found = found.to_owned();
        return Err(ArmourError::Label { label, found });
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_said_to_be() {
        for text in ["", "\n", " \r\n\t"] {
            assert_eq!(
                unarmour("TRILAT ROSTER", text),
                Err(ArmourError::Empty { label: "TRILAT ROSTER" })
            );
        }
        let error = unarmour("TRILAT ROSTER", "").unwrap_err().to_string();
        assert!(error.contains("empty") && error.contains("TRILAT ROSTER"), "{error}");
        assert!(matches!(
            unarmour("TRILAT ROSTER", "hello"),
            Err(ArmourError::Form { .. })
        ));
    }
}
