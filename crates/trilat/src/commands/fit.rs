//! From plots to paths: the fit, and its result in the values that are printed and drawn.

use estimate::path::{Channel, FlightPath, GroundPoint, NoPath, PathOptions, SensorFit, fit_paths};
use geo::Time;
use geo::angle::RAD_PER_DEG;
use nalgebra::Vector3;
use plot::{Quantity, Sensors};

use crate::Failure;
use crate::files::Input;
use crate::found::Found;
use crate::output::{
    ApogeeOutput, FitOutput, GroundOutput, IntervalOutput, NoPathOutput, ObjectOutput, PathOutput, PhaseOutput,
    RegionOutput, SensorOutput,
};
use crate::series::{ObjectSeries, Residual, TrackPoint};

/// Time between two points of a path.
const TRACK_STEP_S: f64 = 1.0;
/// The most points of one path: an orbit of a day.
const TRACK_POINTS_MAX: usize = 100_000;

/// Finds the path of each object, and its course at 1 Hz up to the arrival, or to the time asked.
///
/// Objects without a path are in the output with the reason. Errors: none; [`Found::deliver`] fails without a path.
pub fn fit(input: &Input, options: &PathOptions, ephemeris_to: Option<Time>) -> Result<Found, Failure> {
    let options = PathOptions {
        until: ephemeris_to,
        ..options.clone()
    };
    let objects = fit_paths(&input.plots, &input.sensors, &options);
    let no_path = objects
        .no_paths
        .iter()
        .map(|(id, plots, why)| no_path(id, *plots, why))
        .collect();
    let output = PathOutput {
        objects: objects.paths.iter().map(|path| object(path, &input.sensors)).collect(),
        no_path,
        refused: input.refused.clone(),
        error: None,
    };
    let series = objects.paths.iter().map(|path| series(path, ephemeris_to)).collect();
    Ok(Found { output, series })
}

fn no_path(id: &str, plots: usize, why: &NoPath) -> NoPathOutput {
    NoPathOutput {
        id: id.to_owned(),
        plots,
        reason: why.to_string(),
    }
}

/// Microseconds: finer than any fit.
fn text(time: Time) -> String {
    format!("{time:.6}")
}

fn object(path: &FlightPath, sensors: &Sensors) -> ObjectOutput {
    ObjectOutput {
        id: path.id.clone(),
        sensors: path.sensors.iter().map(|fit| sensor(fit, sensors)).collect(),
        epoch: text(path.epoch),
        position_m: path.state.position.to_array(),
        velocity_mps: path.state.velocity.to_array(),
        covariance: std::array::from_fn(|i| std::array::from_fn(|j| path.covariance[(i, j)])),
        frame: "ECEF".to_owned(),
        phases: path
            .phases
            .iter()
            .map(|span| PhaseOutput {
                phase: span.phase.name().to_owned(),
                from: text(span.from),
                to: text(span.to),
            })
            .collect(),
        apogee: path.apogee.as_ref().map(|apogee| ApogeeOutput {
            time: text(apogee.time),
            time_sigma_s: apogee.time_sigma_s,
            height_m: apogee.place.height_m,
            height_sigma_m: apogee.height_sigma_m,
            lat_deg: apogee.place.lat_deg(),
            lon_deg: apogee.place.lon_deg(),
        }),
        launch: path.launch.as_ref().map(ground),
        arrival: path.arrival.as_ref().map(ground),
        warnings: path.warnings.clone(),
        fit: fit_output(path),
    }
}

fn fit_output(path: &FlightPath) -> FitOutput {
    let array = |v: Vector3<f64>| -> [f64; 3] { v.into() };
    let unmodelled = &path.unmodelled;
    let told = |value: f64| unmodelled.is_drag_estimated.then_some(value);
    let acceleration = unmodelled.acceleration_mps2;
    let rate = unmodelled.acceleration_rate_mps3;
    FitOutput {
        iterations: path.steps,
        plots: path.sensors.iter().map(|fit| fit.plots).sum(),
        rejected: path.sensors.iter().map(|fit| fit.rejected).sum(),
        acceleration_mps2: acceleration.map(|(value, _)| array(value)),
        acceleration_sigma_mps2: acceleration.map(|(_, sigma)| array(sigma)),
        acceleration_rate_mps3: rate.map(|(value, _)| array(value)),
        acceleration_rate_sigma_mps3: rate.map(|(_, sigma)| array(sigma)),
        acceleration_epoch: acceleration.map(|_| text(unmodelled.acceleration_epoch)),
        acceleration_frame: acceleration.map(|_| unmodelled.acceleration_frame.to_owned()),
        drag_m2pkg: told(unmodelled.drag_m2pkg),
        drag_sigma_m2pkg: told(unmodelled.drag_sigma_m2pkg),
    }
}

fn sensor(fit: &SensorFit, sensors: &Sensors) -> SensorOutput {
    let stated = &sensors.as_slice()[fit.sensor];
    let scale = |channel: Channel| if channel.is_angle() { 1.0 / RAD_PER_DEG } else { 1.0 };
    let bias = |channel: Channel| fit.channel(channel).map(|c| c.bias * scale(channel));
    let bias_sigma = |channel: Channel| fit.channel(channel).map(|c| c.bias_sigma * scale(channel));
    let rms = |channel: Channel| fit.channel(channel).map(|c| c.rms * scale(channel));
    let of_position = [Channel::East, Channel::North, Channel::Up].map(rms);
    let squares = of_position.iter().flatten().map(|r| r * r).sum::<f64>();
    SensorOutput {
        name: stated.name.to_string(),
        owner: stated.owner.to_string(),
        plots: fit.plots,
        rejected: fit.rejected,
        range_bias_m: bias(Channel::Range),
        range_bias_sigma_m: bias_sigma(Channel::Range),
        azimuth_bias_deg: bias(Channel::Azimuth),
        azimuth_bias_sigma_deg: bias_sigma(Channel::Azimuth),
        elevation_bias_deg: bias(Channel::Elevation),
        elevation_bias_sigma_deg: bias_sigma(Channel::Elevation),
        range_rate_bias_mps: bias(Channel::RangeRate),
        range_rate_bias_sigma_mps: bias_sigma(Channel::RangeRate),
        time_bias_s: fit.clock_s.map(|(value, _)| value),
        time_bias_sigma_s: fit.clock_s.map(|(_, sigma)| sigma),
        range_rms_m: rms(Channel::Range),
        azimuth_rms_deg: rms(Channel::Azimuth),
        elevation_rms_deg: rms(Channel::Elevation),
        range_rate_rms_mps: rms(Channel::RangeRate),
        position_rms_m: of_position[0].map(|_| squares.sqrt()),
    }
}

fn ground(point: &GroundPoint) -> GroundOutput {
    let region = |probability: f64| {
        let corners = point.region(probability);
        RegionOutput {
            probability,
            polygon: ring(&corners, point.place.lon_deg()),
        }
    };
    let interval = |probability: f64| {
        let (from, to) = point.interval(probability);
        IntervalOutput {
            from: text(from),
            to: text(to),
        }
    };
    GroundOutput {
        time: text(point.time),
        time_sigma_s: point.time_sigma_s,
        lat_deg: point.place.lat_deg(),
        lon_deg: point.place.lon_deg(),
        region: region(0.95),
        region_50: region(0.5),
        interval: interval(0.95),
        interval_50: interval(0.5),
    }
}

/// `[lon, lat]` of each corner; a longitude may pass ±180° so that the ring does not jump.
fn ring(corners: &[geo::Geodetic], centre_deg: f64) -> Vec<[f64; 2]> {
    let near = |lon_deg: f64| lon_deg - 360.0 * ((lon_deg - centre_deg) / 360.0).round();
    corners
        .iter()
        .map(|corner| [near(corner.lon_deg()), corner.lat_deg()])
        .collect()
}

fn series(path: &FlightPath, ephemeris_to: Option<Time>) -> ObjectSeries {
    ObjectSeries {
        track: track(path, ephemeris_to),
        residuals: residuals(path),
        seen: path
            .seen
            .iter()
            .map(|(time, sensor)| (*time, place(path, *sensor)))
            .collect(),
    }
}

/// Where a sensor of the list stands among those that saw the object.
fn place(path: &FlightPath, sensor: usize) -> usize {
    path.sensors.iter().position(|fit| fit.sensor == sensor).unwrap_or(0)
}

/// The path at whole seconds, from launch (or where it is first known) to arrival (or where it was asked to end).
fn track(path: &FlightPath, ephemeris_to: Option<Time>) -> Vec<TrackPoint> {
    let (first, last) = path.span();
    let from = path.launch.as_ref().map_or(first, |launch| launch.time.max(first));
    let arrival = path.arrival.as_ref().map_or(last, |arrival| arrival.time.min(last));
    let to = ephemeris_to.unwrap_or(arrival).min(last);
    // Whole seconds of UTC, so that two runs, and two programs, give the same instants.
    let begin = from.ceil_utc_s();
    (0..TRACK_POINTS_MAX)
        .map(|i| begin + i as f64 * TRACK_STEP_S)
        .take_while(|time| *time <= to)
        .filter_map(|time| path.at(time))
        .map(|at| {
            let sigma = |axis: usize| at.covariance_m2[(axis, axis)].max(0.0).sqrt();
            TrackPoint {
                time: at.time,
                lat_deg: at.place.lat_deg(),
                lon_deg: at.place.lon_deg(),
                height_m: at.place.height_m,
                east_sigma_m: sigma(0),
                north_sigma_m: sigma(1),
                up_sigma_m: sigma(2),
            }
        })
        .collect()
}

fn residuals(path: &FlightPath) -> Vec<Residual> {
    let of = |residual: &estimate::path::PlotResidual| {
        let quantity = match residual.channel {
            Channel::Range => Quantity::Range,
            Channel::Azimuth => Quantity::Azimuth,
            Channel::Elevation => Quantity::Elevation,
            Channel::RangeRate => Quantity::RangeRate,
            Channel::East | Channel::North | Channel::Up => Quantity::Position,
        };
        let scale = if residual.channel.is_angle() {
            1.0 / RAD_PER_DEG
        } else {
            1.0
        };
        Residual {
            time: residual.time,
            sensor: place(path, residual.sensor),
            quantity,
            value: (residual.value + residual.bias) * scale,
            sigma: residual.sigma * scale,
            used: residual.is_used,
        }
    };
    path.residuals.iter().map(of).collect()
}
