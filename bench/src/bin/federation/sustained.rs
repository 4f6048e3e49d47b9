//! A high rate for some time: whether anything is lost, and who is busy with it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::folders::{OWNERS, Settings};
use crate::latency::{show, tell};
use crate::nodes::{Nodes, tally};
use crate::scene::Scene;

/// What is behind after the last plot has so long.
const SETTLE: Duration = Duration::from_secs(60);

/// Runs it; whether nothing was lost and nothing dropped.
pub fn run(program: &Path, plots_per_s: f64, seconds: f64) -> Result<bool, Failure> {
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let settings = Settings::default();
    let nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &settings, None)?;
    let mut feeders = nodes.feed(&scene)?;
    let before = nodes.look();
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let after = nodes.look();
    let mut written = 0;
    for feeder in &mut feeders {
        written += feeder.end()?;
    }
    println!(
        "{} objects; {written} plots written in {seconds:.0} s, {:.0}/s",
        scene.objects(),
        written as f64 / after.seconds_since(&before),
    );
    show(&before, &after);
    print!("{}", after.busy_words(&before));
    let settled = nodes.settle(written, SETTLE);
    tell(&nodes)?;
    let mut is_whole = settled.is_ok();
    for at in 0..OWNERS.len() {
        let tally = tally(&nodes.status(at)?);
        is_whole &= tally.dropped == 0 && tally.skipped == 0 && tally.refused == 0;
    }
    settled?;
    Ok(is_whole)
}
