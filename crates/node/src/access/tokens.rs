//! The file of tokens and certificates: a line for each, with name, role, and the SHA-256.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use geo::Time;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Certificate, Person, Role};

/// Octets of chance in a token.
const TOKEN_OCTETS: usize = 32;
/// What every token begins with, so that it is found where it should not be.
const PREFIX: &str = "trilat_";
/// What stands before the digits of a certificate.
const OF_CERTIFICATE: &str = "certificate:";
/// The longest file that is read.
const FILE_OCTETS_MAX: u64 = 1 << 20;
/// The longest name.
const NAME_OCTETS_MAX: usize = 64;

/// A file of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than the owner may read it.
    #[error("{}: may be read by others (mode {mode:o}): chmod 600", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// A line is none.
    #[error("{}:{line}: {found:?}, expected a name, a role ({roles}) and 64 hexadecimal digits, after \"{OF_CERTIFICATE}\" \
        of a certificate", path.display(), roles = "viewer, operator or releaser")]
    Line {
        /// The file.
        path: PathBuf,
        /// Which, from 1.
        line: usize,
        /// What stands there instead, without the digits.
        found: String,
    },
    /// A name is none.
    #[error("the name {name:?}: expected 1 to 64 letters, digits, '-', '_' or '.'")]
    Name {
        /// What it was.
        name: String,
    },
    /// A name is there already.
    #[error("{}: the name {name:?} stands there already; delete its line first", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

/// By what somebody is known: the SHA-256 of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Proof {
    Token([u8; 32]),
    Certificate([u8; 32]),
}

impl Proof {
    fn of(text: &str) -> Option<Self> {
        match text.strip_prefix(OF_CERTIFICATE) {
            Some(digits) => octets(digits).map(Self::Certificate),
            None => octets(text).map(Self::Token),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Token(hash) => hex(hash),
            Self::Certificate(hash) => format!("{OF_CERTIFICATE}{}", hex(hash)),
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    person: Person,
    proof: Proof,
}

impl Line {
    /// As it stands in the file.
    fn text(&self) -> String {
        let Person { name, role } = &self.person;
        format!("{name} {} {}\n", role.name(), self.proof.text())
    }

    /// Whether another may not stand beside it: one person has one name and one role, by whatever it is known.
    fn excludes(&self, other: &Self) -> bool {
        let is_same_kind = std::mem::discriminant(&self.proof) == std::mem::discriminant(&other.proof);
        self.person.name == other.person.name && (is_same_kind || self.person.role != other.person.role)
    }
}

/// Tokens and certificates of a file, read anew when it changes: a line that is deleted holds no more.
#[derive(Debug)]
pub struct Tokens {
    path: PathBuf,
    lines: Mutex<(Stamp, Arc<[Line]>)>,
}

/// How a file is told from what it was: length, seconds and nanoseconds of its last change, its number.
type Stamp = (u64, i64, i64, u64);

impl Tokens {
    /// Reads a file. Errors: [`TokenError`].
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let stamp = stamp(path)?;
        let lines = read(path)?;
        Ok(Self {
            path: path.to_owned(),
            lines: Mutex::new((stamp, lines.into())),
        })
    }

    /// Whose a token is; `None` of one that is not in the file.
    pub fn person(&self, token: &str) -> Option<Person> {
        self.known(Proof::Token(hash(token)))
    }

    /// Whose a certificate is that is valid now; `None` of one that is not in the file.
    pub fn holder(&self, certificate: &Certificate, now: Time) -> Option<Person> {
        let is_valid = certificate.is_valid(now);
        is_valid.then(|| self.known(Proof::Certificate(certificate.hash)))?
    }

    /// Whether anybody is known by a certificate: if not, none need be asked for.
    pub fn has_certificates(&self) -> bool {
        let is_one = |line: &Line| matches!(line.proof, Proof::Certificate(_));
        self.lines().iter().any(is_one)
    }

    /// How many tokens there are, and how many certificates.
    pub fn count(&self) -> (usize, usize) {
        let lines = self.lines();
        let certificates = lines.iter().filter(|line| matches!(line.proof, Proof::Certificate(_)));
        let certificates = certificates.count();
        (lines.len() - certificates, certificates)
    }

    fn known(&self, proof: Proof) -> Option<Person> {
        // Hashes of what nobody can choose: how long it takes to compare them tells nothing of use.
        let lines = self.lines();
        let found = lines.iter().find(|line| line.proof == proof);
        found.map(|line| line.person.clone())
    }

    /// Whether somebody still has a token, with the same role: a certificate beside it keeps no session of a token that
    /// was taken back.
    pub fn holds(&self, person: &Person) -> bool {
        let is_own = |line: &Line| line.person == *person && matches!(line.proof, Proof::Token(_));
        self.lines().iter().any(is_own)
    }

    /// The lines as they are now; of a file that cannot be read any more there are none.
    fn lines(&self) -> Arc<[Line]> {
        let mut known = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let now = stamp(&self.path);
        if !now.as_ref().is_ok_and(|now| *now == known.0) {
            let lines = read(&self.path).unwrap_or_else(|error| {
                tracing::error!("nobody is let in: {error}");
                Vec::new()
            });
            *known = (now.unwrap_or_default(), lines.into());
        }
        known.1.clone()
    }
}

/// The SHA-256 of a token.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn stamp(path: &Path) -> Result<Stamp, TokenError> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::metadata(path).map_err(|source| TokenError::Read {
        path: path.to_owned(),
        source,
    })?;
    let mode = meta.mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(TokenError::Open { path, mode });
    }
    Ok((meta.len(), meta.mtime(), meta.mtime_nsec(), meta.ino()))
}

fn read(path: &Path) -> Result<Vec<Line>, TokenError> {
    let failed = |source| TokenError::Read {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(failed)?.len() > FILE_OCTETS_MAX {
        return Err(failed(io::Error::other("it is longer than 1 MiB")));
    }
    lines(&fs::read_to_string(path).map_err(failed)?, path)
}

/// The lines of a file's text.
fn lines(text: &str, path: &Path) -> Result<Vec<Line>, TokenError> {
    let mut lines = Vec::new();
    for (at, text) in text.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = line(text).ok_or_else(|| TokenError::Line {
            path: path.to_owned(),
            line: at + 1,
            found: text.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        })?;
        lines.push(line);
    }
    Ok(lines)
}

/// The text of a file of tokens of this name as it would be written, without what is no line of it.
///
/// Errors: [`TokenError::Line`].
pub fn in_one_form(text: &str, path: &Path) -> Result<String, TokenError> {
    Ok(lines(text, path)?.iter().map(Line::text).collect())
}

fn line(text: &str) -> Option<Line> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [name, role, proof] = words[..] else { return None };
    let person = Person {
        name: is_name(name).then(|| name.into())?,
        role: Role::of(role)?,
    };
    let proof = Proof::of(proof)?;
    Some(Line { person, proof })
}

fn is_name(name: &str) -> bool {
    let is_good = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter);
    (1..=NAME_OCTETS_MAX).contains(&name.len()) && name.bytes().all(is_good)
}

/// A new token.
pub struct NewToken {
    /// What its holder keeps.
    pub token: Zeroizing<String>,
}

/// Makes a token of chance, and adds its line to a file, which is made where there is none, for the owner alone.
///
/// Errors: [`TokenError`], and then the file is as it was.
pub fn make(path: &Path, name: &str, role: Role, chance: &[u8; TOKEN_OCTETS]) -> Result<NewToken, TokenError> {
    let token = Zeroizing::new(format!("{PREFIX}{}", hex(chance)));
    add(path, (name, role), Proof::Token(hash(&token)))?;
    Ok(NewToken { token })
}

/// Adds the line of a certificate to a file, which is made where there is none, for the owner alone. Who has a token
/// too keeps the name and the role of it.
///
/// Errors: [`TokenError`], and then the file is as it was.
pub fn admit(path: &Path, name: &str, role: Role, certificate: &Certificate) -> Result<(), TokenError> {
    add(path, (name, role), Proof::Certificate(certificate.hash))
}

fn add(path: &Path, (name, role): (&str, Role), proof: Proof) -> Result<(), TokenError> {
    use std::os::unix::fs::OpenOptionsExt;
    if !is_name(name) {
        return Err(TokenError::Name { name: name.to_owned() });
    }
    let person = Person {
        name: name.into(),
        role,
    };
    let line = Line { person, proof };
    if path.exists() {
        stamp(path)?;
        if read(path)?.iter().any(|known| known.excludes(&line)) {
            let (path, name) = (path.to_owned(), name.to_owned());
            return Err(TokenError::Twice { path, name });
        }
    }
    let text = line.text();
    let write = || {
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| TokenError::Write {
        path: path.to_owned(),
        source,
    })
}

/// 32 octets of hexadecimal digits.
fn octets(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut octets = [0; 32];
    for (octet, at) in octets.iter_mut().zip((0..64).step_by(2)) {
        *octet = u8::from_str_radix(&digits[at..at + 2], 16).ok()?;
    }
    Some(octets)
}

/// Octets as hexadecimal digits.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lets_in_until_its_line_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens");
        let desk = make(&path, "desk", Role::Operator, &[1; 32]).unwrap();
        let wall = make(&path, "wall", Role::Viewer, &[2; 32]).unwrap();
        assert!(matches!(
            make(&path, "wall", Role::Viewer, &[3; 32]),
            Err(TokenError::Twice { .. })
        ));
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&*desk.token) && desk.token.starts_with("trilat_01"));
        let tokens = Tokens::read(&path).unwrap();
        let person = tokens.person(&desk.token).unwrap();
        assert_eq!((&*person.name, person.role), ("desk", Role::Operator));
        assert_eq!(tokens.person("trilat_"), None);
        assert_eq!(tokens.person(""), None);
        let kept: String = text.lines().filter(|line| !line.starts_with("desk")).collect();
        fs::write(&path, kept).unwrap();
        assert_eq!(tokens.person(&desk.token), None);
        assert!(tokens.person(&wall.token).is_some() && !tokens.holds(&person));
        fs::remove_file(&path).unwrap();
        assert_eq!(tokens.person(&wall.token), None);
    }

    #[test]
    fn a_certificate_holds_while_it_is_valid_and_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens");
        let at = |second: i64| Time::from_tai_ns(second * 1_000_000_000);
        let of = |octet: u8| Certificate {
            hash: [octet; 32],
            from: at(1_000),
            until: at(2_000),
        };
        make(&path, "kim", Role::Releaser, &[1; 32]).unwrap();
        let tokens = Tokens::read(&path).unwrap();
        assert!(!tokens.has_certificates());
        // Two persons approve by name: nobody is two.
        let other_role = admit(&path, "kim", Role::Viewer, &of(7));
        assert!(matches!(other_role, Err(TokenError::Twice { .. })));
        admit(&path, "kim", Role::Releaser, &of(7)).unwrap();
        let second = admit(&path, "kim", Role::Releaser, &of(8));
        assert!(matches!(second, Err(TokenError::Twice { .. })));
        assert!(tokens.has_certificates() && tokens.count() == (1, 1));
        let kim = tokens.holder(&of(7), at(1_500)).unwrap();
        assert_eq!((&*kim.name, kim.role), ("kim", Role::Releaser));
        for (octet, now) in [(8, 1_500), (7, 999), (7, 2_000)] {
            assert_eq!(tokens.holder(&of(octet), at(now)), None, "{octet} at {now}");
        }
        // What a line of a certificate holds is no token, and the other way round.
        let digits = hex(&of(7).hash);
        assert!(
            fs::read_to_string(&path)
                .unwrap()
                .contains(&format!("certificate:{digits}"))
        );
        assert_eq!(tokens.person(&digits), None);
        // A token that is taken back is gone with its sessions, whatever else its holder is known by.
        assert!(tokens.holds(&kim));
        fs::write(&path, format!("kim releaser certificate:{digits}\n")).unwrap();
        assert!(!tokens.holds(&kim) && tokens.holder(&of(7), at(1_500)).is_some());
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens");
        let digits = "0".repeat(64);
        for bad in [
            "desk operator".to_owned(),
            format!("desk admin {digits}"),
            format!("desk viewer {}", &digits[1..]),
            format!("desk viewer {}g", &digits[1..]),
            format!("de/sk viewer {digits}"),
            format!("desk viewer {digits} more"),
            format!("desk viewer certificate:{}", &digits[1..]),
            format!("desk viewer fingerprint:{digits}"),
        ] {
            fs::write(&path, format!("# tokens\n{bad}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let said = Tokens::read(&path).unwrap_err().to_string();
            assert!(said.contains("tokens:2: ") && !said.contains("0000"), "{said}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Tokens::read(&path).unwrap_err().to_string().contains("chmod 600"));
        assert!(matches!(
            make(&path, "a b", Role::Viewer, &[0; 32]),
            Err(TokenError::Name { .. })
        ));
    }
}
