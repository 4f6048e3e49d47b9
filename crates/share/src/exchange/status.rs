//! Where an exchange stands, for metrics and for people.

use std::sync::Arc;

use geo::Time;

use super::Exchange;
use super::clock::ClockOffset;

/// Where an exchange stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Entries of the journal.
    pub journal: u64,
    /// Each partner.
    pub partners: Vec<PartnerStatus>,
}

/// Where things stand with a partner.
#[derive(Clone, Debug, PartialEq)]
pub struct PartnerStatus {
    /// The partner.
    pub owner: Arc<str>,
    /// Whether it can be reached, and is believed.
    pub is_up: bool,
    /// The epoch of the frames to it.
    pub epoch: u64,
    /// The last frame to it.
    pub sequence: u64,
    /// The last that is on this disk.
    pub durable: u64,
    /// The last that is on the partner's disk, by its receipt.
    pub acknowledged: u64,
    /// Earlier epochs on which it has not said its last word.
    pub epochs_open: usize,
    /// Items that are held back or wait to be read.
    pub waiting: usize,
    /// Whether the journal is being gone through again.
    pub is_scanning: bool,
    /// When the last frame to it was signed, since the start.
    pub sent_at: Option<Time>,
    /// The epoch of its frames.
    pub epoch_in: u64,
    /// Every frame of it up to this one is here.
    pub contiguous: u64,
    /// The last frame of it that is known to be.
    pub head: u64,
    /// How far its clock is from this one.
    pub clock: Option<ClockOffset>,
}

impl Exchange {
    /// Where it stands now.
    pub fn status(&self) -> Status {
        let partner = |(owner, peer): (&Arc<str>, &super::peer::Peer)| {
            let (outbound, inbound) = (&peer.outbound, &peer.inbound);
            PartnerStatus {
                owner: owner.clone(),
                is_up: outbound.is_up,
                epoch: outbound.epoch,
                sequence: outbound.sequence,
                durable: outbound.durable,
                acknowledged: outbound.acked,
                epochs_open: outbound.open.len(),
                waiting: outbound.holdback.waiting(),
                is_scanning: outbound.scan.is_going(),
                sent_at: outbound.sent_at,
                epoch_in: inbound.epoch,
                contiguous: inbound.contiguous,
                head: inbound.fetch.head().max(inbound.last()),
                clock: peer.clock.offset(self.core.now),
            }
        };
        Status {
            journal: self.core.journal_next,
            partners: self.peers.iter().map(partner).collect(),
        }
    }
}
