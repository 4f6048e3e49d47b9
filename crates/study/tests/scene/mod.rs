//! A flight over the sea and nine notional radars of three owners, made here: no scenario file is needed.

use std::sync::Arc;

use flight::thrust::{AccelerationAt, Direction, ElevationAt, Strength, Thrust};
use flight::{Body, Forces, Options, Phase, propagate};
use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, State, Time, Velocity};
use plot::{Quantity, Sensor};
use sim::sensor::{Radar, Schedule, Source, Station};
use sim::{Course, Kind, Leg, Motion, Signature, Truth};

/// When it is launched.
pub fn launch() -> Time {
    "2022-01-30T00:00:00Z".parse().unwrap()
}

/// A flight of some 800 km with its end of thrust after 75 s.
pub fn truth(id: &str, delay_s: f64) -> Truth {
    let start = launch() + delay_s;
    let until = start + 75.0;
    let rows = [(0.0, 18.0), (40.0, 36.0), (75.0, 66.0)];
    let turn = [(0.0, 90.0), (8.0, 89.0), (30.0, 72.0), (75.0, 58.0)];
    let thrust = Thrust {
        from: start,
        until,
        strength: Strength::Acceleration(
            rows.map(|(after_s, acceleration_mps2)| AccelerationAt {
                after_s,
                acceleration_mps2,
            })
            .to_vec(),
        ),
        direction: Direction::Pitch {
            azimuth_rad: 92.0 * RAD_PER_DEG,
            programme: turn
                .map(|(after_s, elevation_deg)| ElevationAt {
                    after_s,
                    elevation_rad: elevation_deg * RAD_PER_DEG,
                })
                .to_vec(),
        },
    };
    let body = Body {
        drag_m2pkg: 4e-4,
        thrust: Some(thrust),
        ..Body::default()
    };
    let place = Geodetic::from_degrees(40.0, 126.6, 100.0);
    let state = State {
        position: place.to_ecef(),
        velocity: Velocity::new(0.0, 0.0, 0.0),
    };
    let forces = Forces::ballistic();
    let path = propagate(&forces, &body, start, state, start + 3000.0, &Options::default()).unwrap();
    let end = path.span().1;
    let motion = Motion::Flight(Arc::new(path));
    let leg = |phase, from, until| Leg {
        phase,
        from,
        until,
        motion: motion.clone(),
    };
    Truth {
        id: id.into(),
        kind: Kind::Ballistic,
        course: Course::new(vec![leg(Phase::Boost, start, until), leg(Phase::Coast, until, end)]).unwrap(),
        signature: Signature {
            cross_section_m2: 1.0,
            boost_wpsr: 0.0,
            identity: None,
        },
    }
}

fn radar(track_s: f64) -> Radar {
    Radar {
        reference_snr_db: 16.0,
        reference_range_m: 1.2e6,
        false_alarm_probability: 1e-6,
        fluctuation: sim::sensor::Fluctuation::Swerling1,
        faces: Vec::new(),
        scan_loss_power: 2.5,
        schedule: Schedule::Phased {
            search_s: 10.0,
            track_s,
            misses_max: 3,
        },
        range_resolution_m: 75.0,
        range_floor_m: 10.0,
        azimuth_resolution_rad: 1.2 * RAD_PER_DEG,
        azimuth_floor_rad: 0.02 * RAD_PER_DEG,
        elevation_resolution_rad: 1.2 * RAD_PER_DEG,
        elevation_floor_rad: 0.02 * RAD_PER_DEG,
        range_rate_resolution_mps: 30.0,
        range_rate_floor_mps: 1.0,
        range_rate_max_mps: 8e3,
        clutter: Vec::new(),
    }
}

/// Whether sensors have constant errors.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Biases {
    /// They have.
    Some,
    /// They have none.
    None,
}

/// Nine radars of three owners.
pub fn stations(biases: Biases) -> Vec<Station> {
    [
        ("A", "north", 41.2, 141.1, 2.0),
        ("A", "centre", 38.1, 138.4, 2.0),
        ("A", "south-west", 31.7, 129.8, 2.0),
        ("A", "south", 26.1, 127.7, 2.0),
        ("B", "x-north", 40.9, 140.3, 1.0),
        ("B", "x-west", 35.8, 135.2, 1.0),
        ("C", "south-east", 35.2, 129.1, 2.0),
        ("C", "centre", 36.8, 127.5, 2.0),
        ("C", "ship", 37.5, 130.5, 2.0),
    ]
    .map(|(owner, name, lat_deg, lon_deg, track_s)| {
        let place = Geodetic::from_degrees(lat_deg, lon_deg, 200.0);
        let mut sensor = Sensor::new(&format!("{owner}-{name}"), owner, place);
        sensor.measures = vec![Quantity::Range, Quantity::Azimuth, Quantity::Elevation];
        sensor.coverage.range_max_m = Some(1.5e6);
        sensor.coverage.elevation_min_rad = Some(1.0 * RAD_PER_DEG);
        sensor.coverage.elevation_max_rad = Some(85.0 * RAD_PER_DEG);
        sensor.scan_s = Some(10.0);
        sensor.latency_s = Some(1.0);
        if biases == Biases::Some {
            sensor.bias_sigmas.range_m = Some(30.0);
            sensor.bias_sigmas.azimuth_rad = Some(0.05 * RAD_PER_DEG);
            sensor.bias_sigmas.elevation_rad = Some(0.05 * RAD_PER_DEG);
        }
        Station::new(sensor, Source::Radar(radar(track_s)))
    })
    .to_vec()
}

/// The sensors of stations.
pub fn sensors(stations: &[Station]) -> Vec<Sensor> {
    stations.iter().map(|station| station.sensor.clone()).collect()
}
