//! A feed that brings far more than the node is rated for: what it has no room for is counted, and it stays small.

use std::net::UdpSocket;

use crate::nodes::Federation;

/// The node is rated for so many plots a second.
const RATED: usize = 1_000;
/// So many datagrams come as fast as they can be sent, of one plot each.
const SENT: u64 = 60_000;

/// One Mode S roll-call report of SAC 25 SIC 201, as its radar sent it.
const REPORT: [u8; 48] = [
    0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02, 0x00, 0x05,
    0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc, 0x00, 0x00, 0x40,
    0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
];
/// Where its range stands (I048/040, RHO).
const RANGE: std::ops::Range<usize> = 12..14;

/// Memory that a process holds, MiB.
fn resident_mib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a line of its most");
    let kib: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("a number");
    kib / 1_024
}

#[test]
fn far_more_than_rated_is_dropped_counted_and_costs_no_memory() {
    let federation = Federation::new("overload");
    federation.edit("alpha", "node.toml", |text| {
        text.replace("rated_plots_per_s = 100000", &format!("rated_plots_per_s = {RATED}"))
            .replace("input = \"tcp\"", "input = \"udp\"")
            .replace("format = \"jsonl\"", "format = \"asterix\"")
    });
    federation.edit("alpha", "sensors.toml", |text| text.replace("alpha-radar", "25-201"));
    let alpha = federation.start("alpha");
    let before_mib = resident_mib(alpha.pid());
    let to = alpha.status().feeds[0].address.clone().expect("the feed listens");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let mut report = REPORT;
    for number in 0..SENT {
        report[RANGE].copy_from_slice(&(number as u16).to_be_bytes());
        socket.send_to(&report, &*to).expect("loopback takes it");
    }
    let status = alpha.until("each datagram is taken, dropped or thrown away", |status| {
        let feed = &status.feeds[0];
        feed.waiting == 0 && feed.accepted + feed.refused + feed.dropped + feed.overflown == SENT
    });
    let feed = &status.feeds[0];
    assert!(feed.accepted > 0 && feed.dropped > 0, "{feed:?}");
    assert!(status.is_ready, "{:?}", status.not_ready);
    let more_mib = resident_mib(alpha.pid()).saturating_sub(before_mib);
    // What is accepted is on disk and in the tracker; all of it as it came would take more than its own size.
    assert!(more_mib < 256, "{more_mib} MiB more than before");
    assert_eq!(alpha.terminate(), Some(0));
}
