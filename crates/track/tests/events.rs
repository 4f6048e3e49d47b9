//! What is said of tracks: when they began, what they came out of, what their objects began and ended.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use std::collections::BTreeMap;

use geo::Time;
use plot::{Plot, Sensors};
use scene::simulated;
use sim::Truth;
use track::associate::Sequential;
use track::{Event, EventKind, Name, Options, Row, Timeline, TimelineOptions};

fn tracked(plots: &[Plot], sensors: &Sensors) -> (Vec<Row>, Vec<Event>) {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    for plot in plots {
        timeline.add(plot).unwrap();
    }
    timeline.finish(&Sequential)
}

/// The object that most rows of each track are nearest to.
fn objects<'a>(rows: &[Row], truths: &'a [Truth]) -> BTreeMap<Name, &'a str> {
    let mut near: BTreeMap<Name, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in rows {
        let place = row.belief.mean.fixed_rows::<3>(0).into_owned();
        let off_m = |truth: &Truth| Some((truth.course.state(row.time)?.position.vector() - place).norm());
        let nearest = truths.iter().filter_map(|truth| Some((off_m(truth)?, &*truth.id)));
        if let Some((_, id)) = nearest.min_by(|a, b| a.0.total_cmp(&b.0)) {
            *near.entry(row.track).or_default().entry(id).or_default() += 1;
        }
    }
    let most = |of: BTreeMap<&'a str, usize>| of.into_iter().max_by_key(|(_, rows)| *rows).unwrap().0;
    near.into_iter().map(|(name, of)| (name, most(of))).collect()
}

/// Every confirmed track says once that it was born, before anything else, and when its first plot was; what was never
/// confirmed says nothing.
#[test]
fn what_is_confirmed_was_born() {
    let (plots, sensors, _) = simulated("2024-05-30-salvo", None, 7);
    let (rows, events) = tracked(&plots, &sensors);
    let mut told: BTreeMap<Name, Vec<&Event>> = BTreeMap::new();
    for event in &events {
        told.entry(event.track).or_default().push(event);
    }
    assert!(told.len() >= 10, "{}", told.len());
    for (name, own) in told {
        let EventKind::Born { first } = own[0].kind else {
            panic!("{name} begins with {:?}", own[0]);
        };
        let rows: Vec<Time> = rows
            .iter()
            .filter(|row| row.track == name)
            .map(|row| row.time)
            .collect();
        assert!(first < rows[0], "{name}: {first} {}", rows[0]);
        let of_kind = |wanted: fn(&EventKind) -> bool| own.iter().filter(|event| wanted(&event.kind)).count();
        assert_eq!(of_kind(|kind| matches!(kind, EventKind::Born { .. })), 1, "{name}");
        assert_eq!(of_kind(|kind| matches!(kind, EventKind::Confirmed)), 1, "{name}");
        let is_split = of_kind(|kind| matches!(kind, EventKind::Split(_)));
        assert_eq!(
            is_split, 0,
            "{name}: missiles ten seconds apart do not come out of each other"
        );
    }
}

/// What a stage that comes off says: one of the two goes on under the old name, and the other came out of it, soon
/// after the separation. Where nothing comes off, nothing is said to.
#[test]
fn a_stage_comes_out_of_its_missile() {
    for seed in [3, 4, 5, 6] {
        let (plots, sensors, truths) = simulated("2022-10-04-over-japan", None, seed);
        let stage = truths.iter().find(|truth| truth.id.ends_with("/stage")).unwrap();
        let off = stage.course.span().0;
        let (rows, events) = tracked(&plots, &sensors);
        let objects = objects(&rows, &truths);
        let parted = |event: &&Event| {
            let EventKind::Split(parent) = event.kind else {
                return false;
            };
            objects.get(&event.track) != objects.get(&parent)
        };
        let first = events.iter().find(parted);
        let after_s = first.map(|event| event.time - off);
        assert!(
            after_s.is_some_and(|after_s| (0.0..60.0).contains(&after_s)),
            "seed {seed}: {after_s:?}, {objects:?}"
        );
    }
    for seed in [7, 8, 9] {
        let (plots, sensors, _) = simulated("2022-01-30-lofted", None, seed);
        let (_, events) = tracked(&plots, &sensors);
        let splits: Vec<&Event> = events
            .iter()
            .filter(|event| matches!(event.kind, EventKind::Split(_)))
            .collect();
        assert!(splits.is_empty(), "seed {seed}: {splits:?}");
    }
}

/// What stands for long and then moves off faster than its track expects goes on under its name, and is not born again.
#[test]
fn what_moves_off_at_once_is_still_the_same() {
    use geo::{Enu, Geodetic, Position, Site};
    use plot::{Measurement, PositionFix, Quantity, Sensor, Sigmas};
    let site = Site::new(Geodetic::from_degrees(41.3, 2.1, 0.0));
    let mut sensor = Sensor::new("surface", "own", site.geodetic());
    sensor.measures = vec![Quantity::Position];
    sensor.scan_s = Some(4.0);
    sensor.sigmas = Sigmas {
        position_m: Some(4.0),
        height_m: Some(4.0),
        ..Sigmas::default()
    };
    let name = sensor.name.clone();
    let mut sensors = Sensors::default();
    sensors.insert(sensor).unwrap();
    let start: Time = "2026-01-01T00:00:00Z".parse().unwrap();
    let plot = |scan: i32| {
        // 8 m/s² from the hundredth scan on; some metres of scatter.
        let moved_s = f64::from((scan - 100).max(0)) * 4.0;
        let scatter_m = f64::from(scan * 37 % 11 - 5);
        let along_m = 500.0 + (0.5 * 8.0 * moved_s * moved_s).min(80.0 * moved_s) + scatter_m;
        let place: Position<Enu> = Position::new(along_m, 300.0 - 0.7 * scatter_m, 0.0);
        Plot {
            time: start + f64::from(scan) * 4.0,
            sensor: name.clone(),
            measurement: Measurement::Position(PositionFix {
                geodetic: Geodetic::from_ecef(site.to_ecef(place)),
                velocity: None,
            }),
            sigmas: Sigmas::default(),
            snr_db: None,
            // A craft; which one is not read.
            target: Some("4CA6FB".into()),
            truth: None,
        }
    };
    let plots: Vec<Plot> = (0..130).map(plot).collect();
    let options = Options {
        is_target_ignored: true,
        ..Options::default()
    };
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), options);
    for plot in &plots {
        timeline.add(plot).unwrap();
    }
    let (rows, events) = timeline.finish(&Sequential);
    let born = events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Born { .. }));
    assert_eq!(born.count(), 1, "{events:?}");
    let (first, last) = (&rows[0], &rows[rows.len() - 1]);
    assert_eq!(first.track, last.track);
    assert!(last.time - start > 500.0 && last.plots > 120, "{last:?}");
}
