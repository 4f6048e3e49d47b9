//! The filters on problems with known answers.

use geo::{Geodetic, Position, Site, State, Velocity};
use nalgebra::{SMatrix, SVector, Vector3, Vector6};

use super::smooth::{Step, smooth};
use super::*;
use crate::motion::ConstantVelocity;
use crate::sensor::{LineOfSight, PolarQuantity, PositionSensor};

const FILTERS: [Filter; 4] = [
    Filter::Ekf,
    Filter::Iekf,
    Filter::Ukf(ukf::Spread {
        alpha: 1.0,
        beta: 0.0,
        kappa: 1.0,
    }),
    Filter::Ckf,
];

const MOTION: ConstantVelocity = ConstantVelocity {
    acceleration_psd_m2ps3: 2.0,
};

fn prior() -> Gaussian<6> {
    let spread = SMatrix::<f64, 6, 6>::from_fn(|row, column| 1.0 / (1.0 + row as f64 + column as f64));
    Gaussian::new(
        Vector6::new(1e3, 2e3, 3e3, 10.0, -20.0, 30.0),
        spread * 50.0 + SMatrix::identity() * 20.0,
    )
}

fn fix() -> PositionSensor {
    PositionSensor {
        position_covariance: nalgebra::Matrix3::from_diagonal(&Vector3::new(4.0, 9.0, 16.0)),
    }
}

/// On a linear problem all filters are the Kalman filter, and that is Bayes' rule written with precisions.
#[test]
fn linear_problems_have_one_answer() {
    let measured = Vector3::new(1015.0, 1985.0, 3040.0);
    let prior = prior();
    let noise_precision = cholesky(&fix().position_covariance).unwrap().inverse();
    let mut precision = cholesky(&prior.covariance).unwrap().inverse();
    let mut weighted = precision * prior.mean;
    for row in 0..3 {
        for column in 0..3 {
            precision[(row, column)] += noise_precision[(row, column)];
            weighted[row] += noise_precision[(row, column)] * measured[column];
        }
    }
    let factor = cholesky(&precision).unwrap();
    let (mean, covariance) = (factor.solve(&weighted), factor.inverse());
    for filter in FILTERS {
        let outcome = filter.update(&fix(), &prior, &measured, None).unwrap();
        let update = outcome.updated().unwrap();
        assert!((update.belief.mean - mean).norm() < 1e-9, "{filter:?}");
        assert!((update.belief.covariance - covariance).norm() < 1e-9, "{filter:?}");
        let s: SMatrix<f64, 3, 3> = prior.covariance.fixed_view::<3, 3>(0, 0) + fix().position_covariance;
        let direct = Gaussian::new(prior.mean.fixed_rows::<3>(0).into_owned(), s);
        assert!((update.innovation.nis - direct.mahalanobis_squared(&measured).unwrap()).abs() < 1e-9);
        assert!((update.innovation.log_likelihood - direct.log_likelihood(&measured).unwrap()).abs() < 1e-9);
        let moved = filter.predict(&MOTION, &prior, 3.0).unwrap();
        let reference = Filter::Ekf.predict(&MOTION, &prior, 3.0).unwrap();
        assert!(
            (moved.belief.covariance - reference.belief.covariance).norm() < 1e-8,
            "{filter:?}"
        );
        assert!((moved.cross - reference.cross).norm() < 1e-8, "{filter:?}");
    }
}

/// Smoothing the start from one later measurement equals measuring the start through the motion, without noise.
#[test]
fn smoothing_takes_later_measurements_back() {
    let still = ConstantVelocity {
        acceleration_psd_m2ps3: 0.0,
    };
    let measured = Vector3::new(1100.0, 1900.0, 3200.0);
    for filter in FILTERS {
        let prediction = filter.predict(&still, &prior(), 5.0).unwrap();
        let outcome = filter.update(&fix(), &prediction.belief, &measured, None).unwrap();
        let filtered = outcome.updated().unwrap().belief;
        let history = [
            Step {
                prediction: None,
                filtered: prior(),
            },
            Step {
                prediction: Some(prediction),
                filtered,
            },
        ];
        let smoothed = smooth(&history).unwrap();
        let back = filter.predict(&still, &filtered, -5.0).unwrap().belief;
        assert!((smoothed[0].mean - back.mean).norm() < 1e-7, "{filter:?}");
        assert!((smoothed[0].covariance - back.covariance).norm() < 1e-6, "{filter:?}");
        assert_eq!(smoothed[1], filtered);
    }
}

#[test]
fn far_plots_are_gated_with_their_distance() {
    for filter in FILTERS {
        let far = Vector3::new(5e3, 2e3, 3e3);
        let Outcome::Gated { innovation, gate } = filter.update(&fix(), &prior(), &far, Some(16.0)).unwrap() else {
            panic!("4 km off is outside");
        };
        assert!(innovation.nis > 1e4 && gate == 16.0);
        let near = filter.update(&fix(), &prior(), &Vector3::new(1001.0, 2001.0, 3001.0), Some(16.0));
        assert!(near.unwrap().updated().is_some());
    }
}

#[test]
fn bad_numbers_come_back_as_errors_with_their_place() {
    for filter in FILTERS {
        let error = filter
            .update(&fix(), &prior(), &Vector3::new(1.0, f64::NAN, 1.0), None)
            .unwrap_err();
        assert!(
            matches!(
                error,
                UpdateError::NotFinite {
                    what: "measurement",
                    row: 1,
                    ..
                }
            ),
            "{error}"
        );
        let site = Site::new(Geodetic::from_degrees(36.0, 127.0, 0.0));
        let overhead = State {
            position: site.to_ecef(Position::new(0.0, 0.0, 1e5)),
            velocity: Velocity::new(0.0, 0.0, 0.0),
        };
        let belief = Gaussian::new(overhead.to_vector(), SMatrix::identity());
        let sensor = LineOfSight::new(site, [PolarQuantity::Azimuth], [1e-3]);
        let error = filter
            .update(&sensor, &belief, &SVector::<f64, 1>::new(1.0), None)
            .unwrap_err();
        assert!(matches!(error, UpdateError::NotObservable(_)), "{error}");
    }
    let mut broken = prior();
    broken.covariance[(0, 0)] = -1e6;
    for filter in FILTERS {
        let error = filter.update(&fix(), &broken, &Vector3::zeros(), None).unwrap_err();
        assert!(
            matches!(error, UpdateError::NotPositiveDefinite(_)),
            "{filter:?} {error}"
        );
    }
}

/// After one plot and 2 s a place 500 km away is known to 5 km, and the range bends by 25 m over that: the iterated
/// filter goes on until what it measured is what it believes, and is as certain as it is.
#[test]
fn far_plots_of_wide_beliefs_are_taken_in_where_they_are() {
    let site = Site::new(Geodetic::from_degrees(36.0, 127.0, 0.0));
    let at = |east_m: f64| State {
        position: site.to_ecef(Position::new(east_m, 5e5, 1e5)),
        velocity: Velocity::new(0.0, 0.0, 0.0),
    };
    let belief = Gaussian::new(at(0.0).to_vector(), SMatrix::identity() * 25e6);
    let (range, azimuth) = (PolarQuantity::Range, PolarQuantity::Azimuth);
    let sensor = LineOfSight::new(site, [range, azimuth, PolarQuantity::Elevation], [5.0, 3e-4, 3e-4]);
    let truth = at(8_000.0).to_vector();
    let measured = SensorModel::<6, 3>::predict(&sensor, &truth);
    let off_m = |filter: Filter| {
        let outcome = filter.update(&sensor, &belief, &measured, None).unwrap();
        let found = outcome.updated().unwrap().belief;
        let range_m = SensorModel::<6, 3>::predict(&sensor, &found.mean)[0];
        (range_m - measured[0]).abs()
    };
    assert!(off_m(Filter::Ekf) > 20.0, "{}", off_m(Filter::Ekf));
    assert!(off_m(Filter::Iekf) < 0.5, "{}", off_m(Filter::Iekf));
}

/// The sigma points of an object due north lie on both sides of the azimuth's wrap.
#[test]
fn north_is_no_border() {
    let site = Site::new(Geodetic::from_degrees(36.0, 127.0, 0.0));
    let object = State {
        position: site.to_ecef(Position::new(0.0, 5e4, 5e4)),
        velocity: Velocity::new(0.0, 0.0, 0.0),
    };
    let belief = Gaussian::new(object.to_vector(), SMatrix::identity() * 1e6);
    let sensor = LineOfSight::new(site, [PolarQuantity::Azimuth], [1e-3]);
    for filter in FILTERS {
        let outcome = filter
            .update(&sensor, &belief, &SVector::<f64, 1>::new(6.279), None)
            .unwrap();
        let update = outcome.updated().unwrap();
        // 6.279 is 0.0041853 west of north, and the prior sigma is 1 km in 50.
        assert!((update.innovation.value[0] + 0.004_185).abs() < 1e-4, "{filter:?}");
        assert!(
            (update.innovation.covariance[(0, 0)].sqrt() - 0.02).abs() < 1e-3,
            "{filter:?}"
        );
    }
}
