//! What is unknown: the parameters of the fit, their priors, and which of them are only considered.
//!
//! A parameter is *estimated* (it moves, and the plots tell about it) or *considered* (it stays at its prior mean, but
//! what it could be is carried into the covariance: Tapley, Schutz and Born, Statistical orbit determination, 2004,
//! section 6). Each channel's constant error is estimated under its prior, and so is its slow drift, a Gauss-Markov
//! process in a few nodes: it looks like motion of the object, residuals cannot show it, and it is why the fit of one
//! real radar misses by more than its noise. A clock's offset is estimated where the owner states how large it may be
//! and another sensor can tell, else considered.

use geo::Time;
use geo::math::exp;
use nalgebra::DMatrix;
use plot::{Sensor, Sensors};

use super::look::{Channel, Look};

/// Columns of the partials that concern the object: state, then what acts on it. The layout is that of
/// `flight::SensitiveTrajectory`: `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, drag_m2pkg, radiation_m2pkg, ax_mps2,
/// ay_mps2, az_mps2, jx_mps3, jy_mps3, jz_mps3]`.
pub(crate) const DYNAMIC: usize = 14;
/// Column of the inverse ballistic coefficient.
pub(crate) const DRAG: usize = 6;
/// First column of the unknown acceleration.
pub(crate) const ACCELERATION: usize = 8;
/// First column of the rate of the unknown acceleration.
pub(crate) const ACCELERATION_RATE: usize = 11;

/// One unknown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// A column of the partials of the object.
    Dynamic(usize),
    /// Constant error of a channel of a sensor, added to the true value.
    Bias(usize, Channel),
    /// What a sensor's clock is ahead.
    Clock(usize),
    /// Slow error of a channel of a sensor at one of the [`NODES`] of the span, on top of its constant error.
    Drift(usize, Channel, usize),
}

/// An unknown with what is known of it beforehand: its standard deviation around the starting value.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Unknown {
    pub parameter: Parameter,
    /// Infinite where nothing is known.
    pub sigma: f64,
}

/// The unknowns of one fit.
#[derive(Clone, Debug)]
pub(crate) struct Unknowns {
    pub estimated: Vec<Unknown>,
    pub considered: Vec<Unknown>,
    /// What is known of the estimated ones beforehand: inverse of their covariance around the starting values.
    pub precision: DMatrix<f64>,
    /// Where in the normal equations the sensors' parameters stand, see [`Unknowns::of_channel`].
    by_channel: Vec<[ChannelColumns; Channel::ALL.len()]>,
    clocks: Vec<Option<usize>>,
    begin: Time,
    span_s: f64,
}

/// Columns of one channel of one sensor; the nodes of a drift follow each other.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct ChannelColumns {
    pub bias: Option<usize>,
    pub first_node: Option<usize>,
}

impl Unknowns {
    /// Lists the unknowns with their places, for looks between two times.
    fn new(estimated: Vec<Unknown>, considered: Vec<Unknown>, begin: Time, end: Time, sensors: usize) -> Self {
        let span_s = (end - begin).max(1.0);
        let mut by_channel = vec![[ChannelColumns::default(); Channel::ALL.len()]; sensors];
        let mut clocks = vec![None; sensors];
        for (column, unknown) in estimated.iter().enumerate() {
            match unknown.parameter {
                Parameter::Bias(sensor, channel) => by_channel[sensor][channel.index()].bias = Some(column),
                Parameter::Drift(sensor, channel, 0) => by_channel[sensor][channel.index()].first_node = Some(column),
                Parameter::Clock(sensor) => clocks[sensor] = Some(column),
                Parameter::Drift(..) | Parameter::Dynamic(_) => {}
            }
        }
        let precision = precision(&estimated, span_s);
        Self {
            estimated,
            considered,
            precision,
            by_channel,
            clocks,
            begin,
            span_s,
        }
    }

    /// The place of an estimated parameter in the normal equations.
    pub fn column(&self, parameter: Parameter) -> Option<usize> {
        self.estimated.iter().position(|unknown| unknown.parameter == parameter)
    }

    /// The columns of a channel of a sensor.
    pub fn of_channel(&self, sensor: usize, channel: Channel) -> ChannelColumns {
        self.by_channel[sensor][channel.index()]
    }

    /// The column of a sensor's clock.
    pub fn clock(&self, sensor: usize) -> Option<usize> {
        self.clocks[sensor]
    }

    /// How long the looks last: the time over which drifts change.
    pub fn span_s(&self) -> f64 {
        self.span_s
    }

    /// The node of a drift at or before a time, and how far the time is towards the next.
    pub fn node(&self, time: Time) -> (usize, f64) {
        let at = ((time - self.begin) / self.span_s).clamp(0.0, 1.0) * (NODES - 1) as f64;
        let node = (at.floor() as usize).min(NODES - 2);
        (node, at - node as f64)
    }
}

/// Nodes of a drift along the span of a fit.
pub(crate) const NODES: usize = 5;
/// The shortest time over which a drift changes.
pub(crate) const DRIFT_TIME_MIN_S: f64 = 60.0;

/// The inverse covariance of independent parameters and of drifts, which are Gauss-Markov processes as long as the
/// span.
fn precision(estimated: &[Unknown], span_s: f64) -> DMatrix<f64> {
    let mut precision = DMatrix::zeros(estimated.len(), estimated.len());
    // Of a Gauss-Markov chain: tridiagonal, with the correlation of neighbours ρ.
    let rho = exp(-span_s / (NODES - 1) as f64 / span_s.max(DRIFT_TIME_MIN_S));
    for (column, unknown) in estimated.iter().enumerate() {
        let information = 1.0 / (unknown.sigma * unknown.sigma);
        if let Parameter::Drift(_, _, node) = unknown.parameter {
            let scale = information / (1.0 - rho * rho);
            let is_inner = node > 0 && node < NODES - 1;
            precision[(column, column)] = scale * if is_inner { 1.0 + rho * rho } else { 1.0 };
            if node > 0 {
                precision[(column, column - 1)] = -rho * scale;
                precision[(column - 1, column)] = -rho * scale;
            }
        } else {
            precision[(column, column)] = information;
        }
    }
    precision
}

/// How large a constant error may be, where the owner does not say: this times the stated sigma of single plots.
const BIAS_PER_SIGMA: f64 = 3.0;
/// How far a clock may be off, where the owner does not say.
const CLOCK_SIGMA_S: f64 = 2e-3;

/// Prior standard deviation of a channel's constant error.
pub(crate) fn bias_sigma(sensor: &Sensor, channel: Channel, seen_sigma: f64) -> f64 {
    let stated = channel.of_sigmas(&sensor.bias_sigmas);
    stated.unwrap_or(BIAS_PER_SIGMA * channel.of_sigmas(&sensor.sigmas).unwrap_or(seen_sigma))
}

/// Lists all unknowns of a fit of some looks: those of the object as given, then biases, drifts and clocks of the
/// sensors.
pub(crate) fn unknowns(
    mut estimated: Vec<Unknown>,
    mut considered: Vec<Unknown>,
    looks: &[Look],
    sensors: &Sensors,
    drift_per_sigma: f64,
) -> Unknowns {
    let several = looks.iter().any(|look| look.sensor != looks[0].sensor);
    for (index, sensor) in sensors.as_slice().iter().enumerate() {
        let mut is_used = false;
        for channel in Channel::ALL {
            let seen = looks
                .iter()
                .filter(|look| look.sensor == index)
                .find_map(|look| look.item(channel));
            let Some(item) = seen else { continue };
            is_used = true;
            let sigma = bias_sigma(sensor, channel, item.sigma);
            estimated.push(Unknown {
                parameter: Parameter::Bias(index, channel),
                sigma,
            });
            if drift_per_sigma > 0.0 {
                let sigma = drift_per_sigma * channel.of_sigmas(&sensor.sigmas).unwrap_or(item.sigma);
                let node = |node| Unknown {
                    parameter: Parameter::Drift(index, channel, node),
                    sigma,
                };
                estimated.extend((0..NODES).map(node));
            }
        }
        if is_used {
            let clock = Parameter::Clock(index);
            match sensor.time_bias_sigma_s {
                Some(sigma) if several => estimated.push(Unknown {
                    parameter: clock,
                    sigma,
                }),
                stated => considered.push(Unknown {
                    parameter: clock,
                    sigma: stated.unwrap_or(CLOCK_SIGMA_S),
                }),
            }
        }
    }
    Unknowns::new(
        estimated,
        considered,
        looks[0].time,
        looks[looks.len() - 1].time,
        sensors.as_slice().len(),
    )
}
