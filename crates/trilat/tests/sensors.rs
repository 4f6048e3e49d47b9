//! `trilat track` with a sensor that goes wrong, the built program: it is named, and its plots are counted.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

/// The plots with the azimuths of one sensor mirrored after its first thirty.
fn mirrored(content: &str, sensor: &str) -> String {
    let header = content.lines().next().expect("a header");
    let column = |name: &str| header.split(',').position(|own| own == name).expect("the column");
    let (of_sensor, of_azimuth) = (column("sensor"), column("azimuth_deg"));
    let mut count = 0;
    let line = |line: &str| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if cells[of_sensor] == sensor {
            count += 1;
            if count > 30 {
                let azimuth_deg: f64 = cells[of_azimuth].parse().expect("a number");
                cells[of_azimuth] = ((360.0 - azimuth_deg) % 360.0).to_string();
            }
        }
        cells.join(",") + "\n"
    };
    content.lines().map(line).collect()
}

#[test]
fn a_sensor_with_mirrored_azimuths_is_named() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sensors-mirrored");
    let shown = |name: &str| folder.join(name).to_str().expect("the path is text").to_owned();
    let out = trilat(&["simulate", "2022-01-30-lofted", "--seed", "3", "--out", &shown("")]);
    assert_eq!(out.status.code(), Some(0));
    let content = std::fs::read_to_string(shown("plots.csv")).expect("it was written");
    std::fs::write(shown("../sensors-mirrored.csv"), mirrored(&content, "kr-centre")).expect("the folder is there");
    let tracked = |plots: &str| {
        let out = trilat(&["track", &shown(plots), "--sensors", &shown("sensors.toml"), "--json"]);
        let found: Value = serde_json::from_slice(&out.stdout).expect("the program prints JSON");
        (found, String::from_utf8(out.stderr).expect("text"))
    };
    let (good, said) = tracked("plots.csv");
    assert!(!said.contains("contained"), "{said}");
    let sensors = |found: &Value| found["sensors"].as_array().expect("a list").clone();
    for sensor in sensors(&good) {
        assert_eq!(sensor["standing"], "trusted", "{sensor}");
        assert_eq!(sensor["plots"], sensor["used"], "{sensor}");
    }
    let (bad, said) = tracked("../sensors-mirrored.csv");
    assert!(
        said.contains("sensor kr-centre contained at") && said.contains("mirrored"),
        "{said}"
    );
    for sensor in sensors(&bad) {
        let is_bad = sensor["sensor"] == "kr-centre";
        assert_eq!(sensor["standing"] == "contained", is_bad, "{sensor}");
        assert_eq!(sensor["refused"]["contained"].as_u64() > Some(300), is_bad, "{sensor}");
        assert!(
            !sensor["registration"].as_array().expect("a list").is_empty(),
            "{sensor}"
        );
    }
}
