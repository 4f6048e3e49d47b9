//! What each owner gains if all share: compared run by run, instant by instant, so that a track that begins earlier is
//! not blamed for the hard beginning.

use score::Spread;

use crate::figures::{RunFigures, SubsetFigures};
use crate::merge::mean;
use crate::outcome::Gain;
use crate::plan::Plan;

impl Plan {
    /// The gains of one object.
    pub(crate) fn gains(&self, object: usize, runs: &[RunFigures]) -> Vec<Gain> {
        if self.owners.len() < 2 {
            return Vec::new();
        }
        let all = self.subsets.len() - 1;
        let alone = self.owners.iter().enumerate();
        // Subsets begin with each owner alone and end with all.
        alone
            .map(|(index, owner)| {
                let pairs = runs.iter().map(|run| &run.objects[object]);
                let pairs: Vec<Pair<'_>> = pairs.map(|subsets| Pair(&subsets[index], &subsets[all])).collect();
                let rmse_m = |of: fn(&(f32, f32)) -> f32| {
                    let errors = pairs.iter().flat_map(Pair::errors2_m2);
                    mean(errors.map(|pair| of(&pair))).map(f64::sqrt)
                };
                Gain {
                    owner: owner.clone(),
                    track_earlier_s: earlier(&pairs, |figures| figures.confirmed_after_s),
                    known_earlier_s: std::array::from_fn(|size| earlier(&pairs, |f| f.known_after_s[size])),
                    alone_rmse_m: rmse_m(|pair| pair.0),
                    together_rmse_m: rmse_m(|pair| pair.1),
                }
            })
            .collect()
    }
}

/// An owner alone and all together in one run.
struct Pair<'a>(&'a SubsetFigures, &'a SubsetFigures);

impl Pair<'_> {
    /// Squared errors at the instants at which both have a track.
    fn errors2_m2(&self) -> impl Iterator<Item = (f32, f32)> {
        let both = self.0.curve.iter().zip(&self.1.curve);
        both.map(|(alone, all)| (alone.error2_m2, all.error2_m2))
            .filter(|(alone, all)| alone.is_finite() && all.is_finite())
    }
}

/// How much earlier all were, over the runs in which both times exist.
fn earlier(pairs: &[Pair<'_>], of: impl Fn(&SubsetFigures) -> f32) -> Option<Spread> {
    Spread::of(
        pairs
            .iter()
            .map(|Pair(alone, all)| f64::from(of(alone)) - f64::from(of(all))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::InstantFigures;

    fn figures(confirmed_after_s: f32, errors_m: &[f32]) -> SubsetFigures {
        let curve = errors_m.iter().map(|error_m| InstantFigures {
            error2_m2: error_m * error_m,
            ..InstantFigures::NONE
        });
        SubsetFigures {
            view_share: 1.0,
            first_after_s: 0.0,
            last_after_s: 0.0,
            gap_s: 0.0,
            confirmed_after_s,
            known_after_s: [f32::NAN; 3],
            arrival_after_s: f32::NAN,
            is_inside: f32::NAN,
            arrival_error_m: f32::NAN,
            curve: curve.collect(),
        }
    }

    #[test]
    fn only_what_both_have_is_compared() {
        let alone = figures(30.0, &[f32::NAN, 8.0, 6.0]);
        let all = figures(10.0, &[900.0, 4.0, f32::NAN]);
        let pair = Pair(&alone, &all);
        assert_eq!(pair.errors2_m2().collect::<Vec<_>>(), [(64.0, 16.0)]);
        let never = figures(f32::NAN, &[f32::NAN; 3]);
        let spread = earlier(&[pair, Pair(&never, &all)], |f| f.confirmed_after_s).expect("one run has both");
        assert_eq!((spread.runs, spread.median), (1, 20.0));
    }
}
