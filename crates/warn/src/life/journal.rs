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
/// when the program ended, and never took effect.
///
/// Errors: [`JournalError::Line`], of a line that is whole and no entry.
pub fn read_journal(text: &[u8]) -> Result<(Vec<Entry>, usize), JournalError> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = text[..whole].split(|byte| *byte == b'\n').enumerate();
    let entries = lines
        .filter(|(_, line)| !line.is_empty())
        .map(|(at, line)| serde_json::from_slice(line).map_err(|source| JournalError::Line { line: at + 1, source }))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((entries, whole))
}
