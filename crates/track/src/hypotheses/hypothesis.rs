//! One hypothesis of which plots an object has made: how good it is, and what in it is not decided yet.

use std::sync::Arc;

use geo::Time;
use geo::math::exp;

use crate::associate::forest::{Leaf, PlotId};
use crate::track::Track;

/// The choices that led to a track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hypothesis {
    /// Sum of the weights of its choices, natural logarithms.
    pub score_ln: f64,
    /// Choices that later plots may still put right, oldest first.
    pub choices: Vec<Choice>,
}

/// What a track took of a frame.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Whose frame it was.
    pub sensor: usize,
    /// When.
    pub time: Time,
    /// A plot, or none.
    pub plot: Option<PlotId>,
    /// What none weighed; 0 with a plot.
    pub miss_ln: f64,
    /// Numbers of all tracks that may have that plot.
    pub claimants: Arc<[u32]>,
}

impl Hypothesis {
    /// It as a leaf, after such a weight and perhaps one more choice.
    pub fn leaf(&self, weight_ln: f64, more: Option<Option<PlotId>>) -> Leaf {
        let window = self.choices.iter().map(|choice| choice.plot);
        Leaf {
            score_ln: self.score_ln + weight_ln,
            window: window.chain(more).collect(),
        }
    }

    /// What it weighed that a sensor saw nothing in its last frame, if that was no longer ago.
    pub fn missed_ln(&self, sensor: usize, time: Time, span_s: f64) -> Option<f64> {
        let lately = self
            .choices
            .iter()
            .rev()
            .take_while(|choice| time - choice.time < span_s);
        let last = lately.into_iter().find(|choice| choice.sensor == sensor)?;
        last.plot.is_none().then_some(last.miss_ln)
    }
}

impl Track {
    /// Probability that there is such an object, over all its hypotheses: each as probable as its score says.
    pub fn presence(&self) -> f64 {
        if self.rivals.is_empty() {
            return self.existence;
        }
        let own = (self.hypothesis.score_ln, self.existence);
        let others = self
            .rivals
            .iter()
            .map(|rival| (rival.hypothesis.score_ln, rival.existence));
        let all: Vec<(f64, f64)> = others.chain([own]).collect();
        let best_ln = all
            .iter()
            .fold(f64::NEG_INFINITY, |best, (score_ln, _)| best.max(*score_ln));
        let likelihood = |(score_ln, _): &(f64, f64)| exp(score_ln - best_ln);
        let there: f64 = all.iter().map(|one| likelihood(one) * one.1).sum();
        there / all.iter().map(likelihood).sum::<f64>()
    }

    /// Takes over what has been said of its object, whichever hypothesis was thought to be right then.
    pub fn continue_from(&mut self, said: &Self) {
        self.stage = said.stage;
        (self.told, self.untold) = (said.told, said.untold);
        self.doubled = said.doubled;
        self.coasted_m = said.coasted_m;
        self.foretold.clone_from(&said.foretold);
        (self.parent, self.has_parted, self.doing) = (said.parent, said.has_parted, said.doing);
    }
}
