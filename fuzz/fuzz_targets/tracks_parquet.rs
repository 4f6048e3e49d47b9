//! Bytes of any kind as a Parquet track file: no panic, and no row outside its limits.
#![no_main]

use std::io::Cursor;

use wire::TableFormat;
use wire::tracks::{TrackWriter, read_tracks};

// The reader contains panics of the parquet crate, so no hook may end the process; a panic that gets out still does.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    if let Ok(table) = read_tracks(TableFormat::Parquet, Cursor::new(bytes.to_vec()), "fuzz.parquet") {
        let mut writer = TrackWriter::new(TableFormat::Csv, std::io::sink()).expect("a sink does not fail");
        for row in &table.rows {
            writer.write(row).expect("what was read can be written");
        }
    }
});
