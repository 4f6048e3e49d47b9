//! Bytes of any kind as areas: no panic, and every area can be asked about any place.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::policy_areas(octets));
