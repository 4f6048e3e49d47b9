//! A row of the tracker as a picture has it.

use std::sync::Arc;

use geo::antimeridian::unrolled;
use geo::{Ecef, Geodetic, Position, Site, Time};
use nalgebra::{Matrix3, Vector3};
use track::forecast::Region;
use track::{Forecast, Row};
use wire::messages::picture::{Area, Contribution, PathPoint, Track};

use super::path;
use crate::engine::show::outline;

/// Corners of an area.
const CORNERS: usize = 48;

/// What is drawn of a forecast: made once, for it says the same until the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Drawn {
    pub said: Option<Time>,
    pub arrival: Vec<Area>,
    pub launch: Vec<Area>,
    pub path: Vec<PathPoint>,
}

impl Drawn {
    /// Draws a forecast of an object.
    pub fn new(forecast: &Forecast, row: &Row) -> Self {
        let areas = |regions: &[Region]| regions.iter().map(|region| area(region, forecast.time)).collect();
        Self {
            said: Some(forecast.time),
            arrival: areas(&forecast.arrival),
            launch: areas(&forecast.launch),
            path: path::path(row, &forecast.arrival),
        }
    }

    /// The last moment at which it may arrive.
    pub fn latest_unix_s(&self) -> Option<f64> {
        self.whole().map(|area| area.latest_unix_s)
    }

    /// The area of whatever the object does, at the highest probability.
    pub fn whole(&self) -> Option<&Area> {
        let any = self.arrival.iter().filter(|area| area.way == "any");
        any.max_by(|a, b| a.probability.total_cmp(&b.probability))
    }
}

/// Unix seconds; of an inserted leap second, those of the second before.
pub(crate) fn unix_s(time: Time) -> f64 {
    let ns = time.utc_ns().or_else(|| (time + -1.0).utc_ns()).unwrap_or(0);
    ns as f64 / 1e9
}

/// The time of Unix seconds; `None` of what no clock of a node can show.
pub(crate) fn time_of_unix(unix_s: f64) -> Option<Time> {
    let ns = unix_s * 1e9;
    (ns.is_finite() && ns.abs() < 9.2e18).then(|| Time::from_utc_ns(ns as i64).ok())?
}

/// Where a row says that the object is, ECEF.
pub(super) fn place_m(row: &Row) -> Vector3<f64> {
    row.belief.mean.fixed_rows::<3>(0).into()
}

pub(super) fn area(region: &Region, said: Time) -> Area {
    let corners = outline(region, CORNERS).into_iter();
    let mut ring = unrolled(corners.map(|corner| [rounded(corner.lon_deg()), rounded(corner.lat_deg())]));
    ring.extend(ring.first().copied());
    Area {
        way: region.way.name().to_owned(),
        weight: region.weight,
        probability: region.probability,
        lat_deg: region.centre.lat_deg(),
        lon_deg: region.centre.lon_deg(),
        major_m: region.major_m,
        minor_m: region.minor_m,
        azimuth_deg: region.azimuth_deg,
        earliest_unix_s: unix_s(region.earliest),
        middle_unix_s: unix_s(region.middle),
        latest_unix_s: unix_s(region.latest),
        said_unix_s: unix_s(said),
        outline_deg: ring.concat(),
    }
}

/// To a decimetre on the ground.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// An object as a picture has it.
pub(super) fn track(row: &Row, is_lost: bool, drawn: Option<&Arc<Drawn>>, contributions: &[Contribution]) -> Track {
    let mean = row.belief.mean;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
    let axes: Matrix3<f64> = *Site::new(place).enu_from_ecef();
    let velocity_mps: Vector3<f64> = axes * mean.fixed_rows::<3>(3);
    let covariance_m2 = axes * row.belief.covariance.fixed_view::<3, 3>(0, 0) * axes.transpose();
    let of_velocity: Matrix3<f64> = row.belief.covariance.fixed_view::<3, 3>(3, 3).into();
    let triangle = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];
    let drawn = drawn.map(|drawn| &**drawn);
    Track {
        name: row.track.to_string(),
        phase: row.phase.name().to_owned(),
        existence: row.existence,
        time_unix_s: unix_s(row.time),
        lat_deg: place.lat_deg(),
        lon_deg: place.lon_deg(),
        height_m: place.height_m,
        east_mps: velocity_mps.x,
        north_mps: velocity_mps.y,
        up_mps: velocity_mps.z,
        covariance: triangle.map(|at| covariance_m2[at]).to_vec(),
        plots: row.plots,
        contributions: contributions.to_vec(),
        lost: is_lost,
        arrival: drawn.map_or_else(Vec::new, |drawn| drawn.arrival.clone()),
        launch: drawn.map_or_else(Vec::new, |drawn| drawn.launch.clone()),
        path: drawn.map_or_else(Vec::new, |drawn| drawn.path.clone()),
        velocity_sigma_mps: of_velocity.trace().max(0.0).sqrt(),
    }
}
