//! Burnout, ignition, pull-up and turn, noticed at once from the modes of the filter.
//!
//! A mode's probability already weighs all plots since a change (the filter of Blom & Bar-Shalom, 1988, is a sequential
//! test), so that no count of plots is waited for. Which change it was follows from the flight: what climbs is under
//! thrust, what falls through the air is on lift. A turn is a course that has left the straight by more than it is
//! uncertain. The phase of a track, which is told after some plots in a row, follows.

use estimate::belief::Gaussian;
use estimate::filter::imm::Imm;
use geo::math::atan2;
use geo::{Ecef, Position, Time, height_about_m};
use nalgebra::{SMatrix, Vector3};

use crate::modes::{Class, Way};
use crate::picture::Manoeuvre;

/// The mode of thrust explains what is seen from this probability,
const THRUST: f64 = 0.95;
/// and does not below this.
const FREE: f64 = 0.05;
/// The first plots of a track hardly tell thrust from free flight: thrust that lasted less is none that ended,
const BURNT_S: f64 = 4.0;
/// and free flight that lasted less is none that lift ended.
const FELL_S: f64 = 10.0;
/// Another stage ignites so soon after a burnout, or it is none that is told.
const STAGING_S: f64 = 30.0;
/// Above this there is no lift,
const LIFT_HEIGHT_M: f64 = 90e3;
/// and nothing that falls so steeply, as the sine of the angle, is caught by it: what drag does to it is no lift.
const LIFT_STEEP: f64 = 0.7;
/// Something has turned when its course has changed by this, of an aircraft and of what is on lift,
const TURNED_RAD: [f64; 2] = [0.12, 0.06];
/// and by so many sigmas of it.
const SIGMAS: f64 = 3.5;
/// The mode of turns explains what is seen from this probability,
const TURNING: f64 = 0.7;
/// and does not below this.
const STRAIGHT: f64 = 0.3;
/// The course of what is slower is not looked at.
const COURSE_SPEED_MPS: f64 = 30.0;

/// What an object was last seen to do.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub(crate) struct Doing {
    state: State,
    /// Since when.
    since: Option<Time>,
    /// Whether the end of thrust has been told.
    is_burnt_out: bool,
    /// Whether it has fallen: what falls does not burn again.
    has_fallen: bool,
    course: Turning,
}

/// What carries it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unknown,
    Burning,
    Free,
    Lifted,
}

/// How a course over ground has changed.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
struct Turning {
    /// The last straight course, or the farthest of the turn under way.
    from: Option<Course>,
    /// To which side it turns: 1 left, -1 right, 0 neither.
    side: i8,
}

/// The great circle on which something goes on if it does not turn.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Course {
    /// Unit vector (3), ECEF, level and to the left.
    left: Vector3<f64>,
    /// Unit vector (3), ECEF, level and ahead.
    ahead: Vector3<f64>,
    /// Of its direction, rad².
    variance: f64,
}

impl Doing {
    /// Takes in a belief that a plot has just changed; what the object did.
    pub fn observe(&mut self, imm: &Imm, class: Class, time: Time) -> Option<Manoeuvre> {
        let share = |wanted: Way| {
            let mut modes = class.ways().iter().zip(imm.modes());
            modes
                .find(|(way, _)| **way == wanted)
                .map_or(0.0, |(_, mode)| mode.probability)
        };
        match class {
            Class::Open => None,
            Class::Air => {
                let (turning, course) = (share(Way::Turn), Course::of(&imm.belief())?);
                if turning < STRAIGHT {
                    self.course = Turning::straight(course);
                }
                (turning > TURNING && self.course.has_turned(course, TURNED_RAD[0])).then_some(Manoeuvre::Turn)
            }
            Class::Space => self.space(&imm.belief(), share(Way::Thrust), time),
        }
    }

    fn space(&mut self, belief: &Gaussian<6>, thrust: f64, time: Time) -> Option<Manoeuvre> {
        let place = Position::<Ecef>::new(belief.mean[0], belief.mean[1], belief.mean[2]);
        let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
        let climb = velocity.dot(&place.vector().normalize()) / velocity.norm().max(1.0);
        let state = if self.state == State::Lifted {
            // A glide that swings up and down looks free at times.
            State::Lifted
        } else if thrust < FREE {
            self.has_fallen |= climb < 0.0;
            State::Free
        } else if thrust < THRUST {
            self.state
        } else if climb > 0.0 && !self.has_fallen {
            State::Burning
        } else if height_about_m(place) < LIFT_HEIGHT_M && climb > -LIFT_STEEP {
            State::Lifted
        } else {
            self.state
        };
        let before = std::mem::replace(&mut self.state, state);
        if before == state {
            let is_turn = state == State::Lifted && self.course.has_turned(Course::of(belief)?, TURNED_RAD[1]);
            return is_turn.then_some(Manoeuvre::Turn);
        }
        let lasted_s = self.since.map_or(0.0, |since| time - since);
        self.since = Some(time);
        match (before, state) {
            (_, State::Free) => {
                let is_end = before == State::Burning && lasted_s > BURNT_S;
                self.is_burnt_out |= is_end;
                is_end.then_some(Manoeuvre::Burnout)
            }
            (_, State::Burning) => (self.is_burnt_out && lasted_s < STAGING_S).then_some(Manoeuvre::Ignition),
            (_, State::Lifted) => {
                self.course = Course::of(belief).map_or_else(Turning::default, Turning::straight);
                (before == State::Free && lasted_s > FELL_S).then_some(Manoeuvre::PullUp)
            }
            (_, State::Unknown) => None,
        }
    }
}

impl Turning {
    fn straight(course: Course) -> Self {
        Self {
            from: Some(course),
            side: 0,
        }
    }

    /// Whether a course shows a turn that is new: from the straight, or to the other side than the one under way.
    fn has_turned(&mut self, course: Course, least_rad: f64) -> bool {
        let Some(from) = self.from else {
            *self = Self::straight(course);
            return false;
        };
        let turned_rad = atan2(course.ahead.dot(&from.left), course.ahead.dot(&from.ahead));
        let side = if turned_rad > 0.0 { 1 } else { -1 };
        if side == self.side {
            self.from = Some(course);
            return false;
        }
        let is_new = turned_rad.abs() > least_rad.max(SIGMAS * (from.variance + course.variance).sqrt());
        if is_new {
            *self = Self {
                from: Some(course),
                side,
            };
        }
        is_new
    }
}

impl Course {
    /// `None` of what is slow.
    fn of(belief: &Gaussian<6>) -> Option<Self> {
        let up: Vector3<f64> = belief.mean.fixed_rows::<3>(0).normalize();
        let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
        let level = velocity - up * velocity.dot(&up);
        let speed_mps = level.norm();
        if speed_mps < COURSE_SPEED_MPS {
            return None;
        }
        let ahead = level / speed_mps;
        let left = up.cross(&ahead);
        let covariance: SMatrix<f64, 3, 3> = belief.covariance.fixed_view::<3, 3>(3, 3).into();
        let variance = left.dot(&(covariance * left)).max(0.0) / (speed_mps * speed_mps);
        Some(Self { left, ahead, variance })
    }
}
