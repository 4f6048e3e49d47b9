//! Bytes of any kind from a partner, and properly signed ones as a control or a receipt: no panic, nothing delivered.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::parcels(octets));
