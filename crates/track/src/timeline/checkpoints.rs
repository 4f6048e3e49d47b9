//! States of the tracker along the plots that may still be overtaken, and what it said on the way: a late plot is taken
//! in from the last state before it.
//!
//! A copy of a tracker shares its tracks until they change. Near the newest plot the copies stand one spacing apart,
//! further back a quarter of their age: to go back by some time costs no more than that time, a quarter and a spacing.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use crate::admission::Admission;
use crate::associate::Pool;
use crate::forecast::Outlook;
use crate::picture::{Event, Row};
use crate::sight::Sight;
use crate::tracker::Tracker;
use crate::trust::SensorEvent;

/// The begin of a frame, TAI ns, and the rank of its sensor.
pub(super) type Key = (i64, u32);

/// Plots of one sensor at nearly one time.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// Time and digest of each plot, ascending, and its place among the sights.
    order: Vec<((i64, u64), u32)>,
    /// As they came: they are large, and moved once when they are taken.
    sights: Vec<Sight>,
}

impl Frame {
    fn place(&self, own: (i64, u64)) -> Result<usize, usize> {
        self.order.binary_search_by_key(&own, |(own, _)| *own)
    }

    /// Whether a plot is among them.
    pub fn contains(&self, own: (i64, u64)) -> bool {
        self.place(own).is_ok()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Takes in a plot, once.
    pub fn insert(&mut self, own: (i64, u64), sight: Sight) {
        if let Err(place) = self.place(own) {
            self.order.insert(place, (own, self.sights.len() as u32));
            self.sights.push(sight);
        }
    }

    /// Takes a plot out; whether it was there.
    pub fn remove(&mut self, own: (i64, u64)) -> bool {
        let Ok(place) = self.place(own) else { return false };
        let (_, out) = self.order.remove(place);
        self.sights.remove(out as usize);
        for (_, at) in self.order.iter_mut().filter(|(_, at)| *at > out) {
            *at -= 1;
        }
        true
    }

    /// Makes room for a sensor.
    pub fn admit(&mut self, admission: &Admission) {
        self.sights.iter_mut().for_each(|sight| admission.sight(sight));
    }

    /// The plots with their time and digest.
    pub fn each(&self) -> impl Iterator<Item = ((i64, u64), &Sight)> {
        self.order.iter().map(|(own, at)| (*own, &self.sights[*at as usize]))
    }

    /// The last plot.
    pub fn last(&self) -> Option<(i64, u64)> {
        self.order.last().map(|(own, _)| *own)
    }

    /// The plots in the order of their time and digest.
    pub fn in_order(&self) -> Cow<'_, [Sight]> {
        if self.order.is_sorted_by_key(|(_, at)| *at) {
            return Cow::Borrowed(&self.sights);
        }
        let sights = self.order.iter().map(|(_, at)| self.sights[*at as usize].clone());
        Cow::Owned(sights.collect())
    }
}

/// Older copies stand this part of their age apart.
const PART_OF_AGE: i64 = 4;

/// What came out of frames, in their order.
#[derive(Clone, Debug, Default)]
struct Said {
    rows: Vec<Row>,
    /// Each with the begin of the frame that brought it: a sweep is of an earlier time than that.
    events: Vec<(i64, Event)>,
    /// The same of sensors.
    sensors: Vec<(i64, SensorEvent)>,
    /// The same of what is to be foretold.
    outlooks: Vec<(i64, Outlook)>,
}

impl Said {
    /// Takes in a frame, and what the tracker says of it.
    fn take(&mut self, tracker: &mut Tracker, frame_ns: i64, frame: &Frame, pool: &impl Pool) {
        tracker.take(&frame.in_order(), pool);
        self.rows.append(&mut tracker.rows);
        self.events
            .extend(tracker.events.drain(..).map(|event| (frame_ns, event)));
        self.sensors
            .extend(tracker.sensor_events.drain(..).map(|event| (frame_ns, event)));
        self.outlooks
            .extend(tracker.outlooks.drain(..).map(|outlook| (frame_ns, outlook)));
    }

    /// Makes room for a sensor.
    fn admit(&mut self, admission: &Admission) {
        self.rows.iter_mut().for_each(|row| admission.row(row));
        for (_, event) in &mut self.sensors {
            event.sensor = admission.moved(event.sensor);
        }
    }

    /// Leaves out the first so many.
    fn skip(&mut self, told: Told) {
        let Told {
            rows,
            events,
            sensors,
            outlooks,
        } = told;
        self.rows.drain(..rows.min(self.rows.len()));
        self.events.drain(..events.min(self.events.len()));
        self.sensors.drain(..sensors.min(self.sensors.len()));
        self.outlooks.drain(..outlooks.min(self.outlooks.len()));
    }

    fn append(&mut self, mut later: Self) {
        self.rows.append(&mut later.rows);
        self.events.append(&mut later.events);
        self.sensors.append(&mut later.sensors);
        self.outlooks.append(&mut later.outlooks);
    }

    /// What frames that begin before a time said, taken out.
    fn before(&mut self, time_ns: i64) -> Self {
        let rows = self.rows.partition_point(|row| row.time.tai_ns() < time_ns);
        let events = self.events.partition_point(|(frame_ns, _)| *frame_ns < time_ns);
        let sensors = self.sensors.partition_point(|(frame_ns, _)| *frame_ns < time_ns);
        let outlooks = self.outlooks.partition_point(|(frame_ns, _)| *frame_ns < time_ns);
        Self {
            rows: self.rows.drain(..rows).collect(),
            events: self.events.drain(..events).collect(),
            sensors: self.sensors.drain(..sensors).collect(),
            outlooks: self.outlooks.drain(..outlooks).collect(),
        }
    }
}

/// How many of each have been handed out.
#[derive(Copy, Clone, Debug, Default)]
struct Told {
    rows: usize,
    events: usize,
    sensors: usize,
    outlooks: usize,
}

/// The tracker with all frames that begin before a time, and with none that does not.
#[derive(Clone, Debug)]
struct Checkpoint {
    before_ns: i64,
    tracker: Tracker,
    /// Since the checkpoint before, but for what has been handed out.
    said: Said,
}

/// Checkpoints in the order of time; there is always one.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    list: VecDeque<Checkpoint>,
    spacing_ns: i64,
    /// Frames that begin before this are settled. It lies between the first checkpoint and the second.
    horizon_ns: i64,
    /// How much has been handed out since the first checkpoint.
    told: Told,
    /// What happened to the trust in sensors, settled and not taken yet.
    pub sensor_events: Vec<SensorEvent>,
    /// What is to be foretold, the same.
    pub outlooks: Vec<Outlook>,
}

impl Checkpoints {
    /// Begins with a tracker that has taken nothing.
    pub fn new(tracker: Tracker, spacing_ns: i64) -> Self {
        let first = Checkpoint {
            before_ns: i64::MIN,
            tracker,
            said: Said::default(),
        };
        Self {
            list: VecDeque::from([first]),
            spacing_ns,
            horizon_ns: i64::MIN,
            told: Told::default(),
            sensor_events: Vec::new(),
            outlooks: Vec::new(),
        }
    }

    fn last(&self) -> &Checkpoint {
        &self.list[self.list.len() - 1]
    }

    /// The newest state.
    pub fn newest(&self) -> &Tracker {
        &self.last().tracker
    }

    /// Frames that begin before this are in the newest state.
    pub fn newest_ns(&self) -> i64 {
        self.last().before_ns
    }

    /// Frames that begin before this are not needed any more.
    pub fn oldest_ns(&self) -> i64 {
        self.list[0].before_ns
    }

    /// Takes a sensor in.
    pub fn admit(&mut self, admission: &mut Admission) {
        for checkpoint in &mut self.list {
            checkpoint.tracker.admit(admission);
            checkpoint.said.admit(admission);
        }
        for event in &mut self.sensor_events {
            event.sensor = admission.moved(event.sensor);
        }
    }

    /// What is to be foretold of what may still be overtaken, in its order.
    pub fn unsettled_outlooks(&self) -> impl Iterator<Item = &Outlook> {
        let said = self.list.iter().flat_map(|checkpoint| &checkpoint.said.outlooks);
        said.map(|(_, outlook)| outlook)
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets what a change of a frame makes wrong.
    pub fn forget(&mut self, frame_ns: i64) {
        while self.list.len() > 1 && self.last().before_ns > frame_ns {
            self.list.pop_back();
        }
    }

    /// Goes on to all frames that begin before a time.
    pub fn run(&mut self, frames: &BTreeMap<Key, Frame>, until_ns: i64, pool: &impl Pool) {
        let from_ns = self.newest_ns();
        if until_ns <= from_ns {
            return;
        }
        let (mut tracker, mut said) = self.go_on();
        for ((frame_ns, _), frame) in frames.range((from_ns, 0)..(until_ns, 0)) {
            let is_far = frame_ns.saturating_sub(self.newest_ns()) >= self.spacing_ns;
            if is_far && *frame_ns > self.newest_ns().max(self.horizon_ns) {
                self.push(*frame_ns, tracker.clone(), std::mem::take(&mut said));
            }
            said.take(&mut tracker, *frame_ns, frame, pool);
        }
        self.push(until_ns, tracker, said);
        self.thin();
    }

    /// The newest state and what was said since the one before: itself where it stands nearer to that one than it needs
    /// to, else a copy.
    fn go_on(&mut self) -> (Tracker, Said) {
        // Of what was said up to the second, parts may have been handed out.
        if let [.., _, before, last] = self.list.make_contiguous()
            && last.before_ns.saturating_sub(before.before_ns) < self.spacing_ns
            && let Some(last) = self.list.pop_back()
        {
            return (last.tracker, last.said);
        }
        (self.newest().clone(), Said::default())
    }

    fn push(&mut self, before_ns: i64, tracker: Tracker, mut said: Said) {
        if self.list.len() == 1 {
            said.skip(self.told);
        }
        self.list.push_back(Checkpoint {
            before_ns,
            tracker,
            said,
        });
    }

    /// Leaves out checkpoints that stand nearer to each other than they need to.
    fn thin(&mut self) {
        let head_ns = self.newest_ns();
        let mut at = 1;
        while at + 1 < self.list.len() {
            let next_ns = self.list[at + 1].before_ns;
            let gap_ns = next_ns.saturating_sub(self.list[at - 1].before_ns);
            if gap_ns > self.spacing_ns.max((head_ns - next_ns) / PART_OF_AGE) {
                at += 1;
            } else if let Some(mut out) = self.list.remove(at) {
                let next = &mut self.list[at].said;
                out.said.append(std::mem::take(next));
                *next = out.said;
            }
        }
    }

    /// Settles all frames that begin before a time; hands out what was said of them.
    pub fn settle(
        &mut self,
        frames: &BTreeMap<Key, Frame>,
        horizon_ns: i64,
        pool: &impl Pool,
    ) -> (Vec<Row>, Vec<Event>) {
        let mut settled = Said::default();
        self.horizon_ns = self.horizon_ns.max(horizon_ns);
        while self.list.len() > 1 && self.list[1].before_ns <= self.horizon_ns {
            self.list.pop_front();
            settled.append(std::mem::take(&mut self.list[0].said));
            self.told = Told::default();
        }
        if let Some(next) = self.list.get_mut(1) {
            let more = next.said.before(self.horizon_ns);
            self.told.rows += more.rows.len();
            self.told.events += more.events.len();
            self.told.sensors += more.sensors.len();
            self.told.outlooks += more.outlooks.len();
            settled.append(more);
        } else {
            let (only, mut more) = (&mut self.list[0], Said::default());
            for ((frame_ns, _), frame) in frames.range((only.before_ns, 0)..(self.horizon_ns, 0)) {
                more.take(&mut only.tracker, *frame_ns, frame, pool);
            }
            only.before_ns = self.horizon_ns;
            more.skip(std::mem::take(&mut self.told));
            settled.append(more);
        }
        let sensors = settled.sensors.into_iter().map(|(_, event)| event);
        self.sensor_events.extend(sensors);
        let outlooks = settled.outlooks.into_iter().map(|(_, outlook)| outlook);
        self.outlooks.extend(outlooks);
        let events = settled.events.into_iter().map(|(_, event)| event);
        (settled.rows, events.collect())
    }
}
