//! One object's path.

use serde::Serialize;

use super::SensorOutput;

/// The path of one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObjectOutput {
    /// Its name: the target of its plots, or made of the first of them.
    pub id: String,
    /// The sensors that saw it.
    pub sensors: Vec<SensorOutput>,
    /// The time for which position, velocity and covariance hold.
    pub epoch: String,
    /// Position at the epoch.
    pub position_m: [f64; 3],
    /// Velocity at the epoch, relative to the turning Earth.
    pub velocity_mps: [f64; 3],
    /// Covariance of `[x, y, z, vx, vy, vz]` in m and m/s, row by row, symmetric.
    pub covariance: [[f64; 6]; 6],
    /// The frame of position, velocity and covariance: `ECEF` (WGS-84).
    pub frame: String,
    /// The phases of the flight, in order of time.
    pub phases: Vec<PhaseOutput>,
    /// The highest point, if the path has one.
    pub apogee: Option<ApogeeOutput>,
    /// Where it left the ground, if the path leads back there.
    pub launch: Option<GroundOutput>,
    /// Where it comes to the ground, if the path leads there.
    pub arrival: Option<GroundOutput>,
    /// What a reader should know before trusting the figures.
    pub warnings: Vec<String>,
    /// How the fit went.
    pub fit: FitOutput,
}

/// One phase of the flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseOutput {
    /// `boost`, `coast`, `re-entry`, …
    pub phase: String,
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub to: String,
}

/// The highest point of the path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApogeeOutput {
    /// When.
    pub time: String,
    /// Standard deviation of that time.
    pub time_sigma_s: f64,
    /// Height above the ellipsoid.
    pub height_m: f64,
    /// Standard deviation of that height.
    pub height_sigma_m: f64,
    /// Latitude.
    pub lat_deg: f64,
    /// Longitude, east positive.
    pub lon_deg: f64,
}

/// Where and when the path meets the ground.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroundOutput {
    /// The most likely time.
    pub time: String,
    /// Standard deviation of that time.
    pub time_sigma_s: f64,
    /// Latitude of the most likely place.
    pub lat_deg: f64,
    /// Longitude of the most likely place, east positive.
    pub lon_deg: f64,
    /// The region that contains it with 95 %.
    pub region: RegionOutput,
    /// The region that contains it with 50 %.
    pub region_50: RegionOutput,
    /// The time span that contains it with 95 %.
    pub interval: IntervalOutput,
    /// The time span that contains it with 50 %.
    pub interval_50: IntervalOutput,
}

/// A region on the ground that contains the place with a stated probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionOutput {
    /// From 0 to 1.
    pub probability: f64,
    /// One ring `[lon, lat]` in degrees, the last point equal to the first. Longitudes may pass ±180 so that the ring
    /// does not jump.
    pub polygon: Vec<[f64; 2]>,
}

/// A time span.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntervalOutput {
    /// Its begin.
    pub from: String,
    /// Its end.
    pub to: String,
}

/// How the fit went.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FitOutput {
    /// Steps until nothing moved.
    pub iterations: usize,
    /// Plots given to the fit.
    pub plots: usize,
    /// Of them, rejected as outliers.
    pub rejected: usize,
    /// A small constant acceleration besides the modelled forces, where one was estimated.
    pub acceleration_mps2: Option<[f64; 3]>,
    /// Its standard deviations.
    pub acceleration_sigma_mps2: Option<[f64; 3]>,
    /// Its change with time, where one was estimated.
    pub acceleration_rate_mps3: Option<[f64; 3]>,
    /// Its standard deviations.
    pub acceleration_rate_sigma_mps3: Option<[f64; 3]>,
    /// When the acceleration was that above.
    pub acceleration_epoch: Option<String>,
    /// The axes of that acceleration: `GCRF`, or `ECI` (the axes of ECEF at the first plot of the fit).
    pub acceleration_frame: Option<String>,
    /// Drag area over mass, drag coefficient included (C_D A / m), where it was estimated.
    pub drag_m2pkg: Option<f64>,
    /// Its standard deviation.
    pub drag_sigma_m2pkg: Option<f64>,
}
