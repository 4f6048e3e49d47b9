//! The part of a flight without air, in closed form: the ellipse from burnout to the ground that has a given apogee.

use geo::earth::{GM_M3PS2, ROTATION_RATE_RADPS};
use geo::math::{acos, asin, atan, cos, sin_cos, tan};
use geo::{Ecef, Geodetic, Position, Site, State, Velocity};
use nalgebra::Vector3;

/// How an ellipse leaves its burnout, relative to the turning Earth.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Departure {
    /// Speed.
    pub speed_mps: f64,
    /// Elevation of the velocity.
    pub elevation_rad: f64,
    /// Direction of the velocity, clockwise from true north.
    pub azimuth_rad: f64,
    /// From burnout to the ground.
    pub time_s: f64,
}

/// How often the time of flight is put back into where the Earth has turned the target.
const ROUNDS: usize = 12;

/// Returns the departure from a burnout that reaches a target on the ground by way of an apogee.
///
/// The Earth's gravity is that of a point, there is no air, and the apogee is above the mean of the ground at both
/// ends. Source: the polar equation of an ellipse about its focus; Kepler's equation; Vallado (2013), section 2.2.
pub(super) fn departure(burnout: Geodetic, target: Geodetic, apogee_m: f64) -> Departure {
    let from_m = burnout.to_ecef().vector();
    let to_m = target.to_ecef().vector();
    let ground_m = 0.5 * (from_m.norm() - burnout.height_m + to_m.norm() - target.height_m);
    let apogee_radius_m = (ground_m + apogee_m).max(from_m.norm() + 1.0).max(to_m.norm() + 1.0);
    let mut time_s = 2.0 * (2.0 * apogee_m / 9.8).sqrt();
    let mut velocity_mps = Vector3::zeros();
    for _ in 0..ROUNDS {
        let turned_m = turn(&to_m, ROTATION_RATE_RADPS * time_s);
        let (inertial_mps, next_s) = ellipse(&from_m, &turned_m, apogee_radius_m);
        velocity_mps = inertial_mps - Vector3::z().cross(&from_m) * ROTATION_RATE_RADPS;
        let change_s = next_s - time_s;
        time_s = next_s;
        if change_s.abs() < 1e-3 {
            break;
        }
    }
    let state = State::<Ecef> {
        position: Position::from_vector(from_m),
        velocity: Velocity::from_vector(velocity_mps),
    };
    let (speed_mps, elevation_rad, azimuth_rad) = heading(&state);
    Departure {
        speed_mps,
        elevation_rad,
        azimuth_rad,
        time_s,
    }
}

/// Returns speed, elevation and azimuth of the velocity relative to the Earth, in the axes at the place of a state.
pub(super) fn heading(state: &State<Ecef>) -> (f64, f64, f64) {
    let site = Site::new(Geodetic::from_ecef(state.position));
    let [east, north, up] = site.velocity_to_enu(state.velocity).to_array();
    let speed_mps = state.velocity.norm();
    let elevation_rad = asin((up / speed_mps.max(1e-9)).clamp(-1.0, 1.0));
    (speed_mps, elevation_rad, geo::math::atan2(east, north))
}

/// A vector turned about the z axis.
fn turn(vector: &Vector3<f64>, angle_rad: f64) -> Vector3<f64> {
    let (sine, cosine) = sin_cos(angle_rad);
    Vector3::new(
        cosine * vector.x - sine * vector.y,
        sine * vector.x + cosine * vector.y,
        vector.z,
    )
}

/// The velocity (3, inertial) at one end of the ellipse between two places with an apogee between, and its time.
fn ellipse(from_m: &Vector3<f64>, to_m: &Vector3<f64>, apogee_radius_m: f64) -> (Vector3<f64>, f64) {
    let (r1, r2, ra) = (from_m.norm(), to_m.norm(), apogee_radius_m);
    let (up, other) = (from_m / r1, to_m / r2);
    let angle = acos(up.dot(&other).clamp(-1.0, 1.0)).max(1e-6);
    let along = (other - up * up.dot(&other))
        .try_normalize(1e-12)
        .unwrap_or(Vector3::x());
    // Eccentricity by the angle between an end and the apogee: the polar equation with ra = p / (1 - e).
    let eccentricity = |r: f64, to_apogee: f64| (ra - r) / (ra - r * cos(to_apogee));
    let (mut low, mut high) = (0.0, angle);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if eccentricity(r1, middle) > eccentricity(r2, angle - middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    let to_apogee = 0.5 * (low + high);
    let e = eccentricity(r1, to_apogee).clamp(1e-9, 1.0 - 1e-9);
    let semi_axis_m = ra / (1.0 + e);
    let speed_mps = (GM_M3PS2 * (2.0 / r1 - 1.0 / semi_axis_m)).sqrt();
    let along_mps = (GM_M3PS2 * ra * (1.0 - e)).sqrt() / r1;
    let up_mps = (speed_mps * speed_mps - along_mps * along_mps).max(0.0).sqrt();
    let rate = (GM_M3PS2 / (semi_axis_m * semi_axis_m * semi_axis_m)).sqrt();
    // Mean anomaly counted from the apogee.
    let from_apogee = |angle: f64| {
        let half = tan(0.5 * (std::f64::consts::PI - angle));
        let eccentric = 2.0 * atan(((1.0 - e) / (1.0 + e)).sqrt() * half);
        std::f64::consts::PI - eccentric + e * geo::math::sin(eccentric)
    };
    let time_s = (from_apogee(to_apogee) + from_apogee(angle - to_apogee)) / rate;
    (up * up_mps + along * along_mps, time_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flight::{Body, EventKind, Forces, Gravity, Options, Zonal, propagate};

    #[test]
    fn the_ellipse_is_flown_by_the_integrator() {
        let forces = Forces {
            gravity: Gravity::Zonal(Zonal {
                j2: 0.0,
                j3: 0.0,
                j4: 0.0,
                ..Zonal::EARTH
            }),
            atmosphere: false,
            ..Forces::ballistic()
        };
        let from = Geodetic::from_degrees(40.0, 127.0, 120e3);
        for (lat_deg, lon_deg, apogee_m) in [(39.0, 135.0, 2.0e6), (45.0, 175.0, 0.8e6), (40.5, 128.0, 6.0e6)] {
            let target = Geodetic::from_degrees(lat_deg, lon_deg, 0.0);
            let leave = departure(from, target, apogee_m);
            let (se, ce) = sin_cos(leave.elevation_rad);
            let (sa, ca) = sin_cos(leave.azimuth_rad);
            let site = Site::new(from);
            let velocity = site.velocity_to_ecef(Velocity::from_vector(
                Vector3::new(ce * sa, ce * ca, se) * leave.speed_mps,
            ));
            let state = State {
                position: from.to_ecef(),
                velocity,
            };
            let start = "2022-01-01T00:00:00Z".parse().unwrap();
            let path = propagate(
                &forces,
                &Body::default(),
                start,
                state,
                start + 9e3,
                &Options::default(),
            )
            .unwrap();
            let end = path.geodetic(path.end()).unwrap();
            assert!(geo::geodesic(end, target).distance_m < 50.0, "{end:?} for {target:?}");
            assert!((path.end() - start - leave.time_s).abs() < 0.1);
            let top = path.events().iter().find(|e| e.kind == EventKind::Apogee).unwrap();
            let height_m = Geodetic::from_ecef(top.state.position).height_m;
            assert!((height_m - apogee_m).abs() < 10e3, "{height_m} for {apogee_m}");
        }
    }
}
