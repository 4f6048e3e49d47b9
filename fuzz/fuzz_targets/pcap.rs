//! Bytes of any kind as a capture: no panic, it ends, and every datagram lies within the file.
#![no_main]

use wire::asterix::{AsterixOptions, read_asterix};
use wire::pcap::Datagrams;

/// The octets that begin a capture, so that the fuzzer need not find them: pcap of both byte orders, pcapng.
const BEGINS: [&[u8]; 3] = [
    &[0xd4, 0xc3, 0xb2, 0xa1],
    &[0xa1, 0xb2, 0x3c, 0x4d],
    &[0x0a, 0x0d, 0x0d, 0x0a],
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let capture = [BEGINS[usize::from(*kind) % BEGINS.len()], rest].concat();
    let octets: usize = Datagrams::new(&capture)
        .flatten()
        .map(|datagram| datagram.bytes.len())
        .sum();
    assert!(octets <= capture.len());
    let file = read_asterix(&capture, "fuzz.pcap", &mut AsterixOptions::default());
    assert!(file.faults.iter().all(|fault| fault.offset <= capture.len()));
});
