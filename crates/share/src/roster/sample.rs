//! Owners for tests: keys from small seeds, rosters that follow each other.

use super::*;
use crate::identity::{SEED_OCTETS, authority_certificate, node_certificate};

/// A key of a small number.
pub fn key(seed: u8) -> NodeKey {
    NodeKey::from_seed(&[seed; SEED_OCTETS])
}

/// A time of the day on which everything happens.
pub fn at(hour: u32) -> Time {
    let day = Time::from_utc_ns(1_790_000_000_000_000_000).unwrap();
    day + f64::from(hour) * 3_600.0
}

/// A year from the first hour on.
pub fn year() -> Validity {
    Validity {
        from: at(0),
        until: at(24 * 365),
    }
}

/// The certificate of a node under a root.
pub fn certificate(owner: &str, root: &NodeKey, node: &NodeKey) -> Certificate {
    node_certificate(owner, root, &node.public(), &["127.0.0.1".to_owned()], year()).unwrap()
}

/// The entry of a node under a root.
pub fn entry(owner: &str, root: &NodeKey, node: &NodeKey) -> NodeEntry {
    NodeEntry {
        key: node.public(),
        certificate: certificate(owner, root, node).fingerprint(),
        validity: year(),
        role: Role::Main,
    }
}

/// The authority of a root.
pub fn authority(owner: &str, root: &NodeKey) -> Certificate {
    authority_certificate(owner, root, year()).unwrap()
}

/// The first roster of an owner: issued in the first hour, for thirty days.
pub fn first(owner: &str, root: &NodeKey, node: &NodeKey) -> Roster {
    Roster {
        owner: owner.into(),
        version: 1,
        previous: None,
        issued: at(0),
        expires: at(24 * 30),
        root: root.public(),
        handovers: Vec::new(),
        authorities: vec![authority(owner, root)],
        nodes: vec![entry(owner, root, node)],
        revoked: Vec::new(),
    }
}

/// The next roster after another, an hour later, otherwise the same.
pub fn next(before: &SealedRoster) -> Roster {
    let mut roster = (**before.roster()).clone();
    roster.version += 1;
    roster.previous = Some(before.digest());
    roster.issued = roster.issued + 3_600.0;
    roster.expires = roster.expires + 3_600.0;
    roster
}

/// The next roster, of a new root to which the old one hands over.
pub fn handed_over(before: &SealedRoster, from: &NodeKey, to: &NodeKey) -> Roster {
    let mut roster = next(before);
    let owner = roster.owner.clone();
    roster
        .handovers
        .push(Handover::seal(&owner, from, to.public(), roster.issued).unwrap());
    roster.root = to.public();
    roster.authorities.push(authority(&owner, to));
    roster
}
