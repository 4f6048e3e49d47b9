//! Who the partners are: the rosters of the node's folder, and those that partners send.

use std::path::PathBuf;
use std::sync::Arc;

use geo::Time;
use share::exchange::Partner;
use share::identity::{NodeId, NodePublic};
use share::roster::{Role, Roll, SealedRoster};

use crate::config::Config;
use crate::keyring::{Keyring, KeyringError};
use crate::link::zenoh::{Limits, LinkConfig, Way};

/// A node's identity cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RollError {
    /// A key, certificate or roster.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The folder is another owner's.
    #[error("{} is the folder of {found:?}, [node] owner is {owner:?}: correct one of the two", folder.display())]
    Owner {
        /// The folder.
        folder: PathBuf,
        /// Whose it is.
        found: Arc<str>,
        /// Whose was expected.
        owner: Arc<str>,
    },
    /// A partner without a roster.
    #[error("there is no roster of {partner}: get it from there, compare its root, `trilat keys trust` it")]
    Unknown {
        /// The partner.
        partner: Arc<str>,
    },
}

/// The rosters of this owner and its partners.
#[derive(Debug)]
pub struct Rolls {
    keyring: Keyring,
    partners: Vec<Arc<str>>,
}

impl Rolls {
    /// Reads the rosters of a configuration, each signed by the root key that was compared.
    ///
    /// Errors: [`RollError`], at the first that cannot be used.
    pub fn read(config: &Config) -> Result<Self, RollError> {
        let keyring = Keyring::open(&config.identity)?;
        if *keyring.owner() != config.owner {
            return Err(RollError::Owner {
                folder: config.identity.clone(),
                found: keyring.owner().clone(),
                owner: config.owner.clone(),
            });
        }
        let partners: Vec<Arc<str>> = config.partners.iter().map(|partner| partner.name.clone()).collect();
        match partners.iter().find(|partner| keyring.roll().roster(partner).is_none()) {
            Some(partner) => Err(RollError::Unknown {
                partner: partner.clone(),
            }),
            None => Ok(Self { keyring, partners }),
        }
    }

    /// The keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// What is believed.
    pub fn roll(&self) -> &Roll {
        self.keyring.roll()
    }

    /// The own roster, as it is told to partners.
    pub(super) fn own_roster(&self) -> Vec<u8> {
        self.keyring.sealed().octets().to_vec()
    }

    /// The partners whose roster names a node that may sign now.
    pub(super) fn partners(&self, now: Time) -> Vec<Partner> {
        self.partners
            .iter()
            .filter_map(|owner| self.partner(owner, now))
            .collect()
    }

    /// Earlier keys of this owner's nodes that are good: what they signed may come back.
    pub(super) fn own_earlier(&self, current: NodeId) -> Vec<NodePublic> {
        let roster = self.keyring.own();
        let is_good = |id: NodeId| id != current && roster.revocation(id).is_none();
        let keys = roster.nodes.iter().map(|node| node.key);
        keys.filter(|key| is_good(key.id())).collect()
    }

    fn partner(&self, owner: &Arc<str>, now: Time) -> Option<Partner> {
        let roster = self.roll().roster(owner)?.roster();
        let may_sign = |key: NodePublic| self.roll().signer(owner, key.id(), now).is_ok();
        let mut nodes: Vec<_> = roster.nodes.iter().filter(|node| may_sign(node.key)).collect();
        // The main node, and of several the one whose key is the newest.
        nodes.sort_by_key(|node| (node.role != Role::Main, std::cmp::Reverse(node.validity.from)));
        let key = nodes.first()?.key;
        let is_revoked = |key: &NodePublic| roster.revocation(key.id()).is_some();
        let others = roster.nodes.iter().map(|node| node.key);
        Some(Partner {
            owner: owner.clone(),
            key,
            earlier: others.filter(|other| *other != key && !is_revoked(other)).collect(),
            relay: false,
        })
    }

    /// Takes a roster that a partner sent; returns whether it is news, which is kept in the folder too.
    ///
    /// Errors: why it is not believed.
    pub(super) fn take(&mut self, from: &Arc<str>, octets: &[u8], now: Time) -> Result<bool, KeyringError> {
        let before = self.roll().roster(from).map(SealedRoster::digest);
        if before.is_some() && before == SealedRoster::open(octets).ok().as_ref().map(SealedRoster::digest) {
            return Ok(false);
        }
        self.keyring.take(octets, now)?;
        Ok(self.roll().roster(from).map(SealedRoster::digest) != before)
    }

    /// How the link to a partner of a configuration is opened.
    pub(crate) fn link(&self, config: &Config, partner: &crate::config::Partner) -> LinkConfig {
        let paths = self.keyring.paths();
        LinkConfig {
            me: config.owner.clone(),
            partner: partner.name.clone(),
            certificate: paths.certificate(),
            key: paths.node_key(),
            authority: paths.authorities(&partner.name),
            way: Way::Direct {
                listen: partner.listen.clone(),
                connect: partner.connect.clone(),
            },
            limits: Limits::default(),
        }
    }
}
