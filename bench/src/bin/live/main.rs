//! How soon a plot is in the live picture: plots come one by one, some milliseconds out of their order, and the picture
//! is looked at whenever something came.
//!
//! Usage: `live [OBJECTS] [SECONDS] [TURNS]`; the radars of `capacity`, which turn in `TURNS` of their 4 to 12 s
//! (default 250 objects, 60 s, 0.15 of a turn: about 900 plots a second). What comes while a look is made waits for the
//! next, which takes all that wait. The time of each look is measured; the waiting is reckoned from it.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[expect(dead_code, reason = "the scene of another bench")]
#[path = "../capacity/scene.rs"]
mod scene;

use std::time::Instant;

use scene::Scene;
use track::associate::Sequential;
use track::{Options, Timeline, TimelineOptions};

/// Plots of every second radar come late by up to so much, each by chance: they have come over the network.
const LATE_S: f64 = 0.004;
/// What is settled is taken out each so often, of measurement time.
const SETTLE_S: f64 = 0.2;
/// Plots whose worth of work is done at once while none waits, as a node does.
const PONDERED: usize = 16;
/// Plots of the first so many seconds are not counted: tracks begin.
const BEGIN_S: f64 = 20.0;

fn late_s(at: usize, name: &str) -> f64 {
    let odd = name.bytes().last().is_some_and(|octet| octet % 2 == 1);
    let chance = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    if odd {
        LATE_S * chance as f64 / f64::from(1 << 24)
    } else {
        0.0
    }
}

fn main() {
    let numbers: Vec<f64> = std::env::args()
        .skip(1)
        .map(|text| text.parse().expect("a number"))
        .collect();
    let number = |at: usize, absent: f64| numbers.get(at).copied().unwrap_or(absent);
    let (objects, seconds) = (number(0, 250.0) as usize, number(1, 60.0));
    let scene = Scene::with_turns(objects, seconds, 0.0, true, number(2, 0.15));
    let begin = scene.plots.iter().map(|(_, plot)| plot.time).min().expect("plots");
    let late =
        |(at, (_, plot)): (usize, &(f64, plot::Plot))| (plot.time - begin + late_s(at, &plot.sensor), plot.clone());
    let mut plots: Vec<(f64, plot::Plot)> = scene.plots.iter().enumerate().map(late).collect();
    plots.sort_by(|a, b| a.0.total_cmp(&b.0));
    let timing = TimelineOptions {
        lag_s: 10.0,
        checkpoint_s: 0.1,
    };
    let mut timeline = Timeline::new(&scene.sensors, timing, Options::default());
    let (mut free_s, mut at, mut settled_s, mut busy_s, mut looks) = (0.0_f64, 0, 0.0, 0.0, 0_u32);
    let (mut latencies, mut before_s) = (Vec::new(), 0.0);
    let (mut before, mut changed) = (None::<track::Tracker>, 0);
    while at < plots.len() {
        // While nothing waits the timeline works ahead, and what comes meanwhile waits for that.
        while free_s < plots[at].0 {
            let begun = Instant::now();
            if !timeline.ponder(PONDERED, &Sequential) {
                break;
            }
            let took_s = begun.elapsed().as_secs_f64();
            free_s = free_s.max(before_s) + took_s;
            if free_s > BEGIN_S {
                busy_s += took_s;
            }
        }
        let from_s = free_s.max(plots[at].0);
        before_s = from_s;
        let (begun, first) = (Instant::now(), at);
        while at < plots.len() && plots[at].0 <= from_s {
            timeline.add(&plots[at].1).expect("a known sensor");
            at += 1;
        }
        let now = timeline.preview(&Sequential);
        let rows = before
            .as_ref()
            .map_or_else(|| now.tracks(), |before| now.changed(before));
        before = Some(now);
        if from_s - settled_s > SETTLE_S {
            settled_s = from_s;
            timeline.settle(&Sequential);
        }
        let took_s = begun.elapsed().as_secs_f64();
        free_s = from_s + took_s;
        if from_s > BEGIN_S {
            busy_s += took_s;
            looks += 1;
            changed += rows.len();
            latencies.extend(plots[first..at].iter().map(|(came_s, _)| (free_s - came_s) * 1e3));
        }
    }
    latencies.sort_by(f64::total_cmp);
    let share = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize];
    let counted_s = seconds - BEGIN_S;
    println!(
        "| {objects} aircraft, {} radars | |\n|---|---:|",
        scene.sensors.as_slice().len()
    );
    println!("| plots/s | {:.0} |", latencies.len() as f64 / counted_s);
    for (name, part) in [("half", 0.5), ("99 %", 0.99), ("the slowest", 1.0)] {
        println!("| in the picture after, {name}, ms | {:.3} |", share(part));
    }
    println!("| looks/s | {:.0} |", f64::from(looks) / counted_s);
    println!("| objects anew in a look | {:.1} |", changed as f64 / f64::from(looks));
    println!("| share of one core, % | {:.1} |", busy_s / counted_s * 100.0);
}
