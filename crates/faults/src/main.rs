//! `faults --seeds N [--from S]`: runs that many seeds, shows how it goes, and the first law that was broken.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use faults::{Plan, Totals, run, shrink};

/// Seeds between two lines of progress.
const PROGRESS_EVERY: u64 = 500;

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
    let mut totals = Totals::default();
    let mut violations = 0;
    #[expect(clippy::disallowed_methods, reason = "only for the line of progress")]
    let begin = std::time::Instant::now();
    for (done, seed) in (1..).zip(from..from.saturating_add(seeds)) {
        let plan = Plan::draw(seed);
        let outcome = run(&plan, false);
        totals.merge(&outcome.totals);
        if let Some(violation) = outcome.violation {
            violations += 1;
            totals.add(&format!("BROKEN: {}", violation.law));
            if violations <= 5 {
                let small = shrink(&plan, violation.law);
                let again = run(&small, false).violation;
                say(&format!(
                    "seed {seed}: {violation:#?}\nsmallest plan: {small:#?}\n{again:#?}\n"
                ));
            }
        }
        if done % PROGRESS_EVERY == 0 || done == seeds {
            let passed = begin.elapsed().max(Duration::from_millis(1)).as_secs_f64();
            let rate = done as f64 / passed;
            say(&format!(
                "{done} of {seeds} seeds, {violations} violations, {rate:.0} seeds/s\n"
            ));
        }
    }
    say(&totals.to_string());
    say(&format!("{seeds} seeds from {from}: {violations} violations\n"));
    if violations == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Writes to the screen; if nobody reads it, nothing is lost.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
