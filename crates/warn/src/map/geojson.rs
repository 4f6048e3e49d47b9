//! GeoJSON, RFC 7946: a collection of features.

use serde_json::Value;

use super::read::{Broken, Feature};
use super::shape::Shape;

/// The features; `Err` says which part of the whole is missing.
pub(super) fn features(value: &Value) -> Result<Vec<Feature>, &'static str> {
    let features = value.get("features").and_then(Value::as_array).ok_or("features")?;
    Ok(features
        .iter()
        .map(|feature| Feature {
            properties: feature
                .get("properties")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
            shape: shape(feature.get("geometry").unwrap_or(&Value::Null)),
        })
        .collect())
}

fn shape(geometry: &Value) -> Result<Shape, Broken> {
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let polygons = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => vec![polygon(coordinates)?],
        Some("MultiPolygon") => array(coordinates)?.iter().map(polygon).collect::<Result<_, _>>()?,
        Some("Point") => {
            let [lon, lat] = corner(coordinates)?;
            return Ok(Shape::disc(lon, lat)?);
        }
        other => return Err(Broken::Kind(crate::clean::clean(other.unwrap_or("missing"), 40))),
    };
    Ok(Shape::new(polygons)?)
}

fn array(value: &Value) -> Result<&Vec<Value>, Broken> {
    value.as_array().ok_or(Broken::Form("coordinates"))
}

fn polygon(value: &Value) -> Result<Vec<Vec<[f64; 2]>>, Broken> {
    array(value)?
        .iter()
        .map(|ring| array(ring)?.iter().map(corner).collect())
        .collect()
}

/// Longitude and latitude; a height may follow.
pub(super) fn corner(value: &Value) -> Result<[f64; 2], Broken> {
    match array(value)?.as_slice() {
        [lon, lat, ..] => match (lon.as_f64(), lat.as_f64()) {
            (Some(lon), Some(lat)) => Ok([lon, lat]),
            _ => Err(Broken::Form("coordinates")),
        },
        _ => Err(Broken::Form("coordinates")),
    }
}
