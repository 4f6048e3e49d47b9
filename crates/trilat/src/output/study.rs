//! What `trilat study` prints: JSON for programs, one table for people.

use std::fmt::Write;

use geo::Geodetic;
use score::Spread;
use serde::Serialize;
use serde_json::{Value, json};
use study::{Moment, ObjectOutcome, Outcome, ScenarioOutcome, SubsetOutcome};

/// Returns the JSON text, indented, with a line end; its keys stand in docs/study.md. Errors: none in practice.
pub fn to_json(outcome: &Outcome) -> serde_json::Result<String> {
    let scenarios: Vec<Value> = outcome.scenarios.iter().map(scenario).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "scenarios": scenarios }))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct SpreadOutput {
    runs: usize,
    p10: f64,
    median: f64,
    p90: f64,
}

fn spread(of: Option<Spread>) -> Option<SpreadOutput> {
    of.map(|spread| SpreadOutput {
        runs: spread.runs,
        p10: spread.low,
        median: spread.median,
        p90: spread.high,
    })
}

fn scenario(of: &ScenarioOutcome) -> Value {
    let tracks = of.tracks.iter().map(|tracks| {
        json!({
            "owners": names(&tracks.owners),
            "false_tracks": tracks.false_tracks,
            "missed_objects": tracks.missed_objects,
        })
    });
    json!({
        "name": of.name,
        "title": of.title,
        "runs": of.runs,
        "seed": of.seed,
        "owners": names(&of.owners),
        "objects": of.objects.iter().map(object).collect::<Vec<_>>(),
        "tracks": tracks.collect::<Vec<_>>(),
    })
}

fn names(owners: &[std::sync::Arc<str>]) -> Vec<&str> {
    owners.iter().map(|owner| &**owner).collect()
}

fn place(after_s: f64, place: &Geodetic) -> Value {
    json!({
        "after_s": after_s,
        "lat_deg": place.lat_deg(),
        "lon_deg": place.lon_deg(),
        "height_m": place.height_m,
    })
}

fn object(of: &ObjectOutcome) -> Value {
    json!({
        "id": &*of.id,
        "kind": of.kind.name(),
        "launch": of.launch.to_string(),
        "span_s": of.span_s,
        "arrival": of.arrival.as_ref().map(|arrival| place(arrival.after_s, &arrival.place)),
        "path": of.path.iter().map(|point| place(point.after_s, &point.place)).collect::<Vec<_>>(),
        "subsets": of.subsets.iter().map(subset).collect::<Vec<_>>(),
    })
}

fn subset(of: &SubsetOutcome) -> Value {
    let known = of.known.iter().map(|known| {
        json!({
            "diameter_km": known.diameter_km,
            "share": known.share,
            "after_s": spread(known.after_s),
            "warning_s": spread(known.warning_s),
        })
    });
    json!({
        "owners": names(&of.owners),
        "view_share": of.view.share,
        "seen_share": of.view.seen_share,
        "first_sight_s": spread(of.view.first_after_s),
        "last_sight_s": spread(of.view.last_after_s),
        "gap_s": spread(of.view.gap_s),
        "tracked_share": of.tracked_share,
        "confirmed_s": spread(of.confirmed_after_s),
        "known": known.collect::<Vec<_>>(),
        "containment": {
            "inside": of.containment.inside,
            "of": of.containment.of,
            "interval_95": of.containment.interval(0.95),
        },
        "arrival_error_m": spread(of.arrival_error_m),
        "path_rmse_m": of.path_rmse_m,
        "curve": of.curve.iter().map(moment).collect::<Vec<_>>(),
    })
}

fn moment(of: &Moment) -> Value {
    json!({
        "after_s": of.after_s,
        "tracked_share": of.tracked_share,
        "rmse_m": of.rmse_m,
        "stated_m": of.stated_m,
        "nees": of.nees,
        "bound_m": of.bound_m,
        "diameter_m": of.diameter_m,
        "area_share": of.area_share,
    })
}

/// Returns the table that a minister understands, one for each object.
pub fn to_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for scenario in &outcome.scenarios {
        for object in &scenario.objects {
            // Writing to a string does not fail.
            let _written = table(&mut text, scenario, object);
        }
    }
    text
}

fn table(text: &mut String, scenario: &ScenarioOutcome, object: &ObjectOutcome) -> std::fmt::Result {
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
    writeln!(text)?;
    writeln!(
        text,
        "{:24} {:>9} {:>9} {:>11} {:>11} {:>12} {:>9} {:>8}",
        "who shares", "sees", "first", "path error", "place known", "warning left", "how often", "phantoms"
    )?;
    writeln!(
        text,
        "{:24} {:>9} {:>9} {:>11} {:>11} {:>12} {:>9} {:>8}",
        "", "% flight", "s", "km", "to 50 km, s", "s", "% of runs", "per run"
    )?;
    for (subset, tracks) in object.subsets.iter().zip(&scenario.tracks) {
        let known = &subset.known[1];
        let median = |spread: Option<Spread>| number(spread.map(|spread| spread.median), 0);
        writeln!(
            text,
            "{:24} {:>9.0} {:>9} {:>11} {:>11} {:>12} {:>9.0} {:>8.2}",
            names(&subset.owners).join(" + "),
            100.0 * subset.view.share,
            median(subset.view.first_after_s),
            number(subset.path_rmse_m.map(|rmse_m| rmse_m / 1e3), 2),
            median(known.after_s),
            median(known.warning_s),
            100.0 * known.share,
            tracks.false_tracks,
        )?;
    }
    writeln!(text, "\n{}", verdict(object))?;
    writeln!(text)
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.decimals$}"))
}

/// How much all together are ahead of the best alone: place known to 50 km, medians of the runs.
fn verdict(object: &ObjectOutcome) -> String {
    let alone = object.subsets.iter().filter(|subset| subset.owners.len() == 1);
    // Who knows it in most runs, and of these earliest.
    let better = |a: &&SubsetOutcome, b: &&SubsetOutcome| {
        let key = |subset: &SubsetOutcome| {
            let after_s = subset.known[1].after_s.map_or(f64::INFINITY, |spread| spread.median);
            ((-subset.known[1].share * 20.0).round(), after_s)
        };
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    };
    let (Some(best), Some(all)) = (alone.min_by(better), object.subsets.last()) else {
        return String::new();
    };
    if all.owners.len() < 2 {
        return "One owner only: there is nobody to share with.".to_owned();
    }
    let owner = &best.owners[0];
    match (best.known[1].warning_s, all.known[1].warning_s) {
        (None, None) => "Nobody knows the place to 50 km, not even all together.".to_owned(),
        (None, Some(all)) => format!(
            "No owner alone knows the place to 50 km. All together know it {:.0} s before the arrival.",
            all.median
        ),
        (Some(best), Some(together)) => {
            format!(
                "All together know the place to 50 km in {:.0} % of the runs, {:.0} s before the arrival; the best \
                 alone ({owner}) in {:.0} %, {:.0} s before.",
                100.0 * all.known[1].share,
                together.median,
                100.0 * best_share(object),
                best.median
            )
        }
        (Some(_), None) => format!("Only {owner} alone knows the place to 50 km."),
    }
}

fn best_share(object: &ObjectOutcome) -> f64 {
    let alone = object.subsets.iter().filter(|subset| subset.owners.len() == 1);
    alone.map(|subset| subset.known[1].share).fold(0.0, f64::max)
}
