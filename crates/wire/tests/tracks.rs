//! Track and truth files: what is written is read again, and what is malformed is refused with its place.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::io::Cursor;
use std::sync::Arc;

use geo::{Geodetic, Time, Velocity};
use proptest::prelude::*;
use wire::tracks::{COLUMNS, Region, RowKind, TrackRow, TrackWriter, read_tracks};
use wire::truths::read_truths;
use wire::{ReadError, TableFormat, WriteError};

const FORMATS: [TableFormat; 2] = [TableFormat::Csv, TableFormat::Parquet];

fn name() -> impl Strategy<Value = Arc<str>> {
    "[a-zA-Z0-9 ,\"äß-]{1,12}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("a name", |text| !text.is_empty())
        .prop_map(Arc::from)
}

prop_compose! {
    fn region()(
        way in name(),
        shares in prop::array::uniform2(0.0..=1.0),
        times_s in prop::array::uniform3(-5e3..5e3),
        axes_m in prop::array::uniform2(0.0..1e6),
        azimuth_deg in 0.0..180.0,
    ) -> Region {
        Region {
            way,
            weight: shares[0],
            probability: shares[1],
            in_s: times_s[0],
            earliest_s: times_s[1],
            latest_s: times_s[2],
            major_m: axes_m[0],
            minor_m: axes_m[1],
            azimuth_deg,
        }
    }
}

prop_compose! {
    fn row()(
        ns in 1_600_000_000_000_000_000_i64..1_700_000_000_000_000_000,
        track in name(),
        kind in prop::sample::select(vec![RowKind::Update, RowKind::Forecast, RowKind::Launch, RowKind::Tracklet]),
        phase in proptest::option::of(name()),
        existence in proptest::option::of(0.0..=1.0),
        lat_deg in -90_000_000..=90_000_000_i32,
        lon_deg in -180_000_000..180_000_000_i32,
        height_m in -1e4..1e6,
        velocity in prop::array::uniform3(-8e3..8e3),
        covariance in proptest::option::of(prop::array::uniform21(0.0..1e9)),
        plots in proptest::option::of(0..9_007_199_254_740_992_u64),
        sensors in prop::collection::vec(name(), 0..4),
        region in proptest::option::of(region()),
        span_s in proptest::option::of(0.0..1e6),
    ) -> TrackRow {
        TrackRow {
            time: Time::from_tai_ns(ns),
            track,
            kind,
            phase,
            existence,
            place: Geodetic::from_degrees(f64::from(lat_deg) / 1e6, f64::from(lon_deg) / 1e6, height_m),
            velocity: Velocity::from_vector(velocity.into()),
            covariance,
            plots,
            sensors,
            region,
            span_s,
        }
    }
}

fn write(format: TableFormat, rows: &[TrackRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = TrackWriter::new(format, &mut bytes).unwrap();
    for row in rows {
        writer.write(row).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_come_back_to_the_last_bit(rows in prop::collection::vec(row(), 0..6)) {
        for format in FORMATS {
            let bytes = write(format, &rows);
            prop_assert_eq!(&bytes, &write(format, &rows));
            let table = read_tracks(format, Cursor::new(bytes), "tracks").unwrap();
            prop_assert_eq!(table.refused, 0, "{:?}", table.refusals);
            prop_assert_eq!(&table.rows, &rows);
        }
    }
}

#[test]
fn what_is_malformed_is_refused_with_its_place() {
    let head = "time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,plots,sensors";
    let good = "2022-01-30T00:01:00Z,a,update,1,10,20,100,1,2,3,4,x;y";
    for (line, message) in [
        // No time zone: the writer's local time, perhaps.
        (
            good.replacen("00Z", "00", 1),
            "time is \"2022-01-30T00:01:00\", expected an RFC 3339 UTC time such as 2021-09-09T17:25:00.050Z",
        ),
        (
            good.replace(",a,", ",,"),
            "track is \"\", expected a name of 1 to 256 bytes without control characters or spaces at its ends",
        ),
        // A word one letter off.
        (
            good.replace("update", "forcast"),
            "kind is \"forcast\", expected one of update, forecast, launch, tracklet (did you mean forecast?)",
        ),
        // Percent.
        (
            good.replace(",1,10", ",99,10"),
            "existence is \"99\", expected a probability from 0 to 1",
        ),
        (
            good.replace(",100,", ",NaN,"),
            "height_m is \"NaN\", expected metres from -12000 to 5e8",
        ),
        (
            good.replace(",4,", ",4.5,"),
            "plots is \"4.5\", expected a whole number of 0 or more",
        ),
        (
            good.replace("x;y", "x;;y"),
            "sensors is \"x;;y\", expected names of sensors, semicolons between them",
        ),
        (format!("{good},1"), "13 cells, expected 12 as in the header"),
    ] {
        let text = format!("{head}\n{good}\n{line}\n\n{good}\n");
        let table = read_tracks(TableFormat::Csv, Cursor::new(text), "t.csv").unwrap();
        assert_eq!((table.rows.len(), table.refused), (2, 1), "{line}");
        let found = table.refusals[0].to_string();
        assert!(found.starts_with("t.csv:3: ") && found.ends_with(message), "{found}");
    }
}

#[test]
fn a_covariance_is_whole_or_absent() {
    let row = |cells: &str| {
        let text = format!(
            "{}\n2022-01-30T00:01:00Z,a,,,,10,20,100,1,2,3,{cells},,{}\n",
            COLUMNS.join(","),
            ",".repeat(10)
        );
        read_tracks(TableFormat::Csv, Cursor::new(text), "t.csv").unwrap()
    };
    assert_eq!(row(&",".repeat(20)).rows[0].covariance, None);
    assert_eq!(row(&["1"; 21].join(",")).rows[0].covariance, Some([1.0; 21]));
    let mut missing = ["1"; 21];
    missing[3] = "";
    assert_eq!(
        row(&missing.join(",")).refusals[0].to_string(),
        "t.csv:2: cov_east_veast_m2ps is \"\", expected a finite number, as all 21 of the covariance"
    );
    let mut negative = ["1"; 21];
    negative[20] = "-1";
    assert_eq!(
        row(&negative.join(",")).refusals[0].to_string(),
        "t.csv:2: cov_vup_vup_m2ps2 is \"-1\", expected a variance of 0 or more"
    );
}

#[test]
fn a_region_is_whole_or_absent() {
    let row = |cells: &str| {
        let text = format!(
            "{}\n2022-01-30T00:01:00Z,a,forecast,,,10,20,0,1,2,3,{},,,{cells},\n",
            COLUMNS.join(","),
            ",".repeat(20)
        );
        read_tracks(TableFormat::Csv, Cursor::new(text), "t.csv").unwrap()
    };
    assert_eq!(row(&",".repeat(8)).rows[0].region, None);
    let whole = row("any,1,0.95,300,280,330,20000,9000,75").rows[0]
        .region
        .clone()
        .unwrap();
    assert_eq!((&*whole.way, whole.probability, whole.latest_s), ("any", 0.95, 330.0));
    for (cells, message) in [
        ("coast,1,95,300,280,330,20000,9000,75", "probability is \"95\""),
        ("coast,1,0.95,300,280,330,20000,,75", "minor_m is \"\""),
        (",1,0.95,300,280,330,20000,9000,75", "way is \"\""),
    ] {
        let refusal = row(cells).refusals[0].to_string();
        assert!(refusal.contains(message), "{refusal}");
    }
}

#[test]
fn a_file_that_is_something_else_says_so() {
    let read = |text: &'static str| read_tracks(TableFormat::Csv, Cursor::new(text), "t.csv").unwrap_err();
    let message = read("time,track,lat_deg,lon_deg,height_m,east_mps,north_mps\n").to_string();
    assert!(
        message.starts_with("t.csv: the column up_mps is missing, expected time"),
        "{message}"
    );
    let message = read("time,trak,lat_deg\n").to_string();
    assert!(
        message.contains("\"trak\" (did you mean track?); known are time, track"),
        "{message}"
    );
    assert!(matches!(read(""), ReadError::Empty { .. }));
    let plots = "time,truth,kind,phase,lat_deg,lon_deg,height_m,east_mps,north_mps\n";
    let message = read_truths(TableFormat::Csv, Cursor::new(plots), "truth.csv")
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("truth.csv: the column up_mps is missing"),
        "{message}"
    );
    for bytes in [
        &b"PAR1"[..],
        b"PAR1 nonsense that is no Parquet PAR1",
        b"time,track\n",
        b"",
    ] {
        assert!(read_tracks(TableFormat::Parquet, Cursor::new(bytes), "t.parquet").is_err());
    }
}

/// A copy that broke off: every beginning of a file that ends in its header is refused, never taken for no tracks.
#[test]
fn a_file_cut_in_its_header_is_no_file_without_tracks() {
    let bytes = write(TableFormat::Csv, &[]);
    let read = |bytes: &[u8]| read_tracks(TableFormat::Csv, Cursor::new(bytes.to_vec()), "t.csv");
    assert!(read(&bytes).unwrap().rows.is_empty());
    for length in 0..bytes.len() {
        let error = read(&bytes[..length]).unwrap_err();
        assert!(error.to_string().starts_with("t.csv"), "{length}: {error}");
    }
    let cut = read(&bytes[..bytes.len() - 1]).unwrap_err().to_string();
    assert!(
        cut.starts_with("t.csv:1: the file ends in its header, after span_s, without a line end: it was cut off"),
        "{cut}"
    );
}

#[test]
fn what_would_not_be_read_is_not_written() {
    let good = TrackRow {
        time: "2022-01-30T00:01:00Z".parse().unwrap(),
        track: "a".into(),
        kind: RowKind::Update,
        phase: None,
        existence: None,
        place: Geodetic::from_degrees(1.0, 2.0, 3.0),
        velocity: Velocity::new(1.0, 2.0, 3.0),
        covariance: None,
        plots: None,
        sensors: Vec::new(),
        region: None,
        span_s: None,
    };
    let failed = |row: TrackRow| {
        let mut bytes = Vec::new();
        let mut writer = TrackWriter::new(TableFormat::Csv, &mut bytes).unwrap();
        writer.write(&row).unwrap_err()
    };
    let semicolon = TrackRow {
        sensors: vec!["x;y".into()],
        ..good.clone()
    };
    assert!(matches!(failed(semicolon), WriteError::Name { column: "sensors", .. }));
    let sure = TrackRow {
        existence: Some(1.5),
        ..good.clone()
    };
    assert_eq!(
        failed(sure).to_string(),
        "existence is 1.5, expected a probability from 0 to 1"
    );
    let negative = TrackRow {
        covariance: Some([-1.0; 21]),
        ..good.clone()
    };
    assert!(matches!(
        failed(negative),
        WriteError::Number {
            column: "cov_east_east_m2",
            ..
        }
    ));
    let fast = TrackRow {
        velocity: Velocity::new(f64::NAN, 0.0, 0.0),
        ..good
    };
    assert!(matches!(failed(fast), WriteError::Limits(_)));
}
