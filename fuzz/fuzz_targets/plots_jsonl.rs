//! Bytes of any kind as JSON lines: no panic, and what is read is written and read again.
#![no_main]

use std::io::Cursor;

use wire::{Format, read_plots, write_plots};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = read_plots(Format::JsonLines, Cursor::new(bytes.to_vec()), "fuzz.jsonl")
        && !file.plots.is_empty()
    {
        let mut text = Vec::new();
        write_plots(Format::JsonLines, &mut text, &file.plots).expect("what was read can be written");
        let again =
            read_plots(Format::JsonLines, Cursor::new(text), "fuzz.jsonl").expect("what was written can be read");
        assert_eq!(again.plots, file.plots);
    }
});
