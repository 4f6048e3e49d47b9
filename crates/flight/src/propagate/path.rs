//! A computed flight: states, places, events and partials at any instant of its span.

use geo::{Ecef, Geodetic, Inertial, State, Time};
use nalgebra::{SMatrix, SVector, Vector6};

use super::event::Event;
use super::step::Step;
use crate::rotation::Orientation;

/// What partials are taken to: start state 6, drag, radiation, empirical acceleration 3, its rate 3.
pub const PARAMETERS: usize = 14;
/// Components integrated with partials.
pub(super) const SENSITIVE: usize = 6 + 6 * PARAMETERS;

/// Slopes of `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (ECEF) at one instant by the start state (same layout, ECEF),
/// `drag_m2pkg`, `radiation_m2pkg`, the empirical acceleration (3, m/s²) and its rate (3, m/s³).
pub type Partials = SMatrix<f64, 6, PARAMETERS>;

/// A flight without partials.
pub type Trajectory = Path<6>;
/// A flight with partials.
pub type SensitiveTrajectory = Path<SENSITIVE>;

/// A flight of `N` integrated components: 6 of the state, then if there are any 6 × 14 of the partials by columns.
#[derive(Clone, Debug)]
pub struct Path<const N: usize> {
    pub(super) orientation: Orientation,
    pub(super) begin: SVector<f64, N>,
    /// In the order flown: ascending in time forwards, descending backwards.
    pub(super) steps: Vec<Step<N>>,
    /// Where the flight ends, seconds after the start; within the last step if it met the ground.
    pub(super) end_s: f64,
    pub(super) end: Time,
    pub(super) events: Vec<Event>,
}

impl<const N: usize> Path<N> {
    /// The instant of the state that the flight was computed from.
    pub fn start(&self) -> Time {
        self.orientation.start()
    }

    /// The instant where computation ended: what was asked for, or where the flight met the ground.
    pub fn end(&self) -> Time {
        self.end
    }

    /// The earliest and the latest instant of the flight.
    pub fn span(&self) -> (Time, Time) {
        let (start, end) = (self.start(), self.end);
        (start.min(end), start.max(end))
    }

    /// Apogees, perigees and crossings of heights in order of time.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many steps the integration took.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The instants between steps in the order flown, start and end included.
    pub fn step_times(&self) -> Vec<Time> {
        let inner = self.steps.iter().skip(1).map(|step| self.start() + step.from_s);
        std::iter::once(self.start()).chain(inner).chain([self.end]).collect()
    }

    /// Returns the state at an instant; `None` outside the span.
    pub fn state(&self, time: Time) -> Option<State<Ecef>> {
        let after_s = self.after_s(time)?;
        let inertial = State::<Inertial>::from_vector(&self.solution::<6>(after_s));
        Some(self.orientation.at(after_s).to_ecef(&inertial))
    }

    /// Returns the place at an instant; `None` outside the span.
    pub fn geodetic(&self, time: Time) -> Option<Geodetic> {
        self.state(time).map(|state| Geodetic::from_ecef(state.position))
    }

    /// Returns the state at an instant in the inertial frame of the flight's rotation; `None` outside the span.
    pub fn inertial_state(&self, time: Time) -> Option<State<Inertial>> {
        let after_s = self.after_s(time)?;
        Some(State::from_vector(&self.solution::<6>(after_s)))
    }

    /// Seconds after the start of an instant within the span.
    fn after_s(&self, time: Time) -> Option<f64> {
        let (first, last) = self.span();
        (first <= time && time <= last).then(|| time - self.start())
    }

    /// The first `M` components at a time within the span.
    pub(super) fn solution<const M: usize>(&self, after_s: f64) -> SVector<f64, M> {
        let index = self.steps.partition_point(|step| {
            if step.span_s > 0.0 {
                step.until_s() < after_s
            } else {
                step.until_s() > after_s
            }
        });
        let Some(step) = self.steps.get(index).or(self.steps.last()) else {
            return self.begin.fixed_rows::<M>(0).into();
        };
        step.at_share::<M>(((after_s - step.from_s) / step.span_s).clamp(0.0, 1.0))
    }
}

impl Path<SENSITIVE> {
    /// Returns the partials at an instant; `None` outside the span.
    pub fn partials(&self, time: Time) -> Option<Partials> {
        self.state_and_partials(time).map(|(_, partials)| partials)
    }

    /// Returns state and partials at an instant for the price of the partials; `None` outside the span.
    pub fn state_and_partials(&self, time: Time) -> Option<(State<Ecef>, Partials)> {
        let after_s = self.after_s(time)?;
        let solution = self.solution::<SENSITIVE>(after_s);
        let turn = self.orientation.at(after_s);
        let inertial: Vector6<f64> = solution.fixed_rows::<6>(0).into();
        let by_inertial = turn.ecef_by_inertial();
        let partials = Partials::from_column_slice(&solution.as_slice()[6..]);
        Some((turn.to_ecef(&State::from_vector(&inertial)), by_inertial * partials))
    }
}
