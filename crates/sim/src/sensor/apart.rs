//! Until when objects cannot be near each other: so that few pairs are looked at.

use geo::Time;

use super::dwell::Follower;

/// No two objects accelerate against each other by more (braking in the air reaches 100 g).
const ACCELERATION_MAX_MPS2: f64 = 1_000.0;

/// For each object and each other: the instant until which they stay farther apart than a cell.
pub(super) struct Apart {
    count: usize,
    /// Row by row.
    pairs: Vec<Time>,
    /// The least of each row.
    rows: Vec<Time>,
}

impl Apart {
    pub(super) fn new(followers: &[Follower], from: Time) -> Self {
        let count = followers.len();
        Self {
            count,
            pairs: vec![from; count * count],
            rows: vec![from; count],
        }
    }

    /// Whether all others are known to be far.
    pub(super) fn is_alone(&self, index: usize, time: Time) -> bool {
        self.count < 2 || self.rows[index] > time
    }

    /// The others that may be within an extent of one object, and sets until when the rest is not.
    pub(super) fn near(&mut self, followers: &[Follower], index: usize, time: Time, extent_m: f64) -> Vec<usize> {
        let mut near = Vec::new();
        let Some(own) = followers[index].truth.course.state(time) else {
            return near;
        };
        let row = &mut self.pairs[index * self.count..(index + 1) * self.count];
        let mut least = Time::from_tai_ns(i64::MAX);
        for (other, until) in row.iter_mut().enumerate() {
            if other == index {
                continue;
            }
            if *until <= time {
                let course = &followers[other].truth.course;
                let (first, last) = course.span();
                if time < first {
                    *until = first;
                } else if time > last {
                    *until = Time::from_tai_ns(i64::MAX);
                } else if let Some(state) = course.state(time) {
                    let gap_m = (state.position - own.position).norm() - extent_m;
                    let speed_mps = (state.velocity.vector() - own.velocity.vector()).norm();
                    if gap_m > 0.0 {
                        // gap = v t + a t² / 2
                        let root = (speed_mps * speed_mps + 2.0 * ACCELERATION_MAX_MPS2 * gap_m).sqrt();
                        *until = time + (root - speed_mps) / ACCELERATION_MAX_MPS2;
                    } else {
                        near.push(other);
                    }
                }
            }
            least = least.min(*until);
        }
        self.rows[index] = least;
        near
    }
}
