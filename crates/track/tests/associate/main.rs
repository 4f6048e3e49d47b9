//! What holds for every method, and of each what it promises, against all assignments counted one by one.

mod testing;

use proptest::prelude::*;

use testing::{Backwards, enumerate, permuted, problem, problems, shuffled};
use track::associate::{Answer, Budget, Effort, Method, Pair, Problem, Sequential, associate};

const METHODS: [Method; 3] = [Method::Gnn, Method::Lbp, Method::Exact];

fn solve(problem: &Problem, method: Method) -> Answer {
    associate(problem, method, &Budget::default(), &Sequential)
}

/// The largest difference of any probability.
fn difference(problem: &Problem, a: &Answer, b: &Answer) -> f64 {
    let rows = 0..problem.rows();
    let pairs = rows
        .clone()
        .flat_map(|row| a.pairs(row).iter().zip(b.pairs(row)).map(|(a, b)| a - b));
    let misses = rows.map(|row| a.miss(row) - b.miss(row));
    let frees = (0..problem.plots()).map(|plot| a.free(plot) - b.free(plot));
    pairs
        .chain(misses)
        .chain(frees)
        .fold(0.0, |most: f64, x| most.max(x.abs()))
}

/// The largest difference to the truth.
fn error(problem: &Problem, answer: &Answer) -> f64 {
    let truth = enumerate(problem);
    let rows = 0..problem.rows();
    let pairs = rows
        .clone()
        .flat_map(|row| answer.pairs(row).iter().zip(&truth.pairs[row]).map(|(a, b)| a - b));
    let misses = rows.map(|row| answer.miss(row) - truth.misses[row]);
    let frees = (0..problem.plots()).map(|plot| answer.free(plot) - truth.frees[plot]);
    pairs
        .chain(misses)
        .chain(frees)
        .fold(0.0, |most: f64, x| most.max(x.abs()))
}

/// Logarithm of the weight of what was chosen; a plot given twice fails.
fn chosen_ln(problem: &Problem, answer: &Answer) -> f64 {
    let mut used = vec![false; problem.plots()];
    let mut sum = 0.0;
    for row in 0..problem.rows() {
        let taken: Vec<usize> = (0..problem.pairs(row).len())
            .filter(|&at| answer.pairs(row)[at] == 1.0)
            .collect();
        assert_eq!(taken.len(), usize::from(answer.miss(row) == 0.0));
        sum += match taken.first() {
            None => problem.miss_ln(row),
            Some(&at) => {
                let pair = problem.pairs(row)[at];
                assert!(
                    !std::mem::replace(&mut used[pair.plot as usize], true),
                    "plot {} twice",
                    pair.plot
                );
                pair.weight_ln
            }
        };
    }
    for (plot, used) in used.into_iter().enumerate() {
        assert_eq!(answer.free(plot), f64::from(u8::from(!used)));
    }
    sum
}

proptest! {
    #[test]
    fn gnn_is_the_best_of_all(problem in problems(6, 6, 0.6, 10.0)) {
        let best_ln = enumerate(&problem).best_ln;
        prop_assert!((chosen_ln(&problem, &solve(&problem, Method::Gnn)) - best_ln).abs() < 1e-9);
    }

    /// Whole numbers make ties, and paths that end at equal lengths.
    #[test]
    fn gnn_is_the_best_of_all_among_ties(problem in problems(6, 5, 0.8, 4.0)) {
        let mut whole = Problem::new(problem.plots());
        for row in 0..problem.rows() {
            let pairs = problem.pairs(row).iter().map(|pair| Pair::new(pair.plot, pair.weight_ln.round()));
            whole.push(problem.miss_ln(row).round(), &pairs.collect::<Vec<_>>()).unwrap();
        }
        prop_assert_eq!(chosen_ln(&whole, &solve(&whole, Method::Gnn)), enumerate(&whole).best_ln);
    }

    #[test]
    fn rows_sum_to_one(problem in problems(8, 8, 0.5, 30.0)) {
        for method in METHODS {
            let answer = solve(&problem, method);
            for row in 0..problem.rows() {
                let sum = answer.pairs(row).iter().fold(answer.miss(row), |sum, x| sum + x);
                prop_assert!((sum - 1.0).abs() < 1e-12, "{method:?} row {row}: {sum}");
            }
        }
    }

    #[test]
    fn the_order_of_rows_and_plots_changes_nothing((problem, rows, plots) in shuffled(problems(7, 7, 0.5, 5.0))) {
        let other = permuted(&problem, &rows, &plots);
        for method in METHODS {
            let (a, b) = (solve(&problem, method), solve(&other, method));
            for (row, &to) in rows.iter().enumerate() {
                prop_assert!((a.miss(row) - b.miss(to)).abs() < 1e-9);
                for (x, y) in a.pairs(row).iter().zip(b.pairs(to)) {
                    prop_assert!((x - y).abs() < 1e-9, "{method:?}: {x} {y}");
                }
            }
            for (plot, &to) in plots.iter().enumerate() {
                prop_assert!((a.free(plot) - b.free(to)).abs() < 1e-9);
            }
        }
    }

    /// Two problems side by side: each is answered as it would be alone, to the bit, on any pool.
    #[test]
    fn neither_clusters_nor_threads_change_a_bit(
        a in problems(6, 6, 0.4, 5.0),
        b in problems(6, 6, 0.4, 5.0),
    ) {
        let mut both = Problem::new(a.plots() + b.plots());
        for row in 0..a.rows() {
            both.push(a.miss_ln(row), a.pairs(row)).unwrap();
        }
        for row in 0..b.rows() {
            let pairs = b.pairs(row).iter().map(|pair| Pair::new(pair.plot + a.plots() as u32, pair.weight_ln));
            both.push(b.miss_ln(row), &pairs.collect::<Vec<_>>()).unwrap();
        }
        for method in METHODS {
            let joint = solve(&both, method);
            prop_assert_eq!(&joint, &associate(&both, method, &Budget::default(), &Backwards));
            for (problem, first_row, first_plot) in [(&a, 0, 0), (&b, a.rows(), a.plots())] {
                let alone = solve(problem, method);
                for row in 0..problem.rows() {
                    prop_assert_eq!(alone.miss(row), joint.miss(first_row + row));
                    prop_assert_eq!(alone.pairs(row), joint.pairs(first_row + row));
                }
                for plot in 0..problem.plots() {
                    prop_assert_eq!(alone.free(plot), joint.free(first_plot + plot));
                }
            }
        }
    }

    #[test]
    fn exact_is_what_counting_gives(problem in problems(7, 7, 0.6, 8.0)) {
        let answer = solve(&problem, Method::Exact);
        prop_assert!(error(&problem, &answer) < 1e-12, "{}", error(&problem, &answer));
        for cluster in answer.clusters() {
            prop_assert_eq!((cluster.method, cluster.effort), (Method::Exact, Effort::Complete));
        }
    }

    /// Weights over a range that no product of plain weights could hold.
    #[test]
    fn exact_holds_where_weights_vanish(problem in problems(5, 5, 0.7, 2_000.0)) {
        prop_assert!(error(&problem, &solve(&problem, Method::Exact)) < 1e-9);
    }

    /// Row `i` sees plots `i` and `i + 1`, and the last of them a plot more: a chain, no loop.
    #[test]
    fn lbp_is_exact_without_loops(
        rows in proptest::collection::vec((-3.0..3.0, -5.0..5.0, -5.0..5.0), 2..7),
        last in -5.0..5.0,
    ) {
        let count = rows.len();
        let mut chain = Problem::new(count + 2);
        for (row, (miss_ln, left, right)) in rows.into_iter().enumerate() {
            let mut pairs = vec![Pair::new(row as u32, left), Pair::new(row as u32 + 1, right)];
            if row + 1 == count {
                pairs.push(Pair::new(row as u32 + 2, last));
            }
            chain.push(miss_ln, &pairs).unwrap();
        }
        let answer = solve(&chain, Method::Lbp);
        prop_assert_eq!(answer.clusters()[0].effort, Effort::Complete);
        prop_assert!(error(&chain, &answer) < 1e-6);
    }

    /// Stopping earlier leaves no more than was promised.
    #[test]
    fn lbp_keeps_its_tolerance(problem in problems(8, 8, 0.7, 4.0)) {
        let at = |tolerance, iterations_max| {
            associate(&problem, Method::Lbp, &Budget { tolerance, iterations_max, ..Budget::default() }, &Sequential)
        };
        let (rough, fine) = (at(1e-2, 100_000), at(1e-12, 100_000));
        prop_assume!(fine.clusters().iter().all(|cluster| cluster.effort == Effort::Complete));
        // A probability is a quotient of such messages.
        prop_assert!(difference(&problem, &rough, &fine) < 2e-2);
        prop_assert!(rough.clusters().iter().zip(fine.clusters()).all(|(rough, fine)| rough.work <= fine.work));
    }
}

#[test]
fn ties_go_to_the_miss_and_the_first() {
    let answer = solve(&problem(2, &[(0.0, vec![Some(0.0), Some(0.0)])]), Method::Gnn);
    assert_eq!(answer.choice(0), None);
    let row = (-1.0, vec![Some(0.0), Some(0.0)]);
    let answer = solve(&problem(2, &[row.clone(), row.clone()]), Method::Gnn);
    assert_eq!((answer.choice(0), answer.choice(1)), (Some(0), Some(1)));
    let answer = solve(
        &problem(1, &[(-1.0, vec![Some(0.0)]), (-1.0, vec![Some(0.0)])]),
        Method::Gnn,
    );
    assert_eq!((answer.choice(0), answer.choice(1)), (Some(0), None));
}

#[test]
fn nothing_at_all_is_answered() {
    for method in METHODS {
        assert_eq!(solve(&Problem::new(0), method).clusters(), []);
        let answer = solve(&problem(2, &[(-3.0, vec![None, None])]), method);
        assert_eq!((answer.miss(0), answer.free(1)), (1.0, 1.0));
        let answer = solve(&problem(1, &[(-700.0, vec![Some(f64::NEG_INFINITY)])]), method);
        assert_eq!(
            (answer.miss(0), answer.pairs(0), answer.free(0)),
            (1.0, &[0.0][..], 1.0)
        );
    }
}

/// A chain of rows that push each other on: the path has to go all the way.
#[test]
fn a_long_chain_moves_as_a_whole() {
    let count = 300;
    let mut chain = Problem::new(count);
    for row in 1..count as u32 {
        chain
            .push(-5.0, &[Pair::new(row - 1, 1.0), Pair::new(row, 0.999)])
            .unwrap();
    }
    // Only plot 0 is left for it, and it is worth moving everybody.
    chain.push(-500.0, &[Pair::new(0, 0.0)]).unwrap();
    let answer = solve(&chain, Method::Gnn);
    for row in 1..count {
        assert_eq!(answer.choice(row - 1), Some(row as u32));
    }
    assert_eq!(answer.choice(count - 1), Some(0));
}

/// Weights as far apart as a sum of squares over a covariance can be: still numbers, still summing to one.
#[test]
fn extreme_weights_stay_numbers() {
    let rows: Vec<_> = (0..3)
        .map(|row| (-1e5, vec![Some(1e5), Some(1e5 - f64::from(row)), Some(-1e5)]))
        .collect();
    let problem = problem(3, &rows);
    for method in METHODS {
        let answer = solve(&problem, method);
        for row in 0..3 {
            let sum = answer.pairs(row).iter().fold(answer.miss(row), |sum, x| sum + x);
            assert!((sum - 1.0).abs() < 1e-12, "{method:?}: {answer:?}");
        }
    }
}

/// Every row sees every plot: too much for its budget, and it says so.
#[test]
fn what_exceeds_its_budget_says_so() {
    let rows: Vec<_> = (0..40).map(|_| (0.0, vec![Some(0.0); 40])).collect();
    let problem = problem(40, &rows);
    let answer = solve(&problem, Method::Exact);
    let cluster = answer.clusters()[0];
    assert_eq!((cluster.method, cluster.effort), (Method::Lbp, Effort::Exceeded));
    assert_eq!(answer.pairs(7), solve(&problem, Method::Lbp).pairs(7));
    let budget = Budget {
        iterations_max: 2,
        ..Budget::default()
    };
    let answer = associate(&problem, Method::Lbp, &budget, &Sequential);
    assert_eq!(
        (answer.clusters()[0].work, answer.clusters()[0].effort),
        (2, Effort::Exceeded)
    );
}

/// Two or three rows that all see the same many plots: few nodes, in sets of each width.
#[test]
fn exact_is_the_same_in_words_of_any_width() {
    for (rows, shared) in [(3, 60), (3, 70), (2, 200)] {
        let weights: Vec<f64> = (0..shared).map(|plot| f64::from(plot % 7) - 3.0).collect();
        let rows: Vec<_> = (0..rows)
            .map(|row| (f64::from(row), weights.iter().map(|w| Some(*w)).collect()))
            .collect();
        let problem = problem(shared as usize, &rows);
        let answer = solve(&problem, Method::Exact);
        assert_eq!(answer.clusters()[0].effort, Effort::Complete);
        assert!(error(&problem, &answer) < 1e-12);
    }
}

/// How far loopy belief propagation is from the truth on random problems that are all loops.
#[test]
fn lbp_errs_by_little_where_everything_is_a_loop() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = problems(6, 6, 0.99, 3.0);
    let mut errors: Vec<f64> = (0..200)
        .map(|_| {
            let problem = strategy.new_tree(&mut runner).unwrap().current();
            error(&problem, &solve(&problem, Method::Lbp))
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    assert!(
        errors[100] < 0.05 && errors[199] < 0.25,
        "median {} largest {}",
        errors[100],
        errors[199]
    );
    assert!(errors[199] > 1e-4, "it is no longer approximate");
}
