//! The folder of warnings: its journal, and the desk that decides on it. Several programs may work in it at once: what
//! each does is written down, and on the disk, before it counts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use geo::Time;
use warn::Map;
use warn::life::{Command, Desk, Entry, JournalError, Press, Refusal, read_journal};

use super::material::{MaterialError, read_catalogues, read_map};
use super::settings::{Settings, SettingsError};

/// The journal's name in its folder.
const JOURNAL: &str = "journal.jsonl";
/// Who holds this file writes.
const LOCK: &str = "journal.lock";
/// What a program does with the journal takes milliseconds; one that has not ended after this does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The map or the sentences cannot be used.
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// The desk does not do it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The journal cannot be followed.
    #[error("{}: {source}", path.display())]
    Journal {
        /// The journal.
        path: PathBuf,
        /// Where, and why not.
        source: JournalError,
    },
    /// A file of the folder cannot be read or written.
    #[error("cannot write {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another program holds the journal and does not let it go.
    #[error("another program has held {} for {} s", path.display(), PATIENCE.as_secs())]
    Held {
        /// The lock.
        path: PathBuf,
    },
    /// An entry that is no JSON: a fault of the program.
    #[error("an entry of the journal cannot be written: {0}")]
    Entry(#[from] serde_json::Error),
}

/// The folder, its settings, and the desk as far as the journal has been read.
#[derive(Debug)]
pub struct Office {
    settings: Settings,
    map: Map,
    /// What of the map's file is not on the map.
    refused: Vec<warn::Refused>,
    press: Press,
    folder: PathBuf,
    book: Mutex<Book>,
}

/// The desk, and how much of the journal is in it.
#[derive(Debug)]
struct Book {
    desk: Desk,
    octets: u64,
}

impl Office {
    /// Opens the folder of a `warn.toml`, or of the folder that holds one. Nothing is written.
    ///
    /// Errors: [`OfficeError`], where settings, map, sentences or journal cannot be used.
    pub fn open(path: &Path) -> Result<Self, OfficeError> {
        let settings = Settings::read(path)?;
        let (map, refused) = match &settings.map {
            Some(file) => read_map(file)?,
            None => (Map::built_in().clone(), Vec::new()),
        };
        let press = Press {
            sender: settings.sender.clone(),
            catalogues: read_catalogues(&settings.texts, &settings.languages)?,
        };
        let folder = settings.folder();
        let book = Mutex::new(Book {
            desk: Desk::new(settings.policy, press.clone()),
            octets: 0,
        });
        let office = Self {
            settings,
            map,
            refused,
            press,
            folder,
            book,
        };
        office.read(&mut office.book())?;
        Ok(office)
    }

    /// What `warn.toml` says.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The map.
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// What of the map's file is not on the map.
    pub fn refused(&self) -> &[warn::Refused] {
        &self.refused
    }

    /// With what messages are written.
    pub fn press(&self) -> &Press {
        &self.press
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads what is new in the journal, and looks at the desk.
    ///
    /// Errors: [`OfficeError`], where the journal cannot be read or followed.
    pub fn look<T>(&self, look: impl FnOnce(&Desk) -> T) -> Result<T, OfficeError> {
        let mut book = self.book();
        self.read(&mut book)?;
        Ok(look(&book.desk))
    }

    /// Has the desk decide on a command after everything that any program has written down, and writes down what
    /// follows. When it returns, that is on the disk.
    ///
    /// Errors: [`OfficeError`], and nothing happened.
    pub fn act(&self, command: Command, now: Time) -> Result<Vec<Entry>, OfficeError> {
        let mut book = self.book();
        let _held = self.lock()?;
        self.read(&mut book)?;
        let events = book.desk.decide(command, now)?;
        let entries = book.desk.entries(events, now);
        if entries.is_empty() {
            return Ok(entries);
        }
        let text = entries.iter().map(Entry::to_line).collect::<Result<String, _>>()?;
        self.append(&text, book.octets)?;
        for entry in &entries {
            book.desk.apply(entry).map_err(|source| self.unfollowed(source))?;
        }
        book.octets += text.len() as u64;
        Ok(entries)
    }

    /// The entries of the journal after so many of its octets, which go on to its end; all, where it was begun anew.
    ///
    /// Errors: [`OfficeError`], where it cannot be read or followed.
    pub fn entries(&self, octets: &mut u64) -> Result<Vec<Entry>, OfficeError> {
        Ok(self.read_on(octets)?.1)
    }

    /// How long the journal is: other than before, where any program wrote.
    pub fn length(&self) -> u64 {
        fs::metadata(self.journal()).map_or(0, |known| known.len())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // The desk changes entry by entry, each whole: what another thread left is good.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was written since; from the beginning where the journal is shorter than it was.
    fn read(&self, book: &mut Book) -> Result<(), OfficeError> {
        let mut octets = book.octets;
        let (is_anew, entries) = self.read_on(&mut octets)?;
        if is_anew {
            book.desk = Desk::new(self.settings.policy, self.press.clone());
            book.octets = 0;
        }
        for entry in &entries {
            book.desk.apply(entry).map_err(|source| self.unfollowed(source))?;
        }
        book.octets = octets;
        Ok(())
    }

    /// Reads on after so many octets, and whether that was from the beginning, the journal being shorter.
    fn read_on(&self, octets: &mut u64) -> Result<(bool, Vec<Entry>), OfficeError> {
        let (length, mut text) = self.tail(*octets)?;
        let is_anew = length < *octets;
        if is_anew {
            *octets = 0;
            text = self.tail(0)?.1;
        }
        let (entries, read) = read_journal(&text).map_err(|source| self.unfollowed(source))?;
        *octets += read as u64;
        Ok((is_anew, entries))
    }

    /// How long the journal is, and what stands in it from an octet on.
    fn tail(&self, from: u64) -> Result<(u64, Vec<u8>), OfficeError> {
        let path = self.journal();
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, Vec::new())),
            Err(source) => return Err(OfficeError::File { path, source }),
        };
        let mut text = Vec::new();
        let mut read = || -> io::Result<u64> {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(from))?;
            file.read_to_end(&mut text)?;
            Ok(length)
        };
        let length = read().map_err(|source| OfficeError::File { path, source })?;
        Ok((length, text))
    }

    /// Writes after what counts; what a program that ended has left half-written there goes.
    fn append(&self, text: &str, at: u64) -> Result<(), OfficeError> {
        let path = self.journal();
        let failed = |source| OfficeError::File {
            path: path.clone(),
            source,
        };
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        let mut write = || -> io::Result<()> {
            file.set_len(at)?;
            file.seek(SeekFrom::Start(at))?;
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
            if is_new {
                File::open(&self.folder)?.sync_all()?;
            }
            Ok(())
        };
        write().map_err(|source| {
            // Half of it is not to be found by the next program; if that fails too, it knows half a command.
            let _ = file.set_len(at);
            failed(source)
        })
    }

    /// Waits until no other program writes.
    fn lock(&self) -> Result<File, OfficeError> {
        let path = self.folder.join(LOCK);
        held(&path, PATIENCE).map_err(|source| match source.kind() {
            io::ErrorKind::TimedOut => OfficeError::Held { path },
            _ => OfficeError::File { path, source },
        })
    }

    fn journal(&self) -> PathBuf {
        self.folder.join(JOURNAL)
    }

    fn unfollowed(&self, source: JournalError) -> OfficeError {
        OfficeError::Journal {
            path: self.journal(),
            source,
        }
    }
}

/// A file that this program alone holds, until it is dropped.
///
/// Errors: that of the system; [`io::ErrorKind::TimedOut`], where another program has held it for so long.
fn held(path: &Path, patience: Duration) -> io::Result<File> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {}
        Err(std::fs::TryLockError::Error(error)) => return Err(error),
    }
    // The system tells when it is free only to whoever waits there, without a limit of time.
    let (to, from) = sync_channel(1);
    std::thread::Builder::new()
        .name("journal-lock".to_owned())
        .spawn(move || {
            let locked = file.lock().map(|()| file);
            // If nobody waits any more, the file is dropped, and free.
            let _ = to.send(locked);
        })?;
    from.recv_timeout(patience)
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Opens a file to lock it.
pub(super) fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).open(path)
}
