//! A link over Eclipse Zenoh: QUIC with mutual TLS, one session for each partner.
//!
//! A session of its own, so that a partner that is frozen holds up nobody else; its own authority and access rules, so
//! that nobody else can speak in its name. Only the engine's stable interface is used. Durability, order over
//! connections, identity of nodes and revocation are not the engine's: they are those of `share`.

mod config;
mod port;
mod router;
mod rules;

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

pub use config::{LinkConfig, OpenError, Way};
pub use router::{RouterConfig, router_config};

use super::inbound::Inbound;
pub use super::outbound::{BEAT, Limits, SILENCE};
use super::outbound::{Outbound, Refused, window_octets};
use super::{Counts, Lane, Link, LinkEvent, MESSAGE_OCTETS_MAX, NotSent, Waiting};

/// What is to be sent, and the bell that rings when there is something to look at.
struct Shared {
    outbound: Mutex<Outbound>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Outbound> {
        // A panic elsewhere leaves the queues whole: every change of them is complete.
        self.outbound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring_if(&self, has_changed: bool) {
        if has_changed {
            self.changed.notify_one();
        }
    }
}

/// A link to one partner over Zenoh. It stays open, whether or not the partner is there, until it is dropped or closed.
pub struct ZenohLink<E: From<LinkEvent> + Send + 'static> {
    partner: Arc<str>,
    shared: Arc<Shared>,
    inbound: Arc<Inbound<E>>,
    port: Option<JoinHandle<()>>,
}

impl<E: From<LinkEvent> + Send + 'static> ZenohLink<E> {
    /// Opens a link whose events go into a channel.
    ///
    /// The partner counts as gone when it has said nothing for [`SILENCE`], or as soon as its connection closes. A
    /// process that does not empty its channel slows its partners down, and none of them the others.
    ///
    /// Errors: [`OpenError`]. That nobody answers is none.
    pub fn open(config: &LinkConfig, to: SyncSender<E>) -> Result<Self, OpenError> {
        config.check()?;
        let partner = Arc::clone(&config.partner);
        let thread = |source| OpenError::Thread {
            partner: Arc::clone(&config.partner),
            source,
        };
        let shared = Arc::new(Shared {
            outbound: Mutex::new(Outbound::new(config.limits)),
            changed: Condvar::new(),
        });
        let told = Arc::clone(&shared);
        let delivered = move |lane, mark| {
            let is_due = told.lock().delivered(lane, mark);
            told.ring_if(is_due);
        };
        // Twice the window: a partner may take what it lost on the way for delivered, and send once more.
        let octets_max = 2 * window_octets(Lane::Log) as usize;
        let inbound = Inbound::start(Arc::clone(&partner), to, octets_max, delivered).map_err(thread)?;
        let port = port::start(config, Arc::clone(&shared), Arc::clone(&inbound));
        if port.is_err() {
            inbound.close();
        }
        Ok(Self {
            partner,
            shared,
            inbound,
            port: Some(port?),
        })
    }

    /// Closes the link and waits until the partner has been told, or cannot be.
    pub fn close(mut self) {
        self.stop();
        if let Some(port) = self.port.take() {
            // A panic of the port has been reported where it happened.
            let _ = port.join();
        }
    }

    fn stop(&self) {
        self.shared.lock().stop();
        self.shared.changed.notify_one();
        self.inbound.close();
    }
}

impl<E: From<LinkEvent> + Send + 'static> Link for ZenohLink<E> {
    fn send(&self, lane: Lane, octets: Vec<u8>) -> Result<(), NotSent> {
        let partner = || Arc::clone(&self.partner);
        if octets.len() > MESSAGE_OCTETS_MAX {
            return Err(NotSent::Long {
                partner: partner(),
                octets: octets.len(),
            });
        }
        let pushed = self.shared.lock().push(lane, octets);
        self.shared.ring_if(pushed.is_ok());
        pushed.map_err(|refused| match refused {
            Refused::Full { waiting } => NotSent::Full {
                partner: partner(),
                waiting,
            },
            Refused::Closed => NotSent::Closed { partner: partner() },
        })
    }

    fn withdraw(&self) {
        self.shared.lock().withdraw();
    }

    fn counts(&self, lane: Lane) -> Counts {
        let out = self.shared.lock().counts(lane);
        let Counts {
            received,
            malformed,
            overflow,
            ..
        } = self.inbound.counts(lane);
        Counts {
            received,
            malformed,
            overflow,
            ..out
        }
    }

    fn waiting(&self, lane: Lane) -> Waiting {
        // One lock after the other: what arrives takes them the other way round.
        let to_send = self.shared.lock().waiting(lane);
        let arrived = self.inbound.waiting(lane);
        Waiting { to_send, arrived }
    }
}

impl<E: From<LinkEvent> + Send + 'static> Drop for ZenohLink<E> {
    fn drop(&mut self) {
        self.stop();
    }
}
