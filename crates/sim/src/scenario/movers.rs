//! How each kind of object moves: its keys, and the mover they describe.

use geo::angle::RAD_PER_DEG;
use geo::earth::SEMI_MAJOR_AXIS_M;
use geo::{Geodetic, Time};
use plot::Field;
use wire::Reason;

use super::keys::Keys;
use super::limits::*;
use super::object::{Glide, Mover};
use super::sea::sea_height_m;
use crate::ballistic::Figures;
use crate::motion::{AircraftSpec, CruiseSpec, Elements, ShipSpec, Waypoint};

/// A place on the ground, the sea or in the air; the height is 0 where none is given.
fn place(keys: &mut Keys, height_max_m: f64) -> Option<Geodetic> {
    let (lat_deg, lon_deg) = (keys.field(Field::LatDeg), keys.field(Field::LonDeg));
    let height_m = keys.field(Field::HeightM).unwrap_or(0.0);
    if !(-500.0..=height_max_m).contains(&height_m) {
        let words = "metres above the ellipsoid from -500 to 9000 (on the ground) or 50000 (in the air)";
        keys.refuse("height_m", Reason::Kind(words));
    }
    let lon_deg = lon_deg?;
    let lon_deg = if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg };
    Some(Geodetic::from_degrees(lat_deg?, lon_deg, height_m))
}

pub(super) fn ballistic(keys: &mut Keys) -> Option<Mover> {
    keys.check(
        BALLISTIC_KEYS,
        &[ID, TIME, "lat_deg", "lon_deg", APOGEE.key, RANGE.key, BEARING.key],
    );
    let launch = place(keys, 9_000.0);
    let (apogee_km, range_km, bearing_deg) = (keys.number(APOGEE), keys.number(RANGE), keys.number(BEARING));
    let flight_time_s = keys.number(FLIGHT_TIME);
    let class = keys.word(CLASS, &CLASSES).and_then(|name| name.parse().ok());
    Some(Mover::Ballistic(Figures {
        launch: launch?,
        apogee_m: apogee_km? * 1e3,
        range_m: range_km? * 1e3,
        bearing_rad: bearing_deg? * RAD_PER_DEG,
        flight_time_s,
        class,
    }))
}

pub(super) fn glider(keys: &mut Keys) -> Option<Mover> {
    keys.check(
        GLIDER_KEYS,
        &[
            ID,
            TIME,
            "lat_deg",
            "lon_deg",
            APOGEE.key,
            RANGE.key,
            BEARING.key,
            BALLISTIC_RANGE.key,
        ],
    );
    let launch = place(keys, 9_000.0);
    let (apogee_km, range_km, bearing_deg) = (keys.number(APOGEE), keys.number(RANGE), keys.number(BEARING));
    let (ballistic_km, aside_km) = (keys.number(BALLISTIC_RANGE), keys.number(ASIDE));
    let pull_up_km = keys.number(PULL_UP).unwrap_or(35.0);
    let class = keys.word(CLASS, &CLASSES).and_then(|name| name.parse().ok());
    let figures = Figures {
        launch: launch?,
        apogee_m: apogee_km? * 1e3,
        range_m: ballistic_km? * 1e3,
        bearing_rad: bearing_deg? * RAD_PER_DEG,
        flight_time_s: None,
        class,
    };
    let glide = Glide {
        range_m: range_km? * 1e3,
        aside_m: aside_km.map(|km| km * 1e3),
        pull_up_m: pull_up_km * 1e3,
    };
    Some(Mover::Glider(figures, glide))
}

/// Reads the waypoints of an object.
pub(super) fn waypoints(keys: &mut Keys, known: &'static [&'static str]) -> Vec<Waypoint> {
    keys.tables(WAYPOINT, |keys| {
        keys.check(known, known);
        let (place, speed_mps) = (place(keys, 50_000.0), keys.number(SPEED));
        Some(Waypoint {
            place: place?,
            speed_mps: speed_mps?,
        })
    })
}

/// The sea where a way begins.
fn sea_m(waypoints: &[Waypoint]) -> f64 {
    waypoints.first().map_or(0.0, |first| sea_height_m(first.place))
}

pub(super) fn cruise(keys: &mut Keys, start: Time) -> Option<Mover> {
    keys.check(CRUISE_KEYS, &[ID, TIME, WAYPOINT]);
    let waypoints = waypoints(keys, WAYPOINT_KEYS);
    let ground_m = keys.number(GROUND).unwrap_or_else(|| sea_m(&waypoints));
    let mut spec = CruiseSpec::notional(start, waypoints);
    spec.clearance_m = keys.number(CLEARANCE).unwrap_or(spec.clearance_m);
    Some(Mover::Cruise(spec, ground_m))
}

pub(super) fn aircraft(keys: &mut Keys, start: Time) -> Option<Mover> {
    keys.check(AIRCRAFT_KEYS, &[ID, TIME, WAYPOINT]);
    let waypoints = waypoints(keys, AIR_WAYPOINT_KEYS);
    Some(Mover::Aircraft(AircraftSpec::airliner(start, waypoints)))
}

pub(super) fn ship(keys: &mut Keys, start: Time) -> Option<Mover> {
    keys.check(SHIP_KEYS, &[ID, TIME, WAYPOINT]);
    let waypoints = waypoints(keys, WAYPOINT_KEYS);
    let water_m = sea_m(&waypoints);
    let mut spec = ShipSpec::merchant(start, waypoints);
    spec.water_height_m = water_m;
    Some(Mover::Ship(spec))
}

pub(super) fn satellite(keys: &mut Keys) -> Option<Mover> {
    let needed = [ID, TIME, PERIGEE.key, ORBIT_APOGEE.key, INCLINATION.key];
    keys.check(SATELLITE_KEYS, &needed);
    let (perigee_km, apogee_km) = (keys.number(PERIGEE), keys.number(ORBIT_APOGEE));
    let mut angle_rad = |limit| keys.number(limit).unwrap_or(0.0) * RAD_PER_DEG;
    let (inclination_rad, node_rad) = (angle_rad(INCLINATION), angle_rad(NODE));
    let (perigee_rad, mean_anomaly_rad) = (angle_rad(PERIGEE_ARGUMENT), angle_rad(ANOMALY));
    let (low_m, high_m) = (
        perigee_km? * 1e3 + SEMI_MAJOR_AXIS_M,
        apogee_km? * 1e3 + SEMI_MAJOR_AXIS_M,
    );
    if high_m < low_m {
        keys.refuse(ORBIT_APOGEE.key, Reason::Interval(PERIGEE.key));
    }
    Some(Mover::Satellite(Elements {
        semi_major_axis_m: 0.5 * (low_m + high_m),
        eccentricity: (high_m - low_m) / (high_m + low_m),
        inclination_rad,
        node_rad,
        perigee_rad,
        mean_anomaly_rad,
    }))
}
