//! ASTERIX over UDP, multicast or not.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use super::overflow::Overflow;
use super::{Feed, FeedError, Intake, Stop, asterix};
use crate::clock::steady_ns;

/// The most octets of a datagram.
const DATAGRAM_OCTETS_MAX: usize = 65_535;
/// What the system keeps of datagrams until they are read: bursts of a scan come faster than they are decoded.
const BUFFER_OCTETS: usize = 4 << 20;
/// How often the system is asked what it threw away, ns.
const ASK_EACH_NS: i64 = 500_000_000;
/// How often a silent feed looks whether it should stop.
const LOOK: Duration = Duration::from_millis(200);

/// A socket that datagrams come to.
pub(super) struct Udp {
    socket: UdpSocket,
}

impl Udp {
    pub(super) fn open(feed: &Arc<str>, address: SocketAddr, interface: Option<Ipv4Addr>) -> Result<Self, FeedError> {
        let listen = |source| FeedError::Listen {
            feed: feed.clone(),
            address,
            source,
        };
        let socket = bound(address).map_err(listen)?;
        let joined = match address.ip() {
            IpAddr::V4(group) if group.is_multicast() => {
                socket.join_multicast_v4(&group, &interface.unwrap_or(Ipv4Addr::UNSPECIFIED))
            }
            IpAddr::V6(group) if group.is_multicast() => socket.join_multicast_v6(&group, 0),
            _ => Ok(()),
        };
        joined.map_err(|source| FeedError::Join {
            feed: feed.clone(),
            address,
            source,
        })?;
        Ok(Self { socket: socket.into() })
    }
}

/// A socket that several programs of this machine may share where the address is of a group.
fn bound(address: SocketAddr) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.ip().is_multicast() {
        socket.set_reuse_address(true)?;
    }
    // The system may grant less; that is no reason not to listen.
    let _ = socket.set_recv_buffer_size(BUFFER_OCTETS);
    socket.set_read_timeout(Some(LOOK))?;
    match socket.bind(&address.into()) {
        // Some systems do not bind to a group.
        Err(_) if address.ip().is_multicast() => {
            let any: IpAddr = if address.is_ipv4() {
                Ipv4Addr::UNSPECIFIED.into()
            } else {
                Ipv6Addr::UNSPECIFIED.into()
            };
            socket.bind(&SocketAddr::new(any, address.port()).into())?;
        }
        other => other?,
    }
    Ok(socket)
}

impl Feed for Udp {
    fn address(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }

    fn run(self: Box<Self>, intake: &Intake, stop: &Stop) {
        let mut buffer = vec![0; DATAGRAM_OCTETS_MAX];
        let (mut overflow, mut asked_ns) = (Overflow::of(&self.socket), steady_ns());
        while !stop.is_set() {
            if steady_ns() - asked_ns > ASK_EACH_NS {
                asked_ns = steady_ns();
                intake.overflown(overflow.since_last());
            }
            match self.socket.recv(&mut buffer) {
                Ok(octets) => asterix::datagram(&buffer[..octets], intake.now(), &intake.known.sources, intake),
                Err(error) if is_pause(error.kind()) => {}
                Err(error) => {
                    intake.refuse("io", || format!("{}: {error}", intake.name));
                    stop.wait(LOOK);
                }
            }
        }
    }
}

/// Whether nothing came, and nothing is wrong.
pub(super) fn is_pause(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
