//! All kinds of subjects that the rules of one version, or of two, can tell apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Policy;
use super::super::areas::Area;
use super::super::kind::{PHASES, Seen, samples};
use super::super::language::Uses;
use crate::release::Purpose;

/// The most kinds a review goes through.
pub const KINDS_MAX: usize = 50_000;

/// A review would take too long.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// The rules tell too many kinds of subjects apart.
    #[error(
        "the rules tell more than {KINDS_MAX} kinds of subjects apart, which is the most that is gone through: compare \
         with fewer heights, or let fewer areas overlap"
    )]
    Kinds,
}

/// How many properties make a kind.
pub(super) const DIMENSIONS: usize = 6;
pub(super) const SENSOR: usize = 0;
pub(super) const PLACE: usize = 1;
pub(super) const HEIGHT: usize = 2;
pub(super) const PHASE: usize = 3;
pub(super) const EXERCISE: usize = 4;
pub(super) const PURPOSE: usize = 5;

/// Which value of each property.
pub(super) type Point = [u16; DIMENSIONS];

/// A sensor, or all that rules do not name and that are listed in the same versions.
#[derive(Clone, Debug)]
pub(super) struct SensorValue {
    pub sample: Arc<str>,
    /// Whether it stands for all that are not named.
    pub is_rest: bool,
    /// In which versions it is under the agreement.
    pub listed: [bool; 2],
}

/// An area, as one version or both have it.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    pub area: Area,
    /// In which versions it is what the name means.
    pub holds: [bool; 2],
}

/// Heights from one number to below another, in whole metres.
#[derive(Copy, Clone, Debug)]
pub(super) struct Band {
    pub from_m: Option<i64>,
    pub below_m: Option<i64>,
    pub sample_m: i64,
}

/// The values of each property.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub sensors: Vec<SensorValue>,
    pub zones: Vec<Zone>,
    /// Sets of zones that a place can be in together, the empty one first.
    pub places: Vec<BTreeSet<usize>>,
    /// Whether the last place is the one that is not known.
    pub has_unknown_place: bool,
    pub bands: Vec<Band>,
    /// Phases by word; the last stands for all that are not named, if `has_phase_rest`.
    pub phases: Vec<&'static str>,
    pub has_phase_rest: bool,
    pub exercise: Vec<bool>,
    pub purposes: Vec<Purpose>,
}

impl Space {
    /// Spans what the rules of one version or two speak of.
    pub fn new(policies: &[&Policy]) -> Result<Self, ReviewError> {
        let mut uses = Uses::default();
        policies
            .iter()
            .flat_map(|policy| &policy.rules)
            .for_each(|rule| uses.extend(&rule.uses));
        let zones = zones(policies);
        let places = places(&zones)?;
        let named: Vec<&str> = PHASES.into_iter().filter(|word| uses.phases.contains(*word)).collect();
        let rest = PHASES.into_iter().rev().find(|word| !named.contains(word));
        let space = Self {
            sensors: sensors(policies, &uses),
            zones,
            places,
            has_unknown_place: uses.located || !uses.areas.is_empty(),
            bands: bands(&uses.heights_m.iter().copied().collect::<Vec<_>>()),
            has_phase_rest: rest.is_some(),
            phases: named.into_iter().chain(rest).collect(),
            exercise: if uses.exercise { vec![false, true] } else { vec![false] },
            purposes: if uses.purpose {
                Purpose::ALL.to_vec()
            } else {
                vec![Purpose::Warning]
            },
        };
        if space.count() > KINDS_MAX {
            Err(ReviewError::Kinds)
        } else {
            Ok(space)
        }
    }

    /// How many values a property has.
    pub fn values(&self, dimension: usize) -> usize {
        match dimension {
            SENSOR => self.sensors.len(),
            PLACE => self.places.len() + usize::from(self.has_unknown_place),
            HEIGHT => self.bands.len(),
            PHASE => self.phases.len(),
            EXERCISE => self.exercise.len(),
            _ => self.purposes.len(),
        }
    }

    fn count(&self) -> usize {
        (0..DIMENSIONS)
            .map(|dimension| self.values(dimension))
            .fold(1, usize::saturating_mul)
    }

    /// Whether a place is the one that is not known.
    pub fn is_unknown_place(&self, place: u16) -> bool {
        usize::from(place) >= self.places.len()
    }

    /// All kinds there can be.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        (0..self.count()).filter_map(|mut number| {
            let mut point = [0; DIMENSIONS];
            for (dimension, value) in point.iter_mut().enumerate() {
                *value = (number % self.values(dimension)) as u16;
                number /= self.values(dimension);
            }
            // Without a place there is no height: one kind stands for all.
            (!self.is_unknown_place(point[PLACE]) || point[HEIGHT] == 0).then_some(point)
        })
    }

    /// A subject of a kind, as one of the versions sees it; `None` where its sensor is not under that agreement.
    pub fn seen(&self, point: &Point, version: usize) -> Option<Seen> {
        let sensor = &self.sensors[usize::from(point[SENSOR])];
        let zones = self.places.get(usize::from(point[PLACE]));
        let inside = zones
            .into_iter()
            .flatten()
            .map(|zone| &self.zones[*zone])
            .filter(|zone| zone.holds[version]);
        sensor.listed[version].then(|| Seen {
            sensor: sensor.sample.clone(),
            areas: inside.map(|zone| zone.area.name.clone()).collect(),
            height_m: zones.map(|_| self.bands[usize::from(point[HEIGHT])].sample_m),
            phase: self.phases[usize::from(point[PHASE])],
            exercise: self.exercise[usize::from(point[EXERCISE])],
        })
    }
}

fn sensors(policies: &[&Policy], uses: &Uses) -> Vec<SensorValue> {
    let listed = |name: &Arc<str>| [0, 1].map(|v| policies.get(v).is_some_and(|p| p.agreement.sensors.contains(name)));
    let mut names: Vec<Arc<str>> = policies
        .iter()
        .flat_map(|policy| policy.agreement.sensors.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut values: Vec<SensorValue> = Vec::new();
    for sample in names {
        let value = SensorValue {
            is_rest: !uses.sensors.contains(&*sample),
            listed: listed(&sample),
            sample,
        };
        let is_there = |known: &SensorValue| value.is_rest && known.is_rest && known.listed == value.listed;
        if !values.iter().any(is_there) {
            values.push(value);
        }
    }
    values
}

/// The areas that rules name; one whose shape differs between two versions counts as two.
fn zones(policies: &[&Policy]) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for (version, policy) in policies.iter().enumerate() {
        for area in &policy.kinds.areas {
            let same = |zone: &&mut Zone| zone.area.name == area.name && zone.area.is_same_as(area);
            match zones.iter_mut().find(same) {
                Some(zone) => zone.holds[version] = true,
                None => {
                    let mut holds = [false; 2];
                    holds[version] = true;
                    zones.push(Zone {
                        area: area.clone(),
                        holds,
                    });
                }
            }
        }
    }
    zones
}

/// The sets of zones that can overlap, as far as can be told.
fn places(zones: &[Zone]) -> Result<Vec<BTreeSet<usize>>, ReviewError> {
    let mut places = vec![BTreeSet::new()];
    for (new, zone) in zones.iter().enumerate() {
        let fits = |set: &&BTreeSet<usize>| set.iter().all(|old| !zones[*old].area.is_apart_from(&zone.area));
        let with: Vec<BTreeSet<usize>> = places.iter().filter(fits).cloned().collect();
        places.extend(with.into_iter().map(|mut set| {
            set.insert(new);
            set
        }));
        if places.len() > KINDS_MAX {
            return Err(ReviewError::Kinds);
        }
    }
    // What is in an area is in each that surely holds it.
    let is_closed = |set: &BTreeSet<usize>| {
        let needs =
            |&inner: &usize| (0..zones.len()).filter(move |outer| zones[inner].area.is_within(&zones[*outer].area));
        set.iter().flat_map(needs).all(|outer| set.contains(&outer))
    };
    places.retain(is_closed);
    Ok(places)
}

fn bands(heights_m: &[i64]) -> Vec<Band> {
    let bound = |cell: usize| heights_m.get(cell / 2).map(|literal| literal + (cell % 2) as i64);
    let samples = samples(heights_m).into_iter().enumerate();
    samples
        .filter_map(|(cell, sample)| {
            let from_m = cell.checked_sub(1).and_then(bound);
            sample.map(|sample_m| Band {
                from_m,
                below_m: bound(cell),
                sample_m,
            })
        })
        .collect()
}
