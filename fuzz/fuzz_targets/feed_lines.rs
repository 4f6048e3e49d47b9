//! Bytes of any kind as lines that a feed brings: no panic, it ends, and a bad line costs no good one before it.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::feed_lines(octets));
