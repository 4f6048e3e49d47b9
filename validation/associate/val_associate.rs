//! Association of one scan against Stone Soup, PyEHM and scipy.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic and prints what it measures; the lints do not see helpers as tests"
)]

use track::associate::{Answer, Budget, Effort, Method, Pair, Problem, Sequential, associate};

const TABLE: &str = include_str!("associate.csv");

/// One line of the table; no plot is the miss.
struct Line {
    row: usize,
    plot: Option<u32>,
    weight_ln: f64,
    exact: Option<f64>,
    lbp: f64,
    taken: bool,
}

struct Case {
    name: &'static str,
    lines: Vec<Line>,
}

impl Case {
    fn problem(&self) -> Problem {
        let plots = self.lines.iter().filter_map(|line| line.plot).max().unwrap();
        let mut problem = Problem::new(plots as usize + 1);
        for lines in self.lines.chunk_by(|a, b| a.row == b.row) {
            let pairs: Vec<Pair> = lines[1..]
                .iter()
                .map(|line| Pair::new(line.plot.unwrap(), line.weight_ln))
                .collect();
            assert_eq!(problem.push(lines[0].weight_ln, &pairs), Ok(lines[0].row));
        }
        problem
    }

    /// Each line with its probability in the answer.
    fn with<'a>(&'a self, answer: &'a Answer) -> impl Iterator<Item = (&'a Line, f64)> {
        self.lines.chunk_by(|a, b| a.row == b.row).flat_map(|lines| {
            let row = lines[0].row;
            let chances = std::iter::once(answer.miss(row)).chain(answer.pairs(row).iter().copied());
            lines.iter().zip(chances)
        })
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for text in TABLE.lines().skip(1) {
        let fields: Vec<&'static str> = text.split(',').collect();
        let line = Line {
            row: fields[1].parse().unwrap(),
            plot: fields[2].parse().ok(),
            weight_ln: fields[3].parse().unwrap(),
            exact: fields[4].parse().ok(),
            lbp: fields[5].parse().unwrap(),
            taken: fields[6] == "1",
        };
        match cases.last_mut() {
            Some(case) if case.name == fields[0] => case.lines.push(line),
            _ => cases.push(Case {
                name: fields[0],
                lines: vec![line],
            }),
        }
    }
    cases
}

fn budget() -> Budget {
    Budget {
        iterations_max: 10_000,
        tolerance: 1e-10,
        ..Budget::default()
    }
}

#[test]
fn the_best_assignment_is_scipys() {
    let cases = cases();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let answer = associate(&case.problem(), Method::Gnn, &budget(), &Sequential);
        for (line, chance) in case.with(&answer) {
            let (name, row, plot) = (case.name, line.row, line.plot);
            assert_eq!(chance == 1.0, line.taken, "{name} row {row} plot {plot:?}");
        }
    }
}

#[test]
fn marginals_are_those_of_stone_soup_and_pyehm() {
    let mut compared = 0;
    for case in cases().into_iter().filter(|case| case.lines[0].exact.is_some()) {
        let answer = associate(&case.problem(), Method::Exact, &budget(), &Sequential);
        let mut most = 0.0_f64;
        for (line, chance) in case.with(&answer) {
            most = most.max((chance - line.exact.unwrap()).abs());
            compared += 1;
        }
        println!("{}: {most:.1e} {:?}", case.name, answer.clusters()[0]);
        assert_eq!(answer.clusters()[0].effort, Effort::Complete, "{}", case.name);
        assert!(most < 1e-12, "{}: {most}", case.name);
    }
    assert_eq!(compared, 847);
}

#[test]
fn belief_propagation_settles_where_stone_soups_does() {
    for case in cases() {
        let answer = associate(&case.problem(), Method::Lbp, &budget(), &Sequential);
        let mut most = 0.0_f64;
        let mut wrong = 0.0_f64;
        for (line, chance) in case.with(&answer) {
            most = most.max((chance - line.lbp).abs());
            wrong = wrong.max((chance - line.exact.unwrap_or(chance)).abs());
        }
        println!("{}: {most:.1e} from Stone Soup, {wrong:.3} from the truth", case.name);
        assert_eq!(answer.clusters()[0].effort, Effort::Complete, "{}", case.name);
        assert!(most < 1e-10, "{}: {most}", case.name);
    }
}
