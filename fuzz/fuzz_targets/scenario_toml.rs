//! Text of any kind as a scenario: no panic; it is a scenario or says where it is none.
#![no_main]

use sim::read_scenario;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(error) = read_scenario(text, "fuzz.toml") {
        assert!(error.to_string().contains("fuzz.toml"));
    }
});
