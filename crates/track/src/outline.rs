//! Where a track may be, in few numbers: what is compared before anything is computed.

use estimate::belief::Gaussian;
use geo::Time;
use nalgebra::Vector3;

use crate::modes::Class;
use crate::track::Track;

/// For how long an outline is looked at: longer than tracks go between two of them.
const SPAN_S: f64 = 10.0;
/// What an aircraft may do to its course, and what everything else may.
const PULL_MPS2: [f64; 2] = [20.0, 150.0];
/// A plot may lie so many sigmas from a track, the gate of the filters being 6,
const SIGMAS: f64 = 8.0;
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
        let widest = |from: usize| {
            let own = sigma(&belief.covariance, from);
            track.imm.modes().iter().fold(own, |most, mode| {
                let (mean, variances) = mode.belief.place_and_velocity();
                let off: f64 = (from..from + 3).map(|i| (mean[i] - belief.mean[i]).powi(2)).sum();
                let sum: f64 = (from..from + 3).map(|i| variances[i]).sum();
                most.max(off.sqrt() + sum.max(0.0).sqrt())
            })
        };
        Self {
            time: track.time,
            place_m: belief.mean.fixed_rows::<3>(0).into(),
            velocity_mps: belief.mean.fixed_rows::<3>(3).into(),
            place_sigma_m: widest(0),
            speed_sigma_mps: widest(3),
            pull_mps2: PULL_MPS2[usize::from(track.class != Class::Air)],
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

    /// The root of the sum of the variances of its place, at most.
    pub fn place_sigma_m(&self) -> f64 {
        self.place_sigma_m
    }

    /// How far from its place the track may be until there is another outline.
    pub fn reach_m(&self) -> f64 {
        let speed_mps = self.velocity_mps.norm() + 4.0 * self.speed_sigma_mps;
        6.0 * self.place_sigma_m + speed_mps * SPAN_S + 0.5 * self.pull_mps2 * SPAN_S * SPAN_S + MARGIN_M
    }

    /// Whether something at a place, of which so much is certain, may be the track's object.
    pub fn may_be_at(&self, time: Time, place_m: &Vector3<f64>, sigma_m: f64) -> bool {
        let ahead_s = time - self.time;
        let away_m2 = (self.place_m + self.velocity_mps * ahead_s - place_m).norm_squared();
        let span_s = ahead_s.abs();
        let sigmas_m = self.place_sigma_m + self.speed_sigma_mps * span_s + sigma_m;
        let reach_m = SIGMAS * sigmas_m + 0.5 * self.pull_mps2 * span_s * span_s + MARGIN_M;
        // What is not a number is looked at.
        away_m2.is_nan() || away_m2 <= reach_m * reach_m
    }

    /// Whether two tracks may be nearer to each other than so many sigmas of both.
    pub fn may_be_one(&self, other: &Self, sigmas: f64) -> bool {
        let ahead_s = self.time - other.time;
        let away_m2 = (self.place_m - other.place_m - other.velocity_mps * ahead_s).norm_squared();
        let reach_m = sigmas * (self.place_sigma_m + other.place_sigma_m);
        away_m2.is_nan() || away_m2 <= reach_m * reach_m
    }
}

/// Root of the sum of three variances.
fn sigma(covariance: &nalgebra::Matrix6<f64>, from: usize) -> f64 {
    let sum: f64 = (from..from + 3).map(|i| covariance[(i, i)]).sum();
    sum.max(0.0).sqrt()
}
