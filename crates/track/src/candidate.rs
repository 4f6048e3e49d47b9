//! Which tracks may have made which plots of a frame, and how likely that is.
//!
//! Objects choose first. What they leave is offered to tentative tracks, each as if it were an object: the next plot
//! tells whether it is one, and it would never get a plot if it had to be likelier than nothing. They get a plot or
//! none whatever the method: with parts of many plots none of them would come to be an object.

use std::sync::Arc;

use geo::math::ln;

use crate::again;
use crate::ahead::{Ahead, Taken};
use crate::associate::{Answer, Method, Pair, Pool, Problem, associate};
use crate::glance::Glance;
use crate::hypotheses::{self, Chosen};
use crate::modes::Class;
use crate::registration::Registration;
use crate::sight::Sight;
use crate::timeline::FRAME_S;
use crate::track::{Stage, Track};
use crate::tracker::Tracker;

/// A sensor that saw an object less than this part of a scan ago hardly sees it again,
pub(crate) const PART_OF_SCAN: f64 = 0.5;
/// with this probability: a double plot.
pub(crate) const TWICE: f64 = 0.01;
/// What claims the same identity is so much more likely the same.
const SAME_TARGET_LN: f64 = 15.0;
/// A plot is offered to tentative tracks where this much of it is left by objects.
const LEFT: f64 = 0.5;

/// One track that may have one or several of the plots of a frame.
pub(crate) struct Candidate {
    pub number: u32,
    pub offers: Vec<Offer>,
    /// Probability that the sensor sees the track's object now, if there is one.
    pub detection: f64,
}

/// Tracks, and what is said of them from one frame alone.
pub(crate) type OfFrame = (Vec<Candidate>, Answer);

/// What is said of objects.
pub(crate) enum OfObjects {
    /// From one frame alone.
    Frame(OfFrame),
    /// From several, as far as that is decided.
    Hypotheses(Chosen),
}

/// A plot that a track may have made.
pub(crate) struct Offer {
    /// Index in the frame.
    pub plot: u32,
    /// Natural logarithm of the density of the plot.
    pub log_likelihood: f64,
    /// What the track would be with it, where that was computed to tell how likely it is.
    pub taken: Option<Taken>,
}

impl Offer {
    /// What the track would be with it; `None` of one beyond the gate.
    pub fn into_taken(self, track: &Track, frame: &[Sight], registration: &Registration) -> Option<Taken> {
        self.taken
            .or_else(|| track.taken(&frame[self.plot as usize], registration))
    }
}

impl Tracker {
    /// Shares the plots of a frame out: first among objects, then what is left among tentative tracks.
    pub(crate) fn choose(&mut self, frame: &[Sight], pool: &impl Pool) -> (OfObjects, OfFrame) {
        let (tentative, objects): (Vec<_>, Vec<_>) = self.reaching(frame).into_iter().partition(|(number, _)| {
            let track = self.tracks[*number as usize].as_ref();
            track.is_some_and(|track| track.stage == Stage::Tentative)
        });
        let (first, is_left) = if self.options.method == Method::Mht {
            let chosen = hypotheses::choose(self, frame, &objects, pool);
            let is_left = chosen.is_left(frame);
            (OfObjects::Hypotheses(chosen), is_left)
        } else {
            let (candidates, answer) = self.choose_among(frame, &objects, self.options.method, pool);
            let is_left = (0..frame.len()).map(|plot| answer.free(plot) > LEFT).collect();
            (OfObjects::Frame((candidates, answer)), is_left)
        };
        let left: Vec<(u32, u32)> = tentative
            .into_iter()
            .filter(|(_, plot)| is_left[*plot as usize])
            .collect();
        (first, self.choose_among(frame, &left, Method::Gnn, pool))
    }

    fn choose_among(&mut self, frame: &[Sight], pairs: &[(u32, u32)], method: Method, pool: &impl Pool) -> OfFrame {
        let candidates = self.candidates(frame, pairs);
        let answer = self.associate(frame, &candidates, method, pool);
        self.efforts.add(answer.clusters().iter().map(|cluster| cluster.effort));
        (candidates, answer)
    }

    /// Numbers of tracks and indices of plots that may be near each other, in their order.
    pub(crate) fn reaching(&self, frame: &[Sight]) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (index, sight) in frame.iter().enumerate() {
            let numbers = match (&sight.fix, Glance::new(&sight.reading)) {
                (Some(fix), _) => {
                    self.near
                        .reaching(sight.time, &fix.place_m, geo::math::hypot(fix.sigma_m(), sight.aside_m))
                }
                (None, Some(glance)) => self.near.seen(sight.time, &glance),
                (None, None) => Vec::new(),
            };
            pairs.extend(numbers.into_iter().map(|number| (number, index as u32)));
        }
        pairs.sort_unstable();
        pairs
    }

    /// The tracks that may have made the plots, by number.
    fn candidates(&mut self, frame: &[Sight], pairs: &[(u32, u32)]) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for of_track in pairs.chunk_by(|a, b| a.0 == b.0) {
            let number = of_track[0].0;
            let Some(track) = &self.tracks[number as usize] else {
                continue;
            };
            if !self.registration.is_known_to(&track.sensitivity)
                && let Some(track) = &mut self.tracks[number as usize]
            {
                Arc::make_mut(track).correct(&self.registration);
            }
            let Some(track) = &self.tracks[number as usize] else {
                continue;
            };
            let offers = self.offers(track, frame, of_track.iter().map(|(_, plot)| *plot));
            if let Some(first) = offers.first() {
                let detection = self.detection(track, &frame[first.plot as usize]);
                candidates.push(Candidate {
                    number,
                    offers,
                    detection,
                });
            }
        }
        candidates
    }

    /// The plots of those indices that may be of a track.
    pub(crate) fn offers(&self, track: &Track, frame: &[Sight], plots: impl Iterator<Item = u32>) -> Vec<Offer> {
        let is_loose = again::is_loose(track);
        let mut ahead = None;
        plots
            .filter(|plot| !is_loose || again::is_telling(track, &frame[*plot as usize]))
            .filter_map(|plot| self.offer(track, &mut ahead, plot, &frame[plot as usize]))
            .collect()
    }

    /// What a plot is to a track; `None` of one that is not its.
    fn offer(&self, track: &Track, ahead: &mut Option<Ahead>, plot: u32, sight: &Sight) -> Option<Offer> {
        if track.time - sight.time > FRAME_S || is_another(track, sight) {
            return None;
        }
        let begun = track.begun_beside(sight);
        if let Some(glance) = begun {
            let log_likelihood = glance?;
            let detection = self.detection(track, sight);
            let density = self.watches[sight.sensor].density(sight.volume);
            let is_likelier = ln(detection) + log_likelihood - ln(density) > ln(1.0 - detection);
            return is_likelier.then_some(Offer {
                plot,
                log_likelihood,
                taken: None,
            });
        }
        let taken = if sight.inside.is_some() {
            track.taken(sight, &self.registration)?
        } else {
            if ahead.as_ref().is_none_or(|ahead| ahead.time != sight.time) {
                *ahead = Some(Ahead::new(track, sight.time)?);
            }
            ahead.as_ref()?.taken(sight, &self.registration)?
        };
        Some(Offer {
            plot,
            log_likelihood: taken.log_likelihood,
            taken: Some(taken),
        })
    }

    /// How probably the sensor of a plot sees a track's object now.
    pub(crate) fn detection(&self, track: &Track, sight: &Sight) -> f64 {
        let watch = &self.watches[sight.sensor];
        match track.look(sight.sensor) {
            Some(look) if sight.time - look.seen < PART_OF_SCAN * watch.scan_s => TWICE,
            Some(look) if track.stage != Stage::Tentative => watch.detection() * (1.0 - look.hidden_at(sight.time)),
            _ => watch.detection(),
        }
    }

    fn associate(&self, frame: &[Sight], candidates: &[Candidate], method: Method, pool: &impl Pool) -> Answer {
        let mut problem = Problem::new(frame.len());
        for candidate in candidates {
            let Some(track) = &self.tracks[candidate.number as usize] else {
                continue;
            };
            let existence = match track.stage {
                Stage::Tentative => 1.0,
                _ => track.existence,
            };
            let (miss_ln, pairs) = self.weights(track, frame, &candidate.offers, existence * candidate.detection);
            // Weights are finite and no plot stands in a row twice.
            let _row = problem.push(miss_ln, &pairs);
        }
        associate(&problem, method, &self.options.budget, pool)
    }

    /// What it weighs that a track, seen with some probability, has none of the plots, and each of them.
    pub(crate) fn weights(&self, track: &Track, frame: &[Sight], offers: &[Offer], seen: f64) -> (f64, Vec<Pair>) {
        let watch = &self.watches[frame[0].sensor];
        let pair = |offer: &Offer| {
            let sight = &frame[offer.plot as usize];
            let same = match (&track.target, &sight.target) {
                (Some(one), Some(other)) if one == other => SAME_TARGET_LN,
                _ => 0.0,
            };
            let weight_ln = ln(seen) + offer.log_likelihood - ln(watch.density(sight.volume)) + same;
            Pair::new(offer.plot, weight_ln)
        };
        (ln(1.0 - seen), offers.iter().map(pair).collect())
    }
}

/// A plot that claims one identity is not of a track that has another, and what flies in space sends no reply.
fn is_another(track: &Track, sight: &Sight) -> bool {
    matches!((&track.target, &sight.target), (Some(one), Some(other)) if one != other)
        || (track.class == Class::Space && sight.height.is_some())
}
