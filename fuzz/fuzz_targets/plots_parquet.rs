//! Bytes of any kind as Parquet: no panic, and no plot outside its limits.
#![no_main]

use std::io::Cursor;

use wire::{Format, read_plots, write_plots};

// The reader contains panics of the parquet crate, so no hook may end the process; a panic that gets out still does.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    if let Ok(file) = read_plots(Format::Parquet, Cursor::new(bytes.to_vec()), "fuzz.parquet") {
        write_plots(Format::Csv, std::io::sink(), &file.plots).expect("what was read can be written");
    }
});
