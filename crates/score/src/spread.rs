//! How a figure spreads over runs.

/// The middle of a figure over runs, and the range of the middle 80 % of them.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// In how many runs the figure exists.
    pub runs: usize,
    /// A tenth of them lie below.
    pub low: f64,
    /// Half of them lie below.
    pub median: f64,
    /// A tenth of them lie above.
    pub high: f64,
}

impl Spread {
    /// Makes the spread of some values, in any order; `None` of no value. What is not finite is left out.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        if sorted.is_empty() {
            return None;
        }
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            runs: sorted.len(),
            low: quantile(&sorted, 0.1),
            median: quantile(&sorted, 0.5),
            high: quantile(&sorted, 0.9),
        })
    }
}

/// The value below which a share in [0, 1] of sorted values lies, linear between them; the slice is not empty.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_tenths() {
        let spread = Spread::of((0..=10).rev().map(f64::from)).unwrap();
        assert_eq!(
            spread,
            Spread {
                runs: 11,
                low: 1.0,
                median: 5.0,
                high: 9.0
            }
        );
        assert_eq!(Spread::of([f64::NAN, 3.0]).unwrap().median, 3.0);
        assert_eq!(Spread::of([]), None);
    }
}
