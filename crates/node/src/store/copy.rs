//! A log as one file: taken while the node runs, verified before it is used again.
//!
//! ```text
//!  "trilat-log-backup 1\n"                          20 octets
//!  made: time, nanoseconds of TAI since 1970        i64
//!  ┌ 01  table: u8  key: u32  value: u32  key  value  xxh3 over table, key, value: u64
//!  └ …                                              by table, then by key
//!  00  entries: u64                                 all numbers big-endian, but for the checksums
//!  xxh3 over everything before, 128 bits            u128
//! ```

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use fjall::Readable;
use geo::Time;
use share::store::{Batch, Table, Write as Change};
use xxhash_rust::xxh3::Xxh3;

use super::disk::open_entry;
use super::seal::{CHECKSUM_OCTETS, seal, unseal};
use super::{Damage, DiskStore, OpenError, StoreError, StoreOptions};

const HEAD: &[u8; 20] = b"trilat-log-backup 1\n";
/// Octets that are written back together.
const BATCH_OCTETS: usize = 1 << 20;
/// Octets of the longest value: more is no entry of a log but a damaged length.
const VALUE_OCTETS_MAX: u32 = 64 << 20;

/// What went into a backup, or came out of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// When the backup was made.
    pub made: Time,
    /// How many entries.
    pub entries: u64,
    /// Octets of the file.
    pub octets: u64,
    /// What was damaged in the store and is not in the backup.
    pub damaged: Vec<Damage>,
    /// The checksum at the end of the file.
    checksum: u128,
}

/// Why a backup cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The system refused the file of the backup.
    #[error("the backup {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is there already.
    #[error("{} exists: name a new file for the backup", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is no backup of a log, or of a version that is not known.
    #[error("{} is no backup of a log, or one of another version of the program", path.display())]
    NoBackup {
        /// The file.
        path: PathBuf,
    },
    /// The backup is not what was written.
    #[error("{} is damaged near octet {octet}: use another backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where it was noticed.
        octet: u64,
    },
    /// The clock is before the backup: the node would take up epochs that it has used.
    #[error("the clock says {now}, the backup was made at {made}: set the clock first")]
    Clock {
        /// What the clock says.
        now: Time,
        /// When the backup was made.
        made: Time,
    },
    /// There is something where the log should come.
    #[error("{} is there already{}: stop its node and move it away, a log is never overwritten",
        path.display(), if *is_log { " and is a log" } else { "" })]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// Whether it is a log.
        is_log: bool,
    },
    /// The new folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was written back is not what the backup holds: a fault of the disk.
    #[error("the restored log is not what the backup holds: the disk of {} is at fault", path.display())]
    Differs {
        /// The folder.
        path: PathBuf,
    },
}

/// Octets on their way, counted and summed up.
struct Summed<T> {
    inner: T,
    octets: u64,
    sum: Xxh3,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        let sum = Xxh3::new();
        Self { inner, octets: 0, sum }
    }
}

impl<W: Write> Summed<W> {
    fn put(&mut self, octets: &[u8]) -> io::Result<()> {
        self.sum.update(octets);
        self.octets += octets.len() as u64;
        self.inner.write_all(octets)
    }
}

impl<R: Read> Summed<R> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut octets = [0; N];
        self.inner.read_exact(&mut octets)?;
        self.sum.update(&octets);
        self.octets += N as u64;
        Ok(octets)
    }

    fn take_many(&mut self, count: u64) -> io::Result<Vec<u8>> {
        let mut octets = Vec::new();
        self.inner.by_ref().take(count).read_to_end(&mut octets)?;
        if octets.len() as u64 != count {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.sum.update(&octets);
        self.octets += count;
        Ok(octets)
    }
}

impl DiskStore {
    /// Writes everything that is in the store at this moment to a new file, while others append. `now` is kept in it.
    ///
    /// The file has its name only when it is whole. Errors: [`CopyError`].
    pub fn backup(&self, path: &Path, now: Time) -> Result<Copied, CopyError> {
        let failed = |source| CopyError::File {
            path: path.to_owned(),
            source,
        };
        if path.try_exists().map_err(failed)? {
            return Err(CopyError::Exists { path: path.to_owned() });
        }
        let beside = path.with_added_extension("part");
        let mut to = BufWriter::new(File::create(&beside).map_err(failed)?);
        let copied = self.copy_to(&mut to, now, path)?;
        let file = to.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&beside, path).map_err(failed)?;
        Ok(copied)
    }

    fn copy_to(&self, to: impl Write, now: Time, path: &Path) -> Result<Copied, CopyError> {
        let failed = |source| CopyError::File {
            path: path.to_owned(),
            source,
        };
        let view = self.view()?;
        let mut to = Summed::new(to);
        put_head(&mut to, now).map_err(failed)?;
        let (mut entries, mut damaged) = (0_u64, Vec::new());
        for (at, table) in Table::ALL.into_iter().enumerate() {
            let mut last = Vec::new();
            for entry in view.snapshot.iter(&view.tables[at]) {
                match open_entry(table, entry) {
                    Ok((key, value)) => {
                        put_entry(&mut to, table, &key, &value).map_err(failed)?;
                        entries += 1;
                        last = key;
                    }
                    Err(key) => damaged.push(Damage {
                        table,
                        is_own_key: key.is_some(),
                        key: key.unwrap_or_else(|| last.clone()),
                    }),
                }
            }
        }
        let checksum = put_end(&mut to, entries).map_err(failed)?;
        Ok(Copied {
            made: now,
            entries,
            octets: to.octets,
            damaged,
            checksum,
        })
    }
}

/// Writes entries as a backup of a time, in the order in which they are given. Errors: those of what is written to.
pub fn write_backup(to: impl Write, made: Time, entries: &[Change]) -> io::Result<()> {
    let mut to = Summed::new(to);
    put_head(&mut to, made)?;
    for entry in entries {
        put_entry(
            &mut to,
            entry.table,
            &entry.key,
            entry.value.as_deref().unwrap_or_default(),
        )?;
    }
    put_end(&mut to, entries.len() as u64).map(|_| ())
}

fn put_head(to: &mut Summed<impl Write>, made: Time) -> io::Result<()> {
    to.put(HEAD)?;
    to.put(&made.tai_ns().to_be_bytes())
}

/// Returns the checksum of the whole.
fn put_end(to: &mut Summed<impl Write>, entries: u64) -> io::Result<u128> {
    to.put(&[0])?;
    to.put(&entries.to_be_bytes())?;
    let checksum = to.sum.digest128();
    to.put(&checksum.to_be_bytes())?;
    Ok(checksum)
}

fn put_entry(to: &mut Summed<impl Write>, table: Table, key: &[u8], value: &[u8]) -> io::Result<()> {
    to.put(&[1, table as u8])?;
    to.put(&(key.len() as u32).to_be_bytes())?;
    to.put(&(value.len() as u32).to_be_bytes())?;
    to.put(key)?;
    to.put(&seal(table, key, value))
}

/// Makes a log of a backup, in a folder that is not there yet. The backup is read through before anything is written;
/// the folder has its name only when all of it is there and was read back. `now` is compared with the time of the
/// backup.
///
/// Errors: [`CopyError`]; the folder is not there then.
pub fn restore(backup: &Path, folder: &Path, options: StoreOptions, now: Time) -> Result<Copied, CopyError> {
    let failed = |source| CopyError::File {
        path: backup.to_owned(),
        source,
    };
    if folder.try_exists().map_err(failed)? {
        let is_log = super::folder::is_log(folder);
        return Err(CopyError::Occupied {
            path: folder.to_owned(),
            is_log,
        });
    }
    let looked_at = read_backup(backup, |_| Ok(()))?;
    let made = looked_at.made;
    if now < made {
        return Err(CopyError::Clock { now, made });
    }
    let beside = folder.with_added_extension("restoring");
    let remove = || match fs::remove_dir_all(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(()),
    };
    remove()?;
    if let Err(error) = fill(backup, &beside, options, &looked_at) {
        remove()?;
        return Err(error);
    }
    fs::rename(&beside, folder).map_err(failed)?;
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        let synced = File::open(parent).and_then(|parent| parent.sync_all());
        synced.map_err(failed)?;
    }
    Ok(looked_at)
}

fn fill(backup: &Path, folder: &Path, options: StoreOptions, expected: &Copied) -> Result<(), CopyError> {
    let store = DiskStore::open(folder, options)?;
    let (mut batch, mut octets) = (Batch::new(), 0);
    let read = read_backup(backup, |change| {
        octets += change.key.len() + change.value.as_ref().map_or(0, Vec::len);
        batch.push(change);
        if octets > BATCH_OCTETS {
            octets = 0;
            store.append(&std::mem::take(&mut batch))?;
        }
        Ok(())
    })?;
    store.append(&batch)?;
    store.sync()?;
    let written = store.copy_to(io::sink(), expected.made, backup)?;
    match [read.checksum, written.checksum] == [expected.checksum; 2] {
        true => Ok(()),
        false => Err(CopyError::Differs {
            path: folder.to_owned(),
        }),
    }
}

/// Reads a backup through and gives each entry, whose checksum was looked at.
///
/// Errors: [`CopyError::NoBackup`], [`CopyError::Damaged`], and those of `each`.
pub fn read_backup(backup: &Path, each: impl FnMut(Change) -> Result<(), StoreError>) -> Result<Copied, CopyError> {
    match File::open(backup) {
        Ok(file) => read_backup_of(BufReader::new(file), backup, each),
        Err(source) => Err(CopyError::File {
            path: backup.to_owned(),
            source,
        }),
    }
}

/// The same, of octets that are a file of this name. Errors: as [`read_backup`].
pub fn read_backup_of(
    from: impl Read,
    backup: &Path,
    mut each: impl FnMut(Change) -> Result<(), StoreError>,
) -> Result<Copied, CopyError> {
    let mut from = Summed::new(from);
    let Ok(made) = take_head(&mut from) else {
        let path = backup.to_owned();
        return Err(CopyError::NoBackup { path });
    };
    let damaged = |octet| CopyError::Damaged {
        path: backup.to_owned(),
        octet,
    };
    let mut entries = 0;
    while let Some(change) = take_entry(&mut from).map_err(|_| damaged(from.octets))? {
        entries += 1;
        each(change)?;
    }
    let (stated, checksum) = take_end(&mut from).map_err(|_| damaged(from.octets))?;
    let goes_on = from.inner.read(&mut [0]).is_ok_and(|more| more > 0);
    if stated != Some(entries) || goes_on {
        return Err(damaged(from.octets));
    }
    Ok(Copied {
        made,
        entries,
        octets: from.octets,
        damaged: Vec::new(),
        checksum,
    })
}

fn take_head(from: &mut Summed<impl Read>) -> io::Result<Time> {
    if from.take()? != *HEAD {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Time::from_tai_ns(i64::from_be_bytes(from.take()?)))
}

fn take_entry(from: &mut Summed<impl Read>) -> io::Result<Option<Change>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    match from.take()? {
        [0] => return Ok(None),
        [1] => {}
        [_] => return Err(wrong()),
    }
    let [at] = from.take()?;
    let table = *Table::ALL.get(usize::from(at)).ok_or_else(wrong)?;
    let [key, value] = [u32::from_be_bytes(from.take()?), u32::from_be_bytes(from.take()?)];
    if key > u32::from(u16::MAX) || value > VALUE_OCTETS_MAX {
        return Err(wrong());
    }
    let key = from.take_many(u64::from(key))?;
    let sealed = from.take_many(u64::from(value) + CHECKSUM_OCTETS as u64)?;
    let value = Some(unseal(table, &key, &sealed).ok_or_else(wrong)?.to_vec());
    Ok(Some(Change { table, key, value }))
}

/// The number of entries, if the checksum of the whole fits, and that checksum.
fn take_end(from: &mut Summed<impl Read>) -> io::Result<(Option<u64>, u128)> {
    let entries = u64::from_be_bytes(from.take()?);
    let sum = from.sum.digest128();
    let stated = u128::from_be_bytes(from.take()?);
    Ok(((sum == stated).then_some(entries), stated))
}
