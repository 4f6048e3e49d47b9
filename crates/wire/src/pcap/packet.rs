//! From a packet to the UDP datagram in it.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::CaptureFault;

const UDP: u8 = 17;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
/// Tags of virtual networks (IEEE 802.1Q, 802.1ad), which stand before the type.
const TAGS: [u16; 3] = [0x8100, 0x88a8, 0x9100];

/// A datagram, by where it stands in its packet.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Udp<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) at: usize,
    pub(super) bytes: &'a [u8],
}

/// Returns the datagram in a packet of a link type.
pub(super) fn udp(link_type: u32, packet: &[u8]) -> Result<Udp<'_>, CaptureFault> {
    let (kind, at) = network(link_type, packet)?;
    match kind {
        IPV4 => ipv4(packet, at),
        IPV6 => ipv6(packet, at),
        _ => Err(CaptureFault::NotUdp),
    }
}

fn u16_at(packet: &[u8], at: usize) -> Result<u16, CaptureFault> {
    let octets = packet.get(at..at + 2).ok_or(CaptureFault::PacketTruncated)?;
    Ok(u16::from_be_bytes([octets[0], octets[1]]))
}

fn octet(packet: &[u8], at: usize) -> Result<u8, CaptureFault> {
    packet.get(at).copied().ok_or(CaptureFault::PacketTruncated)
}

/// The type of the network layer, and where it begins.
fn network(link_type: u32, packet: &[u8]) -> Result<(u16, usize), CaptureFault> {
    let by_version = |at: usize| match octet(packet, at)? >> 4 {
        4 => Ok((IPV4, at)),
        6 => Ok((IPV6, at)),
        _ => Err(CaptureFault::NotUdp),
    };
    match link_type {
        // Loopback of BSD: a family in the order of the machine.
        0 | 108 => by_version(4),
        1 => {
            let mut at = 12;
            while TAGS.contains(&u16_at(packet, at)?) {
                at += 4;
            }
            Ok((u16_at(packet, at)?, at + 2))
        }
        // Raw IP, by the names of several systems.
        12 | 14 | 101 | 228 | 229 => by_version(0),
        // Linux cooked capture, both versions.
        113 => Ok((u16_at(packet, 14)?, 16)),
        276 => Ok((u16_at(packet, 0)?, 20)),
        other => Err(CaptureFault::LinkType(other)),
    }
}

fn ipv4(packet: &[u8], at: usize) -> Result<Udp<'_>, CaptureFault> {
    let head = usize::from(octet(packet, at)? & 0xf) * 4;
    if head < 20 {
        return Err(CaptureFault::PacketTruncated);
    }
    if octet(packet, at + 9)? != UDP {
        return Err(CaptureFault::NotUdp);
    }
    // More fragments follow, or others came before.
    if u16_at(packet, at + 6)? & 0x3fff != 0 {
        return Err(CaptureFault::Fragment);
    }
    let address = |at: usize| -> Result<IpAddr, CaptureFault> {
        let octets: [u8; 4] = packet
            .get(at..at + 4)
            .and_then(|octets| octets.try_into().ok())
            .ok_or(CaptureFault::PacketTruncated)?;
        Ok(Ipv4Addr::from(octets).into())
    };
    transport(packet, at + head, address(at + 12)?, address(at + 16)?)
}

fn ipv6(packet: &[u8], at: usize) -> Result<Udp<'_>, CaptureFault> {
    const FRAGMENT: u8 = 44;
    match octet(packet, at + 6)? {
        UDP => {}
        FRAGMENT => return Err(CaptureFault::Fragment),
        _ => return Err(CaptureFault::NotUdp),
    }
    let address = |at: usize| -> Result<IpAddr, CaptureFault> {
        let octets: [u8; 16] = packet
            .get(at..at + 16)
            .and_then(|octets| octets.try_into().ok())
            .ok_or(CaptureFault::PacketTruncated)?;
        Ok(Ipv6Addr::from(octets).into())
    };
    transport(packet, at + 40, address(at + 8)?, address(at + 24)?)
}

/// Takes what the UDP head says is the content; a frame may be padded beyond it.
fn transport(packet: &[u8], at: usize, from: IpAddr, to: IpAddr) -> Result<Udp<'_>, CaptureFault> {
    let length = usize::from(u16_at(packet, at + 4)?);
    let bytes = at.checked_add(length).and_then(|end| packet.get(at + 8..end));
    Ok(Udp {
        from: SocketAddr::new(from, u16_at(packet, at)?),
        to: SocketAddr::new(to, u16_at(packet, at + 2)?),
        at: at + 8,
        bytes: bytes.ok_or(CaptureFault::PacketTruncated)?,
    })
}
