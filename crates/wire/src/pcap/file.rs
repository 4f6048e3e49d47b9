//! The packets of a pcap or pcapng file.
//!
//! ```text
//! pcap    magic, versions (20 octets), link type; then packets: seconds, fraction, octets kept, octets sent, octets
//! pcapng  blocks: type, length, body, length again; interfaces give link type and clock, packets name theirs
//! ```

use geo::Time;

use super::CaptureFault;

/// Octets before the first packet of a pcap file, and before each packet's content.
const PCAP_HEAD: usize = 24;
const PCAP_PACKET_HEAD: usize = 16;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// The option of an interface that gives the unit of its clock.
const TIME_UNIT: u16 = 9;

/// What kind of capture a file is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// pcap, whether its octets are in little-endian order, and how many units of its clock make a second.
    Pcap(bool, u64),
    /// pcapng.
    PcapNg,
}

/// Returns the kind of capture that a file begins as.
pub(super) fn kind(head: &[u8]) -> Option<Kind> {
    Some(match *head.get(..4)? {
        [0xd4, 0xc3, 0xb2, 0xa1] => Kind::Pcap(true, 1_000_000),
        [0xa1, 0xb2, 0xc3, 0xd4] => Kind::Pcap(false, 1_000_000),
        [0x4d, 0x3c, 0xb2, 0xa1] => Kind::Pcap(true, 1_000_000_000),
        [0xa1, 0xb2, 0x3c, 0x4d] => Kind::Pcap(false, 1_000_000_000),
        [0x0a, 0x0d, 0x0d, 0x0a] => Kind::PcapNg,
        _ => return None,
    })
}

/// One packet of a capture.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Packet<'a> {
    pub(super) captured: Option<Time>,
    pub(super) link_type: u32,
    /// Octets from the beginning of the file to its content.
    pub(super) offset: usize,
    pub(super) bytes: &'a [u8],
}

/// An interface of a pcapng section: its link type, and units of its clock in a second.
#[derive(Copy, Clone, Debug)]
struct Interface {
    link_type: u32,
    units_per_s: u64,
}

/// The packets of a capture.
#[derive(Clone, Debug)]
pub(super) struct Packets<'a> {
    bytes: &'a [u8],
    at: usize,
    kind: Option<Kind>,
    little: bool,
    interfaces: Vec<Interface>,
}

impl<'a> Packets<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            kind: kind(bytes),
            little: true,
            interfaces: Vec::new(),
        }
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let octets = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little {
            u32::from_le_bytes(octets)
        } else {
            u32::from_be_bytes(octets)
        })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let octets = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little {
            u16::from_le_bytes(octets)
        } else {
            u16::from_be_bytes(octets)
        })
    }

    fn usize(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }

    /// Ends the capture with a fault at a place.
    fn end(&mut self, fault: CaptureFault, at: usize) -> Option<Result<Packet<'a>, (CaptureFault, usize)>> {
        self.at = self.bytes.len();
        Some(Err((fault, at)))
    }

    fn pcap(&mut self, little: bool, units_per_s: u64) -> Option<Result<Packet<'a>, (CaptureFault, usize)>> {
        self.little = little;
        self.at = self.at.max(PCAP_HEAD);
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        let head = (
            self.u32(20),
            self.u32(start),
            self.u32(start + 4),
            self.usize(start + 8),
        );
        let (Some(link_type), Some(s), Some(units), Some(kept)) = head else {
            return self.end(CaptureFault::Truncated, start);
        };
        let offset = start + PCAP_PACKET_HEAD;
        let Some(bytes) = offset.checked_add(kept).and_then(|end| self.bytes.get(offset..end)) else {
            return self.end(CaptureFault::Truncated, start);
        };
        self.at = offset + kept;
        let units = u64::from(s)
            .saturating_mul(units_per_s)
            .saturating_add(u64::from(units));
        Some(Ok(Packet {
            captured: time(units, units_per_s),
            // The upper half holds flags of the frame check sequence.
            link_type: link_type & 0xffff,
            offset,
            bytes,
        }))
    }

    fn pcapng(&mut self) -> Option<Result<Packet<'a>, (CaptureFault, usize)>> {
        loop {
            if self.at >= self.bytes.len() {
                return None;
            }
            let start = self.at;
            let body = start + 8;
            let kind = self.u32(start);
            if kind == Some(SECTION) {
                self.little = self.bytes.get(body) == Some(&0x4d);
                self.interfaces.clear();
            }
            let (Some(kind), Some(length)) = (kind, self.usize(start + 4)) else {
                return self.end(CaptureFault::Truncated, start);
            };
            if length < 12 || length % 4 != 0 {
                return self.end(CaptureFault::BlockLength, start);
            }
            let Some(end) = start.checked_add(length).filter(|end| *end <= self.bytes.len()) else {
                return self.end(CaptureFault::Truncated, start);
            };
            self.at = end;
            let found = match kind {
                INTERFACE => {
                    let interface = Interface {
                        link_type: self.u16(body).map_or(u32::MAX, u32::from),
                        units_per_s: self.units_per_s(body + 8, end - 4).unwrap_or(1_000_000),
                    };
                    self.interfaces.push(interface);
                    continue;
                }
                ENHANCED_PACKET => self.enhanced(body, end - 4),
                SIMPLE_PACKET => self.simple(body, end - 4),
                _ => continue,
            };
            return Some(found.ok_or((CaptureFault::PacketTruncated, start)));
        }
    }

    /// The unit of an interface's clock, where its options give one.
    fn units_per_s(&self, options: usize, end: usize) -> Option<u64> {
        let mut at = options;
        while at + 4 <= end {
            let (option, length) = (self.u16(at)?, usize::from(self.u16(at + 2)?));
            if option == TIME_UNIT && length == 1 {
                let power = *self.bytes.get(at + 4)?;
                let base: u64 = if power & 0x80 == 0 { 10 } else { 2 };
                return base.checked_pow(u32::from(power & 0x7f));
            }
            if option == 0 {
                break;
            }
            at += 4 + length.next_multiple_of(4);
        }
        None
    }

    fn enhanced(&self, body: usize, end: usize) -> Option<Packet<'a>> {
        let interface = self.interfaces.get(self.usize(body)?)?;
        let units = u64::from(self.u32(body + 4)?) << 32 | u64::from(self.u32(body + 8)?);
        let (offset, kept) = (body + 20, self.usize(body + 12)?);
        let last = offset.checked_add(kept).filter(|last| *last <= end)?;
        Some(Packet {
            captured: time(units, interface.units_per_s),
            link_type: interface.link_type,
            offset,
            bytes: self.bytes.get(offset..last)?,
        })
    }

    fn simple(&self, body: usize, end: usize) -> Option<Packet<'a>> {
        let interface = self.interfaces.first()?;
        let (offset, sent) = (body + 4, self.usize(body)?);
        let last = offset.saturating_add(sent).min(end);
        Some(Packet {
            captured: None,
            link_type: interface.link_type,
            offset,
            bytes: self.bytes.get(offset..last)?,
        })
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<Packet<'a>, (CaptureFault, usize)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.kind {
            Some(Kind::Pcap(little, units_per_s)) => self.pcap(little, units_per_s),
            Some(Kind::PcapNg) => self.pcapng(),
            None if self.at < self.bytes.len() => self.end(CaptureFault::NotCapture, 0),
            None => None,
        }
    }
}

/// The time of a count of units since 1970; `None` where it is beyond the span of times.
fn time(units: u64, units_per_s: u64) -> Option<Time> {
    let ns = u128::from(units) * 1_000_000_000 / u128::from(units_per_s);
    Time::from_utc_ns(i64::try_from(ns).ok()?).ok()
}
