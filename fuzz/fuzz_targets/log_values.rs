//! Octets of any kind as a value of the log: no panic, for an auditor neither, and nothing of it counts as good.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::log_values(octets));
