//! A track at the time of a plot, and what it would be with it.
//!
//! A plot is held against what its sensor has shown to measure, then against what it states, then, of what flies,
//! against angles that say hardly anything: hills and buildings send replies round. What stands in the way lasts, so
//! that a plot after a wild one is either, each as probable as it says, and both are taken in.

use estimate::belief::Gaussian;
use estimate::filter::imm::{Imm, ImmOutcome};
use estimate::sensor::{HeightSensor, Observation, Reading};
use geo::math::{exp, ln};
use geo::{Ecef, Position, Time, height_about_m};
use nalgebra::Vector3;

use crate::modes::Class;
use crate::registration::{Registration, Sensitivity};
use crate::sight::Sight;
use crate::track::{Look, Stage, Track};

/// Largest NIS of a plot that is taken in, by its scalars: chi-square at one in a million.
pub(crate) const GATES: [f64; 6] = [23.9, 27.6, 30.7, 33.4, 35.9, 38.3];
/// The same of a sensor that has shown to measure better than it states: chi-square at one in a thousand. What is
/// beyond is held against what is stated:
const GATES_REFINED: [f64; 6] = [10.8, 13.8, 16.3, 18.5, 20.5, 22.5];
/// one plot in twenty is so. Source of the contaminated normal distribution: Tukey, A survey of sampling from
/// contaminated distributions (1960).
const LN_FAR: f64 = -2.995_732_273_553_991;
const LN_USUAL: f64 = -0.051_293_294_387_550_58;
/// One in two hundred has an angle that says hardly anything: hills and buildings send replies round, and above a radar
/// azimuth means little.
const WILD: f64 = 0.005;
const LN_WILD: f64 = -5.298_317_366_548_036;
/// Only of what is faster: what taxies has others all around, to which such a plot fits as well.
const WILD_MPS: f64 = 20.0;
/// Of replies, what stands in the way lasts for some plots: with this probability each is the last. Notional.
const CLEAR: f64 = 0.15;
/// What is less probable than this is left out.
const WILD_MIN: f64 = 0.02;
/// What is so many sigmas from the heights of aircraft has gone astray.
const AWAY: f64 = 2.0;

/// A track as it would be if a plot were of it.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub imm: Imm,
    /// Position and velocity just before the plot.
    pub before: Gaussian<6>,
    /// Natural logarithm of the density of the plot.
    pub log_likelihood: f64,
    /// How probably the angles of the plot are wild.
    pub wild: f64,
}

/// A track moved to the time of plots.
#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    pub time: Time,
    imm: Imm,
    /// Position and velocity.
    before: Gaussian<6>,
    sensitivity: Sensitivity,
    /// Whether it is surely there, and faster than what taxies.
    is_flying: bool,
    /// Whether it flies like an aircraft.
    is_air: bool,
    /// Sensors whose last plot of it had wild angles, and how probably.
    wild: Vec<(usize, f64)>,
}

/// A belief with a plot in it, the logarithm of the density of the plot, and how probably its angles are wild.
type With = (Imm, f64, f64);

impl Ahead {
    /// The track moved to a time.
    pub fn new(track: &Track, time: Time) -> Option<Self> {
        let imm = track.at(time)?;
        let mut sensitivity = track.sensitivity.clone();
        sensitivity.advance(time - track.time);
        let before = imm.belief();
        let is_wild = |look: &&Look| look.wild > WILD_MIN;
        Some(Self {
            time,
            is_flying: track.stage != Stage::Tentative && before.mean.fixed_rows::<3>(3).norm() > WILD_MPS,
            is_air: track.class == Class::Air,
            wild: track
                .looks
                .iter()
                .filter(is_wild)
                .map(|look| (look.sensor, look.wild))
                .collect(),
            before,
            imm,
            sensitivity,
        })
    }

    /// What it would be with a plot of that time; `None` of one beyond the gate.
    pub fn taken(&self, sight: &Sight, registration: &Registration) -> Option<Taken> {
        let apply = |reading| registration.apply(reading, sight.sensor, &self.before.mean, &self.sensitivity);
        let (mut imm, mut log_likelihood, wild) = match &sight.wider {
            None => {
                let mut imm = self.imm.clone();
                let density_ln = updated(&mut imm, &apply(&sight.reading))?;
                (imm, density_ln, 0.0)
            }
            Some(wider) => self.refined([&sight.reading, &wider[0], &wider[1]].map(apply), sight)?,
        };
        if let Some(height) = &sight.height {
            log_likelihood += updated(&mut imm, &Reading::Height(*height))?;
        } else if let Some(level) = sight.level.as_ref().filter(|_| self.is_air && sight.is_reply) {
            keep_level(&mut imm, level);
        }
        Some(Taken {
            imm,
            before: self.before,
            log_likelihood,
            wild,
        })
    }

    /// With a plot as its sensor has shown to measure, as stated, and with angles that say hardly anything.
    fn refined(&self, [shown, stated, wild]: [Reading; 3], sight: &Sight) -> Option<With> {
        let usual = || {
            let mut imm = self.imm.clone();
            let density_ln = updated_within(&mut imm, &shown, &GATES_REFINED)
                .map(|ln| ln + LN_USUAL)
                .or_else(|| updated_within(&mut imm, &stated, &GATES_REFINED).map(|ln| ln + LN_FAR));
            density_ln.map(|ln| (imm, ln))
        };
        let astray = || {
            let mut imm = self.imm.clone();
            let density_ln = self.is_flying.then(|| updated(&mut imm, &wild))??;
            Some((imm, density_ln))
        };
        let last = self.wild.iter().find(|(sensor, _)| *sensor == sight.sensor);
        let Some((_, before)) = last.filter(|_| self.is_flying) else {
            let is_wild = f64::from(u8::from(sight.is_reply));
            return usual()
                .map(|(imm, ln)| (imm, ln, 0.0))
                .or_else(|| astray().map(|(imm, ln)| (imm, ln + LN_WILD, is_wild)));
        };
        let likely = WILD + before * (1.0 - WILD - CLEAR);
        let (usual, astray) = (usual(), astray());
        let (usual_ln, astray_ln) = (
            usual
                .as_ref()
                .map_or(f64::NEG_INFINITY, |(_, own)| own + ln(1.0 - likely)),
            astray.as_ref().map_or(f64::NEG_INFINITY, |(_, own)| own + ln(likely)),
        );
        let most_ln = usual_ln.max(astray_ln);
        let both_ln = most_ln + ln(exp(usual_ln - most_ln) + exp(astray_ln - most_ln));
        let share = exp(astray_ln - both_ln);
        let imm = match (usual, astray) {
            (Some((imm, _)), Some((aside, _))) if share > WILD_MIN && share < 1.0 - WILD_MIN => {
                Imm::merged(&[(1.0 - share, imm), (share, aside)])?
            }
            (Some((imm, _)), _) if share < 0.5 => imm,
            (_, Some((imm, _))) => imm,
            _ => return None,
        };
        Some((imm, both_ln, share))
    }
}

/// Brings a belief back to heights at which aircraft are, from where only its own motion has taken it: along a slant
/// range a track may climb as well as go ahead, and no plot tells it. It is known, not measured: it counts once, and
/// not for which plot is whose.
fn keep_level(imm: &mut Imm, level: &Observation<HeightSensor, 1>) {
    let known = imm.belief();
    let place: Vector3<f64> = known.mean.fixed_rows::<3>(0).into();
    let off_m = height_about_m(Position::<Ecef>::from_vector(place)) - level.measured[0];
    let up = place.normalize();
    let variance = up.dot(&(known.covariance.fixed_view::<3, 3>(0, 0) * up));
    let usual = level.model.sigma_m * level.model.sigma_m;
    if off_m * off_m > AWAY * AWAY * usual || variance > usual {
        let _outcome = imm.update(&Reading::Height(*level), None);
    }
}

/// Takes a reading in; the logarithm of its density, `None` of one beyond the gate.
pub(crate) fn updated(imm: &mut Imm, reading: &Reading) -> Option<f64> {
    updated_within(imm, reading, &GATES)
}

fn updated_within(imm: &mut Imm, reading: &Reading, gates: &[f64; 6]) -> Option<f64> {
    match imm.update(reading, Some(gates[rows(reading) - 1])) {
        Ok(ImmOutcome::Updated { log_likelihood }) if log_likelihood.is_finite() => Some(log_likelihood),
        _ => None,
    }
}

fn rows(reading: &Reading) -> usize {
    match reading {
        Reading::Polar1(_) | Reading::Height(_) => 1,
        Reading::Polar2(_) => 2,
        Reading::Polar3(_) | Reading::Position(_) => 3,
        Reading::Polar4(_) => 4,
        Reading::PositionVelocity(_) | Reading::State(_) => 6,
    }
}
