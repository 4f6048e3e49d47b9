//! What a sensor says about one object at one time.

use geo::{Enu, Geodetic, Velocity};

/// What was measured: a line of sight in polar coordinates, or a position.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Measurement {
    /// Any subset of range, azimuth, elevation and range rate from the sensor's site.
    Polar(Polar),
    /// A position that the source itself states (ADS-B, AIS, a range's own solution).
    Position(PositionFix),
}

/// Any non-empty subset of range, azimuth, elevation and range rate; beside it, what the object says of its height.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Polar {
    /// Slant range.
    pub range_m: Option<f64>,
    /// Azimuth, clockwise from true north, in [0, 2π).
    pub azimuth_rad: Option<f64>,
    /// Elevation above the tangent plane of the ellipsoid at the site, as measured (refracted).
    pub elevation_rad: Option<f64>,
    /// Range rate, positive when the object recedes.
    pub range_rate_mps: Option<f64>,
    /// Pressure altitude that the object itself replied (Mode C, flight level): the height at which the ICAO standard
    /// atmosphere has its static pressure. It is *not* a height above the ellipsoid: weather and geoid put hundreds of
    /// metres between them.
    pub pressure_altitude_m: Option<f64>,
}

impl Polar {
    /// Whether the sensor measured nothing at all; what the object replied does not count.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many of the four the sensor measured.
    pub fn count(&self) -> usize {
        [self.range_m, self.azimuth_rad, self.elevation_rad, self.range_rate_mps]
            .iter()
            .flatten()
            .count()
    }
}

/// A stated position, with the velocity if that is stated too.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PositionFix {
    /// Where, height above the ellipsoid.
    pub geodetic: Geodetic,
    /// Velocity over the ground in the east/north/up frame of that place.
    pub velocity: Option<Velocity<Enu>>,
}

/// Standard deviations of a measurement. In a plot they replace the sensor's own where present.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Sigmas {
    /// Of range.
    pub range_m: Option<f64>,
    /// Of azimuth as an angle on the azimuth circle (not across the line of sight).
    pub azimuth_rad: Option<f64>,
    /// Of elevation.
    pub elevation_rad: Option<f64>,
    /// Of range rate.
    pub range_rate_mps: Option<f64>,
    /// Of a stated position, east and north each.
    pub position_m: Option<f64>,
    /// Of a stated height or pressure altitude.
    pub height_m: Option<f64>,
    /// Of a stated velocity, each component.
    pub velocity_mps: Option<f64>,
}

impl Sigmas {
    /// Returns these, with what is absent taken from others.
    pub fn or(self, other: Self) -> Self {
        Self {
            range_m: self.range_m.or(other.range_m),
            azimuth_rad: self.azimuth_rad.or(other.azimuth_rad),
            elevation_rad: self.elevation_rad.or(other.elevation_rad),
            range_rate_mps: self.range_rate_mps.or(other.range_rate_mps),
            position_m: self.position_m.or(other.position_m),
            height_m: self.height_m.or(other.height_m),
            velocity_mps: self.velocity_mps.or(other.velocity_mps),
        }
    }
}
