//! Who does the work: the caller's threads, or none.

/// Runs tasks that do not depend on each other. This crate has no threads; its caller may.
pub trait Pool {
    /// Calls `task` once with each of `0..count`, in any order, on any thread, and returns when all are done.
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync));
}

/// One task after the other, on the caller's thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequential;

impl Pool for Sequential {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(task);
    }
}
