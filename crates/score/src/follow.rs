//! Which track is on which object: one to one, instant by instant, and how often that changes.
//!
//! GOSPA pairs by distance. A track that knows that it is kilometres off would there take the object of one that is
//! metres off, where the sum is less so. Who is who is therefore asked in units of what each track states.

use std::collections::BTreeMap;

use estimate::belief::Gaussian;
use geo::Time;
use nalgebra::Vector3;

use crate::Cutoff;
use crate::assignment::assign;
use crate::picture::{Picture, Thing, positions};

/// Beyond so many standard deviations (squared) all objects are as unlikely, and the nearest is taken.
const UNLIKELY: f64 = 100.0;
/// A track that states no covariance is taken to know its place to this share of the cutoff.
const UNSTATED: f64 = 0.01;

/// A track has gone over to another object once it has been there for so many instants in a row: where two objects
/// are nearer to each other than their tracks to them, the assignment of one instant is chance.
pub const STEADY_INSTANTS: usize = 3;

/// A track on an object from one instant to another, without a break.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The object.
    pub truth: usize,
    /// The first instant.
    pub from: Time,
    /// The last instant.
    pub until: Time,
    /// How many instants.
    pub instants: usize,
    /// The number of the last of them.
    last: usize,
}

/// Which object each track is on: the assignment of the least sum of squared normalised distances, no pair at the
/// cutoff.
#[derive(Clone, Debug)]
pub struct Follow {
    cutoff: Cutoff,
    count: usize,
    stretches: BTreeMap<usize, Vec<Stretch>>,
}

impl Follow {
    /// Nothing yet.
    pub fn new(cutoff: Cutoff) -> Self {
        Self {
            cutoff,
            count: 0,
            stretches: BTreeMap::new(),
        }
    }

    /// Adds the next instant, in order of time, and returns the pairs: places of track and object in the picture.
    pub fn add(&mut self, picture: &Picture) -> Vec<(usize, usize)> {
        self.count += 1;
        let near = self
            .cutoff
            .edges(&positions(&picture.tracks), &positions(&picture.truths));
        let weighed = near.into_iter().map(|(i, j, _)| {
            let cost = cost(&picture.tracks[i], &picture.truths[j], self.cutoff.cutoff_m());
            (i, j, cost)
        });
        let weighed: Vec<_> = weighed.filter(|edge| edge.2 < 1.0).collect();
        let pairs = assign(picture.tracks.len(), picture.truths.len(), &weighed, 1.0);
        for (i, j, _) in &pairs {
            let truth = picture.truths[*j].id;
            let stretches = self.stretches.entry(picture.tracks[*i].id).or_default();
            match stretches.last_mut() {
                Some(stretch) if stretch.truth == truth && stretch.last + 1 == self.count => {
                    stretch.until = picture.time;
                    stretch.instants += 1;
                    stretch.last = self.count;
                }
                _ => stretches.push(Stretch {
                    truth,
                    from: picture.time,
                    until: picture.time,
                    instants: 1,
                    last: self.count,
                }),
            }
        }
        pairs.into_iter().map(|(i, j, _)| (i, j)).collect()
    }

    /// The stretches of a track in order of time.
    pub fn stretches(&self, track: usize) -> &[Stretch] {
        self.stretches.get(&track).map_or(&[], Vec::as_slice)
    }

    /// The object that a track is on at a time, or at the nearest instant, if that is no more than a span away.
    pub fn truth_at(&self, track: usize, time: Time, near_s: f64) -> Option<usize> {
        let away_s = |stretch: &Stretch| (stretch.from - time).max(time - stretch.until).max(0.0);
        let nearest = self.stretches(track).iter();
        let nearest = nearest.min_by(|a, b| away_s(a).total_cmp(&away_s(b)))?;
        (away_s(nearest) <= near_s).then_some(nearest.truth)
    }

    /// How often tracks went over from one object to another, see [`STEADY_INSTANTS`].
    pub fn swaps(&self) -> usize {
        let of_track = |stretches: &Vec<Stretch>| {
            let steady = stretches.iter().filter(|stretch| stretch.instants >= STEADY_INSTANTS);
            let truths: Vec<usize> = steady.map(|stretch| stretch.truth).collect();
            truths.windows(2).filter(|pair| pair[0] != pair[1]).count()
        };
        self.stretches.values().map(of_track).sum()
    }
}

/// How unlikely it is that a track is on an object: 0 to 1.
fn cost(track: &Thing, truth: &Thing, cutoff_m: f64) -> f64 {
    let apart = truth.position_m - track.position_m;
    let share = apart.norm() / cutoff_m;
    let stated = track.covariance.and_then(|covariance| {
        let place = covariance.fixed_view::<3, 3>(0, 0).into_owned();
        Gaussian::new(Vector3::zeros(), place).mahalanobis_squared(&apart).ok()
    });
    let squared = stated.unwrap_or((share / UNSTATED) * (share / UNSTATED));
    0.5 * (squared.min(UNLIKELY) / UNLIKELY + share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Thing;
    use nalgebra::Matrix6;

    fn thing(id: usize, x: f64) -> Thing {
        Thing::new(id, Vector3::new(x, 0.0, 0.0), Vector3::zeros())
    }

    /// Two objects 100 m apart, and where two tracks are at each instant.
    fn followed(places: &[[f64; 2]]) -> Follow {
        let start: Time = "2022-01-05T00:00:00Z".parse().unwrap();
        let mut follow = Follow::new(Cutoff::new(40.0, 2.0).unwrap());
        for (i, [a, b]) in places.iter().enumerate() {
            follow.add(&Picture {
                time: start + i as f64,
                tracks: vec![thing(0, *a), thing(1, *b)],
                truths: vec![thing(7, 0.0), thing(8, 100.0)],
            });
        }
        follow
    }

    #[test]
    fn two_tracks_change_places() {
        let (right, wrong) = ([1.0, 101.0], [101.0, 1.0]);
        let changed = followed(&[right, right, right, wrong, wrong, wrong]);
        assert_eq!(changed.swaps(), 2);
        let start = changed.stretches(0)[0].from;
        assert_eq!(changed.stretches(0)[1].instants, 3);
        let at = |second: f64| changed.truth_at(0, start + second, 1.0);
        assert_eq!(
            [at(-0.5), at(2.0), at(2.4), at(2.6), at(5.9), at(6.1)],
            [Some(7), Some(7), Some(7), Some(8), Some(8), None]
        );
        assert_eq!(changed.truth_at(5, start, 1.0), None);
    }

    /// 3020 m and 5096 m are less together than 95 m and 5900 m, by their squares.
    #[test]
    fn a_track_that_knows_that_it_is_off_takes_nothing() {
        let mut follow = Follow::new(Cutoff::new(1e4, 2.0).unwrap());
        let with = |mut thing: Thing, sigma_m: f64| {
            thing.covariance = Some(Matrix6::identity() * sigma_m * sigma_m);
            thing
        };
        let picture = Picture {
            time: "2022-01-05T00:00:00Z".parse().unwrap(),
            tracks: vec![with(thing(0, 95.0), 60.0), with(thing(1, -5200.0), 7000.0)],
            truths: vec![thing(7, 0.0), thing(8, 3000.0)],
        };
        assert_eq!(follow.add(&picture), [(0, 0), (1, 1)]);
        let by_distance = Cutoff::new(1e4, 2.0).unwrap();
        let pairs = by_distance.pairs(&positions(&picture.tracks), &positions(&picture.truths));
        assert_eq!(
            pairs.iter().map(|pair| (pair.0, pair.1)).collect::<Vec<_>>(),
            [(0, 1), (1, 0)]
        );
    }

    #[test]
    fn one_instant_is_chance() {
        let (right, wrong, away) = ([1.0, 101.0], [101.0, 1.0], [50.0, 1e3]);
        assert_eq!(followed(&[right, right, right, wrong, right, right, right]).swaps(), 0);
        assert_eq!(followed(&[right, right, right, away, right, right, right]).swaps(), 0);
    }
}
