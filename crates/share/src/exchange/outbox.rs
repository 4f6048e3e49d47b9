//! Frames to one partner: what is released goes into the next frame of the epoch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use geo::Time;
use wire::messages::{Heads, Parcel};

use super::closing::{Open, Recovered};
use super::core::Core;
use super::fetch::is_within;
use super::given::Bits;
use super::holdback::Holdback;
use super::io::{Lane, Output, Partner};
use super::keys::{self, Kind};
use super::limits::{ABSENT_FRAME_S, EPOCHS_NAMED_MAX, SKEW_S_MAX};
use super::records::{self, Entry, FrameRecord, Given, OutState};
use super::refusal::Reason;
use super::relay;
use super::sabotage::Sabotage;
use super::scan::Scan;
use super::serve::Serve;
use crate::audit::Marks;
use crate::frame::{Carried, FRAME_ITEMS_MAX, FRAME_OCTETS_FULL, Frame, Hash};
use crate::identity::NodeId;
use crate::store::Table;

/// Items of the next frame.
#[derive(Debug, Default)]
struct Filling {
    places: Vec<u64>,
    items: Vec<Carried>,
    octets: usize,
    /// An item in another form than the own one.
    has_other_form: bool,
}

/// Where the frames to a partner stand.
#[derive(Debug)]
pub struct Outbound {
    pub partner: Arc<str>,
    pub recipient: NodeId,
    /// For whom the frames of the epoch are: another node than the next epoch's, once the partner has another key.
    epoch_recipient: NodeId,
    pub is_up: bool,
    /// Whether the partner's key counts now: before that no frame is made, and what is for it waits.
    pub is_believed: bool,
    pub may_relay: bool,
    /// 0 before the first.
    pub epoch: u64,
    /// The batch that opens the epoch, until it is on disk: before that no frame of it exists.
    opens_with: Option<u64>,
    /// The epoch is that of an earlier start, or none: the next has to be opened.
    is_over: bool,
    pub sequence: u64,
    hash: Hash,
    /// Batches that are not on disk yet, with the last frame in them.
    made: VecDeque<(u64, u64)>,
    /// Frames that are sent when they are on disk, with their batch.
    unsent: VecDeque<(u64, Lane, Vec<u8>)>,
    /// The partner is to be told of the last frame now.
    pub has_news: bool,
    /// The last frame on disk.
    pub durable: u64,
    /// The last frame that the partner has on disk.
    pub acked: u64,
    /// Hashes of the last frames, the newest last.
    hashes: VecDeque<Hash>,
    pub open: BTreeMap<u64, Open>,
    /// The first epoch of this start; 0 before it.
    pub first_epoch: u64,
    pub recovered: Recovered,
    pub given: Bits,
    pub holdback: Holdback,
    pub due_asked: bool,
    pub scan: Scan,
    pub serve: Serve,
    live: Filling,
    /// Since when the oldest in it waits, while the partner cannot be reached.
    live_since: Option<Time>,
    old: Filling,
    settled_written: u64,
    is_changed: bool,
    /// When the last frame was signed, since the start.
    pub sent_at: Option<Time>,
}

impl Outbound {
    /// Begins without a past.
    pub fn new(partner: &Partner) -> Self {
        let recipient = partner.key.id();
        Self {
            partner: partner.owner.clone(),
            recipient,
            epoch_recipient: recipient,
            is_up: false,
            is_believed: partner.is_believed,
            may_relay: partner.relay,
            epoch: 0,
            opens_with: None,
            is_over: true,
            sequence: 0,
            hash: Hash([0; 32]),
            made: VecDeque::new(),
            unsent: VecDeque::new(),
            has_news: false,
            durable: 0,
            acked: 0,
            hashes: VecDeque::new(),
            open: BTreeMap::new(),
            first_epoch: 0,
            recovered: Recovered::default(),
            given: Bits::default(),
            holdback: Holdback::default(),
            due_asked: false,
            scan: Scan::default(),
            serve: Serve::default(),
            live: Filling::default(),
            live_since: None,
            old: Filling::default(),
            settled_written: 0,
            is_changed: false,
            sent_at: None,
        }
    }

    /// Takes up where a record left off; the next epoch has to be opened.
    pub fn restore(&mut self, state: &OutState, rules: [u8; 16]) {
        self.epoch = state.epoch;
        self.sequence = state.sequence;
        self.hash = super::stored_hash(&state.hash);
        self.epoch_recipient = NodeId(state.recipient.as_slice().try_into().unwrap_or_default());
        let from = if state.rules == rules { state.settled } else { 0 };
        self.scan.begin_with_load(from);
    }

    /// Opens the next epoch: what is not acknowledged in the old one is decided anew, when the partner has said which
    /// of its frames it has.
    pub fn roll(&mut self, core: &mut Core) {
        self.take_back(core);
        if self.epoch != 0 {
            let open = Open::new(self.sequence, self.hash, self.epoch_recipient);
            core.write(
                Table::State,
                keys::open_epoch(&self.partner, self.epoch),
                &open.record(),
            );
            self.open.insert(self.epoch, open);
        }
        // Later than any before even if the disk was set back to an older state, as long as the clock was not.
        let by_clock = u64::try_from(core.now.tai_ns() / 1_000_000).unwrap_or_default();
        self.epoch = by_clock.max(self.epoch + 1);
        if core.is_broken(Sabotage::ReuseEpoch)
            && let Some((old, _)) = self.open.pop_last()
        {
            self.epoch = old;
        }
        if self.first_epoch == 0 {
            self.first_epoch = self.epoch;
        }
        self.epoch_recipient = self.recipient;
        self.hash = Hash::opening(core.me.id, self.recipient, self.epoch);
        self.sequence = 0;
        self.durable = 0;
        self.acked = 0;
        self.made.clear();
        self.unsent.clear();
        self.hashes.clear();
        self.serve = Serve::default();
        self.opens_with = Some(core.token());
        self.is_over = false;
        self.is_changed = true;
    }

    /// The partner's key counts no more, or does again. What was handed over for it and has not left does not leave.
    pub fn believe(&mut self, core: &mut Core, is_believed: bool) {
        if self.is_believed && !is_believed {
            self.set_up(false);
            self.take_back(core);
            core.say(Output::Withdraw {
                to: self.partner.clone(),
            });
        }
        self.is_believed = is_believed;
    }

    /// What was not framed yet is decided anew.
    fn take_back(&mut self, core: &Core) {
        self.live_since = None;
        for filling in [std::mem::take(&mut self.live), std::mem::take(&mut self.old)] {
            for place in filling.places {
                self.given.remove(place);
                self.want(core, place);
            }
        }
    }

    /// Whether the next epoch has to be opened before anything else.
    pub fn epoch_is_over(&self) -> bool {
        self.is_over
    }

    /// Other rules hold: nothing under the old ones is framed or served any more, all is decided anew.
    pub fn decide_anew(&mut self, core: &mut Core) {
        if (self.sequence > 0 || self.is_over) && !core.is_broken(Sabotage::ServeOldHistory) {
            self.roll(core);
            core.say(Output::Withdraw {
                to: self.partner.clone(),
            });
        }
        self.take_back(core);
        self.holdback.clear();
        if !core.is_broken(Sabotage::SkipRescan) {
            self.scan.begin(core.journal_next);
        }
        self.is_changed = true;
    }

    /// Whether frames may be made.
    pub fn is_open(&self, core: &Core) -> bool {
        self.is_believed && self.epoch != 0 && self.opens_with.is_none_or(|token| core.is_durable(token))
    }

    /// The partner can be reached, or not; then it asks for what it did not get.
    pub fn set_up(&mut self, is_up: bool) {
        self.is_up = is_up;
        self.unsent.clear();
    }

    /// Notes what is on disk, and sends what waited for that.
    pub fn on_durable(&mut self, core: &mut Core) {
        if self.opens_with.is_some_and(|token| core.is_durable(token)) {
            self.opens_with = None;
        }
        while let Some(&(token, sequence)) = self.made.front()
            && core.is_durable(token)
        {
            self.durable = sequence;
            self.made.pop_front();
        }
        while let Some((_, lane, sealed)) = self.unsent.pop_front_if(|(token, ..)| core.is_durable(*token)) {
            // What may have expired meanwhile is asked for by the partner, and then decided once more.
            if core.rules.can_expire() {
                self.has_news = true;
            } else {
                self.send_frame(core, lane, sealed);
            }
        }
        self.forget_closed(core);
    }

    /// Decides an entry of the journal for the partner, now.
    pub fn consider(&mut self, core: &mut Core, place: u64, entry: &Entry, lane: Lane) {
        if self.given.has(place) {
            return;
        }
        if !self.is_open(core) {
            self.want(core, place);
            return;
        }
        if let Entry::Own(own) = entry {
            if self.has_back(core, place, own) {
                return;
            }
            // What was there before this start may have gone out in a frame that this disk has lost, in a form that it
            // would not have now.
            if own.body.time().since_s(core.started) < SKEW_S_MAX && self.may_have_lost(core) {
                self.scan.back_to(place);
                return;
            }
        }
        let mut is_other_form = false;
        let carried = match entry {
            Entry::Relayed { sealed, from } => {
                let may = self.may_relay && relay::is_for(sealed, from, &self.partner, &core.me.owner);
                may.then(|| Carried::Sealed(sealed.clone()))
            }
            Entry::Own(own) => {
                let release = core.rules.release(&self.partner, own, core.now);
                let Some(item) = release.item else {
                    if let Some(again) = release.again.filter(|_| !core.is_broken(Sabotage::ForgetHold)) {
                        self.holdback.hold(core, place, again);
                    }
                    return;
                };
                // Rules that hand out what is not labelled so are not believed.
                if item.origin != core.me.owner || !item.label.releasable_to.contains(&self.partner) {
                    let detail = || format!("own item released to {} without being labelled so", self.partner);
                    core.refuse(None, Reason::NotReleasable, detail);
                    return;
                }
                is_other_form = item.body != own.body;
                Carried::of(&item, &core.me.key).ok()
            }
        };
        let Some(carried) = carried else { return };
        self.given.insert(place);
        let filling = if lane == Lane::Live {
            &mut self.live
        } else {
            &mut self.old
        };
        filling.octets += carried.octets();
        filling.has_other_form |= is_other_form;
        filling.items.push(carried);
        filling.places.push(place);
        if filling.items.len() >= FRAME_ITEMS_MAX || filling.octets >= FRAME_OCTETS_FULL {
            self.make_frame(core, lane);
        }
    }

    /// Notes that an entry has to be read and decided.
    pub fn want(&mut self, core: &Core, place: u64) {
        if let Some(from) = self.holdback.want(core, place) {
            self.scan.back_to(from);
        }
    }

    /// Signs what is there as a frame, logs it and sends it.
    fn make_frame(&mut self, core: &mut Core, lane: Lane) {
        let filling = if lane == Lane::Live {
            &mut self.live
        } else {
            &mut self.old
        };
        let filling = std::mem::take(filling);
        if lane == Lane::Live {
            self.live_since = None;
        }
        if filling.items.is_empty() {
            return;
        }
        let frame = Frame {
            origin: core.me.id,
            recipient: self.recipient,
            epoch: self.epoch,
            sequence: self.sequence + 1,
            previous: self.hash,
            sent: core.now,
            items: filling.items,
        };
        let sealed = match frame.seal(&core.me.key) {
            Ok(sealed) => sealed,
            // Frames are closed long before: a fault of the program, which costs these items and nothing else.
            Err(error) => return core.refuse(None, Reason::Oversize, || error.to_string()),
        };
        self.sequence += 1;
        self.sent_at = Some(core.now);
        self.hash = Hash::of(&sealed);
        let marks = Marks::of(&sealed).octets();
        let place = (self.epoch, self.sequence);
        let key = |kind| keys::of_frame(kind, &self.partner, place.0, place.1);
        core.write(Table::Outbox, key(Kind::Given), &Given::of(&filling.places));
        let record = FrameRecord { sealed, marks };
        core.write(Table::Outbox, key(Kind::Frame), &record);
        match self.made.back_mut() {
            Some((token, last)) if *token == core.token() => *last = self.sequence,
            _ => self.made.push_back((core.token(), self.sequence)),
        }
        self.hashes.push_back(self.hash);
        if self.hashes.len() > core.limits.hashes_max {
            self.hashes.pop_front();
        }
        self.is_changed = true;
        if !self.is_up {
            return;
        }
        // Of another form nobody finds out what it is of: were it sent and then lost with this disk's last moments, the
        // own item could go out a second time, as it is.
        if filling.has_other_form && !core.is_broken(Sabotage::SendEarly) {
            self.unsent.push_back((core.token(), lane, record.sealed));
        } else {
            self.send_frame(core, lane, record.sealed);
        }
    }

    fn send_frame(&self, core: &mut Core, lane: Lane, sealed: Vec<u8>) {
        let frames = vec![sealed];
        core.send(
            &self.partner,
            lane,
            &Parcel {
                frames,
                ..Parcel::default()
            },
        );
    }

    /// The hash of a frame of the epoch, if memory has it.
    pub fn hash_of(&self, core: &Core, sequence: u64) -> Option<Hash> {
        if sequence == 0 {
            return Some(Hash::opening(core.me.id, self.recipient, self.epoch));
        }
        let back = usize::try_from(self.sequence.checked_sub(sequence)?).ok()?;
        self.hashes.get(self.hashes.len().checked_sub(back + 1)?).copied()
    }

    /// Closes what was begun in this step: frames are made, and where they stand is written.
    pub fn finish(&mut self, core: &mut Core) {
        // For a partner that is there, each at once. For one that is not, nobody waits; but what may expire is framed
        // while it may still go out.
        if self.is_up || core.rules.can_expire() {
            self.make_frame(core, Lane::Live);
        } else if !self.live.items.is_empty() {
            self.live_since.get_or_insert(core.now);
        }
        // What may expire does not wait until its frame is full.
        if !self.scan.is_going() || core.rules.can_expire() {
            self.make_frame(core, Lane::Log);
        }
        let settled = self.settled(core);
        // What became unsettled again has to be known after a crash; what became settled saves time only.
        if self.is_changed || settled < self.settled_written || settled >= self.settled_written + 1_024 {
            self.is_changed = false;
            self.settled_written = settled;
            let state = OutState {
                epoch: self.epoch,
                sequence: self.sequence,
                hash: self.hash.0.to_vec(),
                settled,
                rules: core.rules.version().to_vec(),
                recipient: self.recipient.0.to_vec(),
            };
            core.write(Table::State, keys::out_state(&self.partner), &state);
        }
    }

    /// Frames what waited long enough for a partner that cannot be reached. Looked at when time passes, never when an
    /// own item came: one that is withheld would be seen by it.
    pub fn frame_what_waited(&mut self, core: &mut Core) {
        if self
            .live_since
            .is_some_and(|since| !is_within(core.now, since, ABSENT_FRAME_S))
        {
            self.make_frame(core, Lane::Live);
        }
    }

    /// The place in the journal before which nothing needs a second look under these rules.
    fn settled(&self, core: &Core) -> u64 {
        let filled = self.old.places.iter().chain(&self.live.places).min().copied();
        [self.holdback.first(), self.scan.first(), filled]
            .into_iter()
            .flatten()
            .fold(core.journal_next, u64::min)
    }

    /// What the partner is told about its frames: only what is on disk.
    pub fn heads(&self, core: &Core) -> Heads {
        let named = self.open.keys().take(EPOCHS_NAMED_MAX);
        Heads {
            epoch: self.epoch,
            sequence: if core.is_broken(Sabotage::AdvertiseEarly) {
                self.sequence
            } else {
                self.durable
            },
            open: named.map(|epoch| wire::messages::Epoch { epoch: *epoch }).collect(),
        }
    }

    /// Whether the partner has everything.
    pub fn is_quiet(&self) -> bool {
        self.acked == self.sequence && self.open.is_empty()
    }

    /// Reads an entry of the journal; a damaged one is lost and never asked for again.
    pub fn entry(&mut self, core: &mut Core, key: &[u8], value: &[u8]) -> Option<(u64, Entry)> {
        let place = u64::from_be_bytes(key.try_into().ok()?);
        match Entry::of(key, value) {
            Ok(entry) => Some((place, entry)),
            Err(records::Damaged { key }) => {
                self.given.insert(place);
                self.holdback.done(place);
                core.alarm(None, super::refusal::Alarm::DamagedRecord { key });
                None
            }
        }
    }
}
