//! Text of any kind as a scenario: no panic; it is a scenario or says where it is none.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::scenario_toml(octets));
