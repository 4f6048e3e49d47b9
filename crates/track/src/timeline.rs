//! The order of plots: whatever order they arrive in, the tracker sees them in that of their measurement.

mod checkpoints;
mod preview;
mod rivals;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use geo::Time;
use plot::{DuplicateSensor, Plot, Sensor, SensorNotFound, Sensors};

use crate::admission::Admission;
use crate::associate::Pool;
use crate::clocks::{Clocks, Verdict};
use crate::forecast::{Forecast, Foreteller, Hasty};
use crate::partner::{self, TrackReport};
use crate::picture::{Event, Row};
use crate::report::SensorReport;
use crate::sight::Sight;
use crate::timeline::checkpoints::{Checkpoints, Frame, Key};
use crate::timeline::preview::{Lateness, Preview};
use crate::tracker::{Efforts, Options, Tracker};
use crate::trust::{Fault, SensorEvent, Standing};

/// Plots of one sensor within so much of a grid that all sensors share are looked at together.
pub(crate) const FRAME_S: f64 = 0.05;
const FRAME_NS: i64 = 50_000_000;
const SECOND_NS: i64 = 1_000_000_000;

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
    /// Of a clock that jumped.
    pub clock: u64,
    /// More than a sensor's budget of one second.
    pub flood: u64,
    /// Coarse, of something that was measured or said better.
    pub withdrawn: u64,
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
    /// Its sensor's clock jumped: it changes no track.
    Clock,
    /// Its sensor has far more plots in this second than it ever had: it changes no track.
    Flood,
    /// Something better says the same: it changes no track.
    Withdrawn,
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
    preview: Option<Preview>,
    lateness: Lateness,
    foreteller: Foreteller,
    hasty: Hasty,
    clocks: Clocks,
    /// Plots of each sensor whose clock is looked into.
    aside: Vec<Vec<(Key, (i64, u64))>>,
    /// How many plots wait, by second and sensor.
    waiting: BTreeMap<(i64, usize), u32>,
    counts: Counts,
    counts_of: Vec<Counts>,
    sensor_events: Vec<SensorEvent>,
    /// Plots older than the lag, not taken yet.
    late: Vec<Plot>,
    /// The next frame that is not settled begins at or after this, TAI ns.
    horizon_ns: i64,
}

impl Timeline {
    /// Begins without plots.
    pub fn new(sensors: &Sensors, options: TimelineOptions, tracking: Options) -> Self {
        let tracker = Tracker::new(sensors, tracking);
        let count = sensors.as_slice().len();
        Self {
            ranks: ranks(sensors),
            sensors: sensors.clone(),
            options,
            frames: BTreeMap::new(),
            checkpoints: Checkpoints::new(tracker, (options.checkpoint_s * 1e9) as i64),
            preview: None,
            lateness: Lateness::default(),
            foreteller: Foreteller::default(),
            hasty: Hasty::default(),
            clocks: Clocks::new(count),
            aside: vec![Vec::new(); count],
            waiting: BTreeMap::new(),
            counts: Counts::default(),
            counts_of: vec![Counts::default(); count],
            sensor_events: Vec::new(),
            late: Vec::new(),
            horizon_ns: i64::MIN,
        }
    }

    /// The sensors that are known; what comes out names them by their places in this list.
    pub fn sensors(&self) -> &Sensors {
        &self.sensors
    }

    /// Takes a sensor in that becomes known now, before its first plot; its place in the list.
    ///
    /// It takes the place that the order of owners and names gives it, and those behind it move up: rows and events
    /// that were taken out before name sensors by their old places. What comes out is what would have come out if it
    /// had been known from the beginning, to the bit. Costs what is kept of the last lag. Errors: [`DuplicateSensor`],
    /// and then nothing changed.
    pub fn admit(&mut self, sensor: Sensor) -> Result<usize, DuplicateSensor> {
        let known = self.sensors.as_slice();
        let order = |sensor: &Sensor| (sensor.owner.clone(), sensor.name.clone());
        let own = order(&sensor);
        let behind = known.iter().position(|other| order(other) > own);
        let at = behind.unwrap_or(known.len());
        let mut sensors = Sensors::default();
        for one in known[..at].iter().chain([&sensor]).chain(&known[at..]) {
            sensors.insert(one.clone())?;
        }
        let admission = &mut Admission::new(&sensor, at, known.len());
        self.preview = None;
        self.checkpoints.admit(admission);
        let admission = &*admission;
        let old_count = self.ranks.len() as u32;
        self.sensors = sensors;
        self.ranks = ranks(&self.sensors);
        let rank = self.ranks[at];
        let key = |(frame_ns, old): Key| {
            let (plots, reports) = (old % old_count, old / old_count);
            (frame_ns, plots + u32::from(plots >= rank) + reports * (old_count + 1))
        };
        let moved = |(old, mut frame): (Key, Frame)| {
            frame.admit(admission);
            (key(old), frame)
        };
        self.frames = std::mem::take(&mut self.frames).into_iter().map(moved).collect();
        self.aside.insert(at, Vec::new());
        for (old, _) in self.aside.iter_mut().flatten() {
            *old = key(*old);
        }
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        self.waiting = waiting
            .map(|((second, index), count)| ((second, admission.moved(index)), count))
            .collect();
        self.clocks.admit(at);
        self.counts_of.insert(at, Counts::default());
        for event in &mut self.sensor_events {
            event.sensor = admission.moved(event.sensor);
        }
        Ok(at)
    }

    /// What became of the plots so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a plot in; what became of it. Errors: [`SensorNotFound`], and then nothing changed.
    pub fn add(&mut self, plot: &Plot) -> Result<Fate, SensorNotFound> {
        let index = self.sensors.index_of(&plot.sensor)?;
        let verdict = self.clocks.heard(index, plot.time);
        let fate = if self.judge_clock(index, plot.time, verdict) {
            Fate::Clock
        } else {
            let sight = |tracker: &Tracker| tracker.sight(plot, index);
            let rank = self.ranks[index];
            self.insert(
                (plot.time, Sight::order(plot)),
                index,
                rank,
                verdict == Verdict::Aside,
                sight,
            )
        };
        if fate == Fate::Late {
            self.late.push(plot.clone());
        }
        for counts in [&mut self.counts, &mut self.counts_of[index]] {
            *counts.of(fate) += 1;
        }
        Ok(fate)
    }

    /// Takes a partner's report of one of its tracks in, under the same rules of order; what became of it.
    ///
    /// Its plots are among those up to its time: it comes after all plots of its frame. Errors: [`SensorNotFound`]
    /// where the partner is not in the list of sensors, and then nothing changed.
    pub fn report(&mut self, report: &TrackReport) -> Result<Fate, SensorNotFound> {
        let index = self.sensors.index_of(&report.source)?;
        let verdict = self.clocks.heard(index, report.time);
        let fate = if self.judge_clock(index, report.time, verdict) {
            Fate::Clock
        } else {
            let rank = self.ranks[index] + self.ranks.len() as u32;
            let sight = |tracker: &Tracker| tracker.report(report, index);
            let own = (report.time, partner::order(report));
            self.insert(own, index, rank, verdict == Verdict::Aside, sight)
        };
        for counts in [&mut self.counts, &mut self.counts_of[index]] {
            *counts.of(fate) += 1;
        }
        Ok(fate)
    }

    fn insert(
        &mut self,
        (time, order): (Time, u64),
        index: usize,
        rank: u32,
        is_aside: bool,
        sight: impl Fn(&Tracker) -> Option<Sight>,
    ) -> Fate {
        let time_ns = time.tai_ns();
        let frame_ns = time_ns - time_ns.rem_euclid(FRAME_NS);
        if frame_ns < self.horizon_ns.max(self.due_ns()) {
            return Fate::Late;
        }
        let (key, own) = ((frame_ns, rank), (time_ns, order));
        let known = self.frames.get(&key);
        if known.is_some_and(|frame| frame.contains(own)) {
            return Fate::Duplicate;
        }
        let second = (frame_ns.div_euclid(SECOND_NS), index);
        let waiting = self.waiting.get(&second).copied().unwrap_or(0);
        if waiting >= 2 * self.checkpoints.newest().budget_per_s(index) {
            // Its sensor is contained before the last of them: which they are is the same in any order.
            match self.last_of_second(key) {
                Some(last) if own < last.1 => self.take_back(last, index, Fate::Flood),
                _ => return Fate::Flood,
            }
        }
        let Some(sight) = sight(self.checkpoints.newest()) else {
            return Fate::WithoutSigma;
        };
        if is_aside {
            self.aside[index].push((key, own));
        }
        *self.waiting.entry(second).or_default() += 1;
        let last_ns = self
            .frames
            .last_key_value()
            .map_or(frame_ns, |((last_ns, _), _)| *last_ns);
        self.lateness.note((last_ns - frame_ns).max(0));
        self.freshen(key, own, &sight);
        self.frames.entry(key).or_default().insert(own, sight);
        self.checkpoints.forget(frame_ns);
        Fate::Taken
    }

    /// What follows from the time of a plot; whether the plot is refused.
    fn judge_clock(&mut self, index: usize, time: Time, verdict: Verdict) -> bool {
        let mut say = |time, standing, jump_s| {
            self.sensor_events.push(SensorEvent {
                time,
                sensor: index,
                standing,
                fault: Fault::Clock { jump_s },
            });
        };
        match verdict {
            Verdict::Believed | Verdict::Aside => false,
            Verdict::Refused => true,
            Verdict::Released => {
                self.aside[index].clear();
                false
            }
            Verdict::Back(jump_s) => {
                say(time, Standing::Trusted, jump_s);
                false
            }
            Verdict::Jumped(jump_s) => {
                say(time + -jump_s, Standing::Contained, jump_s);
                for plot in std::mem::take(&mut self.aside[index]) {
                    self.take_back(plot, index, Fate::Clock);
                }
                true
            }
        }
    }

    /// Takes a plot back that waits, and counts it as something else.
    fn take_back(&mut self, (key, own): (Key, (i64, u64)), index: usize, fate: Fate) {
        let Some(frame) = self.frames.get_mut(&key) else { return };
        if !frame.remove(own) {
            return;
        }
        if frame.is_empty() {
            self.frames.remove(&key);
        }
        self.checkpoints.forget(key.0);
        self.preview = None;
        if let Some(count) = self.waiting.get_mut(&(key.0.div_euclid(SECOND_NS), index)) {
            *count = count.saturating_sub(1);
        }
        for counts in [&mut self.counts, &mut self.counts_of[index]] {
            counts.taken -= 1;
            *counts.of(fate) += 1;
        }
    }

    /// The last plot that waits of a sensor in the second of a frame.
    fn last_of_second(&self, (frame_ns, rank): Key) -> Option<(Key, (i64, u64))> {
        let first_ns = frame_ns - frame_ns.rem_euclid(SECOND_NS);
        (0..SECOND_NS / FRAME_NS).rev().find_map(|step| {
            let key = (first_ns + step * FRAME_NS, rank);
            Some((key, self.frames.get(&key)?.last()?))
        })
    }

    /// Takes the plots that came later than the lag, as they came: they change no track, and are worth as much as
    /// others to the fit of a path.
    pub fn drain_late(&mut self) -> Vec<Plot> {
        std::mem::take(&mut self.late)
    }

    /// Takes what happened to the trust in sensors: of clocks as it became known, else as it was settled.
    pub fn drain_sensor_events(&mut self) -> Vec<SensorEvent> {
        let mut events = std::mem::take(&mut self.sensor_events);
        events.append(&mut self.checkpoints.sensor_events);
        events
    }

    /// What is known of each sensor, in the order of the list.
    pub fn sensor_reports(&self) -> Vec<SensorReport> {
        let report = |(index, counts): (usize, &Counts)| {
            SensorReport::new(self.checkpoints.newest(), index, *counts, self.clocks.jump_s(index))
        };
        self.counts_of.iter().enumerate().map(report).collect()
    }

    /// How often association had more to do than its budget allows, in what has been tracked so far.
    pub fn efforts(&self) -> Efforts {
        self.checkpoints.newest().efforts()
    }

    /// Settles what no plot within the lag can change any more; rows and events of it.
    pub fn settle(&mut self, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        self.settle_before(self.due_ns(), pool)
    }

    /// Everything before this is settled.
    pub fn settled_before(&self) -> Time {
        Time::from_tai_ns(self.horizon_ns)
    }

    /// Forecasts of what may still be overtaken: of each track the newest that was due and was not made yet, at most so
    /// many; the others are made when this is asked next. Ask for the picture before.
    pub fn forecasts_now(&mut self, forecasts_max: usize, pool: &impl Pool) -> Vec<Forecast> {
        self.hasty
            .forecasts(self.checkpoints.unsettled_outlooks(), forecasts_max, pool)
    }

    /// Frames that begin before this are older than the newest plot by more than the lag, TAI ns.
    fn due_ns(&self) -> i64 {
        let Some(newest) = self.clocks.agreed() else {
            return i64::MIN;
        };
        let lag_ns = ((self.options.lag_s + FRAME_S) * 1e9) as i64;
        let oldest_ns = newest.tai_ns().saturating_sub(lag_ns);
        // The first frame that begins then or later.
        oldest_ns.saturating_add((FRAME_NS - oldest_ns.rem_euclid(FRAME_NS)) % FRAME_NS)
    }

    /// Settles all that is held and was measured before a time, whichever sensor was heard last; rows and events of it.
    /// For when nothing has come for so long that none of before can be on its way: only a plot that is older than
    /// what is held is late from then on.
    pub fn settle_held(&mut self, before: Time, pool: &impl Pool) -> (Vec<Row>, Vec<Event>) {
        let last = self.frames.range(..(before.tai_ns(), 0)).next_back();
        let horizon_ns = last.map_or(self.horizon_ns, |((begin_ns, _), _)| begin_ns + FRAME_NS);
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
        self.foreteller.add(std::mem::take(&mut self.checkpoints.outlooks));
        let settled_s = self.horizon_ns.div_euclid(SECOND_NS);
        self.waiting = self.waiting.split_off(&(settled_s, 0));
        said
    }

    /// Makes the forecasts of what has been settled since, and takes them out, in their order.
    pub fn forecasts(&mut self, pool: &impl Pool) -> Vec<Forecast> {
        self.foreteller.forecasts(pool)
    }

    /// Drops what waits to be taken out of what is settled: forecasts, and plots that came too late. For those who live
    /// with the picture of now, and never ask for either.
    pub fn skip(&mut self) {
        self.foreteller.skip();
        self.late.clear();
    }

    /// The tracks of all plots so far, those that may still be overtaken included.
    ///
    /// Costs what is new since it was last asked for, and what plots that came late since then have made wrong.
    pub fn picture(&mut self, pool: &impl Pool) -> Tracker {
        // Plots of the last frame may still be on their way, and would make wrong whatever has taken it.
        if let Some(((last_ns, _), _)) = self.frames.last_key_value() {
            self.checkpoints.run(&self.frames, *last_ns, pool);
        }
        self.on_top(pool)
    }

    /// The newest state with all plots that are not in it.
    fn on_top(&mut self, pool: &impl Pool) -> Tracker {
        let mut tracker = self.checkpoints.newest().clone();
        for (_, frame) in self.frames.range((self.checkpoints.newest_ns(), 0)..) {
            tracker.take(&frame.in_order(), pool);
        }
        tracker.drain();
        self.keep(&tracker);
        tracker
    }
}

impl Counts {
    fn of(&mut self, fate: Fate) -> &mut u64 {
        match fate {
            Fate::Taken => &mut self.taken,
            Fate::Duplicate => &mut self.duplicate,
            Fate::Late => &mut self.late,
            Fate::WithoutSigma => &mut self.without_sigma,
            Fate::Clock => &mut self.clock,
            Fate::Flood => &mut self.flood,
            Fate::Withdrawn => &mut self.withdrawn,
        }
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
