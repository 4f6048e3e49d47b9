//! The ground area of a track in free flight: where and when it comes down, with how much certainty.
//!
//! One fall is followed to the ground and its derivatives are kept at every step. Beliefs that follow on nearly the
//! same path are carried to the ground with those, to first order; one that has left it gets a fall of its own.

use estimate::belief::{Gaussian, chi_square_quantile};
use estimate::motion::MotionModel;
use geo::{Geodetic, Position, Site, Time};
use nalgebra::{Matrix2, Matrix3, SMatrix, SVector, Vector3};

use crate::belief::Belief;
use crate::motion::Free;
use crate::outcome::PROBABILITY;

/// Nothing is followed for longer.
const HORIZON_S: f64 = 3.0 * 3600.0;
/// Nodes are no farther apart.
const STEP_S: f64 = 10.0;
/// Height of the ground above the ellipsoid, and how well it is known: the geoid and waves.
const GROUND_SIGMA_M: f64 = 30.0;
/// A belief that comes down this far from its fall gets one of its own, or a tenth of the area's semi-axis.
const OFF_MAX_M: f64 = 2_000.0;

/// A stated ground area.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Area {
    place: Site,
    middle_m: [f64; 2],
    covariance_m2: Matrix2<f64>,
    /// Longest diameter.
    pub diameter_m: f64,
}

impl Area {
    /// Whether a place on the ground lies inside, and how far it is from the middle, metres.
    pub fn compare(&self, place: Geodetic) -> (bool, f64) {
        let at = Geodetic { height_m: 0.0, ..place };
        let [east_m, north_m, _] = self.place.to_enu(at.to_ecef()).to_array();
        let off = SVector::<f64, 2>::new(east_m - self.middle_m[0], north_m - self.middle_m[1]);
        let belief = Gaussian::new(SVector::zeros(), self.covariance_m2);
        let is_inside = belief
            .mahalanobis_squared(&off)
            .is_ok_and(|d2| d2 <= chi_square_quantile(PROBABILITY, 2.0));
        (is_inside, off.norm())
    }
}

/// One step of a fall.
#[derive(Clone, Debug)]
struct Node {
    time: Time,
    state: SVector<f64, 7>,
    /// East, north and time on the ground by the state.
    to_ground: SMatrix<f64, 3, 7>,
    /// Covariance of what happens on the way down.
    noise: Matrix3<f64>,
}

/// A step of the way down, from its begin: time, state, derivative of the next by it, noise on the way there.
type Step = (Time, SVector<f64, 7>, SMatrix<f64, 7, 7>, SMatrix<f64, 7, 7>);

/// A fall to the ground.
#[derive(Clone, Debug)]
pub(crate) struct Fall {
    nodes: Vec<Node>,
    site: Site,
}

/// The falls of one track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Falls {
    last: Option<Fall>,
}

impl Falls {
    /// The area of a belief at one of the instants (ascending); `None` of what does not come down.
    pub fn area(&mut self, belief: &Belief, time: Time, instants: &[Time]) -> Option<Area> {
        if let Some(area) = self.last.as_ref().and_then(|fall| fall.area(belief, time)) {
            return Some(area);
        }
        self.last = Fall::new(belief.mean::<7>(), time, instants);
        self.last.as_ref()?.area(belief, time)
    }
}

fn height_m(state: &SVector<f64, 7>) -> f64 {
    Geodetic::from_ecef(Position::new(state[0], state[1], state[2])).height_m
}

/// One step: later state, derivative, noise.
fn step(state: &SVector<f64, 7>, dt_s: f64) -> (SVector<f64, 7>, SMatrix<f64, 7, 7>, SMatrix<f64, 7, 7>) {
    let moved = Free.transition(state, dt_s);
    (moved.state, moved.jacobian, moved.noise)
}

impl Fall {
    /// Follows a state (7) to the ground, with a node at each of the instants on the way.
    fn new(start: SVector<f64, 7>, time: Time, instants: &[Time]) -> Option<Self> {
        let mut next = instants.partition_point(|instant| *instant <= time);
        let mut steps = Vec::new();
        let (mut state, mut now) = (start, time);
        if height_m(&state) <= 0.0 {
            return None;
        }
        while now - time < HORIZON_S {
            let mut dt_s = STEP_S;
            if let Some(instant) = instants.get(next)
                && now + dt_s >= *instant
            {
                dt_s = *instant - now;
                next += 1;
            }
            let (later, jacobian, noise) = step(&state, dt_s);
            if !later.iter().all(|x| x.is_finite()) {
                return None;
            }
            if height_m(&later) < 0.0 {
                return Self::landed(steps, now, state, dt_s);
            }
            steps.push((now, state, jacobian, noise));
            (state, now) = (later, now + dt_s);
        }
        None
    }

    /// Finds the ground in the last step and carries its derivatives back to the first.
    fn landed(steps: Vec<Step>, now: Time, state: SVector<f64, 7>, dt_s: f64) -> Option<Self> {
        let (mut low_s, mut high_s) = (0.0, dt_s);
        for _ in 0..30 {
            let middle_s = 0.5 * (low_s + high_s);
            if height_m(&step(&state, middle_s).0) > 0.0 {
                low_s = middle_s;
            } else {
                high_s = middle_s;
            }
        }
        let (ground, jacobian, noise) = step(&state, high_s);
        let site = Site::new(Geodetic::from_ecef(Position::new(ground[0], ground[1], ground[2])));
        let axes = site.enu_from_ecef();
        let velocity: Vector3<f64> = axes * Vector3::new(ground[3], ground[4], ground[5]);
        if velocity.z >= 0.0 {
            return None;
        }
        // An error of position moves the place along the velocity until it is on the ground again.
        #[rustfmt::skip]
        let meets = Matrix3::new(
            1.0, 0.0, -velocity.x / velocity.z,
            0.0, 1.0, -velocity.y / velocity.z,
            0.0, 0.0, -1.0 / velocity.z,
        );
        let on_ground = meets * axes;
        let mut to_ground = SMatrix::<f64, 3, 7>::zeros();
        to_ground.fixed_view_mut::<3, 3>(0, 0).copy_from(&on_ground);
        let lower = meets.column(2) * GROUND_SIGMA_M;
        let mut down = lower * lower.transpose() + to_ground * noise * to_ground.transpose();
        to_ground *= jacobian;
        let mut nodes = vec![Node {
            time: now,
            state,
            to_ground,
            noise: down,
        }];
        for (time, state, jacobian, noise) in steps.into_iter().rev() {
            down += to_ground * noise * to_ground.transpose();
            to_ground *= jacobian;
            nodes.push(Node {
                time,
                state,
                to_ground,
                noise: down,
            });
        }
        nodes.reverse();
        Some(Self { nodes, site })
    }

    /// The area of a belief at the time of a node, if it comes down near this fall.
    fn area(&self, belief: &Belief, time: Time) -> Option<Area> {
        let index = self.nodes.binary_search_by(|node| node.time.cmp(&time)).ok()?;
        let node = &self.nodes[index];
        let off = node.to_ground * (belief.mean::<7>() - node.state);
        let covariance = node.to_ground * belief.covariance::<7>() * node.to_ground.transpose() + node.noise;
        let covariance_m2: Matrix2<f64> = covariance.fixed_view::<2, 2>(0, 0).into();
        let ellipse = Gaussian::new(SVector::<f64, 2>::zeros(), covariance_m2)
            .ellipse(PROBABILITY)
            .ok()?;
        let off_m = geo::math::hypot(off[0], off[1]);
        if off_m > OFF_MAX_M.max(0.1 * ellipse.major) {
            return None;
        }
        Some(Area {
            place: self.site,
            middle_m: [off[0], off[1]],
            covariance_m2,
            diameter_m: 2.0 * ellipse.major,
        })
    }
}
