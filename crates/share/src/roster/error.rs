//! Why octets are no roster, or a roster cannot be signed.

use geo::Time;

use crate::identity::{ArmourError, CertificateError, KeyError, NodeId, OwnerError};
use crate::seal::SealError;

/// Octets are no roster, or a roster cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The text around it is not as it has to be.
    #[error(transparent)]
    Armour(#[from] ArmourError),
    /// It is not signed by the root key that it names.
    #[error("the roster's signature: {0}")]
    Seal(#[from] SealError),
    /// What is signed is no CBOR, or not in its one form.
    #[error("what is signed is no roster: {what}")]
    Form {
        /// What is wrong.
        what: &'static str,
    },
    /// A field is missing or of another kind.
    #[error("the roster's field {field:?} is not {expected}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// Written by a later version of this program.
    #[error("a roster of format {format}; this program knows format {}", super::cbor::FORMAT)]
    Format {
        /// The format it names.
        format: u64,
    },
    /// The owner cannot have that name.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// A public key is none.
    #[error("the roster's field {field:?}: {source}")]
    Key {
        /// Where.
        field: &'static str,
        /// Why.
        source: KeyError,
    },
    /// Versions begin with 1, and only that one has no previous one.
    #[error("a roster of version {version} with the wrong reference to the one before")]
    Version {
        /// The version.
        version: u64,
    },
    /// It ends before it begins, or lives too long.
    #[error("a roster issued {issued} cannot end {expires}: it lives up to 400 days")]
    Life {
        /// When it was signed.
        issued: Time,
        /// When it ends.
        expires: Time,
    },
    /// Too many of something.
    #[error("{count} {what} in one roster, at most {max} are read")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// Not in order, or one is there twice.
    #[error("the {what} of the roster are not in order, each once")]
    Order {
        /// Which.
        what: &'static str,
    },
    /// A node that could never sign.
    #[error("node {key} cannot be valid from {from} until {until}")]
    Validity {
        /// Its key.
        key: NodeId,
        /// The first instant.
        from: Time,
        /// The instant after the last.
        until: Time,
    },
    /// A root key is kept apart and signs no frames.
    #[error("the root key {key} is listed as a node")]
    RootAsNode {
        /// The key.
        key: NodeId,
    },
    /// A roster that revokes the key it is signed with.
    #[error("the roster revokes {key}, with which it is signed; hand over to another root first")]
    RootRevoked {
        /// The key.
        key: NodeId,
    },
    /// Signed by another key than the one it names as the root.
    #[error("signed by {signer}, but the root is {root}")]
    Root {
        /// Who would sign.
        signer: NodeId,
        /// Who has to.
        root: NodeId,
    },
    /// The handovers do not lead to the root.
    #[error("the handovers of {owner:?} do not lead to the root {root}: {what}")]
    Handover {
        /// The owner.
        owner: String,
        /// The root that signs.
        root: NodeId,
        /// What is wrong.
        what: &'static str,
    },
    /// The authorities are not certificates of the owner's roots, each once, the root's own with them.
    #[error("the authority of {key} is missing, doubled, revoked, or of no root key of the owner")]
    Authority {
        /// Of which key.
        key: NodeId,
    },
    /// A certificate cannot be read.
    #[error("an authority of the roster: {0}")]
    Certificate(#[from] CertificateError),
}
