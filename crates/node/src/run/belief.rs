//! Whose keys count now: those of partners, and this node's own.
//!
//! Rosters change, and time passes: one ends, a key begins or is revoked at an instant. Between two such instants the
//! answer is the same, so it is worked out again only when the next has come.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use geo::Time;
use share::exchange::Partner;
use share::identity::{Certificate, Fingerprint, NodeId};
use share::roster::Role;

use super::rolls::Rolls;
use crate::keyring::Keyring;

/// What a link was opened by. Where that is another by now, the link is opened anew.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Opened {
    authorities: Vec<Fingerprint>,
    revoked: Vec<NodeId>,
    certificates: Vec<Fingerprint>,
}

/// What is believed otherwise than before.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// All partners, where one of them, or a key, counts otherwise.
    pub partners: Option<Vec<Partner>>,
    /// What is new of partners that are not believed, or are again, in words.
    pub doubts: Vec<String>,
    /// Partners whose links have to be opened anew.
    pub links: Vec<Arc<str>>,
}

/// Whose keys count now.
pub(super) struct Belief {
    rolls: Rolls,
    /// The key with which this node runs, and the certificates of it.
    running: NodeId,
    certificates: Vec<Fingerprint>,
    /// The own roster, as partners are told it.
    told: Vec<u8>,
    partners: Vec<Partner>,
    doubts: BTreeMap<Arc<str>, String>,
    opened: BTreeMap<Arc<str>, Opened>,
    own_fault: Option<String>,
    changes_at: Time,
}

impl Belief {
    /// Begins with what the folder holds, and the key with which the node runs.
    pub(super) fn new(rolls: Rolls, running: NodeId, now: Time) -> Self {
        let mut belief = Self {
            running,
            certificates: rolls.keyring().certificates(running).unwrap_or_default(),
            told: rolls.keyring().sealed().octets().to_vec(),
            partners: Vec::new(),
            doubts: BTreeMap::new(),
            opened: BTreeMap::new(),
            own_fault: None,
            changes_at: now,
            rolls,
        };
        belief.look(now);
        belief
    }

    /// The rosters.
    pub(super) fn rolls(&self) -> &Rolls {
        &self.rolls
    }

    /// All partners, believed or not.
    pub(super) fn partners(&self) -> &[Partner] {
        &self.partners
    }

    /// Why a partner is not believed.
    pub(super) fn doubts(&self) -> &BTreeMap<Arc<str>, String> {
        &self.doubts
    }

    /// Why partners do not believe this node, or soon will not.
    pub(super) fn own_fault(&self) -> Option<&str> {
        self.own_fault.as_deref()
    }

    /// The own roster, as partners are told it. One with another key of this node is told when the node has that key;
    /// at once where the key with which it runs counts no more.
    pub(super) fn own_roster(&self) -> Vec<u8> {
        self.told.clone()
    }

    /// Takes what the folder holds by now. The own roster may be another one, too.
    pub(super) fn take(
        &mut self,
        keyring: Option<Keyring>,
        certificates: Option<Vec<Fingerprint>>,
        now: Time,
    ) -> Changed {
        if let Some(keyring) = keyring {
            self.rolls.replace(keyring);
        }
        self.certificates = certificates.unwrap_or_else(|| mem::take(&mut self.certificates));
        self.changes_at = now;
        self.look(now)
    }

    /// What counts otherwise, if the time for that has come.
    pub(super) fn look(&mut self, now: Time) -> Changed {
        let mut changed = Changed::default();
        if now < self.changes_at {
            return changed;
        }
        self.changes_at = self.rolls.changes_after(now);
        self.look_at_own(now);
        let (mut partners, mut doubts) = (Vec::new(), BTreeMap::new());
        for owner in self.rolls.partners().to_vec() {
            let before = self.partners.iter().find(|partner| partner.owner == owner);
            let (partner, doubt) = match (self.rolls.partner(&owner, now), before) {
                (Some((partner, refusal)), _) => (partner, refusal.map(|refusal| refusal.to_string())),
                // Where things stand with it is not forgotten with its roster.
                (None, Some(before)) => {
                    let is_believed = false;
                    let partner = Partner {
                        is_believed,
                        ..before.clone()
                    };
                    (partner, Some(format!("there is no roster of {owner}")))
                }
                (None, None) => continue,
            };
            match (&doubt, self.doubts.get(&owner)) {
                (Some(doubt), before) if before != Some(doubt) => {
                    changed.doubts.push(format!("{owner} is not believed: {doubt}"));
                }
                (None, Some(_)) => changed.doubts.push(format!("{owner} is believed again")),
                _ => {}
            }
            doubts.extend(doubt.map(|doubt| (owner.clone(), doubt)));
            partners.push(partner);
            self.look_at_link(&owner, now, &mut changed);
        }
        self.doubts = doubts;
        if partners != self.partners {
            self.partners = partners.clone();
            changed.partners = Some(partners);
        }
        changed
    }

    fn look_at_link(&mut self, owner: &Arc<str>, now: Time, changed: &mut Changed) {
        let authorities = self.rolls.authorities(owner).iter();
        let revoked = self.rolls.roll().roster(owner).map(|held| {
            let revoked = held.roster().revoked.iter().filter(|revocation| revocation.at <= now);
            revoked.map(|revocation| revocation.key).collect()
        });
        let opened = Opened {
            authorities: authorities.map(Certificate::fingerprint).collect(),
            revoked: revoked.unwrap_or_default(),
            certificates: self.certificates.clone(),
        };
        let before = self.opened.insert(owner.clone(), opened);
        if before.is_some_and(|before| before != self.opened[owner]) {
            changed.links.push(owner.clone());
        }
    }

    fn look_at_own(&mut self, now: Time) {
        let own = self.rolls.keyring().own();
        let counts = self.rolls.roll().signer(&own.owner, self.running, now);
        let newest = self.rolls.partner(&own.owner, now).map(|(newest, _)| newest.key.id());
        let is_main = own.node(self.running).is_some_and(|node| node.role == Role::Main);
        self.own_fault = match counts {
            Err(refusal) => Some(format!(
                "partners do not believe this node: {refusal}: renew what ended (trilat keys), start the node again"
            )),
            Ok(_) if is_main && newest != Some(self.running) => {
                let new = newest.map(|key| key.to_string()).unwrap_or_default();
                Some(format!(
                    "this node has another key by now, {new}: start it again, so that it takes it"
                ))
            }
            Ok(_) => None,
        };
        let is_pending = self.own_fault.is_some() && self.rolls.roll().signer(&own.owner, self.running, now).is_ok();
        if !is_pending {
            self.told = self.rolls.keyring().sealed().octets().to_vec();
        }
    }
}
