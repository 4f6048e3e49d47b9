//! The engine's journal, looked at before the engine does: what a crash left unfinished, and what the disk spoiled.
//!
//! The engine writes each batch to its journal first. It reads the journal when it opens, takes an unfinished last
//! batch for a crash, and stops at it. Two things it does not tell apart from that, and they are told apart here:
//! octets in the midst that changed (what is behind them would be lost without a word), and a last batch of which the
//! power left some blocks and not others (it would refuse to open).
//!
//! ```text
//! batch    = start item{count} end
//! start    = 01 count:u32 sequence:u64
//! item     = 02 kind:u8 compression:u8 table:u64 key_len:u16 value_len:u32 stored_len:u32 key stored
//! clear    = 04 table:u64                        (counts as an item)
//! end      = 03 xxh3(items):u64 "FJL" 03         all little-endian; behind the last batch, zeros
//! ```
//!
//! Source: fjall 3.1.13, `src/journal/entry.rs` (format 3, which the engine checks for itself).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

const START_OCTETS: usize = 13;
const ITEM_OCTETS: usize = 21;
const CLEAR_OCTETS: usize = 9;
const END_OCTETS: usize = 13;
const END_MARK: &[u8] = b"FJL\x03";

/// What was behind the last whole batch of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Octets that were left out: of a batch that was cut short, or of everything behind a damage.
    pub dropped_octets: u64,
    /// Whole batches among them: none after a crash; else the disk changed what was written.
    pub dropped_batches: u64,
    /// Where they are kept for inspection, if there were any.
    pub kept: Option<PathBuf>,
}

/// The file that the engine writes now, if it has any: the one with the highest number.
pub fn newest(engine: &Path) -> io::Result<Option<(u64, PathBuf)>> {
    if !engine.try_exists()? {
        return Ok(None);
    }
    let mut newest = None;
    for entry in fs::read_dir(engine)? {
        let path = entry?.path();
        let is_journal = path.extension().is_some_and(|ending| ending == "jnl");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        if let Some(number) = number.filter(|n| is_journal && newest.as_ref().is_none_or(|(most, _)| n > most)) {
            newest = Some((number, path));
        }
    }
    Ok(newest)
}

/// Cuts the journal behind its last whole batch, and keeps what it cuts beside it.
pub fn mend(engine: &Path) -> io::Result<Tail> {
    let Some((_, path)) = newest(engine)? else {
        return Ok(Tail::default());
    };
    let octets = fs::read(&path)?;
    let whole = whole_octets(&octets);
    let rest = &octets[whole..];
    let used = rest.iter().rposition(|&octet| octet != 0).map_or(0, |last| last + 1);
    if used == 0 {
        return Ok(Tail::default());
    }
    let kept = path.with_extension("dropped");
    super::folder::write_whole(&kept, &rest[..used])?;
    cut(&path, whole as u64)?;
    Ok(Tail {
        dropped_octets: used as u64,
        dropped_batches: batches_in(&rest[..used]),
        kept: Some(kept),
    })
}

/// Where the last whole batch of the journal ends, for a journal that nobody writes at the moment.
pub fn whole_end(engine: &Path) -> io::Result<Option<(PathBuf, u64)>> {
    let Some((_, path)) = newest(engine)? else {
        return Ok(None);
    };
    let end = whole_octets(&fs::read(&path)?) as u64;
    Ok(Some((path, end)))
}

/// Cuts a file.
pub fn cut(path: &Path, octets: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(octets)?;
    file.sync_all()
}

fn whole_octets(octets: &[u8]) -> usize {
    let mut at = 0;
    while let Some(batch) = batch_octets(&octets[at..]) {
        at += batch;
    }
    at
}

/// How many whole batches are anywhere in these octets.
fn batches_in(octets: &[u8]) -> u64 {
    let (mut at, mut count) = (0, 0);
    while at < octets.len() {
        match batch_octets(&octets[at..]) {
            Some(batch) => {
                at += batch;
                count += 1;
            }
            None => at += 1,
        }
    }
    count
}

/// The length of the batch that begins here, if a whole one does.
fn batch_octets(octets: &[u8]) -> Option<usize> {
    let [1, rest @ ..] = octets else { return None };
    let count = u32::from_le_bytes(*rest.first_chunk()?);
    let mut at = START_OCTETS;
    for _ in 0..count {
        at = at.checked_add(item_octets(octets.get(at..)?)?)?;
    }
    let end = octets.get(at..at.checked_add(END_OCTETS)?)?;
    let sum = u64::from_le_bytes(*end.get(1..)?.first_chunk()?);
    let is_whole = end[0] == 3 && end.ends_with(END_MARK) && sum == xxh3_64(&octets[START_OCTETS..at]);
    is_whole.then_some(at + END_OCTETS)
}

fn item_octets(octets: &[u8]) -> Option<usize> {
    match octets.first()? {
        2 => {
            let key = u16::from_le_bytes(*octets.get(11..)?.first_chunk()?);
            let stored = u32::from_le_bytes(*octets.get(17..)?.first_chunk()?);
            ITEM_OCTETS
                .checked_add(usize::from(key))?
                .checked_add(usize::try_from(stored).ok()?)
        }
        4 => Some(CLEAR_OCTETS),
        _ => None,
    }
}

/// The journal as a file that can be made durable without holding up who writes to it.
///
/// The engine's own sync keeps its writers waiting for as long as the disk takes. A second handle of the same file does
/// not; and when the engine goes on to the next file, it makes the last one durable itself.
#[derive(Debug, Default)]
pub struct Beside {
    open: Option<(u64, File)>,
}

impl Beside {
    /// Makes durable what the engine has written to its journal so far. Returns false where no journal can be found.
    pub fn sync(&mut self, engine: &Path) -> io::Result<bool> {
        // The engine numbers them upwards, so a look for the next is enough to know that this is the newest.
        let is_newest = match &self.open {
            Some((number, _)) => !engine.join(format!("{}.jnl", number + 1)).try_exists()?,
            None => false,
        };
        if !is_newest {
            self.open = match newest(engine)? {
                Some((number, path)) => Some((number, File::open(path)?)),
                None => return Ok(false),
            };
        }
        if let Some((_, file)) = &self.open {
            file.sync_data()?;
        }
        Ok(true)
    }
}
