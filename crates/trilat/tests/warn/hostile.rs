//! Names, maps, places and files that are meant to do harm, or are broken.

use serde_json::Value;

use super::centre::{Centre, Object, at, channel_of, object, trilat};

const NOW: &str = "2022-10-03T22:28:40Z";

fn centre(name: &str, more: &str) -> Centre {
    let file = channel_of("out", "file", "folder = \"out\"");
    Centre::new(name, &format!("exercise = true\n{more}{file}"))
}

fn preview(tracks: &str, more: &[&str]) -> Value {
    let out = trilat(&[&["warn", "preview", tracks, "--at", NOW, "--json"], more].concat()).good();
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn a_preview_says_the_words_of_all_languages_and_sends_nothing() {
    let centre = centre("preview", "");
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    let text = trilat(&["warn", "preview", &tracks, "--at", NOW]).good();
    for part in [
        "A preview: nothing is sent. Track 1f3a",
        "Go into a sturdy building or underground at once",
        "直ちに建物の中、又は地下に避難してください",
        "즉시 가까운 지하나 튼튼한 건물 안으로 대피하십시오",
        "JP-02",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let json = preview(&tracks, &["--language", "ja", "--exercise"]);
    assert_eq!(
        (json["messages"].as_array().map(Vec::len), &json["is_exercise"]),
        (Some(1), &Value::Bool(true))
    );
    assert!(
        json["messages"][0]["headline"]
            .as_str()
            .is_some_and(|head| head.starts_with("【訓練】"))
    );
    let wrong = trilat(&["warn", "preview", &tracks, "--language", "xx"]).bad(2);
    assert!(wrong.contains("there are en, ja, ko"), "{wrong}");
    let wrong = trilat(&["warn", "preview", &tracks, "--track", "zz", "--at", NOW]).bad(2);
    assert!(wrong.contains("no track \"zz\"") && wrong.contains("1f3a"), "{wrong}");
    assert!(
        trilat(&["warn", "preview", &tracks, "--at", "2022-10-03T22:41:00Z"])
            .bad(3)
            .contains("latest arrival")
    );
    assert!(
        trilat(&["warn", "preview", &tracks, "--at", "2022-10-03T22:20:00Z"])
            .bad(3)
            .contains("no forecast")
    );
}

/// An object that nobody has measured for long: wider, and it is said.
#[test]
fn a_lost_object_is_said_to_be_lost() {
    let centre = centre("lost", "");
    let mut one = object(at("2022-10-03T22:28:30Z"));
    one.measured = at("2022-10-03T22:27:00Z");
    let tracks = centre.tracks("tracks.csv", &one);
    let (wide, narrow) = (
        preview(&tracks, &[]),
        preview(&centre.tracks("seen.csv", &object(at("2022-10-03T22:28:30Z"))), &[]),
    );
    assert_eq!(
        (&wide["is_lost"], &narrow["is_lost"]),
        (&Value::Bool(true), &Value::Bool(false))
    );
    let count = |json: &Value| json["places"].as_array().map(Vec::len);
    assert!(count(&wide) > count(&narrow), "{wide}");
    let said = wide["messages"][0]["description"].as_str().expect("words");
    assert!(said.contains("has not been detected since 07:27"), "{said}");
    assert!(said.contains("have been widened"), "{said}");
}

/// A track's name is anybody's text: it breaks out of nothing, and people are not shown it.
#[test]
fn hostile_names_stay_text() {
    let centre = centre("names", "");
    for (number, name) in [
        "<script>alert(1)</script>",
        "]]></value></parameter><info>",
        "\u{202e}gnirts \u{200b}x",
        "'; DROP TABLE warnings; --",
        "../../etc/passwd",
        "{\"a\":1}",
    ]
    .iter()
    .enumerate()
    {
        let mut one = object(at("2022-10-03T22:28:30Z"));
        one.name = (*name).to_owned();
        let tracks = centre.tracks("tracks.csv", &one);
        let warning = format!("W{number}");
        centre
            .run("draft", &[&tracks, "--by", "ito", "--name", &warning, "--at", NOW])
            .good();
        let message = format!("{warning}.1");
        centre.run("approve", &[&message, "--by", "kim", "--at", NOW]).good();
        let cap = centre.read(&format!("out/{message}.cap.xml"));
        for part in ["<script", "</value></parameter><info>", "\u{202e}", "\u{200b}"] {
            assert!(!cap.contains(part), "{part:?} in\n{cap}");
        }
        assert_eq!(cap.matches("<info>").count(), 3, "{cap}");
        let shown = centre.run("show", &[&message, "--json"]).good();
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        for language in shown["messages"].as_array().expect("a list") {
            let all = language.to_string();
            for part in ["<script", "alert(1)", "passwd", "DROP"] {
                assert!(!all.contains(part), "{part} in {all}");
            }
        }
    }
    // By default the warning's name is made of the track's: of letters and digits of it only.
    let mut one = object(at("2022-10-03T22:28:30Z"));
    one.name = "../../\u{202e}x y".to_owned();
    let tracks = centre.tracks("tracks.csv", &one);
    assert!(
        centre
            .run("draft", &[&tracks, "--by", "ito", "--at", NOW])
            .good()
            .contains("W20221003T2228-xy.1")
    );
    // Ten kilobytes are no name: the row is refused, and what is left is nothing to warn of.
    one.name = "x".repeat(10_000);
    let tracks = centre.tracks("long.csv", &one);
    let ended = centre.run("draft", &[&tracks, "--by", "ito", "--at", NOW]);
    assert!(
        ended.err.contains("long.csv:2: track") && ended.err.len() < 4_000,
        "{}",
        ended.err
    );
    ended.bad(3);
}

/// At the date line and at the pole an area is one area, and its polygons stay on the map.
#[test]
fn areas_across_the_date_line_and_about_the_pole() {
    let centre = centre("edges", "");
    for (place, major_m) in [
        ([51.8, 179.9], 300e3),
        ([52.0, -179.8], 300e3),
        ([89.6, 10.0], 400e3),
        ([-90.0, 0.0], 90e3),
    ] {
        let one = Object {
            place,
            major_m,
            ..object(at("2022-10-03T22:28:30Z"))
        };
        let json = preview(&centre.tracks("tracks.csv", &one), &[]);
        let found: Vec<&str> = json["places"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!(
            found.contains(&"Alaska"),
            place[0] < 60.0 && place[0] > 0.0,
            "{place:?}: {found:?}"
        );
        let all = json["places"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["probability"].as_f64());
        assert!(all.clone().all(|share| (0.0..=1.0).contains(&share)) && all.sum::<f64>() <= 1.0 + 1e-9);
    }
    let one = Object {
        place: [51.8, 179.9],
        major_m: 300e3,
        ..object(at("2022-10-03T22:28:30Z"))
    };
    let tracks = centre.tracks("tracks.csv", &one);
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W1", "--at", NOW])
        .good();
    centre.run("approve", &["W1.1", "--by", "kim", "--at", NOW]).good();
    let cap = centre.read("out/W1.1.cap.xml");
    let polygons: Vec<&str> = cap
        .split("<polygon>")
        .skip(1)
        .filter_map(|part| part.split('<').next())
        .collect();
    assert_eq!(polygons.len(), 3 * 2, "cut in two, in each language");
    for corner in polygons.iter().flat_map(|polygon| polygon.split(' ')) {
        let (lat, lon) = corner.split_once(',').expect("a pair");
        let (lat, lon): (f64, f64) = (lat.parse().unwrap(), lon.parse().unwrap());
        assert!(lat.abs() <= 90.0 && lon.abs() <= 180.0, "{corner}");
    }
}

const SQUARE: &str = r#"{"type":"Feature","properties":{"name_en":"Here","code":"X-1"},
    "geometry":{"type":"Polygon","coordinates":[[[140,40],[142,40],[142,42],[140,42],[140,40]]]}}"#;
const BROKEN: &str = r#"{"type":"Feature","properties":{"name_en":"Nowhere"},
    "geometry":{"type":"Polygon","coordinates":[[[140,40],[141,"x"]]]}}"#;

/// What of a map is broken is named, and the rest is used; a map of which nothing can be used is not.
#[test]
fn a_broken_map_is_said_to_be_broken() {
    let centre = centre("map", "map = \"map.geojson\"\n");
    let write = |text: &str| std::fs::write(centre.folder.join("map.geojson"), text).expect("a file");
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    let draft = || centre.run("draft", &[&tracks, "--by", "ito", "--name", "W1", "--at", NOW]);
    let missing = draft().bad(1);
    assert!(missing.contains("map.geojson"), "{missing}");
    write(&format!(
        r#"{{"type":"FeatureCollection","features":[{SQUARE},{BROKEN}]}}"#
    ));
    let ended = draft();
    assert!(
        ended.err.contains("not on the map: ") && ended.err.contains("feature 1 (Nowhere)"),
        "{}",
        ended.err
    );
    assert!(ended.good().contains("X-1"));
    let checked = centre.run("check", &[]);
    assert!(
        checked.out.contains("BAD   map: ") && checked.out.contains("feature 1 (Nowhere)"),
        "{}",
        checked.out
    );
    checked.bad(4);
    for (text, part) in [
        ("{\"type\":\"FeatureCollection\",\n  \"features\":[}", "map.geojson:2:"),
        (
            "{\"type\":\"Polygon\"}",
            "its type is Polygon, expected FeatureCollection",
        ),
        (
            &*format!(r#"{{"type":"FeatureCollection","features":[{BROKEN}]}}"#),
            "of 1 features none can be used",
        ),
    ] {
        write(text);
        let words = draft().bad(4);
        assert!(words.contains(part), "{part} in {words}");
    }
}

/// A journal that somebody has edited is not followed, and its line is named.
#[test]
fn a_changed_journal_is_not_followed() {
    let centre = centre("journal", "");
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W1", "--at", NOW])
        .good();
    centre.run("approve", &["W1.1", "--by", "kim", "--at", NOW]).good();
    let journal = centre.folder.join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = [&lines[..2], &lines[3..]].concat().join("\n") + "\n";
    for (text, part) in [
        (
            text.replacen("\"approved\"", "\"aproved\"", 1),
            "line 3 of the journal is no entry",
        ),
        (without, "entry 4 of the journal follows entry 2"),
    ] {
        std::fs::write(&journal, text).unwrap();
        let words = centre.run("status", &[]).bad(4);
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn settings_are_refused_with_line_key_and_remedy() {
    let centre = Centre::new("settings", "exercise = maybe\n");
    assert!(centre.run("status", &[]).bad(4).contains("warn.toml:3"));
    let centre = Centre::new(
        "settings",
        "exercise = true\napprovers = 2\n[[channel]]\nname = \"a\"\nkind = \"cap\"\n",
    );
    let checked = centre.run("check", &[]);
    for part in [
        "warn.toml:4: unknown key \"approvers\" (did you mean approvals?)",
        "url",
    ] {
        assert!(checked.out.contains(part), "{part} in\n{}", checked.out);
    }
    checked.bad(4);
    let none = trilat(&["warn", "status", "/nowhere"]).bad(1);
    assert!(none.contains("trilat warn init"), "{none}");
}
