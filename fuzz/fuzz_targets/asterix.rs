//! Bytes of any kind as an ASTERIX recording: no panic, it ends, and every plot of it can be written.
#![no_main]

use wire::asterix::{AsterixOptions, read_asterix};
use wire::{Format, write_plots};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut options = AsterixOptions {
        date: "2016-05-05T00:00:00Z".parse().ok(),
        ..AsterixOptions::default()
    };
    let file = read_asterix(bytes, "fuzz.ast", &mut options);
    assert!(file.faults.iter().all(|fault| fault.offset <= bytes.len()));
    write_plots(Format::Csv, Vec::new(), &file.plots).expect("a plot is within the limits of plots");
});
