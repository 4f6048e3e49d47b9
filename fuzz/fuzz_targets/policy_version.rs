//! Bytes of any kind as what was signed as a version: no panic, and only its one form is taken.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::policy_version(octets));
