//! Sigma-point filtering for additive noise: the unscented and the cubature filter differ in one [`Rule`] alone.

use nalgebra::{SMatrix, SVector};

use super::{Outcome, Prediction, Update, UpdateError, finite_belief, finite_measurement, gain, outside};
use crate::belief::{Gaussian, cholesky, symmetrised};
use crate::motion::MotionModel;
use crate::sensor::SensorModel;

/// One centre point and `2N` points on the axes of the covariance's Cholesky factor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Rule {
    /// Distance of the outer points, in sigmas.
    pub distance: f64,
    /// Weight of the centre in means.
    pub centre_mean: f64,
    /// Weight of the centre in covariances.
    pub centre_covariance: f64,
    /// Weight of each outer point.
    pub outer: f64,
}

/// The centre and the pairs of outer points, as states or as what a model makes of them (D).
struct Cloud<const N: usize, const D: usize> {
    centre: SVector<f64, D>,
    outer: [[SVector<f64, D>; 2]; N],
}

impl<const N: usize> Cloud<N, N> {
    /// The points of a belief. Errors: [`UpdateError::NotPositiveDefinite`].
    fn of(belief: &Gaussian<N>, rule: &Rule) -> Result<Self, UpdateError> {
        let lower = cholesky(&belief.covariance)?.l();
        Ok(Self {
            centre: belief.mean,
            outer: std::array::from_fn(|axis| {
                let step = lower.column(axis) * rule.distance;
                [belief.mean + step, belief.mean - step]
            }),
        })
    }
}

impl<const N: usize, const D: usize> Cloud<N, D> {
    fn map<const E: usize>(&self, f: impl Fn(&SVector<f64, D>) -> SVector<f64, E>) -> Cloud<N, E> {
        Cloud {
            centre: f(&self.centre),
            outer: std::array::from_fn(|axis| [f(&self.outer[axis][0]), f(&self.outer[axis][1])]),
        }
    }

    /// The weighted mean of points that are differences from something near, so that no large numbers cancel.
    fn mean(&self, rule: &Rule) -> SVector<f64, D> {
        let outer = self.outer.iter().fold(SVector::zeros(), |sum, [a, b]| sum + (a + b));
        self.centre * rule.centre_mean + outer * rule.outer
    }

    /// The weighted sum of products of points with those of another cloud.
    fn product<const E: usize>(&self, other: &Cloud<N, E>, rule: &Rule) -> SMatrix<f64, D, E> {
        let mut sum = SMatrix::<f64, D, E>::zeros();
        for ([a, b], [c, d]) in self.outer.iter().zip(&other.outer) {
            sum += a * c.transpose() + b * d.transpose();
        }
        sum * rule.outer + self.centre * other.centre.transpose() * rule.centre_covariance
    }
}

/// Moves a belief through a motion model. Errors: [`UpdateError`].
pub(super) fn predict<const N: usize>(
    model: &impl MotionModel<N>,
    belief: &Gaussian<N>,
    dt_s: f64,
    rule: &Rule,
) -> Result<Prediction<N>, UpdateError> {
    let points = Cloud::of(belief, rule)?;
    let moved_mean = model.propagate(&belief.mean, dt_s);
    let offsets = points.map(|point| model.propagate(point, dt_s) - moved_mean);
    let offset = offsets.mean(rule);
    let later = offsets.map(|point| point - offset);
    let earlier = points.map(|point| point - belief.mean);
    let noise = model.transition(&belief.mean, dt_s).noise;
    let moved = Gaussian {
        mean: moved_mean + offset,
        covariance: symmetrised(&(later.product(&later, rule) + noise)),
    };
    finite_belief(&moved)?;
    Ok(Prediction {
        belief: moved,
        cross: earlier.product(&later, rule),
    })
}

/// Takes a measurement into a belief. Errors: [`UpdateError`].
///
/// With outer deviations `x` of the state and `z` of the measurement the new covariance is
/// `Σ w (x - K z)(x - K z)' + K R K'`: equal to `P - K S K'`, and positive-definite by its form while no weight is
/// negative. The mean of the measurements is taken through the sensor's residual, so angles may lie on both sides of
/// their wrap.
pub(super) fn update<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
    rule: &Rule,
) -> Result<Outcome<N, M>, UpdateError> {
    finite_measurement(measured)?;
    // The derivative is not used, but where there is none a component means nothing.
    let (central, _) = sensor.linearize(&belief.mean)?;
    let points = Cloud::of(belief, rule)?;
    let offsets = points.map(|point| sensor.residual(&sensor.predict(point), &central));
    let offset = offsets.mean(rule);
    let measurements = offsets.map(|point| point - offset);
    let states = points.map(|point| point - belief.mean);
    let noise = sensor.noise();
    let covariance = symmetrised(&(measurements.product(&measurements, rule) + noise));
    let innovation = sensor.residual(measured, &(central + offset));
    let step = gain(innovation, covariance, &states.product(&measurements, rule))?;
    if let Some(gate) = outside(&step.innovation, gate) {
        return Ok(Outcome::Gated {
            innovation: step.innovation,
            gate,
        });
    }
    let left = Cloud::<N, N> {
        centre: states.centre - step.gain * measurements.centre,
        outer: std::array::from_fn(|axis| {
            std::array::from_fn(|side| states.outer[axis][side] - step.gain * measurements.outer[axis][side])
        }),
    };
    let later = Gaussian {
        mean: belief.mean + step.gain * step.innovation.value,
        covariance: symmetrised(&(left.product(&left, rule) + step.gain * noise * step.gain.transpose())),
    };
    finite_belief(&later)?;
    Ok(Outcome::Updated(Update {
        belief: later,
        innovation: step.innovation,
    }))
}
