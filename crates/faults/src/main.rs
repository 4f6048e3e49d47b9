//! `faults --seeds N [--from S]`: runs that many seeds on all processors, shows how it goes, and the laws that were
//! broken.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use faults::{Plan, Totals, run, shrink};

/// Seeds between two lines of progress.
const PROGRESS_EVERY: u64 = 1_000;
/// Violations of which the smallest plan is looked for.
const SHRUNK_MAX: u64 = 5;

/// What came out so far.
#[derive(Default)]
struct Done {
    seeds: u64,
    violations: u64,
    totals: Totals,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str, default: u64| match words.iter().position(|word| word == name) {
        Some(at) => words.get(at + 1).and_then(|word| word.parse().ok()),
        None => Some(default),
    };
    let (Some(seeds), Some(from)) = (option("--seeds", 1_000), option("--from", 0)) else {
        say("faults: expected --seeds N and --from S, both whole numbers\n");
        return ExitCode::from(2);
    };
    let (next, done) = (AtomicU64::new(0), Mutex::new(Done::default()));
    #[expect(clippy::disallowed_methods, reason = "only for the line of progress")]
    let begin = Instant::now();
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= seeds {
                return;
            }
            run_one(from.wrapping_add(number), seeds, &done, begin);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let done = done.into_inner().unwrap_or_default();
    say(&done.totals.to_string());
    say(&format!("{seeds} seeds from {from}: {} violations\n", done.violations));
    // Seeds that did not come to an end were broken by a panic.
    if done.violations == 0 && done.seeds == seeds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_one(seed: u64, seeds: u64, done: &Mutex<Done>, begin: Instant) {
    let plan = Plan::draw(seed);
    let outcome = run(&plan, false);
    let Ok(mut done) = done.lock() else { return };
    done.seeds += 1;
    done.totals.merge(&outcome.totals);
    let is_shrunk = done.violations < SHRUNK_MAX;
    if let Some(violation) = &outcome.violation {
        done.violations += 1;
        done.totals.add(&format!("BROKEN: {}", violation.law));
        say(&format!("seed {seed}: {violation:#?}\n"));
    }
    if done.seeds % PROGRESS_EVERY == 0 || done.seeds == seeds {
        let passed = begin.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        let rate = done.seeds as f64 / passed;
        say(&format!(
            "{} of {seeds} seeds, {} violations, {rate:.0} seeds/s\n",
            done.seeds, done.violations
        ));
    }
    drop(done);
    if let Some(violation) = outcome.violation.filter(|_| is_shrunk) {
        let small = shrink(&plan, violation.law);
        let again = run(&small, false).violation;
        say(&format!("seed {seed}, smallest plan: {small:#?}\n{again:#?}\n"));
    }
}

/// Writes to the screen; if nobody reads it, nothing is lost.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
