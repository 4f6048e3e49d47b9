//! `trilat coverage` end to end: areas, outlines, page, and what it answers to bad input.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const NOTIONAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/coverage/notional.toml");

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .arg("coverage")
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("the program prints JSON")
}

/// A file of this test run, in a folder of its own.
fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("coverage");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder.join(name)
}

fn written(name: &str, content: &str) -> String {
    let path = file(name);
    std::fs::write(&path, content).expect("the file can be written");
    path.display().to_string()
}

#[test]
fn areas_add_up_and_owners_gain_by_sharing() {
    let out = trilat(&[NOTIONAL, "--height-km", "10", "100", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let heights = json(&out.stdout);
    let heights = heights["heights"].as_array().expect("heights");
    assert_eq!(heights.len(), 2);
    for at in heights {
        let number = |value: &Value| value.as_f64().expect("a number");
        let together = number(&at["together_km2"]);
        let owners = at["owners"].as_array().expect("owners");
        assert_eq!(
            owners.iter().map(|o| o["sensors"].as_u64().unwrap_or(0)).sum::<u64>(),
            9
        );
        let only: f64 = owners.iter().map(|owner| number(&owner["only_km2"])).sum();
        let sum = only + number(&at["shared_km2"]);
        assert!((sum / together - 1.0).abs() < 2e-3, "{sum} of {together}");
        let most = owners
            .iter()
            .map(|owner| number(&owner["area_km2"]))
            .fold(0.0, f64::max);
        assert!(most < together);
        assert!((number(&at["gain"]) * most / together - 1.0).abs() < 1e-3);
        assert!(number(&at["common_km2"]) <= number(&at["shared_km2"]));
        let seen: Vec<f64> = (0..3).map(|i| number(&at["seen_by"][i]["area_km2"])).collect();
        assert!(
            seen[0] == together && seen[1] < seen[0] && seen[2] < seen[1],
            "{seen:?}"
        );
    }
    // A low object hides behind the horizon.
    let low = heights[0]["together_km2"].as_f64();
    assert!(low < heights[1]["together_km2"].as_f64());
}

#[test]
fn outlines_are_closed_and_hold_the_area_that_they_state() {
    let path = file("outlines.geojson");
    let path = path.display().to_string();
    let out = trilat(&[NOTIONAL, "--height-km", "100", "--geojson", &path]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let collection = json(&std::fs::read(&path).expect("the file is there"));
    let features = collection["features"].as_array().expect("features");
    assert_eq!(features.len(), 3 + 3 + 3);
    for feature in features {
        let mut area_km2 = 0.0;
        for ring in feature["geometry"]["coordinates"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|p| p.as_array())
            .flatten()
        {
            let corners: Vec<[f64; 2]> = serde_json::from_value(ring.clone()).expect("corners");
            assert_eq!(corners.first(), corners.last());
            // On a sphere, by strips: good to a hundredth.
            area_km2 += corners.windows(2).fold(0.0, |sum, ab| {
                let middle = 0.5 * (ab[0][1] + ab[1][1]);
                sum - (ab[1][0] - ab[0][0]).to_radians() * geo::math::sin(middle.to_radians())
            }) * 6_371.007
                * 6_371.007;
        }
        let stated = feature["properties"]["area_km2"].as_f64().expect("an area");
        assert!(
            (area_km2 - stated).abs() < 0.01 * stated + 10.0,
            "{area_km2} {stated}: {}",
            feature["properties"]
        );
    }
}

#[test]
fn the_page_has_its_maps_and_needs_nothing_else() {
    let path = file("page.html");
    let path = path.display().to_string();
    let out = trilat(&[NOTIONAL, "--height-km", "100", "--report", &path]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    for words in [
        "At 100 km above the ellipsoid",
        "all together",
        "times what JP sees alone",
        "2 owners or more",
    ] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    let page = std::fs::read_to_string(&path).expect("the page is there");
    for bad in ["http://", "https://", "src=", "<script", "<link", "NaN", "inf"] {
        assert!(!page.contains(bad), "{bad} stands in the page");
    }
    // Together in two sizes, and each owner alone; each with land, and none with what is not there.
    assert_eq!(page.matches("role=\"img\"").count(), 5);
    assert_eq!(page.matches("class=\"land\"").count(), 5);
    assert_eq!(
        page.matches("class=\"sees all3\"").count(),
        3,
        "two maps and the legend"
    );
    for words in ["JP", "US", "KR", "kr-ship", "notional"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn texts_of_the_sensor_file_stay_texts() {
    let content = std::fs::read_to_string(NOTIONAL).expect("the file is there");
    let hostile = content
        .replace("\"KR\"", "\"<b>K\"")
        .replace("kr-ship", "<img>")
        .replace("\"<b>K\"", "'<b>\"K'");
    let sensors = written("hostile.toml", &hostile);
    let path = file("hostile.html").display().to_string();
    let out = trilat(&[&sensors, "--height-km", "20", "--report", &path]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let page = std::fs::read_to_string(&path).expect("the page is there");
    assert!(!page.contains("<b>") && !page.contains("<img"));
    assert!(page.contains("&lt;b&gt;") && page.contains("&lt;img&gt;"));
}

#[test]
fn a_height_that_cannot_be_ends_with_2_and_says_what_can() {
    for height in ["0", "-5", "NaN", "40001", "inf", "ten"] {
        let out = trilat(&[NOTIONAL, "--height-km", height]);
        assert_eq!(out.status.code(), Some(2), "{height}");
        let complaint = text(&out.stderr);
        assert!(
            complaint.contains("--height-km") && complaint.contains("above 0 up to 40000"),
            "{complaint}"
        );
    }
    let out = trilat(&[NOTIONAL, "--height-km", "1", "2", "3", "4", "5", "6", "7", "--json"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("at most 6"));
    assert!(
        json(&out.stdout)["error"]
            .as_str()
            .is_some_and(|error| error.contains("7 heights"))
    );
    let out = trilat(&[NOTIONAL]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("--height-km"));
}

#[test]
fn a_sensor_file_that_cannot_be_used_is_named() {
    let empty = written("empty.toml", "");
    let list = written("list.toml", "sensor = []\n");
    let content = std::fs::read_to_string(NOTIONAL).expect("the file is there");
    let wrong = written("wrong.toml", &content.replacen("lat_deg = 41.2", "lat_deg = 141.2", 1));
    let unknown = written("unknown.toml", &content.replacen("range_max_m", "range_max_km", 1));
    for (sensors, code, named) in [
        (empty.as_str(), 4, "[[sensor]]"),
        (&list, 4, "[[sensor]]"),
        (&wrong, 4, "lat_deg"),
        (&unknown, 4, "range_max_m"),
        ("no-such.toml", 1, "no-such.toml"),
    ] {
        let out = trilat(&[sensors, "--height-km", "100"]);
        assert_eq!(out.status.code(), Some(code), "{sensors}");
        assert!(out.stdout.is_empty());
        assert!(text(&out.stderr).contains(named), "{}", text(&out.stderr));
    }
}

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/2022-01-30-lofted.toml");

#[test]
fn the_radars_of_a_scenario_see_a_larger_object_farther() {
    let area = |size: &str| {
        let out = trilat(&[SCENARIO, "--height-km", "300", "--json", "--size-m2", size]);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let at = &json(&out.stdout)["heights"][0];
        assert_eq!(at["owners"].as_array().map(Vec::len), Some(3));
        at["together_km2"].as_f64().expect("an area")
    };
    let (small, large) = (area("0.01"), area("1"));
    assert!(small > 0.0 && small < 0.9 * large, "{small} {large}");
    for size in ["0", "-1", "NaN", "x"] {
        let out = trilat(&[SCENARIO, "--height-km", "300", "--size-m2", size]);
        assert_eq!(out.status.code(), Some(2));
        assert!(text(&out.stderr).contains("--size-m2"), "{}", text(&out.stderr));
    }
    let out = trilat(&[NOTIONAL, "--height-km", "300", "--size-m2", "1"]);
    assert_eq!(out.status.code(), Some(0));
    assert!(text(&out.stderr).contains("--size-m2 counts for scenarios only"));
}

#[test]
fn a_height_beyond_every_range_is_said_in_words_and_drawn_empty() {
    let short = "[[sensor]]\nname = \"a\"\nowner = \"b\"\nlat_deg = 35\nlon_deg = 139\nheight_m = 0\n\
                 measures = [\"range\"]\nrange_max_m = 1000\n";
    let sensors = written("short.toml", short);
    let path = file("short.html").display().to_string();
    let out = trilat(&[&sensors, "--height-km", "100", "--report", &path]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("no sensor sees anything at this height"));
    let page = std::fs::read_to_string(&path).expect("the page is there");
    assert!(page.contains("No radar sees anything at this height") && !page.contains("NaN"));
}
