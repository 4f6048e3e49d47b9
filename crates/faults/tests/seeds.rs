//! Runs drawn from seeds break no law; a broken machine is noticed; what is withheld leaves no trace.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use faults::{Act, Plan, SENSORS, Sabotage, Slip, Totals, run};
use share::exchange::limits::Limits;

/// Runs of the default test; more by `FAULTS_SEEDS=10000`.
const SEEDS: u64 = 300;
/// Runs in which a broken machine has to be noticed.
const BROKEN_SEEDS: u64 = 800;

fn seeds() -> u64 {
    let asked = std::env::var("FAULTS_SEEDS").ok();
    asked.map_or(SEEDS, |text| text.parse().expect("FAULTS_SEEDS is a whole number"))
}

#[test]
fn no_law_is_broken() {
    let (seeds, next) = (seeds(), AtomicU64::new(0));
    let work = || {
        let mut totals = Totals::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return totals;
            }
            let outcome = run(&Plan::draw(seed), false);
            assert_eq!(
                outcome.violation, None,
                "seed {seed}: cargo run --release -p faults -- --seeds 1 --from {seed}"
            );
            totals.merge(&outcome.totals);
        }
    };
    let mut totals = Totals::default();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            totals.merge(&thread.join().expect("no law is broken"));
        }
    });
    // The faults did happen.
    for what in [
        "crash",
        "crash at a write",
        "link cut",
        "message dropped",
        "message duplicated",
        "message delayed, overtaken",
        "bit flipped in a message",
        "clock jumped",
        "disk stalled",
        "disk full",
        "node isolated",
        "message swallowed",
        "key changed",
        "key stolen",
        "thief's frame",
        "partner doubted",
        "refused: not_believed",
        "rules changed",
        "own items recovered",
        "alarm: equivocation",
        "alarm: false receipt",
        "lie: Flood",
        "refused: flood",
        "refused: wrong_key",
        "refused: wrong_epoch",
        "refused: future_dated",
        "refused: not_releasable",
        "refused: busy",
        "refused: too_far_ahead",
        "pictures expected to be equal",
        "plot forgotten by a picture",
        "cycle agreed",
        "cycle differed, named",
    ] {
        assert!(totals.of(what) > 0, "{what} did not happen:\n{totals}");
    }
}

/// Found among a million; each was a fault that is mended.
#[test]
fn seeds_that_broke_a_law_break_none() {
    for seed in [9_457, 9_592, 1_003_862, 1_003_869] {
        assert_eq!(run(&Plan::draw(seed), false).violation, None, "seed {seed}");
    }
}

#[test]
fn a_broken_machine_is_noticed() {
    let is_noticed = |sabotage: Option<Sabotage>, slip: Option<Slip>| {
        (0..BROKEN_SEEDS).any(|seed| {
            let plan = Plan {
                sabotage,
                slip,
                ..Plan::draw(seed)
            };
            run(&plan, false).violation.is_some()
        })
    };
    let unnoticed: Vec<Sabotage> = Sabotage::ALL
        .into_iter()
        .filter(|how| !is_noticed(Some(*how), None))
        .collect();
    assert_eq!(unnoticed, [], "not noticed in {BROKEN_SEEDS} runs");
    for slip in [Slip::LacksOne, Slip::NamesAnother] {
        assert!(
            is_noticed(None, Some(slip)),
            "{slip:?} is not noticed in {BROKEN_SEEDS} runs"
        );
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let plan = Plan::draw(3);
    let (one, other) = (run(&plan, true), run(&plan, true));
    assert_eq!(one.sent, other.sent);
    assert_eq!(one.totals, other.totals);
}

/// Two runs that differ in what a partner does not get: what goes to it is the same, octet for octet, at the same
/// times.
#[test]
fn what_is_withheld_leaves_no_trace() {
    for seed in 0..60 {
        let mut plan = Plan::draw(seed);
        plan.liar = None;
        plan.bad_disk = None;
        // A node that has no room left is slower for everybody, whatever fills it.
        plan.bounds = Limits::default();
        // What a crash leaves is drawn by how much was written; crashes have tests of their own.
        plan.acts.retain(|(_, act)| {
            !matches!(
                act,
                Act::Crash(..) | Act::CrashAtWrite(..) | Act::FlipDisk(_) | Act::Lie(..) | Act::Rekey(_)
            )
        });
        let mut more = plan.clone();
        for at in 0..20 {
            let plots = vec![(SENSORS, 0.1 * f64::from(at)), (SENSORS, 30.0)];
            more.acts.push((0.15 + 0.19 * f64::from(at), Act::Feed(0, plots)));
        }
        more.acts.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (without, with) = (run(&plan, true), run(&more, true));
        assert_eq!((&without.violation, &with.violation), (&None, &None), "seed {seed}");
        assert!(
            with.totals.of("plots accepted") >= without.totals.of("plots accepted") + 40,
            "seed {seed}"
        );
        // After all has come to rest one may have been looked at longer.
        let shorter = without.sent.len().min(with.sent.len());
        assert!(shorter > 10, "seed {seed}");
        let differs = (0..shorter).find(|at| without.sent[*at] != with.sent[*at]);
        assert_eq!(differs, None, "seed {seed}");
    }
}
