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

#[cfg(test)]
mod tests {
    use wire::messages::picture::PathPoint;

    use super::*;

    fn area(way: &str, probability: f64, corner_deg: f64) -> Area {
        Area {
            way: way.to_owned(),
            probability,
            outline_deg: vec![
                corner_deg,
                40.0,
                corner_deg + 1.0,
                40.0,
                corner_deg,
                41.0,
                corner_deg,
                40.0,
            ],
            ..Area::default()
        }
    }

    fn track(name: &str, lon_deg: f64, arrival: Vec<Area>) -> Arc<Track> {
        let point = |time_unix_s: f64| PathPoint {
            time_unix_s,
            lat_deg: 39.0,
            lon_deg: lon_deg + 1.0,
            height_m: 9_000.0,
        };
        Arc::new(Track {
            name: name.to_owned(),
            phase: "coast".to_owned(),
            time_unix_s: 1_643_527_320.0,
            lat_deg: 38.0,
            lon_deg,
            height_m: 8_000.0,
            arrival,
            path: vec![point(1_643_527_310.0), point(1_643_527_350.0)],
            ..Track::default()
        })
    }

    /// Each object has packets of its own: itself with what is ahead of it, and where it may come down in whatever way.
    #[test]
    fn several_objects_are_told_apart() {
        let both = [
            area("any", 0.5, 140.0),
            area("any", 0.95, 139.0),
            area("glide", 0.95, 150.0),
        ];
        let tracks = [
            track("a-1", 130.0, both.to_vec()),
            track("b-2", 135.0, Vec::new()),
            track("c-3", 137.0, vec![area("any", 0.95, 145.0)]),
        ];
        let said = document("together", &tracks);
        let packets = said.as_array().unwrap();
        let ids: Vec<&str> = packets.iter().filter_map(|packet| packet["id"].as_str()).collect();
        let wanted = [
            "document",
            "a-1",
            "a-1/arrival/0.5",
            "a-1/arrival/0.95",
            "b-2",
            "c-3",
            "c-3/arrival/0.95",
        ];
        assert_eq!(ids, wanted);
        assert_eq!(packets[0]["version"], "1.0");
        for (place, name, lon_deg) in [(1, "a-1", 130.0), (4, "b-2", 135.0), (5, "c-3", 137.0)] {
            let own = &packets[place];
            let ahead = json!([0.0, lon_deg, 38.0, 8_000.0, 30.0, lon_deg + 1.0, 39.0, 9_000.0]);
            assert_eq!(own["position"]["cartographicDegrees"], ahead, "{own}");
            assert_eq!(own["position"]["epoch"], "2022-01-30T07:22:00.000Z", "{own}");
            assert_eq!(own["label"]["text"], name, "{own}");
        }
        let first_deg = |place: usize| &packets[place]["polygon"]["positions"]["cartographicDegrees"][0];
        assert_eq!([first_deg(2), first_deg(3), first_deg(6)], [&140.0, &139.0, &145.0]);
    }
}
