//! Free flight, above the air and in it, at a tenth of the cost of [`Reentry`](super::Reentry).

use std::sync::LazyLock;

use flight::Zonal;
use flight::atmosphere::air;
use geo::earth::{FLATTENING, ROTATION_RATE_RADPS as OMEGA, SEMI_MAJOR_AXIS_M};
use geo::math::{exp, ln};
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use super::{MotionModel, Transition};

/// Noise of free flight above the air: gravity beyond J4.
const SPACE_PSD_M2PS3: f64 = 1e-6;
/// Unknown lift and drag where the air is thick: half a metre per second squared over five seconds.
const AIR_PSD_M2PS3: f64 = 1.25;
/// The air is thick up to here,
const AIR_TOP_M: f64 = 30_000.0;
/// and thins out by e in this; noise goes with the square.
const AIR_SCALE_M: f64 = 7_000.0;
/// How drag changes with speed, where the air is thick.
const LOG_DRAG_PSD_PER_S: f64 = 1e-3;

/// Heights at which the density of the air is tabulated, metres apart.
const AIR_STEP_M: f64 = 500.0;
/// Above this there is no air here.
const AIR_END_M: f64 = 110_000.0;
const AIR_ROWS: usize = 222;

/// Steps of the integration above the air.
const SPACE_STEP_S: f64 = 10.0;
/// In the air, at most.
const AIR_STEP_S: f64 = 1.0;
/// In thick air not more than this share of a scale height.
const THICK_STEP_M: f64 = 2_000.0;
/// nor ever shorter.
const STEP_MIN_S: f64 = 0.25;
/// Air is thick below.
const THICK_TOP_M: f64 = 60_000.0;

/// `ln ρ` of the US Standard Atmosphere 1976, ρ in kg/m³.
static LOG_DENSITY: LazyLock<[f64; AIR_ROWS]> =
    LazyLock::new(|| std::array::from_fn(|row| ln(air(row as f64 * AIR_STEP_M).density_kgpm3)));

/// Free flight: gravity with J2 to J4, the turning Earth, drag of an unknown ballistic coefficient.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, ln (Cd A/m / (1 m²/kg))]` (7), ECEF. The physics of
/// [`Reentry`](super::Reentry) at a tenth of its cost, which thousands of runs need: the density from a table, the
/// height to some ten metres, and the transition to second order in the step about its middle.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Free;

/// Slopes of the acceleration.
struct Slopes {
    by_position: Matrix3<f64>,
    by_velocity: Matrix3<f64>,
    by_log_drag: Vector3<f64>,
}

/// Height above the ellipsoid, to some ten metres.
fn height_m(position_m: &Vector3<f64>) -> f64 {
    let radius_m = position_m.norm();
    let sine = position_m.z / radius_m;
    radius_m - SEMI_MAJOR_AXIS_M * (1.0 - FLATTENING * sine * sine)
}

/// Density per scale height: density, and slope of its logarithm by height; `None` above the air.
fn density(height_m: f64) -> Option<(f64, f64)> {
    if height_m >= AIR_END_M {
        return None;
    }
    let rows = height_m.max(0.0) / AIR_STEP_M;
    let below = rows as usize;
    let table = &*LOG_DENSITY;
    let slope = (table[below + 1] - table[below]) / AIR_STEP_M;
    Some((
        exp(table[below] + slope * (height_m - below as f64 * AIR_STEP_M)),
        slope,
    ))
}

fn acceleration(state: &SVector<f64, 7>) -> Vector3<f64> {
    let position = Vector3::new(state[0], state[1], state[2]);
    let velocity = Vector3::new(state[3], state[4], state[5]);
    let mut sum = Zonal::EARTH.acceleration(&position);
    sum.x += OMEGA * (OMEGA * position.x + 2.0 * velocity.y);
    sum.y += OMEGA * (OMEGA * position.y - 2.0 * velocity.x);
    if let Some((density, _)) = density(height_m(&position)) {
        sum -= velocity * (0.5 * density * exp(state[6]) * velocity.norm());
    }
    sum
}

fn slopes(state: &SVector<f64, 7>) -> Slopes {
    let position = Vector3::new(state[0], state[1], state[2]);
    let velocity = Vector3::new(state[3], state[4], state[5]);
    let mut slopes = Slopes {
        by_position: Zonal::EARTH.gradient(&position),
        by_velocity: Matrix3::zeros(),
        by_log_drag: Vector3::zeros(),
    };
    slopes.by_position[(0, 0)] += OMEGA * OMEGA;
    slopes.by_position[(1, 1)] += OMEGA * OMEGA;
    slopes.by_velocity[(0, 1)] = 2.0 * OMEGA;
    slopes.by_velocity[(1, 0)] = -2.0 * OMEGA;
    if let Some((density, log_slope)) = density(height_m(&position)) {
        let speed_mps = velocity.norm();
        let factor = 0.5 * density * exp(state[6]);
        let up = position / position.norm();
        slopes.by_log_drag = -velocity * (factor * speed_mps);
        slopes.by_position += slopes.by_log_drag * up.transpose() * log_slope;
        if speed_mps > 0.0 {
            let along = velocity * velocity.transpose() / speed_mps;
            slopes.by_velocity -= (Matrix3::identity() * speed_mps + along) * factor;
        }
    }
    slopes
}

/// Rate of the state (7).
fn rate(state: &SVector<f64, 7>) -> SVector<f64, 7> {
    let a = acceleration(state);
    SVector::from([state[3], state[4], state[5], a.x, a.y, a.z, 0.0])
}

/// Later state, and the state in the middle of the step, by the classical Runge-Kutta rule.
fn step(state: &SVector<f64, 7>, h: f64) -> (SVector<f64, 7>, SVector<f64, 7>) {
    let k1 = rate(state);
    let k2 = rate(&(state + k1 * (0.5 * h)));
    let middle = state + k2 * (0.5 * h);
    let k3 = rate(&middle);
    let k4 = rate(&(state + k3 * h));
    (state + (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0), middle)
}

/// The longest step from a state.
fn step_max_s(state: &SVector<f64, 7>) -> f64 {
    let height_m = height_m(&Vector3::new(state[0], state[1], state[2]));
    if height_m >= AIR_END_M {
        return SPACE_STEP_S;
    }
    if height_m > THICK_TOP_M {
        return AIR_STEP_S;
    }
    let speed_mps = Vector3::new(state[3], state[4], state[5]).norm();
    (THICK_STEP_M / speed_mps.max(1.0)).clamp(STEP_MIN_S, AIR_STEP_S)
}

impl Slopes {
    /// `I + A h + A² h²/2` of the whole state.
    fn transition(&self, h: f64) -> SMatrix<f64, 7, 7> {
        let (g, d, c) = (&self.by_position, &self.by_velocity, &self.by_log_drag);
        let half = 0.5 * h * h;
        let one = Matrix3::identity();
        let mut phi = SMatrix::<f64, 7, 7>::identity();
        phi.fixed_view_mut::<3, 3>(0, 0).copy_from(&(one + g * half));
        phi.fixed_view_mut::<3, 3>(0, 3).copy_from(&(one * h + d * half));
        phi.fixed_view_mut::<3, 1>(0, 6).copy_from(&(c * half));
        phi.fixed_view_mut::<3, 3>(3, 0).copy_from(&(g * h + d * g * half));
        phi.fixed_view_mut::<3, 3>(3, 3)
            .copy_from(&(one + d * h + (g + d * d) * half));
        phi.fixed_view_mut::<3, 1>(3, 6).copy_from(&(c * h + d * c * half));
        phi
    }
}

/// Noise of a step: what is not known of the air depends on the height.
fn noise(state: &SVector<f64, 7>, h: f64) -> SMatrix<f64, 7, 7> {
    let height_m = height_m(&Vector3::new(state[0], state[1], state[2]));
    let thin = if height_m > AIR_TOP_M {
        exp((AIR_TOP_M - height_m) / AIR_SCALE_M)
    } else {
        1.0
    };
    let (q, h) = (SPACE_PSD_M2PS3 + AIR_PSD_M2PS3 * thin * thin, h.abs());
    let mut noise = SMatrix::<f64, 7, 7>::zeros();
    for axis in 0..3 {
        noise[(axis, axis)] = q * h * h * h / 3.0;
        noise[(axis, axis + 3)] = q * h * h / 2.0;
        noise[(axis + 3, axis)] = q * h * h / 2.0;
        noise[(axis + 3, axis + 3)] = q * h;
    }
    noise[(6, 6)] = LOG_DRAG_PSD_PER_S * thin * h;
    noise
}

impl MotionModel<7> for Free {
    fn propagate(&self, state: &SVector<f64, 7>, dt_s: f64) -> SVector<f64, 7> {
        let (mut now, mut left_s) = (*state, dt_s);
        while left_s != 0.0 {
            let h = left_s.clamp(-step_max_s(&now), step_max_s(&now));
            now = step(&now, h).0;
            left_s -= h;
        }
        now
    }

    fn transition(&self, state: &SVector<f64, 7>, dt_s: f64) -> Transition<7> {
        let mut left_s = dt_s;
        let mut moved = Transition {
            state: *state,
            jacobian: SMatrix::identity(),
            noise: SMatrix::zeros(),
        };
        let mut is_first = true;
        while left_s != 0.0 {
            let most_s = step_max_s(&moved.state);
            let h = left_s.clamp(-most_s, most_s);
            let (later, middle) = step(&moved.state, h);
            let phi = slopes(&middle).transition(h);
            let added = noise(&middle, h);
            (moved.jacobian, moved.noise) = if is_first {
                (phi, added)
            } else {
                (phi * moved.jacobian, phi * moved.noise * phi.transpose() + added)
            };
            is_first = false;
            moved.state = later;
            left_s -= h;
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reentry;
    use super::*;

    /// The same physics as the model of the path fit: states to a part in a thousand of what drag does, derivatives to
    /// a hundredth, on a fall through all of the air.
    #[test]
    fn it_falls_as_the_reentry_model_does() {
        let reference = Reentry {
            acceleration_psd_m2ps3: 0.0,
            log_drag_psd_per_s: 0.0,
        };
        for (height_m, span_s) in [(300_000.0, 120.0), (90_000.0, 25.0), (45_000.0, 10.0)] {
            let up = Vector3::new(-0.5, 0.6, 0.624_5).normalize();
            let place = up * (SEMI_MAJOR_AXIS_M - 7_000.0 + height_m);
            let velocity = up * -1_500.0 + up.cross(&Vector3::z()).normalize() * 2_000.0;
            let state = SVector::<f64, 7>::from([place.x, place.y, place.z, velocity.x, velocity.y, velocity.z, -7.0]);
            let (ours, theirs) = (Free.transition(&state, span_s), reference.transition(&state, span_s));
            let off_m = (ours.state - theirs.state).fixed_rows::<3>(0).norm();
            assert!(off_m < 15.0, "{height_m}: {off_m} m");
            let alone = Free.propagate(&state, span_s);
            assert!((alone - ours.state).norm() < 1e-6);
            for column in 0..7 {
                let (a, b) = (ours.jacobian.column(column), theirs.jacobian.column(column));
                let scale = b.fixed_rows::<3>(0).norm() + span_s * b.fixed_rows::<3>(3).norm() + 1e-9;
                let off = (a - b).fixed_rows::<3>(0).norm() + span_s * (a - b).fixed_rows::<3>(3).norm();
                assert!(off < 0.01 * scale, "{height_m}, column {column}: {}", off / scale);
            }
        }
    }

    #[test]
    fn back_and_forth_is_where_it_began() {
        let state = SVector::<f64, 7>::from([-3.2e6, 4.2e6, 4.1e6, 1500.0, -900.0, 1200.0, -7.6]);
        let there = Free.transition(&state, 37.0);
        let back = Free.transition(&there.state, -37.0);
        assert!((back.state - state).norm() < 1e-3);
        let product = there.jacobian * back.jacobian;
        assert!((product - SMatrix::<f64, 7, 7>::identity()).abs().max() < 1e-3);
    }
}
