//! The tracker on simulated scenarios: one track for each object, whatever the order of arrival.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use std::collections::BTreeMap;

use plot::{Plot, Sensors};
use scene::simulated;
use track::associate::Sequential;
use track::{Event, EventKind, Options, Row, Timeline, TimelineOptions};

/// Rows and events of the plots in the order given.
fn tracked(plots: &[Plot], sensors: &Sensors) -> (Vec<Row>, Vec<Event>) {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (count, plot) in plots.iter().enumerate() {
        timeline.add(plot).unwrap();
        if count % 100 == 99 {
            let (more, happened) = timeline.settle(&Sequential);
            rows.extend(more);
            events.extend(happened);
        }
    }
    let (more, happened) = timeline.finish(&Sequential);
    rows.extend(more);
    events.extend(happened);
    (rows, events)
}

/// How the rows of each track follow the objects: by track, the object that most of its rows are nearest to, rows in
/// all, rows of that object, root mean square error and mean NEES of position over those.
fn followed(rows: &[Row], truths: &[sim::Truth]) -> BTreeMap<String, (String, usize, usize, f64, f64)> {
    let mut near: BTreeMap<String, BTreeMap<&str, (usize, f64, f64)>> = BTreeMap::new();
    for row in rows {
        let place = row.belief.mean.fixed_rows::<3>(0).into_owned();
        let off = |truth: &sim::Truth| {
            let state = truth.course.state(row.time)?;
            Some(state.position.vector() - place)
        };
        let nearest = truths
            .iter()
            .filter_map(|truth| Some((off(truth)?, truth)))
            .min_by(|a, b| a.0.norm().total_cmp(&b.0.norm()));
        let Some((off, truth)) = nearest else { continue };
        let covariance = row.belief.covariance.fixed_view::<3, 3>(0, 0).into_owned();
        let nees = off.dot(&covariance.cholesky().unwrap().solve(&off));
        let entry = near
            .entry(row.track.to_string())
            .or_default()
            .entry(&truth.id)
            .or_default();
        *entry = (entry.0 + 1, entry.1 + off.norm_squared(), entry.2 + nees);
    }
    let most = |objects: BTreeMap<&str, (usize, f64, f64)>| {
        let all = objects.values().map(|(rows, ..)| rows).sum();
        let (id, (own, square, nees)) = objects.into_iter().max_by_key(|(_, (rows, ..))| *rows).unwrap();
        (id.to_owned(), all, own, (square / own as f64).sqrt(), nees / own as f64)
    };
    near.into_iter()
        .map(|(track, objects)| (track, most(objects)))
        .collect()
}

#[test]
fn one_object_seen_by_nine_radars_is_one_track() {
    for seed in [7, 8, 9] {
        let (plots, sensors, truths) = simulated("2022-01-30-lofted", None, seed);
        let of_object = plots.iter().filter(|plot| plot.truth.is_some()).count();
        let (rows, events) = tracked(&plots, &sensors);
        let tracks = followed(&rows, &truths);
        let (_, all, own, rmse_m, nees) = tracks.values().max_by_key(|(_, all, ..)| *all).unwrap();
        assert_eq!(all, own, "seed {seed}");
        assert!(
            *own * 100 > of_object * 95,
            "seed {seed}: {own} rows of {of_object} plots"
        );
        assert!(*rmse_m < 1_000.0 && *nees < 9.0, "seed {seed}: {rmse_m} m, NEES {nees}");
        let others: usize = tracks.values().map(|(_, all, ..)| all).sum::<usize>() - all;
        assert!(others * 100 < of_object, "seed {seed}: {others} rows of other tracks");
        let is_down = |event: &Event| {
            matches!(
                event.kind,
                EventKind::Dropped {
                    why: track::Drop::Down,
                    ..
                }
            )
        };
        assert!(events.iter().any(is_down), "seed {seed}: it came down");
    }
}

/// Where nearly every plot is of nothing, what begins with little existence still becomes a track.
#[test]
fn an_object_that_a_sensor_of_many_false_alarms_sees_is_found() {
    let (plots, quiet, _) = simulated("2022-01-30-lofted", None, 7);
    let mut sensors = Sensors::default();
    for sensor in quiet.as_slice() {
        let mut sensor = sensor.clone();
        sensor.detection.false_alarms_per_scan = Some(100.0);
        sensor.scan_s = Some(5.0);
        sensors.insert(sensor).unwrap();
    }
    let mut looked = None;
    let slow = plots.into_iter().filter(|plot| {
        let is_next = &*plot.sensor == "kr-centre" && looked.is_none_or(|last| plot.time - last > 4.9);
        looked = if is_next { Some(plot.time) } else { looked };
        is_next
    });
    let slow: Vec<Plot> = slow.take(60).collect();
    let (rows, _) = tracked(&slow, &sensors);
    assert!(rows.len() > 50, "{} rows of 60 plots", rows.len());
}

#[test]
fn ten_missiles_ten_seconds_apart_are_told_apart() {
    for seed in [7, 8] {
        let (plots, sensors, truths) = simulated("2024-05-30-salvo", None, seed);
        let (rows, _) = tracked(&plots, &sensors);
        let tracks = followed(&rows, &truths);
        let long = || tracks.values().filter(|(_, all, ..)| *all > 300);
        let ids: std::collections::BTreeSet<&str> = long().map(|(id, ..)| id.as_str()).collect();
        assert_eq!(ids.len(), 10, "seed {seed}: {tracks:?}");
        assert_eq!(long().count(), 10, "seed {seed}: {tracks:?}");
        for (id, all, own, ..) in long() {
            assert!(own * 100 >= all * 98, "seed {seed}: {own} of {all} rows are of {id}");
        }
    }
}

/// Any order within the lag, and any plot twice: the same rows and events to the bit, and the same sums.
#[test]
fn the_picture_is_a_function_of_the_set_of_plots() {
    let (plots, sensors, _) = simulated("2022-01-30-lofted", None, 7);
    let sorted = tracked(&plots, &sensors);
    let half_minute = |plot: &Plot| plot.time.tai_ns() / 30_000_000_000;
    for step in [7_usize, 11, 13] {
        // What half a minute brings comes in another order, and some of it twice.
        let mut turned: Vec<Plot> = Vec::new();
        for block in plots.chunk_by(|a, b| half_minute(a) == half_minute(b)) {
            let mut order: Vec<usize> = (0..block.len()).collect();
            order.sort_by_key(|i| ((i * step + 5) % 31, *i));
            turned.extend(order.iter().map(|i| block[*i].clone()));
            turned.extend(block.iter().step_by(9).cloned());
        }
        let (rows, events) = tracked(&turned, &sensors);
        let differs = rows.iter().zip(&sorted.0).position(|(a, b)| a != b);
        let at = differs.map(|at| (at, &rows[at], &sorted.0[at]));
        assert!(at.is_none(), "step {step}: {at:#?}");
        assert_eq!(rows.len(), sorted.0.len(), "step {step}");
        assert_eq!(events, sorted.1, "step {step}");
    }
}

#[test]
fn plots_beyond_the_lag_are_counted_and_change_nothing() {
    let (plots, sensors, _) = simulated("2022-01-17-two-figures", None, 7);
    let lag = TimelineOptions {
        lag_s: 10.0,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&sensors, lag, Options::default());
    let late: Vec<&Plot> = plots.iter().step_by(50).take(3).collect();
    let mut rows = Vec::new();
    for plot in plots.iter().filter(|plot| !late.contains(plot)) {
        timeline.add(plot).unwrap();
        rows.extend(timeline.settle(&Sequential).0);
    }
    for plot in late {
        timeline.add(plot).unwrap();
    }
    rows.extend(timeline.finish(&Sequential).0);
    assert_eq!(timeline.counts().late, 3);
    assert_eq!(timeline.counts().taken + 3, plots.len() as u64);
}
