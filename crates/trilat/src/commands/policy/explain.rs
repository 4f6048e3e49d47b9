//! `trilat policy explain`.

use plot::Plot;
use share::policy::Policy;
use share::release::Subject;

use super::{Home, PolicyFailure, is_config, read, unusable};
use crate::args::ExplainArgs;
use crate::output::{DecidedOutput, ExplainOutput};
use crate::progress::Progress;
use crate::{Failure, files, terminal};

/// Says of each plot what becomes of it, and why.
pub fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let policy = if is_config(&args.what) {
        let home = Home::open(&args.what)?;
        let policy = Policy::new(&home.newest()?.files);
        policy.map_err(|source| unusable(home.versions.folder(), source))?
    } else {
        read(&args.what)?
    };
    if !policy.partners().iter().any(|partner| **partner == *args.partner) {
        let known: Vec<String> = policy.partners().iter().map(ToString::to_string).collect();
        let nearest = wire::nearest(&args.partner, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(PolicyFailure::Partner {
            name: args.partner.clone(),
            nearest,
            known,
        }
        .into());
    }
    let selection = files::Selection {
        plots: &args.plots,
        format: None,
        sensors: Some(&args.sensors),
        only_sensors: &[],
        only_owners: &[],
        until: None,
        date: None,
    };
    let input = files::read(&selection, &progress)?;
    drop(progress);
    files::tell(&input);
    let sensors = input.sensors.as_slice();
    let decided = input.plots.iter().filter_map(|plot| {
        // Plots of no known sensor were refused when they were read.
        let sensor = sensors.iter().find(|sensor| sensor.name == plot.sensor)?;
        let phase = args.phase.as_deref().map(Into::into);
        Some(decided(
            &policy,
            args,
            plot,
            &Subject::of_plot(plot, sensor, phase, args.exercise),
        ))
    });
    let output = ExplainOutput::new(args, decided.collect());
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

fn decided(policy: &Policy, args: &ExplainArgs, plot: &Plot, subject: &Subject) -> DecidedOutput {
    let now = args.at.unwrap_or(plot.time);
    let decision = policy.decide(&args.partner, args.purpose, subject, now);
    DecidedOutput::new(policy, &args.partner, subject, &decision)
}
