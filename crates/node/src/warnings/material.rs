//! The files that warnings are made with: a map, sentences of languages.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use warn::text::{Catalogue, CatalogueError};
use warn::{Map, MapError, Refused};

/// A map file is not longer.
const MAP_OCTETS_MAX: u64 = 256 << 20;
/// A file of sentences is not longer.
const TEXT_OCTETS_MAX: u64 = 1 << 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is longer than any such file.
    #[error("{}: expected at most {octets_max} octets", path.display())]
    Long {
        /// The file.
        path: PathBuf,
        /// How many there may be.
        octets_max: u64,
    },
    /// It is no text.
    #[error("{}: expected text in UTF-8, octet {at} is none", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Where it ends to be text.
        at: usize,
    },
    /// Nothing of a map can be used.
    #[error(transparent)]
    Map(#[from] MapError),
    /// Sentences that do not say the same as the others.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A language that no file has.
    #[error("there is no language {language:?}; there are {}", known.join(", "))]
    Language {
        /// What was asked for.
        language: String,
        /// Those there are.
        known: Vec<String>,
    },
}

/// Reads a map; what of it cannot be used comes beside it.
///
/// Errors: [`MaterialError`], where nothing of it can be.
pub fn read_map(path: &Path) -> Result<(Map, Vec<Refused>), MaterialError> {
    let octets = read(path, MAP_OCTETS_MAX)?;
    Ok(Map::read(&octets, &path.display().to_string())?)
}

/// The languages that are built in and those of files, the wanted ones in their order; all where none is wanted. A file
/// takes the place of what is built in of its language.
///
/// Errors: [`MaterialError`] at the first that cannot be used.
pub fn read_catalogues(files: &[PathBuf], wanted: &[String]) -> Result<Vec<Catalogue>, MaterialError> {
    let mut all = Catalogue::built_in()?;
    for path in files {
        let octets = read(path, TEXT_OCTETS_MAX)?;
        let text = String::from_utf8(octets).map_err(|error| MaterialError::NotText {
            path: path.clone(),
            at: error.utf8_error().valid_up_to(),
        })?;
        let own = Catalogue::read(&text, &path.display().to_string())?;
        match all.iter_mut().find(|one| one.language() == own.language()) {
            Some(one) => *one = own,
            None => all.push(own),
        }
    }
    if wanted.is_empty() {
        return Ok(all);
    }
    let one = |language: &String| {
        let found = all.iter().find(|one| one.language() == language).cloned();
        found.ok_or_else(|| MaterialError::Language {
            language: warn::clean(language, 60),
            known: all.iter().map(|one| one.language().to_owned()).collect(),
        })
    };
    wanted.iter().map(one).collect()
}

fn read(path: &Path, octets_max: u64) -> Result<Vec<u8>, MaterialError> {
    let failed = |source| MaterialError::Read {
        path: path.to_owned(),
        source,
    };
    let mut octets = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(octets_max + 1).read_to_end(&mut octets).map_err(failed)?;
    if octets.len() as u64 > octets_max {
        let path = path.to_owned();
        return Err(MaterialError::Long { path, octets_max });
    }
    Ok(octets)
}
