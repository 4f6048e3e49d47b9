//! Who may ask a node over HTTP, beyond its own machine: tokens and certificates, the roles they give, sessions of
//! browsers, how often.
//!
//! A token is 32 octets of chance, which its holder keeps; the file has only its SHA-256. Nothing slower is needed:
//! what has 256 bits is not guessed. Of a certificate the file has the SHA-256 too: whoever made it, its holder shows
//! in the handshake of TLS that the key is there, and nobody else has to be trusted.

mod certificate;
mod rate;
mod sessions;
mod tokens;

pub use certificate::{Certificate, CertificateError};
pub use rate::Rates;
pub use sessions::{SESSION_S, Sessions};
pub use tokens::{NewToken, TokenError, Tokens, admit, in_one_form, make};

/// What somebody may do. Each may do what those before it may.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See pictures and warnings.
    Viewer,
    /// Write drafts of warnings and withdraw them, too.
    Operator,
    /// Approve them, take them back and end them, too.
    Releaser,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Releaser];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Releaser => "releaser",
        }
    }

    /// The role of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name of the token or certificate.
    pub name: std::sync::Arc<str>,
    /// What it may do.
    pub role: Role,
}
