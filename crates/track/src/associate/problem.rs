//! One scan: which tracks could have made which plots, and how likely.

use thiserror::Error;

/// A track and a plot in its gate; the track is the row it stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Index of the plot in the scan.
    pub plot: u32,
    /// Natural logarithm of the weight of this pairing, relative to the plot being new or clutter.
    ///
    /// For a track that exists with probability r and is seen with P: ln(r P g / (λ c)) with g the density of the plot
    /// predicted by the track, λ c that of plots of no track. −∞ is a pairing that cannot be.
    pub weight_ln: f64,
}

impl Pair {
    /// The pairing with a plot.
    pub const fn new(plot: u32, weight_ln: f64) -> Self {
        Self { plot, weight_ln }
    }
}

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum ProblemError {
    /// A miss that is not finite: without it there may be no assignment at all.
    #[error("row {row}: the weight of a miss is {miss_ln}, it has to be finite")]
    Miss {
        /// The row that was to be added.
        row: usize,
        /// Its offending value.
        miss_ln: f64,
    },
    /// A weight that is NaN or +∞.
    #[error("row {row}: the weight of plot {plot} is {weight_ln}, it has to be finite or -inf")]
    Weight {
        /// The row that was to be added.
        row: usize,
        /// The plot of the pair.
        plot: u32,
        /// Its offending value.
        weight_ln: f64,
    },
    /// A plot that the scan does not have.
    #[error("row {row}: plot {plot} of a scan of {plots}")]
    Plot {
        /// The row that was to be added.
        row: usize,
        /// The plot of the pair.
        plot: u32,
        /// How many the scan has.
        plots: usize,
    },
    /// A row with the same plot twice.
    #[error("row {row}: plot {plot} stands in it twice")]
    Twice {
        /// The row that was to be added.
        row: usize,
        /// The plot of both pairs.
        plot: u32,
    },
}

/// Sparse pairings of tracks (rows) with the plots of one scan (columns).
///
/// Weights are natural logarithms. The weight of a whole assignment is the product over rows of the weight of what the
/// row takes, and its probability is that product divided by the sum over all assignments.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Where each row's pairs begin, and where the last row's end.
    begins: Vec<usize>,
    misses_ln: Vec<f64>,
    pairs: Vec<Pair>,
    /// By plot: the last row that named it, plus one.
    named: Vec<usize>,
}

impl Problem {
    /// A scan of so many plots, without tracks yet.
    pub fn new(plots: usize) -> Self {
        Self {
            begins: vec![0],
            named: vec![0; plots],
            ..Self::default()
        }
    }

    /// Adds a track and returns its row.
    ///
    /// `miss_ln` is the logarithm of the weight of no plot being of this track, not existing included: ln(1 − r P).
    /// Errors: [`ProblemError`]; the problem is then as before.
    pub fn push(&mut self, miss_ln: f64, pairs: &[Pair]) -> Result<usize, ProblemError> {
        let (row, plots) = (self.rows(), self.plots());
        if !miss_ln.is_finite() {
            return Err(ProblemError::Miss { row, miss_ln });
        }
        for (at, &Pair { plot, weight_ln }) in pairs.iter().enumerate() {
            let error = match self.named.get(plot as usize) {
                None => ProblemError::Plot { row, plot, plots },
                Some(&named) if named == row + 1 => ProblemError::Twice { row, plot },
                _ if weight_ln.is_nan() || weight_ln == f64::INFINITY => ProblemError::Weight { row, plot, weight_ln },
                _ => {
                    self.named[plot as usize] = row + 1;
                    continue;
                }
            };
            // The next try is the same row again.
            pairs[..at].iter().for_each(|pair| self.named[pair.plot as usize] = 0);
            return Err(error);
        }
        self.misses_ln.push(miss_ln);
        self.pairs.extend_from_slice(pairs);
        self.begins.push(self.pairs.len());
        Ok(row)
    }

    /// Forgets all tracks and begins a scan of so many plots, keeping the memory.
    pub fn clear(&mut self, plots: usize) {
        self.begins.truncate(1);
        self.misses_ln.clear();
        self.pairs.clear();
        self.named.clear();
        self.named.resize(plots, 0);
    }

    /// How many tracks.
    pub fn rows(&self) -> usize {
        self.misses_ln.len()
    }

    /// How many plots the scan has.
    pub fn plots(&self) -> usize {
        self.named.len()
    }

    /// Logarithm of the weight of no plot being of the track.
    pub fn miss_ln(&self, row: usize) -> f64 {
        self.misses_ln[row]
    }

    /// The pairs of a row, as they were given.
    pub fn pairs(&self, row: usize) -> &[Pair] {
        &self.pairs[self.range(row)]
    }

    /// Where the pairs of a row stand among all.
    pub(super) fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.begins[row]..self.begins[row + 1]
    }

    pub(super) fn begins(&self) -> &[usize] {
        &self.begins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row with what is wrong about it.
    #[test]
    fn malformed_rows_are_refused_and_leave_nothing() {
        let mut problem = Problem::new(2);
        let nan = f64::NAN;
        let table: [(f64, &[Pair], &str); 7] = [
            (nan, &[], "row 0: the weight of a miss is NaN, it has to be finite"),
            (
                f64::NEG_INFINITY,
                &[],
                "row 0: the weight of a miss is -inf, it has to be finite",
            ),
            (
                0.0,
                &[Pair::new(0, nan)],
                "row 0: the weight of plot 0 is NaN, it has to be finite or -inf",
            ),
            (
                0.0,
                &[Pair::new(1, f64::INFINITY)],
                "row 0: the weight of plot 1 is inf, it has to be finite or -inf",
            ),
            (0.0, &[Pair::new(2, 0.0)], "row 0: plot 2 of a scan of 2"),
            (
                0.0,
                &[Pair::new(u32::MAX, 0.0)],
                "row 0: plot 4294967295 of a scan of 2",
            ),
            (
                0.0,
                &[Pair::new(1, 0.0), Pair::new(0, 0.0), Pair::new(1, 0.0)],
                "row 0: plot 1 stands in it twice",
            ),
        ];
        for (miss_ln, pairs, expected) in table {
            assert_eq!(problem.push(miss_ln, pairs).unwrap_err().to_string(), expected);
            assert_eq!((problem.rows(), problem.pairs.len()), (0, 0));
        }
        assert_eq!(
            problem.push(0.0, &[Pair::new(1, f64::NEG_INFINITY), Pair::new(0, 0.0)]),
            Ok(0)
        );
        assert_eq!(problem.push(0.0, &[Pair::new(1, 0.0)]), Ok(1));
    }

    #[test]
    fn a_cleared_problem_is_a_new_one() {
        let mut problem = Problem::new(2);
        problem.push(0.0, &[Pair::new(1, 0.0)]).unwrap();
        problem.clear(3);
        assert_eq!((problem.rows(), problem.plots()), (0, 3));
        assert_eq!(problem.push(0.0, &[Pair::new(1, 2.0)]), Ok(0));
        assert_eq!(problem.pairs(0), [Pair::new(1, 2.0)]);
    }
}
