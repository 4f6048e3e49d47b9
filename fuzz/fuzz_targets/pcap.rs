//! Bytes of any kind as a capture: no panic, it ends, and every datagram lies within the file.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::pcap(octets));
