//! Gravity of the Earth: a closed choice of fields, with the gradient that partials need.

mod field;
mod zonal;

use std::sync::Arc;

use nalgebra::{Matrix3, Vector3};

pub use field::{Field, FieldError};
pub use zonal::Zonal;

/// The field of gravity that a flight is computed in.
#[derive(Clone, Debug, PartialEq)]
pub enum Gravity {
    /// A point mass with J2 to J4.
    Zonal(Zonal),
    /// Spherical harmonics; shared, since a field is large.
    Field(Arc<Field>),
}

impl Gravity {
    /// Returns the acceleration (3), m/s², at a position (3), m, both in ECEF axes; no centrifugal part.
    pub fn acceleration(&self, position_m: &Vector3<f64>) -> Vector3<f64> {
        match self {
            Self::Zonal(field) => field.acceleration(position_m),
            Self::Field(field) => field.acceleration(position_m),
        }
    }

    /// Returns the gradient of the acceleration (3×3), 1/s², in ECEF axes.
    pub fn gradient(&self, position_m: &Vector3<f64>) -> Matrix3<f64> {
        match self {
            Self::Zonal(field) => field.gradient(position_m),
            Self::Field(field) => field.gradient(position_m),
        }
    }
}
