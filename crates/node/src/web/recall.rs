//! Items that were accepted, read back out of the log.
//!
//! The log says what was accepted, in which order, and when partners sent it; when it came is not in it. The entries of
//! each owner are a stream, in which times go up as keys do, but for what came late.

use std::sync::Arc;

use geo::Time;
use share::exchange::recall::{Recalled, frames_of, journal, of_frame, own};
use share::item::Body;
use share::store::{Page, Range};

use crate::store::{DiskStore, StoreError};

/// Entries and octets that are read at once.
const PAGE: (usize, usize) = (1_024, 4 << 20);
/// Entries that are looked at for one that has a time, at most.
const LOOKED_MAX: usize = 64;

/// The log of a node.
#[derive(Clone)]
pub(super) struct Log {
    pub store: DiskStore,
    /// All owners, the node's own first.
    pub owners: Vec<Arc<str>>,
}

/// What was accepted from one owner.
struct Stream<'a> {
    store: &'a DiskStore,
    owner: &'a Arc<str>,
    is_own: bool,
    /// All of it; keys are those of its beginning and numbers behind them.
    range: Range,
}

/// What was found around a time.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// In the order in which it was sent.
    pub items: Vec<Recalled>,
    /// Nothing that was sent before this, and after the first, is missing.
    pub until: Option<Time>,
}

impl Log {
    fn streams(&self) -> impl Iterator<Item = Stream<'_>> {
        self.owners.iter().enumerate().map(|(at, owner)| Stream {
            store: &self.store,
            owner,
            is_own: at == 0,
            range: if at == 0 { journal() } else { frames_of(owner) },
        })
    }

    /// When the oldest item was sent.
    pub fn begins(&self) -> Option<Time> {
        let firsts = self.streams().filter_map(|stream| stream.first_after(0));
        firsts.min()
    }

    /// The newest items, so many at most, none older than the newest by more than `span_s`.
    pub fn newest(&self, items_max: usize, span_s: f64) -> Vec<Recalled> {
        let each = items_max / self.owners.len().max(1);
        let mut all: Vec<Recalled> = self
            .streams()
            .flat_map(|stream| stream.back_from(None, each, span_s))
            .collect();
        let last = all.iter().map(|of| of.sent).max();
        all.retain(|of| last.is_some_and(|last| last - of.sent <= span_s));
        all.sort_by_key(|of| of.sent);
        all
    }

    /// The items of `span_s` before a time, and those after it until another, half of so many of each at most.
    pub fn around(&self, time: Time, until: Time, span_s: f64, items_max: usize) -> Around {
        let each = items_max / 2 / self.owners.len().max(1);
        let mut found = Around {
            items: Vec::new(),
            until: Some(until),
        };
        for stream in self.streams() {
            let from = stream.key_at(time);
            let before = stream.back_from(Some(from.clone()), each, span_s);
            found
                .items
                .extend(before.into_iter().filter(|of| time - of.sent <= span_s));
            let (after, is_cut) = stream.on_from(from, each, until);
            if is_cut {
                found.until = found.until.min(after.iter().map(|of| of.sent).max());
            }
            found.items.extend(after);
        }
        found.items.retain(|of| Some(of.sent) <= found.until);
        found.items.sort_by_key(|of| of.sent);
        found
    }
}

impl Stream<'_> {
    /// The items of an entry, but for sensors: those are of no time.
    fn items(&self, (key, value): &(Vec<u8>, Vec<u8>)) -> Vec<Recalled> {
        let mut items: Vec<Recalled> = match self.is_own {
            true => own(self.owner, key, value).into_iter().collect(),
            false => of_frame(self.owner, key, value),
        };
        items.retain(|of| !matches!(of.item.body, Body::Sensor(_)));
        items
    }

    /// A bound for its keys by their numbers, the first octets counting most; no key lies before that of 0.
    fn key(&self, number: u128) -> Vec<u8> {
        let mut key = self.range.from.clone();
        if number > 0 {
            key.extend(number.to_be_bytes());
        }
        key
    }

    /// When the first item of what is no sensor was sent, from a number on.
    fn first_after(&self, number: u128) -> Option<Time> {
        let range = Range {
            from: self.key(number),
            entries_max: LOOKED_MAX,
            octets_max: PAGE.1,
            ..self.range.clone()
        };
        // What is damaged is no time.
        let page = self.store.read(&range).unwrap_or_default();
        let mut times = page
            .iter()
            .map(|entry| self.items(entry).iter().map(|of| of.sent).max());
        times.find_map(|sent| sent)
    }

    /// The key from which on it goes on at a time.
    fn key_at(&self, time: Time) -> Vec<u8> {
        // What stands before the first was sent before, and nothing from the second on.
        let (mut first, mut second) = (0_u128, u128::MAX);
        while first < second {
            let middle = first + (second - first) / 2;
            match self.first_after(middle) {
                Some(sent) if sent < time => first = middle + 1,
                _ => second = middle,
            }
        }
        self.key(first)
    }

    /// The last items before a key, or of all, so many at most, back to `span_s` before the last.
    fn back_from(&self, key: Option<Vec<u8>>, items_max: usize, span_s: f64) -> Vec<Recalled> {
        let mut range = self.range.clone();
        (range.entries_max, range.octets_max) = PAGE;
        range.to = key.unwrap_or(range.to);
        let mut found: Vec<Recalled> = Vec::new();
        let mut last: Option<Time> = None;
        loop {
            let page = self.store.read_last(&range).unwrap_or_else(complain);
            let Some((oldest, _)) = page.last() else { return found };
            range.to.clone_from(oldest);
            for entry in &page {
                let here = self.items(entry);
                let newest = here.iter().map(|of| of.sent).max();
                last = last.or(newest);
                let is_old = newest.zip(last).is_some_and(|(newest, last)| last - newest > span_s);
                if is_old || found.len() + here.len() > items_max {
                    return found;
                }
                found.extend(here);
            }
        }
    }

    /// The items from a key on, so many at most, until a time; and whether there are more before that.
    fn on_from(&self, key: Vec<u8>, items_max: usize, until: Time) -> (Vec<Recalled>, bool) {
        let mut range = self.range.clone();
        (range.entries_max, range.octets_max) = PAGE;
        range.from = key;
        let mut found: Vec<Recalled> = Vec::new();
        loop {
            let page = self.store.read(&range).unwrap_or_else(complain);
            let Some((newest, _)) = page.last() else {
                return (found, false);
            };
            range.from = newest.iter().copied().chain([0]).collect();
            for entry in &page {
                let here = self.items(entry);
                if here.iter().any(|of| of.sent > until) {
                    return (found, false);
                }
                if found.len() + here.len() > items_max {
                    return (found, true);
                }
                found.extend(here);
            }
        }
    }
}

fn complain(error: StoreError) -> Page {
    tracing::warn!("the log cannot be read for what was before: {error}");
    Page::new()
}
