//! Octets of any kind as a word about pictures: no panic; what is understood has one meaning; what is answered can be
//! understood.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::digests(octets));
