//! Warnings of a node that runs: a thread that is handed what the tracker says, writes drafts where it is told to,
//! looks at the clock, and sends couriers. It approves nothing, and nothing that a plot waits for waits for it.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use geo::Time;
use prometheus_client::metrics::counter::Counter;
use track::{Forecast, Row};
use warn::Facts;
use warn::life::{Command, Desk, Entry, Errand, Event, Outcome, clears, errand, may_write_from};

use super::courier::{Clock, News, Rounds, What};
use super::lookout::Lookout;
use super::office::{Office, OfficeError};
use super::settings::SettingsError;
use super::sighting::Sighting;
use crate::clock::{NodeClock, steady_ns};
use crate::config::{Config, WarnConfig};
use crate::log::Repeats;
use crate::metrics::Metrics;

/// Who the node is in its warnings.
pub const BY: &str = "node";
/// The clock is looked at so often,
const LOOK: Duration = Duration::from_secs(1);
/// and in an exercise that runs faster not more often than this.
const LOOK_MIN: Duration = Duration::from_millis(100);
/// It is found out so often whether another program wrote to the journal, or the time has come to write.
const GLANCE: Duration = Duration::from_millis(10);
/// Looks at the picture that may wait: beyond, they are left out, and counted.
const WAITING_MAX: usize = 256;
/// So many objects are looked at together, at most: the others a moment later.
const TOGETHER_MAX: usize = 32;
/// How long the end waits for what is being handed over.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why a node cannot warn.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// There is no `warn.toml`.
    #[error(
        "{}:{line}: folder: {source}; make it with `trilat warn init {}`, or leave [warn] out",
        file.display(), folder.display()
    )]
    Absent {
        /// The configuration of the node.
        file: PathBuf,
        /// Its line.
        line: u64,
        /// What it names.
        folder: PathBuf,
        /// What the system said.
        source: SettingsError,
    },
    /// Real and exercise would be mixed.
    #[error(
        "{}:{line}: exercise is {is_exercise}, but mode is {mode:?} in {}: a node and its warnings are both of an exercise \
         or neither; change one of them",
        warn.display(), node.display()
    )]
    Mode {
        /// `warn.toml`.
        warn: PathBuf,
        /// Its line.
        line: u64,
        /// What it says.
        is_exercise: bool,
        /// `node.toml`.
        node: PathBuf,
        /// What that says.
        mode: &'static str,
    },
    /// The folder cannot be used.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The system has no more threads.
    #[error("no thread can be started: {0}")]
    Thread(#[source] io::Error),
}

/// Opens the folder of a node's warnings; nothing is written.
///
/// Errors: [`DutyError`], where it cannot be used, or is of another mode than the node.
pub fn open(config: &Config, warn: &WarnConfig) -> Result<Office, DutyError> {
    let office = Office::open(&warn.folder).map_err(|error| match error {
        OfficeError::Settings(source @ SettingsError::Read { .. }) => DutyError::Absent {
            file: config.file.clone(),
            line: warn.line,
            folder: warn.folder.clone(),
            source,
        },
        other => other.into(),
    })?;
    let settings = office.settings();
    if settings.is_exercise != config.exercise {
        return Err(DutyError::Mode {
            warn: settings.file.clone(),
            line: settings.exercise_line,
            is_exercise: settings.is_exercise,
            node: config.file.clone(),
            mode: if config.exercise { "exercise" } else { "real" },
        });
    }
    Ok(office)
}

/// What the thread is told.
#[derive(Debug)]
enum Note {
    /// What is new in the picture.
    Seen(Vec<Row>, Vec<Forecast>),
    /// A person has done something.
    Done,
    /// It is the end.
    End,
}

/// The warnings of a node, as its threads share them.
#[derive(Debug)]
pub struct Duty {
    office: Arc<Office>,
    clock: NodeClock,
    is_drafting: bool,
    lookout: Mutex<Lookout>,
    sequence: AtomicU64,
    to: SyncSender<Note>,
}

impl Duty {
    /// The folder.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The node's time.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Whether the node writes drafts by itself.
    pub fn is_drafting(&self) -> bool {
        self.is_drafting
    }

    /// How many entries the journal had when it was last looked at: another, where something happened since.
    pub fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Relaxed)
    }

    /// What is known now of an object that may come down.
    pub fn sighting(&self, object: &str) -> Option<Sighting> {
        self.lookout().sighting(object, self.now())
    }

    /// The names of objects that may come down.
    pub fn up(&self) -> Vec<String> {
        self.lookout().up(self.now())
    }

    /// Has the desk decide on what a person wants; what is to be sent goes out at once.
    ///
    /// Errors: [`OfficeError`], and nothing happened.
    pub fn act(&self, command: Command) -> Result<Vec<Entry>, OfficeError> {
        let entries = self.office.act(command, self.now())?;
        self.note_sequence(&entries);
        // Where the queue is full, the thread is awake.
        let _ = self.to.try_send(Note::Done);
        Ok(entries)
    }

    fn note_sequence(&self, entries: &[Entry]) {
        if let Some(last) = entries.last() {
            self.sequence.fetch_max(last.sequence, Ordering::Relaxed);
        }
    }

    fn lookout(&self) -> MutexGuard<'_, Lookout> {
        // It changes object by object, each whole.
        self.lookout.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the tracker hands its news to.
#[derive(Clone, Debug)]
pub struct Feed {
    to: SyncSender<Note>,
    skipped: Counter,
}

impl Feed {
    /// Hands over what is new in the picture, without waiting: where the thread is behind, it is left out.
    pub fn hand(&self, rows: Vec<Row>, forecasts: Vec<Forecast>) {
        if rows.is_empty() && forecasts.is_empty() {
            return;
        }
        if let Err(TrySendError::Full(_)) = self.to.try_send(Note::Seen(rows, forecasts)) {
            self.skipped.inc();
        }
    }
}

/// The thread; it ends with this, and waits a moment for what is being handed over.
#[derive(Debug)]
pub struct OnDuty {
    duty: Arc<Duty>,
    skipped: Counter,
    thread: Option<JoinHandle<()>>,
}

impl OnDuty {
    /// Begins, where the node is to warn. Errors: [`DutyError`].
    pub fn of(config: &Config, clock: &NodeClock, metrics: &Metrics) -> Result<Option<Self>, DutyError> {
        let begin = |warn| Self::start(config, warn, clock, metrics);
        config.warn.as_ref().map(begin).transpose()
    }

    fn start(config: &Config, warn: &WarnConfig, clock: &NodeClock, metrics: &Metrics) -> Result<Self, DutyError> {
        let office = Arc::new(open(config, warn)?);
        let sequence = office.look(Desk::sequence)?;
        let (to, notes) = sync_channel(WAITING_MAX);
        let duty = Arc::new(Duty {
            office: office.clone(),
            clock: clock.clone(),
            is_drafting: warn.is_drafting,
            lookout: Mutex::default(),
            sequence: AtomicU64::new(sequence),
            to,
        });
        let thread = Thread {
            rounds: Rounds::new(office, Clock::Node(clock.clone())),
            duty: duty.clone(),
            notes,
            metrics: metrics.clone(),
            ticked_ns: None,
            next: None,
            length: 0,
            repeats: Repeats::default(),
        };
        let begun = Builder::new().name("warnings".to_owned()).spawn(|| thread.run());
        Ok(Self {
            duty,
            skipped: metrics.warnings_skipped.clone(),
            thread: Some(begun.map_err(DutyError::Thread)?),
        })
    }

    /// What threads share.
    pub fn duty(&self) -> &Arc<Duty> {
        &self.duty
    }

    /// For the tracker.
    pub fn feed(&self) -> Feed {
        Feed {
            to: self.duty.to.clone(),
            skipped: self.skipped.clone(),
        }
    }
}

impl Drop for OnDuty {
    fn drop(&mut self) {
        // The thread takes what waits, so there is room soon; one that has panicked takes nothing, and is gone.
        let _ = self.duty.to.send(Note::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Thread {
    duty: Arc<Duty>,
    rounds: Rounds,
    notes: Receiver<Note>,
    metrics: Metrics,
    ticked_ns: Option<i64>,
    /// When something may be written of an object of which there is something new.
    next: Option<Time>,
    /// How long the journal was.
    length: u64,
    repeats: Repeats,
}

impl Thread {
    fn run(mut self) {
        let tick = LOOK.div_f64(self.duty.clock.speed().max(1.0)).max(LOOK_MIN);
        while self.take(tick) {
            if let Err(error) = self.look(tick) {
                self.complain(&error);
            }
        }
        self.rounds.finish(FAREWELL);
    }

    /// Waits until there is something to do, and takes all that is there; whether it goes on.
    fn take(&mut self, tick: Duration) -> bool {
        let first = loop {
            match self.notes.recv_timeout(GLANCE) {
                Ok(note) => break Some(note),
                Err(RecvTimeoutError::Timeout) if self.is_time(tick) => break None,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        };
        let mut lookout = self.duty.lookout();
        for note in first.into_iter().chain(self.notes.try_iter()) {
            match note {
                Note::Seen(rows, forecasts) => lookout.note(&rows, forecasts),
                Note::Done => {}
                Note::End => return false,
            }
        }
        true
    }

    /// Whether there is something to do though nobody said so: another program wrote, what was too soon may be written,
    /// or the clock is to be looked at.
    fn is_time(&self, tick: Duration) -> bool {
        self.duty.office.length() != self.length
            || self.next.is_some_and(|next| self.duty.now() >= next)
            || self.is_tick(tick)
    }

    fn is_tick(&self, tick: Duration) -> bool {
        let tick_ns = tick.as_nanos() as i64;
        self.ticked_ns
            .is_none_or(|ticked_ns| steady_ns() - ticked_ns >= tick_ns)
    }

    fn look(&mut self, tick: Duration) -> Result<(), OfficeError> {
        self.length = self.duty.office.length();
        // What persons approved goes first.
        self.send()?;
        let is_due = self.is_tick(tick);
        if is_due {
            self.ticked_ns = Some(steady_ns());
            let entries = self.duty.office.act(Command::Tick, self.duty.now())?;
            self.duty.note_sequence(&entries);
            entries.iter().for_each(say);
        }
        if self.duty.is_drafting {
            self.draft()?;
            if is_due {
                self.clear()?;
            }
        }
        self.send()?;
        if is_due {
            self.count()?;
        }
        Ok(())
    }

    /// Sends couriers out where something is due.
    fn send(&mut self) -> Result<(), OfficeError> {
        for news in self.rounds.go()? {
            said_back(&news);
        }
        Ok(())
    }

    /// Writes what is to be written of objects that may come down.
    fn draft(&mut self) -> Result<(), OfficeError> {
        let (duty, now) = (self.duty.clone(), self.duty.now());
        let up = duty.up();
        let is_up = |object: &str| up.iter().any(|name| name == object);
        self.next = None;
        let due = duty.office.look(|desk| {
            let wanted = |object: &str| match may_write_from(desk, object) {
                Some(from) if from > now => {
                    self.next = Some(self.next.map_or(from, |next| next.min(from)));
                    false
                }
                from => from.is_some(),
            };
            duty.lookout().due(now, TOGETHER_MAX, wanted)
        })?;
        if due.len() == TOGETHER_MAX {
            self.next = Some(now);
        }
        for sighting in due {
            let facts = match sighting.facts(now, duty.office.map()) {
                Ok(facts) => facts,
                Err(error) => {
                    tracing::warn!(object = &*sighting.object, "no warning can be made of it: {error}");
                    continue;
                }
            };
            if let Some(errand) = duty.office.look(|desk| errand(desk, &facts, is_up, now))? {
                self.write(errand, Some((&sighting, facts)))?;
            }
        }
        Ok(())
    }

    /// Writes the all clears that are due.
    fn clear(&mut self) -> Result<(), OfficeError> {
        let (duty, now) = (self.duty.clone(), self.duty.now());
        let up = duty.up();
        let is_up = |object: &str| up.iter().any(|name| name == object);
        for errand in duty.office.look(|desk| clears(desk, is_up, now))? {
            self.write(errand, None)?;
        }
        Ok(())
    }

    fn write(&mut self, errand: Errand, of: Option<(&Sighting, Facts)>) -> Result<(), OfficeError> {
        let (sighting, facts) = of.unzip();
        let named = || sighting.map_or_else(String::new, Sighting::name);
        let command = Command::Draft {
            first: errand
                .warning
                .is_none()
                .then(|| self.duty.office.settings().first(false)),
            warning: errand.warning.unwrap_or_else(named),
            kind: errand.kind,
            facts: facts.map(Box::new),
            in_view: Some(errand.in_view),
            by: BY.to_owned(),
        };
        match self.duty.office.act(command, self.duty.now()) {
            Ok(entries) => {
                self.duty.note_sequence(&entries);
                self.metrics.warnings_drafted.inc();
                entries.iter().for_each(say);
            }
            // A person was quicker.
            Err(OfficeError::Refused(refusal)) => tracing::info!("no draft is written: {refusal}"),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// How warnings stand; others may have written to the journal too.
    fn count(&self) -> Result<(), OfficeError> {
        let (sequence, counts) = self.duty.office.look(|desk| (desk.sequence(), counts(desk)))?;
        self.duty.sequence.store(sequence, Ordering::Relaxed);
        for (state, count) in counts {
            self.metrics.warnings(state).set(count as i64);
        }
        Ok(())
    }

    fn complain(&mut self, error: &OfficeError) {
        let words = error.to_string();
        if let Some(repeated) = self.repeats.may_say(&words, steady_ns()) {
            tracing::error!(repeated, "warnings: {words}");
        }
    }
}

fn counts(desk: &Desk) -> [(&'static str, usize); 4] {
    let count = |is_so: &dyn Fn(&warn::life::Warning) -> bool| desk.warnings().filter(|own| is_so(own)).count();
    let told = |own: &warn::life::Warning| own.may_be_out() && !own.is_over();
    [
        ("waiting", count(&|own| own.draft().is_some())),
        (
            "overdue",
            count(&|own| own.draft().is_some_and(|draft| draft.is_overdue)),
        ),
        ("told", count(&told)),
        ("clear-due", count(&|own| told(own) && own.is_clear_due)),
    ]
}

/// What happened, in the log of the node.
fn say(entry: &Entry) {
    match &entry.event {
        Event::Drafted {
            warning,
            number,
            kind,
            facts,
            by,
        } => {
            let (object, places) = (&*facts.object, facts.places.len());
            tracing::info!(
                warning,
                number,
                ?kind,
                by,
                object,
                places,
                "a message of a warning waits for approval"
            );
        }
        Event::Overdue { warning, number } => {
            tracing::warn!(warning, number, "the message was not approved in the time for it");
        }
        Event::Withdrawn { warning, number, why } => {
            tracing::info!(warning, number, ?why, "a message will not be sent");
        }
        Event::AllClearDue { warning } => tracing::warn!(warning, "the all clear is due"),
        _ => {}
    }
}

/// What came of handing over, in the log of the node.
fn said_back(news: &News) {
    // A field of this name is the line itself.
    let (channel, of) = (&*news.channel, news.message.as_deref().unwrap_or(""));
    match &news.what {
        What::Answered(answer) if answer.outcome == Outcome::Delivered => {
            tracing::info!(channel, of, "delivered: {}", answer.words);
        }
        What::Answered(answer) => tracing::warn!(channel, of, outcome = ?answer.outcome, "{}", answer.words),
        What::Forgotten => tracing::warn!(
            channel,
            of,
            "a program ended before an answer came: it may be there or not"
        ),
        What::Busy => tracing::info!(channel, "another program is handing over there"),
        What::Gone => tracing::error!(channel, "it is not in warn.toml any more, and something is due there"),
        What::Failed(error) => tracing::error!(channel, "{error}"),
    }
}
