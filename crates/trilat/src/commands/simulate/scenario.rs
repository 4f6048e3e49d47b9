//! A scenario, simulated into a folder.

use std::fs;
use std::io;
use std::path::Path;

use geo::Time;
use geo::angle::RAD_PER_DEG;
use plot::{Plot, Sensors};
use serde::Serialize;
use sim::scenario::{Scenario, shipped};
use sim::{BiasTruth, observe, read_scenario};
use wire::{Format, nearest, write_sensors};

use super::readme::readme;
use crate::args::ScenarioArgs;
use crate::course::{czml, truth};
use crate::output::{ShippedOutput, SimulatedOutput};
use crate::progress::Progress;
use crate::{Failure, files, terminal};

const PLOTS: &str = "plots.csv";
const SENSORS: &str = "sensors.toml";
const TRUTH: &str = "truth.csv";
const BIASES: &str = "biases.csv";
const FLIGHT: &str = "flight.czml";
const README: &str = "README.md";
const PARTNERS: &str = "plots-of-partners.csv";
/// All files that may come out.
const FILES: [&str; 7] = [PLOTS, SENSORS, TRUTH, BIASES, FLIGHT, README, PARTNERS];

/// Lists the scenarios that come with the program.
pub fn list(is_json: bool) -> Result<(), Failure> {
    let mut all = Vec::new();
    for file in shipped() {
        let scenario = read_scenario(file.text, file.name).map_err(content)?;
        all.push(ShippedOutput::new(file, &scenario));
    }
    if is_json {
        return terminal::say(&json(&all)?);
    }
    let width = all.iter().map(|one| one.name.len()).max().unwrap_or(0);
    let line = |one: &ShippedOutput| {
        let whose = match one.authorities.is_empty() {
            true => String::new(),
            false => format!(" [{}]", one.authorities.join(" | ")),
        };
        format!("{:width$}  {}{whose}\n", one.name, one.title)
    };
    terminal::say(&all.iter().map(line).collect::<String>())
}

/// Simulates a scenario and writes its files.
pub fn run(name: &str, args: &ScenarioArgs, is_json: bool) -> Result<(), Failure> {
    let mut scenario = read(name)?;
    if let Some(authority) = &args.authority {
        scenario = scenario.with_authority(authority)?;
    }
    // clap asks for --out beside a scenario.
    let out = args.out.clone().unwrap_or_default();
    prepare(&out)?;
    let progress = Progress::begin("flying");
    let truths = scenario.fly(args.seed).map_err(content)?;
    progress.next("looking");
    let observed = observe(&truths, &scenario.stations, scenario.span, args.seed);
    progress.next("writing");
    files::write_plots(&out.join(PLOTS), Format::Csv, &observed.plots)?;
    let mut written = vec![README, PLOTS, SENSORS, TRUTH, BIASES, FLIGHT];
    if !scenario.leaves.is_empty() {
        let shared: Vec<Plot> = observed
            .plots
            .iter()
            .filter(|p| is_shared(&scenario, p))
            .cloned()
            .collect();
        files::write_plots(&out.join(PARTNERS), Format::Csv, &shared)?;
        written.push(PARTNERS);
    }
    sensors(&out.join(SENSORS), &scenario)?;
    let mut bytes = Vec::new();
    let unwritten = |source: io::Error| Failure::Write {
        path: out.join(TRUTH),
        source,
    };
    truth::write(&truths, &mut bytes).map_err(unwritten)?;
    files::write(&out.join(TRUTH), &bytes)?;
    files::write(&out.join(BIASES), biases(&observed.biases).as_bytes())?;
    let courses: Vec<_> = truths.iter().map(|truth| (&*truth.id, &truth.course)).collect();
    files::write(&out.join(FLIGHT), czml::courses(&scenario.title, &courses).as_bytes())?;
    let shown = out.display().to_string();
    let output = SimulatedOutput::new(&scenario, args.seed, (&truths, &observed), (shown, written));
    files::write(&out.join(README), readme(&scenario, &output).as_bytes())?;
    drop(progress);
    match is_json {
        true => terminal::say(&json(&output)?),
        false => terminal::say(&output.to_text()),
    }
}

fn content(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Content { source: error.into() }
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Output(error.into()))?;
    Ok(text + "\n")
}

/// Reads the file, or the scenario of that name that comes with the program.
fn read(name: &str) -> Result<Scenario, Failure> {
    let known = shipped().iter().find(|file| file.name == name);
    let path = Path::new(name);
    if let Some(file) = known.filter(|_| !path.is_file()) {
        return read_scenario(file.text, &format!("{name}.toml")).map_err(content);
    }
    if !path.exists() && !name.contains(['/', '\\']) && !name.ends_with(".toml") {
        return Err(Failure::UnknownScenario {
            name: name.to_owned(),
            nearest: nearest(name, shipped().iter().map(|file| file.name)),
        });
    }
    read_scenario(&files::read_text(path)?, name).map_err(content)
}

/// Makes the folder. Errors: [`Failure::NotEmpty`] where it holds anything but an earlier simulation.
fn prepare(out: &Path) -> Result<(), Failure> {
    let failed = |source: io::Error| Failure::Write {
        path: out.to_owned(),
        source,
    };
    fs::create_dir_all(out).map_err(failed)?;
    for entry in fs::read_dir(out).map_err(failed)? {
        let found = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if !FILES.contains(&found.as_str()) {
            let path = out.to_owned();
            return Err(Failure::NotEmpty { path, found });
        }
    }
    let readme = fs::read_to_string(out.join(README)).unwrap_or_default();
    let is_empty = !FILES.iter().any(|file| out.join(file).exists());
    if !is_empty && !readme.contains(super::readme::MARK) {
        return Err(Failure::NotEmpty {
            path: out.to_owned(),
            found: "files".to_owned(),
        });
    }
    // A file of another scenario must not lie beside those of this one.
    for file in FILES {
        if let Err(source) = fs::remove_file(out.join(file))
            && source.kind() != io::ErrorKind::NotFound
        {
            return Err(failed(source));
        }
    }
    Ok(())
}

/// Whether the partners of its owner get a plot: not once the owner has left.
fn is_shared(scenario: &Scenario, plot: &Plot) -> bool {
    let owner = scenario
        .stations
        .iter()
        .find(|station| station.sensor.name == plot.sensor);
    let left = |time: Time| plot.time >= time;
    !scenario
        .leaves
        .iter()
        .any(|leave| owner.is_some_and(|station| station.sensor.owner == leave.owner) && left(leave.time))
}

fn sensors(path: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let mut all = Sensors::default();
    for station in &scenario.stations {
        // Names are told apart when the scenario is read.
        all.insert(station.sensor.clone()).map_err(content)?;
    }
    let mut bytes = Vec::new();
    write_sensors(&mut bytes, &all).map_err(|source| unwritable(path, source))?;
    files::write(path, &bytes)
}

fn unwritable(path: &Path, source: wire::WriteError) -> Failure {
    Failure::Unwritable {
        path: path.to_owned(),
        source,
    }
}

/// The true constant errors of each sensor, which a fit has to find out.
fn biases(biases: &[BiasTruth]) -> String {
    let mut text = "sensor,range_m,azimuth_deg,elevation_deg,range_rate_mps,time_s\n".to_owned();
    for bias in biases {
        let (azimuth_deg, elevation_deg) = (bias.azimuth_rad / RAD_PER_DEG, bias.elevation_rad / RAD_PER_DEG);
        let (range_m, rate_mps, time_s) = (bias.range_m, bias.range_rate_mps, bias.time_s);
        text.push_str(&format!(
            "{},{range_m:.3},{azimuth_deg:.6},{elevation_deg:.6},{rate_mps:.4},{time_s:.6}\n",
            bias.station
        ));
    }
    text
}
