//! What was before this start, out of the log: shown as it would have been, so that a node that begins again can be
//! asked about the flight that it was in the middle of.
//!
//! The log says what was accepted, in which order, and when partners sent it; when it came is not in it. Of the newest
//! so many items of the last hour the pictures are made anew, a step for each second in which something came.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::Builder;

use geo::Time;
use share::exchange::recall::{Recalled, frames_of, journal, of_frame, own};
use share::item::{Body, Item, ItemId};
use share::store::{Page, Range};
use wire::messages::picture::{Event, Moment, Plot};

use super::Web;
use super::drawn::unix_s;
use super::history::History;
use super::past::{Kept, Making, TOGETHER};
use super::plots::{Came, Sites};
use super::view::View;
use crate::config::PictureConfig;
use crate::engine::Engine;
use crate::store::DiskStore;
use crate::urgency;

/// Items that are recalled, at most: some ten seconds of work.
const ITEMS_MAX: usize = 100_000;
/// Nothing is recalled that is older than the newest by more than this, s.
const SPAN_S: f64 = 3_600.0;
/// Steps of it are so far apart, s.
const STEP_S: f64 = 1.0;
/// Entries and octets that are read at once.
const PAGE: (usize, usize) = (1_024, 4 << 20);

/// Begins to recall, on a thread of its own, what a log has; pictures of each owner alone where `web` shows them.
pub(crate) fn start(web: &Arc<Web>, store: DiskStore, known: Vec<(ItemId, Arc<Item>)>) {
    if web.picture == PictureConfig::Off {
        return;
    }
    let web = web.clone();
    let work = move || {
        let _ = urgency::stand_back();
        let items_max = web.hub.items().room().min(ITEMS_MAX);
        let recalled = newest(&store, &web.owners, items_max);
        if recalled.is_empty() {
            return;
        }
        let (items, octets_max) = (recalled.len(), web.hub.history().octets_max());
        let alone = if web.picture == PictureConfig::All {
            &web.owners[..]
        } else {
            &web.owners[..1]
        };
        let history = steps(&recalled, &known, (alone, &web.making), octets_max);
        let kept = recalled
            .into_iter()
            .filter(|of| !matches!(of.item.body, Body::Sensor(_) | Body::Warning(_)));
        let kept = kept.map(|of| Kept {
            id: of.id,
            time: of.item.time(),
            item: Arc::new(of.item),
        });
        let mut items_now = web.hub.items();
        // The thread of pictures may not have come to them yet; twice is as good as once.
        known.iter().for_each(|(id, item)| items_now.push(*id, item));
        items_now.begin_with(kept.collect());
        drop(items_now);
        web.hub.history().begin_with(history);
        tracing::info!(items, "what was before this start can be replayed");
    };
    if let Err(error) = Builder::new().name("recall".to_owned()).spawn(work) {
        tracing::warn!("what was before this start cannot be replayed: {error}");
    }
}

/// The newest items of a log, so many at most, in the order in which they were sent.
fn newest(store: &DiskStore, owners: &[Arc<str>], items_max: usize) -> Vec<Recalled> {
    let [first, partners @ ..] = owners else {
        return Vec::new();
    };
    let each = items_max / owners.len();
    let of_own = |key: &[u8], value: &[u8]| own(first, key, value).into_iter().collect();
    let mut all = read_back(store, journal(), each, of_own);
    for partner in partners {
        let of_frame = |key: &[u8], value: &[u8]| of_frame(partner, key, value);
        all.extend(read_back(store, frames_of(partner), each, of_frame));
    }
    let last = all.iter().map(|of| of.sent).max();
    all.retain(|of| last.is_some_and(|last| last - of.sent <= SPAN_S));
    all.sort_by_key(|of| of.sent);
    all
}

/// The last items of a range, so many at most, back to [`SPAN_S`] before the last.
fn read_back(
    store: &DiskStore,
    mut range: Range,
    items_max: usize,
    items: impl Fn(&[u8], &[u8]) -> Vec<Recalled>,
) -> Vec<Recalled> {
    (range.entries_max, range.octets_max) = PAGE;
    let mut found: Vec<Recalled> = Vec::new();
    let mut last: Option<Time> = None;
    loop {
        let page = store.read_last(&range).unwrap_or_else(|error| {
            tracing::warn!("the log cannot be read for what was before this start: {error}");
            Page::new()
        });
        let Some((oldest, _)) = page.last() else { return found };
        range.to.clone_from(oldest);
        for (key, value) in &page {
            let here = items(key, value);
            let newest = here.iter().map(|of| of.sent).max();
            last = last.or(newest);
            let is_old = newest.zip(last).is_some_and(|(newest, last)| last - newest > SPAN_S);
            if is_old || found.len() + here.len() > items_max {
                return found;
            }
            found.extend(here);
        }
    }
}

/// One picture of the past, and whose plots are in it: everybody's, or one owner's.
struct Past {
    view: View,
    of: Option<Arc<str>>,
    engine: Engine,
}

/// The pictures of some items, a step for each second in which something was sent.
fn steps(
    recalled: &[Recalled],
    known: &[(ItemId, Arc<Item>)],
    (alone, making): (&[Arc<str>], &Making),
    octets_max: usize,
) -> History {
    let past = |name: &str, of: Option<&Arc<str>>| Past {
        view: View::new(name),
        of: of.cloned(),
        engine: making.engine(),
    };
    let mut pasts = vec![past(TOGETHER, None)];
    pasts.extend(alone.iter().map(|owner| past(owner, Some(owner))));
    let (mut sites, mut history) = (Sites::default(), History::new(octets_max));
    let mut take = |pasts: &mut [Past], id: ItemId, item: &Item, sent: Time| {
        let is_of = |past: &&mut Past| past.of.as_ref().is_none_or(|of| *of == item.origin);
        pasts
            .iter_mut()
            .filter(is_of)
            .for_each(|past| past.engine.take(id, item));
        if let Body::Sensor(sensor) = &item.body {
            sites.note(&item.origin, sensor);
        }
        sites.came(item, sent)
    };
    for (id, item) in known {
        take(&mut pasts, *id, item, Time::from_tai_ns(0));
    }
    // A step is of the last of its items, and begins with the first of them that no step has yet.
    let (mut begun, mut last, mut plots): (Option<Time>, Time, Vec<Came>) = (None, Time::from_tai_ns(0), Vec::new());
    for Recalled { id, item, sent } in recalled.iter().filter(|of| of.item.label.exercise == making.exercise) {
        if begun.is_some_and(|begun| *sent - begun >= STEP_S) {
            history.push(&step(
                &mut pasts,
                &std::mem::take(&mut plots),
                last,
                history.wants_whole(),
            ));
            begun = None;
        }
        begun = begun.or(Some(*sent));
        last = *sent;
        plots.extend(take(&mut pasts, *id, item, *sent));
    }
    if begun.is_some() {
        history.push(&step(&mut pasts, &plots, last, history.wants_whole()));
    }
    history
}

/// What is new in all pictures by a time, or all of them whole.
fn step(pasts: &mut [Past], plots: &[Came], now: Time, is_whole: bool) -> Moment {
    let mut moment = Moment {
        now_unix_s: unix_s(now),
        ..Moment::default()
    };
    let mut of_plots: BTreeMap<usize, String> = BTreeMap::new();
    for Past { view, of, engine } in pasts {
        engine.look();
        let [seen, _] = engine.seen();
        let own = plots
            .iter()
            .filter(|plot| of.as_ref().is_none_or(|of| *of == plot.origin));
        let changes = view.look(seen, &own.cloned().collect::<Vec<_>>(), (now, 1.0));
        if of.is_none() {
            let named = changes.of_plots.into_iter().enumerate();
            of_plots = named.filter_map(|(at, track)| Some((at, track?))).collect();
        }
        moment.events.extend::<Vec<Event>>(changes.events);
        if is_whole {
            moment.pictures.push(view.whole());
        } else if !(changes.changed.is_empty() && changes.gone.is_empty()) {
            let tracks = changes.changed.iter().map(|track| (**track).clone()).collect();
            moment.pictures.push(view.picture(false, tracks, changes.gone));
        }
    }
    let shown = |(at, plot): (usize, &Came)| plot.shown(of_plots.get(&at).map(String::as_str));
    moment.plots = plots.iter().enumerate().map(shown).collect::<Vec<Plot>>();
    moment
}
