//! From a radar's feed at one owner to the track at its partners, hop by hop; and beside it, in the same run, a bare
//! session of Zenoh, there and back.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::bare;
use crate::folders::{OWNERS, Settings};
use crate::metrics::Histogram;
use crate::nodes::{Look, Nodes, tally};
use crate::scene::Scene;

/// Tracks begin, caches fill.
pub const WARM_UP: Duration = Duration::from_secs(20);
/// How long the bare round is measured, s.
const BARE_S: f64 = 10.0;

/// Runs it; whether what is asked was measured.
pub fn run(program: &Path, plots_per_s: f64, seconds: f64) -> Result<bool, Failure> {
    let bare = bare::round(plots_per_s / 3.0, BARE_S)?;
    let scene = Arc::new(Scene::new(&OWNERS, plots_per_s));
    let settings = Settings::default();
    let nodes = Nodes::start(program, &scene.sensors_toml(&OWNERS), &settings, None)?;
    let mut feeders = nodes.feed(&scene)?;
    std::thread::sleep(WARM_UP);
    let before = nodes.look();
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let after = nodes.look();
    let mut written = 0;
    for feeder in &mut feeders {
        written += feeder.end()?;
    }
    println!(
        "{} objects, {:.0} plots/s; {:.0} s measured",
        scene.objects(),
        rate(&before, &after),
        after.seconds_since(&before),
    );
    let all = show(&before, &after);
    print!("{}", after.busy_words(&before));
    let (bare_p50_ms, bare_p99_ms) = bare;
    println!("bare Zenoh round, idle machine: p50 {bare_p50_ms:.3} ms, p99 {bare_p99_ms:.3} ms");
    let (p50_ms, p99_ms) = (all.quantile_ms(0.5), all.quantile_ms(0.99));
    println!(
        "ratio to the bare round, there and back: p50 {:.1}, p99 {:.1}",
        p50_ms / bare_p50_ms,
        p99_ms / bare_p99_ms,
    );
    nodes.settle(written, Duration::from_secs(60))?;
    tell(&nodes)?;
    Ok(p50_ms < 1.0 && p99_ms < 5.0)
}

/// What each node counts, and its latencies since the start, warm-up and all.
pub fn tell(nodes: &Nodes) -> Result<(), Failure> {
    for (at, owner) in OWNERS.iter().enumerate() {
        let status = nodes.status(at)?;
        println!("{owner} {:?}", tally(&status));
        for of in status["engine"]["latency_ms"].as_array().into_iter().flatten() {
            let figure = |key: &str| of[key].as_f64().unwrap_or(f64::NAN);
            println!(
                "   since the start, of {}: p50 {:.3} ms, p99 {:.3}, max {:.1}",
                of["hop"],
                figure("p50"),
                figure("p99"),
                figure("max"),
            );
        }
    }
    Ok(())
}

fn rate(before: &Look, after: &Look) -> f64 {
    let plots = |look: &Look| -> f64 {
        let of = |metrics: &crate::metrics::Metrics| metrics.sum("trilat_feed_plots_total");
        look.metrics.iter().map(of).sum()
    };
    (plots(after) - plots(before)) / after.seconds_since(before)
}

/// Prints a distribution.
pub fn line(what: &str, times: &Histogram) {
    println!(
        "{what:28} p50 {:8.3} ms   p90 {:8.3}   p99 {:8.3}   max < {:.1}   of {:.0}",
        times.quantile_ms(0.5),
        times.quantile_ms(0.9),
        times.quantile_ms(0.99),
        times.max_ms(),
        times.count(),
    );
}

/// Prints latencies by pair and by hop; returns that of all pairs of partners.
pub fn show(before: &Look, after: &Look) -> Histogram {
    let all = after.fused(before, |_, _| true);
    line("feed to a partner's track", &all);
    for (from, owner) in OWNERS.iter().enumerate() {
        for (to, other) in OWNERS.iter().enumerate() {
            let what = format!("  {owner} to {other}");
            line(&what, &after.tracked(before, from, to));
        }
    }
    for hop in ["queued", "sent", "durable", "verified"] {
        line(&format!("  hop {hop}"), &after.hop(before, hop));
    }
    all
}
