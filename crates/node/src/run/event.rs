//! What the deciding thread waits for: one queue for everything.

use share::store::Page;

use super::policies::PolicyNews;
use super::reopen::Reopened;
use super::roster_watch::RosterNews;
use crate::engine::worker::Told;
use crate::feed::Fed;
use crate::link::LinkEvent;
use crate::store::StoreEvent;

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A feed brought a plot.
    Plot(Box<Fed>),
    /// A partner sent something, or its link changed.
    Link(LinkEvent),
    /// Something became durable, or could not.
    Store(StoreEvent),
    /// What was asked of the store.
    Pages {
        /// The number of the question.
        question: u64,
        /// A page for each range.
        pages: Vec<Page>,
    },
    /// The tracker says what is new.
    Engine(Box<Told>),
    /// There are new versions of the agreement, or files that are none.
    Policies(Box<PolicyNews>),
    /// Rosters changed, or some were refused.
    Rosters(Box<RosterNews>),
    /// A link was opened anew.
    Reopened(Box<Reopened>),
    /// It is time to stop.
    Stop,
    /// All feeds are closed, and nothing comes of them any more.
    FeedsClosed,
}

impl From<LinkEvent> for Event {
    fn from(event: LinkEvent) -> Self {
        Self::Link(event)
    }
}
