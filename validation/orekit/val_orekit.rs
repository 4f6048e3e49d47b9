//! Flights by Orekit: 20 minutes through a 20×20 field, and a day of a transfer orbit.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use std::sync::Arc;

use flight::{Body, EarthOrientation, Field, Forces, Gravity, Options, propagate};
use geo::{Ecef, State, Time};
use nalgebra::Vector6;

/// The 20×20 field of EGM96, or nothing where the data is absent.
fn field() -> Option<Gravity> {
    let text = std::fs::read_to_string(validation::data("geodesy/EGM96-truncated-21x21")?).unwrap();
    let field = Field::parse(&text, 3.986_004_415e14, 6_378_136.3, 20, 20).unwrap();
    Some(Gravity::Field(Arc::new(field)))
}

/// Flies from the first row of the file; returns the largest difference from the others in position and velocity.
fn largest_differences(text: &str, forces: &Forces, body: &Body) -> (f64, f64) {
    let rows: Vec<(f64, State<Ecef>)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
            (cells[0], State::from_vector(&Vector6::from_column_slice(&cells[1..])))
        })
        .collect();
    let start: Time = "2010-11-02T03:00:00Z".parse().unwrap();
    let end = start + rows.last().unwrap().0;
    let options = Options {
        ground_height_m: None,
        ..Options::default()
    };
    let flight = propagate(forces, body, start, rows[0].1, end, &options).unwrap();
    rows.iter().fold(
        (0.0, 0.0),
        |(position_m, velocity_mps): (f64, f64), (after_s, theirs)| {
            let ours = flight.state(start + *after_s).unwrap();
            let off_mps = (ours.velocity.vector() - theirs.velocity.vector()).norm();
            (
                position_m.max((ours.position - theirs.position).norm()),
                velocity_mps.max(off_mps),
            )
        },
    )
}

#[test]
fn twenty_minutes_through_a_field_of_degree_20() {
    let Some(gravity) = field() else { return };
    let forces = Forces {
        third_bodies: false,
        radiation_pressure: false,
        ..Forces::orbital(gravity, EarthOrientation::default())
    };
    let (position_m, velocity_mps) = largest_differences(include_str!("ballistic.csv"), &forces, &Body::default());
    println!("ballistic: {position_m} m, {velocity_mps} m/s");
    assert!(position_m < 1e-3 && velocity_mps < 1e-6);
}

#[test]
fn a_day_of_a_transfer_orbit_through_a_field_of_degree_20() {
    let Some(gravity) = field() else { return };
    let forces = Forces {
        third_bodies: false,
        radiation_pressure: false,
        ..Forces::orbital(gravity, EarthOrientation::default())
    };
    let (position_m, velocity_mps) = largest_differences(include_str!("transfer.csv"), &forces, &Body::default());
    println!("transfer: {position_m} m, {velocity_mps} m/s");
    assert!(position_m < 0.05 && velocity_mps < 1e-5);
}
