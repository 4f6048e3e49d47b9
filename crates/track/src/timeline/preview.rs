//! The picture at once: what has just come is taken on top of the last picture, before it stands in its right order.
//!
//! The picture to the last bit takes the frames of the last moment anew with each plot that comes, since plots of one
//! sensor in a frame are told apart together. A preview takes the new plots alone. It is wrong at most in what is still
//! open within the frame, and until the picture is asked for, or a frame is over.

use std::collections::BTreeMap;

use super::checkpoints::{Frame, Key};
use super::{FRAME_NS, Timeline};
use crate::associate::Pool;
use crate::sight::Sight;
use crate::tracker::Tracker;

/// Plots that wait for a preview; with more the picture is as soon made anew.
const FRESH_MAX: usize = 1_024;

/// The last picture with what has been taken on top of it, and what came since.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    tracker: Tracker,
    /// The begin of the last frame of the picture.
    frame_ns: i64,
    /// The newest plot.
    newest_ns: i64,
    is_exact: bool,
    fresh: BTreeMap<Key, Frame>,
    fresh_plots: usize,
}

impl Preview {
    /// Whether what came may be taken on top: of the frame of the picture, or hardly before the newest plot.
    fn is_usable(&self) -> bool {
        let is_near = |key: Key, frame: &Frame| {
            let first_ns = frame.first().map_or(i64::MIN, |own| own.0);
            key.0 <= self.frame_ns && first_ns >= self.newest_ns - FRAME_NS
        };
        self.fresh_plots <= FRESH_MAX && self.fresh.iter().all(|(key, frame)| is_near(*key, frame))
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

    /// Keeps a picture to take further plots on top of it.
    pub(super) fn keep(&mut self, picture: &Tracker) {
        let last = self.frames.last_key_value();
        self.preview = last.map(|((frame_ns, _), _)| Preview {
            tracker: picture.clone(),
            frame_ns: *frame_ns,
            // All frames of the last moment, whichever sensor's: no plot of them is newer than their end.
            newest_ns: self.newest_ns(*frame_ns),
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
