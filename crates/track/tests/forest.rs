//! What holds of the best set of leaves, whatever the trees are.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use track::associate::forest::{Leaf, Options, PlotId, Selection, Tree, select};
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

/// Every leaf branches into one without a plot and some with one of five plots of the scan, by a fixed jumble of what
/// it took before and a seed.
fn branched(trees: &[Tree], scan: u64, seed: u64) -> Vec<Tree> {
    let offers = |leaf: &Leaf, at: u64| {
        let past = leaf
            .window
            .iter()
            .fold(seed + at, |sum, plot| sum * 31 + plot.unwrap_or(7));
        let jumble = move |x: u64| (past * 31 + scan * 17 + x * 101).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let plots = (0..5).filter(move |plot| jumble(*plot) % 3 == 0);
        plots.map(move |plot| (scan * 5 + plot, (jumble(plot + 7) % 900) as f64 / 100.0 - 3.0))
    };
    let grown = |leaf: &Leaf, plot: Option<PlotId>, weight_ln: f64| Leaf {
        score_ln: leaf.score_ln + weight_ln,
        window: leaf.window.iter().copied().chain([plot]).collect(),
    };
    let branches = |tree: &Tree, at: u64| -> Tree {
        let each = tree.iter().flat_map(|leaf| {
            let some = offers(leaf, at).map(|(plot, weight_ln)| grown(leaf, Some(plot), weight_ln));
            [grown(leaf, None, -1.5)].into_iter().chain(some)
        });
        each.collect()
    };
    (0..).zip(trees).map(|(at, tree)| branches(tree, at)).collect()
}

/// What the caller keeps; plots that no leaf holds begin trees.
fn kept(trees: &[Tree], selection: &Selection, scan: u64) -> Vec<Tree> {
    let of = |tree: &Tree, at: &usize| tree[*at].clone();
    let mut out: Vec<Tree> = Vec::new();
    for (tree, verdict) in trees.iter().zip(&selection.verdicts) {
        out.push(verdict.kept.iter().map(|at| of(tree, at)).collect());
    }
    let plots = out.iter().flatten().flat_map(|leaf| leaf.window.iter().flatten());
    let used: BTreeSet<PlotId> = plots.copied().collect();
    for (tree, verdict) in out.iter_mut().zip(&selection.verdicts) {
        if verdict.is_decided {
            tree.iter_mut().for_each(|leaf| _ = leaf.window.remove(0));
        }
    }
    let born = (scan * 5..scan * 5 + 5).filter(|plot| !used.contains(plot));
    out.extend(born.map(|_| vec![Leaf::default()]));
    out
}

fn options() -> impl Strategy<Value = Options> {
    (0..4_usize, 1..12_usize, 3.0..20.0).prop_map(|(scans, leaves_max, ratio_ln)| Options {
        scans,
        leaves_max,
        ratio_ln,
        nodes_max: 2_000,
    })
}

/// Checks what holds of every selection.
fn check(trees: &[Tree], selection: &Selection, options: &Options) -> Result<(), TestCaseError> {
    let (mut used, mut owners) = (BTreeSet::new(), BTreeMap::new());
    for (at, (tree, verdict)) in trees.iter().zip(&selection.verdicts).enumerate() {
        // One leaf of a tree, no plot of two.
        let chosen = &tree[verdict.chosen];
        prop_assert!(chosen.window.iter().flatten().all(|plot| used.insert(*plot)));
        // It stays, and no more than may.
        prop_assert!(verdict.kept.contains(&verdict.chosen));
        prop_assert!(verdict.kept.len() <= options.leaves_max && verdict.kept.is_sorted());
        let firsts: BTreeSet<_> = verdict.kept.iter().map(|leaf| tree[*leaf].window.first()).collect();
        prop_assert!(!verdict.is_decided || firsts.len() == 1);
        if let Some(Some(Some(plot))) = firsts.first().filter(|_| verdict.is_decided) {
            owners.insert(*plot, at);
        }
        prop_assert_eq!(verdict.is_decided, tree[0].window.len() > options.scans);
    }
    // What is decided is in no other tree's leaf.
    for (at, (tree, verdict)) in trees.iter().zip(&selection.verdicts).enumerate() {
        let plots = verdict.kept.iter().flat_map(|leaf| tree[*leaf].window.iter().flatten());
        prop_assert!(
            plots
                .into_iter()
                .all(|plot| owners.get(plot).is_none_or(|owner| *owner == at))
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_scan_keeps_the_laws(options in options(), seed in 0..1_000_u64) {
        let mut trees: Vec<Tree> = Vec::new();
        for scan in 0..8 {
            trees = branched(&trees, scan, seed);
            let selection = select(&trees, &options, &Sequential);
            prop_assert_eq!(&selection, &select(&trees, &options, &Backwards));
            check(&trees, &selection, &options)?;
            trees = kept(&trees, &selection, scan);
        }
    }

    /// Over one scan the best set is the best assignment.
    #[test]
    fn one_scan_is_nearest_neighbours(rows in vec((-3.0..0.0, vec(proptest::option::of(-5.0..5.0), 4)), 1..6)) {
        let mut problem = Problem::new(4);
        let mut trees = Vec::new();
        for (miss_ln, weights) in &rows {
            let pairs = weights.iter().enumerate().filter_map(|(at, weight)| Some(Pair::new(at as u32, (*weight)?)));
            let pairs: Vec<Pair> = pairs.collect();
            problem.push(*miss_ln, &pairs).unwrap();
            let leaf = |plot: Option<u32>, score_ln: f64| Leaf { score_ln, window: vec![plot.map(u64::from)] };
            let some = pairs.iter().map(|pair| leaf(Some(pair.plot), pair.weight_ln));
            trees.push([leaf(None, *miss_ln)].into_iter().chain(some).collect::<Tree>());
        }
        let selection = select(&trees, &Options { scans: 0, ..Options::default() }, &Sequential);
        prop_assert!(selection.disputes.iter().all(|dispute| dispute.effort == Effort::Complete));
        let answer = associate(&problem, Method::Gnn, &Budget::default(), &Sequential);
        prop_assert_eq!(&answer, &associate(&problem, Method::Mht, &Budget::default(), &Sequential));
        for (row, (tree, verdict)) in trees.iter().zip(&selection.verdicts).enumerate() {
            let plot = tree[verdict.chosen].window[0];
            prop_assert_eq!(plot, answer.choice(row).map(u64::from));
            prop_assert_eq!(&verdict.kept, &vec![verdict.chosen]);
        }
    }
}

/// Two objects meet: the first scan speaks a little for the wrong plots, the second loudly for the right ones.
#[test]
fn a_later_scan_puts_an_earlier_choice_right() {
    for (scans, right) in [(0, false), (1, true), (4, true)] {
        let options = Options {
            scans,
            ..Options::default()
        };
        let leaf = |score_ln, plots: &[PlotId]| Leaf {
            score_ln,
            window: plots.iter().map(|plot| Some(*plot)).collect(),
        };
        let first = [
            vec![leaf(8.0, &[11]), leaf(8.5, &[21])],
            vec![leaf(8.5, &[11]), leaf(8.0, &[21])],
        ];
        let selection = select(&first, &options, &Sequential);
        // Only from where it really was does an object come to its next plot.
        let onward = |(at, tree): (usize, &Tree)| -> Tree {
            let kept = selection.verdicts[at].kept.iter().map(|leaf| &tree[*leaf]);
            let leaves = kept.map(|leaf| {
                let is_right = leaf.window == [Some(if at == 0 { 11 } else { 21 })];
                let mut leaf = leaf.clone();
                leaf.score_ln += if is_right { 4.0 } else { -2.0 };
                leaf.window.push(Some(12 + 10 * at as u64));
                leaf
            });
            leaves.collect()
        };
        let second: Vec<Tree> = first.iter().enumerate().map(onward).collect();
        let selection = select(&second, &Options::default(), &Sequential);
        let chosen = second.iter().zip(&selection.verdicts);
        let score: f64 = chosen.map(|(tree, verdict)| tree[verdict.chosen].score_ln).sum();
        assert_eq!(score > 20.0, right, "scans {scans}: {score}");
    }
}

/// What may be spent is not exceeded, and it is said where more would be needed.
#[test]
fn budgets_hold_and_say_so() {
    // Eight trees over eight plots of two scans, all nearly alike.
    let leaves = |tree: u64| {
        let pairs = (0..8).flat_map(|a| (8..16).map(move |b| (a, b)));
        pairs.map(move |(a, b): (u64, u64)| Leaf {
            score_ln: 5.0 + ((tree * 7 + a * 3 + b * 5) % 11) as f64 / 10.0,
            window: vec![Some(a), Some(b)],
        })
    };
    let spare = Leaf {
        score_ln: -3.0,
        window: vec![None, None],
    };
    let trees: Vec<Tree> = (0..8)
        .map(|tree| leaves(tree).chain([spare.clone()]).collect())
        .collect();
    let tight = Options {
        leaves_max: 5,
        nodes_max: 3,
        ..Options::default()
    };
    let selection = select(&trees, &tight, &Sequential);
    check(&trees, &selection, &tight).unwrap();
    assert_eq!(selection.trimmed, 8);
    assert!(selection.disputes[0].work <= 3);
    let wide = Options {
        leaves_max: 100,
        nodes_max: 1_000_000,
        ..tight
    };
    let selection = select(&trees, &wide, &Sequential);
    assert_eq!(selection.trimmed, 0);
    assert_eq!(
        (selection.disputes[0].effort, selection.disputes[0].gap_ln),
        (Effort::Complete, 0.0)
    );
}
