//! How often one client may ask: a bucket that fills steadily, for each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Addresses that are remembered: beyond, those whose buckets are full are forgotten.
const CLIENTS_MAX: usize = 4_096;

/// Buckets by address; of IPv6 by the network of 64 bits, which is one client.
#[derive(Debug)]
pub struct Rates {
    per_s: f64,
    burst: f64,
    buckets: Mutex<HashMap<IpAddr, (f64, i64)>>,
}

impl Rates {
    /// So many a second, and so many at once.
    pub fn new(per_s: f64, burst: f64) -> Self {
        Self {
            per_s,
            burst,
            buckets: Mutex::default(),
        }
    }

    /// Whether a client may ask now; it counts as asked.
    pub fn may(&self, client: IpAddr, now_ns: i64) -> bool {
        let client = network(client);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CLIENTS_MAX && !buckets.contains_key(&client) {
            let fill_s = self.burst / self.per_s;
            buckets.retain(|_, (_, at_ns)| ((now_ns - *at_ns) as f64) < fill_s * 1e9);
            if buckets.len() >= CLIENTS_MAX {
                return false;
            }
        }
        let (left, at_ns) = buckets.entry(client).or_insert((self.burst, now_ns));
        *left = (*left + (now_ns - *at_ns) as f64 / 1e9 * self.per_s).min(self.burst);
        *at_ns = now_ns;
        let may = *left >= 1.0;
        if may {
            *left -= 1.0;
        }
        may
    }
}

fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_asks_too_often_waits_and_others_do_not() {
        let rates = Rates::new(2.0, 5.0);
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert_eq!((0..10).filter(|_| rates.may(one, 0)).count(), 5);
        assert!(rates.may(other, 0));
        assert_eq!((0..10).filter(|_| rates.may(one, 1_000_000_000)).count(), 2);
        assert_eq!((0..10).filter(|_| rates.may(one, 100_000_000_000)).count(), 5);
        let six = |last: u16| format!("2001:db8::{last:x}").parse::<IpAddr>().unwrap();
        assert_eq!((0..10).filter(|last| rates.may(six(*last), 0)).count(), 5);
    }
}
