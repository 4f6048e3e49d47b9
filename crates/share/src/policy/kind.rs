//! What rules can tell apart: two subjects of one kind are decided alike, whatever the rules are about else.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use geo::Geodetic;

use super::areas::{Area, Spot};
use super::language::Uses;

/// The phases that the schema knows, the unknown one last.
pub const PHASES: [&str; 7] = [
    "boost",
    "coast",
    "re-entry",
    "glide",
    "air-breathing",
    "surface",
    "unknown",
];

/// A map without chance in it.
pub(crate) type FixedMap<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// Where a number stands among the literals that rules compare it with: below the first 0, at it 1, between it and the
/// second 2, and so on.
pub(crate) fn cell(literals: &[i64], value: i64) -> u16 {
    let below = literals.partition_point(|literal| *literal < value);
    (2 * below + usize::from(literals.get(below) == Some(&value))) as u16
}

/// A number in each cell, in the order of the cells; `None` for a cell without a whole number.
pub(crate) fn samples(literals: &[i64]) -> Vec<Option<i64>> {
    let Some(first) = literals.first() else {
        return vec![Some(0)];
    };
    let mut samples = vec![Some(first - 1)];
    for (i, literal) in literals.iter().enumerate() {
        let next = literals.get(i + 1);
        samples.push(Some(*literal));
        samples.push((next != Some(&(literal + 1))).then_some(literal + 1));
    }
    samples
}

/// A number as rules see it: whole, rounded down, within what they can compare with.
pub(crate) fn whole(value: f64) -> i64 {
    const FAR: f64 = 2e9;
    value.floor().clamp(-FAR, FAR) as i64
}

/// A kind of subject, for one sensor.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    /// Which sensor that rules name; after the last, any other.
    pub sensor: u16,
    /// Which of the areas that rules name it is in, as bits.
    pub areas: u128,
    /// 0 where the place is unknown, else 1 more than the cell of its height.
    pub height: u16,
    /// Which phase; after the last that rules name, any other.
    pub phase: u8,
    pub exercise: bool,
}

/// A subject as rules see it, its age left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub sensor: Arc<str>,
    pub areas: Vec<Arc<str>>,
    pub height_m: Option<i64>,
    pub phase: &'static str,
    pub exercise: bool,
}

/// Tells kinds apart, by what all rules together speak of.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    pub areas: Vec<Area>,
    /// Each sensor of the agreement, and which of those that rules name it is.
    pub sensors: FixedMap<Arc<str>, u16>,
    pub heights_m: Vec<i64>,
    pub ages_s: Vec<i64>,
    /// Which phases rules name.
    pub phases: Vec<&'static str>,
}

impl Kinds {
    pub(crate) fn new(uses: &Uses, areas: &[Area], sensors: &[Arc<str>]) -> Self {
        let is_used = |area: &&Area| uses.areas.contains(&*area.name);
        let sensors_named: Vec<Arc<str>> = uses.sensors.iter().map(|name| (**name).into()).collect();
        let place = |name: &Arc<str>| {
            sensors_named
                .iter()
                .position(|n| n == name)
                .unwrap_or(sensors_named.len())
        };
        Self {
            areas: areas.iter().filter(is_used).cloned().collect(),
            sensors: sensors.iter().map(|name| (name.clone(), place(name) as u16)).collect(),
            heights_m: uses.heights_m.iter().copied().collect(),
            ages_s: uses.ages_s.iter().copied().collect(),
            phases: PHASES.into_iter().filter(|word| uses.phases.contains(*word)).collect(),
        }
    }

    /// The kind of a subject; `None` for a sensor that is not under the agreement.
    pub(crate) fn of(
        &self,
        sensor: &str,
        place: Option<Geodetic>,
        phase: Option<&str>,
        exercise: bool,
    ) -> Option<Kind> {
        let sensor = *self.sensors.get(sensor)?;
        let place = place.filter(is_place);
        let phase = self.phases.iter().position(|word| *word == phase_of(phase));
        Some(Kind {
            sensor,
            areas: place.map_or(0, |place| self.areas_at(place)),
            height: place.map_or(0, |place| 1 + cell(&self.heights_m, whole(place.height_m))),
            phase: phase.unwrap_or(self.phases.len()) as u8,
            exercise,
        })
    }

    fn areas_at(&self, place: Geodetic) -> u128 {
        if self.areas.is_empty() {
            return 0;
        }
        let spot = Spot::new(place);
        let bits = self.areas.iter().enumerate().filter(|(_, area)| area.holds(&spot));
        bits.fold(0, |bits, (i, _)| bits | 1 << i)
    }

    /// A subject as rules see it, with nothing left out.
    pub(crate) fn seen(&self, sensor: &Arc<str>, place: Option<Geodetic>, phase: Option<&str>, exercise: bool) -> Seen {
        let place = place.filter(is_place);
        let bits = place.map_or(0, |place| self.areas_at(place));
        let named = self.areas.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        Seen {
            sensor: sensor.clone(),
            areas: named.map(|(_, area)| area.name.clone()).collect(),
            height_m: place.map(|place| whole(place.height_m)),
            phase: phase_of(phase),
            exercise,
        }
    }
}

fn is_place(place: &Geodetic) -> bool {
    place.lat_rad.is_finite() && place.lon_rad.is_finite() && place.height_m.is_finite()
}

/// The phase as the schema has it.
fn phase_of(word: Option<&str>) -> &'static str {
    PHASES
        .into_iter()
        .find(|known| Some(*known) == word)
        .unwrap_or("unknown")
}
