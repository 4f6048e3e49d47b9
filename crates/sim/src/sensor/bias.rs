//! Constant and slowly wandering errors of one station, drawn once for a run.

use std::sync::Arc;

use geo::Time;
use geo::math::exp;

use super::{Drift, Station};
use crate::Chance;

/// The constant errors that a station had in a run, measured minus true; stated minus true for the time. Those of a
/// moving station are about itself, not about its reference point; drift comes on top.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasTruth {
    /// Name of the station.
    pub station: Arc<str>,
    /// Of range.
    pub range_m: f64,
    /// Of azimuth, on the azimuth circle.
    pub azimuth_rad: f64,
    /// Of elevation.
    pub elevation_rad: f64,
    /// Of range rate.
    pub range_rate_mps: f64,
    /// Of its clock.
    pub time_s: f64,
}

/// Nodes of the wander in one correlation time; between them it runs straight.
const NODES_PER_CORRELATION: f64 = 16.0;

/// The errors of one station over one run: constants and wander.
#[derive(Clone, Debug)]
pub(super) struct Errors {
    pub(super) constant: BiasTruth,
    from: Time,
    step_s: f64,
    /// Wander at the nodes; none without drift.
    nodes: Vec<[f64; 5]>,
}

/// Errors of range, azimuth, elevation, range rate and time.
pub(super) type Offsets = [f64; 5];

impl Errors {
    /// Draws the errors of a station from the prior sigmas of its sensor; what has none has no error.
    pub(super) fn draw(station: &Station, span: (Time, Time), seed: u64) -> Self {
        let sensor = &station.sensor;
        let prior = &sensor.bias_sigmas;
        let sigmas = [
            prior.range_m,
            prior.azimuth_rad,
            prior.elevation_rad,
            prior.range_rate_mps,
            sensor.time_bias_sigma_s,
        ]
        .map(|sigma| sigma.unwrap_or(0.0));
        let mut chance = Chance::new(seed, &[&sensor.name, "bias"]);
        let [range_m, azimuth_rad, elevation_rad, range_rate_mps, time_s] = sigmas.map(|s| s * chance.normal());
        let constant = BiasTruth {
            station: sensor.name.clone(),
            range_m,
            azimuth_rad,
            elevation_rad,
            range_rate_mps,
            time_s,
        };
        let mut errors = Self {
            constant,
            from: span.0,
            step_s: 1.0,
            nodes: Vec::new(),
        };
        if let Some(drift) = station.drift {
            errors.wander(&drift, &sigmas, span, &mut Chance::new(seed, &[&sensor.name, "drift"]));
        }
        errors
    }

    /// Source: Gelb, Applied optimal estimation (1974), section 4.5: `x' = ρ x + √(1 - ρ²) σ w`, `ρ = e^(-step/τ)`.
    fn wander(&mut self, drift: &Drift, sigmas: &Offsets, span: (Time, Time), chance: &mut Chance) {
        self.step_s = drift.correlation_s / NODES_PER_CORRELATION;
        let kept = exp(-1.0 / NODES_PER_CORRELATION);
        let fresh = (1.0 - kept * kept).sqrt();
        let mut node = sigmas.map(|sigma| drift.share * sigma * chance.normal());
        let mut at_s = 0.0;
        let end_s = span.1 - span.0 + self.step_s;
        while at_s <= end_s {
            self.nodes.push(node);
            for (value, sigma) in node.iter_mut().zip(sigmas) {
                *value = kept * *value + fresh * drift.share * sigma * chance.normal();
            }
            at_s += self.step_s;
        }
    }

    /// The errors at an instant.
    pub(super) fn at(&self, time: Time) -> Offsets {
        let constant = &self.constant;
        let mut offsets = [
            constant.range_m,
            constant.azimuth_rad,
            constant.elevation_rad,
            constant.range_rate_mps,
            constant.time_s,
        ];
        if self.nodes.len() < 2 {
            return offsets;
        }
        let steps = ((time - self.from) / self.step_s).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the nodes"
        )]
        let index = (steps as usize).min(self.nodes.len() - 2);
        let share = (steps - index as f64).min(1.0);
        let (a, b) = (&self.nodes[index], &self.nodes[index + 1]);
        for (channel, offset) in offsets.iter_mut().enumerate() {
            *offset += a[channel] + (b[channel] - a[channel]) * share;
        }
        offsets
    }
}
