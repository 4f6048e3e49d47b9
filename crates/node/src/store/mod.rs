//! Where the log is kept: atomic batches in ordered tables, durable when it is told so.
//!
//! [`DiskStore`] is it: an embedded store (fjall) in a folder of its own, with what a log needs beside: one owner of
//! the folder, a checksum over every value, a reserve of free space, and a look at what a crash left. [`GroupCommit`]
//! makes one write to the disk serve everybody who waits. DESIGN.md says why this engine.

mod commit;
mod control;
mod copy;
mod disk;
mod folder;
mod journal;
mod manifest;
mod options;
mod seal;

use std::fmt;
use std::io;

use share::store::{Batch, Page, Range, Table};

pub use commit::{Appends, GroupCommit, NotTaken, StoreEvent};
pub use control::{Answered, AskError, Control, ask_for_backup};
pub use copy::{Copied, CopyError, read_backup, read_backup_of, restore, write_backup};
pub use disk::DiskStore;
pub use folder::OpenError;
pub use journal::Tail;
pub use options::StoreOptions;

/// The disk refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing of the batch was written.
    #[error("the disk is full")]
    Full,
    /// What is on the disk is not what was written.
    #[error("damaged: {0}")]
    Damaged(Damage),
    /// The system refused a file.
    #[error("the store failed: {0}")]
    Failed(#[from] io::Error),
    /// The engine refused, and not for want of space.
    #[error("the store failed: {0}")]
    Engine(Box<fjall::Error>),
    /// A write to the disk failed before, so nobody knows what is on it: the process has to start anew.
    #[error("the store failed before and takes nothing any more")]
    Broken,
}

/// Which entry is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// In which table.
    pub table: Table,
    /// The key of the entry, or, where the key cannot be read either, the last one before it that can.
    pub key: Vec<u8>,
    /// Whether `key` is the damaged entry's own.
    pub is_own_key: bool,
}

impl fmt::Display for Damage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.is_own_key { "key" } else { "after key" };
        write!(to, "table {}, {place} ", self.table.name())?;
        self.key.iter().try_for_each(|octet| write!(to, "{octet:02x}"))
    }
}

/// An ordered, durable store.
pub trait Store: Send {
    /// Writes all of a batch or nothing; reads see it at once, a crash may lose it until [`Store::sync`] returns.
    fn append(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Makes everything appended so far durable.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// Entries of a range, in the order of their keys.
    ///
    /// A damaged entry ends the page before it; where it is the first, it is the error. What is behind it is read from
    /// the key after it.
    fn read(&self, range: &Range) -> Result<Page, StoreError>;
}
