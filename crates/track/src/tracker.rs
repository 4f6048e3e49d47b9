//! The fold: frames of plots in the order of measurement go in, rows and events come out.

use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::filter::imm::Imm;
use geo::Time;
use geo::math::ln;
use plot::{Sensor, Sensors};

use crate::admission::Admission;
use crate::again;
use crate::ahead::Taken;
use crate::associate::forest::{self, Selection};
use crate::associate::{Answer, Budget, Effort, Method, Pool};
use crate::candidate::{Candidate, OfFrame, OfObjects, Offer, TWICE};
use crate::forecast::{Outlook, outlook};
use crate::initiate::{self, Pool as Seeds};
use crate::modes::Class;
use crate::name::Name;
use crate::near::Near;
use crate::outline::Outline;
use crate::partner::{self, TrackReport};
use crate::picture::{Event, EventKind, Row};
use crate::registration::Registration;
use crate::shared::Shared;
use crate::sight::Sight;
use crate::split;
use crate::sweep;
use crate::timeline::FRAME_S;
use crate::track::{Stage, Track};
use crate::trust::{self, Conduct, SensorEvent};
use crate::watch::{Watch, covers};

/// Existence at which a track is an object,
const CONFIRMED: f64 = 0.99;
/// with so many plots.
const CONFIRMED_PLOTS: u32 = 3;
/// A phase is another when so many plots in a row say so.
const PLOTS_OF_PHASE: u32 = 4;
/// A plot that is hardly new begins no track,
const NEWNESS_MIN: f64 = 1e-4;
/// nor one of which less than this is of nothing known.
const STRANGE: f64 = 0.1;

/// How tracks are made.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Options {
    /// How plots and tracks are brought together.
    pub method: Method,
    /// What that may cost.
    pub budget: Budget,
    /// How much is remembered with [`Method::Mht`].
    pub hypotheses: forest::Options,
    /// Whether identities that sources claim are left unread.
    pub is_target_ignored: bool,
    /// How often a tracklet is made of each track, for partners.
    pub tracklets_s: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: Method::Gnn,
            budget: Budget::default(),
            hypotheses: forest::Options::default(),
            is_target_ignored: false,
            tracklets_s: None,
        }
    }
}

/// How often association had more to do than its budget allows.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Efforts {
    /// Clusters of two tracks or more that competed for plots.
    pub clusters: u64,
    /// Those of them for which something cheaper stood in, or that may have a better answer.
    pub exceeded: u64,
    /// How often an object had more hypotheses than are held.
    pub trimmed: u64,
}

impl Efforts {
    pub(crate) fn add(&mut self, efforts: impl Iterator<Item = Effort>) {
        for effort in efforts {
            self.clusters += 1;
            self.exceeded += u64::from(effort == Effort::Exceeded);
        }
    }

    pub(crate) fn add_selection(&mut self, selection: &Selection) {
        self.add(selection.disputes.iter().map(|dispute| dispute.effort));
        self.trimmed += selection.trimmed as u64;
    }
}

/// All tracks at one time.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub(crate) sensors: Arc<[Sensor]>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) conducts: Shared<Conduct, 1>,
    pub(crate) registration: Registration,
    /// By number; a place that is free is used again.
    pub(crate) tracks: Shared<Option<Arc<Track>>, 64>,
    pub(crate) near: Near,
    /// Plots that are no place and of no track.
    pub(crate) seeds: Seeds,
    free: Vec<u32>,
    pub(crate) options: Options,
    pub(crate) efforts: Efforts,
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

/// What became of the plots of a frame.
#[derive(Default)]
pub(crate) struct Shares {
    /// How many are of nothing that is known.
    pub strange: f64,
    /// Number of a track, index of the plot it took, and the track just before it.
    pub taken: Vec<(usize, u32, Gaussian<6>)>,
    /// Of each plot, how probably it is of something that is known.
    pub known: Vec<f64>,
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
            tracks: Shared::default(),
            near: Near::default(),
            seeds: Seeds::new(sensors.len()),
            free: Vec::new(),
            options,
            efforts: Efforts::default(),
            heard: None,
            swept: None,
            rows: Vec::new(),
            events: Vec::new(),
            sensor_events: Vec::new(),
            outlooks: Vec::new(),
        }
    }

    /// Takes a sensor in: all is as if it had been known from the beginning.
    pub(crate) fn admit(&mut self, admission: &mut Admission) {
        let (sensor, at) = (admission.sensor, admission.at);
        let mut sensors = self.sensors.to_vec();
        sensors.insert(at, sensor.clone());
        self.sensors = sensors.into();
        let watch = Watch::new(sensor);
        self.conducts.insert(at, Conduct::new(watch.scan_s));
        self.watches.insert(at, watch);
        admission.slots = self.registration.admit(sensor, at);
        self.seeds.admit(at, &mut admission.seeds);
        for track in self.tracks.iter_mut().flatten() {
            admission.track(track);
        }
        self.rows.iter_mut().for_each(|row| admission.row(row));
        for event in &mut self.sensor_events {
            event.sensor = admission.moved(event.sensor);
        }
    }

    /// Makes a plot ready; `None` where neither it nor its sensor states how well it was measured.
    pub(crate) fn sight(&self, plot: &plot::Plot, sensor: usize) -> Option<Sight> {
        Sight::new(plot, &self.sensors[sensor], sensor, self.options.is_target_ignored)
    }

    /// Makes a partner's report ready; `None` of one whose covariance is none.
    pub(crate) fn report(&self, report: &TrackReport, sensor: usize) -> Option<Sight> {
        partner::sight(report, &self.sensors, sensor)
    }

    /// Plots of one second of a sensor that are believed.
    pub(crate) fn budget_per_s(&self, sensor: usize) -> u32 {
        self.conducts[sensor].rate.budget_now()
    }

    /// How often association had more to do than its budget allows.
    pub fn efforts(&self) -> Efforts {
        self.efforts
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
            .map(|track| row(track, track.belief(&self.registration), track.time))
            .collect()
    }

    /// The name of every object, and how far its track has come, by number.
    pub fn objects(&self) -> impl Iterator<Item = (Name, Stage)> {
        let known = self.tracks.iter().flatten();
        let objects = known.filter(|track| track.stage != Stage::Tentative);
        objects.map(|track| (track.name, track.stage))
    }

    /// The objects that are not as they were in another state of the same tracker, by number.
    pub fn changed(&self, before: &Self) -> Vec<Row> {
        let is_new = |number: usize, track: &Arc<Track>| {
            let old = before.tracks.get(number).and_then(Option::as_ref);
            track.stage != Stage::Tentative && old.is_none_or(|old| !Arc::ptr_eq(old, track))
        };
        let parted = self.tracks.parted(&before.tracks);
        parted
            .filter_map(|(number, track)| track.as_ref().filter(|track| is_new(number, track)))
            .map(|track| row(track, track.belief(&self.registration), track.time))
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
        self.registration.hear(first.sensor);
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
        let mut shares = Shares {
            known: vec![0.0; frame.len()],
            ..Shares::default()
        };
        let (objects, tentative) = self.choose(frame, pool);
        match objects {
            OfObjects::Frame(objects) => self.settle_all(frame, objects, &mut shares),
            OfObjects::Hypotheses(objects) => objects.settle(self, frame, &mut shares),
        }
        self.settle_all(frame, tentative, &mut shares);
        let mut seeds: Vec<&Sight> = Vec::new();
        for (sight, known) in frame.iter().zip(&shares.known) {
            let free = (1.0 - known).max(0.0);
            shares.strange += free;
            match sight.fix {
                Some(_) if free > STRANGE => {
                    self.begin(sight, free);
                }
                // Ghosts are made of plots of what is known.
                None if free > 0.5 => seeds.push(sight),
                _ => {}
            }
        }
        initiate::begin(self, &seeds);
        shares
    }

    /// Begins a track with a plot that is so probably of no other; its number.
    pub(crate) fn begin(&mut self, sight: &Sight, free: f64) -> Option<usize> {
        let watch = &self.watches[sight.sensor];
        let existence = free * watch.newness();
        if existence <= NEWNESS_MIN {
            return None;
        }
        let class = sight.class(existence * watch.detection(), watch.density(sight.volume), watch.scan_s);
        let mut track = Track::begin(sight, class, existence, &mut self.registration)?;
        track.parent = split::parent(self, sight);
        Some(self.insert(track))
    }

    fn settle_all(&mut self, frame: &[Sight], (candidates, answer): OfFrame, shares: &mut Shares) {
        for (row, candidate) in candidates.into_iter().enumerate() {
            let number = candidate.number as usize;
            let plots: Vec<u32> = candidate.offers.iter().map(|offer| offer.plot).collect();
            if let Some((index, before)) = self.settle(frame, row, candidate, &answer) {
                shares.taken.push((number, index, before));
            }
            let existence = self.tracks[number].as_ref().map_or(0.0, |track| track.existence);
            for (plot, chance) in plots.into_iter().zip(answer.pairs(row)) {
                shares.known[plot as usize] += chance * existence;
            }
        }
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
        let shares = candidate.offers.iter().zip(chances);
        let best = shares.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.plot.cmp(&a.0.plot)));
        let Some((Offer { plot: index, .. }, _)) = best.filter(|(_, chance)| **chance > miss) else {
            if let Some(is_in_view) = overlooked(track, &self.watches[sensor], sensor, frame[0].time, detection) {
                if is_in_view {
                    self.watches[sensor].looked(false);
                }
                self.put(number);
            }
            return None;
        };
        let index = *index;
        let whole = |(offer, chance): (Offer, &f64)| {
            let plot = offer.plot;
            let taken = (*chance > 0.0).then(|| offer.into_taken(track, frame, &self.registration));
            Some((plot, *chance, taken??))
        };
        let plots: Vec<(u32, f64, Taken)> = candidate.offers.into_iter().zip(chances).filter_map(whole).collect();
        let (.., chosen) = plots.iter().find(|(plot, ..)| *plot == index)?;
        let sight = &frame[index as usize];
        let imm = together(&plots, miss, track, frame).unwrap_or_else(|| chosen.imm.clone());
        let existence = existence_with(track, chosen, detection, self.watches[sensor].density(sight.volume));
        let is_learning = track.stage == Stage::Confirmed;
        take_in(track, sight, &chosen.before, imm, &mut self.registration, is_learning);
        track.existence = existence;
        track.note_wild(sight.sensor, chosen.wild);
        if track.stage != Stage::Tentative && detection > TWICE {
            self.watches[sensor].looked(true);
        }
        self.tell(number, sight.time);
        Some((index, chosen.before))
    }

    /// Says what became of a track that was seen.
    pub(crate) fn tell(&mut self, number: usize, time: Time) {
        let parent = self.parted_from(number);
        let is_new = self.tracks[number]
            .as_ref()
            .is_some_and(|track| track.stage == Stage::Tentative && is_object(track));
        let seen_before = if is_new { again::older(self, number) } else { None };
        let old = seen_before.or_else(|| parent.and_then(|parent| split::unseen_since(self, number, parent)));
        let (number, parent) = match old {
            Some(older) => (self.go_on(number, older), None),
            None => (number, parent),
        };
        self.note_parting(number, parent);
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
        }
        let belief = track.belief(&self.registration);
        self.near
            .put(number as u32, outline(track, &belief, &self.registration), track.time);
        if track.stage == Stage::Confirmed {
            let mut row = row(track, belief, time);
            let period_s = self.options.tracklets_s;
            let news = period_s.and_then(|s| partner::news(track, &self.registration, &self.sensors, s));
            row.news = news.map(Arc::new);
            self.rows.push(row);
        }
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

    /// Notes of a track, and of the one it came out of, that they were one.
    fn note_parting(&mut self, number: usize, parent: Option<Name>) {
        let Some(parent) = parent else { return };
        let known = self.tracks.iter().enumerate();
        let is_one = |(at, track): (usize, &Option<Arc<Track>>)| {
            let track = track.as_ref()?;
            (at == number || track.name == parent).then_some(at)
        };
        let both: Vec<usize> = known.filter_map(is_one).collect();
        for at in both {
            if let Some(track) = &mut self.tracks[at] {
                Arc::make_mut(track).has_parted = true;
            }
        }
    }

    /// A track that is only now known to be of an older one's object ends, and the older goes on with what it knows;
    /// its number.
    fn go_on(&mut self, younger: usize, older: usize) -> usize {
        if let (Some(young), Some(old)) = (self.tracks[younger].clone(), &mut self.tracks[older]) {
            *old = Arc::new(Track {
                stage: old.stage,
                told: old.told,
                untold: 0,
                ..young.as_older(old)
            });
            self.remove(younger);
        }
        older
    }

    /// Notes what is to be foretold of a track, where that is due.
    pub(crate) fn foretell(&mut self, number: usize, time: Time) {
        let Some(track) = &self.tracks[number] else { return };
        if track.class != Class::Space || track.stage == Stage::Tentative {
            return;
        }
        if let Some(track) = &mut self.tracks[number] {
            let track = Arc::make_mut(track);
            self.outlooks.extend(outlook(track, &self.registration, time));
        }
    }

    pub(crate) fn insert(&mut self, track: Track) -> usize {
        let number = self.free.pop().unwrap_or(self.tracks.len() as u32) as usize;
        if number == self.tracks.len() {
            self.tracks.push(None);
        }
        self.tracks[number] = Some(Arc::new(track));
        self.put(number);
        number
    }

    pub(crate) fn remove(&mut self, number: usize) {
        if self.tracks[number].is_some() {
            self.tracks[number] = None;
            self.near.take(number as u32);
            self.free.push(number as u32);
        }
    }

    /// Writes down where a track may be found until the next sweep.
    pub(crate) fn put(&mut self, number: usize) {
        let Some(track) = &self.tracks[number] else { return };
        let belief = track.belief(&self.registration);
        self.near
            .put(number as u32, outline(track, &belief, &self.registration), track.time);
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

/// Where an object may be, under all its hypotheses.
fn outline(track: &Track, belief: &Gaussian<6>, registration: &Registration) -> Outline {
    let of_rival = |rival: &Arc<Track>| Outline::new(rival, &rival.belief(registration));
    let rivals = track.rivals.iter().map(of_rival);
    rivals.fold(Outline::new(track, belief), |widest, rival| widest.with(&rival))
}

fn row(track: &Track, belief: Gaussian<6>, time: Time) -> Row {
    let mut sensors: Vec<usize> = track.looks.iter().map(|look| look.sensor).collect();
    sensors.sort_unstable();
    Row {
        time,
        track: track.name,
        phase: track.told,
        existence: track.presence(),
        belief,
        plots: track.plots,
        sensors,
        news: None,
    }
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
    partner::hold(track, sight, before, registration);
    partner::gather(track, sight, registration);
    let is_learning = is_learning && track.looks.len() > 1;
    registration.take(
        &sight.reading,
        sight.sensor,
        before,
        &mut track.sensitivity,
        is_learning,
    );
}

/// The belief with all plots that the track may have, each with its chance.
fn together(plots: &[(u32, f64, Taken)], miss: f64, track: &Track, frame: &[Sight]) -> Option<Imm> {
    if let Some((.., taken)) = plots.iter().find(|(_, chance, _)| *chance > 0.999) {
        return Some(taken.imm.clone());
    }
    let &(best, ..) = plots.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let time = frame[best as usize].time;
    let mut parts = Vec::with_capacity(plots.len() + 1);
    if miss > 0.0 {
        let mut imm = track.imm.clone();
        imm.predict(time - track.time).ok()?;
        parts.push((miss, imm));
    }
    for (index, chance, taken) in plots {
        let mut imm = taken.imm.clone();
        let apart_s = time - frame[*index as usize].time;
        if apart_s != 0.0 {
            imm.predict(apart_s).ok()?;
        }
        parts.push((*chance, imm));
    }
    Imm::merged(&parts)
}
