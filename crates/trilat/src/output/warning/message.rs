//! One message of a warning: what it says, and how far it is.

use node::warnings::{Office, Parcel};
use serde::Serialize;
use warn::life::{Kind, Message, Reason, State, Warning, Why};

use super::preview::{FactsOutput, SaidOutput};

/// A message as it stands: its words, who wrote and approved it, which channels have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MessageOutput {
    /// Its name, WARNING.NUMBER.
    pub message: String,
    /// `alert`, `update`, `cancel`, `all-clear`.
    pub kind: &'static str,
    /// Why a warning is taken back.
    pub reason: Option<&'static str>,
    /// Whether it is of an exercise.
    pub is_exercise: bool,
    /// `draft`, `withdrawn` or `released`.
    pub state: &'static str,
    /// Why it was withdrawn.
    pub why: Option<String>,
    /// Who wrote it.
    pub by: String,
    /// When, UTC.
    pub drafted: String,
    /// Who approved it and when, UTC.
    pub approvals: Vec<[String; 2]>,
    /// How many persons have to.
    pub approvals_needed: u8,
    /// Whether nobody did in time.
    pub is_overdue: bool,
    /// When it was released, UTC.
    pub released: Option<String>,
    /// How far it is on each channel.
    pub channels: Vec<DeliveryOutput>,
    /// What it says.
    pub facts: FactsOutput,
    /// The words.
    pub messages: Vec<SaidOutput>,
    /// The CAP message; of a draft, as it would be sent now.
    pub cap: String,
}

/// How far a message is on one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryOutput {
    /// The channel.
    pub channel: String,
    /// `waiting`, `being handed over`, `delivered`, `failed`, `unknown`.
    pub state: &'static str,
    /// What came back.
    pub answer: String,
}

/// What a message does, and why it takes a warning back.
pub fn kind_words(kind: Kind) -> (&'static str, Option<&'static str>) {
    (kind.name(), kind.reason().map(Reason::name))
}

/// Why a message will not be sent, in words.
pub fn why_words(why: &Why) -> String {
    match why {
        Why::By(person) => format!("withdrawn by {person}"),
        Why::Newer(number) => format!("message {number} takes its place"),
        Why::Late => "lapsed: nobody approved it before the latest arrival".to_owned(),
    }
}

/// How far a message is on each channel.
pub fn deliveries(message: &Message) -> Vec<DeliveryOutput> {
    let one = |(channel, delivery): (&String, &warn::life::Delivery)| DeliveryOutput {
        channel: channel.clone(),
        state: delivery.word(),
        answer: delivery.answer.clone(),
    };
    message.deliveries.iter().map(one).collect()
}

impl MessageOutput {
    /// Of a message and the words that it has, or would have.
    pub fn new(office: &Office, own: &Warning, message: &Message, parcel: Parcel) -> Self {
        let (kind, reason) = kind_words(message.kind);
        let why = match &message.state {
            State::Withdrawn(at, why) => Some(format!("{} at {at}", why_words(why))),
            State::Draft | State::Released(..) => None,
        };
        let languages: Vec<String> = parcel.words.languages.iter().map(|one| one.language.clone()).collect();
        Self {
            message: own.identifier(message.number),
            kind,
            reason,
            is_exercise: own.is_exercise,
            state: message.state.name(),
            why,
            by: message.by.clone(),
            drafted: message.drafted.to_string(),
            approvals: message
                .approvals
                .iter()
                .map(|(person, at)| [person.clone(), at.to_string()])
                .collect(),
            approvals_needed: office.settings().policy.approvals,
            is_overdue: message.is_overdue,
            released: message.sent().map(|at| at.to_string()),
            channels: deliveries(message),
            facts: FactsOutput::new(&message.facts, &languages),
            messages: parcel.words.languages.into_iter().map(SaidOutput::from).collect(),
            cap: parcel.cap,
        }
    }

    /// Keeps these languages only; all, where none is named.
    ///
    /// Errors: the languages it has, where one of these is not among them.
    pub fn keep_languages(&mut self, wanted: &[String]) -> Result<(), Vec<String>> {
        let known: Vec<String> = self.messages.iter().map(|one| one.language.clone()).collect();
        if wanted.iter().any(|one| !known.contains(one)) {
            return Err(known);
        }
        self.messages
            .retain(|one| wanted.is_empty() || wanted.contains(&one.language));
        Ok(())
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        crate::output::to_json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mark = if self.is_exercise { "EXERCISE: " } else { "" };
        let Self {
            message,
            kind,
            by,
            drafted,
            ..
        } = self;
        let mut text = format!("{mark}{message}, {kind}, written by {by} at {drafted}\n");
        text += &match (&self.why, &self.released) {
            (Some(why), _) => format!("  not sent: {why}\n"),
            (None, Some(at)) => format!("  approved by {}, released at {at}\n", people(&self.approvals)),
            (None, None) => format!("  {}\n", self.waits()),
        };
        for one in &self.channels {
            text += &format!("  {}: {} {}\n", one.channel, one.state, one.answer);
        }
        text += &self.facts.seen();
        self.messages.iter().for_each(|said| text += &said.to_string());
        text + &self.facts.to_text()
    }

    /// What a draft waits for.
    fn waits(&self) -> String {
        let overdue = if self.is_overdue { ", OVERDUE" } else { "" };
        let had = match self.approvals.is_empty() {
            true => String::new(),
            false => format!(", approved by {}", people(&self.approvals)),
        };
        let (count, needed) = (self.approvals.len(), self.approvals_needed);
        format!("a draft: {count} of {needed} approvals{had}{overdue}")
    }
}

fn people(approvals: &[[String; 2]]) -> String {
    let names: Vec<&str> = approvals.iter().map(|[person, _]| person.as_str()).collect();
    names.join(" and ")
}
