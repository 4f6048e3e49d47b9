//! Samples of a Zenoh key: each holds lines of JSON, or a datagram of ASTERIX.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TrySendError, sync_channel};
use std::time::Duration;

use zenoh::Wait;

use super::tcp::lines;
use super::{Feed, FeedError, Intake, Stop, asterix};
use crate::config::Format;

/// Samples that may wait; further ones are dropped and counted.
const SAMPLES_MAX: usize = 4096;
/// The longest sample that is read.
const SAMPLE_OCTETS_MAX: usize = 1 << 20;
/// How often a silent feed looks whether it should stop.
const LOOK: Duration = Duration::from_millis(200);

/// What became of a sample.
enum Sample {
    Octets(Vec<u8>),
    TooLong(usize),
}

/// A subscription.
pub(super) struct ZenohKey {
    session: zenoh::Session,
    samples: Receiver<Sample>,
    lost: Arc<std::sync::atomic::AtomicU64>,
    format: Format,
}

impl ZenohKey {
    pub(super) fn open(feed: &Arc<str>, key: &str, connect: &[String], format: Format) -> Result<Self, FeedError> {
        let failed = |source| FeedError::Subscribe {
            feed: feed.clone(),
            key: key.to_owned(),
            source,
        };
        let mut config = zenoh::Config::default();
        if !connect.is_empty() {
            let endpoints = serde_json::json!(connect).to_string();
            config.insert_json5("connect/endpoints", &endpoints).map_err(failed)?;
            config
                .insert_json5("scouting/multicast/enabled", "false")
                .map_err(failed)?;
        }
        let session = zenoh::open(config).wait().map_err(failed)?;
        let (to, samples) = sync_channel(SAMPLES_MAX);
        let lost = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let counts = lost.clone();
        // The threads of Zenoh may not wait, so what has no room is dropped here.
        let take = move |sample: zenoh::sample::Sample| {
            let payload = sample.payload();
            let sample = if payload.len() > SAMPLE_OCTETS_MAX {
                Sample::TooLong(payload.len())
            } else {
                Sample::Octets(payload.to_bytes().into_owned())
            };
            if let Err(TrySendError::Full(_)) = to.try_send(sample) {
                counts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        };
        session
            .declare_subscriber(key.to_owned())
            .callback(take)
            .background()
            .wait()
            .map_err(failed)?;
        Ok(Self {
            session,
            samples,
            lost,
            format,
        })
    }

    fn sample(&self, sample: Sample, intake: &Intake) {
        let octets = match sample {
            Sample::Octets(octets) => octets,
            Sample::TooLong(octets) => {
                return intake.refuse("sample_length", || {
                    let name = &intake.name;
                    format!("{name}: a sample of {octets} octets, expected at most {SAMPLE_OCTETS_MAX}")
                });
            }
        };
        match self.format {
            Format::Asterix => asterix::datagram(&octets, intake.now(), &intake.known.sources, intake),
            format => lines(octets.as_slice(), (format, &intake.name), intake, |plot| {
                intake.offer(plot);
                true
            }),
        }
    }
}

impl Feed for ZenohKey {
    fn run(self: Box<Self>, intake: &Intake, stop: &Stop) {
        while !stop.is_set() {
            match self.samples.recv_timeout(LOOK) {
                Ok(sample) => self.sample(sample, intake),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            for _ in 0..self.lost.swap(0, std::sync::atomic::Ordering::Relaxed) {
                let words = || format!("{}: {SAMPLES_MAX} samples wait, one was dropped", intake.name);
                intake.refuse("samples_full", words);
            }
        }
        // What does not close is closed with the process.
        let _ = self.session.close().wait();
    }
}
