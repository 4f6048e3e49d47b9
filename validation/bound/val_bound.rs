//! Errors of the study's filters against the posterior Cramér-Rao bound: see README.md beside this.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]
#![expect(clippy::print_stdout, reason = "the figures of the README")]

#[path = "../../crates/study/tests/scene/mod.rs"]
mod scene;

use scene::{Biases, sensors, stations, truth};
use sim::sensor::observe;
use study::{Plan, SubsetOutcome};

/// Runs of the quick slice; `TRILAT_BOUND_RUNS=500` for the figures of the README.
const RUNS: usize = 100;
/// The coast, from well after the end of thrust was found to the begin of re-entry.
const COAST_S: std::ops::Range<f64> = 180.0..280.0;

fn runs() -> usize {
    std::env::var("TRILAT_BOUND_RUNS").map_or(RUNS, |text| text.parse().unwrap())
}

fn study(biases: Biases) -> Vec<SubsetOutcome> {
    let (truths, stations) = ([truth("one", 0.0)], stations(biases));
    let plan = Plan::new("bound", "", &truths, sensors(&stations), &[]).unwrap();
    let figures = (0..runs())
        .map(|run| {
            let observed = observe(&truths, &stations, truths[0].course.span(), 5_000 + run as u64);
            plan.run(run, &truths, &observed.plots, &observed.delivered)
        })
        .collect();
    let outcome = plan.merge(1, figures);
    outcome.objects.into_iter().next().unwrap().subsets
}

/// Error over bound, squared: the mean over the coast, and the least of all instants at which all runs have a track.
fn ratios(subset: &SubsetOutcome) -> (f64, f64) {
    let of = |span: std::ops::Range<f64>| -> Vec<f64> {
        let moments = subset
            .curve
            .iter()
            .filter(|m| span.contains(&m.after_s) && m.tracked_share > 0.999);
        moments.filter_map(|m| Some((m.rmse_m? / m.bound_m?).powi(2))).collect()
    };
    let coast = of(COAST_S);
    assert!(coast.len() > 20, "{:?}: {} instants", subset.owners, coast.len());
    let mean = coast.iter().sum::<f64>() / coast.len() as f64;
    (mean, of(0.0..1e9).into_iter().fold(f64::INFINITY, f64::min))
}

fn compare(biases: Biases) -> Vec<(String, f64, f64)> {
    let ratio = |subset: &SubsetOutcome| {
        let (coast, least) = ratios(subset);
        let name = subset.owners.join(" + ");
        println!(
            "{biases:?} biases, {name}: coast RMSE / bound {:.3}, least anywhere {:.3}, {} runs",
            coast.sqrt(),
            least.sqrt(),
            runs()
        );
        (name, coast.sqrt(), least.sqrt())
    };
    study(biases).iter().map(ratio).collect()
}

/// Relative sampling error of an RMSE at one instant, if one direction holds most of the error: four sigmas.
fn sampling() -> f64 {
    4.0 / (2.0 * runs() as f64).sqrt()
}

#[test]
fn without_biases_the_coast_is_at_the_bound_and_never_below() {
    for (name, coast, least) in compare(Biases::None) {
        assert!(least > 1.0 - sampling(), "{name}: {least} of the bound");
        assert!(
            (1.0 - coast).abs() < 0.1 + 0.5 * sampling(),
            "{name}: coast at {coast} of the bound"
        );
    }
}

#[test]
fn with_biases_nothing_is_below_the_bound() {
    for (name, _, least) in compare(Biases::Some) {
        assert!(least > 1.0 - sampling(), "{name}: {least} of the bound");
    }
}
