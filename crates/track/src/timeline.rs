//! The order of plots: whatever order they arrive in, the tracker sees them in that of their measurement.

mod checkpoints;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use geo::Time;
use plot::{Plot, SensorNotFound, Sensors};

use crate::associate::Pool;
use crate::picture::{Event, Row};
use crate::sight::Sight;
use crate::timeline::checkpoints::{Checkpoints, Frame, Key};
use crate::tracker::{Options, Tracker};

/// Plots of one sensor within so much of a grid that all sensors share are looked at together.
pub(crate) const FRAME_S: f64 = 0.05;
const FRAME_NS: i64 = 50_000_000;

/// How late a plot may be, and what that may cost.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TimelineOptions {
    /// Plots that are older than the newest by more than this are counted, and change no track.
    pub lag_s: f64,
    /// How far apart the states are from which late plots are taken in: less is faster, and takes more memory. Changes
    /// no bit of what comes out.
    pub checkpoint_s: f64,
}

impl Default for TimelineOptions {
    fn default() -> Self {
        Self {
            lag_s: 60.0,
            checkpoint_s: 0.5,
        }
    }
}

/// What became of the plots.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Taken in.
    pub taken: u64,
    /// The same plot once more.
    pub duplicate: u64,
    /// Older than the lag when it came.
    pub late: u64,
    /// Without a stated sigma.
    pub without_sigma: u64,
}

/// What became of one plot.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Taken in.
    Taken,
    /// The same plot had come before.
    Duplicate,
    /// Older than the lag: it changes no track.
    Late,
    /// Neither it nor its sensor says how well it was measured: it changes no track.
    WithoutSigma,
}

/// Plots in the order of their measurement, those that may still be overtaken, and the tracks of those that may not.
#[derive(Clone, Debug)]
pub struct Timeline {
    sensors: Sensors,
    /// Of each sensor, its place in the order of owners and names.
    ranks: Vec<u32>,
    options: TimelineOptions,
    frames: BTreeMap<Key, Frame>,
    checkpoints: Checkpoints,
    newest: Option<Time>,
    counts: Counts,
    /// The next frame that is not settled begins at or after this, TAI ns.
    horizon_ns: i64,
}

impl Timeline {
    /// Begins without plots.
    pub fn new(sensors: &Sensors, options: TimelineOptions, tracking: Options) -> Self {
        let tracker = Tracker::new(sensors, tracking);
        Self {
            ranks: ranks(sensors),
            sensors: sensors.clone(),
            options,
            frames: BTreeMap::new(),
            checkpoints: Checkpoints::new(tracker, (options.checkpoint_s * 1e9) as i64),
            newest: None,
            counts: Counts::default(),
            horizon_ns: i64::MIN,
        }
    }

    /// What became of the plots so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a plot in; what became of it. Errors: [`SensorNotFound`], and then nothing changed.
    pub fn add(&mut self, plot: &Plot) -> Result<Fate, SensorNotFound> {
        let index = self.sensors.index_of(&plot.sensor)?;
        let fate = self.insert(plot, index);
        *match fate {
            Fate::Taken => &mut self.counts.taken,
            Fate::Duplicate => &mut self.counts.duplicate,
            Fate::Late => &mut self.counts.late,
            Fate::WithoutSigma => &mut self.counts.without_sigma,
        } += 1;
        Ok(fate)
    }

    fn insert(&mut self, plot: &Plot, index: usize) -> Fate {
        let time_ns = plot.time.tai_ns();
        let frame_ns = time_ns - time_ns.rem_euclid(FRAME_NS);
        if frame_ns < self.horizon_ns {
            return Fate::Late;
        }
        let (key, own) = ((frame_ns, self.ranks[index]), (time_ns, Sight::order(plot)));
        let known = self.frames.get(&key);
        if known.is_some_and(|frame| frame.place(own.0, own.1).is_ok()) {
            return Fate::Duplicate;
        }
        let Some(sight) = self.checkpoints.newest().sight(plot, index) else {
            return Fate::WithoutSigma;
        };
        self.frames.entry(key).or_default().insert(own, sight);
        self.checkpoints.forget(frame_ns);
        self.newest = Some(self.newest.map_or(plot.time, |newest| newest.max(plot.time)));
        Fate::Taken
    }

    /// Settles what no plot within the lag can change any more; rows and events of it.
    pub fn settle(&mut self, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        let Some(newest) = self.newest else {
            return Default::default();
        };
        let lag_ns = ((self.options.lag_s + FRAME_S) * 1e9) as i64;
        let oldest_ns = newest.tai_ns().saturating_sub(lag_ns);
        // The first frame that begins then or later.
        let horizon_ns = oldest_ns.saturating_add((FRAME_NS - oldest_ns.rem_euclid(FRAME_NS)) % FRAME_NS);
        self.settle_before(horizon_ns, pool)
    }

    /// Settles everything: no plot will come any more.
    pub fn finish(&mut self, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        self.settle_before(i64::MAX, pool)
    }

    fn settle_before(&mut self, horizon_ns: i64, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        self.horizon_ns = self.horizon_ns.max(horizon_ns);
        let said = self.checkpoints.settle(&self.frames, self.horizon_ns, pool);
        while let Some(first) = self.frames.first_entry()
            && first.key().0 < self.checkpoints.oldest_ns()
        {
            first.remove();
        }
        said
    }

    /// The tracks of all plots so far, those that may still be overtaken included.
    ///
    /// Costs what is new since it was last asked for, and what plots that came late since then have made wrong.
    pub fn picture(&mut self, pool: &impl Pool) -> Tracker {
        // Plots of the last frame may still be on their way, and would make wrong whatever has taken it.
        if let Some(((last_ns, _), _)) = self.frames.last_key_value() {
            self.checkpoints.run(&self.frames, *last_ns, pool);
        }
        let mut tracker = self.checkpoints.newest().clone();
        for (_, frame) in self.frames.range((self.checkpoints.newest_ns(), 0)..) {
            tracker.take(&frame.sights, pool);
        }
        tracker.drain();
        tracker
    }
}

/// Of each sensor, its place in the order of owners and names.
fn ranks(sensors: &Sensors) -> Vec<u32> {
    let sensors = sensors.as_slice();
    let mut order: Vec<usize> = (0..sensors.len()).collect();
    order.sort_by_key(|index| (&sensors[*index].owner, &sensors[*index].name));
    let mut ranks = vec![0; sensors.len()];
    for (rank, index) in (0..).zip(order) {
        ranks[index] = rank;
    }
    ranks
}
