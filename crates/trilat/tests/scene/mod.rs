//! Made-up flights, the plots that made-up radars would report of them, and the built program run on both.
//!
//! Everything is a function of the seed. Places, radars and thrust are notional.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod check;
pub mod radar;
pub mod run;

use flight::thrust::{AccelerationAt, Direction, ElevationAt, Strength};
use flight::{Body, EventKind, Forces, Options, Thrust, Trajectory, propagate};
use geo::angle::RAD_PER_DEG;
use geo::{Ecef, Geodetic, State, Time, Velocity};

/// When every flight begins, unless it is moved.
pub fn launch_time() -> Time {
    "2024-03-01T12:00:00Z".parse().expect("a time")
}

/// A launch: where, which way, how hard, and how flat.
#[derive(Copy, Clone)]
pub struct Launch {
    pub at: Geodetic,
    pub after_s: f64,
    pub azimuth_deg: f64,
    /// Thrust grows from the first to the second over the burn.
    pub acceleration_mps2: [f64; 2],
    pub burn_s: f64,
    /// Elevation of the thrust at burnout; 88° at launch.
    pub elevation_deg: f64,
}

/// Some 500 km far and 200 km high, 60 s under thrust.
pub fn medium() -> Launch {
    Launch {
        at: Geodetic::from_degrees(30.0, -40.0, 0.0),
        after_s: 0.0,
        azimuth_deg: 60.0,
        acceleration_mps2: [32.0, 58.0],
        burn_s: 60.0,
        elevation_deg: 50.0,
    }
}

impl Launch {
    /// The whole flight from launch to the ground.
    pub fn fly(&self) -> Trajectory {
        let start = launch_time() + self.after_s;
        let [first, last] = self.acceleration_mps2;
        let row = |after_s, acceleration_mps2| AccelerationAt {
            after_s,
            acceleration_mps2,
        };
        let turn = |after_s, elevation_deg: f64| ElevationAt {
            after_s,
            elevation_rad: elevation_deg * RAD_PER_DEG,
        };
        let thrust = Thrust {
            from: start,
            until: start + self.burn_s,
            strength: Strength::Acceleration(vec![row(0.0, first), row(self.burn_s, last)]),
            direction: Direction::Pitch {
                azimuth_rad: self.azimuth_deg * RAD_PER_DEG,
                programme: vec![turn(0.0, 88.0), turn(self.burn_s, self.elevation_deg)],
            },
        };
        let body = Body {
            thrust: Some(thrust),
            ..Body::ballistic(2e-4)
        };
        let state = State {
            position: self.at.to_ecef(),
            velocity: Velocity::<Ecef>::new(0.0, 0.0, 0.0),
        };
        let options = Options {
            ground_height_m: Some(-1.0),
            ..Options::default()
        };
        propagate(&Forces::ballistic(), &body, start, state, start + 9_000.0, &options).expect("the flight")
    }
}

/// Time and place of the highest point.
pub fn apogee(flight: &Trajectory) -> (Time, Geodetic) {
    let event = flight.events().iter().find(|event| event.kind == EventKind::Apogee);
    let event = event.expect("the flight has an apogee");
    (event.time, Geodetic::from_ecef(event.state.position))
}

/// Time and place of the arrival.
pub fn arrival(flight: &Trajectory) -> (Time, Geodetic) {
    let end = flight.end();
    (end, flight.geodetic(end).expect("the flight has an end"))
}

/// What radars see of a flight from so many to so many seconds after the first launch time.
pub fn seen(
    radars: &[radar::Radar],
    flight: &Trajectory,
    [from_s, to_s]: [f64; 2],
    every_s: f64,
    seed: u64,
) -> Vec<radar::Row> {
    let span = [launch_time() + from_s, launch_time() + to_s];
    let position = |time| flight.state(time).map(|state| state.position);
    radar::watch(radars, position, span, every_s, &mut radar::Noise(seed))
}
