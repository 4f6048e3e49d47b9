//! What happened, a line each; and what came of handing over.

use std::fmt;

use node::warnings::{News, What};
use serde::Serialize;
use warn::life::{Entry, Event, Outcome};

use super::message::{kind_words, why_words};

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryOutput {
    /// Which, from 1.
    pub sequence: u64,
    /// When, UTC.
    pub at: String,
    /// `opened`, `drafted`, `approved` and others.
    pub event: &'static str,
    /// The message, or the warning.
    pub about: String,
    /// What, in words.
    pub words: String,
}

impl EntryOutput {
    /// Of an entry.
    pub fn new(entry: &Entry) -> Self {
        let (event, about, words) = said(&entry.event);
        Self {
            sequence: entry.sequence,
            at: entry.at.to_string(),
            event,
            about,
            words,
        }
    }
}

impl fmt::Display for EntryOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}  {}", self.at, self.about, self.words)
    }
}

fn said(event: &Event) -> (&'static str, String, String) {
    match event {
        Event::Opened {
            warning,
            channels,
            is_exercise,
            ..
        } => {
            let names: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
            let kind = if *is_exercise { "an EXERCISE" } else { "in earnest" };
            (
                "opened",
                warning.clone(),
                format!("begun, {kind}, for {}", names.join(", ")),
            )
        }
        Event::AllClearDue { warning } => {
            let words = "ALL CLEAR DUE: the latest arrival has passed, and people were not told so yet";
            ("all-clear-due", warning.clone(), words.to_owned())
        }
        Event::Restarted => ("restarted", "all".to_owned(), "the program began anew".to_owned()),
        Event::Handing { .. } | Event::Reported { .. } | Event::Again { .. } => said_of_channel(event),
        _ => said_of_message(event),
    }
}

fn of(warning: &str, number: u32) -> String {
    format!("{warning}.{number}")
}

fn said_of_message(event: &Event) -> (&'static str, String, String) {
    match event {
        Event::Drafted {
            warning,
            number,
            kind,
            by,
            ..
        } => {
            let words = format!("{} written by {by}", kind_words(*kind).0);
            ("drafted", of(warning, *number), words)
        }
        Event::Approved { warning, number, by } => ("approved", of(warning, *number), format!("approved by {by}")),
        Event::Withdrawn { warning, number, why } => {
            let words = format!("will not be sent: {}", why_words(why));
            ("withdrawn", of(warning, *number), words)
        }
        Event::Overdue { warning, number } => {
            let words = "OVERDUE: it is not approved yet".to_owned();
            ("overdue", of(warning, *number), words)
        }
        Event::Released { warning, number, .. } => ("released", of(warning, *number), "is to be sent".to_owned()),
        _ => ("", String::new(), String::new()),
    }
}

fn said_of_channel(event: &Event) -> (&'static str, String, String) {
    match event {
        Event::Handing {
            warning,
            number,
            channel,
        } => {
            let words = format!("is being handed to {channel}");
            ("handing", of(warning, *number), words)
        }
        Event::Reported {
            warning,
            number,
            channel,
            outcome,
            answer,
        } => {
            let what = match outcome {
                Outcome::Delivered => "delivered",
                Outcome::Failed(_) => "NOT delivered",
                Outcome::Unknown => "UNKNOWN whether delivered",
            };
            let words = format!("{what} by {channel}: {answer}");
            ("reported", of(warning, *number), words)
        }
        Event::Again {
            warning,
            number,
            channel,
            by,
        } => {
            let words = format!("is sent again by {channel}, says {by}");
            ("again", of(warning, *number), words)
        }
        _ => ("", String::new(), String::new()),
    }
}

/// What came of handing over one message, or of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewsOutput {
    /// The channel.
    pub channel: String,
    /// The message.
    pub message: Option<String>,
    /// `delivered`, `failed`, `unknown`, `busy`, `gone` or `error`.
    pub what: &'static str,
    /// What came back.
    pub words: String,
}

impl NewsOutput {
    /// Of news.
    pub fn new(news: &News) -> Self {
        let (what, words) = match &news.what {
            What::Answered(answer) => match answer.outcome {
                Outcome::Delivered => ("delivered", answer.words.clone()),
                Outcome::Failed(_) => ("failed", answer.words.clone()),
                Outcome::Unknown => ("unknown", answer.words.clone()),
            },
            What::Forgotten => ("unknown", "a program ended before an answer came".to_owned()),
            What::Busy => ("busy", "another program is handing over there now".to_owned()),
            What::Gone => (
                "gone",
                "it is not in warn.toml any more, and a message has to go there".to_owned(),
            ),
            What::Failed(error) => ("error", error.to_string()),
        };
        Self {
            channel: news.channel.clone(),
            message: news.message.clone(),
            what,
            words: warn::clean(&words, 200),
        }
    }

    /// Whether the journal says it too.
    pub fn is_in_journal(&self) -> bool {
        matches!(self.what, "delivered" | "failed" | "unknown")
    }
}

impl fmt::Display for NewsOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_deref().unwrap_or("");
        write!(f, "{message} by {}: {} {}", self.channel, self.what, self.words)
    }
}

/// What was written down, then what came of handing over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentOutput {
    /// What was written down before.
    pub entries: Vec<EntryOutput>,
    /// What came back.
    pub sent: Vec<NewsOutput>,
    /// What is not certainly with every channel, in words.
    pub missing: Vec<String>,
}

impl SentOutput {
    /// For people.
    pub fn to_text(&self) -> String {
        let entries = self.entries.iter().map(|entry| format!("{entry}\n"));
        let sent = self.sent.iter().map(|news| format!("{news}\n"));
        let text: String = entries.chain(sent).collect();
        match text.is_empty() {
            true if self.missing.is_empty() => "Nothing is due.\n".to_owned(),
            _ => text,
        }
    }
}
