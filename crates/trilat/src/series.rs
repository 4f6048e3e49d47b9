//! What the report and the ephemeris file need beyond [`output`](crate::output): the path and the residuals over time.

use geo::Time;
use plot::Quantity;

/// Where one sensor stands, for the map.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorPlace {
    /// Its name, as in the sensor file.
    pub name: String,
    /// Geodetic latitude.
    pub lat_deg: f64,
    /// Longitude, east positive.
    pub lon_deg: f64,
}

/// Where the object is on its path at one time, and how surely.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TrackPoint {
    /// When.
    pub time: Time,
    /// Geodetic latitude.
    pub lat_deg: f64,
    /// Longitude, east positive.
    pub lon_deg: f64,
    /// Height above the WGS-84 ellipsoid.
    pub height_m: f64,
    /// Standard deviation east.
    pub east_sigma_m: f64,
    /// Standard deviation north.
    pub north_sigma_m: f64,
    /// Standard deviation up.
    pub up_sigma_m: f64,
}

/// How far one measured value lies from the path.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Residual {
    /// When it was measured.
    pub time: Time,
    /// Index of the sensor in [`ObjectOutput::sensors`](crate::output::ObjectOutput::sensors).
    pub sensor: usize,
    /// What was measured.
    pub quantity: Quantity,
    /// Measured minus computed from the path, the sensor's estimated bias *not* removed: metres, degrees or metres per
    /// second.
    pub value: f64,
    /// Standard deviation of the measurement, noise only, in the same unit.
    pub sigma: f64,
    /// Whether the fit used it; otherwise it was rejected as an outlier.
    pub used: bool,
}

/// Everything over time about one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectSeries {
    /// The path in order of time, from launch (or the first plot) to arrival (or where it was asked to end).
    pub track: Vec<TrackPoint>,
    /// The residuals, in any order.
    pub residuals: Vec<Residual>,
    /// When it was seen, and by which of [`ObjectOutput::sensors`](crate::output::ObjectOutput::sensors).
    pub seen: Vec<(Time, usize)>,
}
