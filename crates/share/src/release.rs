//! What is asked of a release policy about one item, and what it answers.

use std::sync::Arc;

use geo::{Geodetic, Time};

/// How much of an item a partner gets, least first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Nothing, not even that there is something.
    Nothing,
    /// Only warnings.
    Warning,
    /// The owner's own tracks.
    Track,
    /// A place with inflated uncertainty and rounded time, the sensor hidden.
    Coarse,
    /// The plot as it was measured, and its sensor.
    Plot,
}

/// Why data are exchanged. There is no other purpose, and no rule can name one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To know what flies, and warn.
    Warning,
    /// To protect people: to watch, to search, to evacuate.
    Protection,
}

/// One plot as a policy sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which sensor measured it.
    pub sensor: Arc<str>,
    /// When.
    pub time: Time,
    /// Where the object is, if the plot or its track tells.
    pub place: Option<Geodetic>,
    /// Phase of the track it belongs to, by the word of `flight`, if it is known.
    pub phase: Option<Arc<str>>,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
}

/// What a policy says about one subject and one partner.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// How much of it goes out.
    pub tier: Tier,
    /// How long after its measurement it is held back.
    pub hold_s: f64,
    /// Whether the partner may give it on.
    pub onward: bool,
    /// The rules that decided.
    pub because: Vec<Arc<str>>,
}
