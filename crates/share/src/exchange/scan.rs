//! The journal is gone through again for one partner: after a start, a change of the rules, or when memory was full.

use super::core::Core;
use super::io::Lane;
use super::keys::{self, Kind};
use super::limits::{GIVEN_PAGE, JOURNAL_PAGE, JOURNAL_PAGE_OCTETS, RESCAN_MAX};
use super::outbox::Outbound;
use super::questions::Question;
use super::records::{self, Given};
use super::refusal::Alarm;
use crate::store::{Page, Range, Table};

/// How far it is.
#[derive(Debug, Default)]
pub struct Scan {
    /// What was given before this start has to be read first; where to go on.
    load_from: Option<Vec<u8>>,
    /// The next place to look at.
    next: Option<u64>,
    /// Whether an answer is awaited.
    is_asked: bool,
    /// Answers of earlier runs are not for this one.
    run: u64,
}

impl Scan {
    /// Goes through the journal from a place on, after it was read what was given.
    pub fn begin_with_load(&mut self, from: u64) {
        self.load_from = Some(Vec::new());
        self.next = Some(from);
    }

    /// Goes through all of the journal that is gone through again.
    pub fn begin(&mut self, journal_next: u64) {
        self.next = Some(journal_next.saturating_sub(RESCAN_MAX));
        self.anew();
    }

    /// Goes back to a place, if it is before.
    pub fn back_to(&mut self, place: u64) {
        self.next = Some(self.next.map_or(place, |next| next.min(place)));
        self.anew();
    }

    /// Answers that are on their way are for the run before.
    fn anew(&mut self) {
        self.run += 1;
        self.is_asked &= self.load_from.is_some();
    }

    /// Whether it is under way.
    pub fn is_going(&self) -> bool {
        self.next.is_some()
    }

    /// Whether it is known what was given before this start.
    pub fn is_loaded(&self) -> bool {
        self.load_from.is_none()
    }

    /// The place it has come to.
    pub fn first(&self) -> Option<u64> {
        self.next
    }
}

impl Outbound {
    /// Asks for the next page, if it is time.
    pub fn go_through(&mut self, core: &mut Core) {
        if self.scan.is_asked {
            return;
        }
        let partner = self.partner.clone();
        if let Some(from) = &self.scan.load_from {
            let all = keys::of_partner(Kind::Given, &partner);
            let range = Range {
                table: Table::Outbox,
                from: if from.is_empty() { all.clone() } else { from.clone() },
                to: keys::end_of(all),
                entries_max: GIVEN_PAGE,
                octets_max: JOURNAL_PAGE_OCTETS,
            };
            self.scan.is_asked = true;
            core.read(vec![range], Question::Load { partner });
            return;
        }
        // Behind what is new: as long as the partner has much to fetch, it gets no more.
        let is_ahead = self.sequence - self.acked > core.limits.scan_frames_ahead;
        let Some(next) = self
            .scan
            .next
            .filter(|_| !is_ahead && self.is_open(core) && !self.may_have_lost(core))
        else {
            return;
        };
        let from = self.given.next_missing(next);
        if from >= core.journal_next {
            self.scan.next = None;
            return;
        }
        self.scan.next = Some(from);
        let range = Range {
            table: Table::Journal,
            from: from.to_be_bytes().to_vec(),
            to: core.journal_next.to_be_bytes().to_vec(),
            entries_max: JOURNAL_PAGE,
            octets_max: JOURNAL_PAGE_OCTETS,
        };
        self.scan.is_asked = true;
        let run = self.scan.run;
        core.read(vec![range], Question::Scan { partner, run, from });
    }

    /// Takes in what was given before this start.
    pub fn on_load(&mut self, core: &mut Core, page: &Page) {
        self.scan.is_asked = false;
        for (key, value) in page {
            match records::decode::<Given>(key, value) {
                Ok(given) => given.places().for_each(|place| self.given.insert(place)),
                // The partner gets those items again, and knows that it has them.
                Err(records::Damaged { key }) => core.alarm(None, Alarm::DamagedRecord { key }),
            }
        }
        self.scan.load_from = page.last().map(|(key, _)| keys::after(key.clone()));
        if self.scan.load_from.is_none() {
            self.given.forget_before(core.journal_next.saturating_sub(RESCAN_MAX));
        }
        self.go_through(core);
    }

    /// Decides a page of the journal.
    pub fn on_scan(&mut self, core: &mut Core, run: u64, from: u64, page: &Page) {
        if run != self.scan.run {
            return;
        }
        self.scan.is_asked = false;
        if !self.is_open(core) {
            return;
        }
        let last = page
            .last()
            .and_then(|(key, _)| Some(u64::from_be_bytes(key.as_slice().try_into().ok()?)));
        for (key, value) in page {
            if let Some((place, entry)) = self.entry(core, key, value) {
                self.consider(core, place, &entry, Lane::Log);
            }
        }
        // An entry that is not there is lost.
        self.scan.next = last
            .map(|last| last + 1)
            .or(Some(core.journal_next))
            .filter(|_| from < core.journal_next);
        self.go_through(core);
    }

    /// Asks for what is due.
    pub fn fetch_due(&mut self, core: &mut Core) {
        if let Some(place) = self.holdback.turn_due(core) {
            self.scan.back_to(place);
        }
        if self.due_asked || !self.is_open(core) || !self.scan.is_loaded() || self.may_have_lost(core) {
            return;
        }
        let places = self.holdback.due(JOURNAL_PAGE);
        if places.is_empty() {
            return;
        }
        self.due_asked = true;
        let partner = self.partner.clone();
        core.read(journal_ranges(&places), Question::Due { partner, places });
    }

    /// Decides what was due.
    pub fn on_due(&mut self, core: &mut Core, places: &[u64], pages: &[Page]) {
        self.due_asked = false;
        if !self.is_open(core) {
            return;
        }
        for place in places {
            self.holdback.done(*place);
        }
        for (key, value) in pages.iter().flatten() {
            if let Some((place, entry)) = self.entry(core, key, value) {
                self.consider(core, place, &entry, Lane::Live);
            }
        }
    }
}

/// Ranges of the journal that hold these places and no others; places ascend.
pub fn journal_ranges(places: &[u64]) -> Vec<Range> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for &place in places {
        match ranges.last_mut() {
            Some((_, end)) if *end == place => *end += 1,
            _ => ranges.push((place, place + 1)),
        }
    }
    let range = |(from, to): (u64, u64)| Range {
        table: Table::Journal,
        from: from.to_be_bytes().to_vec(),
        to: to.to_be_bytes().to_vec(),
        entries_max: JOURNAL_PAGE,
        octets_max: usize::MAX,
    };
    ranges.into_iter().map(range).collect()
}
