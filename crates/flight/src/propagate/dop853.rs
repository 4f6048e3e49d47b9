//! The Runge-Kutta method of Dormand and Prince, order 8(5,3), with dense output of order 7.
//!
//! Source: Hairer, Nørsett, Wanner, Solving ordinary differential equations I (2nd edition, 1993), II.4 to II.6.
//! Differs
//! from their code in the error norm, which sees position and velocity only, as vectors: partials ride along, so a
//! flight
//! with partials takes the very steps of the flight without.

use geo::math::pow;
use nalgebra::SVector;

use super::tableau::{A, C, D, E3, E5, Row};

/// The error allowed in one step.
#[derive(Copy, Clone, Debug)]
pub(super) struct Tolerance {
    pub(super) position_m: f64,
    pub(super) velocity_mps: f64,
}

/// One accepted step and its interpolant.
#[derive(Clone, Debug)]
pub(super) struct Step<const N: usize> {
    /// Where the step begins, seconds after the start of the flight.
    pub(super) from_s: f64,
    /// How far it goes, negative backwards.
    pub(super) span_s: f64,
    coefficients: [SVector<f64, N>; 8],
}

impl<const N: usize> Step<N> {
    /// Returns the solution at a share of the step (0 at its begin, 1 at its end) for the first `M` components.
    #[inline]
    pub(super) fn at_share<const M: usize>(&self, share: f64) -> SVector<f64, M> {
        let rest = 1.0 - share;
        let part = |i: usize| self.coefficients[i].fixed_rows::<M>(0);
        let mut sum: SVector<f64, M> = part(7) * share;
        for (i, factor) in [(6, rest), (5, share), (4, rest), (3, share), (2, rest), (1, share)] {
            sum += part(i);
            sum *= factor;
        }
        sum + part(0)
    }

    /// Where the step ends, seconds after the start of the flight.
    pub(super) fn until_s(&self) -> f64 {
        self.from_s + self.span_s
    }
}

/// The right-hand side, and where its evaluation goes.
pub(super) trait System<const N: usize> {
    /// Returns the slope of the solution.
    fn slope(&self, after_start_s: f64, solution: &SVector<f64, N>) -> SVector<f64, N>;
}

/// An integration under way: `stages[0]` holds the slope at `solution`.
pub(super) struct Dop853<const N: usize> {
    /// Seconds after the start of the flight.
    pub(super) at_s: f64,
    /// The solution there.
    pub(super) solution: SVector<f64, N>,
    stages: Box<[SVector<f64, N>; 16]>,
    tolerance: Tolerance,
}

impl<const N: usize> Dop853<N> {
    pub(super) fn new(system: &impl System<N>, at_s: f64, solution: SVector<f64, N>, tolerance: Tolerance) -> Self {
        let mut stages = Box::new([SVector::zeros(); 16]);
        stages[0] = system.slope(at_s, &solution);
        Self {
            at_s,
            solution,
            stages,
            tolerance,
        }
    }

    /// Evaluates a stage of a step.
    fn stage(&mut self, system: &impl System<N>, index: usize, span_s: f64) -> SVector<f64, N> {
        let point = self.solution + self.combine(A[index]) * span_s;
        self.stages[index] = system.slope(self.at_s + C[index] * span_s, &point);
        point
    }

    fn combine(&self, row: Row) -> SVector<f64, N> {
        let mut sum = SVector::<f64, N>::zeros();
        for (stage, weight) in row {
            sum.axpy(*weight, &self.stages[*stage], 1.0);
        }
        sum
    }

    /// Tries a step; returns the solution at its end and the error as a multiple of what is allowed.
    pub(super) fn attempt(&mut self, system: &impl System<N>, span_s: f64) -> (SVector<f64, N>, f64) {
        for index in 1..12 {
            self.stage(system, index, span_s);
        }
        // The last row is the step itself; its slope serves the error of nothing but dense output and the next step.
        let end = self.stage(system, 12, span_s);
        let (error_5, error_3) = (self.norm(E5), self.norm(E3));
        let scale = error_5 + 0.01 * error_3;
        let error = if scale > 0.0 {
            span_s.abs() * error_5 / (2.0 * scale).sqrt()
        } else if scale == 0.0 {
            0.0
        } else {
            f64::NAN
        };
        (end, error)
    }

    /// Squared error of position and velocity against the tolerance, per second of step.
    fn norm(&self, row: Row) -> f64 {
        let mut sum = SVector::<f64, 6>::zeros();
        for (stage, weight) in row {
            sum += self.stages[*stage].fixed_rows::<6>(0) * *weight;
        }
        let (position, velocity) = (sum.fixed_rows::<3>(0), sum.fixed_rows::<3>(3));
        position.norm_squared() / (self.tolerance.position_m * self.tolerance.position_m)
            + velocity.norm_squared() / (self.tolerance.velocity_mps * self.tolerance.velocity_mps)
    }

    /// Accepts the step just attempted: makes its interpolant and moves on.
    pub(super) fn accept(&mut self, system: &impl System<N>, span_s: f64, end: SVector<f64, N>) -> Step<N> {
        for index in 13..16 {
            self.stage(system, index, span_s);
        }
        let rise = end - self.solution;
        let begin_bend = self.stages[0] * span_s - rise;
        let mut coefficients = [SVector::zeros(); 8];
        coefficients[0] = self.solution;
        coefficients[1] = rise;
        coefficients[2] = begin_bend;
        coefficients[3] = rise - self.stages[12] * span_s - begin_bend;
        for (index, row) in D.iter().enumerate() {
            coefficients[4 + index] = self.combine(row) * span_s;
        }
        let step = Step {
            from_s: self.at_s,
            span_s,
            coefficients,
        };
        self.stages[0] = self.stages[12];
        self.solution = end;
        self.at_s += span_s;
        step
    }

    /// Returns a first step size (its sign that of `direction`): two trial slopes, Hairer's algorithm of II.4.
    pub(super) fn first_span_s(&self, system: &impl System<N>, limit_s: f64) -> f64 {
        let weighted = |x: &SVector<f64, N>| {
            let (p, v) = (x.fixed_rows::<3>(0).norm(), x.fixed_rows::<3>(3).norm());
            (p / self.tolerance.position_m).max(v / self.tolerance.velocity_mps)
        };
        let (size, slope) = (weighted(&self.solution), weighted(&self.stages[0]));
        let trial_s = if size < 1e-5 || slope < 1e-5 {
            1e-6
        } else {
            0.01 * size / slope
        };
        let trial_s = trial_s.min(limit_s.abs()) * limit_s.signum();
        let ahead = self.solution + self.stages[0] * trial_s;
        let bend = weighted(&(system.slope(self.at_s + trial_s, &ahead) - self.stages[0])) / trial_s.abs();
        let steepest = slope.max(bend);
        let span_s = if steepest <= 1e-15 {
            (trial_s.abs() * 1e-3).max(1e-6)
        } else {
            pow(0.01 / steepest, 0.125)
        };
        span_s.min(100.0 * trial_s.abs()).min(limit_s.abs()) * limit_s.signum()
    }

    /// Returns by what to multiply the step after an attempt with this error.
    pub(super) fn growth(error: f64) -> f64 {
        if error == 0.0 {
            return 6.0;
        }
        (0.9 * pow(error, -0.125)).clamp(0.333, 6.0)
    }
}
