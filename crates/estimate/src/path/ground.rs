//! Where and when a path meets the ground, and how certain that is.

use flight::{Body, EventKind, Options, propagate};
use geo::angle::RAD_PER_DEG;
use geo::math::{cos, sin};
use geo::{Ecef, Geodetic, Position, Site, State, Time, destination};
use nalgebra::{Matrix2, Matrix3, SMatrix, Vector2, Vector3};
use plot::Sensors;

use super::consider::{Uncertainty, of_state};
use super::fit::{Context, Fitted};
use crate::belief::Gaussian;

/// A path is followed at most so long after its last plot.
const HORIZON_S: f64 = 3.0 * 3600.0;
/// Corners of a region's polygon.
const CORNERS: usize = 48;
/// Sensors farther than this say nothing of the ground's height.
const NEAR_M: f64 = 300_000.0;

/// A time and place on the ground, uncertain.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundPoint {
    /// The most probable time.
    pub time: Time,
    /// Its standard deviation.
    pub time_sigma_s: f64,
    /// The most probable place.
    pub place: Geodetic,
    /// Covariance (2×2, m²) of east and north there.
    pub covariance_m2: Matrix2<f64>,
}

impl GroundPoint {
    /// The polygon, anticlockwise and closed, that contains the place with a probability in (0, 1).
    pub fn region(&self, probability: f64) -> Vec<Geodetic> {
        let belief = Gaussian::new(Vector2::zeros(), self.covariance_m2);
        let Ok(ellipse) = belief.ellipse(probability) else {
            return vec![self.place];
        };
        (0..=CORNERS)
            .map(|corner| {
                let around = (corner % CORNERS) as f64 * 360.0 / CORNERS as f64 * RAD_PER_DEG;
                let (along, across) = (ellipse.major * cos(around), ellipse.minor * sin(around));
                let (sin_tilt, cos_tilt) = (sin(ellipse.angle_rad), cos(ellipse.angle_rad));
                let (east_m, north_m) = (
                    along * cos_tilt - across * sin_tilt,
                    along * sin_tilt + across * cos_tilt,
                );
                let azimuth_deg = geo::math::atan2(east_m, north_m) / RAD_PER_DEG;
                destination(self.place, azimuth_deg, geo::math::hypot(east_m, north_m))
            })
            .collect()
    }

    /// The interval that contains the time with a probability in (0, 1).
    pub fn interval(&self, probability: f64) -> (Time, Time) {
        let half_s = self.time_sigma_s * crate::belief::chi_square_quantile(probability, 1.0).sqrt();
        (self.time + -half_s, self.time + half_s)
    }
}

/// The highest point of a path.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Apogee {
    /// When.
    pub time: Time,
    /// Its standard deviation.
    pub time_sigma_s: f64,
    /// Where, with the height above the ellipsoid.
    pub place: Geodetic,
    /// Standard deviation of the height.
    pub height_sigma_m: f64,
}

/// Height of the ground near a place: as chosen, else that of the nearest sensor.
pub(crate) fn ground_height_m(place: Geodetic, context: &Context<'_>) -> f64 {
    context
        .options
        .ground_height_m
        .unwrap_or_else(|| nearest_sensor_height_m(place, context.sensors))
}

fn nearest_sensor_height_m(place: Geodetic, sensors: &Sensors) -> f64 {
    let at = Geodetic { height_m: 0.0, ..place }.to_ecef();
    sensors
        .as_slice()
        .iter()
        .map(|sensor| ((sensor.site.origin() - at).norm(), sensor.site.geodetic().height_m))
        .filter(|(distance_m, _)| *distance_m < NEAR_M)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0.0, |(_, height_m)| height_m)
}

/// What a path does outside the plots: its apogee, and when it meets the ground.
pub(crate) struct Course {
    pub apogee: Option<(Time, State<Ecef>)>,
    pub arrival: Option<Time>,
}

/// Follows a fitted path forward to the ground, and back where the apogee lies before the fit.
pub(crate) fn course(fitted: &Fitted, last: Time, context: &Context<'_>) -> Result<Course, flight::PropagateError> {
    let body = super::arc::body_of(&fitted.body, &fitted.solution.values.dynamic);
    let state = State::from_vector(&fitted.solution.values.state());
    let run = |body: &Body, end: Time, ground_m: f64| {
        let options = Options {
            ground_height_m: Some(ground_m),
            stop_at_ground: true,
            ..Options::default()
        };
        propagate(&context.forces, body, fitted.reference, state, end, &options)
    };
    let end = last + HORIZON_S;
    // The ground's height is known once the place is.
    let rough = run(&body, end, 0.0)?;
    let place = rough.geodetic(rough.end()).unwrap_or(Geodetic {
        lat_rad: 0.0,
        lon_rad: 0.0,
        height_m: 0.0,
    });
    let forward = run(&body, end, ground_height_m(place, context))?;
    let event = |kind: EventKind| forward.events().iter().find(move |event| event.kind == kind);
    let mut apogee = event(EventKind::Apogee).map(|event| (event.time, event.state));
    let arrival = event(EventKind::MeetsGround).map(|event| event.time);
    if apogee.is_none() && arrival.is_some() {
        let airless = Body {
            drag_m2pkg: 0.0,
            ..body
        };
        let backward = run(&airless, fitted.reference + -HORIZON_S, 0.0)?;
        apogee = backward
            .events()
            .iter()
            .find(|event| event.kind == EventKind::Apogee)
            .map(|event| (event.time, event.state));
    }
    Ok(Course { apogee, arrival })
}

/// The apogee with its uncertainty, to first order.
pub(crate) fn apogee(
    arc: &super::arc::Arc,
    uncertainty: &Uncertainty,
    time: Time,
    state: State<Ecef>,
    forces_down_mps2: f64,
) -> Apogee {
    let place = Geodetic::from_ecef(state.position);
    let up = Site::new(place).enu_from_ecef().row(2).transpose();
    let covariance = of_state(arc, uncertainty, time);
    let height_sigma_m = up.dot(&(position_block(&covariance) * up)).max(0.0).sqrt();
    let climb_variance = up.dot(&(covariance.fixed_view::<3, 3>(3, 3) * up)).max(0.0);
    Apogee {
        time,
        time_sigma_s: climb_variance.sqrt() / forces_down_mps2,
        place,
        height_sigma_m,
    }
}

fn position_block(covariance: &SMatrix<f64, 6, 6>) -> Matrix3<f64> {
    covariance.fixed_view::<3, 3>(0, 0).into()
}

/// The point where a path meets the ground at a time, with its uncertainty to first order: an error of position moves
/// the place along the velocity until it is on the ground again.
pub(crate) fn meeting(
    arc: &super::arc::Arc,
    uncertainty: &Uncertainty,
    time: Time,
    ground_sigma_m: f64,
) -> GroundPoint {
    let state = arc.state(time);
    let place = Geodetic::from_ecef(Position::new(state[0], state[1], state[2]));
    let axes = *Site::new(place).enu_from_ecef();
    let velocity = axes * Vector3::new(state[3], state[4], state[5]);
    let mut covariance = axes * position_block(&of_state(arc, uncertainty, time)) * axes.transpose();
    // The ground may lie higher or lower: the same as the path lying lower or higher.
    covariance[(2, 2)] += ground_sigma_m * ground_sigma_m;
    project(time, place, &velocity, &covariance)
}

/// Projects an error of position (covariance 3×3 in east, north, up) along the velocity to the ground.
pub(crate) fn project(
    time: Time,
    place: Geodetic,
    velocity_mps: &Vector3<f64>,
    covariance: &Matrix3<f64>,
) -> GroundPoint {
    // Hardly falling, it could be anywhere ahead: a floor keeps the numbers finite and large.
    let climb_mps = if velocity_mps.z.abs() < 1.0 {
        -1.0
    } else {
        velocity_mps.z
    };
    #[rustfmt::skip]
    let to_ground = SMatrix::<f64, 2, 3>::new(
        1.0, 0.0, -velocity_mps.x / climb_mps,
        0.0, 1.0, -velocity_mps.y / climb_mps,
    );
    GroundPoint {
        time,
        time_sigma_s: covariance[(2, 2)].max(0.0).sqrt() / climb_mps.abs(),
        place,
        covariance_m2: to_ground * covariance * to_ground.transpose(),
    }
}
