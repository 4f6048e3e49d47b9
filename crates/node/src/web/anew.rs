//! Pictures of items that were accepted before, made anew: shown as they would have been, a step for each second in
//! which something came.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use share::exchange::recall::Recalled;
use share::item::{Body, Item, ItemId};
use wire::messages::picture::{Event, Moment, Plot};

use super::drawn::unix_s;
use super::history::History;
use super::past::{Making, TOGETHER};
use super::plots::{Came, Sites};
use super::view::View;
use crate::engine::Engine;

/// Steps of it are so far apart, s.
const STEP_S: f64 = 1.0;

/// One picture of the past, and whose plots are in it: everybody's, or one owner's.
struct Past {
    view: View,
    of: Option<Arc<str>>,
    engine: Engine,
}

/// The pictures of some items, a step for each second in which something was sent: of all together, and of some owners
/// alone.
pub(super) fn steps(
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
