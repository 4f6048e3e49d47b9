//! The extended Kalman filter whose update is linearised where it leads to, as often as that makes a difference.
//!
//! Where little is known before a plot, the state that a plot gives is far from the one expected, and what the sensor
//! measures bends on the way: a track of two plots knows its place across the line of sight to kilometres, and its
//! range to metres. Source: Bell & Cathey, The iterated Kalman filter update as a Gauss-Newton method, IEEE
//! Transactions on Automatic Control 38(2) (1993); the covariance in Joseph's form.

use nalgebra::SVector;

use super::ekf::{self, Line};
use super::{Outcome, UpdateError};
use crate::belief::Gaussian;
use crate::sensor::SensorModel;

/// The sensor is straight enough where it is off by less than this part of each sigma of the measurement.
const STRAIGHT: f64 = 0.1;
/// The update is linearised again so often, at most; what does not settle stays as the plain filter has it.
const STEPS_MAX: usize = 6;
/// A measurement with a larger NIS is of something else, and nothing is worth doing about it.
const NIS_MAX: f64 = 200.0;

/// Takes a measurement in; innovation and density are those of the last linearisation. Errors: [`UpdateError`].
#[inline]
pub fn update<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
) -> Result<Outcome<N, M>, UpdateError> {
    let mut about = belief.mean;
    let mut line = sensor.linearize(&about)?;
    let plain = ekf::update_about(sensor, belief, measured, gate, (&about, &line))?;
    let mut outcome = plain;
    for _ in 0..=STEPS_MAX {
        let Outcome::Updated(update) = &outcome else {
            return Ok(outcome);
        };
        let found = update.belief.mean;
        if update.innovation.nis > NIS_MAX {
            return Ok(plain);
        }
        if is_straight(sensor, (&about, &line), &found) {
            return Ok(outcome);
        }
        about = found;
        let next = sensor.linearize(&about).map(|there| {
            line = there;
            ekf::update_about(sensor, belief, measured, gate, (&about, &line))
        });
        match next {
            Ok(Ok(next)) => outcome = next,
            _ => break,
        }
    }
    Ok(plain)
}

/// Whether what is measured of a state is, to a small part of its noise, what the derivative at another one says.
fn is_straight<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    (about, (expected, jacobian)): (&SVector<f64, N>, &Line<N, M>),
    state: &SVector<f64, N>,
) -> bool {
    let bent = sensor.residual(&sensor.predict(state), &(expected + jacobian * (state - about)));
    let noise = sensor.noise();
    (0..M).all(|row| bent[row] * bent[row] <= STRAIGHT * STRAIGHT * noise[(row, row)])
}
