//! What was asked of the tables, until the answer comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inbox::Checked;
use super::rules::OwnItem;
use crate::item::ItemId;

/// What an answer is for.
#[derive(Debug)]
pub enum Question {
    /// Whether own items are in the journal already.
    Accept {
        /// The items, each with its name.
        items: Vec<(OwnItem, ItemId)>,
    },
    /// Whether items of a frame are here already.
    Frame {
        /// The partner.
        from: Arc<str>,
        /// The frame.
        frame: Box<Checked>,
        /// Which of its items the pages are about, in order.
        asked: Vec<usize>,
    },
    /// Entries of the journal that are due for a partner.
    Due {
        /// The partner.
        partner: Arc<str>,
        /// Their places.
        places: Vec<u64>,
    },
    /// The journal is gone through for a partner.
    Scan {
        /// The partner.
        partner: Arc<str>,
        /// For which run.
        run: u64,
        /// The place of the first entry that was asked for.
        from: u64,
    },
    /// What a partner was given before this start.
    Load {
        /// The partner.
        partner: Arc<str>,
    },
    /// What the frames give that a partner will never have.
    Lost {
        /// The partner.
        partner: Arc<str>,
        /// Their epoch.
        epoch: u64,
    },
    /// Frames that a partner asked for, and what they give.
    Serve {
        /// The partner.
        partner: Arc<str>,
        /// Their epoch.
        epoch: u64,
    },
    /// The journal's entries of frames that are to be served.
    Recheck {
        /// The partner.
        partner: Arc<str>,
        /// Their epoch.
        epoch: u64,
        /// The frames, sealed.
        frames: Vec<Vec<u8>>,
        /// The places of the entries.
        places: Vec<u64>,
    },
    /// Frames beyond a gap that a partner sent before this start.
    Ties {
        /// The partner.
        partner: Arc<str>,
    },
    /// Frames of a partner that it wants back.
    HandBack {
        /// The partner.
        partner: Arc<str>,
    },
}

impl Question {
    /// The partner it is about.
    pub fn partner(&self) -> Option<&Arc<str>> {
        match self {
            Self::Accept { .. } => None,
            Self::Frame { from, .. } => Some(from),
            Self::Due { partner, .. }
            | Self::Scan { partner, .. }
            | Self::Load { partner }
            | Self::Lost { partner, .. }
            | Self::Serve { partner, .. }
            | Self::Recheck { partner, .. }
            | Self::Ties { partner }
            | Self::HandBack { partner } => Some(partner),
        }
    }
}

/// Questions without an answer.
#[derive(Debug, Default)]
pub struct Questions {
    last: u64,
    waiting: BTreeMap<u64, Question>,
}

impl Questions {
    /// Notes a question and returns its number.
    pub fn ask(&mut self, question: Question) -> u64 {
        self.last += 1;
        self.waiting.insert(self.last, question);
        self.last
    }

    /// The question of a number, which is then answered.
    pub fn answered(&mut self, number: u64) -> Option<Question> {
        self.waiting.remove(&number)
    }

    /// How many own batches wait.
    pub fn accepting(&self) -> usize {
        let is_accept = |question: &&Question| matches!(question, Question::Accept { .. });
        self.waiting.values().filter(is_accept).count()
    }
}
