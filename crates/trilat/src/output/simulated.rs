//! What `trilat simulate SCENARIO` prints.

use std::collections::BTreeMap;

use serde::Serialize;
use sim::scenario::{Scenario, Shipped};
use sim::{Kind, Observed, Truth};

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
            let seen = if object.plots == 0 { "no sensor saw it" } else { &seen };
            text.push_str(&format!("  {} ({}): {seen}\n", object.id, object.kind));
        }
        let next = self.next();
        text.push_str(&format!("  {}\n", next.words));
        for command in next.commands {
            text.push_str(&format!("    {command}\n"));
        }
        text
    }

    /// What can be done with the plots: which of the objects `trilat path` can take, and how.
    pub fn next(&self) -> Next {
        let seen: Vec<&SeenOf> = self.objects.iter().filter(|object| object.plots > 0).collect();
        let ballistic = || seen.iter().filter(|object| object.kind == Kind::Ballistic.name());
        let (words, commands) = match seen[..] {
            [] => (
                "No sensor saw any object: all plots are false alarms, and there is nothing to fit.".to_owned(),
                vec![],
            ),
            [one] if one.kind == Kind::Ballistic.name() => ("Fit it:".to_owned(), vec![self.fit_command("plots.csv")]),
            [one] if one.kind == Kind::Glider.name() => (
                "trilat path fits ballistic flight. Lift carries this object: what fits ends where it pulls up."
                    .to_owned(),
                vec![self.fit_command("plots.csv")],
            ),
            _ => match ballistic().next() {
                None => (
                    "trilat path fits ballistic flight: none of the objects seen flies so.".to_owned(),
                    vec![],
                ),
                Some(first) => {
                    let ids: Vec<&str> = ballistic().map(|object| object.id.as_str()).collect();
                    let words = format!(
                        "The plots of {} objects are mixed, and telling them apart is work for trilat track. trilat path \
                         fits one ballistic object by itself, here {}: choose its lines by their last column, such as",
                        seen.len(),
                        either(&ids)
                    );
                    (words, self.one_by_one(&first.id))
                }
            },
        };
        Next { words, commands }
    }

    /// The command that finds a path again.
    fn fit_command(&self, plots: &str) -> String {
        let (plots, sensors) = (format!("{}/{plots}", self.out), format!("{}/{SENSORS}", self.out));
        format!("trilat path {} --sensors {}", quoted(&plots), quoted(&sensors))
    }

    /// The commands that take the plots of one object out and find its path.
    fn one_by_one(&self, id: &str) -> Vec<String> {
        let (all, sensors) = (format!("{}/plots.csv", self.out), format!("{}/{SENSORS}", self.out));
        let one = quoted(&format!("{id}.csv"));
        vec![
            format!("awk -F, 'NR == 1 || $NF == \"{id}\"' {} > {one}", quoted(&all)),
            format!("trilat path {one} --sensors {}", quoted(&sensors)),
        ]
    }
}

/// What can be done with the plots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// A sentence or two.
    pub words: String,
    /// The commands; none where there is nothing to fit.
    pub commands: Vec<String>,
}

/// The file of sensors in the folder.
const SENSORS: &str = "sensors.toml";

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    match name.contains(' ') {
        true => format!("\"{name}\""),
        false => name.to_owned(),
    }
}

/// Some of the names: all of a few, else first and last.
fn either(ids: &[&str]) -> String {
    match ids {
        [one] => (*one).to_owned(),
        [first, .., last] if ids.len() > 3 => format!("each of {first} to {last}"),
        _ => ids.join(" or "),
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
