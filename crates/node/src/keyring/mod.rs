//! The folder in which an owner keeps who it is, and who its partners are.
//!
//! ```text
//! keys/owner.key        the root key: signs rosters and certificates; may be kept elsewhere      0600
//! keys/node.key         the node's key: signs frames, and proves the certificate in the links    0600
//! keys/node.crt         the node's certificate, under the owner's authority
//! keys/<router>.crt     the node's certificate at a router, under its operator's authority
//! roster/<owner>.root   the name of the owner's root key: for partners, what people compared
//! roster/<owner>.roster the newest roster of the owner that was taken, the own one too
//! roster/<owner>.crt    the authorities of that roster: what certificates of the owner are verified with
//! router/zenohd.json5   of a router's operator: the router's configuration
//! router/<owner>.crt    the same: the certificate of an owner's node at the router, for that owner
//! ```
//!
//! What is in `roster/` and `router/` may be given to anybody; what ends with `.key`, to nobody. A private key is never
//! written over: one that gives way is renamed and keeps its name in its file's. Other files are replaced as a whole.

mod change;
mod error;
mod file;
mod guest;
mod reread;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use geo::Time;
use share::identity::{Certificate, Fingerprint, NodeId, NodeKey};
use share::roster::{Roll, Roster, SealedRoster, Taken};

pub use change::{AUTHORITY_DAYS, New, OVERLAP_DAYS, Seed, Terms};
pub use error::KeyringError;
pub(crate) use file::replace;
pub use reread::Reread;

/// Where the files of an owner are.
#[derive(Clone, Debug)]
pub struct Paths {
    folder: PathBuf,
}

impl Paths {
    /// Those of a folder.
    pub fn new(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self { folder }
    }

    /// The owner's root key, where it is not kept elsewhere.
    pub fn root_key(&self) -> PathBuf {
        self.folder.join("keys/owner.key")
    }

    /// The node's key.
    pub fn node_key(&self) -> PathBuf {
        self.folder.join("keys/node.key")
    }

    /// The node's certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("keys/node.crt")
    }

    /// The certificate that a router's operator made for the node.
    pub fn certificate_at(&self, router: &str) -> PathBuf {
        self.folder.join(format!("keys/{router}.crt"))
    }

    /// The configuration of a router, of whose operator the folder is.
    pub fn router(&self) -> PathBuf {
        self.folder.join("router/zenohd.json5")
    }

    /// The certificate that its operator makes for an owner's node.
    pub fn guest(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("router/{owner}.crt"))
    }

    /// The folder of rosters.
    pub fn rosters(&self) -> PathBuf {
        self.folder.join("roster")
    }

    /// The folder of keys.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The newest roster of an owner.
    pub fn roster(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("roster/{owner}.roster"))
    }

    /// The name of an owner's root key.
    pub fn root(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("roster/{owner}.root"))
    }

    /// The authorities of an owner.
    pub fn authorities(&self, owner: &str) -> PathBuf {
        self.folder.join(format!("roster/{owner}.crt"))
    }
}

/// Who an owner is, and who its partners are: the content of the folder, without the private keys.
#[derive(Clone, Debug)]
pub struct Keyring {
    paths: Paths,
    owner: Arc<str>,
    roll: Roll,
}

impl Keyring {
    /// Reads the folder.
    ///
    /// Errors: [`KeyringError`], with the file.
    pub fn open(folder: &Path) -> Result<Self, KeyringError> {
        let paths = Paths::new(folder);
        let certificate = file::certificate(&paths.certificate())?;
        let facts = certificate.facts();
        let facts = facts.map_err(|source| KeyringError::Certificate {
            path: paths.certificate(),
            source,
        })?;
        let owner = facts.common_name;
        let mut roll = Roll::new();
        let _lock = file::lock(&paths.rosters(), false)?;
        for name in file::pinned(&paths.rosters())? {
            reread::owner(&mut roll, &paths, &name)?;
        }
        if roll.roster(&owner).is_none() {
            let path = paths.roster(&owner);
            return Err(KeyringError::NoRoster { path, owner });
        }
        Ok(Self { paths, owner, roll })
    }

    /// Where the files are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Whose folder it is.
    pub fn owner(&self) -> &Arc<str> {
        &self.owner
    }

    /// What is believed of everybody's keys, the own ones too.
    pub fn roll(&self) -> &Roll {
        &self.roll
    }

    /// The own roster.
    pub fn own(&self) -> &Arc<Roster> {
        self.sealed().roster()
    }

    /// The own roster as it was signed.
    pub fn sealed(&self) -> &SealedRoster {
        #[expect(
            clippy::expect_used,
            reason = "nothing takes the own roster off, and without it none is made"
        )]
        self.roll.roster(&self.owner).expect("the own roster")
    }

    /// The partners of which a root key was agreed upon, in order.
    pub fn partners(&self) -> impl Iterator<Item = &Arc<str>> {
        self.roll.owners().filter(|owner| **owner != self.owner)
    }

    /// Reads the node's key, and sees that it, the certificate and the own roster belong together.
    ///
    /// Errors: [`KeyringError`].
    pub fn node_key(&self) -> Result<NodeKey, KeyringError> {
        let path = self.paths.node_key();
        let key = file::private_key(&path)?;
        let (certificate, listed) = (self.certificate()?, self.own().node(key.id()).copied());
        let is_certified = certificate.facts().is_ok_and(|facts| facts.key == key.public());
        match listed {
            Some(entry) if is_certified && entry.certificate == certificate.fingerprint() => Ok(key),
            _ => {
                let (key, certificate) = (key.id(), self.paths.certificate());
                Err(KeyringError::Apart { path, key, certificate })
            }
        }
    }

    /// Reads the node's certificate.
    ///
    /// Errors: [`KeyringError`].
    pub fn certificate(&self) -> Result<Certificate, KeyringError> {
        file::certificate(&self.paths.certificate())
    }

    /// The certificates of a key that links are opened with: the node's, and those at routers. `None` while the node's
    /// key is another one.
    pub fn certificates(&self, key: NodeId) -> Option<Vec<Fingerprint>> {
        let own = self.certificate().ok()?;
        let is_its = own.facts().is_ok_and(|facts| facts.key.id() == key);
        if !is_its || self.node_key().is_err() {
            return None;
        }
        let all = file::certificates(&self.paths.keys()).ok()?;
        Some(all.iter().map(Certificate::fingerprint).collect())
    }

    /// Reads the root key from where it is kept, and sees that it is the owner's.
    ///
    /// Errors: [`KeyringError`].
    pub fn root_key(&self, path: &Path) -> Result<NodeKey, KeyringError> {
        let key = file::private_key(path)?;
        let (found, expected) = (key.id(), self.own().root.id());
        if found != expected {
            let path = path.to_owned();
            return Err(KeyringError::NotTheRoot { path, found, expected });
        }
        Ok(key)
    }

    /// Takes a partner's roster, and keeps it, unless another process has kept a newer one meanwhile: the first with
    /// the name of the root key that people compared; those that follow by the owner's signature alone. `again`
    /// forgets what was agreed before.
    ///
    /// Errors: [`KeyringError`]; what was held stays in force.
    pub fn trust(
        &mut self,
        sealed: &SealedRoster,
        compared: Option<NodeId>,
        again: bool,
        now: Time,
    ) -> Result<Taken, KeyringError> {
        let roster = sealed.roster();
        let owner = roster.owner.clone();
        if owner == self.owner {
            return Err(KeyringError::Own { owner });
        }
        let _lock = file::lock(&self.paths.rosters(), true)?;
        self.catch_up(&owner);
        let is_known = self.roll.owners().any(|known| *known == owner);
        let mut roll = self.roll.clone();
        match compared {
            Some(root) if again => roll.repin(&owner, root),
            Some(root) => roll.pin(&owner, root),
            None if is_known && !again => Ok(()),
            None => {
                let root = roster.root.id();
                return Err(KeyringError::NotCompared { owner, root });
            }
        }
        .map_err(|source| KeyringError::Pin {
            path: self.paths.root(&owner),
            source,
        })?;
        let taken = roll.take(sealed.octets(), now).map_err(|source| {
            let path = self.paths.roster(&owner);
            KeyringError::Refused { path, source }
        })?;
        if let Some(root) = compared {
            file::write_root(&self.paths.root(&owner), &owner, root)?;
        }
        self.keep(sealed)?;
        self.roll = roll;
        Ok(taken)
    }

    /// Takes a roster that came over a link from a partner whose root is agreed upon, and keeps it.
    ///
    /// Errors: [`KeyringError`]; what was held stays in force.
    pub fn take(&mut self, octets: &[u8], now: Time) -> Result<Taken, KeyringError> {
        let sealed = SealedRoster::open(octets).map_err(|source| {
            let (path, source) = (PathBuf::from("a link"), source.into());
            KeyringError::Refused { path, source }
        })?;
        self.trust(&sealed, None, false, now)
    }

    /// Writes a roster, newer than the one on the disk, and its authorities.
    fn keep(&self, sealed: &SealedRoster) -> Result<(), KeyringError> {
        let owner = &sealed.roster().owner;
        let path = self.paths.roster(owner);
        let text = sealed.to_text();
        let text = text.map_err(|source| KeyringError::Roster {
            path: path.clone(),
            source,
        })?;
        file::replace(&path, text.as_bytes())?;
        let path = self.paths.authorities(owner);
        let pem = sealed
            .roster()
            .authorities
            .iter()
            .map(Certificate::to_pem)
            .collect::<Result<String, _>>();
        let pem = pem.map_err(|source| KeyringError::Certificate {
            path: path.clone(),
            source,
        })?;
        file::replace(&path, pem.as_bytes())
    }
}

/// Reads a private key, which nobody else may be able to read.
///
/// Errors: [`KeyringError`].
pub fn read_private_key(path: &Path) -> Result<NodeKey, KeyringError> {
    file::private_key(path)
}

/// Reads a roster from a file, as its owner gave it away.
///
/// Errors: [`KeyringError`].
pub fn read_roster(path: &Path) -> Result<SealedRoster, KeyringError> {
    file::roster(path)
}

#[cfg(test)]
mod tests;
