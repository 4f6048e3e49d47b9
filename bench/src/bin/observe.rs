//! Simulated plots per second on one core: nine radars and a hundred objects that fly ballistically for ten minutes.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin observe [RUNS]`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use flight::{Body, Forces, Options, Phase, PropagateError, propagate};
use geo::{Geodetic, Site, State, Time, Velocity};
use sim::sensor::Preset;
use sim::{Course, Kind, Leg, Motion, Signature, Station, Truth, observe};

const OBJECTS: u32 = 100;
const SPAN_S: f64 = 600.0;

/// Flights from places and with speeds that differ, apogees of 100 to 400 km.
fn truths(start: Time) -> Result<Vec<Truth>, PropagateError> {
    let (forces, options) = (Forces::ballistic(), Options::default());
    (0..OBJECTS)
        .map(|index| {
            let share = f64::from(index) / f64::from(OBJECTS);
            let place = Geodetic::from_degrees(36.0 + 6.0 * share, 128.0 + f64::from(index % 10), 40_000.0);
            let site = Site::new(place);
            let rise_mps = 1_200.0 + 1_400.0 * share;
            let (east_mps, north_mps) = (900.0 - 300.0 * share, -600.0 + f64::from(index % 7) * 200.0);
            let state = State {
                position: site.origin(),
                velocity: site.velocity_to_ecef(Velocity::new(east_mps, north_mps, rise_mps)),
            };
            let body = Body::ballistic(4e-4);
            let flight = propagate(&forces, &body, start, state, start + SPAN_S, &options)?;
            let leg = Leg {
                phase: Phase::Coast,
                from: start,
                until: flight.end(),
                motion: Motion::Flight(Arc::new(flight)),
            };
            Ok(Truth {
                id: format!("object-{index}").into(),
                kind: Kind::Ballistic,
                course: Course::new(vec![leg]).expect("a leg"),
                signature: Signature {
                    cross_section_m2: 1.0,
                    boost_wpsr: 0.0,
                    identity: None,
                },
            })
        })
        .collect()
}

fn stations() -> Vec<Station> {
    (0..9)
        .map(|index| {
            let preset = [Preset::EarlyWarning, Preset::ForwardXBand, Preset::RegionalEarlyWarning][index % 3];
            let place = Geodetic::from_degrees(33.0 + index as f64, 128.0 + 1.3 * index as f64, 300.0);
            preset.station(&format!("radar-{index}"), "bench", place, None)
        })
        .collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runs: u64 = std::env::args().nth(1).map_or(Ok(7), |text| text.parse())?;
    let start: Time = "2022-01-05T00:00:00Z".parse()?;
    let (truths, stations) = (truths(start)?, stations());
    let span = (start, start + SPAN_S);
    let mut rates = Vec::new();
    let mut count = 0;
    for seed in 0..=runs {
        let from = Instant::now();
        let observed = black_box(observe(&truths, &stations, span, seed));
        // The first run is not counted.
        if seed > 0 {
            rates.push(observed.plots.len() as f64 / from.elapsed().as_secs_f64());
        }
        count = observed.plots.len();
    }
    rates.sort_by(f64::total_cmp);
    println!(
        "{count} plots of {} radars and {} objects",
        stations.len(),
        truths.len()
    );
    let (min, median, max) = (rates[0], rates[rates.len() / 2], rates[rates.len() - 1]);
    println!("plots/s: min {min:.0}, median {median:.0}, max {max:.0}");
    Ok(())
}
