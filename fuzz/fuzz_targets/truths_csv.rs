//! Bytes of any kind as a file of truths: no panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::truths_csv(octets));
