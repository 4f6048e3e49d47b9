//! One node's whole sharing, as a machine: what happens goes in, what has to be done comes out.
//!
//! ```text
//!  own items ──► journal ──► rules, for each partner ──► frames ──► outbox, and at once to the partner
//!                  │                  │                               │
//!                  └── again when ◄── held back                       └── pages, when the partner missed some
//!
//!  frames of a partner ──► seal, recipient, epoch, sequence, hash ──► inbox ──► what is new is delivered
//!                                                                       │
//!                                                                       └── on disk: receipt
//! ```
//!
//! **Epochs.** Frames to a partner are numbered within an epoch. A new one begins at each start and whenever rules or
//! keys change; from then on nothing of the old one is sent or served. The partner says its last word on the old one:
//! which of its frames it has, and that it will take no more. What it will never have is decided anew under the rules
//! that hold then. So no place in the history ever has two contents, and every entry of the journal reaches a partner
//! in one frame that it takes, or in none.
//!
//! **Durable before claimed.** A live frame is sent at once. Heads, pages and receipts speak only of what is on disk.
//! Frames that were sent and then lost with this disk's last moments are asked back from the partner, who has them with
//! this node's own signature.
//!
//! **No trace.** What goes to a partner, and when, depends on what is released to it, on what it sends and on time; not
//! on what it does not get. Sequences count frames, frames hold released items only, places in the journal never leave.
//!
//! [`Exchange::step`] is told the time and does no I/O. What it returns has to be done in order.

#[cfg(test)]
mod absent_tests;
#[cfg(test)]
mod belief_tests;
mod budget;
mod clock;
mod closing;
mod core;
mod fetch;
mod given;
mod holdback;
mod inbox;
mod io;
mod journal;
pub mod keys;
pub mod limits;
mod outbox;
mod peer;
mod questions;
pub mod recall;
mod receipts;
pub mod records;
mod refusal;
mod relay;
mod rules;
mod sabotage;
mod scan;
mod seen;
mod serve;
mod status;
mod ties;

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;

pub(crate) use closing::has as receipt_has;

pub use self::core::Counts;
pub use clock::ClockOffset;
pub use io::{Delivered, Input, Kept, Lane, Output, Partner, Token, Topic};
pub use refusal::{Alarm, Reason, Refused};
pub use rules::{OwnItem, Release, Rules};
#[cfg(feature = "sabotage")]
pub use sabotage::Sabotage;
#[cfg(not(feature = "sabotage"))]
use sabotage::Sabotage;
pub use status::{PartnerStatus, Status};

use self::core::{Core, Me};
use crate::frame::Hash;
use crate::identity::{NodeKey, NodePublic};
use crate::store::Page;
use closing::Open;
use peer::Peer;
use questions::Question;
use records::{Damaged, Have, JournalEnd, OpenEpoch, OutState};
use seen::Seen;

/// What an exchange is made of.
#[derive(Debug)]
pub struct Setup {
    /// Whose node it is.
    pub owner: Arc<str>,
    /// The node's key.
    pub key: NodeKey,
    /// The partners, by the rosters.
    pub partners: Vec<Partner>,
    /// The rules that hold.
    pub rules: Box<dyn Rules>,
    /// Earlier keys of this node that are still good: frames that it signed with them may come back to it.
    pub earlier: Vec<NodePublic>,
    /// How much of everything there may be.
    pub limits: limits::Limits,
}

/// What is on disk cannot be begun with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Both records of where the journal ends are damaged.
    #[error("where the journal ends is not known: both records are damaged; restore the log from a backup")]
    Journal(#[source] Damaged),
}

/// One node's whole sharing.
#[derive(Debug)]
pub struct Exchange {
    core: Core,
    peers: BTreeMap<Arc<str>, Peer>,
    /// What each partner signs with, and signed with before: items that are given on carry its seal.
    keys: BTreeMap<Arc<str>, Vec<NodePublic>>,
    /// Rules whose instant has not come, in the order in which they were given.
    next_rules: Vec<(Time, Box<dyn Rules>)>,
    is_longer: bool,
}

/// A hash of a record; one of another length names nothing.
fn stored_hash(octets: &[u8]) -> Hash {
    Hash(octets.try_into().unwrap_or_default())
}

impl Exchange {
    /// Begins with an empty store.
    pub fn new(setup: Setup, now: Time) -> Self {
        let seen = Seen::new(None, setup.limits.seen_max);
        Self::build(setup, seen, 0, now)
    }

    fn build(setup: Setup, seen: Seen, journal_next: u64, now: Time) -> Self {
        let id = setup.key.id();
        let me = Me {
            owner: setup.owner,
            key: setup.key,
            id,
            earlier: setup.earlier,
        };
        let peers = setup
            .partners
            .into_iter()
            .map(|partner| (partner.owner.clone(), Peer::new(partner)));
        let peers = peers.filter(|(owner, _)| *owner != me.owner).collect();
        Self {
            keys: keys_by_owner(&peers),
            peers,
            core: Core::new(me, setup.limits, setup.rules, seen, journal_next, now),
            next_rules: Vec::new(),
            is_longer: false,
        }
    }

    /// Begins with what is in the store: all that [`keys::state`] asks for, and the time of the last item that is there
    /// ([`keys::items`]). An empty page begins anew.
    ///
    /// Damaged records are told as alarms by the first step; what they said is worked out with the partners again.
    /// Errors: [`RestoreError::Journal`].
    pub fn restore(setup: Setup, state: &Page, last: Option<Time>, now: Time) -> Result<Self, RestoreError> {
        let mut ends = Vec::new();
        let mut damaged_end = None;
        for (key, value) in state.iter().filter(|(key, _)| keys::JOURNAL_ENDS.contains(&&key[..])) {
            match records::decode::<JournalEnd>(key, value) {
                Ok(end) => ends.push(end.next),
                Err(damaged) => damaged_end = Some(damaged),
            }
        }
        let journal_next = match (ends.iter().max(), damaged_end) {
            (None, Some(damaged)) => return Err(RestoreError::Journal(damaged)),
            (next, _) => next.copied().unwrap_or(0),
        };
        let seen = Seen::new(last, setup.limits.seen_max);
        let mut exchange = Self::build(setup, seen, journal_next, now);
        // A partner of whom no record is left may have been given something all the same.
        for peer in exchange.peers.values_mut().filter(|_| !state.is_empty()) {
            peer.outbound.scan.begin_with_load(0);
        }
        for (key, value) in state {
            if let Err(Damaged { key }) = exchange.restore_entry(key, value) {
                exchange.core.alarm(None, Alarm::DamagedRecord { key });
            }
        }
        for peer in exchange.peers.values_mut() {
            peer.inbound.turn(&mut exchange.core, peer.partner.key.id());
        }
        Ok(exchange)
    }

    /// Takes up one record.
    fn restore_entry(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damaged> {
        let rules = self.core.rules.version();
        let after = |prefix: &str| key.strip_prefix(prefix.as_bytes());
        if key == keys::AUDIT_HEAD {
            // Where it is damaged the chain begins anew, which an auditor is told.
            self.core.audit_head = records::decode(key, value)?;
            Ok(())
        } else if let Some(owner) = after("x/out/") {
            // A damaged one is taken for a beginning: what was given is read again in any case.
            let state = records::decode::<OutState>(key, value);
            if let Some(peer) = self.peer_named(owner) {
                let blank = OutState::default();
                peer.outbound.restore(state.as_ref().unwrap_or(&blank), rules);
            }
            state.map(|_| ())
        } else if let Some(owner) = after("x/in/") {
            let have: Have = records::decode(key, value)?;
            if let Some(peer) = self.peer_named(owner) {
                peer.inbound.restore(&have);
            }
            Ok(())
        } else if let Some((owner, epoch)) = after("x/open/").and_then(owner_and_epoch) {
            let open: OpenEpoch = records::decode(key, value)?;
            if let Some(peer) = self.peer_named(owner) {
                peer.outbound.open.insert(epoch, Open::of(&open));
            }
            Ok(())
        } else if let Some((owner, epoch)) = after("x/closed/").and_then(owner_and_epoch) {
            let have: Have = records::decode(key, value)?;
            if let Some(peer) = self.peer_named(owner) {
                peer.inbound.finals.insert(epoch, have);
            }
            Ok(())
        } else {
            Ok(())
        }
    }

    fn peer_named(&mut self, owner: &[u8]) -> Option<&mut Peer> {
        self.peers.get_mut(std::str::from_utf8(owner).ok()?)
    }

    /// Takes in what happened and returns what has to be done, in this order: first a batch is appended, then the rest.
    ///
    /// `now` is the node's clock; it may go back.
    pub fn step(&mut self, now: Time, input: Input) -> Vec<Output> {
        self.core.now = now;
        self.change_rules();
        for peer in self.peers.values_mut().filter(|peer| peer.outbound.epoch_is_over()) {
            peer.outbound.roll(&mut self.core);
        }
        match input {
            Input::Accept(items) => self.accept(items),
            Input::Octets { from, lane: _, octets } => self.on_octets(&from, &octets),
            Input::Up { partner } => self.set_up(&partner, true),
            Input::Down { partner } => self.set_up(&partner, false),
            Input::Durable { token } => {
                self.core.set_durable(token);
                for peer in self.peers.values_mut() {
                    peer.outbound.on_durable(&mut self.core);
                    peer.inbound.on_durable(&self.core);
                }
            }
            Input::Pages { question, pages } => self.on_pages(question, &pages),
            Input::Rules { rules, from } => {
                self.next_rules.push((from, rules));
                self.change_rules();
            }
            Input::Keep(Kept { batch, note }) => {
                batch.into_iter().for_each(|write| self.core.append(write));
                if let Some((what, detail)) = note {
                    self.core.note(None, what, &detail, 0);
                }
            }
            Input::Partners(partners) => self.change_partners(partners),
            Input::Tell { to, topic, octets } => {
                if let Some(peer) = self.peers.get_mut(&to) {
                    peer.note(&mut self.core, topic, octets);
                }
            }
            Input::Tick => {
                for peer in self.peers.values_mut() {
                    peer.go_on(&mut self.core);
                }
            }
        }
        self.relay();
        for peer in self.peers.values_mut() {
            peer.finish(&mut self.core);
        }
        self.write_end();
        self.core.take_outputs()
    }

    /// Lets the last of the rules hold whose time has come: before anything is decided in this step.
    fn change_rules(&mut self) {
        let now = self.core.now;
        if self.core.is_broken(Sabotage::RulesLate) {
            return;
        }
        let Some(at) = self.next_rules.iter().rposition(|(from, _)| *from <= now) else {
            return;
        };
        let Some((from, rules)) = self.next_rules.drain(..=at).next_back() else {
            return;
        };
        let version = rules.version();
        self.core.rules = rules;
        self.core.note(None, "rules", &format!("from {from} on"), 0);
        self.core.say(Output::RulesHold { version, from });
        for peer in self.peers.values_mut() {
            peer.outbound.decide_anew(&mut self.core);
        }
    }

    fn change_partners(&mut self, partners: Vec<Partner>) {
        let core = &mut self.core;
        let me = core.me.owner.clone();
        self.peers.retain(|owner, _| {
            let is_named = partners.iter().any(|partner| partner.owner == *owner);
            if !is_named {
                core.say(Output::Withdraw { to: owner.clone() });
            }
            is_named
        });
        for partner in partners.into_iter().filter(|partner| partner.owner != me) {
            match self.peers.get_mut(&partner.owner) {
                Some(peer) => peer.change(core, partner),
                None => {
                    let mut peer = Peer::new(partner);
                    // It may have been a partner before.
                    peer.outbound.scan.begin_with_load(0);
                    peer.outbound.roll(core);
                    self.peers.insert(peer.owner().clone(), peer);
                }
            }
        }
        self.keys = keys_by_owner(&self.peers);
    }

    fn set_up(&mut self, partner: &Arc<str>, is_up: bool) {
        if let Some(peer) = self.peers.get_mut(partner) {
            peer.set_up(&mut self.core, is_up);
        }
    }

    fn on_octets(&mut self, from: &Arc<str>, octets: &[u8]) {
        let keys = &self.keys;
        let keys_of = |owner: &str| keys.get(owner).into_iter().flatten().collect();
        match self.peers.get_mut(from) {
            Some(peer) => peer.on_octets(&mut self.core, octets, keys_of),
            None => self
                .core
                .refuse(None, Reason::Stranger, || from.chars().take(40).collect()),
        }
    }

    fn on_pages(&mut self, number: u64, pages: &[Page]) {
        let Some(question) = self.core.questions.answered(number) else {
            return;
        };
        let core = &mut self.core;
        let none = Page::new();
        let first = pages.first().unwrap_or(&none);
        let partner = question.partner().and_then(|owner| self.peers.get_mut(owner));
        match (question, partner) {
            (Question::Accept { items }, _) => self.on_accept_looked_up(items, pages),
            (_, None) => {}
            (Question::Frame { frame, asked, .. }, Some(peer)) => {
                peer.on_looked_up(core, frame, &asked, pages);
            }
            (Question::Due { places, .. }, Some(peer)) => peer.outbound.on_due(core, &places, pages),
            (Question::Scan { run, from, .. }, Some(peer)) => peer.outbound.on_scan(core, run, from, first),
            (Question::Load { .. }, Some(peer)) => peer.outbound.on_load(core, first),
            (Question::Lost { epoch, .. }, Some(peer)) => peer.outbound.on_lost(core, epoch, first),
            (Question::Serve { epoch, .. }, Some(peer)) => peer.outbound.on_serve(core, epoch, pages),
            (
                Question::Recheck {
                    epoch, frames, places, ..
                },
                Some(peer),
            ) => {
                peer.outbound.on_recheck(core, epoch, frames, &places, pages);
            }
            (Question::Ties { .. }, Some(peer)) => peer.inbound.on_ties(core, first),
            (Question::HandBack { .. }, Some(peer)) => peer.on_hand_back(core, first),
        }
    }

    /// Whether own items are taken now. Where they are not, the disk is behind: [`Input::Accept`] would refuse them as
    /// [`Reason::Busy`], so who offers them waits.
    pub fn may_accept(&self) -> bool {
        !self.core.is_busy() && self.core.questions.accepting() < self.core.limits.lookups_max
    }

    /// Whether own items were offered of which it is not known yet if they are in the journal already.
    pub fn is_accepting(&self) -> bool {
        self.core.questions.accepting() > 0
    }

    /// Breaks the machine, to see that it is noticed.
    #[cfg(feature = "sabotage")]
    pub fn sabotage(&mut self, how: Sabotage) {
        self.core.sabotage = Some(how);
    }

    /// How often what was not taken, since the start.
    pub fn counts(&self) -> &Counts {
        &self.core.counts
    }
}

/// What each partner that is believed signs with, the newest first.
fn keys_by_owner(peers: &BTreeMap<Arc<str>, Peer>) -> BTreeMap<Arc<str>, Vec<NodePublic>> {
    let keys = |peer: &Peer| {
        std::iter::once(peer.partner.key)
            .chain(peer.partner.earlier.iter().copied())
            .collect()
    };
    let believed = peers.iter().filter(|(_, peer)| peer.partner.is_believed);
    believed.map(|(owner, peer)| (owner.clone(), keys(peer))).collect()
}

/// Owner and epoch of a key `owner/epoch(8)`.
fn owner_and_epoch(rest: &[u8]) -> Option<(&[u8], u64)> {
    let (rest, epoch) = rest.split_last_chunk::<8>()?;
    Some((rest.strip_suffix(b"/")?, u64::from_be_bytes(*epoch)))
}
