//! How another process asks the one that has the store for a backup: a socket in the folder, open to its user alone.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use geo::Time;

use super::DiskStore;

/// The socket's name in the folder.
const SOCKET: &str = "control.sock";
/// Who connects and says nothing is left alone after this.
const PATIENCE: Duration = Duration::from_secs(5);

/// Answers requests for as long as it lives.
pub struct Control {
    path: PathBuf,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Asking a node for a backup failed.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The process that has the store does not answer.
    #[error("the node on {} does not answer ({source}): is it just starting or stopping?", path.display())]
    Silent {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The node could not make the backup.
    #[error("the node said: {answer}")]
    Refused {
        /// What it said.
        answer: String,
    },
}

impl Control {
    /// Listens in the folder of a store. `now` is asked for the time of each backup.
    ///
    /// Errors: the socket cannot be made, as with a path of more than 107 octets.
    pub fn start(store: DiskStore, now: impl Fn() -> Time + Send + 'static) -> io::Result<Self> {
        let path = store.folder().join(SOCKET);
        // Whoever made it before has no longer the folder: this process has.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let is_stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_stopping);
        let work = move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Acquire) {
                    return;
                }
                // Who went away in the meantime needs no answer.
                let _ = stream.and_then(|stream| answer(&store, stream, now()));
            }
        };
        let thread = Some(Builder::new().name("log control".to_owned()).spawn(work)?);
        Ok(Self {
            path,
            is_stopping,
            thread,
        })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::Release);
        // Wakes the thread; if that fails nobody listens any more.
        let _ = UnixStream::connect(&self.path);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

fn answer(store: &DiskStore, mut stream: UnixStream, now: Time) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut line)?;
    let said = match line.strip_suffix('\n').and_then(|line| line.strip_prefix("backup ")) {
        Some(path) if Path::new(path).is_absolute() => match store.backup(Path::new(path), now) {
            Ok(copied) => format!("ok {} {} {}", copied.entries, copied.octets, copied.damaged.len()),
            Err(error) => error.to_string(),
        },
        _ => "asked for: backup /absolute/path".to_owned(),
    };
    writeln!(stream, "{said}")
}

/// What a node that runs said of its backup.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How many entries are in it.
    pub entries: u64,
    /// Octets of the file.
    pub octets: u64,
    /// How many entries were damaged and are not in it.
    pub damaged: u64,
}

/// Asks the node that has a folder to write a backup to an absolute path, and waits for it. Errors: [`AskError`].
pub fn ask_for_backup(folder: &Path, path: &Path) -> Result<Answered, AskError> {
    let silent = |source| AskError::Silent {
        path: folder.to_owned(),
        source,
    };
    let mut stream = UnixStream::connect(folder.join(SOCKET)).map_err(silent)?;
    writeln!(stream, "backup {}", path.display()).map_err(silent)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(silent)?;
    let answer = answer.trim_end().to_owned();
    let numbers = |text: &str| text.split(' ').map(|n| n.parse().ok()).collect::<Option<Vec<u64>>>();
    match answer.strip_prefix("ok ").and_then(numbers).as_deref() {
        Some(&[entries, octets, damaged]) => Ok(Answered {
            entries,
            octets,
            damaged,
        }),
        _ => Err(AskError::Refused { answer }),
    }
}
