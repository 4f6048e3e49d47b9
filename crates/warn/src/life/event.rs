//! What can happen to a warning; each is a line of the journal.

use geo::Time;
use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::stamp;
use crate::text::Zone;

/// What a message does.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It begins the warning.
    Alert,
    /// It changes it.
    Update,
    /// It takes it back.
    Cancel(Reason),
    /// It ends it, after the latest arrival.
    AllClear,
}

impl Kind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Update => "update",
            Self::Cancel(_) => "cancel",
            Self::AllClear => "all-clear",
        }
    }

    /// Why it takes the warning back.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Cancel(reason) => Some(reason),
            Self::Alert | Self::Update | Self::AllClear => None,
        }
    }

    /// Whether it ends the warning.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Cancel(_) | Self::AllClear)
    }
}

/// Why a warning is taken back.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// New measurements: the places are in no danger.
    NoThreat,
    /// It was sent in error.
    Error,
}

impl Reason {
    /// Both.
    pub const ALL: [Self; 2] = [Self::NoThreat, Self::Error];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoThreat => "no-threat",
            Self::Error => "error",
        }
    }
}

/// A way to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// What it is called.
    pub name: String,
    /// Whether the same message a second time changes nothing there: a file that is written again.
    pub is_repeatable: bool,
}

/// How a message was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is there.
    Delivered,
    /// It certainly is not, and why.
    Failed(String),
    /// Nobody knows: no answer came.
    Unknown,
}

/// Why a draft is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A person said so.
    By(String),
    /// A newer draft takes its place.
    Newer(u32),
    /// The latest arrival passed before it was approved.
    Late,
}

/// What happened to one message of a warning, or to the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A warning exists: for these channels, for the whole of its life.
    Opened {
        /// Its name.
        warning: String,
        /// Where its messages go.
        channels: Vec<Channel>,
        /// Whether all of it is an exercise.
        is_exercise: bool,
        /// Local time of its texts.
        zone: Zone,
    },
    /// A message was written.
    Drafted {
        /// Of which warning.
        warning: String,
        /// Its number, from 1.
        number: u32,
        /// What it does.
        kind: Kind,
        /// What it says.
        facts: Box<Facts>,
        /// Who wrote it.
        by: String,
    },
    /// A person approved it.
    Approved {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// Who.
        by: String,
    },
    /// It will not be sent.
    Withdrawn {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// Why not.
        why: Why,
    },
    /// Nobody has approved it in the time for it.
    Overdue {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
    },
    /// It is to be sent, in these words and no others.
    Released {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// The CAP message.
        cap: String,
    },
    /// It is being handed to a channel: from now on it may be there.
    Handing {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// The channel's name.
        channel: String,
    },
    /// How that ended.
    Reported {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// The channel's name.
        channel: String,
        /// What is known.
        outcome: Outcome,
        /// What came back, in short.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        answer: String,
    },
    /// A person had it sent again, where it is unknown whether it is there.
    Again {
        /// Of which warning.
        warning: String,
        /// Its number.
        number: u32,
        /// The channel's name.
        channel: String,
        /// Who.
        by: String,
    },
    /// The latest arrival has passed, and people were not told so yet.
    AllClearDue {
        /// Of which warning.
        warning: String,
    },
    /// The program began anew; whatever was being handed over is unknown.
    Restarted,
}

/// An event, when it happened, and which of the journal it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without a gap.
    pub sequence: u64,
    /// When.
    #[serde(with = "stamp")]
    pub at: Time,
    /// What.
    pub event: Event,
    /// Whether the next entry is of the same command: none of them took effect unless all are there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_more: bool,
}
