//! The plots before thrust ended: smoothed without a model of the thrust, backwards from the fitted coast.

use geo::{Ecef, State, Time};
use nalgebra::{Matrix6, SMatrix, SVector, Vector3, Vector6};

use super::arc::Arc;
use super::consider::{Uncertainty, of_state};
use super::fit::{Context, Fitted};
use super::fixes;
use super::look::{Channel, Look};
use super::parameter::Parameter;
use crate::belief::Gaussian;
use crate::filter::smooth::{Step, smooth as smooth_history};
use crate::filter::{Outcome, UpdateError, ekf};
use crate::motion::{ConstantAcceleration, MotionModel};
use crate::sensor::{Bias, Reading, SensorOptions};

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
const THRUST_SIGMAS: f64 = 20.0;
/// Fewer plots than this tell nothing of a boost.
const PLOTS_MIN: usize = 5;

/// The smoothed boost.
#[derive(Clone, Debug)]
pub(crate) struct Boost {
    /// Ascending in time, at least two.
    beliefs: Vec<(Time, Gaussian<9>)>,
    burnout: (Time, f64),
    first_bias_m: f64,
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

    /// How far the constant errors of its sensor may move the first plot: smoothing plots of one sensor does not tell.
    pub fn first_bias_m(&self) -> f64 {
        self.first_bias_m
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
    let start = Step {
        prediction: None,
        filtered: at_coast(fitted, arc, uncertainty),
    };
    let (mut history, mut times) = (vec![start], vec![fitted.reference]);
    let (mut belief, mut now) = (start.filtered, fitted.reference);
    let mut gated = 0;
    for look in before.iter().rev() {
        let prediction = ekf::predict(&MOTION, &belief, look.time - now).ok()?;
        if is_lost(&prediction.belief)
            && let Some(anew) = anew(look, context)
        {
            (belief, now) = (anew, look.time);
            history.push(Step {
                prediction: None,
                filtered: belief,
            });
            times.push(now);
            continue;
        }
        let options = SensorOptions {
            refraction: context.options.refraction,
            bias: bias(fitted, look),
        };
        let reading = Reading::new(
            &context.plots[look.plot],
            &context.sensors.as_slice()[look.sensor],
            &options,
        )
        .ok()?;
        belief = match update(&reading, &prediction.belief) {
            Ok(Some(updated)) => updated,
            Ok(None) | Err(_) => {
                gated += 1;
                prediction.belief
            }
        };
        now = look.time;
        history.push(Step {
            prediction: Some(prediction),
            filtered: belief,
        });
        times.push(now);
    }
    if gated * 2 > before.len() {
        return None;
    }
    let smoothed = smooth_history(&history).ok()?;
    let mut beliefs: Vec<(Time, Gaussian<9>)> = times.into_iter().zip(smoothed).collect();
    beliefs.reverse();
    let thrusting = last_under_thrust(before, fitted, arc, context);
    let burnout = burnout(&beliefs, thrusting, arc);
    let first_bias_m = fixes::whole(&before[0], context.sensors).map_or(0.0, |fix| fix.sigma_m);
    Some(Boost {
        beliefs,
        burnout,
        first_bias_m,
    })
}

/// Whether so much time passed without plots that a measurement is no longer linear over the belief.
fn is_lost(belief: &Gaussian<9>) -> bool {
    (0..3).any(|axis| belief.covariance[(axis, axis)] > LOST_SIGMA_M * LOST_SIGMA_M)
}

/// A belief from one look alone, where it is a position.
fn anew(look: &Look, context: &Context<'_>) -> Option<Gaussian<9>> {
    let fix = fixes::whole(look, context.sensors)?;
    let mut mean = SVector::<f64, 9>::zeros();
    mean.fixed_rows_mut::<3>(0).copy_from(&fix.position_m);
    let sigmas = [fix.sigma_m, SPEED_SIGMA_MPS, THRUST_SIGMA_MPS2];
    let covariance = SMatrix::from_diagonal(&SVector::<f64, 9>::from_fn(|i, _| sigmas[i / 3] * sigmas[i / 3]));
    Some(Gaussian::new(mean, covariance))
}

/// The belief where the coast begins, with an acceleration that nobody knows before it.
fn at_coast(fitted: &Fitted, arc: &Arc, uncertainty: &Uncertainty) -> Gaussian<9> {
    let state = arc.state(fitted.reference);
    let slope = (arc.state(fitted.reference + 1.0) - state)
        .fixed_rows::<3>(3)
        .into_owned();
    let mut mean = SVector::<f64, 9>::zeros();
    mean.fixed_rows_mut::<6>(0).copy_from(&state);
    mean.fixed_rows_mut::<3>(6).copy_from(&slope);
    let mut covariance = SMatrix::<f64, 9, 9>::identity() * (THRUST_SIGMA_MPS2 * THRUST_SIGMA_MPS2);
    covariance
        .fixed_view_mut::<6, 6>(0, 0)
        .copy_from(&of_state(arc, uncertainty, fitted.reference));
    Gaussian::new(mean, covariance)
}

/// The fitted constant errors of a look's sensor.
fn bias(fitted: &Fitted, look: &Look) -> Bias {
    let values = &fitted.solution.values.sensor;
    let of = |channel: Channel| {
        fitted
            .unknowns
            .column(Parameter::Bias(look.sensor, channel))
            .map_or(0.0, |column| values[column])
    };
    Bias {
        range_m: of(Channel::Range),
        azimuth_rad: of(Channel::Azimuth),
        elevation_rad: of(Channel::Elevation),
        range_rate_mps: of(Channel::RangeRate),
        time_s: fitted.unknowns.clock(look.sensor).map_or(0.0, |column| values[column]),
    }
}

/// Takes a reading in; `None` of a wild one.
fn update(reading: &Reading, belief: &Gaussian<9>) -> Result<Option<Gaussian<9>>, UpdateError> {
    fn taken<const M: usize>(outcome: Outcome<9, M>) -> Option<Gaussian<9>> {
        outcome.updated().map(|update| update.belief)
    }
    let gate = Some(GATE);
    Ok(match reading {
        Reading::Polar1(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar2(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar3(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Polar4(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::Position(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
        Reading::PositionVelocity(o) => taken(ekf::update(&o.model, belief, &o.measured, gate)?),
    })
}

/// The last look that is far from the coast extended back; nearer ones may be wild plots or the end of a lock-on.
fn last_under_thrust(before: &[Look], fitted: &Fitted, arc: &Arc, context: &Context<'_>) -> usize {
    let body = fitted.body.clone();
    let values = &fitted.solution.values;
    let back = Arc::new(
        &context.forces,
        &body,
        fitted.reference,
        &values.dynamic,
        before[0].time,
        fitted.reference,
    );
    let back = back.as_ref().unwrap_or(arc);
    let problem = fitted.problem(before, context);
    let is_far = |look: &Look| {
        let prediction = problem.predict(back, values, look);
        look.items.iter().any(|item| {
            let predicted = prediction.value(item.channel) + problem.bias(values, look, item.channel);
            item.channel.difference(item.value, predicted).abs() > THRUST_SIGMAS * item.sigma
        })
    };
    before.iter().rposition(is_far).unwrap_or(before.len() - 1)
}

/// When thrust ended: between the last plot off the coast and the first on it, where the last thrust would have reached
/// the speed of the coast. Anywhere in between is nearly as likely, and the standard deviation says so.
fn burnout(beliefs: &[(Time, Gaussian<9>)], thrusting: usize, arc: &Arc) -> (Time, f64) {
    let ((last, belief), (coast, _)) = (&beliefs[thrusting], &beliefs[thrusting + 1]);
    let gap_s = *coast - *last;
    let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
    let along_mps2 = belief.mean.fixed_rows::<3>(6).dot(&velocity) / velocity.norm().max(1.0);
    let mut after_s = gap_s / 2.0;
    if along_mps2 > 5.0 {
        for _ in 0..20 {
            let speed_mps = arc.state(*last + after_s).fixed_rows::<3>(3).norm();
            after_s = ((speed_mps - velocity.norm()) / along_mps2).clamp(0.0, gap_s);
        }
    }
    (*last + after_s, gap_s / 12.0_f64.sqrt())
}
