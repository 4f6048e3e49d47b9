//! What the errors of the sensors do to the smoothed boost: they and the coast it joins err together.
//!
//! Given the sensors' errors, the coast's state has a conditional covariance and plots scatter by noise alone: that is
//! what the smoother is told. Each column of the Cholesky factor of the errors then moves both, and what that does to
//! the smoothed states is added (law of total covariance).

use geo::Time;
use geo::math::exp;
use nalgebra::{DMatrix, Matrix6, Vector6};

use super::consider::Uncertainty;
use super::fit::{Context, Fitted};
use super::look::{Channel, Look};
use super::parameter::{DRIFT_TIME_MIN_S, bias_sigma};
use crate::sensor::Bias;

/// What a smoothing of the boost takes for known.
pub(super) struct Known {
    /// What each sensor adds, by its index in the caller's list.
    pub biases: Vec<Bias>,
    /// How far the coast's state is moved, `[position 3, velocity 3]`, ECEF.
    pub moved: Vector6<f64>,
}

/// The errors of the sensors of a boost.
pub(super) struct SensorErrors {
    /// The most probable.
    pub best: Known,
    /// Covariance (6×6) of the coast's state where these are known.
    pub state_covariance: Matrix6<f64>,
    /// The most probable moved by one standard deviation each, independent of each other.
    pub moved: Vec<Known>,
}

/// One error of a sensor, as the fit knows it.
struct Error {
    sensor: usize,
    /// `None`: of the clock.
    channel: Option<Channel>,
    /// Where it stands in the normal equations: the sum of these.
    columns: Vec<usize>,
    /// Variance that the fit does not know of.
    more: f64,
}

/// Finds the errors of all sensors that saw a boost.
pub(super) fn of_boost(
    before: &[Look],
    fitted: &Fitted,
    uncertainty: &Uncertainty,
    context: &Context<'_>,
) -> SensorErrors {
    let errors = listed(before, fitted, context);
    let columns = fitted.problem(before, context).dynamic_columns();
    let n = errors.len();
    let joint = DMatrix::from_fn(n + 6, n + 6, |i, j| match (i.checked_sub(n), j.checked_sub(n)) {
        (Some(a), Some(b)) => uncertainty.dynamic[(a, b)],
        (Some(a), None) => sum(uncertainty, &[columns[a]], &errors[j].columns),
        (None, Some(b)) => sum(uncertainty, &errors[i].columns, &[columns[b]]),
        (None, None) => {
            let more = if i == j { errors[i].more } else { 0.0 };
            sum(uncertainty, &errors[i].columns, &errors[j].columns) + more
        }
    });
    let values = &fitted.solution.values.sensor;
    let best: Vec<f64> = errors
        .iter()
        .map(|error| error.columns.iter().map(|c| values[*c]).sum())
        .collect();
    let known = |values: &[f64], moved: Vector6<f64>| Known {
        biases: biases(&errors, values, context.sensors.as_slice().len()),
        moved,
    };
    // Rounding only can spoil the factor; the coast then stands as it is.
    let Some(factor) = joint.cholesky().map(|cholesky| cholesky.l()) else {
        return SensorErrors {
            best: known(&best, Vector6::zeros()),
            state_covariance: uncertainty.dynamic.fixed_view::<6, 6>(0, 0).into(),
            moved: Vec::new(),
        };
    };
    let moved = (0..n).map(|column| {
        let values: Vec<f64> = best
            .iter()
            .enumerate()
            .map(|(i, value)| value + factor[(i, column)])
            .collect();
        known(&values, factor.fixed_view::<6, 1>(n, column).into())
    });
    let left: Matrix6<f64> = factor.fixed_view::<6, 6>(n, n).into();
    SensorErrors {
        moved: moved.collect(),
        best: known(&best, Vector6::zeros()),
        state_covariance: left * left.transpose(),
    }
}

/// The errors of the sensors of some looks before the span of a fit.
fn listed(before: &[Look], fitted: &Fitted, context: &Context<'_>) -> Vec<Error> {
    let mut errors = Vec::new();
    let Some(first) = before.first() else { return errors };

    for (index, sensor) in context.sensors.as_slice().iter().enumerate() {
        let own = || before.iter().filter(|look| look.sensor == index);
        for channel in Channel::ALL {
            let Some(item) = own().find_map(|look| look.item(channel)) else {
                continue;
            };
            let drift = context.options.drift_per_sigma * channel.of_sigmas(&sensor.sigmas).unwrap_or(item.sigma);
            let of = fitted.unknowns.of_channel(index, channel);
            let more = match of.bias {
                Some(_) => drift * drift * (1.0 - correlation(first.time, fitted).powi(2)),
                None => drift * drift + bias_sigma(sensor, channel, item.sigma).powi(2),
            };
            errors.push(Error {
                sensor: index,
                channel: Some(channel),
                columns: of.bias.into_iter().chain(of.first_node).collect(),
                more,
            });
        }
        let clock = fitted.unknowns.clock(index);
        let stated_s = sensor.time_bias_sigma_s.filter(|_| clock.is_none());
        if own().next().is_some() && (clock.is_some() || stated_s.is_some()) {
            errors.push(Error {
                sensor: index,
                channel: None,
                columns: clock.into_iter().collect(),
                more: stated_s.map_or(0.0, |sigma_s| sigma_s * sigma_s),
            });
        }
    }
    errors
}

/// How far a drift at a time before the span is that of the span's begin.
fn correlation(time: Time, fitted: &Fitted) -> f64 {
    exp(-(fitted.reference - time).max(0.0) / fitted.unknowns.span_s().max(DRIFT_TIME_MIN_S))
}

/// Covariance of the sums of some estimated parameters.
fn sum(uncertainty: &Uncertainty, rows: &[usize], columns: &[usize]) -> f64 {
    let of = |row: &usize| {
        columns
            .iter()
            .map(|column| uncertainty.estimated[(*row, *column)])
            .sum::<f64>()
    };
    rows.iter().map(of).sum()
}

fn biases(errors: &[Error], values: &[f64], sensors: usize) -> Vec<Bias> {
    let mut biases = vec![Bias::default(); sensors];
    for (error, value) in errors.iter().zip(values) {
        let bias = &mut biases[error.sensor];
        match error.channel {
            None => bias.time_s = *value,
            Some(Channel::Range) => bias.range_m = *value,
            Some(Channel::Azimuth) => bias.azimuth_rad = *value,
            Some(Channel::Elevation) => bias.elevation_rad = *value,
            Some(Channel::RangeRate) => bias.range_rate_mps = *value,
            // A stated position is smoothed as it is.
            Some(Channel::East | Channel::North | Channel::Up) => {}
        }
    }
    biases
}
