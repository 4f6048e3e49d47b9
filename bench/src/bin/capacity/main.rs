//! What the tracker carries on one core: aircraft over a wide area, radars that turn.
//!
//! Usage: `capacity [WHAT [OBJECTS] [SECONDS]] [--biased]`, `WHAT` one of
//! - `order`: plots a second, in order of measurement (4,000 objects, 30 radars);
//! - `late`: the same with three radars late by up to 2 s and the live picture asked for each second, and each 0.1 s;
//! - `growth`: cost of a plot at 10, 100, 1,000 and 10,000 objects of the same density;
//! - `memory`: what 10,000 tracks and a lag of 60 s take, with the live picture every second.
//!
//! Without `WHAT`: all of them, as a table of what was asked and what was measured, each the best of three rounds; it
//! fails where less was measured than asked.
//!
//! `--biased` lets the radars' constant errors be unknown, so that they are estimated (default: stated to be zero).

#[path = "../clock/clock.rs"]
mod clock;
mod scene;

use std::process::ExitCode;

use clock::Clock;
use scene::Scene;
use track::associate::Sequential;
use track::{Counts, Options, Row, Timeline, TimelineOptions};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Between two batches of plots, by the time of arrival.
const BATCH_S: f64 = 0.1;
/// The best of so many is taken.
const ROUNDS: usize = 3;

/// What a run did.
struct Run {
    plots: usize,
    seconds: f64,
    counts: Counts,
    tracks: (usize, usize),
    rows: Vec<Row>,
}

/// Hands the plots over in batches by their time of arrival; the live picture is asked for after so many (0: never).
/// Counted is what the timeline does, and not that the rows are kept here, to be held against the truth.
fn run(scene: &Scene, lag_s: f64, batches_per_picture: usize) -> Run {
    let timing = TimelineOptions {
        lag_s,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&scene.sensors, timing, Options::default());
    let mut rows = Vec::new();
    let mut seconds = 0.0;
    let mut tracks = (0, 0);
    for (at, batch) in scene.batches(BATCH_S).enumerate() {
        let begin = Clock::new();
        for plot in batch {
            timeline.add(plot).expect("a known sensor");
        }
        if batches_per_picture > 0 && at % batches_per_picture == batches_per_picture - 1 {
            tracks = timeline.picture(&Sequential).count();
        }
        let (settled, _) = timeline.settle(&Sequential);
        seconds += begin.seconds();
        rows.extend(settled);
    }
    let begin = Clock::new();
    let (settled, _) = timeline.finish(&Sequential);
    seconds += begin.seconds();
    rows.extend(settled);
    if batches_per_picture == 0 {
        tracks = timeline.picture(&Sequential).count();
    }
    Run {
        plots: scene.plots.len(),
        seconds,
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

/// Octets that tracks and timeline take at most, and objects confirmed at the end.
fn memory(scene: &Scene) -> (u64, usize) {
    let before = resident();
    let mut timeline = Timeline::new(&scene.sensors, TimelineOptions::default(), Options::default());
    let (mut most, mut confirmed) = (0, 0);
    for (at, batch) in scene.batches(BATCH_S).enumerate() {
        for plot in batch {
            timeline.add(plot).expect("a known sensor");
        }
        if at % 10 == 9 {
            confirmed = timeline.picture(&Sequential).count().1;
            most = most.max(resident().unwrap_or(0));
        }
        timeline.settle(&Sequential);
    }
    (most.saturating_sub(before.unwrap_or(0)), confirmed)
}

/// The fastest of some rounds.
fn best(scene: &Scene, lag_s: f64, batches_per_picture: usize) -> Run {
    let rounds = (0..ROUNDS).map(|_| run(scene, lag_s, batches_per_picture));
    rounds
        .min_by(|a, b| a.seconds.total_cmp(&b.seconds))
        .expect("at least one round")
}

/// Prints everything as a table; whether all was reached.
fn table(is_biased: bool) -> bool {
    println!("| capacity, one core | asked | measured |\n|---|---:|---:|");
    let row = |what: &str, asked: &str, measured: String| println!("| {what} | {asked} | {measured} |");
    let published = "published: 30 sensors, 2,000 reports/s, 4,000 tracks";
    row("EUROCONTROL ARTAS", "", published.to_owned());
    let ordered = best(&Scene::new(4_000, 60.0, 0.0, is_biased), 0.0, 0);
    let rate = |run: &Run| run.plots as f64 / run.seconds;
    let name = "30 radars, 4,000 tracks, in order, plots/s";
    row(name, "100,000", format!("{:.0}", rate(&ordered)));
    let scene = Scene::new(4_000, 30.0, 2.0, is_biased);
    let [each_second, each_batch] = [10, 1].map(|batches| best(&scene, 10.0, batches));
    let name = "three of them late by up to 2 s, plots/s, picture each";
    row(
        &format!("{name} second"),
        "20,000",
        format!("{:.0}", rate(&each_second)),
    );
    row(&format!("{name} 0.1 s"), "", format!("{:.0}", rate(&each_batch)));
    let costs = GROWTH.map(|(objects, seconds)| {
        let run = best(&Scene::new(objects, seconds, 0.0, is_biased), 0.0, 0);
        run.seconds / run.plots as f64 * 1e6
    });
    let shown = costs.map(|cost| format!("{cost:.1}")).join(", ");
    row("µs a plot at 10, 100, 1,000, 10,000 tracks", "", shown);
    let growth = costs[3] / costs[0];
    row("cost of a plot, 10,000 tracks over 10", "< 2", format!("{growth:.2}"));
    let (octets, confirmed) = memory(&Scene::new(10_000, 90.0, 0.0, is_biased));
    let mebibytes = octets as f64 / 1_048_576.0;
    let name = format!("MiB at {confirmed} tracks, 60 s lag");
    row(&name, "< 1,024", format!("{mebibytes:.0}"));
    rate(&ordered) >= 100_000.0 && rate(&each_second) >= 20_000.0 && growth < 2.0 && mebibytes < 1_024.0
}

/// Objects, and seconds long enough for many plots of each.
const GROWTH: [(usize, f64); 4] = [(10, 1_200.0), (100, 600.0), (1_000, 120.0), (10_000, 40.0)];

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_biased = arguments.iter().any(|argument| argument == "--biased");
    arguments.retain(|argument| argument != "--biased");
    let number = |at: usize, absent: f64| arguments.get(at).map_or(absent, |text| text.parse().expect("a number"));
    let name = if is_biased { "biased" } else { "calibrated" };
    match arguments.first().map(String::as_str) {
        Some("order") => {
            let scene = Scene::new(number(1, 4_000.0) as usize, number(2, 60.0), 0.0, is_biased);
            print(&format!("in order, {name}"), &scene, &run(&scene, 0.0, 0));
        }
        Some("late") => {
            let scene = Scene::new(number(1, 4_000.0) as usize, number(2, 30.0), 2.0, is_biased);
            for (each, batches) in [("second", 10), ("0.1 s", 1)] {
                let name = format!("late, picture each {each}, {name}");
                print(&name, &scene, &run(&scene, 10.0, batches));
            }
        }
        Some("growth") => {
            for (objects, seconds) in GROWTH {
                let scene = Scene::new(objects, seconds, 0.0, is_biased);
                let run = run(&scene, 0.0, 0);
                print(&format!("growth, {name}"), &scene, &run);
                println!("\t{:.2} µs a plot", run.seconds / run.plots as f64 * 1e6);
            }
        }
        Some("memory") => {
            let scene = Scene::new(number(1, 10_000.0) as usize, number(2, 90.0), 0.0, is_biased);
            let (octets, confirmed) = memory(&scene);
            println!("{confirmed} tracks\t{:.0} MiB", octets as f64 / 1_048_576.0);
        }
        None => return ExitCode::from(u8::from(!table(is_biased))),
        Some(_) => eprintln!("capacity [order|late|growth|memory [OBJECTS] [SECONDS]] [--biased]"),
    }
    ExitCode::SUCCESS
}
