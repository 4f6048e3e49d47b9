//! What a partner says of its tracks instead of its plots, and how it is taken in without counting a plot twice.
//!
//! A tracklet says what the plots of some sensors in some span alone say. It is taken in like a plot, if the track
//! holds no plot of those sensors in that span, neither its own nor of another tracklet, and has taken in no estimate
//! in that span. In every other case, and of every estimate, nobody knows what it has in common with the track:
//! covariance intersection, which changes nothing where the track knows better already.
//!
//! Source: Chong, Mori, Barker & Chang, Architectures and algorithms for track association and fusion, IEEE AES Systems
//! Magazine 15(1) (2000); Julier & Uhlmann, A non-divergent estimation algorithm in the presence of unknown
//! correlations (1997).

use std::sync::Arc;

use estimate::belief::{Gaussian, cholesky};
use estimate::filter::Filter;
use estimate::filter::imm::{Imm, Mode};
use estimate::fusion::{Criterion, Tracklet, intersect, keep};
use estimate::sensor::{Observation, Reading, StateSensor};
use geo::Time;
use nalgebra::{Matrix6, SMatrix};
use plot::Sensor;

use crate::admission::Admission;
use crate::ahead::Taken;
use crate::modes::Way;
use crate::name::{Name, digest_of};
use crate::registration::{Registration, Sensitivity};
use crate::sight::{Fix, Sight};
use crate::track::Track;

/// Chi-square of six components at one in a million.
const GATE: f64 = 38.3;
/// Where the track is as good as its intersection, nothing is taken.
const WEIGHT_MAX: f64 = 1.0 - 1e-6;
/// An axis of which a tracklet says nothing has this part of the information of what was predicted.
const LEAST: f64 = 1e-6;
/// A tracklet is made in a motion that is so probable,
const LIKELY: f64 = 0.9;
/// from a belief that knows nothing of position and velocity, each axis,
const VAGUE_M: f64 = 1e5;
const VAGUE_MPS: f64 = 3e3;
/// and is none where constant errors are more than this beside noise: the trace of the one by the inverse of the other.
const SYSTEMATIC_MAX: f64 = 0.5;
/// Positions and speeds of tracks of nothing are spread over so much.
const VOLUME: f64 = 500e3 * 500e3 * 20e3 * 4_000.0 * 4_000.0 * 4_000.0;

/// What a partner says of one of its tracks at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackReport {
    /// The name of the partner in the list of sensors.
    pub source: Arc<str>,
    /// The partner's name of the track.
    pub track: Arc<str>,
    /// When the belief holds; no plot in it is later.
    pub time: Time,
    /// `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF.
    pub belief: Gaussian<6>,
    /// What is in it.
    pub content: Content,
}

/// What is in a partner's report.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// All that the partner knows, whatever it has that from.
    Estimate,
    /// What plots of some sensors say alone.
    Tracklet {
        /// They were measured after this.
        since: Time,
        /// All sensors that may have measured them, by their names.
        sensors: Vec<Arc<str>>,
    },
}

/// A tracklet of a track, for partners: see [`Content::Tracklet`].
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Its plots were measured after this.
    pub since: Time,
    /// The measurement of the whole state (6) that they are together, ECEF.
    pub belief: Gaussian<6>,
    /// All sensors that may have measured them.
    pub sensors: Vec<Arc<str>>,
}

/// What is known of the plots in a report, as the fold needs it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inside {
    /// `None` of an estimate.
    since: Option<Time>,
    /// Names of sensors, and their places in the own list.
    sensors: Vec<(Arc<str>, Option<usize>)>,
}

/// What a track has from partners.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// Sensors of which it holds plots by tracklets, and until when.
    held: Vec<(Arc<str>, Time)>,
    /// When it last took in something of which nobody knows what is in it.
    mixed: Option<Time>,
    /// The tracklet under way, where partners get them.
    gathering: Option<Arc<Gathering>>,
}

/// A tracklet under way.
#[derive(Clone, Debug)]
struct Gathering {
    since: Time,
    /// One mode of motion, without any plot, at its begin,
    begun: Imm,
    /// and with the plots since, as of the last.
    imm: Imm,
    time: Time,
}

/// A report made ready; `None` of one whose covariance is none.
pub(crate) fn sight(report: &TrackReport, sensors: &[Sensor], index: usize) -> Option<Sight> {
    let Gaussian { mean, covariance } = report.belief;
    if !report.belief.is_finite() || cholesky(&covariance).is_err() {
        return None;
    }
    let inside = match &report.content {
        Content::Tracklet { since, sensors: named } if !named.is_empty() && *since < report.time => Inside {
            since: Some(*since),
            sensors: named
                .iter()
                .map(|name| (name.clone(), sensors.iter().position(|sensor| sensor.name == *name)))
                .collect(),
        },
        _ => Inside {
            since: None,
            sensors: Vec::new(),
        },
    };
    Some(Sight {
        time: report.time,
        sensor: index,
        name: Name::of_digest(order(report)),
        reading: Reading::State(Observation {
            time: report.time,
            measured: mean,
            model: StateSensor::new(&covariance),
        }),
        height: None,
        level: None,
        fix: Some(Fix {
            place_m: mean.fixed_rows::<3>(0).into(),
            covariance_m2: covariance.fixed_view::<3, 3>(0, 0).into(),
            scale: None,
        }),
        aside_m: 0.0,
        is_reply: false,
        wider: None,
        target: None,
        volume: VOLUME,
        inside: Some(Arc::new(inside)),
    })
}

/// Moves the places of sensors in a report, and finds the one that was admitted.
pub(crate) fn admit(inside: &mut Inside, admission: &Admission) {
    for (name, own) in &mut inside.sensors {
        *own = match own {
            Some(sensor) => Some(admission.moved(*sensor)),
            None => (*name == admission.sensor.name).then_some(admission.at),
        };
    }
}

/// What orders reports of one partner and instant.
pub(crate) fn order(report: &TrackReport) -> u64 {
    let since = match &report.content {
        Content::Estimate => 0,
        Content::Tracklet { since, .. } => since.tai_ns(),
    };
    let Gaussian { mean, covariance } = &report.belief;
    let numbers = mean.iter().chain(covariance.iter());
    let bytes = numbers.flat_map(|value| value.to_bits().to_le_bytes());
    let text = report.source.bytes().chain([0]).chain(report.track.bytes()).chain([0]);
    let times = [report.time.tai_ns(), since].into_iter().flat_map(i64::to_le_bytes);
    digest_of(text.chain(times).chain(bytes))
}

impl Holdings {
    /// Whether nothing in a report is in the track already.
    fn is_news(&self, inside: &Inside, track: &Track) -> bool {
        let Some(since) = inside.since else { return false };
        let is_new = |(name, own): &(Arc<str>, Option<usize>)| {
            let seen = own.and_then(|index| track.look(index)).map(|look| look.seen);
            let held = self
                .held
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, until)| *until);
            seen.is_none_or(|seen| seen <= since) && held.is_none_or(|until| until <= since)
        };
        self.mixed.is_none_or(|mixed| mixed <= since) && inside.sensors.iter().all(is_new)
    }
}

/// The parts of a sight that is a report.
fn parts(sight: &Sight) -> Option<(&Inside, Gaussian<6>)> {
    match (&sight.inside, &sight.reading) {
        (Some(inside), Reading::State(o)) => Some((inside, Gaussian::new(o.measured, o.model.covariance()))),
        _ => None,
    }
}

/// The sensitivity of a track at a time.
fn sensitivity_at(track: &Track, time: Time) -> Sensitivity {
    let mut sensitivity = track.sensitivity.clone();
    sensitivity.advance(time - track.time);
    sensitivity
}

/// What a track would be with a report; `None` of one beyond the gate.
pub(crate) fn taken(track: &Track, sight: &Sight, registration: &Registration) -> Option<Taken> {
    let (inside, reported) = parts(sight)?;
    let mut imm = track.at(sight.time)?;
    let before = imm.belief();
    let considered = registration.considered(&sensitivity_at(track, sight.time));
    let wider = Gaussian::new(reported.mean, reported.covariance + considered);
    if track.holdings.is_news(inside, track) {
        let reading = Reading::State(Observation {
            time: sight.time,
            measured: wider.mean,
            model: StateSensor::new(&wider.covariance),
        });
        let log_likelihood = crate::ahead::updated(&mut imm, &reading)?;
        return Some(Taken {
            wild: 0.0,
            imm,
            before,
            log_likelihood,
        });
    }
    let apart = Gaussian::new(wider.mean, wider.covariance + before.covariance);
    if !apart.mahalanobis_squared(&before.mean).is_ok_and(|d2| d2 < GATE) {
        return None;
    }
    let own = Gaussian::new(before.mean, before.covariance + considered);
    if intersect(&own, &reported, Criterion::Determinant).ok()?.weight < WEIGHT_MAX {
        imm.intersect(&reported, &considered).ok()?;
    }
    Some(Taken {
        wild: 0.0,
        imm,
        before,
        log_likelihood: apart.log_likelihood(&before.mean).ok()?,
    })
}

/// Notes what a track, which was `before` a report, holds with it. The belief has been taken in.
pub(crate) fn hold(track: &mut Track, sight: &Sight, before: &Gaussian<6>, registration: &Registration) {
    let Some((inside, reported)) = parts(sight) else { return };
    let considered = registration.considered(&track.sensitivity);
    let own = Gaussian::new(before.mean, before.covariance + considered);
    let kept: Option<Matrix6<f64>> = if track.holdings.is_news(inside, track) {
        let whole = own.covariance + reported.covariance;
        let rest = cholesky(&whole).map(|factor| SMatrix::identity() - factor.solve(&before.covariance).transpose());
        for (name, _) in &inside.sensors {
            match track.holdings.held.iter_mut().find(|(known, _)| known == name) {
                Some((_, until)) => *until = sight.time,
                None => track.holdings.held.push((name.clone(), sight.time)),
            }
        }
        rest.ok()
    } else {
        let together = intersect(&own, &reported, Criterion::Determinant);
        let is_taken = |weight: f64| weight < WEIGHT_MAX;
        let fused = together.ok().filter(|fused| is_taken(fused.weight));
        if fused.is_some() {
            track.holdings.mixed = Some(sight.time);
        }
        fused.and_then(|fused| keep(&own, &fused).ok())
    };
    if let Some(kept) = kept {
        track.sensitivity.keep(&kept);
    }
}

/// A tracklet of a track for partners, where one is due: of all plots since the last, each `period_s`.
///
/// A filter of its own takes the plots in, from a belief that knows nothing, in the motion that was likely at its
/// begin: a difference of what the track believed at two times also holds what it has learnt of its modes. None while
/// no motion is likely, where an estimate of a partner came in between, since nobody knows what is in that, and where
/// the sensors' constant errors are not small beside the rest: the next tracklet would have the same.
pub(crate) fn news(track: &mut Track, registration: &Registration, sensors: &[Sensor], period_s: f64) -> Option<News> {
    let done = track.holdings.gathering.clone();
    if done.as_ref().is_some_and(|done| track.time - done.since < period_s) {
        return None;
    }
    let (begun, likely) = Gathering::begin(track)?;
    let since = done.as_ref().map_or(track.first + -1e-9, |done| done.since);
    track.holdings.gathering = Some(Arc::new(begun));
    if track.holdings.mixed.is_some_and(|mixed| mixed > since) {
        return None;
    }
    let mut belief = match &done {
        None => likely,
        Some(done) => done.tracklet(track.time)?,
    };
    let considered = registration.considered(&track.sensitivity);
    if cholesky(&belief.covariance).ok()?.solve(&considered).trace() > SYSTEMATIC_MAX {
        return None;
    }
    belief.covariance += considered;
    let own = track.looks.iter().filter(|look| look.seen > since);
    let mut named: Vec<Arc<str>> = own.map(|look| sensors[look.sensor].name.clone()).collect();
    let of_partners = track.holdings.held.iter().filter(|(_, until)| *until > since);
    named.extend(of_partners.map(|(name, _)| name.clone()));
    named.sort();
    named.dedup();
    Some(News {
        since,
        belief,
        sensors: named,
    })
}

/// Takes a plot that the track has taken into the tracklet under way, if there is one.
pub(crate) fn gather(track: &mut Track, sight: &Sight, registration: &Registration) {
    let Some(gathering) = &mut track.holdings.gathering else {
        return;
    };
    let gathering = Arc::make_mut(gathering);
    let Ok(mut imm) = gathering.imm.predicted(sight.time - gathering.time) else {
        return;
    };
    let reading = registration.with_means(&sight.reading, sight.sensor);
    let height = sight.height.map(Reading::Height);
    if [Some(reading), height]
        .iter()
        .flatten()
        .all(|of| imm.update(of, None).is_ok())
    {
        (gathering.imm, gathering.time) = (imm, sight.time);
    }
}

impl Gathering {
    /// Begins one from a track as it is, and returns what the track believes (6) in the likely motion; `None` while
    /// none is likely.
    fn begin(track: &Track) -> Option<(Self, Gaussian<6>)> {
        let modes = track.class.ways().iter().zip(track.imm.modes());
        let (way, mode) = modes.max_by(|a, b| a.1.probability.total_cmp(&b.1.probability))?;
        if mode.probability < LIKELY {
            return None;
        }
        let belief = match way {
            Way::Cruise | Way::Turn => vague(&mode.belief.get::<6>()?).into(),
            Way::Free => vague(&mode.belief.get::<7>()?).into(),
            Way::Thrust => vague(&mode.belief.get::<9>()?).into(),
        };
        let alone = |belief| Mode {
            motion: mode.motion,
            belief,
            probability: 1.0,
        };
        let filter = |belief| Imm::new(vec![alone(belief)], vec![vec![0.0]], Filter::Ekf).ok();
        let imm = filter(belief)?;
        let begun = Self {
            since: track.time,
            begun: imm.clone(),
            time: track.time,
            imm,
        };
        Some((begun, filter(mode.belief)?.belief()))
    }

    /// What its plots say alone at a time.
    fn tracklet(&self, time: Time) -> Option<Gaussian<6>> {
        let predicted = self.begun.predicted(time - self.since).ok()?.belief();
        let known = self.imm.predicted(time - self.time).ok()?.belief();
        Some(Tracklet::between(&predicted, &known).ok()?.measured(LEAST))
    }
}

/// The same belief with position and velocity as nobody knows them.
fn vague<const N: usize>(belief: &Gaussian<N>) -> Gaussian<N> {
    let covariance = SMatrix::from_fn(|row, column| match (row, column) {
        (0..3, _) if row == column => VAGUE_M * VAGUE_M,
        (3..6, _) if row == column => VAGUE_MPS * VAGUE_MPS,
        (6.., 6..) => belief.covariance[(row, column)],
        _ => 0.0,
    });
    Gaussian::new(belief.mean, covariance)
}
