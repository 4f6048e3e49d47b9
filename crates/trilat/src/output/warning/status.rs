//! How every warning is.

use std::fmt;

use node::warnings::Office;
use serde::Serialize;
use warn::life::{Desk, State, Warning};

use super::message::{DeliveryOutput, deliveries, kind_words, why_words};

/// All warnings of a folder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WarningsOutput {
    /// Who sends.
    pub sender: String,
    /// How many persons approve a message.
    pub approvals_needed: u8,
    /// The warnings by name.
    pub warnings: Vec<WarningOutput>,
}

/// One warning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WarningOutput {
    /// Its name.
    pub warning: String,
    /// Whether it is an exercise.
    pub is_exercise: bool,
    /// `draft`: nobody was told; `on`: people shelter; `over`: they were told so; `given up`: nobody was or will be
    /// told.
    pub state: &'static str,
    /// Whether the latest arrival has passed and nobody has written the all clear.
    pub is_clear_due: bool,
    /// What it is about.
    pub object: String,
    /// Its messages.
    pub messages: Vec<LineOutput>,
}

/// One message, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineOutput {
    /// Its name.
    pub message: String,
    /// What it does.
    pub kind: &'static str,
    /// How far it is, in words.
    pub state: String,
    /// Earliest and latest arrival, UTC.
    pub arrival: [String; 2],
    /// How many places it names.
    pub places: usize,
    /// How far it is on each channel.
    pub channels: Vec<DeliveryOutput>,
}

impl WarningsOutput {
    /// Of a desk.
    pub fn new(office: &Office, desk: &Desk) -> Self {
        let needed = office.settings().policy.approvals;
        Self {
            sender: office.settings().sender.id().to_owned(),
            approvals_needed: needed,
            warnings: desk.warnings().map(|own| warning(own, needed)).collect(),
        }
    }

    /// For people.
    pub fn to_text(&self) -> String {
        if self.warnings.is_empty() {
            return format!("{}: no warnings.\n", self.sender);
        }
        let mut text = String::new();
        for one in &self.warnings {
            let mark = if one.is_exercise { "EXERCISE " } else { "" };
            let due = if one.is_clear_due { ", ALL CLEAR DUE" } else { "" };
            text += &format!("{mark}{}: {}{due}; track {}\n", one.warning, one.state, one.object);
            for line in &one.messages {
                text += &line.to_string();
            }
        }
        text
    }
}

impl fmt::Display for LineOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = &self.arrival;
        writeln!(f, "  {} {}: {}", self.message, self.kind, self.state)?;
        writeln!(f, "      {} places, arrival from {from} to {to}", self.places)?;
        for one in &self.channels {
            writeln!(f, "      {}: {} {}", one.channel, one.state, one.answer)?;
        }
        Ok(())
    }
}

fn warning(own: &Warning, needed: u8) -> WarningOutput {
    let line = |message: &warn::life::Message| {
        let state = match &message.state {
            State::Draft => {
                let overdue = if message.is_overdue { ", OVERDUE" } else { "" };
                let (had, by) = (message.approvals.len(), &message.by);
                format!(
                    "a draft by {by} since {}, {had} of {needed} approvals{overdue}",
                    message.drafted
                )
            }
            State::Withdrawn(at, why) => format!("not sent: {} at {at}", why_words(why)),
            State::Released(at, _) => {
                let people: Vec<&str> = message.approvals.iter().map(|(person, _)| person.as_str()).collect();
                format!("released at {at}, approved by {}", people.join(" and "))
            }
        };
        LineOutput {
            message: own.identifier(message.number),
            kind: kind_words(message.kind).0,
            state,
            arrival: message.facts.arrival.map(|time| time.to_string()),
            places: message.facts.places.len(),
            channels: deliveries(message),
        }
    };
    WarningOutput {
        warning: own.name.clone(),
        is_exercise: own.is_exercise,
        state: own.standing(),
        is_clear_due: own.is_clear_due && !own.is_over(),
        object: own.object().unwrap_or_default().to_owned(),
        messages: own.messages.iter().map(line).collect(),
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedOutput {
    /// What.
    pub what: String,
    /// Whether it works.
    pub is_good: bool,
    /// What was found.
    pub words: String,
}

impl fmt::Display for CheckedOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_good { "good" } else { "BAD " };
        write!(f, "{mark}  {}: {}", self.what, self.words)
    }
}
