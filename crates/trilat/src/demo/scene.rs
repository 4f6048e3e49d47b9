//! What flies in the demonstration, and what each owner's radars say of it, as if it happened now.

use std::sync::Arc;

use geo::{State, Time};
use plot::{Plot, Sensor};
use sim::scenario::Scenario;
use sim::{Truth, observe};
use wire::Format;

use super::federation::{NodeFolder, PLOTS, SENSORS};
use crate::{Failure, files};

/// Nodes are given so long to find each other before anything flies, s.
pub const LEAD_S: f64 = 2.0;

/// A scenario, moved in time.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
    /// What happened.
    pub what: String,
    /// Whose radars they are, each with its sensors and its plots by time.
    pub owners: Vec<Owner>,
    /// Where and when it begins and ends now.
    pub span: (Time, Time),
    /// When the first object is launched now.
    pub launch: Time,
    truths: Vec<Truth>,
    shift_s: f64,
}

/// One owner.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Its name.
    pub name: Arc<str>,
    /// Its radars.
    pub sensors: Vec<Sensor>,
    /// What they say.
    pub plots: Vec<Plot>,
}

impl Scene {
    /// Flies a scenario with a seed, moved so that it begins at a time. Errors: [`Failure`] of one that does not fly.
    pub fn new(scenario: &Scenario, seed: u64, begin: Time) -> Result<Self, Failure> {
        let content = |error: sim::scenario::FlightError| Failure::Content { source: error.into() };
        let truths = scenario.fly(seed).map_err(content)?;
        let mut observed = observe(&truths, &scenario.stations, scenario.span, seed);
        // Whole seconds: nothing is rounded.
        let shift_s = (begin - scenario.span.0).round();
        for plot in &mut observed.plots {
            plot.time = plot.time + shift_s;
        }
        let owner = |name: Arc<str>| {
            let of = scenario.stations.iter().map(|station| &station.sensor);
            let sensors: Vec<Sensor> = of.filter(|sensor| sensor.owner == name).cloned().collect();
            let is_own = |plot: &&Plot| sensors.iter().any(|sensor| sensor.name == plot.sensor);
            Owner {
                plots: observed.plots.iter().filter(is_own).cloned().collect(),
                sensors,
                name,
            }
        };
        let launch = truths.iter().map(|truth| truth.course.span().0).min();
        Ok(Self {
            name: scenario.name.to_string(),
            title: scenario.title.clone(),
            what: scenario.what.clone(),
            owners: scenario.owners().into_iter().map(owner).collect(),
            span: (scenario.span.0 + shift_s, scenario.span.1 + shift_s),
            launch: launch.unwrap_or(scenario.span.0) + shift_s,
            truths,
            shift_s,
        })
    }

    /// The same at another time.
    pub fn moved(mut self, begin: Time) -> Self {
        let by_s = (begin - self.span.0).round();
        for plot in self.owners.iter_mut().flat_map(|owner| &mut owner.plots) {
            plot.time = plot.time + by_s;
        }
        self.span = (self.span.0 + by_s, self.span.1 + by_s);
        self.launch = self.launch + by_s;
        self.shift_s += by_s;
        self
    }

    /// The same with the sensors and plots of files, one of each for each owner: to the last bit what its node has.
    /// Errors: [`Failure`] of a file that cannot be read.
    pub fn read_back(mut self, folders: &[NodeFolder]) -> Result<Self, Failure> {
        let content = |error: wire::ReadError| Failure::Content { source: error.into() };
        for (owner, folder) in self.owners.iter_mut().zip(folders) {
            let sensors = files::read_sensors(&folder.config.with_file_name(SENSORS))?;
            let is_own = |sensor: &&Sensor| sensor.owner == owner.name;
            owner.sensors = sensors.as_slice().iter().filter(is_own).cloned().collect();
            let path = folder.config.with_file_name(PLOTS);
            owner.plots = files::read_plots(&path, Format::Csv)?.map_err(content)?.plots;
        }
        Ok(self)
    }

    /// Where the objects are at a time.
    pub fn truth_at(&self, time: Time) -> impl Iterator<Item = (&Truth, State<geo::Ecef>)> {
        let then = time + -self.shift_s;
        self.truths
            .iter()
            .filter_map(move |truth| Some((truth, truth.course.state(then)?)))
    }

    /// Where the first object that comes down does so.
    pub fn arrival(&self) -> Option<geo::Geodetic> {
        let ends = self.truths.iter().filter(|truth| truth.kind == sim::Kind::Ballistic);
        ends.filter_map(|truth| truth.course.geodetic(truth.course.span().1))
            .next()
    }

    /// How many plots all owners have together.
    pub fn plots(&self) -> usize {
        self.owners.iter().map(|owner| owner.plots.len()).sum()
    }
}
