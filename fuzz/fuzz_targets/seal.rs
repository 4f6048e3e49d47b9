//! Octets of any kind as a sealed message: no panic; nothing is taken but what the key signed, in its one form.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::seal(octets));
