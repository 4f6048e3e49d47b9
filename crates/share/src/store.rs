//! What a machine wants kept: writes to ordered tables, atomic together, durable when it is told so.

/// An ordered table of octets.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Where each machine stands: epochs, heads, cursors, versions.
    State,
    /// The owner's own items, in the order they were accepted.
    Journal,
    /// Frames to each partner, by partner, epoch and sequence.
    Outbox,
    /// Frames of each partner, by partner, epoch and sequence.
    Inbox,
    /// What was refused, changed or asked for: the audit.
    Audit,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::State, Self::Journal, Self::Outbox, Self::Inbox, Self::Audit];

    /// Its name, on disk and in what people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Journal => "journal",
            Self::Outbox => "outbox",
            Self::Inbox => "inbox",
            Self::Audit => "audit",
        }
    }
}

/// One change of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// In which table.
    pub table: Table,
    /// Under which key.
    pub key: Vec<u8>,
    /// The new value; `None` removes the key.
    pub value: Option<Vec<u8>>,
}

/// What is written together, or not at all.
pub type Batch = Vec<Write>;

/// Which entries of a table are asked for: keys in `[from, to)`, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// In which table.
    pub table: Table,
    /// First key.
    pub from: Vec<u8>,
    /// The key after the last.
    pub to: Vec<u8>,
    /// At most so many entries.
    pub entries_max: usize,
    /// At most so many octets of values (the first entry is given in any case).
    pub octets_max: usize,
}

/// Entries of a table, in the order of their keys.
pub type Page = Vec<(Vec<u8>, Vec<u8>)>;
