//! One owner's network loses packets, both ways; machines of their own. Needs root.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::folders::{OWNERS, Settings};
use crate::latency::{WARM_UP, line, tell};
use crate::nodes::Nodes;
use crate::scene::Scene;
use crate::space::Spaces;

/// Whose network it is.
const LOSES: usize = 1;
/// What may be behind has so long.
const SETTLE: Duration = Duration::from_secs(60);
/// Asked of the 99th percentile, ms.
const P99_MS: f64 = 20.0;

/// Runs it; whether what is asked was measured.
pub fn run(program: &Path, plots_per_s: f64, seconds: f64, percent: &str) -> Result<bool, Failure> {
    let spaces = Spaces::up(&OWNERS)?;
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let settings = Settings::default();
    let nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &settings, Some(&spaces))?;
    let mut feeders = nodes.feed(&scene)?;
    std::thread::sleep(WARM_UP);
    let is_lossy = |from: usize, to: usize| from == LOSES || to == LOSES;
    let before = nodes.look();
    std::thread::sleep(Duration::from_secs_f64(seconds / 2.0));
    let well = nodes.look();
    line("without loss, KR's ways", &well.fused(&before, is_lossy));
    spaces.change("lose", LOSES, &[percent])?;
    let from = nodes.look();
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let until = nodes.look();
    spaces.change("free", LOSES, &[])?;
    let lossy = until.fused(&from, is_lossy);
    line(&format!("{percent} % lost, KR's ways"), &lossy);
    line("  JP and US meanwhile", &until.fused(&from, |a, b| !is_lossy(a, b)));
    let mut written = 0;
    for feeder in &mut feeders {
        written += feeder.end()?;
    }
    let settled = nodes.settle(written, SETTLE);
    tell(&nodes)?;
    settled?;
    Ok(lossy.quantile_ms(0.99) < P99_MS)
}
