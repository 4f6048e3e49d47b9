//! What a person or a clock asks of the desk.

use crate::cap::Sender;
use crate::facts::Facts;
use crate::text::{Catalogue, Zone};

use super::desk::{State, Warning};
use super::event::{Channel, Kind, Outcome};

/// Who has to approve, and how soon.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Policy {
    /// How many persons approve each message: one or two.
    pub approvals: u8,
    /// Whether the person who wrote it counts as one of them.
    pub is_author_counted: bool,
    /// After so long without approval a draft is overdue. It is never sent by itself.
    pub approve_within_s: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            approvals: 1,
            is_author_counted: true,
            approve_within_s: 60.0,
        }
    }
}

/// What messages are written with.
#[derive(Clone, Debug)]
pub struct Press {
    /// Who sends them.
    pub sender: Sender,
    /// In which languages.
    pub catalogues: Vec<Catalogue>,
}

/// What holds for a whole warning, said with its first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// Where its messages go, the last like the first.
    pub channels: Vec<Channel>,
    /// Whether all of it is an exercise.
    pub is_exercise: bool,
    /// Local time of its texts.
    pub zone: Zone,
}

/// The newest message of a warning, as somebody had it before him who writes another.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct InView {
    /// Its number; 0: none was written yet.
    pub number: u32,
    /// Whether it waited for approval.
    pub is_draft: bool,
}

impl InView {
    /// Of a warning; of one that is not there yet, too.
    pub fn of(warning: Option<&Warning>) -> Self {
        let newest = warning.and_then(|warning| warning.messages.last());
        newest.map_or_else(Self::default, |newest| Self {
            number: newest.number,
            is_draft: newest.state == State::Draft,
        })
    }
}

/// One thing asked. Numbers say which message a person had before them: if another has taken its place, or somebody was
/// quicker, the command is refused, and nothing happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Write a message. Of a cancel or an all clear the facts are those that people were told, all together.
    Draft {
        /// Of which warning; a new name begins one.
        warning: String,
        /// What it does.
        kind: Kind,
        /// What it says; needed but for what ends a warning.
        facts: Option<Box<Facts>>,
        /// Needed for a new warning, and only there.
        first: Option<First>,
        /// The newest message of the warning as its author had it in view; of a new warning there is none. `None`
        /// writes after whatever there is.
        in_view: Option<InView>,
        /// Who writes it.
        by: String,
    },
    /// Approve one.
    Approve {
        /// Of which warning.
        warning: String,
        /// Which message.
        number: u32,
        /// Who.
        by: String,
    },
    /// Do not send one.
    Withdraw {
        /// Of which warning.
        warning: String,
        /// Which message.
        number: u32,
        /// Who.
        by: String,
    },
    /// Begin to hand one to a channel.
    Hand {
        /// Of which warning.
        warning: String,
        /// Which message.
        number: u32,
        /// The channel's name.
        channel: String,
    },
    /// Say how that ended.
    Report {
        /// Of which warning.
        warning: String,
        /// Which message.
        number: u32,
        /// The channel's name.
        channel: String,
        /// What is known.
        outcome: Outcome,
        /// What came back, anybody's text.
        answer: String,
    },
    /// Send one again where it is unknown whether it is there.
    Again {
        /// Of which warning.
        warning: String,
        /// Which message.
        number: u32,
        /// The channel's name.
        channel: String,
        /// Who.
        by: String,
    },
    /// The program begins anew.
    Restart,
    /// Look at the clock.
    Tick,
}
