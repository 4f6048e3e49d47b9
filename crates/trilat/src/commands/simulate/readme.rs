//! The README of a simulated folder.

use std::fmt::Write;

use sim::scenario::Scenario;

use crate::output::SimulatedOutput;

/// What shows that a folder was written by this program.
pub const MARK: &str = "Simulated by trilat";

/// Returns the README: what it is, where the facts come from, what the files hold, how to go on.
pub fn readme(scenario: &Scenario, output: &SimulatedOutput) -> String {
    let mut text = String::new();
    let _infallible = write_all(&mut text, scenario, output);
    text
}

fn write_all(text: &mut String, scenario: &Scenario, output: &SimulatedOutput) -> std::fmt::Result {
    writeln!(text, "# {}\n", scenario.title)?;
    writeln!(
        text,
        "{MARK} {}, scenario `{}`, seed {}. **Nothing here was measured**: flights follow the figures that authorities\n\
         announced, models of flight and radars are notional.\n",
        env!("CARGO_PKG_VERSION"),
        scenario.name,
        output.seed
    )?;
    writeln!(text, "{}\n", scenario.what)?;
    if !scenario.tests.is_empty() {
        writeln!(text, "What it tests: {}\n", scenario.tests)?;
    }
    if let Some(authority) = &scenario.authority {
        let others: Vec<String> = scenario.authorities().iter().map(ToString::to_string).collect();
        writeln!(
            text,
            "The figures are those of: {authority} (the file has: {}).\n",
            others.join(", ")
        )?;
    }
    for leave in &scenario.leaves {
        writeln!(
            text,
            "{} leaves the agreement at {}: its partners get none of its later plots (`plots-of-partners.csv`).\n",
            leave.owner, leave.time
        )?;
    }
    writeln!(text, "## Sources\n")?;
    for fact in &scenario.sources {
        writeln!(text, "- {} ({})", fact.fact, fact.source)?;
    }
    files(text, scenario)?;
    counts(text, output)?;
    writeln!(text, "\n## Going on\n\n```\n{}\n```", output.fit_command())
}

fn files(text: &mut String, scenario: &Scenario) -> std::fmt::Result {
    writeln!(
        text,
        "\n## Files\n\n\
         | file | what |\n|---|---|\n\
         | `plots.csv` | what the sensors report, by time; `truth` says which object it was (else a false alarm); \
         no fit reads it |\n\
         | `sensors.toml` | the sensors as their owners describe them |\n\
         | `truth.csv` | where each object really was, once a second; velocity relative to the turning Earth |\n\
         | `biases.csv` | the constant errors that the sensors really had |\n\
         | `flight.czml` | the flights for a globe, such as CesiumJS |"
    )?;
    if !scenario.leaves.is_empty() {
        writeln!(
            text,
            "| `plots-of-partners.csv` | `plots.csv` without what is not shared any more |"
        )?;
    }
    Ok(())
}

fn counts(text: &mut String, output: &SimulatedOutput) -> std::fmt::Result {
    writeln!(
        text,
        "\n## Plots\n\n{} in all from {} to {}, {} of them false alarms.\n\n| sensor | owner | plots |\n|---|---|---:|",
        output.plots, output.start, output.end, output.false_alarms
    )?;
    for sensor in &output.sensors {
        writeln!(text, "| {} | {} | {} |", sensor.name, sensor.owner, sensor.plots)?;
    }
    writeln!(
        text,
        "\n| object | kind | from | until | plots | sensors |\n|---|---|---|---|---:|---:|"
    )?;
    for object in &output.objects {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            object.id, object.kind, object.from, object.until, object.plots, object.sensors
        )?;
    }
    Ok(())
}
