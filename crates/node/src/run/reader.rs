//! Reads pages of the log for whoever catches up, on a thread of its own: the deciding thread never waits for a disk.

use std::io;
use std::sync::mpsc::{Sender, SyncSender, channel};
use std::thread::{Builder, JoinHandle};

use share::store::{Page, Range};

use super::Event;
use crate::store::{Appends, DiskStore};

/// What is to be read, and which batch has to be appended before.
struct Question {
    after: Option<u64>,
    number: u64,
    ranges: Vec<Range>,
}

/// The reading thread.
pub(super) struct Reader {
    to: Option<Sender<Question>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts it. Errors: the system has no more threads.
    pub(super) fn start(store: DiskStore, appends: Appends, events: SyncSender<Event>) -> io::Result<Self> {
        // The exchange asks a bounded number of questions at a time.
        let (to, questions) = channel::<Question>();
        let work = move || {
            for question in questions {
                if let Some(token) = question.after {
                    appends.wait_for(token);
                }
                let pages = question.ranges.iter().map(|range| read(&store, range)).collect();
                let number = question.number;
                if events
                    .send(Event::Pages {
                        question: number,
                        pages,
                    })
                    .is_err()
                {
                    return;
                }
            }
        };
        let thread = Builder::new().name("log read".to_owned()).spawn(work)?;
        Ok(Self {
            to: Some(to),
            thread: Some(thread),
        })
    }

    /// Asks for some ranges, as they are once a batch is appended.
    pub(super) fn ask(&self, after: Option<u64>, number: u64, ranges: Vec<Range>) {
        if let Some(to) = &self.to {
            // A thread that is gone has panicked, and said so.
            let _ = to.send(Question { after, number, ranges });
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.to = None;
        // It may wait to hand over an answer that nobody takes any more; the queue is gone before this.
        drop(self.thread.take());
    }
}

fn read(store: &DiskStore, range: &Range) -> Page {
    store.read(range).unwrap_or_else(|error| {
        tracing::error!(table = range.table.name(), "the log cannot be read: {error}");
        Page::new()
    })
}
