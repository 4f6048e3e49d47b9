//! What is to be sent to one partner: a bounded queue a lane, how much may be on its way, and whether anyone is there.
//!
//! The partner says how much of each lane has reached its process, and no more than a window beyond that is given to
//! the network. So nothing waits inside the network, where the threads of all partners would wait with it; a partner
//! that is frozen or slow makes its own queue full, which is refused and counted here. No clock: time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Counts, Lane};

/// How long a partner may be silent before it counts as gone.
pub const SILENCE: Duration = Duration::from_secs(2);

/// How often it is told that this end is there, at least.
pub const BEAT: Duration = Duration::from_millis(400);

/// How long what is on its way may make no progress, while the partner is there, before it counts as lost.
const STALL: Duration = Duration::from_secs(5);

/// How much may wait for a partner, in each lane.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages.
    pub messages_max: usize,
    /// Octets.
    pub octets_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_max: 8192,
            octets_max: 8 * 1024 * 1024,
        }
    }
}

/// Octets of a lane that may be on their way. Below what QUIC lets one stream hold (1.25 MB), so that it never waits.
pub(super) const fn window_octets(lane: Lane) -> u64 {
    match lane {
        Lane::Ctl => 256 * 1024,
        Lane::Live => 512 * 1024,
        Lane::Log => 1024 * 1024,
    }
}

/// Why a message was not queued.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full { waiting: usize },
    Closed,
}

/// What the sender does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Send this message; its lane has carried so many octets with it.
    Message { lane: Lane, mark: u64, octets: Vec<u8> },
    /// Tell the partner how much of each lane has reached the process: [`Lane`] as index.
    Beat([u64; 3]),
    /// Tell the process that the partner can or cannot be reached.
    Change(bool),
    /// Nothing for so long.
    Wait(Duration),
    /// Nothing more at all.
    Stop,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<Vec<u8>>,
    octets: usize,
    /// Octets given to the network, since the link was opened.
    sent: u64,
    /// How far the partner has them.
    seen: u64,
    /// When that last moved, or nothing was on its way.
    moved: Duration,
    /// Octets of the partner's that have reached the process, and how many of them it was told of.
    delivered: u64,
    told: u64,
    counts: Counts,
}

impl Queue {
    fn on_its_way(&self) -> u64 {
        self.sent - self.seen
    }

    fn drop_all(&mut self) {
        self.counts.lost += self.messages.len() as u64;
        self.messages.clear();
        self.octets = 0;
    }
}

/// What is to be sent to one partner.
pub(super) struct Outbound {
    limits: Limits,
    queues: [Queue; 3],
    /// Whether the partner listens, by the network.
    is_matching: bool,
    heard: Option<Duration>,
    is_up: bool,
    beat_due: Duration,
    is_beat_wanted: bool,
    is_stopped: bool,
}

impl Outbound {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            queues: Default::default(),
            is_matching: false,
            heard: None,
            is_up: false,
            beat_due: Duration::ZERO,
            is_beat_wanted: false,
            is_stopped: false,
        }
    }

    pub(super) fn push(&mut self, lane: Lane, octets: Vec<u8>) -> Result<(), Refused> {
        let queue = &mut self.queues[lane as usize];
        if !self.is_up || self.is_stopped {
            queue.counts.closed += 1;
            return Err(Refused::Closed);
        }
        let waiting = queue.messages.len();
        if waiting >= self.limits.messages_max || queue.octets + octets.len() > self.limits.octets_max {
            queue.counts.full += 1;
            return Err(Refused::Full { waiting });
        }
        queue.octets += octets.len();
        queue.messages.push_back(octets);
        Ok(())
    }

    /// The network says whether the partner listens.
    pub(super) fn matching(&mut self, is_matching: bool) {
        if self.is_matching && !is_matching {
            // The connection went, and what was on its way with it.
            for queue in &mut self.queues {
                queue.seen = queue.sent;
            }
        }
        self.is_matching = is_matching;
        self.is_beat_wanted |= is_matching;
    }

    /// Something of the partner arrived; a beat says how far it has each lane. Returns whether the sender has to look.
    pub(super) fn heard(&mut self, now: Duration, seen: Option<[u64; 3]>) -> bool {
        let was_silent = self.heard.replace(now).is_none_or(|heard| now >= heard + SILENCE);
        let mut has_room = false;
        for (queue, seen) in self.queues.iter_mut().zip(seen.into_iter().flatten()) {
            // It may speak of the time before one of us was started anew.
            if seen > queue.seen && seen <= queue.sent {
                queue.seen = seen;
                queue.moved = now;
                has_room |= !queue.messages.is_empty();
            }
        }
        was_silent || !self.is_up || has_room
    }

    /// A message of the partner reached the process, and its lane had carried so many octets with it. Returns whether
    /// the sender has to look.
    pub(super) fn delivered(&mut self, lane: Lane, mark: u64) -> bool {
        let queue = &mut self.queues[lane as usize];
        // After a new start of the partner its marks begin anew.
        if mark < queue.told {
            queue.told = 0;
        }
        queue.delivered = mark;
        let is_wanted = mark - queue.told >= window_octets(lane) / 4;
        self.is_beat_wanted |= is_wanted;
        is_wanted
    }

    /// Drops frames that wait; what waits of control goes out.
    pub(super) fn withdraw(&mut self) {
        self.queues[Lane::Live as usize].drop_all();
        self.queues[Lane::Log as usize].drop_all();
    }

    pub(super) fn stop(&mut self) {
        self.is_stopped = true;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    pub(super) fn waiting(&self, lane: Lane) -> usize {
        self.queues[lane as usize].messages.len()
    }

    pub(super) fn counts(&self, lane: Lane) -> Counts {
        self.queues[lane as usize].counts
    }

    /// What the sender does now.
    pub(super) fn next(&mut self, now: Duration) -> Next {
        if self.is_stopped {
            self.queues.iter_mut().for_each(Queue::drop_all);
            return Next::Stop;
        }
        let is_heard = self.heard.is_some_and(|heard| now < heard + SILENCE);
        let is_up = self.is_matching && is_heard;
        if is_up != self.is_up {
            self.is_up = is_up;
            self.is_beat_wanted = true;
            if !is_up {
                self.queues.iter_mut().for_each(Queue::drop_all);
            }
            return Next::Change(is_up);
        }
        if self.is_beat_wanted || now >= self.beat_due {
            self.is_beat_wanted = false;
            self.beat_due = now + BEAT;
            for queue in &mut self.queues {
                queue.told = queue.delivered;
            }
            return Next::Beat(std::array::from_fn(|lane| self.queues[lane].delivered));
        }
        if let Some(message) = Lane::ALL.into_iter().find_map(|lane| self.take(lane, now)) {
            return message;
        }
        Next::Wait(self.beat_due - now)
    }

    /// Takes the next message of a lane, if its window has room.
    fn take(&mut self, lane: Lane, now: Duration) -> Option<Next> {
        let queue = &mut self.queues[lane as usize];
        if queue.on_its_way() == 0 {
            queue.moved = now;
        } else if now >= queue.moved + STALL {
            (queue.seen, queue.moved) = (queue.sent, now);
        }
        let length = queue.messages.front()?.len() as u64;
        let on_its_way = queue.on_its_way();
        if on_its_way > 0 && on_its_way + length > window_octets(lane) {
            return None;
        }
        let octets = queue.messages.pop_front()?;
        queue.octets -= octets.len();
        queue.sent += length;
        queue.counts.sent += 1;
        Some(Next::Message {
            lane,
            mark: queue.sent,
            octets,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// An end that is up at the time 0.
    fn up(limits: Limits) -> Outbound {
        let mut end = Outbound::new(limits);
        end.matching(true);
        end.heard(Duration::ZERO, None);
        assert_eq!(end.next(Duration::ZERO), Next::Change(true));
        assert_eq!(end.next(Duration::ZERO), Next::Beat([0; 3]));
        end
    }

    fn sent(end: &mut Outbound, now: Duration) -> Vec<(Lane, usize)> {
        let mut all = Vec::new();
        loop {
            match end.next(now) {
                Next::Message { lane, octets, .. } => all.push((lane, octets.len())),
                Next::Wait(_) => return all,
                _ => {}
            }
        }
    }

    #[test]
    fn nobody_there_nothing_taken() {
        let mut end = Outbound::new(Limits::default());
        assert_eq!(end.push(Lane::Live, vec![0]), Err(Refused::Closed));
        // One that listens but says nothing is not there, and neither is one that speaks but does not listen.
        end.matching(true);
        assert!(matches!(end.next(Duration::ZERO), Next::Beat(_)));
        assert_eq!(end.push(Lane::Live, vec![0]), Err(Refused::Closed));
        end.matching(false);
        end.heard(MS, None);
        assert!(!matches!(end.next(MS), Next::Change(_)));
        assert_eq!(end.push(Lane::Live, vec![0]), Err(Refused::Closed));
        assert_eq!(end.counts(Lane::Live).closed, 3);
    }

    #[test]
    fn the_urgent_goes_first_and_each_lane_in_order() {
        let mut end = up(Limits::default());
        for (lane, length) in [
            (Lane::Log, 1),
            (Lane::Live, 2),
            (Lane::Log, 3),
            (Lane::Ctl, 4),
            (Lane::Live, 5),
        ] {
            end.push(lane, vec![0; length]).unwrap();
        }
        let order = [
            (Lane::Ctl, 4),
            (Lane::Live, 2),
            (Lane::Live, 5),
            (Lane::Log, 1),
            (Lane::Log, 3),
        ];
        assert_eq!(sent(&mut end, MS), order);
    }

    #[test]
    fn frames_that_wait_are_withdrawn_and_control_is_not() {
        let mut end = up(Limits::default());
        for lane in [Lane::Live, Lane::Log, Lane::Ctl] {
            end.push(lane, vec![0; 7]).unwrap();
        }
        end.withdraw();
        assert_eq!(sent(&mut end, MS), [(Lane::Ctl, 7)]);
        assert_eq!((end.counts(Lane::Live).lost, end.counts(Lane::Log).lost), (1, 1));
        end.push(Lane::Live, vec![0; 8]).unwrap();
        assert_eq!(sent(&mut end, MS), [(Lane::Live, 8)]);
    }

    #[test]
    fn a_frozen_partner_gets_one_window_then_its_queue_is_full_and_then_it_is_gone() {
        let mut end = up(Limits {
            messages_max: 10,
            octets_max: usize::MAX,
        });
        let length = 64 * 1024;
        let mut given = 0;
        while end.push(Lane::Live, vec![0; length]).is_ok() {
            given += sent(&mut end, MS).len();
        }
        assert_eq!(given as u64, window_octets(Lane::Live) / length as u64);
        assert_eq!(end.push(Lane::Live, vec![0]), Err(Refused::Full { waiting: 10 }));
        assert_eq!(end.counts(Lane::Live).full, 2);
        // The other lanes have windows of their own.
        end.push(Lane::Ctl, vec![0]).unwrap();
        assert_eq!(sent(&mut end, MS), [(Lane::Ctl, 1)]);
        assert_eq!(end.next(SILENCE), Next::Change(false));
        assert_eq!(end.counts(Lane::Live).lost, 10);
        assert_eq!(end.push(Lane::Live, vec![0]), Err(Refused::Closed));
    }

    #[test]
    fn the_window_opens_as_far_as_the_partner_says() {
        let mut end = up(Limits::default());
        let length = 64 * 1024;
        for _ in 0..16 {
            end.push(Lane::Live, vec![0; length]).unwrap();
        }
        assert_eq!(sent(&mut end, MS).len(), 8);
        let seen = |live: usize| [live as u64, 0, 0];
        assert!(end.heard(2 * MS, Some(seen(3 * length))));
        assert_eq!(sent(&mut end, 2 * MS).len(), 3);
        // What it cannot have, it does not have.
        assert!(!end.heard(3 * MS, Some(seen(100 * length))));
        assert_eq!(sent(&mut end, 3 * MS).len(), 0);
    }

    #[test]
    fn what_was_lost_on_the_way_does_not_close_the_window_for_good() {
        let mut end = up(Limits::default());
        for _ in 0..20 {
            end.push(Lane::Live, vec![0; 64 * 1024]).unwrap();
        }
        assert_eq!(sent(&mut end, MS).len(), 8);
        let mut now = MS;
        while now < MS + STALL {
            end.heard(now, Some([0; 3]));
            assert_eq!(sent(&mut end, now).len(), 0);
            now += BEAT;
        }
        end.heard(now, Some([0; 3]));
        assert_eq!(sent(&mut end, now).len(), 8);
    }

    #[test]
    fn a_new_connection_begins_with_an_open_window() {
        let mut end = up(Limits::default());
        end.push(Lane::Log, vec![0; 200_000]).unwrap();
        assert_eq!(sent(&mut end, MS).len(), 1);
        end.matching(false);
        assert_eq!(end.next(MS), Next::Change(false));
        end.matching(true);
        assert_eq!(end.next(MS), Next::Change(true));
        for _ in 0..5 {
            end.push(Lane::Log, vec![0; 200_000]).unwrap();
        }
        assert_eq!(sent(&mut end, MS).len(), 5);
    }

    #[test]
    fn the_partner_is_told_in_time_what_arrived() {
        let mut end = up(Limits::default());
        let quarter = window_octets(Lane::Log) / 4;
        assert!(!end.delivered(Lane::Log, quarter - 1));
        assert!(matches!(end.next(MS), Next::Wait(_)));
        assert!(end.delivered(Lane::Log, quarter));
        let beat = end.next(MS);
        assert_eq!(beat, Next::Beat([0, quarter, 0]));
        // The partner was started anew, and its marks with it.
        assert!(!end.delivered(Lane::Log, 10));
        assert!(matches!(end.next(2 * BEAT), Next::Beat([0, 10, 0])));
    }
}
