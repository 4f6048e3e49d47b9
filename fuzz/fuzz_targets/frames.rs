//! Bytes of any kind as the payload of a frame: no panic, and what is read is signed and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::frames(octets));
