//! Bytes of any kind as an ASTERIX recording: no panic, it ends, and every plot of it can be written.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::asterix(octets));
