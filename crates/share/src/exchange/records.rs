//! What is in the values of the tables. Each begins with eight octets of a SHA-256 over its key and the rest, so that
//! what was damaged on the disk, or stands under another's key, is never believed.

use std::sync::Arc;

use geo::{Geodetic, Time};
use prost::Message;
use sha2::{Digest, Sha256};

use super::rules::OwnItem;
use crate::encode;
use crate::release::Subject;

/// Octets of the check before each value.
pub(crate) const CHECK_OCTETS: usize = 8;

/// A value is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record under key {} is damaged", hex(.key))]
pub struct Damaged {
    /// Under which key.
    pub key: Vec<u8>,
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn check(key: &[u8], content: &[u8]) -> [u8; CHECK_OCTETS] {
    let mut digest = Sha256::new();
    digest.update((key.len() as u64).to_be_bytes());
    digest.update(key);
    digest.update(content);
    let digest = digest.finalize();
    std::array::from_fn(|at| digest[at])
}

/// Returns a value with its check.
pub fn value(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(CHECK_OCTETS + content.len());
    value.extend_from_slice(&check(key, content));
    value.extend_from_slice(content);
    value
}

/// Returns the value of a record.
pub fn encode(key: &[u8], record: &impl Message) -> Vec<u8> {
    value(key, &record.encode_to_vec())
}

/// Returns the content of a value. Errors: [`Damaged`].
pub fn content<'v>(key: &[u8], value: &'v [u8]) -> Result<&'v [u8], Damaged> {
    let damaged = || Damaged { key: key.to_vec() };
    let (stated, content) = value.split_at_checked(CHECK_OCTETS).ok_or_else(damaged)?;
    if stated == check(key, content) {
        Ok(content)
    } else {
        Err(damaged())
    }
}

/// Returns the record of a value. Errors: [`Damaged`].
pub fn decode<R: Message + Default>(key: &[u8], value: &[u8]) -> Result<R, Damaged> {
    R::decode(content(key, value)?).map_err(|_| Damaged { key: key.to_vec() })
}

/// A frame in the outbox or the inbox.
#[derive(Clone, PartialEq, Message)]
pub struct FrameRecord {
    /// As it was sent.
    #[prost(bytes = "vec", tag = "1")]
    pub sealed: Vec<u8>,
    /// [`crate::audit::Marks`] of it: where it was changed, if it was.
    #[prost(bytes = "vec", tag = "2")]
    pub marks: Vec<u8>,
}

/// Where the journal ends.
#[derive(Copy, Clone, PartialEq, Message)]
pub struct JournalEnd {
    /// The place of the next entry.
    #[prost(uint64, tag = "1")]
    pub next: u64,
}

/// Where the frames to a partner stand.
#[derive(Clone, PartialEq, Message)]
pub struct OutState {
    /// The epoch that is going on.
    #[prost(fixed64, tag = "1")]
    pub epoch: u64,
    /// Its last frame.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// That frame's hash.
    #[prost(bytes = "vec", tag = "3")]
    pub hash: Vec<u8>,
    /// All entries of the journal before this place are decided and need no second look under the same rules.
    #[prost(uint64, tag = "4")]
    pub settled: u64,
    /// Under which rules.
    #[prost(bytes = "vec", tag = "5")]
    pub rules: Vec<u8>,
    /// The name of the node that the frames are for.
    #[prost(bytes = "vec", tag = "6")]
    pub recipient: Vec<u8>,
}

/// An earlier epoch to a partner, of which it has not said its last word.
#[derive(Clone, PartialEq, Message)]
pub struct OpenEpoch {
    /// Its last frame on this disk.
    #[prost(uint64, tag = "1")]
    pub sequence: u64,
    /// That frame's hash.
    #[prost(bytes = "vec", tag = "2")]
    pub hash: Vec<u8>,
    /// The name of the node that the frames were for.
    #[prost(bytes = "vec", tag = "3")]
    pub recipient: Vec<u8>,
}

/// Which frames of an epoch of a partner are here.
#[derive(Clone, PartialEq, Message)]
pub struct Have {
    /// Which epoch.
    #[prost(fixed64, tag = "1")]
    pub epoch: u64,
    /// Every frame up to this one.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// The hash of that frame.
    #[prost(bytes = "vec", tag = "3")]
    pub hash: Vec<u8>,
    /// Which are here beyond; bit `i` is frame `sequence + 2 + i`.
    #[prost(bytes = "vec", tag = "4")]
    pub beyond: Vec<u8>,
    /// The name of the node that made them.
    #[prost(bytes = "vec", tag = "5")]
    pub origin: Vec<u8>,
}

/// Places in the journal that a frame gives: the first, then differences.
#[derive(Clone, PartialEq, Message)]
pub struct Given {
    #[prost(sint64, repeated, tag = "1")]
    steps: Vec<i64>,
}

impl Given {
    /// Makes a record of places.
    pub fn of(places: &[u64]) -> Self {
        let mut last = 0;
        let step = |place: &u64| {
            let place = *place as i64;
            place - std::mem::replace(&mut last, place)
        };
        Self {
            steps: places.iter().map(step).collect(),
        }
    }

    /// The places.
    pub fn places(&self) -> impl Iterator<Item = u64> + '_ {
        self.steps.iter().scan(0_i64, |at, step| {
            *at = at.wrapping_add(*step);
            Some(*at as u64)
        })
    }
}

/// An entry of the audit.
#[derive(Clone, PartialEq, Message)]
pub struct AuditRecord {
    /// When, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "1")]
    pub at_tai_ns: i64,
    /// The partner, or nothing.
    #[prost(string, tag = "2")]
    pub partner: String,
    /// What happened, in one word.
    #[prost(string, tag = "3")]
    pub what: String,
    /// What is known of it.
    #[prost(string, tag = "4")]
    pub detail: String,
    /// How many before it were counted only.
    #[prost(uint64, tag = "5")]
    pub uncounted: u64,
    /// Its place in the chain, from 1; 0 in logs from before there was one.
    #[prost(uint64, tag = "6")]
    pub number: u64,
    /// [`entry_hash`] of the entry before it; nothing in the first.
    #[prost(bytes = "vec", tag = "7")]
    pub previous: Vec<u8>,
}

/// Where the chain of the audit ends.
#[derive(Clone, PartialEq, Message)]
pub struct AuditHead {
    /// The place of the last entry; 0 where there is none.
    #[prost(uint64, tag = "1")]
    pub number: u64,
    /// Its [`entry_hash`].
    #[prost(bytes = "vec", tag = "2")]
    pub hash: Vec<u8>,
    /// The time in its key: keys are in the order of the chain, whatever clocks do.
    #[prost(sfixed64, tag = "3")]
    pub key_tai_ns: i64,
}

/// SHA-256 of an entry of the audit, its key and its value: how the next one names it.
pub fn entry_hash(key: &[u8], value: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"trilat/v1/audit-entry\0");
    digest.update((key.len() as u64).to_be_bytes());
    digest.update(key);
    digest.update(value);
    digest.finalize().into()
}

/// An entry of the journal, as it is kept.
#[derive(Clone, PartialEq, Message)]
struct EntryRecord {
    #[prost(bytes = "vec", tag = "1")]
    body: Vec<u8>,
    #[prost(string, tag = "2")]
    sensor: String,
    #[prost(sfixed64, tag = "3")]
    time_tai_ns: i64,
    #[prost(message, optional, tag = "4")]
    place: Option<wire::messages::Place>,
    #[prost(string, optional, tag = "5")]
    phase: Option<String>,
    #[prost(bool, tag = "6")]
    exercise: bool,
    #[prost(bytes = "vec", tag = "7")]
    sealed: Vec<u8>,
    #[prost(string, tag = "8")]
    from: String,
    #[prost(string, repeated, tag = "9")]
    others: Vec<String>,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// An own item.
    Own(OwnItem),
    /// An item of another owner that may be given on.
    Relayed {
        /// With its owner's seal.
        sealed: Vec<u8>,
        /// The partner it came from.
        from: Arc<str>,
    },
}

impl Entry {
    /// The value of an entry.
    pub fn value(&self, key: &[u8]) -> Vec<u8> {
        let record = match self {
            Self::Own(own) => EntryRecord {
                body: encode::body_octets(&own.body),
                sensor: own.subject.sensor.to_string(),
                others: own.subject.others.iter().map(|other| other.to_string()).collect(),
                time_tai_ns: own.subject.time.tai_ns(),
                place: own.subject.place.map(|place| wire::messages::Place {
                    lat_rad: place.lat_rad,
                    lon_rad: place.lon_rad,
                    height_m: place.height_m,
                }),
                phase: own.subject.phase.as_deref().map(str::to_owned),
                exercise: own.subject.exercise,
                ..EntryRecord::default()
            },
            Self::Relayed { sealed, from } => EntryRecord {
                sealed: sealed.clone(),
                from: from.to_string(),
                ..EntryRecord::default()
            },
        };
        self::encode(key, &record)
    }

    /// The entry of a value. Errors: [`Damaged`].
    pub fn of(key: &[u8], value: &[u8]) -> Result<Self, Damaged> {
        let record: EntryRecord = decode(key, value)?;
        if !record.sealed.is_empty() {
            return Ok(Self::Relayed {
                sealed: record.sealed,
                from: record.from.into(),
            });
        }
        let body = encode::body_of(&record.body).map_err(|_| Damaged { key: key.to_vec() })?;
        let place = record.place.map(|place| Geodetic {
            lat_rad: place.lat_rad,
            lon_rad: place.lon_rad,
            height_m: place.height_m,
        });
        let subject = Subject {
            sensor: record.sensor.into(),
            others: record.others.into_iter().map(Into::into).collect(),
            time: Time::from_tai_ns(record.time_tai_ns),
            place,
            phase: record.phase.map(Into::into),
            exercise: record.exercise,
        };
        Ok(Self::Own(OwnItem { subject, body }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_was_changed_or_moved_is_not_believed() {
        let record = OutState {
            epoch: 7,
            sequence: 3,
            hash: vec![1; 32],
            ..OutState::default()
        };
        let value = encode(b"key", &record);
        assert_eq!(decode::<OutState>(b"key", &value), Ok(record));
        assert!(decode::<OutState>(b"kez", &value).is_err());
        for at in 0..value.len() {
            let mut changed = value.clone();
            changed[at] ^= 1;
            assert!(decode::<OutState>(b"key", &changed).is_err(), "octet {at}");
            assert!(decode::<OutState>(b"key", &value[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn places_come_back() {
        let places = [9, 10, 11, 5, 1_000_000, 0];
        assert_eq!(Given::of(&places).places().collect::<Vec<_>>(), places);
    }
}
