//! Bytes of any kind as an agreement: no panic, and what is read is written and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::policy_agreement(octets));
