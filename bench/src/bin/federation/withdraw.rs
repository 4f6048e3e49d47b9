//! What an owner gives is withdrawn from one partner while plots flow, and given again, some times: how long after the
//! instant of the withdrawal the last frame left. Told by the node that sends, and read in the log of the one that
//! gets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use geo::Time;
use node::store::{DiskStore, StoreOptions};
use serde_json::Value;
use share::exchange::{keys, records};
use share::frame::Frame;
use share::store::{Range, Table};

use crate::Failure;
use crate::folders::{OWNERS, Settings, trilat};
use crate::latency::WARM_UP;
use crate::nodes::{Nodes, tally};
use crate::scene::Scene;

/// Whose plots, and from whom they are withdrawn.
const GIVES: usize = 0;
const GETS: usize = 1;
/// For how long nothing may come, and then has to.
const WITHDRAWN: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(20);
/// Asked of the last frame, after the instant, ms.
const LAST_MS: f64 = 10.0;

/// Runs it so many times; whether what is asked was measured.
pub fn run(program: &Path, plots_per_s: f64, rounds: usize) -> Result<bool, Failure> {
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let mut nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &Settings::default(), None)?;
    let mut feeders = nodes.feed(&scene)?;
    std::thread::sleep(WARM_UP);
    let (mut taken_ms, mut spans) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let said = policy(program, &nodes, &["withdraw"], &["--partner", OWNERS[GETS], "--json"])?;
        let said: Value = serde_json::from_str(&said)?;
        taken_ms.push(said["node"]["late_ms"].as_f64().ok_or("the node did not take it")?);
        std::thread::sleep(WITHDRAWN);
        let again = give_again(program, &nodes)?;
        spans.push((instant(&said["from"])?, again));
        let before = tally(&nodes.status(GETS)?).received;
        crate::until("plots come again", PATIENCE, || {
            nodes.status(GETS).is_ok_and(|status| tally(&status).received > before)
        })?;
    }
    for feeder in &mut feeders {
        feeder.end()?;
    }
    for node in nodes.list.iter_mut().filter_map(Option::take) {
        node.end()?;
    }
    let sent = frames(nodes.folders.store(GETS))?;
    let (mut late_ms, mut after) = (Vec::new(), 0);
    for (from, again) in spans {
        let within = sent.iter().filter(|at| **at > from && **at < again);
        let late = within.map(|at| 1e3 * (*at - from));
        after += late.clone().filter(|late| *late > LAST_MS).count();
        late_ms.push(late.fold(0.0, f64::max));
    }
    line("the node decides by it, after", &mut taken_ms);
    line("the last frame was signed, after", &mut late_ms);
    let frames = sent.len();
    println!("{frames} frames in the partner's log, {after} of them later than {LAST_MS} ms after a withdrawal");
    Ok(after == 0 && taken_ms.last().is_some_and(|most| *most < LAST_MS))
}

fn line(what: &str, times_ms: &mut [f64]) {
    times_ms.sort_by(f64::total_cmp);
    let at = |part: f64| times_ms[((times_ms.len() - 1) as f64 * part) as usize];
    let (half, most) = (at(0.5), at(1.0));
    println!("{what:34} p50 {half:.3} ms, most {most:.3} ms, of {}", times_ms.len());
}

/// Takes the withdrawal out of the draft and signs it; from when on it holds.
fn give_again(program: &Path, nodes: &Nodes) -> Result<Time, Failure> {
    let file = nodes.folders.of(GIVES).join("policies/agreement.toml");
    let line = format!("withdrawn = [\"{}\"]\n", OWNERS[GETS]);
    let text = fs::read_to_string(&file)?;
    if !text.contains(&line) {
        return Err(format!("{}: no line {line:?}", file.display()).into());
    }
    fs::write(&file, text.replace(&line, ""))?;
    policy(program, nodes, &["sign"], &["--next"])?;
    let versions = policy(program, nodes, &["versions"], &["--json"])?;
    let versions: Value = serde_json::from_str(&versions)?;
    let last = versions["versions"].as_array().and_then(|list| list.last());
    instant(&last.ok_or("no version")?["from"])
}

fn policy(program: &Path, nodes: &Nodes, verb: &[&str], more: &[&str]) -> Result<String, Failure> {
    let file = nodes.folders.of(GIVES).join("node.toml");
    trilat(program, |command| {
        command.arg("policy").args(verb).arg(file).args(more);
    })
}

fn instant(value: &Value) -> Result<Time, Failure> {
    let text = value.as_str().ok_or("no instant")?;
    Ok(text.parse::<Time>().map_err(|error| format!("{text}: {error}"))?)
}

/// When each frame in a log was signed by the one who gives.
fn frames(folder: &Path) -> Result<Vec<Time>, Failure> {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    let store = DiskStore::open(folder, options)?;
    let all = keys::of_partner(keys::Kind::Frame, OWNERS[GIVES]);
    let mut range = Range {
        table: Table::Inbox,
        from: all.clone(),
        to: keys::end_of(all),
        entries_max: 10_000,
        octets_max: 1 << 24,
    };
    let mut sent = Vec::new();
    loop {
        let page = store.read(&range)?;
        let Some((last, _)) = page.last() else { return Ok(sent) };
        range.from = keys::after(last.clone());
        for (key, value) in &page {
            let record: records::FrameRecord = records::decode(key, value)?;
            sent.push(Frame::peek(&record.sealed)?.sent);
        }
    }
}
