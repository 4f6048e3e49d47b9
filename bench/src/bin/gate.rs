//! Time of finding a plot's tracks by place and moving one, by number of tracks, beside the R*-tree of rstar.
//!
//! Objects per area are the same whatever their number: 10 in 30 km × 30 km, 10,000 in 950 km × 950 km, up to 12 km
//! high, gates of 500 m to 2 km. `cargo run --release --manifest-path bench/Cargo.toml --bin gate`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use rstar::{AABB, RTree, RTreeObject};
use track::associate::gate::Index;

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
}

#[derive(Clone, Copy, PartialEq)]
struct Ball {
    id: u32,
    centre_m: [f64; 3],
    radius_m: f64,
}

impl RTreeObject for Ball {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(
            self.centre_m.map(|x| x - self.radius_m),
            self.centre_m.map(|x| x + self.radius_m),
        )
    }
}

/// What one plot asks for: three quarters stand near a track, and that track moves to them.
struct Turn {
    point_m: [f64; 3],
    moved: Option<Ball>,
}

fn scene(count: u32, turns: usize) -> (Vec<Ball>, Vec<Turn>) {
    let mut chance = Chance(3);
    let side_m = 9_500.0 * f64::from(count).sqrt();
    let size_m = [side_m, side_m, 12e3];
    let mut balls: Vec<Ball> = (0..count)
        .map(|id| Ball {
            id,
            centre_m: size_m.map(|x| x * chance.uniform()),
            radius_m: 500.0 + 1_500.0 * chance.uniform(),
        })
        .collect();
    let start = balls.clone();
    let turns = (0..turns)
        .map(|_| {
            if chance.uniform() < 0.25 {
                let point_m = size_m.map(|x| x * chance.uniform());
                return Turn { point_m, moved: None };
            }
            let ball = &mut balls[(chance.uniform() * f64::from(count)) as usize];
            let point_m = ball.centre_m.map(|x| x + 500.0 * (chance.uniform() - 0.5));
            ball.centre_m = point_m;
            ball.radius_m = 500.0 + 1_500.0 * chance.uniform();
            Turn {
                point_m,
                moved: Some(*ball),
            }
        })
        .collect();
    (start, turns)
}

fn grid(start: &[Ball], turns: &[Turn]) -> (f64, usize) {
    let mut index = Index::new();
    for ball in start {
        index.set(ball.id, ball.centre_m, ball.radius_m).expect("a ball");
    }
    let (mut found, mut sum) = (Vec::new(), 0);
    let from = Instant::now();
    for turn in turns {
        index.near(turn.point_m, 0.0, &mut found);
        sum += black_box(&found).len();
        if let Some(ball) = &turn.moved {
            index.set(ball.id, ball.centre_m, ball.radius_m).expect("a ball");
        }
    }
    (from.elapsed().as_secs_f64() / turns.len() as f64 * 1e9, sum)
}

fn rtree(start: &[Ball], turns: &[Turn]) -> (f64, usize) {
    let mut balls = start.to_vec();
    let mut tree = RTree::bulk_load(start.to_vec());
    let (mut found, mut sum) = (Vec::new(), 0);
    let from = Instant::now();
    for turn in turns {
        found.clear();
        let here = AABB::from_point(turn.point_m);
        found.extend(tree.locate_in_envelope_intersecting(&here).filter_map(|ball| {
            let squares = (0..3).map(|axis| (ball.centre_m[axis] - turn.point_m[axis]).powi(2));
            (squares.sum::<f64>() <= ball.radius_m * ball.radius_m).then_some(ball.id)
        }));
        found.sort_unstable();
        sum += black_box(&found).len();
        if let Some(ball) = turn.moved {
            tree.remove(&balls[ball.id as usize]);
            tree.insert(ball);
            balls[ball.id as usize] = ball;
        }
    }
    (from.elapsed().as_secs_f64() / turns.len() as f64 * 1e9, sum)
}

fn main() {
    println!("| objects | grid, ns a plot | R*-tree, ns a plot | found a plot |\n|---:|---:|---:|---:|");
    for count in [10, 100, 1_000, 10_000, 100_000] {
        let (start, turns) = scene(count, 400_000);
        let best = |run: fn(&[Ball], &[Turn]) -> (f64, usize)| {
            let runs = (0..3).map(|_| run(&start, &turns));
            runs.fold((f64::INFINITY, 0), |best, run| (best.0.min(run.0), run.1))
        };
        let ((ours_ns, ours), (theirs_ns, theirs)) = (best(grid), best(rtree));
        assert_eq!(ours, theirs, "both find the same");
        let found = ours as f64 / turns.len() as f64;
        println!("| {count} | {ours_ns:.0} | {theirs_ns:.0} | {found:.2} |");
    }
}
