//! How long the GOSPA of a history takes: objects that move, tracks that err, are missed and are false.
//!
//! Usage: `gospa [OBJECTS] [INSTANTS]` (40, 30,000). Prints `name<TAB>seconds<TAB>instants<TAB>mean, m` of the best of
//! three rounds, for objects far apart and for objects within a cutoff of each other; `bench/gospa.sh` has Stone Soup
//! beside it.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use nalgebra::Vector3;
use score::{Cutoff, Gospa, gospa};

const ROUNDS: usize = 3;
const CUTOFF_M: f64 = 1_000.0;

type Points = Vec<Vector3<f64>>;

/// The same sequence as in `python/gospa_reference.py`.
struct Chance(u64);

impl Chance {
    /// A number in [0, 1).
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn point(&mut self, size_m: f64) -> Vector3<f64> {
        let mut one = || (self.next() - 0.5) * size_m;
        let (x, y) = (one(), one());
        Vector3::new(x, y, one())
    }
}

/// One instant: objects in a cube, a track near nine of ten of them, one false track for every ten.
fn instant(chance: &mut Chance, objects: usize, size_m: f64) -> (Points, Points) {
    let truths: Points = (0..objects).map(|_| chance.point(size_m)).collect();
    let mut tracks = Points::new();
    for truth in &truths {
        let error = chance.point(400.0);
        if chance.next() < 0.9 {
            tracks.push(truth + error);
        }
    }
    for _ in 0..objects / 10 {
        tracks.push(chance.point(size_m));
    }
    (tracks, truths)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let objects: usize = arguments.next().map_or(Ok(40), |text| text.parse())?;
    let instants: usize = arguments.next().map_or(Ok(30_000), |text| text.parse())?;
    let cutoff = Cutoff::new(CUTOFF_M, 2.0)?;
    for (name, size_m) in [("apart", 100_000.0), ("within a cutoff", 1_000.0)] {
        let mut chance = Chance(1);
        let history: Vec<(Points, Points)> = (0..instants).map(|_| instant(&mut chance, objects, size_m)).collect();
        let mut best = (f64::INFINITY, 0.0);
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            let mut sum = Gospa::empty(cutoff);
            for (tracks, truths) in &history {
                sum.add(&gospa(tracks, truths, cutoff));
            }
            best = (begin.elapsed().as_secs_f64().min(best.0), sum.distance_m());
        }
        println!("{name}\t{:.4}\t{instants}\t{:.6}", best.0, best.1);
    }
    Ok(())
}
