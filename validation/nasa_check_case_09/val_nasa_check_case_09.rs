//! NASA check case 09, a cannonball fired east and up on the turning Earth: our flight against five simulators.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use flight::{Body, Forces, Gravity, Options, Trajectory, Zonal, propagate};
use geo::{Geodetic, Site, State, Time, Velocity};
use nalgebra::Vector6;

const SIMULATORS: [&str; 5] = ["01", "02", "03", "04", "06"];
/// What the simulators' agreement cannot be asked to beat: see README.md.
const FLOORS: [f64; 6] = [0.02, 0.02, 0.02, 0.002, 0.002, 0.002];

fn start() -> Time {
    "2000-01-01T00:00:00Z".parse().unwrap()
}

/// The scenario: on the equator, 304.8 m/s (1000 ft/s) east and up, Cd 0.1, 0.01824 m², 14.59 kg, J2 only.
fn ours() -> Trajectory {
    let site = Site::new(Geodetic::from_degrees(0.0, 0.0, 0.0));
    let state = State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(304.8, 0.0, 304.8)),
    };
    let gravity = Zonal {
        j3: 0.0,
        j4: 0.0,
        ..Zonal::EARTH
    };
    let forces = Forces {
        gravity: Gravity::Zonal(gravity),
        ..Forces::ballistic()
    };
    let body = Body::ballistic(0.1 * 0.018241465452480003 / 14.5939029372);
    let options = Options {
        ground_height_m: None,
        ..Options::default()
    };
    propagate(&forces, &body, start(), state, start() + 30.0, &options).unwrap()
}

/// `[east_m, north_m, height_m, east_mps, north_mps, up_mps]`: distances along the equator and the meridian from the
/// start.
fn layout(place: Geodetic, east_north_up_mps: [f64; 3]) -> Vector6<f64> {
    let [east, north, up] = east_north_up_mps;
    let radius_m = geo::earth::SEMI_MAJOR_AXIS_M;
    Vector6::new(
        place.lon_rad * radius_m,
        place.lat_rad * radius_m,
        place.height_m,
        east,
        north,
        up,
    )
}

fn simulator(name: &str) -> Option<Vec<(f64, Vector6<f64>)>> {
    let folder = "reference-6dof/Atmos_09_EastwardCannonball";
    let path = validation::data(&format!("{folder}/Atmos_09_sim_{name}_si_units.csv"))?;
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let columns = [
        "time",
        "longitude_rad",
        "latitude_rad",
        "altitudeMsl_m",
        "feVelocity_m_s_Y",
        "feVelocity_m_s_X",
        "feVelocity_m_s_Z",
    ]
    .map(|column| header.iter().position(|h| *h == column).unwrap());
    let rows = lines.map(|line| {
        let cells: Vec<f64> = line
            .split(',')
            .map(|cell| cell.trim().parse().unwrap_or(f64::NAN))
            .collect();
        let [time_s, lon_rad, lat_rad, height_m, east, north, down] = columns.map(|c| cells[c]);
        let place = Geodetic {
            lat_rad,
            lon_rad,
            height_m,
        };
        (time_s, layout(place, [east, north, -down]))
    });
    Some(rows.collect())
}

#[test]
fn our_flight_lies_within_the_spread_of_the_simulators() {
    let Some(simulators) = SIMULATORS
        .iter()
        .map(|name| simulator(name))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let flight = ours();
    let mut worst = [0.0_f64; 6];
    for tick in 0..=300_u32 {
        let time_s = f64::from(tick) / 10.0;
        let values: Vec<Vector6<f64>> = simulators
            .iter()
            .map(|rows| rows.iter().find(|row| (row.0 - time_s).abs() < 1e-6).unwrap().1)
            .collect();
        let mean = values.iter().sum::<Vector6<f64>>() / values.len() as f64;
        let spread = values
            .iter()
            .fold(Vector6::zeros(), |s: Vector6<f64>, v| s.sup(&(v - mean).abs()));
        let state = flight.state(start() + time_s).unwrap();
        let place = Geodetic::from_ecef(state.position);
        let velocity = Site::new(place).velocity_to_enu(state.velocity).to_array();
        let off = (layout(place, velocity) - mean).abs();
        for i in 0..6 {
            worst[i] = worst[i].max(off[i] / (spread[i] + FLOORS[i]));
            assert!(
                off[i] <= spread[i] + FLOORS[i],
                "{time_s} s, component {i}: {} off the mean, the simulators {}",
                off[i],
                spread[i]
            );
        }
    }
    println!("largest share of spread and floor used: {worst:.3?}");
}
