//! A link within one process: for nodes that are tested side by side.

use std::io;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use super::inbound::Inbound;
use super::{Counts, Lane, Link, LinkEvent, MESSAGE_OCTETS_MAX, NotSent, Waiting};

/// What the two ends share.
struct Wire {
    is_whole: Mutex<bool>,
}

/// One end of a link within the process. Bounded as any link; it can be cut and healed.
pub struct MemoryLink<E: From<LinkEvent> + Send + 'static> {
    partner: Arc<str>,
    wire: Arc<Wire>,
    /// To the partner, and from it.
    ends: [Arc<Inbound<E>>; 2],
    sent: Mutex<[Counts; 3]>,
}

/// Returns the two ends of a link between two owners, each with the channel into which it delivers; it is up.
///
/// `octets_max` is how much may wait for either, in each lane. Errors: no thread could be started.
pub fn pair<E: From<LinkEvent> + Send + 'static>(
    [a, b]: [(&str, SyncSender<E>); 2],
    octets_max: usize,
) -> io::Result<[MemoryLink<E>; 2]> {
    let wire = Arc::new(Wire {
        is_whole: Mutex::new(true),
    });
    let (a_name, b_name): (Arc<str>, Arc<str>) = (a.0.into(), b.0.into());
    let into_a = Inbound::start(Arc::clone(&b_name), a.1, octets_max, |_, _| ())?;
    let into_b = Inbound::start(Arc::clone(&a_name), b.1, octets_max, |_, _| ())?;
    into_a.tell(true);
    into_b.tell(true);
    let end = |partner, ends| MemoryLink {
        partner,
        wire: Arc::clone(&wire),
        ends,
        sent: Mutex::default(),
    };
    Ok([
        end(b_name, [Arc::clone(&into_b), Arc::clone(&into_a)]),
        end(a_name, [into_a, into_b]),
    ])
}

impl<E: From<LinkEvent> + Send + 'static> MemoryLink<E> {
    /// Cuts the link, for both ends, or heals it.
    pub fn set_whole(&self, is_whole: bool) {
        let mut now = self.wire.is_whole.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != is_whole {
            *now = is_whole;
            self.ends.iter().for_each(|end| end.tell(is_whole));
        }
    }

    fn refused(&self, lane: Lane, octets: Vec<u8>) -> Option<NotSent> {
        let partner = Arc::clone(&self.partner);
        if octets.len() > MESSAGE_OCTETS_MAX {
            return Some(NotSent::Long {
                partner,
                octets: octets.len(),
            });
        }
        if !*self.wire.is_whole.lock().unwrap_or_else(PoisonError::into_inner) {
            return Some(NotSent::Closed { partner });
        }
        let to = &self.ends[0];
        (!to.offer(lane, 0, octets)).then(|| NotSent::Full {
            partner,
            waiting: to.waiting(lane),
        })
    }
}

impl<E: From<LinkEvent> + Send + 'static> Link for MemoryLink<E> {
    fn send(&self, lane: Lane, octets: Vec<u8>) -> Result<(), NotSent> {
        let refused = self.refused(lane, octets);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = &mut sent[lane as usize];
        match &refused {
            None => counts.sent += 1,
            Some(NotSent::Full { .. }) => counts.full += 1,
            Some(NotSent::Closed { .. }) => counts.closed += 1,
            Some(NotSent::Long { .. }) => {}
        }
        refused.map_or(Ok(()), Err)
    }

    /// Nothing waits on this side: what was sent has left.
    fn withdraw(&self) {}

    fn counts(&self, lane: Lane) -> Counts {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner)[lane as usize];
        Counts {
            received: self.ends[1].counts(lane).received,
            ..sent
        }
    }

    fn waiting(&self, lane: Lane) -> Waiting {
        Waiting {
            to_send: 0,
            arrived: self.ends[1].waiting(lane),
        }
    }
}

impl<E: From<LinkEvent> + Send + 'static> Drop for MemoryLink<E> {
    fn drop(&mut self) {
        self.set_whole(false);
        self.ends[1].close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver};

    use super::*;

    type End = (MemoryLink<LinkEvent>, Receiver<LinkEvent>);

    fn ends(octets_max: usize) -> [End; 2] {
        let (to_a, at_a) = mpsc::sync_channel(4);
        let (to_b, at_b) = mpsc::sync_channel(4);
        let [a, b] = pair([("a", to_a), ("b", to_b)], octets_max).unwrap();
        assert_eq!(at_a.recv().unwrap(), LinkEvent::Up { partner: "b".into() });
        assert_eq!(at_b.recv().unwrap(), LinkEvent::Up { partner: "a".into() });
        [(a, at_a), (b, at_b)]
    }

    #[test]
    fn what_one_sends_the_other_gets() {
        let [(a, _), (b, at_b)] = ends(1000);
        a.send(Lane::Live, vec![1, 2]).unwrap();
        let octets = LinkEvent::Octets {
            from: "a".into(),
            lane: Lane::Live,
            octets: vec![1, 2],
        };
        assert_eq!(at_b.recv().unwrap(), octets);
        assert_eq!((a.counts(Lane::Live).sent, b.counts(Lane::Live).received), (1, 1));
    }

    #[test]
    fn a_partner_that_takes_nothing_makes_its_queue_full() {
        let [(a, _), (_b, at_b)] = ends(10);
        let sent = (0..100).take_while(|_| a.send(Lane::Log, vec![0]).is_ok()).count();
        assert!(
            (10..20).contains(&sent),
            "{sent} messages were taken, of which ten may wait"
        );
        assert!(matches!(a.send(Lane::Log, vec![0]), Err(NotSent::Full { .. })));
        assert_eq!(a.counts(Lane::Log).full, 2);
        assert_eq!(at_b.iter().take(sent).count(), sent);
    }

    #[test]
    fn a_cut_link_takes_nothing_and_a_healed_one_does() {
        let [(a, at_a), (b, at_b)] = ends(10);
        a.set_whole(false);
        assert_eq!(at_a.recv().unwrap(), LinkEvent::Down { partner: "b".into() });
        assert_eq!(at_b.recv().unwrap(), LinkEvent::Down { partner: "a".into() });
        assert_eq!(b.send(Lane::Ctl, vec![0]), Err(NotSent::Closed { partner: "a".into() }));
        b.set_whole(true);
        assert_eq!(at_a.recv().unwrap(), LinkEvent::Up { partner: "b".into() });
        b.send(Lane::Ctl, vec![0]).unwrap();
        drop(b);
        assert!(at_a.iter().any(|event| matches!(event, LinkEvent::Down { .. })));
    }

    #[test]
    fn a_message_longer_than_any_link_takes_is_refused() {
        let [(a, _), _b] = ends(usize::MAX);
        let long = a.send(Lane::Live, vec![0; MESSAGE_OCTETS_MAX + 1]);
        assert_eq!(
            long,
            Err(NotSent::Long {
                partner: "b".into(),
                octets: MESSAGE_OCTETS_MAX + 1
            })
        );
        assert_eq!(a.send(Lane::Live, vec![0; MESSAGE_OCTETS_MAX]), Ok(()));
    }
}
