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

/// The last picture with what has been taken on top of it, and what came since.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    tracker: Tracker,
    /// The newest plot,
    newest_ns: i64,
    /// and what that was in the picture.
    made_ns: i64,
    is_exact: bool,
    fresh: BTreeMap<Key, Frame>,
    fresh_plots: usize,
}

impl Preview {
    /// Whether what came may be taken on top: hardly before the newest plot, and not long after the picture.
    fn is_usable(&self) -> bool {
        let is_near = |frame: &Frame| {
            let [first_ns, last_ns] = [frame.first(), frame.last()].map(|own| own.map_or(i64::MIN, |own| own.0));
            first_ns >= self.newest_ns - FRAME_NS && last_ns <= self.made_ns + AGE_MAX_NS
        };
        self.fresh_plots <= FRESH_MAX && self.fresh.values().all(is_near)
    }

    fn take(&mut self, pool: &impl Pool) {
        for frame in std::mem::take(&mut self.fresh).into_values() {
            self.newest_ns = self.newest_ns.max(frame.last().map_or(i64::MIN, |own| own.0));
            self.tracker.take(&frame.in_order(), pool);
            self.is_exact = false;
        }
        self.fresh_plots = 0;
        self.tracker.drain();
    }
}

impl Timeline {
    /// The tracks of all plots so far, at the cost of those that came since it or [`Timeline::picture`] was last asked
    /// for; where it is not what `picture` would say, [`Timeline::is_exact`] says so.
    pub fn preview(&mut self, pool: &impl Pool) -> Tracker {
        match self.preview.as_mut().filter(|preview| preview.is_usable()) {
            Some(preview) => {
                preview.take(pool);
                preview.tracker.clone()
            }
            None => self.picture(pool),
        }
    }

    /// Whether the last preview is the picture, to the last bit.
    pub fn is_exact(&self) -> bool {
        self.preview.as_ref().is_none_or(|preview| preview.is_exact)
    }

    /// Works ahead while no plot waits: takes frames that are over into the state that pictures are made from, so many
    /// plots or the frames of one moment, or makes the preview anew. Whether there was anything to do.
    pub fn ponder(&mut self, plots_max: usize, pool: &impl Pool) -> bool {
        let Some(((last_ns, _), _)) = self.frames.last_key_value() else {
            return false;
        };
        // Plots of the frame before the last may still be on their way.
        let over_ns = last_ns - FRAME_NS;
        let from_ns = self.checkpoints.newest_ns();
        if let Some(until_ns) = self.step(from_ns, over_ns, plots_max) {
            self.checkpoints.run(&self.frames, until_ns, pool);
            return true;
        }
        let is_old = |preview: &Preview| !preview.is_exact && preview.newest_ns - preview.made_ns >= RENEWED_NS;
        let is_due = self.preview.as_ref().is_some_and(is_old);
        if is_due {
            self.on_top(pool);
        }
        is_due
    }

    /// Where a step from a time on ends that takes in so many plots, or all before another; `None` if there are none.
    /// What is settled is never cut in two: parts of it have been told.
    fn step(&self, from_ns: i64, until_ns: i64, plots_max: usize) -> Option<i64> {
        if until_ns <= from_ns.max(self.horizon_ns) {
            return None;
        }
        let mut plots = 0;
        let mut frames = self.frames.range((from_ns, 0)..(until_ns, 0)).peekable();
        frames.peek()?;
        let mut moment_ns = None;
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
        });
    }

    fn newest_ns(&self, frame_ns: i64) -> i64 {
        let of_last = self.frames.range((frame_ns, 0)..).filter_map(|(_, frame)| frame.last());
        of_last.map(|own| own.0).max().unwrap_or(frame_ns)
    }

    /// Notes a plot that came since the last picture.
    pub(super) fn freshen(&mut self, key: Key, own: (i64, u64), sight: &Sight) {
        if let Some(preview) = &mut self.preview {
            preview.fresh_plots += 1;
            if preview.fresh_plots > FRESH_MAX {
                self.preview = None;
                return;
            }
            preview.fresh.entry(key).or_default().insert(own, sight.clone());
        }
    }
}
