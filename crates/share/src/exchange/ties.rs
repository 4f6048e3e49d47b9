//! Frames beyond a gap that were logged before this start: how they are tied to their neighbours is read from the inbox
//! before anything else of their partner is taken. Until then nothing could be said of them, and no last word either.

use super::core::Core;
use super::inbox::{Inbound, Tie};
use super::keys::{self, Kind};
use super::questions::Question;
use super::records::{self, FrameRecord};
use super::refusal::Alarm;
use crate::frame::{Frame, Hash};
use crate::identity::NodeId;
use crate::store::{Page, Table};

/// What is to be read before frames are taken.
#[derive(Debug)]
pub struct Untied {
    /// Where to go on.
    from: u64,
    is_asked: bool,
    /// From which node frames come once it is read.
    turns_to: Option<NodeId>,
}

impl Untied {
    /// Frames from a place on.
    pub fn from(sequence: u64) -> Self {
        Self {
            from: sequence,
            is_asked: false,
            turns_to: None,
        }
    }

    /// Frames come from another node of the partner once it is read.
    pub fn turn_later(&mut self, origin: NodeId) {
        self.turns_to = Some(origin);
    }
}

impl Inbound {
    /// Asks for the next page, if one is to be read.
    pub fn read_ties(&mut self, core: &mut Core) {
        let last = self.last();
        let Some(untied) = self.untied.as_mut().filter(|untied| !untied.is_asked) else {
            return;
        };
        untied.is_asked = true;
        let range = keys::frames(Table::Inbox, Kind::Frame, &self.partner, self.epoch, untied.from, last);
        let partner = self.partner.clone();
        core.read(vec![range], Question::Ties { partner });
    }

    /// Takes in a page. What is not on the disk, or is damaged there, is asked for again.
    pub fn on_ties(&mut self, core: &mut Core, page: &Page) {
        for (key, value) in page {
            let Some((_, sequence)) = keys::place_of(key) else {
                continue;
            };
            let Some(tie) = self.beyond.get_mut(&sequence) else {
                continue;
            };
            match records::decode::<FrameRecord>(key, value) {
                Ok(record) => *tie = tie_of(&record.sealed),
                Err(records::Damaged { key }) => core.alarm(None, Alarm::DamagedRecord { key }),
            }
        }
        let last = page.last().and_then(|(key, _)| keys::place_of(key));
        if let (Some((_, sequence)), Some(untied)) = (last, &mut self.untied)
            && sequence < self.beyond.last_key_value().map_or(0, |(last, _)| *last)
        {
            (untied.from, untied.is_asked) = (sequence + 1, false);
            return self.read_ties(core);
        }
        self.beyond.retain(|_, tie| tie.is_some());
        let turns_to = self.untied.take().and_then(|untied| untied.turns_to);
        self.advance(core);
        self.is_changed = true;
        if let Some(origin) = turns_to {
            self.turn(core, origin);
        }
    }
}

fn tie_of(sealed: &[u8]) -> Option<Tie> {
    let frame = Frame::peek(sealed).ok()?;
    Some(Tie {
        previous: frame.previous,
        hash: Hash::of(sealed),
    })
}
