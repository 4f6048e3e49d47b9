//! The picture at once: what has just come is taken on top of the last picture, before it stands in its right order.
//!
//! The picture to the last bit takes the frames of the last moment anew with each plot that comes, since plots of one
//! sensor in a frame are told apart together. A preview takes the new plots alone, as they come: what it makes of those
//! that should have been told apart together may be wrong until it is made anew. [`Timeline::ponder`] does that a few
//! times a second, in small steps, so that no plot has to wait for it.

use std::collections::BTreeMap;

use super::checkpoints::{Frame, Key};
use super::{FRAME_NS, Timeline};
use crate::associate::Pool;
use crate::sight::Sight;
use crate::tracker::Tracker;

/// Plots that wait for a preview; with more the picture is as soon made anew.
const FRESH_MAX: usize = 1_024;
/// A preview is made anew when plots of so long have been taken on top of it, where there is time,
const RENEWED_NS: i64 = 250_000_000;
/// and in any case after this.
const AGE_MAX_NS: i64 = 1_000_000_000;
/// Plots that are taken anew for one that is missing; for more they wait until a third of the work is for them.
const ANEW_FREE: usize = 64;
/// Of how many plots the usual lateness follows: down slowly, and up sixteen times as fast.
const LATENESS_PLOTS: i64 = 512;

/// The last picture with what has been taken on top of it, and what came since.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    tracker: Tracker,
    /// The newest plot that came,
    newest_ns: i64,
    /// and what that was when the picture was made.
    made_ns: i64,
    is_exact: bool,
    fresh: BTreeMap<Key, Frame>,
    fresh_plots: usize,
    /// Plots that came too late to be taken on top, or too many at once.
    missing: usize,
}

impl Preview {
    /// Notes a plot that came.
    fn freshen(&mut self, key: Key, own: (i64, u64), sight: &Sight) {
        self.is_exact = false;
        let is_late = own.0 < self.newest_ns - FRAME_NS;
        self.newest_ns = self.newest_ns.max(own.0);
        if is_late || self.missing > FRESH_MAX {
            self.missing += 1;
            return;
        }
        self.fresh.entry(key).or_default().insert(own, sight.clone());
        self.fresh_plots += 1;
        if self.fresh_plots > FRESH_MAX {
            self.fresh.clear();
            self.missing += std::mem::take(&mut self.fresh_plots);
        }
    }

    fn take(&mut self, pool: &impl Pool) {
        for frame in std::mem::take(&mut self.fresh).into_values() {
            self.tracker.take(&frame.in_order(), pool);
        }
        self.fresh_plots = 0;
        self.tracker.drain();
    }

    /// For how long plots have been taken on top.
    fn age_ns(&self) -> i64 {
        self.newest_ns - self.made_ns
    }
}

/// How late plots usually are, against the newest.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Lateness(i64);

impl Lateness {
    /// A plot is so late.
    pub fn note(&mut self, late_ns: i64) {
        self.0 += match late_ns - self.0 {
            more_ns @ 1.. => more_ns * 16 / LATENESS_PLOTS,
            less_ns => less_ns / LATENESS_PLOTS,
        };
    }
}

impl Timeline {
    /// The tracks of all plots so far, at the cost of those that came since it or [`Timeline::picture`] was last asked
    /// for; where it is not what `picture` would say, [`Timeline::is_exact`] says so.
    ///
    /// Plots that came late, after others had been taken on top, wait until enough of them do:
    /// [`Timeline::has_missing`].
    pub fn preview(&mut self, pool: &impl Pool) -> Tracker {
        let is_due = self.is_due();
        match self.preview.as_mut().filter(|_| !is_due) {
            Some(preview) => {
                preview.take(pool);
                preview.tracker.clone()
            }
            None => self.renew(pool),
        }
    }

    /// Whether the last preview lacks plots that came.
    pub fn has_missing(&self) -> bool {
        self.preview.as_ref().is_some_and(|preview| preview.missing > 0)
    }

    /// Whether the preview is to be made anew now: there is none, it is old, or so much is missing that it is worth it.
    fn is_due(&self) -> bool {
        let Some(preview) = &self.preview else { return true };
        if preview.age_ns() >= AGE_MAX_NS {
            return true;
        }
        let frames = self.frames.range((self.checkpoints.newest_ns(), 0)..);
        let anew = || frames.map(|(_, frame)| frame.len()).sum::<usize>();
        preview.missing > 0 && 2 * preview.missing + ANEW_FREE >= anew()
    }

    fn renew(&mut self, pool: &impl Pool) -> Tracker {
        if let Some(until_ns) = self.step(usize::MAX) {
            self.checkpoints.run(&self.frames, until_ns, pool);
        }
        self.on_top(pool)
    }

    /// Whether the last preview is the picture, to the last bit.
    pub fn is_exact(&self) -> bool {
        self.preview.as_ref().is_none_or(|preview| preview.is_exact)
    }

    /// Works ahead while no plot waits: takes frames that are over into the state that pictures are made from, so many
    /// plots or the frames of one moment, or makes the preview anew. Whether there was anything to do.
    pub fn ponder(&mut self, plots_max: usize, pool: &impl Pool) -> bool {
        if let Some(until_ns) = self.step(plots_max) {
            self.checkpoints.run(&self.frames, until_ns, pool);
            return true;
        }
        let is_old = |preview: &Preview| !preview.is_exact && preview.age_ns() >= RENEWED_NS;
        let is_to_be_made = self.preview.as_ref().is_some_and(is_old) || (self.has_missing() && self.is_due());
        if is_to_be_made {
            self.on_top(pool);
        }
        is_to_be_made
    }

    /// Where a step of so many plots ends from the newest state on, within the frames of which hardly a plot is still
    /// on its way; `None` if there are none.
    fn step(&self, plots_max: usize) -> Option<i64> {
        let ((last_ns, _), _) = self.frames.last_key_value()?;
        let from_ns = self.checkpoints.newest_ns();
        let until_ns = last_ns - FRAME_NS - self.lateness.0;
        // What is settled is never cut in two: parts of it have been told.
        if until_ns <= from_ns.max(self.horizon_ns) {
            return None;
        }
        let mut frames = self.frames.range((from_ns, 0)..(until_ns, 0)).peekable();
        frames.peek()?;
        let (mut plots, mut moment_ns) = (0, None);
        for ((frame_ns, _), frame) in frames {
            if plots >= plots_max && moment_ns != Some(*frame_ns) && *frame_ns >= self.horizon_ns {
                return Some(*frame_ns);
            }
            moment_ns = Some(*frame_ns);
            plots += frame.len();
        }
        Some(until_ns)
    }

    /// Keeps a picture to take further plots on top of it.
    pub(super) fn keep(&mut self, picture: &Tracker) {
        let last = self.frames.last_key_value();
        // All frames of the last moment, whichever sensor's: no plot of them is newer than their end.
        let newest_ns = last.map(|((frame_ns, _), _)| self.newest_ns(*frame_ns));
        self.preview = newest_ns.map(|newest_ns| Preview {
            tracker: picture.clone(),
            newest_ns,
            made_ns: newest_ns,
            is_exact: true,
            fresh: BTreeMap::new(),
            fresh_plots: 0,
            missing: 0,
        });
    }

    fn newest_ns(&self, frame_ns: i64) -> i64 {
        let of_last = self.frames.range((frame_ns, 0)..).filter_map(|(_, frame)| frame.last());
        of_last.map(|own| own.0).max().unwrap_or(frame_ns)
    }

    /// Notes a plot that came since the last picture.
    pub(super) fn freshen(&mut self, key: Key, own: (i64, u64), sight: &Sight) {
        if let Some(preview) = &mut self.preview {
            preview.freshen(key, own, sight);
        }
    }
}
