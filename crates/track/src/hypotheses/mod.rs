//! Several hypotheses of which plots an object has made, held until later plots tell which is right.
//!
//! Each track is one hypothesis, and has its rivals: the same object, had it made other plots. With a frame every one
//! branches into one for each plot in its gate and one for none; [`forest::select`] finds the best set, one of each
//! object and no plot twice, and says which stay. The tracker's tracks are those of that set: what is said of an
//! object, and what is learnt of sensors from it, is said of and learnt from them.
//!
//! Only objects have rivals. What the best set leaves is shared out among tentative tracks frame by frame, and begins
//! new ones.

mod branch;
mod hypothesis;

pub(crate) use hypothesis::Hypothesis;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::associate::Pool;
use crate::associate::forest::{self, Selection, Verdict};
use crate::candidate::{PART_OF_SCAN, TWICE};
use crate::sight::Sight;
use crate::track::Track;
use crate::tracker::{Shares, Tracker};
use branch::{Frame, Share, Tree};

/// Trees by the number of their track, and what becomes of them.
pub(crate) struct Chosen {
    trees: BTreeMap<u32, Tree>,
    selection: Selection,
}

/// Chooses among all hypotheses of the objects that may have made the plots; `pairs` are numbers of tracks and indices
/// of plots that may be near each other, in their order.
pub(crate) fn choose(tracker: &mut Tracker, frame: &[Sight], pairs: &[(u32, u32)], pool: &impl Pool) -> Chosen {
    let mut trees = branched(tracker, frame, pairs);
    add_claimants(tracker, &mut trees);
    let leaves: Vec<forest::Tree> = trees.values().map(|tree| tree.leaves(frame)).collect();
    let selection = forest::select(&leaves, &tracker.options.hypotheses, pool);
    tracker.efforts.add_selection(&selection);
    Chosen { trees, selection }
}

impl Chosen {
    /// By plot of a frame, whether no track of the best set has it.
    pub fn is_left(&self, frame: &[Sight]) -> Vec<bool> {
        let mut is_left = vec![true; frame.len()];
        for (tree, verdict) in self.trees.values().zip(&self.selection.verdicts) {
            if let Share::Plot(index, _) = tree.branches[verdict.chosen].share {
                is_left[index as usize] = false;
            }
        }
        is_left
    }

    /// Gives every track the hypotheses that stay, and says and learns what those of the best set say.
    pub fn settle(self, tracker: &mut Tracker, frame: &[Sight], shares: &mut Shares) {
        let mut claimants: Vec<Vec<u32>> = vec![Vec::new(); frame.len()];
        for ((number, tree), verdict) in self.trees.iter().zip(&self.selection.verdicts) {
            for leaf in &verdict.kept {
                if let Share::Plot(index, _) = tree.branches[*leaf].share
                    && claimants[index as usize].last() != Some(number)
                {
                    claimants[index as usize].push(*number);
                }
            }
        }
        let frame = Frame {
            sights: frame,
            claimants: claimants.into_iter().map(Arc::from).collect(),
        };
        for ((number, tree), verdict) in self.trees.iter().zip(&self.selection.verdicts) {
            settle(tracker, &frame, *number as usize, tree, verdict, shares);
        }
    }
}

/// The objects that may have made the plots, with all their hypotheses branched.
fn branched(tracker: &Tracker, frame: &[Sight], pairs: &[(u32, u32)]) -> BTreeMap<u32, Tree> {
    let mut trees = BTreeMap::new();
    for pairs in pairs.chunk_by(|a, b| a.0 == b.0) {
        let (number, first) = (pairs[0].0, &frame[pairs[0].1 as usize]);
        let part_of_scan_s = PART_OF_SCAN * tracker.watches[first.sensor].scan_s;
        let mut tree = Tree::default();
        for mut track in all(tracker, number) {
            if !tracker.registration.is_known_to(&track.sensitivity) {
                Arc::make_mut(&mut track).correct(&tracker.registration);
            }
            let offers = tracker.offers(&track, frame, pairs.iter().map(|pair| pair.1));
            let detection = tracker.detection(&track, first);
            let (miss_ln, weights) = tracker.weights(&track, frame, &offers, track.existence * detection);
            // A scan is looked at frame by frame: it is missed once, and not at all if the plot comes in a later frame.
            let missed_ln = track.hypothesis.missed_ln(first.sensor, first.time, part_of_scan_s);
            let again_ln = missed_ln.map_or(miss_ln, |_| 0.0);
            tree.branch(Share::None(missed_ln.unwrap_or(miss_ln)), again_ln);
            for (offer, pair) in offers.into_iter().zip(weights) {
                let taken = offer.into_taken(&track, frame, &tracker.registration);
                if let Some(taken) = taken.filter(|_| pair.weight_ln.is_finite()) {
                    let weight_ln = pair.weight_ln - missed_ln.unwrap_or(0.0);
                    tree.branch(Share::Plot(pair.plot, Box::new(taken)), weight_ln);
                }
            }
            tree.hypotheses.push((track, detection));
        }
        if tree.branches.len() > tree.hypotheses.len() {
            trees.insert(number, tree);
        }
    }
    trees
}

/// All hypotheses of the object of a number, that of the best set first.
fn all(tracker: &Tracker, number: u32) -> Vec<Arc<Track>> {
    let main = tracker.tracks.get(number as usize).and_then(Option::as_ref);
    let rivals = main.into_iter().flat_map(|main| &main.rivals);
    main.into_iter().chain(rivals).cloned().collect()
}

/// Adds those that have no part in the frame, but may have plots that others may have, if only through others.
fn add_claimants(tracker: &Tracker, trees: &mut BTreeMap<u32, Tree>) {
    let mut open: Vec<u32> = trees.keys().copied().collect();
    while let Some(tree) = open.pop().and_then(|number| trees.get(&number)) {
        let choices = tree.hypotheses.iter().flat_map(|(track, _)| &track.hypothesis.choices);
        let claimants: BTreeSet<u32> = choices.flat_map(|choice| choice.claimants.iter().copied()).collect();
        for other in claimants {
            let mut idle = Tree::default();
            // A number may have become another object's since; that disputes nothing, and does no harm.
            for track in all(tracker, other) {
                idle.branch(Share::Idle, 0.0);
                idle.hypotheses.push((track, 0.0));
            }
            if !idle.hypotheses.is_empty() && !trees.contains_key(&other) {
                trees.insert(other, idle);
                open.push(other);
            }
        }
    }
}

/// Gives one track the hypotheses that stay.
fn settle(tracker: &mut Tracker, frame: &Frame, number: usize, tree: &Tree, verdict: &Verdict, shares: &mut Shares) {
    let sensor = frame.sights[0].sensor;
    let (mut main, is_in_view) = tree.grown(tracker, frame, verdict, verdict.chosen);
    for leaf in verdict.kept.iter().filter(|leaf| **leaf != verdict.chosen) {
        let (rival, _) = tree.grown(tracker, frame, verdict, *leaf);
        main.rivals.push(Arc::new(rival));
    }
    let presence = main.presence();
    tracker.tracks[number] = Some(Arc::new(main));
    let chosen = &tree.branches[verdict.chosen];
    match &chosen.share {
        Share::Plot(index, taken) => {
            shares.taken.push((number, *index, taken.before));
            shares.known[*index as usize] += presence;
            if tree.hypotheses[chosen.from].1 > TWICE {
                tracker.watches[sensor].looked(true);
            }
            tracker.tell(number, frame.sights[*index as usize].time);
        }
        Share::None(_) | Share::Idle => {
            if is_in_view {
                tracker.watches[sensor].looked(false);
            }
            tracker.put(number);
        }
    }
}
