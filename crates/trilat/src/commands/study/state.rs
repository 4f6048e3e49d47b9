//! Finished runs in a file, one JSON line each, so that a study can be interrupted and continued.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sim::scenario::shipped_networks;
use study::{Plan, RunFigures};

use super::error::StudyError;
use crate::Failure;

/// One line: which study, which run, and the bits of its numbers, eight hexadecimal digits each.
#[derive(Debug, Deserialize, Serialize)]
struct Line<'a> {
    key: &'a str,
    run: usize,
    bits: String,
}

/// The finished runs of one study, and the file that gets the next ones.
pub struct State {
    file: Option<(PathBuf, File)>,
    key: String,
    /// Those that were in the file.
    pub done: Vec<RunFigures>,
}

/// What makes two studies the same: the scenario's text, the seed, the owners, the program's version and networks.
pub fn key(text: &str, seed: u64, owners: &[Arc<str>]) -> String {
    let mut digest = Sha256::new();
    for network in shipped_networks() {
        digest.update(network.text);
    }
    let version = env!("CARGO_PKG_VERSION");
    digest.update(format!("{version}\n{seed}\n{owners:?}\n{text}"));
    digest
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl State {
    /// Reads what is there of this study; lines that are of others, or torn, are left where they are.
    ///
    /// Errors: [`Failure::Write`]; [`StudyError::NoState`] of a file that begins like something else.
    pub fn open(path: Option<&Path>, key: &str, plan: &Plan, runs: usize) -> Result<Self, Failure> {
        let mut state = Self {
            file: None,
            key: key.to_owned(),
            done: Vec::new(),
        };
        let Some(path) = path else { return Ok(state) };
        let failed = |source| Failure::Write {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed)?;
        let mut is_known = vec![false; runs];
        let mut ends_line = true;
        let mut is_first = true;
        let mut reader = BufReader::new(&file);
        let mut text = Vec::new();
        while reader.read_until(b'\n', &mut text).map_err(failed)? > 0 {
            ends_line = text.ends_with(b"\n");
            if is_first && !looks_like_state(&text) {
                return Err(Failure::Study(StudyError::NoState { path: path.to_owned() }));
            }
            is_first = false;
            if let Ok(line) = serde_json::from_slice::<Line<'_>>(&text)
                && line.key == key
                && line.run < runs
                && !is_known[line.run]
                && let Some(bits) = bits(&line.bits)
                && let Ok(figures) = plan.read(line.run, &bits)
            {
                is_known[line.run] = true;
                state.done.push(figures);
            }
            text.clear();
        }
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        if !ends_line {
            // A torn last line is closed, so that the next does not stick to it.
            file.write_all(b"\n").map_err(failed)?;
        }
        state.file = Some((path.to_owned(), file));
        Ok(state)
    }

    /// Keeps one more run.
    pub fn add(&mut self, figures: &RunFigures) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else {
            return Ok(());
        };
        let line = Line {
            key: &self.key,
            run: figures.run,
            bits: figures.to_bits().iter().map(|bits| format!("{bits:08x}")).collect(),
        };
        let failed = |source| Failure::Write {
            path: path.clone(),
            source,
        };
        let mut text = serde_json::to_vec(&line).map_err(|error| failed(error.into()))?;
        text.push(b'\n');
        file.write_all(&text).map_err(failed)
    }
}

/// Whether the first line of a file may be one of a state, even one that was torn: nothing is added to other files.
fn looks_like_state(line: &[u8]) -> bool {
    const BEGIN: &[u8] = br#"{"key":""#;
    line.starts_with(BEGIN) || (BEGIN.starts_with(line) && !line.is_empty())
}

fn bits(text: &str) -> Option<Vec<u32>> {
    if !text.is_ascii() || !text.len().is_multiple_of(8) {
        return None;
    }
    let words = (0..text.len()).step_by(8);
    words
        .map(|at| u32::from_str_radix(&text[at..at + 8], 16).ok())
        .collect()
}
