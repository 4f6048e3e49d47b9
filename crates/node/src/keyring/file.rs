//! Reading and writing of the folder's files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use share::identity::{CERTIFICATE_OCTETS_MAX, Certificate, NodeId, NodeKey};
use share::roster::SealedRoster;

use super::KeyringError;

/// Octets of the longest file that is read: a roster as text.
const OCTETS_MAX: u64 = 1 << 19;

fn failed_read(path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    move |source| KeyringError::Read {
        path: path.to_owned(),
        source,
    }
}

fn failed_write(path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    move |source| KeyringError::Write {
        path: path.to_owned(),
        source,
    }
}

/// Reads a text of limited length.
fn text(path: &Path, octets_max: u64) -> Result<String, KeyringError> {
    let mut text = String::new();
    let file = File::open(path).map_err(failed_read(path))?;
    let octets = file
        .take(octets_max + 1)
        .read_to_string(&mut text)
        .map_err(failed_read(path))?;
    if octets as u64 > octets_max {
        let path = path.to_owned();
        return Err(KeyringError::TooLong { path, octets_max });
    }
    Ok(text)
}

/// Reads a private key, which nobody else may read.
pub fn private_key(path: &Path) -> Result<NodeKey, KeyringError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(failed_read(path))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let path = path.to_owned();
            return Err(KeyringError::Open { path, mode });
        }
    }
    let text = zeroize::Zeroizing::new(text(path, CERTIFICATE_OCTETS_MAX as u64)?);
    NodeKey::from_pem(&text).map_err(|source| KeyringError::Key {
        path: path.to_owned(),
        source,
    })
}

/// Reads a certificate.
pub fn certificate(path: &Path) -> Result<Certificate, KeyringError> {
    let text = text(path, 2 * CERTIFICATE_OCTETS_MAX as u64)?;
    Certificate::from_pem(&text).map_err(|source| KeyringError::Certificate {
        path: path.to_owned(),
        source,
    })
}

/// Reads a roster.
pub fn roster(path: &Path) -> Result<SealedRoster, KeyringError> {
    let text = text(path, OCTETS_MAX)?;
    SealedRoster::from_text(&text).map_err(|source| KeyringError::Roster {
        path: path.to_owned(),
        source,
    })
}

/// Reads a roster, if the file is there.
pub fn roster_if_there(path: &Path) -> Result<Option<SealedRoster>, KeyringError> {
    match roster(path) {
        Err(KeyringError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Reads the name of a root key: the first line that is no comment.
pub fn root(path: &Path) -> Result<NodeId, KeyringError> {
    let text = text(path, 4096)?;
    let name = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    let name = name.unwrap_or_default().parse();
    name.map_err(|source| KeyringError::Root {
        path: path.to_owned(),
        source,
    })
}

/// Writes the name of a root key.
pub fn write_root(path: &Path, owner: &str, root: NodeId) -> Result<(), KeyringError> {
    let text = format!("# The root key of {owner}, by its name, as people compared it.\n{root}\n");
    replace(path, text.as_bytes())
}

/// Lets nobody else change the files of a folder until it is dropped; for a change, nobody else read them either.
///
/// Where the system knows no locks there is none, and files are whole all the same.
pub fn lock(folder: &Path, is_change: bool) -> Result<File, KeyringError> {
    let file = File::open(folder).map_err(failed_read(folder))?;
    let _locked = match is_change {
        true => file.lock(),
        false => file.lock_shared(),
    };
    Ok(file)
}

/// The owners whose root keys are named in a folder, in order.
pub fn pinned(folder: &Path) -> Result<Vec<String>, KeyringError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed_read(folder))? {
        let path = entry.map_err(failed_read(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "root")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The certificates of a folder, in the order of their files' names; what is none is left out.
pub fn certificates(folder: &Path) -> Result<Vec<Certificate>, KeyringError> {
    let entries = fs::read_dir(folder).map_err(failed_read(folder))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "crt"));
    paths.sort_unstable();
    Ok(paths.iter().filter_map(|path| certificate(path).ok()).collect())
}

/// Makes the folders of a file.
pub fn make_folder_of(path: &Path) -> Result<(), KeyringError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).map_err(failed_write(folder))
}

/// Writes a private key that only its user may read, where there is no file.
pub fn write_private(path: &Path, key: &NodeKey) -> Result<(), KeyringError> {
    make_folder_of(path)?;
    let pem = key.to_pem().map_err(|source| KeyringError::Key {
        path: path.to_owned(),
        source,
    })?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyringError::Exists { path: path.to_owned() },
        _ => KeyringError::Write {
            path: path.to_owned(),
            source,
        },
    })?;
    file.write_all(pem.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed_write(path))
}

/// Renames a private key to where there is no file.
pub fn move_private(from: &Path, to: &Path) -> Result<(), KeyringError> {
    if fs::exists(to).map_err(failed_write(to))? {
        return Err(KeyringError::Exists { path: to.to_owned() });
    }
    fs::rename(from, to).map_err(failed_write(to))
}

/// Writes a file as a whole, or leaves the one that is there.
pub fn replace(path: &Path, octets: &[u8]) -> Result<(), KeyringError> {
    make_folder_of(path)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let mut file = File::create(beside).map_err(failed_write(beside))?;
    file.write_all(octets)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(beside, path))
        .map_err(failed_write(path))
}
