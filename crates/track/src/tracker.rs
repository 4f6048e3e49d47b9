//! The fold: frames of plots in the order of measurement go in, rows and events come out.

use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::filter::imm::Imm;
use geo::Time;
use geo::math::ln;
use plot::{Sensor, Sensors};

use crate::associate::{Answer, Budget, Method, Pair, Pool, Problem, associate};
use crate::forecast::{Outlook, outlook};
use crate::modes::Class;
use crate::name::Name;
use crate::near::Near;
use crate::outline::Outline;
use crate::picture::{Event, EventKind, Row};
use crate::registration::Registration;
use crate::sight::Sight;
use crate::split;
use crate::sweep;
use crate::timeline::FRAME_S;
use crate::track::{Stage, Taken, Track};
use crate::trust::{self, Conduct, SensorEvent};
use crate::watch::{Watch, covers};

/// Existence at which a track is an object,
const CONFIRMED: f64 = 0.99;
/// with so many plots.
const CONFIRMED_PLOTS: u32 = 3;
/// A sensor that saw an object less than this part of a scan ago hardly sees it again,
const PART_OF_SCAN: f64 = 0.5;
/// with this probability: a double plot.
const TWICE: f64 = 0.01;
/// A phase is another when so many plots in a row say so.
const PLOTS_OF_PHASE: u32 = 4;
/// A plot that is hardly new begins no track.
const NEWNESS_MIN: f64 = 1e-4;
/// What claims the same identity is so much more likely the same.
const SAME_TARGET_LN: f64 = 15.0;

/// How tracks are made.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Options {
    /// How plots and tracks are brought together.
    pub method: Method,
    /// What that may cost.
    pub budget: Budget,
    /// Whether identities that sources claim are left unread.
    pub is_target_ignored: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: Method::Gnn,
            budget: Budget::default(),
            is_target_ignored: false,
        }
    }
}

/// All tracks at one time.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub(crate) sensors: Arc<[Sensor]>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) conducts: Vec<Conduct>,
    pub(crate) registration: Registration,
    /// By number; a place that is free is used again.
    pub(crate) tracks: Vec<Option<Arc<Track>>>,
    pub(crate) near: Near,
    free: Vec<u32>,
    options: Options,
    /// The last frame.
    heard: Option<Time>,
    /// The last sweep.
    pub(crate) swept: Option<Time>,
    /// What has come out and was not taken yet.
    pub(crate) rows: Vec<Row>,
    pub(crate) events: Vec<Event>,
    pub(crate) sensor_events: Vec<SensorEvent>,
    pub(crate) outlooks: Vec<Outlook>,
}

/// One track that may have one or several of the plots of a frame.
struct Candidate {
    number: u32,
    /// Index of the plot, and what the track would be with it.
    plots: Vec<(u32, Taken)>,
    detection: f64,
}

/// What became of the plots of a frame.
#[derive(Default)]
pub(crate) struct Shares {
    /// How many are of nothing that is known.
    pub strange: f64,
    /// Number of a track, index of the plot it took, and the track just before it.
    pub taken: Vec<(usize, u32, Gaussian<6>)>,
}

impl Tracker {
    /// Begins without tracks.
    pub fn new(sensors: &Sensors, options: Options) -> Self {
        let sensors = sensors.as_slice();
        Self {
            registration: Registration::new(sensors),
            conducts: sensors
                .iter()
                .map(|sensor| Conduct::new(Watch::new(sensor).scan_s))
                .collect(),
            watches: sensors.iter().map(Watch::new).collect(),
            sensors: sensors.into(),
            tracks: Vec::new(),
            near: Near::default(),
            free: Vec::new(),
            options,
            heard: None,
            swept: None,
            rows: Vec::new(),
            events: Vec::new(),
            sensor_events: Vec::new(),
            outlooks: Vec::new(),
        }
    }

    /// Makes a plot ready; `None` where neither it nor its sensor states how well it was measured.
    pub(crate) fn sight(&self, plot: &plot::Plot, sensor: usize) -> Option<Sight> {
        Sight::new(plot, &self.sensors[sensor], sensor, self.options.is_target_ignored)
    }

    /// Plots of one second of a sensor that are believed.
    pub(crate) fn budget_per_s(&self, sensor: usize) -> u32 {
        self.conducts[sensor].rate.budget_now()
    }

    /// How many tracks there are, and how many of them are confirmed.
    pub fn count(&self) -> (usize, usize) {
        let all = self.tracks.iter().flatten();
        let confirmed = all.clone().filter(|track| track.stage != Stage::Tentative).count();
        (all.count(), confirmed)
    }

    /// Every object as it was at its last update, by number.
    pub fn tracks(&self) -> Vec<Row> {
        let known = self.tracks.iter().flatten();
        let objects = known.filter(|track| track.stage != Stage::Tentative);
        objects
            .map(|track| row(track, &self.registration, track.time))
            .collect()
    }

    /// Takes the rows and events that have come out, in their order.
    pub fn drain(&mut self) -> (Vec<Row>, Vec<Event>) {
        self.outlooks.clear();
        (std::mem::take(&mut self.rows), std::mem::take(&mut self.events))
    }

    /// Takes in the plots of one sensor at nearly one time, in their order.
    pub(crate) fn take(&mut self, frame: &[Sight], pool: &impl Pool) {
        let Some(first) = frame.first() else { return };
        trust::remember(self, first.time);
        sweep::until(self, first.time);
        let gone_s = self.heard.map_or(0.0, |heard| (first.time - heard).max(0.0));
        self.registration.wander(gone_s);
        self.heard = Some(first.time);
        let stated = frame;
        let Some(frame) = trust::screen(self, frame) else {
            return;
        };
        let frame = &*frame;
        let shares = self.share_out(frame, pool);
        trust::learn(self, stated, &shares.taken);
        self.watches[frame[0].sensor].heard(frame[frame.len() - 1].time, shares.strange);
    }

    /// Brings plots and tracks together, and begins tracks with what is left.
    fn share_out(&mut self, frame: &[Sight], pool: &impl Pool) -> Shares {
        let candidates = self.candidates(frame);
        let answer = self.associate(frame, &candidates, pool);
        let mut shares = Shares::default();
        for (index, sight) in frame.iter().enumerate() {
            let free = answer.free(index);
            shares.strange += free;
            if free > 0.5 {
                self.begin(sight, free);
            }
        }
        for (row, candidate) in candidates.into_iter().enumerate() {
            let number = candidate.number as usize;
            if let Some((index, before)) = self.settle(frame, row, candidate, &answer) {
                shares.taken.push((number, index, before));
            }
        }
        shares
    }

    /// Begins a track with a plot that is so probably of no other; its number.
    pub(crate) fn begin(&mut self, sight: &Sight, free: f64) -> Option<usize> {
        let existence = free * self.watches[sight.sensor].newness();
        if existence <= NEWNESS_MIN {
            return None;
        }
        let mut track = Track::begin(sight, existence, &mut self.registration)?;
        track.parent = split::parent(self, sight);
        Some(self.insert(track))
    }

    /// The tracks that may have made the plots, by number.
    fn candidates(&mut self, frame: &[Sight]) -> Vec<Candidate> {
        let reaching = self.reaching(frame);
        let mut candidates = Vec::new();
        for pairs in reaching.chunk_by(|a, b| a.0 == b.0) {
            let number = pairs[0].0;
            let Some(track) = &mut self.tracks[number as usize] else {
                continue;
            };
            let indices = pairs.iter().map(|pair| pair.1);
            let plots = tried(track, frame, indices, &self.registration);
            if let (Some(track), Some((first, _))) = (&self.tracks[number as usize], plots.first()) {
                let detection = self.detection(track, &frame[*first as usize]);
                candidates.push(Candidate {
                    number,
                    plots,
                    detection,
                });
            }
        }
        candidates
    }

    /// Numbers of tracks and indices of plots that may be near each other, in their order.
    pub(crate) fn reaching(&self, frame: &[Sight]) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (index, sight) in frame.iter().enumerate() {
            let numbers = match &sight.fix {
                Some(fix) => self.near.reaching(sight.time, &fix.place_m, fix.sigma_m()),
                None => (0..self.tracks.len() as u32).collect(),
            };
            pairs.extend(numbers.into_iter().map(|number| (number, index as u32)));
        }
        pairs.sort_unstable();
        pairs
    }

    /// How probably the sensor of a plot sees a track's object now.
    pub(crate) fn detection(&self, track: &Track, sight: &Sight) -> f64 {
        let watch = &self.watches[sight.sensor];
        match track.look(sight.sensor) {
            Some(look) if sight.time - look.seen < PART_OF_SCAN * watch.scan_s => TWICE,
            Some(look) if track.stage != Stage::Tentative => watch.detection() * (1.0 - look.hidden_at(sight.time)),
            _ => watch.detection(),
        }
    }

    fn associate(&self, frame: &[Sight], candidates: &[Candidate], pool: &impl Pool) -> Answer {
        let mut problem = Problem::new(frame.len());
        for candidate in candidates {
            let Some(track) = &self.tracks[candidate.number as usize] else {
                continue;
            };
            let (miss_ln, pairs) = self.weights(track, frame, &candidate.plots, candidate.detection);
            // Weights are finite and no plot stands in a row twice.
            let _row = problem.push(miss_ln, &pairs);
        }
        associate(&problem, self.options.method, &self.options.budget, pool)
    }

    /// What it weighs that a track has none of the plots, and each of them.
    pub(crate) fn weights(
        &self,
        track: &Track,
        frame: &[Sight],
        plots: &[(u32, Taken)],
        detection: f64,
    ) -> (f64, Vec<Pair>) {
        let watch = &self.watches[frame[0].sensor];
        let seen = track.existence * detection;
        let pair = |(index, taken): &(u32, Taken)| {
            let sight = &frame[*index as usize];
            let same = match (&track.target, &sight.target) {
                (Some(one), Some(other)) if one == other => SAME_TARGET_LN,
                _ => 0.0,
            };
            let weight_ln = ln(seen) + taken.log_likelihood - ln(watch.density(sight.volume)) + same;
            Pair::new(*index, weight_ln)
        };
        (ln(1.0 - seen), plots.iter().map(pair).collect())
    }

    /// Gives a candidate what the answer says it has: the index of that plot, and the belief just before it.
    fn settle(
        &mut self,
        frame: &[Sight],
        row: usize,
        candidate: Candidate,
        answer: &Answer,
    ) -> Option<(u32, Gaussian<6>)> {
        let number = candidate.number as usize;
        let track = Arc::make_mut(self.tracks[number].as_mut()?);
        let sensor = frame[0].sensor;
        let (miss, detection) = (answer.miss(row), candidate.detection);
        let chances = answer.pairs(row);
        let best = candidate
            .plots
            .iter()
            .zip(chances)
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.0.cmp(&a.0.0)));
        let Some(((index, chosen), _)) = best.filter(|(_, chance)| **chance > miss) else {
            if let Some(is_in_view) = overlooked(track, &self.watches[sensor], sensor, frame[0].time, detection) {
                if is_in_view {
                    self.watches[sensor].looked(false);
                }
                self.put(number);
            }
            return None;
        };
        let sight = &frame[*index as usize];
        let imm = together(&candidate.plots, chances, miss, track, frame).unwrap_or_else(|| chosen.imm.clone());
        let existence = existence_with(track, chosen, detection, self.watches[sensor].density(sight.volume));
        let is_learning = track.stage == Stage::Confirmed;
        take_in(track, sight, &chosen.before, imm, &mut self.registration, is_learning);
        track.existence = existence;
        if track.stage != Stage::Tentative && detection > TWICE {
            self.watches[sensor].looked(true);
        }
        self.tell(number, sight.time);
        Some((*index, chosen.before))
    }

    /// Says what became of a track that was seen.
    fn tell(&mut self, number: usize, time: Time) {
        let parent = self.parted_from(number);
        let Some(track) = &mut self.tracks[number] else { return };
        let track = Arc::make_mut(track);
        let mut say = |kind| {
            self.events.push(Event {
                time,
                track: track.name,
                kind,
            });
        };
        match track.stage {
            Stage::Tentative if is_object(track) => {
                track.stage = Stage::Confirmed;
                track.told = track.phase;
                say(EventKind::Born { first: track.first });
                parent.into_iter().for_each(|parent| say(EventKind::Split(parent)));
                say(EventKind::Confirmed);
                say(EventKind::Phase(track.phase));
            }
            Stage::Tentative => {}
            Stage::Coasting => {
                track.stage = Stage::Confirmed;
                say(EventKind::Found);
            }
            Stage::Confirmed => {}
        }
        if let Some(manoeuvre) = track.doing.observe(&track.imm, track.class, time) {
            track.foretold.ask();
            if track.stage != Stage::Tentative {
                say(EventKind::Manoeuvre(manoeuvre));
            }
        }
        if track.stage == Stage::Confirmed {
            track.untold = if track.told == track.phase { 0 } else { track.untold + 1 };
            if track.untold >= PLOTS_OF_PHASE {
                (track.told, track.untold) = (track.phase, 0);
                say(EventKind::Phase(track.phase));
            }
            self.rows.push(row(track, &self.registration, time));
        }
        self.put(number);
        self.foretell(number, time);
    }

    /// The track that one came out of which is to be confirmed now.
    fn parted_from(&self, number: usize) -> Option<Name> {
        let track = self.tracks[number].as_ref()?;
        let parent = track
            .parent
            .filter(|_| track.stage == Stage::Tentative && is_object(track))?;
        split::is_parting(self, track, parent).then_some(parent)
    }

    /// Notes what is to be foretold of a track, where that is due.
    pub(crate) fn foretell(&mut self, number: usize, time: Time) {
        let Some(track) = &mut self.tracks[number] else { return };
        if track.class == Class::Space && track.stage != Stage::Tentative {
            let track = Arc::make_mut(track);
            self.outlooks.extend(outlook(track, &self.registration, time));
        }
    }

    fn insert(&mut self, track: Track) -> usize {
        let number = self.free.pop().unwrap_or(self.tracks.len() as u32) as usize;
        if number == self.tracks.len() {
            self.tracks.push(None);
        }
        self.tracks[number] = Some(Arc::new(track));
        self.put(number);
        number
    }

    pub(crate) fn remove(&mut self, number: usize) {
        if self.tracks[number].take().is_some() {
            self.near.take(number as u32);
            self.free.push(number as u32);
        }
    }

    /// Writes down where a track may be found until the next sweep.
    pub(crate) fn put(&mut self, number: usize) {
        let Some(track) = &self.tracks[number] else { return };
        let belief = track.belief(&self.registration);
        self.near.put(number as u32, Outline::new(track, &belief));
    }

    /// The name of a track by its number, for those that compare.
    pub(crate) fn name(&self, number: usize) -> Option<Name> {
        self.tracks[number].as_ref().map(|track| track.name)
    }

    /// Whether a sensor that is alive covers a track's place.
    pub(crate) fn is_looked_at(&self, track: &Track, time: Time) -> bool {
        let place = track.place(time);
        let covering = |look: &crate::track::Look| {
            self.watches[look.sensor].is_alive(time) && covers(&self.sensors[look.sensor], place)
        };
        track.looks.iter().any(covering)
    }
}

/// Whether a track is to be confirmed.
fn is_object(track: &Track) -> bool {
    track.existence >= CONFIRMED && track.plots >= CONFIRMED_PLOTS
}

fn row(track: &Track, registration: &Registration, time: Time) -> Row {
    let mut sensors: Vec<usize> = track.looks.iter().map(|look| look.sensor).collect();
    sensors.sort_unstable();
    Row {
        time,
        track: track.name,
        phase: track.told,
        existence: track.existence,
        belief: track.belief(registration),
        plots: track.plots,
        sensors,
    }
}

/// What a track would be with each of the plots of those indices that may be of it.
pub(crate) fn tried(
    track: &mut Arc<Track>,
    frame: &[Sight],
    indices: impl Iterator<Item = u32>,
    registration: &Registration,
) -> Vec<(u32, Taken)> {
    let mut plots = Vec::new();
    for index in indices {
        let sight = &frame[index as usize];
        if track.time - sight.time > FRAME_S || is_another(track, sight) {
            continue;
        }
        if !registration.is_known_to(&track.sensitivity) {
            Arc::make_mut(track).correct(registration);
        }
        if let Some(taken) = track.taken(sight, registration) {
            plots.push((index, taken));
        }
    }
    plots
}

/// A track has none of the plots of a frame: whether it is in view of the sensor, where that is known.
///
/// All of a short scan is in the frame. Of a longer one nobody knows whether the beam has been where the track is: the
/// sweep counts what should have come and did not.
pub(crate) fn overlooked(track: &mut Track, watch: &Watch, sensor: usize, time: Time, detection: f64) -> Option<bool> {
    if detection <= TWICE || watch.scan_s > 2.0 * FRAME_S {
        return None;
    }
    let seen = track.existence * detection;
    let unseen = track.existence * (1.0 - detection) / (1.0 - seen);
    track.advance(time);
    let place = track.looks.iter().position(|look| look.sensor == sensor);
    match place {
        Some(place) => track.miss(place, time, watch.detection()),
        None => track.existence = unseen,
    }
    let is_hidden = place.is_some_and(|place| track.looks[place].is_hidden());
    Some(track.stage != Stage::Tentative && !is_hidden)
}

/// Existence of a track with a plot, among plots of nothing of so much density.
pub(crate) fn existence_with(track: &Track, taken: &Taken, detection: f64, density: f64) -> f64 {
    let ratio = detection * geo::math::exp(taken.log_likelihood - ln(density));
    let (there, not) = (track.existence * (1.0 - detection + ratio), 1.0 - track.existence);
    (there / (there + not)).min(1.0 - 1e-9)
}

/// Takes a plot into a track, which was `before` it, and into what is known of the sensors' errors.
pub(crate) fn take_in(
    track: &mut Track,
    sight: &Sight,
    before: &Gaussian<6>,
    imm: Imm,
    registration: &mut Registration,
    is_learning: bool,
) {
    track.take(sight, imm);
    let is_learning = is_learning && track.looks.len() > 1;
    registration.take(
        &sight.reading,
        sight.sensor,
        before,
        &mut track.sensitivity,
        is_learning,
    );
}

/// A plot that claims one identity is not of a track that has another, and what flies in space sends no reply.
fn is_another(track: &Track, sight: &Sight) -> bool {
    matches!((&track.target, &sight.target), (Some(one), Some(other)) if one != other)
        || (track.class == Class::Space && sight.is_reply())
}

/// The belief with all plots that the track may have, each as probable as the answer says.
fn together(plots: &[(u32, Taken)], chances: &[f64], miss: f64, track: &Track, frame: &[Sight]) -> Option<Imm> {
    let sure = plots.iter().zip(chances).find(|(_, chance)| **chance > 0.999);
    if let Some(((_, taken), _)) = sure {
        return Some(taken.imm.clone());
    }
    let (&(best, _), _) = plots.iter().zip(chances).max_by(|a, b| a.1.total_cmp(b.1))?;
    let time = frame[best as usize].time;
    let mut parts = Vec::with_capacity(plots.len() + 1);
    if miss > 0.0 {
        let mut imm = track.imm.clone();
        imm.predict(time - track.time).ok()?;
        parts.push((miss, imm));
    }
    for ((index, taken), chance) in plots.iter().zip(chances).filter(|(_, chance)| **chance > 0.0) {
        let mut imm = taken.imm.clone();
        let apart_s = time - frame[*index as usize].time;
        if apart_s != 0.0 {
            imm.predict(apart_s).ok()?;
        }
        parts.push((*chance, imm));
    }
    Imm::merged(&parts)
}
