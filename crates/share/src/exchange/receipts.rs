//! Receipts: signed, cumulative, kept by both sides. With one, a sender proves what a partner had; with its frames, a
//! partner proves what it was sent.

use geo::Time;
use wire::messages::{Heads, Message, Parcel, Receipt};

use super::core::Core;
use super::fetch::is_within;
use super::inbox::Inbound;
use super::io::Lane;
use super::keys::{self, Kind};
use super::limits::RECEIPT_S;
use super::outbox::Outbound;
use super::records::{self, Have};
use super::refusal::{Alarm, Reason};
use crate::frame::{self, Hash};
use crate::identity::NodeId;
use crate::seal::{self, Context};
use crate::store::Table;

/// What a partner is to be told about its frames.
#[derive(Debug, Default)]
pub struct Owed {
    last_at: Option<Time>,
    said: (u64, u64),
    /// It asked.
    is_asked: bool,
    /// On which earlier epochs it wants the last word.
    finals: Vec<u64>,
}

impl Owed {
    /// Takes a partner's heads: it wants to know where it stands.
    pub fn on_heads(&mut self, core: &mut Core, inbound: &mut Inbound, heads: &Heads) {
        let partner = inbound.partner.clone();
        if heads.epoch < inbound.epoch {
            let detail = || format!("heads of epoch {} when {} goes on", heads.epoch, inbound.epoch);
            return core.refuse(Some(&partner), Reason::WrongEpoch, detail);
        }
        if heads.epoch > inbound.epoch {
            if core.is_busy() || inbound.untied.is_some() {
                return core.refuse(Some(&partner), Reason::Busy, || {
                    format!("heads of epoch {}", heads.epoch)
                });
            }
            inbound.begin(core, heads.epoch);
        }
        inbound.fetch.heard_of(heads.sequence);
        self.is_asked = true;
        self.finals = heads
            .open
            .iter()
            .map(|open| open.epoch)
            .filter(|epoch| *epoch < heads.epoch)
            .collect();
        // What it does not ask for any more, it knows.
        let last_named = heads.open.last().map_or(u64::MAX, |open| open.epoch);
        let is_known = |epoch: &u64| *epoch <= last_named && !self.finals.contains(epoch);
        let known: Vec<u64> = inbound.finals.keys().copied().filter(is_known).collect();
        for epoch in known {
            inbound.finals.remove(&epoch);
            core.remove(Table::State, keys::closed_epoch(&partner, epoch));
        }
    }

    /// Sends the receipts that are due.
    pub fn pay(&mut self, core: &mut Core, inbound: &Inbound) {
        // Each is kept: while the disk is full none is given.
        if inbound.epoch == 0 || inbound.begins_with.is_some() || core.is_busy() {
            return;
        }
        let mut receipts = Vec::new();
        for epoch in std::mem::take(&mut self.finals) {
            // Of an epoch of which nothing is known, nothing is here, and nothing will be taken.
            let nothing = || Have {
                epoch,
                sequence: 0,
                hash: Hash::opening(inbound.origin, core.me.id, epoch).0.to_vec(),
                beyond: Vec::new(),
                origin: inbound.origin.0.to_vec(),
            };
            let have = inbound.finals.get(&epoch).cloned().unwrap_or_else(nothing);
            receipts.extend(sign(core, inbound, Kind::Closed, have));
        }
        let (sequence, hash) = inbound.durable;
        let is_news = self.said != (inbound.epoch, sequence);
        let is_soon = self.last_at.is_some_and(|at| is_within(core.now, at, RECEIPT_S));
        if self.is_asked || is_news && !is_soon {
            self.is_asked = false;
            self.said = (inbound.epoch, sequence);
            self.last_at = Some(core.now);
            let have = Have {
                epoch: inbound.epoch,
                sequence,
                hash: hash.0.to_vec(),
                beyond: Vec::new(),
                origin: inbound.origin.0.to_vec(),
            };
            receipts.extend(sign(core, inbound, Kind::Receipt, have));
        }
        if !receipts.is_empty() {
            core.send(
                &inbound.partner,
                Lane::Ctl,
                &Parcel {
                    receipts,
                    ..Parcel::default()
                },
            );
        }
    }
}

/// Signs a receipt and keeps it.
fn sign(core: &mut Core, inbound: &Inbound, kind: Kind, have: Have) -> Option<Vec<u8>> {
    let epoch = have.epoch;
    let receipt = Receipt {
        origin: have.origin,
        recipient: core.me.id.0.to_vec(),
        epoch,
        sequence: have.sequence,
        hash: have.hash,
        sent_tai_ns: core.now.tai_ns(),
        closed: kind == Kind::Closed,
        beyond: have.beyond,
    };
    let sealed = seal::seal(&core.me.key, Context::Receipt, &receipt.encode_to_vec()).ok()?;
    let key = keys::of_epoch(kind, &inbound.partner, epoch);
    let value = records::value(&key, &sealed);
    core.put(Table::Inbox, key, value);
    Some(sealed)
}

impl Outbound {
    /// Takes a receipt whose seal was verified.
    pub fn on_receipt(&mut self, core: &mut Core, receipt: Receipt, sealed: &[u8]) {
        let partner = self.partner.clone();
        // On an epoch that is over the word may be that of the partner's next node.
        let open = self.open.get(&receipt.epoch).map(|open| open.recipient);
        let is_its = receipt.recipient == self.recipient.0 || open.is_some_and(|id| receipt.recipient == id.0);
        let is_own = receipt
            .origin
            .as_slice()
            .try_into()
            .is_ok_and(|origin| core.me.is(NodeId(origin)));
        // What is over may have been made with a key that is revoked by now: then the word counts for nothing.
        let is_over = receipt.closed && open.is_some();
        if !(is_its && (is_own || is_over)) {
            return core.refuse(Some(&partner), Reason::WrongRecipient, || "a receipt".to_owned());
        }
        let Ok(hash) = frame::hash("hash", &receipt.hash) else {
            return core.refuse(Some(&partner), Reason::Malformed, || "a receipt".to_owned());
        };
        if receipt.closed {
            if receipt.epoch < self.epoch {
                self.on_last_word(core, receipt, is_own, sealed);
            }
            return;
        }
        if receipt.epoch != self.epoch {
            return;
        }
        let (epoch, sequence) = (receipt.epoch, receipt.sequence);
        let made = self.hash_of(core, sequence);
        if sequence > self.sequence || made.is_some_and(|made| made != hash) {
            let alarm = Alarm::FalseReceipt {
                partner,
                epoch,
                sequence,
            };
            return core.alarm(Some(&self.partner.clone()), alarm);
        }
        if sequence > self.acked {
            self.acked = sequence;
            let key = keys::of_epoch(Kind::Receipt, &self.partner, epoch);
            let value = records::value(&key, sealed);
            core.put(Table::Outbox, key, value);
        }
    }
}
