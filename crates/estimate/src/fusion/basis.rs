//! Axes in which two covariances are diagonal at once.

use nalgebra::{SMatrix, SVector};

use crate::belief::{NotPositiveDefinite, cholesky, symmetrised};

/// Rotations come to rest long before so many sweeps.
const SWEEPS_MAX: usize = 60;

/// Axes `T` (N×N, columns) with `A = T T'` and `B = T diag(ratios) T'`.
pub(super) struct Basis<const N: usize> {
    pub axes: SMatrix<f64, N, N>,
    /// Rows: `T⁻¹`.
    pub coordinates: SMatrix<f64, N, N>,
    /// Variance of `B` along each axis, where that of `A` is 1.
    pub ratios: SVector<f64, N>,
}

impl<const N: usize> Basis<N> {
    /// Makes the axes of two covariances (N×N). Errors: [`NotPositiveDefinite`] of either.
    ///
    /// Source: Golub & Van Loan, Matrix computations (1996), algorithm 8.7.1.
    pub fn new(a: &SMatrix<f64, N, N>, b: &SMatrix<f64, N, N>) -> Result<Self, NotPositiveDefinite> {
        let lower = cholesky(a)?.l();
        cholesky(b)?;
        let halfway = solved(&lower, b);
        let whitened = symmetrised(&solved(&lower, &halfway.transpose()));
        let (ratios, turn) = eigen(&whitened);
        Ok(Self {
            axes: lower * turn,
            coordinates: turn.transpose() * solved(&lower, &SMatrix::identity()),
            ratios,
        })
    }
}

/// `L⁻¹ B` of a lower triangle.
fn solved<const N: usize>(lower: &SMatrix<f64, N, N>, right: &SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    let mut out = *right;
    for column in 0..N {
        for row in 0..N {
            for before in 0..row {
                let step = lower[(row, before)] * out[(before, column)];
                out[(row, column)] -= step;
            }
            out[(row, column)] /= lower[(row, row)];
        }
    }
    out
}

/// Eigenvalues (N) and eigenvectors (N×N, columns) of a symmetric matrix, in no order.
///
/// Rotations of Jacobi use square roots alone, so any machine gives the same bits.
/// Source: Golub & Van Loan (1996), algorithms 8.4.1 and 8.4.3.
fn eigen<const N: usize>(matrix: &SMatrix<f64, N, N>) -> (SVector<f64, N>, SMatrix<f64, N, N>) {
    let (mut a, mut vectors) = (*matrix, SMatrix::<f64, N, N>::identity());
    for _ in 0..SWEEPS_MAX {
        let mut is_still = true;
        for p in 0..N {
            for q in p + 1..N {
                if a[(p, q)].abs() <= 1e-17 * (a[(p, p)] * a[(q, q)]).abs().sqrt() {
                    continue;
                }
                is_still = false;
                let tau = (a[(q, q)] - a[(p, p)]) / (2.0 * a[(p, q)]);
                let tan = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
                let cos = 1.0 / (1.0 + tan * tan).sqrt();
                let sin = tan * cos;
                for k in 0..N {
                    let (left, right) = (a[(k, p)], a[(k, q)]);
                    (a[(k, p)], a[(k, q)]) = (cos * left - sin * right, sin * left + cos * right);
                    let (left, right) = (vectors[(k, p)], vectors[(k, q)]);
                    (vectors[(k, p)], vectors[(k, q)]) = (cos * left - sin * right, sin * left + cos * right);
                }
                for k in 0..N {
                    let (upper, below) = (a[(p, k)], a[(q, k)]);
                    (a[(p, k)], a[(q, k)]) = (cos * upper - sin * below, sin * upper + cos * below);
                }
                (a[(p, q)], a[(q, p)]) = (0.0, 0.0);
            }
        }
        if is_still {
            break;
        }
    }
    (SVector::from_fn(|row, _| a[(row, row)]), vectors)
}
