//! The content of an item: a sensor, a plot, a coarse plot, a track, a warning.

use prost::{Message, Oneof};

/// The content of an item; its octets, as these structs write them, name it.
#[derive(Clone, PartialEq, Message)]
pub struct Body {
    /// One of five.
    #[prost(oneof = "Item", tags = "1, 2, 3, 4, 5")]
    pub item: Option<Item>,
}

/// What there is.
#[derive(Clone, PartialEq, Oneof)]
#[expect(missing_docs, reason = "each is its own name")]
#[expect(
    clippy::large_enum_variant,
    reason = "prost has no boxed variants without boxing each decoded plot"
)]
pub enum Item {
    #[prost(message, tag = "1")]
    Sensor(Sensor),
    #[prost(message, tag = "2")]
    Plot(Plot),
    #[prost(message, tag = "3")]
    Coarse(Coarse),
    #[prost(message, tag = "4")]
    Track(Track),
    #[prost(message, tag = "5")]
    Warning(Warning),
}

/// A place on the ellipsoid of WGS-84.
#[derive(Copy, Clone, PartialEq, Message)]
pub struct Place {
    /// Geodetic latitude, in [-π/2, π/2].
    #[prost(double, tag = "1")]
    pub lat_rad: f64,
    /// Longitude, in [-π, π).
    #[prost(double, tag = "2")]
    pub lon_rad: f64,
    /// Height above the ellipsoid.
    #[prost(double, tag = "3")]
    pub height_m: f64,
}

/// A velocity in the east/north/up frame of its place.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "each is its own name")]
pub struct Velocity {
    #[prost(double, tag = "1")]
    pub east_mps: f64,
    #[prost(double, tag = "2")]
    pub north_mps: f64,
    #[prost(double, tag = "3")]
    pub up_mps: f64,
}

/// Standard deviations, as `plot::Sigmas`.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::Sigmas")]
pub struct Sigmas {
    #[prost(double, optional, tag = "1")]
    pub range_m: Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub azimuth_rad: Option<f64>,
    #[prost(double, optional, tag = "3")]
    pub elevation_rad: Option<f64>,
    #[prost(double, optional, tag = "4")]
    pub range_rate_mps: Option<f64>,
    #[prost(double, optional, tag = "5")]
    pub position_m: Option<f64>,
    #[prost(double, optional, tag = "6")]
    pub height_m: Option<f64>,
    #[prost(double, optional, tag = "7")]
    pub velocity_mps: Option<f64>,
}

/// A sensor, as `plot::Sensor`.
#[derive(Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::Sensor")]
pub struct Sensor {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub owner: String,
    #[prost(message, optional, tag = "3")]
    pub place: Option<Place>,
    /// Places in `plot::Quantity::ALL`, ascending.
    #[prost(uint32, repeated, tag = "4")]
    pub measures: Vec<u32>,
    #[prost(message, optional, tag = "5")]
    pub sigmas: Option<Sigmas>,
    #[prost(message, optional, tag = "6")]
    pub bias_sigmas: Option<Sigmas>,
    #[prost(double, optional, tag = "7")]
    pub time_bias_sigma_s: Option<f64>,
    #[prost(message, optional, tag = "8")]
    pub coverage: Option<Coverage>,
    #[prost(double, optional, tag = "9")]
    pub scan_s: Option<f64>,
    #[prost(double, optional, tag = "10")]
    pub latency_s: Option<f64>,
    #[prost(message, optional, tag = "11")]
    pub detection: Option<Detection>,
    /// Two octets.
    #[prost(bytes = "vec", optional, tag = "12")]
    pub data_source: Option<Vec<u8>>,
}

/// What a sensor can see, as `plot::Coverage`.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::Coverage")]
pub struct Coverage {
    #[prost(double, optional, tag = "1")]
    pub range_max_m: Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub azimuth_from_rad: Option<f64>,
    #[prost(double, optional, tag = "3")]
    pub azimuth_to_rad: Option<f64>,
    #[prost(double, optional, tag = "4")]
    pub elevation_min_rad: Option<f64>,
    #[prost(double, optional, tag = "5")]
    pub elevation_max_rad: Option<f64>,
}

/// How often a sensor reports, as `plot::Detection`.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::Detection")]
pub struct Detection {
    #[prost(double, optional, tag = "1")]
    pub probability: Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub false_alarms_per_scan: Option<f64>,
}

/// A plot, as `plot::Plot`; which simulated object it came from is not sent.
#[derive(Clone, PartialEq, Message)]
pub struct Plot {
    /// Nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "1")]
    pub time_tai_ns: i64,
    /// Name of the sensor.
    #[prost(string, tag = "2")]
    pub sensor: String,
    /// What was measured.
    #[prost(oneof = "Measurement", tags = "3, 4")]
    pub measurement: Option<Measurement>,
    /// Standard deviations stated for this plot alone.
    #[prost(message, optional, tag = "5")]
    pub sigmas: Option<Sigmas>,
    /// Signal-to-noise ratio.
    #[prost(double, optional, tag = "6")]
    pub snr_db: Option<f64>,
    /// An identity that the source claims.
    #[prost(string, optional, tag = "7")]
    pub target: Option<String>,
}

/// What was measured.
#[derive(Copy, Clone, PartialEq, Oneof)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Measurement {
    #[prost(message, tag = "3")]
    Polar(Polar),
    #[prost(message, tag = "4")]
    Position(Position),
}

/// A line of sight, as `plot::Polar`.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::Polar")]
pub struct Polar {
    #[prost(double, optional, tag = "1")]
    pub range_m: Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub azimuth_rad: Option<f64>,
    #[prost(double, optional, tag = "3")]
    pub elevation_rad: Option<f64>,
    #[prost(double, optional, tag = "4")]
    pub range_rate_mps: Option<f64>,
    #[prost(double, optional, tag = "5")]
    pub pressure_altitude_m: Option<f64>,
}

/// A stated position, as `plot::PositionFix`.
#[derive(Copy, Clone, PartialEq, Message)]
#[expect(missing_docs, reason = "as in plot::PositionFix")]
pub struct Position {
    #[prost(message, optional, tag = "1")]
    pub place: Option<Place>,
    #[prost(message, optional, tag = "2")]
    pub velocity: Option<Velocity>,
}

/// What is left of a plot whose sensor is not told.
#[derive(Copy, Clone, PartialEq, Message)]
pub struct Coarse {
    /// Rounded; nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "1")]
    pub time_tai_ns: i64,
    /// Where the object was.
    #[prost(message, optional, tag = "2")]
    pub place: Option<Place>,
    /// Standard deviation along each axis.
    #[prost(double, tag = "3")]
    pub sigma_m: f64,
}

/// The belief about one object at one time.
#[derive(Clone, PartialEq, Message)]
pub struct Track {
    /// The origin's name for the track.
    #[prost(string, tag = "1")]
    pub track: String,
    /// Nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "2")]
    pub time_tai_ns: i64,
    /// In [0, 1].
    #[prost(double, tag = "3")]
    pub existence: f64,
    /// Phase of flight.
    #[prost(string, tag = "4")]
    pub phase: String,
    /// Six numbers: position in metres and velocity in metres per second, ECEF.
    #[prost(double, repeated, tag = "5")]
    pub state: Vec<f64>,
    /// Twenty-one numbers: the upper triangle of its covariance, by rows.
    #[prost(double, repeated, tag = "6")]
    pub covariance: Vec<f64>,
}

/// That people may have to be warned, and where.
#[derive(Clone, PartialEq, Message)]
pub struct Warning {
    /// The origin's name for the object.
    #[prost(string, tag = "1")]
    pub track: String,
    /// Nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "2")]
    pub time_tai_ns: i64,
    /// Corners of the ground area, in order.
    #[prost(message, repeated, tag = "3")]
    pub area: Vec<Place>,
    /// In (0, 1).
    #[prost(double, tag = "4")]
    pub probability: f64,
    /// Earliest arrival, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "5")]
    pub arrival_from_tai_ns: i64,
    /// Latest arrival, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "6")]
    pub arrival_to_tai_ns: i64,
}
