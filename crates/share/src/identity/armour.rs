//! Octets as text between two lines that say what they are (RFC 7468), so that they pass through mail and editors.

use ed25519_dalek::pkcs8::spki::der::pem::{self, LineEnding};

/// A text is not the armour of what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArmourError {
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
    let (found, octets) = pem::decode_vec(text.as_bytes()).map_err(|source| ArmourError::Form { label, source })?;
    if found != label {
        let found = found.to_owned();
        return Err(ArmourError::Label { label, found });
    }
    Ok(octets)
}
