//! Goes through the log of one partner.

use std::collections::BTreeMap;

use prost::Message;
use wire::messages::Receipt;

use super::{Changed, Finding, Marks, Wrong};
use crate::exchange::keys::{self, Kind};
use crate::exchange::records::{self, FrameRecord};
use crate::frame::{Frame, Hash};
use crate::identity::NodePublic;
use crate::seal::{self, Context};
use crate::store::{Range, Table};

/// Findings that are listed; of more, only how many.
pub const FINDINGS_MAX: usize = 100;

/// Entries of one page that is asked for.
const PAGE_ENTRIES: usize = 1_024;
/// Octets of one page that is asked for.
const PAGE_OCTETS: usize = 8 * 1024 * 1024;

/// Whose frames they are and for whom: all keys that their nodes have had.
#[derive(Clone, Debug)]
pub struct Parties {
    /// The partner by whose name the log is kept.
    pub partner: String,
    /// Keys of the owner whose frames they are: the own ones for [`Table::Outbox`], the partner's for the inbox.
    pub origins: Vec<NodePublic>,
    /// Keys of the owner they are for.
    pub recipients: Vec<NodePublic>,
}

/// What the auditor says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Frames that are as they were signed.
    pub frames: u64,
    /// Epochs.
    pub epochs: u64,
    /// Receipts that are as they were signed.
    pub receipts: u64,
    /// Items in the good frames.
    pub items: u64,
    /// What is wrong, in the order of the log, at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many more findings there are.
    pub more: u64,
}

/// What was read of an epoch.
#[derive(Debug)]
struct Reading {
    epoch: u64,
    /// The last frame, and its hash unless it was not to be believed.
    last: u64,
    hash: Option<Hash>,
}

/// Goes through the log of one partner.
#[derive(Debug)]
pub struct Verifier {
    parties: Parties,
    /// The best receipt of each epoch, and the last word.
    latest: BTreeMap<u64, Receipt>,
    closed: BTreeMap<u64, Receipt>,
    reading: Option<Reading>,
    verdict: Verdict,
}

/// The ranges that hold the receipts of a log; page on from the key after the last.
pub fn receipts(table: Table, partner: &str) -> [Range; 2] {
    [Kind::Receipt, Kind::Closed].map(|kind| range(table, kind, partner))
}

/// The range that holds the frames of a log; page on from the key after the last.
pub fn frames(table: Table, partner: &str) -> Range {
    range(table, Kind::Frame, partner)
}

fn range(table: Table, kind: Kind, partner: &str) -> Range {
    let from = keys::of_partner(kind, partner);
    Range {
        table,
        to: keys::end_of(from.clone()),
        from,
        entries_max: PAGE_ENTRIES,
        octets_max: PAGE_OCTETS,
    }
}

impl Verifier {
    /// Begins with nothing read.
    pub fn new(parties: Parties) -> Self {
        Self {
            parties,
            latest: BTreeMap::new(),
            closed: BTreeMap::new(),
            reading: None,
            verdict: Verdict::default(),
        }
    }

    fn find(&mut self, epoch: u64, sequence: u64, wrong: Wrong) {
        if self.verdict.findings.len() < FINDINGS_MAX {
            self.verdict.findings.push(Finding { epoch, sequence, wrong });
        } else {
            self.verdict.more += 1;
        }
    }

    /// Takes an entry of [`receipts`].
    pub fn receipt(&mut self, key: &[u8], value: &[u8]) {
        let epoch = key.last_chunk::<8>().map_or(0, |epoch| u64::from_be_bytes(*epoch));
        match self.read_receipt(key, value) {
            Ok(receipt) if receipt.epoch == epoch => {
                self.verdict.receipts += 1;
                let kept = if receipt.closed {
                    &mut self.closed
                } else {
                    &mut self.latest
                };
                kept.insert(epoch, receipt);
            }
            Ok(receipt) => {
                let why = format!("of epoch {}", receipt.epoch);
                self.find(epoch, receipt.sequence, Wrong::BadReceipt(why));
            }
            Err(why) => self.find(epoch, 0, Wrong::BadReceipt(why)),
        }
    }

    fn read_receipt(&self, key: &[u8], value: &[u8]) -> Result<Receipt, String> {
        let sealed = records::content(key, value).map_err(|damaged| damaged.to_string())?;
        let signer = seal::claimed_signer(sealed, Context::Receipt).map_err(|error| error.to_string())?;
        let known = self.parties.recipients.iter().find(|key| key.id() == signer);
        let known = known.ok_or_else(|| format!("signed by {signer}, who is not known"))?;
        let payload = seal::open(sealed, known, Context::Receipt).map_err(|error| error.to_string())?;
        Receipt::decode(&payload[..]).map_err(|error| error.to_string())
    }

    /// Takes an entry of [`frames`], in the order of keys.
    pub fn frame(&mut self, key: &[u8], value: &[u8]) {
        let Some((epoch, sequence)) = keys::place_of(key) else {
            return;
        };
        self.go_to(epoch, sequence);
        let (sealed, wrong) = match records::decode::<FrameRecord>(key, value) {
            Ok(record) => (record.sealed, None),
            Err(_) => {
                let (sealed, changed) = self.locate(key, value);
                (sealed, Some(Wrong::Changed(changed)))
            }
        };
        let good = self.open(&sealed, epoch, sequence);
        let mut hash = None;
        match (wrong, good) {
            (Some(wrong), good) => {
                self.find(epoch, sequence, wrong);
                // A frame whose seal holds is one, whatever happened to what is kept beside it.
                hash = good.is_ok().then(|| Hash::of(&sealed));
            }
            (None, Err(wrong)) => self.find(epoch, sequence, wrong),
            (None, Ok(frame)) => {
                let before = self.reading.as_ref().and_then(|reading| reading.hash);
                if before.is_some_and(|before| before != frame.previous) {
                    self.find(epoch, sequence, Wrong::BrokenChain);
                } else {
                    self.verdict.frames += 1;
                    self.verdict.items += frame.items.len() as u64;
                }
                hash = Some(Hash::of(&sealed));
            }
        }
        let is_other = |receipts: &BTreeMap<u64, Receipt>| {
            let named = receipts.get(&epoch).filter(|receipt| receipt.sequence == sequence);
            named.is_some_and(|receipt| hash.is_some_and(|hash| receipt.hash != hash.0))
        };
        if is_other(&self.latest) || is_other(&self.closed) {
            self.find(epoch, sequence, Wrong::OtherThanReceipt);
        }
        self.reading = Some(Reading {
            epoch,
            last: sequence,
            hash,
        });
    }

    /// Notes what is missing before a frame.
    fn go_to(&mut self, epoch: u64, sequence: u64) {
        if self.reading.as_ref().is_none_or(|reading| reading.epoch != epoch) {
            self.end_epoch();
            self.verdict.epochs += 1;
            self.reading = Some(Reading {
                epoch,
                last: 0,
                hash: None,
            });
        }
        let last = self.reading.as_ref().map_or(0, |reading| reading.last);
        if sequence != last + 1 {
            self.missing(epoch, last + 1, sequence - 1);
            if let Some(reading) = &mut self.reading {
                reading.hash = None;
            }
        }
    }

    /// Notes frames that are not there, unless a last word says that they never came.
    fn missing(&mut self, epoch: u64, from: u64, to: u64) {
        let closed = self.closed.get(&epoch);
        let is_due = |at: &u64| {
            closed.is_none_or(|receipt| crate::exchange::receipt_has(receipt.sequence, &receipt.beyond, *at))
        };
        let first = (from..=to).find(is_due);
        if let Some(first) = first {
            self.find(epoch, first, Wrong::Missing { to });
        }
    }

    /// Notes what is missing at the end of an epoch, by the receipts.
    fn end_epoch(&mut self) {
        let Some(Reading { epoch, last, .. }) = self.reading.take() else {
            return;
        };
        let named = [&self.latest, &self.closed].map(|receipts| receipts.get(&epoch).map_or(0, |r| r.sequence));
        let named = named[0].max(named[1]);
        if named > last {
            self.find(epoch, last + 1, Wrong::Missing { to: named });
        }
        self.latest.remove(&epoch);
        self.closed.remove(&epoch);
    }

    /// The frame, if its origin signed it for this place.
    fn open(&self, sealed: &[u8], epoch: u64, sequence: u64) -> Result<Frame, Wrong> {
        let forged = |error: &dyn std::fmt::Display| Wrong::Forged(error.to_string());
        let signer = seal::claimed_signer(sealed, Context::Frame).map_err(|error| forged(&error))?;
        let key = self.parties.origins.iter().find(|key| key.id() == signer);
        let key = key.ok_or_else(|| Wrong::Forged(format!("signed by {signer}, who is not known")))?;
        let frame = Frame::open(sealed, key).map_err(|error| forged(&error))?;
        if (frame.epoch, frame.sequence) != (epoch, sequence) {
            let why = format!("it is frame {} of epoch {}", frame.sequence, frame.epoch);
            return Err(Wrong::Misplaced(why));
        }
        let is_ours = self.parties.recipients.iter().any(|key| key.id() == frame.recipient);
        if !is_ours || frame.origin != signer {
            return Err(Wrong::Misplaced(format!(
                "from {} for {}",
                frame.origin, frame.recipient
            )));
        }
        Ok(frame)
    }

    /// Where a record was changed first, and the frame in it as it is now.
    fn locate(&self, key: &[u8], value: &[u8]) -> (Vec<u8>, Changed) {
        let Some(content) = value.get(records::CHECK_OCTETS..) else {
            return (Vec::new(), Changed::At(value.len()));
        };
        let Ok(record) = FrameRecord::decode(content) else {
            return (Vec::new(), head_changed(key, value));
        };
        if self.origins_signed(&record.sealed) {
            // The frame is whole: what should be beside it is known to the octet.
            let marks = Marks::of(&record.sealed).octets();
            let sealed = record.sealed.clone();
            let should = records::encode(key, &FrameRecord { sealed, marks });
            let first = should.iter().zip(value).position(|(should, is)| should != is);
            return (
                record.sealed,
                Changed::At(first.unwrap_or(should.len().min(value.len()))),
            );
        }
        let before = records::CHECK_OCTETS + record_head(record.sealed.len());
        let in_frame = Marks::of_octets(&record.marks).and_then(|marks| marks.first_change(&record.sealed));
        let changed = match (head_changed(key, value), in_frame) {
            (Changed::At(at), _) => Changed::At(at),
            (_, Some(Changed::At(at))) => Changed::At(before + at),
            (_, Some(Changed::Within(from, to))) => Changed::Within(before + from, before + to),
            (_, Some(Changed::Unknown) | None) => Changed::Unknown,
        };
        (record.sealed, changed)
    }

    fn origins_signed(&self, sealed: &[u8]) -> bool {
        self.parties.origins.iter().any(|key| Frame::open(sealed, key).is_ok())
    }

    /// What the auditor says.
    pub fn finish(mut self) -> Verdict {
        self.end_epoch();
        // Epochs of which a receipt names frames, and not one is left.
        let named = std::mem::take(&mut self.latest)
            .into_iter()
            .chain(std::mem::take(&mut self.closed));
        let gone: BTreeMap<u64, u64> = named
            .filter(|(_, receipt)| receipt.sequence > 0)
            .map(|(epoch, receipt)| (epoch, receipt.sequence))
            .collect();
        for (epoch, to) in gone {
            self.find(epoch, 1, Wrong::Missing { to });
        }
        self.verdict
    }
}

/// Octets before the frame in a record's content: its tag and length.
fn record_head(octets: usize) -> usize {
    1 + prost::length_delimiter_len(octets)
}

/// Which octet of tag and length before the frame was changed, if one of them alone makes the record fit again.
fn head_changed(key: &[u8], value: &[u8]) -> Changed {
    let from = records::CHECK_OCTETS;
    let to = (from + 4).min(value.len());
    let mut tried = value.to_vec();
    for at in from..to {
        for octet in 0..=u8::MAX {
            tried[at] = octet;
            if records::content(key, &tried).is_ok() {
                return Changed::At(at);
            }
        }
        tried[at] = value[at];
    }
    Changed::Within(0, value.len())
}
