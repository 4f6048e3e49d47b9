//! Bytes of any kind as an ADS-B recording: no panic, and what is read is written as CSV and read again.
#![no_main]

use std::io::Cursor;

use wire::{Format, read_plots, write_plots};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = read_plots(Format::AdsbJson, Cursor::new(bytes.to_vec()), "fuzz.json") {
        let mut text = Vec::new();
        write_plots(Format::Csv, &mut text, &file.plots).expect("what was read can be written");
        let again = read_plots(Format::Csv, Cursor::new(text), "fuzz.csv").expect("what was written can be read");
        assert_eq!(again.plots.len(), file.plots.len());
    }
});
