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

/// A folder of its own for one test, gone when dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("the file can be written");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

const SENSORS: &str = "[[sensor]]\nname = \"north\"\nowner = \"a\"\nlat_deg = 33.0\nlon_deg = -106.0\n\
                       height_m = 1300.0\n\
                       measures = [\"range\", \"azimuth\", \"elevation\"]\nrange_sigma_m = 10.0\n\
                       azimuth_sigma_deg = 0.01\nelevation_sigma_deg = 0.01\n";
const PLOTS: &str = "time,sensor,range_m,azimuth_deg,elevation_deg\n";

#[test]
fn a_missing_file_ends_with_1_and_is_named() {
    let folder = Folder::new("missing");
    let sensors = folder.file("sensors.toml", SENSORS);
    for arguments in [
        ["path", "no-such.csv", "--sensors", &sensors],
        ["path", "no-such.csv", "--sensors", "no-such.csv"],
    ] {
        let out = trilat(&arguments);
        assert_eq!(out.status.code(), Some(1), "{arguments:?}");
        let complaint = text(&out.stderr);
        assert!(complaint.contains("cannot read no-such.csv"), "{complaint}");
        assert!(complaint.contains("Check the name"), "{complaint}");
    }
}

#[test]
fn a_sensor_that_is_not_there_or_a_format_nobody_knows_ends_with_2() {
    let folder = Folder::new("unknown");
    let sensors = folder.file("sensors.toml", SENSORS);
    let plots = folder.file("plots.csv", PLOTS);
    let out = trilat(&["path", &plots, "--sensors", &sensors, "--sensor", "nort"]);
    assert_eq!(out.status.code(), Some(2));
    let complaint = text(&out.stderr);
    assert!(
        complaint.contains("\"nort\"") && complaint.contains("\"north\""),
        "{complaint}"
    );
    let odd = folder.file("plots.xls", PLOTS);
    let out = trilat(&["path", &odd, "--sensors", &sensors]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains(".csv"), "{}", text(&out.stderr));
}

#[test]
fn a_wrong_sensor_file_ends_with_4_and_the_line_is_named() {
    let folder = Folder::new("wrong-sensors");
    let sensors = folder.file("sensors.toml", &SENSORS.replace("33.0", "133.0"));
    let plots = folder.file("plots.csv", PLOTS);
    let out = trilat(&["path", &plots, "--sensors", &sensors]);
    assert_eq!(out.status.code(), Some(4));
    let complaint = text(&out.stderr);
    assert!(complaint.contains("sensors.toml:4: lat_deg"), "{complaint}");
}

#[test]
fn refused_plots_are_shown_ten_in_full_and_then_counted() {
    let folder = Folder::new("refused");
    let sensors = folder.file("sensors.toml", SENSORS);
    let bad = "2021-09-09T17:25:00.050Z,north,8076,361,4\n".repeat(23);
    let stranger = "2021-09-09T17:25:00.050Z,west,8076,34,4\n".repeat(3);
    let plots = folder.file("plots.csv", &format!("{PLOTS}{bad}{stranger}"));
    let out = trilat(&["path", &plots, "--sensors", &sensors]);
    assert_eq!(out.status.code(), Some(4));
    let complaint = text(&out.stderr);
    assert_eq!(complaint.matches("azimuth_deg is \"361\"").count(), 10, "{complaint}");
    assert!(complaint.contains("plots.csv:2:"), "{complaint}");
    assert!(complaint.contains("16 more; 26 in all"), "{complaint}");
    assert!(complaint.contains("3 of \"west\""), "{complaint}");
    assert!(complaint.contains("no usable plot"), "{complaint}");
}

#[test]
fn an_empty_file_ends_with_4() {
    let folder = Folder::new("empty");
    let sensors = folder.file("sensors.toml", SENSORS);
    for content in ["", PLOTS] {
        let plots = folder.file("plots.csv", content);
        let out = trilat(&["path", &plots, "--sensors", &sensors]);
        assert_eq!(out.status.code(), Some(4), "{content:?}");
        assert!(out.stdout.is_empty());
    }
}
