//! What `trilat study` prints: JSON for programs, tables and sentences for people.

mod text;
mod verdict;

use geo::Geodetic;
use score::Spread;
use serde::Serialize;
use serde_json::{Value, json};
use study::{Gain, Moment, ObjectOutcome, Outcome, ScenarioOutcome, SubsetOutcome};

pub use text::to_text;
pub(crate) use verdict::precision;

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
        "gains": of.gains.iter().map(gain).collect::<Vec<_>>(),
    })
}

fn gain(of: &Gain) -> Value {
    json!({
        "owner": &*of.owner,
        "track_earlier_s": spread(of.track_earlier_s),
        "known_earlier_s": of.known_earlier_s.map(spread),
        "alone_rmse_m": of.alone_rmse_m,
        "together_rmse_m": of.together_rmse_m,
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
        "path_share": of.path_share,
        "free_rmse_m": of.free_rmse_m,
        "free_bound_m": of.free_bound_m,
        "last_diameter_m": spread(of.last_diameter_m),
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
