//! Orekit: 20 minutes through a 20×20 field, a day of a transfer orbit with and without Sun, Moon and sunlight, and
//! their accelerations.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use std::sync::Arc;

use flight::third_body::Bodies;
use flight::{Body, EarthOrientation, Field, Forces, Gravity, Options, propagate};
use geo::{Ecef, State, Time};
use nalgebra::{Vector3, Vector6};

/// The 20×20 field of EGM96, or nothing where the data is absent.
fn field() -> Option<Gravity> {
    let text = std::fs::read_to_string(validation::data("geodesy/EGM96-truncated-21x21")?).unwrap();
    let field = Field::parse(&text, 3.986_004_415e14, 6_378_136.3, 20, 20).unwrap();
    Some(Gravity::Field(Arc::new(field)))
}

fn start() -> Time {
    "2010-11-02T03:00:00Z".parse().unwrap()
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
    let start = start();
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

#[test]
fn a_day_of_a_transfer_orbit_with_sun_moon_and_sunlight() {
    let Some(gravity) = field() else { return };
    let forces = Forces::orbital(gravity, EarthOrientation::default());
    let body = Body {
        radiation_m2pkg: 0.02,
        ..Body::default()
    };
    let text = include_str!("transfer-sky.csv");
    let (position_m, velocity_mps) = largest_differences(text, &forces, &body);
    println!("transfer with Sun, Moon and sunlight: {position_m} m, {velocity_mps} m/s");
    assert!(position_m < 2.0 && velocity_mps < 2e-3);
    // Each of the three is seen: without it the day ends elsewhere.
    for (without, forces, body) in [
        (
            "Sun and Moon",
            Forces {
                third_bodies: false,
                ..forces.clone()
            },
            body.clone(),
        ),
        ("sunlight", forces.clone(), Body::default()),
    ] {
        let (position_m, _) = largest_differences(text, &forces, &body);
        println!("without {without}: {position_m} m");
        assert!(position_m > 50.0, "{without}");
    }
}

/// Difference of a vector from the reference as a share of the reference.
fn share(ours: &Vector3<f64>, theirs: &Vector3<f64>) -> f64 {
    (ours - theirs).norm() / theirs.norm()
}

#[test]
fn sun_moon_and_sunlight_accelerate_as_there() {
    // Sun, Moon, sunlight where neither sees a shadow; difference of the share of sunlight in penumbra.
    let mut worst = [0.0_f64; 4];
    let (mut dark, mut penumbra) = (0, 0);
    for line in include_str!("sky.csv").lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let vector = |at: usize| Vector3::from_column_slice(&cells[at..at + 3]);
        let (place, sun, moon, light) = (vector(1), vector(4), vector(7), vector(10));
        let bodies = Bodies::at((start() + cells[0]).tt_days_since_j2000());
        // One body alone: the other so far away that it does not pull.
        let nowhere = Vector3::x() * 1e18;
        let only_sun = Bodies {
            moon_m: nowhere,
            ..bodies
        };
        let only_moon = Bodies {
            sun_m: nowhere,
            ..bodies
        };
        worst[0] = worst[0].max(share(&only_sun.attraction(&place).0, &sun));
        worst[1] = worst[1].max(share(&only_moon.attraction(&place).0, &moon));
        let sunlight = bodies.sunlight(&place);
        // In full light the push is as strong as at the mirrored place before the Earth.
        let theirs = light.norm() / bodies.radiation(&-place).norm();
        if sunlight == 1.0 && theirs > 0.999 {
            worst[2] = worst[2].max(share(&bodies.radiation(&place), &light));
        } else if sunlight == 0.0 && theirs == 0.0 {
            dark += 1;
        } else {
            penumbra += 1;
            worst[3] = worst[3].max((sunlight - theirs).abs());
        }
    }
    let [sun, moon, light, edge] = worst;
    println!("Sun {sun}, Moon {moon}, sunlight {light} of their strength");
    println!("{dark} places in the dark, {penumbra} in penumbra: {edge} of full sunlight");
    assert!(sun < 1e-3 && moon < 0.01 && light < 5e-4);
    assert!(dark > 20 && penumbra > 20 && edge < 0.02);
}
