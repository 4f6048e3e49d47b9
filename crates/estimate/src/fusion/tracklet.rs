//! What a partner's latest plots alone say, made from two of its beliefs.

use nalgebra::{SMatrix, SVector};

use super::basis::Basis;
use crate::belief::{Gaussian, NotPositiveDefinite};

/// Information on an axis that is lost in the rounding of the two beliefs.
const NOTHING: f64 = 1e-12;

/// An equivalent measurement: on each axis a value that was measured, with errors that no other plot has.
///
/// It stands for the plots that a partner took in between two of its beliefs.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Tracklet<const N: usize> {
    /// About here (N) it is linear: the partner's predicted mean.
    reference: SVector<f64, N>,
    /// Columns: the axes.
    axes: SMatrix<f64, N, N>,
    /// Rows: what of the state each axis measures.
    rows: SMatrix<f64, N, N>,
    /// Measured on each axis, beyond the reference.
    measured: SVector<f64, N>,
    /// Inverse variance of each; 0 of an axis of which the plots said nothing.
    information: SVector<f64, N>,
}

impl<const N: usize> Tracklet<N> {
    /// Takes the partner's prediction out of its belief, both at one time: what is left are the plots between.
    ///
    /// `predicted` is the partner's earlier belief, moved to the time of `updated` with its own motion model and its
    /// process noise. Then, with `F = predicted`, `y = P⁻¹ x - F⁻¹ f` and `Y = P⁻¹ - F⁻¹`. Exact without process noise,
    /// and with it where the plots between were all measured at the time of `updated`. With process noise and older
    /// plots the noise between the plots and the end is in the tracklet and in the belief that takes it in: the
    /// shorter the interval, the less. An axis on which the partner became less sure says nothing.
    ///
    /// Errors: [`NotPositiveDefinite`] of either.
    /// Source: Drummond, Track and tracklet fusion filtering using data from distributed sensors (1995), the inverse
    /// Kalman filter; Chong, Mori, Barker & Chang, Architectures and algorithms for track association and fusion, IEEE
    /// AES Systems Magazine 15(1) (2000), information decorrelation.
    pub fn between(predicted: &Gaussian<N>, updated: &Gaussian<N>) -> Result<Self, NotPositiveDefinite> {
        let basis = Basis::new(&predicted.covariance, &updated.covariance)?;
        let apart = basis.coordinates * (updated.mean - predicted.mean);
        let information = basis.ratios.map(|ratio| {
            let gained = 1.0 / ratio - 1.0;
            if gained > NOTHING { gained } else { 0.0 }
        });
        let measured = SVector::from_fn(|axis, _| match information[axis] {
            gained if gained > 0.0 => apart[axis] * (1.0 + 1.0 / gained),
            _ => 0.0,
        });
        Ok(Self {
            reference: predicted.mean,
            axes: basis.axes,
            rows: basis.coordinates,
            measured,
            information,
        })
    }

    /// On how many axes the plots said something.
    pub fn rank(&self) -> usize {
        self.information.iter().filter(|gained| **gained > 0.0).count()
    }

    /// The tracklet as one measurement of the whole state: what it says of each component, and its covariance.
    ///
    /// An axis of which the plots said nothing has `least` of the information of the partner's prediction: little, as
    /// one part in a million, since a covariance has to be finite.
    pub fn measured(&self, least: f64) -> Gaussian<N> {
        let information = self.information.map(|gained| gained.max(least));
        let scaled = SMatrix::from_fn(|row, column| self.axes[(row, column)] / information[column]);
        Gaussian::new(
            self.reference + self.axes * self.measured,
            scaled * self.axes.transpose(),
        )
    }

    /// Takes the tracklet into a belief at its time that contains none of its plots, as [`Taken`].
    pub fn take(&self, belief: &Gaussian<N>) -> Taken<N> {
        let mut taken = Taken {
            belief: *belief,
            nis: 0.0,
        };
        for axis in 0..N {
            if self.information[axis] == 0.0 {
                continue;
            }
            let row = self.rows.row(axis);
            let Gaussian { mean, covariance } = taken.belief;
            let cross = covariance * row.transpose();
            let variance = 1.0 / self.information[axis];
            let whole = (row * cross)[0] + variance;
            let gain = cross / whole;
            let residual = self.measured[axis] - (row * (mean - self.reference))[0];
            let keep = SMatrix::<f64, N, N>::identity() - gain * row;
            // Joseph's form: positive-definite whatever is rounded.
            let spread = keep * covariance * keep.transpose() + gain * gain.transpose() * variance;
            taken.belief = Gaussian::new(mean + gain * residual, spread);
            taken.nis += residual * residual / whole;
        }
        taken
    }
}

/// A belief with a tracklet.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Taken<const N: usize> {
    /// With the tracklet.
    pub belief: Gaussian<N>,
    /// How far the tracklet was from the belief before: chi-square of as many degrees as its rank.
    pub nis: f64,
}
