//! A picture as people and programs read it: JSON of its own types.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::angle::RAD_PER_DEG;
use geo::math::sin_cos;
use geo::{Ecef, Geodetic, Position};
use plot::Sensors;
use serde::{Deserialize, Serialize};
use track::forecast::{Region, Way};
use track::{Forecast, Name, Row};

use super::Firsts;

/// One picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PictureShown {
    /// Its objects.
    pub tracks: Vec<TrackShown>,
    /// When the first object was confirmed, UTC, by times of measurement.
    pub first_track: Option<String>,
    /// When a ground area could be said first.
    pub first_warning: Option<String>,
    /// When its longest diameter was first below 100 km.
    pub first_known: Option<String>,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackShown {
    /// Its name.
    pub track: String,
    /// When it was seen last, UTC.
    pub time: String,
    /// What it is doing.
    pub phase: String,
    /// Probability that it exists.
    pub existence: f64,
    /// Geodetic latitude.
    pub lat_deg: f64,
    /// Longitude.
    pub lon_deg: f64,
    /// Height above the ellipsoid.
    pub height_m: f64,
    /// Position and velocity, ECEF, m and m/s.
    pub state: [f64; 6],
    /// Root of the sum of the variances of position.
    pub sigma_m: f64,
    /// Plots in it.
    pub plots: u32,
    /// Sensors that saw it.
    pub sensors: Vec<String>,
    /// Where it may come down, with 95 %.
    pub area: Option<AreaShown>,
}

/// Where an object may come down, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaShown {
    /// When it was said, UTC.
    pub said: String,
    /// Middle of the ellipse.
    pub lat_deg: f64,
    /// Middle of the ellipse.
    pub lon_deg: f64,
    /// Longer semi-axis.
    pub major_m: f64,
    /// Shorter semi-axis.
    pub minor_m: f64,
    /// Direction of the longer one, clockwise from true north.
    pub azimuth_deg: f64,
    /// Probability that it contains the arrival.
    pub probability: f64,
    /// Earliest arrival, UTC.
    pub earliest: String,
    /// Latest arrival, UTC.
    pub latest: String,
}

/// The region of whatever an object does, at the highest probability.
pub(crate) fn whole_area(arrival: &[Region]) -> Option<&Region> {
    let any = arrival.iter().filter(|region| region.way == Way::Any);
    any.max_by(|a, b| a.probability.total_cmp(&b.probability))
}

/// Corners of an ellipse on the ground, in order.
pub(crate) fn outline(region: &Region, corners: usize) -> Vec<Geodetic> {
    let corner = |at: usize| {
        let (sin, cos) = sin_cos(std::f64::consts::TAU * at as f64 / corners as f64);
        let (along_m, across_m) = (region.major_m * cos, region.minor_m * sin);
        let turn_deg = geo::math::atan2(across_m, along_m) / RAD_PER_DEG;
        let distance_m = (along_m * along_m + across_m * across_m).sqrt();
        geo::destination(region.centre, region.azimuth_deg + turn_deg, distance_m)
    };
    (0..corners).map(corner).collect()
}

/// Makes what is shown of a picture.
pub(super) fn picture(
    rows: &[Row],
    sensors: &Sensors,
    foretold: &BTreeMap<Name, Arc<Forecast>>,
    firsts: Firsts,
) -> PictureShown {
    let text = |time: Option<geo::Time>| time.map(|time| time.to_string());
    PictureShown {
        tracks: rows
            .iter()
            .map(|row| track(row, sensors, foretold.get(&row.track).map(|forecast| &**forecast)))
            .collect(),
        first_track: text(firsts.track),
        first_warning: text(firsts.warning),
        first_known: text(firsts.known),
    }
}

fn track(row: &Row, sensors: &Sensors, forecast: Option<&Forecast>) -> TrackShown {
    let mean = row.belief.mean;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
    let covariance = row.belief.covariance.fixed_view::<3, 3>(0, 0);
    let known = sensors.as_slice();
    TrackShown {
        track: row.track.to_string(),
        time: row.time.to_string(),
        phase: row.phase.name().to_owned(),
        existence: row.existence,
        lat_deg: place.lat_rad / RAD_PER_DEG,
        lon_deg: place.lon_rad / RAD_PER_DEG,
        height_m: place.height_m,
        state: mean.into(),
        sigma_m: covariance.trace().max(0.0).sqrt(),
        plots: row.plots,
        sensors: row
            .sensors
            .iter()
            .filter_map(|at| Some(known.get(*at)?.name.to_string()))
            .collect(),
        area: forecast.and_then(area),
    }
}

fn area(forecast: &Forecast) -> Option<AreaShown> {
    let region = whole_area(&forecast.arrival)?;
    Some(AreaShown {
        said: forecast.time.to_string(),
        lat_deg: region.centre.lat_rad / RAD_PER_DEG,
        lon_deg: region.centre.lon_rad / RAD_PER_DEG,
        major_m: region.major_m,
        minor_m: region.minor_m,
        azimuth_deg: region.azimuth_deg,
        probability: region.probability,
        earliest: region.earliest.to_string(),
        latest: region.latest.to_string(),
    })
}
