//! Earlier epochs to a partner: until it has said its last word on one, it is not known which of the last frames it
//! has. Then what it will never have is decided anew, and what this disk has lost is asked back.

use std::collections::{BTreeMap, VecDeque};

use geo::Time;
use wire::messages::{Receipt, Request};

use super::core::Core;
use super::io::Output;
use super::keys::{self, Kind};
use super::limits::{GIVEN_PAGE, REQUEST_RETRY_S, RETURN_TRIES_MAX, RETURNED_FRAMES_MAX};
use super::outbox::Outbound;
use super::questions::Question;
use super::records::{self, FrameRecord, Given, OpenEpoch};
use super::refusal::{Alarm, Reason};
use super::rules::OwnItem;
use super::sabotage::Sabotage;
use crate::audit::Marks;
use crate::encode;
use crate::frame::{Frame, Hash};
use crate::identity::NodeId;
use crate::item::{Body, ItemId};
use crate::store::{Page, Range, Table};

/// Names of recovered items that are remembered, so that the partner they came from does not get them again.
const RECOVERED_MAX: usize = 65_536;

/// An earlier epoch.
#[derive(Debug)]
pub struct Open {
    /// Its last frame on this disk.
    sequence: u64,
    hash: Hash,
    pub recipient: NodeId,
    closing: Option<Closing>,
    /// The batch with which it is forgotten; it is named until that is on disk.
    gone_with: Option<u64>,
}

/// The partner has said its last word.
#[derive(Debug)]
struct Closing {
    receipt: Receipt,
    /// Where to go on reading what the lost frames give; `None` when that is done.
    lost_from: Option<u64>,
    is_asked: bool,
    /// Frames that the partner has and this disk has not.
    wanted: VecDeque<u64>,
    asked_at: Option<Time>,
    tries: u32,
}

/// Whether a last word names a frame as there.
pub fn has(sequence: u64, beyond: &[u8], frame: u64) -> bool {
    if frame <= sequence {
        return true;
    }
    let Some(bit) = frame.checked_sub(sequence.saturating_add(2)) else {
        return false;
    };
    let octet = usize::try_from(bit / 8).ok().and_then(|at| beyond.get(at));
    octet.is_some_and(|octet| octet & 1 << (bit % 8) != 0)
}

impl Open {
    /// An epoch that is over.
    pub fn new(sequence: u64, hash: Hash, recipient: NodeId) -> Self {
        Self {
            sequence,
            hash,
            recipient,
            closing: None,
            gone_with: None,
        }
    }

    /// As it is kept.
    pub fn record(&self) -> OpenEpoch {
        OpenEpoch {
            sequence: self.sequence,
            hash: self.hash.0.to_vec(),
            recipient: self.recipient.0.to_vec(),
        }
    }

    /// Of what was kept.
    pub fn of(record: &OpenEpoch) -> Self {
        let recipient = record.recipient.as_slice().try_into().unwrap_or_default();
        Self::new(record.sequence, super::stored_hash(&record.hash), NodeId(recipient))
    }
}

impl Outbound {
    /// Takes a partner's last word on an epoch, and its seal, which is kept.
    ///
    /// Where it `counts` for nothing, the partner is taken to have nothing: its frames may be somebody else's, made
    /// with a key that was stolen. It knows what it has twice.
    pub fn on_last_word(&mut self, core: &mut Core, receipt: Receipt, counts: bool, sealed: &[u8]) {
        let Some(open) = self.open.get_mut(&receipt.epoch) else {
            return;
        };
        if open.closing.is_some() || open.gone_with.is_some() {
            return;
        }
        let key = keys::of_epoch(Kind::Closed, &self.partner, receipt.epoch);
        let is_other = receipt.sequence == open.sequence && open.sequence > 0 && receipt.hash != open.hash.0;
        if counts && is_other {
            let (epoch, sequence) = (receipt.epoch, receipt.sequence);
            let partner = self.partner.clone();
            let alarm = Alarm::FalseReceipt {
                partner,
                epoch,
                sequence,
            };
            core.alarm(Some(&self.partner), alarm);
        }
        let receipt = if counts && !is_other {
            receipt
        } else {
            Receipt {
                sequence: 0,
                beyond: Vec::new(),
                ..receipt
            }
        };
        let last = receipt.sequence.saturating_add(1 + 8 * receipt.beyond.len() as u64);
        if last.saturating_sub(open.sequence) > RETURNED_FRAMES_MAX + super::limits::WINDOW_FRAMES {
            let (epoch, sequence) = (receipt.epoch, receipt.sequence);
            let partner = self.partner.clone();
            return core.alarm(
                Some(&partner.clone()),
                Alarm::FalseReceipt {
                    partner,
                    epoch,
                    sequence,
                },
            );
        }
        let wanted = (open.sequence + 1..=last).filter(|frame| has(receipt.sequence, &receipt.beyond, *frame));
        core.put(Table::Outbox, key.clone(), records::value(&key, sealed));
        open.closing = Some(Closing {
            lost_from: (receipt.sequence < open.sequence && !core.is_broken(Sabotage::ForgetLost))
                .then_some(receipt.sequence + 1),
            is_asked: false,
            wanted: wanted.collect(),
            asked_at: None,
            tries: 0,
            receipt,
        });
        self.close(core);
    }

    /// Forgets epochs whose end is on disk.
    pub fn forget_closed(&mut self, core: &Core) {
        self.open
            .retain(|_, open| !open.gone_with.is_some_and(|token| core.is_durable(token)));
    }

    /// Goes on with epochs that are being closed. Returns a request for lost frames, if one is due.
    pub fn close(&mut self, core: &mut Core) -> Option<Request> {
        if !self.scan.is_loaded() {
            return None;
        }
        let partner = self.partner.clone();
        let mut request = None;
        let mut done = Vec::new();
        for (&epoch, open) in &mut self.open {
            let Some(closing) = &mut open.closing else { continue };
            if let Some(from) = closing.lost_from.filter(|_| !closing.is_asked) {
                closing.is_asked = true;
                let range = Range {
                    entries_max: GIVEN_PAGE,
                    octets_max: super::limits::JOURNAL_PAGE_OCTETS,
                    ..keys::frames(Table::Outbox, Kind::Given, &partner, epoch, from, open.sequence)
                };
                let partner = partner.clone();
                core.read(vec![range], Question::Lost { partner, epoch });
            }
            let waits = |at| (0.0..REQUEST_RETRY_S).contains(&core.now.since_s(at));
            match closing.wanted.front().filter(|_| closing.tries < RETURN_TRIES_MAX) {
                Some(&from) if request.is_none() && self.is_up && !closing.asked_at.is_some_and(waits) => {
                    closing.asked_at = Some(core.now);
                    closing.tries += 1;
                    // Those that follow without a gap.
                    let run = closing
                        .wanted
                        .iter()
                        .zip(from..)
                        .take_while(|(wanted, at)| *wanted == at);
                    let to = from + run.count() as u64 - 1;
                    request = Some(Request { epoch, from, to });
                }
                Some(_) => {}
                // What came back is in the journal before it is forgotten that it was lost.
                None if closing.lost_from.is_none() && !self.recovered.awaits(epoch) => done.push(epoch),
                None => {}
            }
        }
        for epoch in done {
            if let Some(open) = self.open.get_mut(&epoch) {
                open.closing = None;
                open.gone_with = Some(core.token());
            }
            core.remove(Table::State, keys::open_epoch(&partner, epoch));
        }
        request
    }

    /// What lost frames gave was never given.
    pub fn on_lost(&mut self, core: &mut Core, epoch: u64, page: &Page) {
        let Some(open) = self.open.get_mut(&epoch) else { return };
        let Some(closing) = &mut open.closing else { return };
        closing.is_asked = false;
        closing.lost_from = page
            .last()
            .and_then(|(key, _)| keys::place_of(key))
            .map(|(_, last)| last + 1)
            .filter(|next| *next <= open.sequence);
        let receipt = closing.receipt.clone();
        for (key, value) in page {
            let Some((_, sequence)) = keys::place_of(key) else {
                continue;
            };
            if has(receipt.sequence, &receipt.beyond, sequence) {
                continue;
            }
            match records::decode::<Given>(key, value) {
                Ok(given) => {
                    for place in given.places().collect::<Vec<_>>() {
                        self.given.remove(place);
                        self.want(core, place);
                    }
                    core.remove(Table::Outbox, key.clone());
                }
                Err(records::Damaged { key }) => core.alarm(None, Alarm::DamagedRecord { key }),
            }
        }
        self.close(core);
    }

    /// Takes a frame of this node that came back.
    pub fn on_returned(&mut self, core: &mut Core, sealed: Vec<u8>) {
        let partner = self.partner.clone();
        // The key may be another one by now.
        let opened = core.me.keys().find_map(|key| Frame::open(&sealed, &key).ok());
        let Some(frame) = opened else {
            return core.refuse(Some(&partner), Reason::Unsigned, || "returned".to_owned());
        };
        let Some(open) = self.open.get_mut(&frame.epoch) else {
            return;
        };
        if frame.recipient != open.recipient || !core.me.is(frame.origin) {
            return core.refuse(Some(&partner), Reason::WrongRecipient, || "returned".to_owned());
        }
        let Some(closing) = &mut open.closing else { return };
        if closing.wanted.front() != Some(&frame.sequence) {
            return;
        }
        if frame.sequence == open.sequence + 1 {
            if frame.previous != open.hash {
                let at = frame.sequence;
                return core.refuse(Some(&partner), Reason::BrokenChain, || format!("returned frame {at}"));
            }
            open.sequence = frame.sequence;
            open.hash = Hash::of(&sealed);
        }
        closing.wanted.pop_front();
        closing.tries = 0;
        closing.asked_at = None;
        let marks = Marks::of(&sealed).octets();
        let key = keys::of_frame(Kind::Frame, &partner, frame.epoch, frame.sequence);
        core.write(Table::Outbox, key, &FrameRecord { sealed, marks });
        let own: Vec<_> = core.me.keys().collect();
        for carried in &frame.items {
            let Ok(arrived) = carried.item(&core.me.owner, |_| own.iter().collect()) else {
                continue;
            };
            // Of a coarse plot the plot itself does not come back.
            if arrived.item.origin == core.me.owner && !matches!(arrived.item.body, Body::Coarse(_)) {
                self.recovered.note(arrived.id, (frame.epoch, frame.sequence));
                core.say(Output::Recovered(Box::new(arrived.item)));
            }
        }
        self.close(core);
    }
}

/// Own items that came back from a partner: it has them, and gets them in no other form.
#[derive(Debug, Default)]
pub struct Recovered {
    /// In which frame each came.
    frames: BTreeMap<ItemId, (u64, u64)>,
    /// Those that are not in the journal again yet.
    awaited: BTreeMap<ItemId, u64>,
    /// Where in the journal those of a frame are by now.
    places: BTreeMap<(u64, u64), Vec<u64>>,
}

impl Recovered {
    fn note(&mut self, id: ItemId, frame: (u64, u64)) {
        if self.frames.len() < RECOVERED_MAX {
            self.frames.insert(id, frame);
            self.awaited.insert(id, frame.0);
        }
    }

    /// Whether items of an epoch came back that are not in the journal again.
    fn awaits(&self, epoch: u64) -> bool {
        self.awaited.values().any(|of| *of == epoch)
    }

    /// Whether an item came back that is not in the journal again.
    pub fn is_awaited(&self, id: ItemId) -> bool {
        self.awaited.contains_key(&id)
    }

    /// Notes that an item is in the journal, or never will be.
    pub fn is_settled(&mut self, id: ItemId) {
        self.awaited.remove(&id);
    }

    /// Whether nothing came back.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }
}

impl Outbound {
    /// Whether frames to the partner may be lost of which this disk knows nothing: the last ones before this start,
    /// until the partner has said its last word on their epoch, and what it has more has come back.
    pub fn may_have_lost(&self, core: &Core) -> bool {
        let mut open = self.open.range(..self.first_epoch);
        open.any(|(_, open)| open.gone_with.is_none()) && !core.is_broken(Sabotage::DecideEarly)
    }

    /// Whether an own item came back from the partner. Its place in the journal is kept as given, with the frame.
    pub fn has_back(&mut self, core: &mut Core, place: u64, own: &OwnItem) -> bool {
        if self.recovered.is_empty() {
            return false;
        }
        let id = encode::item_id(&core.me.owner, &encode::body_octets(&own.body));
        let Some(frame) = self.recovered.frames.remove(&id) else {
            return false;
        };
        let places = self.recovered.places.entry(frame).or_default();
        places.push(place);
        places.sort_unstable();
        let key = keys::of_frame(Kind::Given, &self.partner, frame.0, frame.1);
        core.write(Table::Outbox, key, &Given::of(places));
        self.given.insert(place);
        true
    }
}
