//! `geo`'s conversions between geodetic, ECEF, east/north/up and azimuth/elevation/range, against pymap3d.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test, and it says what it measured"
)]

use geo::angle::{RAD_PER_DEG, wrap_pi};
use geo::{Aer, Ecef, Enu, Geodetic, Position, Site};

const CASES: &str = include_str!("cases.csv");
/// A few steps of an `f64` at 48,000 km (7.5e-9 m each), the farthest there is here.
const TOLERANCE_M: f64 = 3e-8;
/// One step of an azimuth in degrees (5.7e-14 deg) is 4.8e-8 m at 48,000 km.
const AER_TOLERANCE_M: f64 = 6e-8;

/// One case, in the columns of `cases.csv`.
struct Case {
    site: Site,
    target: Geodetic,
    ecef: Position<Ecef>,
    enu: Position<Enu>,
    aer: Aer,
    /// What pymap3d gets from its own ECEF.
    back: Geodetic,
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = CASES.lines().skip(1).map(case).collect();
    assert_eq!(cases.len(), 2_000);
    cases
}

fn case(line: &str) -> Case {
    let v: Vec<f64> = line.split(',').map(|word| word.parse().unwrap()).collect();
    Case {
        site: Site::new(Geodetic::from_degrees(v[0], v[1], v[2])),
        target: Geodetic::from_degrees(v[3], v[4], v[5]),
        ecef: Position::new(v[6], v[7], v[8]),
        enu: Position::new(v[9], v[10], v[11]),
        aer: Aer {
            azimuth_rad: v[12] * RAD_PER_DEG,
            elevation_rad: v[13] * RAD_PER_DEG,
            range_m: v[14],
        },
        back: Geodetic::from_degrees(v[15], v[16], v[17]),
    }
}

/// Asserts that no case differs by more, and says how far the worst does.
fn worst(what: &str, cases: &[Case], tolerance_m: f64, difference_m: impl Fn(&Case) -> f64) {
    let worst_m = cases.iter().map(difference_m).fold(0.0, f64::max);
    println!("{what}: largest difference {worst_m:e} m of {} cases", cases.len());
    assert!(
        worst_m < tolerance_m,
        "{what}: {worst_m:e} m, tolerance {tolerance_m:e} m"
    );
}

/// The cases in which pymap3d did not replace a component under 1 mm by zero.
fn cases_with_aer() -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| case.enu.to_array().iter().all(|component_m| component_m.abs() >= 1e-3));
    assert!(cases.len() > 1_900);
    cases
}

#[test]
fn geodetic_to_ecef() {
    worst("geodetic to ECEF", &cases(), TOLERANCE_M, |c| {
        (c.target.to_ecef() - c.ecef).norm()
    });
}

#[test]
fn ecef_to_geodetic_returns_the_place_it_came_from() {
    worst("ECEF to geodetic", &cases(), TOLERANCE_M, |c| {
        let back = Geodetic::from_ecef(c.ecef);
        let moved_m = (back.to_ecef() - c.target.to_ecef()).norm();
        moved_m.max((back.height_m - c.target.height_m).abs())
    });
}

#[test]
fn ecef_to_geodetic_agrees_with_pymap3ds_own_way_back() {
    let mut low = cases();
    low.retain(|case| case.target.height_m < 100e3);
    assert!(low.len() > 500);
    worst("ECEF to geodetic below 100 km, pymap3d's own", &low, 1e-5, |c| {
        let ours = Geodetic::from_ecef(c.ecef);
        (ours.to_ecef() - c.back.to_ecef()).norm()
    });
}

#[test]
fn ecef_to_enu() {
    worst("ECEF to ENU", &cases(), TOLERANCE_M, |c| {
        (c.site.to_enu(c.ecef) - c.enu).norm()
    });
}

#[test]
fn enu_to_ecef() {
    worst("ENU to ECEF", &cases(), TOLERANCE_M, |c| {
        (c.site.to_ecef(c.enu) - c.ecef).norm()
    });
}

#[test]
fn ecef_to_aer() {
    worst("ECEF to AER", &cases_with_aer(), AER_TOLERANCE_M, |c| {
        let ours = c.site.to_aer(c.ecef);
        let up_rad = (ours.elevation_rad - c.aer.elevation_rad).abs();
        let around_rad = wrap_pi(ours.azimuth_rad - c.aer.azimuth_rad).abs();
        let ground_m = c.aer.range_m * geo::math::cos(c.aer.elevation_rad);
        assert!((0.0..std::f64::consts::TAU).contains(&ours.azimuth_rad));
        (ours.range_m - c.aer.range_m)
            .abs()
            .max(up_rad * c.aer.range_m)
            .max(around_rad * ground_m)
    });
}

#[test]
fn aer_to_ecef() {
    worst("AER to ECEF", &cases_with_aer(), AER_TOLERANCE_M, |c| {
        (c.site.from_aer(c.aer) - c.ecef).norm()
    });
}
