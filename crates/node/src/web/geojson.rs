//! Objects as GeoJSON: of each its last place, its foretold path and the areas in which it may arrive.
//!
//! Source: RFC 7946; what crosses the antimeridian is cut there (section 3.1.9).

use std::sync::Arc;

use geo::antimeridian::{line, within};
use serde_json::{Value, json};
use wire::messages::picture::{Area, Track};

/// The collection of features of all objects.
pub(super) fn document(tracks: &[Arc<Track>]) -> Value {
    let features: Vec<Value> = tracks.iter().flat_map(|track| features(track)).collect();
    json!({ "type": "FeatureCollection", "features": features })
}

fn features(track: &Track) -> Vec<Value> {
    let feature = |part: &str, geometry: Value, more: Value| {
        let mut properties = json!({
            "part": part,
            "name": track.name,
            "phase": track.phase,
            "existence": track.existence,
            "time_unix_s": track.time_unix_s,
            "lost": track.lost,
            "plots": track.plots,
        });
        if let (Some(all), Some(more)) = (properties.as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        json!({
            "type": "Feature",
            "id": format!("{}/{part}", track.name),
            "properties": properties,
            "geometry": geometry,
        })
    };
    let last = json!({ "type": "Point", "coordinates": [track.lon_deg, track.lat_deg, track.height_m] });
    let mut all = vec![feature("last", last, json!({}))];
    let path = track
        .path
        .iter()
        .map(|point| [point.lon_deg, point.lat_deg, point.height_m]);
    let pieces = line(&path.collect::<Vec<_>>());
    if !pieces.is_empty() {
        let path = json!({ "type": "MultiLineString", "coordinates": pieces });
        all.push(feature("path", path, json!({})));
    }
    for (kind, areas) in [("arrival", &track.arrival), ("launch", &track.launch)] {
        for area in areas {
            let part = format!("{kind}/{}/{}", area.way, area.probability);
            let polygons: Vec<_> = within(&outline(area)).into_iter().map(|ring| [ring]).collect();
            let geometry = json!({ "type": "MultiPolygon", "coordinates": polygons });
            let more = json!({
                "way": area.way,
                "weight": area.weight,
                "probability": area.probability,
                "earliest_unix_s": area.earliest_unix_s,
                "middle_unix_s": area.middle_unix_s,
                "latest_unix_s": area.latest_unix_s,
            });
            all.push(feature(&part, geometry, more));
        }
    }
    all
}

/// The ring of an area, not closed.
fn outline(area: &Area) -> Vec<[f64; 2]> {
    let corners = area.outline_deg.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
    let mut ring: Vec<_> = corners.collect();
    ring.pop();
    ring
}

#[cfg(test)]
mod tests {
    use geo::{Geodetic, Time, Velocity};
    use track::forecast::{Region, Way};

    use super::*;

    fn polygons(lat_deg: f64, lon_deg: f64, radius_m: f64) -> Vec<Vec<[f64; 2]>> {
        let now: Time = "2022-01-30T07:22:00Z".parse().unwrap();
        let region = Region {
            way: Way::Coast,
            weight: 1.0,
            probability: 0.95,
            centre: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
            major_m: radius_m,
            minor_m: radius_m,
            azimuth_deg: 0.0,
            earliest: now,
            middle: now,
            latest: now,
            velocity: Velocity::new(0.0, 0.0, -1_000.0),
        };
        within(&outline(&super::super::drawn::area(&region, now)))
    }

    /// Even-odd along a meridian.
    fn holds(ring: &[[f64; 2]], [lon_deg, lat_deg]: [f64; 2]) -> bool {
        let crosses = |ends: &&[[f64; 2]]| {
            let [a, b] = [ends[0], ends[1]];
            let share = (lon_deg - a[0]) / (b[0] - a[0]);
            (a[0] > lon_deg) != (b[0] > lon_deg) && a[1] + share * (b[1] - a[1]) > lat_deg
        };
        ring.windows(2).filter(crosses).count() % 2 == 1
    }

    #[test]
    fn an_area_over_the_antimeridian_is_on_both_sides_and_one_round_the_pole_holds_it() {
        let at_sea = polygons(45.0, 179.5, 200e3);
        assert_eq!(at_sea.len(), 2, "{at_sea:?}");
        for side in [[179.0, 45.0], [-179.0, 45.0]] {
            assert_eq!(at_sea.iter().filter(|ring| holds(ring, side)).count(), 1, "{side:?}");
        }
        let polar = polygons(89.5, 10.0, 400e3);
        for at in [[0.0, 89.9], [10.0, 87.0], [-170.0, 88.0], [100.0, 89.0]] {
            assert_eq!(
                polar.iter().filter(|ring| holds(ring, at)).count(),
                1,
                "{at:?} of {polar:?}"
            );
        }
        assert!(!polar.iter().any(|ring| holds(ring, [-170.0, 86.0])), "{polar:?}");
    }
}
