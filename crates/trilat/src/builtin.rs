//! The built-in flight: simulated plots of two radars, the same on every machine.
//!
//! A notional sounding rocket over the desert of New Mexico. Thrust, place and radars are made up; only the physics are
//! those of [`flight`]. The radars have constant errors and noise, so the fit has something to find.

use geo::angle::RAD_PER_DEG;
use geo::{Ecef, Geodetic, Site, State, Time, Velocity};
use plot::{DuplicateSensor, Measurement, Plot, Polar, Sensor, Sigmas};

use flight::thrust::{AccelerationAt, Direction, ElevationAt, Strength};
use flight::{Body, Forces, Options, PropagateError, Thrust, Trajectory, propagate};

use crate::files::Input;

/// Time between plots of each radar.
const PLOT_EVERY_S: f64 = 0.5;
/// How long the radars follow the object after launch.
const SEEN_UNTIL_S: f64 = 200.0;
/// Share of plots that are far off, as clutter is.
const STRAY_SHARE: f64 = 0.01;
/// Standard deviation of range noise.
const RANGE_SIGMA_M: f64 = 10.0;
/// Standard deviation of the noise of both angles.
const ANGLE_SIGMA_RAD: f64 = 0.012 * RAD_PER_DEG;

/// Why the built-in flight could not be made; a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum BuiltinError {
    /// The flight.
    #[error("the built-in flight: {0}")]
    Flight(#[from] PropagateError),
    /// The radars.
    #[error("the built-in radars: {0}")]
    Radars(#[from] DuplicateSensor),
}

/// One radar and its constant errors.
struct Radar {
    name: &'static str,
    owner: &'static str,
    place: Geodetic,
    range_bias_m: f64,
    azimuth_bias_rad: f64,
    elevation_bias_rad: f64,
    /// It follows the object from so long after launch.
    from_s: f64,
}

fn radars() -> [Radar; 2] {
    let deg = RAD_PER_DEG;
    [
        Radar {
            name: "south",
            owner: "owner-south",
            place: Geodetic::from_degrees(32.36, -106.37, 1_236.0),
            range_bias_m: 25.0,
            azimuth_bias_rad: -0.02 * deg,
            elevation_bias_rad: 0.015 * deg,
            from_s: 5.0,
        },
        Radar {
            name: "north",
            owner: "owner-north",
            place: Geodetic::from_degrees(33.32, -106.12, 1_361.0),
            range_bias_m: -40.0,
            azimuth_bias_rad: 0.03 * deg,
            elevation_bias_rad: -0.01 * deg,
            from_s: 40.0,
        },
    ]
}

/// Repeatable noise: splitmix64, and normal numbers by Box and Muller.
///
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014); Box, Muller, A note on the
/// generation of random normal deviates (1958).
struct Noise(u64);

impl Noise {
    /// A number in (0, 1).
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    /// A standard normal number.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * geo::math::ln(self.uniform())).sqrt();
        radius * geo::math::cos(std::f64::consts::TAU * self.uniform())
    }
}

/// When the built-in flight begins: 2021-01-01T12:00:00Z.
pub fn launch_time() -> Time {
    // 1609502400 s of UTC since 1970 and 37 leap seconds.
    Time::from_tai_ns((1_609_502_400 + 37) * 1_000_000_000)
}

/// Where it begins.
pub fn launch_place() -> Geodetic {
    Geodetic::from_degrees(32.42, -106.32, 1_230.0)
}

/// The whole flight, from launch to the ground.
///
/// Errors: [`PropagateError`], which would be a fault of the program.
pub fn truth() -> Result<Trajectory, PropagateError> {
    let (start, place) = (launch_time(), launch_place());
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
        until: start + 60.0,
        strength: Strength::Acceleration(vec![row(0.0, 32.0), row(40.0, 52.0), row(60.0, 58.0)]),
        direction: Direction::Pitch {
            azimuth_rad: 352.0 * RAD_PER_DEG,
            programme: vec![turn(0.0, 88.0), turn(60.0, 86.0)],
        },
    };
    let body = Body {
        thrust: Some(thrust),
        ..Body::ballistic(3e-4)
    };
    let state = State {
        position: place.to_ecef(),
        velocity: Velocity::<Ecef>::new(0.0, 0.0, 0.0),
    };
    let options = Options {
        ground_height_m: Some(place.height_m - 1.0),
        ..Options::default()
    };
    propagate(&Forces::ballistic(), &body, start, state, start + 1_200.0, &options)
}

/// What the radars report of it.
///
/// Errors: [`BuiltinError`], a fault of the program.
pub fn input() -> Result<Input, BuiltinError> {
    let flight = truth()?;
    let mut noise = Noise(20_210_101);
    let mut input = Input::default();
    for radar in radars() {
        let mut sensor = Sensor::new(radar.name, radar.owner, radar.place);
        sensor.sigmas = Sigmas {
            range_m: Some(RANGE_SIGMA_M),
            azimuth_rad: Some(ANGLE_SIGMA_RAD),
            elevation_rad: Some(ANGLE_SIGMA_RAD),
            ..Sigmas::default()
        };
        let count = ((SEEN_UNTIL_S - radar.from_s) / PLOT_EVERY_S) as i32;
        for i in 0..=count {
            let time = launch_time() + (radar.from_s + f64::from(i) * PLOT_EVERY_S);
            if let Some(state) = flight.state(time) {
                input.plots.push(plot(&radar, &sensor, time, state, &mut noise));
            }
        }
        input.sensors.insert(sensor)?;
    }
    input.files = vec!["the built-in flight (simulated plots of two radars)".to_owned()];
    Ok(input)
}

fn plot(radar: &Radar, sensor: &Sensor, time: Time, state: State<Ecef>, noise: &mut Noise) -> Plot {
    let seen = Site::new(radar.place).to_aer(state.position);
    let wild = if noise.uniform() < STRAY_SHARE { 40.0 } else { 1.0 };
    let range_m = seen.range_m + radar.range_bias_m + wild * RANGE_SIGMA_M * noise.normal();
    let azimuth_rad = seen.azimuth_rad + radar.azimuth_bias_rad + wild * ANGLE_SIGMA_RAD * noise.normal();
    let elevation_rad = seen.elevation_rad + radar.elevation_bias_rad + wild * ANGLE_SIGMA_RAD * noise.normal();
    Plot {
        time,
        sensor: sensor.name.clone(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(range_m),
            azimuth_rad: Some(geo::angle::wrap_tau(azimuth_rad)),
            elevation_rad: Some(elevation_rad.clamp(-std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2)),
            range_rate_mps: None,
            pressure_altitude_m: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: Some("demo-1".into()),
        truth: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flight::EventKind;

    #[test]
    fn it_flies_high_and_comes_down() {
        let flight = truth().unwrap();
        let kinds: Vec<_> = flight.events().iter().map(|event| event.kind).collect();
        assert!(
            kinds.contains(&EventKind::Apogee) && kinds.contains(&EventKind::MeetsGround),
            "{kinds:?}"
        );
        let top = flight
            .events()
            .iter()
            .find(|event| event.kind == EventKind::Apogee)
            .unwrap();
        let height_m = Geodetic::from_ecef(top.state.position).height_m;
        assert!((150e3..600e3).contains(&height_m), "apogee at {height_m} m");
        let span_s = flight.end() - flight.start();
        assert!((300.0..900.0).contains(&span_s), "{span_s} s");
        assert!(
            top.time - launch_time() > SEEN_UNTIL_S - 60.0,
            "the apogee is not all seen"
        );
    }

    #[test]
    fn both_radars_report_the_same_every_time() {
        let (a, b) = (input().unwrap(), input().unwrap());
        assert_eq!(a.plots, b.plots);
        assert_eq!(a.sensors.as_slice().len(), 2);
        for sensor in a.sensors.as_slice() {
            let count = a.plots.iter().filter(|plot| plot.sensor == sensor.name).count();
            assert!(count > 300, "{count} plots of {}", sensor.name);
        }
        assert_eq!(launch_time().to_string(), "2021-01-01T12:00:00.000Z");
    }

    #[test]
    fn noise_is_normal() {
        let mut noise = Noise(1);
        let values: Vec<f64> = (0..20_000).map(|_| noise.normal()).collect();
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let square = values.iter().map(|v| v * v).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (square - 1.0).abs() < 0.04, "{mean} {square}");
    }
}
