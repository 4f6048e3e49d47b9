//! What all parts of an exchange share: who we are, what time it is, what is to be written, read and sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use prost::Message;
use wire::messages::Parcel;

use super::budget::Budget;
use super::io::{Lane, Output, Token};
use super::keys;
use super::limits::{AUDIT_PER_S, AUDIT_SAVED_S, Limits};
use super::questions::{Question, Questions};
use super::records::{self, AuditHead, AuditRecord};
use super::refusal::{Alarm, Reason, Refused};
use super::rules::Rules;
use super::sabotage::Sabotage;
use super::seen::Seen;
use crate::identity::{NodeId, NodeKey, NodePublic};
use crate::store::{Batch, Range, Table, Write};

/// Whose exchange it is.
#[derive(Debug)]
pub struct Me {
    pub owner: Arc<str>,
    pub key: NodeKey,
    pub id: NodeId,
    /// Keys that this node had before and that are still good.
    pub earlier: Vec<NodePublic>,
}

impl Me {
    /// What this node signs with, and signed with before.
    pub fn keys(&self) -> impl Iterator<Item = NodePublic> {
        std::iter::once(self.key.public()).chain(self.earlier.iter().copied())
    }

    /// Whether a name is that of this node, under a key that is still good.
    pub fn is(&self, id: NodeId) -> bool {
        id == self.id || self.earlier.iter().any(|key| key.id() == id)
    }
}

/// Counts of what was not taken, by the partner it came from (`None`: an own item, or nobody who is a partner).
pub type Counts = BTreeMap<(Option<Arc<str>>, Reason), u64>;

/// What all parts share.
#[derive(Debug)]
pub struct Core {
    pub me: Me,
    pub limits: Limits,
    pub now: Time,
    /// When it began.
    pub started: Time,
    pub rules: Box<dyn Rules>,
    pub seen: Seen,
    /// The place of the next entry of the journal.
    pub journal_next: u64,
    pub questions: Questions,
    pub counts: Counts,
    /// Items of this step that may be given on, with the partner they came from.
    pub to_relay: Vec<(Vec<u8>, Arc<str>)>,
    #[cfg(feature = "sabotage")]
    pub sabotage: Option<Sabotage>,
    outputs: Vec<Output>,
    batch: Batch,
    token: u64,
    durable: u64,
    /// How much more each partner may cause to be written, and what it caused beside that.
    audit: BTreeMap<Option<Arc<str>>, (Budget, u64)>,
    alarms: BTreeMap<Option<Arc<str>>, (Budget, u64)>,
    /// The chain of the audit, and whether it became longer in this step.
    pub audit_head: AuditHead,
    is_noted: bool,
}

impl Core {
    pub fn new(me: Me, limits: Limits, rules: Box<dyn Rules>, seen: Seen, journal_next: u64, now: Time) -> Self {
        Self {
            me,
            limits,
            now,
            started: now,
            rules,
            seen,
            journal_next,
            questions: Questions::default(),
            counts: Counts::new(),
            to_relay: Vec::new(),
            #[cfg(feature = "sabotage")]
            sabotage: None,
            outputs: Vec::new(),
            batch: Batch::new(),
            token: 1,
            durable: 0,
            audit: BTreeMap::new(),
            alarms: BTreeMap::new(),
            audit_head: AuditHead::default(),
            is_noted: false,
        }
    }

    /// Whether the machine is broken in this way.
    #[cfg(feature = "sabotage")]
    pub fn is_broken(&self, how: Sabotage) -> bool {
        self.sabotage == Some(how)
    }

    /// Whether the machine is broken in this way: it is not.
    #[cfg(not(feature = "sabotage"))]
    pub fn is_broken(&self, _how: Sabotage) -> bool {
        false
    }

    /// The batch that is being filled.
    pub fn token(&self) -> u64 {
        self.token
    }

    /// Notes that batches are on disk.
    pub fn set_durable(&mut self, token: Token) {
        self.durable = self.durable.max(token.0.min(self.token - 1));
    }

    /// Whether a batch is on disk.
    pub fn is_durable(&self, token: u64) -> bool {
        token <= self.durable
    }

    /// Whether the disk is too far behind to take more.
    pub fn is_busy(&self) -> bool {
        self.token - self.durable > self.limits.batches_unsynced_max && !self.is_broken(Sabotage::AcceptWhenFull)
    }

    /// Adds an entry to the batch.
    pub fn write(&mut self, table: Table, key: Vec<u8>, record: &impl Message) {
        let value = records::encode(&key, record);
        self.put(table, key, value);
    }

    /// Adds an entry, whose value has its check already, to the batch.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        let value = Some(value);
        self.batch.push(Write { table, key, value });
    }

    /// Adds what another part of the node wants kept to the batch.
    pub fn append(&mut self, write: Write) {
        self.batch.push(write);
    }

    /// Removes an entry with the batch.
    pub fn remove(&mut self, table: Table, key: Vec<u8>) {
        self.batch.push(Write {
            table,
            key,
            value: None,
        });
    }

    /// Asks for ranges.
    pub fn read(&mut self, ranges: Vec<Range>, question: Question) {
        let question = self.questions.ask(question);
        self.outputs.push(Output::Read { question, ranges });
    }

    /// Sends a parcel.
    pub fn send(&mut self, to: &Arc<str>, lane: Lane, parcel: &Parcel) {
        self.outputs.push(Output::Send {
            to: to.clone(),
            lane,
            octets: parcel.encode_to_vec(),
        });
    }

    /// Says something.
    pub fn say(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// Counts what was not taken, and puts it into the audit, unless it is usual or there is too much of it.
    pub fn refuse(&mut self, from: Option<&Arc<str>>, reason: Reason, detail: impl FnOnce() -> String) {
        *self.counts.entry((from.cloned(), reason)).or_default() += 1;
        let is_busy = self.is_busy();
        let audit = self.audit.entry(from.cloned());
        let (budget, uncounted) = audit.or_insert_with(|| (Budget::new(AUDIT_PER_S, AUDIT_SAVED_S), 0));
        // What waits for a full disk is in memory: refusals do not add to it.
        if is_busy || !budget.take(self.now, 1.0) {
            *uncounted += u64::from(!reason.is_usual());
            return;
        }
        let detail = detail();
        if !reason.is_usual() {
            let uncounted = std::mem::take(uncounted);
            self.note(from, reason.name(), &detail, uncounted);
        }
        self.outputs.push(Output::Refused(Refused {
            from: from.cloned(),
            reason,
            detail,
        }));
    }

    /// Raises an alarm, which is in the audit too, unless there are too many of the same partner.
    pub fn alarm(&mut self, partner: Option<&Arc<str>>, alarm: Alarm) {
        let is_busy = self.is_busy();
        let raised = self.alarms.entry(partner.cloned());
        let (budget, uncounted) = raised.or_insert_with(|| (Budget::new(AUDIT_PER_S, AUDIT_SAVED_S), 0));
        if is_busy || !budget.take(self.now, 1.0) {
            *uncounted += 1;
            return;
        }
        let uncounted = std::mem::take(uncounted);
        self.note(partner, "alarm", &format!("{alarm:?}"), uncounted);
        self.outputs.push(Output::Alarm(alarm));
    }

    /// Writes to the audit.
    pub fn note(&mut self, partner: Option<&Arc<str>>, what: &str, detail: &str, uncounted: u64) {
        let AuditHead {
            number,
            hash: previous,
            key_tai_ns,
        } = std::mem::take(&mut self.audit_head);
        let at = match number {
            0 => self.now,
            _ => self.now.max(Time::from_tai_ns(key_tai_ns)),
        };
        let number = number + 1;
        let record = AuditRecord {
            at_tai_ns: self.now.tai_ns(),
            partner: partner.map(|partner| partner.to_string()).unwrap_or_default(),
            what: what.to_owned(),
            detail: detail.to_owned(),
            uncounted,
            number,
            previous,
        };
        let key = keys::of_audit(at, number);
        let value = records::encode(&key, &record);
        self.audit_head = AuditHead {
            number,
            hash: records::entry_hash(&key, &value).to_vec(),
            key_tai_ns: at.tai_ns(),
        };
        self.is_noted = true;
        self.put(Table::Audit, key, value);
    }

    /// What has to be done: first the batch, then the rest.
    pub fn take_outputs(&mut self) -> Vec<Output> {
        if std::mem::take(&mut self.is_noted) {
            let head = self.audit_head.clone();
            self.write(Table::State, keys::AUDIT_HEAD.to_vec(), &head);
        }
        let rest = std::mem::take(&mut self.outputs);
        if self.batch.is_empty() {
            return rest;
        }
        let token = Token(self.token);
        self.token += 1;
        let batch = std::mem::take(&mut self.batch);
        let mut outputs = Vec::with_capacity(rest.len() + 1);
        outputs.push(Output::Write { token, batch });
        outputs.extend(rest);
        outputs
    }
}
