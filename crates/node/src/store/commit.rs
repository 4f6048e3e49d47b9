//! One write to the disk for everybody: batches are appended at once, and made durable together.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle, park_timeout};
use std::time::Duration;

use share::store::Batch;

use super::{DiskStore, StoreError};

/// How often a full disk is looked at again.
const FULL_LOOK: Duration = Duration::from_millis(100);

/// What became of what was submitted.
#[derive(Debug)]
pub enum StoreEvent {
    /// Everything submitted up to this token, itself included, survives a crash.
    Durable {
        /// The token.
        token: u64,
    },
    /// The disk is full. What was submitted waits in its order; nothing of it is lost while the process lives.
    Full,
    /// There is room again, and what waited is being written.
    Healed,
    /// The store failed for good; nothing more becomes durable until the process starts anew.
    Failed(StoreError),
}

/// A batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// As many batches wait as may. Here is the batch back.
    #[error("the store is behind: as many batches wait as may")]
    Behind(Batch),
    /// The store failed.
    #[error("the store failed and takes nothing any more")]
    Closed(Batch),
}

/// Writes batches in order and reports which are durable.
///
/// Two threads: one appends, so that what was submitted can be read at once; the other writes to the disk again and
/// again, each time for everybody who came meanwhile.
pub struct GroupCommit {
    /// `None` once it is being dropped.
    to: Option<SyncSender<(u64, Batch)>>,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    progress: Arc<Progress>,
}

/// How far the batches are appended, for whoever reads what was submitted before.
#[derive(Clone)]
pub struct Appends(Arc<Progress>);

impl Appends {
    /// Waits until a batch is appended; returns false where it never will be, since nothing more is.
    pub fn wait_for(&self, token: u64) -> bool {
        self.0.wait_for(token)
    }
}

type Events = Arc<dyn Fn(StoreEvent) + Send + Sync>;

/// How far the appending thread is.
#[derive(Default)]
struct Progress {
    state: Mutex<Appended>,
    changed: Condvar,
}

#[derive(Copy, Clone, Default)]
struct Appended {
    token: Option<u64>,
    is_done: bool,
}

impl GroupCommit {
    /// Starts the two threads. At most `waiting_max` batches wait to be appended; `events` is called from the threads.
    ///
    /// Errors: the system has no more threads.
    pub fn start(
        store: DiskStore,
        waiting_max: usize,
        events: impl Fn(StoreEvent) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let events: Events = Arc::new(events);
        let (to, from) = sync_channel(waiting_max);
        let (progress, is_stopping) = (Arc::new(Progress::default()), Arc::new(AtomicBool::new(false)));
        let append = {
            let (store, events) = (store.clone(), Arc::clone(&events));
            let (progress, is_stopping) = (Arc::clone(&progress), Arc::clone(&is_stopping));
            let work = move || {
                append_all(&store, &from, &progress, &is_stopping, &events);
                progress.change(|appended| appended.is_done = true);
            };
            Builder::new().name("log append".to_owned()).spawn(work)?
        };
        let mut commit = Self {
            to: Some(to),
            is_stopping: Arc::clone(&is_stopping),
            threads: vec![append],
            progress: Arc::clone(&progress),
        };
        let work = move || sync_all(&store, &progress, &is_stopping, &events);
        commit
            .threads
            .push(Builder::new().name("log sync".to_owned()).spawn(work)?);
        Ok(commit)
    }

    /// How far the batches are appended.
    pub fn appends(&self) -> Appends {
        Appends(Arc::clone(&self.progress))
    }

    /// Hands a batch over without waiting for the disk. Tokens rise from batch to batch.
    ///
    /// Errors: [`NotTaken`], with the batch; then nothing of it is written.
    pub fn submit(&self, token: u64, batch: Batch) -> Result<(), NotTaken> {
        match &self.to {
            None => Err(NotTaken::Closed(batch)),
            Some(to) => to.try_send((token, batch)).map_err(|error| match error {
                TrySendError::Full((_, batch)) => NotTaken::Behind(batch),
                TrySendError::Disconnected((_, batch)) => NotTaken::Closed(batch),
            }),
        }
    }
}

impl Drop for GroupCommit {
    /// Writes what was submitted, makes it durable, and reports it; gives up only where the disk is full.
    fn drop(&mut self) {
        self.to = None;
        self.is_stopping.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

impl Progress {
    fn change(&self, change: impl FnOnce(&mut Appended)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn wait_for(&self, token: u64) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let not_yet = |appended: &mut Appended| appended.token.is_none_or(|at| at < token) && !appended.is_done;
        let state = self
            .changed
            .wait_while(state, not_yet)
            .unwrap_or_else(PoisonError::into_inner);
        state.token.is_some_and(|at| at >= token)
    }

    /// Waits until there is something beyond `synced`, or nothing more comes.
    fn wait_beyond(&self, synced: Option<u64>) -> Appended {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing_new = |appended: &mut Appended| appended.token == synced && !appended.is_done;
        *self
            .changed
            .wait_while(state, nothing_new)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn append_all(
    store: &DiskStore,
    from: &Receiver<(u64, Batch)>,
    progress: &Progress,
    is_stopping: &AtomicBool,
    events: &Events,
) {
    while let Ok((token, batch)) = from.recv() {
        let mut is_full = false;
        loop {
            match store.append(&batch) {
                Ok(()) => break,
                Err(StoreError::Full) => {
                    if !is_full {
                        events(StoreEvent::Full);
                    }
                    is_full = true;
                    if is_stopping.load(Ordering::Acquire) {
                        return;
                    }
                    park_timeout(FULL_LOOK);
                }
                Err(error) => return events(StoreEvent::Failed(error)),
            }
        }
        if is_full {
            events(StoreEvent::Healed);
        }
        progress.change(|appended| appended.token = Some(token));
    }
}

fn sync_all(store: &DiskStore, progress: &Progress, is_stopping: &AtomicBool, events: &Events) {
    let mut synced = None;
    loop {
        let appended = progress.wait_beyond(synced);
        if appended.token == synced {
            return;
        }
        match store.sync() {
            Ok(()) => {
                synced = appended.token;
                if let Some(token) = synced {
                    events(StoreEvent::Durable { token });
                }
            }
            // The engine is closed until there is room; what it had taken is in its journal.
            Err(StoreError::Full) if !is_stopping.load(Ordering::Acquire) => park_timeout(FULL_LOOK),
            Err(StoreError::Full) => return,
            Err(error) => return events(StoreEvent::Failed(error)),
        }
    }
}
