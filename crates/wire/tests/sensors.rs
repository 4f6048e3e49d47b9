//! Sensor files: all faults are found, each with line, key, value and expectation.

use plot::Quantity;
use wire::{SensorFileError, read_sensors, write_sensors};

const GOOD: &str = r#"
[[sensor]]
name = "north"
owner = "here"
lat_deg = 33.317296
lon_deg = -106.115113
height_m = 1361
measures = ["elevation", "range", "azimuth", "range"]
range_sigma_m = 10.0
"#;

fn faults(text: &str) -> Vec<String> {
    match read_sensors(text.as_bytes(), "s.toml") {
        Ok(sensors) => panic!("{text} was accepted: {sensors:?}"),
        Err(SensorFileError::Faults { faults, .. }) => faults.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_good_file_is_read() {
    let sensors = read_sensors(GOOD.as_bytes(), "s.toml").unwrap();
    let [sensor] = sensors.as_slice() else {
        panic!("one sensor")
    };
    assert_eq!((&*sensor.name, &*sensor.owner), ("north", "here"));
    assert_eq!(
        sensor.measures,
        [Quantity::Range, Quantity::Azimuth, Quantity::Elevation]
    );
    assert_eq!(sensor.sigmas.range_m, Some(10.0));
    assert_eq!(sensor.sigmas.azimuth_rad, None);
    assert_eq!(sensor.site.geodetic().height_m, 1361.0);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn one_fault_each() {
    for (line, words) in [
        // A misspelt key must not become a sensor without that sigma.
        (
            "azimut_sigma_deg = 0.1",
            "unknown key \"azimut_sigma_deg\" (did you mean azimuth_sigma_deg?); known are name, owner",
        ),
        (
            "azimuth_sigma_deg = 0",
            "azimuth_sigma_deg is \"0\", expected degrees above 0 up to 90",
        ),
        (
            "azimuth_sigma_deg = nan",
            "azimuth_sigma_deg is \"nan\", expected degrees above 0 up to 90",
        ),
        (
            "azimuth_sigma_deg = \"0.1\"",
            "azimuth_sigma_deg is \"0.1\", expected degrees above 0 up to 90",
        ),
        (
            "azimuth_sigma_deg = 0x1",
            "azimuth_sigma_deg is \"0x1\", expected degrees above 0 up to 90",
        ),
        (
            "azimuth_sigma_deg = [0.1]",
            "azimuth_sigma_deg is \"[0.1]\", expected degrees above 0 up to 90",
        ),
        (
            "azimuth_sigma_deg = 1e999",
            "azimuth_sigma_deg is \"1e999\", expected degrees above 0 up to 90",
        ),
        (
            "probability_of_detection = 1.5",
            "probability_of_detection is \"1.5\", expected a probability above 0 up to 1",
        ),
        (
            "azimuth_from_deg = 10",
            "azimuth_from_deg: stands without azimuth_to_deg",
        ),
        ("azimuth_to_deg = 10", "azimuth_to_deg: stands without azimuth_from_deg"),
        (
            "azimuth_from_deg = 10\nazimuth_to_deg = 10",
            "azimuth_to_deg is \"10\", expected another azimuth",
        ),
        (
            "elevation_min_deg = 5\nelevation_max_deg = 5",
            "elevation_max_deg is \"5\", expected more than elevation_min_deg",
        ),
        ("sac = 20", "sac: stands without sic"),
        ("sic = 129", "sic: stands without sac"),
        (
            "sac = 20\nsic = 256",
            "sic is \"256\", expected a whole number from 0 to 255",
        ),
        (
            "sic = 1\nsac = 20.5",
            "sac is \"20.5\", expected a whole number from 0 to 255",
        ),
        // A second definition of a key is an error of TOML.
        ("name = \"south\"", "duplicate key"),
        ("[sensor.more]\nx = 1", "unknown key \"more\""),
        ("scan_s", "key with no value"),
        ("name.x = 1", "dotted key"),
    ] {
        let text = format!("{GOOD}{line}\n");
        let messages = faults(&text);
        assert_eq!(messages.len(), 1, "{line}: {messages:?}");
        let line_number = 10 + line.contains('\n') as usize - line.starts_with('[') as usize;
        assert!(
            messages[0].starts_with(&format!("s.toml:{line_number}: ")),
            "{line}: {messages:?}"
        );
        assert!(messages[0].contains(words), "{line}: {messages:?}");
    }
}

#[test]
fn faults_of_known_keys() {
    for (from, to, words) in [
        ("name = \"north\"", "", "s.toml:2: name is missing"),
        ("lat_deg = 33.317296", "", "s.toml:2: lat_deg is missing"),
        (
            "lat_deg = 33.317296",
            "lat_deg = 91",
            "s.toml:5: lat_deg is \"91\", expected degrees from -90 to 90",
        ),
        (
            "name = \"north\"",
            "name = \"\"",
            "s.toml:3: name is \"\", expected a name of 1 to 256 bytes",
        ),
        (
            "name = \"north\"",
            "name = 7",
            "s.toml:3: name is \"7\", expected a name of 1 to 256 bytes",
        ),
        (
            "name = \"north\"",
            "name = \"a\\nb\"",
            "s.toml:3: name is \"a\\\\nb\", expected a name",
        ),
        (
            "\"range\"]",
            "\"rnage\"]",
            "s.toml:8: measures is \"rnage\", expected one of range, azimuth, elevation, range_rate, position, velocity (did you mean range?)",
        ),
        ("\"range\"]", "5]", "s.toml:8: measures is \"5\", expected one of"),
        (
            "[\"elevation\", \"range\", \"azimuth\", \"range\"]",
            "[]",
            "s.toml:8: measures is \"[]\", expected a list",
        ),
        (
            "[\"elevation\", \"range\", \"azimuth\", \"range\"]",
            "\"range\"",
            "s.toml:8: measures is \"range\", expected a list",
        ),
        (
            "[[sensor]]",
            "[[sensors]]",
            "s.toml:2: unknown key \"sensors\" (did you mean sensor?); known are sensor",
        ),
        (
            "[[sensor]]",
            "[sensor]",
            "s.toml:2: sensor: [[sensor]] with two brackets",
        ),
        ("[[sensor]]", "", "unknown key \"name\""),
    ] {
        let messages = faults(&GOOD.replace(from, to)).join("\n");
        assert!(messages.contains(words), "{to}: {messages}");
    }
}

#[test]
fn every_fault_of_a_file_is_said() {
    let text = format!(
        "{GOOD}rang_max_m = 1\nscan_s = -1\n{}lat_deg = 91\n{GOOD}",
        "[[sensor]]\nname = \"east\"\n"
    );
    let messages = faults(&text);
    let lines: Vec<_> = messages.iter().map(|m| m.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["10", "11", "12", "12", "12", "12", "14"], "{messages:#?}");
    let twice = faults(&format!("{GOOD}{GOOD}"));
    assert_eq!(
        twice,
        ["s.toml:12: name is \"north\": another sensor of this file has the same name"]
    );
}

#[test]
fn files_without_sensors() {
    for text in ["", "# nothing\n"] {
        assert_eq!(faults(text), ["s.toml:1: [[sensor]] is missing"]);
    }
    for bytes in [&b"\xff\xfe"[..], b"PAR1\x80"] {
        assert!(matches!(
            read_sensors(bytes, "s.toml"),
            Err(SensorFileError::Utf8 { .. })
        ));
    }
    // An endless file ends at the limit.
    let endless = read_sensors(std::io::repeat(b'#'), "s.toml");
    assert!(matches!(endless, Err(SensorFileError::TooLong { .. })));
    // Nesting that would exhaust the stack.
    assert!(!faults(&format!("sensor = {}", "[".repeat(100_000))).is_empty());
}

#[test]
fn a_whole_turn_is_no_sector() {
    let text = format!("{GOOD}azimuth_from_deg = 0\nazimuth_to_deg = 360\n");
    let sensors = read_sensors(text.as_bytes(), "s.toml").unwrap();
    assert_eq!(sensors.as_slice()[0].coverage.azimuth_from_rad, None);
    let text = format!("{GOOD}azimuth_from_deg = -45\nazimuth_to_deg = 45\n");
    let sensors = read_sensors(text.as_bytes(), "s.toml").unwrap();
    assert_eq!(
        sensors.as_slice()[0].coverage.azimuth_from_rad.map(f64::to_degrees),
        Some(315.0)
    );
    let mut out = Vec::new();
    write_sensors(&mut out, &sensors).unwrap();
    assert_eq!(read_sensors(out.as_slice(), "s.toml").unwrap(), sensors);
}
