//! GOSPA: how far a picture is from the truth, and why: where things are, which are missed, which are false.

use nalgebra::Vector3;

use crate::Cutoff;
use crate::picture::{Picture, positions};

/// The GOSPA of one instant, or of several summed up.
///
/// Sums are in units of `c^p`, so `localisation + missed / 2 + false / 2` is the whole.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Gospa {
    cutoff: Cutoff,
    /// How many instants are in the sums.
    pub instants: usize,
    /// Pairs of a track and an object.
    pub assigned: usize,
    /// Objects without a track.
    pub missed: usize,
    /// Tracks without an object.
    pub false_tracks: usize,
    /// Sum over pairs of (distance / cutoff) to the power of the order.
    localisation: f64,
}

impl Gospa {
    /// Nothing yet.
    pub fn empty(cutoff: Cutoff) -> Self {
        Self {
            cutoff,
            instants: 0,
            assigned: 0,
            missed: 0,
            false_tracks: 0,
            localisation: 0.0,
        }
    }

    /// Adds another instant, or several.
    pub fn add(&mut self, other: &Self) {
        self.instants += other.instants;
        self.assigned += other.assigned;
        self.missed += other.missed;
        self.false_tracks += other.false_tracks;
        self.localisation += other.localisation;
    }

    /// The metric, in metres; over several instants the power mean.
    pub fn distance_m(&self) -> f64 {
        let alone = 0.5 * (self.missed + self.false_tracks) as f64;
        self.mean_m(self.localisation + alone)
    }

    /// What the errors of the assigned pairs make of it, in metres.
    ///
    /// The three parts to the power of the order add up to the metric to that power.
    pub fn localisation_m(&self) -> f64 {
        self.mean_m(self.localisation)
    }

    /// What missed objects make of it, in metres.
    pub fn missed_m(&self) -> f64 {
        self.mean_m(0.5 * self.missed as f64)
    }

    /// What false tracks make of it, in metres.
    pub fn false_m(&self) -> f64 {
        self.mean_m(0.5 * self.false_tracks as f64)
    }

    /// The power mean of the distances of assigned pairs in metres; `None` without one. With order 2 their RMS.
    pub fn pair_m(&self) -> Option<f64> {
        (self.assigned > 0).then(|| self.cutoff.root_m(self.localisation / self.assigned as f64))
    }

    fn mean_m(&self, sum: f64) -> f64 {
        self.cutoff.root_m(sum / self.instants.max(1) as f64)
    }
}

/// Returns the GOSPA of two sets of points, alpha = 2: a missed object and a false track cost `c^p / 2` each.
///
/// Points are in metres, in any Cartesian frame. The assignment is exact; only pairs below the cutoff are looked at.
/// Source: Rahmathullah, García-Fernández & Svensson, Generalized optimal sub-pattern assignment metric (2017),
/// proposition 1.
///
/// ```
/// use nalgebra::Vector3;
/// use score::{Cutoff, gospa};
///
/// let at = |x: f64| Vector3::new(x, 0.0, 0.0);
/// let found = gospa(&[at(3.0), at(500.0)], &[at(0.0)], Cutoff::new(10.0, 1.0)?);
/// assert_eq!((found.localisation_m(), found.missed_m(), found.false_m()), (3.0, 0.0, 5.0));
/// assert_eq!(found.distance_m(), 8.0);
/// # Ok::<(), score::CutoffError>(())
/// ```
pub fn gospa(tracks: &[Vector3<f64>], truths: &[Vector3<f64>], cutoff: Cutoff) -> Gospa {
    let pairs = cutoff.pairs(tracks, truths);
    Gospa {
        cutoff,
        instants: 1,
        assigned: pairs.len(),
        missed: truths.len() - pairs.len(),
        false_tracks: tracks.len() - pairs.len(),
        localisation: pairs.iter().map(|pair| pair.2).sum(),
    }
}

/// Returns the GOSPA of each picture, positions only.
pub fn gospa_series(history: &[Picture], cutoff: Cutoff) -> Vec<Gospa> {
    let of = |picture: &Picture| gospa(&positions(&picture.tracks), &positions(&picture.truths), cutoff);
    history.iter().map(of).collect()
}
