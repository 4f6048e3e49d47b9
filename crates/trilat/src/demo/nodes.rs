//! The nodes of the demonstration: processes of this same program, each with its own folder and nothing else.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

/// A node has so long to end by itself before it is killed.
const FAREWELL: Duration = Duration::from_secs(8);
/// How often is looked whether it has.
const LOOK: Duration = Duration::from_millis(20);

/// A running node. It is stopped when this is dropped.
#[derive(Debug)]
pub struct NodeProcess {
    /// Whose it is.
    pub owner: String,
    /// Where it logs to.
    pub log: PathBuf,
    child: Child,
}

impl NodeProcess {
    /// Starts the node of a folder. Errors: [`Failure::Write`] where it cannot be started or its log not written.
    pub fn start(owner: &str, config: &Path) -> Result<Self, Failure> {
        let log = config.with_file_name("node.log");
        let failed = |source| Failure::Write {
            path: log.clone(),
            source,
        };
        let program = std::env::current_exe().map_err(failed)?;
        let child = Command::new(program)
            .args(["node", "run"])
            .arg(config)
            // Ctrl-C is for the demonstration, which stops its nodes.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        Ok(Self {
            owner: owner.to_owned(),
            log,
            child,
        })
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The last lines of its log.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(5)..].join("\n  ")
    }

    /// Tells it to stop, as a terminal or systemd would.
    fn ask_to_stop(&self) {
        // A signal is the way to stop a node; the tool that sends one is part of every Unix.
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        drop(told);
    }
}

/// Stops nodes: all are told first, then waited for.
pub fn stop(nodes: &mut Vec<NodeProcess>) {
    for node in nodes.iter_mut() {
        if node.is_running() {
            node.ask_to_stop();
        }
    }
    let since = Instant::now();
    for mut node in nodes.drain(..) {
        while node.is_running() && since.elapsed() < FAREWELL {
            thread::sleep(LOOK);
        }
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        if self.is_running() {
            let _gone = self.child.kill();
        }
        let _reaped = self.child.wait();
    }
}
