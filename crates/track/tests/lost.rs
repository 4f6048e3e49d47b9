//! Tracks that are not seen any more say so, why, and how large their region has become.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use plot::{Plot, Sensors};
use scene::simulated;
use track::associate::Sequential;
use track::{Drop, Event, EventKind, Options, Timeline, TimelineOptions, Unseen};

/// What happens to the tracks of some plots.
fn events(plots: &[Plot], sensors: &Sensors) -> Vec<Event> {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    for plot in plots {
        timeline.add(plot).unwrap();
    }
    timeline.finish(&Sequential).1
}

/// What is said of a track that coasts: why, how large, whether early.
fn lost(events: &[Event]) -> Vec<(Unseen, f64, bool)> {
    let said = events.iter().filter_map(|event| match event.kind {
        EventKind::Coasting {
            why,
            diameter_m,
            is_early,
        } => Some((why, diameter_m, is_early)),
        _ => None,
    });
    said.collect()
}

/// Eight plots of an object, then none: it is lost right after detection, and its region is said to grow, until it is
/// given up as out of sight, since what saw it is silent.
#[test]
fn lost_right_after_detection() {
    let (plots, sensors, _) = simulated("2022-01-30-lofted", None, 7);
    let seen = plots.into_iter().filter(|plot| plot.truth.is_some());
    let seen: Vec<Plot> = seen.filter(|plot| &*plot.sensor == "kr-centre").take(8).collect();
    // Another sensor says something so far away that it is of nothing else, and time goes on.
    let mut clock: Vec<Plot> = Vec::new();
    let last = seen.last().unwrap();
    for second in 1..300 {
        let mut tick = last.clone();
        tick.sensor = sensors
            .as_slice()
            .iter()
            .find(|s| &*s.name != "kr-centre")
            .unwrap()
            .name
            .clone();
        tick.time = last.time + f64::from(second);
        if let plot::Measurement::Polar(polar) = &mut tick.measurement {
            polar.range_m = Some(30_000.0 + 90.0 * f64::from(second * second % 97));
        }
        clock.push(tick);
    }
    let mut said = events(&[seen, clock].concat(), &sensors);
    let of = said[0].track;
    said.retain(|event| event.track == of);
    let lost = lost(&said);
    assert!(lost.len() >= 3, "{lost:?}");
    assert!(lost.iter().all(|(.., is_early)| *is_early), "{lost:?}");
    // Until the sensor has been silent for some scans, it looks and does not see.
    assert_eq!(lost.last().unwrap().0, Unseen::OutOfCoverage, "{lost:?}");
    assert!(lost.windows(2).all(|pair| pair[1].1 >= 1.5 * pair[0].1), "{lost:?}");
}

/// What vanishes while its sensors go on looking, and see others beside it, is not detected, and then gone.
#[test]
fn what_is_watched_and_not_seen_is_gone() {
    let (plots, sensors, _) = simulated("2024-05-30-salvo", None, 7);
    let of = |plot: &Plot| plot.truth.as_deref() == Some("missile-4");
    let own: Vec<Plot> = plots.iter().filter(|plot| of(plot)).cloned().collect();
    let until = own[own.len() / 2].time;
    let vanished: Vec<Plot> = plots
        .iter()
        .filter(|plot| !of(plot) || plot.time < until)
        .cloned()
        .collect();
    let said = events(&vanished, &sensors);
    let is_soon = |event: &&Event| (0.0..60.0).contains(&(event.time - until));
    let soon: Vec<Event> = said.iter().filter(is_soon).cloned().collect();
    let lost = lost(&soon);
    assert!(
        lost.iter()
            .any(|(why, _, is_early)| *why == Unseen::NotDetected && !is_early),
        "{lost:?}"
    );
    let gone = soon
        .iter()
        .any(|event| matches!(event.kind, EventKind::Dropped { why: Drop::Gone, .. }));
    assert!(gone, "{soon:?}");
}
