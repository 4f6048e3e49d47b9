//! A plot without its sensor: a place, how well it is known, and about when.
//!
//! What leaves is [`Coarse`], and nothing else: no name, site, range, angle, range rate, signal, identity, exact time.
//! The place is moved to a whole second and put on a grid, and its error is stated as a ball. So neither the shape of
//! the error (a radar errs across its line of sight) nor the instant of a dwell is in a single report.
//!
//! What a partner can still infer: that the owner has a sensor which sees this place now, with an error below the
//! stated one; from many reports of smooth flights, the revisit time to within a second or so, and where nothing is
//! ever reported, where the coverage ends. Who must not know that is given tracks, or warnings.

use geo::{Ecef, Geodetic, Position, Time, Velocity};
use plot::{Measurement, Plot, Polar, PositionFix, Sensor, Sigmas};

use crate::item::{Coarse, TrackState};

/// Times are rounded to multiples of this, since 1970 TAI.
pub const ROUND_S: f64 = 1.0;
/// The smallest standard deviation that is stated. Larger ones are twice, four times … as large.
pub const SIGMA_M_MIN: f64 = 1_024.0;
/// The largest; what is known no better is not a place.
pub const SIGMA_M_MAX: f64 = 131_072.0;
/// The speed of what is known to move, and nothing more: that of a circular orbit at the ground.
const SPEED_MPS_MAX: f64 = 7_910.0;
/// The most that a velocity is taken to change within the rounding: ten times the acceleration of gravity.
const ACCELERATION_MPS2: f64 = 98.0;
/// Most that a track's velocity may be away from what it says, in its standard deviations.
const VELOCITY_SIGMAS: f64 = 2.0;
/// Refractivity at the ground (ITU-R P.453, global mean).
const REFRACTIVITY: f64 = 315e-6;
/// Below this elevation the bending of rays does not grow any more: the ray of a horizon is bent by about 13 mrad.
const BENDING_ELEVATION_RAD_MIN: f64 = 0.0244;
/// Path that the air adds, straight up (m).
const ZENITH_DELAY_M: f64 = 2.4;

/// Returns a plot without its sensor; `None` where it has no full position or its errors are not stated.
///
/// A track of the same object (its velocity, at any near time) keeps the error of the rounded time small; without one
/// it is as large as the fastest object moves in half of [`ROUND_S`].
pub fn coarse(plot: &Plot, sensor: &Sensor, track: Option<&TrackState>) -> Option<Coarse> {
    let sigmas = plot.sigmas.or(sensor.sigmas);
    let (at, variance_m2) = match &plot.measurement {
        Measurement::Polar(polar) => of_polar(polar, sensor, &sigmas)?,
        Measurement::Position(fix) => of_fix(fix, &sigmas)?,
    };
    let time = rounded(plot.time);
    let (velocity, unknown_mps) = motion(plot, track, &sigmas);
    let half_s = ROUND_S / 2.0;
    // The bound for the whole rounding, not for this plot's part of it: that part would tell the exact time.
    let moved_m = unknown_mps * half_s + 0.5 * ACCELERATION_MPS2 * half_s * half_s;
    let clock_s = sensor.time_bias_sigma_s.unwrap_or(0.0);
    let late_m = clock_s * velocity.map_or(SPEED_MPS_MAX, |velocity| norm(velocity) + unknown_mps);
    let exact_m = (variance_m2 + moved_m * moved_m + late_m * late_m).sqrt();
    // A cell of the grid is half a sigma: its rounding adds (1/2)²/12 of the variance, a fiftieth.
    let sigma_m = stated(exact_m * 1.02)?;
    let span_s = time.since_s(plot.time);
    let [x, y, z] = at.to_array();
    let [vx, vy, vz] = velocity.unwrap_or([0.0; 3]);
    let cell_m = sigma_m / 2.0;
    let on_grid = |x: f64| (x / cell_m).round() * cell_m;
    let there = [x + vx * span_s, y + vy * span_s, z + vz * span_s].map(on_grid);
    let place = Geodetic::from_ecef(Position::<Ecef>::new(there[0], there[1], there[2]));
    Some(Coarse { time, place, sigma_m })
}

/// The nearest multiple of [`ROUND_S`].
fn rounded(time: Time) -> Time {
    let step_ns = (ROUND_S * 1e9) as i64;
    let into_ns = time.tai_ns().rem_euclid(step_ns);
    let up_ns = if 2 * into_ns >= step_ns { step_ns } else { 0 };
    Time::from_tai_ns(time.tai_ns().saturating_sub(into_ns).saturating_add(up_ns))
}

/// The next of the sigmas that are stated.
fn stated(exact_m: f64) -> Option<f64> {
    let mut sigma_m = SIGMA_M_MIN;
    while sigma_m < exact_m {
        sigma_m *= 2.0;
    }
    (exact_m.is_finite() && sigma_m <= SIGMA_M_MAX).then_some(sigma_m)
}

/// Where a radar saw it, and the largest variance along any axis: noise, stated biases, and what the air may do.
fn of_polar(polar: &Polar, sensor: &Sensor, sigmas: &Sigmas) -> Option<(Position<Ecef>, f64)> {
    let (range_m, azimuth_rad, elevation_rad) = (polar.range_m?, polar.azimuth_rad?, polar.elevation_rad?);
    let at = sensor.site.from_aer(geo::Aer {
        azimuth_rad,
        elevation_rad,
        range_m,
    });
    let bias = &sensor.bias_sigmas;
    let square = |sigma: f64, bias: Option<f64>| sigma * sigma + bias.map_or(0.0, |bias| bias * bias);
    let low_rad = elevation_rad.max(BENDING_ELEVATION_RAD_MIN);
    let bent_rad = REFRACTIVITY / geo::math::tan(low_rad.min(1.5));
    let delay_m = ZENITH_DELAY_M / geo::math::sin(low_rad);
    let along_m2 = square(sigmas.range_m?, bias.range_m) + delay_m * delay_m;
    let across_rad2 = square(sigmas.azimuth_rad?, bias.azimuth_rad);
    let up_rad2 = square(sigmas.elevation_rad?, bias.elevation_rad) + bent_rad * bent_rad;
    Some((at, along_m2.max(range_m * range_m * across_rad2.max(up_rad2))))
}

/// Where the object says it is.
fn of_fix(fix: &PositionFix, sigmas: &Sigmas) -> Option<(Position<Ecef>, f64)> {
    let sigma_m = sigmas.position_m?.max(sigmas.height_m?);
    Some((fix.geodetic.to_ecef(), sigma_m * sigma_m))
}

/// How it moves (ECEF), and how fast what is not known of that may be.
fn motion(plot: &Plot, track: Option<&TrackState>, sigmas: &Sigmas) -> (Option<[f64; 3]>, f64) {
    if let Some(track) = track {
        let [_, _, _, vx, vy, vz] = track.state;
        // The trace is at least the largest axis. In the upper triangle by rows, the diagonal of the velocity.
        let variance = [15, 18, 20].iter().map(|at| track.covariance[*at]).sum::<f64>();
        let age_s = plot.time.since_s(track.time).abs();
        let unknown_mps = VELOCITY_SIGMAS * variance.max(0.0).sqrt() + ACCELERATION_MPS2 * age_s;
        let velocity = [vx, vy, vz];
        if velocity.iter().all(|v| v.is_finite()) && unknown_mps < SPEED_MPS_MAX {
            return (Some(velocity), unknown_mps);
        }
    }
    let Measurement::Position(PositionFix {
        geodetic,
        velocity: Some(velocity),
    }) = &plot.measurement
    else {
        return (None, SPEED_MPS_MAX);
    };
    match sigmas.velocity_mps {
        Some(sigma_mps) => (
            Some(ecef(*geodetic, *velocity)),
            VELOCITY_SIGMAS * 3.0_f64.sqrt() * sigma_mps,
        ),
        None => (None, SPEED_MPS_MAX),
    }
}

fn ecef(place: Geodetic, velocity: Velocity<geo::Enu>) -> [f64; 3] {
    geo::Site::new(place).velocity_to_ecef(velocity).to_array()
}

fn norm([x, y, z]: [f64; 3]) -> f64 {
    (x * x + y * y + z * z).sqrt()
}
