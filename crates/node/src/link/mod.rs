//! The way to one partner and back.

use std::sync::Arc;

/// Which of the three ways to a partner octets take.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// New frames, at once; may be lost, the log refills them.
    Live,
    /// Pages of the log, behind everything else.
    Log,
    /// Heads, receipts, rosters, digests: small, ahead of everything.
    Ctl,
}

/// Something came from a partner, or its link changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// Octets arrived.
    Octets {
        /// The owner at the other end, by its certificate.
        from: Arc<str>,
        /// On which way.
        lane: Lane,
        /// What arrived, unverified.
        octets: Vec<u8>,
    },
    /// The partner can be reached.
    Up {
        /// The owner at the other end.
        partner: Arc<str>,
    },
    /// The partner cannot be reached.
    Down {
        /// The owner at the other end.
        partner: Arc<str>,
    },
}

/// Octets were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The queue to the partner is full.
    #[error("the queue to {partner} is full, {waiting} messages wait")]
    Full {
        /// The owner at the other end.
        partner: Arc<str>,
        /// How many messages wait.
        waiting: usize,
    },
    /// The link is closed.
    #[error("the link to {partner} is closed")]
    Closed {
        /// The owner at the other end.
        partner: Arc<str>,
    },
}

/// The way to one partner. What comes back arrives as [`LinkEvent`] on the channel the link was opened with.
pub trait Link: Send {
    /// Queues octets without waiting. Errors: [`NotSent`], and then nothing was queued.
    fn send(&self, lane: Lane, octets: Vec<u8>) -> Result<(), NotSent>;
}
