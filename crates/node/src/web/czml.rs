//! Objects as CZML, for globes that read it: each with its foretold path and the areas in which it may arrive.
//!
//! Source: the CZML guide of Cesium (github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide).

use std::sync::Arc;

use serde_json::{Value, json};
use wire::messages::picture::{Area, Track};

use super::drawn::time_of_unix;

/// The packets of all objects.
pub(super) fn document(view: &str, tracks: &[Arc<Track>]) -> Value {
    let head = json!({ "id": "document", "name": format!("trilat, {view}"), "version": "1.0" });
    let packets = std::iter::once(head).chain(tracks.iter().flat_map(|track| packets(track)));
    Value::Array(packets.collect())
}

fn packets(track: &Track) -> Vec<Value> {
    let time = |unix_s: f64| time_of_unix(unix_s).map(|time| time.to_string()).unwrap_or_default();
    let mut samples = vec![0.0, track.lon_deg, track.lat_deg, track.height_m];
    for point in track.path.iter().filter(|point| point.time_unix_s > track.time_unix_s) {
        samples.extend([
            point.time_unix_s - track.time_unix_s,
            point.lon_deg,
            point.lat_deg,
            point.height_m,
        ]);
    }
    let mut all = vec![json!({
        "id": track.name,
        "name": format!("{}, {}", track.name, track.phase),
        "position": {
            "epoch": time(track.time_unix_s),
            "cartographicDegrees": samples,
            "forwardExtrapolationType": "HOLD",
        },
        "point": { "pixelSize": 8, "color": { "rgba": [255, 200, 60, 255] } },
        "label": { "text": track.name, "pixelOffset": { "cartesian2": [12, 0] } },
        "path": {
            "leadTime": 7200,
            "trailTime": 0,
            "width": 2,
            "material": { "solidColor": { "color": { "rgba": [255, 200, 60, 160] } } },
        },
    })];
    all.extend(
        track
            .arrival
            .iter()
            .filter(|area| area.way == "any")
            .map(|area| polygon(track, area)),
    );
    all
}

fn polygon(track: &Track, area: &Area) -> Value {
    let corners: Vec<f64> = area
        .outline_deg
        .chunks_exact(2)
        .flat_map(|pair| [pair[0], pair[1], 0.0])
        .collect();
    json!({
        "id": format!("{}/arrival/{}", track.name, area.probability),
        "name": format!("{}: arrival with {} %", track.name, (100.0 * area.probability).round()),
        "polygon": {
            "positions": { "cartographicDegrees": corners },
            "height": 0,
            "outline": true,
            "material": { "solidColor": { "color": { "rgba": [255, 70, 110, 60] } } },
        },
    })
}
