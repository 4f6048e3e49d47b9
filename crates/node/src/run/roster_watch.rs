//! Looks whether rosters changed: those of the folder, and those that partners send. A revocation must not wait for a
//! restart.
//!
//! What of them counts when is not decided here ([`super::belief`]): a roster may end while nothing changes.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, SystemTime};
use std::{io, mem};

use share::identity::{Fingerprint, NodeId};
use share::roster::{Roster, Taken};

use super::Event;
use super::policies::modified;
use crate::clock::NodeClock;
use crate::feed::Stop;
use crate::keyring::{Keyring, KeyringError};

/// How often it asks for the time of the folders' last change.
const ASK: Duration = Duration::from_millis(100);
/// Every so many times it looks at the files all the same: a change within the grain of the folder's time is not seen.
const ASKED_MAX: u32 = 20;
/// Rosters of partners that may wait; each is told again after a while.
const WAITING_MAX: usize = 64;

/// The own roster of now, for those who ask who may sign for the owner.
pub(super) type OwnRoster = Arc<Mutex<Arc<Roster>>>;

/// What is new of rosters.
#[derive(Debug, Default)]
pub struct RosterNews {
    /// All that is believed, where that is another than before.
    pub keyring: Option<Keyring>,
    /// The certificates of the folder, where they are others than before, of the key with which the node runs.
    pub certificates: Option<Vec<Fingerprint>>,
    /// What was taken of partners, in words.
    pub taken: Vec<String>,
    /// What was refused, by whom it was sent, or of the folder.
    pub refused: Vec<(Option<Arc<str>>, String)>,
}

/// The way of partners' rosters to who looks at them.
#[derive(Debug)]
pub(super) struct Rosters {
    to: SyncSender<(Arc<str>, Vec<u8>)>,
}

impl Rosters {
    /// Hands over a roster that a partner sent, without waiting. One for which there is no room is told again.
    pub(super) fn hand(&self, from: Arc<str>, octets: Vec<u8>) {
        let _ = self.to.try_send((from, octets));
    }
}

/// What the watch knows.
pub(super) struct RosterWatch {
    keyring: Keyring,
    running: NodeId,
    clock: NodeClock,
    own: OwnRoster,
    certificates: Option<Vec<Fingerprint>>,
    /// What was told of files that cannot be used.
    told: Vec<String>,
}

impl RosterWatch {
    /// Begins with what the folder holds, and the key with which the node runs.
    pub(super) fn new(keyring: Keyring, running: NodeId, clock: NodeClock) -> Self {
        Self {
            own: Arc::new(Mutex::new(keyring.own().clone())),
            certificates: keyring.certificates(running),
            keyring,
            running,
            clock,
            told: Vec::new(),
        }
    }

    /// The own roster, kept up to date.
    pub(super) fn own(&self) -> OwnRoster {
        self.own.clone()
    }

    /// Starts the thread that looks until it is told to stop.
    pub(super) fn start(self, events: SyncSender<Event>, stop: Stop) -> io::Result<(Rosters, JoinHandle<()>)> {
        let (to, inbox) = sync_channel(WAITING_MAX);
        let work = move || self.run(&inbox, &events, &stop);
        Ok((Rosters { to }, Builder::new().name("rosters".to_owned()).spawn(work)?))
    }

    fn run(mut self, inbox: &Receiver<(Arc<str>, Vec<u8>)>, events: &SyncSender<Event>, stop: &Stop) {
        let (mut changed_at, mut asked) = (self.changed_at(), 0);
        while !stop.is_set() {
            let mut news = RosterNews::default();
            match inbox.recv_timeout(ASK) {
                Ok((from, octets)) => self.take(&from, &octets, &mut news),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now_at = self.changed_at();
            asked += 1;
            if now_at != changed_at || asked >= ASKED_MAX {
                (changed_at, asked) = (now_at, 0);
                self.look(&mut news);
            }
            if news.keyring.is_none() && news.certificates.is_none() && news.refused.is_empty() {
                continue;
            }
            *self.own.lock().unwrap_or_else(PoisonError::into_inner) = self.keyring.own().clone();
            if events.send(Event::Rosters(Box::new(news))).is_err() {
                return;
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        let paths = self.keyring.paths();
        let at = |folder: &Path| modified(folder);
        [at(&paths.rosters()), at(&paths.keys())]
    }

    /// Takes what a partner sent, and keeps it.
    fn take(&mut self, from: &Arc<str>, octets: &[u8], news: &mut RosterNews) {
        let roll = self.keyring.roll();
        let is_held = |owner: &Arc<str>| roll.roster(owner).is_some_and(|held| **held.octets() == *octets);
        if roll.owners().any(is_held) {
            return;
        }
        match self.keyring.take(octets, self.clock.now()) {
            Ok(Taken::Same { .. }) => {}
            Ok(taken) => {
                news.taken.push(words(&taken));
                news.keyring = Some(self.keyring.clone());
            }
            Err(error) => news.refused.push((Some(from.clone()), error.to_string())),
        }
    }

    /// Looks at the files.
    fn look(&mut self, news: &mut RosterNews) {
        let reread = self.keyring.reread();
        if reread.is_news {
            news.keyring = Some(self.keyring.clone());
        }
        let faults: Vec<String> = reread.faults.iter().map(KeyringError::to_string).collect();
        let told = mem::replace(&mut self.told, faults.clone());
        let new = faults.into_iter().filter(|words| !told.contains(words));
        news.refused.extend(new.map(|words| (None, words)));
        let certificates = self.keyring.certificates(self.running);
        if certificates.is_some() && certificates != self.certificates {
            self.certificates.clone_from(&certificates);
            news.certificates = certificates;
        }
    }
}

fn words(taken: &Taken) -> String {
    match taken {
        Taken::First { owner, version } | Taken::Same { owner, version } => {
            format!("version {version} of the roster of {owner}")
        }
        Taken::Newer {
            owner,
            to,
            from,
            root,
            fork,
        } => {
            let root = root
                .map(|root| format!("; its root key is now {root}"))
                .unwrap_or_default();
            let fork = fork.map(|[held, named]| {
                format!("; ask {owner} why there are two of version {from}: {held} was given to us, {named} is named")
            });
            format!(
                "version {to} of the roster of {owner}, {from} was before{root}{}",
                fork.unwrap_or_default()
            )
        }
    }
}
