//! A partner that was away for an hour comes back: how long until it has everything, and what the others feel of it.
//!
//! The hour is in the logs of the other two quicker than it would have passed: half of its plots are in each.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::folders::{OWNERS, Settings};
use crate::latency::{WARM_UP, line, tell};
use crate::nodes::{Nodes, tally};
use crate::past;
use crate::scene::Scene;

/// Who was away.
const AWAY: usize = 2;
/// So many may wait in a feed: the past comes quicker than it was.
const RATED: u64 = 120_000;
/// The logs are filled within this.
const FILL: Duration = Duration::from_secs(1_800);
/// Asked of the time until everything is there, s.
const CAUGHT_UP_S: f64 = 60.0;

/// Runs it for so many plots in all; whether what is asked was measured.
pub fn run(program: &Path, plots_per_s: f64, past_plots: u64) -> Result<bool, Failure> {
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let settings = Settings {
        rated_plots_per_s: RATED,
        ..Settings::default()
    };
    let mut nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &settings, None)?;
    // It was there, and goes in order.
    if let Some(node) = nodes.list[AWAY].take() {
        node.end()?;
    }
    let each = past_plots / 2;
    fill(&nodes, &scene, each)?;
    let mut feeders = nodes.feed(&scene)?;
    std::thread::sleep(WARM_UP);
    let healthy = |from: usize, to: usize| from != AWAY && to != AWAY;
    let before = nodes.look();
    std::thread::sleep(Duration::from_secs(30));
    let alone = nodes.look();
    let baseline = alone.fused(&before, healthy);
    line("baseline, JP and KR", &baseline);
    let since = Instant::now();
    nodes.launch(AWAY)?;
    let started_s = since.elapsed().as_secs_f64();
    let from = nodes.look();
    let mut last = 0;
    crate::until("the one that was away has everything", Duration::from_secs(900), || {
        let Ok(status) = nodes.status(AWAY) else { return false };
        let there = tally(&status).received;
        if since.elapsed().as_secs() / 5 > last {
            last = since.elapsed().as_secs() / 5;
            println!("  after {:.0} s: {there} plots", since.elapsed().as_secs_f64());
        }
        // All of the past; what is measured meanwhile comes live.
        there >= 2 * each && tally(&status).missing == 0
    })?;
    let caught_up_s = since.elapsed().as_secs_f64();
    let until = nodes.look();
    let meanwhile = until.fused(&from, healthy);
    line("meanwhile, JP and KR", &meanwhile);
    line("meanwhile, to US", &until.fused(&from, |_, to| to == AWAY));
    print!("{}", until.busy_words(&from));
    println!(
        "{} plots were there {caught_up_s:.1} s after the start, of which {started_s:.1} s to start",
        2 * each
    );
    let mut written = 0;
    for feeder in &mut feeders {
        written += feeder.end()?;
    }
    let all = written + 2 * each;
    crate::until("nothing is missing", Duration::from_secs(60), || {
        nodes.status(AWAY).is_ok_and(|status| {
            let tally = tally(&status);
            tally.received + tally.own == all && tally.missing == 0
        })
    })?;
    tell(&nodes)?;
    let ratio = meanwhile.quantile_ms(0.99) / baseline.quantile_ms(0.99);
    println!("p99 meanwhile is {ratio:.2} times the baseline; asked: below 2, and {CAUGHT_UP_S} s");
    Ok(caught_up_s < CAUGHT_UP_S && ratio < 2.0)
}

/// Fills the logs of the two that are there through their feeds, as fast as they take it in.
fn fill(nodes: &Nodes, scene: &Scene, each: u64) -> Result<(), Failure> {
    let since = Instant::now();
    let there = || (0..OWNERS.len()).filter(|at| *at != AWAY);
    std::thread::scope(|scope| {
        let work = |at| move || past::write(scene, at, each, Paced::new(nodes, at)?).map_err(Failure::from);
        let threads: Vec<_> = there().map(|at| scope.spawn(work(at))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| "a feeder died")??;
            Ok::<(), Failure>(())
        })
    })?;
    crate::until("the logs are full", FILL, || {
        there().all(|at| {
            nodes.status(at).is_ok_and(|status| {
                let tally = tally(&status);
                tally.own == each && tally.received == each && status["store"]["waiting"] == 0
            })
        })
    })?;
    println!(
        "{each} plots each taken in within {:.0} s",
        since.elapsed().as_secs_f64()
    );
    Ok(())
}

/// A feed into which no more is written than the node has room for.
struct Paced<'a> {
    nodes: &'a Nodes<'a>,
    at: usize,
    stream: std::net::TcpStream,
    written: u64,
}

impl<'a> Paced<'a> {
    fn new(nodes: &'a Nodes<'a>, at: usize) -> Result<Self, Failure> {
        let stream = nodes.node(at)?.feed(nodes.spaces)?;
        Ok(Self {
            nodes,
            at,
            stream,
            written: 0,
        })
    }
}

impl std::io::Write for Paced<'_> {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.stream.write_all(octets)?;
        self.written += octets.iter().filter(|octet| **octet == b'\n').count() as u64;
        // A megabyte is some fourteen thousand plots; five of them fit.
        let has_room = || {
            let status = self.nodes.status(self.at);
            status.is_ok_and(|status| self.written < tally(&status).own + RATED / 2)
        };
        crate::until("the node takes in", FILL, has_room).map_err(std::io::Error::other)?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
