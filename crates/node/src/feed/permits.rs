//! How many plots of one feed may wait for the node.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::Stop;

/// How often one who waits looks whether it should stop.
const LOOK: Duration = Duration::from_millis(100);

/// So many may be taken; what is given back may be taken again.
#[derive(Debug)]
pub struct Permits {
    max: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

impl Permits {
    /// All of them free.
    pub fn new(max: usize) -> Self {
        Self {
            max,
            free: Mutex::new(max),
            freed: Condvar::new(),
        }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.max - *self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one, if one is free.
    pub fn try_take(&self) -> bool {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = *free > 0;
        *free -= usize::from(is_free);
        is_free
    }

    /// Waits for one and takes it; returns false where it was told to stop before.
    pub fn take(&self, stop: &Stop) -> bool {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            if stop.is_set() {
                return false;
            }
            let waited = self.freed.wait_timeout(free, LOOK);
            free = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *free -= 1;
        true
    }

    /// Gives some back.
    pub fn give(&self, count: usize) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = (*free + count).min(self.max);
        drop(free);
        self.freed.notify_all();
    }
}
