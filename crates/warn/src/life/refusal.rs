//! Why the desk does not do what was asked.

use geo::Time;

/// Why nothing happened, and what to do instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No such warning.
    #[error("there is no warning {0}")]
    Unknown(String),
    /// A name that no message could carry.
    #[error("{0:?} is no name of a warning, expected up to 60 letters, digits and hyphens")]
    Name(String),
    /// Nobody.
    #[error("no person is named")]
    Nobody,
    /// The warning has no such message.
    #[error("warning {warning} has no message {number}, it has {count}")]
    NoMessage {
        /// The warning.
        warning: String,
        /// The number asked for.
        number: u32,
        /// How many there are.
        count: usize,
    },
    /// A first message of a warning that has one that was released.
    #[error("warning {0} has begun: write an update, a cancel or an all clear")]
    Begun(String),
    /// The first message has to be an alert.
    #[error("warning {0} has not been sent: its message can only be an alert; to give it up, withdraw it")]
    NotBegun(String),
    /// A new warning needs to know where it goes.
    #[error("warning {0} is new: it needs channels, each with a name of its own")]
    Channels(String),
    /// Facts are missing.
    #[error("a message of this kind needs an area")]
    Facts,
    /// It has ended.
    #[error("warning {0} is over: begin a new one")]
    Over(String),
    /// Its end has been written.
    #[error("the end of warning {warning} is written, message {number}: withdraw that first")]
    Ending {
        /// The warning.
        warning: String,
        /// The message that ends it.
        number: u32,
    },
    /// People must not leave their shelter yet.
    #[error("the latest arrival is {latest}: an all clear is not before it; if there is no danger, cancel")]
    Early {
        /// When it could still arrive.
        latest: Time,
    },
    /// The draft is of no use any more.
    #[error("the latest arrival, {latest}, is past: what was written before is not sent; write it anew")]
    Late {
        /// When it could have arrived.
        latest: Time,
    },
    /// Somebody was quicker.
    #[error("message {number} of warning {warning} {what}")]
    Quicker {
        /// The warning.
        warning: String,
        /// The message.
        number: u32,
        /// What has become of it, by whom and when.
        what: String,
    },
    /// Each person counts once.
    #[error("{0} has approved it already: another person is needed")]
    Twice(String),
    /// The author does not count.
    #[error("{0} wrote it: by the policy another person has to approve it")]
    Author(String),
    /// It is out, and cannot be called back.
    #[error("message {number} of warning {warning} is out by {channels}: write a cancel")]
    Out {
        /// The warning.
        warning: String,
        /// The message.
        number: u32,
        /// By which channels.
        channels: String,
    },
    /// Nothing is to be handed to that channel, or nothing to be reported of it.
    #[error("message {number} of warning {warning} is not due by {channel}: it is {state}")]
    NotDue {
        /// The warning.
        warning: String,
        /// The message.
        number: u32,
        /// The channel.
        channel: String,
        /// What it is instead.
        state: &'static str,
    },
}
