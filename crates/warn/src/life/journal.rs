//! The journal as text: a JSON object on each line.

use super::event::Entry;

/// Why a journal cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A line that is no entry, before the last.
    #[error("line {line} of the journal is no entry: {source}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// Entries are missing, or there twice.
    #[error("entry {found} of the journal follows entry {}, expected entry {expected}", expected - 1)]
    Sequence {
        /// The number found.
        found: u64,
        /// The number that would follow.
        expected: u64,
    },
    /// What it says cannot have happened after what came before.
    #[error("entry {sequence} of the journal cannot follow what stands before it")]
    Impossible {
        /// Its number.
        sequence: u64,
    },
}

impl Entry {
    /// The line of an entry, its end included.
    ///
    /// Errors: none in practice.
    pub fn to_line(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// Reads a journal: its entries, and how many bytes of it hold them. What follows the last line end was being written
/// when the program ended, and never took effect; nor did entries of a command of which not all are there.
///
/// Errors: [`JournalError::Line`], of a line that is whole and no entry.
pub fn read_journal(text: &[u8]) -> Result<(Vec<Entry>, usize), JournalError> {
    let (mut entries, mut done) = (Vec::new(), (0, 0));
    let mut at = 0;
    for (place, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(whole) = line.strip_suffix(b"\n") else { break };
        at += line.len();
        if whole.is_empty() {
            continue;
        }
        let line = place + 1;
        let entry: Entry = serde_json::from_slice(whole).map_err(|source| JournalError::Line { line, source })?;
        let is_more = entry.is_more;
        entries.push(entry);
        if !is_more {
            done = (entries.len(), at);
        }
    }
    entries.truncate(done.0);
    Ok((entries, done.1))
}
