//! Time of bringing one scan's plots to its tracks: 50 objects abreast by how far they are blurred, 500 objects apart.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin associate`; with `--scene SIGMA_M` it prints the weights
//! of the 50 as lines `row plot ln(weight / weight of a miss)`, for others to solve.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::f64::consts::TAU;
use std::hint::black_box;
use std::time::Instant;

use geo::math::{cos, ln};
use track::associate::{Answer, Budget, Effort, Method, Pair, Problem, Sequential, associate};

/// Probability of detection.
const SEEN: f64 = 0.9;
/// Plots of no object, per square metre.
const CLUTTER_PM2: f64 = 1e-8;
/// Gate in standard deviations.
const GATE: f64 = 4.0;

/// Numbers of a fixed sequence (splitmix64).
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * ln(1.0 - self.uniform())).sqrt();
        radius * cos(TAU * self.uniform())
    }
}

/// Objects in rows, seen with an error of `sigma_m` about where their tracks expect them, and clutter about them.
fn scene(objects: &[[f64; 2]], sigma_m: f64, chance: &mut Chance) -> Problem {
    let mut plots: Vec<[f64; 2]> = Vec::new();
    for object in objects {
        if chance.uniform() < SEEN {
            plots.push(object.map(|x| x + sigma_m * chance.normal()));
        }
    }
    let low = [0, 1].map(|axis| objects.iter().map(|o| o[axis]).fold(f64::MAX, f64::min) - GATE * sigma_m);
    let size = [0, 1].map(|axis| {
        let high = objects.iter().map(|o| o[axis]).fold(f64::MIN, f64::max) + GATE * sigma_m;
        high - low[axis]
    });
    for _ in 0..(CLUTTER_PM2 * size[0] * size[1]) as usize {
        plots.push([0, 1].map(|axis| low[axis] + size[axis] * chance.uniform()));
    }
    let mut problem = Problem::new(plots.len());
    let base_ln = ln(SEEN / (CLUTTER_PM2 * TAU * sigma_m * sigma_m));
    for object in objects {
        let mut pairs = Vec::new();
        for (plot, at) in plots.iter().enumerate() {
            let squares = ((at[0] - object[0]) / sigma_m).powi(2) + ((at[1] - object[1]) / sigma_m).powi(2);
            if squares < GATE * GATE {
                pairs.push(Pair::new(plot as u32, base_ln - 0.5 * squares));
            }
        }
        problem.push(ln(1.0 - SEEN), &pairs).expect("a row");
    }
    problem
}

/// Median of many runs, ms, and the last answer.
fn time(problem: &Problem, method: Method, budget: &Budget) -> (f64, Answer) {
    let mut spans_s = Vec::new();
    let mut answer = associate(problem, method, budget, &Sequential);
    let begin = Instant::now();
    while spans_s.len() < 5 || begin.elapsed().as_secs_f64() < 0.5 {
        let from = Instant::now();
        answer = black_box(associate(black_box(problem), method, budget, &Sequential));
        spans_s.push(from.elapsed().as_secs_f64());
    }
    spans_s.sort_by(f64::total_cmp);
    (spans_s[spans_s.len() / 2] * 1e3, answer)
}

fn row(name: &str, problem: &Problem, method: Method, budget: &Budget) {
    let (ms, answer) = time(problem, method, budget);
    let pairs: usize = (0..problem.rows()).map(|row| problem.pairs(row).len()).sum();
    let work = answer.clusters().iter().map(|cluster| cluster.work).max().unwrap_or(0);
    let exceeded = answer
        .clusters()
        .iter()
        .any(|cluster| cluster.effort == Effort::Exceeded);
    let note = if exceeded { ", budget exceeded" } else { "" };
    let kilo = problem.plots() as f64 / ms;
    println!("{name:<34} {method:?}\t{ms:9.4} ms  {kilo:7.0} plots/ms  {pairs:6} pairs  work {work}{note}");
}

fn abreast(sigma_m: f64) -> Problem {
    let objects: Vec<[f64; 2]> = (0..50).map(|at| [500.0 * f64::from(at), 0.0]).collect();
    scene(&objects, sigma_m, &mut Chance(7))
}

fn main() {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("--scene") {
        let sigma_m = args
            .next()
            .and_then(|text| text.parse().ok())
            .expect("a sigma in metres");
        let problem = abreast(sigma_m);
        for row in 0..problem.rows() {
            for pair in problem.pairs(row) {
                println!("{row} {} {:?}", pair.plot, pair.weight_ln - problem.miss_ln(row));
            }
        }
        return;
    }
    let budget = Budget::default();
    for sigma_m in [100.0, 250.0, 500.0, 1_000.0, 2_000.0, 7_000.0] {
        let problem = abreast(sigma_m);
        for method in [Method::Gnn, Method::Lbp, Method::Exact] {
            row(&format!("50 abreast, sigma {sigma_m} m"), &problem, method, &budget);
        }
    }
    let mut chance = Chance(11);
    let objects: Vec<[f64; 2]> = (0..500).map(|_| [(); 2].map(|()| 100e3 * chance.uniform())).collect();
    let problem = scene(&objects, 300.0, &mut chance);
    for method in [Method::Gnn, Method::Lbp, Method::Exact] {
        row("500 objects in 100 km, 300 m", &problem, method, &budget);
    }
}
