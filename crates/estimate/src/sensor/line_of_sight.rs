//! A sensor that measures some of range, azimuth, elevation and range rate.

use geo::angle::wrap_pi;
use geo::{Ecef, Site, State};
use nalgebra::{SMatrix, SVector, Vector6};

use super::{Bias, NotObservable, Refraction, SensorModel, azimuth_observable, linearize_polar, predict_polar};

/// One of the four quantities of a line of sight, and its row in [`super::PolarPartials`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum PolarQuantity {
    Range = 0,
    Azimuth = 1,
    Elevation = 2,
    RangeRate = 3,
}

/// A sensor that measures `M` polar quantities of an ECEF state, `[range_m, azimuth_rad, elevation_rad,
/// range_rate_mps]` or a subset in any order: the one it was made with.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LineOfSight<const M: usize> {
    /// Where it stands.
    pub site: Site,
    /// What it measures, in the order of the measurement vector.
    pub quantities: [PolarQuantity; M],
    /// Standard deviations in the same order and the units of the quantities.
    pub sigmas: [f64; M],
    /// How its rays bend.
    pub refraction: Refraction,
    /// Its known constant errors.
    pub bias: Bias,
}

impl<const M: usize> LineOfSight<M> {
    /// Makes a sensor without refraction and bias.
    pub fn new(site: Site, quantities: [PolarQuantity; M], sigmas: [f64; M]) -> Self {
        Self {
            site,
            quantities,
            sigmas,
            refraction: Refraction::None,
            bias: Bias::default(),
        }
    }

    /// Where the object was when it was measured, given where it is at the stated time.
    #[inline]
    fn seen<const N: usize>(&self, state: &SVector<f64, N>) -> State<Ecef> {
        const { assert!(N >= 6, "position and velocity come first in every state") };
        let mut seen = Vector6::from_fn(|row, _| state[row]);
        if self.bias.time_s != 0.0 {
            for axis in 0..3 {
                seen[axis] -= seen[axis + 3] * self.bias.time_s;
            }
        }
        State::from_vector(&seen)
    }

    #[inline]
    fn select(&self, polar: &super::Polar4) -> SVector<f64, M> {
        SVector::from_fn(|row, _| match self.quantities[row] {
            PolarQuantity::Range => polar.range_m + self.bias.range_m,
            PolarQuantity::Azimuth => polar.azimuth_rad + self.bias.azimuth_rad,
            PolarQuantity::Elevation => polar.elevation_rad + self.bias.elevation_rad,
            PolarQuantity::RangeRate => polar.range_rate_mps + self.bias.range_rate_mps,
        })
    }
}

impl<const N: usize, const M: usize> SensorModel<N, M> for LineOfSight<M> {
    #[inline]
    fn predict(&self, state: &SVector<f64, N>) -> SVector<f64, M> {
        self.select(&predict_polar(&self.site, &self.seen(state), &self.refraction))
    }

    #[inline]
    fn linearize(&self, state: &SVector<f64, N>) -> Result<(SVector<f64, M>, SMatrix<f64, M, N>), NotObservable> {
        let seen = self.seen(state);
        let (polar, partials) = linearize_polar(&self.site, &seen, &self.refraction)?;
        let mut jacobian = SMatrix::<f64, M, N>::zeros();
        for (row, quantity) in self.quantities.iter().enumerate() {
            if *quantity == PolarQuantity::Azimuth {
                azimuth_observable(&partials, &self.site, &seen)?;
            }
            for column in 0..6 {
                jacobian[(row, column)] = partials[(*quantity as usize, column)];
            }
            for axis in 0..3 {
                jacobian[(row, axis + 3)] -= self.bias.time_s * jacobian[(row, axis)];
            }
        }
        Ok((self.select(&polar), jacobian))
    }

    #[inline]
    fn residual(&self, measured: &SVector<f64, M>, expected: &SVector<f64, M>) -> SVector<f64, M> {
        SVector::from_fn(|row, _| {
            let difference = measured[row] - expected[row];
            match self.quantities[row] {
                PolarQuantity::Azimuth | PolarQuantity::Elevation => wrap_pi(difference),
                PolarQuantity::Range | PolarQuantity::RangeRate => difference,
            }
        })
    }

    #[inline]
    fn noise(&self) -> SMatrix<f64, M, M> {
        SMatrix::from_diagonal(&SVector::from_fn(|row, _| self.sigmas[row] * self.sigmas[row]))
    }
}
