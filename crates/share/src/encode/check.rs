//! Whether a value that came over the wire is within its limits.

use std::f64::consts::TAU;
use std::fmt;

use geo::Geodetic;
use geo::angle::RAD_PER_DEG;
use plot::{Field, LimitError, Sigmas};
use wire::NAME_BYTES_MAX;
use wire::messages;

/// Octets are no item that may be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ItemError {
    /// No message of the protocol.
    #[error("not a message of the protocol: {0}")]
    Protocol(#[from] messages::DecodeError),
    /// The same can be said in another way, which is the only one allowed.
    #[error("not in the one form that these values have as octets")]
    OtherForm,
    /// A part that has to be there is not.
    #[error("{field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A measured or stated value outside its limits.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// Another number outside its limits.
    #[error("{field} is {value}, expected {expected}")]
    Number {
        /// Which.
        field: &'static str,
        /// What stood there.
        value: f64,
        /// What may.
        expected: &'static str,
    },
    /// A name that is empty, too long, has a space at an end or a control character in it.
    #[error("{field} is {text:?}, expected a name of at most {NAME_BYTES_MAX} octets")]
    Name {
        /// Which.
        field: &'static str,
        /// How it begins.
        text: String,
    },
    /// Another number of values than there may be.
    #[error("{field} has {count} values, expected {expected}")]
    Count {
        /// Which.
        field: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        expected: &'static str,
    },
    /// Too many octets.
    #[error("{field} has {octets} octets, expected at most {octets_max}")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How many.
        octets: usize,
        /// How many there may be.
        octets_max: usize,
    },
}

/// Checks a name.
pub fn name(field: &'static str, text: &str) -> Result<(), ItemError> {
    let good = !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && text.trim().len() == text.len()
        && !text.contains(char::is_control);
    if good {
        return Ok(());
    }
    Err(ItemError::Name {
        field,
        text: text.chars().take(40).collect(),
    })
}

/// Checks a number that has no entry in `plot::limits`.
pub fn number(
    field: &'static str,
    value: f64,
    within: impl Fn(f64) -> bool,
    expected: &'static str,
) -> Result<f64, ItemError> {
    if value.is_finite() && within(value) {
        Ok(value)
    } else {
        Err(ItemError::Number { field, value, expected })
    }
}

/// Checks a value if it is there.
pub fn optional(field: Field, value: Option<f64>) -> Result<Option<f64>, ItemError> {
    value.map(|value| Ok(field.check(value)?)).transpose()
}

/// Checks an angle if it is there; limits are in degrees.
pub fn optional_angle(field: Field, rad: Option<f64>) -> Result<Option<f64>, ItemError> {
    rad.map(|rad| angle(field, rad)).transpose()
}

/// Checks an angle; limits are in degrees.
pub fn angle(field: Field, rad: f64) -> Result<f64, ItemError> {
    // A right angle in radians is a hair above or below 90 degrees.
    let deg = rad / RAD_PER_DEG;
    let at_edge = (deg.abs() - 90.0).abs() < 1e-12;
    field.check(if at_edge { deg.signum() * 90.0 } else { deg })?;
    Ok(rad)
}

/// Checks an azimuth if it is there: in [0, 2π).
pub fn optional_azimuth(field: Field, rad: Option<f64>) -> Result<Option<f64>, ItemError> {
    if let Some(rad) = rad.filter(|rad| !(0.0..TAU).contains(rad)) {
        let value = rad / RAD_PER_DEG;
        return Err(LimitError { field, value }.into());
    }
    Ok(rad)
}

/// Checks a place.
pub fn place(place: Option<messages::Place>) -> Result<Geodetic, ItemError> {
    let place = place.ok_or(ItemError::Missing { field: "place" })?;
    let messages::Place {
        lat_rad,
        lon_rad,
        height_m,
    } = place;
    angle(Field::LatDeg, lat_rad)?;
    if !(-std::f64::consts::PI..std::f64::consts::PI).contains(&lon_rad) {
        let value = lon_rad / RAD_PER_DEG;
        return Err(LimitError {
            field: Field::LonDeg,
            value,
        }
        .into());
    }
    Field::HeightM.check(height_m)?;
    Ok(Geodetic {
        lat_rad,
        lon_rad,
        height_m,
    })
}

/// The same place as a message.
pub fn place_to(place: &Geodetic) -> messages::Place {
    messages::Place {
        lat_rad: place.lat_rad,
        lon_rad: place.lon_rad,
        height_m: place.height_m,
    }
}

/// The limits of the standard deviations of noise.
const NOISE: [Field; 7] = [
    Field::RangeSigmaM,
    Field::AzimuthSigmaDeg,
    Field::ElevationSigmaDeg,
    Field::RangeRateSigmaMps,
    Field::PositionSigmaM,
    Field::HeightSigmaM,
    Field::VelocitySigmaMps,
];

/// Checks standard deviations; absent ones are none.
pub fn sigmas(sigmas: Option<messages::Sigmas>) -> Result<Sigmas, ItemError> {
    let given = sigmas.unwrap_or_default();
    let [range, azimuth, elevation, range_rate, position, height, velocity] = NOISE;
    Ok(Sigmas {
        range_m: optional(range, given.range_m)?,
        azimuth_rad: optional_angle(azimuth, given.azimuth_rad)?,
        elevation_rad: optional_angle(elevation, given.elevation_rad)?,
        range_rate_mps: optional(range_rate, given.range_rate_mps)?,
        position_m: optional(position, given.position_m)?,
        height_m: optional(height, given.height_m)?,
        velocity_mps: optional(velocity, given.velocity_mps)?,
    })
}

/// The same standard deviations as a message; `None` if there are none.
pub fn sigmas_to(sigmas: &Sigmas) -> Option<messages::Sigmas> {
    (*sigmas != Sigmas::default()).then_some(messages::Sigmas {
        range_m: sigmas.range_m,
        azimuth_rad: sigmas.azimuth_rad,
        elevation_rad: sigmas.elevation_rad,
        range_rate_mps: sigmas.range_rate_mps,
        position_m: sigmas.position_m,
        height_m: sigmas.height_m,
        velocity_mps: sigmas.velocity_mps,
    })
}

/// Refuses another number of values.
pub fn count(field: &'static str, count: usize, good: bool, expected: &'static str) -> Result<(), ItemError> {
    if good {
        Ok(())
    } else {
        Err(ItemError::Count { field, count, expected })
    }
}

/// A name in a message of an error.
impl fmt::Display for crate::item::Label {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owners: Vec<&str> = self.releasable_to.iter().map(|owner| &**owner).collect();
        write!(to, "{} {:?} to {}", self.policy, self.classification, owners.join(","))?;
        if self.exercise {
            write!(to, ", exercise")
        } else {
            Ok(())
        }
    }
}
