//! Who the partners are: the rosters of the node's folder, and those that partners send.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use geo::Time;
use share::exchange::Partner;
use share::identity::{Certificate, NodeId, NodePublic};
use share::roster::{KeyRefusal, Role, Roll, SKEW_MAX_S, SealedRoster};

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
    /// A partner, or a router's operator, without a roster.
    #[error("there is no roster of {name}: get it from there, compare its root, `trilat keys trust` it")]
    Unknown {
        /// The partner or router.
        name: Arc<str>,
    },
}

/// The rosters of this owner and its partners.
#[derive(Debug)]
pub struct Rolls {
    keyring: Keyring,
    partners: Vec<Arc<str>>,
    /// Those to whom is given on what others grant.
    relayed: Vec<Arc<str>>,
    /// The routers through which partners are reached.
    routers: BTreeMap<Arc<str>, Arc<str>>,
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
        let routers: BTreeMap<Arc<str>, Arc<str>> = config
            .partners
            .iter()
            .filter_map(|partner| Some((partner.name.clone(), partner.router.as_ref()?.name.clone())))
            .collect();
        let mut names = partners.iter().chain(routers.values());
        if let Some(name) = names.find(|name| keyring.roll().roster(name).is_none()) {
            return Err(RollError::Unknown { name: name.clone() });
        }
        let relayed = config.partners.iter().filter(|partner| partner.relay);
        let relayed = relayed.map(|partner| partner.name.clone()).collect();
        Ok(Self {
            keyring,
            partners,
            relayed,
            routers,
        })
    }

    /// The keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// What is believed.
    pub fn roll(&self) -> &Roll {
        self.keyring.roll()
    }

    /// The partners of the configuration.
    pub(super) fn partners(&self) -> &[Arc<str>] {
        &self.partners
    }

    /// The rosters of others that are told to a partner to whom their items are given on: without them it could not
    /// verify these.
    pub(super) fn given_on(&self, to: &Arc<str>) -> Vec<Vec<u8>> {
        let is_relayed = self.relayed.contains(to);
        let others = self.partners.iter().filter(|owner| is_relayed && *owner != to);
        let rosters = others.filter_map(|owner| self.roll().roster(owner));
        rosters.map(|sealed| sealed.octets().to_vec()).collect()
    }

    /// Who vouches for the end of the link to a partner: its owner, or the operator of the router to which it goes.
    pub(super) fn authorities(&self, partner: &Arc<str>) -> &[Certificate] {
        self.roll().authorities(self.routers.get(partner).unwrap_or(partner))
    }

    /// Goes by what the folder holds by now.
    pub(super) fn replace(&mut self, keyring: Keyring) {
        self.keyring = keyring;
    }

    /// Earlier keys of this owner's nodes that are good: what they signed may come back.
    pub(super) fn own_earlier(&self, current: NodeId) -> Vec<NodePublic> {
        let roster = self.keyring.own();
        let is_good = |id: NodeId| id != current && roster.revocation(id).is_none();
        let keys = roster.nodes.iter().map(|node| node.key);
        keys.filter(|key| is_good(key.id())).collect()
    }

    /// A partner by its roster, and why it is not believed, where it is not. `None`: there is no roster of it.
    pub(super) fn partner(&self, owner: &Arc<str>, now: Time) -> Option<(Partner, Option<KeyRefusal>)> {
        let roster = self.roll().roster(owner)?.roster();
        let signer = |key: NodePublic| self.roll().signer(owner, key.id(), now);
        // Who may sign; of those the main node, and of several the one whose key is the newest.
        let key = roster.nodes.iter().min_by_key(|node| {
            let is_revoked = roster.revocation(node.id()).is_some();
            let newest = std::cmp::Reverse(node.validity.from);
            (signer(node.key).is_err(), is_revoked, node.role != Role::Main, newest)
        })?;
        let key = key.key;
        let others = roster.nodes.iter().map(|node| node.key);
        let refusal = signer(key).err();
        let partner = Partner {
            owner: owner.clone(),
            key,
            earlier: others.filter(|other| *other != key && signer(*other).is_ok()).collect(),
            relay: self.relayed.contains(owner),
            is_believed: refusal.is_none(),
        };
        Some((partner, refusal))
    }

    /// The next instant at which a key of the own roster or a partner's counts otherwise, if no roster changes.
    pub(super) fn changes_after(&self, now: Time) -> Time {
        let owners = self.partners.iter().chain([self.keyring.owner()]);
        let rosters = owners
            .filter_map(|owner| self.roll().roster(owner))
            .map(SealedRoster::roster);
        let instants = rosters.flat_map(|roster| {
            let nodes = roster.nodes.iter().map(|node| node.validity);
            let nodes = nodes.flat_map(|validity| [validity.from + -SKEW_MAX_S, validity.until + SKEW_MAX_S]);
            let revoked = roster.revoked.iter().map(|revocation| revocation.at);
            nodes.chain(revoked).chain([roster.expires + SKEW_MAX_S])
        });
        let next = instants.filter(|instant| *instant > now).min();
        next.unwrap_or(Time::from_tai_ns(i64::MAX))
    }

    /// How the link to a partner of a configuration is opened.
    pub(crate) fn link(&self, config: &Config, partner: &crate::config::Partner) -> LinkConfig {
        let paths = self.keyring.paths();
        let (certificate, authority, way) = match &partner.router {
            None => {
                let way = Way::Direct {
                    listen: partner.listen.clone(),
                    connect: partner.connect.clone(),
                };
                (paths.certificate(), paths.authorities(&partner.name), way)
            }
            Some(router) => {
                let way = Way::Router {
                    name: router.name.clone(),
                    connect: router.connect.clone(),
                };
                (paths.certificate_at(&router.name), paths.authorities(&router.name), way)
            }
        };
        LinkConfig {
            me: config.owner.clone(),
            partner: partner.name.clone(),
            certificate,
            key: paths.node_key(),
            authority,
            way,
            limits: Limits::default(),
        }
    }
}
