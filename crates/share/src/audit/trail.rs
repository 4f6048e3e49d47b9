//! Goes through the audit of a node: what was refused, alarms, changes of rules, each with the hash of the one before.
//!
//! Entries are numbered from 1, and the log has beside them where the chain ends. So what was changed, taken out or put
//! in between shows, and what was taken off the end too, unless that record was set back with it. Nothing of it is
//! signed: who may write to the log may write all of it anew. Number and hash of the last entry, noted elsewhere, show
//! that as well.

use std::fmt;

use crate::exchange::records::{self, AuditHead, AuditRecord, entry_hash};
use crate::frame::Hash;

use super::FINDINGS_MAX;

/// Something about the audit is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The entry was changed.
    Changed {
        /// Its number, by its key.
        number: u64,
    },
    /// Entries are not there.
    Missing {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// The entry does not follow the one before it: that one, or this, was replaced.
    Unlinked {
        /// Its number.
        number: u64,
    },
    /// The chain begins anew: where it ended was damaged, or taken away.
    BeginsAnew {
        /// The last number before.
        after: u64,
    },
    /// An entry without a place in the chain, after the chain began: it was put there.
    Unchained,
    /// Where the chain ends is not in the log, or damaged.
    NoEnd,
    /// The log says that the chain ends at an entry before the last, or at another one.
    OtherEnd {
        /// The number that it says.
        number: u64,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { number } => write!(to, "audit entry {number}: changed"),
            Self::Missing { from, to: last } if from == last => write!(to, "audit entry {from}: missing"),
            Self::Missing { from, to: last } => write!(to, "audit entries {from} to {last}: missing"),
            Self::Unlinked { number } => write!(to, "audit entry {number}: it does not follow the one before it"),
            Self::BeginsAnew { after } => write!(to, "the audit begins anew after entry {after}"),
            Self::Unchained => write!(to, "an audit entry without a number, after those that have one"),
            Self::NoEnd => write!(to, "where the audit ends is damaged or gone"),
            Self::OtherEnd { number } => write!(to, "the audit ends otherwise than noted, at entry {number}"),
        }
    }
}

/// What is said of the audit of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailVerdict {
    /// Entries that are as they were written.
    pub entries: u64,
    /// Entries from before there was a chain: nobody can tell whether they are all there.
    pub earlier: u64,
    /// Number and hash of the last entry. Noted elsewhere, they show later whether anything up to it was written anew.
    pub last: Option<(u64, Hash)>,
    /// What is wrong, in the order of the log, at most [`FINDINGS_MAX`].
    pub findings: Vec<Broken>,
    /// How many more findings there are.
    pub more: u64,
}

/// Goes through the audit: first where it ends ([`Trail::end`]), then its entries in the order of their keys.
#[derive(Debug, Default)]
pub struct Trail {
    end: Option<AuditHead>,
    is_end_damaged: bool,
    /// The last entry, and its hash unless it was not to be believed.
    last: Option<(u64, Option<Hash>)>,
    /// The last that was changed before any that is whole and has a number.
    changed: Option<u64>,
    verdict: TrailVerdict,
}

impl Trail {
    fn find(&mut self, broken: Broken) {
        if self.verdict.findings.len() < FINDINGS_MAX {
            self.verdict.findings.push(broken);
        } else {
            self.verdict.more += 1;
        }
    }

    /// Takes the record under [`crate::exchange::keys::AUDIT_HEAD`].
    pub fn end(&mut self, key: &[u8], value: &[u8]) {
        match records::decode(key, value) {
            Ok(end) => self.end = Some(end),
            Err(_) => self.is_end_damaged = true,
        }
    }

    /// Takes an entry.
    pub fn entry(&mut self, key: &[u8], value: &[u8]) {
        let (record, number) = match records::decode::<AuditRecord>(key, value) {
            Ok(record) => (Some(record.clone()), record.number),
            Err(_) => (
                None,
                key.last_chunk::<8>().map_or(0, |number| u64::from_be_bytes(*number)),
            ),
        };
        let is_whole = record.is_some();
        let before = self.last;
        match (&record, before) {
            (Some(_), None) if number == 0 => {
                self.verdict.earlier += 1;
                return;
            }
            (Some(_), Some(_)) if number == 0 => return self.find(Broken::Unchained),
            _ => {}
        }
        let follows_changed = self.changed.is_some_and(|changed| number == changed + 1);
        let expected = match before {
            Some((last, _)) => last + 1,
            None if follows_changed => number,
            None => 1,
        };
        let is_linked = match &record {
            None => {
                self.find(Broken::Changed { number });
                if before.is_none() {
                    // It may be from before the chain began.
                    return self.changed = Some(number);
                }
                false
            }
            Some(record) if number == expected => {
                let named = match before {
                    Some((_, hash)) => hash.map(|hash| hash.0.to_vec()),
                    None if follows_changed => None,
                    None => Some(Vec::new()),
                };
                let is_linked = named.is_none_or(|named| named == record.previous);
                if !is_linked {
                    self.find(Broken::Unlinked { number });
                }
                is_linked
            }
            Some(_) if number > expected => {
                let to = number - 1;
                self.find(Broken::Missing { from: expected, to });
                true
            }
            Some(_) => {
                self.find(Broken::BeginsAnew { after: expected - 1 });
                true
            }
        };
        self.verdict.entries += u64::from(is_linked);
        self.last = Some((number, is_whole.then(|| Hash(entry_hash(key, value)))));
    }

    /// What is said of it.
    pub fn finish(mut self) -> TrailVerdict {
        let last = self.last.map_or(0, |(number, _)| number);
        match self.end.take() {
            Some(end) if end.number > last => {
                let (from, to) = (last + 1, end.number);
                self.find(Broken::Missing { from, to });
            }
            Some(end) => {
                let hash = self.last.and_then(|(_, hash)| hash);
                let is_other = hash.is_some_and(|hash| hash.0[..] != end.hash[..]);
                if end.number < last || is_other {
                    self.find(Broken::OtherEnd { number: end.number });
                }
            }
            None if self.is_end_damaged || last > 0 => self.find(Broken::NoEnd),
            None => {}
        }
        self.verdict.last = self.last.and_then(|(number, hash)| Some((number, hash?)));
        self.verdict
    }
}
