//! A Gaussian belief about one object and the constant errors of all sensors that look at it.
//!
//! State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, 3 of the motion model, biases…]`, ECEF. The biases stay; they are
//! estimated along with the object, so what is not known of them is in the covariance of the object from the first plot
//! on. Source: Bar-Shalom, Li & Kirubarajan, Estimation with applications to tracking and navigation (2001), section
//! 11.2 (state augmentation).

use estimate::belief::{cholesky, symmetrised};
use estimate::motion::MotionModel;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3, Vector6};

use crate::sight::{Linear, ROWS_MAX, Sight, UseLinear};
use crate::slots::{MOVING, Slots};

/// What is believed.
#[derive(Clone, Debug)]
pub(crate) struct Belief {
    size: usize,
    mean: Vec<f64>,
    /// Row by row, symmetric to the bit.
    covariance: Vec<f64>,
    work: Vec<f64>,
}

/// How well a plot and a belief agree.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Agreement {
    /// Normalised innovation squared.
    pub nis: f64,
    /// How many scalars.
    pub rows: usize,
    /// Natural logarithm of the density.
    pub log_likelihood: f64,
}

impl Belief {
    /// Begins with one plot that is a place; `None` of one that is not. Sigmas of the velocity and of what follows it.
    pub fn begin(sight: &Sight, slots: &Slots, speed_sigma_mps: f64, rest_sigmas: [f64; 3]) -> Option<Self> {
        let first = sight.first(slots)?;
        let size = slots.size();
        let mut belief = Self {
            size,
            mean: vec![0.0; size],
            covariance: vec![0.0; size * size],
            work: vec![0.0; size * MOVING],
        };
        for (i, sigma) in slots.sigmas().iter().enumerate() {
            belief.covariance[(MOVING + i) * (size + 1)] = sigma * sigma;
        }
        let mut measured = first.noise;
        for (row, place) in first.biases.iter().enumerate() {
            let Some(place) = *place else { continue };
            let variance = belief.covariance[place * (size + 1)];
            measured[(row, row)] += variance;
            for axis in 0..3 {
                // place = back · (measured - bias)
                let cross = -first.back[(axis, row)] * variance;
                belief.covariance[axis * size + place] = cross;
                belief.covariance[place * size + axis] = cross;
            }
        }
        let place = symmetrised(&(first.back * measured * first.back.transpose()));
        for row in 0..3 {
            belief.mean[row] = first.place[row];
            for column in 0..3 {
                belief.covariance[row * size + column] = place[(row, column)];
            }
            belief.covariance[(3 + row) * (size + 1)] = speed_sigma_mps * speed_sigma_mps;
            belief.covariance[(6 + row) * (size + 1)] = rest_sigmas[row] * rest_sigmas[row];
        }
        Some(belief)
    }

    /// Position and velocity.
    pub fn state(&self) -> Vector6<f64> {
        Vector6::from_fn(|row, _| self.mean[row])
    }

    /// The first `N` components.
    pub fn mean<const N: usize>(&self) -> SVector<f64, N> {
        SVector::from_fn(|row, _| self.mean[row])
    }

    /// Covariance of the first `N` components.
    pub fn covariance<const N: usize>(&self) -> SMatrix<f64, N, N> {
        SMatrix::from_fn(|row, column| self.covariance[row * self.size + column])
    }

    /// Variance of one component.
    pub fn variance(&self, place: usize) -> f64 {
        self.covariance[place * (self.size + 1)]
    }

    /// Standard deviation of position in the worst direction, at most.
    pub fn position_sigma_m(&self) -> f64 {
        self.covariance::<3>().trace().max(0.0).sqrt()
    }

    /// Whether all means and variances are numbers, and no variance is negative.
    pub fn is_sound(&self) -> bool {
        (0..self.size).all(|i| {
            let variance = self.covariance[i * (self.size + 1)];
            variance >= 0.0 && variance.is_finite() && self.mean[i].is_finite()
        })
    }

    /// Sets a component to a value of its own, uncorrelated.
    pub fn reset(&mut self, place: usize, value: f64, sigma: f64) {
        let n = self.size;
        for i in 0..n {
            self.covariance[place * n + i] = 0.0;
            self.covariance[i * n + place] = 0.0;
        }
        self.mean[place] = value;
        self.covariance[place * (n + 1)] = sigma * sigma;
    }

    /// Adds to the variance of a component.
    pub fn widen(&mut self, place: usize, sigma: f64) {
        self.covariance[place * (self.size + 1)] += sigma * sigma;
    }

    /// Moves the first `N` components by a time span.
    pub fn predict<const N: usize>(&mut self, model: &impl MotionModel<N>, dt_s: f64) {
        let n = self.size;
        let moved = model.transition(&self.mean::<N>(), dt_s);
        for row in 0..N {
            self.mean[row] = moved.state[row];
        }
        let work = &mut self.work[..N * n];
        for (row, out) in work.chunks_exact_mut(n).enumerate() {
            out.fill(0.0);
            for (k, of) in self.covariance.chunks_exact(n).take(N).enumerate() {
                let factor = moved.jacobian[(row, k)];
                if factor != 0.0 {
                    for (sum, value) in out.iter_mut().zip(of) {
                        *sum += factor * value;
                    }
                }
            }
        }
        let left = SMatrix::<f64, N, N>::from_fn(|row, column| work[row * n + column]);
        let block = symmetrised(&(left * moved.jacobian.transpose() + moved.noise));
        for row in 0..N {
            for column in 0..N {
                self.covariance[row * n + column] = block[(row, column)];
            }
            for column in N..n {
                let cross = work[row * n + column];
                self.covariance[row * n + column] = cross;
                self.covariance[column * n + row] = cross;
            }
        }
    }

    /// How well a plot agrees; nothing changes. `None` where the sensor has no slope there.
    pub fn weigh(&mut self, sight: &Sight, slots: &Slots) -> Option<Agreement> {
        self.meet(sight, slots, None)
    }

    /// Takes a plot in, unless its NIS is above the gate of its size.
    pub fn update(&mut self, sight: &Sight, slots: &Slots, gates: &[f64; ROWS_MAX]) -> Option<Agreement> {
        self.meet(sight, slots, Some(gates))
    }

    fn meet(&mut self, sight: &Sight, slots: &Slots, gates: Option<&[f64; ROWS_MAX]>) -> Option<Agreement> {
        let mean = std::mem::take(&mut self.mean);
        let state = Vector6::from_fn(|row, _| mean[row]);
        let mut later = mean.clone();
        let correct = Correct {
            belief: self,
            mean: &mut later,
            gates,
        };
        let agreement = sight.linearize(&state, &mean, slots, correct);
        self.mean = later;
        agreement.ok().flatten()
    }
}

struct Correct<'a> {
    belief: &'a mut Belief,
    mean: &'a mut [f64],
    gates: Option<&'a [f64; ROWS_MAX]>,
}

impl UseLinear for Correct<'_> {
    type Output = Option<Agreement>;

    fn with<const M: usize>(self, linear: &Linear<M>) -> Option<Agreement> {
        let n = self.belief.size;
        let covariance = &mut self.belief.covariance;
        // H P, row by row.
        let work = &mut self.belief.work[..M * n];
        for (row, out) in work.chunks_exact_mut(n).enumerate() {
            out.fill(0.0);
            let mut add = |place: usize, factor: f64| {
                if factor != 0.0 {
                    for (sum, value) in out.iter_mut().zip(&covariance[place * n..(place + 1) * n]) {
                        *sum += factor * value;
                    }
                }
            };
            for place in 0..6 {
                add(place, linear.jacobian[(row, place)]);
            }
            if let Some(place) = linear.biases[row] {
                add(place, 1.0);
            }
            if let Some((place, slope)) = &linear.clock {
                add(*place, slope[row]);
            }
        }
        let innovation = SMatrix::<f64, M, M>::from_fn(|row, column| {
            let of = &work[row * n..(row + 1) * n];
            let by_state: f64 = (0..6).map(|k| of[k] * linear.jacobian[(column, k)]).sum();
            let by_bias = linear.biases[column].map_or(0.0, |place| of[place]);
            let by_clock = linear
                .clock
                .as_ref()
                .map_or(0.0, |(place, slope)| of[*place] * slope[column]);
            by_state + by_bias + by_clock + linear.noise[(row, column)]
        });
        let factor = cholesky(&symmetrised(&innovation)).ok()?;
        let lower = factor.l();
        let white = lower.solve_lower_triangular(&linear.residual)?;
        let agreement = agreement::<M>(&white, &lower);
        let Some(gates) = self.gates else {
            return Some(agreement);
        };
        if agreement.nis.is_nan() || agreement.nis > gates[M - 1] {
            return Some(agreement);
        }
        whiten::<M>(work, n, &lower);
        for (row, of) in work.chunks_exact(n).enumerate() {
            for (mean, value) in self.mean.iter_mut().zip(of) {
                *mean += white[row] * value;
            }
        }
        for (place, out) in covariance.chunks_exact_mut(n).enumerate() {
            for of in work.chunks_exact(n) {
                let factor = of[place];
                for (element, value) in out.iter_mut().zip(of) {
                    *element -= factor * value;
                }
            }
        }
        Some(agreement)
    }
}

fn agreement<const M: usize>(white: &SVector<f64, M>, lower: &SMatrix<f64, M, M>) -> Agreement {
    const LN_TAU: f64 = 1.837_877_066_409_345_3;
    let nis = white.norm_squared();
    let log_root: f64 = geo::math::ln((0..M).map(|i| lower[(i, i)]).product());
    Agreement {
        nis,
        rows: M,
        log_likelihood: -0.5 * (nis + M as f64 * LN_TAU) - log_root,
    }
}

/// `L⁻¹ (H P)` in place.
fn whiten<const M: usize>(work: &mut [f64], n: usize, lower: &SMatrix<f64, M, M>) {
    for row in 0..M {
        let (before, rest) = work.split_at_mut(row * n);
        let out = &mut rest[..n];
        for (k, of) in before.chunks_exact(n).enumerate() {
            let factor = lower[(row, k)];
            for (value, known) in out.iter_mut().zip(of) {
                *value -= factor * known;
            }
        }
        let scale = 1.0 / lower[(row, row)];
        for value in out {
            *value *= scale;
        }
    }
}

/// Squared Mahalanobis length of an error of position; `None` where the covariance has no factor.
pub(crate) fn nees3(error: &Vector3<f64>, covariance: &Matrix3<f64>) -> Option<f64> {
    let factor = cholesky(covariance).ok()?;
    Some(factor.l().solve_lower_triangular(error)?.norm_squared())
}
