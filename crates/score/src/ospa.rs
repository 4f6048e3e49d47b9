//! OSPA of sets of points, and OSPA(2) of sets of tracks.

use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::Cutoff;
use crate::assignment::{Edge, assign};
use crate::picture::{Picture, Thing, positions};

/// An OSPA distance and its parts, in metres; parts to the power of the order add up to the whole to that power.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Ospa {
    /// The metric: 0 to the cutoff.
    pub distance_m: f64,
    /// What distances of pairs make of it.
    pub localisation_m: f64,
    /// What a difference in number makes of it.
    pub cardinality_m: f64,
}

/// Returns the OSPA of two sets of points in metres, in any Cartesian frame; 0 where both are empty.
///
/// Source: Schuhmacher, Vo & Vo, A consistent metric for performance evaluation of multi-object filters (2008).
pub fn ospa(tracks: &[Vector3<f64>], truths: &[Vector3<f64>], cutoff: Cutoff) -> Ospa {
    of_pairs(&cutoff.pairs(tracks, truths), (tracks.len(), truths.len()), cutoff)
}

/// Returns the OSPA of each picture, positions only.
pub fn ospa_series(history: &[Picture], cutoff: Cutoff) -> Vec<Ospa> {
    let of = |picture: &Picture| ospa(&positions(&picture.tracks), &positions(&picture.truths), cutoff);
    history.iter().map(of).collect()
}

fn of_pairs(pairs: &[Edge], (a, b): (usize, usize), cutoff: Cutoff) -> Ospa {
    let (few, many) = (a.min(b), a.max(b));
    if many == 0 {
        return Ospa::default();
    }
    // Those of the smaller set that have no pair are at the cutoff.
    let near = pairs.iter().map(|pair| pair.2).sum::<f64>() + (few - pairs.len()) as f64;
    let beyond = (many - few) as f64;
    let mean_m = |sum: f64| cutoff.root_m(sum / many as f64);
    Ospa {
        distance_m: mean_m(near + beyond),
        localisation_m: mean_m(near),
        cardinality_m: mean_m(beyond),
    }
}

/// Returns the OSPA(2) of a window of pictures: the OSPA of two sets of tracks, each a whole in time.
///
/// The distance of two tracks is the mean over the instants at which at least one of them exists of their distance,
/// cut off; an instant at which only one exists counts as the cutoff. So a track that changes its number, or breaks,
/// costs. Every instant weighs the same.
/// Source: Beard, Vo & Vo, A solution for large-scale multi-object tracking (2020).
pub fn ospa2(window: &[Picture], cutoff: Cutoff) -> Ospa {
    let tracks = courses(window, |picture| &picture.tracks);
    let truths = courses(window, |picture| &picture.truths);
    let mut edges = Vec::new();
    for (i, track) in tracks.iter().enumerate() {
        for (j, truth) in truths.iter().enumerate() {
            let share = apart(track, truth, cutoff.cutoff_m());
            let cost = cutoff.power(share);
            if cost < 1.0 {
                edges.push((i, j, cost));
            }
        }
    }
    let pairs = assign(tracks.len(), truths.len(), &edges, 1.0);
    of_pairs(&pairs, (tracks.len(), truths.len()), cutoff)
}

/// Returns the OSPA(2) of each window of so many pictures, one for each picture at which a window ends.
///
/// The first windows hold fewer pictures. A width of 0 counts as 1.
pub fn ospa2_series(history: &[Picture], width: usize, cutoff: Cutoff) -> Vec<Ospa> {
    let width = width.max(1);
    (1..=history.len())
        .map(|end| ospa2(&history[end.saturating_sub(width)..end], cutoff))
        .collect()
}

/// Where one thing is at each instant of a window.
type Course = Vec<Option<Vector3<f64>>>;

fn courses(window: &[Picture], side: impl Fn(&Picture) -> &[Thing]) -> Vec<Course> {
    let mut all: BTreeMap<usize, Course> = BTreeMap::new();
    for (at, picture) in window.iter().enumerate() {
        for thing in side(picture) {
            all.entry(thing.id).or_insert_with(|| vec![None; window.len()])[at] = Some(thing.position_m);
        }
    }
    all.into_values().collect()
}

/// The distance of two tracks as a share of the cutoff.
fn apart(a: &Course, b: &Course, cutoff_m: f64) -> f64 {
    let (mut sum, mut count) = (0.0, 0_usize);
    for pair in a.iter().zip(b) {
        sum += match pair {
            (None, None) => continue,
            (Some(p), Some(q)) => ((p - q).norm() / cutoff_m).min(1.0),
            _ => 1.0,
        };
        count += 1;
    }
    sum / count.max(1) as f64
}
