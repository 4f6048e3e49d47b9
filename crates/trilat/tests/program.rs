//! The built program as its users meet it: help, version, mistakes, exit codes.

use std::process::{Command, Output};

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

#[test]
fn version_is_that_of_the_package() {
    let out = trilat(&["--version"]);
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(text(&out.stdout), format!("trilat {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_has_examples_and_every_exit_code() {
    for arguments in [&["--help"][..], &["path", "--help"]] {
        let out = trilat(arguments);
        assert_eq!(out.status.code(), Some(0));
        let help = text(&out.stdout);
        assert!(help.contains("trilat path plots.csv --sensors sensors.toml"), "{help}");
        for code in 0..=4 {
            assert!(help.contains(&format!("\n  {code}  ")), "exit code {code} in\n{help}");
        }
    }
    let help = text(&trilat(&["path", "--help"]).stdout);
    for option in [
        "--sensors",
        "--until",
        "--sensor",
        "--json",
        "--ephemeris",
        "--ephemeris-to",
        "--report",
    ] {
        assert!(help.contains(option), "{option} in\n{help}");
    }
}

#[test]
fn mistakes_in_the_arguments_end_with_2_and_name_the_argument() {
    for (arguments, named) in [
        (&["path"][..], "--sensors"),
        (&["path", "plots.csv"], "--sensors"),
        (
            &["path", "plots.csv", "--sensors", "s.toml", "--until", "noon"],
            "--until",
        ),
        (&["path", "plots.csv", "--sensors", "s.toml", "--jason"], "--json"),
        (&["paths"], "path"),
    ] {
        let out = trilat(arguments);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        assert!(out.stdout.is_empty());
        let complaint = text(&out.stderr);
        assert!(complaint.contains(named), "{named} in\n{complaint}");
    }
}

#[test]
fn a_bad_time_says_what_a_time_looks_like() {
    let out = trilat(&["path", "plots.csv", "--sensors", "s.toml", "--until", "noon"]);
    let complaint = text(&out.stderr);
    assert!(complaint.contains("2021-09-09T17:25:00.050Z"), "{complaint}");
}
