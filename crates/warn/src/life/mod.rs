//! The life of a warning: drafted, approved, sent, updated, and cancelled or over; as events that are kept.
//!
//! ```text
//!               Approve (one or two persons)            Hand, Report: each channel once
//!  Draft ──► draft ───────────────────────► released ──────────────────────────► out
//!              │ Withdraw, a newer draft,      │ Withdraw, while no channel has it
//!              ▼ or too late to be of use      ▼
//!           withdrawn ◄────────────────────────┘
//! ```
//!
//! A [`Desk`] decides on a [`Command`] and says which events follow; whoever runs it writes them down before it acts
//! on them. The desk is a function of its events, so a restart at any moment goes on where it was: what was being
//! handed over then is unknown, and is not sent again but by a person's word, unless sending again changes nothing.

mod apply;
mod clerk;
mod command;
mod decide;
mod desk;
mod due;
mod event;
mod journal;
mod refusal;

pub use clerk::{Errand, clears, errand, may_write_from};
pub use command::{Command, First, InView, Policy, Press};
pub use desk::{Delivery, Desk, Message, Pending, State, Step, Warning};
pub use event::{Channel, Entry, Event, Kind, Outcome, Reason, Why};
pub use journal::{JournalError, read_journal};
pub use refusal::Refusal;

#[cfg(test)]
mod clerk_tests;
#[cfg(test)]
mod tests;
