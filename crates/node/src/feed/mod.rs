//! How plots of own sensors come in: each kind of feed one file, all behind [`Intake`].
//!
//! A feed has a thread of its own and waits on its input alone. What it reads is judged here, before it costs anybody
//! else: a bad line or block, a plot of a sensor that is not this owner's. Each feed may have so many plots waiting;
//! beyond, a live feed drops and counts, and one that can wait waits.

mod asterix;
mod intake;
mod overflow;
mod permits;
mod replay;
mod stdin;
mod stop;
mod tcp;
#[cfg(test)]
mod tests;
mod udp;
mod zenoh_key;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crate::config::{FeedConfig, Input};

pub use intake::{Fed, FeedCounters, Intake, Known};
pub use permits::Permits;
pub use stop::Stop;

/// A feed cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Its address cannot be listened on.
    #[error(
        "feed {feed}: cannot listen on {address}: {source}; is another program there, is the address of this machine?"
    )]
    Listen {
        /// Its name.
        feed: Arc<str>,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A multicast group cannot be joined.
    #[error("feed {feed}: cannot join {address}: {source}; name the network card with `interface`")]
    Join {
        /// Its name.
        feed: Arc<str>,
        /// The group.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Its recording cannot be read.
    #[error("feed {feed}: cannot read {}: {source}", path.display())]
    Open {
        /// Its name.
        feed: Arc<str>,
        /// The recording.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its key cannot be subscribed to.
    #[error("feed {feed}: cannot subscribe to {key}: {source}")]
    Subscribe {
        /// Its name.
        feed: Arc<str>,
        /// The key expression.
        key: String,
        /// What Zenoh said.
        source: zenoh::Error,
    },
    /// The system has no more threads.
    #[error("feed {feed}: no thread can be started: {source}")]
    Thread {
        /// Its name.
        feed: Arc<str>,
        /// What the system said.
        source: io::Error,
    },
}

/// A feed that runs until it is stopped or its input ends.
pub(crate) trait Feed: Send {
    /// Where it listens, if it does.
    fn address(&self) -> Option<SocketAddr> {
        None
    }

    /// Whether its thread ends soon after a stop; one that waits for a system that cannot be woken does not.
    fn can_be_stopped(&self) -> bool {
        true
    }

    /// Reads until it is stopped or its input ends.
    fn run(self: Box<Self>, intake: &Intake, stop: &Stop);
}

/// A feed that was begun.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, if it does.
    pub address: Option<SocketAddr>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Waits until its thread has ended, after it was stopped.
    pub fn join(self) {
        if let Some(thread) = self.thread {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Opens a feed and begins to read it. Errors: [`FeedError`], and then nothing runs.
pub fn start(config: &FeedConfig, intake: Intake, stop: &Stop) -> Result<Running, FeedError> {
    let name = &config.name;
    let feed: Box<dyn Feed> = match &config.input {
        Input::Udp { address, interface } => Box::new(udp::Udp::open(name, *address, *interface)?),
        Input::Tcp { address } => Box::new(tcp::Tcp::open(name, *address, config.format)?),
        Input::Stdin => Box::new(stdin::Stdin::new(config.format)),
        Input::File { path, pace } => Box::new(replay::Replay::open(name, path, config.format, *pace)?),
        Input::Zenoh { key, connect } => Box::new(zenoh_key::ZenohKey::open(name, key, connect, config.format)?),
    };
    let (address, can_be_stopped) = (feed.address(), feed.can_be_stopped());
    let stop = stop.clone();
    let work = move || {
        feed.run(&intake, &stop);
        intake.ended();
    };
    let thread = Builder::new()
        .name(format!("feed {name}"))
        .spawn(work)
        .map_err(|source| FeedError::Thread {
            feed: name.clone(),
            source,
        })?;
    Ok(Running {
        address,
        thread: can_be_stopped.then_some(thread),
    })
}
