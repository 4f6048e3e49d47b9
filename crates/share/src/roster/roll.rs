//! What a node believes about every owner's keys.
//!
//! ```text
//!                people compare a root key's name, once
//!                              │
//!                            pin ──► take(roster) ──► signer(owner, key, when)
//!                                      │  ▲             certificate(owner, certificate, when)
//!                                      ▼  │             authorities(owner)
//!                     newer only; signed by the root known,
//!                     or by one that it handed over to
//! ```
//!
//! The clock is always that of who asks: the time when something arrived, never a time that it states itself, for who
//! stole a key can write any time into what he signs.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;

use super::{Reason, Roster, RosterDigest, RosterError, SealedRoster};
use crate::identity::{Certificate, CertificateError, Fingerprint, NodeId, NodePublic, OwnerError, owner_name};

/// So far two honest clocks may differ: a roster or key counts so long before its beginning, and after its end.
///
/// A revocation counts at its instant, without any tolerance.
pub const SKEW_MAX_S: f64 = 30.0;

/// Digests of former versions that are remembered for each owner, to know a fork.
const FORMER_MAX: usize = 64;

/// A root key cannot be pinned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// The owner cannot have that name.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// Another one is.
    #[error("{owner} is known by the root {pinned}, not by {offered}; a change needs people who compare it again")]
    Pinned {
        /// The owner.
        owner: Arc<str>,
        /// The root that is pinned.
        pinned: NodeId,
        /// The one offered.
        offered: NodeId,
    },
}

/// What came of a roster that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The first of its owner.
    First {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
    },
    /// A newer one.
    Newer {
        /// Whose.
        owner: Arc<str>,
        /// The version that was held.
        from: u64,
        /// The one now held.
        to: u64,
        /// The new root, where the owner changed it.
        root: Option<NodeId>,
        /// Where the new one names another roster as the one before than that which was held: the owner gave two of
        /// that version away, to whomever. Both digests: as held, as named.
        fork: Option<[RosterDigest; 2]>,
    },
    /// The one that is held: nothing changes.
    Same {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
    },
}

/// Why a roster was not taken. What was held stays in force.
#[derive(Debug, thiserror::Error)]
pub enum RosterRefusal {
    /// It is none.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// Nobody pinned a root of that owner.
    #[error("{owner:?} is no partner: no root key of it was agreed upon")]
    Stranger {
        /// Whose it says it is.
        owner: Arc<str>,
    },
    /// Signed by a key that is not the root, nor one that the root handed over to.
    #[error("a roster of {owner} signed by {signer}; the root is {root}, and it did not hand over to that key")]
    Root {
        /// Whose it says it is.
        owner: Arc<str>,
        /// Who signed.
        signer: NodeId,
        /// Who has to.
        root: NodeId,
    },
    /// A newer one is held.
    #[error("version {version} of the roster of {owner}, {held} is held")]
    Older {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
        /// The one that is held.
        held: u64,
    },
    /// The owner signed two of the same version: it says different things to different partners, or lost count.
    #[error("{owner} signed two rosters of version {version}: {held} and {other}")]
    Forked {
        /// Whose.
        owner: Arc<str>,
        /// Their version.
        version: u64,
        /// The one that was taken.
        held: RosterDigest,
        /// The other.
        other: RosterDigest,
    },
    /// It ended.
    #[error("version {version} of the roster of {owner} ended {expires}")]
    Expired {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
        /// When.
        expires: Time,
    },
    /// It is dated later than clocks can differ.
    #[error("version {version} of the roster of {owner} is dated {issued}, which is to come")]
    Future {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
        /// When it says it was signed.
        issued: Time,
    },
    /// It takes back, or moves to later, that a key is revoked.
    #[error("version {version} of the roster of {owner} takes back the revocation of {key}")]
    Unrevoked {
        /// Whose.
        owner: Arc<str>,
        /// Its version.
        version: u64,
        /// The key.
        key: NodeId,
    },
    /// It lists a key that another owner lists.
    #[error("the roster of {owner} lists {key}, which is of {other}")]
    KeyOfAnother {
        /// Whose.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// Whose key it is.
        other: Arc<str>,
    },
}

impl RosterRefusal {
    /// A word for counters and audits.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Roster(RosterError::Seal(_)) => "signature",
            Self::Roster(_) => "malformed",
            Self::Stranger { .. } => "stranger",
            Self::Root { .. } => "wrong-root",
            Self::Older { .. } => "older",
            Self::Forked { .. } => "forked",
            Self::Expired { .. } => "expired",
            Self::Future { .. } => "future",
            Self::Unrevoked { .. } => "unrevoked",
            Self::KeyOfAnother { .. } => "key-of-another",
        }
    }
}

/// Why a key may not sign for an owner at a time.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefusal {
    /// Nobody pinned a root of that owner.
    #[error("{owner:?} is no partner")]
    Stranger {
        /// The owner.
        owner: Arc<str>,
    },
    /// No roster of it was taken.
    #[error("no roster of {owner} is held")]
    NoRoster {
        /// The owner.
        owner: Arc<str>,
    },
    /// Its roster is not believed any more.
    #[error("the roster of {owner} ended {expires}")]
    RosterExpired {
        /// The owner.
        owner: Arc<str>,
        /// When.
        expires: Time,
    },
    /// Not in its roster.
    #[error("{key} is no key of a node of {owner}")]
    Unknown {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
    },
    /// Revoked.
    #[error("{key} of {owner} is revoked since {at} ({})", reason.word())]
    Revoked {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// Since when.
        at: Time,
        /// Why.
        reason: Reason,
    },
    /// Before its time.
    #[error("{key} of {owner} is valid from {from}")]
    NotYet {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// When it begins.
        from: Time,
    },
    /// After its time.
    #[error("{key} of {owner} was valid until {until}")]
    Expired {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// When it ended.
        until: Time,
    },
    /// The certificate names another owner.
    #[error("a certificate of {name:?} where one of {owner} is expected")]
    Name {
        /// The owner.
        owner: Arc<str>,
        /// The common name in it.
        name: Arc<str>,
    },
    /// The certificate is not the one that the roster lists for that key.
    #[error("the certificate of {key} of {owner} has the fingerprint {found}, listed is {listed}")]
    Certificate {
        /// The owner.
        owner: Arc<str>,
        /// The key.
        key: NodeId,
        /// Of the certificate shown.
        found: Fingerprint,
        /// Of the one in the roster.
        listed: Fingerprint,
    },
    /// The certificate cannot be read.
    #[error(transparent)]
    Unreadable(#[from] CertificateError),
}

impl KeyRefusal {
    /// A word for counters and audits.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Stranger { .. } => "stranger",
            Self::NoRoster { .. } => "no-roster",
            Self::RosterExpired { .. } => "roster-expired",
            Self::Unknown { .. } => "unknown-key",
            Self::Revoked { .. } => "revoked",
            Self::NotYet { .. } => "not-yet-valid",
            Self::Expired { .. } => "expired",
            Self::Name { .. } | Self::Certificate { .. } | Self::Unreadable(_) => "certificate",
        }
    }
}

/// Something of an owner that ends soon, or has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub owner: Arc<str>,
    /// What.
    pub what: DueWhat,
    /// When.
    pub until: Time,
}

/// What ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DueWhat {
    /// The roster.
    Roster,
    /// The last of a node's keys that is valid.
    Node(NodeId),
}

/// One owner, as far as it is known.
#[derive(Clone, Debug)]
struct Known {
    pin: NodeId,
    held: Option<SealedRoster>,
    former: BTreeMap<u64, RosterDigest>,
}

/// What is believed about every owner's keys, the own ones too.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    owners: BTreeMap<Arc<str>, Known>,
}

impl Roll {
    /// Nothing is believed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Believes that an owner's root key is the one of that name, or one that came before the root of today: what
    /// people compared. To say it again changes nothing.
    ///
    /// Errors: [`PinError`].
    pub fn pin(&mut self, owner: &str, root: NodeId) -> Result<(), PinError> {
        let owner = owner_name(owner)?;
        match self.owners.get(&owner) {
            Some(known) if known.pin == root => Ok(()),
            Some(known) => {
                let (pinned, offered) = (known.pin, root);
                Err(PinError::Pinned { owner, pinned, offered })
            }
            None => {
                self.repin(&owner, root)?;
                Ok(())
            }
        }
    }

    /// Forgets all about an owner and pins a root anew: after people compared it again, because the old one is lost or
    /// stolen.
    ///
    /// Errors: [`PinError::Owner`].
    pub fn repin(&mut self, owner: &str, root: NodeId) -> Result<(), PinError> {
        let owner = owner_name(owner)?;
        let (pin, held, former) = (root, None, BTreeMap::new());
        self.owners.insert(owner, Known { pin, held, former });
        Ok(())
    }

    /// Forgets an owner; nothing that it signs counts any more.
    pub fn forget(&mut self, owner: &str) {
        self.owners.remove(owner);
    }

    /// The owners of which a root is pinned, in order.
    pub fn owners(&self) -> impl Iterator<Item = &Arc<str>> {
        self.owners.keys()
    }

    /// The root of an owner that people compared.
    pub fn pinned(&self, owner: &str) -> Option<NodeId> {
        Some(self.owners.get(owner)?.pin)
    }

    /// The roster that is held of an owner.
    pub fn roster(&self, owner: &str) -> Option<&SealedRoster> {
        self.owners.get(owner)?.held.as_ref()
    }

    /// The certificates that those of an owner's nodes are verified with, in the links.
    pub fn authorities(&self, owner: &str) -> &[Certificate] {
        self.roster(owner)
            .map_or(&[], |held| held.roster().authorities.as_slice())
    }

    /// Takes a roster that came from anywhere.
    ///
    /// Errors: [`RosterRefusal`]; what was held stays in force.
    pub fn take(&mut self, octets: &[u8], now: Time) -> Result<Taken, RosterRefusal> {
        let sealed = SealedRoster::open(octets)?;
        let roster = sealed.roster();
        let (owner, version) = (roster.owner.clone(), roster.version);
        if roster.issued > now + SKEW_MAX_S {
            let issued = roster.issued;
            return Err(RosterRefusal::Future { owner, version, issued });
        }
        if now >= roster.expires + SKEW_MAX_S {
            let expires = roster.expires;
            return Err(RosterRefusal::Expired {
                owner,
                version,
                expires,
            });
        }
        self.restore(sealed)
    }

    /// Takes a roster that was taken before, from the own disk: also one that has ended meanwhile, so that the next is
    /// compared with it.
    ///
    /// Errors: [`RosterRefusal`].
    pub fn restore(&mut self, sealed: SealedRoster) -> Result<Taken, RosterRefusal> {
        let roster = sealed.roster().clone();
        let owner = &roster.owner;
        let known = self
            .owners
            .get(owner)
            .ok_or_else(|| RosterRefusal::Stranger { owner: owner.clone() })?;
        known.follows(&roster)?;
        if let Some(same) = known.same(&sealed)? {
            return Ok(same);
        }
        known.keeps_revocations(&roster)?;
        self.no_key_of_another(&roster)?;
        let Some(known) = self.owners.get_mut(owner) else {
            return Err(RosterRefusal::Stranger { owner: owner.clone() });
        };
        Ok(known.hold(sealed))
    }

    fn no_key_of_another(&self, roster: &Roster) -> Result<(), RosterRefusal> {
        let others = self.owners.iter().filter(|(owner, _)| **owner != roster.owner);
        for (other, known) in others {
            let Some(held) = &known.held else { continue };
            let theirs = held.roster();
            let mut keys = roster.nodes.iter().map(|entry| entry.key).chain([roster.root]);
            let is_theirs = |key: &NodePublic| theirs.is_root(*key) || theirs.nodes.iter().any(|node| node.key == *key);
            if let Some(key) = keys.find(is_theirs) {
                let (owner, key, other) = (roster.owner.clone(), key.id(), other.clone());
                return Err(RosterRefusal::KeyOfAnother { owner, key, other });
            }
        }
        Ok(())
    }

    /// The key of an owner that has a name and may sign at a time: that of arrival, by the own clock.
    ///
    /// Errors: [`KeyRefusal`].
    pub fn signer(&self, owner: &str, key: NodeId, at: Time) -> Result<NodePublic, KeyRefusal> {
        let owner: Arc<str> = owner.into();
        let roster = self.believed(&owner, at)?;
        if let Some(revocation) = roster.revocation(key)
            && revocation.at <= at
        {
            let (at, reason) = (revocation.at, revocation.reason);
            return Err(KeyRefusal::Revoked { owner, key, at, reason });
        }
        let Some(entry) = roster.node(key) else {
            return Err(KeyRefusal::Unknown { owner, key });
        };
        let (from, until) = (entry.validity.from, entry.validity.until);
        if at + SKEW_MAX_S < from {
            return Err(KeyRefusal::NotYet { owner, key, from });
        }
        if at >= until + SKEW_MAX_S {
            return Err(KeyRefusal::Expired { owner, key, until });
        }
        Ok(entry.key)
    }

    /// Which node of an owner shows a certificate, if it may at a time.
    ///
    /// That it is signed by the owner's authority is verified by the link's TLS; here it has to be the very one that
    /// the roster lists. Errors: [`KeyRefusal`].
    pub fn certificate(&self, owner: &str, shown: &Certificate, at: Time) -> Result<NodeId, KeyRefusal> {
        let facts = shown.facts()?;
        let owner: Arc<str> = owner.into();
        if facts.common_name != owner {
            let name = facts.common_name;
            return Err(KeyRefusal::Name { owner, name });
        }
        let key = facts.key.id();
        self.signer(&owner, key, at)?;
        let found = shown.fingerprint();
        match self.believed(&owner, at)?.node(key) {
            Some(entry) if entry.certificate == found => Ok(key),
            Some(entry) => {
                let listed = entry.certificate;
                Err(KeyRefusal::Certificate {
                    owner,
                    key,
                    found,
                    listed,
                })
            }
            None => Err(KeyRefusal::Unknown { owner, key }),
        }
    }

    /// The roster of an owner, if it is believed at a time.
    fn believed(&self, owner: &Arc<str>, at: Time) -> Result<&Roster, KeyRefusal> {
        let owner = owner.clone();
        let Some(known) = self.owners.get(&owner) else {
            return Err(KeyRefusal::Stranger { owner });
        };
        let Some(held) = &known.held else {
            return Err(KeyRefusal::NoRoster { owner });
        };
        let roster = held.roster();
        if at >= roster.expires + SKEW_MAX_S {
            let expires = roster.expires;
            return Err(KeyRefusal::RosterExpired { owner, expires });
        }
        Ok(roster)
    }

    /// What ends within a span from now on, or has ended: rosters, and nodes whose last key ends, by owner.
    pub fn due(&self, now: Time, within_s: f64) -> Vec<Due> {
        let horizon = now + within_s;
        let rosters = self.owners.values().filter_map(|known| known.held.as_ref());
        rosters.flat_map(|held| held.roster().due(horizon)).collect()
    }
}

impl Roster {
    fn due(&self, horizon: Time) -> Vec<Due> {
        let owner = &self.owner;
        let due = |what, until| Due {
            owner: owner.clone(),
            what,
            until,
        };
        let mut found = Vec::new();
        if self.expires <= horizon {
            found.push(due(DueWhat::Roster, self.expires));
        }
        let valid = self.nodes.iter().filter(|entry| self.revocation(entry.id()).is_none());
        // A key that another will outlive is on its way out, and no matter.
        if let Some(last) = valid.max_by_key(|entry| entry.validity.until)
            && last.validity.until <= horizon
        {
            found.push(due(DueWhat::Node(last.id()), last.validity.until));
        }
        found
    }
}

impl Known {
    /// The name of the root that has to sign, or to have handed over.
    fn root(&self) -> NodeId {
        self.held.as_ref().map_or(self.pin, |held| held.roster().root.id())
    }

    /// Whether a roster is signed by the root, or by one that it handed over to.
    fn follows(&self, roster: &Roster) -> Result<(), RosterRefusal> {
        let (root, signer) = (self.root(), roster.root.id());
        if signer == root || roster.handovers.iter().any(|handover| handover.from.id() == root) {
            return Ok(());
        }
        let owner = roster.owner.clone();
        Err(RosterRefusal::Root { owner, signer, root })
    }

    /// Whether a roster is the one that is held; or else whether it is newer.
    fn same(&self, sealed: &SealedRoster) -> Result<Option<Taken>, RosterRefusal> {
        let (roster, other) = (sealed.roster(), sealed.digest());
        let (owner, version) = (roster.owner.clone(), roster.version);
        if let Some(&held) = self.former.get(&version)
            && held != other
        {
            return Err(RosterRefusal::Forked {
                owner,
                version,
                held,
                other,
            });
        }
        match &self.held {
            Some(held) if held.roster().version > version => {
                let held = held.roster().version;
                Err(RosterRefusal::Older { owner, version, held })
            }
            Some(held) if held.roster().version == version => Ok(Some(Taken::Same { owner, version })),
            _ => Ok(None),
        }
    }

    /// Whether a roster has all revocations of the one that is held.
    fn keeps_revocations(&self, roster: &Roster) -> Result<(), RosterRefusal> {
        let Some(held) = &self.held else { return Ok(()) };
        let is_kept = |key, at| roster.revocation(key).is_some_and(|revocation| revocation.at <= at);
        match held.roster().revoked.iter().find(|one| !is_kept(one.key, one.at)) {
            None => Ok(()),
            Some(revocation) => {
                let (owner, version, key) = (roster.owner.clone(), roster.version, revocation.key);
                Err(RosterRefusal::Unrevoked { owner, version, key })
            }
        }
    }

    /// Holds a roster from now on.
    fn hold(&mut self, sealed: SealedRoster) -> Taken {
        let roster = sealed.roster().clone();
        let (owner, to) = (roster.owner.clone(), roster.version);
        self.former.insert(to, sealed.digest());
        while self.former.len() > FORMER_MAX {
            self.former.pop_first();
        }
        let before = self.held.replace(sealed);
        let Some(before) = before else {
            return Taken::First { owner, version: to };
        };
        let (held, from) = (before.digest(), before.roster().version);
        let named = roster.previous.filter(|named| from + 1 == to && *named != held);
        Taken::Newer {
            owner,
            from,
            to,
            root: (before.roster().root != roster.root).then(|| roster.root.id()),
            fork: named.map(|named| [held, named]),
        }
    }
}

#[cfg(test)]
#[path = "roll_tests.rs"]
mod tests;
