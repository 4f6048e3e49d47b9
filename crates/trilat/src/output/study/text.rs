//! What `trilat study` prints for people: two tables and the answer for each object, and one table of all flights.

use std::fmt::{Result, Write};

use score::Spread;
use study::{ObjectOutcome, Outcome, ScenarioOutcome, SubsetOutcome};

use super::names;
use super::verdict::verdict;
use crate::knowing::{
    MIDDLE, alone, earliest, first_path, is_mistaken, middle, most_precise, smallest_area, together, warning_s, widest,
};

/// Returns the tables.
pub fn to_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for scenario in &outcome.scenarios {
        for object in &scenario.objects {
            // Writing to a string does not fail.
            let _written = tables(&mut text, scenario, object);
        }
    }
    if outcome
        .scenarios
        .iter()
        .map(|scenario| scenario.objects.len())
        .sum::<usize>()
        > 1
    {
        let _written = all_flights(&mut text, outcome);
    }
    text
}

fn tables(text: &mut String, scenario: &ScenarioOutcome, object: &ObjectOutcome) -> Result {
    let runs = scenario.runs;
    writeln!(text, "{}: {} ({})", scenario.title, object.id, object.kind.name())?;
    match object.arrival {
        Some(arrival) => writeln!(
            text,
            "arrives {:.0} s after its launch; {runs} runs, seed {}",
            arrival.after_s, scenario.seed
        )?,
        None => writeln!(text, "does not come down; {runs} runs, seed {}", scenario.seed)?,
    }
    let width = object.subsets.iter().map(|subset| who(subset).chars().count()).max();
    let width = width.unwrap_or(0).max("who shares".len());
    path(text, scenario, object, width)?;
    if object.arrival.is_some() {
        place(text, object, width)?;
    }
    writeln!(text)?;
    for line in verdict(object, runs) {
        writeln!(text, "{line}")?;
    }
    writeln!(text)
}

fn who(subset: &SubsetOutcome) -> String {
    names(&subset.owners).join(" + ")
}

/// What is seen, and how well the path is known.
fn path(text: &mut String, scenario: &ScenarioOutcome, object: &ObjectOutcome, width: usize) -> Result {
    let row = |text: &mut String, who: &str, cells: [String; 10]| {
        let [seen, first, last, gap, since, error, free, bound, phantoms, missed] = cells;
        writeln!(
            text,
            "{who:width$} {seen:>8} {first:>7} {last:>7} {gap:>7} {since:>7} {error:>9} {free:>9} {bound:>9} {phantoms:>9} \
             {missed:>8}"
        )
    };
    writeln!(text)?;
    let head = [
        "sees",
        "first",
        "last",
        "gap",
        "path",
        "path off",
        "in coast",
        "its bound",
        "phantoms",
        "missed",
    ];
    row(text, "who shares", head.map(str::to_owned))?;
    let units = [
        "% flight", "s", "s", "s", "from, s", "rms, km", "rms, km", "km", "per run", "per run",
    ];
    row(text, "", units.map(str::to_owned))?;
    for (subset, tracks) in object.subsets.iter().zip(&scenario.tracks) {
        let cells = [
            format!("{:.0}", 100.0 * subset.view.share),
            seconds(subset.view.first_after_s),
            seconds(subset.view.last_after_s),
            seconds(subset.view.gap_s),
            seconds(subset.confirmed_after_s),
            kilometres(subset.path_rmse_m),
            kilometres(subset.free_rmse_m),
            kilometres(subset.free_bound_m),
            format!("{:.2}", tracks.false_tracks),
            format!("{:.2}", tracks.missed_objects),
        ];
        row(text, &who(subset), cells)?;
    }
    Ok(())
}

/// When the place is known.
fn place(text: &mut String, object: &ObjectOutcome, width: usize) -> Result {
    let Some(first) = object.subsets.first() else {
        return Ok(());
    };
    let pad = width + 1;
    write!(text, "\n{:pad$}", "place known")?;
    for known in &first.known {
        write!(text, "{:>24}", format!("--- to {:.0} km ---", known.diameter_km))?;
    }
    writeln!(text, "{:>11}{:>8}", "last area", "area")?;
    write!(text, "{:pad$}", "")?;
    for _ in &first.known {
        write!(text, "{:>9}{:>9}{:>6}", "after, s", "left, s", "runs")?;
    }
    writeln!(text, "{:>11}{:>8}", "km", "holds")?;
    for subset in &object.subsets {
        write!(text, "{:pad$}", who(subset))?;
        for known in &subset.known {
            let share = format!("{:.0} %", 100.0 * known.share);
            write!(
                text,
                "{:>9}{:>9}{share:>6}",
                seconds(known.after_s),
                seconds(known.warning_s)
            )?;
        }
        let last = kilometres(subset.last_diameter_m.map(|spread| spread.median));
        let holds = subset.containment.share();
        let holds = holds.map_or_else(none, |share| format!("{:.0} %", 100.0 * share));
        writeln!(text, "{last:>11}{holds:>8}")?;
    }
    Ok(())
}

fn none() -> String {
    "-".to_owned()
}

fn seconds(spread: Option<Spread>) -> String {
    spread.map_or_else(none, |spread| format!("{:.0}", spread.median))
}

fn kilometres(value_m: Option<f64>) -> String {
    value_m.map_or_else(none, |value_m| format!("{:.2}", value_m / 1e3))
}

/// One row for each flight: the best alone, and all together.
fn all_flights(text: &mut String, outcome: &Outcome) -> Result {
    let rows = outcome.scenarios.iter().flat_map(|scenario| {
        let objects = scenario.objects.iter();
        objects.filter_map(|object| {
            Some((
                format!("{} {}", scenario.name, object.id),
                cells(object, scenario.runs)?,
            ))
        })
    });
    let rows: Vec<(String, [String; 5])> = rows.collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut row = |name: &str, cells: &[String; 5]| {
        let [seen, since, error, warning, area] = cells;
        writeln!(
            text,
            "{name:width$} {seen:>13} {since:>15} {error:>20} {warning:>19} {area:>19}"
        )
    };
    let head = [
        "seen, %",
        "path from, s",
        "path off, km",
        "50 km known, s left",
        "last area, km",
    ];
    row("best alone / all together", &head.map(str::to_owned))?;
    for (name, cells) in &rows {
        row(name, cells)?;
    }
    Ok(())
}

/// For each question the best alone, by name, and all together.
fn cells(object: &ObjectOutcome, runs: usize) -> Option<[String; 5]> {
    let all = together(object)?;
    let pair = |best: Option<(&SubsetOutcome, f64)>, all: Option<f64>, decimals: usize| {
        let show = |value: f64| format!("{value:.decimals$}");
        let best = best.map_or_else(none, |(best, value)| format!("{} {}", best.owners[0], show(value)));
        format!("{best} / {}", all.map_or_else(none, show))
    };
    let seen = widest(alone(object)).map(|best| (best, 100.0 * best.view.share));
    let path = most_precise(object);
    let gain = path.map(|(_, gain)| gain);
    let off = path.and_then(|(best, gain)| Some((best, gain.alone_rmse_m?)));
    let off = off.map(|(best, off_m)| (best, off_m / 1e3));
    let all_off = match gain {
        Some(gain) => gain.together_rmse_m,
        None => all.path_rmse_m,
    };
    let area = smallest_area(alone(object), runs).map(|(best, diameter_m)| (best, diameter_m / 1e3));
    Some([
        pair(seen, Some(100.0 * all.view.share), 0),
        pair(first_path(alone(object), runs), middle(all.confirmed_after_s, runs), 0),
        pair(off, all_off.map(|off_m| off_m / 1e3), 2),
        pair(
            earliest(alone(object)),
            warning_s(&all.known[MIDDLE]).filter(|_| !is_mistaken(all)),
            0,
        ),
        pair(
            area,
            middle(all.last_diameter_m, runs).map(|diameter_m| diameter_m / 1e3),
            2,
        ),
    ])
}
