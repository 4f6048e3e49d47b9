//! How often statements held, and how rarely they may fail to.

use std::collections::BTreeMap;
use std::fmt::Write;

use geo::math::{exp, ln};

use crate::statements::{LEVELS, Outcome};

/// One statement over all runs.
#[derive(Default)]
pub struct Count {
    pub runs: usize,
    pub contained: [usize; 2],
    sizes: [Vec<f64>; 2],
}

impl Count {
    /// The median size at a level.
    pub fn median_size(&self, level: usize) -> f64 {
        let mut sizes = self.sizes[level].clone();
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
    }
}

/// Counts every statement.
pub fn count(outcomes: &[Outcome]) -> BTreeMap<&'static str, Count> {
    let mut counts: BTreeMap<&'static str, Count> = BTreeMap::new();
    for judged in outcomes.iter().flat_map(|outcome| &outcome.judged) {
        let count = counts.entry(judged.statement).or_default();
        count.runs += 1;
        for level in 0..LEVELS.len() {
            count.contained[level] += usize::from(judged.contains[level]);
            count.sizes[level].push(judged.size[level]);
        }
    }
    counts
}

/// The table of the README.
pub fn table(counts: &BTreeMap<&'static str, Count>) -> String {
    let mut table =
        String::from("| statement | p | contained | runs | share | median size |\n|---|---:|---:|---:|---:|---:|\n");
    for (statement, count) in counts {
        for (level, p) in LEVELS.iter().enumerate() {
            let (contained, runs, size) = (count.contained[level], count.runs, count.median_size(level));
            let share = 100.0 * contained as f64 / runs as f64;
            let _ = writeln!(
                table,
                "| {statement} | {p} | {contained} | {runs} | {share:.1} % | {size:.3} |"
            );
        }
    }
    table
}

/// Probability of at most `k` successes in `n` trials of probability `p` each.
pub fn binomial_cdf(k: usize, n: usize, p: f64) -> f64 {
    let mut of_choices = 0.0;
    let mut sum = 0.0;
    for i in 0..=k.min(n) {
        if i > 0 {
            of_choices += ln((n + 1 - i) as f64) - ln(i as f64);
        }
        sum += exp(of_choices + i as f64 * ln(p) + (n - i) as f64 * ln(1.0 - p));
    }
    sum
}

/// The fewest successes of `n` that are not surprising (at probability `surprise`) where each has probability `p`.
pub fn fewest(n: usize, p: f64, surprise: f64) -> usize {
    (0..=n).find(|k| binomial_cdf(*k, n, p) > surprise).unwrap_or(n)
}
