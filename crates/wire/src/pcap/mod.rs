//! Captures of network traffic: the UDP datagrams in a pcap or pcapng file.
//!
//! Three small headers and two file formats are read here rather than by a library: what there is brings a parser
//! framework along, or reads packets of many protocols that never occur here. Sources: draft-ietf-opsawg-pcap,
//! draft-ietf-opsawg-pcapng, tcpdump.org's list of link types, RFC 791, RFC 768, RFC 8200, IEEE 802.1Q.

mod file;
mod packet;

use core::net::SocketAddr;

use geo::Time;

use file::Packets;

/// One UDP datagram of a capture.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Datagram<'a> {
    /// When the capturing machine got it, by its clock.
    pub captured: Option<Time>,
    /// Who sent it.
    pub from: SocketAddr,
    /// To whom: a multicast group is one line of one sensor.
    pub to: SocketAddr,
    /// Octets from the beginning of the file to its content.
    pub offset: usize,
    /// Its content.
    pub bytes: &'a [u8],
}

/// A part of a capture that holds no datagram that can be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CaptureFault {
    /// The file begins as neither.
    #[error("neither a pcap nor a pcapng file")]
    NotCapture,
    /// The file ends within a packet or a block; nothing after it is read.
    #[error("the capture breaks off")]
    Truncated,
    /// A block of pcapng with a length that cannot be; nothing after it is read.
    #[error("a block of the capture has a length that cannot be")]
    BlockLength,
    /// A packet of a kind of network that is not read.
    #[error("packets of link type {0} are not read")]
    LinkType(u32),
    /// A packet that is not UDP over IPv4 or IPv6.
    #[error("the packet is not UDP over IP")]
    NotUdp,
    /// A part of a datagram that was sent in parts.
    #[error("the packet is a fragment of a datagram")]
    Fragment,
    /// A packet cut off by the capture, or with lengths that contradict each other.
    #[error("the packet is cut off or its lengths contradict each other")]
    PacketTruncated,
}

/// The datagrams of a capture, in its order; what is none comes as a fault with the offset of its packet.
#[derive(Clone, Debug)]
pub struct Datagrams<'a> {
    packets: Packets<'a>,
}

impl<'a> Datagrams<'a> {
    /// Begins a capture, pcap or pcapng, of any byte order.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            packets: Packets::new(bytes),
        }
    }
}

impl<'a> Iterator for Datagrams<'a> {
    type Item = Result<Datagram<'a>, (CaptureFault, usize)>;

    fn next(&mut self) -> Option<Self::Item> {
        let packet = match self.packets.next()? {
            Ok(packet) => packet,
            Err(fault) => return Some(Err(fault)),
        };
        Some(match packet::udp(packet.link_type, packet.bytes) {
            Ok(udp) => Ok(Datagram {
                captured: packet.captured,
                from: udp.from,
                to: udp.to,
                offset: packet.offset + udp.at,
                bytes: udp.bytes,
            }),
            Err(fault) => Err((fault, packet.offset)),
        })
    }
}

/// Whether a file begins as a pcap or pcapng capture.
pub(crate) fn begins_capture(head: &[u8]) -> bool {
    file::kind(head).is_some()
}
