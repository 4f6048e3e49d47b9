//! The state that explains the plots of several strands best, how certain it is, and how probable such plots are.

use estimate::belief::{Gaussian, cholesky, symmetrised};
use estimate::sensor::{LineOfSight, Observation, Reading, SensorModel};
use flight::Zonal;
use geo::Time;
use geo::earth::ROTATION_RATE_RADPS as OMEGA;
use geo::math::ln;
use nalgebra::{SMatrix, SVector, Vector3, Vector6};

use super::strand::Seed;
use crate::modes::Allowed;
use crate::registration::Registration;

/// What is known of a place before anything is seen: nothing, but for numbers to stay in order.
const PLACE_SIGMA_M: f64 = 5_000e3;
/// Objects nobody knows yet may be anywhere in this: 2,000 km by 2,000 km by 500 km.
const VOLUME_M3: f64 = 2e18;
/// Steps of the search.
const STEPS_MAX: u8 = 25;
/// The search ends with a step this small, squared, in standard deviations.
const STEP_MIN: f64 = 1e-3;
/// Damping of the search: at first, at most.
const DAMPING: f64 = 1e-3;
const DAMPING_MAX: f64 = 1e8;
/// A plot in a thousand does not fit: a standard normal quantile.
const FITS: f64 = 3.09;

const LN_TAU: f64 = 1.837_877_066_409_345_3;

/// `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, ax_mps2, ay_mps2, az_mps2]` (9), ECEF.
pub(super) type Nine = SVector<f64, 9>;
type Square = SMatrix<f64, 9, 9>;

/// What explains some plots.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    /// Position, velocity and acceleration (9) at the time asked for; from noise alone.
    pub belief: Gaussian<9>,
    /// How position and velocity depend on the sensors' constant errors: slot and slope.
    pub columns: Vec<(usize, Vector6<f64>)>,
    /// Standard deviation of the place, constant errors included.
    pub place_sigma_m: f64,
    /// Natural logarithm of the density of the plots if there is one such object.
    pub evidence_ln: f64,
    /// Whether they fit.
    pub fits: bool,
}

/// One plot, linearised about a state.
struct Rows {
    count: usize,
    residual: SVector<f64, 4>,
    /// By position and velocity at its time.
    jacobian: SMatrix<f64, 4, 6>,
    /// Variances of noise, and of what the model leaves out.
    noise: SVector<f64, 4>,
    /// The same with the constant errors.
    whole: SVector<f64, 4>,
    errors: Vec<(usize, SVector<f64, 4>)>,
}

/// What is known of a state before anything is measured, by the way it moves.
struct Prior {
    start: Nine,
    sigmas: Nine,
    is_falling: bool,
    jerk_mps3: f64,
}

impl Prior {
    fn new(start: &Nine, allowed: &Allowed) -> Self {
        let sigmas = [PLACE_SIGMA_M, allowed.speed_mps, allowed.acceleration_mps2];
        Self {
            start: *start,
            sigmas: Nine::from_fn(|row, _| sigmas[row / 3]),
            is_falling: allowed.is_falling,
            jerk_mps3: allowed.jerk_mps3,
        }
    }

    fn information(&self) -> Nine {
        self.sigmas.map(|sigma| 1.0 / (sigma * sigma))
    }

    /// The mean near a state: its place is where the search began, its velocity and acceleration are none, or the
    /// latter that of free fall in axes that turn with the Earth.
    fn mean(&self, state: &Nine) -> Nine {
        let mut mean = Nine::zeros();
        mean.fixed_rows_mut::<3>(0).copy_from(&self.start.fixed_rows::<3>(0));
        if self.is_falling {
            let place = Vector3::new(state[0], state[1], state[2]);
            let mut falling = Zonal::EARTH.acceleration(&place);
            falling.x += OMEGA * (OMEGA * place.x + 2.0 * state[4]);
            falling.y += OMEGA * (OMEGA * place.y - 2.0 * state[3]);
            mean.fixed_rows_mut::<3>(6).copy_from(&falling);
        }
        mean
    }
}

/// Everything that is left of the plots at a state.
struct Sum {
    cost: f64,
    normal: Square,
    gradient: Nine,
}

/// The plots that one object is to explain.
pub(super) struct Fitting<'a> {
    readings: Vec<(Reading, usize, f64)>,
    registration: &'a Registration,
    scalars: usize,
}

impl<'a> Fitting<'a> {
    /// Plots, looked at from a time.
    pub fn new(seeds: &[&Seed], time: Time, registration: &'a Registration) -> Self {
        let of = |seed: &&Seed| {
            let sight = &seed.sight;
            let reading = registration.with_means(&sight.reading, sight.sensor);
            (reading, sight.sensor, sight.time - time)
        };
        Self {
            readings: seeds.iter().map(of).collect(),
            registration,
            scalars: seeds
                .iter()
                .map(|seed| seed.glance.values.iter().flatten().count())
                .sum(),
        }
    }

    /// Searches from a state near the plots for that which explains them best by a way of moving; `None` where nothing
    /// is found.
    ///
    /// Gauss and Newton's method, damped. Source: Marquardt, An algorithm for least-squares estimation of nonlinear
    /// parameters (1963).
    pub fn from(&self, start: &Nine, allowed: &Allowed) -> Option<Fit> {
        let mut state = *start;
        let prior = Prior::new(start, allowed);
        let mut sum = self.sum(&state, &prior)?;
        let mut damping = DAMPING;
        for _ in 0..STEPS_MAX {
            let mut damped = sum.normal;
            for axis in 0..9 {
                damped[(axis, axis)] *= 1.0 + damping;
            }
            let step = cholesky(&damped).ok()?.solve(&sum.gradient);
            let further = state + step;
            match self.sum(&further, &prior).filter(|next| next.cost <= sum.cost) {
                Some(next) => {
                    let length2 = step.dot(&(sum.normal * step));
                    (state, sum) = (further, next);
                    damping *= 0.1;
                    if length2 < STEP_MIN {
                        return self.fit(&state, &sum, &prior);
                    }
                }
                None if damping > DAMPING_MAX => return self.fit(&state, &sum, &prior),
                None => damping *= 10.0,
            }
        }
        None
    }

    /// Cost, normal matrix and gradient at a state.
    fn sum(&self, state: &Nine, prior: &Prior) -> Option<Sum> {
        let mut normal = Square::from_diagonal(&prior.information());
        let mut gradient = normal * (prior.mean(state) - state);
        let mut cost = (prior.mean(state) - state).dot(&gradient);
        for (reading, sensor, ahead_s) in &self.readings {
            let rows = self.rows(reading, *sensor, *ahead_s, (state, prior.jerk_mps3))?;
            for row in 0..rows.count {
                let slope = slope(&rows, row, *ahead_s);
                let weight = 1.0 / rows.whole[row];
                cost += rows.residual[row] * rows.residual[row] * weight;
                gradient += slope * (rows.residual[row] * weight);
                normal += slope * slope.transpose() * weight;
            }
        }
        cost.is_finite().then_some(Sum { cost, normal, gradient })
    }

    /// Certainty and probability at the state that was found.
    fn fit(&self, state: &Nine, sum: &Sum, prior: &Prior) -> Option<Fit> {
        let factor = cholesky(&symmetrised(&sum.normal)).ok()?;
        // The weights count constant errors as if each plot had its own; what noise really does goes through them.
        let mut middle = Square::from_diagonal(&prior.information());
        let mut columns: Vec<(usize, Nine)> = Vec::new();
        // The place has no prior but that it is somewhere.
        let sigmas_ln: f64 = (3..9).map(|axis| ln(prior.sigmas[axis])).sum();
        let mut evidence_ln = -ln(VOLUME_M3) - 0.5 * sum.cost - 3.0 * LN_TAU - sigmas_ln;
        for (reading, sensor, ahead_s) in &self.readings {
            let rows = self.rows(reading, *sensor, *ahead_s, (state, prior.jerk_mps3))?;
            for row in 0..rows.count {
                let slope = slope(&rows, row, *ahead_s);
                let weight = 1.0 / rows.whole[row];
                middle += slope * slope.transpose() * (weight * weight * rows.noise[row]);
                evidence_ln -= 0.5 * (LN_TAU + ln(rows.whole[row]));
                for (slot, error) in &rows.errors {
                    let added = slope * (error[row] * weight);
                    match columns.iter_mut().find(|(of, _)| of == slot) {
                        Some((_, column)) => *column += added,
                        None => columns.push((*slot, added)),
                    }
                }
            }
        }
        // The volume of what is left of nine unknowns.
        let root_ln: f64 = (0..9).map(|axis| ln(factor.l_dirty()[(axis, axis)])).sum();
        evidence_ln += 4.5 * LN_TAU - root_ln;
        let half = factor.solve(&middle);
        let covariance = factor.solve(&half.transpose());
        let places = factor.solve(&SMatrix::<f64, 9, 3>::identity());
        Some(Fit {
            belief: Gaussian::new(*state, covariance),
            columns: columns
                .into_iter()
                .map(|(slot, column)| (slot, factor.solve(&column).fixed_rows::<6>(0).into_owned()))
                .collect(),
            place_sigma_m: (0..3).map(|axis| places[(axis, axis)]).sum::<f64>().max(0.0).sqrt(),
            evidence_ln,
            // What was measured and what was known before of speed and acceleration, less the unknowns.
            fits: sum.cost <= chi_square_most(self.scalars as f64 - 3.0),
        })
    }

    fn rows(&self, reading: &Reading, sensor: usize, ahead_s: f64, (state, jerk_mps3): (&Nine, f64)) -> Option<Rows> {
        let mut then = Vector6::zeros();
        for axis in 0..3 {
            let (speed, pull) = (state[axis + 3], state[axis + 6]);
            then[axis] = state[axis] + ahead_s * (speed + 0.5 * ahead_s * pull);
            then[axis + 3] = speed + ahead_s * pull;
        }
        let mut rows = match reading {
            Reading::Polar1(o) => linear(o, &then)?,
            Reading::Polar2(o) => linear(o, &then)?,
            Reading::Polar3(o) => linear(o, &then)?,
            Reading::Polar4(o) => linear(o, &then)?,
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {
                return None;
            }
        };
        let (off_m, off_mps) = (
            jerk_mps3 * ahead_s.abs().powi(3) / 6.0,
            jerk_mps3 * ahead_s * ahead_s / 2.0,
        );
        for row in 0..rows.count {
            let slope = rows.jacobian.row(row);
            let place: f64 = slope.columns(0, 3).norm() * off_m;
            let speed: f64 = slope.columns(3, 3).norm() * off_mps;
            rows.noise[row] += place * place + speed * speed;
        }
        rows.whole = rows.noise;
        rows.errors = self.registration.errors(reading, sensor, &then);
        for (slot, error) in &rows.errors {
            rows.whole += error.component_mul(error) * self.registration.variance(*slot);
        }
        Some(rows)
    }
}

fn linear<const M: usize>(observation: &Observation<LineOfSight<M>, M>, state: &Vector6<f64>) -> Option<Rows> {
    let (expected, jacobian) = SensorModel::<6, M>::linearize(&observation.model, state).ok()?;
    let residual = SensorModel::<6, M>::residual(&observation.model, &observation.measured, &expected);
    let mut rows = Rows {
        count: M,
        residual: SVector::zeros(),
        jacobian: SMatrix::zeros(),
        noise: SVector::from_element(1.0),
        whole: SVector::zeros(),
        errors: Vec::new(),
    };
    for row in 0..M {
        rows.residual[row] = residual[row];
        rows.noise[row] = observation.model.sigmas[row] * observation.model.sigmas[row];
        rows.jacobian.row_mut(row).copy_from(&jacobian.row(row));
    }
    Some(rows)
}

/// The derivative (9) of one value by the state, given that by the state at its own time.
fn slope(rows: &Rows, row: usize, ahead_s: f64) -> Nine {
    let own = rows.jacobian.row(row);
    Nine::from_fn(|at, _| match at {
        0..3 => own[at],
        3..6 => own[at - 3] * ahead_s + own[at],
        _ => own[at - 6] * 0.5 * ahead_s * ahead_s + own[at - 3] * ahead_s,
    })
}

/// What chi-square stays below but for one time in a thousand. Source: Wilson & Hilferty, The distribution of
/// chi-square (1931).
fn chi_square_most(degrees: f64) -> f64 {
    let share = 2.0 / (9.0 * degrees.max(1.0));
    degrees.max(1.0) * (1.0 - share + FITS * share.sqrt()).powi(3)
}
