//! Octets of any kind as a file of tokens: no panic; what is taken has one form.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::tokens(octets));
