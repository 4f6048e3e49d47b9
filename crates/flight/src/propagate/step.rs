//! One step of the integration, by Verner's Runge-Kutta method of order 9(8) of the library `numeris`, and how long the
//! next one may be.
//!
//! The library is asked for single steps of a length chosen here. Its own choice rests on the platform's power
//! function, whose last bits differ from machine to machine, and on one tolerance for all components, so that partials
//! would change the steps of the flight they belong to.
//!
//! Sources: Verner, Numerically optimal Runge-Kutta pairs with interpolants (2010), Numerical Algorithms 53; step sizes
//! after Hairer, Nørsett, Wanner, Solving ordinary differential equations I (2nd edition, 1993), II.4.

use geo::math::pow;
use nalgebra::SVector;
use numeris::Vector;
use numeris::ode::{AdaptiveSettings, RKAdaptive, RKV98};

/// Slopes within a step,
const STAGES: usize = 21;
/// those that the step and its error are made of (the rest serves dense output),
const CORE: usize = 16;
/// and the degree of dense output.
const DEGREE: usize = 8;
/// The error of a step grows with this power of its length.
const ERROR_ORDER: f64 = 9.0;
/// The share of the step that the error allows which is taken,
const SAFETY: f64 = 0.9;
/// and by what a step is multiplied at least and at most.
const GROWTH: (f64, f64) = (0.333, 6.0);

/// How stages are made of slopes, and so are the step, its error, and each power of its dense output.
const STAGE: [[f64; STAGES]; STAGES] = <RKV98 as RKAdaptive<STAGES, DEGREE>>::A;
const END: [f64; STAGES] = <RKV98 as RKAdaptive<STAGES, DEGREE>>::B;
const ERROR: [f64; STAGES] = <RKV98 as RKAdaptive<STAGES, DEGREE>>::BERR;
const DENSE: [[f64; DEGREE]; STAGES] = <RKV98 as RKAdaptive<STAGES, DEGREE>>::BI;

/// The error allowed in one step.
#[derive(Copy, Clone, Debug)]
pub(super) struct Tolerance {
    pub(super) position_m: f64,
    pub(super) velocity_mps: f64,
}

impl Tolerance {
    /// Returns position and velocity, the first six components, as a multiple of what is allowed: the root of their
    /// mean square.
    fn size<const N: usize>(&self, of: &SVector<f64, N>) -> f64 {
        let position = of.fixed_rows::<3>(0).norm_squared() / (self.position_m * self.position_m);
        let velocity = of.fixed_rows::<3>(3).norm_squared() / (self.velocity_mps * self.velocity_mps);
        (0.5 * (position + velocity)).sqrt()
    }
}

/// An accepted step and its interpolant.
#[derive(Clone, Debug)]
pub(super) struct Step<const N: usize> {
    /// Where the step begins, seconds after the start of the flight.
    pub(super) from_s: f64,
    /// How far it goes, negative backwards.
    pub(super) span_s: f64,
    /// The solution at its end.
    pub(super) end: SVector<f64, N>,
    /// The error of that, as a multiple of what is allowed.
    pub(super) error: f64,
    begin: SVector<f64, N>,
    /// What the solution rises by with each power of the share of the step, the first power first.
    rise: [SVector<f64, N>; DEGREE],
}

impl<const N: usize> Step<N> {
    /// Tries a step of a solution whose first six components are position and velocity.
    ///
    /// The library integrates those six, from zero, as the digits of a rise are finer than those of what rises. What
    /// there is beside them follows through the same stages.
    ///
    /// Errors: the error as a multiple of what is allowed if that is above 1; NaN where the solution is no number.
    pub(super) fn attempt(
        slope: impl Fn(f64, &SVector<f64, N>) -> SVector<f64, N>,
        from_s: f64,
        begin: &SVector<f64, N>,
        span_s: f64,
        tolerance: Tolerance,
    ) -> Result<Self, f64> {
        let settings = AdaptiveSettings {
            initial_step: Some(span_s),
            // The library takes the step whatever its error.
            min_step: f64::INFINITY,
            ..AdaptiveSettings::default()
        };
        let mut slopes = [SVector::<f64, N>::zeros(); STAGES];
        let (mut stage, mut error) = (0, 0.0);
        let state_slope = |after_s: f64, rise: &Vector<f64, 6>| {
            if stage == CORE {
                error = tolerance.size(&sum(&slopes, &ERROR)) * span_s.abs();
            }
            // Of a step that is refused nothing more is worth computing.
            if stage < CORE || error <= 1.0 {
                let at = point(rise, begin, &slopes, &STAGE[stage], span_s);
                slopes[stage] = slope(from_s + after_s, &at);
            }
            stage += 1;
            Vector::from_slice(&slopes[stage - 1].as_slice()[..6])
        };
        // From zero to the end of the step, so that it is the only one.
        let taken = RKV98::integrate(0.0, span_s, &Vector::zeros(), state_slope, &settings).map_err(|_| f64::NAN)?;
        let end = point(&taken.y, begin, &slopes, &END, span_s);
        if !end.iter().all(|x| x.is_finite()) {
            return Err(f64::NAN);
        }
        if error > 1.0 {
            return Err(error);
        }
        let rise = |power: usize| sum(&slopes, &DENSE.map(|row| row[power])) * span_s;
        Ok(Self {
            from_s,
            span_s,
            end,
            error,
            begin: *begin,
            rise: std::array::from_fn(rise),
        })
    }

    /// Where the step ends, seconds after the start of the flight.
    pub(super) fn until_s(&self) -> f64 {
        self.from_s + self.span_s
    }

    /// Returns the first `M` components of the solution at a share of the step (0 at its begin, 1 at its end).
    #[inline]
    pub(super) fn at_share<const M: usize>(&self, share: f64) -> SVector<f64, M> {
        let mut risen = SVector::<f64, M>::zeros();
        for power in self.rise.iter().rev() {
            risen = (risen + power.fixed_rows::<M>(0)) * share;
        }
        risen + self.begin.fixed_rows::<M>(0)
    }
}

/// A weighted sum of slopes.
fn sum<const N: usize>(slopes: &[SVector<f64, N>], weights: &[f64; STAGES]) -> SVector<f64, N> {
    let mut sum = SVector::<f64, N>::zeros();
    for (slope, weight) in slopes.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
        sum.axpy(*weight, slope, 1.0);
    }
    sum
}

/// The solution where position and velocity have risen by what the library says.
fn point<const N: usize>(
    rise: &Vector<f64, 6>,
    begin: &SVector<f64, N>,
    slopes: &[SVector<f64, N>],
    weights: &[f64; STAGES],
    span_s: f64,
) -> SVector<f64, N> {
    let mut all = SVector::zeros();
    if N > 6 {
        all = sum(slopes, weights) * span_s;
    }
    all.as_mut_slice()[..6].copy_from_slice(rise.as_slice());
    begin + all
}

/// Returns a first step size (its sign that of `limit_s`): two trial slopes, Hairer's algorithm of II.4.
pub(super) fn first_span_s<const N: usize>(
    slope: impl Fn(f64, &SVector<f64, N>) -> SVector<f64, N>,
    from_s: f64,
    begin: &SVector<f64, N>,
    limit_s: f64,
    tolerance: Tolerance,
) -> f64 {
    let size = |x: &SVector<f64, N>| tolerance.size(x);
    let begin_slope = slope(from_s, begin);
    let (far, steep) = (size(begin), size(&begin_slope));
    let trial_s = if far < 1e-5 || steep < 1e-5 {
        1e-6
    } else {
        0.01 * far / steep
    };
    let trial_s = trial_s.min(limit_s.abs()) * limit_s.signum();
    let ahead = begin + begin_slope * trial_s;
    let bend = size(&(slope(from_s + trial_s, &ahead) - begin_slope)) / trial_s.abs();
    let steepest = steep.max(bend);
    let span_s = if steepest <= 1e-15 {
        (trial_s.abs() * 1e-3).max(1e-6)
    } else {
        pow(0.01 / steepest, 1.0 / ERROR_ORDER)
    };
    span_s.min(100.0 * trial_s.abs()).min(limit_s.abs()) * limit_s.signum()
}

/// Returns by what to multiply the step after an attempt with this error.
pub(super) fn growth(error: f64) -> f64 {
    if error == 0.0 {
        return GROWTH.1;
    }
    (SAFETY * pow(error, -1.0 / ERROR_ORDER)).clamp(GROWTH.0, GROWTH.1)
}
