//! What the tracker carries on one core: aircraft over a wide area, radars that turn.
//!
//! Usage: `capacity WHAT [OBJECTS] [SECONDS]`, `WHAT` one of
//! - `order`: plots a second, in order of measurement (4,000 objects, 30 radars);
//! - `late`: the same with three radars late by up to 2 s and the live picture asked for after every 100 ms;
//! - `growth`: cost of a plot at 10, 100, 1,000 and 10,000 objects of the same density;
//! - `memory`: what 10,000 tracks and a lag of 60 s take.
//!
//! `--biased` lets the radars' constant errors be unknown, so that they are estimated (default: stated to be zero).

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod scene;

use std::time::Instant;

use scene::Scene;
use track::associate::Sequential;
use track::{Counts, Options, Row, Timeline, TimelineOptions};

/// Between two batches of plots, by the time of arrival.
const BATCH_S: f64 = 0.1;

/// What a run did.
struct Run {
    plots: usize,
    seconds: f64,
    counts: Counts,
    tracks: (usize, usize),
    rows: Vec<Row>,
}

/// Hands the plots over in batches by their time of arrival; `is_live`: with the picture after each.
fn run(scene: &Scene, lag_s: f64, is_live: bool) -> Run {
    let mut timeline = Timeline::new(&scene.sensors, TimelineOptions { lag_s }, Options::default());
    let mut rows = Vec::new();
    let begin = Instant::now();
    let mut tracks = (0, 0);
    for batch in scene.batches(BATCH_S) {
        for plot in batch {
            timeline.add(plot).expect("a known sensor");
        }
        rows.extend(timeline.settle(&Sequential).0);
        if is_live {
            tracks = timeline.picture(&Sequential).count();
        }
    }
    rows.extend(timeline.finish(&Sequential).0);
    if !is_live {
        tracks = timeline.picture(&Sequential).count();
    }
    Run {
        plots: scene.plots.len(),
        seconds: begin.elapsed().as_secs_f64(),
        counts: timeline.counts(),
        tracks,
        rows,
    }
}

fn print(name: &str, scene: &Scene, run: &Run) {
    let (rmse_m, astray) = scene.errors(&run.rows);
    println!(
        "{name}\t{} objects\t{} radars\t{} plots\t{:.3} s\t{:.0} plots/s\t{} of {} tracks confirmed\t{rmse_m:.0} m RMSE\t\
         {astray} rows astray\t{} late",
        scene.objects(),
        scene.sensors.as_slice().len(),
        run.plots,
        run.seconds,
        run.plots as f64 / run.seconds,
        run.tracks.1,
        run.tracks.0,
        run.counts.late,
    );
}

/// Memory that this process holds, octets; `None` where the system does not tell.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<u64>()
        .ok()
        .map(|kib| kib * 1024)
}

fn memory(objects: usize, seconds: f64, is_biased: bool) {
    let scene = Scene::new(objects, seconds, 0.0, is_biased);
    let before = resident();
    let mut timeline = Timeline::new(&scene.sensors, TimelineOptions { lag_s: 60.0 }, Options::default());
    let (mut most, mut tracks) = (0, (0, 0));
    for (at, batch) in scene.batches(BATCH_S).enumerate() {
        for plot in batch {
            timeline.add(plot).expect("a known sensor");
        }
        timeline.settle(&Sequential);
        if at % 10 == 9 {
            tracks = timeline.picture(&Sequential).count();
            most = most.max(resident().unwrap_or(0));
        }
    }
    let own = most.saturating_sub(before.unwrap_or(0));
    println!(
        "memory\t{objects} objects\t{} plots in {seconds} s\t{} of {} tracks confirmed\t{:.0} MiB of its own\t{:.0} MiB in all",
        scene.plots.len(),
        tracks.1,
        tracks.0,
        own as f64 / 1_048_576.0,
        most as f64 / 1_048_576.0,
    );
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_biased = arguments.iter().any(|argument| argument == "--biased");
    arguments.retain(|argument| argument != "--biased");
    let number = |at: usize, absent: f64| arguments.get(at).map_or(absent, |text| text.parse().expect("a number"));
    let name = if is_biased { "biased" } else { "calibrated" };
    match arguments.first().map(String::as_str) {
        Some("order") => {
            let scene = Scene::new(number(1, 4_000.0) as usize, number(2, 60.0), 0.0, is_biased);
            print(&format!("in order, {name}"), &scene, &run(&scene, 0.0, false));
        }
        Some("late") => {
            let scene = Scene::new(number(1, 4_000.0) as usize, number(2, 30.0), 2.0, is_biased);
            print(&format!("late and live, {name}"), &scene, &run(&scene, 10.0, true));
        }
        Some("growth") => {
            for (objects, seconds) in [(10, 1_200.0), (100, 600.0), (1_000, 120.0), (10_000, 40.0)] {
                let scene = Scene::new(objects, seconds, 0.0, is_biased);
                let run = run(&scene, 0.0, false);
                print(&format!("growth, {name}"), &scene, &run);
                println!("\t{:.2} µs a plot", run.seconds / run.plots as f64 * 1e6);
            }
        }
        Some("memory") => memory(number(1, 10_000.0) as usize, number(2, 90.0), is_biased),
        _ => eprintln!("capacity order|late|growth|memory [OBJECTS] [SECONDS] [--biased]"),
    }
}
