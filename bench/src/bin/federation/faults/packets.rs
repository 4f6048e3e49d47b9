//! What a capture holds: how long each packet between two machines is, and whether octets stand in it in the clear.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Failure;

/// Lengths of the packets of UDP between machines, each with how often, by direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic(BTreeMap<([u8; 4], [u8; 4], u32), u64>);

impl Traffic {
    pub fn packets(&self) -> u64 {
        self.0.values().sum()
    }

    pub fn octets(&self) -> u64 {
        self.0
            .iter()
            .map(|((_, _, length), count)| u64::from(*length) * count)
            .sum()
    }

    /// How many packets one has that the other has not.
    pub fn differs_by(&self, other: &Self) -> u64 {
        let keys: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let of = |traffic: &Self, key| traffic.0.get(key).copied().unwrap_or(0);
        keys.into_iter().map(|key| of(self, key).abs_diff(of(other, key))).sum()
    }
}

/// Reads a file of tcpdump.
pub fn read(file: &Path) -> Result<Traffic, Failure> {
    let octets = std::fs::read(file)?;
    let mut traffic = Traffic::default();
    let mut rest = octets.get(24..).ok_or("no capture")?;
    while let Some((head, after)) = rest.split_at_checked(16) {
        let kept = u32::from_le_bytes(head[8..12].try_into()?) as usize;
        let length = u32::from_le_bytes(head[12..16].try_into()?);
        let Some((packet, after)) = after.split_at_checked(kept) else {
            break;
        };
        rest = after;
        // Ethernet, IPv4 without options, UDP.
        if packet.len() > 34 && packet[12..14] == [8, 0] && packet[23] == 17 {
            let key = (packet[26..30].try_into()?, packet[30..34].try_into()?, length);
            *traffic.0.entry(key).or_default() += 1;
        }
    }
    Ok(traffic)
}

/// Which of some words stand anywhere in a file.
pub fn find(file: &Path, words: &[String]) -> Result<Vec<String>, Failure> {
    let octets = std::fs::read(file)?;
    let has = |word: &&String| octets.windows(word.len()).any(|part| part == word.as_bytes());
    Ok(words.iter().filter(has).cloned().collect())
}
