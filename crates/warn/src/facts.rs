//! What is known when a message is written: everything it says, and nothing of how it is worded.

use geo::{Geodetic, Time};
use serde::{Deserialize, Serialize};

use crate::area::Area;
use crate::clean::clean;
use crate::ground::{Ground, LEVELS, ground};
use crate::map::{Map, Names};
use crate::outlines::merged;
use crate::overflown::{Fix, overflown};
use crate::stamp;

/// An object that has not been measured for so long is lost: three turns of a slow radar. Notional.
pub const LOST_S: f64 = 30.0;
/// Nobody is warned of what exists less surely.
pub const EXISTENCE_MIN: f64 = 0.9;
/// Of a lost object, axes and interval double in this time, and again; at most [`WIDEN_MAX`] fold. Notional: nobody has
/// published how far a manoeuvre nobody saw may have gone.
const WIDEN_S: f64 = 120.0;
const WIDEN_MAX: f64 = 3.0;
/// Corners of an ellipse in a message.
const CORNERS: usize = 36;
/// Sea less probable than this is not named.
const SEA_MIN: f64 = 0.05;
/// Longest name of an object.
const OBJECT_MAX: usize = 64;

/// What is known of an object when something is to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation<'a> {
    /// What the object is called; anybody's text.
    pub object: &'a str,
    /// When the area was computed.
    pub said: Time,
    /// When a sensor measured it last.
    pub measured: Time,
    /// Now.
    pub now: Time,
    /// Probability that there is such an object.
    pub existence: f64,
}

/// Everything a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The name of the object, made fit to be shown.
    pub object: String,
    /// When the area was computed.
    #[serde(with = "stamp")]
    pub said: Time,
    /// When a sensor measured it last.
    #[serde(with = "stamp")]
    pub measured: Time,
    /// Whether that was too long ago: area and interval have then been made wider.
    pub is_lost: bool,
    /// Probability that there is such an object.
    pub existence: f64,
    /// Where it may come down, the most probable first.
    pub places: Vec<Named>,
    /// Coasts of the sea where it may come down; empty if that is not said.
    pub coasts: Vec<Names>,
    /// Probability that it comes down in none of the places.
    pub elsewhere: f64,
    /// Over what it was measured, in order.
    pub overflown: Vec<Names>,
    /// Outlines, rings of `[lat_deg, lon_deg]`, together with at least this probability.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// The probability of the outlines.
    pub probability: f64,
    /// Earliest and latest arrival.
    #[serde(with = "stamp::two")]
    pub arrival: [Time; 2],
    /// What codes of places are called.
    pub code_name: String,
}

/// A place in which an object may come down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Its code.
    pub code: Option<String>,
    /// What it is called.
    pub names: Names,
    /// What the group is called that it belongs to.
    pub group: Option<Names>,
    /// Probability that the arrival is in it.
    pub probability: f64,
    /// Whether the region of 50 % touches it.
    pub is_likely: bool,
    /// Earliest and latest arrival there.
    #[serde(with = "stamp::two")]
    pub arrival: [Time; 2],
}

/// To seven decimals, 1 cm of a degree: no number of the journal is longer, and each is read back to the bit.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}

impl Facts {
    /// What is to be said of an object whose area is known, and which was seen along `fixes`.
    pub fn new(situation: &Situation, area: &Area, fixes: &[Fix], map: &Map) -> Self {
        let unseen_s = situation.now - situation.measured;
        let is_lost = unseen_s > LOST_S;
        let wide = is_lost.then(|| area.widened((1.0 + unseen_s / WIDEN_S).min(WIDEN_MAX)));
        let area = wide.as_ref().unwrap_or(area);
        let ground = ground(area, map);
        let outlines = area.outlines(LEVELS[1], CORNERS);
        let degrees = |corner: &Geodetic| [corner.lat_deg(), corner.lon_deg()];
        // However wide: it was in the air when it was measured.
        let after = |[from, to]: [Time; 2]| [from.max(situation.measured).min(to), to];
        let mut places = named(&ground, map);
        places.iter_mut().for_each(|place| place.arrival = after(place.arrival));
        Self {
            object: clean(situation.object, OBJECT_MAX),
            said: situation.said,
            measured: situation.measured,
            is_lost,
            existence: rounded(situation.existence.clamp(0.0, 1.0)),
            places,
            coasts: coasts(&ground, map),
            elsewhere: rounded(ground.elsewhere),
            overflown: overflown(fixes, map)
                .into_iter()
                .map(|(place, _)| map.places[place].names.clone())
                .collect(),
            outlines: merged(outlines.iter().map(|ring| ring.iter().map(degrees).collect()).collect()),
            probability: LEVELS[1],
            arrival: after(area.arrival()),
            code_name: map.code_name.clone(),
        }
    }

    /// These facts after others that people have been told: while the object is lost nothing is taken back, neither
    /// places nor time; nor where it is another by name, which may be another in truth.
    #[must_use]
    pub fn after(mut self, told: &Self) -> Self {
        if !self.is_lost && self.object == told.object {
            return self;
        }
        for place in &told.places {
            let key = |named: &Named| (named.code.clone(), named.names.clone());
            match self.places.iter_mut().find(|own| key(own) == key(place)) {
                Some(own) => own.arrival = both(own.arrival, place.arrival),
                None => self.places.push(place.clone()),
            }
        }
        for coast in &told.coasts {
            if !self.coasts.contains(coast) {
                self.coasts.push(coast.clone());
            }
        }
        self.outlines = merged(self.outlines.into_iter().chain(told.outlines.iter().cloned()).collect());
        self.arrival = both(self.arrival, told.arrival);
        self
    }

    /// Places that these facts name and others do not.
    pub fn beyond<'a>(&'a self, others: &'a Self) -> impl Iterator<Item = &'a Named> {
        let is_in = |place: &&Named| !others.places.iter().any(|other| other.names == place.names);
        self.places.iter().filter(is_in)
    }
}

fn both(a: [Time; 2], b: [Time; 2]) -> [Time; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}

fn named(ground: &Ground, map: &Map) -> Vec<Named> {
    let named = ground.places.iter().map(|reached| {
        let place = &map.places[reached.place];
        Named {
            code: place.code.clone(),
            names: place.names.clone(),
            group: place.group.as_ref().and_then(|group| map.groups.get(group)).cloned(),
            probability: rounded(reached.probability),
            is_likely: reached.is_likely,
            arrival: reached.arrival,
        }
    });
    named.collect()
}

fn coasts(ground: &Ground, map: &Map) -> Vec<Names> {
    if !ground.is_elsewhere_sea || ground.elsewhere < SEA_MIN {
        return Vec::new();
    }
    // Where land is named too, its sea is; one is enough.
    let count = if ground.places.is_empty() {
        ground.coasts.len()
    } else {
        1
    };
    let names = ground
        .coasts
        .iter()
        .take(count)
        .map(|(place, _)| map.places[*place].names.clone());
    names.collect()
}
