//! One track: how it moves, when thrust ended, when it turned out to move otherwise.

use estimate::motion::MotionModel;
use geo::Time;
use nalgebra::{Matrix3, SVector, Vector3};

use crate::belief::{Agreement, Belief};
use crate::motion::{ACCELERATION_SIGMA_MPS2, Free, LOG_DRAG, LOG_DRAG_SIGMA, MANOEUVRE, SPEED_SIGMA_MPS};
use crate::sight::{ROWS_MAX, Sight};
use crate::slots::Slots;

/// Largest NIS of a plot that is taken in, by its scalars: chi-square at one in a million.
pub(crate) const GATES: [f64; ROWS_MAX] = [23.9, 27.6, 30.7, 33.4, 35.9, 38.3];
/// Plots in the gate until a track is confirmed.
const HITS_CONFIRMED: usize = 4;
/// A new track is looked at for free flight after so many plots.
const HITS_SHADOW: usize = 3;
/// Log of the odds at which free flight is believed, or given up.
const EVIDENCE: f64 = 4.0;
/// and it has to hold for so long.
const SHADOW_MIN_S: f64 = 8.0;
/// Thrust may have ended this much later than the filter of free flight began.
const TAIL_SIGMA_MPS: f64 = 10.0;
/// How fast old innovations are forgotten, per plot.
const FADE: f64 = 0.9;
/// Standard deviations of the faded sum of NIS beyond which free flight is over.
const SURPRISE: f64 = 8.0;
/// Plots beside the gate, and none in it, after which it is over.
const STRAYS: usize = 3;
/// A track in free flight that is this far below ground, in sigmas and metres, is over.
const GROUND_SIGMAS: f64 = 3.0;
const GROUND_MARGIN_M: f64 = 1_000.0;
/// A track of unknown forces that is less certain than this is lost.
const LOST_SIGMA_M: f64 = 50_000.0;

/// How a track moves.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Under forces that nobody knows.
    Manoeuvre,
    /// Gravity and drag alone.
    Free,
}

/// The other hypothesis of a track under unknown forces.
#[derive(Clone, Debug)]
struct Shadow {
    belief: Belief,
    since: Time,
    evidence: f64,
}

/// The belief about one object, and how it came about.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// When the belief holds.
    pub time: Time,
    /// How it moves.
    pub mode: Mode,
    /// When it was confirmed, by delivery; `None` of a tentative one.
    pub confirmed: Option<Time>,
    /// Delivery of the last plot that was taken in.
    pub known: Time,
    /// When the last plot that was taken in was measured.
    pub hit: Time,
    /// Plots taken in, by the object they came from (the last place: none). For scoring only.
    pub votes: Vec<usize>,
    /// The sensor that saw it first.
    pub first_sensor: usize,
    belief: Belief,
    shadow: Option<Shadow>,
    hits: usize,
    strays: usize,
    surprise: Surprise,
}

/// Faded sums of NIS and of what it should be.
#[derive(Copy, Clone, Debug, Default)]
struct Surprise {
    nis: f64,
    expected: f64,
    variance: f64,
}

impl Surprise {
    fn add(&mut self, agreement: &Agreement) {
        let rows = agreement.rows as f64;
        self.nis = FADE * self.nis + agreement.nis;
        self.expected = FADE * self.expected + rows;
        self.variance = FADE * FADE * self.variance + 2.0 * rows;
    }

    fn is_large(&self) -> bool {
        self.nis - self.expected > SURPRISE * self.variance.sqrt()
    }
}

impl Track {
    /// Begins a tentative track; `None` of a plot that is no place.
    pub fn begin(sight: &Sight, slots: &Slots, truths: usize) -> Option<Self> {
        let belief = Belief::begin(sight, slots, SPEED_SIGMA_MPS, [ACCELERATION_SIGMA_MPS2; 3])?;
        let mut track = Self {
            time: sight.time,
            mode: Mode::Manoeuvre,
            confirmed: None,
            known: sight.delivered,
            hit: sight.time,
            votes: vec![0; truths + 1],
            first_sensor: sight.sensor,
            belief,
            shadow: None,
            hits: 1,
            strays: 0,
            surprise: Surprise::default(),
        };
        track.vote(sight, truths);
        Some(track)
    }

    fn vote(&mut self, sight: &Sight, truths: usize) {
        self.votes[sight.truth.unwrap_or(truths)] += 1;
    }

    /// The belief.
    pub fn belief(&self) -> &Belief {
        &self.belief
    }

    /// Moves to a time, not back.
    pub fn predict(&mut self, time: Time) {
        let dt_s = time - self.time;
        if dt_s <= 0.0 {
            return;
        }
        self.time = time;
        match self.mode {
            Mode::Free => self.belief.predict(&Free, dt_s),
            Mode::Manoeuvre => {
                self.belief.predict(&MANOEUVRE, dt_s);
                if let Some(shadow) = &mut self.shadow {
                    shadow.belief.predict(&Free, dt_s);
                }
            }
        }
    }

    /// Whether a plot may be near: cheap, and never wrong about one within the gate.
    pub fn may_be_near(&self, sight: &Sight) -> bool {
        let Some((place, sigma_m)) = sight.place else {
            return true;
        };
        let dt_s = sight.time - self.time;
        let state = self.belief.state();
        let ahead: Vector3<f64> = state.fixed_rows::<3>(0) + state.fixed_rows::<3>(3) * dt_s;
        let speed_sigma_mps = (3..6).map(|i| self.belief.variance(i)).sum::<f64>().max(0.0).sqrt();
        let spread_m = self.belief.position_sigma_m() + speed_sigma_mps * dt_s + 3.0 * sigma_m;
        (place - ahead).norm() < 7.0 * spread_m + 100.0 * dt_s * dt_s + 1_000.0
    }

    /// How well a plot of the track's time agrees.
    pub fn weigh(&mut self, sight: &Sight, slots: &Slots) -> Option<Agreement> {
        self.belief.weigh(sight, slots)
    }

    /// Takes in a plot of the track's time; whether it was within the gate.
    pub fn update(&mut self, sight: &Sight, slots: &Slots) -> bool {
        let Some(agreement) = self.belief.update(sight, slots, &GATES) else {
            return false;
        };
        if agreement.nis.is_nan() || agreement.nis > GATES[agreement.rows - 1] {
            return false;
        }
        self.vote(sight, self.votes.len() - 1);
        self.hits += 1;
        self.strays = 0;
        self.hit = sight.time;
        self.known = self.known.max(sight.delivered);
        if self.confirmed.is_none() && self.hits >= HITS_CONFIRMED {
            self.confirmed = Some(self.known);
        }
        match self.mode {
            Mode::Free => {
                self.surprise.add(&agreement);
                if self.surprise.is_large() {
                    self.wake(0.05);
                }
            }
            Mode::Manoeuvre => self.compare(sight, slots, &agreement),
        }
        true
    }

    /// A plot lay beside the gate and belongs to nothing else; how far from where it was expected.
    pub fn stray(&mut self, off_m: f64) {
        self.strays += 1;
        if self.strays >= STRAYS {
            for axis in 0..3 {
                self.belief.widen(axis, off_m);
            }
            self.wake(0.2);
            self.strays = 0;
        }
    }

    /// Free flight is over: the speed may have changed by a share already.
    fn wake(&mut self, share: f64) {
        let state = self.belief.state();
        let speed_mps = state.fixed_rows::<3>(3).norm();
        if self.mode == Mode::Free {
            let pull: Vector3<f64> = gravity(&self.belief.mean::<7>());
            for axis in 0..3 {
                self.belief.reset(6 + axis, pull[axis], ACCELERATION_SIGMA_MPS2);
            }
        }
        for axis in 3..6 {
            self.belief.widen(axis, share * speed_mps);
        }
        self.mode = Mode::Manoeuvre;
        self.shadow = None;
        self.surprise = Surprise::default();
    }

    /// Weighs free flight against unknown forces with one more plot (Wald's sequential test).
    fn compare(&mut self, sight: &Sight, slots: &Slots, agreement: &Agreement) {
        if self.hits < HITS_SHADOW {
            return;
        }
        let Some(shadow) = &mut self.shadow else {
            self.shadow = Some(self.shadowed());
            return;
        };
        let no_gate = [f64::INFINITY; ROWS_MAX];
        match shadow.belief.update(sight, slots, &no_gate) {
            Some(other) if other.log_likelihood.is_finite() => {
                shadow.evidence += other.log_likelihood - agreement.log_likelihood;
            }
            _ => shadow.evidence = f64::NEG_INFINITY,
        }
        if shadow.evidence < -EVIDENCE {
            self.shadow = Some(self.shadowed());
        } else if shadow.evidence > EVIDENCE
            && sight.time - shadow.since >= SHADOW_MIN_S
            && let Some(shadow) = self.shadow.take()
        {
            self.belief = shadow.belief;
            self.mode = Mode::Free;
            self.surprise = Surprise::default();
        }
    }

    /// The belief as if thrust had just ended.
    fn shadowed(&self) -> Shadow {
        let mut belief = self.belief.clone();
        belief.reset(6, LOG_DRAG, LOG_DRAG_SIGMA);
        belief.reset(7, 0.0, 0.0);
        belief.reset(8, 0.0, 0.0);
        for axis in 3..6 {
            belief.widen(axis, TAIL_SIGMA_MPS);
        }
        Shadow {
            belief,
            since: self.time,
            evidence: 0.0,
        }
    }

    /// Whether nothing useful is believed any more: what should have come down has left this path unseen.
    pub fn is_lost(&self) -> bool {
        !self.belief.is_sound()
            || (self.mode == Mode::Free && self.is_below_ground())
            || (self.mode == Mode::Manoeuvre && self.hits > 1 && self.belief.position_sigma_m() > LOST_SIGMA_M)
    }

    /// Whether the belief is deeper than its own errors explain.
    fn is_below_ground(&self) -> bool {
        let [x, y, z] = self.belief.mean::<3>().into();
        let depth_m = -geo::Geodetic::from_ecef(geo::Position::new(x, y, z)).height_m;
        depth_m > GROUND_SIGMAS * self.belief.position_sigma_m() + GROUND_MARGIN_M
    }

    /// Position (3) and its covariance (3×3).
    pub fn position(&self) -> (Vector3<f64>, Matrix3<f64>) {
        (self.belief.mean::<3>(), self.belief.covariance::<3>())
    }
}

/// Acceleration of free flight.
fn gravity(state: &SVector<f64, 7>) -> Vector3<f64> {
    const STEP_S: f64 = 0.1;
    let later = Free.propagate(state, STEP_S);
    (later.fixed_rows::<3>(3) - state.fixed_rows::<3>(3)) / STEP_S
}
