//! Time of a 600 s ballistic flight, with and without partials, and of evaluating 6,000 of its states.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin propagate`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use flight::{Body, Forces, Options, propagate, propagate_with_partials};
use geo::{Geodetic, Site, State, Time, Velocity};

/// Runs a thing many times and prints the median.
fn time(name: &str, runs: usize, mut thing: impl FnMut()) {
    let mut spans_s: Vec<f64> = (0..runs)
        .map(|_| {
            let from = Instant::now();
            thing();
            from.elapsed().as_secs_f64()
        })
        .collect();
    spans_s.sort_by(f64::total_cmp);
    println!("{name:<55} {:9.3} ms", spans_s[runs / 2] * 1e3);
}

fn main() {
    let start = Time::from_tai_ns(1_631_208_397_000_000_000);
    let site = Site::new(Geodetic::from_degrees(40.0, 128.0, 40_000.0));
    let state = State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(1_000.0, -300.0, 2_700.0)),
    };
    let (forces, body, options) = (Forces::ballistic(), Body::ballistic(4e-4), Options::default());
    let end = start + 600.0;
    let plain = propagate(&forces, &body, start, state, end, &options).expect("a flight");
    let flight = propagate_with_partials(&forces, &body, start, state, end, &options).expect("a flight");
    println!("{} s flown in {} steps", plain.end() - start, plain.steps());
    let span_s = plain.end() - start;
    let times: Vec<Time> = (0..6_000).map(|i| start + span_s * f64::from(i) / 6_000.0).collect();
    time("600 s ballistic flight", 501, || {
        black_box(propagate(&forces, &body, start, black_box(state), end, &options)).expect("a flight");
    });
    time("600 s ballistic flight with partials", 501, || {
        black_box(propagate_with_partials(
            &forces,
            &body,
            start,
            black_box(state),
            end,
            &options,
        ))
        .expect("a flight");
    });
    time("6,000 states", 101, || {
        for t in &times {
            black_box(plain.state(*t));
        }
    });
    time("6,000 states and partials", 101, || {
        for t in &times {
            black_box(flight.state_and_partials(*t));
        }
    });
}
