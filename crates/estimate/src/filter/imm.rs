//! The interacting multiple model filter over motion models whose states differ in size.
//!
//! Source: Blom & Bar-Shalom, The interacting multiple model algorithm for systems with Markovian switching
//! coefficients, IEEE Transactions on Automatic Control 33(8) (1988); mixing of unequal states by Granström, Willett &
//! Bar-Shalom, Systematic approach to IMM mixing for unequal dimension states, IEEE Transactions on Aerospace and
//! Electronic Systems 51(4) (2015): what a model does not know is filled in from the belief of the model that is mixed
//! for, so nothing is drawn towards a value that nobody believes.

use std::sync::Arc;

use geo::math::exp;
use nalgebra::{SMatrix, SVector, Vector6};

use super::{Filter, UpdateError};
use crate::belief::{Gaussian, NotPositiveDefinite, symmetrised};
use crate::fusion::intersect_part;
use crate::motion::{Motion, MotionModel, Visitor};
use crate::sensor::Reading;
use crate::with_observation;

const SIZE_MAX: usize = Motion::SIZE_MAX;

/// What is left out of an [`Imm`] as good as ruled out; nothing by default, as the algorithm is published.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct LeftOut {
    /// Modes that are less probable have no part in the belief under all modes: their spread would be all of its
    /// covariance.
    pub probability: f64,
    /// What has less than this share in another mode is not mixed into it: at every plot a little of a wide mode would
    /// come into a narrow one, and add up.
    pub share: f64,
}

/// A belief of `size` components; what lies behind them in the arrays is 0.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct AnyBelief {
    size: usize,
    mean: SVector<f64, SIZE_MAX>,
    covariance: SMatrix<f64, SIZE_MAX, SIZE_MAX>,
}

impl AnyBelief {
    /// Returns the belief if it has `N` components.
    pub fn get<const N: usize>(&self) -> Option<Gaussian<N>> {
        (self.size == N).then(|| self.cut())
    }

    /// Means and variances of position and velocity (6).
    pub fn place_and_velocity(&self) -> (Vector6<f64>, Vector6<f64>) {
        let variances = Vector6::from_fn(|row, _| self.covariance[(row, row)]);
        (self.mean.fixed_rows::<6>(0).into(), variances)
    }

    /// Position and velocity.
    pub fn first_six(&self) -> Gaussian<6> {
        self.cut()
    }

    /// The first `N` components.
    fn cut<const N: usize>(&self) -> Gaussian<N> {
        Gaussian {
            mean: self.mean.fixed_rows::<N>(0).into(),
            covariance: self.covariance.fixed_view::<N, N>(0, 0).into(),
        }
    }
}

impl<const N: usize> From<Gaussian<N>> for AnyBelief {
    fn from(belief: Gaussian<N>) -> Self {
        const { assert!(N <= SIZE_MAX, "no motion model has so many components") };
        let mut sized = Self {
            size: N,
            mean: SVector::zeros(),
            covariance: SMatrix::zeros(),
        };
        sized.mean.fixed_rows_mut::<N>(0).copy_from(&belief.mean);
        sized
            .covariance
            .fixed_view_mut::<N, N>(0, 0)
            .copy_from(&belief.covariance);
        sized
    }
}

/// One hypothesis of how the object moves.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Mode {
    /// The model.
    pub motion: Motion,
    /// The belief if the model holds, in the model's own layout.
    pub belief: AnyBelief,
    /// The probability that it holds.
    pub probability: f64,
}

/// Why modes make no filter.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImmError {
    /// There is no mode.
    #[error("an IMM needs a mode")]
    NoMode,
    /// A belief has another size than the state of its model.
    #[error("mode {mode} has a belief of {size} components for a state of {expected}")]
    Size {
        /// Place of the mode.
        mode: usize,
        /// Components of the belief.
        size: usize,
        /// Components of the state.
        expected: usize,
    },
    /// The rates are not one row per mode, each of one non-negative finite number per mode.
    #[error("the rates of mode {mode} are not {modes} non-negative numbers")]
    Rates {
        /// Row of the offending mode.
        mode: usize,
        /// How many modes there are.
        modes: usize,
    },
    /// Probabilities are not non-negative with a sum of 1.
    #[error("the probabilities add up to {sum} or one is negative")]
    Probabilities {
        /// Their sum.
        sum: f64,
    },
}

/// What came of a plot.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum ImmOutcome {
    /// It was taken into every mode.
    Updated {
        /// Natural logarithm of its density under all modes together.
        log_likelihood: f64,
    },
    /// It lies outside the gate of every mode; nothing changed.
    Gated {
        /// The smallest NIS of all modes.
        nis_min: f64,
        /// The gate.
        gate: f64,
    },
}

/// Several motion models at once, each with its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Imm {
    modes: Vec<Mode>,
    rates_per_s: Arc<[Vec<f64>]>,
    filter: Filter,
    left_out: LeftOut,
}

impl Imm {
    /// Makes a filter. `rates_per_s[i][j]` is the rate at which an object of mode `i` changes to `j`; `[i][i]` is not
    /// read.
    ///
    /// Errors: [`ImmError`].
    pub fn new(modes: Vec<Mode>, rates_per_s: Vec<Vec<f64>>, filter: Filter) -> Result<Self, ImmError> {
        if modes.is_empty() {
            return Err(ImmError::NoMode);
        }
        let sum: f64 = modes.iter().map(|mode| mode.probability).sum();
        if (sum - 1.0).abs() > 1e-9 || sum.is_nan() || modes.iter().any(|mode| mode.probability < 0.0) {
            return Err(ImmError::Probabilities { sum });
        }
        for (index, mode) in modes.iter().enumerate() {
            let (size, expected) = (mode.belief.size, mode.motion.size());
            if size != expected {
                return Err(ImmError::Size {
                    mode: index,
                    size,
                    expected,
                });
            }
        }
        check_rates(&rates_per_s, modes.len())?;
        Ok(Self {
            modes,
            rates_per_s: rates_per_s.into(),
            filter,
            left_out: LeftOut::default(),
        })
    }

    /// The same filter that leaves out what is as good as ruled out.
    pub fn leaving_out(mut self, left_out: LeftOut) -> Self {
        self.left_out = left_out;
        self
    }

    /// The same filter with other rates of change, as [`Imm::new`] takes them. Errors: [`ImmError::Rates`].
    pub fn with_rates(mut self, rates_per_s: Vec<Vec<f64>>) -> Result<Self, ImmError> {
        check_rates(&rates_per_s, self.modes.len())?;
        self.rates_per_s = rates_per_s.into();
        Ok(self)
    }

    /// One filter out of several with the same modes, each as probable as it is weighted; `None` of none, or of filters
    /// whose modes differ. All hold at the same time.
    ///
    /// Means and covariances are those of the mixture, mode by mode. Source: Bar-Shalom, Daum & Huang, The
    /// probabilistic data association filter (2009), equation (38), applied to each mode.
    pub fn merged(parts: &[(f64, Self)]) -> Option<Self> {
        let (_, first) = parts.first()?;
        let count = first.modes.len();
        let is_alike = |imm: &Self| {
            imm.modes.len() == count && imm.modes.iter().zip(&first.modes).all(|(a, b)| a.motion == b.motion)
        };
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        if !parts.iter().all(|(_, imm)| is_alike(imm)) || total.is_nan() || total <= 0.0 {
            return None;
        }
        let mut merged = first.clone();
        for (index, mode) in merged.modes.iter_mut().enumerate() {
            let joint = |(weight, imm): &(f64, Self)| weight * imm.modes[index].probability / total;
            let probability: f64 = parts.iter().map(joint).sum();
            if probability > 0.0 {
                let each = parts
                    .iter()
                    .map(|part| (joint(part) / probability, part.1.modes[index].belief.cut::<SIZE_MAX>()));
                let mixed = mixture(each);
                mode.belief = AnyBelief {
                    size: mode.belief.size,
                    mean: mixed.mean,
                    covariance: mixed.covariance,
                };
            }
            mode.probability = probability;
        }
        Some(merged)
    }

    /// Moves position and velocity (6) of every mode by a known step; covariances stay.
    pub fn shift(&mut self, step: &Vector6<f64>) {
        for mode in &mut self.modes {
            for row in 0..6 {
                mode.belief.mean[row] += step[row];
            }
        }
    }

    /// The modes, in the order they were given.
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// Returns the belief about position and velocity under all modes: the mixture's mean and covariance.
    ///
    /// `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF.
    pub fn belief(&self) -> Gaussian<6> {
        let likely = || {
            self.modes
                .iter()
                .filter(|mode| mode.probability >= self.left_out.probability)
        };
        let sum: f64 = likely().map(|mode| mode.probability).sum();
        mixture(likely().map(|mode| (mode.probability / sum, mode.belief.cut::<6>())))
    }

    /// The mean of [`Imm::belief`] (6).
    pub fn mean(&self) -> Vector6<f64> {
        let likely = || {
            self.modes
                .iter()
                .filter(|mode| mode.probability >= self.left_out.probability)
        };
        let whole: f64 = likely().map(|mode| mode.probability).sum();
        likely().fold(Vector6::zeros(), |sum, mode| {
            sum + mode.belief.mean.fixed_rows::<6>(0) * (mode.probability / whole)
        })
    }

    /// Mixes the modes and moves each by a time span.
    ///
    /// Over the span an object leaves mode `i` with probability `1 - e^(-λ dt)`, `λ` the sum of its rates; two changes
    /// in one span are left out. Errors: [`UpdateError`], and then nothing changed.
    pub fn predict(&mut self, dt_s: f64) -> Result<(), UpdateError> {
        *self = self.predicted(dt_s)?;
        Ok(())
    }

    /// The filter as [`Imm::predict`] leaves it. Errors: [`UpdateError`].
    pub fn predicted(&self, dt_s: f64) -> Result<Self, UpdateError> {
        let stays: Vec<Stay> = self
            .rates_per_s
            .iter()
            .enumerate()
            .map(|(at, row)| Stay::new(at, row, dt_s))
            .collect();
        let mut moved = Vec::with_capacity(self.modes.len());
        for (to, mode) in self.modes.iter().enumerate() {
            let joint = |(from, mode): (usize, &Mode)| self.change(&stays[from], from, to) * mode.probability;
            let probability: f64 = self.modes.iter().enumerate().map(joint).sum();
            let least = self.left_out.share * probability;
            let is_mixed_in = |(from, part): (usize, &Mode)| from == to || joint((from, part)) >= least;
            let kept: f64 = self
                .modes
                .iter()
                .enumerate()
                .filter(|part| is_mixed_in(*part))
                .map(joint)
                .sum();
            let step = Predict {
                filter: self.filter,
                mode,
                parts: self
                    .modes
                    .iter()
                    .enumerate()
                    .filter(|part| is_mixed_in(*part))
                    .map(|(from, part)| (joint((from, part)) / kept, part)),
                is_mixed: kept > 0.0,
                dt_s,
            };
            moved.push(Mode {
                motion: mode.motion,
                belief: mode.motion.accept(step)?,
                probability,
            });
        }
        Ok(Self {
            modes: moved,
            rates_per_s: self.rates_per_s.clone(),
            filter: self.filter,
            left_out: self.left_out,
        })
    }

    /// Takes a plot into every mode and weighs the modes by how likely it was under each.
    ///
    /// The gate holds for the mode that explains the plot best. Errors: [`UpdateError`], and then nothing changed.
    pub fn update(&mut self, reading: &Reading, gate: Option<f64>) -> Result<ImmOutcome, UpdateError> {
        let mut corrected = Vec::with_capacity(self.modes.len());
        for mode in &self.modes {
            let step = Correct {
                filter: self.filter,
                belief: &mode.belief,
                reading,
            };
            corrected.push(mode.motion.accept(step)?);
        }
        let nis_min = corrected.iter().map(|c| c.nis).fold(f64::INFINITY, f64::min);
        if let Some(gate) = gate.filter(|&gate| nis_min > gate) {
            return Ok(ImmOutcome::Gated { nis_min, gate });
        }
        // Likelihoods are taken against the largest, so that those of a far plot do not all vanish.
        let largest = corrected
            .iter()
            .map(|c| c.log_likelihood)
            .fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = corrected
            .iter()
            .zip(&self.modes)
            .map(|(c, mode)| mode.probability * exp(c.log_likelihood - largest))
            .collect();
        let sum: f64 = weights.iter().sum();
        for ((mode, c), weight) in self.modes.iter_mut().zip(corrected).zip(weights) {
            mode.belief = c.belief;
            if sum > 0.0 {
                mode.probability = weight / sum;
            }
        }
        Ok(ImmOutcome::Updated {
            log_likelihood: largest + geo::math::ln(sum),
        })
    }

    /// Takes in somebody else's belief about position and velocity (6) by covariance intersection, mode by mode.
    ///
    /// `considered` (6×6) is what is not known of the own belief beside its covariance; it is counted. What a mode
    /// knows beyond position and velocity follows them as it did. The probabilities of the modes stay: how far the
    /// other's errors are the own ones is not known. Errors: [`NotPositiveDefinite`], and then nothing changed.
    pub fn intersect(
        &mut self,
        other: &Gaussian<6>,
        considered: &SMatrix<f64, 6, 6>,
    ) -> Result<(), NotPositiveDefinite> {
        let mut beliefs = Vec::with_capacity(self.modes.len());
        for mode in &self.modes {
            let step = Intersect {
                belief: &mode.belief,
                other,
                considered,
            };
            beliefs.push(mode.motion.accept(step)?);
        }
        for (mode, belief) in self.modes.iter_mut().zip(beliefs) {
            mode.belief = belief;
        }
        Ok(())
    }

    /// Probability that an object of one mode is of another after a span.
    fn change(&self, stay: &Stay, from: usize, to: usize) -> f64 {
        if from == to {
            stay.stays
        } else if stay.leaving > 0.0 {
            self.rates_per_s[from][to] / stay.leaving * (1.0 - stay.stays)
        } else {
            0.0
        }
    }
}

/// Refuses rates that are not one row for each mode, each of one finite number of 0 or more for each mode.
fn check_rates(rates_per_s: &[Vec<f64>], modes: usize) -> Result<(), ImmError> {
    let is_good = |row: &Vec<f64>| row.len() == modes && row.iter().all(|x| x.is_finite() && *x >= 0.0);
    let bad = (0..modes).find(|mode| rates_per_s.len() != modes || !rates_per_s.get(*mode).is_some_and(is_good));
    bad.map_or(Ok(()), |mode| Err(ImmError::Rates { mode, modes }))
}

/// How an object leaves a mode: the sum of its rates, and the probability that it has not after a span.
struct Stay {
    leaving: f64,
    stays: f64,
}

impl Stay {
    fn new(of: usize, rates_per_s: &[f64], dt_s: f64) -> Self {
        let others = rates_per_s.iter().enumerate().filter(|(to, _)| *to != of);
        let leaving: f64 = others.map(|(_, rate)| rate).sum();
        Self {
            leaving,
            stays: exp(-leaving * dt_s.abs()),
        }
    }
}

/// Returns one mode's belief in another's layout (`N` components): parameters of the same meaning are taken along with
/// their correlations, those it does not have come from the other's own belief, uncorrelated; the rest is left behind.
fn fill<const N: usize>(from: &Mode, to: &Mode) -> Gaussian<N> {
    let known = from.motion.parameters();
    if known.starts_with(to.motion.parameters()) {
        return from.belief.cut();
    }
    let source = |row: usize| -> Option<usize> {
        if row < 6 {
            return Some(row);
        }
        let meaning = to.motion.parameters()[row - 6];
        let place = known.iter().position(|known| *known == meaning);
        place.map(|place| place + 6)
    };
    let sources: [Option<usize>; N] = std::array::from_fn(source);
    Gaussian {
        mean: SVector::from_fn(|row, _| sources[row].map_or(to.belief.mean[row], |r| from.belief.mean[r])),
        covariance: SMatrix::from_fn(|row, column| match (sources[row], sources[column]) {
            (Some(r), Some(c)) => from.belief.covariance[(r, c)],
            (None, None) => to.belief.covariance[(row, column)],
            _ => 0.0,
        }),
    }
}

/// Mean and covariance of weighted beliefs, the spread of their means included.
fn mixture<const N: usize>(parts: impl Iterator<Item = (f64, Gaussian<N>)> + Clone) -> Gaussian<N> {
    let mean = parts
        .clone()
        .fold(SVector::zeros(), |sum, (weight, belief)| sum + belief.mean * weight);
    let mut covariance = SMatrix::<f64, N, N>::zeros();
    for (weight, belief) in parts {
        let apart = belief.mean - mean;
        covariance += (belief.covariance + apart * apart.transpose()) * weight;
    }
    Gaussian {
        mean,
        covariance: symmetrised(&covariance),
    }
}

struct Predict<'a, P> {
    filter: Filter,
    mode: &'a Mode,
    /// Modes with their shares in this one.
    parts: P,
    is_mixed: bool,
    dt_s: f64,
}

impl<'a, P: Iterator<Item = (f64, &'a Mode)> + Clone> Visitor for Predict<'a, P> {
    type Output = Result<AnyBelief, UpdateError>;

    fn visit<const N: usize, M: MotionModel<N>>(self, model: &M) -> Self::Output {
        let belief = if self.is_mixed {
            mixture(self.parts.map(|(share, part)| (share, fill::<N>(part, self.mode))))
        } else {
            self.mode.belief.cut::<N>()
        };
        Ok(self.filter.predict(model, &belief, self.dt_s)?.belief.into())
    }
}

struct Correct<'a> {
    filter: Filter,
    belief: &'a AnyBelief,
    reading: &'a Reading,
}

struct Intersect<'a> {
    belief: &'a AnyBelief,
    other: &'a Gaussian<6>,
    considered: &'a SMatrix<f64, 6, 6>,
}

impl Visitor for Intersect<'_> {
    type Output = Result<AnyBelief, NotPositiveDefinite>;

    fn visit<const N: usize, M: MotionModel<N>>(self, _: &M) -> Self::Output {
        Ok(intersect_part(&self.belief.cut::<N>(), self.other, self.considered)?.into())
    }
}

struct Corrected {
    belief: AnyBelief,
    nis: f64,
    log_likelihood: f64,
}

impl Visitor for Correct<'_> {
    type Output = Result<Corrected, UpdateError>;

    fn visit<const N: usize, M: MotionModel<N>>(self, _: &M) -> Self::Output {
        let belief = self.belief.cut::<N>();
        with_observation!(self.reading, observation => {
            let outcome = self.filter.update(&observation.model, &belief, &observation.measured, None)?;
            let innovation = outcome.innovation();
            Ok(Corrected {
                belief: outcome.updated().map_or(*self.belief, |update| update.belief.into()),
                nis: innovation.nis,
                log_likelihood: innovation.log_likelihood,
            })
        })
    }
}

#[cfg(test)]
mod tests;
