//! `trilat policy sign`.

use std::path::Path;

use share::identity::{NodeKey, NodePublic, PUBLIC_OCTETS};
use share::policy::version::{History, Version, VersionError};

use super::{PolicyFailure, read_files};
use crate::args::SignArgs;
use crate::output::SignedOutput;
use crate::{Failure, files, terminal};

/// Signs a version and writes it.
pub fn sign(args: &SignArgs) -> Result<(), Failure> {
    let files = read_files(&args.dir)?;
    let key = NodeKey::from_pem(&files::read_text(&args.key)?).map_err(|source| cannot(&args.key, source))?;
    let previous = match &args.previous {
        Some(path) => Some(previous(path, args, &key)?),
        None => None,
    };
    let signed = share::policy::version::sign(&files, previous.as_ref(), &key);
    let version = signed.map_err(|source| refused(&args.dir, source))?;
    files::write(&args.out, &version.octets)?;
    let output = SignedOutput::new(&version, &args.out);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

/// The version before: it is trusted to be one, as far as its signature and its form tell.
fn previous(path: &Path, args: &SignArgs, key: &NodeKey) -> Result<Version, Failure> {
    let octets = std::fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })?;
    let signer = match &args.previous_key {
        Some(text) => public(text).ok_or_else(|| cannot(path, NoKey))?,
        None => key.public(),
    };
    History::alone(&octets, &signer).map_err(|source| refused(path, source))
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

fn refused(path: &Path, source: VersionError) -> Failure {
    PolicyFailure::Version {
        path: path.to_owned(),
        source,
    }
    .into()
}
