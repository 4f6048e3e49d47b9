//! What the thread of pictures puts up, and whoever looks takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use wire::messages::Message;
use wire::messages::picture::{Agreement, Hello, Live, Moment, Partner, Picture, Track, What};

use super::history::{History, Step};
use super::past::Items;

/// Messages that may wait for a browser: who is slower gets whole pictures anew.
const WAITING_MAX: usize = 32;

/// One message to all who look.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub sequence: u64,
    pub octets: bytes::Bytes,
}

/// Everything as it was shown last.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// The last message that it holds.
    pub sequence: u64,
    pub hello: Hello,
    pub now_unix_s: f64,
    pub pictures: Vec<(Picture, Vec<Arc<Track>>)>,
    pub partners: Vec<Partner>,
    pub agreement: Option<Agreement>,
    pub warnings: u64,
}

impl Latest {
    /// Whole pictures.
    pub fn whole(&self) -> Moment {
        let whole = |(head, tracks): &(Picture, Vec<Arc<Track>>)| Picture {
            whole: true,
            tracks: tracks.iter().map(|track| (**track).clone()).collect(),
            ..head.clone()
        };
        Moment {
            now_unix_s: self.now_unix_s,
            pictures: self.pictures.iter().map(whole).collect(),
            plots: Vec::new(),
            events: Vec::new(),
            partners: self.partners.clone(),
            agreement: self.agreement.clone(),
            warnings: self.warnings,
        }
    }

    /// The objects of a picture.
    pub fn tracks(&self, view: &str) -> Option<&[Arc<Track>]> {
        let picture = self.pictures.iter().find(|(head, _)| head.view == view)?;
        Some(&picture.1)
    }
}

/// What is shared between the thread of pictures and that of HTTP.
#[derive(Debug)]
pub struct Hub {
    latest: Mutex<Arc<Latest>>,
    history: Mutex<History>,
    items: Mutex<Items>,
    live: broadcast::Sender<Frame>,
    viewers: AtomicUsize,
    wake: SyncSender<()>,
}

/// Somebody who looks; gone when dropped.
pub(super) struct Viewer {
    hub: Arc<Hub>,
    pub frames: broadcast::Receiver<Frame>,
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.hub.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A message as octets.
pub(super) fn octets(what: What) -> bytes::Bytes {
    Live { what: Some(what) }.encode_to_vec().into()
}

impl Hub {
    pub(super) fn new(hello: Hello, (history_octets, items): (usize, Items), wake: SyncSender<()>) -> Self {
        Self {
            latest: Mutex::new(Arc::new(Latest {
                hello,
                ..Latest::default()
            })),
            history: Mutex::new(History::new(history_octets)),
            items: Mutex::new(items),
            live: broadcast::channel(WAITING_MAX).0,
            viewers: AtomicUsize::new(0),
            wake,
        }
    }

    /// Everything as it was shown last.
    pub(super) fn latest(&self) -> Arc<Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts something newer up, and sends it to all who look.
    pub(super) fn publish(&self, latest: Latest, octets: Option<bytes::Bytes>) {
        let sequence = latest.sequence;
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(latest);
        if let Some(octets) = octets {
            // Perhaps nobody looks.
            let _ = self.live.send(Frame { sequence, octets });
        }
    }

    /// How many look.
    pub fn viewers(&self) -> usize {
        self.viewers.load(Ordering::Relaxed)
    }

    /// Begins to look; `None` where so many do already.
    pub(super) fn look(self: &Arc<Self>, viewers_max: usize) -> Option<Viewer> {
        if self.viewers.fetch_add(1, Ordering::Relaxed) >= viewers_max {
            self.viewers.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        // The thread may be awake already.
        let _ = self.wake.try_send(());
        Some(Viewer {
            hub: self.clone(),
            frames: self.live.subscribe(),
        })
    }

    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn items(&self) -> MutexGuard<'_, Items> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Steps of the past, and from when on there are any.
    pub(super) fn steps(&self, from_unix_s: f64, to_unix_s: f64) -> (Vec<Step>, Option<f64>) {
        let history = self.history();
        (history.steps(from_unix_s, to_unix_s), history.begins_unix_s())
    }
}
