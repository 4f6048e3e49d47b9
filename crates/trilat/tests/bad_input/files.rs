//! Files and arguments that are not what they should be.

use super::scene::radar::{HEADER, csv, three, toml};
use super::scene::run::{Folder, path_json, trilat};
use super::scene::{medium, seen};

fn good() -> String {
    csv(&seen(&three()[..2], &medium().fly(), [70.0, 200.0], 1.0, 1))
}

#[test]
fn a_file_without_plots_says_so() {
    for (name, content, why) in [
        ("empty", "", "the file is empty"),
        ("blank", "\n\n", "empty"),
        ("header", HEADER, "there is none at all"),
        ("binary", "\u{0}\u{1}\u{2}\n", "unknown column"),
    ] {
        let answer = path_json(name, content, &three(), &[]);
        assert_eq!(answer.code, 4, "{name}");
        assert!(answer.stderr.contains(why), "{name}: {}", answer.stderr);
        assert!(answer.objects().is_empty(), "{name}");
    }
}

#[test]
fn an_empty_file_does_not_cost_the_plots_of_the_others() {
    let folder = Folder::new("empty-and-good");
    let (empty, plots) = (folder.file("empty.csv", ""), folder.file("plots.csv", &good()));
    let sensors = folder.file("sensors.toml", &toml(&three()));
    let answer = trilat(&["path", &empty, &plots, "--sensors", &sensors, "--json"]);
    answer.object();
    assert!(
        answer.stderr.contains("empty.csv: the file is empty"),
        "{}",
        answer.stderr
    );
}

#[test]
fn without_json_the_result_is_text_on_standard_output_and_the_reason_on_standard_error() {
    let folder = Folder::new("text");
    let plots = folder.file("plots.csv", &good());
    let sensors = folder.file("sensors.toml", &toml(&three()));
    let answer = trilat(&["path", &plots, "--sensors", &sensors]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert!(
        answer.stdout.contains("apogee") && answer.stdout.contains("arrival"),
        "{}",
        answer.stdout
    );
    let answer = trilat(&["path", &plots, "--sensors", &sensors, "--until", "2024-03-01T12:01:11Z"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (3, ""));
    assert!(
        answer.stderr.contains("3 plots cannot determine a path"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_sensor_that_nobody_described_is_named_and_the_rest_is_fitted() {
    let flight = medium().fly();
    let rows = seen(&three(), &flight, [70.0, 250.0], 1.0, 2);
    let answer = path_json("stranger", &csv(&rows), &three()[..2], &[]);
    answer.object();
    assert!(
        answer.stderr.contains("\"south\", which the sensor file does not have"),
        "{}",
        answer.stderr
    );
    let answer = path_json(
        "strangers",
        &csv(&rows),
        &[super::scene::radar::radar("else", 0.0, 0.0)],
        &[],
    );
    assert_eq!(answer.code, 4);
}

#[test]
fn nothing_before_until() {
    let answer = path_json("until", &good(), &three(), &["--until", "2024-03-01T11:00:00Z"]);
    assert_eq!(answer.code, 4);
    assert!(answer.stderr.contains("--until"), "{}", answer.stderr);
}

#[test]
fn a_sensor_nobody_has() {
    let answer = path_json("sensor", &good(), &three(), &["--sensor", "wset"]);
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("\"west\""), "{}", answer.stderr);
    let answer = path_json("sensor-silent", &good(), &three(), &["--sensor", "south"]);
    assert_eq!(answer.code, 4);
}

#[test]
fn a_place_nobody_can_write_to_ends_with_1_and_the_result_is_still_printed() {
    for option in ["--ephemeris", "--report"] {
        let answer = path_json("unwritable", &good(), &three(), &[option, "/dev/null/no/such/out"]);
        assert_eq!(answer.code, 1, "{option}");
        assert!(
            answer.stderr.contains("cannot write /dev/null/no/such/out"),
            "{}",
            answer.stderr
        );
        assert_eq!(answer.objects().len(), 1, "the fit is not lost");
    }
}

#[test]
fn a_report_of_no_path_is_not_promised() {
    let folder = Folder::new("no-report");
    let report = folder.path("out.html");
    let one = good().lines().take(2).map(|l| format!("{l}\n")).collect::<String>();
    let answer = path_json("no-report-run", &one, &three(), &["--report", &report]);
    answer.no_path();
    assert!(answer.stderr.contains("out.html is not written"), "{}", answer.stderr);
    assert!(!std::path::Path::new(&report).exists());
}

#[test]
fn models_and_gravity_fields_that_are_none() {
    let folder = Folder::new("models");
    let plots = folder.file("plots.csv", &good());
    let sensors = folder.file("sensors.toml", &toml(&three()));
    let field = folder.file("field.txt", "this is no field\n");
    let fine = folder.file("fine.toml", "atmosphere = true\n");
    for (name, content, more, words) in [
        ("key.toml", "atmosfere = true\n", None, "atmosphere"),
        ("type.toml", "atmosphere = 3\n", None, "boolean"),
        ("negative.toml", "drag_sigma_m2pkg = -1.0\n", None, "drag_sigma_m2pkg"),
        (
            "nan.toml",
            "acceleration_sigma_mps2 = nan\n",
            None,
            "acceleration_sigma_mps2",
        ),
        ("degree.toml", "gravity_degree = 4\n", None, "--gravity-field"),
        ("field.toml", "gravity_degree = 4\n", Some(&field), "field.txt"),
    ] {
        let model = folder.file(name, content);
        let mut arguments = vec!["path", &plots, "--sensors", &sensors, "--json", "--model", &model];
        if let Some(field) = more {
            arguments.extend(["--gravity-field", field]);
        }
        let answer = trilat(&arguments);
        assert_eq!(answer.code, 4, "{name}");
        assert!(answer.stderr.contains(words), "{name}: {}", answer.stderr);
        assert!(answer.objects().is_empty());
    }
    let answer = trilat(&["path", &plots, "--sensors", &sensors, "--json", "--model", &fine]);
    answer.object();
}
