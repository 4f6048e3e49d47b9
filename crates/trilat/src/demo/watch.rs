//! What the running nodes say, until the scenario is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use geo::Time;
use node::config::Config;
use node::get;
use node::status::Status;

use super::DemoError;
use super::federation::{NodeFolder, Pace};
use super::nodes::{self, NodeProcess};
use super::output::{LatencyOutput, NodeOutput, WarningOutput};
use super::scene::Scene;
use super::warning::Desk;
use super::words::{self, Told};
use crate::{Failure, terminal};

/// The nodes are asked so often.
const ASK_EACH: Duration = Duration::from_millis(500);
/// They have so long to find each other.
const MEET: Duration = Duration::from_secs(60);
/// After the last plot they have so long to have everything and to agree, from the last time that any of them took in
/// or settled more: on a machine that others use too, it takes as long as it takes.
const SETTLE: Duration = Duration::from_secs(30);

/// Nor is it over before the all clear, if that comes so soon after the end of the scenario, s of the exercise.
const CLEAR_S: f64 = 180.0;

/// Set when the demonstration is to end: Ctrl-C, or SIGTERM.
pub fn stopped() -> Result<Arc<AtomicBool>, DemoError> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(DemoError::Signal)?;
    let term = {
        let _inside = runtime.enter();
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(DemoError::Signal)?
    };
    let wait = move || {
        runtime.block_on(async {
            let mut term = term;
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
        });
        flag.store(true, Ordering::Relaxed);
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(wait)
        .map_err(DemoError::Signal)?;
    Ok(stop)
}

/// The nodes, and what they said last.
pub struct Watch<'a> {
    scene: &'a Scene,
    pace: Pace,
    stop: Arc<AtomicBool>,
    nodes: Vec<NodeProcess>,
    configs: Vec<Config>,
    last: Vec<Option<Status>>,
    has_urls: bool,
    browser: Browser,
    desk: Option<Desk>,
}

/// Whether a picture is opened in a browser.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Its address is printed, and that is all.
    Closed,
    /// As soon as a node answers.
    Wanted,
    /// It was.
    Open,
}

/// Plots that a node has in its picture, the digest, and whether nothing came since; nothing of one that is silent.
type Progress = Option<(u64, String, bool)>;

/// Nodes as programs read them, latencies, and what is wrong.
pub type Ended = (Vec<NodeOutput>, LatencyOutput, Vec<String>);

impl<'a> Watch<'a> {
    /// Starts a node in each folder.
    pub fn start(
        scene: &'a Scene,
        folders: &[NodeFolder],
        pace: Pace,
        (stop, browser): (Arc<AtomicBool>, Browser),
    ) -> Result<Self, Failure> {
        let mut watch = Self {
            scene,
            pace,
            stop,
            nodes: Vec::new(),
            configs: Vec::new(),
            last: vec![None; folders.len()],
            has_urls: false,
            browser,
            desk: None,
        };
        for folder in folders {
            let content = |error: node::config::ConfigError| Failure::Content { source: error.into() };
            watch.configs.push(Config::read(&folder.config).map_err(content)?);
            watch.nodes.push(NodeProcess::start(&folder.owner, &folder.config)?);
        }
        let centre = folders
            .iter()
            .find_map(|folder| Some((&folder.owner, folder.centre.as_ref()?)));
        watch.desk = centre.map(|(owner, centre)| Desk::open(owner, centre)).transpose()?;
        Ok(watch)
    }

    /// Whether somebody has a picture open.
    pub fn is_seen(&self) -> bool {
        self.browser == Browser::Open
    }

    /// What was warned of.
    pub fn warning(&self) -> Option<WarningOutput> {
        self.desk.as_ref().and_then(Desk::output)
    }

    /// What the clock of the exercise shows.
    fn time(&self) -> Result<Time, Failure> {
        let wall = super::now()?;
        Ok(self.pace.at + (wall - self.pace.at) * self.pace.speed)
    }

    /// Asks all nodes. Errors: [`DemoError::Stopped`], [`DemoError::Ended`].
    fn ask(&mut self) -> Result<(), Failure> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(DemoError::Stopped.into());
        }
        for (node, (config, last)) in self.nodes.iter_mut().zip(self.configs.iter().zip(&mut self.last)) {
            if !node.is_running() {
                let (owner, words) = (node.owner.clone(), node.last_words());
                return Err(DemoError::Ended { owner, words }.into());
            }
            // One that is just beginning does not answer yet.
            if let Ok(status) = get::status(config) {
                *last = Some(status);
            }
        }
        Ok(())
    }

    /// Tells what happens as it happens, until all plots are everywhere and the pictures agree, or no time is left.
    pub fn follow(&mut self, story: &[Told], shown: bool) -> Result<(), Failure> {
        let mut told = 0;
        let (begun, mut line_due) = (Instant::now(), Instant::now());
        // A node settles its last plots after a silence of the lag.
        let patience = SETTLE + Duration::from_secs_f64(self.pace.lag_s / self.pace.speed);
        let mut still: Option<(Vec<Progress>, Instant)> = None;
        loop {
            thread::sleep(ASK_EACH);
            self.ask()?;
            self.meet(begun)?;
            self.say_urls();
            let time = self.time()?;
            while let Some(next) = story.get(told).filter(|next| next.time <= time) {
                told += 1;
                if shown {
                    terminal::say(&words::line(next, self.scene))?;
                }
            }
            let warned = self.desk.as_mut().map(|desk| desk.look(time, self.scene)).transpose()?;
            for next in warned.iter().flatten().filter(|_| shown) {
                terminal::say(&words::line(next, self.scene))?;
            }
            if shown && line_due.elapsed() > Duration::from_secs(10) {
                line_due = Instant::now();
                terminal::say(&words::nodes(time, self.scene, &self.last))?;
            }
            if time > self.scene.span.1 {
                let now = self.progress();
                let since = match &still {
                    Some((before, since)) if *before == now => since.elapsed(),
                    _ => {
                        still = Some((now, Instant::now()));
                        Duration::ZERO
                    }
                };
                let until = self.scene.span.1 + CLEAR_S;
                let is_told = match &self.desk {
                    Some(desk) if time < until => !desk.expects_clear(until)?,
                    _ => true,
                };
                if (self.is_settled() && is_told) || since > patience {
                    return Ok(());
                }
            }
        }
    }

    /// Says once where the pictures are, on standard error: what is printed may be for a program. Opens the picture of
    /// the owner who warns, where one is wanted.
    fn say_urls(&mut self) {
        if self.has_urls {
            return;
        }
        let urls: Option<Vec<String>> = self.configs.iter().map(get::url).collect();
        let Some(urls) = urls else { return };
        let urls: Vec<String> = urls.iter().map(|url| words::telling(url)).collect();
        self.has_urls = true;
        let names = || self.scene.owners.iter().map(|owner| &*owner.name);
        terminal::remark(&words::pictures(names().zip(&urls)));
        if self.browser == Browser::Wanted {
            let warns = |name: &str| self.desk.as_ref().is_some_and(|desk| desk.owner() == name);
            let url = &urls[names().position(warns).unwrap_or(0)];
            self.browser = match open::that_detached(url) {
                Ok(()) => Browser::Open,
                Err(error) => {
                    terminal::remark(&format!(
                        "No browser can be opened ({error}): open one at an address above."
                    ));
                    Browser::Closed
                }
            };
        }
    }

    /// Waits with running nodes until somebody has seen enough. Errors: a node ended by itself.
    pub fn stay(&mut self) -> Result<(), Failure> {
        terminal::remark("The nodes stay until Ctrl-C.");
        loop {
            thread::sleep(ASK_EACH);
            match self.ask() {
                Ok(()) => {}
                Err(_) if self.stop.load(Ordering::Relaxed) => return Ok(()),
                Err(failure) => return Err(failure),
            }
        }
    }

    /// All have to have found each other in time.
    fn meet(&self, begun: Instant) -> Result<(), Failure> {
        if begun.elapsed() < MEET {
            return Ok(());
        }
        let of = |(node, last): (&NodeProcess, &Option<Status>)| {
            let partners = last.iter().flat_map(|status| &status.partners);
            let lacking: Vec<&str> = partners.filter(|one| !one.is_up).map(|one| &*one.name).collect();
            let is_silent = last.is_none();
            (is_silent || !lacking.is_empty()).then(|| format!("{} lacks {}", node.owner, lacking.join(", ")))
        };
        let who: Vec<String> = self.nodes.iter().zip(&self.last).filter_map(of).collect();
        match who.is_empty() {
            true => Ok(()),
            false => Err(DemoError::Apart {
                seconds: MEET.as_secs(),
                who: who.join("; "),
            }
            .into()),
        }
    }

    /// How far each has come.
    fn progress(&self) -> Vec<Progress> {
        let of = |status: &Status| {
            let engine = &status.engine;
            (engine.used, engine.digest.clone(), engine.is_digest_whole)
        };
        self.last.iter().map(|last| last.as_ref().map(of)).collect()
    }

    fn is_settled(&self) -> bool {
        let whole = self.scene.plots() as u64;
        let mut statuses = self.last.iter().flatten();
        let Some(first) = statuses.next() else { return false };
        let has_all = |status: &Status| status.engine.used >= whole && status.engine.is_digest_whole;
        has_all(first) && statuses.all(|status| has_all(status) && status.engine.digest == first.engine.digest)
    }

    /// What each node ended with, and what is wrong with it.
    pub fn nodes(&mut self, scene: &Scene) -> Result<Ended, Failure> {
        self.ask()?;
        let whole = scene.plots() as u64;
        let (mut all, mut latency, mut problems) = (Vec::new(), LatencyOutput::default(), Vec::new());
        for (owner, last) in scene.owners.iter().zip(&self.last) {
            let status = last.clone().unwrap_or_default();
            let received: u64 = status.partners.iter().map(|partner| partner.plots_received).sum();
            let node = NodeOutput {
                owner: owner.name.to_string(),
                plots_own: status.engine.plots_own,
                plots_received: received,
                lost: whole.saturating_sub(status.engine.used.min(status.engine.plots_own + received)),
                duplicates: status.engine.used.saturating_sub(whole),
                digest: status.engine.digest.clone(),
            };
            if node.lost > 0 {
                problems.push(format!("{} lacks {} plots", node.owner, node.lost));
            }
            if node.duplicates > 0 {
                problems.push(format!("{} has {} plots twice", node.owner, node.duplicates));
            }
            let of_partners = status.engine.latency_ms.iter().filter(|of| *of.hop != *owner.name);
            for of in of_partners {
                latency.p50 = latency.p50.max(of.p50);
                latency.p99 = latency.p99.max(of.p99);
            }
            all.push(node);
        }
        if all
            .iter()
            .any(|node| node.digest != all[0].digest || node.digest.is_empty())
        {
            let first = self.last.iter().flatten().flat_map(|status| &status.partners);
            let named = first.filter_map(|partner| partner.difference.clone()).next();
            let unsettled = scene.owners.iter().zip(&self.last);
            let unsettled: Vec<&str> = unsettled
                .filter(|(_, last)| last.as_ref().is_none_or(|status| !status.engine.is_digest_whole))
                .map(|(owner, _)| &*owner.name)
                .collect();
            let said = match named {
                Some(named) => named,
                None if unsettled.is_empty() => "no node names a plot".to_owned(),
                None => format!("not settled: {}", unsettled.join(", ")),
            };
            problems.push(format!("the pictures differ: {said}"));
        }
        Ok((all, latency, problems))
    }

    /// Stops the nodes.
    pub fn stop(&mut self) {
        nodes::stop(&mut self.nodes);
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}
