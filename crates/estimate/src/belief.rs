//! What is believed about one object: a Gaussian, and the questions asked of it.

use geo::math::{atan2, exp, ln};
use nalgebra::{Cholesky, Const, Matrix2, SMatrix, SVector};

/// A Gaussian belief of `N` components, in the layout and units that its motion model states.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Gaussian<const N: usize> {
    /// The mean (N).
    pub mean: SVector<f64, N>,
    /// The covariance (N×N), symmetric.
    pub covariance: SMatrix<f64, N, N>,
}

/// A covariance is not symmetric positive-definite, or not finite.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
#[error("a {size}×{size} covariance is not positive-definite; its smallest variance is {variance_min}")]
pub struct NotPositiveDefinite {
    /// Rows of the covariance.
    pub size: usize,
    /// The smallest element of its diagonal, in the square of that component's unit; NaN if any of them is.
    pub variance_min: f64,
}

/// The ellipse of equal density of a 2-D Gaussian.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ellipse {
    /// Semi-axis along `angle_rad`, in the unit of the components.
    pub major: f64,
    /// Semi-axis across it.
    pub minor: f64,
    /// From the first component's axis towards the second's, in (-π/2, π/2].
    pub angle_rad: f64,
}

impl<const N: usize> Gaussian<N> {
    /// Makes a belief, averaging the covariance with its transpose.
    pub fn new(mean: SVector<f64, N>, covariance: SMatrix<f64, N, N>) -> Self {
        Self {
            mean,
            covariance: symmetrised(&covariance),
        }
    }

    /// Whether every number is finite.
    pub fn is_finite(&self) -> bool {
        self.mean.iter().chain(self.covariance.iter()).all(|x| x.is_finite())
    }

    /// Whether the covariance has a Cholesky factor.
    pub fn is_positive_definite(&self) -> bool {
        cholesky(&self.covariance).is_ok()
    }

    /// Returns the squared Mahalanobis distance of a point from the mean: chi-square of `N` degrees if the belief
    /// holds.
    ///
    /// Of a true state it is the NEES. Errors: [`NotPositiveDefinite`].
    pub fn mahalanobis_squared(&self, point: &SVector<f64, N>) -> Result<f64, NotPositiveDefinite> {
        let factor = cholesky(&self.covariance)?;
        Ok(whitened_squared(&factor, &(point - self.mean)))
    }

    /// Returns the natural logarithm of the density at a point. Errors: [`NotPositiveDefinite`].
    pub fn log_likelihood(&self, point: &SVector<f64, N>) -> Result<f64, NotPositiveDefinite> {
        Ok(self.distance_and_density(point)?.1)
    }

    /// Returns the squared Mahalanobis distance of a point, and the natural logarithm of the density there. Errors:
    /// [`NotPositiveDefinite`].
    pub fn distance_and_density(&self, point: &SVector<f64, N>) -> Result<(f64, f64), NotPositiveDefinite> {
        let factor = cholesky(&self.covariance)?;
        let squared = whitened_squared(&factor, &(point - self.mean));
        Ok((squared, log_density(&factor, squared)))
    }

    /// Returns the belief about two of the components alone.
    pub fn marginal2(&self, first: usize, second: usize) -> Gaussian<2> {
        let p = &self.covariance;
        Gaussian {
            mean: SVector::<f64, 2>::new(self.mean[first], self.mean[second]),
            covariance: Matrix2::new(
                p[(first, first)],
                p[(first, second)],
                p[(second, first)],
                p[(second, second)],
            ),
        }
    }
}

impl Gaussian<2> {
    /// Returns the ellipse that contains the point with a probability in [0, 1). Errors: [`NotPositiveDefinite`].
    pub fn ellipse(&self, probability: f64) -> Result<Ellipse, NotPositiveDefinite> {
        cholesky(&self.covariance)?;
        let p = &self.covariance;
        let (half_sum, half_difference) = (0.5 * (p[(0, 0)] + p[(1, 1)]), 0.5 * (p[(0, 0)] - p[(1, 1)]));
        let radius = (half_difference * half_difference + p[(0, 1)] * p[(0, 1)]).sqrt();
        // Two degrees of freedom: the quantile of chi-square is -2 ln(1 - probability).
        let scale = -2.0 * ln(1.0 - probability);
        let major_variance = half_sum + radius;
        Ok(Ellipse {
            major: (scale * major_variance).sqrt(),
            minor: (scale * p.determinant() / major_variance).sqrt(),
            angle_rad: 0.5 * atan2(p[(0, 1)], half_difference),
        })
    }
}

/// Returns the mean of a matrix and its transpose.
#[inline]
pub fn symmetrised<const N: usize>(matrix: &SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    let mut out = *matrix;
    for row in 0..N {
        for column in 0..row {
            let mean = 0.5 * (matrix[(row, column)] + matrix[(column, row)]);
            out[(row, column)] = mean;
            out[(column, row)] = mean;
        }
    }
    out
}

/// Returns the Cholesky factor of a covariance, reading its lower triangle. Errors: [`NotPositiveDefinite`].
#[inline]
pub fn cholesky<const N: usize>(
    covariance: &SMatrix<f64, N, N>,
) -> Result<Cholesky<f64, Const<N>>, NotPositiveDefinite> {
    Cholesky::new(*covariance).ok_or_else(|| NotPositiveDefinite {
        size: N,
        variance_min: (0..N).map(|i| covariance[(i, i)]).fold(f64::INFINITY, |least, x| {
            if least.is_nan() || x.is_nan() {
                f64::NAN
            } else {
                least.min(x)
            }
        }),
    })
}

/// Returns `difference' P⁻¹ difference` given the Cholesky factor of `P`.
#[inline]
pub(crate) fn whitened_squared<const N: usize>(factor: &Cholesky<f64, Const<N>>, difference: &SVector<f64, N>) -> f64 {
    let lower = factor.l_dirty();
    let mut white = *difference;
    let mut sum = 0.0;
    for row in 0..N {
        for column in 0..row {
            white[row] -= lower[(row, column)] * white[column];
        }
        white[row] /= lower[(row, row)];
        sum += white[row] * white[row];
    }
    sum
}

/// Returns the log-density of a Gaussian at a squared Mahalanobis distance, given the Cholesky factor.
#[inline]
pub(crate) fn log_density<const N: usize>(factor: &Cholesky<f64, Const<N>>, distance_squared: f64) -> f64 {
    const LN_TAU: f64 = 1.837_877_066_409_345_3;
    let lower = factor.l_dirty();
    let product: f64 = (0..N).map(|i| lower[(i, i)]).product();
    // A product of many tiny or huge sigmas can leave the range of f64; their logarithms cannot.
    let log_root = if product.is_normal() {
        ln(product)
    } else {
        (0..N).map(|i| ln(lower[(i, i)])).sum()
    };
    -0.5 * (distance_squared + N as f64 * LN_TAU) - log_root
}

/// Returns the probability that a chi-square variable of some degrees of freedom is at most `x`.
///
/// Source: Abramowitz & Stegun (1964), 6.5.4 and 6.5.29 (series) and 6.5.31 (continued fraction, Lentz's method).
pub fn chi_square_cdf(x: f64, degrees: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (a, x) = (0.5 * degrees, 0.5 * x);
    let front = exp(a * ln(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-17 {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        return front * sum;
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (f64::MAX, 1.0 / b);
    let mut h = d;
    for i in 1..100_000_u32 {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        h *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    1.0 - front * h
}

/// Returns the chi-square value that a variable of some degrees of freedom stays below with a probability in (0, 1).
///
/// Bisection of [`chi_square_cdf`] to the last bits; NaN for a probability outside (0, 1).
pub fn chi_square_quantile(probability: f64, degrees: f64) -> f64 {
    if !(probability > 0.0 && probability < 1.0) {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, degrees.max(1.0));
    while chi_square_cdf(high, degrees) < probability && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if chi_square_cdf(middle, degrees) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz & Stegun, table 26.8.
    #[test]
    fn chi_square_quantiles_of_the_table() {
        for (probability, degrees, value) in [
            (0.95, 1.0, 3.84146),
            (0.975, 6.0, 14.4494),
            (0.025, 6.0, 1.237347),
            (0.5, 2.0, 1.38629),
            (0.99, 3.0, 11.3449),
            (0.975, 100.0, 129.561),
            (0.025, 100.0, 74.2219),
        ] {
            let ours = chi_square_quantile(probability, degrees);
            assert!((ours / value - 1.0).abs() < 1e-5, "{probability} {degrees}: {ours}");
        }
        assert!(chi_square_quantile(1.0, 3.0).is_nan());
    }

    #[test]
    fn distance_and_density_of_a_known_case() {
        let belief = Gaussian::new(SVector::<f64, 2>::new(1.0, 2.0), Matrix2::new(4.0, 1.0, 1.0, 9.0));
        let d2 = belief.mahalanobis_squared(&SVector::<f64, 2>::new(3.0, -1.0)).unwrap();
        // [2, -3] P⁻¹ [2, -3]' with P⁻¹ = [9 -1; -1 4] / 35.
        assert!((d2 - 84.0 / 35.0).abs() < 1e-14);
        let log = belief.log_likelihood(&SVector::<f64, 2>::new(3.0, -1.0)).unwrap();
        let expected = -0.5 * (84.0 / 35.0) - ln(std::f64::consts::TAU) - 0.5 * ln(35.0);
        assert!((log - expected).abs() < 1e-14);
    }

    #[test]
    fn ellipse_axes_and_angle() {
        // Axes 3 and 1 sigma, turned by 30 degrees.
        let (sin, cos) = (0.5, 0.75_f64.sqrt());
        let turn = Matrix2::new(cos, -sin, sin, cos);
        let covariance = turn * Matrix2::new(9.0, 0.0, 0.0, 1.0) * turn.transpose();
        let ellipse = Gaussian::new(SVector::zeros(), covariance).ellipse(0.95).unwrap();
        let scale = chi_square_quantile(0.95, 2.0).sqrt();
        assert!((ellipse.major - 3.0 * scale).abs() < 1e-12);
        assert!((ellipse.minor - scale).abs() < 1e-12);
        assert!((ellipse.angle_rad - std::f64::consts::FRAC_PI_6).abs() < 1e-14);
    }

    #[test]
    fn a_bad_covariance_is_named() {
        let bad = Gaussian::new(SVector::<f64, 2>::zeros(), Matrix2::new(1.0, 0.0, 0.0, -2.0));
        assert!(!bad.is_positive_definite());
        let error = bad.mahalanobis_squared(&SVector::zeros()).unwrap_err();
        assert_eq!(
            error,
            NotPositiveDefinite {
                size: 2,
                variance_min: -2.0
            }
        );
    }
}
