//! Handing over: one thread for each channel, so that one that does not answer keeps nobody else waiting; one program
//! at a time for each channel, and what a program that ended was doing there is known to be unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use geo::Time;
use warn::life::{Command, Desk, Outcome, Step};

use super::channel::{Answer, Parcel, deliver, parcel, shelf};
use super::office::{Office, OfficeError, lock_file};
use crate::clock::{self, NodeClock};

/// The folder of the channels' locks.
const SENDING: &str = "sending";

/// What time it is for warnings.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The wall clock, or one of an exercise that is so far ahead of it, s.
    Wall(f64),
    /// The clock of a node.
    Node(NodeClock),
}

impl Clock {
    /// The wall clock.
    pub fn wall() -> Self {
        Self::Wall(0.0)
    }

    /// One that shows a time now, and goes on from there.
    pub fn showing(time: Time) -> Self {
        Self::Wall(time - clock::wall())
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        match self {
            Self::Wall(ahead_s) => clock::wall() + *ahead_s,
            Self::Node(clock) => clock.now(),
        }
    }
}

/// What came of handing over.
#[derive(Debug)]
pub struct News {
    /// To which channel.
    pub channel: String,
    /// The message; none where it is about the channel as a whole.
    pub message: Option<String>,
    /// What.
    pub what: What,
}

/// What came of handing over one message, or of a channel.
#[derive(Debug)]
pub enum What {
    /// It was handed over, and this came back.
    Answered(Answer),
    /// A program ended before an answer came: it may be there or not.
    Forgotten,
    /// Another program is handing over to the channel now.
    Busy,
    /// The channel is not in `warn.toml` any more.
    Gone,
    /// Nothing more can be done.
    Failed(OfficeError),
}

/// The channels to which something is to be handed, and those where a program may have ended meanwhile.
///
/// Errors: [`OfficeError`], where the journal cannot be read.
pub fn due(office: &Office) -> Result<Vec<String>, OfficeError> {
    office.look(|desk| {
        let mut names: BTreeSet<String> = desk.pending().iter().map(|due| due.channel.name.clone()).collect();
        let begun = desk.warnings().flat_map(|own| own.released());
        for (name, delivery) in begun.flat_map(|message| &message.deliveries) {
            if delivery.step == Step::Handing {
                names.insert(name.clone());
            }
        }
        names.into_iter().collect()
    })
}

/// Hands over everything that is due, each message once, and returns when all channels have answered or their time is
/// over.
///
/// Errors: [`OfficeError`], where the journal cannot be read.
pub fn send(office: &Arc<Office>, clock: &Clock) -> Result<Vec<News>, OfficeError> {
    let (to, from) = channel();
    for name in due(office)? {
        dispatch(office, clock, name, &to);
    }
    drop(to);
    Ok(from.into_iter().collect())
}

/// Begins to hand over to a channel, on a thread of its own; what comes of it is sent, until nothing is due there.
pub fn dispatch(
    office: &Arc<Office>,
    clock: &Clock,
    name: String,
    to: &Sender<News>,
) -> Option<std::thread::JoinHandle<()>> {
    let courier = Courier {
        office: office.clone(),
        clock: clock.clone(),
        name: name.clone(),
        to: to.clone(),
    };
    let begun = std::thread::Builder::new().name("courier".to_owned()).spawn(move || {
        if let Err(error) = courier.run() {
            courier.tell(None, What::Failed(error));
        }
    });
    match begun {
        Ok(handle) => Some(handle),
        Err(source) => {
            let what = What::Failed(failed(office, source));
            // Nobody listens any more: the program ends.
            let _ = to.send(News {
                channel: name,
                message: None,
                what,
            });
            None
        }
    }
}

fn failed(office: &Office, source: io::Error) -> OfficeError {
    OfficeError::File {
        path: office.folder().join(SENDING),
        source,
    }
}

struct Courier {
    office: Arc<Office>,
    clock: Clock,
    name: String,
    to: Sender<News>,
}

impl Courier {
    fn run(&self) -> Result<(), OfficeError> {
        let known = self
            .office
            .settings()
            .channels
            .iter()
            .find(|known| known.name == self.name);
        let Some(known) = known else {
            self.tell(None, What::Gone);
            return Ok(());
        };
        let Some(_alone) = self.alone()? else {
            self.tell(None, What::Busy);
            return Ok(());
        };
        // Nobody else is at it: whoever began has ended.
        for (warning, number) in self.office.look(|desk| begun(desk, &self.name))? {
            let words = "the program ended before an answer came".to_owned();
            let identifier = format!("{warning}.{number}");
            self.report(&warning, number, Outcome::Unknown, words)?;
            self.tell(Some(identifier), What::Forgotten);
        }
        let mut tried = BTreeSet::new();
        while let Some((warning, number)) = self.office.look(|desk| next(desk, &self.name, &tried))? {
            tried.insert((warning.clone(), number));
            let hand = Command::Hand {
                warning: warning.clone(),
                number,
                channel: self.name.clone(),
            };
            match self.office.act(hand, self.clock.now()) {
                Ok(_) => {}
                // Withdrawn or replaced in this moment.
                Err(OfficeError::Refused(_)) => continue,
                Err(error) => return Err(error),
            }
            let found = self
                .office
                .look(|desk| Some((parcel(desk, &warning, number)?, shelf(desk, known))))?;
            let Some((parcel, shelf)) = found else { continue };
            let answer = deliver(self.office.settings(), &known.way, &parcel, &shelf);
            self.report(&warning, number, answer.outcome.clone(), answer.words.clone())?;
            self.tell(Some(parcel.identifier), What::Answered(answer));
        }
        Ok(())
    }

    fn report(&self, warning: &str, number: u32, outcome: Outcome, answer: String) -> Result<(), OfficeError> {
        let report = Command::Report {
            warning: warning.to_owned(),
            number,
            channel: self.name.clone(),
            outcome,
            answer,
        };
        self.office.act(report, self.clock.now()).map(|_| ())
    }

    /// The channel's lock, or nothing where another program has it.
    fn alone(&self) -> Result<Option<File>, OfficeError> {
        let folder = self.office.folder().join(SENDING);
        let open = || {
            fs::create_dir_all(&folder)?;
            lock_file(&folder.join(format!("{}.lock", self.name)))
        };
        let file = open().map_err(|source| failed(&self.office, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(failed(&self.office, source)),
        }
    }

    fn tell(&self, message: Option<String>, what: What) {
        let channel = self.name.clone();
        // Nobody listens any more: the program ends, and the journal has it.
        let _ = self.to.send(News { channel, message, what });
    }
}

/// Messages that somebody was handing over to a channel.
fn begun(desk: &Desk, channel: &str) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for own in desk.warnings() {
        let handing = own.released().filter(|message| {
            let delivery = message.deliveries.get(channel);
            delivery.is_some_and(|delivery| delivery.step == Step::Handing)
        });
        found.extend(handing.map(|message| (own.name.clone(), message.number)));
    }
    found
}

/// The oldest message that is due there and was not tried yet.
fn next(desk: &Desk, channel: &str, tried: &BTreeSet<(String, u32)>) -> Option<(String, u32)> {
    let due = desk.pending().into_iter().filter(|due| due.channel.name == channel);
    let mut keys = due.map(|due| (due.warning.name.clone(), due.message.number));
    keys.find(|key| !tried.contains(key))
}

/// After so long what failed is tried again, and twice as long each further time, at most so long.
const RETRY_NS: [i64; 2] = [5_000_000_000, 60_000_000_000];

/// Couriers that go again and again, none of them twice at once.
#[derive(Debug)]
pub struct Rounds {
    office: Arc<Office>,
    clock: Clock,
    on_the_way: BTreeMap<String, std::thread::JoinHandle<()>>,
    /// Channels that did not take something: when they are tried again, and how long was waited.
    resting: BTreeMap<String, (i64, i64)>,
    to: Sender<News>,
    from: Receiver<News>,
}

impl Rounds {
    /// Nobody is on the way.
    pub fn new(office: Arc<Office>, clock: Clock) -> Self {
        let (to, from) = channel();
        Self {
            office,
            clock,
            on_the_way: BTreeMap::new(),
            resting: BTreeMap::new(),
            to,
            from,
        }
    }

    /// Sends couriers out where something is due, and says what has come back since.
    ///
    /// Errors: [`OfficeError`], where the journal cannot be read.
    pub fn go(&mut self) -> Result<Vec<News>, OfficeError> {
        self.on_the_way.retain(|_, courier| !courier.is_finished());
        let news: Vec<News> = self.from.try_iter().collect();
        let now_ns = clock::steady_ns();
        for one in &news {
            self.note(one, now_ns);
        }
        for name in due(&self.office)? {
            let is_resting = self.resting.get(&name).is_some_and(|(until_ns, _)| *until_ns > now_ns);
            if is_resting || self.on_the_way.contains_key(&name) {
                continue;
            }
            if let Some(courier) = dispatch(&self.office, &self.clock, name.clone(), &self.to) {
                self.on_the_way.insert(name, courier);
            }
        }
        Ok(news)
    }

    /// Whether somebody is on the way.
    pub fn is_busy(&self) -> bool {
        self.on_the_way.values().any(|courier| !courier.is_finished())
    }

    /// Waits until nobody is on the way any more, but not for long: what is not answered then is unknown.
    pub fn finish(mut self, patience: Duration) {
        let until_ns = clock::steady_ns() + patience.as_nanos() as i64;
        while self.is_busy() && clock::steady_ns() < until_ns {
            // Whoever has an answer says so, and is gone a moment later.
            let _ = self.from.recv_timeout(Duration::from_millis(20));
            self.on_the_way.retain(|_, courier| !courier.is_finished());
        }
    }

    /// Whether what is unknown there is tried again by itself.
    fn is_repeatable(&self, channel: &str) -> bool {
        let all = &self.office.settings().channels;
        all.iter()
            .any(|known| known.name == channel && known.way.is_repeatable())
    }

    fn note(&mut self, news: &News, now_ns: i64) {
        match &news.what {
            What::Answered(answer) if answer.outcome == Outcome::Delivered => {
                self.resting.remove(&news.channel);
                return;
            }
            // What is unknown is tried again by a person's word alone, and that is not to wait.
            What::Answered(Answer {
                outcome: Outcome::Unknown,
                ..
            })
            | What::Forgotten
                if !self.is_repeatable(&news.channel) =>
            {
                return;
            }
            _ => {}
        }
        let before_ns = self
            .resting
            .get(&news.channel)
            .map_or(RETRY_NS[0] / 2, |(_, waited_ns)| *waited_ns);
        let wait_ns = (before_ns * 2).min(RETRY_NS[1]);
        self.resting.insert(news.channel.clone(), (now_ns + wait_ns, wait_ns));
    }
}

/// A message that a person would be asked about: what its words are, whether it is released or not.
pub fn draft_of(desk: &Desk, warning: &str, number: u32, now: Time) -> Option<Parcel> {
    let own = desk.warning(warning)?;
    let message = own.messages.iter().find(|message| message.number == number)?;
    let released = message.cap().map(str::to_owned);
    let cap = released.unwrap_or_else(|| desk.words(own, message, now));
    Some(Parcel {
        identifier: own.identifier(number),
        warning: own.name.clone(),
        number,
        kind: message.kind,
        sent: message.sent().unwrap_or(now),
        facts: message.facts.clone(),
        words: warn::cap::words(&cap).unwrap_or_default(),
        cap,
    })
}
