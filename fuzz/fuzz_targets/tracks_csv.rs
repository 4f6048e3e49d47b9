//! Bytes of any kind as a track file: no panic, and what is read is written and read again.
#![no_main]

use std::io::Cursor;

use wire::TableFormat;
use wire::tracks::{TrackWriter, read_tracks};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
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
});
