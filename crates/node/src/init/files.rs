//! What stands in the files of a new node, beside keys, rosters and rules.

use std::fmt::Write;
use std::sync::Arc;

use super::Member;

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
        let mut text = String::new();
        // A string takes any text.
        let _ = self.write(&mut text, at, members);
        text
    }

    fn write(&self, to: &mut String, at: usize, members: &[Member]) -> std::fmt::Result {
        let owner = members[at].keyring.owner();
        let number = u16::try_from(at).unwrap_or_default();
        writeln!(
            to,
            "# The node of {owner}. docs/node.md explains every key there can be.\n"
        )?;
        writeln!(to, "[node]\nowner = \"{owner}\"\nmode = \"exercise\"")?;
        for (other, member) in members.iter().enumerate().filter(|(other, _)| *other != at) {
            let (name, port) = (member.keyring.owner(), self.link(at, other));
            let way = if at < other { "listen" } else { "connect" };
            writeln!(to, "\n[[partner]]\nname = \"{name}\"")?;
            writeln!(to, "root = \"{}\"", member.keyring.own().root.id())?;
            writeln!(to, "{way} = [\"quic/127.0.0.1:{port}\"]")?;
        }
        writeln!(to, "\n[[feed]]\nname = \"plots\"\ninput = \"tcp\"\nformat = \"jsonl\"")?;
        writeln!(to, "address = \"127.0.0.1:{}\"", FEED_PORT + number)?;
        writeln!(to, "\n[http]\naddress = \"127.0.0.1:{}\"", HTTP_PORT + number)
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
