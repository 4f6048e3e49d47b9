//! Frames of one partner: verified, put in order, logged, and what is new in them delivered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::core::Core;
use super::fetch::Fetch;
use super::io::{Delivered, Output};
use super::keys::{self, Kind};
use super::limits::SKEW_S_MAX;
use super::questions::Question;
use super::records::{FrameRecord, Have};
use super::refusal::{Alarm, Reason};
use super::sabotage::Sabotage;
use super::ties::Untied;
use crate::audit::Marks;
use crate::frame::{Arrived, CarriedError, Frame, FrameError, Hash};
use crate::identity::{NodeId, NodePublic};
use crate::seal::SealError;
use crate::store::{Page, Table};

/// Hashes of the last frames that are kept, to tell a copy from another frame for the same place.
const RECENT_MAX: usize = 1_024;

/// How a frame beyond a gap is tied to its neighbours.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Tie {
    pub previous: Hash,
    pub hash: Hash,
}

/// A frame whose seal, recipient and items were verified.
#[derive(Debug)]
pub struct Checked {
    sealed: Vec<u8>,
    hash: Hash,
    frame: Frame,
    items: Vec<Result<Arrived, (Reason, String)>>,
    /// Items that are here already by what the table says.
    known: Vec<bool>,
}

/// Where the frames of a partner stand.
#[derive(Debug)]
pub struct Inbound {
    pub partner: Arc<str>,
    pub origin: NodeId,
    pub epoch: u64,
    /// Every frame up to this one is here.
    pub contiguous: u64,
    hash: Hash,
    /// Frames beyond a gap. `None`: logged before this start, and not read again yet.
    pub beyond: BTreeMap<u64, Option<Tie>>,
    /// Whether some are to be read again, before anything is taken.
    pub untied: Option<Untied>,
    recent: VecDeque<Hash>,
    /// Batches that are not on disk yet, with what is contiguous by them.
    logged: VecDeque<(u64, u64, Hash)>,
    /// What is contiguous on disk.
    pub durable: (u64, Hash),
    /// The batch that began the epoch, until it is on disk.
    pub begins_with: Option<u64>,
    /// Last words on earlier epochs.
    pub finals: BTreeMap<u64, Have>,
    pub fetch: Fetch,
    lookups: usize,
    pub is_changed: bool,
}

/// Why octets are no frame of a partner, in one word.
pub fn reason_of(error: &FrameError) -> Reason {
    match error {
        FrameError::Seal(error) => reason_of_seal(error),
        _ => Reason::Malformed,
    }
}

/// Why octets have no seal of a partner, in one word.
pub fn reason_of_seal(error: &SealError) -> Reason {
    match error {
        SealError::TooLong { .. } => Reason::Oversize,
        SealError::Signer { .. } => Reason::WrongKey,
        SealError::Form(_) | SealError::Part(_) | SealError::Signature { .. } => Reason::Unsigned,
    }
}

impl Inbound {
    /// Begins without a past.
    pub fn new(partner: Arc<str>, origin: NodeId) -> Self {
        Self {
            partner,
            origin,
            epoch: 0,
            contiguous: 0,
            hash: Hash([0; 32]),
            beyond: BTreeMap::new(),
            untied: None,
            recent: VecDeque::new(),
            logged: VecDeque::new(),
            durable: (0, Hash([0; 32])),
            begins_with: None,
            finals: BTreeMap::new(),
            fetch: Fetch::default(),
            lookups: 0,
            is_changed: false,
        }
    }

    /// Takes up where a record left off.
    pub fn restore(&mut self, have: &Have) {
        if let Ok(origin) = have.origin.as_slice().try_into() {
            self.origin = NodeId(origin);
        }
        self.epoch = have.epoch;
        self.contiguous = have.sequence;
        self.hash = super::stored_hash(&have.hash);
        self.durable = (self.contiguous, self.hash);
        let last = have.sequence + 1 + 8 * have.beyond.len() as u64;
        let there = (have.sequence + 2..=last).filter(|at| super::closing::has(have.sequence, &have.beyond, *at));
        self.beyond = there.map(|at| (at, None)).collect();
        self.untied = self.beyond.keys().next().map(|first| Untied::from(*first));
    }

    /// What is here of the epoch.
    fn have(&self) -> Have {
        let mut beyond = Vec::new();
        for at in self.beyond.keys() {
            // The very next one would have been gone on over.
            let Some(bit) = at.checked_sub(self.contiguous + 2) else {
                continue;
            };
            let bit = bit as usize;
            if beyond.len() <= bit / 8 {
                beyond.resize(bit / 8 + 1, 0);
            }
            beyond[bit / 8] |= 1_u8 << (bit % 8);
        }
        Have {
            epoch: self.epoch,
            sequence: self.contiguous,
            hash: self.hash.0.to_vec(),
            beyond,
            origin: self.origin.0.to_vec(),
        }
    }

    /// Begins another epoch; what is here of the one before is the last word on it.
    pub fn begin(&mut self, core: &mut Core, epoch: u64) {
        if self.epoch != 0 {
            let have = self.have();
            core.write(Table::State, keys::closed_epoch(&self.partner, self.epoch), &have);
            self.finals.insert(self.epoch, have);
            if self.finals.len() > core.limits.finals_max
                && let Some((oldest, _)) = self.finals.pop_first()
            {
                core.remove(Table::State, keys::closed_epoch(&self.partner, oldest));
            }
        }
        self.epoch = epoch;
        self.contiguous = 0;
        self.hash = Hash::opening(self.origin, core.me.id, epoch);
        self.durable = (0, self.hash);
        self.beyond.clear();
        self.recent.clear();
        self.logged.clear();
        self.fetch = Fetch::default();
        self.begins_with = Some(core.token());
        self.is_changed = true;
    }

    /// Frames come from another node of the partner from now on. What is here of the one before is the last word on its
    /// epoch; no epoch that was begun with the old key, by a thief too, stands in the way of the new one's.
    pub fn turn(&mut self, core: &mut Core, origin: NodeId) {
        match &mut self.untied {
            Some(untied) => untied.turn_later(origin),
            None if origin != self.origin => {
                self.begin(core, 0);
                self.origin = origin;
            }
            None => {}
        }
    }

    /// The first frame that is here beyond a gap.
    pub fn first_beyond(&self) -> Option<u64> {
        self.beyond.iter().find(|(_, tie)| tie.is_some()).map(|(at, _)| *at)
    }

    /// The last frame that is here.
    pub fn last(&self) -> u64 {
        self.beyond.last_key_value().map_or(self.contiguous, |(at, _)| *at)
    }

    /// Notes what is on disk.
    pub fn on_durable(&mut self, core: &Core) {
        if self.begins_with.is_some_and(|token| core.is_durable(token)) {
            self.begins_with = None;
        }
        while let Some(&(token, sequence, hash)) = self.logged.front()
            && core.is_durable(token)
        {
            self.durable = (sequence, hash);
            self.logged.pop_front();
        }
    }

    /// Whether a place is taken already, and by the same octets. `None`: it is free.
    fn is_copy(&self, sequence: u64, hash: Hash) -> Option<bool> {
        if let Some(tie) = self.beyond.get(&sequence) {
            return tie.map(|tie| tie.hash == hash);
        }
        let back = self.contiguous.checked_sub(sequence)? as usize;
        let at = self.recent.len().checked_sub(back + 1);
        // Of frames long before only the table knows; they count as copies.
        Some(at.is_none_or(|at| self.recent[at] == hash))
    }

    /// Takes a frame as it came.
    pub fn on_frame<'k>(
        &mut self,
        core: &mut Core,
        sealed: Vec<u8>,
        key: &NodePublic,
        keys_of: impl Fn(&str) -> Vec<&'k NodePublic>,
    ) {
        let partner = self.partner.clone();
        let frame = match Frame::open(&sealed, key) {
            Ok(frame) => frame,
            Err(error) => return core.refuse(Some(&partner), reason_of(&error), || error.to_string()),
        };
        let Err((reason, detail)) = self.admit(core, &frame, Hash::of(&sealed), &sealed) else {
            let items = frame.items.iter().map(|carried| {
                let arrived = carried
                    .item(&partner, &keys_of)
                    .map_err(|error| (item_reason(&error), error.to_string()))?;
                may_have(core, &partner, &arrived).map(|()| arrived)
            });
            let items: Vec<_> = items.collect();
            let checked = Box::new(Checked {
                hash: Hash::of(&sealed),
                known: vec![false; items.len()],
                sealed,
                frame,
                items,
            });
            return self.look_up(core, checked);
        };
        core.refuse(Some(&partner), reason, || detail);
    }

    /// Whether a frame fits where it says that it belongs; begins its epoch if that is a later one.
    fn admit(&mut self, core: &mut Core, frame: &Frame, hash: Hash, sealed: &[u8]) -> Result<(), (Reason, String)> {
        let Frame { epoch, sequence, .. } = *frame;
        let place = || format!("frame {sequence} of epoch {epoch}");
        if frame.origin != self.origin {
            return Err((Reason::WrongOrigin, format!("{} by {}", place(), frame.origin)));
        }
        if frame.recipient != core.me.id && !core.is_broken(Sabotage::TakeForOthers) {
            return Err((Reason::WrongRecipient, format!("{} for {}", place(), frame.recipient)));
        }
        if epoch < self.epoch {
            return Err((Reason::WrongEpoch, format!("{} when {} goes on", place(), self.epoch)));
        }
        let ahead_s = frame.sent.since_s(core.now);
        if ahead_s > SKEW_S_MAX {
            return Err((Reason::FutureDated, format!("{} sent {ahead_s:.3} s from now", place())));
        }
        if core.is_busy() || self.untied.is_some() || self.lookups >= core.limits.lookups_max {
            return Err((Reason::Busy, place()));
        }
        if epoch > self.epoch {
            self.begin(core, epoch);
        }
        match self.is_copy(sequence, hash) {
            Some(true) => return Err((Reason::Replayed, place())),
            Some(false) => {
                let mut key = keys::of_frame(Kind::Evidence, &self.partner, epoch, sequence);
                key.extend_from_slice(&hash.0[..8]);
                let value = super::records::value(&key, sealed);
                core.put(Table::Inbox, key, value);
                let partner = self.partner.clone();
                core.alarm(
                    Some(&self.partner),
                    Alarm::Equivocation {
                        partner,
                        epoch,
                        sequence,
                    },
                );
                return Err((Reason::Equivocated, place()));
            }
            None => {}
        }
        self.fetch.heard_of(sequence);
        if sequence > self.contiguous.saturating_add(core.limits.window_frames) {
            return Err((Reason::TooFarAhead, place()));
        }
        if sequence == self.contiguous + 1 && frame.previous != self.hash {
            let partner = self.partner.clone();
            core.alarm(
                Some(&self.partner),
                Alarm::BrokenChain {
                    partner,
                    epoch,
                    sequence,
                },
            );
            return Err((Reason::BrokenChain, place()));
        }
        Ok(())
    }

    /// Asks which items are here already, if memory does not know; takes the frame otherwise.
    fn look_up(&mut self, core: &mut Core, checked: Box<Checked>) {
        let mut asked = Vec::new();
        let mut ranges = Vec::new();
        for (at, arrived) in checked.items.iter().enumerate() {
            let Ok(arrived) = arrived else { continue };
            if let Some(range) = core.seen.lookup(arrived.item.time(), arrived.id) {
                asked.push(at);
                ranges.push(range);
            }
        }
        if asked.is_empty() {
            return self.take(core, checked);
        }
        self.lookups += 1;
        let from = self.partner.clone();
        core.read(
            ranges,
            Question::Frame {
                from,
                frame: checked,
                asked,
            },
        );
    }

    /// A frame whose items were looked up is not taken any more.
    pub fn forget_lookup(&mut self) {
        self.lookups = self.lookups.saturating_sub(1);
    }

    /// Takes a frame whose items were looked up.
    pub fn on_looked_up(&mut self, core: &mut Core, mut checked: Box<Checked>, asked: &[usize], pages: &[Page]) {
        self.forget_lookup();
        for (at, page) in asked.iter().zip(pages) {
            // A record of an item is its key; a damaged one says nothing.
            let is_there = page
                .first()
                .is_some_and(|(key, value)| super::records::content(key, value).is_ok());
            if let Some(known) = checked.known.get_mut(*at) {
                *known = is_there;
            }
        }
        let Checked { hash, .. } = *checked;
        let sealed = std::mem::take(&mut checked.sealed);
        match self.admit(core, &checked.frame, hash, &sealed) {
            Ok(()) => {
                checked.sealed = sealed;
                self.take(core, checked);
            }
            Err((reason, detail)) => core.refuse(Some(&self.partner.clone()), reason, || detail),
        }
    }

    /// Logs a frame and delivers what is new in it.
    fn take(&mut self, core: &mut Core, checked: Box<Checked>) {
        let Checked {
            sealed,
            hash,
            frame,
            items,
            known,
        } = *checked;
        let key = keys::of_frame(Kind::Frame, &self.partner, frame.epoch, frame.sequence);
        let marks = Marks::of(&sealed).octets();
        core.write(Table::Inbox, key, &FrameRecord { sealed, marks });
        let tie = Tie {
            previous: frame.previous,
            hash,
        };
        self.beyond.insert(frame.sequence, Some(tie));
        self.advance(core);
        self.is_changed = true;
        for (arrived, known) in items.into_iter().zip(known) {
            let partner = self.partner.clone();
            let arrived = match arrived {
                Ok(arrived) => arrived,
                Err((reason, detail)) => {
                    core.refuse(Some(&partner), reason, || detail);
                    continue;
                }
            };
            let Arrived { id, item, sealed } = arrived;
            let is_new = core.seen.insert(item.time(), id) && !known;
            if !is_new && !core.is_broken(Sabotage::SkipDedup) {
                core.refuse(Some(&partner), Reason::Duplicate, || format!("item {id}"));
                continue;
            }
            let key = keys::of_item(item.time(), id);
            let value = super::records::value(&key, &[]);
            core.put(Table::Inbox, key, value);
            if let Some(sealed) = sealed.filter(|_| item.label.onward) {
                core.to_relay.push((sealed, partner.clone()));
            }
            core.say(Output::Deliver(Delivered {
                from: partner,
                id,
                item: Box::new(item),
                sent: frame.sent,
            }));
        }
    }

    /// Goes on over frames that follow without a gap.
    pub fn advance(&mut self, core: &mut Core) {
        while let Some(Some(tie)) = self.beyond.get(&(self.contiguous + 1)).copied() {
            let sequence = self.contiguous + 1;
            self.beyond.remove(&sequence);
            if tie.previous != self.hash {
                // Signed both, and they do not fit: it has to be sent again, and cannot be.
                let (partner, epoch) = (self.partner.clone(), self.epoch);
                core.alarm(
                    Some(&self.partner),
                    Alarm::BrokenChain {
                        partner,
                        epoch,
                        sequence,
                    },
                );
                break;
            }
            self.contiguous = sequence;
            self.hash = tie.hash;
            self.recent.push_back(tie.hash);
            if self.recent.len() > RECENT_MAX {
                self.recent.pop_front();
            }
        }
    }

    /// Closes what was begun in this step: where the frames stand is written.
    pub fn finish(&mut self, core: &mut Core) {
        if !self.is_changed {
            return;
        }
        self.is_changed = false;
        core.write(Table::State, keys::in_state(&self.partner), &self.have());
        match self.logged.back_mut() {
            Some((token, sequence, hash)) if *token == core.token() => {
                (*sequence, *hash) = (self.contiguous, self.hash)
            }
            _ => self.logged.push_back((core.token(), self.contiguous, self.hash)),
        }
    }
}

/// Why an item of a frame cannot be taken, in one word.
fn item_reason(error: &CarriedError) -> Reason {
    match error {
        CarriedError::Item(_) | CarriedError::Protocol(_) => Reason::BadItem,
        CarriedError::Seal(_) => Reason::NotGranted,
        CarriedError::Owner { .. } => Reason::NotReleasable,
    }
}

/// Whether this owner may have an item from that partner.
fn may_have(core: &Core, partner: &Arc<str>, arrived: &Arrived) -> Result<(), (Reason, String)> {
    let item = &arrived.item;
    if !item.label.releasable_to.contains(&core.me.owner) && !core.is_broken(Sabotage::IgnoreLabels) {
        return Err((Reason::NotReleasable, format!("item {} is {}", arrived.id, item.label)));
    }
    if item.origin != *partner && !(item.label.onward && arrived.sealed.is_some()) {
        return Err((Reason::NotGranted, format!("item {} of {}", arrived.id, item.origin)));
    }
    if item.origin == core.me.owner {
        return Err((Reason::Duplicate, format!("own item {}", arrived.id)));
    }
    let ahead_s = item.time().since_s(core.now);
    if ahead_s > SKEW_S_MAX {
        return Err((
            Reason::FutureDated,
            format!("item {} of {ahead_s:.3} s from now", arrived.id),
        ));
    }
    Ok(())
}
