//! The thread of one partner: its session, what goes out through it, and what comes in.

use std::io::Read as _;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tracing::{debug, info};
use zenoh::pubsub::Publisher;
use zenoh::qos::{CongestionControl, Priority};
use zenoh::sample::Sample;
use zenoh::{Session, Wait as _};

use super::config::{LinkConfig, OpenError, Way};
use super::{Shared, rules};
use crate::link::inbound::Inbound;
use crate::link::outbound::Next;
use crate::link::{Lane, LinkEvent, MESSAGE_OCTETS_MAX};

/// How long until a router that did not answer is asked again.
const ROUTER_RETRY: Duration = Duration::from_secs(1);

/// How long, and how often, this end tries to listen before it says that it cannot: a link that has just been closed
/// may still have the address.
const LISTEN_PATIENCE: Duration = Duration::from_secs(1);
const LISTEN_RETRY: Duration = Duration::from_millis(100);

/// Octets before a message: how many its lane has carried with it, since the link was opened.
const MARK_OCTETS: usize = 8;

/// Octets of a beat: how far each lane of the other end has been delivered, by [`Lane`] as index.
const BEAT_OCTETS: usize = 3 * MARK_OCTETS;

/// What the thread works with.
struct Port<E> {
    config: LinkConfig,
    shared: Arc<Shared>,
    inbound: Arc<Inbound<E>>,
    origin: Instant,
}

/// Starts the thread. What is wrong with this end's own configuration is known at once; that a router is away is not
/// wrong.
pub(super) fn start<E: From<LinkEvent> + Send + 'static>(
    config: &LinkConfig,
    shared: Arc<Shared>,
    inbound: Arc<Inbound<E>>,
) -> Result<JoinHandle<()>, OpenError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a link measures how long its partner is silent"
    )]
    let origin = Instant::now();
    let port = Port {
        config: config.clone(),
        shared,
        inbound,
        origin,
    };
    let session = config.session()?;
    let (opened, first) = channel();
    let name = format!("to {}", config.partner);
    let thread = thread::Builder::new()
        .name(name)
        .spawn(move || port.run(session, &opened));
    let thread = thread.map_err(|source| OpenError::Thread {
        partner: Arc::clone(&config.partner),
        source,
    })?;
    match first.recv() {
        Ok(Err(source)) => Err(OpenError::Session {
            partner: Arc::clone(&config.partner),
            source,
        }),
        // If it died, it has reported why.
        Ok(Ok(())) | Err(_) => Ok(thread),
    }
}

impl<E: From<LinkEvent> + Send + 'static> Port<E> {
    fn run(&self, config: zenoh::Config, opened: &Sender<zenoh::Result<()>>) {
        let Some(ends) = self.open(config, opened) else { return };
        self.send_all(&ends);
        if let Err(error) = ends.session.close().wait() {
            debug!(partner = %self.config.partner, %error, "the session did not close in order");
        }
    }

    /// Opens the session, as often as it takes if a router is in between.
    fn open(&self, config: zenoh::Config, opened: &Sender<zenoh::Result<()>>) -> Option<Ends> {
        let is_direct = matches!(self.config.way, Way::Direct { .. });
        if !is_direct {
            // Whoever waits for the first result may be gone.
            let _ = opened.send(Ok(()));
        }
        loop {
            let ends = zenoh::open(config.clone())
                .wait()
                .and_then(|session| self.declare(session));
            let retry = match ends {
                Ok(ends) => {
                    let _ = opened.send(Ok(()));
                    return Some(ends);
                }
                Err(_) if is_direct && self.origin.elapsed() < LISTEN_PATIENCE => LISTEN_RETRY,
                Err(error) if is_direct => {
                    let _ = opened.send(Err(error));
                    return None;
                }
                Err(error) => {
                    info!(partner = %self.config.partner, %error, "the router does not answer");
                    ROUTER_RETRY
                }
            };
            if self.is_stopped_within(retry) {
                return None;
            }
        }
    }

    fn is_stopped_within(&self, wait: Duration) -> bool {
        let until = self.origin.elapsed() + wait;
        let mut outbound = self.shared.lock();
        while !outbound.is_stopped() {
            let Some(left) = until.checked_sub(self.origin.elapsed()) else {
                return false;
            };
            let waited = self.shared.changed.wait_timeout(outbound, left);
            outbound = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn declare(&self, session: Session) -> zenoh::Result<Ends> {
        let (me, partner) = (&*self.config.me, &*self.config.partner);
        let publisher = |what: &str, priority| {
            // Express: what is sent is on its way, and does not wait for more.
            let publisher = session.declare_publisher(rules::key(partner, me, what)).express(true);
            publisher
                .priority(priority)
                .congestion_control(CongestionControl::Drop)
                .wait()
        };
        let lanes = [
            publisher(Lane::Live.name(), Priority::DataHigh)?,
            publisher(Lane::Log.name(), Priority::Background)?,
            publisher(Lane::Ctl.name(), Priority::InteractiveHigh)?,
        ];
        let beat = publisher(rules::BEAT, Priority::RealTime)?;
        for lane in Lane::ALL {
            let listener = self.listener();
            let subscriber = session.declare_subscriber(rules::key(me, partner, lane.name()));
            subscriber
                .callback(move |sample| listener.message(lane, &sample))
                .background()
                .wait()?;
        }
        // The beat comes last: who can hear it can hear the rest.
        let listener = self.listener();
        let subscriber = session.declare_subscriber(rules::key(me, partner, rules::BEAT));
        subscriber
            .callback(move |sample| listener.beat(&sample))
            .background()
            .wait()?;
        let shared = Arc::clone(&self.shared);
        let matching = beat.matching_listener().callback(move |status| {
            shared.lock().matching(status.matching());
            shared.changed.notify_one();
        });
        matching.background().wait()?;
        Ok(Ends { session, lanes, beat })
    }

    fn listener(&self) -> Listener<E> {
        Listener {
            shared: Arc::clone(&self.shared),
            inbound: Arc::clone(&self.inbound),
            origin: self.origin,
        }
    }

    fn send_all(&self, ends: &Ends) {
        let mut outbound = self.shared.lock();
        loop {
            match outbound.next(self.origin.elapsed()) {
                Next::Stop => return,
                Next::Wait(at_most) => {
                    let waited = self.shared.changed.wait_timeout(outbound, at_most);
                    outbound = waited.unwrap_or_else(PoisonError::into_inner).0;
                    continue;
                }
                next => {
                    drop(outbound);
                    self.act(ends, next);
                }
            }
            outbound = self.shared.lock();
        }
    }

    fn act(&self, ends: &Ends, next: Next) {
        let put = match next {
            Next::Message { lane, mark, octets } => {
                let mut message = Vec::with_capacity(MARK_OCTETS + octets.len());
                message.extend_from_slice(&mark.to_le_bytes());
                message.extend_from_slice(&octets);
                ends.lanes[lane as usize].put(message).wait()
            }
            Next::Beat(delivered) => ends.beat.put(delivered.map(u64::to_le_bytes).as_flattened()).wait(),
            Next::Change(is_up) => {
                info!(partner = %self.config.partner, is_up, "link");
                self.inbound.tell(is_up);
                Ok(())
            }
            Next::Wait(_) | Next::Stop => Ok(()),
        };
        if let Err(error) = put {
            debug!(partner = %self.config.partner, %error, "not sent");
        }
    }
}

/// The session and its ways out, lanes by [`Lane`] as index.
struct Ends {
    session: Session,
    lanes: [Publisher<'static>; 3],
    beat: Publisher<'static>,
}

/// What is called on the network's threads: it never waits.
struct Listener<E> {
    shared: Arc<Shared>,
    inbound: Arc<Inbound<E>>,
    origin: Instant,
}

impl<E: From<LinkEvent> + Send + 'static> Listener<E> {
    fn message(&self, lane: Lane, sample: &Sample) {
        let payload = sample.payload();
        let mut mark = [0; MARK_OCTETS];
        let mut reader = payload.reader();
        let length = payload.len().wrapping_sub(MARK_OCTETS);
        let mut octets = Vec::new();
        if length <= MESSAGE_OCTETS_MAX {
            octets.reserve_exact(length);
        }
        let read = reader
            .read_exact(&mut mark)
            .and_then(|()| reader.by_ref().take(length as u64).read_to_end(&mut octets));
        if length > MESSAGE_OCTETS_MAX || read.is_err() {
            self.inbound.malformed(lane);
            return;
        }
        self.heard(None);
        self.inbound.offer(lane, u64::from_le_bytes(mark), octets);
    }

    fn beat(&self, sample: &Sample) {
        let mut beat = [0; BEAT_OCTETS];
        // One of another length is of a later version: it says at least that someone is there.
        let is_whole = sample.payload().len() == BEAT_OCTETS && sample.payload().reader().read_exact(&mut beat).is_ok();
        let (marks, _) = beat.as_chunks::<MARK_OCTETS>();
        let seen: [u64; 3] = std::array::from_fn(|lane| u64::from_le_bytes(marks[lane]));
        self.heard(is_whole.then_some(seen));
    }

    fn heard(&self, seen: Option<[u64; 3]>) {
        let has_changed = self.shared.lock().heard(self.origin.elapsed(), seen);
        self.shared.ring_if(has_changed);
    }
}
