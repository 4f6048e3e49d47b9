//! The least squares itself: Levenberg-Marquardt on the plots, with a loss whose influence is bounded.
//!
//! Source: Tapley, Schutz and Born, Statistical orbit determination (2004), sections 4.3 and 6; the loss is Tukey's
//! biweight (Beaton and Tukey, The fitting of power series, 1974), solved by iteratively reweighted least squares.

use flight::{Body, Forces};
use geo::Time;
use nalgebra::{DMatrix, DVector, SVector, Vector6};
use plot::Sensors;

use super::arc::{Arc, ArcError};
use super::look::{Channel, Look};
use super::noise::Noise;
use super::parameter::{DRAG, DYNAMIC, Parameter, Unknowns};
use super::predict::{Prediction, Predictor};

/// Beyond this many spreads a residual has no influence at all.
pub(crate) const REJECT_SIGMAS: f64 = 6.0;
/// The most steps of one solution.
const STEPS_MAX: usize = 30;
/// A step is the last when it changes no parameter by more than this part of its sigma.
const STEP_SIGMAS: f64 = 1e-3;

/// The weighing of one channel of one sensor.
pub(crate) type NoiseTable = Vec<[Noise; Channel::ALL.len()]>;

/// Everything that stays the same while the parameters move.
pub(crate) struct Problem<'a> {
    pub looks: &'a [Look],
    pub sensors: &'a Sensors,
    pub predictor: &'a Predictor,
    pub forces: &'a Forces,
    /// What acts on the object where it is not estimated.
    pub body: &'a Body,
    pub unknowns: &'a Unknowns,
    pub noise: &'a NoiseTable,
    /// Drag brakes; where it stands in for the error of a thin air's density, it may be negative.
    pub drag_min_m2pkg: f64,
    /// The instant of the state that is estimated.
    pub reference: Time,
}

/// The values of all parameters.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// The object: see [`DYNAMIC`] for the layout.
    pub dynamic: SVector<f64, DYNAMIC>,
    /// The estimated parameters of sensors, by their column; those of the object are 0 here.
    pub sensor: DVector<f64>,
}

impl Values {
    /// The state at the reference time.
    pub fn state(&self) -> Vector6<f64> {
        self.dynamic.fixed_rows::<6>(0).into()
    }
}

/// One residual and what became of it.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Residual {
    /// Index into the looks.
    pub look: usize,
    pub channel: Channel,
    /// Measured minus predicted, bias included in the prediction.
    pub value: f64,
    /// Stated sigma.
    pub sigma: f64,
    /// Between 0 (rejected) and 1.
    pub weight: f64,
}

/// A linearised problem: normal equations at some values.
pub(crate) struct Linear {
    pub normal: DMatrix<f64>,
    pub gradient: DVector<f64>,
    pub cost: f64,
    pub residuals: Vec<Residual>,
}

/// A solved problem.
pub(crate) struct Solution {
    pub values: Values,
    pub arc: Arc,
    pub residuals: Vec<Residual>,
    /// Inverse of the normal equations: what noise and priors leave uncertain.
    pub covariance: DMatrix<f64>,
    pub steps: usize,
}

/// Why a problem has no solution.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum SolveError {
    #[error(transparent)]
    Arc(#[from] ArcError),
    #[error("the plots do not determine the path")]
    NotObservable,
}

/// One row of the Jacobian: dense in the object's columns, sparse in the sensors'.
pub(crate) struct Row {
    pub dynamic: SVector<f64, DYNAMIC>,
    /// Column and value: bias, two nodes of a drift, clock.
    pub sensor: [(usize, f64); 4],
    pub sensor_count: usize,
}

impl Problem<'_> {
    /// Computes the path for some values.
    pub fn arc(&self, values: &Values) -> Result<Arc, ArcError> {
        let first = self.looks.first().map_or(self.reference, |look| look.time);
        let last = self.looks.last().map_or(self.reference, |look| look.time);
        Arc::new(self.forces, self.body, self.reference, &values.dynamic, first, last)
    }

    /// Weight of one residual in the loss.
    fn weight(&self, look: &Look, channel: Channel, value: f64, sigma: f64) -> f64 {
        let spread = self.noise[look.sensor][channel.index()].spread;
        let u = value / (sigma * spread * REJECT_SIGMAS);
        if u.abs() >= 1.0 {
            0.0
        } else {
            (1.0 - u * u) * (1.0 - u * u)
        }
    }

    /// Half the biweight loss of one residual, in units of its effective variance.
    fn loss(&self, look: &Look, channel: Channel, value: f64, sigma: f64) -> f64 {
        let noise = self.noise[look.sensor][channel.index()];
        let u = value / (sigma * noise.spread * REJECT_SIGMAS);
        let left = if u.abs() >= 1.0 { 0.0 } else { 1.0 - u * u };
        REJECT_SIGMAS * REJECT_SIGMAS / 6.0 * (1.0 - left * left * left) / noise.inflation
    }

    /// The row of the Jacobian of one predicted scalar in the estimated parameters.
    pub fn row(&self, look: &Look, channel: Channel, prediction: &Prediction) -> Row {
        let mut row = Row {
            dynamic: prediction.partials(channel),
            sensor: [(0, 0.0); 4],
            sensor_count: 0,
        };
        let columns = self.unknowns.of_channel(look.sensor, channel);
        if let Some(column) = columns.bias {
            row.push(column, 1.0);
        }
        if let Some(first) = columns.first_node {
            let (node, share) = self.unknowns.node(look.time);
            row.push(first + node, 1.0 - share);
            row.push(first + node + 1, share);
        }
        if let Some(column) = self.unknowns.clock(look.sensor) {
            row.push(column, -prediction.rate(channel));
        }
        row
    }

    /// Predicts one look on an arc, at the time its sensor's clock means.
    pub fn predict(&self, arc: &Arc, values: &Values, look: &Look) -> Prediction {
        self.predictor.predict(
            arc,
            &self.sensors.as_slice()[look.sensor],
            look,
            self.clock_s(values, look),
        )
    }

    fn clock_s(&self, values: &Values, look: &Look) -> f64 {
        self.unknowns
            .clock(look.sensor)
            .map_or(0.0, |column| values.sensor[column])
    }

    /// What a sensor adds to a channel: its constant error and its drift.
    pub fn bias(&self, values: &Values, look: &Look, channel: Channel) -> f64 {
        let columns = self.unknowns.of_channel(look.sensor, channel);
        let drift = columns.first_node.map_or(0.0, |first| {
            let (node, share) = self.unknowns.node(look.time);
            (1.0 - share) * values.sensor[first + node] + share * values.sensor[first + node + 1]
        });
        columns.bias.map_or(0.0, |column| values.sensor[column]) + drift
    }

    /// Sets up the normal equations at some values.
    pub fn linearise(&self, arc: &Arc, values: &Values, columns: &[usize]) -> Linear {
        let n = self.unknowns.estimated.len();
        let mut linear = Linear {
            normal: DMatrix::zeros(n, n),
            gradient: DVector::zeros(n),
            cost: 0.0,
            residuals: Vec::with_capacity(self.looks.len() * 3),
        };
        for (index, look) in self.looks.iter().enumerate() {
            let prediction = self.predict(arc, values, look);
            for item in &look.items {
                let predicted = prediction.value(item.channel) + self.bias(values, look, item.channel);
                let value = item.channel.difference(item.value, predicted);
                let weight = self.weight(look, item.channel, value, item.sigma);
                linear.cost += self.loss(look, item.channel, value, item.sigma);
                let sigma = item.sigma * self.noise[look.sensor][item.channel.index()].factor();
                linear.residuals.push(Residual {
                    look: index,
                    channel: item.channel,
                    value,
                    sigma: item.sigma,
                    weight,
                });
                if weight > 0.0 {
                    let row = self.row(look, item.channel, &prediction);
                    row.accumulate(&mut linear, columns, value, weight / (sigma * sigma));
                }
            }
        }
        self.add_priors(values, &mut linear);
        linear
    }

    fn add_priors(&self, values: &Values, linear: &mut Linear) {
        let off = self.off_prior(values);
        let pull = &self.unknowns.precision * &off;
        linear.normal += &self.unknowns.precision;
        linear.cost += 0.5 * off.dot(&pull);
        linear.gradient -= pull;
    }

    /// How far the values are from what was known beforehand.
    fn off_prior(&self, values: &Values) -> DVector<f64> {
        let mut off = values.sensor.clone();
        for (column, unknown) in self.unknowns.estimated.iter().enumerate() {
            match unknown.parameter {
                // Nothing was known of the state: wherever it is, it is not off.
                Parameter::Dynamic(0..6) => {}
                Parameter::Dynamic(DRAG) => off[column] = values.dynamic[DRAG] - self.body.drag_m2pkg,
                Parameter::Dynamic(of) => off[column] = values.dynamic[of],
                _ => {}
            }
        }
        off
    }

    /// The cost alone, for a trial step.
    fn cost(&self, arc: &Arc, values: &Values) -> f64 {
        let mut cost = 0.0;
        for look in self.looks {
            let sensor = &self.sensors.as_slice()[look.sensor];
            let predicted = self.predictor.values(arc, sensor, look, self.clock_s(values, look));
            for item in &look.items {
                let predicted = predicted[item.channel.index()] + self.bias(values, look, item.channel);
                cost += self.loss(
                    look,
                    item.channel,
                    item.channel.difference(item.value, predicted),
                    item.sigma,
                );
            }
        }
        let off = self.off_prior(values);
        cost + 0.5 * (&self.unknowns.precision * &off).dot(&off)
    }

    /// The columns of the object in the normal equations: for each of the 14, its place, or `usize::MAX`.
    pub fn dynamic_columns(&self) -> Vec<usize> {
        (0..DYNAMIC)
            .map(|of| self.unknowns.column(Parameter::Dynamic(of)).unwrap_or(usize::MAX))
            .collect()
    }

    /// Finds the values of least loss, from a start that is in its valley.
    ///
    /// Errors: [`SolveError::NotObservable`] when the normal equations are singular, [`SolveError::Arc`] when no path
    /// can be computed from the start.
    pub fn solve(&self, start: Values) -> Result<Solution, SolveError> {
        let columns = self.dynamic_columns();
        let mut values = start;
        let mut arc = self.arc(&values)?;
        let mut linear = self.linearise(&arc, &values, &columns);
        let mut damping = 0.0;
        let mut steps = 0;
        while steps < STEPS_MAX {
            steps += 1;
            let step = damped_step(&linear, damping).ok_or(SolveError::NotObservable)?;
            let trial = self.moved(&values, &step);
            let size = step_size(&linear.normal, &step);
            let accepted = match self.arc(&trial) {
                Ok(trial_arc) if self.cost(&trial_arc, &trial) <= linear.cost * (1.0 + 1e-12) + 1e-12 => {
                    Some(trial_arc)
                }
                _ => None,
            };
            match accepted {
                Some(trial_arc) => {
                    (values, arc) = (trial, trial_arc);
                    linear = self.linearise(&arc, &values, &columns);
                    damping = if damping < 1e-6 { 0.0 } else { damping * 0.1 };
                    if size < STEP_SIGMAS {
                        break;
                    }
                }
                None if size < STEP_SIGMAS || damping > 1e8 => break,
                None => damping = if damping == 0.0 { 1e-4 } else { damping * 10.0 },
            }
        }
        let covariance = inverse(&linear.normal).ok_or(SolveError::NotObservable)?;
        Ok(Solution {
            values,
            arc,
            residuals: linear.residuals,
            covariance,
            steps,
        })
    }

    fn moved(&self, values: &Values, step: &DVector<f64>) -> Values {
        let mut moved = values.clone();
        for (column, unknown) in self.unknowns.estimated.iter().enumerate() {
            match unknown.parameter {
                Parameter::Dynamic(of) => moved.dynamic[of] += step[column],
                _ => moved.sensor[column] += step[column],
            }
        }
        moved.dynamic[DRAG] = moved.dynamic[DRAG].max(self.drag_min_m2pkg);
        moved
    }
}

impl Row {
    fn push(&mut self, column: usize, value: f64) {
        self.sensor[self.sensor_count] = (column, value);
        self.sensor_count += 1;
    }

    /// The non-zero entries, by column of the normal equations.
    pub fn entries<'a>(&'a self, columns: &'a [usize]) -> impl Iterator<Item = (usize, f64)> + Clone + 'a {
        let dynamic = columns
            .iter()
            .zip(self.dynamic.iter())
            .filter(|(c, _)| **c != usize::MAX)
            .map(|(c, v)| (*c, *v));
        dynamic.chain(self.sensor[..self.sensor_count].iter().copied())
    }

    fn accumulate(&self, linear: &mut Linear, columns: &[usize], residual: f64, information: f64) {
        let mut entries = [(0, 0.0); DYNAMIC + 4];
        let mut count = 0;
        for entry in self.entries(columns) {
            entries[count] = entry;
            count += 1;
        }
        for (i, a) in &entries[..count] {
            linear.gradient[*i] += information * a * residual;
            for (j, b) in &entries[..count] {
                linear.normal[(*i, *j)] += information * a * b;
            }
        }
    }
}

/// Solves `(N + λ diag N) x = g`, scaled so that the diagonal is 1.
fn damped_step(linear: &Linear, damping: f64) -> Option<DVector<f64>> {
    let scale = diagonal_scale(&linear.normal)?;
    let mut scaled = scaled(&linear.normal, &scale);
    for i in 0..scale.len() {
        scaled[(i, i)] += damping;
    }
    let step = scaled.cholesky()?.solve(&linear.gradient.component_mul(&scale));
    Some(step.component_mul(&scale))
}

/// The inverse of a positive definite matrix, scaled so that the diagonal is 1; `None` if it is singular to rounding.
pub(crate) fn inverse(normal: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let scale = diagonal_scale(normal)?;
    let inverse = scaled(normal, &scale).cholesky()?.inverse();
    inverse.iter().all(|x| x.is_finite()).then(|| scaled(&inverse, &scale))
}

fn diagonal_scale(normal: &DMatrix<f64>) -> Option<DVector<f64>> {
    let scale = normal.diagonal().map(|d| 1.0 / d.sqrt());
    scale.iter().all(|s| s.is_finite() && *s > 0.0).then_some(scale)
}

fn scaled(matrix: &DMatrix<f64>, scale: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |i, j| {
        matrix[(i, j)] * scale[i] * scale[j]
    })
}

/// The length of a step in sigmas: `√(xᵀ N x)`.
fn step_size(normal: &DMatrix<f64>, step: &DVector<f64>) -> f64 {
    (normal * step).dot(step).max(0.0).sqrt()
}
