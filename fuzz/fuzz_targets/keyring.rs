//! Octets of any kind as a file of the folder of keys: no panic, and what is read is written and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::keyring(octets));
