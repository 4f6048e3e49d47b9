//! When thrust ended: where the speed that the coast has over the smoothed boost has shrunk to nothing.

use geo::Time;
use nalgebra::Vector3;

use super::arc::Arc;
use super::boost::{Beliefs, THRUST_SIGMAS};
use super::fit::{Context, Fitted};
use super::look::{Channel, Look};
use crate::belief::Gaussian;

/// The slope of the speed is taken over at least so long …
const SLOPE_S: f64 = 3.0;
/// … and is that of thrust from here on.
const THRUST_MIN_MPS2: f64 = 5.0;
/// Thrust may grow by so much of itself in as long as it is carried on.
const GROWTH: f64 = 0.15;
/// No smoothing tells it more sharply.
const SIGMA_MIN_S: f64 = 0.1;

/// When thrust ended, with standard deviation.
///
/// The plots just before the end are too near the coast to be told from it, so the lead of the coast's speed over that
/// of the boost is carried on from the last plot that is far from the coast. `beliefs` are the smoothed boost where
/// the sensors' errors are known: those move boost and coast together.
pub(super) fn burnout(
    before: &[Look],
    beliefs: &Beliefs,
    fitted: &Fitted,
    arc: &Arc,
    context: &Context<'_>,
) -> (Time, f64) {
    let values = &fitted.solution.values;
    let back = Arc::new(
        &context.forces,
        &fitted.body,
        fitted.reference,
        &values.dynamic,
        before[0].time,
        fitted.reference,
    );
    let back = back.as_ref().unwrap_or(arc);
    let last = last_under_thrust(before, fitted, back, context);
    let (time, belief) = &beliefs[last];
    let gap_s = fitted.reference - *time;
    let open = (*time + gap_s / 2.0, gap_s / 12.0_f64.sqrt());
    let Some(along) = (lead(back, *time, belief)).try_normalize(1.0) else {
        return open;
    };
    let lead_mps = |(time, belief): &(Time, Gaussian<9>)| {
        let variance = along.dot(&(belief.covariance.fixed_view::<3, 3>(3, 3) * along));
        (lead(back, *time, belief).dot(&along), variance.max(0.0))
    };
    let (ahead_mps, variance) = lead_mps(&beliefs[last]);
    let roughly_s = ahead_mps / belief.mean.fixed_rows::<3>(6).norm().max(THRUST_MIN_MPS2);
    let Some(earlier) = beliefs[..last]
        .iter()
        .rfind(|(t, _)| *time - *t >= roughly_s.max(SLOPE_S))
    else {
        return open;
    };
    let (before_mps, before_variance) = lead_mps(earlier);
    let span_s = *time - earlier.0;
    let thrust_mps2 = (before_mps - ahead_mps) / span_s;
    if thrust_mps2 < THRUST_MIN_MPS2 {
        return open;
    }
    let after_s = ahead_mps / thrust_mps2;
    let slope_variance = (variance + before_variance) / (span_s * span_s);
    let variance_s2 = (variance + after_s * after_s * slope_variance) / (thrust_mps2 * thrust_mps2)
        + (GROWTH * after_s).powi(2)
        + hidden_m(before) / thrust_mps2
        + SIGMA_MIN_S * SIGMA_MIN_S;
    (*time + after_s, variance_s2.sqrt())
}

/// How far the last thrust may move an object unseen: the noise of one plot of the sharpest sensor.
fn hidden_m(before: &[Look]) -> f64 {
    let noise_m = |look: &Look| {
        let range = look.item(Channel::Range)?;
        let (azimuth, elevation) = (look.item(Channel::Azimuth)?, look.item(Channel::Elevation)?);
        Some(range.sigma.max(azimuth.sigma.max(elevation.sigma) * range.value))
    };
    before.iter().filter_map(noise_m).min_by(f64::total_cmp).unwrap_or(0.0)
}

/// By how much the coast, extended back, is faster than a belief.
fn lead(back: &Arc, time: Time, belief: &Gaussian<9>) -> Vector3<f64> {
    back.state(time).fixed_rows::<3>(3) - belief.mean.fixed_rows::<3>(3)
}

/// The last look that is far from the coast extended back; nearer ones may be wild plots or the end of a lock-on.
fn last_under_thrust(before: &[Look], fitted: &Fitted, back: &Arc, context: &Context<'_>) -> usize {
    let values = &fitted.solution.values;
    let problem = fitted.problem(before, context);
    let is_far = |look: &Look| {
        let prediction = problem.predict(back, values, look);
        look.items.iter().any(|item| {
            let predicted = prediction.value(item.channel) + problem.bias(values, look, item.channel);
            item.channel.difference(item.value, predicted).abs() > THRUST_SIGMAS * item.sigma
        })
    };
    let far: Vec<bool> = before.iter().map(is_far).collect();
    let earlier = |index: usize| (0..index).rev().find(|of| before[*of].sensor == before[index].sensor);
    // One alone may be wild.
    let is_sure = |index: &usize| far[*index] && earlier(*index).is_none_or(|of| far[of]);
    (0..before.len()).rev().find(is_sure).unwrap_or(before.len() - 1)
}
