//! The plots before thrust ended: smoothed without a model of the thrust, backwards from the fitted coast.

use geo::{Ecef, State, Time};
use nalgebra::{Matrix6, SMatrix, SVector, Vector3, Vector6};

use super::arc::Arc;
use super::boost_errors::{self, Known};
use super::burnout;
use super::consider::Uncertainty;
use super::fit::{Context, Fitted};
use super::fixes::{self, Fix};
use super::look::Look;
use crate::belief::Gaussian;
use crate::filter::smooth::{Step, smooth as smooth_history};
use crate::filter::{Outcome, UpdateError, ekf};
use crate::motion::{ConstantAcceleration, MotionModel};
use crate::sensor::{Reading, SensorOptions};

/// How fast the acceleration of a boost changes: 20 m/s² in a second, ignition and staging included.
const MOTION: ConstantAcceleration = ConstantAcceleration { jerk_psd_m2ps5: 400.0 };
/// What the acceleration may have been just before thrust ended, each axis.
const THRUST_SIGMA_MPS2: f64 = 60.0;
/// Normalised innovations squared beyond this are wild plots.
const GATE: f64 = 60.0;
/// A belief wider than this begins anew.
const LOST_SIGMA_M: f64 = 10_000.0;
/// What the speed may be where nothing is known, each axis.
const SPEED_SIGMA_MPS: f64 = 1_000.0;
/// Looks farther than this from the coast, in stated sigmas, were surely under thrust.
pub(super) const THRUST_SIGMAS: f64 = 20.0;
/// Fewer plots than this tell nothing of a boost.
const PLOTS_MIN: usize = 5;
/// Of a stretch before a gap so many plots must lie within …
const COMPANY_S: f64 = 60.0;
/// … of its last and be reachable from it at this speed, or it is a wild plot.
const SPEED_MAX_MPS: f64 = 8_000.0;

/// Beliefs `[position 3, velocity 3, acceleration 3]` (ECEF) by time.
pub(super) type Beliefs = Vec<(Time, Gaussian<9>)>;

/// The smoothed boost.
#[derive(Clone, Debug)]
pub(crate) struct Boost {
    /// Ascending in time, at least two.
    beliefs: Beliefs,
    burnout: (Time, f64),
}

impl Boost {
    /// Time of the first plot.
    pub fn start(&self) -> Time {
        self.beliefs[0].0
    }

    /// Where the coast takes over.
    pub fn end(&self) -> Time {
        self.beliefs[self.beliefs.len() - 1].0
    }

    /// When thrust ended, with standard deviation.
    pub fn burnout(&self) -> (Time, f64) {
        self.burnout
    }

    /// The belief at the first plot: `[position 3, velocity 3, acceleration 3]`, ECEF.
    pub fn first(&self) -> &Gaussian<9> {
        &self.beliefs[0].1
    }

    /// State at a time in the boost, between its neighbours, and covariance, from the nearer of them.
    pub fn at(&self, time: Time) -> Option<(State<Ecef>, Matrix6<f64>)> {
        if time < self.start() || time > self.end() {
            return None;
        }
        let after = self
            .beliefs
            .partition_point(|(t, _)| *t < time)
            .clamp(1, self.beliefs.len() - 1);
        let (before, after) = (&self.beliefs[after - 1], &self.beliefs[after]);
        let nearest = if time - before.0 < after.0 - time {
            before
        } else {
            after
        };
        let moved = MOTION.transition(&nearest.1.mean, time - nearest.0);
        let covariance = moved.jacobian * nearest.1.covariance * moved.jacobian.transpose() + moved.noise;
        let state = State::from_vector(&between(before, after, time));
        Some((state, covariance.fixed_view::<6, 6>(0, 0).into()))
    }
}

/// State between two beliefs: the cubic that has their positions and velocities, so that a long gap leaves no jump.
fn between(before: &(Time, Gaussian<9>), after: &(Time, Gaussian<9>), time: Time) -> Vector6<f64> {
    let span_s = after.0 - before.0;
    if span_s <= 0.0 {
        return before.1.mean.fixed_rows::<6>(0).into();
    }
    let u = (time - before.0) / span_s;
    let part = |belief: &Gaussian<9>, row: usize| -> Vector3<f64> { belief.mean.fixed_rows::<3>(row).into() };
    let (p0, p1) = (part(&before.1, 0), part(&after.1, 0));
    let (m0, m1) = (part(&before.1, 3) * span_s, part(&after.1, 3) * span_s);
    let (a, b) = (m0 * 2.0 + m1, m0 + m1);
    let position = p0 + m0 * u + ((p1 - p0) * 3.0 - a) * (u * u) + (b - (p1 - p0) * 2.0) * (u * u * u);
    let velocity = (m0 + ((p1 - p0) * 3.0 - a) * (2.0 * u) + (b - (p1 - p0) * 2.0) * (3.0 * u * u)) / span_s;
    Vector6::new(position.x, position.y, position.z, velocity.x, velocity.y, velocity.z)
}

/// Smooths the looks before the span of a fit; `None` where they are too few or do not join the path.
pub(crate) fn smooth(
    before: &[Look],
    fitted: &Fitted,
    arc: &Arc,
    uncertainty: &Uncertainty,
    context: &Context<'_>,
) -> Option<Boost> {
    if before.len() < PLOTS_MIN {
        return None;
    }
    let errors = boost_errors::of_boost(before, fitted, uncertainty, context);
    let start = |known: &Known| at_coast(fitted, arc, &known.moved, &errors.state_covariance);
    let (mut beliefs, taken) = run(before, start(&errors.best), &errors.best, None, fitted, context)?;
    if taken.iter().filter(|taken| !**taken).count() * 2 > before.len() {
        return None;
    }
    let burnout = burnout::burnout(before, &beliefs, fitted, arc, context);
    let best = beliefs.clone();
    for known in &errors.moved {
        let (moved, _) = run(before, start(known), known, Some(&taken), fitted, context)?;
        for ((belief, best), moved) in beliefs.iter_mut().zip(&best).zip(&moved) {
            let off = moved.1.mean - best.1.mean;
            belief.1.covariance += off * off.transpose();
        }
    }
    // A belief before the first plot that was taken is no more than the one after it, carried back.
    let first = taken.iter().position(|taken| *taken)?;
    beliefs.drain(..first);
    Some(Boost { beliefs, burnout })
}

/// One smoothing, with the errors of the sensors as given. Wild plots are those that were, or, first, beyond the gate.
fn run(
    before: &[Look],
    start: Gaussian<9>,
    known: &Known,
    taken: Option<&[bool]>,
    fitted: &Fitted,
    context: &Context<'_>,
) -> Option<(Beliefs, Vec<bool>)> {
    let first = Step {
        prediction: None,
        filtered: start,
    };
    let (mut history, mut times) = (vec![first], vec![fitted.reference]);
    let (mut belief, mut now) = (start, fitted.reference);
    let mut are_taken = vec![true; before.len()];
    for (index, look) in before.iter().enumerate().rev() {
        let prediction = ekf::predict(&MOTION, &belief, look.time - now).ok()?;
        now = look.time;
        times.push(now);
        if is_lost(&prediction.belief)
            && let Some(fix) = fixes::whole(look, context.sensors)
        {
            are_taken[index] = taken.map_or_else(|| has_company(&fix, &before[..index], context), |taken| taken[index]);
            let begins = are_taken[index];
            belief = if begins { anew(&fix) } else { prediction.belief };
            history.push(Step {
                prediction: (!begins).then_some(prediction),
                filtered: belief,
            });
            continue;
        }
        let options = SensorOptions {
            refraction: context.options.refraction,
            bias: known.biases[look.sensor],
        };
        let sensor = &context.sensors.as_slice()[look.sensor];
        let reading = Reading::new(&context.plots[look.plot], sensor, &options).ok()?;
        let gate = taken.is_none().then_some(GATE);
        let updated = match taken {
            Some(taken) if !taken[index] => None,
            _ => update(&reading, &prediction.belief, gate).ok().flatten(),
        };
        are_taken[index] = updated.is_some();
        belief = updated.unwrap_or(prediction.belief);
        history.push(Step {
            prediction: Some(prediction),
            filtered: belief,
        });
    }
    let smoothed = smooth_history(&history).ok()?;
    let mut beliefs: Beliefs = times.into_iter().zip(smoothed).collect();
    beliefs.reverse();
    Some((beliefs, are_taken))
}

/// Whether so much time passed without plots that a measurement is no longer linear over the belief.
fn is_lost(belief: &Gaussian<9>) -> bool {
    (0..3).any(|axis| belief.covariance[(axis, axis)] > LOST_SIGMA_M * LOST_SIGMA_M)
}

/// Whether plots just before a fix may be of the same object, so that it is no wild one.
fn has_company(fix: &Fix, earlier: &[Look], context: &Context<'_>) -> bool {
    let near = earlier
        .iter()
        .rev()
        .take_while(|look| fix.time - look.time <= COMPANY_S)
        .filter_map(|look| fixes::whole(look, context.sensors))
        .filter(|other| {
            let reach_m = SPEED_MAX_MPS * (fix.time - other.time) + 3.0 * (fix.sigma_m + other.sigma_m);
            (fix.position_m - other.position_m).norm() < reach_m
        });
    near.take(PLOTS_MIN - 1).count() == PLOTS_MIN - 1
}

/// A belief from one fix alone.
fn anew(fix: &Fix) -> Gaussian<9> {
    let mut mean = SVector::<f64, 9>::zeros();
    mean.fixed_rows_mut::<3>(0).copy_from(&fix.position_m);
    let sigmas = [fix.sigma_m, SPEED_SIGMA_MPS, THRUST_SIGMA_MPS2];
    let covariance = SMatrix::from_diagonal(&SVector::<f64, 9>::from_fn(|i, _| sigmas[i / 3] * sigmas[i / 3]));
    Gaussian::new(mean, covariance)
}

/// The belief where the coast begins, moved, with an acceleration that nobody knows before it.
fn at_coast(fitted: &Fitted, arc: &Arc, moved: &Vector6<f64>, state_covariance: &Matrix6<f64>) -> Gaussian<9> {
    let state = arc.state(fitted.reference);
    let slope = (arc.state(fitted.reference + 1.0) - state)
        .fixed_rows::<3>(3)
        .into_owned();
    let mut mean = SVector::<f64, 9>::zeros();
    mean.fixed_rows_mut::<6>(0).copy_from(&(state + moved));
    mean.fixed_rows_mut::<3>(6).copy_from(&slope);
    let mut covariance = SMatrix::<f64, 9, 9>::identity() * (THRUST_SIGMA_MPS2 * THRUST_SIGMA_MPS2);
    covariance.fixed_view_mut::<6, 6>(0, 0).copy_from(state_covariance);
    Gaussian::new(mean, covariance)
}

/// Takes a reading in; `None` of a wild one.
fn update(reading: &Reading, belief: &Gaussian<9>, gate: Option<f64>) -> Result<Option<Gaussian<9>>, UpdateError> {
    fn taken<const M: usize>(outcome: Outcome<9, M>) -> Option<Gaussian<9>> {
        outcome.updated().map(|update| update.belief)
    }
    Ok(match reading {
        Reading::Polar1(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar2(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar3(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar4(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Height(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Position(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::PositionVelocity(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::State(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
    })
}
