//! Pages of the log for a partner that missed frames: of the epoch that is going on, behind everything else, one at a
//! time.

use geo::Time;
use wire::messages::{Parcel, Request};

use super::core::Core;
use super::io::Lane;
use super::keys::{self, Kind};
use super::limits::PAGE_PACE_S;
use super::outbox::Outbound;
use super::questions::Question;
use super::records::{self, Damaged, Entry, FrameRecord, Given};
use super::refusal::Alarm;
use super::scan::journal_ranges;
use crate::store::{Page, Table};

/// What a partner asked for.
#[derive(Debug, Default)]
pub struct Serve {
    wanted: Option<(u64, u64)>,
    is_asked: bool,
    last: Option<Time>,
}

impl Outbound {
    /// Takes a request; it replaces one that waits. Whether it is of the epoch that is going on.
    pub fn on_request(&mut self, request: &Request) -> bool {
        if request.epoch != self.epoch {
            return false;
        }
        let to = request.to.min(self.durable);
        if request.from >= 1 && request.from <= to {
            self.serve.wanted = Some((request.from, to));
        }
        true
    }

    /// Asks for a page, if one is wanted and it is time.
    pub fn serve(&mut self, core: &mut Core) {
        let is_soon = self
            .serve
            .last
            .is_some_and(|last| (0.0..PAGE_PACE_S).contains(&core.now.since_s(last)));
        if self.serve.is_asked || is_soon {
            return;
        }
        let Some((from, to)) = self.serve.wanted.take() else {
            return;
        };
        self.serve.is_asked = true;
        self.serve.last = Some(core.now);
        let (partner, epoch) = (self.partner.clone(), self.epoch);
        let range = |kind| keys::frames(Table::Outbox, kind, &partner, epoch, from, to);
        let ranges = vec![range(Kind::Frame), range(Kind::Given)];
        core.read(ranges, Question::Serve { partner, epoch });
    }

    /// Serves a page, after it was asked again whether what is in it may still go out, if rules can say otherwise by
    /// now.
    pub fn on_serve(&mut self, core: &mut Core, epoch: u64, pages: &[Page]) {
        if epoch != self.epoch {
            return;
        }
        self.serve.is_asked = false;
        let [frames, given] = pages else { return };
        let read = frames
            .iter()
            .map(|(key, value)| Ok(records::decode::<FrameRecord>(key, value)?.sealed))
            .collect::<Result<Vec<_>, Damaged>>();
        let places = given
            .iter()
            .take(frames.len())
            .map(|(key, value)| records::decode::<Given>(key, value))
            .collect::<Result<Vec<_>, Damaged>>();
        match (read, places) {
            (Ok(frames), Ok(places)) if core.rules.can_expire() => {
                let mut places: Vec<u64> = places.iter().flat_map(|given| given.places()).collect();
                places.sort_unstable();
                places.dedup();
                let partner = self.partner.clone();
                self.serve.is_asked = true;
                let ranges = journal_ranges(&places);
                core.read(
                    ranges,
                    Question::Recheck {
                        partner,
                        epoch,
                        frames,
                        places,
                    },
                );
            }
            (Ok(frames), Ok(_)) => self.send_page(core, frames),
            // What is damaged cannot be served: its items are framed anew, in an epoch of their own.
            (Err(Damaged { key }), _) | (_, Err(Damaged { key })) => {
                core.alarm(Some(&self.partner), Alarm::DamagedRecord { key });
                self.roll(core);
            }
        }
    }

    /// Serves a page if all in it may still go out; otherwise all is decided anew.
    pub fn on_recheck(&mut self, core: &mut Core, epoch: u64, frames: Vec<Vec<u8>>, places: &[u64], pages: &[Page]) {
        if epoch != self.epoch {
            return;
        }
        self.serve.is_asked = false;
        let mut good = 0;
        for (key, value) in pages.iter().flatten() {
            let may = match Entry::of(key, value) {
                Ok(Entry::Own(own)) => core.rules.release(&self.partner, &own, core.now).item.is_some(),
                Ok(Entry::Relayed { .. }) => true,
                Err(_) => false,
            };
            good += usize::from(may);
        }
        if good == places.len() {
            self.send_page(core, frames);
        } else {
            self.roll(core);
        }
    }

    fn send_page(&mut self, core: &mut Core, frames: Vec<Vec<u8>>) {
        if self.is_up && !frames.is_empty() {
            core.send(
                &self.partner,
                Lane::Log,
                &Parcel {
                    frames,
                    ..Parcel::default()
                },
            );
        }
    }
}
