//! The audit of a log on disk: it is read here and judged by `share::audit`.

use std::path::{Path, PathBuf};

use geo::Time;
use share::audit::portable::Writer;
use share::audit::{Audited, Auditor, Trail, TrailVerdict};
use share::exchange::keys::{self, Kind};
use share::identity::NodeKey;
use share::roster::{Roll, SealedRoster};
use share::seal::SealError;
use share::store::{Range, Table};

use crate::store::{AskError, CopyError, DiskStore, OpenError, StoreError, StoreOptions, ask_for_backup, read_backup};

/// Entries of one page.
const PAGE_ENTRIES: usize = 1_024;
/// Octets of one page.
const PAGE_OCTETS: usize = 8 << 20;

/// A log cannot be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The log cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An entry cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node that runs gave no copy of its log.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The copy cannot be read.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A fault of the program.
    #[error("the file cannot be sealed: {0}")]
    Seal(#[from] SealError),
}

/// A log as it is at one moment: of a node that does not run, or a copy that the running node made.
pub struct Log {
    source: Source,
}

enum Source {
    Store(DiskStore),
    /// A copy, and the folder that goes away with it.
    Copy {
        path: PathBuf,
        _removed: Removed,
    },
}

/// A folder that is removed at the end.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        // Whoever cannot remove it could not have made it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Log {
    /// Opens the log of a folder. Where a node runs on it, that makes a copy in a folder beside, which goes with this.
    ///
    /// Errors: [`AuditError`].
    pub fn open(folder: &Path, beside: &Path) -> Result<Self, AuditError> {
        let options = StoreOptions {
            create: false,
            ..StoreOptions::default()
        };
        let source = match DiskStore::open(folder, options) {
            Ok(store) => Source::Store(store),
            Err(OpenError::InUse { .. }) => {
                let (path, removed) = private_folder(beside)?;
                let copy = path.join("log");
                ask_for_backup(folder, &copy)?;
                Source::Copy {
                    path: copy,
                    _removed: removed,
                }
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Self { source })
    }

    /// Gives the entries of some kinds, in the order of tables, kinds and keys.
    fn each(&self, kinds: &[Kind], mut take: impl FnMut(Table, &[u8], &[u8])) -> Result<(), AuditError> {
        const TABLES: [Table; 2] = [Table::Outbox, Table::Inbox];
        match &self.source {
            Source::Store(store) => {
                for (table, kind) in TABLES
                    .into_iter()
                    .flat_map(|table| kinds.iter().map(move |kind| (table, *kind)))
                {
                    pages(store, table, kind as u8, |key, value| take(table, key, value))?;
                }
            }
            Source::Copy { path, .. } => {
                let is_one = |key: &[u8]| kinds.iter().any(|kind| key.first() == Some(&(*kind as u8)));
                read_backup(path, |change| {
                    if let Some(value) = change.value
                        && TABLES.contains(&change.table)
                        && is_one(&change.key)
                    {
                        take(change.table, &change.key, &value);
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Goes through the frames and receipts of all partners, both ways. Errors: an entry cannot be read.
    pub fn verify(&self, owner: &str, roll: &Roll) -> Result<Vec<Audited>, AuditError> {
        let mut auditor = Auditor::new(owner, rosters(roll).map(|sealed| &**sealed.roster()));
        self.each(&Auditor::BESIDE, |table, key, value| {
            auditor.beside(table, key, value);
        })?;
        self.each(&[Kind::Frame], |table, key, value| {
            auditor.frame(table, key, value);
        })?;
        Ok(auditor.finish())
    }

    /// Goes through the audit: what was refused, alarms, changes of rules. Errors: an entry cannot be read.
    pub fn trail(&self) -> Result<TrailVerdict, AuditError> {
        let mut trail = Trail::default();
        match &self.source {
            Source::Store(store) => {
                for (key, value) in store.read(&keys::only(Table::State, keys::AUDIT_HEAD.to_vec()))? {
                    trail.end(&key, &value);
                }
                pages(store, Table::Audit, keys::AUDIT, |key, value| trail.entry(key, value))?;
            }
            Source::Copy { path, .. } => read_backup(path, |change| {
                match (change.table, change.value) {
                    (Table::State, Some(value)) if change.key == keys::AUDIT_HEAD => trail.end(&change.key, &value),
                    (Table::Audit, Some(value)) => trail.entry(&change.key, &value),
                    _ => {}
                }
                Ok(())
            })
            .map(|_| ())?,
        }
        Ok(trail.finish())
    }

    /// The log as one file for somebody who has nothing else; of one partner only, where one is named.
    ///
    /// Errors: an entry cannot be read.
    pub fn export(
        &self,
        (owner, roll): (&str, &Roll),
        key: &NodeKey,
        made: Time,
        partner: Option<&str>,
    ) -> Result<Vec<u8>, AuditError> {
        let is_meant = |name: &str| partner.is_none_or(|partner| name == partner || name == owner);
        let named = rosters(roll).filter(|sealed| is_meant(&sealed.roster().owner));
        let mut writer = Writer::new(owner, made, named);
        for kinds in [&Auditor::BESIDE[..], &[Kind::Frame]] {
            self.each(kinds, |table, at, value| {
                if keys::kind_and_partner(at).is_some_and(|(_, name)| is_meant(name)) {
                    writer.entry(table, at, value);
                }
            })?;
        }
        Ok(writer.finish(key)?)
    }
}

fn rosters(roll: &Roll) -> impl Iterator<Item = &SealedRoster> {
    roll.owners().filter_map(|owner| roll.roster(owner))
}

/// A folder of this process, which nobody else can look into: its absolute path.
fn private_folder(beside: &Path) -> Result<(PathBuf, Removed), AuditError> {
    use std::os::unix::fs::DirBuilderExt;
    let make = || {
        std::fs::create_dir_all(beside)?;
        let path = std::path::absolute(beside)?.join(format!("audit-{}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    };
    let path: PathBuf = make().map_err(|source| AuditError::Write {
        path: beside.to_owned(),
        source,
    })?;
    Ok((path.clone(), Removed(path)))
}

/// All entries whose keys begin with an octet, page by page.
fn pages(store: &DiskStore, table: Table, first: u8, mut take: impl FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
    let mut range = Range {
        table,
        from: vec![first],
        to: vec![first + 1],
        entries_max: PAGE_ENTRIES,
        octets_max: PAGE_OCTETS,
    };
    loop {
        let page = store.read(&range)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.from = keys::after(last.clone());
        page.iter().for_each(|(key, value)| take(key, value));
    }
}
