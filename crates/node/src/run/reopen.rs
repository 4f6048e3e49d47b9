//! What the deciding thread does as rosters change and time passes: partners are believed or not, links are opened
//! anew, partners are told the own roster.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::Builder;
use std::time::Duration;

use share::exchange::{Input, Kept, Topic};

use super::Event;
use super::belief::Changed;
use super::channel::Channel;
use super::core::Core;
use super::roster_watch::RosterNews;
use crate::clock::steady_ns;
use crate::feed::Stop;
use crate::link::zenoh::{LinkConfig, ZenohLink};

/// How often partners are told the own roster, ns: what they were told may have been lost.
const TOLD_EACH_NS: i64 = 30_000_000_000;
/// How long until a link that could not be opened anew is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How links are opened.
pub(super) struct Opener {
    links: BTreeMap<Arc<str>, LinkConfig>,
    to: SyncSender<Event>,
    stop: Stop,
    /// Links that are being opened, and have to be once more after that.
    again: BTreeSet<Arc<str>>,
    told_due_ns: i64,
}

impl Opener {
    pub(super) fn new(links: BTreeMap<Arc<str>, LinkConfig>, to: SyncSender<Event>, stop: Stop) -> Self {
        Self {
            links,
            to,
            stop,
            again: BTreeSet::new(),
            told_due_ns: 0,
        }
    }

    /// Closes a link and opens it by what the folder holds now, in a thread of its own: a partner that hangs holds up
    /// nobody.
    fn reopen(&self, partner: &Arc<str>, old: Channel) {
        let Some(config) = self.links.get(partner).cloned() else {
            return;
        };
        let (to, stop) = (self.to.clone(), self.stop.clone());
        let work = move || {
            old.close();
            loop {
                match ZenohLink::open(&config, to.clone()) {
                    Ok(link) => {
                        let partner = config.partner.clone();
                        // Who is gone needs no link.
                        let _ = to.send(Event::Reopened(Box::new(Reopened { partner, link })));
                        return;
                    }
                    Err(error) => tracing::error!("a link cannot be opened anew: {error}"),
                }
                if stop.wait(RETRY) {
                    return;
                }
            }
        };
        if let Err(error) = Builder::new().name(format!("anew {partner}")).spawn(work) {
            tracing::error!(
                partner = &**partner,
                "no thread to open the link anew, start the node again: {error}"
            );
        }
    }
}

/// A link that was opened anew.
pub struct Reopened {
    partner: Arc<str>,
    link: ZenohLink<Event>,
}

impl fmt::Debug for Reopened {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Reopened")
            .field("partner", &self.partner)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// Believes what is new of rosters.
    pub(super) fn on_rosters(&mut self, news: RosterNews) {
        for words in news.taken {
            tracing::warn!("taken from a partner: {words}");
            self.note("roster", words);
        }
        for (from, words) in news.refused {
            self.refused(from.as_ref(), "roster", || words);
        }
        let before = self.belief.own_roster();
        let is_news = news.keyring.is_some();
        let changed = self.belief.take(news.keyring, news.certificates, self.clock.now());
        // Before anything is given on that is signed with a key that is new.
        if is_news {
            self.tell_rosters();
        }
        self.believe(changed);
        if self.belief.own_roster() != before {
            tracing::warn!("partners are told the new roster of this owner");
        }
    }

    /// Looks what time has changed: called at each tick.
    pub(super) fn look_at_belief(&mut self) {
        let changed = self.belief.look(self.clock.now());
        self.believe(changed);
        if steady_ns() >= self.opener.told_due_ns {
            self.tell_rosters();
        }
    }

    fn tell_rosters(&mut self) {
        self.opener.told_due_ns = steady_ns() + TOLD_EACH_NS;
        for partner in self.channels.keys().cloned().collect::<Vec<_>>() {
            self.tell_roster(&partner);
        }
    }

    /// Tells a partner the own roster, and those of others whose items it is given.
    pub(super) fn tell_roster(&mut self, to: &Arc<str>) {
        let given_on = self.belief.rolls().given_on(to);
        for octets in std::iter::once(self.belief.own_roster()).chain(given_on) {
            let (to, topic) = (to.clone(), Topic::Roster);
            self.step(Input::Tell { to, topic, octets });
        }
    }

    fn believe(&mut self, changed: Changed) {
        for words in changed.doubts {
            tracing::warn!("{words}");
            self.note("belief", words);
        }
        if let Some(partners) = changed.partners {
            tracing::warn!("keys of partners count otherwise from now on");
            self.step(Input::Partners(partners));
        }
        for partner in changed.links {
            self.reopen(&partner);
        }
    }

    fn note(&mut self, what: &'static str, words: String) {
        let note = Some((what, words));
        self.step(Input::Keep(Kept {
            note,
            ..Kept::default()
        }));
    }

    fn reopen(&mut self, partner: &Arc<str>) {
        let Some(old) = self.channels.remove(partner) else {
            self.opener.again.insert(partner.clone());
            return;
        };
        tracing::warn!(
            partner = &**partner,
            "certificates or keys changed: the link is opened anew"
        );
        self.opener.reopen(partner, old);
        self.tallies.up(partner, false);
        let partner = partner.clone();
        self.step(Input::Down { partner });
    }

    /// A link is open again.
    pub(super) fn on_reopened(&mut self, reopened: Reopened) {
        let Reopened { partner, link } = reopened;
        let channel = Channel::new(&partner, link, &self.tallies.metrics);
        self.channels.insert(partner.clone(), channel);
        if self.opener.again.remove(&partner) {
            self.reopen(&partner);
        }
    }
}
