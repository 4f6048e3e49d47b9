//! What is in the logs of all nodes, held against each other.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use super::Outcome;
use crate::Failure;
use crate::folders::OWNERS;
use crate::nodes::Nodes;

/// What is in one node's log.
pub struct Log {
    /// Own plots, in the order of the journal.
    own: Vec<String>,
    here: BTreeSet<String>,
    damaged: String,
}

impl Log {
    /// The names of own plots.
    pub fn own(&self) -> &[String] {
        &self.own
    }

    /// Whether an item is here.
    pub fn has(&self, id: &str) -> bool {
        self.here.contains(id)
    }
}

/// Bench's `node_log`.
pub fn program() -> Result<PathBuf, Failure> {
    let named = std::env::var_os("TRILAT_BENCH_NODE_LOG").map(PathBuf::from);
    crate::sibling(named, "node_log")
}

/// Reads the logs of all; no node may run.
pub fn read(nodes: &Nodes) -> Result<Vec<Log>, Failure> {
    let program = program()?;
    let one = |at: usize| {
        let folder = nodes.folders.store(at);
        let done = Command::new(&program)
            .args(["items", OWNERS[at]])
            .arg(folder)
            .output()?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
        let text = String::from_utf8(done.stdout)?;
        let of = |kind: &'static str| {
            text.lines()
                .filter_map(move |line| line.strip_prefix(kind))
                .map(str::to_owned)
        };
        Ok(Log {
            own: of("own ").collect(),
            here: of("here ").collect(),
            damaged: of("damaged ").collect(),
        })
    };
    (0..OWNERS.len()).map(one).collect()
}

/// Whether every own plot of each is at all, once.
pub fn judge(logs: &[Log], written: Option<u64>) -> Outcome {
    let mut faults = Vec::new();
    let all: usize = logs.iter().map(|log| log.own.len()).sum();
    for (owner, log) in OWNERS.iter().zip(logs) {
        let distinct: BTreeSet<&String> = log.own.iter().collect();
        if distinct.len() != log.own.len() {
            faults.push(format!(
                "{owner} has {} own plots twice",
                log.own.len() - distinct.len()
            ));
        }
        if log.damaged != "0" {
            faults.push(format!("{owner} has {} damaged entries", log.damaged));
        }
        for (other, at) in OWNERS.iter().zip(logs) {
            let lacking = distinct.iter().filter(|id| !at.here.contains(**id)).count();
            if lacking > 0 {
                faults.push(format!("{other} lacks {lacking} plots of {owner}"));
            }
        }
    }
    if let Some(written) = written.filter(|written| *written != all as u64) {
        faults.push(format!("{written} were written to feeds, {all} are in journals"));
    }
    Outcome {
        is_good: faults.is_empty() && all > 0,
        words: match faults.is_empty() {
            true => format!("{all} plots at all three, none lost, none twice"),
            false => faults.join("; "),
        },
    }
}
