//! What is wrong with octets that should be ASTERIX, and where it stood.

use std::fmt;
use std::sync::Arc;

use super::uap::{RE, SP};

/// A part of a recording that was not read; what stands around it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The display name of the file.
    pub file: Arc<str>,
    /// Octets from the beginning of the file to where it begins.
    pub offset: usize,
    /// Which data block of the file, from 1; 0 where none was found yet.
    pub block: u64,
    /// Which record of the block, from 1, where the fault is in a record.
    pub record: Option<u32>,
    /// The category of the block, where it is known.
    pub category: Option<u8>,
    /// What is wrong.
    pub reason: FaultReason,
}

/// What is wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FaultReason {
    /// No data block begins here.
    #[error("{octets} octets are no data block")]
    NoBlock {
        /// How many octets were stepped over.
        octets: usize,
    },
    /// A block that says it is longer than what is left.
    #[error("the block says it has {length} octets, {left} are left")]
    BlockTruncated {
        /// What it says.
        length: usize,
        /// What is left of the file or datagram.
        left: usize,
    },
    /// A category that is not read.
    #[error("the category is not read, the block is stepped over")]
    Category,
    /// The field specification does not end, or is longer than the category's.
    #[error("the field specification does not end where that of this category can")]
    FieldSpecification,
    /// An item to which nothing is assigned, so that its length is unknown.
    #[error("item at place {place} of the field specification is spare")]
    Spare {
        /// Its place, from 1.
        place: usize,
    },
    /// A part of an item to which nothing is assigned, so that its length is unknown.
    #[error("item {} has a part to which nothing is assigned", Name(*item))]
    Unassigned {
        /// The item.
        item: u16,
    },
    /// An item that runs beyond the block.
    #[error("item {} runs beyond the end of the block", Name(*item))]
    ItemTruncated {
        /// The item.
        item: u16,
    },
    /// An item that says it has no octets.
    #[error("item {} says its length is 0", Name(*item))]
    ItemLength {
        /// The item.
        item: u16,
    },
    /// A record that does not say which sensor sent it, as every record must.
    #[error("the record has no data source identifier (item 010)")]
    NoSource,
    /// A capture that is no pcap or pcapng file inside, or breaks off.
    #[error("{0}")]
    Capture(#[from] crate::pcap::CaptureFault),
}

/// Prints the number of an item as the specifications do.
struct Name(u16);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            RE => f.write_str("RE"),
            SP => f.write_str("SP"),
            item => write!(f, "{item:03}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: octet {}", self.file, self.offset)?;
        if self.block > 0 {
            write!(f, ", block {}", self.block)?;
        }
        if let Some(record) = self.record {
            write!(f, ", record {record}")?;
        }
        if let Some(category) = self.category {
            write!(f, " (CAT{category:03})")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Fault {}
