//! What is asked of each, and how it does it.

use std::path::Path;

use node::store::{DiskStore, StoreOptions};
use share::store::{Range, Table};

use crate::Failure;

/// Names of the tables of a node.
pub const TABLES: [&str; 4] = ["journal", "outbox", "inbox", "state"];

/// One table's new entry: which table, key, value.
pub type Write<'a> = (usize, Vec<u8>, &'a [u8]);

/// A store of ordered tables.
pub trait Engine: Sync + Sized {
    /// What it is called.
    const NAME: &'static str;
    /// Opens or makes it in a folder.
    fn open(path: &Path) -> Result<Self, Failure>;
    /// All of a batch or nothing; seen at once, not yet durable.
    fn append(&self, batch: &[Write<'_>]) -> Result<(), Failure>;
    /// All so far durable.
    fn sync(&self) -> Result<(), Failure>;
    /// Values from a key on, until so many octets; how many octets they were.
    fn page(&self, table: usize, from: &[u8], octets_max: usize) -> Result<usize, Failure>;
}

/// Memory that each may use for what it has read.
const CACHE_OCTETS: usize = 32 << 20;

/// A log-structured merge tree with a journal in front; long values in files of their own.
pub struct Fjall {
    base: fjall::Database,
    tables: Vec<fjall::Keyspace>,
}

impl Engine for Fjall {
    const NAME: &'static str = "fjall";

    fn open(path: &Path) -> Result<Self, Failure> {
        let base = fjall::Database::builder(path)
            .cache_size(CACHE_OCTETS as u64)
            .max_journaling_size(128 << 20)
            .worker_threads(2)
            .open()?;
        let options = || {
            fjall::KeyspaceCreateOptions::default()
                .max_memtable_size(16 << 20)
                .with_kv_separation(Some(fjall::KvSeparationOptions::default()))
        };
        let tables: Result<_, _> = TABLES.iter().map(|name| base.keyspace(name, options)).collect();
        Ok(Self { base, tables: tables? })
    }

    fn append(&self, batch: &[Write<'_>]) -> Result<(), Failure> {
        let mut writes = self.base.batch();
        for (table, key, value) in batch {
            writes.insert(&self.tables[*table], key.as_slice(), *value);
        }
        Ok(writes.commit()?)
    }

    fn sync(&self) -> Result<(), Failure> {
        Ok(self.base.persist(fjall::PersistMode::SyncData)?)
    }

    fn page(&self, table: usize, from: &[u8], octets_max: usize) -> Result<usize, Failure> {
        let mut octets = 0;
        for entry in self.tables[table].range(from..) {
            octets += entry.value()?.len();
            if octets >= octets_max {
                break;
            }
        }
        Ok(octets)
    }
}

/// A copy-on-write tree in one file.
pub struct Redb {
    base: redb::Database,
}

fn table(name: &str) -> redb::TableDefinition<'_, &'static [u8], &'static [u8]> {
    redb::TableDefinition::new(name)
}

impl Engine for Redb {
    const NAME: &'static str = "redb";

    fn open(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path)?;
        let base = redb::Builder::new()
            .set_cache_size(CACHE_OCTETS)
            .create(path.join("log.redb"))?;
        let make = base.begin_write()?;
        for name in TABLES {
            make.open_table(table(name))?;
        }
        make.commit()?;
        Ok(Self { base })
    }

    fn append(&self, batch: &[Write<'_>]) -> Result<(), Failure> {
        let mut writes = self.base.begin_write()?;
        writes.set_durability(redb::Durability::None)?;
        for (at, key, value) in batch {
            writes.open_table(table(TABLES[*at]))?.insert(key.as_slice(), *value)?;
        }
        Ok(writes.commit()?)
    }

    fn sync(&self) -> Result<(), Failure> {
        let mut nothing = self.base.begin_write()?;
        nothing.set_durability(redb::Durability::Immediate)?;
        // Without it a crash costs a walk over the whole file when it is opened next.
        nothing.set_quick_repair(true);
        Ok(nothing.commit()?)
    }

    fn page(&self, at: usize, from: &[u8], octets_max: usize) -> Result<usize, Failure> {
        use redb::ReadableDatabase;
        let read = self.base.begin_read()?;
        let read = read.open_table(table(TABLES[at]))?;
        let mut octets = 0;
        for entry in read.range(from..)? {
            octets += entry?.1.value().len();
            if octets >= octets_max {
                break;
            }
        }
        Ok(octets)
    }
}

/// The store of a node: fjall, with checksums, a reserve of space, and a sync that holds up nobody.
pub struct Trilat {
    store: DiskStore,
}

/// In the order of [`TABLES`].
const OURS: [Table; 4] = [Table::Journal, Table::Outbox, Table::Inbox, Table::State];

impl Engine for Trilat {
    const NAME: &'static str = "trilat";

    fn open(path: &Path) -> Result<Self, Failure> {
        let store = DiskStore::open(path, StoreOptions::default())?;
        Ok(Self { store })
    }

    fn append(&self, batch: &[Write<'_>]) -> Result<(), Failure> {
        let writes = batch.iter().map(|(table, key, value)| share::store::Write {
            table: OURS[*table],
            key: key.clone(),
            value: Some(value.to_vec()),
        });
        Ok(self.store.append(&writes.collect())?)
    }

    fn sync(&self) -> Result<(), Failure> {
        Ok(self.store.sync()?)
    }

    fn page(&self, table: usize, from: &[u8], octets_max: usize) -> Result<usize, Failure> {
        let range = Range {
            table: OURS[table],
            from: from.to_vec(),
            to: vec![0xff; 32],
            entries_max: usize::MAX,
            octets_max,
        };
        let page = self.store.read(&range)?;
        // The entry that would go beyond is not given.
        Ok(page.iter().map(|(_, value)| value.len()).sum::<usize>() + 4_096)
    }
}
