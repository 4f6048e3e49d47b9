//! Who signs: keys of owners and nodes, their short names, and the certificates of the links.

mod armour;
mod certificate;
mod id;
mod key;
mod owner;

pub use armour::ArmourError;
pub(crate) use armour::{armour, unarmour};
pub use certificate::{
    CERTIFICATE_OCTETS_MAX, Certificate, CertificateError, Facts, Fingerprint, HOSTS_MAX, Validity,
    authority_certificate, guest_certificate, node_certificate,
};
pub use id::{ID_OCTETS, NodeId, NodeIdError};
pub use key::{KeyError, NodeKey, NodePublic, PUBLIC_OCTETS, SEED_OCTETS};
pub use owner::{OWNER_LETTERS_MAX, OwnerError, owner_name};
