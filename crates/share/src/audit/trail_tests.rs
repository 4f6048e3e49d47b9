//! Any change of the audit is found.

use geo::Time;

use super::{Broken, Trail, TrailVerdict};
use crate::exchange::keys;
use crate::exchange::records::{self, AuditHead, AuditRecord, entry_hash};

type Entries = Vec<(Vec<u8>, Vec<u8>)>;

fn record(number: u64, previous: Vec<u8>) -> AuditRecord {
    AuditRecord {
        at_tai_ns: 7,
        partner: "bravo".into(),
        what: "flood".into(),
        detail: "words".into(),
        uncounted: 0,
        number,
        previous,
    }
}

/// Two entries from before there was a chain, and so many of one; and where it ends.
fn audit(chained: u64) -> (Entries, (Vec<u8>, Vec<u8>)) {
    let mut entries = Entries::new();
    for at in 1..=2 {
        // In each run numbers of keys began anew.
        let key = keys::of_audit(Time::from_tai_ns(at), 1);
        let value = records::encode(&key, &record(0, vec![]));
        entries.push((key, value));
    }
    let mut end = AuditHead::default();
    for number in 1..=chained {
        let key_tai_ns = 10 + number as i64 / 2;
        let key = keys::of_audit(Time::from_tai_ns(key_tai_ns), number);
        let value = records::encode(&key, &record(number, end.hash));
        end = AuditHead {
            number,
            hash: entry_hash(&key, &value).to_vec(),
            key_tai_ns,
        };
        entries.push((key, value));
    }
    let end = (keys::AUDIT_HEAD.to_vec(), records::encode(keys::AUDIT_HEAD, &end));
    (entries, end)
}

fn verdict(entries: &Entries, end: Option<&(Vec<u8>, Vec<u8>)>) -> TrailVerdict {
    let mut trail = Trail::default();
    if let Some((key, value)) = end {
        trail.end(key, value);
    }
    entries.iter().for_each(|(key, value)| trail.entry(key, value));
    trail.finish()
}

#[test]
fn what_was_written_is_good_and_old_entries_are_counted() {
    let (entries, end) = audit(5);
    let said = verdict(&entries, Some(&end));
    assert_eq!((said.entries, said.earlier, &said.findings[..]), (5, 2, &[][..]));
    assert_eq!(said.last.map(|(number, _)| number), Some(5));
    // A log in which nothing was noted since, and one in which nothing ever was.
    assert_eq!(verdict(&entries[..2].to_vec(), None).findings, []);
    assert_eq!(verdict(&Entries::new(), None), TrailVerdict::default());
}

#[test]
fn an_entry_that_was_taken_out_is_missed_wherever_it_was() {
    let (entries, end) = audit(5);
    for from in 1..=5 {
        for to in from..=5 {
            let mut left = entries.clone();
            left.drain(from + 1..to + 2);
            let (from, to) = (from as u64, to as u64);
            assert_eq!(verdict(&left, Some(&end)).findings, [Broken::Missing { from, to }]);
        }
    }
}

#[test]
fn a_changed_entry_is_found_and_no_other() {
    let (entries, end) = audit(5);
    for at in 2..entries.len() {
        for octet in 0..entries[at].1.len() {
            let mut changed = entries.clone();
            changed[at].1[octet] ^= 1;
            let number = at as u64 - 1;
            assert_eq!(
                verdict(&changed, Some(&end)).findings,
                [Broken::Changed { number }],
                "octet {octet}"
            );
        }
    }
    let mut changed = entries.clone();
    changed[0].1[9] ^= 1;
    assert_eq!(verdict(&changed, Some(&end)).findings, [Broken::Changed { number: 1 }]);
}

/// Who knows the form writes an entry anew, or one more, with a check that fits.
#[test]
fn an_entry_that_was_replaced_or_put_in_does_not_fit() {
    let (entries, end) = audit(5);
    let rewritten = |at: usize, number: u64| {
        let mut changed = entries.clone();
        let (key, value) = &mut changed[at];
        let was: AuditRecord = records::decode(key, value).unwrap();
        let now = AuditRecord {
            detail: "other words".into(),
            number,
            ..was
        };
        *value = records::encode(key, &now);
        changed
    };
    assert_eq!(
        verdict(&rewritten(3, 2), Some(&end)).findings,
        [Broken::Unlinked { number: 3 }]
    );
    assert_eq!(
        verdict(&rewritten(6, 5), Some(&end)).findings,
        [Broken::OtherEnd { number: 5 }]
    );
    assert_eq!(
        verdict(&rewritten(4, 0), Some(&end)).findings,
        [Broken::Unchained, Broken::Missing { from: 3, to: 3 }]
    );
    let mut more = entries.clone();
    let key = keys::of_audit(Time::from_tai_ns(99), 6);
    let previous = entry_hash(&entries[6].0, &entries[6].1).to_vec();
    more.push((key.clone(), records::encode(&key, &record(6, previous))));
    assert_eq!(verdict(&more, Some(&end)).findings, [Broken::OtherEnd { number: 5 }]);
}

#[test]
fn where_it_ends_has_to_be_there_and_a_chain_that_begins_anew_is_said() {
    let (mut entries, mut end) = audit(3);
    assert_eq!(verdict(&entries, None).findings, [Broken::NoEnd]);
    let (other, new_end) = audit(2);
    // As after a start at which the end was damaged: later, and from 1 on.
    let anew = other.into_iter().skip(2).map(|(key, value)| {
        let was: AuditRecord = records::decode(&key, &value).unwrap();
        let key = keys::of_audit(Time::from_tai_ns(50), was.number);
        let value = records::encode(&key, &was);
        (key, value)
    });
    entries.extend(anew);
    let said = verdict(&entries, Some(&new_end)).findings;
    assert_eq!(said[0], Broken::BeginsAnew { after: 3 }, "{said:?}");
    end.1[9] ^= 1;
    assert_eq!(verdict(&audit(3).0, Some(&end)).findings, [Broken::NoEnd]);
}
