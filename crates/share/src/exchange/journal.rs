//! Own items, and those that are given on, in the order in which they were accepted.

use std::sync::Arc;

use super::Exchange;
use super::io::{Lane, Output};
use super::keys;
use super::limits::SKEW_S_MAX;
use super::questions::Question;
use super::records::{self, Entry, JournalEnd};
use super::refusal::Reason;
use super::rules::OwnItem;
use crate::encode::{self, item_id};
use crate::item::ItemId;
use crate::store::{Page, Table};

impl Exchange {
    /// Accepts own items, after it is known that they are not in the journal already.
    pub(super) fn accept(&mut self, items: Vec<OwnItem>) {
        if !self.may_accept() {
            let batches = self.core.limits.batches_unsynced_max;
            for _ in &items {
                let detail = || format!("{batches} batches wait for the disk");
                self.core.refuse(None, Reason::Busy, detail);
            }
            return;
        }
        let (mut to_look_up, mut ranges) = (Vec::new(), Vec::new());
        for own in items {
            let octets = encode::body_octets(&own.body);
            let id = item_id(&self.core.me.owner, &octets);
            // What came back from a partner was let in once.
            let is_back = self.peers.values().any(|peer| peer.outbound.recovered.is_awaited(id));
            let core = &mut self.core;
            // An item that others would refuse is not let in either.
            if let Err(error) = encode::body_of(&octets) {
                core.refuse(None, Reason::BadItem, || error.to_string());
                continue;
            }
            let ahead_s = own.body.time().since_s(core.now);
            if ahead_s > SKEW_S_MAX && !is_back {
                core.refuse(None, Reason::FutureDated, || {
                    format!("an own item of {ahead_s:.3} s from now")
                });
                continue;
            }
            match core.seen.lookup(own.body.time(), id) {
                None => self.journal(own, id),
                Some(range) => {
                    ranges.push(range);
                    to_look_up.push((own, id));
                }
            }
        }
        if !to_look_up.is_empty() {
            self.core.read(ranges, Question::Accept { items: to_look_up });
        }
    }

    /// Accepts own items that were looked up.
    pub(super) fn on_accept_looked_up(&mut self, items: Vec<(OwnItem, ItemId)>, pages: &[Page]) {
        for ((own, id), page) in items.into_iter().zip(pages) {
            let is_there = page
                .first()
                .is_some_and(|(key, value)| records::content(key, value).is_ok());
            if is_there {
                self.settle(id);
                self.core.refuse(None, Reason::Duplicate, || format!("own item {id}"));
            } else {
                self.journal(own, id);
            }
        }
    }

    /// Puts an own item at the end of the journal and decides it for each partner.
    fn journal(&mut self, own: OwnItem, id: ItemId) {
        self.settle(id);
        let core = &mut self.core;
        if !core.seen.insert(own.body.time(), id) {
            return core.refuse(None, Reason::Duplicate, || format!("own item {id}"));
        }
        let key = keys::of_item(own.body.time(), id);
        let value = records::value(&key, &[]);
        core.put(Table::Inbox, key, value);
        core.say(Output::Accepted { id });
        let entry = Entry::Own(own);
        let place = self.append(&entry);
        for peer in self.peers.values_mut() {
            peer.outbound.consider(&mut self.core, place, &entry, Lane::Live);
        }
    }

    /// An item is in the journal: nobody waits for it to be offered again.
    fn settle(&mut self, id: ItemId) {
        for peer in self.peers.values_mut() {
            peer.outbound.recovered.is_settled(id);
        }
    }

    /// Gives on what came in this step and may be.
    pub(super) fn relay(&mut self) {
        for (sealed, from) in std::mem::take(&mut self.core.to_relay) {
            let is_for = |to: &Arc<str>| super::relay::is_for(&sealed, &from, to, &self.core.me.owner);
            let may = self
                .peers
                .values()
                .any(|peer| peer.outbound.may_relay && is_for(peer.owner()));
            if !may {
                continue;
            }
            let entry = Entry::Relayed { sealed, from };
            let place = self.append(&entry);
            for peer in self.peers.values_mut() {
                peer.outbound.consider(&mut self.core, place, &entry, Lane::Live);
            }
        }
    }

    fn append(&mut self, entry: &Entry) -> u64 {
        let core = &mut self.core;
        let place = core.journal_next;
        core.journal_next += 1;
        let key = place.to_be_bytes().to_vec();
        let value = entry.value(&key);
        core.put(Table::Journal, key, value);
        self.is_longer = true;
        place
    }

    /// Writes where the journal ends, if that changed in this step.
    pub(super) fn write_end(&mut self) {
        if std::mem::take(&mut self.is_longer) {
            let next = self.core.journal_next;
            for key in keys::JOURNAL_ENDS {
                self.core.write(Table::State, key.to_vec(), &JournalEnd { next });
            }
        }
    }
}
