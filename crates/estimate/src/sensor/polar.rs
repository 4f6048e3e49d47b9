//! Range, azimuth, elevation and range rate of an ECEF state, with the partial derivatives.

use geo::math::atan2;
use geo::{Ecef, Site, State};
use nalgebra::{SMatrix, SVector, Vector3};

use super::{NotObservable, Refraction};

/// Below this distance from the sensor nothing has a direction.
const RANGE_MIN_M: f64 = 1e-3;
/// Below this ratio of ground distance to range the azimuth is undefined.
const ZENITH_RATIO: f64 = 1e-9;

/// All four polar quantities, as a sensor would measure them.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Polar4 {
    /// Slant range, with the refractive excess if refraction is modelled.
    pub range_m: f64,
    /// Azimuth, clockwise from true north, in [0, 2π); 0 at the zenith.
    pub azimuth_rad: f64,
    /// Elevation, apparent if refraction is modelled.
    pub elevation_rad: f64,
    /// Range rate, positive when receding. Geometric: the rate of the refractive excess is left out.
    pub range_rate_mps: f64,
}

/// Partial derivatives of a [`Polar4`] by `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]`: rows range, azimuth, elevation,
/// range rate (4×6). All finite: at the zenith the azimuth row is 0.
pub type PolarPartials = SMatrix<f64, 4, 6>;

/// Constant errors of a sensor, added to what it would measure.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Bias {
    /// Measured minus true range.
    pub range_m: f64,
    /// Measured minus true azimuth.
    pub azimuth_rad: f64,
    /// Measured minus true elevation.
    pub elevation_rad: f64,
    /// Measured minus true range rate.
    pub range_rate_mps: f64,
    /// Stated minus true time: the object was `velocity · time_s` back on its path (straight over so short a time).
    pub time_s: f64,
}

impl Polar4 {
    /// The layout `[range_m, azimuth_rad, elevation_rad, range_rate_mps]`.
    pub fn to_vector(&self) -> SVector<f64, 4> {
        SVector::<f64, 4>::new(self.range_m, self.azimuth_rad, self.elevation_rad, self.range_rate_mps)
    }
}

/// The geometry that prediction and partials share, in the site's east/north/up frame.
struct Geometry {
    line: Vector3<f64>,
    velocity: Vector3<f64>,
    ground_m: f64,
    range_m: f64,
}

impl Geometry {
    #[inline]
    fn new(site: &Site, state: &State<Ecef>) -> Self {
        let line = site.enu_from_ecef() * (state.position - site.origin());
        let velocity = site.enu_from_ecef() * state.velocity.vector();
        let ground_squared = line.x * line.x + line.y * line.y;
        Self {
            line,
            velocity,
            ground_m: ground_squared.sqrt(),
            range_m: (ground_squared + line.z * line.z).sqrt(),
        }
    }

    fn has_azimuth(&self) -> bool {
        self.ground_m > ZENITH_RATIO * self.range_m
    }

    #[inline]
    fn polar(&self) -> Polar4 {
        let azimuth_rad = if self.has_azimuth() {
            atan2(self.line.x, self.line.y)
        } else {
            0.0
        };
        Polar4 {
            range_m: self.range_m,
            azimuth_rad: if azimuth_rad < 0.0 {
                geo::angle::wrap_tau(azimuth_rad)
            } else {
                azimuth_rad
            },
            elevation_rad: atan2(self.line.z, self.ground_m),
            range_rate_mps: if self.range_m > 0.0 {
                self.line.dot(&self.velocity) / self.range_m
            } else {
                0.0
            },
        }
    }
}

/// Returns what a site would measure of an ECEF state.
#[inline]
pub fn predict_polar(site: &Site, state: &State<Ecef>, refraction: &Refraction) -> Polar4 {
    refracted(site, Geometry::new(site, state).polar(), refraction)
}

fn refracted(site: &Site, mut polar: Polar4, refraction: &Refraction) -> Polar4 {
    if *refraction != Refraction::None {
        let apparent = refraction.apparent(site, polar.range_m, polar.elevation_rad);
        polar.range_m = apparent.range_m;
        polar.elevation_rad = apparent.elevation_rad;
    }
    polar
}

/// Returns what a site would measure of an ECEF state, and the partial derivatives (4×6).
///
/// With refraction the partials carry the slope of the correction (central differences of the smooth correction).
/// Errors: [`NotObservable::AtSensor`]. At the zenith the azimuth row is 0: see [`azimuth_observable`].
#[inline]
pub fn linearize_polar(
    site: &Site,
    state: &State<Ecef>,
    refraction: &Refraction,
) -> Result<(Polar4, PolarPartials), NotObservable> {
    let geometry = Geometry::new(site, state);
    let Geometry {
        line,
        velocity,
        ground_m,
        range_m,
    } = geometry;
    if range_m.is_nan() || range_m < RANGE_MIN_M {
        return Err(NotObservable::AtSensor { range_m });
    }
    let polar = geometry.polar();
    let axes = site.enu_from_ecef();
    let unit = line / range_m;
    let (azimuth_enu, elevation_enu) = if geometry.has_azimuth() {
        let (east, north) = (line.x / ground_m, line.y / ground_m);
        let slope = line.z / (range_m * range_m);
        (
            Vector3::new(north, -east, 0.0) / ground_m,
            Vector3::new(-slope * east, -slope * north, ground_m / (range_m * range_m)),
        )
    } else {
        (Vector3::zeros(), Vector3::zeros())
    };
    let rate_enu = (velocity - unit * polar.range_rate_mps) / range_m;
    let mut range_row = axes.tr_mul(&unit);
    let range_rate_by_velocity = range_row;
    let mut elevation_row = axes.tr_mul(&elevation_enu);
    if *refraction != Refraction::None {
        let slopes = refraction.slopes(site, polar.range_m, polar.elevation_rad);
        let geometric = (range_row, elevation_row);
        range_row = geometric.0 * slopes[(0, 0)] + geometric.1 * slopes[(0, 1)];
        elevation_row = geometric.0 * slopes[(1, 0)] + geometric.1 * slopes[(1, 1)];
    }
    let azimuth_row = axes.tr_mul(&azimuth_enu);
    let rate_row = axes.tr_mul(&rate_enu);
    let mut partials = PolarPartials::zeros();
    for axis in 0..3 {
        partials[(0, axis)] = range_row[axis];
        partials[(1, axis)] = azimuth_row[axis];
        partials[(2, axis)] = elevation_row[axis];
        partials[(3, axis)] = rate_row[axis];
        partials[(3, axis + 3)] = range_rate_by_velocity[axis];
    }
    Ok((refracted(site, polar, refraction), partials))
}

/// Checks that a state has an azimuth as seen from a site. Errors: [`NotObservable::Zenith`].
#[inline]
pub fn azimuth_observable(partials: &PolarPartials, site: &Site, state: &State<Ecef>) -> Result<(), NotObservable> {
    if (0..3).any(|axis| partials[(1, axis)] != 0.0) {
        return Ok(());
    }
    let geometry = Geometry::new(site, state);
    Err(NotObservable::Zenith {
        ground_m: geometry.ground_m,
        range_m: geometry.range_m,
    })
}
