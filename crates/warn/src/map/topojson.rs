//! TopoJSON: borders as arcs, which two places share; numbers whole, each the difference to the one before.
//!
//! Source: Bostock and Metcalf, The TopoJSON Format Specification (2013), sections 2.1.3 and 2.1.4.

use serde_json::Value;

use super::geojson::corner;
use super::read::{Broken, Feature};
use super::shape::Shape;

/// A ring may be made of so many corners, however often it names an arc.
const CORNERS_MAX: usize = 4_000_000;

/// Scale and translation of whole numbers.
type Transform = [[f64; 2]; 2];

/// The features of all objects; `Err` says which part of the whole is missing.
pub(super) fn features(value: &Value) -> Result<Vec<Feature>, &'static str> {
    let transform = match value.get("transform") {
        None => None,
        Some(transform) => {
            let pair = |key| transform.get(key).and_then(|pair| corner(pair).ok()).ok_or("transform");
            Some([pair("scale")?, pair("translate")?])
        }
    };
    let arcs = value.get("arcs").and_then(Value::as_array).ok_or("arcs")?;
    let arcs: Vec<Vec<[f64; 2]>> = arcs
        .iter()
        .map(|arc| self::arc(arc, transform.as_ref()))
        .collect::<Result<_, _>>()
        .map_err(|_| "arcs")?;
    let objects = value.get("objects").and_then(Value::as_object).ok_or("objects")?;
    let mut features = Vec::new();
    for object in objects.values() {
        let whole = std::slice::from_ref(object);
        let geometries = object.get("geometries").and_then(Value::as_array);
        for geometry in geometries.map_or(whole, Vec::as_slice) {
            let properties = geometry.get("properties").and_then(Value::as_object).cloned();
            features.push(Feature {
                properties: properties.unwrap_or_default(),
                shape: shape(geometry, &arcs, transform.as_ref()),
            });
        }
    }
    Ok(features)
}

fn arc(value: &Value, transform: Option<&Transform>) -> Result<Vec<[f64; 2]>, Broken> {
    let mut at = [0.0; 2];
    let corners = value.as_array().ok_or(Broken::Form("arcs"))?.iter();
    corners
        .map(|step| {
            let step = corner(step)?;
            let Some([scale, translate]) = transform else {
                return Ok(step);
            };
            at = [at[0] + step[0], at[1] + step[1]];
            Ok([at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1]])
        })
        .collect()
}

fn shape(geometry: &Value, arcs: &[Vec<[f64; 2]>], transform: Option<&Transform>) -> Result<Shape, Broken> {
    let own = geometry.get("arcs").and_then(Value::as_array);
    let polygon = |rings: &Value| -> Result<Vec<Vec<[f64; 2]>>, Broken> {
        let rings = rings.as_array().ok_or(Broken::Form("arcs"))?;
        rings.iter().map(|ring| self::ring(ring, arcs)).collect()
    };
    let polygons = match (geometry.get("type").and_then(Value::as_str), own) {
        (Some("Polygon"), Some(rings)) => vec![polygon(&Value::Array(rings.clone()))?],
        (Some("MultiPolygon"), Some(polygons)) => polygons.iter().map(polygon).collect::<Result<_, _>>()?,
        (Some("Point"), _) => {
            let [lon, lat] = corner(geometry.get("coordinates").unwrap_or(&Value::Null))?;
            let [scale, translate] = transform.copied().unwrap_or([[1.0; 2], [0.0; 2]]);
            return Ok(Shape::disc(
                lon * scale[0] + translate[0],
                lat * scale[1] + translate[1],
            )?);
        }
        (Some("Polygon" | "MultiPolygon"), None) => return Err(Broken::Form("arcs")),
        (other, _) => return Err(Broken::Kind(crate::clean::clean(other.unwrap_or("missing"), 40))),
    };
    Ok(Shape::new(polygons)?)
}

/// A ring of the numbers of its arcs; a negative one is the arc `-1 - number` backwards.
fn ring(value: &Value, arcs: &[Vec<[f64; 2]>]) -> Result<Vec<[f64; 2]>, Broken> {
    let mut made: Vec<[f64; 2]> = Vec::new();
    for number in value.as_array().ok_or(Broken::Form("arcs"))? {
        let number = number.as_i64().ok_or(Broken::Form("arcs"))?;
        let index = if number < 0 { -1 - number } else { number };
        let arc = usize::try_from(index).ok().and_then(|index| arcs.get(index));
        let arc = arc.ok_or(Broken::Arc(number, arcs.len()))?;
        // The first corner of an arc is the last of the one before.
        made.pop();
        match number < 0 {
            true => made.extend(arc.iter().rev()),
            false => made.extend(arc),
        }
        if made.len() > CORNERS_MAX {
            return Err(super::shape::RingFault::TooMany.into());
        }
    }
    Ok(made)
}
