//! The keys of objects: names, limits, and which kind has which.

use super::keys::Limit;
use crate::ballistic::Class;
use crate::truth::Kind;

pub(super) const CROSS_SECTION: Limit = Limit::new(
    "cross_section_m2",
    1e-6,
    1e6,
    "square metres from 1e-6 to 1e6, such as 0.5",
);
pub(super) const BOOST: Limit = Limit::new("boost_wpsr", 0.0, 1e9, "watts per steradian from 0 to 1e9");
pub(super) const APOGEE: Limit = Limit::new(
    "apogee_km",
    1e-3,
    5e4,
    "kilometres above 0 up to 50000, the greatest height above the ellipsoid",
);
pub(super) const RANGE: Limit = Limit::new(
    "range_km",
    1e-3,
    20_003.0,
    "kilometres over ground above 0 up to 20003, half way round the Earth",
);
pub(super) const BEARING: Limit = Limit::new(
    "bearing_deg",
    -180.0,
    360.0,
    "degrees from -180 to 360, clockwise from true north",
);
pub(super) const FLIGHT_TIME: Limit = Limit::new("flight_time_s", 1.0, 86_400.0, "seconds from 1 to 86400");
pub(super) const TIME_SIGMA: Limit = Limit::new("time_sigma_s", 0.0, 3_600.0, "seconds from 0 to 3600");
pub(super) const APOGEE_SIGMA: Limit = Limit::new("apogee_sigma_km", 0.0, 1_000.0, "kilometres from 0 to 1000");
pub(super) const RANGE_SIGMA: Limit = Limit::new("range_sigma_km", 0.0, 1_000.0, "kilometres from 0 to 1000");
pub(super) const BEARING_SIGMA: Limit = Limit::new("bearing_sigma_deg", 0.0, 45.0, "degrees from 0 to 45");

pub(super) const ID: &str = "id";
pub(super) const KIND: &str = "kind";
pub(super) const AUTHORITY: &str = "authority";
pub(super) const TIME: &str = "time";
pub(super) const CLASS: &str = "class";
pub(super) const IDENTITY: &str = "identity";
pub(super) const WAYPOINT: &str = "waypoint";
pub(super) const SPEED: Limit = Limit::new("speed_mps", 0.1, 5_000.0, "metres per second from 0.1 to 5000");
pub(super) const CLEARANCE: Limit = Limit::new("clearance_m", 0.0, 20_000.0, "metres from 0 to 20000");
pub(super) const GROUND: Limit = Limit::new(
    "ground_height_m",
    -500.0,
    9_000.0,
    "metres above the ellipsoid from -500 to 9000",
);
pub(super) const PERIGEE: Limit = Limit::new(
    "perigee_km",
    100.0,
    1e5,
    "kilometres above the equator's radius from 100 to 1e5",
);
pub(super) const ORBIT_APOGEE: Limit = Limit::new(
    "apogee_km",
    100.0,
    1e5,
    "kilometres above the equator's radius from 100 to 1e5",
);
pub(super) const INCLINATION: Limit = Limit::new("inclination_deg", 0.0, 180.0, "degrees from 0 to 180");
pub(super) const NODE: Limit = Limit::new("node_deg", -180.0, 360.0, "degrees from -180 to 360");
pub(super) const PERIGEE_ARGUMENT: Limit =
    Limit::new("perigee_argument_deg", -180.0, 360.0, "degrees from -180 to 360");
pub(super) const ANOMALY: Limit = Limit::new("mean_anomaly_deg", -180.0, 360.0, "degrees from -180 to 360");

pub(super) const BALLISTIC_RANGE: Limit = Limit::new(
    "ballistic_range_km",
    1e-3,
    20_003.0,
    "kilometres over ground above 0 up to 20003, where it would come down without lift",
);
pub(super) const ASIDE: Limit = Limit::new(
    "aside_km",
    -5_000.0,
    5_000.0,
    "kilometres from -5000 (left) to 5000 (right)",
);
pub(super) const PULL_UP: Limit = Limit::new("pull_up_km", 10.0, 90.0, "kilometres above the ellipsoid from 10 to 90");
pub(super) const SEPARATES: &str = "separates";
pub(super) const DEBRIS: Limit = Limit::new("debris", 1.0, 1_000.0, "a whole number from 1 to 1000");
pub(super) const BREAK_UP: Limit = Limit::new("break_up", 1.0, 1_000.0, "a whole number from 1 to 1000");

/// The words of `kind`.
pub(super) const KINDS: [&str; 6] = [
    Kind::Ballistic.name(),
    Kind::Glider.name(),
    Kind::Cruise.name(),
    Kind::Aircraft.name(),
    Kind::Ship.name(),
    Kind::Satellite.name(),
];
/// The words of `class`.
pub(super) const CLASSES: [&str; Class::ALL.len()] = {
    let mut words = [""; Class::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Class::ALL[i].name();
        i += 1;
    }
    words
};

/// The keys of every object, and those of one kind.
macro_rules! keys {
    ($($key:expr),* $(,)?) => {
        &[ID, KIND, AUTHORITY, TIME, CROSS_SECTION.key, BOOST.key, TIME_SIGMA.key, $($key),*]
    };
}

pub(super) const BALLISTIC_KEYS: &[&str] = keys![
    "lat_deg",
    "lon_deg",
    "height_m",
    APOGEE.key,
    RANGE.key,
    BEARING.key,
    FLIGHT_TIME.key,
    CLASS,
    APOGEE_SIGMA.key,
    RANGE_SIGMA.key,
    BEARING_SIGMA.key,
    SEPARATES,
    DEBRIS.key,
    BREAK_UP.key,
];
pub(super) const GLIDER_KEYS: &[&str] = keys![
    "lat_deg",
    "lon_deg",
    "height_m",
    APOGEE.key,
    RANGE.key,
    BEARING.key,
    BALLISTIC_RANGE.key,
    ASIDE.key,
    PULL_UP.key,
    CLASS,
    APOGEE_SIGMA.key,
    RANGE_SIGMA.key,
    BEARING_SIGMA.key,
    SEPARATES,
    DEBRIS.key,
    BREAK_UP.key,
];
pub(super) const CRUISE_KEYS: &[&str] = keys![WAYPOINT, CLEARANCE.key, GROUND.key];
pub(super) const AIRCRAFT_KEYS: &[&str] = keys![WAYPOINT, IDENTITY];
pub(super) const SHIP_KEYS: &[&str] = keys![WAYPOINT, IDENTITY];
pub(super) const SATELLITE_KEYS: &[&str] = keys![
    PERIGEE.key,
    ORBIT_APOGEE.key,
    INCLINATION.key,
    NODE.key,
    PERIGEE_ARGUMENT.key,
    ANOMALY.key,
];
/// A waypoint on the ground or the sea.
pub(super) const WAYPOINT_KEYS: &[&str] = &["lat_deg", "lon_deg", SPEED.key];
/// A waypoint in the air.
pub(super) const AIR_WAYPOINT_KEYS: &[&str] = &["lat_deg", "lon_deg", "height_m", SPEED.key];
