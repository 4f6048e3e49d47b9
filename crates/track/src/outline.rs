//! Where a track may be, in few numbers: what is compared before anything is computed.

use estimate::belief::Gaussian;
use geo::Time;
use nalgebra::{Matrix6, Vector3};

use crate::glance::Glance;
use crate::modes::Class;
use crate::track::Track;

/// For how long a track is found where it was put down.
pub(crate) const SPAN_S: f64 = 5.0;
/// What an aircraft may do to its course, and what everything else may.
const PULL_MPS2: [f64; 2] = [20.0, 250.0];
/// A plot may lie so many sigmas of a track from it, as far as the widest gate of the filters,
const SIGMAS: f64 = 6.2;
/// so many of its own, constant errors of its sensor among them,
const SIGMAS_OF_PLOT: f64 = 8.0;
/// and so much further.
const MARGIN_M: f64 = 1_000.0;

/// Place and speed of a track, and how uncertain both are, at most.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    time: Time,
    /// ECEF.
    pub place_m: Vector3<f64>,
    velocity_mps: Vector3<f64>,
    place_sigma_m: f64,
    speed_sigma_mps: f64,
    pull_mps2: f64,
}

impl Outline {
    /// The outline of a track with its belief under all modes, what the sensors' errors add included.
    pub fn new(track: &Track, belief: &Gaussian<6>) -> Self {
        // A mode that is not likely may be further off and wider than all together.
        let mut widest = [0, 3].map(|from| sigma(&belief.covariance, from));
        for mode in track.imm.modes() {
            let known = mode.belief.first_six();
            for (from, most) in [0, 3].into_iter().zip(&mut widest) {
                let off: Vector3<f64> = (known.mean - belief.mean).fixed_rows::<3>(from).into();
                *most = most.max(off.norm() + sigma(&known.covariance, from));
            }
        }
        Self {
            time: track.time,
            place_m: belief.mean.fixed_rows::<3>(0).into(),
            velocity_mps: belief.mean.fixed_rows::<3>(3).into(),
            place_sigma_m: widest[0],
            speed_sigma_mps: widest[1],
            pull_mps2: PULL_MPS2[usize::from(track.class != Class::Air)],
        }
    }

    /// Widened so that whatever may be another's may be of it too.
    pub fn with(self, other: &Self) -> Self {
        let ahead_s = self.time - other.time;
        let off_m = (self.place_m - other.place_m - other.velocity_mps * ahead_s).norm();
        let off_mps = (self.velocity_mps - other.velocity_mps).norm();
        Self {
            place_sigma_m: self
                .place_sigma_m
                .max(off_m + other.place_sigma_m + other.speed_sigma_mps * ahead_s.abs()),
            speed_sigma_mps: self.speed_sigma_mps.max(off_mps + other.speed_sigma_mps),
            pull_mps2: self.pull_mps2.max(other.pull_mps2),
            ..self
        }
    }

    /// Something that stands still at a time of zero.
    #[cfg(test)]
    pub fn still(place_m: Vector3<f64>, sigma_m: f64) -> Self {
        Self {
            time: Time::from_tai_ns(0),
            place_m,
            velocity_mps: Vector3::zeros(),
            place_sigma_m: sigma_m,
            speed_sigma_mps: 0.0,
            pull_mps2: PULL_MPS2[0],
        }
    }

    /// Standard deviation of its place along whatever direction, at most.
    pub fn place_sigma_m(&self) -> f64 {
        self.place_sigma_m
    }

    /// Where it goes straight on to.
    pub fn place_at(&self, time: Time) -> Vector3<f64> {
        self.place_m + self.velocity_mps * (time - self.time)
    }

    /// How far from where it goes the track may be, by what is not known and what pulls on it.
    fn astray_m(&self, span_s: f64) -> f64 {
        let sigma_m = self.place_sigma_m + self.speed_sigma_mps * span_s;
        SIGMAS * sigma_m + 0.5 * self.pull_mps2 * span_s * span_s
    }

    /// How far from its place at a time the track may be until [`SPAN_S`] later.
    pub fn reach_m(&self, time: Time) -> f64 {
        let span_s = (time - self.time).max(0.0) + SPAN_S;
        self.astray_m(span_s) + self.velocity_mps.norm() * SPAN_S + MARGIN_M
    }

    /// Whether something at a place, of which so much is certain, may be the track's object.
    pub fn may_be_at(&self, time: Time, place_m: &Vector3<f64>, sigma_m: f64) -> bool {
        let away_m2 = (self.place_at(time) - place_m).norm_squared();
        let (track_m, plot_m) = (self.astray_m((time - self.time).abs()), SIGMAS_OF_PLOT * sigma_m);
        let reach_m = (track_m * track_m + plot_m * plot_m).sqrt() + MARGIN_M;
        // What is not a number is looked at.
        away_m2.is_nan() || away_m2 <= reach_m * reach_m
    }

    /// Whether a plot that is no place may be of the track's object.
    pub fn may_be_seen(&self, time: Time, glance: &Glance) -> bool {
        let reach_m = self.astray_m((time - self.time).abs()) + MARGIN_M;
        glance.may_be_at(&self.place_at(time), reach_m)
    }

    /// Whether two tracks may be nearer to each other than so many sigmas of both.
    pub fn may_be_one(&self, other: &Self, sigmas: f64) -> bool {
        let ahead_s = self.time - other.time;
        let away_m2 = (self.place_m - other.place_m - other.velocity_mps * ahead_s).norm_squared();
        let reach_m = sigmas * (self.place_sigma_m + other.place_sigma_m);
        away_m2.is_nan() || away_m2 <= reach_m * reach_m
    }
}

/// Standard deviation of three components along whatever direction, at most: the largest eigenvalue is below the trace
/// and below the largest sum of a row (Gershgorin).
fn sigma(covariance: &Matrix6<f64>, from: usize) -> f64 {
    let block = covariance.fixed_view::<3, 3>(from, from);
    let row = |i: usize| (0..3).map(|j| block[(i, j)].abs()).sum::<f64>();
    let largest = row(0).max(row(1)).max(row(2));
    block.trace().min(largest).max(0.0).sqrt()
}
