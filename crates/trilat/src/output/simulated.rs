//! What `trilat simulate SCENARIO` prints.

use std::collections::BTreeMap;

use serde::Serialize;
use sim::scenario::{Scenario, Shipped};
use sim::{Observed, Truth};

use crate::words::{count, plural};

/// What was simulated, and where it lies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimulatedOutput {
    /// Name of the scenario.
    pub scenario: String,
    /// One line about it.
    pub title: String,
    /// The seed.
    pub seed: u64,
    /// Whose figures flew, where authorities differ.
    pub authority: Option<String>,
    /// From when sensors looked.
    pub start: String,
    /// Until when.
    pub end: String,
    /// The folder.
    pub out: String,
    /// The files in it.
    pub files: Vec<&'static str>,
    /// All plots.
    pub plots: usize,
    /// Plots of nothing that flies.
    pub false_alarms: usize,
    /// Each sensor.
    pub sensors: Vec<SeenBy>,
    /// Each object.
    pub objects: Vec<SeenOf>,
}

/// What one sensor reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeenBy {
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// Its plots, false alarms among them.
    pub plots: usize,
}

/// What was reported of one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeenOf {
    /// Its name.
    pub id: String,
    /// What it is.
    pub kind: &'static str,
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// Its plots.
    pub plots: usize,
    /// How many sensors reported it.
    pub sensors: usize,
    /// The first plot of it, by the clock of its sensor.
    pub first_plot: Option<String>,
    /// The last.
    pub last_plot: Option<String>,
}

impl SimulatedOutput {
    /// Makes the output of a simulation whose files lie in a folder.
    pub fn new(
        scenario: &Scenario,
        seed: u64,
        (truths, observed): (&[Truth], &Observed),
        (out, files): (String, Vec<&'static str>),
    ) -> Self {
        let plots = &observed.plots;
        let seen_by = |name: &str| plots.iter().filter(|plot| *plot.sensor == *name).count();
        Self {
            scenario: scenario.name.to_string(),
            title: scenario.title.clone(),
            seed,
            authority: scenario.authority.as_ref().map(ToString::to_string),
            start: scenario.span.0.to_string(),
            end: scenario.span.1.to_string(),
            out,
            files,
            plots: plots.len(),
            false_alarms: plots.iter().filter(|plot| plot.truth.is_none()).count(),
            sensors: scenario
                .stations
                .iter()
                .map(|station| SeenBy {
                    name: station.sensor.name.to_string(),
                    owner: station.sensor.owner.to_string(),
                    plots: seen_by(&station.sensor.name),
                })
                .collect(),
            objects: truths.iter().map(|truth| seen_of(truth, observed)).collect(),
        }
    }

    /// The text for people.
    pub fn to_text(&self) -> String {
        let plots = |n: usize| format!("{} {}", count(n), plural(n, "plot", "plots"));
        let mut text = format!(
            "{}\n  seed {}, {} in {}\n",
            self.title,
            self.seed,
            plots(self.plots),
            self.out
        );
        let mut owners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for sensor in &self.sensors {
            let words = format!("{} {}", sensor.name, count(sensor.plots));
            owners.entry(&sensor.owner).or_default().push(words);
        }
        for (owner, words) in owners {
            text.push_str(&format!("  {owner}: {}\n", words.join(", ")));
        }
        for object in &self.objects {
            let sensors = format!("{} {}", object.sensors, plural(object.sensors, "sensor", "sensors"));
            let seen = format!("{} of {sensors}", plots(object.plots));
            text.push_str(&format!("  {} ({}): {seen}\n", object.id, object.kind));
        }
        text.push_str(&format!("  Fit it: {}\n", self.fit_command()));
        text
    }

    /// The command that finds the paths again.
    pub fn fit_command(&self) -> String {
        format!("trilat path {0}/plots.csv --sensors {0}/sensors.toml", self.out)
    }
}

fn seen_of(truth: &Truth, observed: &Observed) -> SeenOf {
    let of = || {
        observed
            .plots
            .iter()
            .filter(|plot| plot.truth.as_ref() == Some(&truth.id))
    };
    let mut sensors: Vec<_> = of().map(|plot| &plot.sensor).collect();
    sensors.sort_unstable();
    sensors.dedup();
    let (from, until) = truth.course.span();
    SeenOf {
        id: truth.id.to_string(),
        kind: truth.kind.name(),
        from: from.to_string(),
        until: until.to_string(),
        plots: of().count(),
        sensors: sensors.len(),
        first_plot: of().next().map(|plot| plot.time.to_string()),
        last_plot: of().next_back().map(|plot| plot.time.to_string()),
    }
}

/// A scenario that comes with the program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShippedOutput {
    /// Its name.
    pub name: &'static str,
    /// One line about it.
    pub title: String,
    /// Whose figures it has, where authorities differ; the first flies unless asked otherwise.
    pub authorities: Vec<String>,
}

impl ShippedOutput {
    /// Makes the output of a scenario.
    pub fn new(file: &Shipped, scenario: &Scenario) -> Self {
        Self {
            name: file.name,
            title: scenario.title.clone(),
            authorities: scenario.authorities().iter().map(ToString::to_string).collect(),
        }
    }
}
