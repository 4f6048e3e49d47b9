//! What a caller may choose of a path fit.

use flight::{Body, Forces};
use geo::Time;

use crate::sensor::Refraction;

/// How a path is fitted. [`PathOptions::default`] suits ballistic flights of minutes to an hour.
#[derive(Clone, Debug)]
pub struct PathOptions {
    /// Forces on the object.
    pub forces: Forces,
    /// What is particular to the object, apart from drag and unknown acceleration.
    pub body: Body,
    /// Inverse ballistic coefficient (Cd·A/m) before the plots tell.
    pub drag_m2pkg: f64,
    /// Its prior standard deviation.
    pub drag_sigma_m2pkg: f64,
    /// Whether plots are weighed by their stated sigmas, as if independent, not by how their residuals scatter.
    pub is_noise_stated: bool,
    /// Whether plots tell about drag; `None`: if some are below 90 km.
    pub is_drag_estimated: Option<bool>,
    /// What the object itself adds to each range, such as the delay of a transponder.
    pub transponder_m: f64,
    /// Prior standard deviation of an unknown constant acceleration (each inertial axis); `None`: there is none.
    pub acceleration_sigma_mps2: Option<f64>,
    /// Prior standard deviation of its rate; `None`: it is constant.
    pub acceleration_rate_sigma_mps3: Option<f64>,
    /// Prior standard deviation of the slow drift of each channel, in units of its stated sigma; 0: errors are
    /// constant.
    pub drift_per_sigma: f64,
    /// Refraction of the sensors' lines of sight; an exponential refractivity is that at sea level.
    pub refraction: Refraction,
    /// Whether plots carry the time of arrival at the sensor, not that of reflection at the object.
    pub is_time_of_reception: bool,
    /// The instant of the reported state; `None`: the last plot of the fit.
    pub epoch: Option<Time>,
    /// The path is computed at least so far.
    pub until: Option<Time>,
    /// Height of the ground above the ellipsoid; `None`: that of the sensor nearest to the place, within 300 km, else
    /// 0.
    pub ground_height_m: Option<f64>,
    /// Standard deviation of the ground's height.
    pub ground_height_sigma_m: f64,
}

impl Default for PathOptions {
    fn default() -> Self {
        Self {
            forces: Forces::ballistic(),
            body: Body::default(),
            drag_m2pkg: 5e-4,
            drag_sigma_m2pkg: 1e-3,
            is_noise_stated: false,
            is_drag_estimated: None,
            transponder_m: 0.0,
            acceleration_sigma_mps2: None,
            acceleration_rate_sigma_mps3: None,
            drift_per_sigma: 2.0,
            refraction: Refraction::None,
            is_time_of_reception: false,
            epoch: None,
            until: None,
            ground_height_m: None,
            ground_height_sigma_m: 100.0,
        }
    }
}
