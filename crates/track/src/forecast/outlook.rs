//! What a forecast is made of, and when one is due.

use estimate::belief::Gaussian;
use flight::Phase;
use geo::Time;
use nalgebra::SMatrix;

use crate::modes::{Class, Way};
use crate::name::Name;
use crate::registration::Registration;
use crate::track::{Stage, Track};

/// Between forecasts of a track under thrust or on lift,
const PERIOD_THRUST_S: f64 = 5.0;
/// and of one that flies freely.
const PERIOD_FREE_S: f64 = 10.0;
/// A change of what it does is told at once, but not more often than this.
const PERIOD_MIN_S: f64 = 1.0;
/// A launch is looked for while a track is as young as this.
const YOUNG_S: f64 = 60.0;

/// What a track was likeliest to do, and when it was foretold.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub(crate) struct Foretold {
    at: Option<Time>,
    way: Option<Way>,
    since: Option<Time>,
    is_changed: bool,
    /// A manoeuvre has just been noticed.
    is_asked: bool,
    /// How often.
    count: u32,
}

/// A belief from which an arrival is to be foretold.
#[derive(Clone, Debug)]
pub(crate) struct Outlook {
    /// When it is said.
    pub time: Time,
    /// When the beliefs hold.
    pub at: Time,
    pub track: Name,
    pub phase: Phase,
    pub existence: f64,
    /// Probability, and `[position 3, velocity 3, acceleration 3]`, if it is under thrust or on lift.
    pub thrust: (f64, Gaussian<9>),
    /// Probability, and `[position 3, velocity 3, log drag]`, if it flies freely.
    pub free: (f64, Gaussian<7>),
    /// For how long it has been likelier free; 0 where it is not.
    pub free_s: f64,
    /// Whether the launch is to be looked for.
    pub is_young: bool,
    /// Whether it is one of several that were one: a stage, what it carried, pieces.
    pub has_parted: bool,
}

impl Foretold {
    /// Asks for a forecast at once.
    pub fn ask(&mut self) {
        self.is_asked = true;
    }

    /// Notes what is likeliest now, and says whether a forecast is due.
    fn is_due(&mut self, way: Way, time: Time) -> bool {
        if self.way != Some(way) {
            self.is_changed |= self.way.is_some();
            (self.way, self.since) = (Some(way), Some(time));
        }
        let period_s = match way {
            Way::Free => PERIOD_FREE_S,
            _ => PERIOD_THRUST_S,
        };
        let passed_s = self.at.map_or(f64::INFINITY, |at| time - at);
        let is_due = passed_s >= period_s || self.is_changed && passed_s >= PERIOD_MIN_S || self.is_asked;
        if is_due {
            (self.at, self.is_changed, self.is_asked) = (Some(time), false, false);
            self.count += 1;
        }
        is_due
    }
}

/// Returns what is to be foretold of a track now; `None` of what is no object of space, or where it is not due.
pub(crate) fn outlook(track: &mut Track, registration: &Registration, time: Time) -> Option<Outlook> {
    if track.class != Class::Space || track.stage == Stage::Tentative {
        return None;
    }
    let modes = || track.class.ways().iter().zip(track.imm.modes());
    let (way, _) = modes().max_by(|a, b| a.1.probability.total_cmp(&b.1.probability))?;
    if !track.foretold.is_due(*way, time) {
        return None;
    }
    let mode_of = |wanted: Way| modes().find(|(way, _)| **way == wanted).map(|(_, mode)| mode);
    let (thrust, free) = (mode_of(Way::Thrust)?, mode_of(Way::Free)?);
    let considered = registration.considered(&track.sensitivity);
    let since = track.foretold.since.filter(|_| *way == Way::Free);
    Some(Outlook {
        time,
        at: track.time,
        track: track.name,
        phase: track.phase,
        existence: track.presence(),
        thrust: (thrust.probability, widened(&thrust.belief.get()?, &considered)),
        free: (free.probability, widened(&free.belief.get()?, &considered)),
        free_s: since.map_or(0.0, |since| time - since),
        is_young: track.time - track.first < YOUNG_S && track.foretold.count % 2 == 1,
        has_parted: track.has_parted,
    })
}

/// A belief with what is not known of the sensors.
fn widened<const N: usize>(belief: &Gaussian<N>, considered: &SMatrix<f64, 6, 6>) -> Gaussian<N> {
    let covariance = SMatrix::<f64, N, N>::from_fn(|row, column| {
        let own = belief.covariance[(row, column)];
        if row < 6 && column < 6 {
            own + considered[(row, column)]
        } else {
            own
        }
    });
    Gaussian::new(belief.mean, covariance)
}
