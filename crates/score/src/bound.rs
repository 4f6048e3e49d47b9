//! The posterior Cramér-Rao bound: the covariance that no unbiased estimator of a trajectory can beat.
//!
//! The information matrix `J` of the state is moved along the *true* trajectory and grows with each measurement:
//!
//! ```text
//! moved over a span   M = F⁻ᵀ J F⁻¹         F = ∂(later state)/∂(earlier state), given by its inverse
//! with process noise  J = M - M L (I + Lᵀ M L)⁻¹ Lᵀ M,   Q = L Lᵀ
//! measured            J = J + q Hᵀ R⁻¹ H     q = probability that there is a measurement
//! ```
//!
//! Source: Tichavský, Muravchik & Nehorai, Posterior Cramér-Rao bounds for discrete-time nonlinear filtering, IEEE
//! Transactions on Signal Processing 46(5) (1998), equations (21) and (34), in the form that needs neither `J` nor `Q`
//! to be invertible (Woodbury identity). Without process noise it is the accumulated Fisher information: Taylor, The
//! Cramér-Rao estimation error lower bound computation for deterministic nonlinear systems, IEEE Transactions on
//! Automatic Control 24(2) (1979). The factor `q` is the information reduction of missed detections: Hernandez, Farina
//! & Ristic, PCRLB for tracking in cluttered environments, IEEE Transactions on Aerospace and Electronic Systems 42(2)
//! (2006); with `q = 1` at the detections of one realisation, the mean over realisations is their bound by enumeration.
//!
//! Constant errors of sensors are components behind those that move, with their prior as information: the bound is then
//! that of an estimator which does not know them.

use estimate::belief::{cholesky, symmetrised};
use nalgebra::{DMatrix, SMatrix};

/// Fisher information about `moving` components of a state and the constants behind them.
#[derive(Clone, Debug, PartialEq)]
pub struct Information {
    matrix: DMatrix<f64>,
}

/// There is no bound yet: some component is not observable so far.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the information of {size} components is singular: not all of them can be told yet")]
pub struct NoBound {
    /// Components.
    pub size: usize,
}

impl Information {
    /// Nothing is known of any of `size` components.
    pub fn none(size: usize) -> Self {
        Self {
            matrix: DMatrix::zeros(size, size),
        }
    }

    /// Components are known beforehand to a standard deviation each; `None` is not known at all.
    pub fn of_prior(sigmas: &[Option<f64>]) -> Self {
        let mut known = Self::none(sigmas.len());
        for (index, sigma) in sigmas.iter().enumerate() {
            if let Some(sigma) = sigma {
                known.observe(&[(index, 1.0)], sigma * sigma, 1.0);
            }
        }
        known
    }

    /// How many components there are.
    pub fn size(&self) -> usize {
        self.matrix.nrows()
    }

    /// The matrix itself, symmetric.
    pub fn matrix(&self) -> &DMatrix<f64> {
        &self.matrix
    }

    /// Adds a scalar measurement: `row` lists the components it depends on with the derivative by each.
    ///
    /// `variance` is that of its noise, `probability` that it is made at all.
    pub fn observe(&mut self, row: &[(usize, f64)], variance: f64, probability: f64) {
        let weight = probability / variance;
        for &(i, by_i) in row {
            for &(j, by_j) in row {
                self.matrix[(i, j)] += weight * (by_i * by_j);
            }
        }
    }

    /// Moves the first `N` components over a time span without noise.
    ///
    /// `back` is the derivative (N×N) of the earlier state by the later one: the transition's inverse, which a motion
    /// model gives when it moves the later state backwards.
    pub fn transport<const N: usize>(&mut self, back: &SMatrix<f64, N, N>) {
        let size = self.size();
        let mut column = [0.0; N];
        // J F⁻¹, row by row; then F⁻ᵀ of that, column by column.
        for row in 0..size {
            for (to, sum) in column.iter_mut().enumerate() {
                *sum = (0..N).map(|k| self.matrix[(row, k)] * back[(k, to)]).sum();
            }
            for (to, sum) in column.iter().enumerate() {
                self.matrix[(row, to)] = *sum;
            }
        }
        for at in 0..size {
            for (to, sum) in column.iter_mut().enumerate() {
                *sum = (0..N).map(|k| back[(k, to)] * self.matrix[(k, at)]).sum();
            }
            for (to, sum) in column.iter().enumerate() {
                self.matrix[(to, at)] = *sum;
            }
        }
        self.symmetrise();
    }

    /// Adds process noise of a positive-definite covariance (N×N) to the first `N` components.
    ///
    /// Errors: [`NoBound`] where the covariance is not positive-definite; nothing is changed then.
    pub fn diffuse<const N: usize>(&mut self, noise: &SMatrix<f64, N, N>) -> Result<(), NoBound> {
        let root = cholesky(noise).map_err(|_| NoBound { size: N })?.l();
        let size = self.size();
        // M L, of which all columns but the first N of M are multiplied by nothing.
        let across = DMatrix::from_fn(size, N, |i, j| {
            (0..N).map(|k| self.matrix[(i, k)] * root[(k, j)]).sum::<f64>()
        });
        let inner = SMatrix::<f64, N, N>::from_fn(|i, j| {
            let unit = if i == j { 1.0 } else { 0.0 };
            unit + (0..N).map(|k| root[(k, i)] * across[(k, j)]).sum::<f64>()
        });
        let factor = cholesky(&symmetrised(&inner)).map_err(|_| NoBound { size: N })?;
        let mut whitened = across.transpose();
        if !factor.l().solve_lower_triangular_mut(&mut whitened) {
            return Err(NoBound { size: N });
        }
        self.matrix -= whitened.transpose() * &whitened;
        self.symmetrise();
        Ok(())
    }

    /// Forgets components: what is known of the others stays. The places remain, without information.
    ///
    /// Errors: [`NoBound`] where those components cannot be told apart from nothing; they are cleared all the same, and
    /// what the others owe them is lost.
    pub fn forget(&mut self, places: std::ops::Range<usize>) -> Result<(), NoBound> {
        let (size, count) = (self.size(), places.len());
        let from = places.start;
        let inner = DMatrix::from_fn(count, count, |i, j| self.matrix[(from + i, from + j)]);
        let across = DMatrix::from_fn(count, size, |i, j| self.matrix[(from + i, j)]);
        let result = match inner.cholesky() {
            Some(factor) => {
                let mut whitened = across;
                factor.l_dirty().solve_lower_triangular_mut(&mut whitened);
                self.matrix -= whitened.transpose() * &whitened;
                Ok(())
            }
            None => Err(NoBound { size: count }),
        };
        for place in places {
            self.matrix.fill_row(place, 0.0);
            self.matrix.fill_column(place, 0.0);
        }
        self.symmetrise();
        result
    }

    /// The bound: covariance (K×K) of the first `K` components, all the others unknown as they are.
    ///
    /// Components without any information (as [`Information::forget`] leaves them) are left out of the inversion; they
    /// must not be among the first `K`. Errors: [`NoBound`].
    pub fn covariance<const K: usize>(&self) -> Result<SMatrix<f64, K, K>, NoBound> {
        let size = self.size();
        let used: Vec<usize> = (0..size).filter(|&i| i < K || self.matrix[(i, i)] > 0.0).collect();
        // Scaled to a unit diagonal: metres and radians differ by many powers of ten.
        let scale: Vec<f64> = used.iter().map(|&i| self.matrix[(i, i)].sqrt()).collect();
        if scale.iter().any(|s| s.is_nan() || *s <= 0.0) {
            return Err(NoBound { size });
        }
        let scaled = DMatrix::from_fn(used.len(), used.len(), |i, j| {
            self.matrix[(used[i], used[j])] / (scale[i] * scale[j])
        });
        let factor = scaled.cholesky().ok_or(NoBound { size })?;
        let mut unit = DMatrix::zeros(used.len(), K);
        for i in 0..K {
            unit[(i, i)] = 1.0;
        }
        if !factor.l_dirty().solve_lower_triangular_mut(&mut unit) {
            return Err(NoBound { size });
        }
        let inverse = unit.transpose() * &unit;
        let bound = SMatrix::<f64, K, K>::from_fn(|i, j| inverse[(i, j)] / (scale[i] * scale[j]));
        if bound.iter().all(|x| x.is_finite()) {
            Ok(bound)
        } else {
            Err(NoBound { size })
        }
    }

    fn symmetrise(&mut self) {
        for row in 0..self.size() {
            for column in 0..row {
                let mean = 0.5 * (self.matrix[(row, column)] + self.matrix[(column, row)]);
                self.matrix[(row, column)] = mean;
                self.matrix[(column, row)] = mean;
            }
        }
    }
}

#[cfg(test)]
mod tests;
