//! ADS-B recordings as JSON: positions are read, what is malformed costs only itself, clock faults are named.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::io::Cursor;

use geo::Time;
use plot::Measurement;
use wire::{Format, PlotFile, ReadError, Suspicion, read_plots, write_plots};

fn read(text: &str) -> PlotFile {
    read_plots(Format::AdsbJson, Cursor::new(text.to_owned()), "a.json").unwrap()
}

fn record(stamp_s: u64, lat_deg: f64) -> String {
    format!(
        "{{\"timestamp\":{stamp_s}000,\"latitude\":{lat_deg},\"longitude\":8.5,\"altitude\":1000.0,\
         \"groundspeed\":140.0,\"icao24\":\"4b18b8\",\"onground\":false}}"
    )
}

#[test]
fn positions_are_read_in_metres_and_utc() {
    let text = format!("[{}]", record(1_571_948_485, 47.25));
    let file = read(&text);
    let plot = &file.plots[0];
    let Measurement::Position(fix) = &plot.measurement else {
        panic!("{plot:?}")
    };
    assert_eq!(plot.time, "2019-10-24T20:21:25Z".parse::<Time>().unwrap());
    assert_eq!((&*plot.sensor, plot.target.as_deref()), ("adsb", Some("4b18b8")));
    assert!((fix.geodetic.lat_deg() - 47.25).abs() < 1e-12 && (fix.geodetic.lon_deg() - 8.5).abs() < 1e-12);
    assert!((fix.geodetic.height_m - 304.8).abs() < 1e-9);
    assert_eq!((fix.velocity, file.summary.suspicions.len()), (None, 0));
    // Seconds and text are as good, and so is the height of a satellite receiver, and one object after the other.
    for other in [
        "{\"timestamp\":1571948485,\"latitude\":47.25,\"longitude\":8.5,\"altitude\":1000,\"icao24\":\"4b18b8\"}",
        "\u{feff}{\"timestamp\":\"2019-10-24T20:21:25Z\",\"latitude\":47.25,\"longitude\":8.5,\"altitude\":9,\
         \"geoaltitude\":1000,\"icao24\":\"4b18b8\"}\n",
    ] {
        assert_eq!(read(other).plots, file.plots, "{other}");
    }
}

#[test]
fn what_is_malformed_costs_only_itself() {
    let good = record(1_571_948_485, 47.25);
    for (bad, words) in [
        // No object at all.
        ("7", "a.json:1: \"7\" is no JSON object"),
        ("null", "is no JSON object"),
        // No place, no height, no time.
        (
            "{\"timestamp\":1571948485000,\"icao24\":\"4b18b8\"}",
            "nothing is measured",
        ),
        (
            "{\"timestamp\":1571948485000,\"latitude\":47,\"longitude\":8,\"altitude\":null}",
            "the position has no height_m",
        ),
        (
            "{\"latitude\":47,\"longitude\":8,\"altitude\":1}",
            "time is \"\", expected an RFC 3339 UTC time",
        ),
        // A text for a number, a number beyond its limits, a stamp beyond time, a name that is none.
        (
            "{\"timestamp\":1571948485000,\"latitude\":\"47\"}",
            "no record of ADS-B: invalid type",
        ),
        (
            "{\"timestamp\":1571948485000,\"latitude\":147,\"longitude\":8,\"altitude\":1}",
            "lat_deg is \"147\", expected degrees from -90 to 90",
        ),
        (
            "{\"timestamp\":1e300,\"latitude\":47,\"longitude\":8,\"altitude\":1}",
            "expected a time in the years 1972 to 2261",
        ),
        (
            "{\"timestamp\":1571948485000,\"latitude\":47,\"longitude\":8,\"altitude\":1,\"icao24\":\"a\\u0000\"}",
            "control characters",
        ),
        // A plot of ours under the wrong name.
        (
            "{\"time\":\"2019-10-24T20:21:25Z\",\"sensor\":\"north\",\"range_m\":1}",
            "this is a plot, not a record of ADS-B: name the file .jsonl",
        ),
        // Braces that do not fit, keys that stand twice.
        ("{\"timestamp\":1571948485000,,}", "no record of ADS-B"),
        ("{\"latitude\":1,\"latitude\":2}", "duplicate field"),
    ] {
        let file = read(&format!("[{bad},{good}]"));
        assert_eq!(file.plots.len(), 1, "{bad}");
        assert_eq!(file.summary.refused, 1, "{bad}");
        let message = file.refusals[0].to_string();
        assert!(message.contains(words), "{bad}: {message}");
    }
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    let text = format!("[{},{}]", record(1_571_948_485, 47.25), record(1_571_948_486, 47.26));
    for (length, plots) in [(text.len(), 2), (text.len() - 1, 2), (text.len() - 2, 1), (1, 0)] {
        let file = read(&text[..length]);
        assert_eq!(file.plots.len(), plots, "{length}");
        assert_eq!(file.refusals.len(), usize::from(length < text.len()), "{length}");
        assert!(
            file.refusals.iter().all(|of| of.to_string().contains("it was cut off")),
            "{length}"
        );
    }
    let empty = read_plots(Format::AdsbJson, Cursor::new(""), "a.json");
    assert!(matches!(empty, Err(ReadError::Empty { .. })));
    assert_eq!(read("[]").summary.rows, 0);
}

#[test]
fn clock_faults_are_named() {
    let records = [
        record(1_571_948_485, 47.25),
        record(1_571_948_486, 47.26),
        // The last position once more as new, then a stamp that runs back.
        record(1_571_948_487, 47.26),
        record(1_571_948_484, 47.27),
    ];
    let file = read(&format!("[{}]", records.join(",")));
    let [suspicion] = file.summary.suspicions.as_slice() else {
        panic!("{:?}", file.summary.suspicions)
    };
    let counts = match suspicion {
        Suspicion::Clock {
            repeated,
            backward,
            plots,
            ..
        } => [*repeated, *backward, *plots],
        other => panic!("{other}"),
    };
    assert_eq!(counts, [1, 1, 4]);
    assert!(
        suspicion
            .to_string()
            .starts_with("clock faults of adsb: of 4 plots 1 repeat the last position")
    );
}

#[test]
fn it_is_only_read() {
    let plots = read(&record(1_571_948_485, 47.25)).plots;
    let message = write_plots(Format::AdsbJson, Vec::new(), &plots)
        .unwrap_err()
        .to_string();
    assert!(message.contains("not written as .json"), "{message}");
}
