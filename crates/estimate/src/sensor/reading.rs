//! One plot as a measurement vector and the model that explains it.

use std::sync::Arc;

use geo::{Site, Time};
use nalgebra::{Matrix3, SVector};
use plot::{Measurement, Plot, Polar, PositionFix, Quantity, Sensor, Sigmas};

use super::{
    Bias, HeightSensor, LineOfSight, PolarQuantity, PositionSensor, PositionVelocitySensor, Refraction, StateSensor,
};

/// What is assumed of a sensor beyond its own file.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct SensorOptions {
    /// How its rays bend.
    pub refraction: Refraction,
    /// Its known constant errors.
    pub bias: Bias,
}

/// A measurement vector (M) and its model.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Observation<S, const M: usize> {
    /// When, by the sensor's clock less its known bias being in the model.
    pub time: Time,
    /// What was measured.
    pub measured: SVector<f64, M>,
    /// What explains it.
    pub model: S,
}

/// A plot made ready for a filter: polar with one to four quantities, or a stated position.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Reading {
    /// One polar quantity.
    Polar1(Observation<LineOfSight<1>, 1>),
    /// Two polar quantities.
    Polar2(Observation<LineOfSight<2>, 2>),
    /// Three polar quantities.
    Polar3(Observation<LineOfSight<3>, 3>),
    /// All four polar quantities.
    Polar4(Observation<LineOfSight<4>, 4>),
    /// A height.
    Height(Observation<HeightSensor, 1>),
    /// A position.
    Position(Observation<PositionSensor, 3>),
    /// A position and a velocity.
    PositionVelocity(Observation<PositionVelocitySensor, 6>),
    /// A position and a velocity with their correlations.
    State(Observation<StateSensor, 6>),
}

/// Why a plot has no model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadingError {
    /// The plot and the sensor file both lack the standard deviation of something measured.
    #[error("sensor {sensor:?} measures {} but neither its file nor the plot states how well", quantity.name())]
    NoSigma {
        /// Name of the sensor.
        sensor: Arc<str>,
        /// What was measured.
        quantity: Quantity,
    },
    /// A polar plot in which nothing was measured.
    #[error("a plot of sensor {sensor:?} holds no measured value")]
    Empty {
        /// Name of the sensor.
        sensor: Arc<str>,
    },
}

impl Reading {
    /// Makes the measurement vector and model of a plot; sigmas of the plot go before those of the sensor.
    ///
    /// Polar quantities come in the order range, azimuth, elevation, range rate. Errors: [`ReadingError`].
    pub fn new(plot: &Plot, sensor: &Sensor, options: &SensorOptions) -> Result<Self, ReadingError> {
        let sigmas = plot.sigmas.or(sensor.sigmas);
        match &plot.measurement {
            Measurement::Polar(polar) => polar_reading(plot.time, polar, &sigmas, sensor, options),
            Measurement::Position(fix) => position_reading(plot.time, fix, &sigmas, sensor),
        }
    }

    /// When it was measured, by the sensor's clock.
    pub fn time(&self) -> Time {
        match self {
            Self::Polar1(o) => o.time,
            Self::Polar2(o) => o.time,
            Self::Polar3(o) => o.time,
            Self::Polar4(o) => o.time,
            Self::Height(o) => o.time,
            Self::Position(o) => o.time,
            Self::PositionVelocity(o) => o.time,
            Self::State(o) => o.time,
        }
    }
}

/// Runs the same expression for whichever observation a [`Reading`] holds.
#[macro_export]
macro_rules! with_observation {
    ($reading:expr, $observation:ident => $body:expr) => {
        match $reading {
            $crate::sensor::Reading::Polar1($observation) => $body,
            $crate::sensor::Reading::Polar2($observation) => $body,
            $crate::sensor::Reading::Polar3($observation) => $body,
            $crate::sensor::Reading::Polar4($observation) => $body,
            $crate::sensor::Reading::Height($observation) => $body,
            $crate::sensor::Reading::Position($observation) => $body,
            $crate::sensor::Reading::PositionVelocity($observation) => $body,
            $crate::sensor::Reading::State($observation) => $body,
        }
    };
}

fn polar_reading(
    time: Time,
    polar: &Polar,
    sigmas: &Sigmas,
    sensor: &Sensor,
    options: &SensorOptions,
) -> Result<Reading, ReadingError> {
    let mut list = [(PolarQuantity::Range, 0.0, 0.0); 4];
    let mut count = 0;
    for (value, quantity, sigma, name) in [
        (polar.range_m, PolarQuantity::Range, sigmas.range_m, Quantity::Range),
        (
            polar.azimuth_rad,
            PolarQuantity::Azimuth,
            sigmas.azimuth_rad,
            Quantity::Azimuth,
        ),
        (
            polar.elevation_rad,
            PolarQuantity::Elevation,
            sigmas.elevation_rad,
            Quantity::Elevation,
        ),
        (
            polar.range_rate_mps,
            PolarQuantity::RangeRate,
            sigmas.range_rate_mps,
            Quantity::RangeRate,
        ),
    ] {
        let Some(value) = value else { continue };
        list[count] = (quantity, value, sigma.ok_or_else(|| no_sigma(sensor, name))?);
        count += 1;
    }
    Ok(match count {
        0 => {
            return Err(ReadingError::Empty {
                sensor: sensor.name.clone(),
            });
        }
        1 => Reading::Polar1(line_of_sight(time, &list, sensor, options)),
        2 => Reading::Polar2(line_of_sight(time, &list, sensor, options)),
        3 => Reading::Polar3(line_of_sight(time, &list, sensor, options)),
        _ => Reading::Polar4(line_of_sight(time, &list, sensor, options)),
    })
}

fn line_of_sight<const M: usize>(
    time: Time,
    list: &[(PolarQuantity, f64, f64); 4],
    sensor: &Sensor,
    options: &SensorOptions,
) -> Observation<LineOfSight<M>, M> {
    Observation {
        time,
        measured: SVector::from_fn(|row, _| list[row].1),
        model: LineOfSight {
            site: sensor.site,
            quantities: std::array::from_fn(|row| list[row].0),
            sigmas: std::array::from_fn(|row| list[row].2),
            refraction: options.refraction,
            bias: options.bias,
        },
    }
}

fn position_reading(time: Time, fix: &PositionFix, sigmas: &Sigmas, sensor: &Sensor) -> Result<Reading, ReadingError> {
    let horizontal_m = sigmas.position_m.ok_or_else(|| no_sigma(sensor, Quantity::Position))?;
    let place = PositionSensor::at(fix.geodetic, horizontal_m, sigmas.height_m.unwrap_or(horizontal_m));
    let position = fix.geodetic.to_ecef().vector();
    let Some(velocity) = fix.velocity else {
        return Ok(Reading::Position(Observation {
            time,
            measured: position,
            model: place,
        }));
    };
    let sigma_mps = sigmas
        .velocity_mps
        .ok_or_else(|| no_sigma(sensor, Quantity::Velocity))?;
    let velocity = Site::new(fix.geodetic).velocity_to_ecef(velocity).vector();
    Ok(Reading::PositionVelocity(Observation {
        time,
        measured: SVector::from_fn(|row, _| if row < 3 { position[row] } else { velocity[row - 3] }),
        model: PositionVelocitySensor {
            position_covariance: place.position_covariance,
            velocity_covariance: Matrix3::identity() * (sigma_mps * sigma_mps),
        },
    }))
}

fn no_sigma(sensor: &Sensor, quantity: Quantity) -> ReadingError {
    ReadingError::NoSigma {
        sensor: sensor.name.clone(),
        quantity,
    }
}
