//! `trilat score`, the built program: what it says of tracks that are right, shifted, broken, false, or none.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TRUTH: &str = "time,truth,kind,phase,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps\n";
const TRACKS: &str = "time,track,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps\n";
/// Metres of a degree of latitude at 40 degrees north, 10 km high, to 1 m.
const DEGREE_M: f64 = 111_210.0;

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

fn made(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder is there");
    path
}

fn json(out: &Output) -> Value {
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("the program prints JSON")
}

/// Scores two made files with some options.
fn scored(name: &str, tracks: &str, truth: &str, options: &[&str]) -> Value {
    let tracks = made(&format!("score-{name}-tracks.csv"), tracks);
    let truth = made(&format!("score-{name}-truth.csv"), truth);
    json(&trilat(
        &[&["score", shown(&tracks), shown(&truth), "--json"], options].concat(),
    ))
}

fn time(second: usize) -> String {
    format!("2022-01-30T00:{:02}:{:02}Z", second / 60, second % 60)
}

/// An object that flies north at 200 m/s, a row a second for 100 s, from a place.
fn flies(lat_deg: f64) -> impl Fn(usize) -> String {
    move |second| {
        let lat_deg = lat_deg + 200.0 * second as f64 / DEGREE_M;
        format!("{lat_deg:.9},125,10000,0,200,0")
    }
}

/// Two objects a degree apart.
fn truth() -> String {
    let mut truth = TRUTH.to_owned();
    for (name, lat_deg) in [("a", 40.0), ("b", 41.0)] {
        let at = flies(lat_deg);
        for second in 0..100 {
            writeln!(truth, "{},{name},aircraft,air,{}", time(second), at(second)).unwrap();
        }
    }
    truth
}

/// Rows of a track as if it were an object that begins at a place, over some seconds.
fn track(out: &mut String, name: &str, lat_deg: f64, seconds: std::ops::Range<usize>) {
    let at = flies(lat_deg);
    for second in seconds {
        writeln!(out, "{},{name},{}", time(second), at(second)).unwrap();
    }
}

fn tracks(of: &[(&str, f64, std::ops::Range<usize>)]) -> String {
    let mut tracks = TRACKS.to_owned();
    for (name, lat_deg, seconds) in of {
        track(&mut tracks, name, *lat_deg, seconds.clone());
    }
    tracks
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is a number"))
}

#[test]
fn the_truth_itself_is_right() {
    let found = scored(
        "right",
        &tracks(&[("1", 40.0, 0..100), ("2", 41.0, 0..100)]),
        &truth(),
        &[],
    );
    assert!(number(&found["gospa"]["distance_m"]) < 1e-6, "{found}");
    assert!(number(&found["ospa"]["ospa2_m"]) < 1e-6, "{found}");
    for (name, right) in [
        ("completeness", 1.0),
        ("ambiguity", 1.0),
        ("spuriousness", 0.0),
        ("longest_track", 1.0),
    ] {
        assert_eq!(found["siap"][name], right, "{name}: {found}");
    }
    assert_eq!(
        (&found["siap"]["breaks"], &found["siap"]["swaps"]),
        (&0.into(), &0.into())
    );
    assert_eq!(found["nees"]["state"]["mean"], Value::Null, "no covariance was stated");
}

/// Every distance that is wrong by hand is found, and counted under its own name.
#[test]
fn what_is_wrong_is_named() {
    let north = 1_000.0 / DEGREE_M;
    // On a: one track 1 km off, broken after 50 s. On b: none from second 20 on. On nothing: one of 10 s.
    let of = [
        ("1", 40.0 + north, 0..50),
        ("2", 40.0 + north, 50..100),
        ("3", 41.0, 0..20),
        ("4", 30.0, 30..40),
    ];
    let found = scored("wrong", &tracks(&of), &truth(), &["--order", "1"]);
    let gospa = &found["gospa"];
    let near = |value: &Value, right: f64| assert!((number(value) / right - 1.0).abs() < 1e-3, "{value} {right}");
    near(&gospa["localisation_m"], 1_000.0);
    near(&gospa["missed_m"], 0.5 * 10_000.0 * 0.8);
    near(&gospa["false_m"], 0.5 * 10_000.0 * 0.1);
    near(&gospa["distance_m"], 1_000.0 + 4_000.0 + 500.0);
    near(&found["siap"]["completeness"], 120.0 / 200.0);
    near(&found["siap"]["spuriousness"], 10.0 / 130.0);
    assert_eq!(
        (&found["siap"]["breaks"], &found["siap"]["swaps"]),
        (&1.into(), &0.into())
    );
    assert_eq!(found["false_tracks"], serde_json::json!(["4"]));
    let a = &found["per_object"][0];
    near(&a["position_rms_m"], 1_000.0);
    assert_eq!(
        (&a["breaks"], &a["tracks"], &a["updates"]),
        (&1.into(), &2.into(), &100.into())
    );
}

/// Two tracks that change objects are two swaps, and no break of the objects' number of tracks is hidden by it.
#[test]
fn tracks_that_change_objects_are_swaps() {
    let of = [
        ("1", 40.0, 0..50),
        ("1", 41.0, 50..100),
        ("2", 41.0, 0..50),
        ("2", 40.0, 50..100),
    ];
    let found = scored("swap", &tracks(&of), &truth(), &[]);
    assert_eq!(
        (&found["siap"]["breaks"], &found["siap"]["swaps"]),
        (&2.into(), &2.into())
    );
}

/// Covariances that are right to the factor of the errors have the NEES of that factor.
#[test]
fn errors_are_weighed_by_what_was_stated() {
    let covariances: Vec<String> = wire::tracks::COVARIANCES.map(str::to_owned).to_vec();
    let mut tracks = format!("{},{}\n", TRACKS.trim_end(), covariances.join(","));
    let at = flies(40.0 + 300.0 / DEGREE_M);
    // 100 m in each axis, 10 m/s in each: 300 m north is 9.
    let upper: Vec<String> = (0..6)
        .flat_map(|i| (i..6).map(move |j| (i, j)))
        .map(|(i, j)| {
            if i != j {
                "0"
            } else if i < 3 {
                "10000"
            } else {
                "100"
            }
            .to_owned()
        })
        .collect();
    for second in 0..100 {
        writeln!(tracks, "{},1,{},{}", time(second), at(second), upper.join(",")).unwrap();
    }
    let found = scored("nees", &tracks, &truth(), &["--metric", "nees,containment"]);
    assert!(
        (number(&found["nees"]["position"]["mean"]) - 9.0).abs() < 0.01,
        "{found}"
    );
    assert!(number(&found["nees"]["velocity"]["mean"]) < 1e-6, "{found}");
    // 9 lies between the 95 % (7.81) and 99 % (11.34) points of chi-square with 3 degrees.
    let curve = found["containment"]["position"].as_array().unwrap();
    let inside: Vec<u64> = curve.iter().map(|held| held["inside"].as_u64().unwrap()).collect();
    assert_eq!(inside, [0, 0, 0, 0, 100]);
    assert_eq!((&found["gospa"], &found["siap"]), (&Value::Null, &Value::Null));
}

/// A forecast is right where its ellipse holds the place and its interval the time; the ground area is right from the
/// last one on that was not.
#[test]
fn the_ground_area_is_right_from_when_on() {
    let mut truth = TRUTH.to_owned();
    let lat_deg = |second: usize| 40.0 + 200.0 * second as f64 / DEGREE_M;
    let height_m = |second: usize| 30.0 * second as f64 * (1.0 - second as f64 / 100.0);
    for second in 0..=100 {
        let (lat_deg, height_m) = (lat_deg(second), height_m(second));
        let up_mps = 30.0 * (1.0 - 2.0 * second as f64 / 100.0);
        writeln!(
            truth,
            "{},m,ballistic,coast,{lat_deg},125,{height_m},0,200,{up_mps}",
            time(second)
        )
        .unwrap();
    }
    let region = ",kind,way,weight,probability,in_s,earliest_s,latest_s,major_m,minor_m,azimuth_deg\n";
    let mut tracks = TRACKS.replace('\n', region);
    for second in 10..95 {
        let (lat_deg, height_m) = (lat_deg(second), height_m(second));
        writeln!(
            tracks,
            "{},1,{lat_deg},125,{height_m},0,200,0,update,,,,,,,,,",
            time(second)
        )
        .unwrap();
    }
    // The middle is off by so much to the north; the longer axis lies north, or east.
    let said = [
        (20, 0.0, 0.0, 300_000.0, 0.0, "too long to count"),
        (30, 4_000.0, 0.0, 5_000.0, 0.0, "right"),
        (40, 4_000.0, 0.0, 5_000.0, 90.0, "the place is wrong"),
        (50, 0.0, 30.0, 5_000.0, 0.0, "the time is wrong"),
        (60, 4_000.0, 0.0, 5_000.0, 0.0, "right"),
        (70, 500.0, 1.0, 2_000.0, 90.0, "right"),
    ];
    for (second, off_m, late_s, major_m, azimuth_deg, _) in said {
        let lat_deg = lat_deg(100) + off_m / DEGREE_M;
        let in_s = (100 - second) as f64 + late_s;
        let (from_s, to_s) = (in_s - 5.0, in_s + 5.0);
        let row =
            format!("{lat_deg},125,0,0,0,0,forecast,any,1,0.95,{in_s},{from_s},{to_s},{major_m},1000,{azimuth_deg}");
        writeln!(tracks, "{},1,{row}", time(second)).unwrap();
    }
    let found = scored("area", &tracks, &truth, &[]);
    let area = &found["per_object"][0]["area"];
    assert_eq!((&area["said"], &area["right"]), (&6.into(), &4.into()), "{area}");
    for (name, right) in [
        ("first_s", 30.0),
        ("lasting_s", 60.0),
        ("before_arrival_s", 40.0),
        ("diameter_m", 10_000.0),
    ] {
        assert_eq!(area[name], right, "{name}: {area}");
    }
    let arrival = &found["containment"]["arrival"][0];
    assert_eq!(
        (&arrival["place"]["inside"], &arrival["time"]["inside"]),
        (&5.into(), &5.into()),
        "{arrival}"
    );
    let found = scored("area", &tracks, &truth, &["--area-km", "5"]);
    assert_eq!(found["per_object"][0]["area"]["lasting_s"], 70.0);
}

/// A simulated scenario in a folder of its own.
struct Scene {
    plots: PathBuf,
    sensors: PathBuf,
    truth: PathBuf,
    tracks: PathBuf,
}

impl Scene {
    fn simulated(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let scene = [
            "simulate",
            "2022-01-17-two-figures",
            "--seed",
            "3",
            "--out",
            shown(&folder),
        ];
        assert_eq!(trilat(&scene).status.code(), Some(0));
        let (plots, sensors, truth) = (
            folder.join("plots.csv"),
            folder.join("sensors.toml"),
            folder.join("truth.csv"),
        );
        let tracks = folder.with_extension("parquet");
        Self {
            plots,
            sensors,
            truth,
            tracks,
        }
    }

    fn track(&self, options: &[&str]) -> Output {
        let given = ["track", shown(&self.plots), "--sensors", shown(&self.sensors)];
        trilat(&[&given, options].concat())
    }

    fn score(&self, options: &[&str]) -> Output {
        trilat(&[&["score", shown(&self.tracks), shown(&self.truth)], options].concat())
    }

    /// What sensors see is known.
    fn score_seen(&self, options: &[&str]) -> Output {
        let given = ["--plots", shown(&self.plots), "--sensors", shown(&self.sensors)];
        self.score(&[&given, options].concat())
    }
}

/// No error is far below the bound (a little by the luck of one run, of which constant errors of sensors are), nor far
/// above; without plots there is no bound.
#[test]
fn errors_stand_beside_the_least_there_can_be() {
    let scene = Scene::simulated("score-bound");
    assert_eq!(scene.track(&["--out", shown(&scene.tracks)]).status.code(), Some(0));
    let found = json(&scene.score_seen(&["--metric", "bound", "--json"]));
    let of = |name: &str| number(&found["bound"][name]);
    assert!(of("updates") > 100.0, "{}", found["bound"]);
    assert!((0.3..3.0).contains(&of("position_ratio")), "{}", found["bound"]);
    assert!((0.3..10.0).contains(&of("velocity_ratio")), "{}", found["bound"]);
    assert!((1.0..1e3).contains(&of("position_bound_m")), "{}", found["bound"]);
    let updates: f64 = found["per_object"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|of| of["bound"]["updates"].as_f64())
        .sum();
    assert_eq!(updates, of("updates"));
    assert_eq!(
        json(&scene.score(&["--metric", "bound", "--json"]))["bound"],
        Value::Null
    );
    let nothing = json(&scene.score_seen(&["--metric", "bound", "--json", "--owner", "US"]));
    assert_eq!(nothing["bound"], Value::Null, "that owner sees nothing of it");
    let words = text(&scene.score_seen(&["--metric", "bound"]).stdout);
    assert!(words.contains("is the least possible"), "{words}");
}

fn complete(found: &Value) -> f64 {
    number(&found["siap"]["completeness"])
}

/// What no sensor sees does not count where it is known what sensors see.
#[test]
fn simulated_tracked_scored() {
    let scene = Scene::simulated("score-two");
    let out = scene.track(&["--out", shown(&scene.tracks)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let (all, seen) = (json(&scene.score(&["--json"])), json(&scene.score_seen(&["--json"])));
    for found in [&all, &seen] {
        assert_eq!(found["objects"], 2);
        let gospa = &found["gospa"];
        let parts = ["localisation_m", "missed_m", "false_m"].map(|part| number(&gospa[part]));
        let whole = parts.iter().map(|part| part * part).sum::<f64>().sqrt();
        assert!((whole - number(&gospa["distance_m"])).abs() < 1e-6, "{gospa}");
    }
    assert!(
        complete(&seen) > 0.9 && complete(&all) < 0.8 * complete(&seen),
        "{all} {seen}"
    );
    for object in seen["per_object"].as_array().unwrap() {
        assert!(
            number(&object["first_update_s"]) >= number(&object["first_plot_s"]),
            "{object}"
        );
        assert!(
            number(&object["position_rms_m"]) < 1e3 && object["area"]["lasting_s"].is_number(),
            "{object}"
        );
    }
    let said = text(&scene.score_seen(&[]).stdout);
    for word in [
        "GOSPA",
        "OSPA(2)",
        "complete",
        "expected 6",
        "arrival",
        "missile-1",
        "while sensors see it",
    ] {
        assert!(said.contains(word), "{word} in\n{said}");
    }
}

/// Of two missiles only Korea's radars see anything; Japan's have false alarms.
#[test]
fn each_owner_knows_what_its_sensors_see() {
    let scene = Scene::simulated("score-owners");
    let out = scene.track(&["--out", shown(&scene.tracks)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let plots = |found: &Value| found["per_object"][0]["plots"].as_u64().unwrap();
    let all = json(&scene.score_seen(&["--json"]));
    let of = |owner: &str| json(&scene.score_seen(&["--json", "--owner", owner]));
    let (korea, japan) = (of("KR"), of("JP"));
    assert!(
        plots(&all) > 100 && plots(&korea) == plots(&all) && complete(&korea) == complete(&all),
        "{korea}"
    );
    assert!(
        plots(&japan) == 0 && japan["siap"]["completeness"] == Value::Null,
        "{japan}"
    );
    // The same owner alone to the tracker.
    let found = ["KR", "JP"].map(|owner| json(&scene.track(&["--json", "--owner", owner])));
    let count = |list: &str| found.each_ref().map(|found| found[list].as_array().unwrap().len());
    assert_eq!(count("tracks"), [2, 0]);
    assert_eq!(count("sensors"), [3, 4], "sensors of others are not known of");
    let out = scene.track(&["--owner", "XX"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(
        text(&out.stderr).contains("owners are JP, KR, US"),
        "{}",
        text(&out.stderr)
    );
}

#[test]
fn no_track_is_a_score_too() {
    let found = scored("none", TRACKS, &truth(), &["--order", "1"]);
    assert_eq!(
        (&found["tracks"], &found["siap"]["completeness"]),
        (&0.into(), &0.0.into())
    );
    assert_eq!(found["gospa"]["missed_m"], 10_000.0);
    assert_eq!(found["per_object"][0]["first_update_s"], Value::Null);
}

/// Malformed rows are refused one by one by line and column; what cannot be used at all says why.
#[test]
fn bad_files_are_named() {
    let good = made("score-good-truth.csv", &truth());
    let mut lines = tracks(&[("1", 40.0, 0..100)]);
    lines.push_str("2022-01-30T00:00:99Z,1,40,125,10000,0,200,0\n2022-01-30T00:01:39Z,1,140.5,125,10000,0,200,0\n");
    let bad = made("score-bad-tracks.csv", &lines);
    let out = trilat(&["score", shown(&bad), shown(&good), "--json"]);
    assert_eq!(json(&out)["refused"]["count"], 2);
    let said = text(&out.stderr);
    for words in [
        "score-bad-tracks.csv:102: time",
        "score-bad-tracks.csv:103: lat_deg is \"140.5\"",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let tracks = made("score-fine-tracks.csv", &tracks(&[("1", 40.0, 0..100)]));
    let none = made("score-without-truth.csv", TRUTH);
    let empty = made("score-empty.csv", "");
    let json_lines = made("score-tracks.jsonl", "{}\n");
    let cases: [(&[&str], i32, &str); 9] = [
        (&[shown(&tracks), shown(&tracks)], 4, "truth"),
        (&[shown(&tracks), shown(&none)], 4, "no row of truth"),
        (&[shown(&empty), shown(&good)], 4, "empty"),
        (&[shown(&json_lines), shown(&good)], 2, ".csv or .parquet"),
        (&["nowhere.csv", shown(&good)], 1, "nowhere.csv"),
        (&[shown(&tracks), shown(&good), "--step-s", "1e-6"], 2, "--step-s"),
        (&[shown(&tracks), shown(&good), "--cutoff-m", "0"], 2, "above 0"),
        (&[shown(&tracks), shown(&good), "--order", "0.5"], 2, "1 or more"),
        (&[shown(&tracks), shown(&good), "--metric", "gopsa"], 2, "gospa"),
    ];
    for (arguments, code, words) in cases {
        let out = trilat(&[&["score"], arguments].concat());
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {}", text(&out.stderr));
        assert!(
            text(&out.stderr).contains(words),
            "{arguments:?}: {}",
            text(&out.stderr)
        );
    }
}
