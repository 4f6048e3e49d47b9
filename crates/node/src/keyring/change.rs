//! What an owner changes about its own keys: begin, renew, rotate, revoke. Each makes a new roster.

use std::path::Path;

use geo::Time;
use share::identity::{
    Certificate, CertificateError, NodeId, NodeKey, NodePublic, SEED_OCTETS, Validity, authority_certificate,
    node_certificate, owner_name,
};
use share::roster::{Handover, NodeEntry, Revocation, Role, Roll, Roster, RosterError};

use super::{Keyring, KeyringError, Paths, file};

/// Days for which an owner's authority is valid: as long as its root key is used.
pub const AUTHORITY_DAYS: u32 = 3_650;
/// Days for which a node's key that was replaced still counts, so that what is under way arrives.
pub const OVERLAP_DAYS: u32 = 7;
/// So long before it is made a certificate is valid: the clocks of partners may be behind.
const BACKDATED_S: f64 = 3_600.0;

/// A seed of a new key, from a good source of chance.
pub type Seed = [u8; SEED_OCTETS];

/// Until when things last, and under which hosts the node is reached.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The time of the change.
    pub now: Time,
    /// How long the roster and the node's certificate last from now on.
    pub days: u32,
    /// Names and addresses of the node, for its certificate; `None` keeps those it has.
    pub hosts: Option<Vec<String>>,
}

impl Terms {
    pub(super) fn validity(&self, days: u32) -> Validity {
        let Self { now, .. } = *self;
        Validity {
            from: now + -BACKDATED_S,
            until: now + f64::from(days) * 86_400.0,
        }
    }
}

/// A new owner.
#[derive(Debug)]
pub struct New<'a> {
    /// Its name.
    pub owner: &'a str,
    /// The seed of its root key.
    pub root: &'a Seed,
    /// The seed of its node's key.
    pub node: &'a Seed,
    /// Until when the first roster lasts.
    pub terms: Terms,
}

impl Keyring {
    /// Makes the folder of a new owner: keys, certificate, first roster.
    ///
    /// Errors: [`KeyringError`]; [`KeyringError::Exists`] where there are keys.
    pub fn create(folder: &Path, new: &New<'_>) -> Result<Self, KeyringError> {
        let paths = Paths::new(folder);
        let (root, node) = (NodeKey::from_seed(new.root), NodeKey::from_seed(new.node));
        let certified = |source| KeyringError::Certificate {
            path: paths.certificate(),
            source,
        };
        let owner = owner_name(new.owner).map_err(|source| certified(source.into()))?;
        let hosts = new.terms.hosts.as_deref().unwrap_or_default();
        let authority = new.terms.validity(AUTHORITY_DAYS);
        let authority = authority_certificate(&owner, &root, authority).map_err(certified)?;
        let validity = new.terms.validity(new.terms.days);
        let certificate = node_certificate(&owner, &root, &node.public(), hosts, validity).map_err(certified)?;
        let roster = Roster {
            owner: owner.clone(),
            version: 1,
            previous: None,
            issued: new.terms.now,
            expires: validity.until,
            root: root.public(),
            handovers: Vec::new(),
            authorities: vec![authority],
            nodes: vec![NodeEntry {
                key: node.public(),
                certificate: certificate.fingerprint(),
                validity,
                role: Role::Main,
            }],
            revoked: Vec::new(),
        };
        let sealed = roster.seal(&root).map_err(|source| KeyringError::Roster {
            path: paths.roster(&owner),
            source,
        })?;
        let mut roll = Roll::new();
        roll.pin(&owner, root.id()).map_err(|source| KeyringError::Pin {
            path: paths.root(&owner),
            source,
        })?;
        let refused = |source| KeyringError::Refused {
            path: paths.roster(&owner),
            source,
        };
        roll.take(sealed.octets(), new.terms.now).map_err(refused)?;
        // Everything that can fail has been done; keys first, since they are what is never written over.
        for path in [paths.root_key(), paths.node_key()] {
            if path.exists() {
                return Err(KeyringError::Exists { path });
            }
        }
        file::write_private(&paths.root_key(), &root)?;
        file::write_private(&paths.node_key(), &node)?;
        let keyring = Self { paths, owner, roll };
        keyring.write_certificate(&certificate)?;
        file::write_root(&keyring.paths.root(&keyring.owner), &keyring.owner, root.id())?;
        keyring.keep(&sealed)?;
        Ok(keyring)
    }

    fn write_certificate(&self, certificate: &Certificate) -> Result<(), KeyringError> {
        let path = self.paths.certificate();
        let pem = certificate.to_pem();
        let pem = pem.map_err(|source| KeyringError::Certificate {
            path: path.clone(),
            source,
        })?;
        file::replace(&path, pem.as_bytes())
    }

    /// The roster that follows the own one, as yet the same.
    fn next(&self, terms: &Terms) -> Roster {
        let sealed = self.sealed();
        let mut roster = (**sealed.roster()).clone();
        roster.version += 1;
        roster.previous = Some(sealed.digest());
        roster.issued = terms.now;
        roster.expires = terms.validity(terms.days).until;
        roster
    }

    /// Signs a roster, believes it and writes it.
    fn publish(&mut self, roster: &Roster, root: &NodeKey, now: Time) -> Result<(), KeyringError> {
        let path = self.paths.roster(&self.owner);
        let sealed = roster.seal(root).map_err(|source| KeyringError::Roster {
            path: path.clone(),
            source,
        })?;
        let _lock = file::lock(&self.paths.rosters(), true)?;
        self.catch_up(&self.owner.clone());
        self.roll
            .take(sealed.octets(), now)
            .map_err(|source| KeyringError::Refused { path, source })?;
        self.keep(&sealed)
    }

    /// Certifies a key of the node, and lists it; the key in `roster` is the first that has it.
    fn certify(
        &self,
        roster: &mut Roster,
        root: &NodeKey,
        node: NodePublic,
        terms: &Terms,
    ) -> Result<Certificate, KeyringError> {
        let failed = |source: CertificateError| KeyringError::Certificate {
            path: self.paths.certificate(),
            source,
        };
        let hosts = match &terms.hosts {
            Some(hosts) => hosts.clone(),
            None => self.certificate()?.facts().map_err(failed)?.hosts,
        };
        let validity = terms.validity(terms.days);
        let made = node_certificate(&self.owner, root, &node, &hosts, validity).map_err(failed)?;
        let certificate = made.fingerprint();
        match roster.nodes.iter_mut().find(|entry| entry.key == node) {
            Some(entry) => {
                entry.certificate = certificate;
                entry.validity.until = validity.until;
            }
            None => {
                let role = Role::Main;
                roster.nodes.push(NodeEntry {
                    key: node,
                    certificate,
                    validity,
                    role,
                });
                roster.nodes.sort_by_key(|entry| entry.key);
            }
        }
        Ok(made)
    }

    /// Makes the roster and the node's certificate last longer, with the same keys.
    ///
    /// Errors: [`KeyringError`].
    pub fn renew(&mut self, root: &NodeKey, terms: &Terms) -> Result<(), KeyringError> {
        let node = file::private_key(&self.paths.node_key())?;
        let mut roster = self.next(terms);
        let certificate = self.certify(&mut roster, root, node.public(), terms)?;
        self.publish(&roster, root, terms.now)?;
        self.write_certificate(&certificate)
    }

    /// Gives the node a new key; the old one still counts for [`OVERLAP_DAYS`].
    ///
    /// Errors: [`KeyringError`].
    pub fn rotate_node(&mut self, root: &NodeKey, seed: &Seed, terms: &Terms) -> Result<(), KeyringError> {
        let mut roster = self.next(terms);
        let old = file::private_key(&self.paths.node_key())?.public();
        let overlap = terms.now + f64::from(OVERLAP_DAYS) * 86_400.0;
        if let Some(entry) = roster.nodes.iter_mut().find(|entry| entry.key == old) {
            entry.validity.until = entry.validity.until.min(overlap);
        }
        self.replace_node(roster, root, seed, terms)
    }

    /// Gives the node a new key in a roster that says what becomes of the old one.
    fn replace_node(
        &mut self,
        mut roster: Roster,
        root: &NodeKey,
        seed: &Seed,
        terms: &Terms,
    ) -> Result<(), KeyringError> {
        let node = NodeKey::from_seed(seed);
        let certificate = self.certify(&mut roster, root, node.public(), terms)?;
        let path = self.paths.node_key();
        self.replace_key(&path, &node, |keyring| keyring.publish(&roster, root, terms.now))?;
        self.write_certificate(&certificate)
    }

    /// Writes a new key beside the old one, does what has to be done between, then lets it take the old one's place.
    fn replace_key(
        &mut self,
        path: &Path,
        key: &NodeKey,
        between: impl FnOnce(&mut Self) -> Result<(), KeyringError>,
    ) -> Result<(), KeyringError> {
        let old = file::private_key(path)?.id();
        let beside = beside(path, key.id());
        file::write_private(&beside, key)?;
        between(self)?;
        file::move_private(path, &self::beside(path, old))?;
        file::move_private(&beside, path)
    }

    /// Gives the owner a new root key, to which the old one, at `path`, hands over.
    ///
    /// The node keeps its certificate, and the old authority stays in the roster, until [`Keyring::renew`] and
    /// [`Keyring::revoke`]: partners must have the new authority before a certificate under it is shown to them.
    ///
    /// Errors: [`KeyringError`].
    pub fn rotate_root(&mut self, path: &Path, seed: &Seed, terms: &Terms) -> Result<(), KeyringError> {
        let (old, new) = (self.root_key(path)?, NodeKey::from_seed(seed));
        let in_roster = |source: RosterError| KeyringError::Roster {
            path: self.paths.roster(&self.owner),
            source,
        };
        let mut roster = self.next(terms);
        let handover = Handover::seal(&self.owner, &old, new.public(), terms.now).map_err(in_roster)?;
        let authority = authority_certificate(&self.owner, &new, terms.validity(AUTHORITY_DAYS));
        roster
            .authorities
            .push(authority.map_err(|source| in_roster(source.into()))?);
        roster.handovers.push(handover);
        roster.root = new.public();
        self.replace_key(path, &new, |keyring| keyring.publish(&roster, &new, terms.now))
    }

    /// Says that a key may not sign any more, from an instant on; where it is the node's, the node gets a new one.
    ///
    /// Returns whether it got one. Errors: [`KeyringError`].
    pub fn revoke(
        &mut self,
        root: &NodeKey,
        revocation: Revocation,
        seed: &Seed,
        terms: &Terms,
    ) -> Result<bool, KeyringError> {
        let Revocation { key, .. } = revocation;
        let mut roster = self.next(terms);
        if let Some(before) = roster.revocation(key) {
            let at = before.at;
            return Err(KeyringError::RevokedBefore { key, at });
        }
        let former = roster.handovers.iter().map(|handover| handover.from.id());
        let known: Vec<_> = roster.nodes.iter().map(NodeEntry::id).chain(former).collect();
        if key == roster.root.id() {
            let source = RosterError::RootRevoked { key };
            return Err(KeyringError::Roster {
                path: self.paths.roster(&self.owner),
                source,
            });
        }
        if !known.contains(&key) {
            let owner = self.owner.clone();
            return Err(KeyringError::UnknownKey { owner, key, known });
        }
        roster.revoked.push(revocation);
        roster.revoked.sort_by_key(|revocation| revocation.key);
        let is_of = |authority: &Certificate| authority.facts().is_ok_and(|facts| facts.key.id() == key);
        roster.authorities.retain(|authority| !is_of(authority));
        // The file may be gone with whoever took it: what the roster and the certificate say counts.
        let in_use = self.certificate()?.facts().is_ok_and(|facts| facts.key.id() == key);
        if in_use {
            self.replace_node(roster, root, seed, terms)?;
        } else {
            self.publish(&roster, root, terms.now)?;
        }
        Ok(in_use)
    }
}

/// Where a key that gives way, or is to come, has its place: beside the one in use, its name in the file's.
fn beside(path: &Path, key: NodeId) -> std::path::PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{key}.key"))
}
