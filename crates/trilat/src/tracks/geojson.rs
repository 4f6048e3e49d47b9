//! Tracks as GeoJSON: of each its line, its last place, and the region that held it there with 95 %.
//!
//! Source: RFC 7946.

use geo::antimeridian::{line, unrolled, within};
use serde_json::{Value, json};
use track::Row;

use super::{History, place};

/// Returns the collection of features of all tracks.
///
/// Each track has a line (`part` is `line`; in several pieces where it crosses the antimeridian, none where the object
/// stood), a `last` point and a `region` polygon. Coordinates are `[lon_deg, lat_deg, height_m]`, heights above the
/// ellipsoid, regions without.
pub fn document(rows: &[Row]) -> String {
    let features: Vec<Value> = History::all(rows).iter().flat_map(features).collect();
    format!("{}\n", json!({ "type": "FeatureCollection", "features": features }))
}

fn features(history: &History<'_>) -> Vec<Value> {
    let feature = |part: &str, geometry: Value| {
        json!({
            "type": "Feature",
            "id": format!("{}/{part}", history.name),
            "properties": properties(history, part),
            "geometry": geometry,
        })
    };
    let mut features = Vec::with_capacity(3);
    let points: Vec<_> = history.rows.iter().map(|row| position(row)).collect();
    let mut pieces = line(&points);
    match pieces.len() {
        0 => {}
        1 => features.push(feature(
            "line",
            json!({ "type": "LineString", "coordinates": pieces.remove(0) }),
        )),
        _ => features.push(feature(
            "line",
            json!({ "type": "MultiLineString", "coordinates": pieces }),
        )),
    }
    let last = position(history.last());
    features.push(feature("last", json!({ "type": "Point", "coordinates": last })));
    let region = history.region();
    let corners = region.iter().map(|corner| [corner.lon_deg(), corner.lat_deg()]);
    let mut rings = within(&unrolled(corners));
    for corner in rings.iter_mut().flatten() {
        *corner = corner.map(|degrees| rounded(degrees, 1e7));
    }
    match rings.len() {
        0 => {}
        1 => features.push(feature("region", json!({ "type": "Polygon", "coordinates": rings }))),
        _ => {
            let polygons: Vec<_> = rings.into_iter().map(|ring| vec![ring]).collect();
            features.push(feature(
                "region",
                json!({ "type": "MultiPolygon", "coordinates": polygons }),
            ));
        }
    }
    features
}

fn properties(history: &History<'_>, part: &str) -> Value {
    let (first, last) = (history.first(), history.last());
    json!({
        "part": part,
        "name": history.name.to_string(),
        "phase": last.phase.name(),
        "existence": last.existence,
        "first_time": first.time.to_string(),
        "last_time": last.time.to_string(),
        "plots": last.plots,
    })
}

/// `[lon_deg, lat_deg, height_m]`, to about a decimetre.
fn position(row: &Row) -> [f64; 3] {
    let place = place(row);
    [
        rounded(place.lon_deg(), 1e6),
        rounded(place.lat_deg(), 1e6),
        rounded(place.height_m, 1e1),
    ]
}

fn rounded(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
