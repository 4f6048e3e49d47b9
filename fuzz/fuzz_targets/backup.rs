//! Octets of any kind as a backup of a log: no panic; what is taken is written again as the same octets.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::backup(octets));
