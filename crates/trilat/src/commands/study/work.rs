//! The runs of one scenario on several threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sim::Truth;
use sim::scenario::Scenario;
use sim::sensor::observe;
use study::{Plan, RunFigures};

use super::error::StudyError;
use super::state::State;
use crate::Failure;
use crate::progress::Progress;

/// What has to be done.
pub struct Work<'a> {
    pub scenario: &'a Scenario,
    pub plan: &'a Plan,
    /// The flights of the first run.
    pub truths: &'a [Truth],
    pub seed: u64,
    pub runs: usize,
    pub threads: Option<usize>,
}

/// The seed of one run: streams of different runs have nothing in common.
///
/// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators (2014), the finaliser of SplitMix64.
pub fn run_seed(seed: u64, run: usize) -> u64 {
    let mut x = seed.wrapping_add((run as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Work<'_> {
    /// Computes the runs that are not done yet, and returns all of them.
    pub fn all(&self, state: &mut State, progress: &Progress) -> Result<Vec<RunFigures>, Failure> {
        let done = std::mem::take(&mut state.done);
        let left: Vec<usize> = (0..self.runs)
            .filter(|run| done.iter().all(|known| known.run != *run))
            .collect();
        progress.add(done.len() as u64);
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = self.threads.unwrap_or(cores).min(left.len());
        let next = AtomicUsize::new(0);
        let shared = Mutex::new((state, Ok(done)));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(run) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let figures = self.one(*run);
                        let Ok(mut guard) = shared.lock() else { return };
                        let (state, all) = &mut *guard;
                        let Ok(list) = all else { return };
                        match figures.and_then(|figures| state.add(&figures).map(|()| figures)) {
                            Ok(figures) => list.push(figures),
                            Err(failure) => *all = Err(failure),
                        }
                        progress.add(1);
                    }
                });
            }
        });
        match shared.into_inner() {
            Ok((_, all)) => all,
            Err(poisoned) => poisoned.into_inner().1,
        }
    }

    /// Whether flights differ from run to run.
    fn varies(&self) -> bool {
        self.scenario.flying().any(|object| object.spread != Default::default())
    }

    fn one(&self, run: usize) -> Result<RunFigures, Failure> {
        let seed = run_seed(self.seed, run);
        let flown;
        let truths = if self.varies() {
            flown = self.scenario.fly(seed).map_err(StudyError::from)?;
            &flown
        } else {
            self.truths
        };
        let observed = observe(truths, &self.scenario.stations, self.scenario.span, seed);
        Ok(self.plan.run(run, truths, &observed.plots, &observed.delivered))
    }
}
