//! What arrived, on its way into the process: never waits on the network's threads, and bounded.
//!
//! The network's threads serve all partners, so they may not wait for the process. What does not fit into its channel
//! at once waits here, and a thread of this partner alone waits for room.

use std::collections::VecDeque;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{io, thread};

use super::{Counts, Lane, LinkEvent};

/// Messages of one lane that may wait here.
const WAITING_MAX: usize = 4096;

/// A message that waits.
struct Message<E> {
    mark: u64,
    octets: usize,
    event: E,
}

/// One lane's messages that wait.
struct Waiting<E> {
    messages: VecDeque<Message<E>>,
    octets: usize,
    counts: Counts,
}

struct Backlog<E> {
    /// Changes of the link that were not told yet; true is up.
    changes: VecDeque<bool>,
    lanes: [Waiting<E>; 3],
    /// Whether the thread holds something that nothing may overtake.
    is_busy: bool,
    is_closed: bool,
}

impl<E> Backlog<E> {
    fn new() -> Self {
        let lane = || Waiting {
            messages: VecDeque::new(),
            octets: 0,
            counts: Counts::default(),
        };
        Self {
            changes: VecDeque::new(),
            lanes: [lane(), lane(), lane()],
            is_busy: false,
            is_closed: false,
        }
    }

    fn is_empty(&self) -> bool {
        !self.is_busy && self.changes.is_empty() && self.lanes.iter().all(|lane| lane.messages.is_empty())
    }
}

/// The way of one partner's messages into the channel of the process.
pub(super) struct Inbound<E> {
    partner: Arc<str>,
    to: SyncSender<E>,
    backlog: Mutex<Backlog<E>>,
    changed: Condvar,
    /// Octets of one lane that may wait here.
    octets_max: usize,
    /// Told of every message that reached the process: its lane, and the mark it came with.
    delivered: Box<dyn Fn(Lane, u64) + Send + Sync>,
}

impl<E: From<LinkEvent> + Send + 'static> Inbound<E> {
    /// Starts the way, with a thread that ends when it is closed or the receiver is gone.
    pub(super) fn start(
        partner: Arc<str>,
        to: SyncSender<E>,
        octets_max: usize,
        delivered: impl Fn(Lane, u64) + Send + Sync + 'static,
    ) -> io::Result<Arc<Self>> {
        let inbound = Arc::new(Self {
            partner,
            to,
            backlog: Mutex::new(Backlog::new()),
            changed: Condvar::new(),
            octets_max,
            delivered: Box::new(delivered),
        });
        let own = Arc::clone(&inbound);
        thread::Builder::new()
            .name(format!("from {}", inbound.partner))
            .spawn(move || own.run())?;
        Ok(inbound)
    }

    /// Takes a message with its mark; returns whether there was room.
    pub(super) fn offer(&self, lane: Lane, mark: u64, octets: Vec<u8>) -> bool {
        let length = octets.len();
        let event = E::from(LinkEvent::Octets {
            from: Arc::clone(&self.partner),
            lane,
            octets,
        });
        let mut backlog = self.lock();
        if backlog.is_closed {
            return false;
        }
        let event = if backlog.is_empty() {
            match self.to.try_send(event) {
                Ok(()) => {
                    backlog.lanes[lane as usize].counts.received += 1;
                    (self.delivered)(lane, mark);
                    return true;
                }
                Err(TrySendError::Disconnected(_)) => {
                    backlog.is_closed = true;
                    return false;
                }
                Err(TrySendError::Full(event)) => event,
            }
        } else {
            event
        };
        let waiting = &mut backlog.lanes[lane as usize];
        if waiting.messages.len() >= WAITING_MAX || waiting.octets + length > self.octets_max {
            waiting.counts.overflow += 1;
            return false;
        }
        waiting.octets += length;
        waiting.messages.push_back(Message {
            mark,
            octets: length,
            event,
        });
        self.changed.notify_one();
        true
    }

    /// Tells the process that the partner can or cannot be reached, before anything that comes later.
    pub(super) fn tell(&self, is_up: bool) {
        let mut backlog = self.lock();
        backlog.changes.push_back(is_up);
        // Of a link that flaps while the process is busy, the last change and the one before it say everything.
        if backlog.changes.len() > 2 {
            backlog.changes.drain(..2);
        }
        self.changed.notify_one();
    }

    /// Counts a message that was dropped for its length.
    pub(super) fn malformed(&self, lane: Lane) {
        self.lock().lanes[lane as usize].counts.malformed += 1;
    }

    /// Delivers nothing more.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
    }

    /// Returns how many messages of a lane wait.
    pub(super) fn waiting(&self, lane: Lane) -> usize {
        self.lock().lanes[lane as usize].messages.len()
    }

    /// Returns the counts of a lane.
    pub(super) fn counts(&self, lane: Lane) -> Counts {
        self.lock().lanes[lane as usize].counts
    }

    fn run(&self) {
        let mut backlog = self.lock();
        loop {
            if backlog.is_closed {
                return;
            }
            let Some((delivered, event)) = self.next(&mut backlog) else {
                backlog = self.changed.wait(backlog).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            backlog.is_busy = true;
            drop(backlog);
            let sent = self.to.send(event);
            backlog = self.lock();
            backlog.is_busy = false;
            backlog.is_closed |= sent.is_err();
            if let (Ok(()), Some((lane, mark))) = (sent, delivered) {
                backlog.lanes[lane as usize].counts.received += 1;
                (self.delivered)(lane, mark);
            }
        }
    }

    /// Takes the most urgent of what waits, and where it came from.
    fn next(&self, backlog: &mut Backlog<E>) -> Option<(Option<(Lane, u64)>, E)> {
        if let Some(is_up) = backlog.changes.pop_front() {
            let partner = Arc::clone(&self.partner);
            let event = if is_up {
                LinkEvent::Up { partner }
            } else {
                LinkEvent::Down { partner }
            };
            return Some((None, event.into()));
        }
        Lane::ALL.into_iter().find_map(|lane| {
            let waiting = &mut backlog.lanes[lane as usize];
            let message = waiting.messages.pop_front()?;
            waiting.octets -= message.octets;
            Some((Some((lane, message.mark)), message.event))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Backlog<E>> {
        // A panic elsewhere leaves the backlog whole: every change of it is complete.
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn octets(event: &LinkEvent) -> Option<(Lane, u8)> {
        let LinkEvent::Octets { lane, octets, .. } = event else {
            return None;
        };
        Some((*lane, octets[0]))
    }

    #[test]
    fn order_is_kept_in_a_lane_and_ctl_overtakes_what_waits() {
        let (to, from) = mpsc::sync_channel::<LinkEvent>(1);
        let (tell, told) = mpsc::channel();
        let inbound = Inbound::start("b".into(), to, 100, move |lane, mark| tell.send((lane, mark)).unwrap()).unwrap();
        // One fits the channel, one is held by the thread, which waits for room; the rest waits in its lane.
        for at in 0..5 {
            assert!(inbound.offer(Lane::Log, at.into(), vec![at]));
        }
        assert!(inbound.offer(Lane::Ctl, 9, vec![9]));
        let came: Vec<_> = (0..6).map(|_| octets(&from.recv().unwrap()).unwrap()).collect();
        let log: Vec<_> = came
            .iter()
            .filter(|(lane, _)| *lane == Lane::Log)
            .map(|(_, at)| *at)
            .collect();
        assert_eq!(log, [0, 1, 2, 3, 4]);
        let ctl = came.iter().position(|(lane, _)| *lane == Lane::Ctl).unwrap();
        assert!(ctl <= 2, "ctl came as number {ctl}");
        let marks: Vec<_> = (0..6).map(|_| told.recv().unwrap()).collect();
        assert_eq!(marks.iter().filter(|(lane, _)| *lane == Lane::Log).count(), 5);
        assert_eq!(inbound.counts(Lane::Log).received, 5);
    }

    #[test]
    fn what_has_no_room_is_dropped_and_counted_and_the_rest_comes() {
        let (to, from) = mpsc::sync_channel::<LinkEvent>(1);
        let inbound = Inbound::start("b".into(), to, 4, |_, _| ()).unwrap();
        let taken: Vec<u8> = (0..20).filter(|at| inbound.offer(Lane::Live, 0, vec![*at])).collect();
        assert!(taken.len() < 20, "twenty fit where six do");
        let came: Vec<u8> = taken.iter().map(|_| octets(&from.recv().unwrap()).unwrap().1).collect();
        assert_eq!(came, taken);
        assert_eq!(inbound.counts(Lane::Live).overflow, 20 - taken.len() as u64);
    }

    #[test]
    fn a_link_that_flaps_while_the_process_is_busy_is_told_in_two() {
        let (to, from) = mpsc::sync_channel::<LinkEvent>(0);
        let inbound = Inbound::start("b".into(), to, 4, |_, _| ()).unwrap();
        for round in 0..1000 {
            inbound.tell(round % 2 == 0);
        }
        inbound.tell(true);
        assert!(inbound.lock().changes.len() <= 2);
        // The thread holds at most one; the last that is told is the last that was.
        let last = LinkEvent::Up { partner: "b".into() };
        let mut told = vec![from.recv().unwrap()];
        while told.last() != Some(&last) || !inbound.lock().changes.is_empty() {
            told.push(from.recv().unwrap());
        }
        assert!(told.len() <= 3, "{told:?}");
    }
}
