//! A path against the truth, by the path's own 95 %.

use flight::Trajectory;
use geo::Geodetic;
use nalgebra::{Matrix6, Vector6};
use serde_json::Value;

use super::run::{holds, number, time};
use super::{apogee, arrival};

/// What 95 % of the squared lengths of six standard normal numbers stay below.
const CHI_SQUARE_6: f64 = 12.59;

/// The squared error of the state at the epoch, in the path's own covariance.
pub fn state_error(object: &Value, flight: &Trajectory) -> f64 {
    let epoch = time(&object["epoch"]);
    let truth = flight.state(epoch).expect("the epoch is in the flight").to_vector();
    let list = |key: &str| -> Vec<f64> { object[key].as_array().expect("a list").iter().map(number).collect() };
    let state = Vector6::from_iterator(list("position_m").into_iter().chain(list("velocity_mps")));
    let covariance = Matrix6::from_fn(|i, j| number(&object["covariance"][i][j]));
    let error = truth - state;
    let solved = covariance
        .cholesky()
        .expect("a positive definite covariance")
        .solve(&error);
    error.dot(&solved)
}

/// Checks state, apogee and arrival against the truth.
pub fn agrees(object: &Value, flight: &Trajectory) {
    let chi_square = state_error(object, flight);
    let (top_time, top) = apogee(flight);
    let found = &object["apogee"];
    let height_off = (number(&found["height_m"]) - top.height_m) / number(&found["height_sigma_m"]);
    let time_off = (time(&found["time"]) - top_time) / number(&found["time_sigma_s"]);
    let (end_time, end) = arrival(flight);
    let found = &object["arrival"];
    let end_off = (time(&found["time"]) - end_time) / number(&found["time_sigma_s"]);
    let in_region = holds(&found["region"]["polygon"], end);
    assert!(chi_square < CHI_SQUARE_6, "chi² of the state {chi_square}");
    assert!(
        height_off.abs() < 1.96 && time_off.abs() < 1.96,
        "apogee off {height_off} and {time_off} sigmas"
    );
    assert!(
        end_off.abs() < 1.96 && in_region,
        "arrival off {end_off} sigmas, in region: {in_region}"
    );
}

/// Metres between an object's place (`lat_deg`, `lon_deg`) and another.
pub fn apart_m(found: &Value, truth: Geodetic) -> f64 {
    let found = Geodetic::from_degrees(number(&found["lat_deg"]), number(&found["lon_deg"]), 0.0);
    geo::geodesic(found, truth).distance_m
}
