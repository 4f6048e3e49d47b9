//! Any change of a log is found, at its frame and its first octet.

use geo::Time;
use proptest::prelude::*;

use super::*;
use crate::exchange::keys::{self, Kind};
use crate::exchange::records::{self, FrameRecord};
use crate::frame::{Carried, Frame, Hash};
use crate::identity::NodeKey;
use crate::item::{Classification, Label};
use crate::seal::{self, Context};
use wire::messages::{Message, Receipt};

const EPOCH: u64 = 7;

pub fn key(seed: u8) -> NodeKey {
    NodeKey::from_seed(&[seed; 32])
}

/// A log of frames, by their keys.
pub fn log(frames: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (origin, recipient) = (key(1), key(2));
    let mut previous = Hash::opening(origin.id(), recipient.id(), EPOCH);
    let label = Label {
        policy: "p".into(),
        classification: Classification::Restricted,
        releasable_to: ["bravo".into()].into(),
        exercise: false,
        onward: false,
    };
    let frame = |sequence: u64| {
        let items = (0..5).map(|at| Carried::Plain {
            label: label.clone(),
            body: vec![at; 60],
        });
        let frame = Frame {
            origin: origin.id(),
            recipient: recipient.id(),
            epoch: EPOCH,
            sequence,
            previous,
            sent: Time::from_tai_ns(sequence as i64),
            items: items.collect(),
        };
        let sealed = frame.seal(&origin).unwrap();
        previous = Hash::of(&sealed);
        entry(sequence, sealed)
    };
    (1..=frames).map(frame).collect()
}

fn entry(sequence: u64, sealed: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let key = keys::of_frame(Kind::Frame, "bravo", EPOCH, sequence);
    let marks = Marks::of(&sealed).octets();
    let value = records::encode(&key, &FrameRecord { sealed, marks });
    (key, value)
}

pub fn receipt(log: &[(Vec<u8>, Vec<u8>)], sequence: u64) -> (Vec<u8>, Vec<u8>) {
    let (at, value) = &log[sequence as usize - 1];
    let sealed = records::decode::<FrameRecord>(at, value).unwrap().sealed;
    let receipt = Receipt {
        origin: key(1).id().0.to_vec(),
        recipient: key(2).id().0.to_vec(),
        epoch: EPOCH,
        sequence,
        hash: Hash::of(&sealed).0.to_vec(),
        ..Receipt::default()
    };
    let key_of = keys::of_epoch(Kind::Receipt, "bravo", EPOCH);
    let sealed = seal::seal(&key(2), Context::Receipt, &receipt.encode_to_vec()).unwrap();
    let value = records::value(&key_of, &sealed);
    (key_of, value)
}

fn verify(log: &[(Vec<u8>, Vec<u8>)], receipts: &[(Vec<u8>, Vec<u8>)]) -> Verdict {
    let mut verifier = Verifier::new(Parties {
        partner: "bravo".to_owned(),
        origins: vec![key(1).public()],
        recipients: vec![key(2).public()],
    });
    receipts.iter().for_each(|(key, value)| verifier.receipt(key, value));
    log.iter().for_each(|(key, value)| verifier.frame(key, value));
    verifier.finish()
}

#[test]
fn a_log_that_was_not_touched_is_good() {
    let log = log(6);
    let verdict = verify(&log, &[receipt(&log, 6)]);
    assert_eq!(
        (verdict.frames, verdict.items, verdict.receipts, verdict.epochs),
        (6, 30, 1, 1)
    );
    assert_eq!(verdict.findings, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn one_octet_changed_anywhere_is_found_to_the_octet(at: prop::sample::Index, flip in 1..=255_u8) {
        let mut log = log(3);
        let octets = log[1].1.len();
        let at = at.index(octets);
        log[1].1[at] ^= flip;
        let verdict = verify(&log, &[]);
        let first = verdict.findings[0].clone();
        prop_assert_eq!((first.epoch, first.sequence), (EPOCH, 2));
        match first.wrong {
            Wrong::Changed(Changed::At(found)) => prop_assert_eq!(found, at),
            // A length that was changed may make a record that can still be read, with other parts.
            Wrong::Changed(Changed::Within(from, to)) => prop_assert!((from..to).contains(&at)),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}

#[test]
fn what_is_missing_replaced_or_cut_off_is_named() {
    let whole = log(6);
    let receipts = [receipt(&whole, 6)];
    let mut without = whole.clone();
    without.remove(2);
    let first = |log: &[(Vec<u8>, Vec<u8>)]| verify(log, &receipts).findings[0].clone();
    assert_eq!(
        (first(&without).sequence, first(&without).wrong),
        (3, Wrong::Missing { to: 3 })
    );
    // The end is missing: only the receipt knows.
    assert_eq!(
        (first(&whole[..4]).sequence, first(&whole[..4]).wrong),
        (5, Wrong::Missing { to: 6 })
    );
    assert_eq!(verify(&whole[..4], &[]).findings, []);
    // Another frame that the origin signed for the same place.
    let mut other = Frame::peek(&records::decode::<FrameRecord>(&whole[2].0, &whole[2].1).unwrap().sealed).unwrap();
    other.items.pop();
    let mut replaced = whole.clone();
    replaced[2] = entry(3, other.seal(&key(1)).unwrap());
    assert_eq!(
        (first(&replaced).sequence, first(&replaced).wrong),
        (4, Wrong::BrokenChain)
    );
    // Signed by somebody else, with marks and check that fit.
    replaced[2] = entry(3, other.seal(&key(9)).unwrap());
    assert!(matches!(first(&replaced).wrong, Wrong::Forged(_)) && first(&replaced).sequence == 3);
    // A good frame at another's place.
    let sealed = records::decode::<FrameRecord>(&whole[4].0, &whole[4].1).unwrap().sealed;
    replaced[2] = entry(3, sealed);
    assert!(matches!(first(&replaced).wrong, Wrong::Misplaced(_)) && first(&replaced).sequence == 3);
}
