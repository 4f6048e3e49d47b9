//! The law of the timeline: what comes out is a function of the set of plots, to the bit, wherever checkpoints stand
//! and whenever the picture is asked for.

use geo::{Aer, Geodetic, Time};
use plot::{Measurement, Plot, Polar, Sensor, Sensors, Sigmas};
use proptest::prelude::*;

use super::*;
use crate::associate::{Method, Sequential};

const BEGIN_NS: i64 = 1_700_000_000_000_000_000;
const LAG_S: f64 = 16.0;
const SECONDS: i32 = 50;

/// Three radars that turn at their own pace, three aircraft, and something of nothing now and then; a radar's errors
/// are learnt, so that every plot leaves a mark on all tracks.
fn scene() -> (Vec<Plot>, Sensors) {
    let mut sensors = Sensors::default();
    let mut plots = Vec::new();
    for (name, east, scan_s) in [("a", 0.0, 1.0), ("b", 0.4, 1.3), ("c", 0.8, 0.7)] {
        let mut sensor = Sensor::new(name, "own", Geodetic::from_degrees(48.0, 11.0 + east, 300.0));
        sensor.sigmas = Sigmas {
            range_m: Some(50.0),
            azimuth_rad: Some(1e-3),
            elevation_rad: Some(1e-3),
            ..Sigmas::default()
        };
        sensor.scan_s = Some(scan_s);
        sensor.coverage.range_max_m = Some(300e3);
        for look in 0..(f64::from(SECONDS) / scan_s) as i32 {
            let mut report = |since_s: f64, seen: Aer| {
                plots.push(Plot {
                    time: Time::from_tai_ns(BEGIN_NS + (since_s * 1e9) as i64),
                    sensor: name.into(),
                    measurement: Measurement::Polar(Polar {
                        range_m: Some(seen.range_m),
                        azimuth_rad: Some(seen.azimuth_rad),
                        elevation_rad: Some(seen.elevation_rad),
                        ..Polar::default()
                    }),
                    sigmas: Sigmas::default(),
                    snr_db: None,
                    target: None,
                    truth: None,
                });
            };
            for object in 0..3 {
                let since_s = f64::from(look) * scan_s + 0.013 * f64::from(object);
                let lon = 11.2 + 0.003 * since_s + 0.02 * f64::from(object);
                let place = Geodetic::from_degrees(48.3 + 0.01 * f64::from(object), lon, 9_000.0);
                let mut seen = sensor.site.to_aer(place.to_ecef());
                seen.range_m += 40.0 * geo::math::sin(f64::from(look * 7 + object * 3));
                seen.azimuth_rad += 8e-4 * geo::math::sin(f64::from(look * 5 + object)) + 5e-4;
                report(since_s, seen);
            }
            if look % 4 == 0 {
                let seen = Aer {
                    azimuth_rad: f64::from(look % 6),
                    elevation_rad: 0.05,
                    range_m: 40e3 + f64::from(look * look % 91) * 900.0,
                };
                report(f64::from(look) * scan_s + 0.3, seen);
            }
        }
        sensors.insert(sensor).unwrap();
    }
    plots.sort_by_key(|plot| plot.time);
    (plots, sensors)
}

/// The same radars at once, and very much that they see.
fn crowd() -> (Vec<Plot>, Sensors) {
    let (few, sensors) = scene();
    let beside = |plot: &Plot, number: i32| {
        let mut plot = plot.clone();
        if let Measurement::Polar(polar) = &mut plot.measurement {
            polar.azimuth_rad = polar
                .azimuth_rad
                .map(|azimuth_rad| azimuth_rad + 0.2 * f64::from(number));
        }
        plot
    };
    let first = few.iter().filter(|plot| plot.time.tai_ns() < BEGIN_NS + 10_000_000_000);
    let many = first.flat_map(|plot| (0..20).map(move |number| beside(plot, number)));
    (many.collect(), sensors)
}

/// When something is asked of the timeline, in plots taken, and where the checkpoints stand.
#[derive(Copy, Clone, Debug)]
struct Manner {
    settle_each: usize,
    picture_each: usize,
    preview_each: usize,
    ponder_each: usize,
    checkpoint_s: f64,
    method: Method,
}

type Out = (Vec<Row>, Vec<Event>, Vec<Row>);

/// Rows, events, and the last picture before the end.
fn told(plots: &[Plot], sensors: &Sensors, manner: Manner) -> (Out, Counts) {
    let options = TimelineOptions {
        lag_s: LAG_S,
        checkpoint_s: manner.checkpoint_s,
    };
    let tracking = Options {
        method: manner.method,
        ..Options::default()
    };
    let mut timeline = Timeline::new(sensors, options, tracking);
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (count, plot) in plots.iter().enumerate() {
        timeline.add(plot).unwrap();
        if count % manner.settle_each == 0 {
            let (more, happened) = timeline.settle(&Sequential);
            rows.extend(more);
            events.extend(happened);
        }
        if count % manner.picture_each == 0 {
            timeline.picture(&Sequential);
        }
        if count % manner.preview_each == 0 {
            timeline.preview(&Sequential);
        }
        if count % manner.ponder_each == 0 {
            timeline.ponder(8, &Sequential);
        }
    }
    let picture = timeline.picture(&Sequential).tracks();
    let (more, happened) = timeline.finish(&Sequential);
    rows.extend(more);
    events.extend(happened);
    ((rows, events, picture), timeline.counts())
}

/// Sorted plots, one after the other, nothing asked before the end.
const PLAIN: Manner = Manner {
    settle_each: usize::MAX,
    picture_each: usize::MAX,
    preview_each: usize::MAX,
    ponder_each: usize::MAX,
    checkpoint_s: f64::INFINITY,
    method: Method::Gnn,
};

/// By how much plots are late: most not at all, some as late as may be.
fn seldom_late() -> impl Strategy<Value = f64> {
    prop_oneof![20 => Just(0.0), 1 => 0.0..LAG_S, 1 => LAG_S - 0.5..LAG_S]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Plots late by anything up to the lag, some of them twice: the bits of the sorted ones.
    #[test]
    fn the_order_of_arrival_changes_no_bit(
        late_s in prop::collection::vec(seldom_late(), 64),
        again in prop::collection::vec(any::<bool>(), 17),
        settle_each in 1_usize..40,
        picture_each in 1_usize..40,
        preview_each in 1_usize..10,
        ponder_each in 1_usize..4,
        checkpoint_s in prop_oneof![Just(0.0), 0.01..0.5, 0.01..10.0, Just(f64::INFINITY)],
        method in prop_oneof![Just(Method::Gnn), Just(Method::Mht)],
    ) {
        let (plots, sensors) = scene();
        let manner = Manner { settle_each, picture_each, preview_each, ponder_each, checkpoint_s, method };
        let mut arriving: Vec<(f64, &Plot)> = Vec::new();
        let mut twice = 0;
        for (at, plot) in plots.iter().enumerate() {
            let since_s = (plot.time.tai_ns() - BEGIN_NS) as f64 * 1e-9;
            arriving.push((since_s + late_s[at % 64], plot));
            if again[at % 17] {
                arriving.push((since_s + late_s[(at * 5 + 1) % 64], plot));
                twice += 1;
            }
        }
        arriving.sort_by(|a, b| a.0.total_cmp(&b.0));
        let arriving: Vec<Plot> = arriving.into_iter().map(|(_, plot)| plot.clone()).collect();
        let (sorted, _) = told(&plots, &sensors, Manner { method, ..PLAIN });
        let (shuffled, counts) = told(&arriving, &sensors, manner);
        prop_assert!(sorted.0.len() > 200 && sorted.2.len() >= 3, "{} rows, {} tracks", sorted.0.len(), sorted.2.len());
        prop_assert_eq!(&shuffled.0, &sorted.0);
        prop_assert_eq!(&shuffled.1, &sorted.1);
        prop_assert_eq!(&shuffled.2, &sorted.2);
        prop_assert_eq!(counts, Counts { taken: plots.len() as u64, duplicate: twice, ..Counts::default() });
    }

    /// What is older than the lag is counted and said to be late, and changes nothing.
    #[test]
    fn what_is_too_late_is_counted(
        left_out in prop::collection::btree_set(0_usize..100, 1..20),
        picture_each in 1_usize..40,
        checkpoint_s in 0.0..3.0,
    ) {
        let (plots, sensors) = scene();
        let manner = Manner { settle_each: 1, picture_each, checkpoint_s, ..PLAIN };
        let (late, timely): (Vec<_>, Vec<_>) = plots.into_iter().enumerate().partition(|(at, _)| left_out.contains(at));
        let plain = |part: Vec<(usize, Plot)>| -> Vec<Plot> { part.into_iter().map(|(_, plot)| plot).collect() };
        let (late, timely) = (plain(late), plain(timely));
        let (without, _) = told(&timely, &sensors, PLAIN);
        let (with, counts) = told(&[timely.clone(), late.clone()].concat(), &sensors, manner);
        prop_assert_eq!(with, without);
        let expected = Counts { taken: timely.len() as u64, late: late.len() as u64, ..Counts::default() };
        prop_assert_eq!(counts, expected);
    }
}

/// A preview after each plot has the objects of the picture, where they are, and says whether it is the picture.
#[test]
fn a_preview_is_the_picture_but_for_what_is_open() {
    let (mut plots, sensors) = scene();
    // As they come over a network: neighbours out of their order.
    plots
        .chunks_exact_mut(2)
        .skip(20)
        .step_by(3)
        .for_each(|pair| pair.swap(0, 1));
    let options = TimelineOptions {
        lag_s: LAG_S,
        ..TimelineOptions::default()
    };
    let [mut hasty, mut exact] = [(); 2].map(|()| Timeline::new(&sensors, options, Options::default()));
    let (mut previews, mut renewed) = (0, 0);
    for plot in &plots {
        hasty.add(plot).unwrap();
        exact.add(plot).unwrap();
        let [preview, picture] =
            [hasty.preview(&Sequential), exact.picture(&Sequential)].map(|tracker| tracker.tracks());
        let place = |row: &Row| row.belief.mean.fixed_rows::<3>(0).into_owned();
        for row in &picture {
            let off_m = preview.iter().map(|other| (place(other) - place(row)).norm());
            let off_m = off_m.fold(f64::INFINITY, f64::min);
            assert!(off_m < 100.0, "{off_m} m from {} at {}", row.track, plot.time);
        }
        assert_eq!(preview.len(), picture.len(), "at {}", plot.time);
        previews += usize::from(!hasty.is_exact());
        while hasty.ponder(8, &Sequential) {
            if hasty.is_exact() {
                renewed += 1;
                assert_eq!(hasty.preview(&Sequential).tracks(), picture, "at {}", plot.time);
            }
        }
    }
    assert!(
        previews > 100 && renewed > 50,
        "{previews} previews, {renewed} made anew"
    );
    assert_eq!(hasty.picture(&Sequential).tracks(), exact.picture(&Sequential).tracks());
    assert!(hasty.is_exact());
}

/// What comes late is not taken on top of what is newer: it is missing, and says so, until enough of it is.
#[test]
fn what_comes_late_is_missing_for_a_moment() {
    let (plots, sensors) = crowd();
    let late_s = |plot: &Plot| if *plot.sensor == *"b" { 0.3 } else { 0.0 };
    let mut arriving: Vec<&Plot> = plots.iter().collect();
    arriving.sort_by_key(|plot| (plot.time + late_s(plot)).tai_ns());
    let options = TimelineOptions {
        lag_s: LAG_S,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&sensors, options, Options::default());
    let (mut missing, mut longest, mut ever) = (0, 0, 0);
    for plot in arriving {
        timeline.add(plot).unwrap();
        timeline.preview(&Sequential);
        missing = if timeline.has_missing() { missing + 1 } else { 0 };
        longest = longest.max(missing);
        ever += missing.min(1);
        assert!(!(timeline.has_missing() && timeline.is_exact()));
    }
    assert!(ever > 20 && longest < 400, "{ever} times, {longest} plots at most");
    timeline.picture(&Sequential);
    assert!(!timeline.has_missing() && timeline.is_exact());
}

/// One plot late by some seconds makes only what follows it anew, and the checkpoints stay few.
#[test]
fn a_late_plot_costs_its_own_time() {
    let (plots, sensors) = scene();
    let options = TimelineOptions {
        lag_s: 60.0,
        checkpoint_s: 0.5,
    };
    let mut timeline = Timeline::new(&sensors, options, Options::default());
    let (late, others): (Vec<_>, Vec<_>) = plots
        .iter()
        .partition(|plot| (plot.time.tai_ns() - BEGIN_NS) % 4_000_000_000 < 50_000_000);
    for plot in others {
        timeline.add(plot).unwrap();
        timeline.picture(&Sequential);
    }
    assert!(
        (10..50).contains(&timeline.checkpoints.len()),
        "{}",
        timeline.checkpoints.len()
    );
    let newest = timeline.clocks.agreed().unwrap();
    for plot in late.iter().rev() {
        let age_s = newest - plot.time;
        timeline.picture(&Sequential);
        timeline.add(plot).unwrap();
        let back_s = (newest.tai_ns() - timeline.checkpoints.newest_ns().max(BEGIN_NS)) as f64 * 1e-9;
        assert!(back_s < age_s * 1.25 + 1.0, "{age_s} s late, {back_s} s anew");
    }
}

/// A sensor that is admitted when its first plot comes, between others or behind them.
#[derive(Copy, Clone, Debug)]
struct Late {
    name: &'static str,
    /// Its plots begin so much later.
    from_s: f64,
}

/// What comes out, with places in the whole list, where sensors are admitted as their plots come.
fn told_admitting(plots: &[Plot], known: Sensors, all: &Sensors, manner: Manner) -> (Out, usize) {
    let options = TimelineOptions {
        lag_s: LAG_S,
        checkpoint_s: manner.checkpoint_s,
    };
    let tracking = Options {
        method: manner.method,
        tracklets_s: Some(5.0),
        ..Options::default()
    };
    let mut timeline = Timeline::new(&known, options, tracking);
    let (mut rows, mut events, mut admitted) = (Vec::new(), Vec::new(), 0);
    let named = |timeline: &Timeline, mut row: Row| {
        for sensor in &mut row.sensors {
            *sensor = all.index_of(&timeline.sensors().as_slice()[*sensor].name).unwrap();
        }
        row
    };
    for (count, plot) in plots.iter().enumerate() {
        if timeline.sensors().index_of(&plot.sensor).is_err() {
            let place = all.index_of(&plot.sensor).unwrap();
            timeline.admit(all.as_slice()[place].clone()).unwrap();
            admitted += 1;
        }
        timeline.add(plot).unwrap();
        if count % manner.settle_each == 0 {
            let (more, happened) = timeline.settle(&Sequential);
            rows.extend(more.into_iter().map(|row| named(&timeline, row)));
            events.extend(happened);
        }
        if count % manner.picture_each == 0 {
            timeline.picture(&Sequential);
        }
        if count % manner.preview_each == 0 {
            timeline.preview(&Sequential);
        }
        if count % manner.ponder_each == 0 {
            timeline.ponder(8, &Sequential);
        }
    }
    let picture = timeline.picture(&Sequential).tracks();
    let picture = picture.into_iter().map(|row| named(&timeline, row)).collect();
    let (more, happened) = timeline.finish(&Sequential);
    rows.extend(more.into_iter().map(|row| named(&timeline, row)));
    events.extend(happened);
    ((rows, events, picture), admitted)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Known from the beginning or admitted just before its first plot: the same bits.
    #[test]
    fn a_sensor_may_become_known_late(
        late in prop::collection::vec(
            (prop::sample::select(vec!["a", "b", "c"]), 0.0..40.0).prop_map(|(name, from_s)| Late { name, from_s }),
            1..3,
        ),
        is_direction_only in any::<bool>(),
        settle_each in 1_usize..40,
        picture_each in 1_usize..40,
        preview_each in 1_usize..10,
        ponder_each in 1_usize..4,
        checkpoint_s in prop_oneof![Just(0.0), 0.01..3.0],
        late_s in prop::collection::vec(seldom_late(), 64),
        method in prop_oneof![Just(Method::Gnn), Just(Method::Mht)],
    ) {
        let (mut plots, all) = scene();
        let is_late = |sensor: &str| late.iter().find(|late| late.name == sensor);
        plots.retain(|plot| {
            let since_s = (plot.time.tai_ns() - BEGIN_NS) as f64 * 1e-9;
            is_late(&plot.sensor).is_none_or(|late| since_s >= late.from_s)
        });
        for plot in plots.iter_mut().filter(|_| is_direction_only) {
            if let Measurement::Polar(polar) = &mut plot.measurement {
                polar.range_m = None;
            }
        }
        let since_s = |(at, plot): &(usize, Plot)| (plot.time.tai_ns() - BEGIN_NS) as f64 * 1e-9 + late_s[at % 64];
        let mut arriving: Vec<(usize, Plot)> = plots.into_iter().enumerate().collect();
        arriving.sort_by(|a, b| since_s(a).total_cmp(&since_s(b)));
        let arriving: Vec<Plot> = arriving.into_iter().map(|(_, plot)| plot).collect();
        let mut known = Sensors::default();
        for sensor in all.as_slice().iter().filter(|sensor| is_late(&sensor.name).is_none()) {
            known.insert(sensor.clone()).unwrap();
        }
        let manner = Manner { settle_each, picture_each, preview_each, ponder_each, checkpoint_s, method };
        let (from_the_start, none) = told_admitting(&arriving, all.clone(), &all, manner);
        let (later, some) = told_admitting(&arriving, known, &all, manner);
        prop_assert_eq!(none, 0);
        prop_assert!(some > 0 && !from_the_start.0.is_empty(), "{} admitted, {} rows", some, from_the_start.0.len());
        prop_assert_eq!(format!("{:?}", later), format!("{:?}", from_the_start));
    }

    /// Coarse copies of plots, before them or after them, some of them twice: as if only the plots had come.
    #[test]
    fn a_coarse_copy_of_what_was_measured_leaves_nothing(
        copied in prop::collection::btree_set(20_usize..420, 1..40),
        late_s in prop::collection::vec(prop_oneof![Just(0.0), 0.0..LAG_S - 2.0], 17),
        picture_each in 1_usize..40,
        checkpoint_s in 0.0..3.0,
    ) {
        let (plots, sensors) = with_coarse();
        let since_s = |plot: &Plot| (plot.time.tai_ns() - BEGIN_NS) as f64 * 1e-9;
        let mut arriving: Vec<(f64, Plot)> = plots.iter().map(|plot| (since_s(plot), plot.clone())).collect();
        for at in &copied {
            let coarse = coarse(&plots[*at], &sensors);
            arriving.push((since_s(&plots[*at]) + late_s[at % 17] - 1.0, coarse));
        }
        arriving.sort_by(|a, b| a.0.total_cmp(&b.0));
        let options = TimelineOptions { lag_s: LAG_S, checkpoint_s };
        let mut timeline = Timeline::new(&sensors, options, Options::default());
        let (mut rows, mut events) = (Vec::new(), Vec::new());
        for (at, (_, plot)) in arriving.iter().enumerate() {
            match &*plot.sensor {
                COARSE => timeline.add_coarse(plot, 1.0).unwrap(),
                _ => timeline.add_measured(plot, COARSE, 1.0).unwrap(),
            };
            if at % picture_each == 0 {
                timeline.picture(&Sequential);
                let (more, happened) = timeline.settle(&Sequential);
                rows.extend(more);
                events.extend(happened);
            }
        }
        let picture = timeline.picture(&Sequential).tracks();
        let (more, happened) = timeline.finish(&Sequential);
        rows.extend(more);
        events.extend(happened);
        let (without, _) = told(&plots, &sensors, PLAIN);
        prop_assert_eq!((rows, events, picture), without);
        prop_assert_eq!(timeline.counts().withdrawn, copied.len() as u64);
    }

    /// What is coarse alone makes one track of an object, however many radars stand behind it, in any order.
    #[test]
    fn coarse_plots_alone_make_one_track_each(order in Just((0..200_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let (plots, sensors) = with_coarse();
        let is_near = |polar: Polar| polar.range_m < Some(60e3);
        let of_object = |plot: &&Plot| matches!(plot.measurement, Measurement::Polar(polar) if is_near(polar));
        let coarse: Vec<Plot> = plots.iter().filter(of_object).take(200).map(|plot| coarse(plot, &sensors)).collect();
        let told = |order: &[usize]| {
            let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
            for at in order.iter().filter(|at| **at < coarse.len()) {
                timeline.add_coarse(&coarse[*at], 1.0).unwrap();
            }
            let picture = timeline.picture(&Sequential).tracks();
            (timeline.finish(&Sequential), picture)
        };
        let shuffled = told(&order);
        prop_assert!(!shuffled.1.is_empty() && shuffled.1.len() <= 3, "{} tracks", shuffled.1.len());
        prop_assert_eq!(shuffled, told(&(0..200).collect::<Vec<_>>()));
    }
}

const COARSE: &str = "own/coarse";

/// The scene, and a source of coarse plots of the same owner.
fn with_coarse() -> (Vec<Plot>, Sensors) {
    let (plots, mut sensors) = scene();
    let mut source = Sensor::new(COARSE, "own", Geodetic::from_degrees(0.0, 0.0, 0.0));
    source.measures = vec![plot::Quantity::Position];
    sensors.insert(source).unwrap();
    (plots, sensors)
}

/// About where and when a plot was.
fn coarse(plot: &Plot, sensors: &Sensors) -> Plot {
    let Measurement::Polar(polar) = plot.measurement else {
        panic!("scenes are polar")
    };
    let seen = Aer {
        azimuth_rad: polar.azimuth_rad.unwrap(),
        elevation_rad: polar.elevation_rad.unwrap(),
        range_m: polar.range_m.unwrap(),
    };
    let sensor = &sensors.as_slice()[sensors.index_of(&plot.sensor).unwrap()];
    let geodetic = Geodetic::from_ecef(sensor.site.from_aer(seen));
    let second_ns = 1_000_000_000;
    let time_ns = plot.time.tai_ns() + second_ns / 2;
    Plot {
        time: Time::from_tai_ns(time_ns - time_ns.rem_euclid(second_ns)),
        sensor: COARSE.into(),
        measurement: Measurement::Position(plot::PositionFix {
            geodetic,
            velocity: None,
        }),
        sigmas: Sigmas {
            position_m: Some(500.0),
            height_m: Some(500.0),
            ..Sigmas::default()
        },
        ..plot.clone()
    }
}

/// What is coarse is on a grid, in which an object stays for seconds: that is no old position, and no sensor that is
/// stuck.
#[test]
fn a_source_of_coarse_plots_that_says_a_place_twice_is_believed() {
    let (_, sensors) = with_coarse();
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    let cell_m = 2_048.0;
    for second in 0..120_i64 {
        // 300 m/s, so that seven plots or so in a row say one place.
        let east_m = (300.0 * second as f64 / cell_m).round() * cell_m;
        let at = geo::Position::<geo::Ecef>::new(-3_000_000.0 + east_m, 4_000_000.0, 4_100_000.0);
        let plot = Plot {
            time: Time::from_tai_ns(BEGIN_NS + second * 1_000_000_000),
            sensor: COARSE.into(),
            measurement: Measurement::Position(plot::PositionFix {
                geodetic: Geodetic::from_ecef(at),
                velocity: None,
            }),
            sigmas: Sigmas {
                position_m: Some(2.0 * cell_m),
                height_m: Some(2.0 * cell_m),
                ..Sigmas::default()
            },
            snr_db: None,
            target: None,
            truth: None,
        };
        assert_eq!(timeline.add_coarse(&plot, 1.0).unwrap(), Fate::Taken);
    }
    timeline.finish(&Sequential);
    let doubts: Vec<_> = timeline.drain_sensor_events();
    assert!(doubts.is_empty(), "{doubts:?}");
    let report = &timeline.sensor_reports()[sensors.index_of(COARSE).unwrap()];
    assert_eq!(report.contained, 0);
    assert_eq!(timeline.picture(&Sequential).count().1, 1);
}

/// A node runs for months.
#[test]
fn who_skips_what_is_settled_keeps_none_of_it() {
    let (plots, sensors) = scene();
    let options = TimelineOptions {
        lag_s: 1.0,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&sensors, options, Options::default());
    let (late, others) = plots.split_at(20);
    for plot in others.iter().chain(late) {
        timeline.add(plot).unwrap();
    }
    timeline.finish(&Sequential);
    assert!(timeline.counts().late > 0 && !timeline.late.is_empty());
    timeline.skip();
    assert!(timeline.drain_late().is_empty());
    assert!(timeline.forecasts(&Sequential).is_empty());
}
