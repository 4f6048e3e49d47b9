//! Covariance intersection beside Stone Soup's.

#![expect(clippy::unwrap_used, reason = "a test")]

use estimate::belief::Gaussian;
use estimate::fusion::{Criterion, intersect};
use nalgebra::{SMatrix, SVector};
use serde_json::Value;

fn numbers(case: &Value, key: &str) -> Vec<f64> {
    case[key]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn belief<const N: usize>(case: &Value, mean: &str, covariance: &str) -> Gaussian<N> {
    Gaussian::new(
        SVector::from_column_slice(&numbers(case, mean)),
        SMatrix::from_row_slice(&numbers(case, covariance)),
    )
}

fn compare<const N: usize>(case: &Value) {
    let a = belief::<N>(case, "first", "first_covariance");
    let b = belief::<N>(case, "second", "second_covariance");
    let theirs = belief::<N>(case, "mean", "covariance");
    let criterion = match case["criterion"].as_str().unwrap() {
        "determinant" => Criterion::Determinant,
        _ => Criterion::Trace,
    };
    let ours = intersect(&a, &b, criterion).unwrap();
    let weight = case["weight"].as_f64().unwrap();
    assert!(
        (ours.weight - weight).abs() < 1e-6,
        "{N} {criterion:?}: {} {weight}",
        ours.weight
    );
    let (mean, covariance) = (
        ours.belief.mean - theirs.mean,
        ours.belief.covariance - theirs.covariance,
    );
    assert!(mean.norm() < 1e-6 * theirs.mean.norm(), "{N} {criterion:?}: {mean}");
    assert!(
        covariance.norm() < 1e-6 * theirs.covariance.norm(),
        "{N} {criterion:?}: {covariance}"
    );
}

#[test]
fn weight_mean_and_covariance_are_those_of_stone_soup() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert_eq!(cases.len(), 6);
    for case in &cases {
        match numbers(case, "first").len() {
            2 => compare::<2>(case),
            4 => compare::<4>(case),
            size => {
                assert_eq!(size, 6);
                compare::<6>(case);
            }
        }
    }
}
