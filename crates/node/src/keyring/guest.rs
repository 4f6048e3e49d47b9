//! The certificates that a router's operator makes for the nodes of owners who use the router: its root key vouches
//! for the key that an owner's roster names. No owner sends it a secret.

use std::path::PathBuf;

use share::identity::{NodeKey, guest_certificate};
use share::roster::Role;

use super::{Keyring, KeyringError, Terms, file};

impl Keyring {
    /// Makes the certificate of the main node of an owner that is trusted, and keeps it; returns where.
    ///
    /// Errors: [`KeyringError`]; the certificate of before stays.
    pub fn vouch(&self, root: &NodeKey, owner: &str, terms: &Terms) -> Result<PathBuf, KeyringError> {
        let path = self.paths.guest(owner);
        let roll = self.roll();
        let nodes = roll.roster(owner).into_iter().flat_map(|held| &held.roster().nodes);
        let counts = |node| roll.signer(owner, node, terms.now).is_ok();
        let mains = nodes.filter(|node| node.role == Role::Main && counts(node.key.id()));
        let Some(node) = mains.max_by_key(|node| node.validity.from) else {
            let owner = owner.into();
            return Err(KeyringError::NoNode { owner });
        };
        let made = guest_certificate(&self.owner, root, (owner, &node.key), terms.validity(terms.days));
        match made.and_then(|made| made.to_pem()) {
            Ok(pem) => file::replace(&path, pem.as_bytes()).map(|()| path),
            Err(source) => Err(KeyringError::Certificate { path, source }),
        }
    }
}
