//! The model file: how a flight is modelled where the ballistic default does not fit, such as an orbit.

use std::path::Path;
use std::sync::Arc;

use estimate::path::PathOptions;
use estimate::sensor::Refraction;
use flight::{EarthOrientation, Field, Gravity, Rotation};
use geo::angle::RAD_PER_DEG;
use serde::Deserialize;

use crate::args::PathArgs;
use crate::{Failure, files};

/// Mass and radius that the coefficients of EGM96 belong to (Lemoine et al., NASA/TP-1998-206861).
const EGM96: (f64, f64) = (3.986_004_415e14, 6_378_136.3);

/// The keys of a model file; what is absent keeps the ballistic default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    /// Degree and order of the field given with --gravity-field.
    gravity_degree: Option<usize>,
    /// Gravitational parameter that its coefficients belong to; EGM96's by default.
    gravity_gm_m3ps2: Option<f64>,
    /// Radius that its coefficients belong to; EGM96's by default.
    gravity_radius_m: Option<f64>,
    /// Whether there is air.
    atmosphere: Option<bool>,
    /// Whether Sun and Moon pull.
    third_bodies: Option<bool>,
    /// Response to sunlight, Cr·A/m; 0 and absent: none.
    radiation_m2pkg: Option<f64>,
    /// The Earth's orientation: precession and nutation, with these. Absent: uniform rotation.
    earth_orientation: Option<OrientationFile>,
    /// Inverse ballistic coefficient before the plots tell, and its standard deviation.
    drag_m2pkg: Option<f64>,
    drag_sigma_m2pkg: Option<f64>,
    /// Whether plots are weighed by their stated sigmas, not by how their residuals scatter.
    noise_as_stated: Option<bool>,
    /// Whether the plots tell about drag; absent: if some are below 90 km.
    estimate_drag: Option<bool>,
    /// What the object itself adds to each range, such as the delay of a transponder.
    transponder_m: Option<f64>,
    /// Prior standard deviation of an unknown acceleration, and of its rate; absent: there is none.
    acceleration_sigma_mps2: Option<f64>,
    acceleration_rate_sigma_mps3: Option<f64>,
    /// Slow drift of each sensor's channels, in its stated sigmas; 0: biases are constant.
    drift_per_sigma: Option<f64>,
    /// Whether plots carry the time of arrival at the sensor.
    time_of_reception: Option<bool>,
    /// `itu-p834`, or refractivity at sea level and its scale height; absent: plots are corrected already.
    refraction: Option<RefractionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrientationFile {
    ut1_minus_utc_s: f64,
    polar_x_arcsec: f64,
    polar_y_arcsec: f64,
}

#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"itu-p834\", or a table of sea_level_refractivity and scale_height_m"
)]
enum RefractionFile {
    Named(RefractionName),
    Exponential(ExponentialFile),
}

#[derive(Debug, Deserialize)]
enum RefractionName {
    #[serde(rename = "itu-p834")]
    ItuP834,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExponentialFile {
    sea_level_refractivity: f64,
    scale_height_m: f64,
}

/// What a model file may not say.
#[derive(Debug, thiserror::Error)]
enum ModelError {
    #[error("{key} is {value}, expected {expected}")]
    Number {
        key: &'static str,
        value: f64,
        expected: &'static str,
    },
    #[error(
        "gravity_degree, gravity_gm_m3ps2 and gravity_radius_m describe a field: name its file with --gravity-field"
    )]
    NoField,
}

impl ModelFile {
    fn has_gravity(&self) -> bool {
        self.gravity_degree.is_some() || self.gravity_gm_m3ps2.is_some() || self.gravity_radius_m.is_some()
    }

    /// Refuses numbers that no model has.
    fn check(&self) -> Result<(), ModelError> {
        const ABOVE: &str = "a number above 0";
        const FROM: &str = "a number from 0";
        let air = match &self.refraction {
            Some(RefractionFile::Exponential(air)) => Some(air),
            Some(RefractionFile::Named(_)) | None => None,
        };
        let of_earth = self.earth_orientation.as_ref();
        let rows = [
            ("gravity_gm_m3ps2", self.gravity_gm_m3ps2, ABOVE),
            ("gravity_radius_m", self.gravity_radius_m, ABOVE),
            ("radiation_m2pkg", self.radiation_m2pkg, FROM),
            ("drag_m2pkg", self.drag_m2pkg, FROM),
            ("drag_sigma_m2pkg", self.drag_sigma_m2pkg, ABOVE),
            ("acceleration_sigma_mps2", self.acceleration_sigma_mps2, ABOVE),
            ("acceleration_rate_sigma_mps3", self.acceleration_rate_sigma_mps3, ABOVE),
            ("drift_per_sigma", self.drift_per_sigma, FROM),
            ("sea_level_refractivity", air.map(|a| a.sea_level_refractivity), FROM),
            ("scale_height_m", air.map(|a| a.scale_height_m), ABOVE),
            ("transponder_m", self.transponder_m.map(f64::abs), FROM),
            ("ut1_minus_utc_s", of_earth.map(|o| o.ut1_minus_utc_s.abs()), FROM),
            ("polar_x_arcsec", of_earth.map(|o| o.polar_x_arcsec.abs()), FROM),
            ("polar_y_arcsec", of_earth.map(|o| o.polar_y_arcsec.abs()), FROM),
        ];
        for (key, value, expected) in rows {
            let Some(value) = value else { continue };
            if !value.is_finite() || value < 0.0 || (value == 0.0 && expected == ABOVE) {
                return Err(ModelError::Number { key, value, expected });
            }
        }
        Ok(())
    }
}

/// The options of a path fit, from the arguments and the model file that they name.
///
/// Errors: [`Failure::Read`], [`Failure::Content`] with file, line and the known keys.
pub fn options(args: &PathArgs) -> Result<PathOptions, Failure> {
    let mut options = PathOptions {
        epoch: args.epoch,
        ground_height_m: args.ground_height_m,
        ..PathOptions::default()
    };
    let Some(path) = &args.model else { return Ok(options) };
    let file: ModelFile = toml::from_str(&files::read_text(path)?).map_err(|error| content(path, &error))?;
    file.check().map_err(|error| content(path, &error))?;
    match &args.gravity_field {
        Some(field) => options.forces.gravity = gravity(field, &file)?,
        None if file.has_gravity() => return Err(content(path, &ModelError::NoField)),
        None => {}
    }
    apply(file, &mut options);
    Ok(options)
}

fn content(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Content {
        source: format!("{}: {why}", path.display()).into(),
    }
}

fn gravity(path: &Path, file: &ModelFile) -> Result<Gravity, Failure> {
    let degree = file.gravity_degree.unwrap_or(20);
    let (gm_m3ps2, radius_m) = (
        file.gravity_gm_m3ps2.unwrap_or(EGM96.0),
        file.gravity_radius_m.unwrap_or(EGM96.1),
    );
    let field = Field::parse(&files::read_text(path)?, gm_m3ps2, radius_m, degree, degree);
    field
        .map(|field| Gravity::Field(Arc::new(field)))
        .map_err(|error| content(path, &error))
}

fn apply(file: ModelFile, options: &mut PathOptions) {
    let forces = &mut options.forces;
    forces.atmosphere = file.atmosphere.unwrap_or(forces.atmosphere);
    forces.third_bodies = file.third_bodies.unwrap_or(forces.third_bodies);
    options.body.radiation_m2pkg = file.radiation_m2pkg.unwrap_or(0.0);
    forces.radiation_pressure = options.body.radiation_m2pkg > 0.0;
    if let Some(orientation) = file.earth_orientation {
        const RAD_PER_ARCSEC: f64 = RAD_PER_DEG / 3_600.0;
        forces.rotation = Rotation::Celestial(EarthOrientation {
            ut1_minus_utc_s: orientation.ut1_minus_utc_s,
            polar_x_rad: orientation.polar_x_arcsec * RAD_PER_ARCSEC,
            polar_y_rad: orientation.polar_y_arcsec * RAD_PER_ARCSEC,
        });
    }
    options.drag_m2pkg = file.drag_m2pkg.unwrap_or(options.drag_m2pkg);
    options.drag_sigma_m2pkg = file.drag_sigma_m2pkg.unwrap_or(options.drag_sigma_m2pkg);
    options.is_noise_stated = file.noise_as_stated.unwrap_or(false);
    options.is_drag_estimated = file.estimate_drag;
    options.transponder_m = file.transponder_m.unwrap_or(0.0);
    options.acceleration_sigma_mps2 = file.acceleration_sigma_mps2;
    options.acceleration_rate_sigma_mps3 = file.acceleration_rate_sigma_mps3;
    options.drift_per_sigma = file.drift_per_sigma.unwrap_or(options.drift_per_sigma);
    options.is_time_of_reception = file.time_of_reception.unwrap_or(false);
    options.refraction = match file.refraction {
        None => Refraction::None,
        Some(RefractionFile::Named(RefractionName::ItuP834)) => Refraction::ItuP834,
        Some(RefractionFile::Exponential(air)) => Refraction::Exponential {
            surface_refractivity: air.sea_level_refractivity,
            scale_height_m: air.scale_height_m,
        },
    };
}
