//! What a study of one scenario computes: its objects, owners, sensors, and the instants that are looked at.

use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::Sensor;
use sim::{Kind, Truth};

use crate::figures::{NotOfThisPlan, RunFigures};
use crate::outcome::Arrival;
use crate::slots::Slots;
use crate::subset::{OWNERS_MAX, Subset};

/// Instants of a flight that are looked at, as a rule.
const INSTANTS: f64 = 120.0;
/// They are never nearer to each other.
const STEP_MIN_S: f64 = 2.0;
/// The most instants of a scenario.
const INSTANTS_MAX: f64 = 400.0;
/// What ends lower than this has come down.
const GROUND_MAX_M: f64 = 3_000.0;

/// Why there is nothing to study.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No object.
    #[error("the scenario has no object")]
    NoObject,
    /// No sensor.
    #[error("the scenario has no sensor")]
    NoSensor,
    /// An owner has no sensor here.
    #[error("owner {owner:?} has no sensor in the scenario; those that have: {known:?}")]
    UnknownOwner {
        /// The name looked for.
        owner: Arc<str>,
        /// The owners there are.
        known: Vec<Arc<str>>,
    },
    /// An owner is named twice.
    #[error("owner {owner:?} is named twice")]
    OwnerTwice {
        /// The name.
        owner: Arc<str>,
    },
    /// Too many owners: their subsets double with each.
    #[error("{count} owners have too many subsets; name at most {most} of them: {known:?}")]
    TooManyOwners {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
        /// The owners there are.
        known: Vec<Arc<str>>,
    },
}

/// What is computed of one scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// The owners studied.
    pub owners: Vec<Arc<str>>,
    pub(crate) sensors: Vec<Sensor>,
    pub(crate) subsets: Vec<Subset>,
    pub(crate) slots: Vec<Slots>,
    pub(crate) objects: Vec<PlannedObject>,
    /// All instants of all objects, ascending.
    pub(crate) instants: Vec<Time>,
    /// When each owner stops sharing, if it does.
    pub(crate) leaves: Vec<Option<Time>>,
}

/// One object, as it flies in the first run.
#[derive(Clone, Debug)]
pub(crate) struct PlannedObject {
    pub id: Arc<str>,
    pub kind: Kind,
    pub launch: Time,
    pub span_s: f64,
    pub arrival: Option<Arrival>,
    /// Its instants: a range of those of the plan.
    pub instants: std::ops::Range<usize>,
    pub path: Vec<Geodetic>,
}

impl Plan {
    /// Makes the plan of a scenario from the flights of its first run and its sensors.
    ///
    /// `owners` chooses among those of the sensors; empty is all of them, in the order of their names. Errors:
    /// [`PlanError`].
    pub fn new(
        name: &str,
        title: &str,
        truths: &[Truth],
        sensors: Vec<Sensor>,
        owners: &[Arc<str>],
    ) -> Result<Self, PlanError> {
        if truths.is_empty() {
            return Err(PlanError::NoObject);
        }
        if sensors.is_empty() {
            return Err(PlanError::NoSensor);
        }
        let owners = chosen(&sensors, owners)?;
        let subsets = Subset::all(owners.len());
        let owner_of: Vec<Option<usize>> = sensors
            .iter()
            .map(|sensor| owners.iter().position(|owner| *owner == sensor.owner))
            .collect();
        let slots = subsets
            .iter()
            .map(|subset| Slots::new(&sensors, &owner_of, *subset))
            .collect();
        let instants = instants(truths);
        let objects = truths.iter().map(|truth| planned(truth, &instants)).collect();
        Ok(Self {
            name: name.to_owned(),
            title: title.to_owned(),
            leaves: vec![None; owners.len()],
            owners,
            sensors,
            subsets,
            slots,
            objects,
            instants,
        })
    }

    /// From a time on an owner gives its partners no plot measured later. Errors: [`PlanError::UnknownOwner`].
    pub fn leave(&mut self, owner: &str, time: Time) -> Result<(), PlanError> {
        match self.owners.iter().position(|known| **known == *owner) {
            Some(index) => {
                self.leaves[index] = Some(time);
                Ok(())
            }
            None => Err(PlanError::UnknownOwner {
                owner: owner.into(),
                known: self.owners.clone(),
            }),
        }
    }

    /// Whether the owner of a sensor shares what it measured at a time with the others of a subset.
    pub(crate) fn shares(&self, subset: Subset, sensor: usize, time: Time) -> bool {
        let owner = self
            .owners
            .iter()
            .position(|owner| *owner == self.sensors[sensor].owner);
        owner.is_some_and(|owner| {
            subset.contains(owner) && (subset.len() == 1 || self.leaves[owner].is_none_or(|leave| time <= leave))
        })
    }

    /// The names of the owners in a subset.
    pub(crate) fn names(&self, subset: Subset) -> Vec<Arc<str>> {
        let members = self.owners.iter().enumerate();
        members
            .filter(|(index, _)| subset.contains(*index))
            .map(|(_, owner)| owner.clone())
            .collect()
    }

    /// Reads the row of numbers that [`RunFigures::to_bits`] made of a run of this plan. Errors: [`NotOfThisPlan`].
    pub fn read(&self, run: usize, bits: &[u32]) -> Result<RunFigures, NotOfThisPlan> {
        let instants: Vec<usize> = self.objects.iter().map(|object| object.instants.len()).collect();
        RunFigures::from_bits(run, bits, self.subsets.len(), &instants)
    }
}

/// The owners of the study. Errors: [`PlanError`].
fn chosen(sensors: &[Sensor], wanted: &[Arc<str>]) -> Result<Vec<Arc<str>>, PlanError> {
    let mut known: Vec<Arc<str>> = sensors.iter().map(|sensor| sensor.owner.clone()).collect();
    known.sort();
    known.dedup();
    for (index, owner) in wanted.iter().enumerate() {
        if !known.contains(owner) {
            return Err(PlanError::UnknownOwner {
                owner: owner.clone(),
                known,
            });
        }
        if wanted[..index].contains(owner) {
            return Err(PlanError::OwnerTwice { owner: owner.clone() });
        }
    }
    let owners = if wanted.is_empty() {
        known.clone()
    } else {
        wanted.to_vec()
    };
    if owners.len() > OWNERS_MAX {
        return Err(PlanError::TooManyOwners {
            count: owners.len(),
            most: OWNERS_MAX,
            known,
        });
    }
    Ok(owners)
}

/// Where an object comes down, if it does.
pub(crate) fn arrival(truth: &Truth) -> Option<Arrival> {
    let comes_down = matches!(
        truth.kind,
        Kind::Ballistic | Kind::Stage | Kind::Debris | Kind::Glider | Kind::Cruise
    );
    let (first, last) = truth.course.span();
    let place = truth.course.geodetic(last)?;
    (comes_down && place.height_m < GROUND_MAX_M).then_some(Arrival {
        after_s: last - first,
        place,
    })
}

/// Equal steps from the first launch to the last end, fine enough for the shortest flight that comes down.
fn instants(truths: &[Truth]) -> Vec<Time> {
    let spans = || truths.iter().map(|truth| truth.course.span());
    let (Some(first), Some(last)) = (spans().map(|s| s.0).min(), spans().map(|s| s.1).max()) else {
        return Vec::new();
    };
    let shortest_s = truths
        .iter()
        .filter(|truth| matches!(truth.kind, Kind::Ballistic | Kind::Glider | Kind::Cruise))
        .map(|truth| truth.course.span().1 - truth.course.span().0)
        .fold(last - first, f64::min);
    let step_s = (shortest_s / INSTANTS)
        .max(STEP_MIN_S)
        .max((last - first) / INSTANTS_MAX);
    let count = ((last - first) / step_s).floor() as usize;
    (0..=count).map(|i| first + i as f64 * step_s).collect()
}

fn planned(truth: &Truth, instants: &[Time]) -> PlannedObject {
    let (first, last) = truth.course.span();
    let from = instants.partition_point(|instant| *instant < first);
    let until = instants.partition_point(|instant| *instant <= last);
    let path = instants[from..until]
        .iter()
        .filter_map(|instant| truth.course.geodetic(*instant))
        .collect();
    PlannedObject {
        id: truth.id.clone(),
        kind: truth.kind,
        launch: first,
        span_s: last - first,
        arrival: arrival(truth),
        instants: from..until,
        path,
    }
}
