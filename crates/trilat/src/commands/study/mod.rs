//! `trilat study`: runs on all cores, kept as they finish, merged in their order.

mod error;
mod state;
mod work;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use sim::scenario::{Scenario, read_scenario, shipped};
use sim::sensor::Station;
use study::{Outcome, Plan};

use crate::args::StudyArgs;
use crate::coverage::{Coverage, radars};
use crate::output::study::{to_json, to_text};
use crate::progress::Progress;
use crate::report::{StudyPage, render_study};
use crate::{Failure, files, terminal};

pub use error::StudyError;
use state::State;

/// What the radars of the report's maps are asked to see.
const SIZE_M2: f64 = 1.0;
/// At these heights.
const HEIGHTS_M: [f64; 3] = [10e3, 100e3, 500e3];

/// Studies each scenario.
pub fn study(args: &StudyArgs) -> Result<(), Failure> {
    let owners: Vec<Arc<str>> = args.owners.iter().map(|owner| owner.trim().into()).collect();
    let mut outcome = Outcome::default();
    let mut coverages = Vec::new();
    let beside = args.report.as_ref().map(|report| report.with_extension("runs"));
    let kept = args.state.as_deref().or(beside.as_deref());
    if let (Some(kept), Some(report)) = (kept, &args.report)
        && kept == report
    {
        return Err(StudyError::NoState { path: kept.to_owned() }.into());
    }
    if let Some(kept) = kept.filter(|_| std::io::stderr().is_terminal()) {
        let path = kept.display();
        terminal::remark(&format!(
            "finished runs are kept in {path}; interrupted, the same command goes on"
        ));
    }
    for name in &args.scenarios {
        let (scenario, text) = read(name)?;
        let first = work::run_seed(args.seed, 0);
        let truths = scenario.fly(first).map_err(StudyError::from)?;
        let sensors = scenario.stations.iter().map(|station| station.sensor.clone()).collect();
        let plan = Plan::new(&scenario.name, &scenario.title, &truths, sensors, &owners);
        let mut plan = plan.map_err(StudyError::from)?;
        for leave in &scenario.leaves {
            // An owner that is not studied may leave without a trace.
            let _not_studied = plan.leave(&leave.owner, leave.time);
        }
        let key = state::key(&text, args.seed, &plan.owners);
        let mut state = State::open(kept, &key, &plan, args.runs as usize)?;
        let progress = Progress::count(&scenario.title, u64::from(args.runs));
        let work = work::Work {
            scenario: &scenario,
            plan: &plan,
            truths: &truths,
            seed: args.seed,
            runs: args.runs as usize,
            threads: args.threads.map(usize::from),
        };
        let runs = work.all(&mut state, &progress)?;
        outcome.scenarios.push(plan.merge(args.seed, runs));
        if args.report.is_some() {
            progress.next("coverage");
            let studied = |station: &&Station| plan.owners.contains(&station.sensor.owner);
            let mut stations: Vec<Station> = scenario.stations.iter().filter(studied).cloned().collect();
            // The maps give their colours in the order of the owners, as the tables do.
            stations.sort_by_key(|station| plan.owners.iter().position(|owner| *owner == station.sensor.owner));
            coverages.push(Coverage::compute(radars(&stations, SIZE_M2), &HEIGHTS_M, |_| ()));
        }
    }
    if args.json {
        terminal::say(&to_json(&outcome).map_err(|error| Failure::Output(error.into()))?)?;
    } else {
        terminal::say(&to_text(&outcome))?;
    }
    let Some(path) = &args.report else { return Ok(()) };
    let page = render_study(&StudyPage {
        outcome: &outcome,
        coverages: &coverages,
        inputs: &args.scenarios,
    });
    files::write(path, page.as_bytes())
}

/// Reads the file, or the scenario of that name that comes with the program; with its text.
fn read(name: &str) -> Result<(Scenario, String), Failure> {
    let path = Path::new(name);
    let known = shipped().iter().find(|file| file.name == name);
    let (text, file) = match known.filter(|_| !path.is_file()) {
        Some(known) => (known.text.to_owned(), format!("{name}.toml")),
        None if !path.exists() && !name.contains(['/', '\\', '.']) => {
            return Err(Failure::Study(StudyError::Unknown {
                name: name.to_owned(),
                known: shipped().iter().map(|file| file.name).collect(),
            }));
        }
        None => (files::read_text(path)?, name.to_owned()),
    };
    let scenario = read_scenario(&text, &file).map_err(StudyError::from)?;
    Ok((scenario, text))
}
