//! Threads that a plot waits for come before ordinary ones, where the owner wants it and the system permits it.
//!
//! Ordinary threads share the processors in slices of milliseconds: on a busy machine a plot waits for several of them.
//! Real-time ones run as soon as they are ready, until they wait again (`SCHED_RR`, sched(7)). Threads inherit it from
//! the one that starts them. What writes to the disk stays ordinary: it would keep the system's own work from running.
//! What people look at comes after all of it: a picture may be some moments old, a plot may not.

use thread_priority::{
    Error, NormalThreadSchedulePolicy, RealtimeThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue,
    ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};

/// Of ordinary threads, on the scale of `thread_priority`: niceness 0. Its least is niceness 19.
const ORDINARY: u8 = 47;
/// Niceness 10: a tenth of the time of an ordinary one, where there is not enough for both.
const BACKGROUND: u8 = 22;

/// How threads that a plot waits for are run.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Scheduling {
    /// As all others.
    #[default]
    Ordinary,
    /// Before all ordinary ones.
    RealTime,
}

/// What a thread that may be urgent asks for as it goes.
#[derive(Debug)]
pub struct Urgency {
    may: bool,
    is_urgent: bool,
}

impl Urgency {
    /// Of a thread that [`hurry`] holds for.
    pub fn of(scheduling: Scheduling) -> Self {
        let may = scheduling == Scheduling::RealTime;
        Self { may, is_urgent: may }
    }

    /// Before ordinary threads, or among them. What the system does not permit is left as it is: [`hurry`] has said so.
    pub fn set(&mut self, is_urgent: bool) {
        if self.may && self.is_urgent != is_urgent {
            self.is_urgent = is_urgent;
            let _ = if is_urgent { hurry() } else { rest() };
        }
    }
}

/// Puts this thread, and those it starts from now on, before ordinary ones. Errors: what the system said.
pub fn hurry() -> Result<(), Error> {
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy)
}

/// Puts this thread among the ordinary ones.
fn rest() -> Result<(), Error> {
    be_ordinary(ORDINARY)
}

/// Puts this thread behind the ordinary ones. Errors: what the system said.
pub fn stand_back() -> Result<(), Error> {
    be_ordinary(BACKGROUND)
}

fn be_ordinary(priority: u8) -> Result<(), Error> {
    let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other);
    let value = ThreadPriorityValue::try_from(priority).map_err(|_| Error::Priority("0 to 99"))?;
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Crossplatform(value), policy)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use thread_priority::thread_schedule_policy;

    use super::*;

    const ROUND_ROBIN: ThreadSchedulePolicy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
    const NORMAL: ThreadSchedulePolicy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other);

    fn policy() -> ThreadSchedulePolicy {
        thread_schedule_policy().expect("the system knows it")
    }

    /// proc(5), the 19th field of stat.
    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("Linux has it");
        let after_name = stat.rsplit_once(')').expect("a name").1;
        after_name
            .split_whitespace()
            .nth(16)
            .and_then(|field| field.parse().ok())
            .expect("a number")
    }

    #[test]
    fn who_is_in_a_hurry_starts_threads_that_are_and_may_rest() {
        let work = || {
            if hurry().is_err() {
                // The system does not permit it: everything stays as it is.
                assert_eq!(policy(), NORMAL);
                return;
            }
            assert_eq!(policy(), ROUND_ROBIN);
            let started = || {
                assert_eq!(policy(), ROUND_ROBIN);
                let mut urgency = Urgency::of(Scheduling::RealTime);
                urgency.set(false);
                assert_eq!((policy(), niceness()), (NORMAL, 0));
                urgency.set(true);
                assert_eq!(policy(), ROUND_ROBIN);
            };
            thread::scope(|scope| scope.spawn(started).join()).expect("it inherits and changes");
            assert_eq!(policy(), ROUND_ROBIN);
        };
        thread::spawn(work).join().expect("a thread of its own");
    }

    #[test]
    fn who_stands_back_is_nicer_than_ordinary_threads() {
        let work = || {
            stand_back().expect("everybody may");
            assert_eq!((policy(), niceness()), (NORMAL, 10));
        };
        thread::spawn(work).join().expect("a thread of its own");
    }

    #[test]
    fn ordinary_threads_stay_so() {
        let work = || {
            let before = policy();
            for is_urgent in [true, false, true] {
                Urgency::of(Scheduling::Ordinary).set(is_urgent);
                assert_eq!(policy(), before);
            }
        };
        thread::spawn(work).join().expect("a thread of its own");
    }
}
