//! Laws of what stations see.

mod files;
mod merging;
mod noise;
mod observed;
mod radar;
mod reports;
mod view;

use std::sync::Arc;

use flight::Phase;
use geo::angle::RAD_PER_DEG;
use geo::{Aer, Ecef, Geodetic, Position, Site, State, Time, Velocity};
use plot::{Polar, Quantity, Sensor, Sigmas};

use super::*;
use crate::{Course, Kind, Leg, Motion, Samples, Signature, Truth};

/// The begin of every test.
fn start() -> Time {
    "2022-01-05T00:00:00Z".parse().unwrap()
}

fn place() -> Geodetic {
    Geodetic::from_degrees(37.0, 135.0, 500.0)
}

/// A radar with a round 10 dB for 1 m² at 1,000 km, a look a second.
fn radar() -> Radar {
    Radar {
        reference_snr_db: 10.0,
        reference_range_m: 1e6,
        false_alarm_probability: 1e-6,
        fluctuation: Fluctuation::Swerling1,
        faces: Vec::new(),
        scan_loss_power: 3.0,
        schedule: Schedule::Staring { period_s: 1.0 },
        range_resolution_m: 100.0,
        range_floor_m: 5.0,
        azimuth_resolution_rad: 1.0 * RAD_PER_DEG,
        azimuth_floor_rad: 0.02 * RAD_PER_DEG,
        elevation_resolution_rad: 1.5 * RAD_PER_DEG,
        elevation_floor_rad: 0.03 * RAD_PER_DEG,
        range_rate_resolution_mps: 20.0,
        range_rate_floor_mps: 0.5,
        range_rate_max_mps: 5e3,
        clutter: Vec::new(),
    }
}

fn station(name: &str, source: Source) -> Station {
    let mut sensor = Sensor::new(name, "test", place());
    sensor.measures.push(Quantity::RangeRate);
    Station::new(sensor, source)
}

/// An object that stands at a direction and distance from a site for a time.
fn standing(id: &str, site: &Site, azimuth_deg: f64, elevation_deg: f64, range_m: f64, span_s: f64) -> Truth {
    let position = site.from_aer(Aer {
        azimuth_rad: azimuth_deg * RAD_PER_DEG,
        elevation_rad: elevation_deg * RAD_PER_DEG,
        range_m,
    });
    moving(id, position, Velocity::new(0.0, 0.0, 0.0), span_s)
}

/// An object that moves straight.
fn moving(id: &str, position: Position<Ecef>, velocity: Velocity<Ecef>, span_s: f64) -> Truth {
    truth(id, course(position, velocity, span_s, Phase::Coast), 1.0)
}

fn course(position: Position<Ecef>, velocity: Velocity<Ecef>, span_s: f64, phase: Phase) -> Course {
    let states = [0.0, span_s].map(|after_s| State {
        position: position + velocity.vector() * after_s,
        velocity,
    });
    let samples = Samples::new(start(), span_s, states.to_vec()).unwrap();
    let leg = Leg {
        phase,
        from: start(),
        until: start() + span_s,
        motion: Motion::Samples(Arc::new(samples)),
    };
    Course::new(vec![leg]).unwrap()
}

fn truth(id: &str, course: Course, cross_section_m2: f64) -> Truth {
    Truth {
        id: id.into(),
        kind: Kind::Ballistic,
        course,
        signature: Signature {
            cross_section_m2,
            boost_wpsr: 0.0,
            identity: None,
        },
    }
}

/// The polar values of a plot.
fn polar(plot: &plot::Plot) -> Polar {
    let plot::Measurement::Polar(polar) = plot.measurement else {
        panic!("not polar: {plot:?}");
    };
    polar
}

/// What a station alone reports of objects in so many seconds.
fn plots(truths: &[Truth], station: &Station, span_s: f64, seed: u64) -> Vec<plot::Plot> {
    observe(truths, std::slice::from_ref(station), (start(), start() + span_s), seed).plots
}

/// The station with another source.
fn with(station: &Station, change: impl FnOnce(&mut Radar)) -> Station {
    let mut station = station.clone();
    if let Source::Radar(radar) = &mut station.source {
        change(radar);
    }
    station
}
