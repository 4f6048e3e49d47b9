//! Bytes of any kind as an item: no panic, and what is taken has no other form.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::items(octets));
