//! The signed versions of the owner's agreement: those in the folder, and those that the node took before.
//!
//! ```text
//! policies/agreement.toml, *.cedar, areas.toml    what people write: the draft of the next version
//! policies/signed/4.policy                        what was signed: the node runs these and nothing else
//! ```
//!
//! A version that was taken is kept in the log with its signer's key. So deleting its file, or putting an older one in
//! its place, changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use share::exchange::records;
use share::identity::{NodePublic, PUBLIC_OCTETS};
use share::policy::version::{History, Version, VersionError};
use share::policy::{AGREEMENT, AREAS, FILES_BYTES_MAX, Files, PolicyError, RULES, Text};
use share::roster::Roster;
use share::store::{Page, Range, Table, Write};

/// Octets of the longest file of a version: all its texts, and what is around them.
const OCTETS_MAX: u64 = 2 * FILES_BYTES_MAX as u64;
/// How the name of a signed version's file ends.
const ENDING: &str = "policy";

/// Where the signed versions of a folder of policies are.
pub fn signed_folder(policies: &Path) -> PathBuf {
    policies.join("signed")
}

/// Where the signed version of a number belongs.
pub fn file_of(policies: &Path, number: u32) -> PathBuf {
    signed_folder(policies).join(format!("{number}.{ENDING}"))
}

/// The draft of a version cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A file or the folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There are too many files, or they are too long.
    #[error("{}: the agreement cannot be used:\n{source}", folder.display())]
    Files {
        /// The folder.
        folder: PathBuf,
        /// All that was found.
        source: PolicyError,
    },
}

/// The files of a draft, as they stand in its folder; others in the folder are left alone.
///
/// Errors: [`DraftError`].
pub fn read_draft(folder: &Path) -> Result<Files, DraftError> {
    let failed = |path: &Path, source| DraftError::Read {
        path: path.to_owned(),
        source,
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let path = entry.map_err(|source| failed(folder, source))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name == AGREEMENT || name == AREAS || name.ends_with(RULES) {
            let text = fs::read_to_string(&path).map_err(|source| failed(&path, source))?;
            texts.push(Text {
                name: name.into(),
                text: text.into(),
            });
        }
    }
    let files = Files::new(texts).map_err(|faults| PolicyError { faults });
    files.map_err(|source| DraftError::Files {
        folder: folder.to_owned(),
        source,
    })
}

/// Writes a file as a whole, or leaves the one that is there. Errors: what the system said.
pub fn replace(path: &Path, octets: &[u8]) -> io::Result<()> {
    let (file, beside) = written(path, octets)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Writes a file beside its place, to be moved there.
fn written(path: &Path, octets: &[u8]) -> io::Result<(fs::File, PathBuf)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = fs::File::create(&beside)?;
    io::Write::write_all(&mut file, octets)?;
    Ok((file, beside.into()))
}

/// Puts a signed version where the node looks, and then on the disk: a withdrawal does not wait for that. A power cut
/// in between may leave a broken file, which is refused; a node that took it has it in its log. Errors: what the
/// system said.
pub fn place(path: &Path, octets: &[u8]) -> io::Result<()> {
    let (file, beside) = written(path, octets)?;
    fs::rename(&beside, path)?;
    file.sync_all()
}

/// Why a file is no version that can be taken.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is longer than any version.
    #[error("more than {OCTETS_MAX} octets, which no version has")]
    Long,
    /// It is no version that can be taken.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// What was kept in the log is damaged.
    #[error("the log's copy is damaged")]
    Damaged,
}

/// A version that was refused. What was in force stays so.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}: {}", path.display(), fault.remedy())]
pub struct Refused {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub fault: FileFault,
}

impl FileFault {
    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Read(_) => "check the file and its permissions",
            Self::Long => "take the file anew from where it was signed (trilat policy sign)",
            Self::Version(error) => error.remedy(),
            Self::Damaged => "put the file of the version back into the folder",
        }
    }
}

/// Who may sign for an owner.
fn signers(roster: &Roster) -> Vec<NodePublic> {
    let earlier = roster.handovers.iter().map(|handover| handover.from);
    let nodes = roster.nodes.iter().map(|node| node.key);
    let all = std::iter::once(roster.root).chain(earlier).chain(nodes);
    all.filter(|key| roster.revocation(key.id()).is_none()).collect()
}

fn key(number: u32) -> Vec<u8> {
    [&b"n/policy/"[..], &number.to_be_bytes()].concat()
}

/// The range of what the log keeps of versions.
pub fn kept() -> Range {
    Range {
        table: Table::State,
        from: b"n/policy/".to_vec(),
        to: b"n/policy0".to_vec(),
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    }
}

/// What is known of one file.
#[derive(Debug)]
struct Seen {
    stamp: (SystemTime, u64),
    refused: Option<Refused>,
}

/// All versions that are known, and the folder in which more may come.
#[derive(Debug)]
pub struct Versions {
    folder: PathBuf,
    history: History,
    seen: BTreeMap<PathBuf, Seen>,
}

impl Versions {
    /// Begins without a version. Whoever may sign now for the owner is in the roster: its root and nodes, but for keys
    /// that were revoked.
    pub fn new(policies: &Path, roster: &Roster) -> Self {
        Self {
            folder: signed_folder(policies),
            history: History::new(&roster.owner, &signers(roster)),
            seen: BTreeMap::new(),
        }
    }

    /// Goes by another roster of the owner from now on: what was refused may be signed by a key that counts now.
    pub fn set_roster(&mut self, roster: &Roster) {
        self.history.set_signers(&signers(roster));
        self.seen.retain(|_, seen| seen.refused.is_none());
    }

    /// All versions that were taken.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The folder of signed versions.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes up what the log has kept: [`kept`]. What is damaged is returned; the folder may still have it.
    pub fn restore(&mut self, page: &Page) -> Vec<Refused> {
        let mut refused = Vec::new();
        for (key, value) in page {
            let taken = records::content(key, value).ok().and_then(|content| {
                let (signer, sealed) = content.split_first_chunk::<PUBLIC_OCTETS>()?;
                let signer = NodePublic::from_octets(signer).ok()?;
                Some(self.history.restore(sealed, signer).map(|_| ()))
            });
            let fault = match taken {
                Some(Ok(())) => continue,
                Some(Err(error)) => error.into(),
                None => FileFault::Damaged,
            };
            let path = PathBuf::from("the log");
            refused.push(Refused { path, fault });
        }
        refused
    }

    /// What the log has to keep of a version that was taken.
    pub fn record(&self, number: u32) -> Option<Write> {
        let version = self.version(number)?;
        let signer = self.history.signer(version.signer)?;
        let key = key(number);
        // The signer's key, and the version as it was signed.
        let value = Some(records::value(&key, &[signer.octets(), &version.octets[..]].concat()));
        Some(Write {
            table: Table::State,
            key,
            value,
        })
    }

    /// The version of a number.
    pub fn version(&self, number: u32) -> Option<&Version> {
        let mut versions = self.history.versions().iter();
        versions.find(|version| version.number == number)
    }

    /// The files that are refused, in the order of their names.
    pub fn refused(&self) -> impl Iterator<Item = &Refused> {
        self.seen.values().filter_map(|seen| seen.refused.as_ref())
    }

    /// Looks at the folder, and takes what is new and next; returns the numbers of what was taken. A folder that is not
    /// there has nothing.
    ///
    /// Errors: the folder cannot be read.
    pub fn look(&mut self) -> Result<Vec<u32>, Refused> {
        let files = self.files().map_err(|source| Refused {
            path: self.folder.clone(),
            fault: source.into(),
        })?;
        self.seen.retain(|path, _| files.iter().any(|(there, _)| there == path));
        let mut all = Vec::new();
        let (mut is_again, mut is_going) = (false, true);
        while std::mem::take(&mut is_going) {
            for (path, stamp) in &files {
                let seen = self.seen.get(path).filter(|seen| seen.stamp == *stamp);
                // One that was refused may be the next by now.
                if seen.is_some_and(|seen| !is_again || seen.refused.is_none()) {
                    continue;
                }
                let taken = self.take(path);
                is_going |= matches!(taken, Ok(Some(_)));
                let (taken, fault) = match taken {
                    Ok(taken) => (taken, None),
                    Err(fault) => (None, Some(fault)),
                };
                let path = path.clone();
                let refused = fault.map(|fault| Refused {
                    path: path.clone(),
                    fault,
                });
                self.seen.insert(path, Seen { stamp: *stamp, refused });
                all.extend(taken);
            }
            is_again = true;
        }
        Ok(all)
    }

    /// The files of versions, those with lower numbers first.
    fn files(&self) -> io::Result<Vec<(PathBuf, (SystemTime, u64))>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            // One that goes away while it is looked at is not there.
            if let Ok(metadata) = fs::metadata(&path) {
                files.push((path, (metadata.modified()?, metadata.len())));
            }
        }
        files.sort_by_cached_key(|(path, _)| (number_of(path), path.clone()));
        Ok(files)
    }

    /// Takes a file; returns the number of a version that was not known.
    fn take(&mut self, path: &Path) -> Result<Option<u32>, FileFault> {
        let octets = read_version(path)?;
        // What was taken stays in its place.
        let known = number_of(path).and_then(|number| self.version(number));
        if known.is_some_and(|known| known.octets == octets) {
            return Ok(None);
        }
        let newest = self.history.versions().len();
        let number = self.history.accept(&octets)?.number;
        Ok((self.history.versions().len() > newest).then_some(number))
    }
}

/// The number that a file is named by.
fn number_of(path: &Path) -> Option<u32> {
    path.file_stem()?.to_str()?.parse().ok()
}

/// Reads the file of a version. Errors: [`FileFault`].
pub fn read_version(path: &Path) -> Result<Vec<u8>, FileFault> {
    let mut octets = Vec::new();
    let file = fs::File::open(path)?;
    file.take(OCTETS_MAX + 1).read_to_end(&mut octets)?;
    match octets.len() as u64 > OCTETS_MAX {
        true => Err(FileFault::Long),
        false => Ok(octets),
    }
}
