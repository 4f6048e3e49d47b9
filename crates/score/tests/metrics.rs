//! Laws of the metrics: axioms of a metric, order of things, cutoffs, parts that add up, and examples by hand.

#![expect(clippy::unwrap_used, reason = "a test")]

use geo::Time;
use geo::math::pow;
use nalgebra::Vector3;
use proptest::prelude::*;
use score::{Cutoff, Picture, SiapTally, Thing, gospa, ospa, ospa2, siap};

fn cutoff(cutoff_m: f64, order: f64) -> Cutoff {
    Cutoff::new(cutoff_m, order).unwrap()
}

fn points() -> impl Strategy<Value = Vec<Vector3<f64>>> {
    prop::collection::vec(prop::array::uniform3(-20.0..20.0_f64).prop_map(Vector3::from), 0..7)
}

fn order() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(2.0), 1.0..5.0]
}

/// Ten instants of up to four things, each from one instant to another.
fn histories() -> impl Strategy<Value = Vec<Vec<Thing>>> {
    let course = (0_usize..10, 0_usize..10, prop::array::uniform3(-20.0..20.0_f64));
    prop::collection::vec(course, 0..4).prop_map(|courses| {
        let at = |instant: usize| {
            let alive = courses
                .iter()
                .enumerate()
                .filter(move |(_, c)| (c.0..=c.1).contains(&instant));
            let thing = |(id, c): (usize, &(usize, usize, [f64; 3]))| {
                Thing::new(
                    id,
                    Vector3::from(c.2) + Vector3::repeat(instant as f64),
                    Vector3::zeros(),
                )
            };
            alive.map(thing).collect()
        };
        (0..10).map(at).collect()
    })
}

fn window(tracks: &[Vec<Thing>], truths: &[Vec<Thing>]) -> Vec<Picture> {
    let start: Time = "2022-01-05T00:00:00Z".parse().unwrap();
    let picture = |(i, (tracks, truths)): (usize, (&Vec<Thing>, &Vec<Thing>))| Picture {
        time: start + i as f64,
        tracks: tracks.clone(),
        truths: truths.clone(),
    };
    tracks.iter().zip(truths).enumerate().map(picture).collect()
}

proptest! {
    #[test]
    fn they_are_metrics(a in points(), b in points(), c in points(), p in order()) {
        let cut = cutoff(15.0, p);
        let of_gospa = |a: &[_], b: &[_]| gospa(a, b, cut).distance_m();
        let of_ospa = |a: &[_], b: &[_]| ospa(a, b, cut).distance_m;
        for distance in [&of_gospa as &dyn Fn(&[_], &[_]) -> f64, &of_ospa] {
            prop_assert!(distance(&a, &a) == 0.0);
            prop_assert!((distance(&a, &b) - distance(&b, &a)).abs() < 1e-9);
            prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c) + 1e-9);
        }
        prop_assert!(of_ospa(&a, &b) <= 15.0 + 1e-9);
    }

    #[test]
    fn windows_of_tracks_are_a_metric(a in histories(), b in histories(), c in histories(), p in order()) {
        let distance = |a: &[_], b: &[_]| ospa2(&window(a, b), cutoff(15.0, p)).distance_m;
        prop_assert!(distance(&a, &a) == 0.0);
        prop_assert!((distance(&a, &b) - distance(&b, &a)).abs() < 1e-9);
        prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c) + 1e-9);
    }

    #[test]
    fn the_order_of_things_changes_nothing(a in points(), b in points(), p in order(), turn in 0_usize..7) {
        let mut turned = a.clone();
        turned.rotate_left(turn % a.len().max(1));
        let (plain, other) = (gospa(&a, &b, cutoff(15.0, p)), gospa(&turned, &b, cutoff(15.0, p)));
        prop_assert!((plain.distance_m() - other.distance_m()).abs() < 1e-9);
        prop_assert_eq!((plain.missed, plain.false_tracks), (other.missed, other.false_tracks));
    }

    #[test]
    fn parts_add_up(a in points(), b in points(), p in order()) {
        let found = gospa(&a, &b, cutoff(15.0, p));
        let parts = [found.localisation_m(), found.missed_m(), found.false_m()];
        let sum: f64 = parts.iter().map(|part| pow(*part, p)).sum();
        prop_assert!((sum - pow(found.distance_m(), p)).abs() < 1e-9 * (1.0 + sum));
        prop_assert_eq!(found.assigned + found.missed, b.len());
        prop_assert_eq!(found.assigned + found.false_tracks, a.len());
        let found = ospa(&a, &b, cutoff(15.0, p));
        let sum = pow(found.localisation_m, p) + pow(found.cardinality_m, p);
        prop_assert!((sum - pow(found.distance_m, p)).abs() < 1e-9 * (1.0 + sum));
    }
}

fn at(x: f64) -> Vector3<f64> {
    Vector3::new(x, 0.0, 0.0)
}

#[test]
fn the_cutoff_is_where_a_pair_ends() {
    let cut = cutoff(10.0, 2.0);
    let near = gospa(&[at(9.999)], &[at(0.0)], cut);
    assert_eq!((near.assigned, near.missed, near.false_tracks), (1, 0, 0));
    let far = gospa(&[at(10.0)], &[at(0.0)], cut);
    assert_eq!((far.assigned, far.missed, far.false_tracks), (0, 1, 1));
    assert!((far.distance_m() - 10.0).abs() < 1e-12);
    assert_eq!(ospa(&[at(1e9)], &[at(0.0)], cut).distance_m, 10.0);
    assert_eq!(ospa(&[], &[at(0.0)], cut).cardinality_m, 10.0);
    assert_eq!(ospa(&[], &[], cut).distance_m, 0.0);
    for (cutoff_m, order) in [
        (0.0, 1.0),
        (-1.0, 1.0),
        (f64::NAN, 1.0),
        (1.0, 0.5),
        (1.0, f64::INFINITY),
    ] {
        assert!(Cutoff::new(cutoff_m, order).is_err());
    }
}

#[test]
fn the_nearest_is_not_always_the_right_one() {
    // Taking the nearest pair first (1 m) leaves 9 m for the other: 10 m. The best is 4 + 4.
    let found = gospa(&[at(0.0), at(5.0)], &[at(4.0), at(9.0)], cutoff(100.0, 1.0));
    assert_eq!(found.localisation_m(), 8.0);
}

/// One object for ten instants.
fn alone() -> Vec<Vec<Thing>> {
    (0..10).map(|_| vec![Thing::new(0, at(0.0), at(0.0))]).collect()
}

#[test]
fn a_track_that_breaks_costs() {
    let truth = alone();
    let broken: Vec<Vec<Thing>> = (0..10)
        .map(|i| vec![Thing::new(usize::from(i >= 5), at(1.0), at(0.5))])
        .collect();
    let cut = cutoff(10.0, 1.0);
    // One half is 1 m off and 10 m for the other half: 5.5 m; the other track is one too many: 10 m.
    let found = ospa2(&window(&broken, &truth), cut);
    assert!((found.distance_m - 7.75).abs() < 1e-12, "{found:?}");
    assert!((found.localisation_m - 2.75).abs() < 1e-12 && (found.cardinality_m - 5.0).abs() < 1e-12);
    let found = siap(&window(&broken, &truth), 10.0);
    assert_eq!(
        (found.completeness, found.ambiguity, found.spuriousness),
        (Some(1.0), Some(1.0), Some(0.0))
    );
    assert_eq!((found.position_m, found.velocity_mps), (Some(1.0), Some(0.5)));
    // 4 s under each number, 1 s between them, 9 s of life.
    assert_eq!(
        (found.changes_per_s, found.longest_track),
        (Some(1.0 / 8.0), Some(4.0 / 9.0))
    );
}

/// A track that comes back after a gap is needed once more for SIAP, but is no other track.
#[test]
fn a_track_that_comes_back_is_no_break() {
    let tracks: Vec<Vec<Thing>> = (0..10)
        .map(|i| match i {
            0..4 => vec![Thing::new(1, at(1.0), at(0.0))],
            4..6 => Vec::new(),
            6..8 => vec![Thing::new(1, at(1.0), at(0.0))],
            _ => vec![Thing::new(2, at(1.0), at(0.0))],
        })
        .collect();
    let mut tally = SiapTally::new(10.0);
    window(&tracks, &alone()).iter().for_each(|picture| tally.add(picture));
    assert_eq!((tally.shown()[0].breaks, tally.shown()[0].tracks), (1, 2));
    // 3 s, 1 s and 1 s are tracked, by three stretches.
    assert_eq!(tally.siap().changes_per_s, Some(2.0 / 5.0));
}

#[test]
fn two_tracks_on_one_object_and_one_on_none() {
    let truth = alone();
    let tracks: Vec<Vec<Thing>> = (0..10)
        .map(|_| {
            [1.0, 2.0, 500.0]
                .into_iter()
                .enumerate()
                .map(|(id, x)| Thing::new(id, at(x), at(0.0)))
                .collect()
        })
        .collect();
    let found = siap(&window(&tracks, &truth), 10.0);
    assert_eq!((found.ambiguity, found.spuriousness), (Some(2.0), Some(1.0 / 3.0)));
    assert_eq!((found.longest_track, found.changes_per_s), (Some(1.0), Some(0.0)));
    assert_eq!(siap(&[], 10.0).completeness, None);
}
