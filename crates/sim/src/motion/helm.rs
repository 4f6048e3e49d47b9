//! Who steers: turns towards the next waypoint, within what the vehicle can.

use geo::angle::{RAD_PER_DEG, wrap_pi, wrap_tau};
use geo::math::{atan2, sin_cos, tan};
use geo::{Geodesic, Geodetic, Position, Site, geodesic};
use nalgebra::Vector3;

use super::aircraft::Hold;
use super::route::{RouteError, Waypoint, within};

/// Standard gravity.
pub(super) const G0_MPS2: f64 = 9.806_65;
/// A turn ahead is begun earlier by at most so many turning radii.
const LEAD_MAX: f64 = 3.0;
/// A ship needs so long to build up a turn.
const RUDDER_S: f64 = 10.0;

/// How a vehicle turns.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Turning {
    /// Coordinated, by banking.
    Bank { bank_max_rad: f64, roll_rate_radps: f64 },
    /// By rudder.
    Rudder { rate_max_radps: f64 },
}

impl Turning {
    /// Turns by banking. Errors: [`RouteError::Value`].
    pub fn bank(bank_max_rad: f64, roll_rate_radps: f64) -> Result<Self, RouteError> {
        Ok(Self::Bank {
            bank_max_rad: within("bank_max_rad", bank_max_rad, 0.01..=1.4, "from 0.01 to 1.4 rad")?,
            roll_rate_radps: within(
                "roll_rate_radps",
                roll_rate_radps,
                0.001..=10.0,
                "from 0.001 to 10 rad/s",
            )?,
        })
    }

    /// The largest acceleration to the side, and its largest rate.
    fn limits(self, speed_mps: f64) -> (f64, f64) {
        match self {
            Self::Bank {
                bank_max_rad,
                roll_rate_radps,
            } => (G0_MPS2 * tan(bank_max_rad), G0_MPS2 * roll_rate_radps),
            Self::Rudder { rate_max_radps } => (speed_mps * rate_max_radps, speed_mps * rate_max_radps / RUDDER_S),
        }
    }
}

/// What is done now.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Task {
    To,
    /// Turn to the outbound course of a holding pattern, in its direction.
    TurnOut,
    /// Fly outbound for some more seconds.
    Outbound(f64),
    /// Turn to the inbound course.
    TurnIn,
    /// Fly to the fix.
    Inbound,
}

/// A vehicle on its way.
pub(super) struct Helm {
    turning: Turning,
    acceleration_max_mps2: f64,
    hold: Option<Hold>,
    task: Task,
    rounds: u32,
    /// The waypoint ahead.
    next: usize,
    place: Geodetic,
    /// Unit vector of travel, level, ECEF axes.
    along: Vector3<f64>,
    speed_mps: f64,
    /// Acceleration to the right.
    aside_mps2: f64,
    is_over: bool,
}

impl Helm {
    /// Starts at the first waypoint towards the second.
    pub fn new(waypoints: &[Waypoint], turning: Turning, acceleration_max_mps2: f64, hold: Option<Hold>) -> Self {
        let place = waypoints[0].place;
        let course_rad = geodesic(place, waypoints[1].place).azimuth_from_deg * RAD_PER_DEG;
        Self {
            turning,
            acceleration_max_mps2,
            hold,
            task: Task::To,
            rounds: 0,
            next: 1,
            place,
            along: direction(&Site::new(place), course_rad),
            speed_mps: waypoints[0].speed_mps,
            aside_mps2: 0.0,
            is_over: false,
        }
    }

    /// The waypoint ahead.
    pub fn waypoint(&self) -> usize {
        self.next
    }

    /// Where the vehicle is, once its height is known.
    pub fn place(&mut self, waypoints: &[Waypoint], height_m: &mut impl FnMut(Geodetic, usize) -> f64) -> Geodetic {
        self.place.height_m = height_m(self.place, self.next.min(waypoints.len() - 1));
        self.place
    }

    /// How long until the last waypoint is passed, once that is less than a moment.
    pub fn end_s(&self, waypoints: &[Waypoint]) -> Option<f64> {
        if self.next == waypoints.len() {
            return Some(0.0);
        }
        if self.next + 1 < waypoints.len() || self.holds_here() {
            return None;
        }
        let way = geodesic(self.place, waypoints[self.next].place);
        let error_rad = self.error_rad(&way);
        let ahead_m = way.distance_m * sin_cos(error_rad).1;
        self.passes(&way, error_rad, self.speed_mps)
            .then(|| ahead_m.max(0.0) / self.speed_mps)
    }

    fn holds_here(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.waypoint == self.next)
    }

    /// The angle from the course to the direction of a way, clockwise positive.
    fn error_rad(&self, way: &Geodesic) -> f64 {
        wrap_pi(way.azimuth_from_deg * RAD_PER_DEG - self.course_rad())
    }

    fn course_rad(&self) -> f64 {
        let level = Site::new(self.place).enu_from_ecef() * self.along;
        atan2(level.x, level.y)
    }

    /// Moves on by one step.
    pub fn advance(&mut self, waypoints: &[Waypoint], step_s: f64) {
        let wanted_mps = waypoints[self.next.min(waypoints.len() - 1)].speed_mps;
        let gain_mps = self.acceleration_max_mps2 * step_s;
        self.speed_mps += (wanted_mps - self.speed_mps).clamp(-gain_mps, gain_mps);
        let (aside_max_mps2, jerk_max_mps3) = self.turning.limits(self.speed_mps);
        let error_rad = if self.next < waypoints.len() && !self.is_over {
            self.decide(waypoints, step_s)
        } else {
            0.0
        };
        // Slow enough that the bank can follow.
        let settle_s = (1.5 * aside_max_mps2 / jerk_max_mps3).max(10.0 * step_s);
        let wanted_mps2 = (self.speed_mps * error_rad / settle_s).clamp(-aside_max_mps2, aside_max_mps2);
        let change_mps2 = jerk_max_mps3 * step_s;
        let change_mps2 = (wanted_mps2 - self.aside_mps2).clamp(-change_mps2, change_mps2);
        // A ship that slows down turns slower.
        let aside_mps2 = (self.aside_mps2 + change_mps2).clamp(-aside_max_mps2, aside_max_mps2);
        let turn_rad = 0.5 * (self.aside_mps2 + aside_mps2) / self.speed_mps * step_s;
        self.aside_mps2 = aside_mps2;
        self.shift(turn_rad, step_s);
    }

    /// Travels along an arc.
    fn shift(&mut self, turn_rad: f64, step_s: f64) {
        let site = Site::new(self.place);
        let up = site.enu_from_ecef().tr_mul(&Vector3::z());
        let right = self.along.cross(&up);
        let turned = |angle_rad: f64| {
            let (sine, cosine) = sin_cos(angle_rad);
            self.along * cosine + right * sine
        };
        let moved = site.origin().vector() + turned(0.5 * turn_rad) * (self.speed_mps * step_s);
        let along = turned(turn_rad);
        let there = Geodetic::from_ecef(Position::from_vector(moved));
        self.place = Geodetic {
            height_m: self.place.height_m,
            ..there
        };
        let up = Site::new(self.place).enu_from_ecef().tr_mul(&Vector3::z());
        self.along = (along - up * along.dot(&up)).normalize();
    }

    /// Chooses what to do and returns the angle to turn by, clockwise positive.
    fn decide(&mut self, waypoints: &[Waypoint], step_s: f64) -> f64 {
        let way = geodesic(self.place, waypoints[self.next].place);
        let error_rad = self.error_rad(&way);
        match (self.task, self.hold) {
            (Task::To, _) | (_, None) => self.head_for(waypoints, &way, error_rad),
            (task, Some(hold)) => self.hold(hold, task, &way, error_rad, step_s),
        }
    }

    /// On the way to a waypoint: begins the turn towards the one after it in time.
    fn head_for(&mut self, waypoints: &[Waypoint], way: &Geodesic, error_rad: f64) -> f64 {
        let is_last = self.next + 1 == waypoints.len();
        if !self.passes(way, error_rad, self.lead_m(waypoints, way)) {
            return error_rad;
        }
        if self.holds_here() {
            self.task = Task::TurnOut;
        } else if is_last {
            self.is_over = true;
        } else {
            self.next += 1;
        }
        0.0
    }

    /// Whether a place is near enough, or lies behind so near that it cannot be turned to.
    fn passes(&self, way: &Geodesic, error_rad: f64, lead_m: f64) -> bool {
        let (aside_max_mps2, _) = self.turning.limits(self.speed_mps);
        let radius_m = self.speed_mps * self.speed_mps / aside_max_mps2;
        let is_behind = error_rad.abs() > 0.5 * std::f64::consts::PI;
        way.distance_m <= lead_m || (is_behind && way.distance_m < 2.5 * radius_m)
    }

    /// How far before a waypoint the turn begins: so that its circle touches both legs.
    fn lead_m(&self, waypoints: &[Waypoint], way: &Geodesic) -> f64 {
        let (Some(after), false) = (waypoints.get(self.next + 1), self.holds_here()) else {
            return 0.0;
        };
        let onward = geodesic(waypoints[self.next].place, after.place);
        let change_rad = wrap_pi((onward.azimuth_from_deg - way.azimuth_to_deg) * RAD_PER_DEG).abs();
        let (aside_max_mps2, jerk_max_mps3) = self.turning.limits(self.speed_mps);
        let radius_m = self.speed_mps * self.speed_mps / aside_max_mps2;
        let arc_m = radius_m * tan(0.5 * change_rad.min(3.0)).min(LEAD_MAX);
        // Rolling in takes its time: half of it is spent before the circle begins.
        let roll_m = 0.5 * self.speed_mps * aside_max_mps2 / jerk_max_mps3 * change_rad.min(1.0);
        (arc_m + roll_m).min(0.5 * onward.distance_m)
    }

    /// Flies a holding pattern: two turns and two straight legs.
    fn hold(&mut self, hold: Hold, task: Task, way: &Geodesic, error_rad: f64, step_s: f64) -> f64 {
        const ALIGNED_RAD: f64 = 0.1;
        let sign = if hold.turns_right { 1.0 } else { -1.0 };
        // The turn is made in the direction of the pattern even where the other is shorter.
        let turn_to = |course_rad: f64| {
            let left_rad = wrap_tau(sign * (course_rad - self.course_rad()));
            let is_there = !(ALIGNED_RAD..=std::f64::consts::TAU - ALIGNED_RAD).contains(&left_rad);
            (
                is_there,
                if is_there {
                    sign * wrap_pi(left_rad)
                } else {
                    sign * left_rad
                },
            )
        };
        let outbound_rad = hold.inbound_rad + std::f64::consts::PI;
        match task {
            Task::TurnOut | Task::To => {
                let (is_there, error_rad) = turn_to(outbound_rad);
                if is_there {
                    self.task = Task::Outbound(hold.leg_s);
                }
                error_rad
            }
            Task::Outbound(left_s) => {
                self.task = if left_s > step_s {
                    Task::Outbound(left_s - step_s)
                } else {
                    Task::TurnIn
                };
                wrap_pi(outbound_rad - self.course_rad())
            }
            Task::TurnIn => {
                let (is_there, error_rad) = turn_to(hold.inbound_rad);
                if is_there {
                    self.task = Task::Inbound;
                }
                error_rad
            }
            Task::Inbound if self.passes(way, error_rad, self.speed_mps * step_s) => {
                self.rounds += 1;
                if self.rounds < hold.rounds {
                    self.task = Task::TurnOut;
                } else {
                    (self.task, self.hold) = (Task::To, None);
                    self.next += 1;
                }
                0.0
            }
            Task::Inbound => error_rad,
        }
    }
}

/// The level unit vector of an azimuth, in ECEF axes.
fn direction(site: &Site, azimuth_rad: f64) -> Vector3<f64> {
    let (sine, cosine) = sin_cos(azimuth_rad);
    site.enu_from_ecef().tr_mul(&Vector3::new(sine, cosine, 0.0))
}
