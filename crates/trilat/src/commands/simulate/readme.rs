//! The README of a simulated folder.

use std::fmt::Write;

use sim::scenario::Scenario;

use crate::output::SimulatedOutput;

/// What shows that a folder was written by this program.
pub const MARK: &str = "Simulated by trilat";

/// The width of a line.
const COLUMNS: usize = 120;

/// Returns the README: what it is, where the facts come from, what the files hold, how to go on.
pub fn readme(scenario: &Scenario, output: &SimulatedOutput) -> String {
    let mut text = String::new();
    let _infallible = write_all(&mut text, scenario, output);
    text
}

/// Returns the text in lines of [`COLUMNS`] at most, those behind the first with an indent; a longer word has a line of
/// its own.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut columns = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if columns > 0 && columns + 1 + width > COLUMNS {
            lines.push('\n');
            lines.push_str(indent);
            columns = indent.len();
        } else if columns > 0 {
            lines.push(' ');
            columns += 1;
        }
        lines.push_str(word);
        columns += width;
    }
    lines
}

fn write_all(text: &mut String, scenario: &Scenario, output: &SimulatedOutput) -> std::fmt::Result {
    writeln!(text, "# {}\n", scenario.title)?;
    let mut paragraph = |words: &str| writeln!(text, "{}\n", wrapped(words, ""));
    paragraph(&format!(
        "{MARK} {}, scenario `{}`, seed {}. **Nothing here was measured**: flights follow the figures that authorities \
         announced, models of flight and radars are notional.",
        env!("CARGO_PKG_VERSION"),
        scenario.name,
        output.seed
    ))?;
    paragraph(&scenario.what)?;
    if !scenario.tests.is_empty() {
        paragraph(&format!("What it tests: {}", scenario.tests))?;
    }
    if let Some(authority) = &scenario.authority {
        let others: Vec<String> = scenario.authorities().iter().map(ToString::to_string).collect();
        paragraph(&format!(
            "The figures are those of: {authority} (the file has: {}).",
            others.join(", ")
        ))?;
    }
    for leave in &scenario.leaves {
        paragraph(&format!(
            "{} leaves the agreement at {}: its partners get none of its later plots (`plots-of-partners.csv`).",
            leave.owner, leave.time
        ))?;
    }
    writeln!(text, "## Sources\n")?;
    for fact in &scenario.sources {
        let line = format!("- {} ({})", fact.fact, fact.source);
        writeln!(text, "{}", wrapped(&line, "  "))?;
    }
    files(text, scenario)?;
    counts(text, output)?;
    let next = output.next();
    writeln!(text, "\n## Going on\n\n{}", wrapped(&next.words, ""))?;
    match next.commands.is_empty() {
        true => Ok(()),
        false => writeln!(text, "\n```\n{}\n```", next.commands.join("\n")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_and_no_word_is_lost() {
        let words = "Mupyong-ri ".repeat(40) + &"x".repeat(150) + " end";
        let lines = wrapped(&format!("- {words}"), "  ");
        for line in lines.lines().filter(|line| !line.contains("xxx")) {
            assert!(line.chars().count() <= COLUMNS, "{line}");
        }
        assert!(
            lines
                .lines()
                .skip(1)
                .all(|line| line.starts_with("  M") || line.starts_with("  x") || line == "  end")
        );
        assert!(lines.split_whitespace().skip(1).eq(words.split_whitespace()));
    }
}
