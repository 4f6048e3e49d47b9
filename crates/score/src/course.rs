//! Where one thing was over time, from samples of position and velocity: what makes pictures of one instant.

use geo::Time;
use nalgebra::Vector3;

/// Where something was at one time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub time: Time,
    /// Position in metres, in a Cartesian frame.
    pub position_m: Vector3<f64>,
    /// Velocity in m/s: the rate of that position.
    pub velocity_mps: Vector3<f64>,
}

/// Samples of position and velocity in order of time, and the curve through them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    moments: Vec<Moment>,
}

impl Course {
    /// Puts samples in order of time. Of several at one time the last counts.
    pub fn new(mut moments: Vec<Moment>) -> Self {
        moments.sort_by_key(|moment| moment.time);
        moments.reverse();
        moments.dedup_by_key(|moment| moment.time);
        moments.reverse();
        Self { moments }
    }

    /// The samples.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// The first and the last sample; `None` where there is none.
    pub fn ends(&self) -> Option<(&Moment, &Moment)> {
        Some((self.moments.first()?, self.moments.last()?))
    }

    /// Where it was: on the cubic curve that has position and velocity of the samples before and after.
    ///
    /// `None` before the first and after the last sample, and between two that are more than `gap_s` apart; there a
    /// sample that is no more than `near_s` away counts, moved straight on.
    /// Source: Hermite interpolation (de Boor, A practical guide to splines, 1978, chapter IV). A span `h` with a
    /// constant fourth derivative `d` of the position is off by at most `d h⁴ / 384`.
    pub fn at(&self, time: Time, gap_s: f64, near_s: f64) -> Option<Moment> {
        let after = self.moments.partition_point(|moment| moment.time <= time);
        let earlier = after.checked_sub(1).and_then(|at| self.moments.get(at));
        let later = self.moments.get(after);
        match (earlier, later) {
            (Some(a), _) if a.time == time => Some(*a),
            (Some(a), Some(b)) if b.time - a.time <= gap_s => Some(between(a, b, time)),
            _ => {
                let away_s = |moment: &Moment| (moment.time - time).abs();
                let nearest = earlier.into_iter().chain(later);
                let nearest = nearest.min_by(|a, b| away_s(a).total_cmp(&away_s(b)))?;
                (away_s(nearest) <= near_s).then(|| Moment {
                    time,
                    position_m: nearest.position_m + (time - nearest.time) * nearest.velocity_mps,
                    velocity_mps: nearest.velocity_mps,
                })
            }
        }
    }
}

/// The cubic through two samples.
fn between(a: &Moment, b: &Moment, time: Time) -> Moment {
    let span_s = b.time - a.time;
    let share = (time - a.time) / span_s;
    // Differences first: in ECEF a position is large against what it moves.
    let rise = b.position_m - a.position_m;
    let (va, vb) = (span_s * a.velocity_mps, span_s * b.velocity_mps);
    // a + va s + (3 rise - 2 va - vb) s² + (va + vb - 2 rise) s³
    let (square, cube) = (3.0 * rise - 2.0 * va - vb, va + vb - 2.0 * rise);
    Moment {
        time,
        position_m: a.position_m + share * (va + share * (square + share * cube)),
        velocity_mps: (va + share * (2.0 * square + 3.0 * share * cube)) / span_s,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cubic in each axis.
    fn sample(second: f64) -> Moment {
        let start: Time = "2022-01-05T00:00:00Z".parse().unwrap();
        let s = second;
        Moment {
            time: start + s,
            position_m: Vector3::new(4.0 + 3.0 * s - 0.5 * s * s + 0.1 * s * s * s, 6.4e6 - s * s, 7.0),
            velocity_mps: Vector3::new(3.0 - s + 0.3 * s * s, -2.0 * s, 0.0),
        }
    }

    #[test]
    fn a_cubic_is_met() {
        let course = Course::new([9.0, 0.0, 2.0, 5.0].map(sample).to_vec());
        for second in [0.0, 0.7, 2.0, 3.9, 8.99, 9.0] {
            let (found, right) = (course.at(sample(second).time, 4.0, 0.0).unwrap(), sample(second));
            assert!(
                (found.position_m - right.position_m).norm() < 1e-8,
                "{second}: {found:?}"
            );
            assert!(
                (found.velocity_mps - right.velocity_mps).norm() < 1e-9,
                "{second}: {found:?}"
            );
        }
    }

    #[test]
    fn gaps_and_ends_are_nowhere() {
        let course = Course::new([0.0, 2.0, 7.0].map(sample).to_vec());
        let at = |second: f64| course.at(sample(second).time, 4.0, 0.5);
        for (second, is_there) in [
            (-0.6, false),
            (-0.4, true),
            (1.0, true),
            (2.6, false),
            (6.5, true),
            (7.4, true),
        ] {
            assert_eq!(at(second).is_some(), is_there, "{second}");
        }
        assert_eq!(at(7.4).unwrap().position_m.y, 6.4e6 - 49.0 - 14.0 * 0.4);
        assert_eq!(Course::default().at(sample(0.0).time, 9.0, 9.0), None);
    }

    #[test]
    fn of_one_time_the_last_counts() {
        let mut again = sample(1.0);
        again.position_m.z = 8.0;
        let course = Course::new(vec![sample(0.0), sample(1.0), again]);
        assert_eq!(course.moments().len(), 2);
        assert_eq!(course.at(again.time, 1.0, 0.0).unwrap().position_m.z, 8.0);
    }
}
