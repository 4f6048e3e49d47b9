//! What looks: the `[[sensor]]` tables of a scenario.

use std::f64::consts::TAU;

use geo::angle::{RAD_PER_DEG, wrap_tau};
use geo::{Geodetic, Time};
use plot::{Field, Quantity};
use wire::Reason;

use super::keys::{Keys, Limit};
use super::limits::{KIND, WAYPOINT, WAYPOINT_KEYS};
use super::movers::waypoints;
use super::sea::{SEA_TOLERANCE_M, sea_height_m};
use crate::motion::{ShipSpec, ship};
use crate::sensor::{Clutter, Drift, Place, Preset, Schedule, Source, Station, StationError};

const NAME: &str = "name";
const OWNER: &str = "owner";
const MEASURES: &str = "measures";
const REFERENCE_RANGE: Limit = Limit::new(
    "reference_range_m",
    1e3,
    1e8,
    "metres from 1000 to 1e8, where an object of 1 square metre is seen every second time",
);
const SEARCH: Limit = Limit::new("search_s", 0.01, 3_600.0, "seconds from 0.01 to 3600");
const TRACK: Limit = Limit::new("track_s", 0.01, 3_600.0, "seconds from 0.01 to 3600");
const JITTER: Limit = Limit::new("jitter_s", 0.0, 3_600.0, "seconds from 0 to 3600");
const DRIFT_SHARE: Limit = Limit::new(
    "drift_share",
    0.0,
    10.0,
    "a share of the bias sigmas from 0 to 10, such as 0.5",
);
const DRIFT_TIME: Limit = Limit::new("drift_time_s", 1.0, 86_400.0, "seconds from 1 to 86400");
const CLUTTER: &str = "clutter";
const CLUTTER_PLOTS: Limit = Limit::new("plots_per_scan", 0.0, 1_000.0, "plots from 0 to 1000");
const CLUTTER_FROM: Limit = Limit::new("range_from_m", 0.0, 1e7, "metres from 0 to 1e7");
const CLUTTER_TO: Limit = Limit::new("range_to_m", 10.0, 1e7, "metres from 10 to 1e7, more than range_from_m");
const CLUTTER_ELEVATION: Limit = Limit::new("elevation_to_deg", 0.0, 90.0, "degrees from 0 to 90");
const CLUTTER_RATE: Limit = Limit::new("range_rate_sigma_mps", 0.0, 1_000.0, "metres per second from 0 to 1000");

pub(super) const SENSOR_KEYS: &[&str] = &[
    NAME,
    OWNER,
    KIND,
    "lat_deg",
    "lon_deg",
    "height_m",
    MEASURES,
    "azimuth_from_deg",
    "azimuth_to_deg",
    "elevation_min_deg",
    "elevation_max_deg",
    "range_max_m",
    REFERENCE_RANGE.key,
    SEARCH.key,
    TRACK.key,
    "latency_s",
    JITTER.key,
    "range_bias_sigma_m",
    "azimuth_bias_sigma_deg",
    "elevation_bias_sigma_deg",
    "range_rate_bias_sigma_mps",
    "time_bias_sigma_s",
    DRIFT_SHARE.key,
    DRIFT_TIME.key,
    "false_alarms_per_scan",
    CLUTTER,
    WAYPOINT,
];
const CLUTTER_KEYS: &[&str] = &[
    CLUTTER_PLOTS.key,
    CLUTTER_FROM.key,
    CLUTTER_TO.key,
    "azimuth_from_deg",
    "azimuth_to_deg",
    CLUTTER_ELEVATION.key,
    CLUTTER_RATE.key,
];

const KINDS: [&str; Preset::ALL.len()] = {
    let mut words = [""; Preset::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Preset::ALL[i].name();
        i += 1;
    }
    words
};
const QUANTITIES: [&str; Quantity::ALL.len()] = {
    let mut words = [""; Quantity::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Quantity::ALL[i].name();
        i += 1;
    }
    words
};

/// Reads one `[[sensor]]`; what moves begins at the start of the span.
pub(super) fn sensor(keys: &mut Keys, span: (Time, Time)) -> Option<Station> {
    let before = keys.faults.count();
    keys.check(SENSOR_KEYS, &[NAME, OWNER, KIND, "lat_deg", "lon_deg", "height_m"]);
    let (name, owner) = (keys.name(NAME), keys.name(OWNER));
    let kind = keys.word(KIND, &KINDS);
    let place = place(keys);
    let kind = Preset::ALL.into_iter().find(|known| Some(known.name()) == kind);
    let sector_rad = sector_rad(keys);
    let mut station = kind?.station(name?, owner?, place?, sector_rad);
    if let Source::Ais(ais) = &mut station.source {
        ais.sea_height_m = sea_height_m(place?);
    }
    measures(keys, &mut station);
    coverage(keys, &mut station);
    schedule(keys, &mut station);
    errors(keys, &mut station);
    clutter(keys, &mut station);
    moves(keys, &mut station, span);
    if keys.faults.count() == before {
        check(keys, &station);
    }
    (keys.faults.count() == before).then_some(station)
}

/// Where it stands: not under the sea.
fn place(keys: &mut Keys) -> Option<Geodetic> {
    let (lat_deg, lon_deg) = (keys.field(Field::LatDeg)?, keys.field(Field::LonDeg)?);
    let height_m = keys.field(Field::HeightM)?;
    let lon_deg = if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg };
    let place = Geodetic::from_degrees(lat_deg, lon_deg, height_m);
    let sea_m = sea_height_m(place);
    if height_m < sea_m - SEA_TOLERANCE_M {
        let words = "metres above the ellipsoid: the sea stands so high there, and less is under water";
        let least = sea_m.round();
        keys.refuse("height_m", Reason::AtLeast { least, words });
        return None;
    }
    Some(place)
}

fn measures(keys: &mut Keys, station: &mut Station) {
    let Some(value) = keys.get(MEASURES) else {
        return;
    };
    let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
        keys.refuse(
            MEASURES,
            Reason::Kind("a list such as [\"range\", \"azimuth\", \"elevation\"]"),
        );
        return;
    };
    let mut quantities = Vec::new();
    for word in list.iter() {
        let name = keys.faults.word(MEASURES, word, &QUANTITIES);
        quantities.extend(Quantity::ALL.into_iter().find(|quantity| Some(quantity.name()) == name));
    }
    quantities.sort_unstable();
    quantities.dedup();
    station.sensor.measures = quantities;
}

/// The sector, from and to, where there is one; a whole turn is none.
fn sector_rad(keys: &mut Keys) -> Option<(f64, f64)> {
    let (from, to) = (Field::AzimuthFromDeg, Field::AzimuthToDeg);
    let sector_deg = (keys.field(from), keys.field(to));
    both(keys, from.name(), to.name());
    let (from_deg, to_deg) = (sector_deg.0?, sector_deg.1?);
    if (to_deg - from_deg).abs() >= 360.0 {
        return None;
    }
    let sector_rad = (wrap_tau(from_deg * RAD_PER_DEG), wrap_tau(to_deg * RAD_PER_DEG));
    if sector_rad.0 == sector_rad.1 {
        keys.refuse(to.name(), Reason::Kind("another azimuth than azimuth_from_deg"));
    }
    Some(sector_rad)
}

fn coverage(keys: &mut Keys, station: &mut Station) {
    let coverage = &mut station.sensor.coverage;
    let rad = |deg: Option<f64>| deg.map(|deg| deg * RAD_PER_DEG);
    let (low, high) = (keys.field(Field::ElevationMinDeg), keys.field(Field::ElevationMaxDeg));
    coverage.elevation_min_rad = rad(low).or(coverage.elevation_min_rad);
    coverage.elevation_max_rad = rad(high).or(coverage.elevation_max_rad);
    if let (Some(low), Some(high)) = (coverage.elevation_min_rad, coverage.elevation_max_rad)
        && low >= high
    {
        keys.refuse("elevation_max_deg", Reason::Interval("elevation_min_deg"));
    }
    coverage.range_max_m = keys.field(Field::RangeMaxM).or(coverage.range_max_m);
}

/// When it looks, and how far.
fn schedule(keys: &mut Keys, station: &mut Station) {
    let (search, track) = (keys.number(SEARCH), keys.number(TRACK));
    let reference = keys.number(REFERENCE_RANGE);
    match &mut station.source {
        Source::Radar(radar) => {
            radar.reference_range_m = reference.unwrap_or(radar.reference_range_m);
            match &mut radar.schedule {
                Schedule::Phased { search_s, track_s, .. } => {
                    *search_s = search.unwrap_or(*search_s);
                    *track_s = track.unwrap_or(*track_s);
                }
                Schedule::Rotating { period_s } | Schedule::Staring { period_s } => {
                    *period_s = search.unwrap_or(*period_s);
                    if track.is_some() {
                        keys.refuse(TRACK.key, Reason::Kind("no value: this kind does not come back sooner"));
                    }
                }
            }
            station.sensor.scan_s = Some(radar.schedule.scan_s());
        }
        _ => {
            for key in [SEARCH.key, TRACK.key, REFERENCE_RANGE.key] {
                if keys.get(key).is_some() {
                    keys.refuse(key, Reason::Kind("no value: only a radar has it"));
                }
            }
        }
    }
}

fn errors(keys: &mut Keys, station: &mut Station) {
    let sensor = &mut station.sensor;
    let rad = |deg: Option<f64>| deg.map(|deg| deg * RAD_PER_DEG);
    sensor.latency_s = keys.field(Field::LatencyS).or(sensor.latency_s);
    station.jitter_s = keys.number(JITTER).unwrap_or(station.jitter_s);
    let biases = &mut sensor.bias_sigmas;
    biases.range_m = keys.field(Field::RangeBiasSigmaM).or(biases.range_m);
    biases.azimuth_rad = rad(keys.field(Field::AzimuthBiasSigmaDeg)).or(biases.azimuth_rad);
    biases.elevation_rad = rad(keys.field(Field::ElevationBiasSigmaDeg)).or(biases.elevation_rad);
    biases.range_rate_mps = keys.field(Field::RangeRateBiasSigmaMps).or(biases.range_rate_mps);
    sensor.time_bias_sigma_s = keys.field(Field::TimeBiasSigmaS).or(sensor.time_bias_sigma_s);
    let false_alarms = &mut sensor.detection.false_alarms_per_scan;
    *false_alarms = keys.field(Field::FalseAlarmsPerScan).or(*false_alarms);
    match (keys.number(DRIFT_SHARE), keys.number(DRIFT_TIME)) {
        (Some(share), Some(correlation_s)) => station.drift = Some(Drift { share, correlation_s }),
        _ => both(keys, DRIFT_SHARE.key, DRIFT_TIME.key),
    }
}

/// Notes that one of two keys stands alone.
fn both(keys: &mut Keys, one: &'static str, other: &'static str) {
    match (keys.get(one), keys.get(other)) {
        (Some(_), None) => keys.refuse(one, Reason::KeyWithout(other)),
        (None, Some(_)) => keys.refuse(other, Reason::KeyWithout(one)),
        _ => {}
    }
}

/// Regions whose echoes pass the filters of a radar.
fn clutter(keys: &mut Keys, station: &mut Station) {
    let regions = keys.tables(CLUTTER, region);
    match &mut station.source {
        Source::Radar(radar) => radar.clutter = regions,
        _ if keys.get(CLUTTER).is_some() => keys.refuse(CLUTTER, Reason::Kind("no value: only a radar has it")),
        _ => {}
    }
}

/// Reads one `[[sensor.clutter]]`: all around where no azimuths are given.
fn region(keys: &mut Keys) -> Option<Clutter> {
    keys.check(CLUTTER_KEYS, &[CLUTTER_PLOTS.key, CLUTTER_FROM.key, CLUTTER_TO.key]);
    let (plots_per_scan, elevation_deg) = (keys.number(CLUTTER_PLOTS), keys.number(CLUTTER_ELEVATION));
    let (range_from_m, range_to_m) = (keys.number(CLUTTER_FROM), keys.number(CLUTTER_TO));
    let range_rate_sigma_mps = keys.number(CLUTTER_RATE).unwrap_or(0.5);
    let (azimuth_from_rad, azimuth_to_rad) = sector_rad(keys).unwrap_or((0.0, TAU));
    if range_from_m? >= range_to_m? {
        keys.refuse(CLUTTER_TO.key, Reason::Interval(CLUTTER_FROM.key));
    }
    Some(Clutter {
        plots_per_scan: plots_per_scan?,
        range_from_m: range_from_m?,
        range_to_m: range_to_m?,
        azimuth_from_rad,
        azimuth_to_rad,
        elevation_to_rad: elevation_deg.unwrap_or(1.0) * RAD_PER_DEG,
        range_rate_sigma_mps,
    })
}

/// What only all keys together tell: whether a sensor of this kind can measure that.
fn check(keys: &mut Keys, station: &Station) {
    let words = match station.check() {
        Ok(()) => return,
        Err(StationError::Moving { .. }) => {
            "[\"range\", \"azimuth\", \"elevation\"], all that a sensor with waypoints measures"
        }
        Err(_) => {
            "what its kind can measure: a radar range, azimuth, elevation, range_rate; optical and infrared azimuth, \
             elevation; ads-b and ais position, velocity"
        }
    };
    keys.refuse(MEASURES, Reason::Kind(words));
}

/// Its way, if it has one.
fn moves(keys: &mut Keys, station: &mut Station, span: (Time, Time)) {
    if keys.get(WAYPOINT).is_none() {
        return;
    }
    let waypoints = waypoints(keys, WAYPOINT_KEYS);
    let mut spec = ShipSpec::merchant(span.0, waypoints);
    spec.water_height_m = station.sensor.site.geodetic().height_m;
    match ship(&spec) {
        Ok(course) if course.span().1 < span.1 => {
            let words = "a way that lasts until end: more waypoints, or a lower speed_mps";
            keys.faults.key(WAYPOINT, keys.span.clone(), Reason::Kind(words));
        }
        Ok(course) => station.place = Place::Moving(course),
        Err(_) => {
            let words = "two waypoints or more, each away from the one before";
            keys.faults.key(WAYPOINT, keys.span.clone(), Reason::Kind(words));
        }
    }
}
