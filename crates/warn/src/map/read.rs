//! A map file, of whichever kind, to a map.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value};

use super::shape::{RingFault, Shape};
use super::{Map, Names, Place, fields, geojson, topojson};

/// A feature that is not on the map, and why.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}: feature {index}{}: {fault}", called.as_ref().map(|name| format!(" ({name})")).unwrap_or_default())]
pub struct Refused {
    /// The file's name.
    pub file: String,
    /// Which, from 0.
    pub index: usize,
    /// What it is called, as far as it says.
    pub called: Option<String>,
    /// What is wrong with it.
    pub fault: Broken,
}

/// What is wrong with a feature.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Broken {
    /// Nobody could be told.
    #[error("it has no name, expected a property name_en, name_ja, name_ko or name")]
    Nameless,
    /// Not a polygon, a multipolygon or a point.
    #[error("its geometry is {0}, expected Polygon, MultiPolygon or Point")]
    Kind(String),
    /// A value of another form than the format says.
    #[error("its {0} are not of the form of the format")]
    Form(&'static str),
    /// An arc that is not there.
    #[error("it names arc {0}, and there are {1}")]
    Arc(i64, usize),
    /// Its outline.
    #[error(transparent)]
    Ring(#[from] RingFault),
}

/// Why nothing of a map file can be used.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// Not JSON.
    #[error("{file}:{line}:{column}: not JSON: {source}")]
    Json {
        /// The file's name.
        file: String,
        /// Where it breaks off.
        line: usize,
        /// Where in the line.
        column: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// JSON of something else.
    #[error("{file}: its type is {found}, expected FeatureCollection (GeoJSON) or Topology (TopoJSON)")]
    Kind {
        /// The file's name.
        file: String,
        /// What it says it is.
        found: String,
    },
    /// Parts that every feature needs.
    #[error("{file}: its {part} are missing, or not of the form of the format")]
    Form {
        /// The file's name.
        file: String,
        /// Which part.
        part: &'static str,
    },
    /// No feature, or all of them broken.
    #[error("{file}: of {features} features none can be used{}", first.as_ref().map(|it| format!("; the first: {it}")).unwrap_or_default())]
    Nothing {
        /// The file's name.
        file: String,
        /// How many there are.
        features: usize,
        /// What is wrong with the first.
        first: Option<Box<Refused>>,
    },
}

/// One feature of either format.
pub(super) struct Feature {
    pub properties: Object<String, Value>,
    pub shape: Result<Shape, Broken>,
}

pub(super) fn read(bytes: &[u8], name: &str) -> Result<(Map, Vec<Refused>), MapError> {
    let file = || crate::clean::clean(name, 200);
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|source| MapError::Json {
        file: file(),
        line: source.line(),
        column: source.column(),
        source,
    })?;
    let features = match value.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => geojson::features(&value),
        Some("Topology") => topojson::features(&value),
        found => {
            let found = crate::clean::clean(found.unwrap_or("not given"), 40);
            return Err(MapError::Kind { file: file(), found });
        }
    };
    let features = features.map_err(|part| MapError::Form { file: file(), part })?;
    let count = features.len();
    let (mut places, mut refused, mut code_name) = (Vec::new(), Vec::new(), "code");
    for (index, feature) in features.into_iter().enumerate() {
        let names = fields::names(&feature.properties);
        let called = names.as_ref().map(|names| names.get("en").to_owned());
        let code = fields::code(&feature.properties);
        if let Some((_, found)) = &code {
            code_name = found;
        }
        let group = feature
            .properties
            .get("group")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let has_coast = fields::has_coast(&feature.properties);
        match (names, feature.shape) {
            (Some(names), Ok(shape)) => places.push(Place {
                code: code.map(|(code, _)| code),
                group,
                names,
                has_coast,
                shape,
            }),
            (names, shape) => {
                let fault = shape.err().unwrap_or(Broken::Nameless);
                let fault = if names.is_none() { Broken::Nameless } else { fault };
                refused.push(Refused {
                    file: file(),
                    index,
                    called,
                    fault,
                });
            }
        }
    }
    if places.is_empty() {
        let first = refused.into_iter().next().map(Box::new);
        return Err(MapError::Nothing {
            file: file(),
            features: count,
            first,
        });
    }
    let code_name = value.get("code_name").and_then(Value::as_str).unwrap_or(code_name);
    let map = Map {
        code_name: crate::clean::clean(code_name, 40),
        places,
        groups: groups(&value),
        covers_deg: covers(&value),
    };
    Ok((map, refused))
}

/// Names of groups: a member `groups` of the whole, by code and language.
fn groups(value: &Value) -> BTreeMap<String, Names> {
    let Some(groups) = value.get("groups").and_then(Value::as_object) else {
        return BTreeMap::new();
    };
    let named = groups.iter().filter_map(|(code, names)| {
        let pairs = names.as_object()?.iter();
        let pairs = pairs.filter_map(|(language, name)| Some((language.clone(), name.as_str()?.to_owned())));
        Some((code.clone(), Names::new(pairs)?))
    });
    named.collect()
}

/// A member `covers_deg` of the whole: south, west, north, east.
fn covers(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value
        .get("covers_deg")?
        .as_array()?
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    numbers.try_into().ok()
}
