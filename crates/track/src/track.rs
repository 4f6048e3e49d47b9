//! The belief about one object, and how it came about.

use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::filter::imm::Imm;
use estimate::sensor::{HeightSensor, Observation, Reading};
use flight::Phase;
use geo::math::{exp, ln};
use geo::{Ecef, Position, Time, height_about_m};
use nalgebra::{SVector, Vector3};

use crate::ahead::{Ahead, GATES, Taken, updated};
use crate::forecast::Foretold;
use crate::hypotheses::Hypothesis;
use crate::manoeuvre::Doing;
use crate::modes::{self, AIR_HEIGHT_M, AIR_SIGMAS, Class, Way};
use crate::name::Name;
use crate::partner::{self, Holdings};
use crate::phase::phase;
use crate::registration::{Registration, Sensitivity};
use crate::sight::Sight;

/// The ground is hardly anywhere lower, against the ellipsoid.
const BELOW_M: f64 = -150.0;
/// What is slower stands, or is about to: the noise of a track, and the last steps onto a stand.
const STANDS_MPS: f64 = 2.5;
/// What stood may have gone on for so long after its last plot.
const STANDS_S: f64 = 10.0;
/// An object that nobody looks at is still there after this with probability 1/e.
const LIFE_S: f64 = 4_000.0;
/// What a sensor sees comes into one of its blind spots (above it, behind a hill) after this, on average,
const SEEN_S: f64 = 1_000.0;
/// and out again after this.
const HIDDEN_S: f64 = 60.0;
/// Faster than this is no aircraft, or higher, by some sigmas.
const AIR_SPEED_MPS: f64 = 900.0;
/// Modes that are this improbable together are dropped,
const RULED_OUT: f64 = 1e-3;
/// after so many plots.
const PLOTS_KNOWN: u32 = 5;

/// Free flight explains what is seen from this probability on, until it is below that;
const FREE: [f64; 2] = [0.9, 0.5];
/// a coast has lasted after this,
const FREE_S: f64 = 15.0;
/// above the air that lift needs.
const AIR_TOP_M: f64 = 90_000.0;

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
    /// When it saw it first.
    pub since: Time,
    /// Probability, as of the last look, that the object is where this sensor cannot see it.
    hidden: f64,
    /// How probably the angles of its last plot were wild.
    pub wild: f64,
}

impl Look {
    /// A sensor that has just seen it.
    fn hit(sensor: usize, time: Time) -> Self {
        Self {
            sensor,
            looked: time,
            seen: time,
            since: time,
            hidden: 0.0,
            wild: 0.0,
        }
    }

    /// The sensor sees it again.
    fn hit_again(&mut self, time: Time) {
        *self = Self {
            since: self.since,
            ..Self::hit(self.sensor, time)
        };
    }

    /// For how long one sensor saw this and another both, less than 0 where it lost the one before it saw the other.
    pub fn overlap_s(&self, other: &Self) -> f64 {
        self.seen.min(other.seen) - self.since.max(other.since)
    }

    /// Probability that the object is hidden at a time: it comes into blind spots, and out of them.
    pub fn hidden_at(&self, time: Time) -> f64 {
        let passed_s = (time - self.looked).max(0.0);
        let (into, out) = (1.0 - exp(-passed_s / SEEN_S), 1.0 - exp(-passed_s / HIDDEN_S));
        self.hidden + (1.0 - self.hidden) * into - self.hidden * out
    }

    /// Whether it is rather hidden than overlooked.
    pub fn is_hidden(&self) -> bool {
        self.hidden > 0.5
    }
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
    /// Longest diameter of its region when it was last said that it coasts.
    pub coasted_m: f64,
    /// What was foretold of it last.
    pub foretold: Foretold,
    /// What it has from partners.
    pub holdings: Holdings,
    /// The track that it may have come out of.
    pub parent: Option<Name>,
    /// Whether it came out of another, or another out of it.
    pub has_parted: bool,
    /// Since when free flight explains what is seen.
    pub free_since: Option<Time>,
    /// Whether that has lasted, above the air.
    pub is_calm: bool,
    /// Whether it hardly moved when it was last seen.
    pub is_standing: bool,
    /// What its object was last seen to do.
    pub doing: Doing,
    /// Which plots its object is thought to have made, where that is not decided yet.
    pub hypothesis: Hypothesis,
    /// The same object, had it made other plots; without rivals of their own. None with methods that choose at once.
    pub rivals: Vec<Arc<Track>>,
}

impl Track {
    /// Begins with a plot and the ways of a class; `None` where it is no place.
    pub fn begin(sight: &Sight, class: Class, existence: f64, registration: &mut Registration) -> Option<Self> {
        let mut imm = modes::begin(sight.fix.as_ref()?, class).ok()?;
        if sight.wider.is_some() {
            // The place has the sigmas that were stated, beside which what is known better counts alone.
            let _log_likelihood = updated(&mut imm, &sight.reading);
        } else if let Some(rate) = sight.range_rate() {
            // Along the line of sight the speed is known at once: the gate of the second plot is a disc, not a ball.
            imm.update(&rate, None).ok()?;
        }
        let sensitivity = Sensitivity::first(registration, &sight.reading, sight.sensor, &imm.belief());
        Some(Self::new(imm, class, sensitivity, existence, &[sight]))
    }

    /// Begins with a belief that plots gave, in the order of time; one at least.
    pub fn new(imm: Imm, class: Class, sensitivity: Sensitivity, existence: f64, sights: &[&Sight]) -> Self {
        let phase = phase(&imm, class);
        let times = || sights.iter().map(|sight| sight.time);
        let last = times().max().unwrap_or(Time::from_tai_ns(0));
        let mut looks: Vec<Look> = Vec::new();
        for sight in sights {
            looks.retain(|look| look.sensor != sight.sensor);
            looks.push(Look::hit(sight.sensor, sight.time));
        }
        Self {
            name: Name::together(sights.iter().map(|sight| sight.name)),
            stage: Stage::Tentative,
            class,
            imm,
            time: last,
            existence,
            begun: existence,
            first: times().min().unwrap_or(last),
            seen: last,
            plots: sights.len() as u32,
            looks,
            target: sights.iter().find_map(|sight| sight.target.clone()),
            phase,
            told: phase,
            untold: 0,
            sensitivity,
            doubled: 0,
            coasted_m: 0.0,
            foretold: Foretold::default(),
            holdings: Holdings::default(),
            parent: None,
            free_since: None,
            is_calm: false,
            is_standing: false,
            has_parted: false,
            doing: Doing::default(),
            hypothesis: Hypothesis::default(),
            rivals: Vec::new(),
        }
    }

    /// What an older track of the same object is with what this one knows.
    pub fn as_older(&self, old: &Self) -> Self {
        let mut looks = self.looks.clone();
        for look in &mut looks {
            let before = old.look(look.sensor);
            look.since = before.map_or(look.since, |before| before.since.min(look.since));
        }
        Self {
            looks,
            name: old.name,
            first: old.first,
            plots: old.plots + self.plots,
            target: old.target.clone().or_else(|| self.target.clone()),
            parent: old.parent,
            has_parted: old.has_parted || self.has_parted,
            // Others know disputed plots as the younger's.
            hypothesis: Hypothesis::default(),
            rivals: Vec::new(),
            ..self.clone()
        }
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
        let state = self.imm.mean();
        let ahead: Vector3<f64> = state.fixed_rows::<3>(0) + state.fixed_rows::<3>(3) * (time - self.time);
        Position::from_vector(ahead)
    }

    /// The belief moved to a time.
    ///
    /// What stood when it was last seen stands until it is seen again: that it starts unseen is far less likely than
    /// that its transponder is off, and its track would else grow until it takes what starts nearby.
    pub fn at(&self, time: Time) -> Option<Imm> {
        let until = if self.is_standing {
            time.min(self.time.max(self.seen + STANDS_S))
        } else {
            time
        };
        self.imm.predicted(until - self.time).ok()
    }

    /// Whether it is an aircraft, or as slow as one that parks, and goes no faster than a person.
    fn stands(&self) -> bool {
        self.class == Class::Air && self.imm.mean().fixed_rows::<3>(3).norm() < STANDS_MPS
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
        for rival in &mut self.rivals {
            Arc::make_mut(rival).advance(time);
        }
    }

    /// What it would be with a plot; `None` of one beyond the gate.
    pub fn taken(&self, sight: &Sight, registration: &Registration) -> Option<Taken> {
        if sight.inside.is_some() {
            return partner::taken(self, sight, registration);
        }
        Ahead::new(self, sight.time)?.taken(sight, registration)
    }

    /// Of a track that is one plot, beside another of the same sensor: the logarithm of the density of the other, from
    /// both places alone, or `None` beyond the gate. Nothing at all where that does not tell.
    pub fn begun_beside(&self, sight: &Sight) -> Option<Option<f64>> {
        let fix = sight.fix.as_ref()?;
        let scale = fix.scale.filter(|scale| scale.axes == 3)?;
        if self.plots > 1 || self.looks.first().is_none_or(|look| look.sensor != sight.sensor) {
            return None;
        }
        let density = modes::beside(&self.imm, sight.time - self.time, fix, GATES[2]);
        Some(density.map(|per_m3| per_m3 - ln(scale.volume_per_metres)))
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
            Some(look) => look.hit_again(sight.time),
            None => self.looks.push(Look::hit(sight.sensor, sight.time)),
        }
        if sight.height.is_none() {
            self.raise();
        }
        self.classify();
        self.is_standing = self.stands();
        self.calm();
        let before = self.phase;
        self.phase = phase(&self.imm, self.class);
        if matches!(
            (before, self.phase),
            (Phase::Boost, Phase::Coast) | (Phase::Coast, Phase::Reentry)
        ) {
            self.forget_drag();
        }
    }

    /// Notes how probably the last plot of a sensor had wild angles.
    pub fn note_wild(&mut self, sensor: usize, wild: f64) {
        if let Some(look) = self.looks.iter_mut().find(|look| look.sensor == sensor) {
            look.wild = wild;
        }
    }

    /// One of its sensors looked, and did not see it: it is not there, was overlooked, or is hidden from that sensor.
    ///
    /// The chain of what exists and can be seen, exists and cannot, and does not exist: Mušicki, Evans & Stanković,
    /// Integrated probabilistic data association (1994), "Markov chain two". What is tentative is not excused.
    pub fn miss(&mut self, place: usize, time: Time, detection: f64) {
        let look = &mut self.looks[place];
        let hidden = if self.stage == Stage::Tentative {
            0.0
        } else {
            look.hidden_at(time)
        };
        let unseen = 1.0 - detection * (1.0 - hidden);
        (look.hidden, look.looked) = (hidden / unseen, time);
        self.existence *= unseen / (1.0 - self.existence * (1.0 - unseen));
    }

    /// Brings back to the ground what drifted below it: where height is not measured, nothing else says that it cannot
    /// be there.
    fn raise(&mut self) {
        let place = Position::<Ecef>::from_vector(self.imm.mean().fixed_rows::<3>(0).into());
        if self.class == Class::Air && height_about_m(place) < BELOW_M {
            let ground = Reading::Height(Observation {
                time: self.time,
                measured: SVector::<f64, 1>::zeros(),
                model: HeightSensor { sigma_m: -BELOW_M },
            });
            let _outcome = self.imm.update(&ground, None);
        }
    }

    /// Forgets what the mode of free flight took for drag while there was thrust, or hardly any air.
    fn forget_drag(&mut self) {
        if let Ok(imm) = modes::forget_drag(&self.imm, self.class) {
            self.imm = imm;
        }
    }

    /// Thrust is rare in a coast above the air that has lasted, and only there.
    fn calm(&mut self) {
        let place = self.class.ways().iter().position(|way| *way == Way::Free);
        let least = FREE[usize::from(self.free_since.is_some())];
        let is_free = place.is_some_and(|place| self.imm.modes()[place].probability > least);
        self.free_since = self.free_since.filter(|_| is_free).or(is_free.then_some(self.time));
        let lasted_s = self.free_since.map_or(0.0, |since| self.time - since);
        let is_calm =
            self.class == Class::Space && lasted_s > FREE_S && height_about_m(self.place(self.time)) > AIR_TOP_M;
        if is_calm != self.is_calm
            && let Ok(imm) = modes::calmed(self.imm.clone(), self.class, is_calm)
        {
            (self.imm, self.is_calm) = (imm, is_calm);
        }
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

    /// Whether it is faster or higher than aircraft are, by more than it is uncertain.
    fn is_beyond_air(&self) -> bool {
        let mean = self.imm.mean();
        let height_m = height_about_m(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
        let speed_mps = mean.fixed_rows::<3>(3).norm();
        if height_m <= AIR_HEIGHT_M && speed_mps <= AIR_SPEED_MPS {
            return false;
        }
        let covariance = self.imm.belief().covariance;
        let sigma = |from: usize| {
            (0..3)
                .map(|i| covariance[(from + i, from + i)])
                .sum::<f64>()
                .max(0.0)
                .sqrt()
        };
        height_m - AIR_SIGMAS * sigma(0) > AIR_HEIGHT_M || speed_mps - AIR_SIGMAS * sigma(3) > AIR_SPEED_MPS
    }
}
