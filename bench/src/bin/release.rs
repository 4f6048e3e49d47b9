//! How fast a release policy decides: asked anew each time, and with answers kept.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin release`
//!
//! The policy is Japan's as shipped, for two partners; the plots are of a ballistic flight and of traffic below it, so
//! that they are of many kinds. One thread.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};
use share::policy::shipped::{Country, of_country};
use share::policy::{Agreement, Policy};
use share::release::{Own, Purpose, Subject, release};

const PLOTS: usize = 20_000;
const ROUNDS: usize = 25;

fn subjects() -> Vec<Subject> {
    let begin = Time::from_tai_ns(1_772_323_237_000_000_000);
    let phases = ["boost", "coast", "re-entry", "air-breathing", "unknown"];
    (0..PLOTS)
        .map(|i| {
            let part = i as f64 / PLOTS as f64;
            let height_m = if i % 4 == 0 {
                9_000.0
            } else {
                400e3 * part * (1.0 - part) * 4.0
            };
            Subject {
                sensor: if i % 2 == 0 { "north" } else { "west" }.into(),
                others: Vec::new(),
                time: begin + i as f64 * 0.001,
                place: Some(Geodetic::from_degrees(38.0 + 3.0 * part, 128.0 + 14.0 * part, height_m)),
                phase: Some(phases[i % phases.len()].into()),
                exercise: false,
            }
        })
        .collect()
}

fn main() {
    let dated = Time::from_tai_ns(1_700_000_000_000_000_000);
    let agreement = Agreement::first("japan", &["korea", "usa"], &["north", "west"], dated);
    let files = of_country(Country::Japan, ["japan", "korea", "usa"], &agreement).expect("shipped files");
    let subjects = subjects();

    // Every answer anew: a policy that has kept nothing, for each subject of a sample.
    let sample: Vec<&Subject> = subjects.iter().step_by(100).collect();
    let policies: Vec<Policy> = sample.iter().map(|_| Policy::new(&files).expect("a policy")).collect();
    let begin = Instant::now();
    for (policy, subject) in policies.iter().zip(&sample) {
        black_box(policy.decide("korea", Purpose::Warning, subject, subject.time + 0.1));
    }
    let each_us = begin.elapsed().as_secs_f64() * 1e6 / sample.len() as f64;
    println!(
        "anew, both partners and their labels: {each_us:.1} us a plot, {:.0} plots/s",
        1e6 / each_us
    );

    let policy = Policy::new(&files).expect("a policy");
    let pass = || {
        let begin = Instant::now();
        for subject in &subjects {
            for partner in ["korea", "usa"] {
                black_box(policy.decide(partner, Purpose::Warning, subject, subject.time + 0.1));
            }
        }
        begin.elapsed().as_secs_f64() * 1e9 / (2 * subjects.len()) as f64
    };
    let first_ns = pass();
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| pass()).collect();
    rounds.sort_unstable_by(f64::total_cmp);
    let [least_ns, median_ns] = [rounds[0], rounds[ROUNDS / 2]];
    println!("first pass over {PLOTS} plots, two partners: {first_ns:.0} ns a decision");
    println!(
        "kept: median {median_ns:.0}, least {least_ns:.0} ns a decision, {:.2} million/s",
        1e3 / median_ns
    );
    items(&policy, &subjects);
}

/// The item, too: label, body, and its coarse form where that is what goes out.
fn items(policy: &Policy, subjects: &[Subject]) {
    let mut sensor = Sensor::new("north", "japan", Geodetic::from_degrees(38.0, 138.0, 300.0));
    sensor.sigmas = Sigmas {
        range_m: Some(30.0),
        azimuth_rad: Some(1e-3),
        elevation_rad: Some(1e-3),
        ..Sigmas::default()
    };
    let polar = Polar {
        range_m: Some(5e5),
        azimuth_rad: Some(4.7),
        elevation_rad: Some(0.4),
        ..Polar::default()
    };
    let plot = Plot {
        time: subjects[0].time,
        sensor: "north".into(),
        measurement: Measurement::Polar(polar),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    };
    let own = Own {
        plot: Some((&plot, &sensor)),
        ..Own::default()
    };
    let mut out = 0;
    let begin = Instant::now();
    for subject in subjects {
        for partner in ["korea", "usa"] {
            let decision = policy.decide(partner, Purpose::Warning, subject, subject.time + 0.1);
            out += usize::from(black_box(release(policy.owner(), &decision, &own)).is_some());
        }
    }
    let each_ns = begin.elapsed().as_secs_f64() * 1e9 / (2 * subjects.len()) as f64;
    println!(
        "kept, and the item made: {each_ns:.0} ns ({out} of {} go out)",
        2 * subjects.len()
    );
}
