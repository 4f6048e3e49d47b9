//! Gaps in the frames of a partner: asked for when reordering had its time to close them, one page at a time.

use geo::Time;
use wire::messages::Request;

use super::core::Core;
use super::inbox::Inbound;
use super::limits::{GAP_PATIENCE_S, REQUEST_RETRY_S};
use super::sabotage::Sabotage;

/// What is missing, and what was asked.
#[derive(Debug, Default)]
pub struct Fetch {
    /// The last frame that is known to be.
    head: u64,
    gap_since: Option<Time>,
    asked: Option<(Time, u64)>,
}

impl Fetch {
    /// Notes that a frame exists.
    pub fn heard_of(&mut self, sequence: u64) {
        self.head = self.head.max(sequence);
    }

    /// The last frame that is known to be.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Forgets what was asked: the link was cut.
    pub fn reset(&mut self) {
        self.asked = None;
    }
}

/// Whether an instant is less than a span ago. A clock that went back counts as long ago.
pub fn is_within(now: Time, at: Time, span_s: f64) -> bool {
    (0.0..span_s).contains(&now.since_s(at))
}

impl Inbound {
    /// The request that is due.
    pub fn wanted(&mut self, core: &Core) -> Option<Request> {
        let head = self.fetch.head.max(self.last());
        if head <= self.contiguous || core.is_broken(Sabotage::NeverFetch) {
            self.fetch.gap_since = None;
            self.fetch.asked = None;
            return None;
        }
        let since = *self.fetch.gap_since.get_or_insert(core.now);
        if is_within(core.now, since, GAP_PATIENCE_S) {
            return None;
        }
        let from = self.contiguous + 1;
        // Again at once when a page brought some of it, after a while when it did not.
        let waits = |(at, asked_from)| asked_from == from && is_within(core.now, at, REQUEST_RETRY_S);
        if self.fetch.asked.is_some_and(waits) {
            return None;
        }
        self.fetch.asked = Some((core.now, from));
        let to = self.first_beyond().map_or(head, |at| at - 1);
        Some(Request {
            epoch: self.epoch,
            from,
            to,
        })
    }
}
