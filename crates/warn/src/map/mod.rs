//! Places with names: the map that is built in, or a user's GeoJSON or TopoJSON.

mod fields;
mod geojson;
mod names;
mod read;
mod shape;
mod topojson;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use names::Names;
pub use read::{Broken, MapError, Refused};
pub(crate) use shape::Shape;

/// The map that is built in: subdivisions of Japan, both Koreas, Taiwan, eastern China and Russia, and islands of the
/// Pacific, from Natural Earth (public domain) by `map/make.py`.
const BUILT_IN: &[u8] = include_bytes!("../../map/places.topojson");

/// Places, as a map file has them.
#[derive(Clone, Debug)]
pub struct Map {
    /// What codes of its places are called in a message: `ISO3166-2` of the map that is built in.
    pub code_name: String,
    /// The places, in the order of the file.
    pub places: Vec<Place>,
    /// Names of groups of places, by the group's code.
    pub groups: BTreeMap<String, Names>,
    /// All land between these degrees is on the map: south, west, north, east. What is not on it there is sea.
    pub covers_deg: Option<[f64; 4]>,
}

/// A prefecture, province, municipality or city.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its code, where the file has one.
    pub code: Option<String>,
    /// The code of the group it belongs to, where the file has one.
    pub group: Option<String>,
    /// What it is called.
    pub names: Names,
    /// Whether it has a coast, after which sea may be called.
    pub has_coast: bool,
    pub(crate) shape: Shape,
}

impl Map {
    /// The map that is built in.
    pub fn built_in() -> &'static Self {
        static MAP: LazyLock<Map> = LazyLock::new(|| {
            // Read by a test of every build: it cannot fail where the program has been tested.
            Map::read(BUILT_IN, "the map that is built in").map_or_else(
                |_| Map {
                    code_name: String::new(),
                    places: Vec::new(),
                    groups: BTreeMap::new(),
                    covers_deg: None,
                },
                |(map, _)| map,
            )
        });
        &MAP
    }

    /// Reads GeoJSON (RFC 7946) or TopoJSON; `name` is the file's, for messages. A feature that is broken is refused
    /// with the reason, and the others stay: whoever reads a map has to tell its user what is not on it.
    ///
    /// Names are taken of the properties `name_en`, `name_ja`, `name_ko` and others that map files have (`fields.rs`);
    /// a point is a disc of 5 km. Rings may cross the date line or hold a pole.
    /// Errors: [`MapError`], where nothing of it can be used.
    pub fn read(bytes: &[u8], name: &str) -> Result<(Self, Vec<Refused>), MapError> {
        read::read(bytes, name)
    }
}

#[cfg(test)]
mod tests;
