//! `trilat track`, the built program: what it prints, what it writes, what it refuses.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

fn shown(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// Simulated plots of a scenario in a folder of their own, and their sensors.
fn simulated(folder: &str) -> (PathBuf, PathBuf) {
    simulated_of("2022-01-17-two-figures", folder)
}

fn simulated_of(scenario: &str, folder: &str) -> (PathBuf, PathBuf) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    // What a run before has left there is in the way.
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    let out = trilat(&["simulate", scenario, "--seed", "3", "--out", shown(&folder)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    (folder.join("plots.csv"), folder.join("sensors.toml"))
}

#[test]
fn two_missiles_are_two_tracks() {
    let (plots, sensors) = simulated("track-two");
    let out = trilat(&["track", shown(&plots), "--sensors", shown(&sensors), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found: Value = serde_json::from_slice(&out.stdout).expect("the program prints JSON");
    let tracks = found["tracks"].as_array().expect("a list");
    let long = tracks.iter().filter(|track| track["rows"].as_u64() > Some(100));
    assert_eq!(long.count(), 2, "{found}");
    let printed = text(&trilat(&["track", shown(&plots), "--sensors", shown(&sensors)]).stdout);
    for track in tracks.iter().filter(|track| track["rows"].as_u64() > Some(100)) {
        assert!(track["arrival"]["major_m"].as_f64() < Some(20e3), "{track}");
        assert!(track["launch"]["probability"].as_f64() == Some(0.95), "{track}");
    }
    for word in ["plots of", "boost", "down", "arrives within"] {
        assert!(printed.contains(word), "{word} in\n{printed}");
    }
}

/// A plot that is older than the lag when it comes is counted and kept, and changes no track.
#[test]
fn what_comes_too_late_is_kept() {
    let (plots, sensors) = simulated("track-late");
    let content = std::fs::read_to_string(&plots).expect("it was written");
    let lines: Vec<&str> = content.lines().collect();
    let (header, early, rest) = (lines[0], lines[40], [&lines[1..40], &lines[41..]].concat());
    let folder = plots.parent().expect("a folder");
    let write = |name: &str, lines: &[&str]| {
        let path = folder.join(name);
        std::fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).expect("the folder is there");
        path
    };
    let without = write("without.csv", &rest);
    let last = write("last.csv", &[&rest[..], &[early]].concat());
    let tracks = |input: &Path, name: &str| {
        let (out, late) = (folder.join(name), folder.join("late.jsonl"));
        let files = ["--out", shown(&out), "--late", shown(&late), "--lag-s", "5"];
        let arguments = ["track", shown(input), "--sensors", shown(&sensors)];
        let done = trilat(&[&arguments[..], &files[..]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        let read = |path: PathBuf| std::fs::read_to_string(path).expect("it was written");
        (read(out), read(late), text(&done.stdout))
    };
    let (alone, none, _) = tracks(&without, "without-tracks.csv");
    let (with, kept, said) = tracks(&last, "last-tracks.csv");
    assert!(alone == with, "a plot that is too late changes tracks");
    assert!(said.contains(", 1 too late"), "{said}");
    let time = early.split(',').next().expect("a time");
    assert_eq!((none.lines().count(), kept.lines().count()), (0, 1), "{none}\n{kept}");
    assert!(kept.contains(time), "{kept}");
}

/// A recording is known by what it holds, or as what it is said to be, whatever its name.
#[test]
fn a_name_need_not_say_what_a_file_holds() {
    let (plots, sensors) = simulated("track-format");
    let other = plots.with_extension("txt");
    std::fs::copy(&plots, &other).expect("the folder is there");
    let arguments = ["track", shown(&other), "--sensors", shown(&sensors)];
    let refused = trilat(&arguments);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--format"), "{}", text(&refused.stderr));
    let taken = trilat(&[&arguments[..], &["--format", "csv"]].concat());
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    // CAT034 of 25/11, a north marker, as octets: no plot, but an ASTERIX recording.
    let recording = plots.with_extension("bin");
    std::fs::write(&recording, [34, 0, 11, 0xe0, 25, 11, 1, 0x40, 0, 0, 0x10]).expect("the folder is there");
    let silent = trilat(&["track", shown(&recording), "--sensors", shown(&sensors)]);
    assert_eq!(silent.status.code(), Some(4), "{}", text(&silent.stderr));
    assert!(!text(&silent.stderr).contains("--format"), "{}", text(&silent.stderr));
}

/// The same plots in another order give the same file, byte by byte, with every association.
#[test]
fn any_order_of_lines_gives_the_same_file() {
    let (plots, sensors) = simulated("track-order");
    let content = std::fs::read_to_string(&plots).expect("it was written");
    let (header, lines) = content.split_once('\n').expect("a header");
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.reverse();
    let other = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("track-turned.csv");
    std::fs::write(&other, format!("{header}\n{}\n", turned.join("\n"))).expect("the folder is there");
    for method in ["gnn", "lbp", "exact", "mht"] {
        let written = |input: &Path, name: &str| {
            let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
            let arguments = ["track", shown(input), "--sensors", shown(&sensors)];
            let done = trilat(&[&arguments[..], &["--association", method, "--out", shown(&out)]].concat());
            assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
            std::fs::read(out).expect("it was written")
        };
        let (one, two) = (written(&plots, "track-one.csv"), written(&other, "track-two.csv"));
        let content = text(&one);
        for kind in [",forecast,", ",launch,", ",coast,"] {
            assert!(content.contains(kind), "{method}: no {kind}");
        }
        assert!(
            one.len() > 10_000 && one == two,
            "{method}: {} and {} bytes",
            one.len(),
            two.len()
        );
    }
}

/// Parses what the program writes of two missiles for `--out` with an ending.
fn written_json(name: &str) -> Value {
    let (plots, sensors) = simulated(&format!("track-{name}"));
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("track-out.{name}"));
    let done = trilat(&[
        "track",
        shown(&plots),
        "--sensors",
        shown(&sensors),
        "--out",
        shown(&out),
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    serde_json::from_slice(&std::fs::read(out).expect("it was written")).expect("it is JSON")
}

/// Every track has a line, a last place at its end, and a region about that place (RFC 7946).
#[test]
fn tracks_for_a_map() {
    let collection = written_json("geojson");
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().expect("a list");
    let parts = |part: &str| {
        features
            .iter()
            .filter(|f| f["properties"]["part"] == part)
            .collect::<Vec<_>>()
    };
    let (lines, lasts, regions) = (parts("line"), parts("last"), parts("region"));
    assert!(lines.len() >= 2 && lines.len() == lasts.len() && lasts.len() == regions.len());
    for ((line, last), region) in lines.iter().zip(lasts).zip(regions) {
        assert_eq!(line["geometry"]["type"], "LineString");
        let points = line["geometry"]["coordinates"].as_array().expect("points");
        assert_eq!(points.last(), Some(&last["geometry"]["coordinates"]));
        assert!(
            points
                .iter()
                .all(|point| (38.0..45.0).contains(&point[1].as_f64().unwrap()))
        );
        let ring = region["geometry"]["coordinates"][0].as_array().expect("a ring");
        assert!(ring.len() > 20 && ring.first() == ring.last());
        let (mut sum, mut middle) = (0.0, [0.0; 2]);
        for (a, b) in ring.iter().zip(&ring[1..]) {
            let [ax, ay, bx, by] = [&a[0], &a[1], &b[0], &b[1]].map(|value| value.as_f64().unwrap());
            sum += ax * by - bx * ay;
            middle = [middle[0] + ax, middle[1] + ay];
        }
        assert!(sum > 0.0, "anticlockwise");
        for axis in 0..2 {
            let place = last["geometry"]["coordinates"][axis].as_f64().unwrap();
            assert!((middle[axis] / (ring.len() - 1) as f64 - place).abs() < 0.01);
        }
        let properties = &line["properties"];
        assert!(properties["existence"].as_f64() > Some(0.5) && properties["plots"].as_u64() > Some(2));
        assert!(properties["first_time"].as_str() < properties["last_time"].as_str());
        assert_eq!(properties["name"].as_str().map(str::len), Some(9));
        assert!(properties["phase"].is_string());
    }
}

/// A packet for each track, with colours that follow one another without gaps.
#[test]
fn tracks_for_a_globe() {
    let document = written_json("czml");
    let packets = document.as_array().expect("packets");
    assert_eq!(packets[0]["id"], "document");
    assert!(packets.len() >= 3);
    let mut changes = 0;
    for packet in &packets[1..] {
        let degrees = packet["position"]["cartographicDegrees"].as_array().expect("numbers");
        let seconds: Vec<f64> = degrees.iter().step_by(4).map(|value| value.as_f64().unwrap()).collect();
        assert!(degrees.len() % 4 == 0 && seconds.windows(2).all(|pair| pair[0] < pair[1]));
        if let Some(parts) = packet["point"]["color"].as_array() {
            let ends = |part: &Value| {
                let interval = part["interval"].as_str().unwrap().to_owned();
                interval
                    .split_once('/')
                    .map(|(from, to)| (from.to_owned(), to.to_owned()))
                    .unwrap()
            };
            assert!(parts.windows(2).all(|pair| ends(&pair[0]).1 == ends(&pair[1]).0));
            changes += parts.len() - 1;
        }
    }
    assert!(changes >= 2, "boost and coast");
}

fn made(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("the folder is there");
    path
}

/// Where nobody says where a sensor stands, what to write is printed, and is enough once its blanks are filled.
#[test]
fn sensors_that_nobody_describes_are_asked_for() {
    let plots = "time,sensor,range_m,azimuth_deg\n\
                 2022-01-30T00:00:00Z,north,90000,10\n\
                 2022-01-30T00:00:04Z,north,90500,10\n";
    let plots = made("track-undescribed.csv", plots.as_bytes());
    let out = trilat(&["track", shown(&plots), "--json"]);
    assert_eq!(out.status.code(), Some(4), "{}", text(&out.stderr));
    let error = serde_json::from_slice::<Value>(&out.stdout).expect("JSON")["error"].clone();
    assert_eq!(error.as_str().map(|words| words.contains("[[sensor]]")), Some(true));
    let said = text(&out.stderr);
    assert!(said.contains("nothing says where north stands"), "{said}");
    let stanza = &said[said.find("[[sensor]]").expect("a stanza")..said.find("  Save this").expect("advice")];
    assert!(stanza.matches('?').count() >= 6, "{stanza}");
    let filled = made(
        "track-undescribed.toml",
        stanza.replace("\"?\"", "\"us\"").replace('?', "5").as_bytes(),
    );
    let out = trilat(&["track", shown(&plots), "--sensors", shown(&filled)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
}

/// Positions need no place of who reports them; a radar that sends its own place is taken at its word.
#[test]
fn sensors_that_say_enough_need_no_file() {
    let line = |i: i32| {
        format!(
            "2022-01-30T00:00:{i:02}Z,ads-b,{:.5},5,10000,20\n",
            50.0 + 0.002 * f64::from(i)
        )
    };
    let lines: String = (0..40).map(line).collect();
    let header = "time,sensor,lat_deg,lon_deg,height_m,position_sigma_m\n";
    let plots = made("track-positions.csv", format!("{header}{lines}").as_bytes());
    let out = trilat(&["track", shown(&plots), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(found["tracks"].as_array().map(Vec::len), Some(1), "{found}");

    // A CAT034 record of 25-201 with its place, and a CAT048 record of the same source.
    let bytes = [
        0x22, 0x00, 0x13, 0xe1, 0x10, 0x19, 0xc9, 0x01, 0x35, 0x6d, 0x4d, 0x00, 0x64, 0x20, 0x00, 0x00, 0x0a, 0x00,
        0x00, 0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02,
        0x00, 0x05, 0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc,
        0x00, 0x00, 0x40, 0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
    ];
    let radar = made("track-stated.ast", &bytes);
    let out = trilat(&["track", shown(&radar), "--date", "2016-05-05"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(
        text(&out.stderr).contains("25-201 stands where it says itself"),
        "{}",
        text(&out.stderr)
    );
    assert!(text(&out.stdout).contains("of 1 plots"), "{}", text(&out.stdout));
    // Without its place the same record is not enough.
    let bare = made("track-unstated.ast", &bytes[19..]);
    let out = trilat(&["track", shown(&bare), "--date", "2016-05-05"]);
    assert_eq!(out.status.code(), Some(4), "{}", text(&out.stderr));
    assert!(
        text(&out.stderr).contains("sac = 25\nsic = 201"),
        "{}",
        text(&out.stderr)
    );
}

#[test]
fn what_cannot_be_tracked_is_refused() {
    let (plots, sensors) = simulated("track-bad");
    let table: [(&[&str], i32, &str); 5] = [
        (
            &["track", shown(&plots), "--sensors", shown(&sensors), "--out", "t.xml"],
            2,
            ".czml or .geojson",
        ),
        (&["track", "none.csv", "--sensors", shown(&sensors)], 1, "none.csv"),
        (&["track", shown(&plots), "--sensors", "none.toml"], 1, "none.toml"),
        (
            &["track", shown(&plots), "--sensors", shown(&sensors), "--lag-s", "soon"],
            2,
            "seconds, such as 60",
        ),
        (
            &[
                "track",
                shown(&plots),
                "--sensors",
                shown(&sensors),
                "--association",
                "best",
            ],
            2,
            "gnn",
        ),
    ];
    for (arguments, code, word) in table {
        let out = trilat(arguments);
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {}", text(&out.stderr));
        assert!(text(&out.stderr).contains(word), "{word} in {}", text(&out.stderr));
    }
}

/// Distances here, distances there, directions elsewhere: no owner has a track, and together they have one.
#[test]
fn what_no_owner_finds_alone_all_find_together() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("track-alone");
    let out = trilat(&["simulate", "alone-none", "--seed", "3", "--out", shown(&folder)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let (plots, sensors) = (folder.join("plots.csv"), folder.join("sensors.toml"));
    let tracks = |owner: &[&str]| {
        let arguments = ["track", shown(&plots), "--sensors", shown(&sensors), "--json"];
        let out = trilat(&[&arguments[..], owner].concat());
        assert_ne!(out.status.code(), Some(2), "{}", text(&out.stderr));
        let found: Value = serde_json::from_slice(&out.stdout).expect("the program prints JSON");
        found["tracks"].as_array().expect("a list").clone()
    };
    for owner in ["KR", "JP", "US"] {
        assert!(tracks(&["--owner", owner]).is_empty(), "{owner}");
    }
    let together = tracks(&[]);
    assert_eq!(together.len(), 1, "{together:?}");
    assert!(together[0]["rows"].as_u64() > Some(2_000), "{together:?}");
}

/// One owner sends tracklets of its tracks, or estimates where it makes none; another takes them in, and a row that
/// says too little is refused by file, track and reason.
#[test]
fn tracks_of_partners_are_written_and_taken_in() {
    let (plots, sensors) = simulated_of("2022-01-30-lofted", "track-partner");
    let exact = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("track-partner-exact.toml");
    // Constant errors that are small beside noise: else there are no tracklets.
    let small = |line: &str| match line.split_once(" = ") {
        Some((key, _)) if key.contains("_bias_sigma") => format!("{key} = 1e-6\n"),
        _ => format!("{line}\n"),
    };
    let described = std::fs::read_to_string(&sensors).expect("it was written");
    std::fs::write(&exact, described.lines().map(small).collect::<String>()).expect("the folder is there");
    let run = |arguments: &[&str]| {
        let done = trilat(&[&["track", shown(&plots)], arguments].concat());
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        (text(&done.stdout), text(&done.stderr))
    };
    let sent = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("jp.csv");
    for (described, kind) in [(&exact, "tracklet"), (&sensors, "update")] {
        let common = ["--sensors", shown(described), "--owner"];
        run(&[&common[..], &["JP", "--tracklets-s", "5", "--out", shown(&sent)]].concat());
        let rows = std::fs::read_to_string(&sent).expect("it was written");
        let of_kind = rows.lines().filter(|row| row.contains(&format!(",{kind},"))).count();
        assert!(of_kind > 5, "{of_kind} rows of {kind}");
        assert_eq!(rows.contains(",tracklet,"), kind == "tracklet");
        let (found, _) = run(&[&common[..], &["KR", "--partner", shown(&sent), "--json"]].concat());
        let found: Value = serde_json::from_str(&found).expect("the program prints JSON");
        let by_partner = |track: &&Value| track["sensors"].to_string().contains("tracks of jp");
        let tracks = found["tracks"].as_array().expect("a list");
        assert!(tracks.iter().filter(by_partner).count() >= 1, "{found}");
    }
    let (header, line) = (
        "time,track,kind,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps",
        "a,tracklet,40,128,9e4,1,2,3",
    );
    std::fs::write(&sent, format!("{header}\n2022-01-30T00:00:00Z,{line}\n")).expect("the folder is there");
    let (_, told) = run(&["--sensors", shown(&sensors), "--partner", shown(&sent)]);
    assert!(
        told.contains("jp.csv") && told.contains("of track a: it has no covariance"),
        "{told}"
    );
    let missing = trilat(&[
        "track",
        shown(&plots),
        "--sensors",
        shown(&sensors),
        "--partner",
        "nowhere.csv",
    ]);
    assert_eq!(missing.status.code(), Some(1), "{}", text(&missing.stderr));
}

/// An ADS-B recording as JSON needs no sensor file; that an old position goes on as new is said of it.
#[test]
fn aircraft_of_a_json_recording_are_tracked() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("track-adsb");
    std::fs::create_dir_all(&folder).expect("a folder");
    let record = |second: u32, of: u32| {
        format!(
            "{{\"timestamp\":{},\"latitude\":{},\"longitude\":8.5,\"altitude\":10000,\"groundspeed\":400,\"icao24\":\"4b18b8\"}}",
            1_571_948_485_000_u64 + u64::from(second) * 1_000,
            47.0 + f64::from(of) * 0.00185
        )
    };
    // Two minutes of flight, and its end three times more.
    let records: Vec<String> = (0..123).map(|second: u32| record(second, second.min(119))).collect();
    let file = folder.join("one.json");
    std::fs::write(&file, format!("[{}]", records.join(","))).expect("a file");
    let out = trilat(&["track", shown(&file)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(text(&out.stdout).starts_with("1 track of"), "{}", text(&out.stdout));
    let said = text(&out.stderr);
    assert!(said.contains("of 123 plots 3 repeat the last position"), "{said}");
}

/// How the plots of each sensor scatter is said in JSON and on the page, in the units of the sensor file.
#[test]
fn how_sensors_scatter_is_said() {
    let (plots, sensors) = simulated_of("2022-10-04-over-japan", "track-sigmas");
    let page = plots.with_file_name("page.html");
    let out = trilat(&[
        "track",
        shown(&plots),
        "--sensors",
        shown(&sensors),
        "--json",
        "--report",
        shown(&page),
    ]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found: Value = serde_json::from_slice(&out.stdout).expect("the program prints JSON");
    let list = found["sensors"].as_array().expect("a list").iter();
    let sigmas: Vec<&Value> = list.flat_map(|of| of["sigmas"].as_array().expect("a list")).collect();
    let azimuth = sigmas.iter().find(|of| of["of"] == "azimuth").expect("an azimuth");
    assert_eq!(azimuth["unit"], "deg");
    assert!(
        (0.001..1.0).contains(&azimuth["seen"].as_f64().expect("a number")),
        "{azimuth}"
    );
    let page = std::fs::read_to_string(&page).expect("the page");
    assert!(
        page.contains("Scatters by, as learnt") && page.contains("azimuth 0."),
        "{sigmas:?}"
    );
}
