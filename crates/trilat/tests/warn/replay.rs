//! Flights that warnings failed at, from simulated plots to what people would have been told.

use std::path::PathBuf;

use serde_json::Value;

use super::centre::trilat;

/// A scenario, simulated, its plots tracked, and what would have been said held against the truth.
pub(crate) struct Replay {
    pub folder: PathBuf,
    pub found: Value,
}

impl Replay {
    pub fn tracks(&self) -> String {
        self.folder.join("tracks.csv").display().to_string()
    }

    pub fn objects(&self) -> &[Value] {
        self.found["objects"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Those that came down.
    pub fn came(&self) -> Vec<&Value> {
        let came = self.objects().iter().filter(|one| !one["arrival"].is_null());
        came.collect()
    }

    /// Nothing is said to have been above a place where nothing was.
    #[track_caller]
    pub fn claims_nothing_wrong(&self) {
        assert!(!self.objects().is_empty(), "{}", self.found);
        for one in self.objects() {
            assert_eq!(one["wrong_claims"], Value::Array(Vec::new()), "{one}");
        }
    }
}

/// Of all that a scenario has.
pub(crate) fn replayed(scenario: &str) -> Replay {
    replayed_of(scenario, |_| true, |_| true)
}

/// Of those lines of the plots, and then of the tracks, that are wanted.
pub(crate) fn replayed_of(
    scenario: &str,
    plots_wanted: impl Fn(&str) -> bool,
    tracks_wanted: impl FnMut(&str) -> bool,
) -> Replay {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("warned-{scenario}"));
    // What a run before has left there is in the way.
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    let path = |name: &str| folder.join(name).display().to_string();
    let out = folder.display().to_string();
    trilat(&["simulate", scenario, "--seed", "1", "--out", &out]).good();
    let (plots, sensors, tracks) = (path("plots.csv"), path("sensors.toml"), path("tracks.csv"));
    keep(&plots, plots_wanted);
    trilat(&["track", &plots, "--sensors", &sensors, "--out", &tracks]).good();
    keep(&tracks, tracks_wanted);
    let truth = path("truth.csv");
    let given = ["--truth", &truth, "--plots", &plots, "--sensors", &sensors, "--json"];
    let found = trilat(&[&["warn", "replay", &tracks], &given[..]].concat()).good();
    let found = serde_json::from_str(&found).expect("JSON");
    Replay { folder, found }
}

/// Keeps the head of a file and the lines that are wanted.
fn keep(path: &str, mut wanted: impl FnMut(&str) -> bool) {
    let text = std::fs::read_to_string(path).expect("it was written");
    let (head, rest) = text.split_once('\n').expect("it has a head");
    let kept: Vec<&str> = rest.lines().filter(|line| wanted(line)).collect();
    std::fs::write(path, format!("{head}\n{}\n", kept.join("\n"))).expect("it can be written");
}

/// 13 April 2023: lost right after detection, and announced for Hokkaido. Nothing is said to have been where it was not
/// measured; that it is lost is said; a right warning comes within seconds of the first plot, early and coarse.
#[test]
fn a_lost_object_is_not_said_to_have_passed() {
    let replay = replayed("2023-04-13-lost");
    replay.claims_nothing_wrong();
    let came = replay.came();
    assert!(came.len() >= 3, "{came:?}");
    for one in came {
        assert!(one["lost"].as_u64() > Some(0), "{one}");
        assert!(
            one["first_right_s"].as_f64().is_some_and(|after_s| after_s < 15.0),
            "{one}"
        );
        assert!(
            one["before_arrival_s"]
                .as_f64()
                .is_some_and(|before_s| before_s > 300.0),
            "{one}"
        );
    }
}

/// The short flights that people were failed at, and the salvo: each that comes down is warned of in time, first of all
/// rightly, and nowhere is an object said to have been where it was not.
#[test]
fn of_short_flights_and_a_salvo_people_are_told_rightly_and_in_time() {
    for scenario in [
        "2019-07-25-below-horizon",
        "2022-01-05-glide",
        "2022-01-11-glide-turns",
        "2022-01-14-low-pair",
        "2022-01-27-depressed",
        "2024-05-30-salvo",
    ] {
        let replay = replayed(scenario);
        replay.claims_nothing_wrong();
        let came = replay.came();
        assert!(!came.is_empty(), "{scenario}: {}", replay.found);
        for one in came {
            let first_right_s = one["first_right_s"].as_f64();
            assert!(first_right_s.is_some_and(|after_s| after_s < 30.0), "{scenario}: {one}");
            let before_s = one["before_arrival_s"].as_f64();
            assert!(before_s.is_some_and(|before_s| before_s > 100.0), "{scenario}: {one}");
        }
    }
}

/// 17 January 2022, where owners' figures differed by a quarter: every message is right, and says why, where, when, how
/// sure, what to do, and that they will be told when it is over.
#[test]
fn every_message_says_why_where_when_and_what_to_do() {
    let replay = replayed("2022-01-17-two-figures");
    replay.claims_nothing_wrong();
    for one in replay.objects() {
        assert_eq!(one["right"], one["messages"], "{one}");
        assert!(
            one["first_right_s"].as_f64().is_some_and(|after_s| after_s < 15.0),
            "{one}"
        );
    }
    for at in ["2022-01-16T23:51:05Z", "2022-01-16T23:52:00Z", "2022-01-16T23:53:30Z"] {
        says_everything(&replay.tracks(), at);
    }
}

/// Looks for each fact in each language.
#[track_caller]
pub(crate) fn says_everything(tracks: &str, at: &str) {
    let shown = trilat(&["warn", "preview", tracks, "--at", at, "--json"]).good();
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    for (language, act, parts) in [
        (
            0,
            "underground",
            [
                "Radar has detected",
                "It may come down in: ",
                "between ",
                "percent",
                "You will be told",
            ],
        ),
        (
            1,
            "地下に避難",
            [
                "レーダーで探知",
                "落下する可能性のある地域：",
                "時間帯：",
                "パーセント",
                "お知らせします",
            ],
        ),
        (
            2,
            "지하",
            [
                "탐지되었습니다",
                "낙하할 가능성이 있는 지역: ",
                "시간대: ",
                "퍼센트",
                "알려 드리겠습니다",
            ],
        ),
    ] {
        let message = &shown["messages"][language];
        let said = message["description"].as_str().expect("words");
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        for part in ["instruction", "short", "long"] {
            assert!(
                message[part].as_str().is_some_and(|text| text.contains(act)),
                "{message}"
            );
        }
    }
}
