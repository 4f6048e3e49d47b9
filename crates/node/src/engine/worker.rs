//! The thread of the engine: it takes what has come, looks at the picture, says what is new, and measures how long it
//! took.
//!
//! Everything that waits is taken before the next look, so under load there are fewer looks, each of more plots, and
//! nothing is dropped. A look takes the plots of the last moments anew, since some of them are still on their way: who
//! is behind does so less often, and has the more time for what waits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use geo::Time;
use serde::{Deserialize, Serialize};
use share::digest::{Circle, DigestError};
use share::item::{Item, ItemId};

use super::{DoubtShown, Engine, EngineCounts, Found, Knowledge, Latencies, Letters, Look, PictureShown, Seen};
use crate::urgency::Urgency;

/// So many are taken before the next look, at most.
const TAKEN_MAX: usize = 4_096;
/// How the engine stands is made anew so often,
const SHOWN_EACH: Duration = Duration::from_millis(200);
/// the digest of everything so often,
const DIGESTS_EACH: Duration = Duration::from_secs(5);
/// and what partners compare.
const SAID_EACH: Duration = Duration::from_millis(250);
/// Who has had no rest for so long is behind,
const BEHIND: Duration = Duration::from_millis(50);
/// and looks again after so many times what the last look took,
const PAUSES: u32 = 4;
/// but at least so often.
const LOOK_EACH: Duration = Duration::from_secs(1);

/// What the engine is told.
#[derive(Clone, Debug)]
pub enum ToEngine {
    /// An item was accepted, its own or a partner's.
    Accepted(ItemId, Arc<Item>),
    /// An own item was released under its label.
    Released(ItemId, Arc<Item>),
    /// A partner says something of its digests.
    Digest {
        /// Who.
        partner: Arc<str>,
        /// What.
        octets: Vec<u8>,
    },
    /// A partner can be reached.
    Up {
        /// Who.
        partner: Arc<str>,
    },
    /// No item will come any more: settle everything, and say so.
    Finish,
}

/// What the engine says.
#[derive(Debug, Default)]
pub struct Told {
    /// What is new in the picture.
    pub look: Look,
    /// What to send to partners about digests.
    pub digests: Letters,
    /// What comparisons with partners found.
    pub found: Vec<Found>,
    /// What partners said that no honest one says.
    pub refused: Vec<(Arc<str>, DigestError)>,
}

/// What anybody may look up at any time.
#[derive(Debug, Default)]
pub struct Board {
    status: Mutex<EngineStatus>,
    knowledge: Mutex<Arc<Knowledge>>,
    pictures: Mutex<Asked>,
    answered: Condvar,
    /// Whether the node fetches what it lacks: then nothing here hurries.
    rests: AtomicBool,
    /// Messages that were handed over and not taken yet.
    waiting: AtomicI64,
    /// Whether somebody waits for the pictures, to work on them elsewhere,
    is_wanted: AtomicBool,
    /// and what they were then.
    seen: Mutex<Option<[Seen; 2]>>,
}

/// Pictures are made for whoever asks, and for nobody else: of a thousand objects they take longer than a plot.
#[derive(Debug, Default)]
struct Asked {
    is_asked: bool,
    answers: u64,
    pictures: Arc<Pictures>,
}

impl Board {
    /// How the engine stands.
    pub fn status(&self) -> EngineStatus {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the objects of the picture are doing.
    pub fn knowledge(&self) -> Arc<Knowledge> {
        self.knowledge.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The pictures as they are now; `None` where the engine does not answer in time.
    pub fn pictures(&self, patience: Duration) -> Option<Arc<Pictures>> {
        let mut asked = self.asked();
        let before = asked.answers;
        asked.is_asked = true;
        let waits = |asked: &mut Asked| asked.answers == before;
        let waited = self.answered.wait_timeout_while(asked, patience, waits);
        let (asked, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        (!waited.timed_out()).then(|| asked.pictures.clone())
    }

    /// Hands a message to the engine without waiting, and counts it. Errors: there is no room, or no engine any more.
    pub fn hand(&self, to: &SyncSender<ToEngine>, message: ToEngine) -> Result<(), TrySendError<ToEngine>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let handed = to.try_send(message);
        if handed.is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        handed
    }

    /// How many of them wait.
    pub fn waiting(&self) -> u64 {
        u64::try_from(self.waiting.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Says whether the node fetches what it lacks, for which it needs the processor itself.
    pub fn rest(&self, rests: bool) {
        self.rests.store(rests, Ordering::Relaxed);
    }

    /// Asks for the pictures without waiting: [`Board::seen`] has them soon.
    pub fn want(&self) {
        self.is_wanted.store(true, Ordering::Relaxed);
    }

    /// Takes the pictures that were asked for: of everything, and of own plots alone.
    pub fn seen(&self) -> Option<[Seen; 2]> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives the pictures, where somebody wants them.
    fn give(&self, seen: impl FnOnce() -> [Seen; 2]) {
        if self.is_wanted.swap(false, Ordering::Relaxed) {
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen());
        }
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.pictures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives an answer, where somebody asks.
    fn answer(&self, pictures: impl FnOnce() -> Pictures) {
        if !self.asked().is_asked {
            return;
        }
        let pictures = Arc::new(pictures());
        let mut asked = self.asked();
        *asked = Asked {
            is_asked: false,
            answers: asked.answers + 1,
            pictures,
        };
        self.answered.notify_all();
    }

    fn put(&self, status: EngineStatus, knowledge: Knowledge) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
        *self.knowledge.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(knowledge);
    }
}

/// What is in the air, as `/picture` says it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// Everything that the node holds.
    pub together: PictureShown,
    /// Its own plots alone.
    pub alone: PictureShown,
    /// What partners warn of who give nothing else: owner, track, latest arrival.
    pub notes: Vec<NoteShown>,
}

/// How the engine stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EngineStatus {
    /// Objects of the picture.
    pub tracks: u64,
    /// By origin: from the measurement of a plot to the picture that has it.
    pub latency_ms: BTreeMap<String, LatencyShown>,
    /// By circle: the digest of all settled cycles.
    pub digests: BTreeMap<String, String>,
    /// Whether the digests are of everything: it is settled, and nothing came since.
    pub is_digest_whole: bool,
    /// Plots that are in the picture, by origin.
    pub plots: BTreeMap<String, u64>,
    /// Items taken in.
    pub items: u64,
    /// Items older than the lag when they came.
    pub late: u64,
    /// Plots that wait for their sensor, or waited too long.
    pub without_sensor: u64,
    /// Items of the other mode: exercise or real.
    pub other_mode: u64,
    /// Timelines that are kept.
    pub timelines: usize,
    /// Cycles that agreed with a partner's.
    pub cycles_agreed: u64,
    /// Cycles in which a partner has other plots, or another picture.
    pub cycles_differ: u64,
    /// The last difference, in words.
    pub difference: Option<String>,
    /// Sensors that are not believed as they are.
    pub doubted: Vec<DoubtShown>,
    /// Whether everything is settled: nothing more is expected.
    pub finished: bool,
}

/// A partner's warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteShown {
    /// Who warns.
    pub owner: String,
    /// Its name of the object.
    pub track: String,
    /// When it was said, UTC.
    pub time: String,
    /// Earliest and latest arrival, UTC.
    pub arrival: [String; 2],
}

/// A distribution of latencies.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyShown {
    /// How many plots.
    pub count: u64,
    /// Half of them were faster.
    pub p50: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

/// The engine with what is counted about it.
struct Worker {
    engine: Engine,
    board: Arc<Board>,
    latencies: BTreeMap<Arc<str>, Latencies>,
    agreed: u64,
    differ: u64,
    difference: Option<String>,
    digests: Digests,
    /// Whether an item ever came.
    has_come: bool,
    /// Whether nothing came since everything was settled.
    is_settled: bool,
    is_finished: bool,
}

/// The digests of all circles, as of a moment.
#[derive(Default)]
struct Digests {
    taken: Option<Instant>,
    /// Items that were in then, and items at the last look at them.
    items: u64,
    shown_items: u64,
    /// Whether everything was settled then.
    is_settled: bool,
    by_circle: BTreeMap<String, String>,
}

/// Runs an engine until nobody is left who could tell it anything. `now` is the clock by which plots are measured,
/// `speed` how many of its seconds are one of the wall.
pub fn run(
    (engine, mut urgency): (Engine, Urgency),
    inbox: &Receiver<ToEngine>,
    board: Arc<Board>,
    (now, speed): (impl Fn() -> Time, f64),
    mut tell: impl FnMut(Told),
) {
    let mut worker = Worker {
        engine,
        board,
        latencies: BTreeMap::new(),
        agreed: 0,
        differ: 0,
        difference: None,
        digests: Digests::default(),
        has_come: false,
        is_settled: false,
        is_finished: false,
    };
    let (mut shown, mut said) = (None::<Instant>, None::<Instant>);
    let (mut rested, mut pause, mut is_new) = (instant(), Pause::default(), false);
    loop {
        let (first, has_rested) = next(inbox, is_new, || worker.engine.ponder());
        if has_rested {
            rested = instant();
        }
        let is_behind = rested.elapsed() >= BEHIND;
        // Who is behind has no plot of now to hurry for, and is not to keep others from theirs.
        urgency.set(!is_behind && !worker.board.rests.load(Ordering::Relaxed));
        let is_over = matches!(first, Err(RecvTimeoutError::Disconnected));
        let mut told = Told::default();
        let mut is_asked = is_over;
        is_new |= first.is_err();
        for message in first.into_iter().chain(inbox.try_iter()).take(TAKEN_MAX) {
            is_asked |= matches!(message, ToEngine::Finish);
            worker.board.waiting.fetch_sub(1, Ordering::Relaxed);
            worker.take(message, &mut told);
        }
        // What is only for partners, and what they say of digests, changes no picture.
        is_new |= is_asked || worker.engine.has_news();
        if is_new && (is_asked || !is_behind || pause.is_over()) {
            is_new = false;
            told.look = pause.after(|| worker.engine.look());
        }
        let time = now();
        worker.rest(time);
        for (origin, measured) in &told.look.fused {
            let latency_s = (time - *measured) / speed;
            worker.latencies.entry(origin.clone()).or_default().add(latency_s);
        }
        if is_asked || is_due(said, SAID_EACH) {
            said = Some(instant());
            told.digests.extend(worker.engine.statements());
        }
        told.found = worker.engine.found();
        worker.count(&told.found);
        tell(told);
        if is_asked || is_due(shown, SHOWN_EACH) {
            shown = Some(instant());
            worker.show(is_asked);
        }
        worker.board.answer(|| pictures(&worker.engine));
        worker.board.give(|| worker.engine.seen());
        if is_over {
            return;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how often something is shown or said is a matter of the wall's time"
)]
fn instant() -> Instant {
    Instant::now()
}

/// How long the engine takes more before it looks again, while it is behind.
#[derive(Default)]
struct Pause {
    since: Option<Instant>,
    length: Duration,
}

impl Pause {
    fn is_over(&self) -> bool {
        is_due(self.since, self.length)
    }

    /// Begins after a look.
    fn after<T>(&mut self, look: impl FnOnce() -> T) -> T {
        let begin = instant();
        let seen = look();
        (self.since, self.length) = (Some(instant()), LOOK_EACH.min(PAUSES * begin.elapsed()));
        seen
    }
}

/// The next message, and whether it did not wait yet: while none does, the engine works ahead, a step at a time, unless
/// what it took `is_new` and was not looked at: that comes first.
fn next(
    inbox: &Receiver<ToEngine>,
    is_new: bool,
    mut ponder: impl FnMut() -> bool,
) -> (Result<ToEngine, RecvTimeoutError>, bool) {
    let mut has_rested = false;
    loop {
        match inbox.try_recv() {
            Ok(message) => return (Ok(message), has_rested),
            Err(TryRecvError::Disconnected) => return (Err(RecvTimeoutError::Disconnected), has_rested),
            Err(TryRecvError::Empty) if is_new => return (Err(RecvTimeoutError::Timeout), true),
            Err(TryRecvError::Empty) if ponder() => has_rested = true,
            Err(TryRecvError::Empty) => return (inbox.recv_timeout(SHOWN_EACH), true),
        }
    }
}

/// What is in the air.
fn pictures(engine: &Engine) -> Pictures {
    let [together, alone] = engine.shown();
    let note = |(owner, note): (&Arc<str>, &share::item::WarningNote)| NoteShown {
        owner: owner.to_string(),
        track: note.track.to_string(),
        time: note.time.to_string(),
        arrival: note.arrival.map(|time| time.to_string()),
    };
    Pictures {
        together,
        alone,
        notes: engine.notes().map(note).collect(),
    }
}

fn is_due(last: Option<Instant>, each: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= each)
}

impl Worker {
    fn take(&mut self, message: ToEngine, told: &mut Told) {
        self.has_come |= matches!(message, ToEngine::Accepted(..) | ToEngine::Released(..));
        match message {
            ToEngine::Accepted(id, item) => self.engine.take(id, &item),
            ToEngine::Released(id, item) => self.engine.release(id, &item),
            ToEngine::Up { partner } => self.engine.greet(&partner),
            ToEngine::Digest { partner, octets } => match self.engine.hear(&partner, &octets) {
                Ok(answers) => told.digests.extend(answers),
                Err(error) => told.refused.push((partner, error)),
            },
            ToEngine::Finish => {
                self.engine.finish();
                self.is_finished = true;
            }
        }
    }

    /// Settles what nothing has come to for long enough.
    fn rest(&mut self, now: Time) {
        let was_settled = self.is_settled;
        self.is_settled = self.engine.rest_quiet(now) && self.has_come;
        if self.is_settled && !was_settled {
            self.digests.taken = None;
        }
    }

    fn count(&mut self, found: &[Found]) {
        for one in found {
            match one.words() {
                None => self.agreed += 1,
                words => {
                    self.differ += 1;
                    self.difference = words;
                }
            }
        }
    }

    fn show(&mut self, is_asked: bool) {
        self.digest(is_asked);
        let EngineCounts {
            items,
            late,
            waiting,
            without_sensor,
            other_mode,
            ..
        } = self.engine.counts();
        let shown = |latencies: &Latencies| {
            Some(LatencyShown {
                count: latencies.count(),
                p50: latencies.quantile_ms(0.5)?,
                p99: latencies.quantile_ms(0.99)?,
                max: latencies.max_ms(),
            })
        };
        let of_origin = |(origin, latencies): (&Arc<str>, &Latencies)| Some((origin.to_string(), shown(latencies)?));
        let status = EngineStatus {
            tracks: self.engine.tracks() as u64,
            latency_ms: self.latencies.iter().filter_map(of_origin).collect(),
            plots: self
                .latencies
                .iter()
                .map(|(origin, of)| (origin.to_string(), of.count()))
                .collect(),
            digests: self.digests.by_circle.clone(),
            is_digest_whole: self.is_settled && self.digests.is_settled,
            items,
            late,
            without_sensor: waiting + without_sensor,
            other_mode,
            timelines: self.engine.timelines(),
            cycles_agreed: self.agreed,
            cycles_differ: self.differ,
            difference: self.difference.clone(),
            doubted: self.engine.doubted(),
            finished: self.is_finished,
        };
        self.board.put(status, self.engine.knowledge());
    }

    /// Takes the digests where it is time, and as soon as nothing more comes.
    fn digest(&mut self, is_asked: bool) {
        let items = self.engine.counts().items;
        let is_at_rest = items == std::mem::replace(&mut self.digests.shown_items, items);
        let is_new = items != self.digests.items && is_at_rest;
        if is_asked || is_new || is_due(self.digests.taken, DIGESTS_EACH) {
            self.digests = Digests {
                taken: Some(instant()),
                items,
                shown_items: items,
                is_settled: self.is_settled,
                by_circle: self.digests(),
            };
        }
    }

    fn digests(&mut self) -> BTreeMap<String, String> {
        let circles: Vec<Circle> = self.engine.book().circles().cloned().collect();
        let of = |circle: Circle| {
            let name = circle
                .members
                .iter()
                .map(|member| &**member)
                .collect::<Vec<_>>()
                .join("+");
            let whole = self.engine.book().whole(&circle);
            (name, whole.iter().map(|octet| format!("{octet:02x}")).collect())
        };
        circles.into_iter().map(of).collect()
    }
}
