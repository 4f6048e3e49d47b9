//! Octets of any kind as `node.toml`: no panic; it is a configuration, or every fault names the file.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::node_toml(octets));
