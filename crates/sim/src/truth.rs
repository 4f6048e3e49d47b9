//! What really flew: an object, where it was at any instant, in which phase, and how it shows to sensors.

use std::sync::Arc;

use flight::{Phase, Trajectory};
use geo::{Ecef, Geodetic, Position, State, Time, Velocity};

/// What kind of thing an object is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Falls on a ballistic path after its thrust has ended.
    Ballistic,
    /// A stage that was dropped.
    Stage,
    /// A piece that broke off.
    Debris,
    /// Is carried by lift after its thrust has ended.
    Glider,
    /// Flies low under thrust, along waypoints.
    Cruise,
    /// An aircraft.
    Aircraft,
    /// A ship.
    Ship,
    /// A satellite.
    Satellite,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Ballistic,
        Self::Stage,
        Self::Debris,
        Self::Glider,
        Self::Cruise,
        Self::Aircraft,
        Self::Ship,
        Self::Satellite,
    ];

    /// The name in files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ballistic => "ballistic",
            Self::Stage => "stage",
            Self::Debris => "debris",
            Self::Glider => "glider",
            Self::Cruise => "cruise",
            Self::Aircraft => "aircraft",
            Self::Ship => "ship",
            Self::Satellite => "satellite",
        }
    }
}

/// How an object shows to sensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Radar cross section, m² (the mean over aspects; the radar's fluctuation model does the rest).
    pub cross_section_m2: f64,
    /// Radiant intensity under thrust in the band of a space-based sensor, W/sr; 0 for what is not seen from space.
    pub boost_wpsr: f64,
    /// The identity that its own transponder reports (a Mode S address, an MMSI), if it has one.
    pub identity: Option<Arc<str>>,
}

/// One thing that really flies, sails or orbits.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Its name in the scenario, and the `truth` of its plots.
    pub id: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// Where it is, when.
    pub course: Course,
    /// How it shows.
    pub signature: Signature,
}

/// How an object moves over one stretch.
#[derive(Clone, Debug)]
pub enum Motion {
    /// A computed flight.
    Flight(Arc<Trajectory>),
    /// States in steps.
    Samples(Arc<Samples>),
}

/// A stretch of a course in one phase.
#[derive(Clone, Debug)]
pub struct Leg {
    /// What the object does.
    pub phase: Phase,
    /// From when.
    pub from: Time,
    /// Until when, later than `from`.
    pub until: Time,
    /// How it moves; covers the stretch.
    pub motion: Motion,
}

/// States (ECEF) at equal steps, joined by cubics that fit positions and velocities.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    from: Time,
    step_s: f64,
    states: Vec<State<Ecef>>,
}

/// Where an object is over its whole life: legs without gaps.
#[derive(Clone, Debug)]
pub struct Course {
    legs: Vec<Leg>,
}

/// Why legs make no course.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CourseError {
    /// There is no leg.
    #[error("a course needs a leg")]
    Empty,
    /// A leg does not begin where the one before ends, or ends before it begins.
    #[error("the leg from {from} until {until} does not follow one that ends at {before}")]
    Order {
        /// Where the leg before ends.
        before: Time,
        /// Where this begins.
        from: Time,
        /// Where it ends.
        until: Time,
    },
    /// The motion of a leg is shorter than the leg.
    #[error("the motion of the leg from {from} until {until} does not cover it")]
    Uncovered {
        /// Where the leg begins.
        from: Time,
        /// Where it ends.
        until: Time,
    },
    /// Samples need two states, a positive step, and finite numbers.
    #[error("samples need two states or more, finite, and a positive step; they have {count} at {step_s} s")]
    Samples {
        /// How many.
        count: usize,
        /// The step.
        step_s: f64,
    },
}

impl Samples {
    /// Makes samples of states at `from`, `from + step_s`, and so on. Errors: [`CourseError::Samples`].
    pub fn new(from: Time, step_s: f64, states: Vec<State<Ecef>>) -> Result<Self, CourseError> {
        let is_finite = states.iter().all(|s| s.position.is_finite() && s.velocity.is_finite());
        if states.len() < 2 || !is_finite || step_s <= 0.0 || !step_s.is_finite() {
            return Err(CourseError::Samples {
                count: states.len(),
                step_s,
            });
        }
        Ok(Self { from, step_s, states })
    }

    /// The first and the last instant.
    pub fn span(&self) -> (Time, Time) {
        (self.from, self.from + self.step_s * (self.states.len() - 1) as f64)
    }

    /// Returns the state at an instant; before the first and after the last held within a nanosecond, else `None`.
    pub fn state(&self, time: Time) -> Option<State<Ecef>> {
        let steps = (time - self.from) / self.step_s;
        let last = self.states.len() - 2;
        let slack = 2e-9 / self.step_s;
        if !(-slack..=(last + 1) as f64 + slack).contains(&steps) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the indices"
        )]
        let index = (steps.floor().max(0.0) as usize).min(last);
        let share = (steps - index as f64).clamp(0.0, 1.0);
        Some(hermite(
            &self.states[index],
            &self.states[index + 1],
            self.step_s,
            share,
        ))
    }
}

/// The cubic through two states, and its slope.
fn hermite(a: &State<Ecef>, b: &State<Ecef>, step_s: f64, share: f64) -> State<Ecef> {
    let (p0, v0) = (a.position.vector(), a.velocity.vector() * step_s);
    let (p1, v1) = (b.position.vector(), b.velocity.vector() * step_s);
    let rise = p1 - p0;
    let (c2, c3) = (rise * 3.0 - v0 * 2.0 - v1, v0 + v1 - rise * 2.0);
    State {
        position: Position::from_vector(p0 + (v0 + (c2 + c3 * share) * share) * share),
        velocity: Velocity::from_vector((v0 + (c2 * 2.0 + c3 * (3.0 * share)) * share) / step_s),
    }
}

impl Motion {
    fn span(&self) -> (Time, Time) {
        match self {
            Self::Flight(flight) => flight.span(),
            Self::Samples(samples) => samples.span(),
        }
    }

    fn state(&self, time: Time) -> Option<State<Ecef>> {
        match self {
            Self::Flight(flight) => flight.state(time),
            Self::Samples(samples) => samples.state(time),
        }
    }
}

impl Course {
    /// Joins legs, each beginning where the one before ends. Errors: [`CourseError`].
    pub fn new(legs: Vec<Leg>) -> Result<Self, CourseError> {
        let mut before = legs.first().ok_or(CourseError::Empty)?.from;
        for leg in &legs {
            let (from, until) = (leg.from, leg.until);
            if from != before || until <= from {
                return Err(CourseError::Order { before, from, until });
            }
            let (first, last) = leg.motion.span();
            if first - from > 1e-9 || until - last > 1e-9 {
                return Err(CourseError::Uncovered { from, until });
            }
            before = until;
        }
        Ok(Self { legs })
    }

    /// The legs in order of time.
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// The first and the last instant.
    pub fn span(&self) -> (Time, Time) {
        // A course has a leg.
        (self.legs[0].from, self.legs[self.legs.len() - 1].until)
    }

    /// The leg of an instant; at a joint the later one.
    fn leg(&self, time: Time) -> Option<&Leg> {
        let (first, last) = self.span();
        if time < first || time > last {
            return None;
        }
        let index = self.legs.partition_point(|leg| leg.until <= time);
        self.legs.get(index).or(self.legs.last())
    }

    /// Returns where the object is, and how it moves relative to the turning Earth; `None` outside its life.
    pub fn state(&self, time: Time) -> Option<State<Ecef>> {
        let leg = self.leg(time)?;
        let (first, last) = leg.motion.span();
        leg.motion.state(time.clamp(first, last))
    }

    /// Returns the place of the object; `None` outside its life.
    pub fn geodetic(&self, time: Time) -> Option<Geodetic> {
        self.state(time).map(|state| Geodetic::from_ecef(state.position))
    }

    /// Returns what the object does; `None` outside its life.
    pub fn phase(&self, time: Time) -> Option<Phase> {
        self.leg(time).map(|leg| leg.phase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(from: Time, count: usize, step_s: f64) -> Samples {
        let states = (0..count)
            .map(|i| {
                let t = i as f64 * step_s;
                State {
                    position: Position::new(7e6 + 3.0 * t - t * t, 2.0 * t * t * t, 5.0),
                    velocity: Velocity::new(3.0 - 2.0 * t, 6.0 * t * t, 0.0),
                }
            })
            .collect();
        Samples::new(from, step_s, states).unwrap()
    }

    fn time() -> Time {
        "2022-01-05T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn cubics_are_interpolated_exactly() {
        let samples = samples(time(), 5, 2.0);
        for i in 0..=80 {
            let t = f64::from(i) * 0.1;
            let state = samples.state(time() + t).unwrap();
            assert!(
                (state.position.vector().x - (7e6 + 3.0 * t - t * t)).abs() < 1e-6,
                "{t}"
            );
            assert!((state.velocity.vector().y - 6.0 * t * t).abs() < 1e-6, "{t}");
        }
        assert_eq!(samples.state(time() + 8.1), None);
        assert_eq!(samples.state(time() + -0.1), None);
    }

    #[test]
    fn a_course_has_neither_gaps_nor_overlaps() {
        let motion = Motion::Samples(Arc::new(samples(time(), 5, 2.0)));
        let leg = |phase, from: f64, until: f64| Leg {
            phase,
            from: time() + from,
            until: time() + until,
            motion: motion.clone(),
        };
        let course = Course::new(vec![leg(Phase::Boost, 0.0, 3.0), leg(Phase::Coast, 3.0, 8.0)]).unwrap();
        assert_eq!(course.phase(time() + 2.9), Some(Phase::Boost));
        assert_eq!(course.phase(time() + 3.0), Some(Phase::Coast));
        assert_eq!(course.phase(time() + 8.0), Some(Phase::Coast));
        assert_eq!(course.phase(time() + 8.1), None);
        assert!(course.state(time() + 8.0).is_some());
        let gap = Course::new(vec![leg(Phase::Boost, 0.0, 3.0), leg(Phase::Coast, 4.0, 8.0)]);
        assert!(matches!(gap, Err(CourseError::Order { .. })));
        let short = Course::new(vec![leg(Phase::Boost, 0.0, 9.0)]);
        assert!(matches!(short, Err(CourseError::Uncovered { .. })));
        assert_eq!(Course::new(Vec::new()).unwrap_err(), CourseError::Empty);
    }
}
