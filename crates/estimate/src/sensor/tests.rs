//! The laws, over every sensor model, and its edges.

use std::f64::consts::PI;

use geo::{Aer, Ecef, Geodetic, Position, Site, State, Time, Velocity};
use nalgebra::{SVector, Vector3, Vector6};
use plot::{Measurement, Plot, Polar, PositionFix, Quantity, Sensor, Sigmas};

use super::*;
use crate::laws;

const CRPL: Refraction = Refraction::Exponential {
    surface_refractivity: 313.0,
    scale_height_m: 6951.0,
};

fn site() -> Site {
    Site::new(Geodetic::from_degrees(36.0, 127.0, 150.0))
}

fn state_at(azimuth_rad: f64, elevation_rad: f64, range_m: f64) -> Vector6<f64> {
    let position = site().from_aer(Aer {
        azimuth_rad,
        elevation_rad,
        range_m,
    });
    let velocity = Velocity::<Ecef>::new(900.0, -1500.0, 2100.0);
    State { position, velocity }.to_vector()
}

fn all_four(refraction: Refraction, bias: Bias) -> LineOfSight<4> {
    LineOfSight {
        refraction,
        bias,
        ..LineOfSight::new(
            site(),
            [
                PolarQuantity::Range,
                PolarQuantity::Azimuth,
                PolarQuantity::Elevation,
                PolarQuantity::RangeRate,
            ],
            [10.0, 1e-3, 1e-3, 1.0],
        )
    }
}

#[test]
fn the_height_rises_along_the_vertical() {
    for range_m in [2e4, 4e5, 2e6] {
        let state = state_at(1.0, 0.5, range_m);
        laws::sensor_jacobian(&HeightSensor { sigma_m: 100.0 }, &state, &scale(), 2e-5);
    }
}

/// Steps of 10 m and 1 m/s, and of 1 in whatever follows.
fn scale<const N: usize>() -> SVector<f64, N> {
    SVector::from_fn(|row, _| if row < 3 { 10.0 } else { 1.0 })
}

#[test]
fn jacobians_equal_differences_in_every_direction() {
    for azimuth in 0..12 {
        for elevation in [-0.05, 0.0, 0.3, 1.2, 1.5] {
            for range_m in [2e4, 4e5, 2e6] {
                // Every twelfth azimuth is exactly north, where the azimuth wraps.
                let state = state_at(f64::from(azimuth) * PI / 6.0, elevation, range_m);
                laws::sensor_jacobian(&all_four(Refraction::None, Bias::default()), &state, &scale(), 2e-5);
                let wider = SVector::<f64, 8>::from_fn(|row, _| if row < 6 { state[row] } else { 3.0 });
                laws::sensor_jacobian(&all_four(Refraction::None, Bias::default()), &wider, &scale(), 2e-5);
            }
        }
    }
}

#[test]
fn jacobians_carry_refraction_and_a_late_clock() {
    let late = Bias {
        range_m: 20.0,
        azimuth_rad: -0.01,
        elevation_rad: 0.002,
        range_rate_mps: 1.0,
        time_s: 0.05,
    };
    for refraction in [CRPL, Refraction::FourThirdsEarth] {
        for elevation in [0.01, 0.05, 0.4, 1.3] {
            let state = state_at(1.0, elevation, 3e5);
            let sensor = LineOfSight {
                refraction,
                bias: late,
                ..LineOfSight::new(
                    site(),
                    [PolarQuantity::Elevation, PolarQuantity::Range, PolarQuantity::Azimuth],
                    [1e-3, 10.0, 1e-3],
                )
            };
            laws::sensor_jacobian(&sensor, &state, &(scale() * 30.0), 1e-4);
        }
    }
}

#[test]
fn positions_have_the_identity_as_jacobian() {
    let place = Geodetic::from_degrees(36.0, 127.0, 9e3);
    let fix = PositionSensor::at(place, 30.0, 5.0);
    laws::sensor_jacobian(&fix, &state_at(1.0, 0.2, 1e5), &scale(), 1e-9);
    let up = Site::new(place).enu_from_ecef().tr_mul(&Vector3::z());
    let variance = up.dot(&(fix.position_covariance * up));
    assert!((variance - 25.0).abs() < 1e-9, "{variance}");
}

#[test]
fn the_residual_takes_the_short_way_round() {
    let sensor = LineOfSight::new(site(), [PolarQuantity::Azimuth], [1e-3]);
    let residual = |measured: f64, expected: f64| {
        SensorModel::<6, 1>::residual(
            &sensor,
            &SVector::<f64, 1>::new(measured),
            &SVector::<f64, 1>::new(expected),
        )[0]
    };
    assert!((residual(0.01, 2.0 * PI - 0.01) - 0.02).abs() < 1e-12);
    assert!((residual(2.0 * PI - 0.01, 0.01) + 0.02).abs() < 1e-12);
}

#[test]
fn overhead_there_is_elevation_and_range_but_no_azimuth() {
    let above = site().to_ecef(Position::new(0.0, 0.0, 1e5));
    let velocity = Velocity::new(10.0, 20.0, 30.0);
    let state = State {
        position: above,
        velocity,
    }
    .to_vector();
    let with_azimuth = LineOfSight::new(site(), [PolarQuantity::Range, PolarQuantity::Azimuth], [1.0, 1e-3]);
    assert!(matches!(
        with_azimuth.linearize(&state),
        Err(NotObservable::Zenith { .. })
    ));
    let without = LineOfSight::new(site(), [PolarQuantity::Range, PolarQuantity::Elevation], [1.0, 1e-3]);
    let (_, jacobian) = without.linearize(&state).unwrap();
    assert!(jacobian.iter().all(|x| x.is_finite()));
    let here = State {
        position: site().origin(),
        velocity,
    }
    .to_vector();
    assert!(matches!(without.linearize(&here), Err(NotObservable::AtSensor { .. })));
}

#[test]
fn a_late_clock_sees_the_object_where_it_was() {
    let state = state_at(0.4, 0.6, 2e5);
    let late = all_four(
        Refraction::None,
        Bias {
            time_s: 2.0,
            ..Bias::default()
        },
    );
    let mut before = state;
    for axis in 0..3 {
        before[axis] -= 2.0 * state[axis + 3];
    }
    let expected = all_four(Refraction::None, Bias::default()).predict(&before);
    assert!((late.predict(&state) - expected).norm() < 1e-12);
}

#[test]
fn a_plot_becomes_the_reading_that_it_holds() {
    let mut sensor = Sensor::new("r1", "a", Geodetic::from_degrees(36.0, 127.0, 150.0));
    sensor.sigmas = Sigmas {
        range_m: Some(25.0),
        elevation_rad: Some(1e-3),
        ..Sigmas::default()
    };
    let mut plot = Plot {
        time: Time::from_tai_ns(0),
        sensor: "r1".into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(1e5),
            elevation_rad: Some(0.3),
            ..Polar::default()
        }),
        sigmas: Sigmas {
            range_m: Some(7.0),
            ..Sigmas::default()
        },
        snr_db: None,
        target: None,
        truth: None,
    };
    let options = SensorOptions::default();
    let Reading::Polar2(observation) = Reading::new(&plot, &sensor, &options).unwrap() else {
        panic!("two quantities make Polar2");
    };
    assert_eq!(observation.measured.as_slice(), [1e5, 0.3]);
    assert_eq!(observation.model.sigmas, [7.0, 1e-3]);
    plot.measurement = Measurement::Polar(Polar {
        azimuth_rad: Some(1.0),
        ..Polar::default()
    });
    assert_eq!(
        Reading::new(&plot, &sensor, &options),
        Err(ReadingError::NoSigma {
            sensor: "r1".into(),
            quantity: Quantity::Azimuth
        })
    );
    plot.measurement = Measurement::Polar(Polar::default());
    assert!(matches!(
        Reading::new(&plot, &sensor, &options),
        Err(ReadingError::Empty { .. })
    ));
    plot.measurement = Measurement::Position(PositionFix {
        geodetic: Geodetic::from_degrees(36.0, 127.0, 9e3),
        velocity: Some(Velocity::new(100.0, 50.0, 0.0)),
    });
    plot.sigmas.position_m = Some(30.0);
    plot.sigmas.velocity_mps = Some(1.0);
    let Reading::PositionVelocity(fix) = Reading::new(&plot, &sensor, &options).unwrap() else {
        panic!("a position with velocity");
    };
    assert!((fix.measured.fixed_rows::<3>(3).norm() - 12_500.0_f64.sqrt()).abs() < 1e-9);
}
