//! The run of one flight: steps from break to break, and the events within each step.

use geo::{Ecef, Inertial, State, Time};
use nalgebra::{SMatrix, SVector, Vector3};

use super::event::{Event, EventKind, Sample, Watch, zero};
use super::path::{Partials, Path};
use super::step::{Step, Tolerance, first_span_s, growth};
use super::{Options, PropagateError};
use crate::forces::{Body, Dynamics, Forces, Slopes};
use crate::rotation::Orientation;

/// Each step is looked at in so many places for a change of sign.
const LOOKS: usize = 8;
/// Events are found to this.
const EVENT_TOLERANCE_S: f64 = 1e-7;
/// A step is never shorter than this while the tolerance is not met.
const SPAN_MIN_S: f64 = 1e-9;

/// The equations of motion (`N` = 6), with variational equations (`N` = 90).
fn slope<const N: usize>(dynamics: &Dynamics, after_start_s: f64, solution: &SVector<f64, N>) -> SVector<f64, N> {
    let position_m: Vector3<f64> = solution.fixed_rows::<3>(0).into();
    let velocity_mps: Vector3<f64> = solution.fixed_rows::<3>(3).into();
    let mut slope = SVector::<f64, N>::zeros();
    slope.fixed_rows_mut::<3>(0).copy_from(&velocity_mps);
    if N == 6 {
        let acceleration = dynamics.acceleration(after_start_s, &position_m, &velocity_mps, None);
        slope.fixed_rows_mut::<3>(3).copy_from(&acceleration);
        return slope;
    }
    let mut slopes = Slopes::zeros();
    let acceleration = dynamics.acceleration(after_start_s, &position_m, &velocity_mps, Some(&mut slopes));
    slope.fixed_rows_mut::<3>(3).copy_from(&acceleration);
    let columns = SMatrix::<f64, 6, 14>::from_column_slice(&solution.as_slice()[6..]);
    let (positions, velocities) = (columns.fixed_rows::<3>(0), columns.fixed_rows::<3>(3));
    let mut bends = slopes.by_position * positions + slopes.by_velocity * velocities;
    for column in 0..8 {
        let own = bends.column(6 + column) + slopes.by_parameter.column(column);
        bends.set_column(6 + column, &own);
    }
    let mut columns_slope = Partials::zeros();
    columns_slope.fixed_rows_mut::<3>(0).copy_from(&velocities);
    columns_slope.fixed_rows_mut::<3>(3).copy_from(&bends);
    slope.as_mut_slice()[6..].copy_from_slice(columns_slope.as_slice());
    slope
}

/// Computes a flight; see [`super::propagate`].
pub(super) fn fly<const N: usize>(
    forces: &Forces,
    body: &Body,
    start: Time,
    state: State<Ecef>,
    end: Time,
    options: &Options,
) -> Result<Path<N>, PropagateError> {
    check(body, &state, options)?;
    let orientation = Orientation::new(&forces.rotation, start, end);
    let dynamics = Dynamics::new(forces, body, &orientation);
    let begin = begin::<N>(&orientation, &state);
    let mut path = Path {
        orientation: orientation.clone(),
        begin,
        steps: Vec::new(),
        end_s: 0.0,
        end: start,
        events: Vec::new(),
    };
    let watches = Watch::list(options);
    let mut attempts_left = options.steps_max;
    let mut solution = begin;
    let mut span_s = None;
    for stop in stops(body, start, end) {
        let leg = Leg {
            dynamics: &dynamics,
            options,
            until_s: stop - start,
        };
        let landed = leg.fly(&mut path, &mut solution, &mut span_s, &mut attempts_left, &watches)?;
        if landed {
            break;
        }
        path.end = stop;
        span_s = None;
    }
    if path.start() > path.end {
        path.events.reverse();
    }
    Ok(path)
}

/// Refuses what cannot be integrated.
fn check(body: &Body, state: &State<Ecef>, options: &Options) -> Result<(), PropagateError> {
    let empirical = &body.empirical;
    let fine = state.position.is_finite()
        && state.velocity.is_finite()
        && body.drag_m2pkg.is_finite()
        && body.radiation_m2pkg.is_finite()
        && empirical.acceleration_mps2.iter().all(|x| x.is_finite())
        && empirical.rate_mps3.iter().all(|x| x.is_finite())
        && [options.position_tolerance_m, options.velocity_tolerance_mps]
            .iter()
            .all(|x| x.is_finite() && *x > 0.0);
    if fine { Ok(()) } else { Err(PropagateError::BadInput) }
}

/// The start in the inertial frame; partials begin as the slope of the change of frame.
fn begin<const N: usize>(orientation: &Orientation, state: &State<Ecef>) -> SVector<f64, N> {
    let turn = orientation.at(0.0);
    let mut begin = SVector::<f64, N>::zeros();
    begin
        .fixed_rows_mut::<6>(0)
        .copy_from(&turn.to_inertial(state).to_vector());
    if N > 6 {
        let slope = turn.inertial_by_ecef();
        begin.as_mut_slice()[6..42].copy_from_slice(slope.as_slice());
    }
    begin
}

/// The instants to stop at between start and end: breaks of the thrust, then the end.
fn stops(body: &Body, start: Time, end: Time) -> Vec<Time> {
    let (first, last) = (start.min(end), start.max(end));
    let mut stops: Vec<Time> = body.thrust.iter().flat_map(|thrust| thrust.breaks()).collect();
    stops.retain(|t| *t > first && *t < last);
    if end < start {
        stops.reverse();
    }
    stops.push(end);
    stops
}

/// A stretch without breaks.
struct Leg<'a> {
    dynamics: &'a Dynamics<'a>,
    options: &'a Options,
    until_s: f64,
}

impl Leg<'_> {
    /// Adds the steps of the leg and their events; returns whether the flight ended at the ground.
    fn fly<const N: usize>(
        &self,
        path: &mut Path<N>,
        solution: &mut SVector<f64, N>,
        span_s: &mut Option<f64>,
        attempts_left: &mut usize,
        watches: &[Watch],
    ) -> Result<bool, PropagateError> {
        let tolerance = Tolerance {
            position_m: self.options.position_tolerance_m,
            velocity_mps: self.options.velocity_tolerance_mps,
        };
        let slope = |after_start_s: f64, solution: &SVector<f64, N>| slope(self.dynamics, after_start_s, solution);
        let mut refused = false;
        while path.end_s != self.until_s {
            let from_s = path.end_s;
            let left_s = self.until_s - from_s;
            let wanted_s = span_s.unwrap_or_else(|| first_span_s(slope, from_s, solution, left_s, tolerance));
            let last = wanted_s.abs() * 1.01 >= left_s.abs();
            let tried_s = if last { left_s } else { wanted_s };
            if *attempts_left == 0 {
                return Err(PropagateError::TooManySteps {
                    time: path.start() + from_s,
                    steps: self.options.steps_max,
                });
            }
            *attempts_left -= 1;
            // A stage that strays into nonsense is refused like any error, until the step is as short as it may be.
            let step = match Step::attempt(slope, from_s, solution, tried_s, tolerance) {
                Ok(step) => step,
                Err(error) => {
                    let shorter_s = tried_s * if error.is_nan() { 0.2 } else { growth(error) };
                    if shorter_s.abs() < SPAN_MIN_S {
                        return Err(collapse(path.start() + from_s, shorter_s, error));
                    }
                    *span_s = Some(shorter_s);
                    refused = true;
                    continue;
                }
            };
            let growth = growth(step.error);
            *span_s = Some(tried_s * if refused { growth.min(1.0) } else { growth });
            refused = false;
            *solution = step.end;
            path.end_s = if last { self.until_s } else { step.until_s() };
            let landed_s = watch(path, &step, watches, self.options.stop_at_ground);
            path.steps.push(step);
            if let Some(landed_s) = landed_s {
                path.end_s = landed_s;
                path.end = path.start() + landed_s;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn collapse(time: Time, span_s: f64, error: f64) -> PropagateError {
    if error.is_nan() {
        PropagateError::NotFinite { time }
    } else {
        PropagateError::StepCollapsed { time, span_s }
    }
}

/// Adds the events of a step; returns when the flight meets the ground, if it is to stop there.
fn watch<const N: usize>(path: &mut Path<N>, step: &Step<N>, watches: &[Watch], stop_at_ground: bool) -> Option<f64> {
    let orientation = &path.orientation;
    let state_at = |share: f64| {
        let inertial = State::<Inertial>::from_vector(&step.at_share::<6>(share));
        orientation.at(step.from_s + share * step.span_s).to_ecef(&inertial)
    };
    let samples: [Sample; LOOKS + 1] = std::array::from_fn(|i| Sample::of(&state_at(i as f64 / LOOKS as f64)));
    let mut found: Vec<(f64, Watch, bool)> = Vec::new();
    for watched in watches {
        for (i, pair) in samples.windows(2).enumerate() {
            let (before, after) = (watched.value(&pair[0]), watched.value(&pair[1]));
            let changes = (before < 0.0 && after >= 0.0) || (before > 0.0 && after <= 0.0);
            if changes {
                let (low, high) = (i as f64 / LOOKS as f64, (i + 1) as f64 / LOOKS as f64);
                let tolerance = EVENT_TOLERANCE_S / step.span_s.abs();
                let share = zero(low, high, tolerance, |s| watched.value(&Sample::of(&state_at(s))));
                found.push((share, *watched, (after > before) == (step.span_s > 0.0)));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let start = path.start();
    for (share, watched, grows) in found {
        let after_s = step.from_s + share * step.span_s;
        let kind = watched.kind(grows);
        let event = Event {
            time: start + after_s,
            kind,
            state: state_at(share),
        };
        path.events.push(event);
        let ends = match kind {
            EventKind::MeetsGround => step.span_s > 0.0,
            EventKind::LeavesGround => step.span_s < 0.0,
            _ => false,
        };
        if stop_at_ground && ends {
            return Some(after_s);
        }
    }
    None
}
