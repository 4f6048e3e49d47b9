//! What was before what is kept in memory: made anew of the log, once when the node begins, so that it can be asked
//! about the flight that it was in the middle of, and whenever somebody asks for an older time.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

use geo::Time;
use share::exchange::recall::Recalled;
use share::item::{Body, Item, ItemId};

use super::Web;
use super::anew::steps;
use super::drawn::{time_of_unix, unix_s};
use super::history::{History, Step};
use super::past::Kept;
use super::recall::Log;
use crate::config::PictureConfig;
use crate::urgency;

/// Items that are recalled at once, at most: some ten seconds of work.
const ITEMS_MAX: usize = 100_000;
/// When the node begins, nothing is recalled that is older than the newest by more than this, s.
const BEGIN_S: f64 = 3_600.0;
/// Pictures of a time need what was sent so long before, s,
const BEFORE_S: f64 = 900.0;
/// and go on for so long, s.
const AFTER_S: f64 = 3_600.0;

/// The log, and the stretch of it that was asked for last.
pub(super) struct Archive {
    log: Log,
    made: Mutex<Option<Arc<Stretch>>>,
}

/// Pictures of the past, whole from one time to another.
pub(super) struct Stretch {
    from_unix_s: f64,
    pub to_unix_s: f64,
    history: History,
}

impl Stretch {
    /// Its steps up to a time, from the last whole pictures before another.
    pub fn steps(&self, from_unix_s: f64, to_unix_s: f64) -> Vec<Step> {
        self.history.steps(from_unix_s, to_unix_s)
    }
}

impl Archive {
    pub fn new(log: Log) -> Self {
        Self {
            log,
            made: Mutex::default(),
        }
    }

    /// How far back the log goes.
    pub fn begins_unix_s(&self) -> Option<f64> {
        self.log.begins().map(unix_s)
    }

    /// The pictures from a time on, until another at most: for those who can wait. `None` of a time that cannot be.
    pub fn stretch(&self, web: &Web, from_unix_s: f64, until_unix_s: f64) -> Option<Arc<Stretch>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |stretch: &&Arc<Stretch>| (stretch.from_unix_s..stretch.to_unix_s).contains(&from_unix_s);
        if let Some(stretch) = made.as_ref().filter(has) {
            return Some(stretch.clone());
        }
        let until_unix_s = until_unix_s.min(from_unix_s + AFTER_S);
        let (from, until) = (time_of_unix(from_unix_s)?, time_of_unix(until_unix_s)?);
        let found = self.log.around(from, until, BEFORE_S, ITEMS_MAX);
        let known = web.hub.items().sensors();
        let octets_max = web.hub.history().octets_max();
        let stretch = Arc::new(Stretch {
            from_unix_s,
            to_unix_s: found.until.map_or(until_unix_s, unix_s),
            history: steps(&found.items, &known, (web.alone(), &web.making), octets_max),
        });
        *made = Some(stretch.clone());
        Some(stretch)
    }

    /// What was measured up to a time, in that order, as far as it matters then.
    pub fn until(&self, web: &Web, at: Time) -> Vec<Kept> {
        let found = self.log.around(at, at + web.making.lag_s, BEFORE_S, ITEMS_MAX);
        let known = web.hub.items().sensors();
        let sensors = known.into_iter().map(|(id, item)| Kept {
            id,
            item,
            time: Time::from_tai_ns(0),
        });
        let mut others: Vec<Kept> = found.items.into_iter().filter_map(kept).collect();
        others.retain(|kept| kept.time <= at);
        others.sort_by_key(|kept| kept.time);
        sensors.chain(others).collect()
    }
}

fn kept(of: Recalled) -> Option<Kept> {
    let is_shown = !matches!(of.item.body, Body::Sensor(_) | Body::Warning(_));
    is_shown.then(|| Kept {
        id: of.id,
        time: of.item.time(),
        item: Arc::new(of.item),
    })
}

/// Begins to recall, on a thread of its own, what was before this start.
pub(super) fn begin(web: &Arc<Web>, known: Vec<(ItemId, Arc<Item>)>) {
    if web.picture == PictureConfig::Off {
        return;
    }
    let web = web.clone();
    let work = move || {
        let _ = urgency::stand_back();
        let items_max = web.hub.items().room().min(ITEMS_MAX);
        let recalled = web.archive.log.newest(items_max, BEGIN_S);
        if recalled.is_empty() {
            return;
        }
        let (items, octets_max) = (recalled.len(), web.hub.history().octets_max());
        let history = steps(&recalled, &known, (web.alone(), &web.making), octets_max);
        let mut items_now = web.hub.items();
        // The thread of pictures may not have come to them yet; twice is as good as once.
        known.iter().for_each(|(id, item)| items_now.push(*id, item));
        items_now.begin_with(recalled.into_iter().filter_map(kept).collect());
        drop(items_now);
        web.hub.history().begin_with(history);
        tracing::info!(items, "what was before this start can be replayed");
    };
    if let Err(error) = Builder::new().name("recall".to_owned()).spawn(work) {
        tracing::warn!("what was before this start cannot be replayed: {error}");
    }
}
