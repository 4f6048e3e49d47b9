//! Gliders: a ballistic fall, a pull-up, and a glide on lift to the ground.

mod reach;

use std::sync::Arc;

use flight::phase::REENTRY_SHARE;
use flight::{
    BankAt, Body, DragCurve, EventKind, Forces, Hold, Lift, LiftError, Options, Phase, PropagateError, Trajectory,
    propagate,
};
use geo::{Ecef, State, Time};

use super::moment::{falling, first};
use crate::truth::{Leg, Motion};

pub use reach::{Reached, Wanted, reach};

/// A flight that has not come down after so long is refused.
const FLIGHT_MAX_S: f64 = 3.0 * 3_600.0;

/// Where the lift begins, on the way down.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum PullUp {
    /// At a height above the ellipsoid.
    Height {
        /// The height.
        height_m: f64,
    },
    /// At a dynamic pressure `½ ρ v²`.
    Pressure {
        /// The pressure.
        pressure_pa: f64,
    },
}

/// How something glides.
#[derive(Clone, Debug, PartialEq)]
pub struct GlideSpec {
    /// Inverse ballistic coefficient Cd·A/m, before and during the glide.
    pub drag_m2pkg: f64,
    /// How that changes with the Mach number.
    pub drag_curve: Option<Arc<DragCurve>>,
    /// Lift to drag.
    pub lift_to_drag: f64,
    /// Where the lift begins.
    pub pull_up: PullUp,
    /// Whether it skips on its whole lift or holds an equilibrium.
    pub hold: Hold,
    /// Bank by seconds after the pull-up.
    pub banks: Vec<BankAt>,
    /// How long the lift lasts; then it falls. `None`: to the ground.
    pub lift_s: Option<f64>,
    /// Height of the ground above the ellipsoid.
    pub ground_height_m: f64,
}

impl GlideSpec {
    /// A notional glider: 1e-4 m²/kg, lift to drag 2, a pull-up at 35 km, four fifths of the lift used in equilibrium,
    /// no bank.
    pub fn notional() -> Self {
        Self {
            drag_m2pkg: 1e-4,
            drag_curve: None,
            lift_to_drag: 2.0,
            pull_up: PullUp::Height { height_m: 35e3 },
            hold: Hold::Equilibrium { share: 0.8 },
            banks: Vec::new(),
            lift_s: None,
            ground_height_m: 0.0,
        }
    }
}

/// Why there is no glide.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GlideError {
    /// The drag is none or not finite.
    #[error("a drag of {drag_m2pkg} m²/kg; gliding needs one above 0")]
    Drag {
        /// Cd·A/m.
        drag_m2pkg: f64,
    },
    /// The lift cannot be.
    #[error(transparent)]
    Lift(#[from] LiftError),
    /// It comes down without having met the condition of the pull-up.
    #[error("the pull-up at {pull_up:?} is never met on the way down from {top_m:.0} m")]
    NoPullUp {
        /// What was asked for.
        pull_up: PullUp,
        /// The greatest height of the fall.
        top_m: f64,
    },
    /// It stays up.
    #[error("after {after_s} s it is still in flight: that is an orbit, or a lift that is too large")]
    StaysUp {
        /// The limit.
        after_s: f64,
    },
    /// No lift and no bank lead where it should arrive.
    #[error(
        "no glide arrives {:.1} km away and {:.1} km aside; the nearest has lift to drag {lift_to_drag:.2} and arrives \
         {:.1} km away, {:.1} km aside", distance_m / 1e3, aside_m / 1e3, nearest_m / 1e3, nearest_aside_m / 1e3
    )]
    Unreachable {
        /// The distance wanted.
        distance_m: f64,
        /// The offset to the side wanted.
        aside_m: f64,
        /// The lift to drag of the nearest glide.
        lift_to_drag: f64,
        /// Its distance.
        nearest_m: f64,
        /// Its offset.
        nearest_aside_m: f64,
    },
    /// The flight cannot be propagated.
    #[error(transparent)]
    Propagate(#[from] PropagateError),
}

/// Returns the legs from a state, such as that of burnout, to the ground: coast, re-entry, glide and, where the lift
/// ends before, a last fall.
///
/// Forces are those of [`Forces::ballistic`]. Where it is on its way down and below the height (or above the pressure)
/// of the pull-up already, it pulls up at once. Errors: [`GlideError`].
pub fn glide(start: Time, state: State<Ecef>, spec: &GlideSpec) -> Result<Vec<Leg>, GlideError> {
    let flown = fly(start, state, spec)?;
    let mut legs = Vec::new();
    if let Some(fall) = flown.fall {
        let fall = Arc::new(fall);
        let pull_up = flown.glide.start();
        for stretch in flight::phases(&Forces::ballistic(), &spec.ballistic(), &fall, REENTRY_SHARE) {
            if stretch.from < pull_up {
                let motion = Motion::Flight(fall.clone());
                legs.push(leg(stretch.phase, stretch.from, stretch.until.min(pull_up), motion));
            }
        }
    }
    for (phase, path) in [(Phase::Glide, Some(flown.glide)), (Phase::Reentry, flown.last)] {
        if let Some(path) = path.filter(|path| path.end() > path.start()) {
            let (from, until) = path.span();
            legs.push(leg(phase, from, until, Motion::Flight(Arc::new(path))));
        }
    }
    Ok(legs)
}

fn leg(phase: Phase, from: Time, until: Time, motion: Motion) -> Leg {
    Leg {
        phase,
        from,
        until,
        motion,
    }
}

impl GlideSpec {
    /// The body before the pull-up.
    fn ballistic(&self) -> Body {
        Body {
            drag_curve: self.drag_curve.clone(),
            ..Body::ballistic(self.drag_m2pkg)
        }
    }

    fn options(&self) -> Options {
        Options {
            position_tolerance_m: 1e-4,
            velocity_tolerance_mps: 1e-7,
            ground_height_m: Some(self.ground_height_m),
            heights_m: match self.pull_up {
                PullUp::Height { height_m } => vec![height_m],
                PullUp::Pressure { .. } => Vec::new(),
            },
            ..Options::default()
        }
    }
}

/// A glide that was flown.
struct Flown {
    /// To the ground as if nothing lifted; `None` where it pulls up at once.
    fall: Option<Trajectory>,
    /// From the pull-up.
    glide: Trajectory,
    /// From the end of the lift.
    last: Option<Trajectory>,
}

impl Flown {
    /// The state on the ground.
    fn arrival(&self) -> Option<State<Ecef>> {
        let path = self.last.as_ref().unwrap_or(&self.glide);
        path.state(path.end())
    }
}

fn fly(start: Time, state: State<Ecef>, spec: &GlideSpec) -> Result<Flown, GlideError> {
    let drag_m2pkg = spec.drag_m2pkg;
    if !(drag_m2pkg > 0.0 && drag_m2pkg.is_finite()) {
        return Err(GlideError::Drag { drag_m2pkg });
    }
    // Refuses bad lift before anything is flown.
    let lift = Lift::new(start, spec.lift_to_drag, spec.banks.clone(), spec.hold)?;
    let forces = Forces::ballistic();
    let fall = propagate(
        &forces,
        &spec.ballistic(),
        start,
        state,
        start + FLIGHT_MAX_S,
        &spec.options(),
    )?;
    let (pull_up, at) = begin(&fall, spec)?;
    let lift = Lift::new(pull_up, lift.ratio(), spec.banks.clone(), spec.hold)?;
    let body = Body {
        lift: Some(lift),
        ..spec.ballistic()
    };
    let lift_s = spec
        .lift_s
        .map_or(FLIGHT_MAX_S, |lift_s| lift_s.clamp(0.0, FLIGHT_MAX_S));
    let glide = propagate(&forces, &body, pull_up, at, pull_up + lift_s, &spec.options())?;
    let fall = (pull_up > start).then_some(fall);
    if has_landed(&glide) {
        return Ok(Flown {
            fall,
            glide,
            last: None,
        });
    }
    let stays_up = GlideError::StaysUp { after_s: FLIGHT_MAX_S };
    let (end, Some(at)) = (glide.end(), glide.state(glide.end())) else {
        return Err(stays_up);
    };
    if spec.lift_s.is_none() {
        return Err(stays_up);
    }
    let last = propagate(&forces, &spec.ballistic(), end, at, end + FLIGHT_MAX_S, &spec.options())?;
    if !has_landed(&last) {
        return Err(stays_up);
    }
    let last = Some(last);
    Ok(Flown { fall, glide, last })
}

fn has_landed(path: &Trajectory) -> bool {
    let last = path.events().last();
    last.is_some_and(|event| event.kind == EventKind::MeetsGround && event.time == path.end())
}

/// When and in which state the pull-up begins.
fn begin(fall: &Trajectory, spec: &GlideSpec) -> Result<(Time, State<Ecef>), GlideError> {
    let (start, end) = fall.span();
    let met = first((start, end), |time| {
        let seen = fall.state(time).and_then(|state| falling(&state));
        seen.is_some_and(|(height_m, pressure_pa)| match spec.pull_up {
            PullUp::Height { height_m: wanted_m } => height_m <= wanted_m,
            PullUp::Pressure { pressure_pa: wanted_pa } => pressure_pa >= wanted_pa,
        })
    });
    let top_m = || {
        let apogees = fall.events().iter().filter(|event| event.kind == EventKind::Apogee);
        let times = apogees.map(|event| event.time).chain([start]);
        times
            .filter_map(|time| fall.geodetic(time))
            .fold(f64::NEG_INFINITY, |top, place| top.max(place.height_m))
    };
    met.and_then(|time| Some((time, fall.state(time)?)))
        .filter(|(time, _)| *time < end)
        .ok_or_else(|| GlideError::NoPullUp {
            pull_up: spec.pull_up,
            top_m: top_m(),
        })
}

#[cfg(test)]
mod tests;
