//! What the tracker says: one row per track and update, and what happened to tracks.

use std::sync::Arc;

use estimate::belief::Gaussian;
use flight::Phase;
use geo::Time;

use crate::name::Name;
use crate::partner::News;

/// One track at one of its updates: what is said each time that a confirmed track takes a plot in.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Time of the plot.
    pub time: Time,
    /// Which track.
    pub track: Name,
    /// What its object is doing.
    pub phase: Phase,
    /// Probability that there is such an object.
    pub existence: f64,
    /// `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF.
    pub belief: Gaussian<6>,
    /// Plots taken in so far.
    pub plots: u32,
    /// Places in the list of sensors of those that saw it, ascending.
    pub sensors: Vec<usize>,
    /// What the plots since the last such say alone, for partners; where that was asked for and is due.
    pub news: Option<Arc<News>>,
}

/// Something that happened to a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub time: Time,
    /// To which.
    pub track: Name,
    /// What.
    pub kind: EventKind,
}

/// What can happen to a track.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// It began. Said when it is confirmed, since most of what begins is nothing.
    Born {
        /// Its first plot.
        first: Time,
    },
    /// It came out of another track, which goes on: a stage, a warhead, a piece. Said when it is confirmed.
    Split(Name),
    /// It is an object.
    Confirmed,
    /// Its object does something else now.
    Phase(Phase),
    /// Its object began or ended something, noticed at once; the phase is another when more plots say so.
    Manoeuvre(Manoeuvre),
    /// It is not seen any more, and its place is less and less certain; said again each time the region has grown by
    /// half.
    Coasting {
        /// Whether some sensor should see it, or it has left what they cover.
        why: Unseen,
        /// Longest diameter of the region that holds the object with 95 %.
        diameter_m: f64,
        /// Whether it was lost before much was known of it.
        is_early: bool,
    },
    /// It is seen again.
    Found,
    /// It is given up.
    Dropped {
        /// Why.
        why: Drop,
        /// Longest diameter of the region that holds the object with 95 %.
        diameter_m: f64,
    },
    /// It was the same object as another track, which goes on.
    Merged(Name),
}

/// What an object may begin or end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Manoeuvre {
    /// Thrust sets in after free flight: another stage.
    Ignition,
    /// Thrust ends.
    Burnout,
    /// Lift carries what fell.
    PullUp,
    /// It turns to one side: an aircraft, or what is on lift.
    Turn,
}

impl Manoeuvre {
    /// The name in files: `ignition`, `burnout`, `pull-up`, `turn`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ignition => "ignition",
            Self::Burnout => "burnout",
            Self::PullUp => "pull-up",
            Self::Turn => "turn",
        }
    }
}

/// Why an object is not seen.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// It has left what the sensors that saw it cover, or they are silent: it goes on unseen.
    OutOfCoverage,
    /// A sensor that saw it looks there and does not see it: hidden, overlooked, or gone.
    NotDetected,
}

/// Why a track was given up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Drop {
    /// It came down.
    Down,
    /// Sensors that should see it do not: there is nothing.
    Gone,
    /// No sensor looks there; the object may well be flying on.
    OutOfSight,
    /// Only a sensor that is no longer believed saw it.
    Distrusted,
}
