//! Heights over a way in equal steps: kept within rates, kept above what lies ahead, made smooth.

/// Returns the lowest heights that are nowhere below the given ones and that climb and descend no faster than allowed.
///
/// The upper envelope of the given points, each with a slope before it (climbing) and one behind (descending).
pub(super) fn envelope(heights_m: &[f64], climb_m: f64, descent_m: f64) -> Vec<f64> {
    let mut above = heights_m.to_vec();
    for i in (0..above.len().saturating_sub(1)).rev() {
        above[i] = above[i].max(above[i + 1] - climb_m);
    }
    for i in 1..above.len() {
        above[i] = above[i].max(above[i - 1] - descent_m);
    }
    above
}

/// Returns at each step the greatest height within `reach` steps.
pub(super) fn greatest(heights_m: &[f64], reach: usize) -> Vec<f64> {
    let last = heights_m.len().saturating_sub(1);
    (0..heights_m.len())
        .map(|i| {
            let around = &heights_m[i.saturating_sub(reach)..=(i + reach).min(last)];
            around.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        })
        .collect()
}

/// Returns at each step the mean over `reach` steps to both sides, the ends held.
///
/// Rates stay within what they were; the change of the rate a step is at most `(climb + descent) / (2 reach + 1)`. With
/// [`greatest`] of the same reach before it, nothing ends below what it was.
pub(super) fn mean(heights_m: &[f64], reach: usize) -> Vec<f64> {
    let last = heights_m.len().saturating_sub(1);
    let width = (2 * reach + 1) as f64;
    (0..heights_m.len())
        .map(|i| {
            let around = (0..=2 * reach).map(|k| heights_m[(i + k).saturating_sub(reach).min(last)]);
            around.sum::<f64>() / width
        })
        .collect()
}

/// How many steps to take a mean over so that the vertical acceleration stays below a limit.
pub(super) fn reach(rates_mps: f64, acceleration_max_mps2: f64, step_s: f64) -> usize {
    let steps = (0.5 * rates_mps / (acceleration_max_mps2 * step_s))
        .ceil()
        .clamp(1.0, 1e4);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 10,000"
    )]
    let steps = steps as usize;
    steps
}
