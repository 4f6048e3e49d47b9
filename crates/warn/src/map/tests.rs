//! Maps as they come: the one built in, those of other people, broken ones, and such as no one thinks of.

use super::*;

fn read(text: &str) -> Result<(Map, Vec<Refused>), MapError> {
    Map::read(text.as_bytes(), "places.geojson")
}

/// A collection of features of one geometry each.
fn collection(features: &[(&str, &str)]) -> String {
    let features: Vec<String> = features
        .iter()
        .map(|(name, geometry)| {
            format!(r#"{{"type":"Feature","properties":{{"name_en":"{name}"}},"geometry":{geometry}}}"#)
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[140,40],[141,40],[141,41],[140,41],[140,40]]]}"#;

#[test]
fn the_map_that_is_built_in_has_every_place_in_three_languages() {
    let (map, refused) = Map::read(BUILT_IN, "built in").unwrap();
    assert_eq!((map.places.len(), refused.len()), (135, 0));
    assert_eq!(map.code_name, "ISO3166-2");
    let is_in = |c: char, ranges: &[(char, char)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
    for place in &map.places {
        let code = place.code.as_deref().unwrap();
        let (en, ja, ko) = (place.names.get("en"), place.names.get("ja"), place.names.get("ko"));
        assert!(en.is_ascii(), "{code} {en}");
        assert!(
            ja.chars().any(|c| is_in(c, &[('ァ', 'ヿ'), ('一', '龥')])),
            "{code} {ja}"
        );
        assert!(
            ko.chars().all(|c| is_in(c, &[('가', '힣'), (' ', ' '), ('(', ')')])),
            "{code} {ko}"
        );
        let group = place.group.as_deref().unwrap();
        assert!(map.groups.contains_key(group) || map.places.iter().filter(|p| p.group == place.group).count() <= 2);
    }
    let japan = map
        .places
        .iter()
        .filter(|p| p.code.as_deref().is_some_and(|code| code.starts_with("JP-")));
    assert_eq!(japan.count(), 47);
    assert!(BUILT_IN.len() < 300_000);
}

#[test]
fn broken_features_are_named_and_cost_no_other() {
    let text = collection(&[
        ("good", SQUARE),
        ("a line", r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#),
        ("no geometry", "null"),
        (
            "two corners",
            r#"{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,2]]]}"#,
        ),
        (
            "nowhere",
            r#"{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,95],[1,2]]]}"#,
        ),
        (
            "words",
            r#"{"type":"Polygon","coordinates":[[["a","b"],[3,4],[1,95],[1,2]]]}"#,
        ),
        ("empty", r#"{"type":"MultiPolygon","coordinates":[]}"#),
        ("", SQUARE),
        ("one place", r#"{"type":"Point","coordinates":[141.35,43.06,12]}"#),
    ]);
    let (map, refused) = read(&text).unwrap();
    let names: Vec<&str> = map.places.iter().map(|place| place.names.get("en")).collect();
    assert_eq!(names, ["good", "one place"]);
    let said: Vec<String> = refused.iter().map(ToString::to_string).collect();
    let head = "places.geojson: feature ";
    assert_eq!(
        said,
        [
            format!("{head}1 (a line): its geometry is LineString, expected Polygon, MultiPolygon or Point"),
            format!("{head}2 (no geometry): its geometry is missing, expected Polygon, MultiPolygon or Point"),
            format!("{head}3 (two corners): a ring has 2 corners, expected 3 or more"),
            format!(
                "{head}4 (nowhere): a corner is at longitude 1, latitude 95, expected degrees from -540 to 540 and \
                 from -90 to 90"
            ),
            format!("{head}5 (words): its coordinates are not of the form of the format"),
            format!("{head}6 (empty): it has no ring"),
            format!("{head}7: it has no name, expected a property name_en, name_ja, name_ko or name"),
        ]
    );
}

#[test]
fn what_is_no_map_is_refused_as_a_whole() {
    for (text, wanted) in [
        // Cut off in the middle.
        ("{\"type\":\"Feature", "places.geojson:1:16: not JSON"),
        // Not a map at all.
        (
            "[]",
            "its type is not given, expected FeatureCollection (GeoJSON) or Topology (TopoJSON)",
        ),
        (
            r#"{"type":"Feature"}"#,
            "its type is Feature, expected FeatureCollection",
        ),
        (r#"{"type":"FeatureCollection"}"#, "its features are missing"),
        (
            r#"{"type":"FeatureCollection","features":[]}"#,
            "of 0 features none can be used",
        ),
        (r#"{"type":"Topology","objects":{}}"#, "its arcs are missing"),
        (
            r#"{"type":"Topology","arcs":[[["a",1]]],"objects":{}}"#,
            "its arcs are missing",
        ),
        // An arc that is not there, forwards and backwards, would be an index out of bounds.
        (
            r#"{"type":"Topology","arcs":[],"objects":{"x":{"type":"Polygon","arcs":[[7]],"properties":{"name":"x"}}}}"#,
            "of 1 features none can be used; the first: places.geojson: feature 0 (x): it names arc 7, and there are 0",
        ),
        (
            r#"{"type":"Topology","arcs":[],"objects":{"x":{"type":"Polygon","arcs":[[-9223372036854775808]],"properties":{"name":"x"}}}}"#,
            "it names arc -9223372036854775808, and there are 0",
        ),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

/// Deep nesting must end in an error, not in the stack's end.
#[test]
fn nesting_is_bounded() {
    let deep = "[".repeat(100_000);
    assert!(matches!(read(&deep), Err(MapError::Json { .. })));
}

/// A name that hides or reorders is plain text on the map.
#[test]
fn names_of_a_map_are_cleaned() {
    let text = collection(&[("a\\u202eb\\u0000c", SQUARE)]);
    let (map, _) = read(&text).unwrap();
    assert_eq!(map.places[0].names.get("ja"), "abc");
}
