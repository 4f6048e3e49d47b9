//! The link to one partner, with what is counted about it.

use std::sync::Arc;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

use super::Event;
use crate::link::zenoh::ZenohLink;
use crate::link::{Lane, Link, NotSent};
use crate::metrics::Metrics;

/// A link, counted.
pub(super) struct Channel {
    link: ZenohLink<Event>,
    sent: Counter,
    full: Counter,
    closed: Counter,
    long: Counter,
    /// What waits in each lane: to be sent, and arrived.
    queues: [(Lane, [Gauge; 2]); 3],
}

impl Channel {
    pub(super) fn new(partner: &Arc<str>, link: ZenohLink<Event>, metrics: &Metrics) -> Self {
        let queues = Lane::ALL.map(|lane| {
            let queue = |way| metrics.queue(&format!("{way} {partner} {}", lane.name()));
            (lane, ["to", "from"].map(queue))
        });
        Self {
            link,
            queues,
            sent: metrics.link_messages(partner, "out"),
            full: metrics.link_not_sent(partner, "full"),
            closed: metrics.link_not_sent(partner, "closed"),
            long: metrics.link_not_sent(partner, "long"),
        }
    }

    /// Sends, or counts why not: what was not sent comes from the log later.
    pub(super) fn send(&mut self, lane: Lane, octets: Vec<u8>) {
        match self.link.send(lane, octets) {
            Ok(()) => self.sent.inc(),
            Err(NotSent::Full { .. }) => self.full.inc(),
            Err(NotSent::Closed { .. }) => self.closed.inc(),
            Err(NotSent::Long { .. }) => self.long.inc(),
        };
    }

    /// Drops frames that were handed over and have not left.
    pub(super) fn withdraw(&self) {
        self.link.withdraw();
    }

    /// Closes the link, and waits until the partner has been told.
    pub(super) fn close(self) {
        self.link.close();
    }

    /// Brings the metrics up to what waits.
    pub(super) fn show(&self) {
        for (lane, [to_send, arrived]) in &self.queues {
            let waiting = self.link.waiting(*lane);
            to_send.set(waiting.to_send as i64);
            arrived.set(waiting.arrived as i64);
        }
    }

    /// Messages that were not sent.
    pub(super) fn not_sent(&self) -> u64 {
        self.full.get() + self.closed.get() + self.long.get()
    }
}
