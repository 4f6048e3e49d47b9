//! The belief about one object, and how it came about.

use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::filter::imm::{Imm, ImmOutcome};
use estimate::sensor::Reading;
use flight::Phase;
use geo::math::exp;
use geo::{Ecef, Geodetic, Position, Time};
use nalgebra::Vector3;

use crate::modes::{self, Class};
use crate::name::Name;
use crate::phase::phase;
use crate::registration::{Registration, Sensitivity};
use crate::sight::Sight;

/// Largest NIS of a plot that is taken in, by its scalars: chi-square at one in a million.
const GATES: [f64; 6] = [23.9, 27.6, 30.7, 33.4, 35.9, 38.3];
/// An object that nobody looks at is still there after this with probability 1/e.
const LIFE_S: f64 = 4_000.0;
/// Faster or higher than this is no aircraft.
const AIR_SPEED_MPS: f64 = 900.0;
const AIR_HEIGHT_M: f64 = 25_000.0;
/// Modes that are this improbable together are dropped,
const RULED_OUT: f64 = 1e-3;
/// after so many plots.
const PLOTS_KNOWN: u32 = 5;

/// How far a track has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Perhaps nothing.
    Tentative,
    /// An object.
    Confirmed,
    /// An object that no sensor sees now.
    Coasting,
}

/// When a sensor last looked at a track's object, and last saw it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Look {
    pub sensor: usize,
    pub looked: Time,
    pub seen: Time,
}

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub name: Name,
    pub stage: Stage,
    pub class: Class,
    pub imm: Imm,
    /// When the belief holds.
    pub time: Time,
    /// Probability that there is such an object.
    pub existence: f64,
    /// What that was at its first plot.
    pub begun: f64,
    /// Time of the first plot.
    pub first: Time,
    /// Time of the last plot.
    pub seen: Time,
    /// Plots taken in.
    pub plots: u32,
    /// Each sensor that saw it.
    pub looks: Vec<Look>,
    pub target: Option<Arc<str>>,
    pub phase: Phase,
    /// The phase that was told last.
    pub told: Phase,
    /// For how many plots in a row the phase has been another than the one told.
    pub untold: u32,
    /// How the belief depends on the constant errors of sensors.
    pub sensitivity: Sensitivity,
    /// How often in a row it was as near to an older track as one object is to itself.
    pub doubled: u32,
}

/// A track as it would be if a plot were of it.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub imm: Imm,
    /// Position and velocity just before the plot.
    pub before: Gaussian<6>,
    /// Natural logarithm of the density of the plot.
    pub log_likelihood: f64,
}

impl Track {
    /// Begins with a plot; `None` where it is no place.
    pub fn begin(sight: &Sight, existence: f64, registration: &mut Registration) -> Option<Self> {
        let imm = modes::begin(sight.fix.as_ref()?).ok()?;
        let sensitivity = Sensitivity::first(registration, &sight.reading, sight.sensor, &imm.belief());
        let phase = phase(&imm, Class::Open);
        Some(Self {
            name: sight.name,
            stage: Stage::Tentative,
            class: Class::Open,
            imm,
            time: sight.time,
            existence,
            begun: existence,
            first: sight.time,
            seen: sight.time,
            plots: 1,
            looks: vec![Look {
                sensor: sight.sensor,
                looked: sight.time,
                seen: sight.time,
            }],
            target: sight.target.clone(),
            phase,
            told: phase,
            untold: 0,
            sensitivity,
            doubled: 0,
        })
    }

    /// Position and velocity under all modes, what is not known of the sensors' errors included.
    pub fn belief(&self, registration: &Registration) -> Gaussian<6> {
        let mut belief = self.imm.belief();
        belief.covariance += registration.considered(&self.sensitivity);
        belief
    }

    /// Moves the belief by what was learnt of the sensors' errors.
    pub fn correct(&mut self, registration: &Registration) {
        let step = registration.correction(&mut self.sensitivity);
        self.imm.shift(&step);
    }

    /// Where it is at a time near that of its belief, without its uncertainty.
    pub fn place(&self, time: Time) -> Position<Ecef> {
        let state = self.imm.belief().mean;
        let ahead: Vector3<f64> = state.fixed_rows::<3>(0) + state.fixed_rows::<3>(3) * (time - self.time);
        Position::from_vector(ahead)
    }

    /// The belief moved to a time.
    fn at(&self, time: Time) -> Option<Imm> {
        let mut imm = self.imm.clone();
        imm.predict(time - self.time).ok()?;
        Some(imm)
    }

    /// Moves the belief to a time. A belief that cannot be moved stays.
    pub fn advance(&mut self, time: Time) {
        if time > self.time
            && let Some(imm) = self.at(time)
        {
            self.imm = imm;
            self.existence *= exp(-(time - self.time) / LIFE_S);
            self.sensitivity.advance(time - self.time);
            self.time = time;
        }
    }

    /// What it would be with a plot; `None` of one beyond the gate.
    pub fn taken(&self, sight: &Sight, registration: &Registration) -> Option<Taken> {
        let mut imm = self.at(sight.time)?;
        let before = imm.belief();
        let mut sensitivity = self.sensitivity.clone();
        sensitivity.advance(sight.time - self.time);
        let reading = registration.apply(&sight.reading, sight.sensor, &before.mean, &sensitivity);
        let mut log_likelihood = updated(&mut imm, &reading)?;
        if let Some(height) = &sight.height {
            log_likelihood += updated(&mut imm, height)?;
        }
        Some(Taken {
            imm,
            before,
            log_likelihood,
        })
    }

    /// Takes in a plot.
    pub fn take(&mut self, sight: &Sight, taken: Imm) {
        self.imm = taken;
        self.sensitivity.advance(sight.time - self.time);
        self.time = sight.time;
        self.seen = self.seen.max(sight.time);
        self.plots += 1;
        if self.target.is_none() {
            self.target.clone_from(&sight.target);
        }
        match self.looks.iter_mut().find(|look| look.sensor == sight.sensor) {
            Some(look) => (look.looked, look.seen) = (sight.time, sight.time),
            None => self.looks.push(Look {
                sensor: sight.sensor,
                looked: sight.time,
                seen: sight.time,
            }),
        }
        self.classify();
        self.phase = phase(&self.imm, self.class);
    }

    /// When a sensor last looked.
    pub fn look(&self, sensor: usize) -> Option<&Look> {
        self.looks.iter().find(|look| look.sensor == sensor)
    }

    /// Drops modes that the plots have ruled out, and takes in those that have become possible.
    fn classify(&mut self) {
        let wanted = match self.class {
            Class::Open if self.plots < PLOTS_KNOWN => return,
            Class::Open => {
                let air: f64 = self.imm.modes()[..2].iter().map(|mode| mode.probability).sum();
                if self.is_beyond_air() || air < RULED_OUT {
                    Class::Space
                } else if 1.0 - air < RULED_OUT {
                    Class::Air
                } else {
                    return;
                }
            }
            Class::Air if self.is_beyond_air() => Class::Open,
            _ => return,
        };
        if let Ok(imm) = modes::change(&self.imm, self.class, wanted) {
            self.imm = imm;
            self.class = wanted;
        }
    }

    fn is_beyond_air(&self) -> bool {
        let state = self.imm.belief().mean;
        let height_m = Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2])).height_m;
        height_m > AIR_HEIGHT_M || state.fixed_rows::<3>(3).norm() > AIR_SPEED_MPS
    }
}

/// Takes a reading in; the logarithm of its density, `None` of one beyond the gate.
fn updated(imm: &mut Imm, reading: &Reading) -> Option<f64> {
    match imm.update(reading, Some(GATES[rows(reading) - 1])) {
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
        Reading::PositionVelocity(_) => 6,
    }
}
