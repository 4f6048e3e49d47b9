//! `trilat study` as people run it: the same figures on any number of threads, interrupted and continued, and what it
//! refuses.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const SCENARIO: &str = "2022-01-30-lofted";

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trilat"));
    command.arg("study").args(args);
    command
}

fn run(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file of this test alone, not there yet.
fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = fs::remove_file(&path);
    path
}

#[test]
fn threads_change_no_figure() {
    let of = |threads: &str| run(&[SCENARIO, "--runs", "5", "--json", "--threads", threads]);
    let (one, three) = (of("1"), of("3"));
    assert!(one.status.success(), "{}", text(&one.stderr));
    assert_eq!(text(&one.stdout), text(&three.stdout));
    let other = run(&[SCENARIO, "--runs", "5", "--json", "--seed", "2"]);
    assert_ne!(text(&one.stdout), text(&other.stdout), "another seed is another study");
}

#[test]
fn a_killed_study_goes_on_where_it_was() {
    let state = file("killed.runs");
    let path = state.to_str().unwrap();
    let args = [SCENARIO, "--runs", "12", "--json", "--owners", "JP,KR"];
    let whole = run(&args);
    let with_state = [&args[..], &["--threads", "1", "--state", path]].concat();
    let mut child = program(&with_state).stdout(Stdio::null()).spawn().unwrap();
    let lines = || fs::read_to_string(&state).map_or(0, |text| text.lines().count());
    while lines() < 3 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = lines();
    assert!((3..12).contains(&kept), "{kept} runs were kept");
    // As if the power had gone in the middle of a line.
    let mut torn = fs::OpenOptions::new().append(true).open(&state).unwrap();
    torn.write_all(br#"{"key":"00","run":7,"bi"#).unwrap();
    drop(torn);
    let continued = run(&with_state);
    assert_eq!(text(&continued.stdout), text(&whole.stdout));
    let all = lines();
    assert!(all < 12 + 3, "the kept runs were computed again: {all} lines");
    // With all runs there, nothing is computed; another seed finds none of them.
    assert_eq!(text(&run(&with_state).stdout), text(&whole.stdout));
    assert_eq!(lines(), all);
    let other = run(&[&with_state[..], &["--seed", "9"]].concat());
    assert!(other.status.success());
    assert_eq!(lines(), all + 12);
}

#[test]
fn the_table_says_who_knows_what_when() {
    let report = file("study.html");
    let output = run(&[SCENARIO, "--runs", "3", "--report", report.to_str().unwrap()]);
    assert!(fs::read_to_string(&report).unwrap().contains("</html>"));
    assert!(
        report.with_extension("runs").is_file(),
        "finished runs are kept beside the report"
    );
    let table = text(&output.stdout);
    for words in [
        "who shares",
        "place known",
        "--- to 20 km ---",
        "JP + KR + US",
        "Earlier: all together have a path",
        "More precise: all together are off by",
    ] {
        assert!(table.contains(words), "{words:?} is not in\n{table}");
    }
}

#[test]
fn what_cannot_be_studied_is_refused_with_what_to_do() {
    for (args, code, words) in [
        (&["nowhere"][..], 2, SCENARIO),
        (&["/no/such/file.toml"], 1, "cannot read"),
        (&[SCENARIO, "--owners", "JP,XX"], 2, r#"["JP", "KR", "US"]"#),
        (&[SCENARIO, "--owners", "JP,JP"], 2, "named twice"),
        (&[SCENARIO, "--runs", "0"], 2, "--runs"),
        (&[SCENARIO, "--seed", "chance"], 2, "--seed"),
        (&[SCENARIO, "--threads", "0"], 2, "--threads"),
        (&[], 2, "SCENARIO"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(
            text(&output.stderr).contains(words),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }
    let json = run(&["nowhere", "--json"]);
    assert!(text(&json.stdout).contains("\"error\""), "{}", text(&json.stdout));
}

#[test]
fn a_flight_that_one_owner_sees_is_no_gain_and_areas_that_miss_are_called_so() {
    let output = run(&["2022-01-14-low-pair", "--runs", "20"]);
    let table = text(&output.stdout);
    for words in [
        "Only KR sees it: together is neither earlier nor more precise than KR alone",
        "areas said to hold the place with 95 %, 0 did",
        "best alone / all together",
        "2022-01-14-low-pair missile-2",
    ] {
        assert!(table.contains(words), "{words:?} is not in\n{table}");
    }
}

#[test]
fn figures_that_no_flight_has_are_drawn_anew() {
    // At 20 km height, 131 km are too far for a ballistic flight: some draws of this scenario are.
    let output = run(&["2022-01-27-depressed", "--runs", "60", "--owners", "US"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_file_of_something_else_is_never_added_to() {
    let path = file("notes.txt");
    fs::write(&path, "do not touch\n").unwrap();
    let name = path.to_str().unwrap();
    for args in [
        &[SCENARIO, "--runs", "1", "--state", name][..],
        &[SCENARIO, "--runs", "1", "--state", "same.runs", "--report", "same.runs"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("no file of finished runs"));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "do not touch\n");
}

#[test]
fn a_scenario_without_a_sensor_or_an_object_is_refused() {
    for (name, cut) in [("no-object.toml", "[[object]]"), ("no-sensor.toml", "network")] {
        let whole = fs::read_to_string(format!(
            "{}/../../scenarios/{SCENARIO}.toml",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap();
        let path = file(name);
        let kept: String = if cut.starts_with('[') {
            whole.split(cut).next().unwrap().to_owned()
        } else {
            whole
                .lines()
                .filter(|line| !line.starts_with(cut))
                .map(|line| format!("{line}\n"))
                .collect()
        };
        fs::write(&path, kept).unwrap();
        let output = run(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(4), "{name}: {}", text(&output.stderr));
    }
}
