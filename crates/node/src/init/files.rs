//! What stands in the files of a new node, beside keys, rosters and rules.

use std::sync::Arc;

use super::Member;
use crate::config::{self, Template, TemplatePartner};

/// The first port of HTTP; one for each node follows.
const HTTP_PORT: u16 = 7_480;
/// The first port on which plots come in; one for each node follows.
const FEED_PORT: u16 = 7_500;

/// Who listens where.
pub(super) struct Plan {
    port: u16,
    owners: usize,
}

impl Plan {
    /// One port for each pair of owners, from `port` on; `None` if there are not so many.
    pub(super) fn new(port: u16, owners: usize) -> Option<Self> {
        let pairs = u16::try_from(owners * owners.saturating_sub(1) / 2).ok()?;
        port.checked_add(pairs)?;
        Some(Self { port, owners })
    }

    /// The port of the link between two owners: the first of them listens, the other connects.
    fn link(&self, one: usize, other: usize) -> u16 {
        let (low, high) = (one.min(other), one.max(other));
        let before: usize = (0..low).map(|owner| self.owners - 1 - owner).sum();
        // As many as pairs, which fit.
        self.port + u16::try_from(before + high - low - 1).unwrap_or_default()
    }

    /// The text of one owner's `node.toml`.
    pub(super) fn node_toml(&self, at: usize, members: &[Member]) -> String {
        let number = u16::try_from(at).unwrap_or_default();
        let address = |port: u16| format!("\"127.0.0.1:{port}\"");
        let partner = |(other, member): (usize, &Member)| {
            let endpoint = vec![format!("quic/127.0.0.1:{}", self.link(at, other))];
            let (listen, connect) = if at < other {
                (endpoint, vec![])
            } else {
                (vec![], endpoint)
            };
            TemplatePartner {
                name: member.keyring.owner().to_string(),
                listen,
                connect,
            }
        };
        let others = members.iter().enumerate().filter(|(other, _)| *other != at);
        config::node_toml(&Template {
            owner: members[at].keyring.owner().to_string(),
            exercise: true,
            values: vec![("http", "address", address(HTTP_PORT + number))],
            partners: others.map(partner).collect(),
            feeds: vec![vec![
                ("name", "\"plots\"".to_owned()),
                ("input", "\"tcp\"".to_owned()),
                ("format", "\"jsonl\"".to_owned()),
                ("address", address(FEED_PORT + number)),
            ]],
        })
    }
}

/// A radar of no real place or kind, to begin with: its name and the text of a sensor file.
pub(super) fn notional_radar(at: usize, owner: &str) -> (Arc<str>, String) {
    let name = format!("{owner}-radar");
    // Along a line in the open sea, 300 km apart.
    let lon_deg = 150.0 + 3.5 * at as f64;
    let text = format!(
        "# Notional: describe your own sensors here (docs/files.md).\n\
         [[sensor]]\n\
         name = \"{name}\"\n\
         owner = \"{owner}\"\n\
         lat_deg = 35.0\n\
         lon_deg = {lon_deg:.1}\n\
         height_m = 100.0\n\
         measures = [\"range\", \"azimuth\", \"elevation\"]\n\
         range_sigma_m = 50.0\n\
         azimuth_sigma_deg = 0.1\n\
         elevation_sigma_deg = 0.1\n"
    );
    (name.into(), text)
}
