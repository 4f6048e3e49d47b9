//! A flag that threads can wait on.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Says to whoever holds a copy that it is time to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<(Mutex<bool>, Condvar)>,
}

impl Stop {
    /// Whether it was said.
    pub fn is_set(&self) -> bool {
        *self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says it.
    pub fn set(&self) {
        *self.shared.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.1.notify_all();
    }

    /// Waits so long, or until it is said; returns whether it was.
    pub fn wait(&self, at_most: Duration) -> bool {
        let flag = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.shared.1.wait_timeout_while(flag, at_most, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
