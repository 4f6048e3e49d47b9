//! Our metrics on the same pictures as Stone Soup's, and our intervals beside scipy's.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use std::collections::BTreeMap;

use geo::Time;
use geo::math::{hypot, pow, sin_cos};
use nalgebra::{Matrix4, Matrix6, Vector3};
use score::{Containment, Cutoff, Information, Picture, Thing, errors, gospa, nees_interval, ospa, ospa2, siap};
use serde_json::Value;

/// Relative, of every figure.
const TOLERANCE: f64 = 1e-9;

/// The largest difference that was seen, by what was compared.
#[derive(Default)]
struct Worst(BTreeMap<String, (usize, f64)>);

impl Worst {
    fn compare(&mut self, what: &str, ours: f64, theirs: f64, tolerance: f64) {
        let off = (ours - theirs).abs() / theirs.abs().max(1e-3);
        assert!(off <= tolerance, "{what}: ours {ours}, theirs {theirs}");
        let entry = self.0.entry(what.to_owned()).or_default();
        *entry = (entry.0 + 1, entry.1.max(off));
    }

    fn tell(&self) {
        for (what, (count, off)) in &self.0 {
            println!("{what}: {count} figures within {off:.1e}");
        }
    }
}

fn cases() -> Value {
    serde_json::from_str(include_str!("cases.json")).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// All things at an instant; tracks with their covariances.
fn things(side: &Value, instant: usize, covariances: Option<&Value>) -> Vec<Thing> {
    let mut things = Vec::new();
    for (name, course) in side.as_object().unwrap() {
        let Some(state) = course.get(instant.to_string()) else {
            continue;
        };
        let state = numbers(state);
        let part = |from: usize| Vector3::from_column_slice(&state[from..from + 3]);
        let mut thing = Thing::new(name.parse().unwrap(), part(0), part(3));
        thing.covariance = covariances.map(|all| {
            let rows: Vec<Vec<f64>> = all[name].as_array().unwrap().iter().map(numbers).collect();
            Matrix6::from_fn(|i, j| rows[i][j])
        });
        things.push(thing);
    }
    things
}

fn history(case: &Value) -> Vec<Picture> {
    let start: Time = "2022-01-05T00:00:00Z".parse().unwrap();
    let picture = |instant: usize| Picture {
        time: start + instant as f64,
        tracks: things(&case["tracks"], instant, Some(&case["covariances"])),
        truths: things(&case["truths"], instant, None),
    };
    (0..40).map(picture).collect()
}

fn places(things: &[Thing]) -> Vec<Vector3<f64>> {
    things.iter().map(|thing| thing.position_m).collect()
}

#[test]
fn stone_soup_says_the_same() {
    let mut worst = Worst::default();
    for case in cases()["cases"].as_array().unwrap() {
        let found = &case["found"];
        let cutoff_m = number(&case["cutoff_m"]);
        let history = history(case);
        // Stone Soup has no metric of nothing.
        let filled: Vec<&Picture> = history
            .iter()
            .filter(|picture| !picture.tracks.is_empty() || !picture.truths.is_empty())
            .collect();
        for (name, order) in [("1", 1.0), ("2", 2.0)] {
            let cutoff = Cutoff::new(cutoff_m, order).unwrap();
            let theirs = found[format!("gospa_{name}")].as_array().unwrap();
            let distances = numbers(&found[format!("ospa_{name}")]);
            assert_eq!((filled.len(), filled.len()), (theirs.len(), distances.len()));
            for ((picture, parts), distance_m) in filled.iter().zip(theirs).zip(distances) {
                let (tracks, truths) = (places(&picture.tracks), places(&picture.truths));
                let ours = gospa(&tracks, &truths, cutoff);
                let parts = numbers(parts);
                worst.compare("GOSPA", ours.distance_m(), parts[0], TOLERANCE);
                // Theirs are to the power of the order.
                let powers = [ours.localisation_m(), ours.missed_m(), ours.false_m()].map(|part| pow(part, order));
                for (ours, theirs) in powers.into_iter().zip(&parts[1..]) {
                    worst.compare("GOSPA's parts", ours, *theirs, TOLERANCE);
                }
                worst.compare("OSPA", ospa(&tracks, &truths, cutoff).distance_m, distance_m, TOLERANCE);
            }
        }
        let cutoff = Cutoff::new(cutoff_m, 1.0).unwrap();
        for (window, theirs) in history.chunks(10).zip(numbers(&found["ospa2"])) {
            worst.compare("OSPA(2)", ospa2(window, cutoff).distance_m, theirs, TOLERANCE);
        }
        let ours = siap(&history, cutoff_m);
        for (name, ours) in [
            ("completeness", ours.completeness),
            ("ambiguity", ours.ambiguity),
            ("spuriousness", ours.spuriousness),
            ("position_m", ours.position_m),
            ("velocity_mps", ours.velocity_mps),
            ("changes_per_s", ours.changes_per_s),
            ("longest_track", ours.longest_track),
        ] {
            worst.compare(
                &format!("SIAP {name}"),
                ours.unwrap(),
                number(&found["siap"][name]),
                TOLERANCE,
            );
        }
        let ours = errors(&history, Cutoff::new(cutoff_m, 2.0).unwrap());
        for (name, ours) in [("nees", ours.state), ("nees_position", ours.position)] {
            let (mut ours, mut theirs) = (ours, numbers(&found[name]));
            assert_eq!(ours.len(), theirs.len(), "{name}");
            ours.sort_by(f64::total_cmp);
            theirs.sort_by(f64::total_cmp);
            for (ours, theirs) in ours.into_iter().zip(theirs) {
                worst.compare(name, ours, theirs, TOLERANCE);
            }
        }
    }
    worst.tell();
}

/// `[x, vx, y, vy]` after a second less the same before, by the latter, backwards.
fn back() -> Matrix4<f64> {
    let mut back = Matrix4::identity();
    (back[(0, 1)], back[(2, 3)]) = (-1.0, -1.0);
    back
}

/// Noise of a second of nearly constant velocity.
fn noise(density: f64) -> Matrix4<f64> {
    let block = [[density / 3.0, density / 2.0], [density / 2.0, density]];
    Matrix4::from_fn(|i, j| if i / 2 == j / 2 { block[i % 2][j % 2] } else { 0.0 })
}

#[test]
fn the_bound_is_stone_soups() {
    let mut worst = Worst::default();
    let bound = &cases()["bound"];
    let sigmas: Vec<Option<f64>> = numbers(&bound["prior_sigmas"]).into_iter().map(Some).collect();
    let mut known = Information::of_prior(&sigmas);
    let variances: Vec<f64> = numbers(&bound["noise_sigmas"])
        .iter()
        .map(|sigma| sigma * sigma)
        .collect();
    let probability = number(&bound["probability"]);
    let states: Vec<Vec<f64>> = bound["states"].as_array().unwrap().iter().map(numbers).collect();
    let theirs = numbers(&bound["position_rmse"])
        .into_iter()
        .zip(numbers(&bound["velocity_rmse"]));
    for (at, (state, (position_m, velocity_mps))) in states.iter().zip(theirs).enumerate() {
        if at > 0 {
            known.transport(&back());
            known.diffuse(&noise(number(&bound["process_noise"]))).unwrap();
            for sensor in bound["sensors"].as_array().unwrap() {
                let sensor = numbers(sensor);
                let (dx, dy) = (state[0] - sensor[0], state[2] - sensor[1]);
                let range_m = hypot(dx, dy);
                let (bx, by) = (-dy / (range_m * range_m), dx / (range_m * range_m));
                known.observe(&[(0, bx), (2, by)], variances[0], probability);
                known.observe(&[(0, dx / range_m), (2, dy / range_m)], variances[1], probability);
            }
        }
        let covariance = known.covariance::<4>().unwrap();
        let rms = |i: usize, j: usize| (covariance[(i, i)] + covariance[(j, j)]).sqrt();
        worst.compare("bound of position", rms(0, 2), position_m, TOLERANCE);
        worst.compare("bound of velocity", rms(1, 3), velocity_mps, TOLERANCE);
    }
    worst.tell();
}

#[test]
fn intervals_are_scipys() {
    let mut worst = Worst::default();
    for row in cases()["means"].as_array().unwrap() {
        let row = numbers(row);
        let (low, high) = nees_interval(row[0] as usize, row[1] as usize, 0.95);
        worst.compare("interval of a mean", low, row[2], 1e-8);
        worst.compare("interval of a mean", high, row[3], 1e-8);
    }
    for row in cases()["shares"].as_array().unwrap() {
        let row = numbers(row);
        let (inside, of) = (row[0] as usize, row[1] as usize);
        let (low, high) = Containment { inside, of }.interval(0.95);
        worst.compare("interval of a share", low, row[2], 1e-8);
        worst.compare("interval of a share", high, row[3], 1e-8);
    }
    worst.tell();
}

/// What papers say of pictures whose figures follow from what is drawn.
#[test]
fn published_examples() {
    let at = |x: f64, y: f64| Vector3::new(x, y, 0.0);
    // Schuhmacher, Vo & Vo (2008), figure 2, order 1, cutoff 200 m, estimates 1 m from objects: how estimates beyond
    // the number of objects are shared out among these makes no difference (scenarios D to F).
    let objects = [at(0.0, 0.0), at(500.0, 0.0)];
    let cutoff = Cutoff::new(200.0, 1.0).unwrap();
    let near = |object: f64, many: usize| {
        let place = move |i: usize| {
            let (sin, cos) = sin_cos(i as f64);
            at(object + cos, sin)
        };
        (0..many).map(place)
    };
    for (first, second) in [(1, 9), (5, 5), (9, 1)] {
        let estimates: Vec<_> = near(0.0, first).chain(near(500.0, second)).collect();
        let found = ospa(&estimates, &objects, cutoff);
        // Two of ten are off by 1 m, eight are too many.
        assert!(
            (found.distance_m - (2.0 + 8.0 * 200.0) / 10.0).abs() < 1e-9,
            "{found:?}"
        );
    }
    // Rahmathullah et al. (2017), section III: with alpha 2 a false estimate costs the same whether it lies near an
    // object that has one already or nowhere, and each missed object and each false estimate costs c^p / 2.
    for order in [1.0, 2.0] {
        let cutoff = Cutoff::new(8.0, order).unwrap();
        let power = |estimates: &[Vector3<f64>]| pow(gospa(estimates, &objects, cutoff).distance_m(), order);
        let alone = power(&[at(3.0, 0.0)]);
        let half = pow(8.0, order) / 2.0;
        assert!((alone - (pow(3.0, order) + half)).abs() < 1e-9);
        for false_one in [at(4.0, 0.0), at(-1e4, 0.0)] {
            assert!((power(&[at(3.0, 0.0), false_one]) - alone - half).abs() < 1e-9);
        }
        assert!((power(&[]) - 2.0 * half).abs() < 1e-9);
    }
}
