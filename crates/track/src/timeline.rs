//! The order of plots: whatever order they arrive in, the tracker sees them in that of their measurement.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use plot::{Plot, SensorNotFound, Sensors};

use crate::associate::Pool;
use crate::picture::{Event, Row};
use crate::sight::Sight;
use crate::tracker::{Options, Tracker};

/// Plots of one sensor within so much of a grid that all sensors share are looked at together.
pub(crate) const FRAME_S: f64 = 0.05;

/// How late a plot may be.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TimelineOptions {
    /// Plots that are older than the newest by more than this are counted, and change no track.
    pub lag_s: f64,
}

impl Default for TimelineOptions {
    fn default() -> Self {
        Self { lag_s: 60.0 }
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

/// Measurement time (of the frame), owner, sensor, time of the plot, digest: what orders all plots.
type Key = (i64, Arc<str>, Arc<str>, i64, u64);

/// Plots in the order of their measurement, those that may still be overtaken, and the tracks of those that may not.
#[derive(Clone, Debug)]
pub struct Timeline {
    sensors: Sensors,
    options: TimelineOptions,
    open: BTreeMap<Key, Sight>,
    settled: Tracker,
    newest: Option<Time>,
    counts: Counts,
    /// The next frame that is not settled begins at or after this, TAI ns.
    horizon_ns: i64,
}

impl Timeline {
    /// Begins without plots.
    pub fn new(sensors: &Sensors, options: TimelineOptions, tracking: Options) -> Self {
        Self {
            sensors: sensors.clone(),
            options,
            open: BTreeMap::new(),
            settled: Tracker::new(sensors, tracking),
            newest: None,
            counts: Counts::default(),
            horizon_ns: i64::MIN,
        }
    }

    /// What became of the plots so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a plot in. Errors: [`SensorNotFound`], and then nothing changed.
    pub fn add(&mut self, plot: &Plot) -> Result<(), SensorNotFound> {
        let index = self.sensors.index_of(&plot.sensor)?;
        let sensor = &self.sensors.as_slice()[index];
        let time_ns = plot.time.tai_ns();
        let frame_ns = time_ns - time_ns.rem_euclid((FRAME_S * 1e9) as i64);
        if frame_ns < self.horizon_ns {
            self.counts.late += 1;
            return Ok(());
        }
        let key = (
            frame_ns,
            sensor.owner.clone(),
            sensor.name.clone(),
            time_ns,
            Sight::order(plot),
        );
        if self.open.contains_key(&key) {
            self.counts.duplicate += 1;
            return Ok(());
        }
        let Some(sight) = self.settled.sight(plot, index) else {
            self.counts.without_sigma += 1;
            return Ok(());
        };
        self.open.insert(key, sight);
        self.counts.taken += 1;
        self.newest = Some(self.newest.map_or(plot.time, |newest| newest.max(plot.time)));
        Ok(())
    }

    /// Settles what no plot within the lag can change any more; rows and events of it.
    pub fn settle(&mut self, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        let Some(newest) = self.newest else {
            return Default::default();
        };
        let horizon = newest + -(self.options.lag_s + FRAME_S);
        self.settle_before(horizon.tai_ns(), pool)
    }

    /// Settles everything: no plot will come any more.
    pub fn finish(&mut self, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        self.settle_before(i64::MAX, pool)
    }

    fn settle_before(&mut self, horizon_ns: i64, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        let first = (horizon_ns, Arc::from(""), Arc::from(""), i64::MIN, 0);
        let later = self.open.split_off(&first);
        let ready = std::mem::replace(&mut self.open, later);
        self.horizon_ns = self.horizon_ns.max(horizon_ns);
        fold(&mut self.settled, ready, pool);
        self.settled.drain()
    }

    /// The tracks of all plots so far, those that may still be overtaken included.
    pub fn picture(&self, pool: &impl Pool) -> Tracker {
        let mut tracker = self.settled.clone();
        fold(&mut tracker, self.open.clone(), pool);
        tracker
    }
}

/// Takes frames in, in their order.
fn fold(tracker: &mut Tracker, plots: BTreeMap<Key, Sight>, pool: &impl Pool) {
    let mut frame: Vec<Sight> = Vec::new();
    let mut of: Option<(i64, usize)> = None;
    for ((frame_ns, ..), sight) in plots {
        let own = (frame_ns, sight.sensor);
        if of != Some(own) {
            tracker.take(&frame, pool);
            frame.clear();
            of = Some(own);
        }
        frame.push(sight);
    }
    tracker.take(&frame, pool);
}
