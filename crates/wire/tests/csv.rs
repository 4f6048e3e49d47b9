//! CSV: what is good is read, what is malformed is refused in words, and the rest goes on.

use plot::Measurement;
use wire::{LINE_BYTES_MAX, PlotReader, ReadError};

const HEADER: &str = "time,sensor,range_m,azimuth_deg,elevation_deg";
const GOOD: &str = "2021-09-09T17:25:00.050Z,north,8076,34.6344,-0.0497";

/// Reads a text; each record is its sensor and range, or the refusal in words.
fn read(text: impl AsRef<[u8]>) -> Vec<Result<plot::Plot, String>> {
    let mut reader = PlotReader::csv(text.as_ref(), "p.csv").expect("a header");
    let records: Vec<_> = reader
        .by_ref()
        .map(|record| record.map_err(|r| r.to_string()))
        .collect();
    let summary = reader.finish().expect("an end");
    assert_eq!(summary.rows, records.len() as u64);
    assert_eq!(summary.refused, records.iter().filter(|r| r.is_err()).count() as u64);
    records
}

fn fatal(text: impl AsRef<[u8]>) -> String {
    match PlotReader::csv(text.as_ref(), "p.csv") {
        Ok(_) => panic!("{:?} was accepted", String::from_utf8_lossy(text.as_ref())),
        Err(error) => error.to_string(),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_bad_record_costs_only_itself() {
    let degrees = "expected degrees from -180 to 360, clockwise from true north";
    let time = "expected an RFC 3339 UTC time such as 2021-09-09T17:25:00.050Z";
    let quote = "a quote that does not enclose one cell, expected \"…\" with \"\" for a quote inside, in one line";
    let name = "expected a name of 1 to 256 bytes without control characters or spaces at its ends";
    let nothing = "nothing is measured, expected range_m, azimuth_deg, elevation_deg or range_rate_mps, or a position";
    let t = "2021-09-09T17:25:00Z";
    let long = "x".repeat(300);
    let cut = "x".repeat(60);
    let table: &[(String, String)] = &[
        // Beyond a turn.
        (
            format!("{t},north,1,361,0"),
            format!("azimuth_deg is \"361\", {degrees}"),
        ),
        // Words that parse as numbers but are none.
        (
            format!("{t},north,1,NaN,0"),
            format!("azimuth_deg is \"NaN\", {degrees}"),
        ),
        (
            format!("{t},north,1,-inf,0"),
            format!("azimuth_deg is \"-inf\", {degrees}"),
        ),
        // Overflows to infinity.
        (
            format!("{t},north,1e999,1,0"),
            "range_m is \"1e999\", expected metres from 0 to 5e8".into(),
        ),
        (
            format!("{t},north,-1,1,0"),
            "range_m is \"-1\", expected metres from 0 to 5e8".into(),
        ),
        (
            format!("{t},north,1,1,-91"),
            "elevation_deg is \"-91\", expected degrees from -90 to 90".into(),
        ),
        // A unit beside the number; a decimal comma in quotes; hexadecimal.
        (
            format!("{t},north,1 m,1,0"),
            "range_m is \"1 m\", expected metres from 0 to 5e8".into(),
        ),
        (
            format!("{t},north,\"1,5\",1,0"),
            "range_m is \"1,5\", expected metres from 0 to 5e8".into(),
        ),
        (
            format!("{t},north,0x10,1,0"),
            "range_m is \"0x10\", expected metres from 0 to 5e8".into(),
        ),
        // A terminal escape must not reach the terminal.
        (
            format!("{t},north,\x1b[2J,1,0"),
            "range_m is \"\\u{1b}[2J\", expected metres from 0 to 5e8".into(),
        ),
        // Times: none, without a zone, local, a day that never was, a leap second that never was, a count of seconds.
        (",north,1,1,0".into(), format!("time is \"\", {time}")),
        (
            "2021-09-09T17:25:00,north,1,1,0".into(),
            format!("time is \"2021-09-09T17:25:00\", {time}"),
        ),
        (
            "2021-09-09T17:25:00+09:00,north,1,1,0".into(),
            format!("time is \"2021-09-09T17:25:00+09:00\", {time}"),
        ),
        (
            "1631208300.05,north,1,1,0".into(),
            format!("time is \"1631208300.05\", {time}"),
        ),
        (
            "2021-02-30T00:00:00Z,north,1,1,0".into(),
            "time is \"2021-02-30T00:00:00Z\", expected a date and a time of day that exist in UTC".into(),
        ),
        (
            "2021-09-09T23:59:60Z,north,1,1,0".into(),
            "time is \"2021-09-09T23:59:60Z\", expected a date and a time of day that exist in UTC".into(),
        ),
        (
            "1969-07-20T20:17:40Z,north,1,1,0".into(),
            "time is \"1969-07-20T20:17:40Z\", expected a time in the years 1972 to 2261".into(),
        ),
        // Sensor names: none, one that fills memory, one that forges a second line of a log.
        (format!("{t},,1,1,0"), format!("sensor is \"\", {name}")),
        (format!("{t},{long},1,1,0"), format!("sensor is \"{cut}…\", {name}")),
        (format!("{t},a\rb,1,1,0"), format!("sensor is \"a\\rb\", {name}")),
        // Nothing measured.
        (format!("{t},north,,,"), nothing.into()),
        // Cells that moved: the number of cells is at fault, not the first that does not fit.
        (format!("{t},north,1,1"), "4 cells, expected 5 as in the header".into()),
        (
            format!("{t},north,,1,1,0"),
            "6 cells, expected 5 as in the header".into(),
        ),
        (",".into(), "2 cells, expected 5 as in the header".into()),
        // Quotes that would swallow the rest of the file, or stand in a cell.
        (format!("{t},\"north,1,1,0"), quote.into()),
        (format!("{t},\"north\"x,1,1,0"), quote.into()),
        (format!("{t},nor\"th,1,1,0"), quote.into()),
        ("\"".into(), quote.into()),
        // A line that must not fill memory.
        (
            "9".repeat(3 * LINE_BYTES_MAX),
            format!("the line is longer than {LINE_BYTES_MAX} bytes"),
        ),
    ];
    for (bad, words) in table {
        let records = read(format!("{HEADER}\n{GOOD}\n{bad}\n{GOOD}\n"));
        let shown = &bad[..bad.len().min(60)];
        assert_eq!(records.len(), 3, "{shown:?}");
        assert!(records[0].is_ok() && records[2].is_ok(), "{shown:?}");
        assert_eq!(
            records[1].as_ref().unwrap_err(),
            &format!("p.csv:3: {words}"),
            "{shown:?}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_cost_their_line() {
    let text = [
        HEADER.as_bytes(),
        b"\n",
        GOOD.as_bytes(),
        b"\n\xff\xfe,north,1,1,0\n",
        GOOD.as_bytes(),
    ]
    .concat();
    let records = read(text);
    assert!(records[0].is_ok() && records[2].is_ok());
    assert_eq!(records[1].as_ref().unwrap_err(), "p.csv:3: the line is not UTF-8 text");
}

#[test]
fn rules_between_cells() {
    let header = "time,sensor,range_m,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,range_sigma_m";
    let t = "2021-09-09T17:25:00Z,ship";
    for (cells, words) in [
        (
            "1,36,127,0,,,,",
            "both a line of sight and a position are given, expected one of them in a record",
        ),
        (
            "1,,,,1,1,1,",
            "both a line of sight and a position are given, expected one of them in a record",
        ),
        (
            ",36,,0,,,,",
            "the position has no lon_deg, expected lat_deg, lon_deg and height_m together",
        ),
        (
            ",36,127,,,,,",
            "the position has no height_m, expected lat_deg, lon_deg and height_m together",
        ),
        (
            ",36,127,0,1,,1,",
            "the velocity has no north_mps, expected east_mps, north_mps and up_mps together",
        ),
        (
            ",,,,1,1,1,",
            "a velocity without a position, expected lat_deg, lon_deg and height_m too",
        ),
        (
            ",36,127,0,1,1,3e4,",
            "up_mps is \"3e4\", expected metres per second from -20000 to 20000",
        ),
    ] {
        let records = read(format!("{header}\n{t},{cells}\n"));
        assert_eq!(
            records[0].as_ref().unwrap_err(),
            &format!("p.csv:2: {words}"),
            "{cells}"
        );
    }
    // A sigma of what is not measured is allowed.
    assert!(read(format!("{header}\n{t},,36,127,0,1,2,3,5\n"))[0].is_ok());
}

#[test]
fn harmless_differences_are_accepted() {
    let plain = read(format!("{HEADER}\n{GOOD}\n"));
    for text in [
        // No line end at the last line; CRLF; blank lines; a byte order mark.
        format!("{HEADER}\n{GOOD}"),
        format!("{HEADER}\r\n{GOOD}\r\n\r\n"),
        format!("\n\n{HEADER}\n\n  \n{GOOD}\n\n\n"),
        format!("\u{feff}{HEADER}\n{GOOD}\n"),
        // Spaces around cells, quotes around cells, +00:00 for Z, another way to write numbers.
        " time , sensor,range_m ,azimuth_deg,elevation_deg\n 2021-09-09T17:25:00.050Z ,\tnorth, +8.076e3,34.6344, -.0497\n"
            .into(),
        "\"time\",\"sensor\",\"range_m\",\"azimuth_deg\",\"elevation_deg\"\n\
         \"2021-09-09T17:25:00.050000000+00:00\",\"north\" , \"8076.0\",\"34.6344\",\" -0.0497\"\n"
            .into(),
        // Another order of columns, and empty ones.
        "snr_db,elevation_deg,azimuth_deg,range_m,target,sensor,time\n,-0.0497,34.6344,8076,,north,2021-09-09 17:25:00.05Z"
            .into(),
    ] {
        assert_eq!(read(&text), plain, "{text:?}");
    }
}

#[test]
fn quotes_hold_commas_and_quotes() {
    let records = read("time,sensor,range_m,target\n2021-09-09T17:25:00Z,\"a,\"\"b\"\"\",1,\"\"\"\"\n");
    let plot = records[0].as_ref().unwrap();
    assert_eq!(&*plot.sensor, "a,\"b\"");
    assert_eq!(plot.target.as_deref(), Some("\""));
}

#[test]
fn azimuth_and_longitude_are_turned() {
    let records = read("time,sensor,azimuth_deg\n2021-09-09T17:25:00Z,a,-90\n2021-09-09T17:25:00Z,a,360\n");
    let azimuth_deg = |i: usize| match records[i].as_ref().unwrap().measurement {
        Measurement::Polar(polar) => polar.azimuth_rad.unwrap().to_degrees(),
        Measurement::Position(_) => panic!("polar"),
    };
    assert_eq!((azimuth_deg(0), azimuth_deg(1)), (270.0, 0.0));
    let records = read("time,sensor,lat_deg,lon_deg,height_m\n2021-09-09T17:25:00Z,a,33,253.5,0\n");
    match records[0].as_ref().unwrap().measurement {
        Measurement::Position(fix) => assert!((fix.geodetic.lon_deg() + 106.5).abs() < 1e-12),
        Measurement::Polar(_) => panic!("a position"),
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let known = "known are time, sensor, range_m, azimuth_deg";
    for (text, words) in [
        (
            &b""[..],
            "p.csv: the file is empty, expected a header such as time,sensor,range_m",
        ),
        (b"\xef\xbb\xbf\n  \n", "p.csv: the file is empty"),
        (
            b"time,sensor,range_m,azimut_deg\n",
            "unknown column \"azimut_deg\" (did you mean azimuth_deg?)",
        ),
        (b"time,sensor,range_m,azimut_deg\n", known),
        (b"time,sensor,range_m,\n", "unknown column \"\""),
        (b"time,sensor,range_m,range_m\n", "the column range_m stands twice"),
        (b"sensor,range_m\n", "the column time is missing"),
        (b"time,range_m\n", "the column sensor is missing"),
        (b"time,sensor\n", "no column holds a measurement"),
        (
            b"time,sensor,east_mps,north_mps,up_mps\n",
            "no column holds a measurement",
        ),
        (b"time;sensor;range_m\n", "separated by ';', expected commas"),
        (b"time\tsensor\trange_m\n", "separated by '\\t', expected commas"),
        (
            b"2021-09-09T17:25:00Z,north,1,1,1\n",
            "p.csv:1: \"2021-09-09T17:25:00Z\" is no header",
        ),
        (b"\n1,2,3\n", "p.csv:2: \"1\" is no header"),
        (b"\xff\xfet\0i\0m\0e\0", "UTF-16"),
        (b"PAR1\x15\x04\x15\xff", "Parquet"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"time,sensor,\"range_m\n", "unknown column"),
    ] {
        let message = fatal(text);
        assert!(message.contains(words), "{message}");
    }
    assert!(fatal("x".repeat(2 * LINE_BYTES_MAX)).contains("at most 65536 bytes"));
}

#[test]
fn a_reader_that_breaks_ends_the_file_and_says_so() {
    struct Broken(usize);
    impl std::io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => {
                    let text = format!("{HEADER}\n{GOOD}\n");
                    buffer[..text.len()].copy_from_slice(text.as_bytes());
                    Ok(text.len())
                }
                _ => Err(std::io::Error::other("the disk is gone")),
            }
        }
    }
    let mut reader = PlotReader::csv(std::io::BufReader::new(Broken(0)), "p.csv").unwrap();
    assert_eq!(reader.by_ref().count(), 1);
    assert!(reader.next().is_none());
    let error = reader.finish().unwrap_err();
    assert!(matches!(error, ReadError::Io { .. }));
    assert_eq!(error.to_string(), "p.csv: the disk is gone");
}

#[test]
fn the_summary_counts_and_suspects() {
    let mut text = format!("{HEADER}\n");
    for i in 0..30 {
        // south in radians, north in degrees.
        text += &format!(
            "2021-09-09T17:25:{i:02}Z,south,9000,{},{}\n",
            f64::from(i) * 0.2,
            f64::from(i) * 0.05
        );
        text += &format!("2021-09-09T17:25:{i:02}Z,north,9000,{},{}\n", i * 3, i);
    }
    text += "2021-09-09T17:25:00Z,east,-1,0,0\n";
    let mut reader = PlotReader::csv(text.as_bytes(), "p.csv").unwrap();
    reader.by_ref().for_each(drop);
    let summary = reader.finish().unwrap();
    assert_eq!((summary.rows, summary.plots, summary.refused), (61, 60, 1));
    let names: Vec<_> = summary.sensors.iter().map(|s| (&*s.name, s.plots)).collect();
    assert_eq!(names, [("south", 30), ("north", 30)]);
    let (first, last) = summary.span.unwrap();
    assert_eq!(last - first, 29.0);
    let words: Vec<_> = summary.suspicions.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(
        words[0].starts_with("azimuth_deg and elevation_deg of south look like radians"),
        "{words:?}"
    );
}

#[test]
fn pressure_altitude_stands_beside_a_line_of_sight_only() {
    let header = "time,sensor,range_m,lat_deg,lon_deg,height_m,pressure_altitude_m";
    let t = "2021-09-09T17:25:00Z,ssr";
    let both = "both a line of sight and a position are given, expected one of them in a record";
    let nothing = "nothing is measured, expected range_m, azimuth_deg, elevation_deg or range_rate_mps, or a position";
    for (cells, words) in [
        (",36,127,0,9000", both),
        (",,,,9000", nothing),
        (
            "1,,,,60000",
            "pressure_altitude_m is \"60000\", expected metres from -2000 to 50000",
        ),
    ] {
        let records = read(format!("{header}\n{t},{cells}\n"));
        assert_eq!(
            records[0].as_ref().unwrap_err(),
            &format!("p.csv:2: {words}"),
            "{cells}"
        );
    }
    let records = read(format!("{header}\n{t},1,,,,9000\n"));
    let Measurement::Polar(polar) = records[0].as_ref().expect("a plot").measurement else {
        panic!("a line of sight");
    };
    assert_eq!(polar.pressure_altitude_m, Some(9000.0));
}
