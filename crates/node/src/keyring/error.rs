//! Why the folder of an owner cannot be read or changed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use share::identity::{CertificateError, KeyError, NodeId, NodeIdError};
use share::roster::{PinError, RosterError, RosterRefusal};

/// The folder of an owner cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is there already, and would be lost.
    #[error("{} is there already, and a key is never written over", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Longer than any file of its kind.
    #[error("{} has more than {octets_max} octets, which none of its kind has", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Octets of the longest.
        octets_max: u64,
    },
    /// Others may read a private key.
    #[error("{} may be read by others (mode {mode:03o})", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// No private key.
    #[error("{}: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: KeyError,
    },
    /// No certificate, or none can be made.
    #[error("{}: {source}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: CertificateError,
    },
    /// No roster, or none can be made.
    #[error("{}: {source}", path.display())]
    Roster {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: RosterError,
    },
    /// A roster is not taken.
    #[error("{}: {source}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RosterRefusal,
    },
    /// No name of a root key.
    #[error("{}: {source}", path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: NodeIdError,
    },
    /// A root key is not believed.
    #[error("{}: {source}", path.display())]
    Pin {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PinError,
    },
    /// The own roster is missing.
    #[error("{} is missing: the roster of {owner}, whose folder this is by its certificate", path.display())]
    NoRoster {
        /// The file.
        path: PathBuf,
        /// The owner.
        owner: Arc<str>,
    },
    /// The node's key, its certificate and the roster do not belong together.
    #[error("{} is the key {key}, which {} or the own roster does not list", path.display(), certificate.display())]
    Apart {
        /// The key's file.
        path: PathBuf,
        /// The key.
        key: NodeId,
        /// The certificate's file.
        certificate: PathBuf,
    },
    /// A key is not the root.
    #[error("{} is the key {found}; the root of this owner is {expected}", path.display())]
    NotTheRoot {
        /// The file.
        path: PathBuf,
        /// The key in it.
        found: NodeId,
        /// The root.
        expected: NodeId,
    },
    /// Nobody compared the root key of a new partner.
    #[error("nobody compared the root key of {owner} yet; this roster is signed by {root}")]
    NotCompared {
        /// The partner.
        owner: Arc<str>,
        /// The key that signed.
        root: NodeId,
    },
    /// The own roster is not taken from outside.
    #[error("this is the roster of {owner}, whose folder this is")]
    Own {
        /// The owner.
        owner: Arc<str>,
    },
    /// No key of this owner.
    #[error("{key} is no key of {owner}; its keys are {}", known.iter().map(NodeId::to_string).collect::<Vec<_>>().join(", "))]
    UnknownKey {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// Those there are.
        known: Vec<NodeId>,
    },
    /// None of an owner's nodes counts now.
    #[error("no node of {owner} counts now, by its roster")]
    NoNode {
        /// The owner.
        owner: Arc<str>,
    },
    /// A key is revoked already.
    #[error("{key} is revoked since {at}")]
    RevokedBefore {
        /// The key.
        key: NodeId,
        /// Since when.
        at: geo::Time,
    },
}

impl KeyringError {
    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => "Check the folder: trilat keys new makes one; the root key may be kept elsewhere.",
            Self::Write { .. } => "Check that you may write there and that there is room.",
            Self::Exists { .. } => "Choose another folder, or move the key away yourself if nobody needs it.",
            Self::TooLong { .. } => "Give the file that was meant.",
            Self::Open { .. } => "Take the permission away (chmod 600), and ask whether somebody has read it.",
            Self::Key { .. } | Self::Certificate { .. } | Self::Root { .. } => "Put the file back from your backup.",
            Self::Roster { .. } => "Ask its owner for the roster again, or put the file back from your backup.",
            Self::Refused { source, .. } => refused(source),
            Self::Pin { .. } => {
                "If the owner lost its root key: compare the new one by telephone, then say trust --again."
            }
            Self::NoRoster { .. } => "Put the file back from your backup.",
            Self::Apart { .. } => "A change was interrupted: repeat it (trilat keys renew, or rotate --node).",
            Self::NotTheRoot { .. } => "Give the root key in use: --root-key FILE.",
            Self::NotCompared { .. } => {
                "Call them, have the name of the key read to you, and give what you heard: --fingerprint."
            }
            Self::Own { .. } => "Give the roster of a partner.",
            Self::UnknownKey { .. } => "Name one of them: trilat keys show lists them.",
            Self::NoNode { .. } => "Get its newest roster, and trilat keys trust it.",
            Self::RevokedBefore { .. } => "Nothing has to be done; give the newest roster to the partners.",
        }
    }
}

fn refused(source: &RosterRefusal) -> &'static str {
    match source {
        RosterRefusal::Roster(_) => "Ask its owner for the roster again; compare what was sent with what arrived.",
        RosterRefusal::Stranger { .. } => "Agree upon its root key first.",
        RosterRefusal::Root { .. } => {
            "If the name was misheard, ask again. If the owner changed its root key without handing over: trust --again."
        }
        RosterRefusal::Older { .. } => "Nothing has to be done, a newer one is held.",
        RosterRefusal::Forked { .. } => "Ask the owner which of the two it means, and why there are two.",
        RosterRefusal::Expired { .. } => "Ask its owner for a new one: trilat keys renew.",
        RosterRefusal::Future { .. } => "Compare the clocks of both machines.",
        RosterRefusal::Unrevoked { .. } => "Ask the owner; a revoked key never comes back, it needs another one.",
        RosterRefusal::KeyOfAnother { .. } => "Ask both owners: one key is used by one owner only.",
    }
}
