//! What holds of a forest after every scan, whatever the scans are.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use track::associate::forest::{Birth, Branch, Forest, ForestError, Options};
use track::associate::{Budget, Effort, Method, Pair, Pool, Problem, Sequential, associate};

/// Two threads, last task first.
struct Backwards;

impl Pool for Backwards {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 0).for_each(task));
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 1).for_each(task));
        });
    }
}

/// What leaf `leaf` is offered: five plots a scan, weights by a fixed jumble of the numbers and a seed.
fn branch(leaf: u64, scan: u64, seed: u64) -> Branch {
    let jumble = |x: u64| (leaf * 31 + scan * 17 + x * 101 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let plots = (0..5).filter(|plot| jumble(*plot) % 3 == 0);
    Branch {
        leaf,
        miss_ln: -1.5,
        pairs: plots
            .map(|plot| (scan * 5 + plot, (jumble(plot + 7) % 900) as f64 / 100.0 - 3.0))
            .collect(),
    }
}

fn births(scan: u64) -> Vec<Birth> {
    let plots = scan * 5..scan * 5 + 5;
    plots.map(|plot| Birth { plot, score_ln: 0.5 }).collect()
}

fn options() -> impl Strategy<Value = Options> {
    (0..4_usize, 1..12_usize, 3.0..20.0).prop_map(|(scans, leaves_max, ratio_ln)| Options {
        scans,
        leaves_max,
        ratio_ln,
        score_min_ln: -4.0,
        nodes_max: 2_000,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_scan_keeps_the_laws(options in options(), seed in 0..1_000_u64, out_of_view in vec(0..4_u64, 8)) {
        let mut forest = Forest::new(options);
        let mut decided: BTreeMap<u64, u64> = BTreeMap::new();
        for (scan, idle) in out_of_view.into_iter().enumerate() {
            let scan = scan as u64;
            let seen = forest.leaves().iter().filter(|leaf| leaf.tree() % 4 != idle);
            let branches: Vec<Branch> = seen.map(|leaf| branch(leaf.id(), scan, seed)).collect();
            let before = forest.clone();
            let growth = forest.grow(&branches, &births(scan), &Sequential).unwrap();

            // Neither order nor pool matter.
            let mut other = before.clone();
            let backwards: Vec<Branch> = branches.iter().rev().cloned().map(|mut branch| {
                branch.pairs.reverse();
                branch
            }).collect();
            let mut last_first = births(scan);
            last_first.reverse();
            prop_assert_eq!(&growth, &other.grow(&backwards, &last_first, &Backwards).unwrap());
            prop_assert_eq!(forest.leaves(), other.leaves());

            // A plot is decided once, and then in no other window.
            for (tree, plot) in growth.decided {
                prop_assert_eq!(decided.insert(plot, tree), None);
            }
            for leaf in forest.leaves() {
                prop_assert!(leaf.plots().all(|plot| !decided.contains_key(&plot)));
                prop_assert!(leaf.plots().count() <= options.scans);
            }

            // One leaf of a tree, no plot of two.
            let mut used = BTreeSet::new();
            for leaves in forest.trees() {
                prop_assert!(leaves.iter().filter(|leaf| leaf.chosen()).count() <= 1);
                prop_assert!(leaves.len() <= options.leaves_max);
                let chosen = leaves.iter().filter(|leaf| leaf.chosen());
                prop_assert!(chosen.flat_map(|leaf| leaf.plots()).all(|plot| used.insert(plot)));
            }

            // Scores are what the caller gave, trees are gone that are said to be.
            for leaf in forest.leaves() {
                let Some(parent) = before.leaves().iter().find(|old| Some(old.id()) == leaf.parent()) else {
                    prop_assert_eq!(leaf.score_ln(), 0.5);
                    continue;
                };
                let given = branches.iter().find(|branch| branch.leaf == parent.id());
                if leaf.id() == parent.id() {
                    prop_assert_eq!((given, leaf.score_ln()), (None, parent.score_ln()));
                } else {
                    let given = given.unwrap();
                    let weights = given.pairs.iter().map(|pair| pair.1).chain([given.miss_ln]);
                    prop_assert!(weights.map(|weight| parent.score_ln() + weight).any(|sum| sum == leaf.score_ln()));
                }
            }
            let trees = |forest: &Forest| forest.trees().map(|leaves| leaves[0].tree()).collect::<BTreeSet<_>>();
            let ended: Vec<u64> = trees(&before).difference(&trees(&forest)).copied().collect();
            prop_assert_eq!(growth.ended, ended);
        }
    }

    /// One scan, decided at once: the best set is the best assignment.
    #[test]
    fn one_scan_is_nearest_neighbours(rows in vec((-3.0..0.0, vec(proptest::option::of(-5.0..5.0), 4)), 1..6)) {
        let mut forest = Forest::new(Options { scans: 0, ratio_ln: 1e3, ..Options::default() });
        let first: Vec<Birth> = (0..rows.len()).map(|row| Birth { plot: row as u64, score_ln: 50.0 }).collect();
        forest.grow(&[], &first, &Sequential).unwrap();
        let mut problem = Problem::new(4);
        let mut branches = Vec::new();
        for ((miss_ln, weights), leaf) in rows.iter().zip(forest.leaves()) {
            let pairs: Vec<(usize, f64)> = weights.iter().enumerate().filter_map(|(at, w)| Some((at, (*w)?))).collect();
            let row: Vec<Pair> = pairs.iter().map(|&(at, w)| Pair::new(at as u32, w)).collect();
            problem.push(*miss_ln, &row).unwrap();
            branches.push(Branch {
                leaf: leaf.id(),
                miss_ln: *miss_ln,
                pairs: pairs.iter().map(|&(at, w)| (100 + at as u64, w)).collect(),
            });
        }
        let growth = forest.grow(&branches, &[], &Sequential).unwrap();
        prop_assert!(growth.disputes.iter().all(|dispute| dispute.effort == Effort::Complete));
        let answer = associate(&problem, Method::Gnn, &Budget::default(), &Sequential);
        prop_assert_eq!(forest.leaves().len(), rows.len());
        for (row, leaf) in forest.leaves().iter().enumerate() {
            let weight_ln = match answer.choice(row) {
                None => problem.miss_ln(row),
                Some(plot) => problem.pairs(row).iter().find(|pair| pair.plot == plot).unwrap().weight_ln,
            };
            prop_assert_eq!(leaf.score_ln(), 50.0 + weight_ln);
        }
    }
}

/// Two objects meet: the first scan speaks a little for the wrong plots, the second loudly for the right ones.
#[test]
fn a_later_scan_puts_an_earlier_choice_right() {
    for (scans, right) in [(0, false), (1, true), (4, true)] {
        let mut forest = Forest::new(Options {
            scans,
            ..Options::default()
        });
        let first = [10, 20].map(|plot| Birth { plot, score_ln: 5.0 });
        forest.grow(&[], &first, &Sequential).unwrap();
        let roots: Vec<u64> = forest.leaves().iter().map(|leaf| leaf.tree()).collect();
        let branches: Vec<Branch> = forest
            .leaves()
            .iter()
            .zip([[(11, 3.0), (21, 3.5)], [(11, 3.5), (21, 3.0)]])
            .map(|(leaf, pairs)| Branch {
                leaf: leaf.id(),
                miss_ln: -3.0,
                pairs: pairs.to_vec(),
            })
            .collect();
        forest.grow(&branches, &[], &Sequential).unwrap();
        // Only from where it really was does an object come to its next plot.
        let onward = |leaf: u64, tree: u64, plot: Option<u64>| {
            let pair = match (tree == roots[0], plot) {
                (true, Some(11)) => vec![(12, 4.0)],
                (false, Some(21)) => vec![(22, 4.0)],
                _ => vec![(12, -2.0), (22, -2.0)],
            };
            Branch {
                leaf,
                miss_ln: -3.0,
                pairs: pair,
            }
        };
        let leaves = forest.leaves().iter();
        let branches: Vec<Branch> = leaves.map(|leaf| onward(leaf.id(), leaf.tree(), leaf.plot())).collect();
        forest.grow(&branches, &[], &Sequential).unwrap();
        let chosen = forest.leaves().iter().filter(|leaf| leaf.chosen());
        let score: f64 = chosen.map(|leaf| leaf.score_ln()).sum();
        assert_eq!(score > 20.0, right, "scans {scans}: {score}");
    }
}

/// Each scan with what is wrong about it; the forest stays as it was.
#[test]
fn malformed_scans_are_refused() {
    let mut forest = Forest::new(Options::default());
    forest
        .grow(&[], &[Birth { plot: 1, score_ln: 1.0 }], &Sequential)
        .unwrap();
    let leaf = forest.leaves()[0].id();
    let branch = |leaf, miss_ln, pairs: &[(u64, f64)]| Branch {
        leaf,
        miss_ln,
        pairs: pairs.to_vec(),
    };
    let before = forest.leaves().to_vec();
    for (branches, births, error) in [
        (vec![branch(99, 0.0, &[])], vec![], ForestError::Leaf { leaf: 99 }),
        (vec![branch(leaf, 0.0, &[]); 2], vec![], ForestError::LeafTwice { leaf }),
        (
            vec![branch(leaf, 0.0, &[(2, 0.0), (3, 0.0), (2, 1.0)])],
            vec![],
            ForestError::PlotTwice { plot: 2 },
        ),
        (
            vec![],
            vec![Birth { plot: 4, score_ln: 1.0 }; 2],
            ForestError::PlotTwice { plot: 4 },
        ),
        (
            vec![branch(leaf, f64::INFINITY, &[])],
            vec![],
            ForestError::Weight {
                weight_ln: f64::INFINITY,
            },
        ),
        (
            vec![branch(leaf, 0.0, &[(2, f64::NEG_INFINITY)])],
            vec![],
            ForestError::Weight {
                weight_ln: f64::NEG_INFINITY,
            },
        ),
    ] {
        assert_eq!(forest.grow(&branches, &births, &Sequential), Err(error));
        assert_eq!(forest.leaves(), before);
    }
}
