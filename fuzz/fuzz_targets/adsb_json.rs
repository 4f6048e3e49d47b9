//! Bytes of any kind as an ADS-B recording: no panic, and what is read is written as CSV and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::adsb_json(octets));
