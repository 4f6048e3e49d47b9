//! Octets of any kind as a file of an audit: no panic; nothing passes but what its owner sealed.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::audit_export(octets));
