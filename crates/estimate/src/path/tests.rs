//! Laws of the path fit, on a coast that two radars see.

use flight::{Body, Forces, Options, propagate};
use geo::angle::RAD_PER_DEG;
use geo::{Enu, Geodetic, Position, Site, State, Time, Velocity};
use nalgebra::Vector3;
use plot::{Measurement, Plot, Polar, Sensor, Sensors, Sigmas};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use super::{Channel, FlightPath, PathOptions, fit_paths};
use crate::belief::Gaussian;

const RANGE_SIGMA_M: f64 = 20.0;
const ANGLE_SIGMA_RAD: f64 = 3e-4;

fn start() -> Time {
    Time::from_tai_ns(1_609_502_437_000_000_000)
}

/// A coast from 100 km upwards, and two radars beneath it.
fn truth() -> flight::Trajectory {
    let site = Site::new(Geodetic::from_degrees(35.0, 135.0, 0.0));
    let state = State {
        position: site.to_ecef(Position::new(0.0, 0.0, 100e3)),
        velocity: site.velocity_to_ecef(Velocity::<Enu>::new(1_000.0, 500.0, 1_600.0)),
    };
    let body = Body::ballistic(5e-4);
    propagate(
        &Forces::ballistic(),
        &body,
        start(),
        state,
        start() + 300.0,
        &Options::default(),
    )
    .unwrap()
}

fn sensors(bias_sigmas: Sigmas) -> Sensors {
    let mut sensors = Sensors::default();
    for (name, lat_deg, lon_deg) in [("a", 34.0, 135.5), ("b", 35.5, 137.5)] {
        let mut sensor = Sensor::new(name, "owner", Geodetic::from_degrees(lat_deg, lon_deg, 10.0));
        sensor.sigmas = Sigmas {
            range_m: Some(RANGE_SIGMA_M),
            azimuth_rad: Some(ANGLE_SIGMA_RAD),
            elevation_rad: Some(ANGLE_SIGMA_RAD),
            ..Sigmas::default()
        };
        sensor.bias_sigmas = bias_sigmas;
        sensors.insert(sensor).unwrap();
    }
    sensors
}

/// What both see each second, with white noise and constant errors in range (of `a` and `b`).
fn plots(sensors: &Sensors, seconds: u32, seed: u64, range_bias_m: [f64; 2]) -> Vec<Plot> {
    let (truth, mut random) = (truth(), Pcg64::seed_from_u64(seed));
    let mut normal = |sigma: f64| -> f64 {
        let unit: f64 = StandardNormal.sample(&mut random);
        sigma * unit
    };
    let mut plots = Vec::new();
    for second in 0..seconds {
        let time = start() + f64::from(second);
        for (sensor, bias_m) in sensors.as_slice().iter().zip(range_bias_m) {
            let seen = sensor.site.to_aer(truth.state(time).unwrap().position);
            let polar = Polar {
                range_m: Some(seen.range_m + bias_m + normal(RANGE_SIGMA_M)),
                azimuth_rad: Some(geo::angle::wrap_tau(seen.azimuth_rad + normal(ANGLE_SIGMA_RAD))),
                elevation_rad: Some((seen.elevation_rad + normal(ANGLE_SIGMA_RAD)).min(90.0 * RAD_PER_DEG)),
                range_rate_mps: None,
                pressure_altitude_m: None,
            };
            plots.push(Plot {
                time,
                sensor: sensor.name.clone(),
                measurement: Measurement::Polar(polar),
                sigmas: Sigmas::default(),
                snr_db: None,
                target: None,
                truth: None,
            });
        }
    }
    plots
}

fn fit(plots: &[Plot], sensors: &Sensors, options: &PathOptions) -> FlightPath {
    let mut objects = fit_paths(plots, sensors, options);
    assert_eq!(objects.paths.len(), 1, "{:?}", objects.no_paths);
    objects.paths.remove(0)
}

/// All numbers of state, covariance, apogee, arrival and launch, as bits.
fn bits(path: &FlightPath) -> Vec<u64> {
    let mut numbers: Vec<f64> = path.state.to_vector().iter().copied().collect();
    numbers.extend(path.covariance.iter());
    numbers.extend(
        path.apogee
            .iter()
            .flat_map(|a| [a.place.height_m, a.height_sigma_m, a.time_sigma_s]),
    );
    for point in [&path.arrival, &path.launch].into_iter().flatten() {
        numbers.extend([point.place.lat_rad, point.place.lon_rad, point.time_sigma_s]);
        numbers.extend(point.covariance_m2.iter());
    }
    numbers.into_iter().map(f64::to_bits).collect()
}

#[test]
fn order_and_repetition_of_plots_change_no_bit() {
    let sensors = sensors(Sigmas::default());
    let plots = plots(&sensors, 120, 1, [30.0, -40.0]);
    let options = PathOptions::default();
    let path = bits(&fit(&plots, &sensors, &options));
    let reversed: Vec<Plot> = plots.iter().rev().cloned().collect();
    assert_eq!(bits(&fit(&reversed, &sensors, &options)), path);
    let interleaved: Vec<Plot> = (0..plots.len()).map(|i| plots[i * 7 % plots.len()].clone()).collect();
    assert_eq!(bits(&fit(&interleaved, &sensors, &options)), path);
    let twice: Vec<Plot> = plots.iter().chain(&plots).cloned().collect();
    assert_eq!(bits(&fit(&twice, &sensors, &options)), path);
}

#[test]
fn order_of_sensors_changes_nothing_beyond_rounding() {
    let sensors = sensors(Sigmas::default());
    let plots = plots(&sensors, 120, 5, [30.0, -40.0]);
    let mut turned = Sensors::default();
    for sensor in sensors.as_slice().iter().rev() {
        turned.insert(sensor.clone()).unwrap();
    }
    let options = PathOptions::default();
    let (one, other) = (fit(&plots, &sensors, &options), fit(&plots, &turned, &options));
    let off = one.state.to_vector() - other.state.to_vector();
    assert!(off.fixed_rows::<3>(0).norm() < 0.01, "{off:?}");
    assert!((one.covariance - other.covariance).norm() < 1e-3 * one.covariance.norm());
    let of_a = |path: &FlightPath, index: usize| path.sensors[index].channel(Channel::Range).unwrap().bias;
    assert!((of_a(&one, 0) - of_a(&other, 1)).abs() < 0.01);
}

#[test]
fn constant_errors_are_found_within_their_sigma() {
    let sensors = sensors(Sigmas::default());
    for (seed, bias_m) in [(1, [60.0, -60.0]), (2, [0.0, 90.0]), (3, [-80.0, -30.0])] {
        let plots = plots(&sensors, 150, seed, bias_m);
        let options = PathOptions {
            drift_per_sigma: 0.0,
            ..PathOptions::default()
        };
        let path = fit(&plots, &sensors, &options);
        for (fit, bias_m) in path.sensors.iter().zip(bias_m) {
            let found = fit.channel(Channel::Range).unwrap();
            let off = (found.bias - bias_m).abs();
            assert!(off < 3.0 * found.bias_sigma, "seed {seed}: {bias_m} m, {found:?}");
            assert!(
                found.bias_sigma < 30.0,
                "seed {seed}: half the prior or less, {found:?}"
            );
        }
    }
}

#[test]
fn more_plots_never_leave_the_apogee_less_certain() {
    let sensors = sensors(Sigmas::default());
    // Stated noise: that of the residuals scatters by itself.
    let options = PathOptions {
        is_noise_stated: true,
        ..PathOptions::default()
    };
    let sigma_m = |seconds: u32| {
        let plots = plots(&sensors, seconds, 4, [0.0; 2]);
        fit(&plots, &sensors, &options).apogee.unwrap().height_sigma_m
    };
    let sigmas: Vec<f64> = [40, 80, 120, 160, 200].map(sigma_m).to_vec();
    assert!(sigmas.windows(2).all(|w| w[1] <= 1.02 * w[0]), "{sigmas:?}");
    assert!(sigmas[4] < 0.7 * sigmas[0], "{sigmas:?}");
}

#[test]
fn covariance_is_the_scatter_of_white_noise() {
    const RUNS: u64 = 30;
    let none = Sigmas {
        range_m: Some(1e-3),
        azimuth_rad: Some(1e-9),
        elevation_rad: Some(1e-9),
        ..Sigmas::default()
    };
    let mut sensors_without_clock = Sensors::default();
    for sensor in sensors(none).as_slice() {
        let mut sensor = sensor.clone();
        sensor.time_bias_sigma_s = Some(1e-7);
        sensors_without_clock.insert(sensor).unwrap();
    }
    let options = PathOptions {
        drift_per_sigma: 0.0,
        is_noise_stated: true,
        ..PathOptions::default()
    };
    let truth = truth();
    let nees = |seed: u64| {
        let plots = plots(&sensors_without_clock, 60, seed, [0.0; 2]);
        let path = fit(&plots, &sensors_without_clock, &options);
        let off: Vector3<f64> = truth.state(path.epoch).unwrap().position - path.state.position;
        let block = path.covariance.fixed_view::<3, 3>(0, 0).into();
        Gaussian::new(Vector3::zeros(), block)
            .mahalanobis_squared(&off)
            .unwrap()
    };
    let mean = (0..RUNS).map(nees).sum::<f64>() / (3 * RUNS) as f64;
    // Chi-square of 90 degrees is 90 ± 13.4: within three of its sigmas.
    assert!((0.55..1.45).contains(&mean), "{mean} of seeds 0 to {RUNS}");
}
