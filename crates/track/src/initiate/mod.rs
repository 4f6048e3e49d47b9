//! Tracks from plots none of which is a place: ranges alone, directions alone, of several sensors and owners.
//!
//! ```text
//! plots of no track ─ strand: in a row, by sensor ─► combinations of several sensors ─ start: rough places ─► fit
//!                                                                                     ─► existence ─► tentative tracks
//! ```
//!
//! A combination becomes a track as an object does against clutter: by the density of its plots if there is one object,
//! over that of plots of nothing, and over all other combinations of the same plots. So ranges alone need few false
//! alarms, while two sharp lines of sight that cross are hardly ever chance. What does not fit to a few tens of
//! kilometres (one angle-only sensor, three that see the same vertical plane) begins nothing: it is not observable.
//! Ghosts, where plots of several objects fit one, begin beside the true ones, and get no further plots.
//!
//! Everything is bounded, best first: strands a sensor, combinations and fits a frame, tracks a frame.

mod fit;
mod start;
mod strand;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::filter::imm::Imm;
use geo::math::{exp, ln};
use geo::{Ecef, Position, Time, height_about_m};
use nalgebra::Vector3;

use self::fit::{Fit, Fitting, Nine};
use self::start::{View, starts};
use self::strand::{Seed, Strand};
use crate::admission;
use crate::glance::Glance;
use crate::modes::{Allowed, Class, Way, begin_moving};
use crate::registration::Sensitivity;
use crate::sight::Sight;
use crate::track::Track;
use crate::tracker::Tracker;
use crate::watch::{NEW_PER_SCAN, covers};

/// Plots are kept for so many scans of their sensor,
const SCANS_KEPT: f64 = 10.0;
/// at least and at most for this.
const KEPT_S: (f64, f64) = (4.0, 30.0);
/// Strands of one sensor that are kept, the newest.
const STRANDS_MAX: usize = 48;
/// A plot goes on with so many strands, the nearest.
const BRANCHES_MAX: usize = 3;
/// A strand of so many plots has a rate.
const KNOWN: usize = 3;
/// Strands of one sensor that are tried with a plot,
const PARTNERS_MAX: usize = 12;
/// combinations that are looked at for one plot,
const LOOKS_MAX: usize = 512;
/// those that are fitted in one frame,
const FITS_MAX: usize = 48;
/// and tracks that begin in it.
const TRACKS_MAX: usize = 8;
/// The most probable combinations that are looked for with further sensors,
const SUPPORTED_MAX: usize = 8;
/// so many standard deviations and so much beside.
const REACH: f64 = 5.0;
const MARGIN_M: f64 = 3_000.0;
/// A speed may be off by this.
const SPEED_MARGIN_MPS: f64 = 300.0;
/// What is less certain than this is not observed (root of the sum of the three variances).
const PLACE_SIGMA_MAX_M: f64 = 30e3;
/// Nothing is lower.
const LOWEST_M: f64 = -1_000.0;
/// Combinations that are less probable than this wait for more plots: what begins wrongly takes plots away from what is
/// there.
const SURE: f64 = 0.95;
/// When a strand has lasted for this part of the time for which plots are kept, nothing more will tell them apart but
/// what comes later: then all begin that are as probable as this.
const LASTED: f64 = 0.7;
const LIKELY: f64 = 0.3;
/// What a sensor has seen so many scans ago may be something else.
const SCANS_OTHER: f64 = 1.2;
/// None begins with more than this.
const EXISTENCE_MAX: f64 = 0.9;
/// Two explanations that share a plot are one where their places are as near as so many of their standard deviations.
const SAME: f64 = 3.0;

/// Plots that are no place and of no track, by sensor.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    strands: Vec<Arc<Vec<Strand>>>,
}

/// Strands that states share, and what became of them when their sensors moved up in the list.
#[derive(Default)]
pub(crate) struct Copies {
    strands: admission::Copies<Vec<Strand>>,
    seeds: admission::Copies<Seed>,
}

/// Strands of several sensors that may be of one object, and what explains them.
struct Found {
    strands: Vec<Strand>,
    fit: Fit,
    /// The track that would begin.
    imm: Imm,
    odds_ln: f64,
}

impl Found {
    fn seeds(&self) -> impl Iterator<Item = &Seed> {
        self.strands.iter().flat_map(Strand::seeds)
    }

    fn time(&self) -> Time {
        self.strands
            .iter()
            .map(Strand::time)
            .max()
            .unwrap_or(Time::from_tai_ns(0))
    }

    fn place_m(&self) -> Vector3<f64> {
        self.fit.belief.mean.fixed_rows::<3>(0).into()
    }

    fn speed_mps(&self) -> Vector3<f64> {
        self.fit.belief.mean.fixed_rows::<3>(3).into()
    }

    /// Whether what it says is said twice: by more than the three coordinates of a place, or by each sensor at two
    /// times. Else one plot of nothing is enough to be wrong.
    fn is_told_twice(&self) -> bool {
        let coordinates: usize = self.strands.iter().map(Strand::coordinates).sum();
        coordinates > 3 || self.strands.iter().all(|strand| strand.len() > 1)
    }

    /// Whether another has one of its plots too.
    fn shares(&self, other: &Self) -> bool {
        let is_own = |strand: &Strand| self.strands.iter().any(|own| own.has(strand.end()));
        other.strands.iter().any(is_own)
    }

    /// Whether its sensors see something else too: then plots of several objects may look like those of one.
    fn may_be_ghost(&self, tracker: &Tracker) -> bool {
        let sees_other = |own: &Strand| {
            let sensor = own.last().sight.sensor;
            let oldest = self.time() + -SCANS_OTHER * tracker.watches[sensor].scan_s;
            let is_other =
                |strand: &Strand| strand.time() >= oldest && !self.strands.iter().any(|own| own.has(strand.end()));
            tracker.seeds.strands[sensor].iter().any(is_other)
        };
        self.strands.iter().any(sees_other)
    }

    /// How long its longest strand has lasted, over how long it may.
    fn lasted(&self, tracker: &Tracker) -> f64 {
        let lasted =
            |strand: &Strand| (strand.time() - strand.first().sight.time) / kept_s(tracker, strand.last().sight.sensor);
        self.strands.iter().map(lasted).fold(0.0, f64::max)
    }
}

impl Pool {
    pub fn new(sensors: usize) -> Self {
        Self {
            strands: vec![Arc::default(); sensors],
        }
    }

    /// Makes room for a sensor that was admitted.
    pub fn admit(&mut self, at: usize, copies: &mut Copies) {
        self.strands.insert(at, Arc::default());
        for strands in self.strands[at + 1..].iter_mut().filter(|strands| !strands.is_empty()) {
            *strands = match copies.strands.of(strands) {
                Some(moved) => moved,
                None => {
                    let moved = strands
                        .iter()
                        .map(|strand| strand.moved_up(&mut copies.seeds))
                        .collect();
                    copies.strands.keep(strands, moved)
                }
            };
        }
    }

    /// Takes in a plot; the strands that end with it now.
    fn add(&mut self, sight: &Sight, oldest: Time) -> Vec<Strand> {
        let Some(glance) = Glance::new(&sight.reading).filter(|glance| glance.coordinates() > 0) else {
            return Vec::new();
        };
        let seed = Arc::new(Seed {
            sight: sight.clone(),
            glance,
        });
        let strands = Arc::make_mut(&mut self.strands[sight.sensor]);
        strands.retain(|strand| strand.time() >= oldest);
        for strand in &mut *strands {
            strand.forget(oldest);
        }
        let mut near: Vec<(f64, &Strand)> = longest(strands)
            .into_iter()
            .filter_map(|strand| Some((strand.beside(&seed)?, strand)))
            .collect();
        // Where a strand has a rate already, and leads here, the plot is hardly the first of another.
        let is_known = near.iter().any(|(_, strand)| strand.len() >= KNOWN);
        near.retain(|(_, strand)| !is_known || strand.len() > 1);
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.truncate(BRANCHES_MAX);
        let mut grown: Vec<Strand> = near.iter().map(|(_, strand)| strand.with(seed.clone())).collect();
        let gone_on: Vec<Arc<Seed>> = near
            .iter()
            .filter(|(_, strand)| strand.len() >= KNOWN)
            .map(|(_, strand)| strand.end().clone())
            .collect();
        strands.retain(|strand| !gone_on.iter().any(|last| Arc::ptr_eq(last, strand.end())));
        if !is_known {
            grown.push(Strand::new(seed));
        }
        strands.extend(grown.iter().cloned());
        let more = strands.len().saturating_sub(STRANDS_MAX);
        strands.drain(..more);
        grown
    }

    /// Forgets the strands that end with a plot of some.
    fn spend(&mut self, spent: &[Strand]) {
        for strands in &mut self.strands {
            let is_spent = |strand: &Strand| spent.iter().any(|other| other.has(strand.end()));
            if strands.iter().any(is_spent) {
                Arc::make_mut(strands).retain(|strand| !is_spent(strand));
            }
        }
    }
}

/// Of the strands that end with the same plot the longest, in their order.
fn longest(strands: &[Strand]) -> Vec<&Strand> {
    let mut kept: Vec<&Strand> = Vec::new();
    for strand in strands {
        match kept.iter_mut().find(|other| Arc::ptr_eq(other.end(), strand.end())) {
            Some(other) if other.len() < strand.len() => *other = strand,
            Some(_) => {}
            None => kept.push(strand),
        }
    }
    kept
}

/// Takes in the plots of a frame that are no place and of no track, and begins the tracks that they give together with
/// those before.
pub(crate) fn begin(tracker: &mut Tracker, seeds: &[&Sight]) {
    let Some(first) = seeds.first() else { return };
    let kept_s = kept_s(tracker, first.sensor);
    let mut sets: Vec<Vec<Strand>> = Vec::new();
    for sight in seeds {
        for strand in tracker.seeds.add(sight, sight.time + -kept_s) {
            combine(tracker, &strand, &mut sets);
        }
    }
    // Those with most plots first: they tell most.
    sets.sort_by_key(|set| std::cmp::Reverse(set.iter().map(|strand| strand.len()).sum::<usize>()));
    let mut found: Vec<Found> = Vec::new();
    let mut left = FITS_MAX;
    for set in sets {
        if left == 0 {
            break;
        }
        found.extend(explained(tracker, &set, None, &mut left));
    }
    let found = distinct(supported(tracker, found));
    let existences: Vec<f64> = found.iter().map(|one| existence(one, &found)).collect();
    let likely = |(one, existence): &(&Found, f64)| {
        let is_ripe = one.lasted(tracker) >= LASTED;
        *existence > if is_ripe { LIKELY } else { SURE } && (is_ripe || !one.may_be_ghost(tracker))
    };
    let likely: Vec<(&Found, f64)> = found.iter().zip(existences).filter(likely).take(TRACKS_MAX).collect();
    let mut spent: Vec<Strand> = Vec::new();
    for (one, existence) in likely {
        let sensitivity = Sensitivity::of(&tracker.registration, &one.fit.columns);
        let mut sights: Vec<&Sight> = one.seeds().map(|seed| &seed.sight).collect();
        sights.sort_by_key(|sight| (sight.time, sight.sensor));
        let existence = existence.min(EXISTENCE_MAX);
        tracker.insert(Track::new(
            one.imm.clone(),
            Class::Open,
            sensitivity,
            existence,
            &sights,
        ));
        spent.extend(one.strands.iter().cloned());
    }
    tracker.seeds.spend(&spent);
}

/// The combinations with what further sensors see of the same, the most probable first.
fn supported(tracker: &Tracker, mut found: Vec<Found>) -> Vec<Found> {
    let by_odds = |a: &Found, b: &Found| b.odds_ln.total_cmp(&a.odds_ln);
    found.sort_by(by_odds);
    let mut left = FITS_MAX;
    for one in found.iter_mut().take(SUPPORTED_MAX) {
        for sensor in 0..tracker.sensors.len() {
            if one.strands.iter().any(|strand| strand.last().sight.sensor == sensor) {
                continue;
            }
            let (state, place, time) = (one.fit.belief.mean, one.place_m(), one.time());
            let reach_m = REACH * one.fit.place_sigma_m + MARGIN_M;
            for strand in partners(tracker, sensor, time) {
                let last = strand.last();
                let ahead_s = last.sight.time - time;
                let then = place + one.speed_mps() * ahead_s;
                if left == 0 || !last.glance.may_be_at(&then, reach_m + SPEED_MARGIN_MPS * ahead_s.abs()) {
                    continue;
                }
                let set: Vec<Strand> = one.strands.iter().chain([strand]).cloned().collect();
                let more = explained(tracker, &set, Some(state), &mut left).pop();
                if let Some(more) = more.filter(|more| more.odds_ln > one.odds_ln) {
                    *one = more;
                    break;
                }
            }
        }
    }
    found.sort_by(by_odds);
    found
}

/// Of explanations of the same the most probable, which come first.
fn distinct(found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for one in found.into_iter().filter(Found::is_told_twice) {
        let is_same = |other: &Found| {
            let apart_m = (one.place_m() - other.place_m()).norm();
            let sigma_m = one.fit.place_sigma_m.max(other.fit.place_sigma_m);
            apart_m < SAME * sigma_m && one.shares(other)
        };
        if !kept.iter().any(is_same) {
            kept.push(one);
        }
    }
    kept
}

/// The strands of a sensor that may be of what is seen now.
fn partners(tracker: &Tracker, sensor: usize, time: Time) -> impl Iterator<Item = &Strand> {
    let oldest = time + -kept_s(tracker, sensor);
    let recent = longest(&tracker.seeds.strands[sensor]).into_iter().rev();
    recent.filter(move |strand| strand.time() >= oldest).take(PARTNERS_MAX)
}

/// For how long plots of a sensor are kept.
fn kept_s(tracker: &Tracker, sensor: usize) -> f64 {
    (SCANS_KEPT * tracker.watches[sensor].scan_s).clamp(KEPT_S.0, KEPT_S.1)
}

/// The combinations of a strand with those of other sensors that have a place between them, and none without which it
/// would have one too.
fn combine(tracker: &Tracker, own: &Strand, sets: &mut Vec<Vec<Strand>>) {
    let (sensor, time) = (own.last().sight.sensor, own.time());
    let others = (0..tracker.sensors.len()).filter(|other| *other != sensor);
    let partners: Vec<&Strand> = others.flat_map(|other| partners(tracker, other, time)).collect();
    let until = sets.len() + LOOKS_MAX;
    for (at, one) in partners.iter().enumerate() {
        if own.coordinates() + one.coordinates() >= 3 {
            sets.push(vec![own.clone(), (*one).clone()]);
            continue;
        }
        for other in &partners[at + 1..] {
            let is_third = other.last().sight.sensor != one.last().sight.sensor;
            if sets.len() < until && is_third && other.coordinates() == 1 {
                sets.push(vec![own.clone(), (*one).clone(), (*other).clone()]);
            }
        }
    }
}

/// The explanations of a combination, the most probable last, from a place or from where its strands lead; what they
/// cost is taken from what is left.
fn explained(tracker: &Tracker, strands: &[Strand], from: Option<Nine>, left: &mut usize) -> Vec<Found> {
    let Some(time) = strands.iter().map(Strand::time).max() else {
        return Vec::new();
    };
    let seeds: Vec<&Seed> = strands.iter().flat_map(Strand::seeds).collect();
    let fitting = Fitting::new(&seeds, time, &tracker.registration);
    let is_possible = |fit: &Fit| {
        let place = Position::<Ecef>::new(fit.belief.mean[0], fit.belief.mean[1], fit.belief.mean[2]);
        let sees = |strand: &Strand| covers(&tracker.sensors[strand.last().sight.sensor], place);
        fit.fits
            && fit.place_sigma_m < PLACE_SIGMA_MAX_M
            && height_about_m(place) > LOWEST_M - 2.0 * fit.place_sigma_m
            && strands.iter().all(sees)
    };
    let starts = from.map_or_else(
        || starts(&strands.iter().map(|strand| View::new(strand, time)).collect::<Vec<_>>()),
        |state| vec![state],
    );
    *left = left.saturating_sub(starts.len());
    let mut fits: Vec<Fit> = Vec::new();
    for fit in starts
        .iter()
        .filter_map(|start| fitting.from(start, &Way::THRUST))
        .filter(is_possible)
    {
        let is_same = |other: &Fit| {
            let apart_m = (fit.belief.mean - other.belief.mean).fixed_rows::<3>(0).norm();
            apart_m < fit.place_sigma_m.min(other.place_sigma_m)
        };
        if !fits.iter().any(is_same) {
            fits.push(fit);
        }
    }
    let of_nothing = |seed: &&Seed| {
        let watch = &tracker.watches[seed.sight.sensor];
        ln(watch.detection()) - ln(watch.density(seed.sight.volume))
    };
    let plots_ln = ln(NEW_PER_SCAN) + seeds.iter().map(of_nothing).sum::<f64>();
    let found = |fit: Fit| {
        let (imm, evidence_ln) = begin_moving(&by_ways(&fitting, &fit), Class::Open).ok()?;
        Some(Found {
            strands: strands.to_vec(),
            odds_ln: plots_ln + evidence_ln,
            imm,
            fit,
        })
    };
    let mut all: Vec<Found> = fits.into_iter().filter_map(found).collect();
    all.sort_by(|a, b| a.odds_ln.total_cmp(&b.odds_ln));
    all
}

/// What each way of moving makes of plots that thrust explains, and how probable it makes them.
fn by_ways(fitting: &Fitting, thrust: &Fit) -> Vec<(Gaussian<9>, f64)> {
    let place = Position::<Ecef>::new(thrust.belief.mean[0], thrust.belief.mean[1], thrust.belief.mean[2]);
    let mut known: Vec<(Allowed, (Gaussian<9>, f64))> = vec![(Way::THRUST, (thrust.belief, thrust.evidence_ln))];
    let mut by_way = |way: &Way| {
        let Some(allowed) = way.allowed(height_about_m(place), thrust.place_sigma_m) else {
            return (thrust.belief, f64::NEG_INFINITY);
        };
        if let Some((_, done)) = known.iter().find(|(other, _)| *other == allowed) {
            return *done;
        }
        let fit = fitting.from(&thrust.belief.mean, &allowed);
        let done = fit.map_or((thrust.belief, f64::NEG_INFINITY), |fit| (fit.belief, fit.evidence_ln));
        known.push((allowed, done));
        done
    };
    Class::Open.ways().iter().map(&mut by_way).collect()
}

/// How probable it is that a combination is of one object, and not chance, or another that shares a plot with it.
fn existence(one: &Found, all: &[Found]) -> f64 {
    let most = all.iter().map(|other| other.odds_ln).fold(0.0, f64::max);
    let share = |other: &Found| exp(other.odds_ln - most);
    let others: f64 = all.iter().filter(|other| one.shares(other)).map(share).sum();
    share(one) / (exp(-most) + others)
}
