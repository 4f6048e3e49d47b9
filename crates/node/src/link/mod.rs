//! The way to one partner and back.

mod inbound;
pub mod memory;
mod outbound;
pub mod zenoh;

use std::sync::Arc;

pub use share::exchange::Lane;
pub use share::exchange::limits::PARCEL_OCTETS_MAX as MESSAGE_OCTETS_MAX;

/// Something came from a partner, or its link changed.
///
/// Octets may come before [`LinkEvent::Up`] and after [`LinkEvent::Down`]: both ends see a change each at its own time.
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
    /// The partner cannot be reached. What was queued or on its way is lost.
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
    /// The link is closed, or the partner cannot be reached.
    #[error("the link to {partner} is closed")]
    Closed {
        /// The owner at the other end.
        partner: Arc<str>,
    },
    /// The message is longer than any link takes.
    #[error("a message of {octets} octets to {partner}; the longest has {MESSAGE_OCTETS_MAX}")]
    Long {
        /// The owner at the other end.
        partner: Arc<str>,
        /// How long it is.
        octets: usize,
    },
}

/// What one lane of a link did since it was opened, in messages.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Given to the network.
    pub sent: u64,
    /// Refused, because the queue was full.
    pub full: u64,
    /// Refused, because the partner could not be reached.
    pub closed: u64,
    /// Taken, but lost as the partner went away.
    pub lost: u64,
    /// Delivered.
    pub received: u64,
    /// Arrived too long or too short, and dropped.
    pub malformed: u64,
    /// Arrived beyond what this end had asked for, and dropped.
    pub overflow: u64,
}

/// How many messages of one lane wait at this end.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Taken, until the network has room for them.
    pub to_send: usize,
    /// Arrived, until the process has room for them.
    pub arrived: usize,
}

/// The way to one partner. What comes back arrives as [`LinkEvent`] on the channel the link was opened with.
pub trait Link: Send {
    /// Queues octets without waiting. Errors: [`NotSent`], and then nothing was queued.
    fn send(&self, lane: Lane, octets: Vec<u8>) -> Result<(), NotSent>;

    /// Drops what waits on the live and log lanes: it counts as lost. What is on its way already cannot be called back.
    fn withdraw(&self);

    /// Returns what a lane did since the link was opened.
    fn counts(&self, lane: Lane) -> Counts;

    /// Returns what of a lane waits now.
    fn waiting(&self, lane: Lane) -> Waiting;
}
