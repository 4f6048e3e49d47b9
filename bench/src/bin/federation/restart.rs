//! A node with a long log is killed, and started: how long until it is ready.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::folders::{Folders, OWNERS, Settings};
use crate::nodes::tally;
use crate::past;
use crate::process::{Node, Place};
use crate::scene::Scene;

/// Asked of the time until it is ready, s.
const READY_S: f64 = 2.0;
/// What was read is written within this.
const FILL: Duration = Duration::from_secs(3_600);

/// Runs it for so many plots; whether what is asked was measured.
pub fn run(program: &Path, plots: u64) -> Result<bool, Failure> {
    let scene = Scene::new(&OWNERS, 1_000.0);
    let settings = Settings {
        input: "stdin",
        ..Settings::default()
    };
    let folders = Folders::new(program, &scene.sensors_toml(&OWNERS), &settings, None)?;
    let place = Place {
        program,
        spaces: None,
        at: 0,
    };
    let mut node = Node::launch(place, &folders.of(0), Stdio::piped())?;
    node.meet(None)?;
    let input = node.input().ok_or("no way in")?;
    let since = Instant::now();
    past::write(&scene, 0, plots, input)?;
    crate::until("everything is on disk", FILL, || {
        let status = node.status(None).unwrap_or_default();
        tally(&status).own == plots && status["store"]["waiting"] == 0
    })?;
    let octets = node.status(None)?["store"]["octets"].as_u64().unwrap_or(0);
    println!(
        "{plots} plots taken in within {:.0} s; {:.2} GB on disk, {:.0} MB of memory",
        since.elapsed().as_secs_f64(),
        octets as f64 / 1e9,
        resident_mb(node.pid()),
    );
    node.kill()?;
    let killed_s = ready(place, &folders, "kill -9")?.1;
    let (node, again_s) = ready(place, &folders, "kill -9 again")?;
    node.end()?;
    let closed_s = ready(place, &folders, "an end in order")?.1;
    Ok(killed_s.max(again_s).max(closed_s) < READY_S)
}

fn ready(place: Place, folders: &Folders, after: &str) -> Result<(Node, f64), Failure> {
    let since = Instant::now();
    let mut node = Node::launch(place, &folders.of(0), Stdio::null())?;
    node.meet(None)?;
    let mut ready_s = 0.0;
    crate::until("the node is ready", Duration::from_secs(120), || {
        ready_s = since.elapsed().as_secs_f64();
        node.get(None, "/ready").is_ok_and(|(is_ready, _)| is_ready)
    })?;
    let memory_mb = resident_mb(node.pid());
    println!("after {after}: ready in {ready_s:.2} s, {memory_mb:.0} MB of memory; asked below {READY_S} s");
    Ok((node, ready_s))
}

fn resident_mb(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    let number = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
    number.unwrap_or(0.0) / 1_024.0
}
