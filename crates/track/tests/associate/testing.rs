//! What the tests share: problems from proptest, all assignments counted one by one, a pool of threads.

use proptest::collection::vec;
use proptest::prelude::*;

use track::associate::{Pair, Pool, Problem};

/// Everything there is to know about a small problem.
pub struct Enumeration {
    /// Logarithm of the weight of the best assignment.
    pub best_ln: f64,
    pub misses: Vec<f64>,
    pub pairs: Vec<Vec<f64>>,
    pub frees: Vec<f64>,
}

/// Counts all assignments.
pub fn enumerate(problem: &Problem) -> Enumeration {
    let rows = 0..problem.rows();
    let mut found = Enumeration {
        best_ln: f64::NEG_INFINITY,
        misses: vec![0.0; problem.rows()],
        pairs: rows.map(|row| vec![0.0; problem.pairs(row).len()]).collect(),
        frees: vec![0.0; problem.plots()],
    };
    let mut all = Vec::new();
    visit(
        problem,
        &mut Vec::new(),
        &mut vec![false; problem.plots()],
        0.0,
        &mut all,
    );
    for (_, ln) in &all {
        found.best_ln = found.best_ln.max(*ln);
    }
    let mut total = 0.0;
    for (choices, ln) in &all {
        let weight = geo::math::exp(ln - found.best_ln);
        total += weight;
        let mut free = vec![true; problem.plots()];
        for (row, choice) in choices.iter().enumerate() {
            match *choice {
                None => found.misses[row] += weight,
                Some(at) => {
                    found.pairs[row][at] += weight;
                    free[problem.pairs(row)[at].plot as usize] = false;
                }
            }
        }
        free.iter()
            .zip(&mut found.frees)
            .filter(|(free, _)| **free)
            .for_each(|(_, sum)| *sum += weight);
    }
    let sums = found
        .misses
        .iter_mut()
        .chain(found.pairs.iter_mut().flatten())
        .chain(&mut found.frees);
    sums.for_each(|sum| *sum /= total);
    found
}

type Choices = Vec<Option<usize>>;

fn visit(problem: &Problem, choices: &mut Choices, used: &mut [bool], ln: f64, all: &mut Vec<(Choices, f64)>) {
    let row = choices.len();
    if row == problem.rows() {
        all.push((choices.clone(), ln));
        return;
    }
    choices.push(None);
    visit(problem, choices, used, ln + problem.miss_ln(row), all);
    choices.pop();
    for (at, pair) in problem.pairs(row).iter().enumerate() {
        if !std::mem::replace(&mut used[pair.plot as usize], true) {
            choices.push(Some(at));
            visit(problem, choices, used, ln + pair.weight_ln, all);
            choices.pop();
            used[pair.plot as usize] = false;
        }
    }
}

/// Builds a problem of rows `(miss_ln, [weight_ln by plot, or none])`.
pub fn problem(plots: usize, rows: &[(f64, Vec<Option<f64>>)]) -> Problem {
    let mut problem = Problem::new(plots);
    for (miss_ln, weights) in rows {
        let pairs = weights.iter().enumerate();
        let pairs: Vec<Pair> = pairs
            .filter_map(|(plot, w)| Some(Pair::new(plot as u32, (*w)?)))
            .collect();
        problem.push(*miss_ln, &pairs).expect("a row");
    }
    problem
}

/// Problems of few rows and plots, each pair there with the chance, weights within ± `spread`.
pub fn problems(rows_max: usize, plots_max: usize, chance: f64, spread: f64) -> BoxedStrategy<Problem> {
    let weight = -spread..spread;
    (1..=rows_max, 0..=plots_max)
        .prop_flat_map(move |(rows, plots)| {
            let pair = proptest::option::weighted(chance, weight.clone());
            (Just(plots), vec((weight.clone(), vec(pair, plots)), rows))
        })
        .prop_map(|(plots, rows)| problem(plots, &rows))
        .boxed()
}

/// The same problem with rows in another order, and plots under other numbers: row `i` becomes row `rows[i]`.
pub fn permuted(original: &Problem, rows: &[usize], plots: &[usize]) -> Problem {
    let mut out = Problem::new(original.plots());
    for at in 0..rows.len() {
        let row = rows.iter().position(|&to| to == at).expect("a row");
        let pairs = original.pairs(row).iter();
        let pairs: Vec<Pair> = pairs
            .map(|pair| Pair::new(plots[pair.plot as usize] as u32, pair.weight_ln))
            .collect();
        out.push(original.miss_ln(row), &pairs).expect("a row");
    }
    out
}

/// A problem and how to shuffle its rows and plots.
pub fn shuffled(problems: BoxedStrategy<Problem>) -> BoxedStrategy<(Problem, Vec<usize>, Vec<usize>)> {
    problems
        .prop_flat_map(|problem| {
            let rows: Vec<usize> = (0..problem.rows()).collect();
            let plots: Vec<usize> = (0..problem.plots()).collect();
            (Just(problem), Just(rows).prop_shuffle(), Just(plots).prop_shuffle())
        })
        .boxed()
}

/// Two threads, last task first.
pub struct Backwards;

impl Pool for Backwards {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 0).for_each(task));
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 1).for_each(task));
        });
    }
}
