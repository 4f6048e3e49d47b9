//! Versions of an agreement: signed, numbered, each after the one before, and which one holds when.
//!
//! A version is the files as they are, and the hash of the version before, in a seal ([`crate::seal`]) of the owner's
//! root or of one of its nodes. Version 1 has none before it. A [`History`] takes the next version and no other, so a
//! second line of versions (a fork) and an old version that is played again are refused by name.
//!
//! Of the versions whose `from` has come, the one with the highest number holds. So a withdrawal that takes effect at
//! once also replaces a version that was to take effect later. A withdrawal is a version, too.

use std::fmt;
use std::sync::Arc;

use geo::Time;
use prost::Message;
use sha2::{Digest, Sha256};

use super::files::{Files, Text};
use super::{Policy, PolicyError};
use crate::identity::{NodeId, NodeKey, NodePublic};
use crate::seal::{Context, SealError, claimed_signer, open, seal};

/// The most versions a history keeps.
pub const VERSIONS_MAX: usize = 100_000;

/// SHA-256 of what was signed: the payload of a version's seal.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionHash(pub [u8; 32]);

impl fmt::Display for VersionHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(to, "{octet:02x}"))
    }
}

impl fmt::Debug for VersionHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "VersionHash({self})")
    }
}

#[derive(Clone, PartialEq, Message)]
struct VersionMessage {
    /// Absent in version 1.
    #[prost(bytes = "vec", optional, tag = "1")]
    previous: Option<Vec<u8>>,
    /// In the order of their names.
    #[prost(message, repeated, tag = "2")]
    files: Vec<FileMessage>,
}

#[derive(Clone, PartialEq, Message)]
struct FileMessage {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    text: String,
}

/// A version that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// When it was written.
    pub dated: Time,
    /// From when it holds.
    pub from: Time,
    /// Who signed it.
    pub signer: NodeId,
    /// What it is named by in the next.
    pub hash: VersionHash,
    /// Its files: [`Policy::new`] makes them a policy.
    pub files: Files,
    /// The version as it was signed.
    pub octets: Vec<u8>,
}

/// Why a version is not taken.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// It is not signed, or not by the key it says.
    #[error("not a signed version: {0}")]
    Unsigned(#[from] SealError),
    /// It is signed by somebody who cannot sign for the owner.
    #[error("signed by {signer}, who cannot sign for {owner}")]
    Signer {
        /// Who signed.
        signer: NodeId,
        /// For whom.
        owner: String,
    },
    /// What was signed is no version, or not in its one form.
    #[error("what was signed is no version of an agreement")]
    Form,
    /// Its files cannot be used.
    #[error("version cannot be used:\n{0}")]
    Files(#[from] PolicyError),
    /// It is another owner's.
    #[error("an agreement of {found}, expected one of {expected}")]
    Owner {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// It is older than the newest, and the one that is known under its number.
    #[error("version {number} is known, and the newest is {newest}")]
    Older {
        /// Its number.
        number: u32,
        /// The newest.
        newest: u32,
    },
    /// Another version has its number: two lines of versions, both signed.
    #[error("version {number} is {known}, and this is another one, {found}: somebody signed two")]
    Forked {
        /// The number of both.
        number: u32,
        /// The one that was taken.
        known: VersionHash,
        /// This one.
        found: VersionHash,
    },
    /// Versions between the newest and this one are missing.
    #[error("version {number} comes after {newest}: those between are missing")]
    Gap {
        /// Its number.
        number: u32,
        /// The newest.
        newest: u32,
    },
    /// It does not follow the version before.
    #[error("version {number} does not follow the one before, {expected}: sign it with that as its previous")]
    Previous {
        /// Its number.
        number: u32,
        /// The version before; `None` where there is none.
        expected: Previous,
    },
    /// It is dated before the version before it.
    #[error("version {number} is dated {dated}, before version {} ({before})", number - 1)]
    Dated {
        /// Its number.
        number: u32,
        /// When it says it was written.
        dated: Time,
        /// When the one before was.
        before: Time,
    },
    /// No history has so many.
    #[error("more than {VERSIONS_MAX} versions")]
    TooMany,
}

/// The version before, if there is one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Previous(pub Option<VersionHash>);

impl fmt::Display for Previous {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(hash) => write!(to, "{hash}"),
            None => to.write_str("none"),
        }
    }
}

/// Signs the files of a version; `previous` is the version before, or nothing for version 1.
///
/// Errors: the files cannot be used, they are not the next version, or too long for a seal.
pub fn sign(files: &Files, previous: Option<&Version>, key: &NodeKey) -> Result<Version, VersionError> {
    let policy = Policy::new(files)?;
    let payload = payload(files, previous.map(|version| version.hash));
    let octets = seal(key, Context::Policy, &payload)?;
    let version = version(&policy, files.clone(), &payload, key.id(), octets);
    follows(&version, previous.map(|version| version.hash), previous)?;
    Ok(version)
}

/// The files in a version, whoever signed it, to be read by people: nothing is decided by them.
///
/// Errors: it is no version, or its files are too many or too long.
pub fn peek(octets: &[u8]) -> Result<Files, VersionError> {
    let (_, payload) = crate::seal::peek(octets, Context::Policy)?;
    Ok(files_of(&payload)?.1)
}

/// What was signed, as previous version and files.
fn files_of(payload: &[u8]) -> Result<(Option<VersionHash>, Files), VersionError> {
    let message = VersionMessage::decode(payload).map_err(|_| VersionError::Form)?;
    let texts = message.files.into_iter().map(|file| Text {
        name: file.name.into(),
        text: file.text.into(),
    });
    let files = Files::new(texts).map_err(|faults| PolicyError { faults })?;
    let previous = match message.previous.as_deref().map(<[u8; 32]>::try_from) {
        None => None,
        Some(Ok(hash)) => Some(VersionHash(hash)),
        Some(Err(_)) => return Err(VersionError::Form),
    };
    // One form only: what was signed is what these files come to.
    match self::payload(&files, previous) == payload {
        true => Ok((previous, files)),
        false => Err(VersionError::Form),
    }
}

fn payload(files: &Files, previous: Option<VersionHash>) -> Vec<u8> {
    let one = |file: &Text| FileMessage {
        name: file.name.to_string(),
        text: file.text.to_string(),
    };
    let files = files.list().iter().map(one).collect();
    VersionMessage {
        previous: previous.map(|hash| hash.0.to_vec()),
        files,
    }
    .encode_to_vec()
}

fn version(policy: &Policy, files: Files, payload: &[u8], signer: NodeId, octets: Vec<u8>) -> Version {
    let agreement = policy.agreement();
    let hash = VersionHash(Sha256::digest(payload).into());
    Version {
        number: agreement.version,
        dated: agreement.dated,
        from: agreement.from,
        signer,
        hash,
        files,
        octets,
    }
}

/// Whether a version can stand after another.
fn follows(version: &Version, said: Option<VersionHash>, before: Option<&Version>) -> Result<(), VersionError> {
    let number = version.number;
    let newest = before.map_or(0, |before| before.number);
    if number != newest.saturating_add(1) {
        return Err(if number > newest {
            VersionError::Gap { number, newest }
        } else {
            VersionError::Older { number, newest }
        });
    }
    let expected = before.map(|before| before.hash);
    if said != expected {
        return Err(VersionError::Previous {
            number,
            expected: Previous(expected),
        });
    }
    match before {
        Some(before) if version.dated < before.dated => Err(VersionError::Dated {
            number,
            dated: version.dated,
            before: before.dated,
        }),
        _ => Ok(()),
    }
}

/// All versions of one owner, in order.
#[derive(Clone, Debug)]
pub struct History {
    owner: String,
    signers: Vec<NodePublic>,
    versions: Vec<Version>,
}

impl VersionError {
    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unsigned(_) | Self::Form => "take the file anew from where it was signed (trilat policy sign)",
            Self::Signer { .. } => "have it signed with the owner's root key or with a node's key that is not revoked",
            Self::Files(_) => "correct the places named, and sign the next version (trilat policy sign)",
            Self::Owner { .. } => "put the version of this owner there",
            Self::Older { .. } => "sign your rules as the next version: an older one is never taken again",
            Self::Forked { .. } => "find out who signed the other, and sign the next version after the one in force",
            Self::Gap { .. } => "put the versions between there too",
            Self::Previous { .. } => "sign it after the newest version (trilat policy sign --previous)",
            Self::Dated { .. } => "set `dated` in agreement.toml to when it is signed",
            Self::TooMany => "begin a new agreement",
        }
    }
}

impl History {
    /// Begins without a version; `signers` are the keys that may sign for the owner.
    pub fn new(owner: &str, signers: &[NodePublic]) -> Self {
        Self {
            owner: owner.to_owned(),
            signers: signers.to_vec(),
            versions: Vec::new(),
        }
    }

    /// Takes the next version. One that is known already is found, not taken twice. Errors: [`VersionError`].
    pub fn accept(&mut self, octets: &[u8]) -> Result<&Version, VersionError> {
        let (version, previous, owner) = self.read(octets)?;
        if *owner != *self.owner {
            let (found, expected) = (owner.to_string(), self.owner.clone());
            return Err(VersionError::Owner { found, expected });
        }
        let known = self.versions.iter().position(|known| known.number == version.number);
        if let Some(at) = known {
            let known = &self.versions[at];
            let (number, newest) = (version.number, self.versions.len() as u32);
            return match known.hash == version.hash {
                true if number == newest => Ok(known),
                true => Err(VersionError::Older { number, newest }),
                false => Err(VersionError::Forked {
                    number,
                    known: known.hash,
                    found: version.hash,
                }),
            };
        }
        if self.versions.len() >= VERSIONS_MAX {
            return Err(VersionError::TooMany);
        }
        follows(&version, previous, self.versions.last())?;
        self.versions.push(version);
        Ok(&self.versions[self.versions.len() - 1])
    }

    /// Others may sign for the owner from now on. What was taken stays taken.
    pub fn set_signers(&mut self, signers: &[NodePublic]) {
        self.signers = signers.to_vec();
    }

    /// The key of a signer, if it may sign for the owner.
    pub fn signer(&self, signer: NodeId) -> Option<&NodePublic> {
        self.signers.iter().find(|key| key.id() == signer)
    }

    /// Takes a version that was taken before and kept, with the key of its signer, who need not be one any more.
    ///
    /// Errors: [`VersionError`].
    pub fn restore(&mut self, octets: &[u8], signer: NodePublic) -> Result<&Version, VersionError> {
        let signers = std::mem::replace(&mut self.signers, vec![signer]);
        let taken = self.accept(octets).map(|_| ());
        self.signers = signers;
        taken?;
        Ok(&self.versions[self.versions.len() - 1])
    }

    /// Reads one version by itself: whether it is signed by a key and can be used, not whether it is the next.
    ///
    /// Errors: [`VersionError`].
    pub fn alone(octets: &[u8], signer: &NodePublic) -> Result<Version, VersionError> {
        let history = Self::new("", std::slice::from_ref(signer));
        let (version, _, _) = history.read(octets)?;
        Ok(version)
    }

    fn read(&self, octets: &[u8]) -> Result<(Version, Option<VersionHash>, Arc<str>), VersionError> {
        let signer = claimed_signer(octets, Context::Policy)?;
        let Some(key) = self.signer(signer) else {
            return Err(VersionError::Signer {
                signer,
                owner: self.owner.clone(),
            });
        };
        let payload = open(octets, key, Context::Policy)?;
        let (previous, files) = files_of(&payload)?;
        let policy = Policy::new(&files)?;
        let owner = policy.owner().clone();
        Ok((
            version(&policy, files, &payload, signer, octets.to_vec()),
            previous,
            owner,
        ))
    }

    /// The version that holds at an instant: of those whose `from` has come, the one with the highest number.
    pub fn at(&self, time: Time) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.from <= time)
    }

    /// The next instant after this one at which another version begins to hold.
    pub fn changes_at(&self, time: Time) -> Option<Time> {
        let holds = self.at(time).map_or(0, |version| version.number);
        let later = self
            .versions
            .iter()
            .filter(|version| version.number > holds && version.from > time);
        later.map(|version| version.from).min()
    }

    /// All of them, in order.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }
}
