//! What is known of the behaviour of one sensor, and what follows from it.

use geo::Time;

use super::agreement::{Agreement, LOST};
use super::contrast::Contrasts;
use super::rate::Rate;
use super::repeats::{Repeats, STUCK};
use super::said::Said;
use super::scatter::Scatter;
use super::stale::Stale;
use super::{Fault, Standing};

/// A contained sensor that has behaved for so long is believed again,
const PROBATION_S: f64 = 60.0;
/// if so many of its plots fit what others see;
const GOOD: f64 = 8.0;
/// where nobody else sees anything, after this.
const FORGOTTEN_S: f64 = 1_800.0;
/// A plot that fits another's track when mirrored adds this, one that fits as it is takes it away.
const MIRRORED: f64 = 4.0;
/// Logarithm of odds at which azimuths are mirrored.
const TURNED: f64 = 15.0;

/// One sensor.
#[derive(Clone, Debug)]
pub(crate) struct Conduct {
    pub standing: Standing,
    pub fault: Option<Fault>,
    pub rate: Rate,
    pub repeats: Repeats,
    /// Of what states positions: those that it said, one by one.
    pub said: Option<Said>,
    pub agreement: Agreement,
    pub scatter: Scatter,
    pub contrasts: Contrasts,
    pub stale: Stale,
    /// Logarithm of odds that azimuths are mirrored, and since when.
    mirrored: f64,
    mirrored_since: Option<Time>,
    /// When it last did what it is contained for.
    bad: Option<Time>,
    /// How many plots fitted since.
    good: f64,
    /// The last track that it saw move.
    pub moving: Option<Time>,
    /// How well the place of its last plot was stated, as a sigma.
    pub stated_m: f64,
    /// Plots that came to the fold, and those of them that were not used.
    pub plots: u64,
    pub refused: u64,
}

impl Conduct {
    pub fn new(scan_s: f64) -> Self {
        Self {
            standing: Standing::Trusted,
            fault: None,
            rate: Rate::new(scan_s),
            repeats: Repeats::default(),
            said: None,
            agreement: Agreement::default(),
            scatter: Scatter::default(),
            contrasts: Contrasts::default(),
            stale: Stale::default(),
            mirrored: 0.0,
            mirrored_since: None,
            bad: None,
            good: 0.0,
            moving: None,
            stated_m: f64::INFINITY,
            plots: 0,
            refused: 0,
        }
    }

    pub fn is_contained(&self) -> bool {
        self.standing == Standing::Contained
    }

    /// A plot fits a track that others support.
    pub fn fits(&mut self) {
        self.good += 1.0;
        self.mirrored = (self.mirrored - MIRRORED).max(0.0);
        if self.mirrored == 0.0 {
            self.mirrored_since = None;
        }
    }

    /// A plot fits nothing that others support.
    pub fn fits_not(&mut self) {
        self.good = (self.good - 0.5).max(0.0);
    }

    /// A plot fits a track that others support once it is mirrored.
    pub fn fits_mirrored(&mut self, time: Time) {
        self.mirrored = (self.mirrored + MIRRORED).min(2.0 * TURNED);
        self.mirrored_since.get_or_insert(time);
        if self.fault == Some(Fault::Mirrored) {
            self.worsens(time);
        }
    }

    /// It does again what it is contained for.
    pub fn worsens(&mut self, time: Time) {
        self.bad = Some(time);
        self.good = 0.0;
    }

    /// A fault to contain it for, and since when it has been so.
    pub fn guilty(&self, time: Time, scan_s: f64) -> Option<(Fault, Time)> {
        if self.mirrored > TURNED {
            return Some((Fault::Mirrored, self.mirrored_since.unwrap_or(time)));
        }
        if self.said.is_none() && self.repeats.score >= STUCK && self.saw_something_move(scan_s) {
            return Some((Fault::Repeats, self.repeats.since.unwrap_or(time)));
        }
        if self.agreement.is_lost(time, scan_s) {
            return Some((Fault::Disagrees, self.agreement.since.unwrap_or(time)));
        }
        None
    }

    /// A fault that it may have, for which it is not contained yet.
    fn doubt(&self, time: Time, scan_s: f64) -> Option<Fault> {
        if self.mirrored > 0.5 * TURNED {
            Some(Fault::Mirrored)
        } else if self.is_old(time) {
            Some(Fault::Old)
        } else if self.said.is_none() && self.repeats.score > 0.5 * STUCK && self.saw_something_move(scan_s) {
            Some(Fault::Repeats)
        } else if self.agreement.is_half_lost(time, scan_s) {
            Some(Fault::Disagrees)
        } else {
            None
        }
    }

    /// Whether it says old positions.
    fn is_old(&self, time: Time) -> bool {
        let is_so = self.fault == Some(Fault::Old);
        self.said.as_ref().is_some_and(|said| said.is_named(time, is_so))
    }

    /// Whether what it repeats cannot be all it ever saw: just before it saw something move.
    fn saw_something_move(&self, scan_s: f64) -> bool {
        match (self.moving, self.repeats.since) {
            (Some(moving), Some(since)) => since - moving < (8.0 * scan_s).max(60.0),
            _ => false,
        }
    }

    /// Contains it.
    pub fn contain(&mut self, fault: Fault, time: Time) {
        (self.standing, self.fault) = (Standing::Contained, Some(fault));
        self.worsens(time);
    }

    /// Whether it has behaved for long enough; then it is trusted, and begins anew.
    pub fn is_let_back(&mut self, time: Time) -> bool {
        let (Some(bad), Some(fault)) = (self.bad, self.fault) else {
            return false;
        };
        let behaved_s = time - bad;
        let is_good = match fault {
            Fault::Flood { .. } | Fault::Repeats => true,
            _ => self.good >= GOOD,
        };
        if !self.is_contained() || behaved_s < PROBATION_S || !(is_good || behaved_s > FORGOTTEN_S) {
            return false;
        }
        (self.standing, self.fault, self.bad) = (Standing::Trusted, None, None);
        (self.mirrored, self.mirrored_since) = (0.0, None);
        self.agreement = Agreement::default();
        self.stale = Stale::default();
        true
    }

    /// Between trusted and suspect, by what is in doubt; what has changed.
    pub fn doubted(&mut self, time: Time, scan_s: f64, accuracy: Option<Fault>) -> Option<(Standing, Fault)> {
        if self.is_contained() {
            return None;
        }
        let doubt = self.doubt(time, scan_s).or(accuracy);
        let kind = |fault: &Fault| std::mem::discriminant(fault);
        match (self.fault, doubt) {
            (None, None) => None,
            (Some(old), Some(new)) if kind(&old) == kind(&new) => None,
            (_, Some(new)) => {
                (self.standing, self.fault) = (Standing::Suspect, Some(new));
                Some((Standing::Suspect, new))
            }
            (Some(old), None) => {
                // It is cleared when nothing at all speaks against it any more.
                let repeats = if self.said.is_none() { self.repeats.score } else { 0.0 };
                if self.mirrored > 0.0 || repeats > 0.0 || self.agreement.score > 0.25 * LOST {
                    return None;
                }
                (self.standing, self.fault) = (Standing::Trusted, None);
                Some((Standing::Trusted, old))
            }
        }
    }
}
