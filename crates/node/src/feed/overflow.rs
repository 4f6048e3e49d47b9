//! Datagrams that the system threw away because a socket's buffer was full: nothing else tells of them.

use std::fs;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

/// A socket whose losses are counted.
#[derive(Debug)]
pub(super) struct Overflow {
    /// Names the socket in the system's tables; `None` where the system has none.
    inode: Option<u64>,
    seen: u64,
}

impl Overflow {
    /// Counts from now on.
    pub fn of(socket: &UdpSocket) -> Self {
        let inode = fs::metadata(format!("/proc/self/fd/{}", socket.as_raw_fd()));
        let mut overflow = Self {
            inode: inode.ok().map(|of| of.ino()),
            seen: 0,
        };
        overflow.since_last();
        overflow
    }

    /// How many were lost since this was last asked.
    pub fn since_last(&mut self) -> u64 {
        let Some(inode) = self.inode else { return 0 };
        let tables = ["/proc/net/udp", "/proc/net/udp6"].into_iter();
        let lost = tables
            .filter_map(|path| fs::read_to_string(path).ok())
            .find_map(|table| lost(&table, inode));
        let lost = lost.unwrap_or(self.seen);
        lost.saturating_sub(std::mem::replace(&mut self.seen, lost))
    }
}

/// What a table of the system says of one socket: proc(5), the tenth column is the inode and the last one its losses.
fn lost(table: &str, inode: u64) -> Option<u64> {
    table.lines().skip(1).find_map(|line| {
        let is_it = line.split_whitespace().nth(9)?.parse() == Ok(inode);
        is_it.then(|| line.split_whitespace().last()?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_threw_away_is_counted_once() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket2::SockRef::from(&socket).set_recv_buffer_size(4_096).unwrap();
        let mut overflow = Overflow::of(&socket);
        assert_eq!(overflow.since_last(), 0);
        for _ in 0..200 {
            sender.send_to(&[7; 500], socket.local_addr().unwrap()).unwrap();
        }
        socket.set_nonblocking(true).unwrap();
        let kept = std::iter::from_fn(|| socket.recv(&mut [0; 500]).ok()).count();
        assert!(kept < 200);
        assert_eq!(overflow.since_last(), 200 - kept as u64);
        assert_eq!(overflow.since_last(), 0);
    }
}
