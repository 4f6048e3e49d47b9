//! What the desk knows: warnings, their messages, and how far each is on each channel.

use std::collections::BTreeMap;

use geo::Time;

use crate::facts::Facts;
use crate::text::Zone;

use super::command::{Policy, Press};
use super::event::{Channel, Kind, Outcome, Why};

/// All warnings of one sender.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) policy: Policy,
    pub(super) press: Press,
    pub(super) warnings: BTreeMap<String, Warning>,
    pub(super) sequence: u64,
}

/// One warning, from its first message to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Its name.
    pub name: String,
    /// Where its messages go.
    pub channels: Vec<Channel>,
    /// Whether all of it is an exercise.
    pub is_exercise: bool,
    /// Local time of its texts.
    pub zone: Zone,
    /// Its messages; the first has number 1.
    pub messages: Vec<Message>,
    /// Whether it was said that the all clear is due.
    pub is_clear_due: bool,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// From 1.
    pub number: u32,
    /// What it does.
    pub kind: Kind,
    /// What it says.
    pub facts: Facts,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub drafted: Time,
    /// Who approved it, and when.
    pub approvals: Vec<(String, Time)>,
    /// Whether nobody did in time.
    pub is_overdue: bool,
    /// How far it is.
    pub state: State,
    /// How far it is on each channel, once it is released.
    pub deliveries: BTreeMap<String, Delivery>,
}

/// How far a message is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It waits for approval.
    Draft,
    /// It will not be sent, since when and why.
    Withdrawn(Time, Why),
    /// It is to be sent: since when, in which words.
    Released(Time, String),
}

/// How far a message is on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What is being done.
    pub step: Step,
    /// What came back last, in short.
    pub answer: String,
    /// Whether it may be with people by an attempt before this one.
    pub(super) was_out: bool,
}

/// What is being done to bring a message to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is to be handed over.
    Waiting,
    /// It is being handed over.
    Handing,
    /// How that ended.
    Ended(Outcome),
}

impl Delivery {
    pub(super) fn waiting() -> Self {
        Self {
            step: Step::Waiting,
            answer: String::new(),
            was_out: false,
        }
    }

    /// Whether it may be with people: an attempt that failed for certain does not take back one before it.
    pub fn may_be_out(&self) -> bool {
        let by_this = matches!(
            self.step,
            Step::Handing | Step::Ended(Outcome::Delivered | Outcome::Unknown)
        );
        self.was_out || by_this
    }

    /// In a word.
    pub fn word(&self) -> &'static str {
        match self.step {
            Step::Waiting => "waiting",
            Step::Handing => "being handed over",
            Step::Ended(Outcome::Delivered) => "delivered",
            Step::Ended(Outcome::Failed(_)) => "failed",
            Step::Ended(Outcome::Unknown) => "unknown",
        }
    }
}

/// A message that is to be handed to a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending<'a> {
    /// Of which warning.
    pub warning: &'a Warning,
    /// Which message.
    pub message: &'a Message,
    /// To which channel.
    pub channel: &'a Channel,
    /// In which words.
    pub cap: &'a str,
}

impl Desk {
    /// A desk without a warning.
    pub fn new(policy: Policy, press: Press) -> Self {
        Self {
            policy,
            press,
            warnings: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// How many entries of the journal it has taken in.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// All warnings by name.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.values()
    }

    /// One of them.
    pub fn warning(&self, name: &str) -> Option<&Warning> {
        self.warnings.get(name)
    }

    /// The warnings of an object, the one that was begun last at the end.
    pub fn of_object<'a>(&'a self, object: &'a str) -> impl Iterator<Item = &'a Warning> {
        let mut own: Vec<&Warning> = self.warnings().filter(|own| own.object() == Some(object)).collect();
        own.sort_by_key(|own| own.messages.first().map(|first| first.drafted));
        own.into_iter()
    }

    /// What is to be handed over now, oldest first: what is released, and waits or failed; only the newest message of
    /// a warning, and what ends it only where something of it may be out.
    pub fn pending(&self) -> Vec<Pending<'_>> {
        let mut pending = Vec::new();
        for warning in self.warnings.values() {
            for message in &warning.messages {
                for channel in &warning.channels {
                    if let (Some(cap), true) = (message.cap(), warning.is_due(message, channel)) {
                        pending.push(Pending {
                            warning,
                            message,
                            channel,
                            cap,
                        });
                    }
                }
            }
        }
        pending
    }
}

impl Warning {
    /// The message that waits for approval.
    pub fn draft(&self) -> Option<&Message> {
        self.messages.iter().find(|message| message.state == State::Draft)
    }

    /// Messages that are released, in order.
    pub fn released(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().filter(|message| message.cap().is_some())
    }

    /// Whether any of it may be with people.
    pub fn may_be_out(&self) -> bool {
        self.released().any(Message::may_be_out)
    }

    /// Whether its end is released.
    pub fn is_over(&self) -> bool {
        self.released().any(|message| message.kind.is_end())
    }

    /// What people were told last.
    pub fn told(&self) -> Option<&Facts> {
        self.released().next_back().map(|message| &message.facts)
    }

    /// How it stands, in a word: `draft`, nobody was told; `on`, people shelter; `over`, they were told so; `given up`,
    /// nobody was or will be told.
    pub fn standing(&self) -> &'static str {
        match (self.is_over(), self.may_be_out(), self.goes_on()) {
            (true, ..) => "over",
            (false, true, _) => "on",
            (false, false, true) => "draft",
            (false, false, false) => "given up",
        }
    }

    /// The latest arrival of all that people were told.
    pub fn latest(&self) -> Option<Time> {
        self.released().map(|message| message.facts.arrival[1]).max()
    }

    /// What it is about: the name of an object.
    pub fn object(&self) -> Option<&str> {
        self.messages.last().map(|message| message.facts.object.as_str())
    }

    /// Whether more may follow: it is not over, and not given up before anybody was told.
    pub fn goes_on(&self) -> bool {
        !self.is_over() && (self.draft().is_some() || self.released().next().is_some())
    }

    /// The name of a message.
    pub fn identifier(&self, number: u32) -> String {
        format!("{}.{number}", self.name)
    }

    /// Whether no later message is released: an older one is not sent any more.
    pub(super) fn is_newest(&self, message: &Message) -> bool {
        self.released()
            .next_back()
            .is_some_and(|newest| newest.number == message.number)
    }

    pub(super) fn is_due(&self, message: &Message, channel: &Channel) -> bool {
        let is_newest = self.is_newest(message);
        let waits = message
            .deliveries
            .get(&channel.name)
            .is_some_and(|delivery| match delivery.step {
                Step::Waiting | Step::Ended(Outcome::Failed(_)) => true,
                Step::Ended(Outcome::Unknown) => channel.is_repeatable,
                Step::Handing | Step::Ended(Outcome::Delivered) => false,
            });
        let had_any = || {
            let before = self.released().filter(|earlier| earlier.number < message.number);
            before
                .filter_map(|earlier| earlier.deliveries.get(&channel.name))
                .any(Delivery::may_be_out)
        };
        is_newest && waits && (!message.kind.is_end() || had_any())
    }
}

impl State {
    /// In a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Withdrawn(..) => "withdrawn",
            Self::Released(..) => "released",
        }
    }
}

impl Message {
    /// Its words, once it is released.
    pub fn cap(&self) -> Option<&str> {
        match &self.state {
            State::Released(_, cap) => Some(cap),
            _ => None,
        }
    }

    /// When it was released.
    pub fn sent(&self) -> Option<Time> {
        match self.state {
            State::Released(at, _) => Some(at),
            _ => None,
        }
    }

    /// Whether it may be with people.
    pub fn may_be_out(&self) -> bool {
        self.deliveries.values().any(Delivery::may_be_out)
    }
}
