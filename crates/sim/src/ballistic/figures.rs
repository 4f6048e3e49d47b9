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
    /// The apogee takes more speed than any ballistic missile on public record has.
    #[error("an apogee of {:.0} km over {:.0} km takes {:.1} km/s at burnout, more than any ballistic missile has; over that distance the highest apogee is {:.0} km", apogee_m / 1e3, range_m / 1e3, speed_mps / 1e3, highest_m / 1e3)]
    TooHigh {
        /// The apogee wanted.
        apogee_m: f64,
        /// The distance wanted.
        range_m: f64,
        /// The speed low over the ground.
        speed_mps: f64,
        /// The highest apogee for the distance.
        highest_m: f64,
    },
    /// The apogee is so low for the distance that only lift carries so far.
    #[error("no ballistic flight goes {:.0} km with an apogee of {:.1} km; over that distance the lowest apogee is {:.1} km", range_m / 1e3, apogee_m / 1e3, lowest_m / 1e3)]
    TooLow {
        /// The apogee wanted.
        apogee_m: f64,
        /// The distance wanted.
        range_m: f64,
        /// The lowest apogee for the distance.
        lowest_m: f64,
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

impl FiguresError {
    pub(super) fn not_found(figures: &Figures) -> Self {
        Self::NotFound {
            apogee_m: figures.apogee_m,
            range_m: figures.range_m,
        }
    }
}

impl Figures {
    /// Refuses figures that no flight on Earth has.
    pub(super) fn check(&self) -> Result<(), FiguresError> {
        let launch = self.launch;
        let (lat_deg, lon_deg, height_m) = (launch.lat_deg(), launch.lon_deg(), launch.height_m);
        let is_place = lat_deg.abs() <= 90.0 && lon_deg.abs() <= 360.0 && (-500.0..=9_000.0).contains(&height_m);
        if !is_place {
            return Err(FiguresError::Launch {
                lat_deg,
                lon_deg,
                height_m,
            });
        }
        let (apogee_m, range_m) = (self.apogee_m, self.range_m);
        if !(apogee_m > 0.0 && apogee_m.is_finite()) {
            return Err(FiguresError::Apogee { apogee_m });
        }
        if !(range_m > 0.0 && range_m <= RANGE_MAX_M) {
            return Err(FiguresError::Range { range_m });
        }
        if !self.bearing_rad.is_finite() {
            return Err(FiguresError::Bearing {
                bearing_rad: self.bearing_rad,
            });
        }
        if let Some(flight_time_s) = self.flight_time_s
            && !(flight_time_s > 0.0 && flight_time_s.is_finite())
        {
            return Err(FiguresError::FlightTime { flight_time_s });
        }
        Ok(())
    }
}
