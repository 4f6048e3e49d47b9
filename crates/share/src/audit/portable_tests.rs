//! A file of the audit says all that it has to, and no octet of it can be changed unseen.

use super::portable::{Fault, Writer, verify};
use super::tests::{key, log, receipt};
use super::*;
use crate::identity::NodeKey;
use crate::roster::SealedRoster;
use crate::roster::sample;
use crate::store::Table;
use proptest::prelude::*;

fn roster(owner: &str, root: u8, node: &NodeKey) -> SealedRoster {
    let root = sample::key(root);
    sample::first(owner, &root, node).seal(&root).unwrap()
}

/// What alpha sent to bravo: six frames and a receipt.
fn file() -> Vec<u8> {
    let rosters = [roster("alpha", 21, &key(1)), roster("bravo", 22, &key(2))];
    let mut writer = Writer::new("alpha", sample::at(5), &rosters);
    let entries = log(6);
    let (at, value) = receipt(&entries, 6);
    writer.entry(Table::Outbox, &at, &value);
    entries
        .iter()
        .for_each(|(at, value)| writer.entry(Table::Outbox, at, value));
    writer.finish(&key(1)).unwrap()
}

#[test]
fn it_needs_nothing_else() {
    let report = verify(&file()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.owner, "alpha");
    let sent = &report.audited[0];
    assert_eq!((&*sent.partner, sent.way), ("bravo", Way::Sent));
    assert_eq!((sent.verdict.frames, sent.verdict.receipts), (6, 1));
    let roots: Vec<_> = report
        .rosters
        .iter()
        .map(|(owner, _, root)| (&**owner, *root))
        .collect();
    assert_eq!(
        roots,
        [("alpha", sample::key(21).id()), ("bravo", sample::key(22).id())]
    );
}

/// What the file as a whole says of a change.
fn changed(octets: &[u8]) -> Changed {
    let report = verify(octets).unwrap();
    assert!(!report.is_good());
    match report.faults.first() {
        Some(Fault::Changed(changed)) => *changed,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_first_octet_that_was_changed_is_named(at: prop::sample::Index, flip in 1..=255_u8) {
        let mut octets = file();
        let at = at.index(octets.len());
        octets[at] ^= flip;
        prop_assert_eq!(changed(&octets), Changed::At(at), "of {}", octets.len());
    }
}

#[test]
fn the_ends_of_each_piece_too() {
    let whole = file();
    let end = whole.len() - 48;
    let number = |at: usize| u64::from_be_bytes(whole[at..at + 8].try_into().unwrap()) as usize;
    let (parts, marks, seal) = (number(end), number(end + 8), number(end + 16));
    let pieces = [
        0,
        parts,
        parts + marks,
        parts + marks + seal,
        end,
        end + 24,
        whole.len(),
    ];
    for at in pieces.windows(2).flat_map(|piece| [piece[0], piece[1] - 1]) {
        let mut octets = whole.clone();
        octets[at] ^= 1;
        assert_eq!(changed(&octets), Changed::At(at));
    }
    for cut in [0, 14, parts, end, whole.len() - 1] {
        assert!(verify(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn other_contents_cannot_be_sealed() {
    let whole = file();
    // Written anew, with marks that fit, by somebody who is not alpha's node.
    let rosters = [roster("alpha", 21, &key(1)), roster("bravo", 22, &key(2))];
    let mut writer = Writer::new("alpha", sample::at(5), &rosters);
    log(5)
        .iter()
        .for_each(|(at, value)| writer.entry(Table::Outbox, at, value));
    let mut other = writer.finish(&key(9)).unwrap();
    let report = verify(&other).unwrap();
    assert!(
        matches!(&report.faults[..], [Fault::Seal { .. }]),
        "{:?}",
        report.faults
    );
    // And with the seal of the true file put in its place.
    let number = |octets: &[u8], at: usize| {
        u64::from_be_bytes(octets[octets.len() - 48 + at..][..8].try_into().unwrap()) as usize
    };
    let seal_at = |octets: &[u8]| number(octets, 0) + number(octets, 8);
    let (from, to) = (seal_at(&whole), seal_at(&other));
    let seal = whole[from..whole.len() - 48].to_vec();
    let end = other.len() - 48;
    other.splice(to..end, seal);
    let report = verify(&other).unwrap();
    assert!(
        matches!(report.faults[0], Fault::Changed(Changed::Unknown)),
        "{:?}",
        report.faults
    );
}

#[test]
fn a_frame_that_is_missing_shows_by_the_receipt() {
    let rosters = [roster("alpha", 21, &key(1)), roster("bravo", 22, &key(2))];
    let mut writer = Writer::new("alpha", sample::at(5), &rosters);
    let entries = log(6);
    let (at, value) = receipt(&entries, 6);
    writer.entry(Table::Outbox, &at, &value);
    for (at, value) in &entries[..5] {
        writer.entry(Table::Outbox, at, value);
    }
    let report = verify(&writer.finish(&key(1)).unwrap()).unwrap();
    assert_eq!(report.faults.len(), 0, "{:?}", report.faults);
    assert_eq!(report.audited[0].verdict.findings[0].wrong, Wrong::Missing { to: 6 });
    assert!(!report.is_good());
}
