//! The figures that authorities announce of a launch, and why no flight has them.

use geo::Geodetic;

use super::{Class, FlyError};

/// What is known of a flight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Figures {
    /// Where it began.
    pub launch: Geodetic,
    /// Greatest height above the ellipsoid.
    pub apogee_m: f64,
    /// Length of the geodesic from launch to arrival.
    pub range_m: f64,
    /// Direction of that geodesic at the launch, clockwise from true north.
    pub bearing_rad: f64,
    /// Time from launch to arrival, if it is known.
    pub flight_time_s: Option<f64>,
    /// What was launched, if it is known; else it follows from the speed that is needed.
    pub class: Option<Class>,
}

/// Half of the longest geodesic that leaves a place: no place of the Earth is farther.
pub(super) const RANGE_MAX_M: f64 = 20_003_931.0;

/// Why no ballistic flight has the figures.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FiguresError {
    /// The launch place is none.
    #[error(
        "the launch is at latitude {lat_deg}°, longitude {lon_deg}°, height {height_m} m: latitude must be within ±90°, longitude within ±360°, height within -500 and 9,000 m"
    )]
    Launch {
        /// Latitude.
        lat_deg: f64,
        /// Longitude.
        lon_deg: f64,
        /// Height.
        height_m: f64,
    },
    /// The apogee is no positive length.
    #[error("an apogee of {} km: it must be above 0 km", apogee_m / 1e3)]
    Apogee {
        /// The apogee.
        apogee_m: f64,
    },
    /// The distance is no positive length, or longer than half of the Earth's circumference.
    #[error("a distance of {} km: it must be above 0 km and at most {:.0} km, half way round the Earth", range_m / 1e3, RANGE_MAX_M / 1e3)]
    Range {
        /// The distance.
        range_m: f64,
    },
    /// The bearing is not finite.
    #[error("the bearing is {bearing_rad} rad: it must be finite")]
    Bearing {
        /// The bearing.
        bearing_rad: f64,
    },
    /// The flight time is no positive time.
    #[error("a flight time of {flight_time_s} s: it must be above 0 s")]
    FlightTime {
        /// The flight time.
        flight_time_s: f64,
    },
    /// The solver did not come near enough.
    #[error("no ballistic flight was found with an apogee of {:.1} km over {:.1} km", apogee_m / 1e3, range_m / 1e3)]
    NotFound {
        /// The apogee wanted.
        apogee_m: f64,
        /// The distance wanted.
        range_m: f64,
    },
    /// A flight cannot be computed.
    #[error(transparent)]
    Fly(#[from] FlyError),
}
