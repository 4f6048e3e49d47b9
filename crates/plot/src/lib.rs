//! The nouns of the domain: owner, sensor, measurement, plot.
//!
//! Values only: no file format, no estimation, no clock. A value that exists is in its physical limits; the
//! constructors refuse the rest and name the field.

mod limits;
mod measurement;
mod plot;
mod sensor;

pub use limits::{Field, LimitError};
pub use measurement::{Measurement, Polar, PositionFix, Sigmas};
pub use plot::Plot;
pub use sensor::{Coverage, Detection, DuplicateSensor, Quantity, Sensor, SensorNotFound, Sensors};
