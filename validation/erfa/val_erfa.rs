//! The celestial frame, Sun and Moon against ERFA.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use flight::third_body::Bodies;
use flight::{EarthOrientation, Orientation, Rotation};
use geo::Time;
use nalgebra::{Matrix3, Vector3};

/// At the Earth's surface, of a model within 1 mas (3 cm) of the one compared with: see README.md.
const TURN_TOLERANCE_M: f64 = 0.03;

#[test]
fn orientation_and_bodies_agree_with_erfa() {
    let text = include_str!("erfa.csv");
    let mut worst = [0.0_f64; 5];
    for line in text.lines().skip(1) {
        let (stamp, rest) = line.split_once(',').unwrap();
        let time: Time = stamp.parse().unwrap();
        let numbers: Vec<f64> = rest.split(',').map(|cell| cell.parse().unwrap()).collect();
        let given = EarthOrientation {
            ut1_minus_utc_s: numbers[0],
            polar_x_rad: numbers[1],
            polar_y_rad: numbers[2],
        };
        let theirs = Matrix3::from_row_slice(&numbers[3..12]);
        // From days away as well, so that nodes and the rate of turning are tested.
        for (from, until) in [(time, time), (time + -2e5, time + 1e5), (time + 3e5, time + -1e4)] {
            // UT1 runs on over a leap second; UT1 - UTC at the start of the flight then differs by it.
            let utc_s = (from.utc_days_since_j2000() - time.utc_days_since_j2000()) * 86_400.0;
            let given = EarthOrientation {
                ut1_minus_utc_s: given.ut1_minus_utc_s + ((from - time) - utc_s).round(),
                ..given
            };
            let orientation = Orientation::new(&Rotation::Celestial(given), from, until);
            let turn = orientation.at(time - from);
            let off_m = (turn.ecef_from_inertial - theirs).norm() / 2.0_f64.sqrt() * 6.378e6;
            worst[0] = worst[0].max(off_m);
            assert!(off_m < TURN_TOLERANCE_M, "{stamp} from {from}: {off_m} m");
            let (ahead, behind) = (orientation.at(time - from + 1.0), orientation.at(time - from - 1.0));
            let rate = (ahead.ecef_from_inertial - behind.ecef_from_inertial) / 2.0;
            let spin = -rate * turn.ecef_from_inertial.transpose();
            // The central difference itself is wrong by (ωt)²/6 of ω.
            let off = (spin - turn.spin_radps.cross_matrix()).norm();
            assert!(off < 1e-12, "{stamp}: {off} rad/s");
        }
        let bodies = Bodies::at(time.tt_days_since_j2000());
        let sun = Vector3::from_column_slice(&numbers[12..15]);
        let moon = Vector3::from_column_slice(&numbers[15..18]);
        worst[1] = worst[1].max(bodies.sun_m.angle(&sun).to_degrees() * 60.0);
        worst[2] = worst[2].max((bodies.sun_m.norm() / sun.norm() - 1.0).abs());
        worst[3] = worst[3].max(bodies.moon_m.angle(&moon).to_degrees() * 60.0);
        worst[4] = worst[4].max((bodies.moon_m.norm() - moon.norm()).abs());
    }
    println!(
        "turn {} m, Sun {}' and {} of distance, Moon {}' and {} m",
        worst[0], worst[1], worst[2], worst[3], worst[4]
    );
    assert!(worst[1] < 1.0 && worst[2] < 1e-3, "{worst:?}");
    assert!(worst[3] < 5.0 && worst[4] < 500e3, "{worst:?}");
}
