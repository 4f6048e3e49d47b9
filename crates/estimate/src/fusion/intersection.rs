//! Covariance intersection: fusion of beliefs whose common errors nobody knows.

use nalgebra::{SMatrix, SVector};

use super::basis::Basis;
use crate::belief::{Gaussian, NotPositiveDefinite, cholesky};

/// What the weight makes smallest.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Criterion {
    /// The determinant of the covariance: the same weight in any units.
    #[default]
    Determinant,
    /// The sum of variances: for components of one unit.
    Trace,
}

/// What two beliefs give together.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Intersection<const N: usize> {
    /// The fused belief, in the layout and units of the two.
    pub belief: Gaussian<N>,
    /// Weight of the first of the two, in [0, 1].
    pub weight: f64,
}

/// Returns the belief `P⁻¹ = ω A⁻¹ + (1-ω) B⁻¹`, `x = P (ω A⁻¹ a + (1-ω) B⁻¹ b)` with the best weight ω.
///
/// It is never too sure of itself as long as neither of the two is, however their errors depend on each other. Where
/// the covariances are alike the weight is ½. Errors: [`NotPositiveDefinite`].
///
/// Source: Julier & Uhlmann, A non-divergent estimation algorithm in the presence of unknown correlations, American
/// Control Conference (1997), eqs. 5 to 7. Differs from it by: the weight is the root of the derivative, monotone in
/// axes that make both covariances diagonal (no search over matrices).
pub fn intersect<const N: usize>(
    a: &Gaussian<N>,
    b: &Gaussian<N>,
    criterion: Criterion,
) -> Result<Intersection<N>, NotPositiveDefinite> {
    let basis = Basis::new(&a.covariance, &b.covariance)?;
    let weight = weight(&basis, criterion);
    // Coordinates of `b - a`: beliefs far from the origin lose nothing.
    let apart = basis.coordinates * (b.mean - a.mean);
    let precision = basis.ratios.map(|ratio| weight + (1.0 - weight) / ratio);
    let step = SVector::from_fn(|row, _| apart[row] * (1.0 - weight) / (basis.ratios[row] * precision[row]));
    let scaled = SMatrix::from_fn(|row, column| basis.axes[(row, column)] / precision[column]);
    Ok(Intersection {
        belief: Gaussian::new(a.mean + basis.axes * step, scaled * basis.axes.transpose()),
        weight,
    })
}

/// Returns a belief of `N` components with another's about the first six, by covariance intersection of those.
///
/// `considered` (6×6) is what is not known of the belief beside its own covariance (constant errors of sensors): it is
/// counted in the weight and in the gain, and taken out again as far as it stays, since who calls adds it. The rest of
/// the state keeps its regression on the first six. Errors: [`NotPositiveDefinite`].
pub(crate) fn intersect_part<const N: usize>(
    belief: &Gaussian<N>,
    other: &Gaussian<6>,
    considered: &SMatrix<f64, 6, 6>,
) -> Result<Gaussian<N>, NotPositiveDefinite> {
    const { assert!(N >= 6, "position and velocity come first in every state") };
    let known: SMatrix<f64, 6, 6> = belief.covariance.fixed_view::<6, 6>(0, 0).into();
    let own = Gaussian::new(belief.mean.fixed_rows::<6>(0).into(), known + considered);
    let together = intersect(&own, other, Criterion::Determinant)?;
    let keep = keep(&own, &together)?;
    let six = together.belief.covariance - keep * considered * keep.transpose();
    let cross: SMatrix<f64, N, 6> = belief.covariance.fixed_columns::<6>(0).into();
    let regression = cholesky(&known)?.solve(&cross.transpose()).transpose();
    let moved = regression * (together.belief.mean - own.mean);
    Ok(Gaussian::new(
        belief.mean + moved,
        belief.covariance + regression * (six - known) * regression.transpose(),
    ))
}

/// Returns what is left of an error of the first of two beliefs in their intersection (6×6): `ω P A⁻¹`.
pub fn keep<const N: usize>(
    a: &Gaussian<N>,
    together: &Intersection<N>,
) -> Result<SMatrix<f64, N, N>, NotPositiveDefinite> {
    let scaled = together.belief.covariance * together.weight;
    Ok(cholesky(&a.covariance)?.solve(&scaled.transpose()).transpose())
}

/// Where the derivative of the criterion by ω changes its sign: it falls all the way.
fn weight<const N: usize>(basis: &Basis<N>, criterion: Criterion) -> f64 {
    let gain = |weight: f64| -> f64 {
        (0..N)
            .map(|axis| {
                let own = 1.0 - 1.0 / basis.ratios[axis];
                let precision = weight + (1.0 - weight) / basis.ratios[axis];
                match criterion {
                    Criterion::Determinant => own / precision,
                    Criterion::Trace => basis.axes.column(axis).norm_squared() * own / (precision * precision),
                }
            })
            .sum()
    };
    let scale = gain(0.0).abs().max(gain(1.0).abs());
    if (0..N).all(|axis| (basis.ratios[axis] - 1.0).abs() < 1e-12) || scale == 0.0 {
        return 0.5;
    }
    if gain(1.0) >= 0.0 {
        return 1.0;
    }
    if gain(0.0) <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if gain(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
