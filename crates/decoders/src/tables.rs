//! Files of tracks, truths and scenarios.

use std::io::Cursor;

use sim::read_scenario;
use wire::TableFormat;
use wire::tracks::{TrackWriter, read_tracks};
use wire::truths::read_truths;

/// Bytes of any kind as a track file: no panic, and what is read is written and read again.
pub fn tracks_csv(bytes: &[u8]) {
    if let Ok(table) = read_tracks(TableFormat::Csv, Cursor::new(bytes.to_vec()), "fuzz.csv") {
        let mut text = Vec::new();
        let mut writer = TrackWriter::new(TableFormat::Csv, &mut text).expect("memory does not fail");
        for row in &table.rows {
            writer.write(row).expect("what was read can be written");
        }
        writer.finish().expect("memory does not fail");
        let again = read_tracks(TableFormat::Csv, Cursor::new(text), "fuzz.csv").expect("what was written can be read");
        assert_eq!(again.rows, table.rows);
    }
}

/// Bytes of any kind as a Parquet track file: no panic, and no row outside its limits.
pub fn tracks_parquet(bytes: &[u8]) {
    if let Ok(table) = read_tracks(TableFormat::Parquet, Cursor::new(bytes.to_vec()), "fuzz.parquet") {
        let mut writer = TrackWriter::new(TableFormat::Csv, std::io::sink()).expect("a sink does not fail");
        for row in &table.rows {
            writer.write(row).expect("what was read can be written");
        }
    }
}

/// Bytes of any kind as a file of truths: no panic.
pub fn truths_csv(bytes: &[u8]) {
    if let Ok(table) = read_truths(TableFormat::Csv, Cursor::new(bytes.to_vec()), "fuzz.csv") {
        assert!(table.rows.iter().all(|row| row.place.lat_deg().abs() <= 90.0));
    }
}

/// Text of any kind as a scenario: no panic; it is a scenario or says where it is none.
pub fn scenario_toml(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    if let Err(error) = read_scenario(text, "fuzz.toml") {
        assert!(error.to_string().contains("fuzz.toml"));
    }
}
