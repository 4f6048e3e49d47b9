//! Whether statements of probability hold: counts and sums of NEES against what chance allows.

use estimate::belief::chi_square_quantile;
use geo::math::{exp, ln};

/// How often a truth was inside a region that was to contain it with a stated probability.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Containment {
    /// Times inside.
    pub inside: usize,
    /// Times looked at.
    pub of: usize,
}

impl Containment {
    /// Counts one more.
    pub fn count(&mut self, is_inside: bool) {
        self.inside += usize::from(is_inside);
        self.of += 1;
    }

    /// The share inside; `None` if nothing was looked at.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.inside as f64 / self.of as f64)
    }

    /// The interval of probabilities under which the count is no surprise, at a confidence such as 0.95.
    ///
    /// Source: Clopper & Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial
    /// (1934), by bisection of the binomial sums.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let tail = 0.5 * (1.0 - confidence);
        let low = if self.inside == 0 {
            0.0
        } else {
            // P(X ≥ inside) grows with p.
            bisect(|p| 1.0 - binomial_cdf(self.inside - 1, self.of, p) > tail)
        };
        let high = if self.inside == self.of {
            1.0
        } else {
            bisect(|p| binomial_cdf(self.inside, self.of, p) < tail)
        };
        (low, high)
    }

    /// Whether a stated probability lies in the interval of a confidence.
    pub fn holds(&self, probability: f64, confidence: f64) -> bool {
        let (low, high) = self.interval(confidence);
        (low..=high).contains(&probability)
    }
}

/// The least `p` in [0, 1] for which a condition holds that stays true above it.
fn bisect(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

/// Probability of at most `most` successes of `of`, each with probability `p` in (0, 1).
fn binomial_cdf(most: usize, of: usize, p: f64) -> f64 {
    let n = of as f64;
    let term = |k: usize| {
        let k = k as f64;
        let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        exp(choose + k * ln(p) + (n - k) * ln(1.0 - p))
    };
    (0..=most.min(of)).map(term).sum::<f64>().min(1.0)
}

/// The interval in which the mean NEES of so many independent runs lies with a probability, if the covariances hold.
///
/// `degrees` is the number of components. Source: Bar-Shalom, Li & Kirubarajan, Estimation with applications to
/// tracking and navigation (2001), section 5.4.2.
pub fn nees_interval(runs: usize, degrees: usize, probability: f64) -> (f64, f64) {
    let (n, tail) = (runs.max(1) as f64, 0.5 * (1.0 - probability));
    let total = n * degrees as f64;
    (
        chi_square_quantile(tail, total) / n,
        chi_square_quantile(1.0 - tail, total) / n,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the Clopper-Pearson interval as R's binom.test prints them.
    #[test]
    fn intervals_of_the_binomial() {
        for (inside, of, low, high) in [
            (95, 100, 0.887_165_1, 0.983_568_1),
            (0, 20, 0.0, 0.168_433_5),
            (20, 20, 0.831_566_5, 1.0),
            (7, 10, 0.347_547_1, 0.933_260_5),
        ] {
            let (a, b) = Containment { inside, of }.interval(0.95);
            assert!(
                (a - low).abs() < 1e-6 && (b - high).abs() < 1e-6,
                "{inside}/{of}: {a} {b}"
            );
        }
        assert!(Containment { inside: 95, of: 100 }.holds(0.95, 0.95));
        assert!(!Containment { inside: 60, of: 100 }.holds(0.95, 0.95));
        assert_eq!(Containment::default().share(), None);
    }

    #[test]
    fn intervals_of_the_nees_shrink_with_runs() {
        let (low, high) = nees_interval(100, 6, 0.95);
        assert!((low - 5.34).abs() < 0.01 && (high - 6.70).abs() < 0.01, "{low} {high}");
        let (few, many) = (nees_interval(10, 3, 0.95), nees_interval(1000, 3, 0.95));
        assert!(few.0 < many.0 && many.0 < 3.0 && 3.0 < many.1 && many.1 < few.1);
    }
}
