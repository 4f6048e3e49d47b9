//! The phases of a flight, and where coast becomes re-entry.

use geo::Time;

use crate::drag::drag;
use crate::forces::{Body, Forces};
use crate::propagate::Path;

/// What a body is doing.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Under thrust, rising.
    Boost,
    /// Falling freely: drag is small against gravity.
    Coast,
    /// Braked by the air on a ballistic path.
    Reentry,
    /// Carried by lift without thrust.
    Glide,
    /// Carried by lift under thrust.
    AirBreathing,
    /// On the ground or on water.
    Surface,
}

impl Phase {
    /// All phases.
    pub const ALL: [Self; 6] = [
        Self::Boost,
        Self::Coast,
        Self::Reentry,
        Self::Glide,
        Self::AirBreathing,
        Self::Surface,
    ];

    /// The name in files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boost => "boost",
            Self::Coast => "coast",
            Self::Reentry => "re-entry",
            Self::Glide => "glide",
            Self::AirBreathing => "air-breathing",
            Self::Surface => "surface",
        }
    }
}

/// A stretch of a flight in one phase.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Stretch {
    /// What the body does.
    pub phase: Phase,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

/// Drag above this share of gravity on the way down is re-entry.
pub const REENTRY_SHARE: f64 = 0.01;
/// The change of phase is found to this.
const TOLERANCE_S: f64 = 1e-3;

/// Returns the phases of a flight in order of time.
///
/// Boost lasts as long as the body's thrust is on. What is not boost is coast until, falling (height above the
/// ellipsoid
/// decreasing), drag exceeds `share` of gravity, and re-entry from then to the end of the flight; the air on the way up
/// is coast still. `share` is [`REENTRY_SHARE`] unless there is reason for another. Looks once a second.
pub fn phases<const N: usize>(forces: &Forces, body: &Body, path: &Path<N>, share: f64) -> Vec<Stretch> {
    let (first, last) = path.span();
    let mut stretches = Vec::new();
    let mut from = first;
    if let Some(thrust) = &body.thrust
        && thrust.from < last
        && thrust.until > first
    {
        let (on, off) = (thrust.from.max(first), thrust.until.min(last));
        push(&mut stretches, Phase::Coast, first, on);
        push(&mut stretches, Phase::Boost, on, off);
        from = off;
    }
    let enters = entry(forces, body, path, from, share).unwrap_or(last);
    push(&mut stretches, Phase::Coast, from, enters);
    push(&mut stretches, Phase::Reentry, enters, last);
    stretches
}

fn push(stretches: &mut Vec<Stretch>, phase: Phase, from: Time, until: Time) {
    if from < until {
        stretches.push(Stretch { phase, from, until });
    }
}

/// The first instant from which on drag exceeds the share of gravity while falling.
fn entry<const N: usize>(forces: &Forces, body: &Body, path: &Path<N>, from: Time, share: f64) -> Option<Time> {
    let (_, last) = path.span();
    let braked = |time: Time| {
        path.state(time)
            .is_some_and(|state| is_braked(forces, body, &state, share))
    };
    let mut before = from;
    if braked(before) {
        return Some(before);
    }
    while before < last {
        let after = (before + 1.0).min(last);
        if braked(after) {
            let (mut low, mut high) = (before, after);
            while high - low > TOLERANCE_S {
                let middle = low + 0.5 * (high - low);
                if braked(middle) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return Some(high);
        }
        before = after;
    }
    None
}

fn is_braked(forces: &Forces, body: &Body, state: &geo::State<geo::Ecef>, share: f64) -> bool {
    let (position_m, velocity_mps) = (state.position.vector(), state.velocity.vector());
    let Some(air) = drag(&position_m, &velocity_mps).filter(|_| forces.atmosphere) else {
        return false;
    };
    let gravity_mps2 = forces.gravity.acceleration(&position_m).norm();
    air.up.dot(&velocity_mps) < 0.0 && body.drag(&air, &velocity_mps).norm() > share * gravity_mps2
}
