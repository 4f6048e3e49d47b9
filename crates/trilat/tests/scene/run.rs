//! The built program, run in a folder of its own, and what it answered.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use geo::{Geodetic, Time};
use serde_json::Value;

use super::radar::{Radar, toml};

/// Longer than this is a hang. A run takes under a second; the rest is for busy machines.
const HANG: Duration = Duration::from_secs(30);

/// A folder for one test, gone when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bad-input-{name}"));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.0.join(name), content).expect("the file can be written");
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// What the program answered.
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the program. A panic, a signal or a hang fails the test.
#[expect(
    clippy::print_stdout,
    reason = "shown when a test fails, or with --nocapture: read it aloud"
)]
pub fn trilat(arguments: &[&str]) -> Answer {
    let child = Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the built program runs");
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    let out = wait.recv_timeout(HANG).expect("the program ends").expect("its output");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    let answer = Answer {
        code: out.status.code().expect("no signal ended it"),
        stdout: text(out.stdout),
        stderr: text(out.stderr),
    };
    assert!(
        answer.code != 101 && !answer.stderr.contains("panicked"),
        "{}",
        answer.stderr
    );
    println!(
        "{arguments:?}
{}{}",
        brief(&answer.stdout),
        answer.stderr
    );
    answer
}

/// The answer without the long lists of numbers.
fn brief(stdout: &str) -> String {
    let is_number = |line: &&str| {
        let line = line.trim().trim_end_matches(',');
        !line.is_empty() && (line.parse::<f64>().is_ok() || matches!(line, "[" | "]" | "{" | "}"))
    };
    stdout
        .lines()
        .filter(|l| !is_number(l))
        .map(|l| format!("{l}\n"))
        .collect()
}

/// Runs `path --json` on a file of plots, with further arguments.
pub fn path_json(name: &str, plots: &str, radars: &[Radar], more: &[&str]) -> Answer {
    let folder = Folder::new(name);
    let (plots, sensors) = (
        folder.file("plots.csv", plots),
        folder.file("sensors.toml", &toml(radars)),
    );
    let mut arguments = vec![
        "path",
        &plots,
        "--sensors",
        &sensors,
        "--json",
        "--ground-height-m",
        "0",
    ];
    arguments.extend(more);
    let answer = trilat(&arguments);
    answer.json();
    answer
}

impl Answer {
    /// What stands on standard output, which is JSON whatever happened.
    pub fn json(&self) -> Value {
        let json: Value = serde_json::from_str(&self.stdout).expect("valid JSON on standard output");
        assert!(
            json["objects"].is_array() && json["no_path"].is_array(),
            "{}",
            self.stdout
        );
        json
    }

    /// The objects that have a path.
    pub fn objects(&self) -> Vec<Value> {
        self.json()["objects"].as_array().cloned().unwrap_or_default()
    }

    /// The one object there must be.
    pub fn object(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        let objects = self.objects();
        assert_eq!(objects.len(), 1, "one object expected: {}", self.stdout);
        objects[0].clone()
    }

    /// The reasons of the objects that have none, one a line; also on standard error.
    pub fn reasons(&self) -> String {
        let json = self.json();
        let all = json["no_path"].as_array().cloned().unwrap_or_default();
        let reasons: Vec<_> = all
            .iter()
            .map(|o| o["reason"].as_str().unwrap_or("").to_owned())
            .collect();
        reasons.join("\n")
    }

    /// Checks that there is no path, that exit code and texts say so, and returns the reasons.
    pub fn no_path(&self) -> String {
        assert_eq!(self.code, 3, "{}\n{}", self.stdout, self.stderr);
        assert!(self.objects().is_empty(), "{}", self.stdout);
        let reasons = self.reasons();
        assert!(
            !reasons.is_empty() && reasons.lines().all(|r| self.stderr.contains(r)),
            "{}",
            self.stderr
        );
        reasons
    }
}

/// A number of an object.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// A time of an object.
pub fn time(value: &Value) -> Time {
    let text = value.as_str().unwrap_or_else(|| panic!("no time: {value}"));
    text.parse().expect("a time")
}

/// Whether a ring `[[lon, lat], …]` holds a place; longitudes near each other.
pub fn holds(ring: &Value, place: Geodetic) -> bool {
    let corners = corners(ring);
    let lat = place.lat_deg();
    let lon = place.lon_deg() + 360.0 * ((corners[0][0] - place.lon_deg()) / 360.0).round();
    let mut inside = false;
    for pair in corners.windows(2) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        if (y0 > lat) != (y1 > lat) && lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0 {
            inside = !inside;
        }
    }
    inside
}

/// The corners of a ring, checked: closed, finite, and no side longer than 90° of longitude.
pub fn corners(ring: &Value) -> Vec<[f64; 2]> {
    let list = ring.as_array().expect("a ring");
    let corners: Vec<[f64; 2]> = list.iter().map(|c| [number(&c[0]), number(&c[1])]).collect();
    assert!(corners.len() >= 4 && corners.first() == corners.last(), "{ring}");
    for pair in corners.windows(2) {
        assert!((pair[1][0] - pair[0][0]).abs() < 90.0, "the ring jumps: {pair:?}");
    }
    assert!(corners.iter().all(|c| c[1].abs() <= 90.0), "{ring}");
    corners
}
