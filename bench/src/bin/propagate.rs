//! Time of a 600 s ballistic flight, with and without partials, and of evaluating 6,000 of its states; of a day of a
//! transfer orbit through a made-up field of degree and order 20, with Sun, Moon and sunlight, with partials.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin propagate`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use flight::{Body, EarthOrientation, Field, Forces, Gravity, Options, propagate, propagate_with_partials};
use geo::{Geodetic, Position, Site, State, Time, Velocity};

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

/// Prints what `bench/propagate.sh` hands to the reference: J2 to J4, the start, the span; then our end.
fn reference(start: &State<geo::Ecef>, end: &State<geo::Ecef>, span_s: f64) {
    let earth = flight::Zonal::EARTH;
    print!("{:e} {:e} {:e}", earth.j2, earth.j3, earth.j4);
    start.to_vector().iter().for_each(|x| print!(" {x:?}"));
    println!(" {span_s:?}");
    let p = end.position.vector();
    println!("{:?} {:?} {:?}", p.x, p.y, p.z);
}

/// A day from the apogee of a transfer orbit; coefficients by Kaula's rule, all of one sign.
fn transfer() {
    let mut text = String::new();
    for degree in 2..=20 {
        for order in 0..=degree {
            let size = if (degree, order) == (2, 0) {
                -4.84e-4
            } else {
                1e-5 / f64::from(degree * degree)
            };
            text += &format!("{degree} {order} {size:e} {:e}\n", if order > 0 { size } else { 0.0 });
        }
    }
    let field = Field::parse(&text, 3.986_004_415e14, 6_378_136.3, 20, 20).expect("a field");
    let forces = Forces::orbital(Gravity::Field(field.into()), EarthOrientation::default());
    let start = Time::from_tai_ns(1_288_666_834_000_000_000);
    let state = State {
        position: Position::new(-42_164e3, 800e3, 300e3),
        velocity: Velocity::new(300.0, 1_440.0, 120.0),
    };
    let body = Body {
        radiation_m2pkg: 0.02,
        ..Body::default()
    };
    let fly = || propagate_with_partials(&forces, &body, start, state, start + 86_400.0, &Options::default());
    println!(
        "a day of a transfer orbit in {} steps",
        fly().expect("a flight").steps()
    );
    time("a day of a transfer orbit, 20x20, with partials", 51, || {
        black_box(fly()).expect("a flight");
    });
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
    let span_s = plain.end() - start;
    if std::env::args().any(|arg| arg == "--reference") {
        reference(&state, &plain.state(plain.end()).expect("its end"), span_s);
        return;
    }
    println!("{span_s} s flown in {} steps", plain.steps());
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
    transfer();
}
