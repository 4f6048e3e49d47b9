//! Bytes of any kind as a sensor file: no panic, and what is read is written and read again.
#![no_main]

use wire::{read_sensors, write_sensors};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(sensors) = read_sensors(bytes, "fuzz.toml") {
        let mut text = Vec::new();
        write_sensors(&mut text, &sensors).expect("what was read can be written");
        let again = read_sensors(text.as_slice(), "fuzz.toml").expect("what was written can be read");
        assert_eq!(again, sensors);
    }
});
