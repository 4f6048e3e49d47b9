//! A partner that is frozen for a minute: what the healthy ones feel of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::folders::{OWNERS, Settings};
use crate::latency::{WARM_UP, line, tell};
use crate::nodes::Nodes;
use crate::scene::Scene;

/// Who is frozen.
const FROZEN: usize = 2;
/// What the frozen one has missed comes within this.
const SETTLE: Duration = Duration::from_secs(60);
/// More than this may not be added to the others' p99, ms.
const ADDED_MS: f64 = 50.0;

/// Runs it; whether what is asked was measured.
pub fn run(program: &Path, plots_per_s: f64, seconds: f64) -> Result<bool, Failure> {
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &Settings::default(), None)?;
    let mut feeders = nodes.feed(&scene)?;
    std::thread::sleep(WARM_UP);
    let healthy = |from: usize, to: usize| from != FROZEN && to != FROZEN;
    let before = nodes.look();
    std::thread::sleep(Duration::from_secs_f64(seconds / 2.0));
    let well = nodes.look();
    let baseline = well.fused(&before, healthy);
    line("all well, JP and KR", &baseline);
    let mut written = feeders[FROZEN].end()?;
    nodes.node(FROZEN)?.signal("STOP")?;
    let frozen_from = nodes.look_but(FROZEN);
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let frozen_until = nodes.look_but(FROZEN);
    nodes.node(FROZEN)?.signal("CONT")?;
    let frozen = frozen_until.fused(&frozen_from, healthy);
    line("US frozen, JP and KR", &frozen);
    print!("{}", frozen_until.busy_words(&frozen_from));
    for feeder in &mut feeders {
        written += feeder.end()?;
    }
    // The first was counted when it ended.
    written -= feeders[FROZEN].written();
    let settled = nodes.settle_but_pictures(written, SETTLE);
    tell(&nodes)?;
    settled?;
    let added_ms = frozen.quantile_ms(0.99) - baseline.quantile_ms(0.99);
    println!("added p99 {added_ms:.3} ms, asked below {ADDED_MS}");
    Ok(added_ms < ADDED_MS)
}
