//! Forecasts on simulated scenarios: the same whatever the order and the threads, widened at once when something
//! changes, and none of what does not come down.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use std::sync::atomic::{AtomicUsize, Ordering};

use flight::Phase;
use plot::{Plot, Sensors};
use scene::simulated;
use sim::Truth;
use track::associate::{Pool, Sequential};
use track::forecast::Way;
use track::{Forecast, Options, Timeline, TimelineOptions};

fn foretold(plots: &[Plot], sensors: &Sensors, each: usize, pool: &impl Pool) -> Vec<Forecast> {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    let mut forecasts = Vec::new();
    for (count, plot) in plots.iter().enumerate() {
        timeline.add(plot).unwrap();
        if count % each == each - 1 {
            let _said = timeline.settle(pool);
            forecasts.extend(timeline.forecasts(pool));
        }
    }
    let _said = timeline.finish(pool);
    forecasts.extend(timeline.forecasts(pool));
    forecasts
}

/// Three threads, the tasks in no order.
struct Threads;

impl Pool for Threads {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    break;
                }
                task(count - 1 - index);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(work);
            }
        });
    }
}

#[test]
fn forecasts_are_a_function_of_the_set_of_plots() {
    let (plots, sensors, _) = simulated("2022-01-17-two-figures", None, 7);
    let sorted = foretold(&plots, &sensors, 100, &Sequential);
    assert!(sorted.iter().any(|forecast| !forecast.launch.is_empty()));
    assert!(sorted.len() > 20, "{}", sorted.len());
    let quarter = |plot: &Plot| plot.time.tai_ns() / 15_000_000_000;
    let mut turned: Vec<Plot> = Vec::new();
    for block in plots.chunk_by(|a, b| quarter(a) == quarter(b)) {
        turned.extend(block.iter().rev().cloned());
        turned.extend(block.iter().step_by(7).cloned());
    }
    assert_eq!(foretold(&turned, &sensors, 37, &Threads), sorted);
}

/// Nothing is foretold of what flies like an aircraft.
#[test]
fn what_flies_like_an_aircraft_has_no_arrival() {
    let (plots, sensors, _) = simulated("2022-01-25-cruise", None, 7);
    let said = foretold(&plots, &sensors, 500, &Sequential);
    let arrivals = said.iter().filter(|forecast| !forecast.arrival.is_empty());
    assert_eq!(arrivals.count(), 0);
}

/// Before the pull-up a glide is one possibility of ten; some plots after it, it is the likeliest, and the region of
/// 95 % contains where it will arrive.
#[test]
fn a_pull_up_widens_the_region_at_once() {
    for (name, seed) in [
        ("2022-01-05-glide", 3),
        ("2022-01-05-glide", 4),
        ("2022-01-11-glide-turns", 5),
    ] {
        let (plots, sensors, truths) = simulated(name, Some("KP"), seed);
        let truth = &truths[0];
        let glide = truth
            .course
            .legs()
            .iter()
            .find(|leg| leg.phase == Phase::Glide)
            .unwrap();
        let arrival = truth.course.span().1;
        let place = truth.course.geodetic(arrival).unwrap();
        let said = foretold(&plots, &sensors, 500, &Sequential);
        let of = |forecast: &Forecast, way: Way| {
            let weights = forecast.arrival.iter().filter(|region| region.way == way);
            weights.map(|region| region.weight).fold(0.0, f64::max)
        };
        let of_any = |forecast: &Forecast| {
            let own = forecast.arrival.iter().filter(|region| region.way == Way::Any);
            own.max_by(|a, b| a.probability.total_cmp(&b.probability)).copied()
        };
        let before = said
            .iter()
            .rfind(|forecast| forecast.time < glide.from && of_any(forecast).is_some());
        let soon = |forecast: &&Forecast| (0.0..10.0).contains(&(forecast.time - glide.from));
        let after = said.iter().rfind(soon).unwrap();
        let (narrow, wide) = (of_any(before.unwrap()).unwrap(), of_any(after).unwrap());
        assert!(of(before.unwrap(), Way::Glide) < 0.2, "{name} {seed}: {before:?}");
        assert!(of(after, Way::Glide) > 0.6, "{name} {seed}: {after:?}");
        let times = wide.major_m * wide.minor_m / (narrow.major_m * narrow.minor_m);
        assert!(times > 2.0, "{name} {seed}: {times} times as large");
        assert!(wide.contains(place), "{name} {seed}: {wide:?}");
        assert!(
            (wide.earliest..=wide.latest).contains(&arrival),
            "{name} {seed}: {wide:?}"
        );
    }
}

/// An empty stage that came off is foretold to come down where it does, not where something slender would: after the
/// separation the region at 95 % holds its arrival far more often than not.
#[test]
fn an_empty_stage_is_foretold_with_its_own_drag() {
    let (plots, sensors, truths) = simulated("2022-10-04-over-japan", None, 1);
    let stage = truths.iter().find(|truth| truth.id.ends_with("stage")).unwrap();
    let (_, arrived) = stage.course.span();
    let place = stage.course.geodetic(arrived).unwrap();
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    for plot in &plots {
        timeline.add(plot).unwrap();
    }
    let (rows, _) = timeline.finish(&Sequential);
    let own = |row: &&track::Row| {
        let at = row.belief.mean.fixed_rows::<3>(0).into_owned();
        let off_m = |truth: &Truth| Some((truth.course.state(row.time)?.position.vector() - at).norm());
        let nearest = truths.iter().filter_map(|truth| Some((off_m(truth)?, &truth.id)));
        nearest.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id) == Some(&stage.id)
    };
    let (mut said, mut held) = (0, 0);
    for forecast in timeline.forecasts(&Sequential) {
        let row = rows
            .iter()
            .rfind(|row| row.track == forecast.track && row.time <= forecast.time);
        if row.filter(own).is_none_or(|row| arrived - row.time > 900.0) {
            continue;
        }
        for region in forecast.arrival.iter().filter(|region| region.probability > 0.9) {
            said += 1;
            held += usize::from(region.contains(place));
        }
    }
    assert!(said > 50 && held * 4 > said * 3, "{held} of {said}");
}
