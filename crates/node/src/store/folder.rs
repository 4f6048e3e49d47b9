//! The folder of a store: whose it is, of what format, and that only one process has it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Says that a folder is a store, and of which format.
const MARK: &str = "trilat-log";
/// Held by the process that has the store; its number stands in it.
const LOCK: &str = "node.lock";
/// Where the engine's own files are.
const ENGINE: &str = "engine";
/// The format that this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// Why a store cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such folder, and none is to be made.
    #[error("there is no log in {}: make one with `trilat node init`, or correct the path", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds what this program did not put there.
    #[error("{} holds {found:?} and is no log: name a folder of its own for the log", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One thing that is in it.
        found: String,
    },
    /// Another process has the store.
    #[error(
        "another node runs on {}{}: stop it first, or give this one a folder of its own",
        path.display(),
        pid.map(|pid| format!(", process {pid}")).unwrap_or_default()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The process, if it could be read.
        pid: Option<u32>,
    },
    /// The store was made by another version of the program.
    #[error(
        "the log in {} has format {found}, this program knows format {VERSION}: use the program that made it, or restore \
         a backup",
        path.display()
    )]
    Version {
        /// The folder.
        path: PathBuf,
        /// What stands in it.
        found: String,
    },
    /// Nothing can be written there.
    #[error("the log in {} cannot be written ({source}): mount it writable, and give it to the user of the node",
        path.display())]
    ReadOnly {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk has no room for an empty store.
    #[error("the disk of {} is full: free some space", path.display())]
    Full {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused a file.
    #[error("cannot open the log in {}: {source}", path.display())]
    Failed {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file without which nothing else can be read is not what was written.
    #[error(
        "the log in {} is damaged ({} is not what was written): move the folder away and restore a backup with \
         `trilat log restore`",
        path.display(),
        file.display()
    )]
    DamagedFile {
        /// The folder.
        path: PathBuf,
        /// The file.
        file: PathBuf,
    },
    /// The engine cannot read its own files.
    #[error("the log in {} is damaged ({source}): move the folder away and restore a backup with `trilat log restore`",
        path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What the engine said.
        source: Box<StoreError>,
    },
}

/// A folder that this process alone has, until it is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Unlocked by the system when it is closed, by a crash too.
    _lock: File,
}

impl Folder {
    /// Takes a folder, making it where it is to be made. Errors: [`OpenError`].
    pub fn take(path: &Path, create: bool) -> Result<Self, OpenError> {
        let failed = |source: io::Error| failure(path, source);
        if !path.try_exists().map_err(failed)? {
            if !create {
                return Err(OpenError::Missing { path: path.to_owned() });
            }
            fs::create_dir_all(path).map_err(failed)?;
        }
        let mark = path.join(MARK);
        let is_marked = mark.try_exists().map_err(failed)?;
        if !is_marked {
            if let Some(found) = stranger(path).map_err(failed)? {
                return Err(OpenError::Foreign {
                    path: path.to_owned(),
                    found,
                });
            }
            if !create {
                return Err(OpenError::Missing { path: path.to_owned() });
            }
        }
        let lock = lock(path)?;
        if is_marked {
            let text = fs::read_to_string(&mark).map_err(failed)?;
            let found = text.lines().next().unwrap_or_default().trim();
            if found != VERSION.to_string() {
                return Err(OpenError::Version {
                    path: path.to_owned(),
                    found: found.to_owned(),
                });
            }
        } else {
            write_whole(
                &mark,
                format!("{VERSION}\nThe log of a trilat node. Nothing here is for editing.\n").as_bytes(),
            )
            .map_err(failed)?;
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the engine has its files.
    pub fn engine(&self) -> PathBuf {
        self.path.join(ENGINE)
    }
}

/// Whether a folder says that it is a log.
pub fn is_log(path: &Path) -> bool {
    path.join(MARK).exists()
}

/// Writes a file so that after a crash it is there as a whole or not at all.
pub fn write_whole(path: &Path, octets: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(octets)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// What is in a folder that is not of a store whose making was cut short.
fn stranger(path: &Path) -> io::Result<Option<String>> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != LOCK && Path::new(&name) != Path::new(MARK).with_extension("new") {
            return Ok(Some(name.to_string_lossy().into_owned()));
        }
    }
    Ok(None)
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let failed = |source: io::Error| failure(path, source);
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path.join(LOCK))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            let pid = format!("{}\n", std::process::id());
            file.set_len(0)
                .and_then(|()| file.write_all(pid.as_bytes()))
                .map_err(failed)?;
            file.rewind().map_err(failed)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file
                .read_to_string(&mut text)
                .ok()
                .and_then(|_| text.trim().parse().ok());
            Err(OpenError::InUse {
                path: path.to_owned(),
                pid,
            })
        }
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Says in the words of the store why the system refused a file.
pub fn failure(path: &Path, source: io::Error) -> OpenError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly { path, source },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => OpenError::Full { path },
        _ => OpenError::Failed { path, source },
    }
}
