//! Bytes of any kind as a datagram of a feed: no panic, and what is a plot is within its limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::asterix_datagram(octets));
