//! `trilat policy sign`.

use std::path::{Path, PathBuf};

use geo::Time;
use node::clock::wall;
use node::versions::{Refused, file_of, place, read_version, replace, signed_folder};
use share::identity::{NodeKey, NodePublic, PUBLIC_OCTETS};
use share::policy::version::{History, Version, VersionError, sign as sign_version};
use share::policy::{AGREEMENT, Files, PolicyError, Text, instant};

use super::home::{Home, read_key};
use super::{PolicyFailure, is_config, read_files, unusable};
use crate::args::SignArgs;
use crate::output::SignedOutput;
use crate::{Failure, terminal};

/// What is signed, by whom, after what.
struct Draft {
    folder: PathBuf,
    files: Files,
    key: NodeKey,
    previous: Option<Version>,
    now: Time,
}

/// Signs a version and writes it.
pub fn sign(args: &SignArgs) -> Result<(), Failure> {
    let draft = if is_config(&args.what) {
        of_node(args)?
    } else {
        of_folder(args)?
    };
    let files = match args.next {
        true => next(&draft, args.from).map_err(|source| unusable(&draft.folder, source))?,
        false => draft.files.clone(),
    };
    let signed = sign_version(&files, draft.previous.as_ref(), &draft.key);
    let version = signed.map_err(|source| refused(&draft.folder, source))?;
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| file_of(&draft.folder, version.number));
    write_changed(&draft.folder, &draft.files, &files)?;
    put(&out, &version.octets)?;
    let output = SignedOutput::new(&version, &out);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

/// The files of a node's agreement, after its newest version.
fn of_node(args: &SignArgs) -> Result<Draft, Failure> {
    let home = Home::open(&args.what)?;
    let path = args.key.clone().unwrap_or_else(|| home.keyring.paths().root_key());
    let key = read_key(&path)?;
    if home.versions.history().signer(key.id()).is_none() {
        let (signer, owner) = (key.id(), home.config.owner.to_string());
        return Err(refused(&path, VersionError::Signer { signer, owner }));
    }
    let folder = home.config.policies.clone();
    Ok(Draft {
        files: read_files(&folder)?,
        previous: match &args.previous {
            Some(path) => Some(previous(path, args, &key)?),
            None => home.versions.history().versions().last().cloned(),
        },
        key,
        now: home.now(),
        folder,
    })
}

/// The files of a folder, after a version that is named or the newest beside it.
fn of_folder(args: &SignArgs) -> Result<Draft, Failure> {
    let Some(path) = &args.key else {
        return Err(PolicyFailure::NoKey.into());
    };
    let key = read_key(path)?;
    let beside = args.previous.clone().or_else(|| newest_in(&args.what));
    let previous = match beside {
        Some(path) => Some(previous(&path, args, &key)?),
        None => None,
    };
    Ok(Draft {
        files: read_files(&args.what)?,
        key,
        previous,
        now: wall(),
        folder: args.what.clone(),
    })
}

/// The file of the highest number among the signed versions of a folder.
fn newest_in(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(signed_folder(folder)).ok()?;
    let numbers = entries.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.strip_suffix(".policy")?.parse::<u32>().ok()
    });
    numbers.max().map(|number| file_of(folder, number))
}

/// The version before: it is trusted to be one, as far as its signature and its form tell.
fn previous(path: &Path, args: &SignArgs, key: &NodeKey) -> Result<Version, Failure> {
    let octets = read_version(path).map_err(|fault| {
        let path = path.to_owned();
        PolicyFailure::from(Refused { path, fault })
    })?;
    let signer = match &args.previous_key {
        Some(text) => public(text).ok_or_else(|| cannot(path, NoKey))?,
        None => key.public(),
    };
    History::alone(&octets, &signer).map_err(|source| refused(path, source))
}

/// The same files with the next number, dated now, in force from an instant on.
fn next(draft: &Draft, from: Option<Time>) -> Result<Files, PolicyError> {
    let from = from.unwrap_or(draft.now);
    let before = draft.previous.as_ref();
    let dated = before.map_or(draft.now.min(from), |before| draft.now.min(from).max(before.dated));
    let number = before.map_or(1, |before| before.number + 1);
    let values = [
        ("version", number.to_string()),
        ("dated", format!("{:?}", instant(dated))),
        ("from", format!("{:?}", instant(from))),
    ];
    let change = |file: &Text| {
        let mut text = file.text.to_string();
        if &*file.name == AGREEMENT {
            for (key, value) in &values {
                text = set(&text, key, value);
            }
        }
        Text {
            name: file.name.clone(),
            text: text.into(),
        }
    };
    Files::new(draft.files.list().iter().map(change)).map_err(|faults| PolicyError { faults })
}

/// The text with another value of a key at the beginning of a line; what is noted behind it stays.
fn set(text: &str, key: &str, value: &str) -> String {
    let change = |line: &str| {
        let rest = line.strip_prefix(key).map(str::trim_start);
        if !rest.is_some_and(|rest| rest.starts_with('=')) {
            return format!("{line}\n");
        }
        let note = line.find('#').map_or(String::new(), |at| format!(" {}", &line[at..]));
        format!("{key} = {value}{note}\n")
    };
    text.lines().map(change).collect()
}

/// Writes the files of a draft that changed.
pub fn write_changed(folder: &Path, before: &Files, after: &Files) -> Result<(), Failure> {
    let is_other = |file: &&Text| before.get(&file.name) != Some(file);
    for file in after.list().iter().filter(is_other) {
        write(&folder.join(&*file.name), file.text.as_bytes())?;
    }
    Ok(())
}

/// Writes a file as a whole.
pub fn write(path: &Path, octets: &[u8]) -> Result<(), Failure> {
    replace(path, octets).map_err(failed(path))
}

/// Puts a signed version where the node looks for it.
pub fn put(path: &Path, octets: &[u8]) -> Result<(), Failure> {
    place(path, octets).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let path = path.to_owned();
    move |source| Failure::Write { path, source }
}

/// Digits are no public key.
#[derive(Debug, thiserror::Error)]
#[error("--previous-key: expected 64 hexadecimal digits of a public key")]
struct NoKey;

fn public(text: &str) -> Option<NodePublic> {
    let digits = text.as_bytes();
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    let octets: Vec<u8> = (0..PUBLIC_OCTETS)
        .map(|i| Some((digit(2 * i)? * 16 + digit(2 * i + 1)?) as u8))
        .collect::<Option<_>>()
        .filter(|_| digits.len() == 2 * PUBLIC_OCTETS)?;
    NodePublic::from_octets(&octets.try_into().ok()?).ok()
}

fn cannot(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> Failure {
    PolicyFailure::Key {
        path: path.to_owned(),
        source: source.into(),
    }
    .into()
}

/// A version that cannot be signed or is none.
pub fn refused(path: &Path, source: VersionError) -> Failure {
    PolicyFailure::Version {
        path: path.to_owned(),
        source,
    }
    .into()
}
