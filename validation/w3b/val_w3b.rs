//! The fit of satellite W3B by the program itself, against the published solution of the same arc.

#![expect(clippy::print_stdout, reason = "the measured table is shown with --nocapture")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const RANGE_TOLERANCE_M: f64 = 150.0;
const ANGLE_TOLERANCE_DEG: f64 = 0.01;
const POSITION_TOLERANCE_M: f64 = 150.0;
/// The published position (EME2000 -40541446.236, -9905357.943, 206777.082 m at 2010-11-02T02:56:15.690Z) in ECEF, by
/// pyerfa 2.0 (`c2t06a`, frame bias of `bp06`, UT1-UTC -0.0928 s, polar motion 0.2215 and 0.2973 arc seconds).
const POSITION_M: [f64; 3] = [-13_258_303.696, 39_572_194.594, 162_891.823];

fn run() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = validation::data("satellite-od").expect("checked before");
    let output = Command::new(root.join("validation/w3b/run.sh"))
        .env("TRILAT", env!("CARGO_BIN_EXE_trilat"))
        .env("TRILAT_DATA", data.join(".."))
        .output()
        .expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("run.sh prints JSON")
}

fn published() -> BTreeMap<String, [f64; 3]> {
    let text = include_str!("published.csv");
    let row = |line: &str| {
        let mut cells = line.split(',');
        let name = cells.next().expect("a name").to_owned();
        let values: Vec<f64> = cells.map(|cell| cell.parse().expect("a number")).collect();
        (name, values.try_into().expect("three biases"))
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn val_w3b() {
    if validation::data("satellite-od/W3B.aer").is_none() {
        return;
    }
    let result = run();
    let object = &result["objects"][0];
    let published = published();
    let sensors = object["sensors"].as_array().expect("sensors");
    assert_eq!(sensors.len(), published.len());
    println!("station      range_bias_m  published     diff   azimuth_bias_deg    diff   elevation_bias_deg    diff");
    for sensor in sensors {
        let name = sensor["name"].as_str().expect("a name");
        let of = |key: &str| sensor[key].as_f64().expect("a number");
        let ours = [of("range_bias_m"), of("azimuth_bias_deg"), of("elevation_bias_deg")];
        let theirs = published[name];
        let [range, azimuth, elevation] = [0, 1, 2].map(|i| ours[i] - theirs[i]);
        println!(
            "{name:<12} {:>12.1} {:>10.1} {range:>8.1} {:>18.4} {azimuth:>7.4} {:>20.4} {elevation:>7.4}",
            ours[0], theirs[0], ours[1], ours[2]
        );
        assert!(range.abs() < RANGE_TOLERANCE_M, "{name}: {range} m");
        assert!(azimuth.abs() < ANGLE_TOLERANCE_DEG, "{name}: {azimuth} deg");
        assert!(elevation.abs() < ANGLE_TOLERANCE_DEG, "{name}: {elevation} deg");
    }
    assert_eq!(object["epoch"], "2010-11-02T02:56:15.690000Z");
    let off_m: f64 = (0..3)
        .map(|i| object["position_m"][i].as_f64().expect("a number") - POSITION_M[i])
        .map(|d| d * d)
        .sum::<f64>()
        .sqrt();
    let leak: f64 = (0..3)
        .map(|i| object["fit"]["acceleration_mps2"][i].as_f64().expect("a leak"))
        .map(|a| a * a)
        .sum::<f64>()
        .sqrt();
    println!("position off by {off_m:.0} m; leak {leak:.2e} m/s2, published 8.005e-6");
    assert!(off_m < POSITION_TOLERANCE_M, "position off by {off_m} m");
    assert!((leak - 8.005e-6).abs() < 2e-6, "leak {leak} m/s2");
}
