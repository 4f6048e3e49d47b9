//! What flies: the `[[object]]` tables of a scenario.

use std::sync::Arc;

use geo::Time;
use geo::angle::RAD_PER_DEG;
use wire::Reason;

use super::keys::{Keys, Lines};
use super::limits::*;
use super::movers;
use crate::ballistic::Figures;
use crate::motion::{AircraftSpec, CruiseSpec, Elements, ShipSpec};
use crate::truth::{Kind, Signature};

/// One thing that flies, or a salvo of the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its name; those of a salvo of several get `-1`, `-2`, …
    pub id: Arc<str>,
    /// Whose figures these are, where authorities differ.
    pub authority: Option<Arc<str>>,
    /// When it is launched or begins: one instant for each of a salvo, the earliest first.
    pub times: Vec<Time>,
    /// How it shows.
    pub signature: Signature,
    /// How it moves.
    pub mover: Mover,
    /// What comes off on the way.
    pub pieces: Pieces,
    /// How much it differs from seed to seed.
    pub spread: Spread,
    /// Where its keys stand in the file.
    pub(super) lines: Lines,
}

/// How an object moves; where a mover has a start, it is that of the first of a salvo.
#[derive(Clone, Debug, PartialEq)]
pub enum Mover {
    /// The ballistic flight that has public figures.
    Ballistic(Figures),
    /// The boost of a ballistic flight that has public figures, then a glide that arrives as told.
    Glider(Figures, Glide),
    /// Low flight over flat ground of a height.
    Cruise(CruiseSpec, f64),
    /// An aircraft.
    Aircraft(AircraftSpec),
    /// A ship.
    Ship(ShipSpec),
    /// An orbit whose elements are those of the object's time; it is there while sensors look.
    Satellite(Elements),
}

/// The glide of a glider, as told.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Glide {
    /// Geodesic from launch to arrival.
    pub range_m: f64,
    /// How far the arrival lies beside the bearing, to the right; `None`: without bank.
    pub aside_m: Option<f64>,
    /// Height of the pull-up that is tried first.
    pub pull_up_m: f64,
}

/// What comes off on the way.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Whether each stage comes off when it has burnt out.
    pub stages: bool,
    /// Pieces of debris that come off with the last stage.
    pub debris: usize,
    /// Pieces that it breaks up into at re-entry; 0: it does not.
    pub break_up: usize,
}

/// Standard deviations of what differs from seed to seed; all 0 for a flight that is always the same.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// Of the time of launch.
    pub time_s: f64,
    /// Of the apogee.
    pub apogee_m: f64,
    /// Of the distance.
    pub range_m: f64,
    /// Of the bearing.
    pub bearing_rad: f64,
}

impl Mover {
    /// What kind of thing moves so.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ballistic(_) => Kind::Ballistic,
            Self::Glider(..) => Kind::Glider,
            Self::Cruise(..) => Kind::Cruise,
            Self::Aircraft(_) => Kind::Aircraft,
            Self::Ship(_) => Kind::Ship,
            Self::Satellite(_) => Kind::Satellite,
        }
    }
}

/// Reads one `[[object]]`.
pub(super) fn object(keys: &mut Keys) -> Option<Object> {
    if keys.get(KIND).is_none() {
        keys.faults.missing(keys.table, &keys.span, &[ID, KIND]);
        return None;
    }
    let kind = keys.word(KIND, &KINDS)?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
    let before = keys.faults.count();
    let times = keys.times(TIME);
    let start = times.as_ref().map_or(Time::from_tai_ns(0), |times| times[0]);
    let mover = match kind {
        Kind::Ballistic => movers::ballistic(keys),
        Kind::Cruise => movers::cruise(keys, start),
        Kind::Aircraft => movers::aircraft(keys, start),
        Kind::Ship => movers::ship(keys, start),
        Kind::Satellite => movers::satellite(keys),
        Kind::Glider => movers::glider(keys),
        Kind::Stage | Kind::Debris => None,
    };
    let id = keys.name(ID);
    let authority = keys.name(AUTHORITY);
    let signature = signature(kind, keys);
    let (spread, pieces) = (spread(keys), pieces(keys));
    if keys.faults.count() > before {
        return None;
    }
    Some(Object {
        id: id?.into(),
        authority: authority.map(Into::into),
        times: times?,
        signature,
        mover: mover?,
        pieces,
        spread,
        lines: keys.lines(),
    })
}

/// Notional: of the size that is public for such things.
fn signature(kind: Kind, keys: &mut Keys) -> Signature {
    let (cross_section_m2, boost_wpsr) = match kind {
        Kind::Ballistic => (0.5, 1e6),
        Kind::Glider => (0.3, 1e6),
        Kind::Cruise => (0.1, 0.0),
        Kind::Stage => (5.0, 0.0),
        Kind::Debris => (0.1, 0.0),
        Kind::Aircraft => (20.0, 0.0),
        Kind::Ship => (3_000.0, 0.0),
        Kind::Satellite => (2.0, 0.0),
    };
    Signature {
        cross_section_m2: keys.number(CROSS_SECTION).unwrap_or(cross_section_m2),
        boost_wpsr: keys.number(BOOST).unwrap_or(boost_wpsr),
        identity: keys.name(IDENTITY).map(Into::into),
    }
}

fn spread(keys: &mut Keys) -> Spread {
    Spread {
        time_s: keys.number(TIME_SIGMA).unwrap_or(0.0),
        apogee_m: keys.number(APOGEE_SIGMA).unwrap_or(0.0) * 1e3,
        range_m: keys.number(RANGE_SIGMA).unwrap_or(0.0) * 1e3,
        bearing_rad: keys.number(BEARING_SIGMA).unwrap_or(0.0) * RAD_PER_DEG,
    }
}

fn pieces(keys: &mut Keys) -> Pieces {
    let stages = keys.flag(SEPARATES).unwrap_or(false);
    let (debris, break_up) = (keys.count(DEBRIS), keys.count(BREAK_UP));
    if debris > 0 && !stages {
        keys.refuse(DEBRIS.key, Reason::KeyWithout("separates = true"));
    }
    Pieces {
        stages,
        debris,
        break_up,
    }
}
