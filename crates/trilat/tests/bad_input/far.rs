//! Flights that go where maps and clocks turn: very high, over the pole, across the date line.

use flight::Trajectory;
use geo::Geodetic;

use super::scene::radar::{Radar, csv, radar};
use super::scene::run::{corners, path_json};
use super::scene::{Launch, apogee, check, medium, seen};

fn found(name: &str, flight: &Trajectory, radars: &[Radar], span_s: [f64; 2], every_s: f64) {
    let folder = super::scene::run::Folder::new(&format!("{name}-out"));
    let (ephemeris, report) = (folder.path("out.csv"), folder.path("out.html"));
    let rows = seen(radars, flight, span_s, every_s, 1);
    let more = ["--ephemeris", ephemeris.as_str(), "--report", report.as_str()];
    let object = path_json(name, &csv(&rows), radars, &more).object();
    check::agrees(&object, flight);
    for what in ["launch", "arrival"] {
        for region in ["region", "region_50"] {
            corners(&object[what][region]["polygon"]);
        }
    }
    let lines = std::fs::read_to_string(&ephemeris).expect("an ephemeris");
    let seconds = (flight.end() - super::scene::launch_time() - span_s[0]) as usize;
    assert!(
        lines.lines().count() > seconds * 9 / 10,
        "{} lines of {seconds} s",
        lines.lines().count()
    );
    assert!(!lines.contains("NaN") && !lines.contains("inf"));
    assert!(!std::fs::read_to_string(&report).expect("a report").contains("NaN"));
}

#[test]
fn a_lofted_flight_of_73_minutes() {
    let launch = Launch {
        burn_s: 180.0,
        acceleration_mps2: [36.0, 69.0],
        elevation_deg: 82.0,
        ..medium()
    };
    let radars = [radar("west", 30.2, -41.5), radar("east", 31.0, -36.0)];
    let flight = launch.fly();
    let (height_m, span_s) = (apogee(&flight).1.height_m, flight.end() - flight.start());
    assert!((5.5e6..6.5e6).contains(&height_m), "{height_m} m, {span_s} s");
    found("lofted", &flight, &radars, [185.0, 1200.0], 2.0);
}

#[test]
fn a_flight_across_the_pole() {
    let launch = Launch {
        at: Geodetic::from_degrees(88.0, 30.0, 0.0),
        azimuth_deg: 355.0,
        ..medium()
    };
    let radars = [radar("a", 87.0, 20.0), radar("b", 88.5, 90.0)];
    found("pole", &launch.fly(), &radars, [70.0, 300.0], 1.0);
}

#[test]
fn a_flight_across_the_date_line() {
    let launch = Launch {
        at: Geodetic::from_degrees(10.0, 177.0, 0.0),
        azimuth_deg: 95.0,
        ..medium()
    };
    let radars = [radar("a", 9.0, 176.5), radar("b", 11.0, -179.0)];
    found("date-line", &launch.fly(), &radars, [70.0, 300.0], 1.0);
}
