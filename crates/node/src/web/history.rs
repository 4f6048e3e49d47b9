//! What was shown, as it was shown: kept in memory, so many octets of it.
//!
//! Each step is what changed since the one before, as it goes to browsers; every so many steps the pictures are whole.
//! What is dropped goes from the front, up to the next whole pictures.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use wire::messages::Message;
use wire::messages::picture::{Agreement, Event, Moment, Partner, Picture, Plot, Track};

/// Steps from whole pictures to whole pictures.
const STEPS: usize = 30;
/// Plots and events of one answer, at most: those of a step beyond are left out.
const PLOTS_MAX: usize = 50_000;

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub now_unix_s: f64,
    is_whole: bool,
    octets: Arc<[u8]>,
}

/// The steps that are kept.
#[derive(Debug)]
pub(super) struct History {
    steps: VecDeque<Step>,
    octets: usize,
    octets_max: usize,
    since_whole: usize,
}

impl History {
    pub fn new(octets_max: usize) -> Self {
        Self {
            steps: VecDeque::new(),
            octets: 0,
            octets_max,
            since_whole: STEPS,
        }
    }

    /// So much is kept.
    pub fn octets_max(&self) -> usize {
        self.octets_max
    }

    /// Whether the next step has to be whole.
    pub fn wants_whole(&self) -> bool {
        self.since_whole >= STEPS
    }

    /// Adds a step; its pictures are whole where that is wanted.
    pub fn push(&mut self, moment: &Moment) {
        let is_whole = self.wants_whole();
        self.since_whole = if is_whole { 1 } else { self.since_whole + 1 };
        let octets: Arc<[u8]> = moment.encode_to_vec().into();
        self.octets += octets.len();
        self.steps.push_back(Step {
            now_unix_s: moment.now_unix_s,
            is_whole,
            octets,
        });
        while self.octets > self.octets_max && !self.steps.is_empty() {
            self.drop_first();
        }
        if self.steps.is_empty() {
            self.since_whole = STEPS;
        }
    }

    /// Puts steps before the first, that were made later: those of earlier times, as far as there is room.
    pub fn begin_with(&mut self, earlier: Self) {
        let first = self.begins_unix_s().unwrap_or(f64::INFINITY);
        let before = earlier.steps.into_iter().filter(|step| step.now_unix_s < first);
        let mut all: VecDeque<Step> = before.collect();
        self.octets += all.iter().map(|step| step.octets.len()).sum::<usize>();
        all.append(&mut self.steps);
        self.steps = all;
        while self.octets > self.octets_max && !self.steps.is_empty() {
            self.drop_first();
        }
    }

    /// Drops what is before the second whole pictures.
    fn drop_first(&mut self) {
        while let Some(first) = self.steps.pop_front() {
            self.octets -= first.octets.len();
            if self.steps.front().is_some_and(|next| next.is_whole) {
                return;
            }
        }
    }

    /// From when on it goes.
    pub fn begins_unix_s(&self) -> Option<f64> {
        self.steps.front().map(|step| step.now_unix_s)
    }

    /// The steps from the last whole pictures before a time up to another.
    pub fn steps(&self, from_unix_s: f64, to_unix_s: f64) -> Vec<Step> {
        let until = self.steps.partition_point(|step| step.now_unix_s <= to_unix_s);
        let first = self.steps.partition_point(|step| step.now_unix_s <= from_unix_s);
        let whole = (0..first.max(1).min(self.steps.len()))
            .rev()
            .find(|at| self.steps[*at].is_whole);
        match whole {
            Some(whole) if whole < until => self.steps.range(whole..until).cloned().collect(),
            _ => Vec::new(),
        }
    }
}

/// The pictures as they were at a step, and what came since it was last asked.
#[derive(Debug, Default)]
pub(super) struct Replay {
    now_unix_s: f64,
    pictures: BTreeMap<String, (Picture, BTreeMap<String, Track>)>,
    plots: Vec<Plot>,
    events: Vec<Event>,
    partners: Vec<Partner>,
    agreement: Option<Agreement>,
}

impl Replay {
    /// Takes a step.
    pub fn take(&mut self, step: &Step) {
        // What was encoded here is read here.
        let Ok(moment) = Moment::decode(&*step.octets) else {
            return;
        };
        self.now_unix_s = moment.now_unix_s;
        for mut picture in moment.pictures {
            let tracks = std::mem::take(&mut picture.tracks);
            let gone = std::mem::take(&mut picture.gone);
            let (head, known) = self.pictures.entry(picture.view.clone()).or_default();
            if picture.whole {
                known.clear();
            }
            *head = picture;
            gone.iter().for_each(|name| drop(known.remove(name)));
            known.extend(tracks.into_iter().map(|track| (track.name.clone(), track)));
        }
        self.plots.extend(moment.plots);
        self.events.extend(moment.events);
        self.plots.truncate(PLOTS_MAX);
        self.events.truncate(PLOTS_MAX);
        if !moment.partners.is_empty() {
            self.partners = moment.partners;
        }
        if moment.agreement.is_some() {
            self.agreement = moment.agreement;
        }
    }

    /// Forgets plots and events so far.
    pub fn forget(&mut self) {
        self.plots.clear();
        self.events.clear();
    }

    /// Whole pictures as they are now, with the plots and events since this was last asked.
    pub fn moment(&mut self) -> Moment {
        let whole = |(head, tracks): &(Picture, BTreeMap<String, Track>)| Picture {
            whole: true,
            tracks: tracks.values().cloned().collect(),
            ..head.clone()
        };
        Moment {
            now_unix_s: self.now_unix_s,
            pictures: self.pictures.values().map(whole).collect(),
            plots: std::mem::take(&mut self.plots),
            events: std::mem::take(&mut self.events),
            partners: self.partners.clone(),
            agreement: self.agreement.clone(),
            ..Moment::default()
        }
    }
}

/// A part of the past: whole pictures at each step.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub moments: Vec<Moment>,
    /// Where to go on; `None` at the end.
    pub next_unix_s: Option<f64>,
}

/// Whole pictures at each of some steps of time, as they were shown then; so many and so many octets at most.
pub(super) fn page(
    steps: &[Step],
    (from, to, each_s): (f64, f64, f64),
    (moments_max, octets_max): (usize, usize),
) -> Page {
    let mut page = Page::default();
    let mut replay = Replay::default();
    let (mut due, mut octets, mut taken, mut is_new) = (from, 0, 0, false);
    while due <= to {
        while let Some(step) = steps.get(taken).filter(|step| step.now_unix_s <= due) {
            replay.take(step);
            if step.now_unix_s <= from - each_s {
                replay.forget();
            }
            (taken, is_new) = (taken + 1, true);
        }
        if std::mem::take(&mut is_new) {
            if page.moments.len() == moments_max || octets > octets_max {
                page.next_unix_s = Some(due);
                break;
            }
            let moment = replay.moment();
            octets += moment.encoded_len();
            page.moments.push(moment);
        }
        let Some(next) = steps.get(taken) else { break };
        // The first moment that is due when there is something new.
        due += each_s * ((next.now_unix_s - due) / each_s).ceil().max(1.0);
    }
    page
}

/// The plots that were measured from one time to another, so many at most, and whether that cut any off.
pub(super) fn plots(steps: &[Step], from: f64, to: f64, plots_max: usize) -> (Vec<Plot>, bool) {
    let mut all = Vec::new();
    for step in steps {
        let Ok(moment) = Moment::decode(&*step.octets) else {
            continue;
        };
        let within = |plot: &Plot| (from..=to).contains(&plot.time_unix_s);
        all.extend(moment.plots.into_iter().filter(within));
        if all.len() > plots_max {
            all.truncate(plots_max);
            return (all, true);
        }
    }
    (all, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(now_unix_s: f64, whole: bool, tracks: &[&str], gone: &[&str]) -> Moment {
        let track = |name: &&str| Track {
            name: (*name).to_owned(),
            time_unix_s: now_unix_s,
            ..Track::default()
        };
        Moment {
            now_unix_s,
            pictures: vec![Picture {
                view: "together".into(),
                whole,
                tracks: tracks.iter().map(track).collect(),
                gone: gone.iter().map(|name| (*name).to_owned()).collect(),
                ..Picture::default()
            }],
            plots: vec![Plot {
                time_unix_s: now_unix_s,
                ..Plot::default()
            }],
            ..Moment::default()
        }
    }

    fn filled(octets_max: usize) -> History {
        let mut history = History::new(octets_max);
        for second in 0..100 {
            let whole = history.wants_whole();
            let gone: &[&str] = if second == 50 { &["a"] } else { &[] };
            let tracks: &[&str] = match (whole, second) {
                (true, 0..50) | (false, 0) => &["a", "b"],
                (true, _) => &["b"],
                (false, 10) => &["a"],
                _ => &[],
            };
            history.push(&moment(f64::from(second), whole, tracks, gone));
        }
        history
    }

    #[test]
    fn a_moment_of_the_past_is_as_it_was() {
        let history = filled(1 << 20);
        let names = |page: &Page| -> Vec<Vec<String>> {
            let of = |moment: &Moment| {
                moment.pictures[0]
                    .tracks
                    .iter()
                    .map(|track| track.name.clone())
                    .collect()
            };
            page.moments.iter().map(of).collect()
        };
        let at =
            |from: f64, to: f64, each_s: f64| page(&history.steps(from, to), (from, to, each_s), (1_000, usize::MAX));
        assert_eq!(names(&at(49.5, 49.5, 1.0)), [vec!["a", "b"]]);
        assert_eq!(names(&at(50.0, 50.0, 1.0)), [vec!["b"]]);
        let page = at(40.0, 60.0, 5.0);
        let times: Vec<f64> = page.moments.iter().map(|moment| moment.now_unix_s).collect();
        assert_eq!(times, [40.0, 45.0, 50.0, 55.0, 60.0]);
        assert!(page.moments.iter().all(|moment| moment.plots.len() == 5));
        assert!(at(200.0, 300.0, 1.0).moments.len() <= 1);
        assert!(at(-20.0, -10.0, 1.0).moments.is_empty());
    }

    #[test]
    fn a_page_is_bounded_and_says_where_to_go_on() {
        let history = filled(1 << 20);
        let page = page(&history.steps(0.0, 99.0), (0.0, 99.0, 1.0), (10, usize::MAX));
        assert_eq!((page.moments.len(), page.next_unix_s), (10, Some(10.0)));
    }

    #[test]
    fn what_was_before_the_first_step_is_put_before_it_as_far_as_there_is_room() {
        let later = || {
            let mut later = History::new(1 << 20);
            for second in 100..110 {
                let whole = later.wants_whole();
                later.push(&moment(f64::from(second), whole, &["c"], &[]));
            }
            later
        };
        let names = |history: &History, at: f64| -> Vec<String> {
            let page = page(&history.steps(at, at), (at, at, 1.0), (1, usize::MAX));
            let tracks = page.moments.iter().flat_map(|moment| &moment.pictures[0].tracks);
            tracks.map(|track| track.name.clone()).collect()
        };
        let mut history = later();
        history.begin_with(filled(1 << 20));
        assert_eq!(history.begins_unix_s(), Some(0.0));
        assert_eq!(
            (names(&history, 20.0), names(&history, 105.0)),
            (vec!["a".into(), "b".into()], vec!["c".into()])
        );
        // What is not earlier is there already.
        history.begin_with(later());
        assert_eq!(history.steps.len(), 110);
        let mut small = later();
        small.octets_max = 2_000;
        small.begin_with(filled(1 << 20));
        assert!(small.octets <= 2_000 && small.begins_unix_s() > Some(0.0));
        assert_eq!(names(&small, 105.0), ["c"]);
    }

    #[test]
    fn what_is_too_old_goes_and_what_stays_begins_whole() {
        let history = filled(2_000);
        assert!(history.octets <= 2_000);
        let from = history.begins_unix_s().expect("there is some");
        assert_eq!(from % STEPS as f64, 0.0);
        assert!(from > 0.0);
    }
}
