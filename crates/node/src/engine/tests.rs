//! Laws of the engine: nodes that hold the same show the same, whatever the order; nothing counts twice; what is of one
//! circle, or of one mode, is in no other picture.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo::{Aer, Geodetic, Time};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};
use proptest::prelude::*;
use share::digest::{Circle, Finding, circles};
use share::item::{Body, Classification, Coarse, Item, ItemId, Label};

use super::*;

const BEGIN_NS: i64 = 1_700_000_000_000_000_000;
const OWNERS: [&str; 3] = ["japan", "korea", "states"];
const SECONDS: u32 = 40;

fn owners(names: &[&str]) -> BTreeSet<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

fn label(to: &[&str]) -> Label {
    Label {
        policy: "test".into(),
        classification: Classification::Unclassified,
        releasable_to: owners(to),
        exercise: false,
        onward: false,
    }
}

fn engine(own: &str) -> Engine {
    let partners: Vec<Arc<str>> = OWNERS
        .iter()
        .filter(|name| **name != own)
        .map(|name| Arc::from(*name))
        .collect();
    Engine::new(EngineOptions::new(own.into(), circles(&own.into(), &partners, 8)))
}

fn circle(members: &[&str]) -> Circle {
    Circle {
        members: owners(members),
        exercise: false,
    }
}

fn sensor(owner: usize) -> Sensor {
    // The owners call their sensors the same.
    let place = Geodetic::from_degrees(48.0, 11.0 + 0.4 * owner as f64, 300.0);
    let mut sensor = Sensor::new("radar", OWNERS[owner], place);
    sensor.sigmas = Sigmas {
        range_m: Some(50.0),
        azimuth_rad: Some(1e-3),
        elevation_rad: Some(1e-3),
        ..Sigmas::default()
    };
    sensor.scan_s = Some(1.0);
    sensor
}

/// Where the aircraft is: each owner's radar sees it once a second, at its own instant.
fn place(since_s: f64) -> Geodetic {
    Geodetic::from_degrees(48.3, 11.2 + 0.003 * since_s, 9_000.0)
}

fn plot(owner: usize, second: u32) -> Plot {
    let since_s = f64::from(second) + 0.3 * owner as f64;
    let mut seen = sensor(owner).site.to_aer(place(since_s).to_ecef());
    seen.range_m += 40.0 * geo::math::sin(f64::from(second * 7) + owner as f64);
    let Aer {
        azimuth_rad,
        elevation_rad,
        range_m,
    } = seen;
    Plot {
        time: Time::from_tai_ns(BEGIN_NS + (since_s * 1e9) as i64),
        sensor: "radar".into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(range_m),
            azimuth_rad: Some(azimuth_rad),
            elevation_rad: Some(elevation_rad),
            ..Polar::default()
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    }
}

fn id(owner: usize, number: u32) -> ItemId {
    let mut id = [owner as u8; 16];
    id[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_be_bytes());
    ItemId(id)
}

fn item(owner: usize, body: Body, to: &[&str]) -> Item {
    Item {
        origin: OWNERS[owner].into(),
        label: label(to),
        body,
    }
}

/// The sensor of each owner, then its plots, all released to all.
fn items() -> Vec<(ItemId, Item)> {
    let mut all = Vec::new();
    for owner in 0..3 {
        all.push((
            id(owner, 1_000),
            item(owner, Body::Sensor(Box::new(sensor(owner))), &OWNERS),
        ));
    }
    for second in 0..SECONDS {
        for owner in 0..3 {
            let body = Body::Plot(Box::new(plot(owner, second)));
            all.push((id(owner, second), item(owner, body, &OWNERS)));
        }
    }
    all
}

/// Gives items to an engine, looking now and then.
fn fed(own: &str, items: &[(ItemId, Item)], look_each: usize) -> Engine {
    let mut engine = engine(own);
    for (at, (id, item)) in items.iter().enumerate() {
        engine.take(*id, item);
        if at % look_each == 0 {
            engine.look();
        }
    }
    engine.look();
    engine
}

/// Whosever it is: all hear of it, once, and until it is right.
#[test]
fn a_sensor_whose_clock_jumps_is_doubted_by_its_name() {
    let mut items = items();
    for (_, item) in &mut items {
        if let Body::Plot(plot) = &mut item.body
            && *item.origin == *OWNERS[1]
            && plot.time.tai_ns() > BEGIN_NS + 15_000_000_000
        {
            plot.time = plot.time + 3_600.0;
        }
    }
    let mut engine = engine("japan");
    let mut judged = Vec::new();
    for (id, item) in &items {
        engine.take(*id, item);
        judged.extend(engine.look().judged);
    }
    let [(name, event)] = &judged[..] else {
        panic!("{judged:?}")
    };
    assert_eq!((&**name, event.standing), ("korea/radar", track::Standing::Contained));
    assert!(matches!(event.fault, track::Fault::Clock { jump_s } if (jump_s - 3_600.0).abs() < 2.0));
    let [doubt] = &engine.doubted()[..] else {
        panic!("{:?}", engine.doubted())
    };
    assert_eq!((&*doubt.sensor, &*doubt.kind), ("korea/radar", "clock"));
}

/// What a partner is told of the picture that both hold, and when, is the same whatever else comes: that the owner
/// measures for others, or for nobody, must not show.
#[test]
fn a_shared_picture_is_settled_in_its_time_though_other_plots_go_on_coming() {
    let both = ["japan", "korea"];
    let said = |goes_on: bool| {
        let mut engine = engine("japan");
        engine.take(id(0, 1_000), &item(0, Body::Sensor(Box::new(sensor(0))), &["japan"]));
        engine.take(id(1, 1_000), &item(1, Body::Sensor(Box::new(sensor(1))), &both));
        let mut letters = Vec::new();
        for second in 0..SECONDS {
            if second < 5 {
                let body = Body::Plot(Box::new(plot(1, second)));
                engine.take(id(1, second), &item(1, body, &both));
            }
            if goes_on {
                let body = Body::Plot(Box::new(plot(0, second)));
                engine.take(id(0, second), &item(0, body, &["japan"]));
            }
            engine.look();
            let is_all = engine.rest_quiet(Time::from_tai_ns(BEGIN_NS) + f64::from(second + 1));
            assert!(!(goes_on && is_all), "plots come all the time");
            let to_korea = engine.statements().into_iter().filter(|(to, _)| **to == *"korea");
            letters.extend(to_korea.map(|(_, octets)| (second, octets)));
        }
        letters
    };
    let alone = said(false);
    // Ten seconds, the lag, after the last of korea's plots.
    assert!(alone.iter().any(|(second, _)| *second > 10), "{alone:?}");
    assert_eq!(said(true), alone);
}

/// What only a silence settles is told too.
#[test]
fn a_sensor_that_is_judged_at_rest_is_told_with_the_next_look() {
    let mut items = items();
    let until = |item: &Item, after_s: i64| item.time().tai_ns() < BEGIN_NS + after_s * 1_000_000_000;
    items.retain(|(_, item)| until(item, 24));
    for (_, item) in &mut items {
        if *item.origin == *OWNERS[1]
            && !until(item, 20)
            && let Body::Plot(plot) = &mut item.body
        {
            plot.time = plot.time + 3_600.0;
        }
    }
    let mut engine = engine("japan");
    items.iter().for_each(|(id, item)| engine.take(*id, item));
    assert_eq!(engine.look().judged, []);
    engine.rest(Time::from_tai_ns(BEGIN_NS) + 7_200.0);
    let judged = engine.look().judged;
    let names: Vec<&str> = judged.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["korea/radar"]);
    assert_eq!(engine.look().judged, []);
}

/// All plots of one owner come at once, and the sensor of another after them, which sees nothing.
#[test]
fn a_sensor_that_comes_after_the_last_plot_takes_no_object_out_of_the_picture() {
    let items = items();
    let of = |owner: usize| items.iter().filter(move |(_, item)| *item.origin == *OWNERS[owner]);
    let mut engine = engine("japan");
    of(0).for_each(|(id, item)| engine.take(*id, item));
    engine.look();
    assert_eq!(engine.tracks(), 1);
    of(1).take(1).for_each(|(id, item)| engine.take(*id, item));
    engine.look();
    assert_eq!(engine.tracks(), 1);
    let [together, alone] = engine.shown();
    assert_eq!([together.tracks.len(), alone.tracks.len()], [1, 1]);
    assert_eq!(together.tracks[0].sensors, ["japan/radar"]);
}

/// Within the lag in another order: each item up to 8 s later than it was measured.
fn arriving(items: &[(ItemId, Item)], late_s: &[f64]) -> Vec<(ItemId, Item)> {
    let at = |(index, (_, item)): &(usize, (ItemId, Item))| match &item.body {
        Body::Plot(plot) => (plot.time.tai_ns() - BEGIN_NS) as f64 * 1e-9 + late_s[index % late_s.len()],
        _ => late_s[index % late_s.len()],
    };
    let mut order: Vec<(usize, (ItemId, Item))> = items.iter().cloned().enumerate().collect();
    order.sort_by(|a, b| at(a).total_cmp(&at(b)));
    order.into_iter().map(|(_, item)| item).collect()
}

/// Lets two engines talk of their digests until nothing is left to say.
fn talk(first: (&str, &mut Engine), second: (&str, &mut Engine)) -> Vec<Found> {
    let mut letters: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut sides = [first, second];
    for at in 0..2 {
        let (other, engine) = (sides[1 - at].0, &mut sides[at].1);
        let said = engine.statements().into_iter().filter(|(to, _)| **to == *other);
        letters.extend(said.map(|(_, octets)| (1 - at, octets)));
    }
    while let Some((to, octets)) = letters.pop() {
        let from = sides[1 - to].0;
        let answers = sides[to].1.hear(from, &octets).expect("an honest partner");
        letters.extend(answers.into_iter().map(|(_, octets)| (1 - to, octets)));
    }
    sides[0].1.found()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Plots before their sensors, partners' before the own: three nodes agree, to the bit.
    #[test]
    fn nodes_that_hold_the_same_show_the_same(
        late_s in prop::collection::vec(prop::collection::vec(0.0..8.0, 31), 3),
        look_each in 1_usize..20,
    ) {
        let items = items();
        let mut engines: Vec<Engine> = (0..3)
            .map(|at| fed(OWNERS[at], &arriving(&items, &late_s[at]), look_each))
            .collect();
        engines.iter_mut().for_each(Engine::finish);
        let all = circle(&OWNERS);
        let wholes: Vec<[u8; 32]> = engines.iter_mut().map(|engine| engine.book().whole(&all)).collect();
        prop_assert_eq!(wholes[0], wholes[1]);
        prop_assert_eq!(wholes[0], wholes[2]);
        let [a, b, _] = &mut engines[..] else { panic!("three") };
        let found = talk((OWNERS[0], a), (OWNERS[1], b));
        prop_assert!(found.len() >= SECONDS as usize, "{} cycles", found.len());
        prop_assert!(found.iter().all(|found| found.finding == Finding::Agreed), "{found:?}");
        for engine in &engines {
            prop_assert_eq!(engine.counts().used, u64::from(3 * SECONDS));
            let rows = engine.scenes.rows(&View::Whole);
            prop_assert_eq!(rows.len(), 1, "one aircraft");
        }
    }

    /// One plot that one node lacks, or has otherwise, is named, and who has it.
    #[test]
    fn the_first_plot_that_differs_is_named(second in 5..SECONDS, owner in 0..3_usize, is_changed in any::<bool>()) {
        let whole = items();
        let mut other = whole.clone();
        let at = other.iter().position(|(own, _)| *own == id(owner, second)).expect("there");
        let (missing, mut changed) = other.remove(at);
        if is_changed {
            if let Body::Plot(plot) = &mut changed.body {
                plot.time = plot.time + 1e-3;
            }
            other.insert(at, (id(owner, second + 2_000), changed));
        }
        let (mut a, mut b) = (fed("japan", &whole, 7), fed("korea", &other, 3));
        a.finish();
        b.finish();
        let found = talk(("japan", &mut a), ("korea", &mut b));
        let differences: Vec<_> = found
            .iter()
            .filter_map(|found| match &found.finding {
                Finding::PlotsDiffer(difference) if found.circle == circle(&OWNERS) => Some((difference, found)),
                _ => None,
            })
            .collect();
        prop_assert_eq!(differences.len(), 1);
        let (differences, found) = ([differences[0].0], differences[0].1);
        // Japan has it, and knows of which sensor it is.
        let source = format!("{}/radar", OWNERS[owner]);
        prop_assert_eq!(found.source.as_deref(), Some(&*source));
        let words = found.words().expect("they differ");
        prop_assert!(words.contains(&source) && words.ends_with("korea does not"), "{}", words);
        prop_assert_eq!(differences[0].entry.1, missing);
        prop_assert_eq!(&*differences[0].held_by, "japan");
        prop_assert_eq!(&*differences[0].lacked_by, "korea");
    }
}

/// While all is released to all there is one timeline; then pictures part, and that of a circle is what its members
/// would see with nothing else.
/// One radar goes on alone long after the others, whose last plots come late at one node: what that node thinks is the
/// newest of more than one sensor is not what the others think. After a silence all have settled all.
#[test]
fn after_a_silence_all_have_settled_the_same() {
    let mut items = items();
    for second in SECONDS..SECONDS + 66 {
        let body = Body::Plot(Box::new(plot(0, second)));
        items.push((id(0, second), item(0, body, &OWNERS)));
    }
    let end = plot(0, SECONDS + 66).time;
    // Of the second node's items those of others than the first owner come 8 s late.
    let late_s: Vec<f64> = items
        .iter()
        .map(|(_, item)| if *item.origin == *OWNERS[0] { 0.0 } else { 8.0 })
        .collect();
    let mut engines = [fed(OWNERS[0], &items, 5), fed(OWNERS[1], &arriving(&items, &late_s), 5)];
    let all = circle(&OWNERS);
    let wholes = |engines: &mut [Engine; 2]| engines.each_mut().map(|engine| engine.book().whole(&all));
    let before = wholes(&mut engines);
    assert_ne!(before[0], before[1], "they think the same already: nothing is tested");
    for engine in &mut engines {
        assert_eq!(engine.counts().used, u64::from(3 * SECONDS + 66));
        engine.rest(end + engine.patience_s());
    }
    let after = wholes(&mut engines);
    assert_eq!(after[0], after[1]);
    // What comes of before is late; of what comes after, whatever a clock said that was ahead, nothing is.
    for engine in &mut engines {
        let (id, item) = (
            id(1, 5_000),
            item(1, Body::Plot(Box::new(plot(1, SECONDS + 60))), &OWNERS),
        );
        engine.take(id, &item);
        assert_eq!(engine.counts().late, 1);
        let ahead = Plot {
            time: plot(2, 0).time + 3_600.0,
            ..plot(2, 0)
        };
        engine.take(self::id(2, 6_000), &self::item(2, Body::Plot(Box::new(ahead)), &OWNERS));
        engine.rest(end + 2.0 * engine.patience_s());
        let late = Plot {
            time: end + 3.0 * engine.patience_s(),
            ..plot(0, 0)
        };
        engine.take(self::id(0, 7_000), &self::item(0, Body::Plot(Box::new(late)), &OWNERS));
        assert_eq!(engine.counts().late, 1);
    }
}

#[test]
fn a_circle_sees_what_all_of_it_hold() {
    let items = items();
    let mut whole = fed("japan", &items, 5);
    assert_eq!(whole.timelines(), 2, "own plots alone are another picture");
    let is_withheld = |item: &Item| *item.origin == *"states" && matches!(item.body, Body::Plot(_));
    let mut labelled = items.clone();
    for (_, item) in labelled.iter_mut().filter(|(_, item)| is_withheld(item)) {
        item.label = label(&["states", "japan"]);
    }
    let without: Vec<(ItemId, Item)> = items.iter().filter(|(_, item)| !is_withheld(item)).cloned().collect();
    let (mut parted, mut lacking) = (fed("japan", &labelled, 5), fed("korea", &without, 3));
    for engine in [&mut whole, &mut parted, &mut lacking] {
        engine.finish();
    }
    let all = circle(&OWNERS);
    assert_eq!(parted.book().whole(&all), lacking.book().whole(&all));
    assert_ne!(parted.book().whole(&all), whole.book().whole(&all));
    assert_eq!(parted.scenes.rows(&View::Whole), whole.scenes.rows(&View::Whole));
    assert!(parted.timelines() <= 4, "{}", parted.timelines());
}

/// A plot waits for its sensor; of a sensor that never comes only so many wait.
#[test]
fn plots_wait_for_their_sensor() {
    let mut engine = engine("japan");
    let items = items();
    let (sensors, plots): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|(_, item)| matches!(item.body, Body::Sensor(_)));
    for (id, item) in plots.iter().filter(|(_, item)| *item.origin == *"korea") {
        engine.take(*id, item);
    }
    assert_eq!(engine.counts().waiting, u64::from(SECONDS));
    assert_eq!(engine.look().fused.len(), 0);
    engine.take(sensors[1].0, &sensors[1].1);
    let look = engine.look();
    assert_eq!((engine.counts().waiting, look.fused.len()), (0, SECONDS as usize));
    assert_eq!(look.changed.len(), 1);
    assert_eq!(
        &*engine.sensors().as_slice()[look.changed[0].sensors[0]].name,
        "korea/radar"
    );
    let mut options = EngineOptions::new("japan".into(), Vec::new());
    options.waiting_max = 10;
    let mut bounded = Engine::new(options);
    plots.iter().for_each(|(id, item)| bounded.take(*id, item));
    let counts = bounded.counts();
    assert_eq!(
        (counts.waiting, counts.without_sensor),
        (10, u64::from(3 * SECONDS) - 10)
    );
}

/// A second description of a sensor is counted and changes nothing; a sensor is its sender's, whatever it says.
#[test]
fn a_sensor_is_described_once_by_its_owner() {
    let mut engine = engine("japan");
    let of = |owner: usize, sensor: Sensor| item(owner, Body::Sensor(Box::new(sensor)), &OWNERS);
    engine.take(id(1, 1), &of(1, sensor(1)));
    engine.take(id(1, 1), &of(1, sensor(1)));
    assert_eq!(engine.counts().sensor_changed, 0);
    let mut moved = sensor(1);
    moved.scan_s = Some(2.0);
    engine.take(id(1, 2), &of(1, moved));
    assert_eq!(engine.counts().sensor_changed, 1);
    engine.take(id(2, 1), &of(2, sensor(1)));
    let known: Vec<&str> = engine.sensors().as_slice().iter().map(|sensor| &*sensor.name).collect();
    assert_eq!(known, ["korea/radar", "states/radar"]);
    assert_eq!(&*engine.sensors().as_slice()[1].owner, "states");
}

/// Coarse copies of a partner's plots change nothing where the plots are there, and make a track where they are not.
#[test]
fn a_coarse_plot_counts_only_where_nothing_better_is_known() {
    let coarse = |second: u32| {
        let since_s = f64::from(second);
        let body = Body::Coarse(Coarse {
            time: Time::from_tai_ns(BEGIN_NS + i64::from(second) * 1_000_000_000),
            place: place(since_s),
            sigma_m: 2_000.0,
        });
        (id(1, 5_000 + second), item(1, body, &["korea", "japan"]))
    };
    let only: Vec<(ItemId, Item)> = (0..SECONDS).map(coarse).collect();
    let alone = fed("japan", &only, 1);
    let rows = alone.scenes.rows(&View::Whole);
    assert_eq!(rows.len(), 1);
    assert!(rows[0].belief.covariance[(0, 0)] > 1e4, "it is known coarsely only");
    let both: Vec<(ItemId, Item)> = items().into_iter().chain(only).collect();
    let with = fed("japan", &arriving(&both, &[0.0, 3.0, 1.0]), 3);
    let without = fed("japan", &items(), 3);
    let states = |engine: &Engine| -> Vec<_> {
        let rows = engine.scenes.rows(&View::Whole);
        rows.into_iter().map(|row| (row.time, row.belief, row.plots)).collect()
    };
    assert_eq!(states(&with), states(&without));
}

/// What a node makes for partners only comes every second for each object: no look at a picture is due for that.
#[test]
fn what_is_in_no_own_picture_is_no_news() {
    let mut engine = fed("japan", &items(), 3);
    let mut coarse = |since_s: u32| {
        let body = Body::Coarse(Coarse {
            time: Time::from_tai_ns(BEGIN_NS + i64::from(since_s) * 1_000_000_000),
            place: place(f64::from(since_s)),
            sigma_m: 2_000.0,
        });
        engine.take(id(0, 5_000 + since_s), &item(0, body, &["japan", "korea"]));
        let has_news = engine.has_news();
        engine.look();
        has_news
    };
    // With the first a sensor becomes known, for which the pictures are made anew.
    assert!(coarse(SECONDS));
    assert!(!coarse(SECONDS + 1));
    let body = Body::Plot(Box::new(plot(0, SECONDS)));
    engine.take(id(0, SECONDS), &item(0, body, &OWNERS));
    assert!(engine.has_news());
}

/// What is given away as tracks is made of own plots alone, and the own coarse copies are in no own picture.
#[test]
fn what_is_given_is_the_owners_own() {
    let items = items();
    let mut engine = engine("japan");
    let (mut given, mut changed) = (Vec::new(), Vec::new());
    for (id, item) in &items {
        engine.take(*id, item);
        let look = engine.look();
        given.extend(look.given);
        changed.extend(look.changed);
    }
    assert!(given.len() > 20, "{}", given.len());
    assert!(
        given.iter().all(|given| given.sensors == [Arc::from("radar")]),
        "own names, own sensors"
    );
    assert!(given.windows(2).all(|pair| pair[1].time - pair[0].time >= 1.0));
    let Body::Track(state) = &given[given.len() - 1].body else {
        panic!("{:?}", given[given.len() - 1])
    };
    let own: Vec<_> = items
        .iter()
        .filter(|(_, item)| *item.origin == *"japan")
        .cloned()
        .collect();
    let alone = fed("japan", &own, 1).scenes.rows(&View::Whole);
    assert_eq!(alone[0].belief.mean.as_slice(), state.state);
    assert!(
        changed.iter().any(|row| row.sensors.len() == 3),
        "the own picture has all three"
    );
}

/// An exercise is never mixed with what is real.
#[test]
fn an_exercise_is_in_no_real_picture() {
    let mut items = items();
    items.iter_mut().for_each(|(_, item)| item.label.exercise = true);
    let engine = fed("japan", &items, 3);
    assert_eq!(engine.counts().other_mode, items.len() as u64);
    assert_eq!(engine.scenes.rows(&View::Whole), vec![]);
}

/// A rule may ask what an object is doing before its plot is in the picture.
#[test]
fn the_phase_of_a_plot_to_come_is_known() {
    let engine = fed("japan", &items(), 3);
    let knowledge = engine.knowledge();
    let next = Time::from_tai_ns(BEGIN_NS + i64::from(SECONDS) * 1_000_000_000);
    let known = knowledge
        .at(place(f64::from(SECONDS)).to_ecef(), next)
        .expect("it is there");
    assert_eq!(&*known, "air-breathing");
    assert_eq!(
        knowledge.at(Geodetic::from_degrees(49.5, 11.2, 9_000.0).to_ecef(), next),
        None
    );
}

/// What partners gave does not decide what goes out to others.
#[test]
fn plots_of_partners_tell_no_phase() {
    let theirs: Vec<_> = items()
        .into_iter()
        .filter(|(_, item)| *item.origin != *"japan")
        .collect();
    let engine = fed("japan", &theirs, 3);
    assert!(!engine.scenes.rows(&View::Whole).is_empty());
    let next = Time::from_tai_ns(BEGIN_NS + i64::from(SECONDS) * 1_000_000_000);
    assert_eq!(engine.knowledge().at(place(f64::from(SECONDS)).to_ecef(), next), None);
}

/// A partner that gives warnings only is heard, the last word of each object counts.
#[test]
fn warnings_of_partners_are_notes() {
    let mut engine = engine("japan");
    let time = Time::from_tai_ns(BEGIN_NS);
    for (number, after_s) in [(1, 10.0), (2, 20.0), (3, 5.0)] {
        let note = WarningNote {
            track: "k3x9-7q2f".into(),
            time: time + after_s,
            area: vec![place(0.0); 3],
            probability: 0.95,
            arrival: [time + 300.0, time + 360.0],
        };
        engine.take(id(1, number), &item(1, Body::Warning(note), &["korea", "japan"]));
    }
    let notes: Vec<_> = engine.notes().map(|(owner, note)| (&**owner, note.time)).collect();
    assert_eq!(notes, [("korea", time + 20.0)]);
}
