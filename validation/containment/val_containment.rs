//! Whether the statements of the path fit contain the truth, over many simulated flights and radars.
//!
//! `CONTAINMENT_RUNS` sets the number of runs, `CONTAINMENT_SEED` the first seed.

mod chance;
mod radar;
mod rocket;
mod scene;
mod statements;
mod tally;

use statements::Outcome;

/// Runs of the default suite.
const RUNS: u64 = 16;
/// The first seed.
const SEED: u64 = 1;
/// What each level must contain at least, and what the lower one at most, lest it be wide and mean nothing.
const SHARE_MIN: [f64; 2] = [0.4, 0.9];
const SHARE_MAX_OF_HALF: f64 = 0.9;
/// A count of successes is refused when it is less probable than this although the share is as asked.
const SURPRISE: f64 = 1e-3;
/// What is not yet as asked, see README.md.
const GAPS: [&str; 3] = [
    "burnout time, s",
    "launch region, boost not seen, m",
    "launch time, boost not seen, s",
];

#[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

/// All runs, on all cores; the order is that of the seeds.
fn runs(first: u64, count: u64) -> Vec<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let part = |thread: u64| (first + thread..first + count).step_by(threads as usize);
        let workers: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || part(thread).map(statements::run).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a run"))
            .collect()
    });
    outcomes.sort_by_key(|outcome| outcome.seed);
    outcomes
}

/// Prints which statement each run missed at 95 %, and why a run has no path.
fn say_misses(outcomes: &[Outcome]) {
    for outcome in outcomes {
        let missed = outcome.judged.iter().filter(|judged| !judged.contains[1]);
        let missed: Vec<&str> = missed.map(|judged| judged.statement).collect();
        if let Some(why) = &outcome.no_path {
            say(&format!("seed {}: no path: {why} ({})", outcome.seed, outcome.about));
        } else if !missed.is_empty() {
            say(&format!(
                "seed {}: {} ({})",
                outcome.seed,
                missed.join("; "),
                outcome.about
            ));
        }
    }
}

#[test]
fn statements_contain_the_truth() {
    let (first, count) = (number("CONTAINMENT_SEED", SEED), number("CONTAINMENT_RUNS", RUNS));
    let outcomes = runs(first, count);
    say_misses(&outcomes);
    let counts = tally::count(&outcomes);
    say(&tally::table(&counts));
    let without = outcomes.iter().filter(|outcome| outcome.no_path.is_some()).count();
    assert!(without * 20 <= outcomes.len(), "{without} of {count} runs have no path");
    for (statement, of) in counts.iter().filter(|(statement, _)| !GAPS.contains(statement)) {
        for ((level, share), contained) in statements::LEVELS.iter().zip(SHARE_MIN).zip(of.contained) {
            let fewest = tally::fewest(of.runs, share, SURPRISE);
            assert!(
                contained >= fewest,
                "{statement} at {level}: {contained} of {} from seed {first}, at least {fewest} wanted",
                of.runs
            );
        }
        // As many misses as a share of 90 % makes probable: the same bound, seen from the other side.
        let fewest_misses = tally::fewest(of.runs, 1.0 - SHARE_MAX_OF_HALF, SURPRISE);
        let misses = of.runs - of.contained[0];
        assert!(
            misses >= fewest_misses,
            "{statement} at 0.5: {misses} misses of {} from seed {first}: too wide",
            of.runs
        );
    }
}

#[test]
fn few_runs_may_miss_more() {
    // P(X ≤ 86 | 100, 0.9) = 0.124; P(X ≤ 5 | 10, 0.5) = 0.623; one of one may miss.
    assert!((tally::binomial_cdf(86, 100, 0.9) - 0.1239).abs() < 5e-4);
    assert!((tally::binomial_cdf(5, 10, 0.5) - 0.623_05).abs() < 5e-5);
    assert_eq!(tally::fewest(1, 0.9, SURPRISE), 0);
    assert!((0.85..0.9).contains(&(tally::fewest(400, 0.9, SURPRISE) as f64 / 400.0)));
}
