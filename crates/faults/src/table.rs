//! Release rules as a table: what each partner gets of each sensor. The oracle reads the table itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo::{Geodetic, Time};
use share::exchange::{OwnItem, Release, Rules};
use share::item::{Body, Classification, Coarse, Item, Label};

use crate::chance::Chance;

/// Sensors of each node.
pub const SENSORS: usize = 3;

/// How much a partner gets of a sensor.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Nothing.
    Nothing,
    /// A place, without the sensor.
    Coarse,
    /// Everything.
    Plot,
}

/// What a partner gets of a sensor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Cell {
    /// How much.
    pub tier: Tier,
    /// How long after its measurement.
    pub hold_s: f64,
    /// Until how long after its measurement.
    pub until_s: Option<f64>,
    /// Whether it may be given on.
    pub onward: bool,
}

/// What partners get of one node's sensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The node's owner.
    pub owner: Arc<str>,
    /// Names the table.
    pub version: u64,
    /// For each partner, for each sensor.
    pub cells: Vec<(Arc<str>, [Cell; SENSORS])>,
}

/// What the table says of one item now.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It goes out like this.
    Goes(Tier),
    /// It goes out later.
    Later(Time),
    /// It does not go out.
    Stays,
}

impl Cell {
    /// What it says of a time of measurement now.
    pub fn verdict(&self, measured: Time, now: Time) -> Verdict {
        let age_s = now.since_s(measured);
        match self.tier {
            Tier::Nothing => Verdict::Stays,
            _ if self.until_s.is_some_and(|until_s| age_s > until_s) => Verdict::Stays,
            _ if age_s < self.hold_s => Verdict::Later(measured.plus_s(self.hold_s)),
            tier => Verdict::Goes(tier),
        }
    }
}

impl Table {
    /// Draws a table. `withhold` keeps a sensor from a partner whatever is drawn.
    pub fn draw(chance: &mut Chance, owner: &Arc<str>, partners: &[Arc<str>], version: u64, generous: bool) -> Self {
        let mut cell = || {
            let tier = match chance.place(if generous { 8 } else { 4 }) {
                0 => Tier::Nothing,
                1 => Tier::Coarse,
                _ => Tier::Plot,
            };
            Cell {
                tier,
                hold_s: if chance.happens(0.25) {
                    chance.between(0.1, 2.0)
                } else {
                    0.0
                },
                until_s: chance.happens(0.05).then(|| chance.between(2.5, 6.0)),
                onward: chance.happens(0.2),
            }
        };
        let mut row = || std::array::from_fn(|_| cell());
        Self {
            owner: owner.clone(),
            version,
            cells: partners.iter().map(|partner| (partner.clone(), row())).collect(),
        }
    }

    /// The cell of a partner and a sensor.
    pub fn cell(&self, partner: &str, sensor: &str) -> Option<Cell> {
        let at = sensor_number(&self.owner, sensor)?;
        self.cells
            .iter()
            .find(|(known, _)| **known == *partner)
            .map(|(_, row)| row[at])
    }

    /// Who gets plots of a sensor as they are, the owner included.
    fn group(&self, sensor: usize) -> BTreeSet<Arc<str>> {
        let gets = self.cells.iter().filter(|(_, row)| row[sensor].tier == Tier::Plot);
        gets.map(|(partner, _)| partner.clone())
            .chain([self.owner.clone()])
            .collect()
    }
}

/// The name of a sensor: long enough that it stands nowhere by chance.
pub fn sensor_name(owner: &str, at: usize) -> Arc<str> {
    format!("{owner}-radar-{at}").into()
}

fn sensor_number(owner: &str, sensor: &str) -> Option<usize> {
    (0..SENSORS).find(|at| *sensor_name(owner, *at) == *sensor)
}

/// What is left of a plot: about where and when, and nothing of its sensor.
pub fn coarsened(measured: Time, place: Geodetic) -> Coarse {
    let grid_ns = 1_000_000_000;
    Coarse {
        time: Time::from_tai_ns(measured.tai_ns() / grid_ns * grid_ns),
        place,
        sigma_m: 5_000.0,
    }
}

impl Rules for Table {
    fn version(&self) -> [u8; 16] {
        u128::from(self.version).to_be_bytes()
    }

    fn release(&self, partner: &Arc<str>, own: &OwnItem, now: Time) -> Release {
        let Some(at) = sensor_number(&self.owner, &own.subject.sensor) else {
            return Release::NOTHING;
        };
        let Some(cell) = self.cell(partner, &own.subject.sensor) else {
            return Release::NOTHING;
        };
        let tier = match cell.verdict(own.subject.time, now) {
            Verdict::Stays => return Release::NOTHING,
            Verdict::Later(again) => {
                return Release {
                    item: None,
                    again: Some(again),
                };
            }
            Verdict::Goes(tier) => tier,
        };
        let (body, releasable_to) = match (tier, own.subject.place) {
            (Tier::Coarse, Some(place)) => {
                let two = [self.owner.clone(), partner.clone()];
                (Body::Coarse(coarsened(own.subject.time, place)), BTreeSet::from(two))
            }
            _ => (own.body.clone(), self.group(at)),
        };
        let label = Label {
            policy: format!("{}-{}", self.owner, self.version).into(),
            classification: Classification::Restricted,
            releasable_to,
            exercise: false,
            onward: cell.onward && tier == Tier::Plot,
        };
        Release {
            item: Some(Item {
                origin: self.owner.clone(),
                label,
                body,
            }),
            again: None,
        }
    }

    fn can_expire(&self) -> bool {
        self.cells
            .iter()
            .flat_map(|(_, row)| row)
            .any(|cell| cell.until_s.is_some())
    }
}
