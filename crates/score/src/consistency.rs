//! Whether covariances hold: NEES and NIS against chi-square, and containment at several probabilities.

use estimate::belief::{Gaussian, chi_square_quantile};
use nalgebra::{Matrix6, Vector3, Vector6};

use crate::containment::{Containment, nees_interval};
use crate::picture::{Picture, Thing};

/// The mean of normalised squared errors, with the interval that chance allows.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Consistency {
    /// The mean; the number of components where covariances hold. `None` without a value.
    pub mean: Option<f64>,
    /// Of how many values.
    pub values: usize,
    /// Components of an error (state or innovation).
    pub degrees: usize,
    /// Where the mean of so many independent values lies with 95 % probability. Values of one track at one instant
    /// after another are not independent: then chance allows more.
    pub interval_95: (f64, f64),
}

/// Returns the mean of NEES (state errors) or NIS (innovations) of so many components.
///
/// Source: Bar-Shalom, Li & Kirubarajan, Estimation with applications to tracking and navigation (2001), section 5.4.2.
pub fn consistency(values: &[f64], degrees: usize) -> Consistency {
    let count = values.len();
    Consistency {
        mean: (count > 0).then(|| values.iter().sum::<f64>() / count as f64),
        values: count,
        degrees,
        interval_95: nees_interval(count, degrees, 0.95),
    }
}

/// Normalised squared errors of pairs of a track and an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors {
    /// Of position and velocity, 6 components.
    pub state: Vec<f64>,
    /// Of position alone, 3 components.
    pub position: Vec<f64>,
    /// Of velocity alone, 3 components.
    pub velocity: Vec<f64>,
    /// Pairs whose covariance is not positive definite.
    pub unusable: usize,
}

impl Errors {
    /// Adds an error `[position_m, velocity_mps]` (6) and the covariance (6×6) that was stated of it, in one frame.
    pub fn add(&mut self, error: &Vector6<f64>, covariance: &Matrix6<f64>) {
        let part = |at: usize| {
            let of: Vector3<f64> = error.fixed_rows::<3>(at).into_owned();
            let block = covariance.fixed_view::<3, 3>(at, at).into_owned();
            Gaussian::new(Vector3::zeros(), block).mahalanobis_squared(&of)
        };
        let of_state = Gaussian::new(Vector6::zeros(), *covariance).mahalanobis_squared(error);
        match (of_state, part(0), part(3)) {
            (Ok(of_state), Ok(of_position), Ok(of_velocity)) => {
                self.state.push(of_state);
                self.position.push(of_position);
                self.velocity.push(of_velocity);
            }
            _ => self.unusable += 1,
        }
    }

    /// Adds those of others.
    pub fn extend(&mut self, other: &Self) {
        self.state.extend(&other.state);
        self.position.extend(&other.position);
        self.velocity.extend(&other.velocity);
        self.unusable += other.unusable;
    }
}

/// Returns the normalised squared errors of every pair of the GOSPA assignment whose track states a covariance.
pub fn errors(history: &[Picture], cutoff: crate::Cutoff) -> Errors {
    let mut errors = Errors::default();
    for picture in history {
        let positions = |things: &[Thing]| crate::picture::positions(things);
        for (i, j, _) in cutoff.pairs(&positions(&picture.tracks), &positions(&picture.truths)) {
            let (track, truth) = (&picture.tracks[i], &picture.truths[j]);
            if let Some(covariance) = &track.covariance {
                // Differences first: in ECEF a state is large against its errors.
                errors.add(&(truth.state() - track.state()), covariance);
            }
        }
    }
    errors
}

/// Returns how often the error was inside the region of each probability in (0, 1), see [`Containment::interval`].
///
/// `values` are normalised squared errors of so many components.
pub fn containment_curve(values: &[f64], degrees: usize, probabilities: &[f64]) -> Vec<(f64, Containment)> {
    let of = |probability: &f64| {
        let limit = chi_square_quantile(*probability, degrees as f64);
        let mut containment = Containment::default();
        for value in values {
            containment.count(*value <= limit);
        }
        (*probability, containment)
    };
    probabilities.iter().map(of).collect()
}

/// What was said of the ground area at one time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct AreaStatement {
    /// Seconds since a beginning of the caller's.
    pub after_s: f64,
    /// The largest extent of the area in metres.
    pub diameter_m: f64,
    /// Whether the object came down inside.
    pub is_right: bool,
}

/// Returns when an area no larger than a size was first right, and from when on every statement was, in seconds.
///
/// Statements are in order of time.
pub fn first_right_area(statements: &[AreaStatement], diameter_max_m: f64) -> (Option<f64>, Option<f64>) {
    let is_good = |s: &&AreaStatement| s.is_right && s.diameter_m <= diameter_max_m;
    let first = statements.iter().find(is_good);
    let lasting = statements.iter().rev().take_while(is_good).last();
    (first.map(|s| s.after_s), lasting.map(|s| s.after_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_counts_when_it_is_small_and_right() {
        let at = |after_s, diameter_m, is_right| AreaStatement {
            after_s,
            diameter_m,
            is_right,
        };
        let said = [
            at(1.0, 9e5, true),
            at(2.0, 1e5, false),
            at(3.0, 1e5, true),
            at(4.0, 8e4, false),
            at(5.0, 5e4, true),
            at(6.0, 5e4, true),
        ];
        assert_eq!(first_right_area(&said, 1e5), (Some(3.0), Some(5.0)));
        assert_eq!(first_right_area(&said, 1e4), (None, None));
        assert_eq!(first_right_area(&said[..4], 1e5), (Some(3.0), None));
    }

    #[test]
    fn the_curve_counts_what_is_inside() {
        // The median of chi-square with 2 degrees is 2 ln 2.
        let curve = containment_curve(&[0.1, 1.3, 1.5, 100.0], 2, &[0.5, 0.99]);
        assert_eq!((curve[0].1.inside, curve[0].1.of, curve[1].1.inside), (2, 4, 3));
        let of = consistency(&[1.0, 3.0], 2);
        assert_eq!((of.mean, of.values), (Some(2.0), 2));
        // Chi-square with 4 degrees, 2.5 and 97.5 %, by 2: tables have 0.4844 and 11.1433.
        let (low, high) = of.interval_95;
        assert!(
            (low - 0.2422).abs() < 1e-4 && (high - 5.5716).abs() < 1e-4,
            "{low} {high}"
        );
    }
}
