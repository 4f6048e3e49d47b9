//! Whether a sensor's clock looks wrong although its owner did not say that it may be.
//!
//! For each clock that is only considered: where one Gauss-Newton step would put it if it alone were estimated besides
//! all that is (the Schur complement of the normal equations).

use nalgebra::DVector;

use super::fit::{Context, Fitted};
use super::look::Look;
use super::solve::inverse;

/// A clock error smaller than this is not worth a word: radars are kept to milliseconds.
const WORTH_A_WORD_S: f64 = 0.02;
/// So many standard deviations are no chance.
const SIGMAS: f64 = 4.0;

/// A clock that looks wrong.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Suspect {
    /// Index of the sensor.
    pub sensor: usize,
    /// How far it is ahead.
    pub ahead_s: f64,
    /// Standard deviation of that.
    pub sigma_s: f64,
}

/// The clock that most plainly looks wrong, if one does; one sensor alone cannot tell.
pub(crate) fn suspect(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Option<Suspect> {
    let looks = &looks[fitted.span.clone()];
    if looks.iter().all(|look| look.sensor == looks[0].sensor) {
        return None;
    }
    let (problem, values) = (fitted.problem(looks, context), &fitted.solution.values);
    let (arc, columns) = (&fitted.solution.arc, problem.dynamic_columns());
    // At the final noise: that of the solution is of the round before.
    let linear = problem.linearise(arc, values, &columns);
    let covariance = inverse(&linear.normal)?;
    let mut clocks: Vec<Option<Clock>> = vec![None; context.sensors.as_slice().len()];
    for residual in linear.residuals.iter().filter(|r| r.weight > 0.0) {
        let look = &looks[residual.look];
        if fitted.unknowns.clock(look.sensor).is_some() {
            continue;
        }
        let prediction = problem.predict(arc, values, look);
        let slope = -prediction.rate(residual.channel);
        let sigma = residual.sigma * fitted.noise[look.sensor][residual.channel.index()].factor();
        let information = residual.weight / (sigma * sigma) * slope;
        let clock = clocks[look.sensor].get_or_insert_with(|| Clock {
            information: 0.0,
            gradient: 0.0,
            pull: DVector::zeros(linear.gradient.len()),
        });
        clock.information += information * slope;
        clock.gradient += information * residual.value;
        for (column, by) in problem.row(look, residual.channel, &prediction).entries(&columns) {
            clock.pull[column] += information * by;
        }
    }
    let suspects = clocks.iter().enumerate().filter_map(|(sensor, clock)| {
        let clock = clock.as_ref()?;
        let through = &covariance * &clock.pull;
        let information = clock.information - clock.pull.dot(&through);
        (information > 0.0).then(|| Suspect {
            sensor,
            ahead_s: (clock.gradient - linear.gradient.dot(&through)) / information,
            sigma_s: 1.0 / information.sqrt(),
        })
    });
    suspects
        .filter(|s| s.ahead_s.abs() > WORTH_A_WORD_S && s.ahead_s.abs() > SIGMAS * s.sigma_s)
        .max_by(|a, b| (a.ahead_s / a.sigma_s).abs().total_cmp(&(b.ahead_s / b.sigma_s).abs()))
}

/// The row and column of the normal equations that a clock would add.
#[derive(Clone)]
struct Clock {
    information: f64,
    gradient: f64,
    /// How it goes together with what is estimated.
    pull: DVector<f64>,
}
