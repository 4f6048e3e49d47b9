//! `trilat demo`: three owners' nodes as three processes on this machine, and a launch of January 2022.
//!
//! ```text
//! scenario ─ sim ─► plots of each owner ─► its own node ═ QUIC, mutual TLS, signed frames ═ the nodes of the others
//!                        │                      └─ status: plots, latency, digest ─► words, JSON
//!                        │                      └─ warnings of Japan: the node drafts, this approves as a person would
//!                        └─ the same engine: each alone, all together, against the truth ─► figures; its picture
//!                           of all plots has to be the nodes', to the last bit
//! ```

mod federation;
mod figures;
#[expect(
    clippy::disallowed_methods,
    reason = "other processes are waited for, on the wall clock"
)]
mod nodes;
mod output;
mod scene;
mod warning;
#[expect(
    clippy::disallowed_methods,
    reason = "other processes are waited for, on the wall clock"
)]
mod watch;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use geo::Time;
use node::init::InitError;
use sim::read_scenario;
use sim::scenario::shipped;

use crate::args::{DemoArgs, When};
use crate::output::to_json;
use crate::progress::Progress;
use crate::{Failure, terminal};

pub use figures::Figures;
pub use output::{DemoOutput, Gain, LatencyOutput, NodeOutput, ShortOutput, WarningOutput};

use federation::Pace;
use figures::figures;
use scene::Scene;
use watch::{Browser, Watch};

/// Plots older than the newest by more than this change no track, s of the exercise.
const LAG_S: f64 = 20.0;
/// However fast the exercise runs, plots have so long on their way, s of this machine: others may use it too.
const WAY_S: f64 = 5.0;

/// The demonstration did not go as it should.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Keys and folders cannot be made.
    #[error(transparent)]
    Init(#[from] InitError),
    /// No port is free.
    #[error("no port of this machine can be had: {0}")]
    Port(#[source] io::Error),
    /// Signals cannot be waited for.
    #[error("cannot listen to signals: {0}")]
    Signal(#[source] io::Error),
    /// A node ended before it should.
    #[error("the node of {owner} ended by itself; the last it said:\n  {words}")]
    Ended {
        /// Whose.
        owner: String,
        /// The end of its log.
        words: String,
    },
    /// The nodes did not find each other.
    #[error("the nodes did not find each other in {seconds} s: {who}")]
    Apart {
        /// How long was waited.
        seconds: u64,
        /// Who lacks whom.
        who: String,
    },
    /// It was stopped from outside.
    #[error("stopped")]
    Stopped,
    /// Something was lost, doubled, or the pictures differ.
    #[error("{0}")]
    Differ(String),
}

impl DemoError {
    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Stopped => "The nodes were stopped, and their folder is gone.",
            Self::Port(_) | Self::Signal(_) | Self::Init(_) => "It needs loopback, a temporary folder and chance.",
            Self::Ended { .. } | Self::Apart { .. } => "With --keep the folders of the nodes stay, with their logs.",
            Self::Differ(_) => "A slower --speed helps a machine that is busy; --keep leaves the logs of the nodes.",
        }
    }

    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Stopped => 130,
            Self::Differ(_) => 3,
            _ => 1,
        }
    }
}

/// Where the nodes live for as long as it lasts.
struct Home {
    folder: PathBuf,
    is_kept: bool,
}

impl Home {
    fn new(kept: Option<&Path>) -> Result<Self, Failure> {
        let name = format!("trilat-demo-{}", std::process::id());
        let folder = kept.map_or_else(|| std::env::temp_dir().join(name), Path::to_owned);
        fs::create_dir_all(&folder).map_err(|source| Failure::Write {
            path: folder.clone(),
            source,
        })?;
        Ok(Self {
            folder,
            is_kept: kept.is_some(),
        })
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if !self.is_kept {
            let _gone = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Runs the demonstration.
pub fn demo(args: &DemoArgs) -> Result<(), Failure> {
    let scenario = scenario(&args.scenario)?;
    let stop = watch::stopped()?;
    let progress = Progress::begin("flying the scenario");
    // Whole seconds, and a moment for what is computed before the nodes begin.
    let drawn = Scene::new(&scenario, args.seed, whole(now()?))?;
    progress.next("computing what each owner would know alone, and all together");
    let each: Vec<Figures> = (0..drawn.owners.len())
        .map(|at| figures(&drawn, &[at], LAG_S))
        .collect();
    let all: Vec<usize> = (0..drawn.owners.len()).collect();
    let together = figures(&drawn, &all, LAG_S);
    progress.next("making keys, rosters, rules and configurations");
    let home = Home::new(args.keep.as_deref())?;
    let begin = whole(now()?) + scene::LEAD_S;
    let scene = drawn.moved(begin + scene::LEAD_S * args.speed);
    let pace = Pace {
        at: begin,
        speed: args.speed,
        lag_s: LAG_S.max(WAY_S * args.speed),
    };
    let folders = federation::make(&home.folder, &scene, pace)?;
    drop(progress);
    let shown = !args.json && !args.headless;
    if shown {
        terminal::say(&words::opening(&scene, args.speed))?;
    }
    let mut watch = Watch::start(&scene, &folders, pace, (stop, browser(args)))?;
    let story = words::story(&scene, &each, &together);
    let ended = watch.follow(&story, shown);
    let nodes = ended.and_then(|()| watch.nodes(&scene));
    let warning = watch.warning();
    let staying = match (args.stay || watch.is_seen()) && nodes.is_ok() {
        true => Some(watch),
        false => {
            watch.stop();
            None
        }
    };
    let (nodes, latency_ms, mut problems) = nodes?;
    let read = scene.clone().read_back(&folders)?;
    let scene = &read;
    problems.extend(differs(scene, &nodes, pace.lag_s));
    let by_owner = |figures: &[Figures]| {
        let owners = scene.owners.iter().map(|owner| owner.name.to_string());
        owners.zip(figures.iter().cloned()).collect::<BTreeMap<_, _>>()
    };
    let gain = by_owner(&each)
        .into_iter()
        .map(|(owner, alone)| (owner, Gain::of(&alone, &together)));
    let output = DemoOutput {
        scenario: scene.name.clone(),
        speed: args.speed,
        nodes,
        latency_ms,
        gain: gain.collect(),
        alone: by_owner(&each),
        together,
        warning,
        agreed: problems.is_empty(),
    };
    tell(args, &output)?;
    if let Some(mut watch) = staying {
        watch.stay()?;
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(DemoError::Differ(problems.join("; ")).into()),
    }
}

/// Whether a picture is to be opened: by itself only for a person who looks at a screen.
fn browser(args: &DemoArgs) -> Browser {
    let is_wanted = match args.open {
        When::Always => true,
        When::Never => false,
        When::Auto => !args.json && !args.headless && terminal::has_screen(),
    };
    match is_wanted {
        true => Browser::Wanted,
        false => Browser::Closed,
    }
}

/// A shipped scenario. Errors: there is none of the name.
fn scenario(name: &str) -> Result<sim::scenario::Scenario, Failure> {
    let file = shipped().iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| Failure::UnknownScenario {
        name: name.to_owned(),
        nearest: wire::nearest(name, shipped().iter().map(|file| file.name)),
    })?;
    let content = |error: sim::ScenarioError| Failure::Content { source: error.into() };
    read_scenario(file.text, file.name).map_err(content)
}

fn tell(args: &DemoArgs, output: &DemoOutput) -> Result<(), Failure> {
    match args.json {
        true => terminal::say(&to_json(output).map_err(|error| Failure::Output(error.into()))?),
        false => terminal::say(&words::closing(output)),
    }
}

/// Whether one engine, given all that was in the folders of the nodes, has another picture than they.
fn differs(scene: &Scene, nodes: &[NodeOutput], lag_s: f64) -> Option<String> {
    let _shown = Progress::begin("computing the picture of all plots once more, in one place");
    let all: Vec<usize> = (0..scene.owners.len()).collect();
    let digest = figures(scene, &all, lag_s).digest;
    let is_other = nodes.iter().any(|node| node.digest != digest);
    is_other.then(|| format!("one engine with all plots has the picture {digest}, and not that of the nodes"))
}

/// This machine's time.
fn now() -> Result<Time, Failure> {
    Ok(crate::commands::time(None)?)
}

fn whole(time: Time) -> Time {
    let second_ns = 1_000_000_000;
    Time::from_tai_ns(time.tai_ns() - time.tai_ns().rem_euclid(second_ns))
}
