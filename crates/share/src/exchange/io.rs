//! What goes into an exchange and what comes out.

use std::sync::Arc;

use geo::Time;

use super::refusal::{Alarm, Refused};
use super::rules::{OwnItem, Rules};
use crate::identity::NodePublic;
use crate::item::{Item, ItemId};
use crate::store::{Batch, Page, Range};

/// Which of the three ways to a partner octets take.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// New frames, at once; may be lost, the log refills them.
    Live,
    /// Pages of the log, behind everything else.
    Log,
    /// Heads, requests, receipts, notes: small, ahead of everything.
    Ctl,
}

impl Lane {
    /// All of them, most urgent first.
    pub const ALL: [Self; 3] = [Self::Ctl, Self::Live, Self::Log];

    /// Returns its name, as it stands in keys of the wire and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Log => "log",
            Self::Ctl => "ctl",
        }
    }
}

/// For which other part of the node a note is that the exchange only carries.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Digests of pictures, and what follows when they differ.
    Digest,
    /// Rosters. They carry the signature of their owner's root and nothing else is asked of them here: a partner whose
    /// key is another one by now, or whose roster ended, is heard by them alone.
    Roster,
}

/// Names a batch that was asked to be written; they count up.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// A partner: whose node it is, and with which keys it signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// The owner, as links and rules name it.
    pub owner: Arc<str>,
    /// The key of its node: frames are for this one, and new frames come from it.
    pub key: NodePublic,
    /// Earlier keys of its nodes that are still good, for items that were signed with them and are given on.
    pub earlier: Vec<NodePublic>,
    /// Whether items of other owners are given on to it, where their owners allow.
    pub relay: bool,
    /// Whether its roster and that key count now. While they do not, it gets nothing and nothing of it is taken but a
    /// roster; where things stand with it is kept.
    pub is_believed: bool,
}

/// What another part of the node wants kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Entries of tables, under keys that are none of the machine's.
    pub batch: Batch,
    /// An entry of the audit: what, and what is known of it.
    pub note: Option<(&'static str, String)>,
}

/// Something happened.
#[derive(Debug)]
pub enum Input {
    /// The owner's own items, in any order. What is released of those that come together goes out together.
    Accept(Vec<OwnItem>),
    /// Octets from a partner.
    Octets {
        /// The owner at the other end, by its certificate.
        from: Arc<str>,
        /// On which way.
        lane: Lane,
        /// What arrived, unverified.
        octets: Vec<u8>,
    },
    /// A partner can be reached.
    Up {
        /// The owner at the other end.
        partner: Arc<str>,
    },
    /// A partner cannot be reached.
    Down {
        /// The owner at the other end.
        partner: Arc<str>,
    },
    /// Everything up to a batch is on disk.
    Durable {
        /// The last of them.
        token: Token,
    },
    /// What [`Output::Read`] asked for: a page for each range, in order.
    Pages {
        /// The number of the question.
        question: u64,
        /// The entries.
        pages: Vec<Page>,
    },
    /// Other rules hold from an instant on. Of those whose instant has come, the one that was given last holds; those
    /// given before it never will.
    Rules {
        /// The rules.
        rules: Box<dyn Rules>,
        /// From when on; in the past means at once.
        from: Time,
    },
    /// Another part of the node wants this kept with what the machine writes, or noted in the audit.
    Keep(Kept),
    /// Other partners, or other keys of theirs, hold from now on. One that is missing gets nothing from now on, and is
    /// forgotten.
    Partners(Vec<Partner>),
    /// Something of another part of the node has to be told to a partner. It may be lost.
    Tell {
        /// The partner.
        to: Arc<str>,
        /// For which part of its node.
        topic: Topic,
        /// What, at most [`super::limits::NOTE_OCTETS_MAX`].
        octets: Vec<u8>,
    },
    /// Time passed. Wanted every [`super::limits::TICK_S`] or sooner, when nothing else happens.
    Tick,
}

/// Something has to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Append this, all or nothing, before anything that follows is done; say [`Input::Durable`] when it is on disk.
    Write {
        /// The batch's name.
        token: Token,
        /// What to write.
        batch: Batch,
    },
    /// Read this and answer with [`Input::Pages`]; what was appended counts.
    Read {
        /// The number of the question.
        question: u64,
        /// The ranges.
        ranges: Vec<Range>,
    },
    /// Send this. It may be lost.
    Send {
        /// The partner.
        to: Arc<str>,
        /// On which way.
        lane: Lane,
        /// What.
        octets: Vec<u8>,
    },
    /// An own item is in the journal.
    Accepted {
        /// Its name.
        id: ItemId,
    },
    /// A partner's item is here, for the first time.
    Deliver(Delivered),
    /// An own item came back that was lost from this disk before it was safe there. It is not in the journal: offer it
    /// again with [`Input::Accept`].
    Recovered(Box<Item>),
    /// A part of the partner's node has something for the same part of this.
    Told {
        /// The partner.
        from: Arc<str>,
        /// For which part.
        topic: Topic,
        /// What.
        octets: Vec<u8>,
    },
    /// Other rules hold from now on.
    RulesHold {
        /// Their name.
        version: [u8; 16],
        /// From when they were to hold.
        from: Time,
    },
    /// What was handed over for a partner on the live and log lanes, and has not left, must not leave any more.
    Withdraw {
        /// The partner.
        to: Arc<str>,
    },
    /// Something was not believed or not taken. It is in the audit already, unless there was too much of it.
    Refused(Refused),
    /// Somebody has to look.
    Alarm(Alarm),
}

/// An item of a partner.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    /// The owner who sent it.
    pub from: Arc<str>,
    /// Its name.
    pub id: ItemId,
    /// What it is; its `origin` is another than `from` when it was given on.
    pub item: Box<Item>,
    /// When it was sent, by the sender's clock.
    pub sent: Time,
}
