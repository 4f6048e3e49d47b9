//! Real faults of whole nodes on machines of their own: whatever happens, in the end all hold the same plots, nothing
//! is lost and nothing is there twice. Needs root. Each prints a line, ok or FAILED, and leaves nothing behind.

mod capture;
mod crash;
mod disk;
mod identity;
mod logs;
mod network;
mod packets;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::feeder::Feeder;
use crate::folders::{OWNERS, Settings};
use crate::nodes::Nodes;
use crate::scene::Scene;
use crate::space::Spaces;

/// Plots a second of all owners together.
const PER_S: f64 = 300.0;
/// What is behind has so long.
const PATIENCE: Duration = Duration::from_secs(120);

/// The places of the owners in [`OWNERS`].
pub const JP: usize = 0;
pub const KR: usize = 1;
pub const US: usize = 2;

/// What came of a fault: words, and whether it is as it has to be.
pub struct Outcome {
    pub is_good: bool,
    pub words: String,
}

type Fault = fn(&mut Stage) -> Result<Outcome, Failure>;

/// By name.
const FAULTS: [(&str, Fault); 13] = [
    ("kill-sender", crash::kill_sender),
    ("kill-receiver", crash::kill_receiver),
    ("freeze", crash::freeze),
    ("cut", network::cut),
    ("rate", network::rate),
    ("loss", network::loss),
    ("wrong-certificate", identity::wrong),
    ("expired-certificate", identity::expired),
    ("rogue-authority", identity::rogue),
    ("full-disk", disk::full),
    ("marker", capture::marker),
    ("existence", capture::existence),
    ("nothing", network::nothing),
];

/// Three nodes on three machines, and what feeds them.
pub struct Stage<'a> {
    pub nodes: Nodes<'a>,
    pub spaces: &'a Spaces,
    pub scene: Arc<Scene>,
    pub feeders: Vec<Feeder>,
    pub program: &'a Path,
}

/// Runs the faults named, or all; whether all are as they have to be.
pub fn run(program: &Path, names: &[&str]) -> Result<bool, Failure> {
    let mut is_good = true;
    for (name, fault) in FAULTS
        .iter()
        .filter(|(name, _)| names.is_empty() || names.contains(name))
    {
        let outcome = stage(program, *fault).unwrap_or_else(|error| Outcome {
            is_good: false,
            words: error.to_string(),
        });
        let verdict = if outcome.is_good { "ok" } else { "FAILED" };
        println!("{verdict}: {name}: {}", outcome.words);
        is_good &= outcome.is_good;
    }
    Ok(is_good)
}

fn stage(program: &Path, fault: Fault) -> Result<Outcome, Failure> {
    let spaces = Spaces::up(&OWNERS)?;
    let scene = Arc::new(Scene::new(&OWNERS, PER_S));
    let settings = Settings::default();
    let nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &settings, Some(&spaces))?;
    let mut stage = Stage {
        nodes,
        spaces: &spaces,
        scene,
        feeders: Vec::new(),
        program,
    };
    fault(&mut stage)
}

impl Stage<'_> {
    /// Begins to feed all, and waits until something is everywhere.
    pub fn begin(&mut self) -> Result<(), Failure> {
        self.feeders = self.nodes.feed(&self.scene)?;
        crate::until("the first plots are everywhere", PATIENCE, || {
            (0..OWNERS.len()).all(|at| {
                let status = self.nodes.status(at);
                status.is_ok_and(|status| crate::nodes::tally(&status).received > 200)
            })
        })
    }

    /// Feeds go on for so long.
    pub fn go_on(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds));
    }

    /// A feed that was cut off begins anew.
    pub fn feed_again(&mut self, at: usize) -> Result<(), Failure> {
        let stream = self.nodes.node(at)?.feed(Some(self.spaces))?;
        self.feeders[at] = Feeder::start(self.scene.clone(), at, stream, std::time::Instant::now());
        Ok(())
    }

    /// Ends the feeds, waits until nothing is under way any more, ends the nodes and compares their logs, and what was
    /// written with what was accepted where all of it has to be.
    pub fn compare(&mut self, is_all_accepted: bool) -> Result<Outcome, Failure> {
        let mut written = 0;
        for feeder in &mut self.feeders {
            written += feeder.end()?;
        }
        self.rest()?;
        for node in &mut self.nodes.list {
            if let Some(node) = node.take() {
                node.end()?;
            }
        }
        let logs = logs::read(&self.nodes)?;
        Ok(logs::judge(&logs, is_all_accepted.then_some(written)))
    }

    /// Waits until every frame is acknowledged, nothing is missing, and nothing changes for three seconds.
    fn rest(&self) -> Result<(), Failure> {
        self.nodes.meet()?;
        let (mut last, mut since) = (Vec::new(), std::time::Instant::now());
        crate::until("nothing is under way any more", PATIENCE, || {
            let mut now = Vec::new();
            let mut is_quiet = true;
            for at in 0..OWNERS.len() {
                let Ok(status) = self.nodes.status(at) else {
                    return false;
                };
                let tally = crate::nodes::tally(&status);
                is_quiet &= tally.missing == 0 && tally.unacknowledged == 0 && status["store"]["waiting"] == 0;
                now.push((tally.own, tally.received));
            }
            if now != last || !is_quiet {
                (last, since) = (now, std::time::Instant::now());
            }
            since.elapsed() > Duration::from_secs(3)
        })
    }
}
