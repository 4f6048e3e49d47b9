//! How soon burnout, pull-up and turn are noticed, how often for nothing, and what the forecast says then.
//!
//! `MANOEUVRE_RUNS` sets the number of runs of each scenario, `MANOEUVRE_SEED` the first seed.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use flight::Phase;
use geo::Time;
use scene::{Run, airliners, burnouts, glide_from_below, ours, pull_up, run, turns};
use sim::Truth;
use sim::scenario::Scenario;
use track::forecast::{Region, Way};
use track::{EventKind, Manoeuvre, Name};

/// Runs of the default suite.
const RUNS: u64 = 3;
/// The first seed.
const SEED: u64 = 1;
/// What is noticed later than this is not noticed.
const LATE_S: f64 = 30.0;
/// A track is on an object while it is so near.
const NEAR_M: f64 = 5_000.0;

#[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

fn runs(scenario: &Scenario) -> Vec<Run> {
    let (first, count) = (number("MANOEUVRE_SEED", SEED), number("MANOEUVRE_RUNS", RUNS));
    (first..first + count).filter_map(|seed| run(scenario, seed)).collect()
}

/// Whether a track is on an object at a time.
fn is_on(run: &Run, track: Name, truth: &Truth, time: Time) -> bool {
    let near = |row: &&track::Row| row.track == track && (row.time - time).abs() < 10.0;
    run.rows.iter().filter(near).any(|row| {
        let Some(state) = truth.course.state(row.time) else {
            return false;
        };
        (row.belief.mean.fixed_rows::<3>(0) - state.position.vector()).norm() < NEAR_M
    })
}

/// Whether the object is seen just before and after a time.
fn is_seen(run: &Run, truth: &Truth, time: Time) -> bool {
    let near = |row: &track::Row| {
        let Some(state) = truth.course.state(row.time) else {
            return false;
        };
        (row.belief.mean.fixed_rows::<3>(0) - state.position.vector()).norm() < NEAR_M
    };
    let within = |from_s: f64, until_s: f64| {
        let is = |row: &&track::Row| (from_s..until_s).contains(&(row.time - time));
        run.rows.iter().filter(is).any(near)
    };
    within(-15.0, 0.0) && within(0.0, 5.0) && within(5.0, 10.0)
}

/// Delays of what was noticed of those that were seen, in order, and how many were seen.
fn delays(run: &Run, truth: &Truth, what: Manoeuvre, times: &[Time]) -> (Vec<f64>, usize) {
    let seen: Vec<Time> = times
        .iter()
        .filter(|time| is_seen(run, truth, **time))
        .copied()
        .collect();
    let first = |time: &Time| {
        let said = run.events.iter().find(|event| {
            event.kind == EventKind::Manoeuvre(what)
                && (-2.0..LATE_S).contains(&(event.time - *time))
                && is_on(run, event.track, truth, event.time)
        });
        said.map(|event| event.time - *time)
    };
    (seen.iter().filter_map(first).collect(), seen.len())
}

/// Median and largest.
fn ends(delays: &mut [f64]) -> (f64, f64) {
    delays.sort_by(f64::total_cmp);
    let middle = delays.get(delays.len() / 2).copied().unwrap_or(f64::NAN);
    (middle, delays.last().copied().unwrap_or(f64::NAN))
}

/// Notes all that was noticed of a kind: at least this share, half of it within `half_s`.
fn judge(name: &str, all: &[(Vec<f64>, usize)], share: f64, half_s: f64) {
    let seen: usize = all.iter().map(|(_, seen)| seen).sum();
    let mut noticed: Vec<f64> = all.iter().flat_map(|(delays, _)| delays.clone()).collect();
    let (median_s, most_s) = ends(&mut noticed);
    say(&format!(
        "| {name} | {seen} | {} | {median_s:.1} | {most_s:.1} |",
        noticed.len()
    ));
    assert!(seen > 0, "{name}: none was seen");
    assert!(
        noticed.len() as f64 >= share * seen as f64,
        "{name}: {} of {seen}",
        noticed.len()
    );
    assert!(median_s < half_s, "{name}: {median_s} s");
}

#[test]
fn burnout_is_noticed() {
    for (name, half_s) in [
        ("2022-01-30-lofted", 2.0),
        ("2022-01-17-two-figures", 5.0),
        ("2024-05-30-salvo", 6.0),
    ] {
        let all: Vec<_> = runs(&ours(name, None))
            .iter()
            .flat_map(|run| {
                let of = |truth| delays(run, truth, Manoeuvre::Burnout, &burnouts(truth));
                run.truths.iter().map(of).collect::<Vec<_>>()
            })
            .collect();
        judge(&format!("burnout, {name}"), &all, 0.75, half_s);
    }
}

/// The region of 95 % whatever it does, and the weight of lift.
fn region(run: &Run, track: Name, is_wanted: impl Fn(Time) -> bool) -> Option<(Region, f64)> {
    let said = |forecast: &&track::Forecast| {
        forecast.track == track && is_wanted(forecast.time) && !forecast.arrival.is_empty()
    };
    let forecast = run.forecasts.iter().rfind(said)?;
    let any = forecast.arrival.iter().filter(|region| region.way == Way::Any);
    let largest = any.max_by(|a, b| a.probability.total_cmp(&b.probability))?;
    let glide = forecast.arrival.iter().find(|region| region.way == Way::Glide);
    Some((*largest, glide.map_or(0.0, |region| region.weight)))
}

/// A pull-up is noticed; with it, at the same instant, a forecast is said that is wider than the one before, and
/// contains the arrival.
#[test]
fn pull_up_is_noticed_and_the_area_is_wider_at_once() {
    let (mut all, mut wider, mut contained, mut said) = (Vec::new(), Vec::new(), 0, 0);
    for name in ["2022-01-05-glide", "2022-01-11-glide-turns"] {
        for run in runs(&ours(name, Some("KP"))) {
            let truth = &run.truths[0];
            let time = pull_up(truth).unwrap();
            all.push(delays(&run, truth, Manoeuvre::PullUp, &[time]));
            let noticed = run.events.iter().find(|event| {
                event.kind == EventKind::Manoeuvre(Manoeuvre::PullUp) && (0.0..LATE_S).contains(&(event.time - time))
            });
            let Some(event) = noticed else { continue };
            let (now, glide) = region(&run, event.track, |at| at == event.time).expect("a forecast at once");
            let (before, _) = region(&run, event.track, |at| at < time).expect("a forecast before");
            assert!(glide > 0.6, "{name}: lift has {glide}");
            let size = |region: &Region| (region.major_m * region.minor_m).sqrt();
            wider.push(size(&now) / size(&before));
            let arrival = truth.course.span().1;
            contained += usize::from(now.contains(truth.course.geodetic(arrival).unwrap()));
            said += 1;
        }
    }
    judge("pull-up, both glides", &all, 0.6, 10.0);
    let (median, _) = ends(&mut wider);
    say(&format!(
        "at the pull-up the region grows {median:.1} times in width (least {:.1}); {contained} of {said} contain the arrival",
        wider[0]
    ));
    assert!(wider[0] > 1.2 && median > 2.0, "{wider:?}");
    assert!(contained * 4 >= said * 3, "{contained} of {said}");
}

#[test]
fn turns_are_noticed() {
    let glides: Vec<_> = runs(&glide_from_below())
        .iter()
        .map(|run| {
            let truth = &run.truths[0];
            let from = pull_up(truth).unwrap();
            let begun = turns(truth, from + -60.0, truth.course.span().1);
            delays(run, truth, Manoeuvre::Turn, &begun[..begun.len().min(1)])
        })
        .collect();
    judge("turn of a glide, two ships below", &glides, 0.6, 15.0);
    let airliners: Vec<_> = runs(&airliners())
        .iter()
        .flat_map(|run| {
            let of = |truth: &Truth| {
                let (from, until) = truth.course.span();
                delays(run, truth, Manoeuvre::Turn, &turns(truth, from, until))
            };
            run.truths.iter().map(of).collect::<Vec<_>>()
        })
        .collect();
    judge("turn of an airliner, radars of 4 and 10 s", &airliners, 0.75, 20.0);
}

/// What is said to happen where nothing does: in a coast above the air, and on straight legs of airliners.
#[test]
fn nothing_is_noticed_of_what_goes_on() {
    let (mut false_alarms, mut hours) = (0, 0.0);
    for name in ["2022-01-30-lofted", "2022-01-17-two-figures"] {
        for run in runs(&ours(name, None)) {
            for truth in &run.truths {
                for leg in truth.course.legs().iter().filter(|leg| leg.phase == Phase::Coast) {
                    let said = run.events.iter().filter(|event| {
                        matches!(event.kind, EventKind::Manoeuvre(_))
                            && event.time - leg.from > LATE_S
                            && event.time < leg.until
                            && is_on(&run, event.track, truth, event.time)
                    });
                    false_alarms += said.count();
                    hours += ((leg.until - leg.from) - LATE_S).max(0.0) / 3_600.0;
                }
            }
        }
    }
    say(&format!("| nothing, coast | {hours:.1} h | {false_alarms} | | |"));
    assert!((false_alarms as f64) <= 1.0 + hours, "{false_alarms} in {hours} h");
    let (mut false_alarms, mut hours) = (0, 0.0);
    for run in runs(&airliners()) {
        for truth in &run.truths {
            let (from, until) = truth.course.span();
            let begun = turns(truth, from, until);
            let said = run.events.iter().filter(|event| {
                event.kind == EventKind::Manoeuvre(Manoeuvre::Turn)
                    && is_on(&run, event.track, truth, event.time)
                    && !begun.iter().any(|time| (-2.0..90.0).contains(&(event.time - *time)))
            });
            false_alarms += said.count();
            hours += (until - from) / 3_600.0;
        }
    }
    say(&format!("| nothing, airliners | {hours:.1} h | {false_alarms} | | |"));
    assert!((false_alarms as f64) <= 1.0 + hours, "{false_alarms} in {hours} h");
}
