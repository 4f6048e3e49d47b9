//! The store on a disk: an embedded engine, with a checksum on each value and a reserve of space.

use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use fjall::{AbstractTree, Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode};
use share::store::{Batch, Page, Range, Table};

use super::folder::{Folder, failure};
use super::journal::{self, Beside, Tail};
use super::seal::{seal, unseal};
use super::{Damage, OpenError, Store, StoreError, StoreOptions, manifest};

/// Journal files together, octets: what has to be read again after a crash, hence the time to open.
const JOURNAL_OCTETS_MAX: u64 = 64 << 20;
/// Values from this length on lie in files of their own and are never copied when the tables are put in order.
const APART_OCTETS: u32 = 1024;
/// Above this the engine is behind with its work and the next batch waits here. The engine would wait too, but without
/// end where its own threads have died.
const FLUSHES_MAX: usize = 3;
const RUNS_MAX: usize = 16;
/// How often it is looked whether the engine has caught up.
const BEHIND_LOOK: Duration = Duration::from_millis(2);

/// A store in a folder. Clones are the same store.
#[derive(Clone)]
pub struct DiskStore {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Folder,
    options: StoreOptions,
    tail: Tail,
    engine: RwLock<Option<Engine>>,
    beside: Mutex<Beside>,
    health: Mutex<Health>,
    /// How many views are held: as long, the engine stays as it is.
    views: AtomicUsize,
}

/// Everything as it was at one moment, whatever is written meanwhile.
pub struct View {
    /// The moment.
    pub snapshot: fjall::Snapshot,
    /// The tables, in the order of [`Table::ALL`].
    pub tables: [Keyspace; Table::ALL.len()],
    shared: Arc<Shared>,
}

impl Drop for View {
    fn drop(&mut self) {
        self.shared.views.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What is known of the engine.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Health {
    Good,
    /// It stopped for want of space: it is opened anew when there is some.
    Stopped,
    /// A write to the disk failed: nothing is taken any more.
    Broken,
}

struct Engine {
    /// What one table may hold in memory before it is put in order.
    buffer_octets: u64,
    tables: [Keyspace; Table::ALL.len()],
    base: Database,
}

impl DiskStore {
    /// Opens the store of a folder, making it where `options` say so. What a crash left unfinished is put in order;
    /// [`DiskStore::tail`] says what that was. Errors: [`OpenError`].
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, OpenError> {
        let folder = Folder::take(path, options.create)?;
        let failed = |source| failure(path, source);
        if let Some(file) = manifest::find_damage(&folder.engine()).map_err(failed)? {
            return Err(OpenError::DamagedFile {
                path: path.to_owned(),
                file,
            });
        }
        let tail = journal::mend(&folder.engine()).map_err(failed)?;
        let engine = Engine::open(&folder.engine(), &options).map_err(|error| match error {
            StoreError::Full => OpenError::Full { path: path.to_owned() },
            StoreError::Failed(source) => failure(path, source),
            source => OpenError::Damaged {
                path: path.to_owned(),
                source: Box::new(source),
            },
        })?;
        Ok(Self {
            shared: Arc::new(Shared {
                folder,
                options,
                tail,
                engine: RwLock::new(Some(engine)),
                beside: Mutex::default(),
                health: Mutex::new(Health::Good),
                views: AtomicUsize::new(0),
            }),
        })
    }

    /// What was left out when the store was opened: a batch that a crash cut short, or what lay behind a damage.
    pub fn tail(&self) -> &Tail {
        &self.shared.tail
    }

    /// Writes all of a batch or nothing; reads see it at once. Waits while the engine is behind with its work. Errors:
    /// [`StoreError::Full`] when the disk has less than the reserve; once there is room again the next call succeeds.
    pub fn append(&self, batch: &Batch) -> Result<(), StoreError> {
        let shared = &*self.shared;
        if *locked(&shared.health) == Health::Broken {
            return Err(StoreError::Broken);
        }
        if shared.free_octets()? < shared.options.reserve_octets {
            return Err(StoreError::Full);
        }
        if *locked(&shared.health) == Health::Stopped {
            shared.reopen()?;
        }
        let done = match shared.engine()?.as_ref() {
            Some(engine) => engine.wait().and_then(|()| engine.append(batch)),
            None => Err(StoreError::Full),
        };
        match done {
            Err(StoreError::Engine(error)) if matches!(*error, fjall::Error::Poisoned) => {
                // One of the engine's own threads had an error earlier. Whatever it was, its journal has everything.
                shared.stop();
                shared.reopen()?;
                match shared.engine()?.as_ref() {
                    Some(engine) => engine.append(batch),
                    None => Err(StoreError::Full),
                }
            }
            other => other,
        }
        .inspect_err(|error| {
            if matches!(error, StoreError::Full) {
                shared.stop();
            }
        })
    }

    /// Makes everything appended so far durable, without holding up who appends. Errors: after one the store takes
    /// nothing any more ([`StoreError::Broken`]), because nobody knows what of it is on the disk.
    pub fn sync(&self) -> Result<(), StoreError> {
        let shared = &*self.shared;
        if *locked(&shared.health) == Health::Broken {
            return Err(StoreError::Broken);
        }
        // Held so that the engine is not opened anew meanwhile.
        let engine = shared.engine()?;
        let Some(engine) = engine.as_ref() else {
            return Err(StoreError::Full);
        };
        let done = match locked(&shared.beside).sync(&shared.folder.engine()) {
            Ok(true) => Ok(()),
            Ok(false) => engine.base.persist(PersistMode::SyncData).map_err(StoreError::from),
            Err(error) => Err(StoreError::Failed(error)),
        };
        done.inspect_err(|_| *locked(&shared.health) = Health::Broken)
    }

    /// Entries of a range; see [`Store::read`].
    pub fn read(&self, range: &Range) -> Result<Page, StoreError> {
        match self.shared.engine()?.as_ref() {
            Some(engine) => engine.read(range),
            None => Err(StoreError::Full),
        }
    }

    /// The last entries of a range, the last first, without those that are damaged.
    pub fn read_last(&self, range: &Range) -> Result<Page, StoreError> {
        match self.shared.engine()?.as_ref() {
            Some(engine) => Ok(engine.read_last(range)),
            None => Err(StoreError::Full),
        }
    }

    /// Where the store is.
    pub fn folder(&self) -> &Path {
        self.shared.folder.path()
    }

    /// Everything as it is now.
    pub(super) fn view(&self) -> Result<View, StoreError> {
        let engine = self.shared.engine()?;
        let engine = engine.as_ref().ok_or(StoreError::Full)?;
        self.shared.views.fetch_add(1, Ordering::AcqRel);
        Ok(View {
            snapshot: engine.base.snapshot(),
            tables: engine.tables.clone(),
            shared: Arc::clone(&self.shared),
        })
    }

    /// Free space of the disk, octets, as a user without privileges may use it.
    pub fn free_octets(&self) -> io::Result<u64> {
        self.shared.free_octets()
    }

    /// What was appended and is in memory only in the form in which it is read, octets; its journal is on the disk.
    pub fn buffered_octets(&self) -> Result<u64, StoreError> {
        match self.shared.engine()?.as_ref() {
            Some(engine) => Ok(engine
                .tables
                .iter()
                .map(|table| table.tree.active_memtable().size())
                .sum::<u64>()
                + engine.base.outstanding_flushes() as u64 * engine.buffer_octets),
            None => Err(StoreError::Full),
        }
    }

    /// What the store takes on the disk, octets; a few dozen MB more than its entries.
    pub fn disk_octets(&self) -> Result<u64, StoreError> {
        match self.shared.engine()?.as_ref() {
            Some(engine) => Ok(engine.base.disk_space()?),
            None => Err(StoreError::Full),
        }
    }
}

impl Store for DiskStore {
    fn append(&mut self, batch: &Batch) -> Result<(), StoreError> {
        Self::append(self, batch)
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        Self::sync(self)
    }

    fn read(&self, range: &Range) -> Result<Page, StoreError> {
        Self::read(self, range)
    }
}

impl Shared {
    fn engine(&self) -> Result<RwLockReadGuard<'_, Option<Engine>>, StoreError> {
        self.engine.read().map_err(|_poisoned| StoreError::Broken)
    }

    fn free_octets(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(self.folder.path())?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Reads go on; the next append opens the engine anew.
    fn stop(&self) {
        let mut health = locked(&self.health);
        if *health == Health::Good {
            *health = Health::Stopped;
        }
    }

    /// Closes the engine and opens it again. What it refused for want of space is not there afterwards, even if some
    /// of it had come to its journal.
    fn reopen(&self) -> Result<(), StoreError> {
        let path = self.folder.engine();
        let mut engine = self.engine.write().map_err(|_poisoned| StoreError::Broken)?;
        if self.views.load(Ordering::Acquire) > 0 {
            return Err(StoreError::Full);
        }
        let end = match engine.as_ref() {
            Some(_) => journal::whole_end(&path)?,
            None => None,
        };
        // Its last act may be to write on what is left of the batch that it refused.
        *engine = None;
        *locked(&self.beside) = Beside::default();
        if let Some((journal, octets)) = end {
            journal::cut(&journal, octets).map_err(full_or_failed)?;
        }
        *engine = Some(Engine::open(&path, &self.options)?);
        *locked(&self.health) = Health::Good;
        Ok(())
    }
}

impl Engine {
    fn open(path: &Path, options: &StoreOptions) -> Result<Self, StoreError> {
        let base = Database::builder(path)
            .cache_size(options.cache_octets)
            .max_journaling_size(JOURNAL_OCTETS_MAX)
            .worker_threads(2)
            .open()?;
        let open = |table: Table| {
            base.keyspace(table.name(), || {
                let apart = KvSeparationOptions::default().separation_threshold(APART_OCTETS);
                KeyspaceCreateOptions::default()
                    // Never reached: [`Engine::wait`] is first.
                    .max_memtable_size(4 * options.buffer_octets)
                    .with_kv_separation(Some(apart))
            })
        };
        let [state, journal, outbox, inbox, audit] = Table::ALL.map(open);
        Ok(Self {
            buffer_octets: options.buffer_octets,
            tables: [state?, journal?, outbox?, inbox?, audit?],
            base,
        })
    }

    fn table(&self, table: Table) -> &Keyspace {
        &self.tables[table as usize]
    }

    /// Hands full buffers over to be put in order, and waits until enough has been. Errors: the engine's threads died.
    ///
    /// The engine would do it itself, in a thread that needs the lock of the journal for it; who appends without pause
    /// never lets that thread have it, and the buffer grows without end.
    fn wait(&self) -> Result<(), StoreError> {
        for table in &self.tables {
            if table.tree.active_memtable().size() > self.buffer_octets {
                table.rotate_memtable()?;
            }
        }
        let is_behind = || {
            self.base.outstanding_flushes() >= FLUSHES_MAX
                || self.tables.iter().any(|table| table.l0_table_count() >= RUNS_MAX)
        };
        while is_behind() {
            self.base.persist(PersistMode::Buffer)?;
            std::thread::park_timeout(BEHIND_LOOK);
        }
        Ok(())
    }

    fn append(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut writes = self.base.batch();
        for write in batch {
            let table = self.table(write.table);
            match &write.value {
                Some(value) => writes.insert(table, write.key.as_slice(), seal(write.table, &write.key, value)),
                None => writes.remove(table, write.key.as_slice()),
            }
        }
        Ok(writes.commit()?)
    }

    /// One entry by its key: filters say of most keys that are not there that they are not, without a look at the disk.
    fn read_one(&self, table: Table, key: &[u8]) -> Result<Page, StoreError> {
        let damaged = || {
            StoreError::Damaged(Damage {
                table,
                key: key.to_vec(),
                is_own_key: true,
            })
        };
        let Some(sealed) = self.table(table).get(key).map_err(|_| damaged())? else {
            return Ok(Page::new());
        };
        let value = unseal(table, key, &sealed).ok_or_else(damaged)?;
        Ok(vec![(key.to_vec(), value.to_vec())])
    }

    fn read_last(&self, range: &Range) -> Page {
        if range.from >= range.to {
            return Page::new();
        }
        let all = self
            .table(range.table)
            .range(range.from.as_slice()..range.to.as_slice());
        let whole = all.rev().filter_map(|entry| open_entry(range.table, entry).ok());
        let mut octets = 0_usize;
        whole
            .take(range.entries_max)
            .take_while(|(_, value)| {
                octets = octets.saturating_add(value.len());
                octets <= range.octets_max
            })
            .collect()
    }

    fn read(&self, range: &Range) -> Result<Page, StoreError> {
        let mut page = Page::new();
        let mut octets = 0_usize;
        if range.from >= range.to || range.entries_max == 0 {
            return Ok(page);
        }
        if range.to.strip_suffix(&[0]) == Some(&range.from) {
            return self.read_one(range.table, &range.from);
        }
        for entry in self
            .table(range.table)
            .range(range.from.as_slice()..range.to.as_slice())
        {
            if page.len() >= range.entries_max {
                break;
            }
            match open_entry(range.table, entry) {
                Ok((key, value)) => {
                    octets = octets.saturating_add(value.len());
                    if !page.is_empty() && octets > range.octets_max {
                        break;
                    }
                    page.push((key, value));
                }
                Err(_damaged) if !page.is_empty() => break,
                Err(key) => {
                    let is_own_key = key.is_some();
                    let key = key.unwrap_or_else(|| range.from.clone());
                    let table = range.table;
                    return Err(StoreError::Damaged(Damage { table, key, is_own_key }));
                }
            }
        }
        Ok(page)
    }
}

/// A key and its value.
pub(super) type Entry = (Vec<u8>, Vec<u8>);

/// Reads an entry; where it is damaged, its key if that can be read.
pub(super) fn open_entry(table: Table, entry: fjall::Guard) -> Result<Entry, Option<Vec<u8>>> {
    let key = RefCell::new(None);
    let is_seen = |seen: &fjall::UserKey| {
        *key.borrow_mut() = Some(seen.to_vec());
        true
    };
    let read = entry.into_inner_if(is_seen);
    let Some(key) = key.into_inner() else {
        return Err(None);
    };
    match read {
        Ok((_, Some(sealed))) => match unseal(table, &key, &sealed) {
            Some(value) => Ok((key, value.to_vec())),
            None => Err(Some(key)),
        },
        _ => Err(Some(key)),
    }
}

impl From<fjall::Error> for StoreError {
    fn from(error: fjall::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(next) = cause {
            if next.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::Full;
            }
            cause = next.source();
        }
        Self::Engine(Box::new(error))
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn full_or_failed(error: io::Error) -> StoreError {
    match is_full(&error) {
        true => StoreError::Full,
        false => StoreError::Failed(error),
    }
}

/// A value behind a lock; that somebody panicked while having it changes nothing of these values.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
