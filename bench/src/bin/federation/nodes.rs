//! Three nodes that run, their feeds, and what they say together.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Failure;
use crate::feeder::Feeder;
use crate::folders::{Folders, OWNERS, Settings};
use crate::metrics::{Histogram, Metrics};
use crate::process::{Node, Place};
use crate::scene::Scene;
use crate::space::Spaces;
use crate::threads::{self, Busy};

/// Nodes find each other, and settle, within this.
const PATIENCE: Duration = Duration::from_secs(120);

/// Three nodes in their folders, as processes.
pub struct Nodes<'a> {
    pub folders: Folders,
    /// By owner; one may be down.
    pub list: Vec<Option<Node>>,
    program: &'a Path,
    pub spaces: Option<&'a Spaces>,
}

/// What all nodes said at one time.
pub struct Look {
    at: Instant,
    pub metrics: Vec<Metrics>,
    pub busy: Vec<Busy>,
    own: Busy,
}

impl<'a> Nodes<'a> {
    /// Makes the folders and starts all, and waits until they found each other.
    pub fn start(
        program: &'a Path,
        sensors: &str,
        settings: &Settings,
        spaces: Option<&'a Spaces>,
    ) -> Result<Self, Failure> {
        let folders = Folders::new(program, sensors, settings, spaces)?;
        let mut nodes = Self {
            folders,
            list: OWNERS.iter().map(|_| None).collect(),
            program,
            spaces,
        };
        for at in 0..OWNERS.len() {
            nodes.launch(at)?;
        }
        nodes.meet()?;
        Ok(nodes)
    }

    /// Starts one node.
    pub fn launch(&mut self, at: usize) -> Result<(), Failure> {
        self.list[at] = Some(Node::start(self.place(at), &self.folders.of(at))?);
        Ok(())
    }

    pub fn place(&self, at: usize) -> Place<'a> {
        Place {
            program: self.program,
            spaces: self.spaces,
            at,
        }
    }

    pub fn node(&self, at: usize) -> Result<&Node, Failure> {
        self.list[at]
            .as_ref()
            .ok_or_else(|| format!("{} is down", OWNERS[at]).into())
    }

    pub fn status(&self, at: usize) -> Result<Value, Failure> {
        self.node(at)?.status(self.spaces)
    }

    /// Waits until all that run reach all others that run.
    pub fn meet(&self) -> Result<(), Failure> {
        let up: Vec<usize> = (0..OWNERS.len()).filter(|at| self.list[*at].is_some()).collect();
        let reaches = |at: usize| {
            let Ok(status) = self.status(at) else { return false };
            let partners = status["partners"].as_array().cloned().unwrap_or_default();
            let is_up = |owner: &str| partners.iter().any(|one| one["name"] == owner && one["is_up"] == true);
            up.iter().all(|other| *other == at || is_up(OWNERS[*other]))
        };
        crate::until("the nodes find each other", PATIENCE, || {
            up.iter().all(|at| reaches(*at))
        })
    }

    /// Begins to feed all that run.
    pub fn feed(&self, scene: &Arc<Scene>) -> Result<Vec<Feeder>, Failure> {
        let begin = Instant::now();
        (0..OWNERS.len())
            .filter(|at| self.list[*at].is_some())
            .map(|at| {
                let stream = self.node(at)?.feed(self.spaces)?;
                Ok(Feeder::start(scene.clone(), at, stream, begin))
            })
            .collect()
    }

    /// Looks at all that run.
    pub fn look(&self) -> Look {
        self.look_but(OWNERS.len())
    }

    /// Looks at all that run but one, which would not answer.
    pub fn look_but(&self, frozen: usize) -> Look {
        let of = |(at, node): (usize, &Option<Node>)| {
            let node = node.as_ref().filter(|_| at != frozen);
            let metrics = node.and_then(|node| node.metrics(self.spaces).ok());
            metrics.unwrap_or_default()
        };
        Look {
            at: Instant::now(),
            metrics: self.list.iter().enumerate().map(of).collect(),
            busy: self
                .list
                .iter()
                .map(|node| node.as_ref().map_or_else(Busy::new, |node| threads::look(node.pid())))
                .collect(),
            own: threads::look(std::process::id()),
        }
    }

    /// Waits until every node has every plot that was written, all that it gave is acknowledged, and the digests of all
    /// pictures are equal.
    pub fn settle(&self, written: u64, patience: Duration) -> Result<(), Failure> {
        self.wait(patience, written, |one, first| one.digest == first.digest)
    }

    /// The same, where one was away too long to have the same picture.
    pub fn settle_but_pictures(&self, written: u64, patience: Duration) -> Result<(), Failure> {
        self.wait(patience, written, |_, _| true)
    }

    fn wait(&self, patience: Duration, written: u64, agree: impl Fn(&Tally, &Tally) -> bool) -> Result<(), Failure> {
        let mut tallies = Vec::new();
        let settled = crate::until("every node has every plot", patience, || {
            let statuses = (0..OWNERS.len()).filter_map(|at| self.status(at).ok());
            tallies = statuses.map(|status| tally(&status)).collect();
            let first = tallies.first().cloned().unwrap_or_default();
            let is_whole = |one: &Tally| one.has_all(written) && agree(one, &first);
            tallies.len() == OWNERS.len() && tallies.iter().all(is_whole)
        });
        settled.map_err(|error| format!("{error} of {written}:\n{tallies:#?}").into())
    }
}

/// What a node counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub own: u64,
    pub received: u64,
    pub dropped: u64,
    pub refused: u64,
    pub missing: u64,
    pub unacknowledged: u64,
    pub rejected: u64,
    pub duplicates: u64,
    pub not_sent: u64,
    pub late: u64,
    pub skipped: u64,
    pub used: u64,
    pub tracks: u64,
    pub digest: String,
}

/// Reads a status.
pub fn tally(status: &Value) -> Tally {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let none = Vec::new();
    let partners = status["partners"].as_array().unwrap_or(&none);
    let sum = |key: &str| partners.iter().map(|partner| number(&partner[key])).sum();
    let sent: u64 = sum("frames_sent");
    let (feed, engine) = (&status["feeds"][0], &status["engine"]);
    Tally {
        own: number(&engine["plots_own"]),
        received: sum("plots_received"),
        dropped: number(&feed["dropped"]),
        refused: number(&feed["refused"]),
        missing: sum("missing"),
        unacknowledged: sent - sum("frames_acknowledged").min(sent),
        rejected: sum("rejected"),
        duplicates: sum("duplicates"),
        not_sent: sum("not_sent"),
        late: number(&engine["late"]),
        skipped: number(&engine["skipped"]),
        used: number(&engine["used"]),
        tracks: number(&engine["tracks"]),
        digest: engine["digest"].as_str().unwrap_or_default().to_owned(),
    }
}

impl Tally {
    /// Whether every plot is here and nothing waits.
    pub fn has_all(&self, written: u64) -> bool {
        self.own + self.received == written && self.missing == 0 && self.unacknowledged == 0
    }
}

impl Look {
    pub fn seconds_since(&self, earlier: &Self) -> f64 {
        (self.at - earlier.at).as_secs_f64()
    }

    /// From the feed of one owner to the picture of another.
    pub fn tracked(&self, earlier: &Self, from: usize, to: usize) -> Histogram {
        let key = format!("trilat_tracked_seconds{{origin=\"{}\"}}", OWNERS[from]);
        self.metrics[to].since(&earlier.metrics[to], &key)
    }

    /// From every feed to every partner's picture that a choice names.
    pub fn fused(&self, earlier: &Self, is_asked: impl Fn(usize, usize) -> bool) -> Histogram {
        let pairs = (0..OWNERS.len()).flat_map(|from| (0..OWNERS.len()).map(move |to| (from, to)));
        let asked = pairs.filter(|(from, to)| from != to && is_asked(*from, *to));
        asked.fold(Histogram::default(), |sum, (from, to)| {
            sum.plus(&self.tracked(earlier, from, to))
        })
    }

    /// One hop at all nodes.
    pub fn hop(&self, earlier: &Self, hop: &str) -> Histogram {
        let key = format!("trilat_latency_seconds{{hop=\"{hop}\"}}");
        let of = |(now, before): (&Metrics, &Metrics)| now.since(before, &key);
        let nodes = self.metrics.iter().zip(&earlier.metrics).map(of);
        nodes.fold(Histogram::default(), |sum, one| sum.plus(&one))
    }

    /// Who was busy, a line for each process.
    pub fn busy_words(&self, earlier: &Self) -> String {
        let seconds = self.seconds_since(earlier);
        let mut text = String::new();
        for (owner, (now, before)) in OWNERS.iter().zip(self.busy.iter().zip(&earlier.busy)) {
            let words = threads::words(&threads::shares(before, now, seconds));
            text += &format!("  {owner}: {words}\n");
        }
        let own: f64 = threads::shares(&earlier.own, &self.own, seconds)
            .iter()
            .map(|(_, share)| share)
            .sum();
        text + &format!("  the radars: {:.0} % of a core\n", 100.0 * own)
    }
}
