//! Whether a sensor comes back after a silence with what was there when it fell silent: then its clock jumped.

use std::sync::Arc;

use geo::Time;
use nalgebra::Vector3;

/// A silence of so many scans, and of this, may be a jump.
const SCANS: f64 = 10.0;
const SILENCE_S: f64 = 60.0;
/// A plot that fits the past adds this, another takes one away;
const FITS: f64 = 4.0;
/// at this the clock jumped.
pub(crate) const JUMPED: f64 = 11.0;
/// What changes its velocity by so much may be as far off.
const ACCELERATION_MPS2: f64 = 10.0;
/// For so many times the tolerance an object has to have moved in the silence, to be told apart.
const MOVED: f64 = 20.0;

/// What a sensor saw last, and whether it sees it again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stale {
    /// Place and velocity, ECEF, of what it saw, when it was heard last.
    seen: Arc<[(Vector3<f64>, Vector3<f64>)]>,
    pub last: Option<Time>,
    /// The first plot after a silence.
    back: Option<Time>,
    pub score: f64,
}

impl Stale {
    /// Keeps what it saw when it was heard last.
    pub fn remember(&mut self, last: Time, seen: Arc<[(Vector3<f64>, Vector3<f64>)]>) {
        *self = Self {
            seen,
            last: Some(last),
            back: None,
            score: 0.0,
        };
    }

    /// Takes a plot's place, its sigma and time; whether the clock jumped, and by how much.
    pub fn observe(&mut self, place_m: &Vector3<f64>, sigma_m: f64, time: Time, scan_s: f64) -> Option<f64> {
        let last = self.last?;
        let span_s = SILENCE_S.max(SCANS * scan_s);
        if self.back.is_none() {
            if time - last < span_s {
                return None;
            }
            self.back = Some(time);
        }
        let back = self.back?;
        let jump_s = back - last;
        if time - back > span_s {
            *self = Self::default();
            return None;
        }
        let since_s = time - back;
        let is_past = self.seen.iter().any(|(from, velocity)| {
            let speed_mps = velocity.norm();
            let loose_m = 4.0 * sigma_m + 0.5 * ACCELERATION_MPS2 * (since_s + scan_s) * (since_s + scan_s);
            let off = place_m - (from + velocity * since_s);
            // It may be seen a scan later than it was seen last.
            let later_s = if speed_mps > 0.0 {
                (off.dot(velocity) / (speed_mps * speed_mps)).clamp(-scan_s, scan_s)
            } else {
                0.0
            };
            speed_mps * jump_s > MOVED * loose_m && (off - velocity * later_s).norm() < loose_m
        });
        self.score = if is_past {
            self.score + FITS
        } else {
            (self.score - 1.0).max(0.0)
        };
        (self.score > JUMPED).then_some(jump_s)
    }
}
