//! The audit as one file, for somebody who has nothing else: rosters, frames and receipts of one owner's log.
//!
//! ```text
//!  "trilat-audit 1\n"                                                    15 octets
//!  ┌ kind: u8  length: u32  content                                      parts
//!  │   1  whose log it is, and when the file was made, as TOML
//!  │   2  a roster, as its owner signed it
//!  └   3  an entry of the log: table: u8, key: u16, key, value
//!  marks of everything before, by which a change is found (crate::audit::Marks)
//!  seal of the node over their SHA-256 (COSE_Sign1)
//!  marks of the seal
//!  octets of the parts, of their marks, of the seal: u64 each; all three twice      numbers big-endian
//! ```
//!
//! What it proves to whom: every frame is signed by its origin, and every receipt by who gave it, so nobody else can
//! have made them. Each roster is signed by its owner's root key; the reader compares the names of the root keys with
//! what the owners say. Who has a log can leave out of the file what is at the end of an epoch and in no receipt, or
//! a partner as a whole; not what is between.

use std::fmt::Write;
use std::sync::Arc;

use geo::Time;
use sha2::{Digest, Sha256};

use super::{Audited, Auditor, Changed, Marks};
use crate::identity::{NodeId, NodeKey};
use crate::roster::{RosterError, SealedRoster};
use crate::seal::{self, Context, SealError};
use crate::store::Table;

const HEAD: &[u8; 15] = b"trilat-audit 1\n";
/// Octets of the three lengths, twice.
const END: usize = 48;
const ABOUT: u8 = 1;
const ROSTER: u8 = 2;
const ENTRY: u8 = 3;

/// Writes such a file.
#[derive(Debug)]
pub struct Writer {
    octets: Vec<u8>,
}

impl Writer {
    /// Begins with whose log it is and everybody's rosters.
    pub fn new<'r>(owner: &str, made: Time, rosters: impl IntoIterator<Item = &'r SealedRoster>) -> Self {
        let mut writer = Self { octets: HEAD.to_vec() };
        let about = format!("owner = {owner:?}\nmade = \"{made:.9}\"\n");
        writer.part(ABOUT, &[about.as_bytes()]);
        for roster in rosters {
            writer.part(ROSTER, &[roster.octets()]);
        }
        writer
    }

    /// Adds an entry of the log; of a log that may be any, in the order of tables and keys.
    pub fn entry(&mut self, table: Table, key: &[u8], value: &[u8]) {
        let length = (key.len() as u16).to_be_bytes();
        self.part(ENTRY, &[&[table as u8], &length, key, value]);
    }

    fn part(&mut self, kind: u8, contents: &[&[u8]]) {
        let octets: usize = contents.iter().map(|content| content.len()).sum();
        self.octets.push(kind);
        self.octets.extend_from_slice(&(octets as u32).to_be_bytes());
        contents
            .iter()
            .for_each(|content| self.octets.extend_from_slice(content));
    }

    /// The file, sealed by the node. Errors: a fault of the program.
    pub fn finish(mut self, key: &NodeKey) -> Result<Vec<u8>, SealError> {
        let marks = Marks::of(&self.octets).octets();
        let sealed = seal::seal(key, Context::Audit, &Sha256::digest(&marks))?;
        let lengths: Vec<u8> = [self.octets.len(), marks.len(), sealed.len()]
            .into_iter()
            .flat_map(|length| (length as u64).to_be_bytes())
            .collect();
        self.octets.extend_from_slice(&marks);
        self.octets.extend_from_slice(&sealed);
        self.octets.extend_from_slice(&Marks::of(&sealed).octets());
        self.octets.extend_from_slice(&lengths);
        self.octets.extend_from_slice(&lengths);
        Ok(self.octets)
    }
}

/// Octets are no such file at all.
#[derive(Debug, thiserror::Error)]
pub enum PortableError {
    /// It does not begin as one.
    #[error("no audit file: it does not begin with \"trilat-audit 1\"")]
    Head,
    /// Its end is not that of one.
    #[error("the file has {octets} octets and its end is not that of an audit file: it was cut off, or written over")]
    End {
        /// Its octets.
        octets: usize,
    },
}

/// What is wrong with the file as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It was changed.
    #[error("the file was changed, first {}", place(.0))]
    Changed(Changed),
    /// The seal over it is not that of a node of the owner.
    #[error("the file is not sealed by a node of {owner}: {why}")]
    Seal {
        /// Whose log it should be.
        owner: String,
        /// Why not.
        why: String,
    },
    /// A roster is none.
    #[error("the part at octet {at}: {source}")]
    Roster {
        /// Where it begins.
        at: usize,
        /// Why.
        source: RosterError,
    },
    /// A part is none.
    #[error("the part at octet {at} cannot be read: what is behind it was not looked at")]
    Part {
        /// Where it begins.
        at: usize,
    },
    /// It does not say whose log it is.
    #[error("the file does not say whose log it is")]
    About,
}

fn place(changed: &Changed) -> String {
    match changed {
        Changed::At(at) => format!("at octet {at}"),
        Changed::Within(from, to) => format!("between octets {from} and {}", to - 1),
        Changed::Unknown => "at a place that cannot be told".to_owned(),
    }
}

/// What the file says, and what was found.
#[derive(Debug)]
pub struct Report {
    /// Whose log it is.
    pub owner: String,
    /// When the file was made, as it says.
    pub made: String,
    /// Each roster: the owner, its version, and the name of the root key that signed it.
    pub rosters: Vec<(Arc<str>, u64, NodeId)>,
    /// What is wrong with the file as a whole.
    pub faults: Vec<Fault>,
    /// What was found of each partner, each way.
    pub audited: Vec<Audited>,
}

impl Report {
    /// Whether everything is as it was signed.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && self.audited.iter().all(|audited| audited.verdict.findings.is_empty())
    }
}

/// The four pieces of a file.
struct Pieces<'o> {
    parts: &'o [u8],
    marks: &'o [u8],
    seal: &'o [u8],
    seal_marks: &'o [u8],
    /// Where the two copies of the lengths differ.
    end_changed: Option<usize>,
}

impl<'o> Pieces<'o> {
    fn of(octets: &'o [u8]) -> Result<Self, PortableError> {
        let none = || PortableError::End { octets: octets.len() };
        let at = octets.len().checked_sub(END).ok_or_else(none)?;
        let (first, second) = octets[at..].split_at(END / 2);
        let cut = |lengths: &[u8]| {
            let (numbers, _) = lengths.as_chunks::<8>();
            let mut numbers = numbers.iter().map(|number| u64::from_be_bytes(*number));
            let mut rest = &octets[..at];
            let mut take = || {
                let length = usize::try_from(numbers.next()?).ok()?;
                let (piece, behind) = rest.split_at_checked(length)?;
                rest = behind;
                Some(piece)
            };
            let (parts, marks, seal) = (take()?, take()?, take()?);
            let fits = rest.len() == Marks::of(seal).octets().len();
            fits.then_some((parts, marks, seal, rest))
        };
        let end_changed = first.iter().zip(second).position(|(one, other)| one != other);
        let (parts, marks, seal, seal_marks) = cut(first).or_else(|| cut(second)).ok_or_else(none)?;
        let second_half = if cut(first).is_some() { END / 2 } else { 0 };
        Ok(Self {
            parts,
            marks,
            seal,
            seal_marks,
            end_changed: end_changed.map(|differs| at + second_half + differs),
        })
    }

    /// Where the file was changed first, by the marks; `digest` is what the seal was made over, where it holds.
    fn changed(&self, digest: Option<&[u8]>) -> Option<Changed> {
        let should = Marks::of(self.parts).octets();
        let is_sealed = |marks: &[u8]| digest == Some(&Sha256::digest(marks)[..]);
        let differ = |one: &[u8], other: &[u8]| one.iter().zip(other).position(|(one, other)| one != other);
        if should != self.marks {
            // The parts are what was sealed: their marks were changed.
            if is_sealed(&should) {
                let at = differ(&should, self.marks).unwrap_or(0);
                return Some(Changed::At(self.parts.len() + at));
            }
            let marks = Marks::of_octets(self.marks);
            return Some(
                marks
                    .and_then(|marks| marks.first_change(self.parts))
                    .unwrap_or(Changed::Unknown),
            );
        }
        let from = self.parts.len() + self.marks.len();
        let should = Marks::of(self.seal).octets();
        if should != self.seal_marks {
            if digest.is_some() {
                let at = differ(&should, self.seal_marks).unwrap_or(0);
                return Some(Changed::At(from + self.seal.len() + at));
            }
            let marks = Marks::of_octets(self.seal_marks);
            let changed = marks.and_then(|marks| marks.first_change(self.seal));
            return Some(match changed {
                Some(Changed::At(at)) => Changed::At(from + at),
                Some(Changed::Within(begin, end)) => Changed::Within(from + begin, from + end),
                _ => Changed::Unknown,
            });
        }
        self.end_changed.map(Changed::At)
    }
}

/// One part.
struct Part<'o> {
    at: usize,
    kind: u8,
    content: &'o [u8],
}

/// The parts, and where they cannot be read any more.
fn parts(octets: &[u8]) -> (Vec<Part<'_>>, Option<usize>) {
    let mut all = Vec::new();
    let mut at = HEAD.len();
    while at < octets.len() {
        let read = || {
            let (kind, rest) = octets[at..].split_first()?;
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            Some((*kind, rest.get(..length)?))
        };
        let Some((kind, content)) = read() else {
            return (all, Some(at));
        };
        all.push(Part { at, kind, content });
        at += 5 + content.len();
    }
    (all, None)
}

/// An entry of a part: table, key, value.
fn entry(content: &[u8]) -> Option<(Table, &[u8], &[u8])> {
    let (table, rest) = content.split_first()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (key, value) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let table = Table::ALL.into_iter().find(|known| *known as u8 == *table)?;
    Some((table, key, value))
}

/// Reads a file and verifies everything in it, by nothing else.
///
/// Errors: [`PortableError`], where it is none at all.
pub fn verify(octets: &[u8]) -> Result<Report, PortableError> {
    // Where only the first octets were changed, the end still says that it is such a file, and the marks say where.
    let pieces = Pieces::of(octets).map_err(|error| match octets.starts_with(HEAD) {
        true => error,
        false => PortableError::Head,
    })?;
    let (all, unread) = parts(pieces.parts);
    let mut faults: Vec<Fault> = unread.map(|at| Fault::Part { at }).into_iter().collect();
    let mut rosters = Vec::new();
    for part in all.iter().filter(|part| part.kind == ROSTER) {
        match SealedRoster::open(part.content) {
            Ok(sealed) => rosters.push(sealed),
            Err(source) => faults.push(Fault::Roster { at: part.at, source }),
        }
    }
    let about = all.iter().find(|part| part.kind == ABOUT);
    let about = about.and_then(|part| std::str::from_utf8(part.content).ok());
    let value = |key: &str| {
        let line = about?.lines().find_map(|line| line.strip_prefix(key));
        line.map(|rest| rest.trim_start_matches([' ', '=']).trim_matches('"').to_owned())
    };
    let owner = value("owner").unwrap_or_else(|| {
        faults.push(Fault::About);
        String::new()
    });
    let sealed = digest(&pieces, &owner, &rosters);
    let is_other = |digest: &Vec<u8>| digest[..] != Sha256::digest(pieces.marks)[..];
    // Who writes other parts and other marks cannot seal them.
    let unknown = sealed.as_ref().is_ok_and(is_other).then_some(Changed::Unknown);
    if let Some(changed) = pieces.changed(sealed.as_deref().ok()).or(unknown) {
        faults.insert(0, Fault::Changed(changed));
    }
    if let Err(why) = sealed {
        let owner = owner.clone();
        faults.push(Fault::Seal { owner, why });
    }
    let mut auditor = Auditor::new(&owner, rosters.iter().map(|sealed| &**sealed.roster()));
    let entries = || all.iter().filter(|part| part.kind == ENTRY);
    for part in entries() {
        match entry(part.content) {
            Some((table, key, value)) => _ = auditor.beside(table, key, value),
            None => faults.push(Fault::Part { at: part.at }),
        }
    }
    for (table, key, value) in entries().filter_map(|part| entry(part.content)) {
        auditor.frame(table, key, value);
    }
    let named = |sealed: &SealedRoster| {
        let roster = sealed.roster();
        (roster.owner.clone(), roster.version, roster.root.id())
    };
    Ok(Report {
        made: value("made").unwrap_or_default(),
        rosters: rosters.iter().map(named).collect(),
        owner,
        faults,
        audited: auditor.finish(),
    })
}

/// What a node of the owner sealed, or why it is not believed that one did.
fn digest(pieces: &Pieces<'_>, owner: &str, rosters: &[SealedRoster]) -> Result<Vec<u8>, String> {
    let signer = seal::claimed_signer(pieces.seal, Context::Audit).map_err(|error| error.to_string())?;
    let own = rosters.iter().filter(|sealed| *sealed.roster().owner == *owner);
    let mut keys = own.flat_map(|sealed| sealed.roster().nodes.iter().map(|node| node.key));
    let key = keys.find(|key| key.id() == signer);
    let key = key.ok_or_else(|| format!("{signer} is in no roster of {owner} in it"))?;
    seal::open(pieces.seal, &key, Context::Audit).map_err(|error| error.to_string())
}

impl Report {
    /// The names of the rosters' root keys, a line each.
    pub fn roots(&self) -> String {
        let mut text = String::new();
        for (owner, version, root) in &self.rosters {
            // A text takes any text.
            let _ = writeln!(
                text,
                "roster of {owner}, version {version}, signed by the root key {root}"
            );
        }
        text
    }
}
