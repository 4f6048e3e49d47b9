//! The constant errors of all sensors, estimated from the objects that several of them see.
//!
//! Each track is filtered as if the errors were what they are believed to be, and keeps how its estimate depends on
//! them ([`Sensitivity`]); what the plots of all tracks say of the errors goes into one belief about them all. Given
//! the errors the objects are independent, so this is the estimator of all objects and all errors together, but for
//! what the nonlinear models and the mixing of modes leave out.
//!
//! Source: Friedland, Treatment of bias in recursive filtering, IEEE Transactions on Automatic Control 14(4) (1969);
//! several objects as in Lin, Bar-Shalom & Kirubarajan, Exact multisensor dynamic bias estimation with local tracks
//! (2004).

use std::sync::Arc;

use estimate::belief::{Gaussian, cholesky, symmetrised};
use estimate::sensor::{Bias, LineOfSight, Observation, PolarQuantity, Reading, SensorModel};
use nalgebra::{Matrix6, SMatrix, SVector, Vector6};
use plot::{Quantity, Sensor};

use crate::groups::{Group, Groups};
use crate::report::RegistrationReport;

/// A constant error that a sensor does not speak of: so many of its sigmas.
const UNSTATED: f64 = 1.0;
/// An innovation beyond this (squared, per scalar) says nothing of constant errors.
const NIS_MAX: f64 = 9.0;
/// Nothing is learnt from an innovation of which less than this part, in variance, is of constant errors: what is not
/// known of them is then a thirtieth of the noise. What is not learnt stays in the covariance.
const PART_MIN: f64 = 1e-3;
/// Constant errors wander: by so many of their priors in an hour.
const WANDER_PER_HOUR: f64 = 0.1;

/// Kinds of constant error of a sensor.
const KINDS: usize = 4;
const CLOCK: usize = 3;

/// What is believed of the constant errors: `[range_m, azimuth_rad, elevation_rad, clock_s]` of each sensor.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// By sensor and kind: where it stands.
    slots: Arc<[[Option<usize>; KINDS]]>,
    priors: Arc<[f64]>,
    /// By slot: whether its sensor has been heard. Before, its errors are as stated, whenever it is admitted.
    heard: Vec<bool>,
    mean: Vec<f64>,
    /// How well they are known, as it was when something was learnt last.
    groups: Groups,
    /// How far each error has wandered since, as a variance: it is no reason to copy a covariance.
    wandered: Vec<f64>,
}

/// How an estimate depends on the errors: its error is noise and the sum of these times what the errors are beyond
/// what was believed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sensitivity {
    /// Slot, slope (6), and what was believed of the error when the estimate was last corrected; by slot.
    columns: Vec<(usize, Vector6<f64>, f64)>,
}

/// A plot linearised: residual, slope by the state, noise, slopes by the errors of its sensor.
struct Linear<const M: usize> {
    residual: SVector<f64, M>,
    jacobian: SMatrix<f64, M, 6>,
    noise: SMatrix<f64, M, M>,
    errors: Vec<(usize, SVector<f64, M>)>,
}

impl Registration {
    /// Begins with what the sensors state.
    pub fn new(sensors: &[Sensor]) -> Self {
        let mut registration = Self {
            slots: Arc::default(),
            priors: Arc::default(),
            heard: Vec::new(),
            mean: Vec::new(),
            groups: Groups::default(),
            wandered: Vec::new(),
        };
        for (at, sensor) in sensors.iter().enumerate() {
            registration.admit(sensor, at);
        }
        registration
    }

    /// Takes a sensor in that stands at a place of the list: those from there on move up. Its first slot, and how many
    /// it has.
    pub fn admit(&mut self, sensor: &Sensor, at: usize) -> (usize, usize) {
        let stated: Vec<(usize, f64)> = stated(sensor).collect();
        let count = stated.len();
        let first = self.slots[..at].iter().flatten().flatten().count();
        let mut slots = self.slots.to_vec();
        for slot in slots[at..].iter_mut().flatten().flatten() {
            *slot += count;
        }
        let mut own = [None; KINDS];
        for (slot, (kind, _)) in (first..).zip(&stated) {
            own[*kind] = Some(slot);
        }
        slots.insert(at, own);
        self.slots = slots.into();
        let variances: Vec<f64> = stated.iter().map(|(_, sigma)| sigma * sigma).collect();
        self.groups.admit(first, &variances);
        let (before, after) = self.priors.split_at(first);
        let added = stated.iter().map(|(_, sigma)| *sigma);
        self.priors = before
            .iter()
            .copied()
            .chain(added)
            .chain(after.iter().copied())
            .collect();
        self.mean.splice(first..first, stated.iter().map(|_| 0.0));
        self.heard.splice(first..first, stated.iter().map(|_| false));
        self.wandered.splice(first..first, stated.iter().map(|_| 0.0));
        (first, count)
    }

    /// Notes that a sensor is heard: from now on its errors may wander.
    pub fn hear(&mut self, sensor: usize) {
        for slot in self.slots[sensor].iter().flatten() {
            self.heard[*slot] = true;
        }
    }

    /// What is known of the errors of a sensor.
    pub fn report(&self, sensor: usize) -> Vec<RegistrationReport> {
        let quantities = [
            Some(Quantity::Range),
            Some(Quantity::Azimuth),
            Some(Quantity::Elevation),
            None,
        ];
        let of = |(quantity, slot): (Option<Quantity>, &Option<usize>)| {
            let slot = (*slot)?;
            Some(RegistrationReport {
                quantity,
                mean: self.mean[slot],
                sigma: self.variance(slot).max(0.0).sqrt(),
                prior_sigma: self.priors[slot],
            })
        };
        quantities.into_iter().zip(&self.slots[sensor]).filter_map(of).collect()
    }

    /// The reading with the believed errors in its model, and noisier by what is not known of those that act on the
    /// innovation of an estimate.
    pub fn apply(&self, reading: &Reading, sensor: usize, state: &Vector6<f64>, sensitivity: &Sensitivity) -> Reading {
        match self.with_means(reading, sensor) {
            Reading::Polar1(o) => Reading::Polar1(self.widened(o, sensor, state, sensitivity)),
            Reading::Polar2(o) => Reading::Polar2(self.widened(o, sensor, state, sensitivity)),
            Reading::Polar3(o) => Reading::Polar3(self.widened(o, sensor, state, sensitivity)),
            Reading::Polar4(o) => Reading::Polar4(self.widened(o, sensor, state, sensitivity)),
            stated => stated,
        }
    }

    /// The reading with the believed errors in its model.
    pub fn with_means(&self, reading: &Reading, sensor: usize) -> Reading {
        let of = |kind: usize| self.slots[sensor][kind].map_or(0.0, |slot| self.mean[slot]);
        let bias = Bias {
            range_m: of(0),
            azimuth_rad: of(1),
            elevation_rad: of(2),
            range_rate_mps: 0.0,
            time_s: of(CLOCK),
        };
        let mut reading = *reading;
        match &mut reading {
            Reading::Polar1(o) => o.model.bias = bias,
            Reading::Polar2(o) => o.model.bias = bias,
            Reading::Polar3(o) => o.model.bias = bias,
            Reading::Polar4(o) => o.model.bias = bias,
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {}
        }
        reading
    }

    fn widened<const M: usize>(
        &self,
        mut observation: Observation<LineOfSight<M>, M>,
        sensor: usize,
        state: &Vector6<f64>,
        sensitivity: &Sensitivity,
    ) -> Observation<LineOfSight<M>, M> {
        if let Some(linear) = self.linearize(&observation, sensor, state) {
            let slopes = slopes(&linear, sensitivity);
            let variances = self.variances(&slopes);
            for (sigma, variance) in observation.model.sigmas.iter_mut().zip(variances.iter()) {
                *sigma = (*sigma * *sigma + variance).sqrt();
            }
        }
        observation
    }

    /// The constant errors that act on a reading (rows of it, of four), and how.
    ///
    /// `state` is what is measured (6), ECEF.
    pub fn errors(&self, reading: &Reading, sensor: usize, state: &Vector6<f64>) -> Vec<(usize, SVector<f64, 4>)> {
        match reading {
            Reading::Polar1(o) => self.errors_of(o, sensor, state),
            Reading::Polar2(o) => self.errors_of(o, sensor, state),
            Reading::Polar3(o) => self.errors_of(o, sensor, state),
            Reading::Polar4(o) => self.errors_of(o, sensor, state),
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => Vec::new(),
        }
    }

    fn errors_of<const M: usize>(
        &self,
        observation: &Observation<LineOfSight<M>, M>,
        sensor: usize,
        state: &Vector6<f64>,
    ) -> Vec<(usize, SVector<f64, 4>)> {
        let linear = self.linearize(observation, sensor, state);
        let errors = linear.map_or_else(Vec::new, |linear| linear.errors).into_iter();
        let four = |error: SVector<f64, M>| SVector::from_fn(|row, _| if row < M { error[row] } else { 0.0 });
        errors.map(|(slot, error)| (slot, four(error))).collect()
    }

    /// What is not known of an error: its variance.
    pub fn variance(&self, slot: usize) -> f64 {
        self.groups.of_pair(slot, slot) + self.wandered[slot]
    }

    /// Variances of the rows of an innovation by the errors that act on it.
    fn variances<const M: usize>(&self, slopes: &[(usize, SVector<f64, M>)]) -> SVector<f64, M> {
        let mut half = SVector::<f64, M>::zeros();
        for (at, (row, slope)) in slopes.iter().enumerate() {
            let covariance = self.groups.row(*row);
            let mut weighed = *slope * (0.5 * (covariance.with(*row) + self.wandered[*row]));
            for (column, other) in &slopes[..at] {
                weighed += other * covariance.with(*column);
            }
            half += slope.component_mul(&weighed);
        }
        half.map(|variance| (2.0 * variance).max(0.0))
    }

    /// Lets the errors of the sensors that were heard wander for a time.
    pub fn wander(&mut self, span_s: f64) {
        for ((wandered, prior), is_heard) in self.wandered.iter_mut().zip(&*self.priors).zip(&self.heard) {
            if *is_heard {
                let step = WANDER_PER_HOUR * prior;
                *wandered += step * step * span_s / 3_600.0;
            }
        }
    }

    /// Whether nothing was learnt since an estimate was last corrected.
    pub fn is_known_to(&self, sensitivity: &Sensitivity) -> bool {
        sensitivity
            .columns
            .iter()
            .all(|(slot, _, believed)| *believed == self.mean[*slot])
    }

    /// What an estimate has to be moved by for what was learnt since it was last corrected.
    pub fn correction(&self, sensitivity: &mut Sensitivity) -> Vector6<f64> {
        let mut sum = Vector6::zeros();
        for (slot, slope, believed) in &mut sensitivity.columns {
            sum -= *slope * (self.mean[*slot] - *believed);
            *believed = self.mean[*slot];
        }
        sum
    }

    /// Covariance (6×6) that an estimate has from what is not known of the errors.
    pub fn considered(&self, sensitivity: &Sensitivity) -> Matrix6<f64> {
        let mut half = Matrix6::zeros();
        for (at, (row, slope, _)) in sensitivity.columns.iter().enumerate() {
            let covariance = self.groups.row(*row);
            let mut weighed = *slope * (0.5 * (covariance.with(*row) + self.wandered[*row]));
            for (column, other, _) in &sensitivity.columns[..at] {
                weighed += *other * covariance.with(*column);
            }
            half += *slope * weighed.transpose();
        }
        half + half.transpose()
    }

    /// Takes one plot into what an estimate depends on: `G⁺ = (I - K H) G + K E`, and, where asked, into the belief
    /// about the errors.
    ///
    /// `belief` is the estimate before the plot (6), without what the errors add.
    pub fn take(
        &mut self,
        reading: &Reading,
        sensor: usize,
        belief: &Gaussian<6>,
        sensitivity: &mut Sensitivity,
        is_learning: bool,
    ) {
        match self.with_means(reading, sensor) {
            Reading::Polar1(o) => self.take_polar(&o, sensor, belief, sensitivity, is_learning),
            Reading::Polar2(o) => self.take_polar(&o, sensor, belief, sensitivity, is_learning),
            Reading::Polar3(o) => self.take_polar(&o, sensor, belief, sensitivity, is_learning),
            Reading::Polar4(o) => self.take_polar(&o, sensor, belief, sensitivity, is_learning),
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {}
        };
    }

    fn take_polar<const M: usize>(
        &mut self,
        observation: &Observation<LineOfSight<M>, M>,
        sensor: usize,
        belief: &Gaussian<6>,
        sensitivity: &mut Sensitivity,
        is_learning: bool,
    ) {
        let Some(linear) = self.linearize(observation, sensor, &belief.mean) else {
            return;
        };
        let slopes = slopes(&linear, sensitivity);
        let cross = belief.covariance * linear.jacobian.transpose();
        let own = linear.jacobian * cross + linear.noise;
        // The gain of the filter counts what is not known of the errors as noise, row by row.
        let unknown = self.variances(&slopes);
        let wider = own + SMatrix::from_diagonal(&unknown);
        let Ok(factor) = cholesky(&symmetrised(&wider)) else {
            return;
        };
        let gain = factor.solve(&cross.transpose()).transpose();
        for (slot, slope) in &slopes {
            let added = gain * slope;
            match sensitivity.columns.binary_search_by_key(slot, |(of, ..)| *of) {
                Ok(at) => sensitivity.columns[at].1 += added,
                Err(at) => sensitivity.columns.insert(at, (*slot, added, self.mean[*slot])),
            }
        }
        let is_telling = (0..M).any(|row| unknown[row] > PART_MIN * own[(row, row)]);
        if is_learning && is_telling {
            self.learn(&linear.residual, &own, &slopes);
        }
    }

    fn linearize<const M: usize>(
        &self,
        observation: &Observation<LineOfSight<M>, M>,
        sensor: usize,
        state: &Vector6<f64>,
    ) -> Option<Linear<M>> {
        let (expected, jacobian) = SensorModel::<6, M>::linearize(&observation.model, state).ok()?;
        let velocity: nalgebra::Vector3<f64> = state.fixed_rows::<3>(3).into();
        let mut errors = Vec::new();
        for (row, quantity) in observation.model.quantities.iter().enumerate() {
            let kind = match quantity {
                PolarQuantity::Range => 0,
                PolarQuantity::Azimuth => 1,
                PolarQuantity::Elevation => 2,
                PolarQuantity::RangeRate => continue,
            };
            if let Some(slot) = self.slots[sensor][kind] {
                let mut column = SVector::<f64, M>::zeros();
                column[row] = 1.0;
                errors.push((slot, column));
            }
        }
        if let Some(slot) = self.slots[sensor][CLOCK] {
            errors.push((slot, -(jacobian.fixed_columns::<3>(0) * velocity)));
        }
        Some(Linear {
            residual: SensorModel::<6, M>::residual(&observation.model, &observation.measured, &expected),
            jacobian,
            noise: SensorModel::<6, M>::noise(&observation.model),
            errors,
        })
    }

    /// The Kalman filter of the errors: measured is the innovation of a track.
    fn learn<const M: usize>(
        &mut self,
        residual: &SVector<f64, M>,
        own: &SMatrix<f64, M, M>,
        slopes: &[(usize, SVector<f64, M>)],
    ) {
        let number = self.groups.join(slopes.iter().map(|(slot, _)| *slot));
        let group = &self.groups.list[number];
        let k = group.slots.len();
        // B D' of those slots, a row for each of the innovation's: the rows of a covariance are its columns too.
        let mut cross = vec![0.0; M * k];
        let mut line = vec![0.0; k];
        for (slot, slope) in slopes {
            let place = self.groups.place(*slot);
            line.copy_from_slice(group.row(place));
            line[place] += self.wandered[*slot];
            for (sums, slope) in cross.chunks_exact_mut(k).zip(slope) {
                add(sums, *slope, &line);
            }
        }
        let mut whole = *own;
        for (slot, slope) in slopes {
            let place = self.groups.place(*slot);
            whole += slope * SVector::<f64, M>::from_fn(|row, _| cross[row * k + place]).transpose();
        }
        let Ok(factor) = cholesky(&symmetrised(&whole)) else {
            return;
        };
        let weighed = factor.solve(residual);
        if residual.dot(&weighed) > NIS_MAX * M as f64 {
            return;
        }
        for (cross, weight) in cross.chunks_exact(k).zip(&weighed) {
            for (value, slot) in cross.iter().zip(&group.slots) {
                self.mean[*slot] += weight * value;
            }
        }
        // L⁻¹ D B: what is subtracted is a product of it with itself, symmetric to the bit.
        let lower = factor.l();
        for row in 0..M {
            let (before, own) = cross.split_at_mut(row * k);
            for (before, part) in before.chunks_exact(k).zip(&lower.row(row)) {
                add(&mut own[..k], -part, before);
            }
            own[..k].iter_mut().for_each(|value| *value /= lower[(row, row)]);
        }
        let Group { slots, covariance } = Arc::make_mut(&mut self.groups.list[number]);
        for ((place, slot), row) in slots.iter().enumerate().zip(covariance.chunks_exact_mut(k)) {
            line.fill(0.0);
            for gained in cross.chunks_exact(k) {
                add(&mut line, -gained[place], gained);
            }
            line[place] += std::mem::take(&mut self.wandered[*slot]);
            row.iter_mut().zip(&line).for_each(|(value, added)| *value += added);
        }
    }
}

/// Adds so many times some values to others, one by one.
fn add(sums: &mut [f64], times: f64, values: &[f64]) {
    if times != 0.0 {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += times * value;
        }
    }
}

/// The kinds of constant error that a sensor may have, and what it states of them.
fn stated(sensor: &Sensor) -> impl Iterator<Item = (usize, f64)> {
    let (noise, bias) = (sensor.sigmas, sensor.bias_sigmas);
    let of = |bias: Option<f64>, noise: Option<f64>| bias.or_else(|| noise.map(|sigma| UNSTATED * sigma));
    let sigmas: [Option<f64>; KINDS] = [
        of(bias.range_m, noise.range_m),
        of(bias.azimuth_rad, noise.azimuth_rad),
        of(bias.elevation_rad, noise.elevation_rad),
        sensor.time_bias_sigma_s,
    ];
    let stated = sigmas.into_iter().enumerate();
    stated.filter_map(|(kind, sigma)| Some((kind, sigma.filter(|sigma| *sigma > 0.0)?)))
}

impl Sensitivity {
    /// Moves the slots up that stand behind those of a sensor that was admitted: its first, and how many.
    pub fn admit(&mut self, first: usize, count: usize) {
        for (slot, ..) in self.columns.iter_mut().filter(|(slot, ..)| *slot >= first) {
            *slot += count;
        }
    }

    /// The dependence of a position that one plot gave: as an update of a belief that knew nothing of it.
    pub fn first(registration: &mut Registration, reading: &Reading, sensor: usize, belief: &Gaussian<6>) -> Self {
        let mut own = Self::default();
        let mut wide = *belief;
        for axis in 0..3 {
            wide.covariance[(axis, axis)] += 1e14;
        }
        registration.take(reading, sensor, &wide, &mut own, false);
        own
    }

    /// The dependence of an estimate that several plots gave at once: slot and slope (6) of each error.
    pub fn of(registration: &Registration, columns: &[(usize, Vector6<f64>)]) -> Self {
        let believed = |(slot, slope): &(usize, Vector6<f64>)| (*slot, *slope, registration.mean[*slot]);
        let mut columns: Vec<_> = columns.iter().map(believed).collect();
        columns.sort_by_key(|(slot, ..)| *slot);
        Self { columns }
    }

    /// What is left of it when a report takes all but a part (6×6) of the estimate's error away.
    pub fn keep(&mut self, part: &Matrix6<f64>) {
        for (_, slope, _) in &mut self.columns {
            *slope = part * *slope;
        }
    }

    /// Moves it with its estimate, straight on.
    pub fn advance(&mut self, dt_s: f64) {
        for (_, slope, _) in &mut self.columns {
            for axis in 0..3 {
                slope[axis] += dt_s * slope[axis + 3];
            }
        }
    }
}

/// `E - H G` of every error that acts on an innovation.
fn slopes<const M: usize>(linear: &Linear<M>, sensitivity: &Sensitivity) -> Vec<(usize, SVector<f64, M>)> {
    let of_state = sensitivity
        .columns
        .iter()
        .map(|(slot, slope, _)| (*slot, -(linear.jacobian * slope)));
    let mut slopes: Vec<(usize, SVector<f64, M>)> = of_state.collect();
    for (slot, error) in &linear.errors {
        match slopes.iter_mut().find(|(of, _)| of == slot) {
            Some((_, sum)) => *sum += error,
            None => slopes.push((*slot, *error)),
        }
    }
    slopes
}
