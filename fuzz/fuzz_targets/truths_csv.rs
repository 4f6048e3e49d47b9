//! Bytes of any kind as a file of truths: no panic.
#![no_main]

use std::io::Cursor;

use wire::{TableFormat, truths::read_truths};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = read_truths(TableFormat::Csv, Cursor::new(bytes.to_vec()), "fuzz.csv") {
        assert!(table.rows.iter().all(|row| row.place.lat_deg().abs() <= 90.0));
    }
});
