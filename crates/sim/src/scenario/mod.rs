//! Scenarios: what flies, what looks, when, and where each fact comes from. Text to values, and values to flights.
//!
//! ```text
//! scenarios/*.toml ── read_scenario ──► Scenario ── fly(seed) ──► [Truth] ── sensor::observe ──► plots
//! ```
//!
//! The format is described in docs/scenarios.md. A file names the source of every fact; performance of sensors and
//! models of flight are notional.

mod error;
mod fly;
mod keys;
mod limits;
mod movers;
mod object;
mod read;
mod sea;
mod sensor;
mod shipped;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use geo::Time;

use crate::sensor::Station;

pub use error::{FlightError, ScenarioError, UnknownAuthority, WhyNot};
pub use object::{Glide, Mover, Object, Pieces, Spread};
pub use read::{SCENARIO_BYTES_MAX, read_scenario};
pub use sea::sea_height_m;
pub use shipped::{Shipped, shipped, shipped_networks};

/// A scenario: a file of scenarios/, as values.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name: that of the file, without folder and ending.
    pub name: Arc<str>,
    /// The display name of its file, for messages.
    pub file: Arc<str>,
    /// One line.
    pub title: String,
    /// What happened, in a paragraph.
    pub what: String,
    /// What it is good for: the question that it puts to a tracker or a warning centre.
    pub tests: String,
    /// Where its facts come from.
    pub sources: Vec<Fact>,
    /// From when until when sensors look.
    pub span: (Time, Time),
    /// The sensors.
    pub stations: Vec<Station>,
    /// What flies, whoever announced it.
    pub objects: Vec<Object>,
    /// Whose figures fly, where authorities differ: objects of another authority do not. `None`: nobody's differ.
    pub authority: Option<Arc<str>>,
    /// Owners that stop sharing.
    pub leaves: Vec<Leave>,
}

/// A fact, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What is said.
    pub fact: String,
    /// Where: an address, or a publication.
    pub source: String,
}

/// An owner leaves the agreement: its own sensors go on, its partners get no plot measured later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Who.
    pub owner: Arc<str>,
    /// From when on.
    pub time: Time,
}

impl Scenario {
    /// The authorities whose figures the file has, in the order of the file.
    pub fn authorities(&self) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> = Vec::new();
        for authority in self.objects.iter().filter_map(|object| object.authority.as_ref()) {
            if !all.contains(authority) {
                all.push(authority.clone());
            }
        }
        all
    }

    /// Returns the scenario with the figures of another authority.
    ///
    /// Errors: [`UnknownAuthority`], with those there are.
    pub fn with_authority(mut self, authority: &str) -> Result<Self, UnknownAuthority> {
        let known = self.authorities();
        match known.iter().find(|known| ***known == *authority) {
            Some(found) => {
                self.authority = Some(found.clone());
                Ok(self)
            }
            None => Err(UnknownAuthority {
                name: authority.to_owned(),
                known,
            }),
        }
    }

    /// What flies: the objects of the chosen authority, and those that are everybody's.
    pub fn flying(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| match &object.authority {
            None => true,
            some => *some == self.authority,
        })
    }

    /// The owners of its stations, each once, in the order of the file.
    pub fn owners(&self) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> = Vec::new();
        for station in &self.stations {
            if !all.contains(&station.sensor.owner) {
                all.push(station.sensor.owner.clone());
            }
        }
        all
    }
}
