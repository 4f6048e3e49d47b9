//! Where the log is kept.

use share::store::{Batch, Page, Range};

/// The disk refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing of the batch was written.
    #[error("the disk is full")]
    Full,
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(#[from] std::io::Error),
}

/// An ordered, durable store.
pub trait Store: Send {
    /// Writes all of a batch or nothing; reads see it at once, a crash may lose it until [`Store::sync`] returns.
    fn append(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Makes everything appended so far durable.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// Entries of a range, in the order of their keys.
    fn read(&self, range: &Range) -> Result<Page, StoreError>;
}
