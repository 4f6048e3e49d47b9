//! The roster: who signs for an owner, signed by the owner.
//!
//! Each owner signs the list of its nodes with its root key and gives it to its partners. It is dated, numbered, names
//! the roster before it, and ends: a roster that nobody renews stops being believed. [`Roll`] is what a node makes of
//! its partners' rosters.

mod cbor;
mod error;
mod handover;
mod roll;
mod text;

use std::sync::Arc;

use geo::Time;
use sha2::{Digest as _, Sha256};

use crate::identity::{Certificate, Fingerprint, NodeId, NodeKey, NodePublic, Validity, armour, unarmour};
use crate::seal::{self, Context};

pub use error::RosterError;
pub use handover::Handover;
pub use roll::{Due, DueWhat, KeyRefusal, PinError, Roll, RosterRefusal, SKEW_MAX_S, Taken};

/// Nodes in one roster, at most.
pub const NODES_MAX: usize = 64;
/// Revoked keys in one roster, at most.
pub const REVOKED_MAX: usize = 1024;
/// Root keys that an owner can have had before, at most.
pub const HANDOVERS_MAX: usize = 64;
/// Authorities in one roster, at most: the one in use, and those whose certificates have not ended.
pub const AUTHORITIES_MAX: usize = 8;
/// Longest time between issue and end of a roster: 400 days.
pub const LIFE_MAX_S: f64 = 400.0 * 86_400.0;

const LABEL: &str = "TRILAT ROSTER";

/// Names a roster by its signed octets: their SHA-256.
pub type RosterDigest = Fingerprint;

/// What an owner says of its own keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// Whose it is.
    pub owner: Arc<str>,
    /// Counts the rosters of the owner, from 1, without a gap.
    pub version: u64,
    /// The roster before; none of the first.
    pub previous: Option<RosterDigest>,
    /// When it was signed.
    pub issued: Time,
    /// From when on it is not believed any more.
    pub expires: Time,
    /// The owner's root key, which signs it.
    pub root: NodePublic,
    /// How the owner came from its first root key to this one, oldest first; each signed by the key that gave way.
    pub handovers: Vec<Handover>,
    /// The certificates that the nodes' are verified with, in the links.
    pub authorities: Vec<Certificate>,
    /// Its nodes, those of the past too, so that what they signed can still be verified; ordered by key.
    pub nodes: Vec<NodeEntry>,
    /// Keys that may not sign any more, ordered by name; none is ever taken off.
    pub revoked: Vec<Revocation>,
}

/// One key of one node.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct NodeEntry {
    /// The key it signs with, also in the links.
    pub key: NodePublic,
    /// The certificate it shows in the links.
    pub certificate: Fingerprint,
    /// When it may sign.
    pub validity: Validity,
    /// What it does.
    pub role: Role,
}

impl NodeEntry {
    /// The key's short name.
    pub fn id(&self) -> NodeId {
        self.key.id()
    }
}

/// What a node is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It exchanges with the partners.
    Main,
    /// It does so when the main one cannot.
    Standby,
}

/// A key that may not sign any more.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Which.
    pub key: NodeId,
    /// From when on, inclusive.
    pub at: Time,
    /// Why.
    pub reason: Reason,
}

/// Why a key may not sign any more.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Somebody else has it, or may have.
    Stolen,
    /// Nobody has it any more.
    Lost,
    /// Another took its place.
    Replaced,
    /// The node is gone.
    Retired,
}

macro_rules! words {
    ($kind:ident { $($variant:ident = $number:literal $word:literal,)* }) => {
        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its word, in texts and on the command line.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            const fn number(self) -> u64 {
                match self { $(Self::$variant => $number),* }
            }

            fn of_number(number: u64) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.number() == number)
            }
        }
    };
}

words!(Role { Main = 0 "main", Standby = 1 "standby", });
words!(Reason { Stolen = 0 "stolen", Lost = 1 "lost", Replaced = 2 "replaced", Retired = 3 "retired", });

/// A roster as its owner signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRoster {
    octets: Arc<[u8]>,
    roster: Arc<Roster>,
}

impl Roster {
    /// Signs the roster with its root key.
    ///
    /// Errors: [`RosterError`], where it would not be taken by anybody.
    pub fn seal(&self, root: &NodeKey) -> Result<SealedRoster, RosterError> {
        if root.public() != self.root {
            let (signer, root) = (root.id(), self.root.id());
            return Err(RosterError::Root { signer, root });
        }
        let octets = seal::seal(root, Context::Roster, &self.to_cbor()?)?;
        // What is given away has passed the same examination as what comes in.
        SealedRoster::open(&octets)
    }

    /// The entry of a key.
    pub fn node(&self, key: NodeId) -> Option<&NodeEntry> {
        self.nodes.iter().find(|entry| entry.id() == key)
    }

    /// Since when a key is revoked, and why.
    pub fn revocation(&self, key: NodeId) -> Option<&Revocation> {
        self.revoked.iter().find(|revocation| revocation.key == key)
    }

    /// Whether it is consistent in itself. Errors: [`RosterError`].
    fn check(&self) -> Result<(), RosterError> {
        crate::identity::owner_name(&self.owner)?;
        let first = self.version == 1;
        if self.version == 0 || first != self.previous.is_none() {
            let version = self.version;
            return Err(RosterError::Version { version });
        }
        let (issued, expires) = (self.issued, self.expires);
        if expires <= issued || expires - issued > LIFE_MAX_S {
            return Err(RosterError::Life { issued, expires });
        }
        for (what, count, max) in [
            ("nodes", self.nodes.len(), NODES_MAX),
            ("revoked keys", self.revoked.len(), REVOKED_MAX),
            ("handovers", self.handovers.len(), HANDOVERS_MAX),
            ("authorities", self.authorities.len(), AUTHORITIES_MAX),
        ] {
            if count > max {
                return Err(RosterError::TooMany { what, count, max });
            }
        }
        self.check_nodes()?;
        handover::check(self)?;
        self.check_authorities()
    }

    fn check_nodes(&self) -> Result<(), RosterError> {
        if !self.nodes.is_sorted_by(|one, next| one.key < next.key) {
            return Err(RosterError::Order { what: "nodes" });
        }
        if !self.revoked.is_sorted_by(|one, next| one.key < next.key) {
            return Err(RosterError::Order { what: "revoked keys" });
        }
        for entry in &self.nodes {
            let (key, Validity { from, until }) = (entry.id(), entry.validity);
            if until <= from {
                return Err(RosterError::Validity { key, from, until });
            }
            if self.is_root(entry.key) {
                return Err(RosterError::RootAsNode { key });
            }
        }
        match self.revocation(self.root.id()) {
            Some(revocation) => Err(RosterError::RootRevoked { key: revocation.key }),
            None => Ok(()),
        }
    }

    /// Whether a key is or was the owner's root.
    fn is_root(&self, key: NodePublic) -> bool {
        self.root == key || self.handovers.iter().any(|handover| handover.from == key)
    }

    fn check_authorities(&self) -> Result<(), RosterError> {
        let mut keys = Vec::new();
        for authority in &self.authorities {
            let facts = authority.facts()?;
            let key = facts.key.id();
            if !facts.is_authority || !self.is_root(facts.key) || self.revocation(key).is_some() || keys.contains(&key)
            {
                return Err(RosterError::Authority { key });
            }
            keys.push(key);
        }
        if !keys.contains(&self.root.id()) {
            return Err(RosterError::Authority { key: self.root.id() });
        }
        Ok(())
    }
}

impl SealedRoster {
    /// Reads a roster that the root key named in it signed. Whether that is the owner's, [`Roll`] knows.
    ///
    /// Errors: [`RosterError`].
    pub fn open(octets: &[u8]) -> Result<Self, RosterError> {
        let (_, payload) = seal::peek(octets, Context::Roster)?;
        let roster = Roster::from_cbor(&payload)?;
        seal::open(octets, &roster.root, Context::Roster)?;
        roster.check()?;
        let roster = Arc::new(roster);
        let octets = octets.into();
        Ok(Self { octets, roster })
    }

    /// Reads a roster of the text that [`SealedRoster::to_text`] writes.
    ///
    /// Errors: [`RosterError`].
    pub fn from_text(text: &str) -> Result<Self, RosterError> {
        Self::open(&unarmour(LABEL, text)?)
    }

    /// The signed octets as text, for files and mail: `-----BEGIN TRILAT ROSTER-----`.
    ///
    /// Errors: [`RosterError::Armour`], a fault of the program.
    pub fn to_text(&self) -> Result<String, RosterError> {
        Ok(armour(LABEL, &self.octets)?)
    }

    /// The signed octets.
    pub fn octets(&self) -> &Arc<[u8]> {
        &self.octets
    }

    /// What is in it.
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// Names it by its signed octets.
    pub fn digest(&self) -> RosterDigest {
        Fingerprint(Sha256::digest(&self.octets).into())
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
