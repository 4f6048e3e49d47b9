//! What the hypotheses of one object become with a frame.

use std::sync::Arc;

use super::hypothesis::Choice;
use crate::ahead::Taken;
use crate::associate::forest::{self, PlotId, Verdict};
use crate::sight::Sight;
use crate::track::{Stage, Track};
use crate::tracker::{Tracker, existence_with, overlooked, take_in};

/// A frame, and by plot the numbers of all tracks that may have it from now on.
pub(super) struct Frame<'a> {
    pub sights: &'a [Sight],
    pub claimants: Vec<Arc<[u32]>>,
}

/// All hypotheses of one object before a frame, and what they branch into.
#[derive(Default)]
pub(super) struct Tree {
    /// That of the best set first; with how probably the sensor sees it.
    pub hypotheses: Vec<(Arc<Track>, f64)>,
    pub branches: Vec<Branch>,
}

/// One hypothesis after the frame.
pub(super) struct Branch {
    /// Which one it goes on with.
    pub from: usize,
    pub share: Share,
    /// What that adds to its score.
    weight_ln: f64,
}

/// What it takes of the frame.
pub(super) enum Share {
    /// The tree has no part in it.
    Idle,
    /// No plot, of such a weight the first time in a scan.
    None(f64),
    /// The plot of an index.
    Plot(u32, Box<Taken>),
}

/// The number of a plot.
fn id(sight: &Sight) -> PlotId {
    sight.name.digest()
}

impl Tree {
    /// Lets the hypothesis that is to be pushed next branch.
    pub fn branch(&mut self, share: Share, weight_ln: f64) {
        self.branches.push(Branch {
            from: self.hypotheses.len(),
            share,
            weight_ln,
        });
    }

    /// The branches as they compete.
    pub fn leaves(&self, frame: &[Sight]) -> forest::Tree {
        let leaf = |branch: &Branch| {
            let more = match branch.share {
                Share::Idle => None,
                Share::None(_) => Some(None),
                Share::Plot(index, _) => Some(Some(id(&frame[index as usize]))),
            };
            let (track, _) = &self.hypotheses[branch.from];
            track.hypothesis.leaf(branch.weight_ln, more)
        };
        self.branches.iter().map(leaf).collect()
    }

    /// The track that a leaf is, and whether its object is in view of the sensor and was not seen.
    pub fn grown(&self, tracker: &mut Tracker, frame: &Frame, verdict: &Verdict, leaf: usize) -> (Track, bool) {
        let Branch { from, share, weight_ln } = &self.branches[leaf];
        let (before, detection) = &self.hypotheses[*from];
        let mut track = (**before).clone();
        track.rivals.clear();
        track.continue_from(&self.hypotheses[0].0);
        let first = &frame.sights[0];
        let watch = &tracker.watches[first.sensor];
        let mut choice = Choice {
            sensor: first.sensor,
            time: first.time,
            plot: None,
            miss_ln: 0.0,
            claimants: Arc::default(),
        };
        let mut is_in_view = false;
        match share {
            Share::Idle => return (track, false),
            Share::None(miss_ln) => {
                choice.miss_ln = *miss_ln;
                let seen = overlooked(&mut track, watch, first.sensor, first.time, *detection);
                is_in_view = seen == Some(true);
            }
            Share::Plot(index, taken) => {
                let sight = &frame.sights[*index as usize];
                choice.plot = Some(id(sight));
                choice.claimants = frame.claimants[*index as usize].clone();
                let existence = existence_with(&track, taken, *detection, watch.density(sight.volume));
                let is_learning = leaf == verdict.chosen && track.stage == Stage::Confirmed;
                let (imm, registration) = (taken.imm.clone(), &mut tracker.registration);
                take_in(&mut track, sight, &taken.before, imm, registration, is_learning);
                track.existence = existence;
                track.note_wild(sight.sensor, taken.wild);
            }
        }
        track.hypothesis.score_ln += weight_ln;
        track.hypothesis.choices.push(choice);
        if verdict.is_decided {
            track.hypothesis.choices.remove(0);
        }
        (track, is_in_view)
    }
}
