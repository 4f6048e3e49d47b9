//! `trilat simulate SCENARIO`, the built program: the same seed gives the same folder, every scenario that comes with
//! it flies and is read back, the path fit finds what truly flew, and what is wrong is named.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use geo::{Geodetic, Time};
use serde_json::Value;

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

/// A folder of this test alone, not there yet, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("scenario-{name}"));
        let _absent = fs::remove_dir_all(&path);
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).expect(file)
    }

    fn file(&self, file: &str) -> String {
        self.0.join(file).to_str().expect("UTF-8").to_owned()
    }

    /// Each file, and what is in it.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(&self.0).expect("the folder was made");
        let entry = |entry: fs::DirEntry| {
            let name = entry.file_name().to_str().expect("UTF-8").to_owned();
            (name, fs::read(entry.path()).expect("the file can be read"))
        };
        entries.map(|found| entry(found.expect("an entry"))).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

/// Simulates into a folder and returns what was printed.
fn simulate(scenario: &str, seed: &str, out: &Folder, more: &[&str]) -> String {
    let arguments = ["simulate", scenario, "--seed", seed, "--out", out.name()];
    let run = trilat(&[&arguments[..], more].concat());
    assert_eq!(run.status.code(), Some(0), "{scenario}: {}", text(&run.stderr));
    text(&run.stdout)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn the_same_seed_gives_the_same_folder_and_another_seed_other_plots() {
    let out = Folder::new("seeds");
    let of = |seed: &str| {
        simulate("partner-leaves", seed, &out, &[]);
        out.all()
    };
    let (first, again, other) = (of("7"), of("7"), of("8"));
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "README.md",
            "biases.csv",
            "flight.czml",
            "plots-of-partners.csv",
            "plots.csv",
            "sensors.toml",
            "truth.csv"
        ]
    );
    assert!(first == again, "the same seed gives the same bytes");
    for changed in ["plots.csv", "truth.csv", "biases.csv"] {
        assert!(first[changed] != other[changed], "{changed} of seeds 7 and 8");
    }
    assert_eq!(first["sensors.toml"], other["sensors.toml"]);
    // Who left shares nothing measured later, and is in plots.csv on.
    let late = |bytes: &[u8]| {
        text(bytes)
            .lines()
            .filter(|line| line.contains(",kr-") && *line > "2022-01-29T23:02")
            .count()
    };
    assert_eq!(late(&first["plots-of-partners.csv"]), 0);
    assert!(late(&first["plots.csv"]) > 100);
}

#[test]
fn every_scenario_that_comes_with_the_program_is_simulated_and_its_files_are_read_back() {
    let listed = json(&text(&trilat(&["simulate", "--list", "--json"]).stdout));
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 16);
    let out = Folder::new("shipped");
    for scenario in listed {
        let name = scenario["name"].as_str().expect("a name");
        let printed = json(&simulate(name, "3", &out, &["--json"]));
        let readme = out.read("README.md");
        for line in readme
            .lines()
            .filter(|line| line.contains(' ') && !line.starts_with(['|', 'a', 't']))
        {
            assert!(line.chars().count() <= 120 || line.contains("://"), "{name}: {line}");
        }
        assert!(
            readme.contains("Nothing here was measured") && readme.contains("## Sources"),
            "{name}"
        );
        let file = |file: &str| fs::File::open(out.0.join(file)).expect(file);
        let sensors = wire::read_sensors(file("sensors.toml"), name).expect("the sensors are read");
        // One scenario brings its own sensors, the others those of the network.
        let described = if name == "alone-none" { 3 } else { 9 };
        assert_eq!(sensors.as_slice().len(), described, "{name}");
        let plots = wire::read_plots(wire::Format::Csv, file("plots.csv"), name).expect("the plots are read");
        assert_eq!(plots.summary.refused, 0, "{name}");
        assert_eq!(printed["plots"], plots.plots.len(), "{name}");
        assert!(
            plots.plots.iter().all(|plot| sensors.index_of(&plot.sensor).is_ok()),
            "{name}"
        );
        let truth = out.read("truth.csv");
        for object in printed["objects"].as_array().expect("objects") {
            let id = object["id"].as_str().expect("an id");
            assert!(truth.contains(&format!(",{id},")), "{name}: {id}");
        }
    }
}

/// A place of what the program prints.
fn place(value: &Value) -> Geodetic {
    let number = |key: &str| value[key].as_f64().expect(key);
    Geodetic::from_degrees(number("lat_deg"), number("lon_deg"), 0.0)
}

fn instant(value: &Value) -> Time {
    value.as_str().expect("a time").parse().expect("a time")
}

/// Whether a place lies in a region blown up about its centre.
fn is_within(region: &Value, centre: Geodetic, times: f64, at: Geodetic) -> bool {
    let (east, north) = (at.lon_deg() - centre.lon_deg(), at.lat_deg() - centre.lat_deg());
    let ring: Vec<(f64, f64)> = region["polygon"]
        .as_array()
        .expect("a ring")
        .iter()
        .map(|corner| {
            let degree = |i: usize, of: f64| (corner[i].as_f64().expect("a degree") - of) * times;
            (degree(0, centre.lon_deg()), degree(1, centre.lat_deg()))
        })
        .collect();
    let crosses = |(a, b): (&(f64, f64), &(f64, f64))| {
        (a.1 > north) != (b.1 > north) && east < (b.0 - a.0) * (north - a.1) / (b.1 - a.1) + a.0
    };
    ring.iter().zip(&ring[1..]).filter(|pair| crosses(*pair)).count() % 2 == 1
}

/// 95 % of what is found lies within 1.96 sigma; of what lies beyond half as much again there is 0.3 %.
const SLACK: f64 = 1.5;

#[test]
fn the_path_fit_finds_launch_apogee_and_arrival_among_false_alarms() {
    let out = Folder::new("fit");
    for seed in ["7", "11"] {
        let printed = simulate("2022-01-30-lofted", seed, &out, &[]);
        assert!(printed.contains("Fit it:\n    trilat path "), "{printed}");
        assert!(
            out.read("plots.csv").lines().any(|line| line.ends_with(',')),
            "false alarms"
        );
        let arguments = [
            "path",
            &out.file("plots.csv"),
            "--sensors",
            &out.file("sensors.toml"),
            "--json",
        ];
        let fitted = json(&text(&trilat(&arguments).stdout));
        let path = &fitted["objects"][0];
        let truth = out.read("truth.csv");
        let rows: Vec<Vec<&str>> = truth.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let number = |row: &[&str], column: usize| row[column].parse::<f64>().expect("a number");
        let at = |row: &[&str]| Geodetic::from_degrees(number(row, 4), number(row, 5), 0.0);
        let time = |row: &[&str]| row[0].parse::<Time>().expect("a time");
        for (what, row) in [("launch", &rows[0]), ("arrival", &rows[rows.len() - 1])] {
            let found = &path[what];
            let late_s = (instant(&found["time"]) - time(row)).abs();
            let sigma_s = found["time_sigma_s"].as_f64().expect("a sigma");
            assert!(
                late_s < SLACK * 1.96 * sigma_s,
                "seed {seed}: {what} {late_s} s off, sigma {sigma_s} s"
            );
            let (centre, found) = (place(found), &found["region"]);
            assert!(
                is_within(found, centre, SLACK, at(row)),
                "seed {seed}: {what} outside its 95 % region"
            );
        }
        let highest = rows
            .iter()
            .max_by(|a, b| number(a, 6).total_cmp(&number(b, 6)))
            .expect("rows");
        let found = &path["apogee"];
        let off_m = (found["height_m"].as_f64().expect("a height") - number(highest, 6)).abs();
        let sigma_m = found["height_sigma_m"].as_f64().expect("a sigma");
        // A second beside the apogee the object is up to 4 m lower: truth.csv has whole seconds.
        assert!(
            off_m < SLACK * 1.96 * sigma_m + 4.0,
            "seed {seed}: apogee {off_m} m off, sigma {sigma_m} m"
        );
        assert!((instant(&found["time"]) - time(highest)).abs() < 1.0, "seed {seed}");
    }
}

#[test]
fn what_next_fits_what_was_seen() {
    let out = Folder::new("next");
    for (scenario, has, lacks) in [
        ("2022-01-25-cruise", "No sensor saw any object", "trilat path"),
        ("2022-01-14-low-pair", "none of the objects seen flies so", "--sensors"),
        ("2022-01-11-glide-turns", "Lift carries this object", "Fit it"),
        ("2022-01-17-two-figures", "missile-1 or missile-2", "Fit it"),
        ("2024-05-30-salvo", "each of missile-1 to missile-10", "Fit it"),
    ] {
        let printed = simulate(scenario, "7", &out, &[]);
        assert!(
            printed.contains(has) && !printed.contains(lacks),
            "{scenario}: {printed}"
        );
        let readme = out.read("README.md");
        let readme = readme.split("## Going on").nth(1).expect("how to go on");
        let words = readme.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(has) && !words.contains(lacks), "{scenario}: {readme}");
    }
}

const GOOD: &str = "title = \"x\"\nwhat = \"y\"\nstart = \"2022-01-29T22:50:00Z\"\nend = \"2022-01-29T23:30:00Z\"\n\
                    [[source]]\nfact = \"made up\"\npublication = \"made up\"\n\
                    [[sensor]]\nname = \"north\"\nowner = \"JP\"\nkind = \"early-warning\"\n\
                    lat_deg = 41.2\nlon_deg = 141.1\nheight_m = 200\n\
                    [[object]]\nid = \"missile\"\nkind = \"ballistic\"\ntime = \"2022-01-29T22:52:00Z\"\n\
                    lat_deg = 40.6\nlon_deg = 126.4\napogee_km = 2000\nrange_km = 800\nbearing_deg = 75\n";

#[test]
fn what_is_wrong_is_named_by_file_line_key_and_value_with_what_is_expected_and_ends_with_4() {
    let out = Folder::new("bad");
    let file = Folder::new("bad-files");
    fs::create_dir_all(&file.0).expect("the folder can be made");
    let path = file.file("my.toml");
    fs::write(&path, GOOD).expect("the file can be written");
    simulate(&path, "1", &out, &[]);
    let object = &GOOD[GOOD.find("[[object]]").expect("an object")..];
    for (good, bad, words) in [
        (
            "apogee_km = 2000",
            "apogee_km = -5",
            "my.toml:21: apogee_km is \"-5\", expected kilometres above 0",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = 0",
            "my.toml:21: apogee_km is \"0\", expected kilometres above 0",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = nan",
            "my.toml:21: apogee_km is \"nan\", expected kilometres above 0",
        ),
        // Above what the distance allows, and below.
        (
            "apogee_km = 2000",
            "apogee_km = 30000",
            "my.toml:21: apogee_km is \"30000\": object \"missile\" cannot fly so",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = 30000",
            "over that distance the highest apogee is",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = 20",
            "over that distance the lowest apogee is",
        ),
        (
            "range_km = 800",
            "range_km = 0",
            "my.toml:22: range_km is \"0\", expected kilometres over ground above 0",
        ),
        (
            "bearing_deg",
            "bearing_dag",
            "my.toml:23: unknown key \"bearing_dag\" (did you mean bearing_deg?)",
        ),
        (
            "height_m = 200",
            "height_m = -40",
            "my.toml:14: height_m is \"-40\", expected 28 or more metres",
        ),
        (object, "", "[[object]] (what flies) is missing"),
        (
            "end = \"2022",
            "end = \"2023",
            "my.toml:4: end is \"2023-01-29T23:30:00Z\", expected a time after start",
        ),
    ] {
        fs::write(&path, GOOD.replacen(good, bad, 1)).expect("the file can be written");
        let run = trilat(&["simulate", &path, "--out", out.name()]);
        let complaint = text(&run.stderr);
        assert_eq!(run.status.code(), Some(4), "{bad}: {complaint}");
        assert!(complaint.contains(words), "{words} in {complaint}");
        assert!(complaint.contains("Correct the file at the place named"), "{complaint}");
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn wrong_arguments_end_with_2_and_are_named() {
    let out = Folder::new("arguments");
    for (arguments, words) in [
        (
            &["2022-01-30-lofted", "--seed", "abc"][..],
            "--seed <N>': expected a whole number from 0 to",
        ),
        (&["2022-01-30-lofted", "--seed=-1"], "expected a whole number from 0 to"),
        (&["2022-01-30-loftet"], "did you mean 2022-01-30-lofted?"),
        (
            &["2022-01-17-two-figures", "--authority", "FR"],
            "known are \"KR\", \"JP\" (--authority)",
        ),
    ] {
        let run = trilat(&[&["simulate", "--out", out.name()], arguments].concat());
        let complaint = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {complaint}");
        assert!(complaint.contains(words), "{words} in {complaint}");
        assert!(!out.0.exists(), "nothing is made");
    }
    let run = trilat(&["simulate", "2022-01-30-lofted"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("--out"));
}
