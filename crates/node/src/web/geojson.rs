//! Objects as GeoJSON: of each its last place, its foretold path and the areas in which it may arrive.
//!
//! Source: RFC 7946; what crosses the antimeridian is cut there (section 3.1.9).

use std::sync::Arc;

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
    let pieces = pieces(track);
    if !pieces.is_empty() {
        let line = json!({ "type": "MultiLineString", "coordinates": pieces });
        all.push(feature("path", line, json!({})));
    }
    for (kind, areas) in [("arrival", &track.arrival), ("launch", &track.launch)] {
        for area in areas {
            let part = format!("{kind}/{}/{}", area.way, area.probability);
            let polygons: Vec<_> = rings(area).into_iter().map(|ring| [ring]).collect();
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

/// The foretold path, cut at the antimeridian.
fn pieces(track: &Track) -> Vec<Vec<[f64; 3]>> {
    let mut pieces: Vec<Vec<[f64; 3]>> = vec![Vec::new()];
    let mut last: Option<[f64; 3]> = None;
    for point in &track.path {
        let point = [point.lon_deg, point.lat_deg, point.height_m];
        if let Some(from) = last.filter(|from| (point[0] - from[0]).abs() > 180.0) {
            let edge_deg = 180.0_f64.copysign(from[0]);
            let beyond_deg = point[0] + 2.0 * edge_deg;
            let share = (edge_deg - from[0]) / (beyond_deg - from[0]);
            let at = |axis: usize| from[axis] + share * (point[axis] - from[axis]);
            if let Some(piece) = pieces.last_mut() {
                piece.push([edge_deg, at(1), at(2)]);
            }
            pieces.push(vec![[-edge_deg, at(1), at(2)]]);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(point);
        }
        last = Some(point);
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

/// The ring of an area, anticlockwise, as rings within ±180°.
fn rings(area: &Area) -> Vec<Vec<[f64; 2]>> {
    let mut corners: Vec<[f64; 2]> = area
        .outline_deg
        .chunks_exact(2)
        .map(|pair| [pair[0], pair[1]])
        .collect();
    corners.pop();
    if twice_area(&corners) < 0.0 {
        corners.reverse();
    }
    let turn = |lon_deg: f64| ((lon_deg + 180.0) / 360.0).floor();
    let turns = corners.iter().map(|corner| turn(corner[0]));
    let (first, last) = (
        turns.clone().fold(f64::INFINITY, f64::min),
        turns.fold(f64::NEG_INFINITY, f64::max),
    );
    let mut rings = Vec::new();
    let mut at = first;
    while at <= last {
        let middle_deg = 360.0 * at;
        let east = cut(&corners, |lon_deg| middle_deg + 180.0 - lon_deg);
        let mut ring: Vec<[f64; 2]> = cut(&east, |lon_deg| lon_deg - (middle_deg - 180.0))
            .into_iter()
            .map(|[lon_deg, lat_deg]| [lon_deg - middle_deg, lat_deg])
            .collect();
        ring.dedup();
        ring.extend(ring.first().copied());
        if ring.len() > 3 {
            rings.push(ring);
        }
        at += 1.0;
    }
    rings
}

/// What of a ring lies where `inside` of its longitude is not negative. Source: Sutherland and Hodgman, Reentrant
/// polygon clipping (1974).
fn cut(ring: &[[f64; 2]], inside: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(ring.len() + 2);
    for (at, corner) in ring.iter().enumerate() {
        let before = ring[(at + ring.len() - 1) % ring.len()];
        let (was, is) = (inside(before[0]), inside(corner[0]));
        if (was < 0.0) != (is < 0.0) {
            let share = was / (was - is);
            kept.push([0, 1].map(|axis| before[axis] + share * (corner[axis] - before[axis])));
        }
        if is >= 0.0 {
            kept.push(*corner);
        }
    }
    kept
}

fn twice_area(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_over_the_antimeridian_is_two_and_anticlockwise() {
        let area = Area {
            outline_deg: vec![179.0, 0.0, 179.0, 2.0, 182.0, 2.0, 182.0, 0.0, 179.0, 0.0],
            ..Area::default()
        };
        let rings = rings(&area);
        let areas: Vec<f64> = rings.iter().map(|ring| twice_area(&ring[..ring.len() - 1])).collect();
        assert_eq!(areas, [4.0, 8.0], "{rings:?}");
        assert!(rings.iter().flatten().all(|corner| corner[0].abs() <= 180.0));
        assert!(rings.iter().all(|ring| ring.first() == ring.last()));
    }
}
