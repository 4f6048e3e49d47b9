//! What was measured up to a moment, whenever it came: the pictures of the plots that are kept, made anew.

use std::collections::VecDeque;
use std::sync::Arc;

use geo::Time;
use share::item::{Body, Item, ItemId};
use wire::messages::picture::{Moment, Picture};

use super::drawn::unix_s;
use super::view::View;
use crate::engine::{Engine, EngineOptions};

/// Octets that an item is reckoned with.
const ITEM_OCTETS: usize = 700;
/// The tracker looks at what comes so often, s of measurement.
const LOOK_S: f64 = 1.0;

/// The name of the picture of everything.
pub(super) const TOGETHER: &str = "together";

/// How pictures are made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub exercise: bool,
    pub lag_s: f64,
    pub checkpoint_s: f64,
}

impl Making {
    /// A tracker to which every item is somebody else's: of whatever it is given it makes one picture.
    pub fn engine(&self) -> Engine {
        Engine::new(EngineOptions {
            exercise: self.exercise,
            lag_s: self.lag_s,
            checkpoint_s: self.checkpoint_s,
            ..EngineOptions::new("".into(), Vec::new())
        })
    }
}

/// One item as it came.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub id: ItemId,
    pub item: Arc<Item>,
    pub time: Time,
}

/// The items that are kept: all sensors, and the newest of the others.
#[derive(Debug)]
pub(super) struct Items {
    sensors: Vec<Kept>,
    others: VecDeque<Kept>,
    others_max: usize,
}

impl Items {
    /// Keeps about so many octets.
    pub fn new(octets_max: usize) -> Self {
        Self {
            sensors: Vec::new(),
            others: VecDeque::new(),
            others_max: octets_max / ITEM_OCTETS,
        }
    }

    /// All sensors.
    pub fn sensors(&self) -> Vec<(ItemId, Arc<Item>)> {
        let named = self.sensors.iter().map(|kept| (kept.id, kept.item.clone()));
        named.collect()
    }

    /// How many of them may be kept, beside sensors.
    pub fn room(&self) -> usize {
        self.others_max
    }

    /// Puts items before the first, that were found later.
    pub fn begin_with(&mut self, earlier: Vec<Kept>) {
        let room = self.others_max.saturating_sub(self.others.len());
        let newest_first = earlier.into_iter().rev().take(room);
        newest_first.for_each(|kept| self.others.push_front(kept));
    }

    pub fn push(&mut self, id: ItemId, item: &Arc<Item>) {
        let item = item.clone();
        let time = match &item.body {
            Body::Sensor(_) => {
                let time = Time::from_tai_ns(0);
                return self.sensors.push(Kept { id, item, time });
            }
            Body::Plot(plot) => plot.time,
            Body::Coarse(coarse) => coarse.time,
            Body::Track(track) => track.time,
            Body::Warning(_) => return,
        };
        self.others.push_back(Kept { id, item, time });
        while self.others.len() > self.others_max {
            self.others.pop_front();
        }
    }

    /// What was measured up to a time, in that order, sensors first; and the time of the oldest that is kept.
    pub fn until(&self, at: Time) -> (Vec<Kept>, Option<Time>) {
        let mut others: Vec<Kept> = self.others.iter().filter(|kept| kept.time <= at).cloned().collect();
        others.sort_by_key(|kept| kept.time);
        let oldest = self.others.iter().map(|kept| kept.time).min();
        (self.sensors.iter().cloned().chain(others).collect(), oldest)
    }
}

/// The pictures of what was measured up to a time: of all together, and of each owner alone.
pub(super) fn pictures(kept: &[Kept], owners: &[Arc<str>], at: Time, making: &Making) -> Moment {
    let alone = owners.iter().map(|owner| (&**owner, Some(owner)));
    let views = std::iter::once((TOGETHER, None)).chain(alone);
    let picture = |(name, owner): (&str, Option<&Arc<str>>)| {
        let own = kept
            .iter()
            .filter(|kept| owner.is_none_or(|owner| kept.item.origin == *owner));
        picture(name, own, at, making)
    };
    Moment {
        now_unix_s: unix_s(at),
        pictures: views.map(picture).collect(),
        ..Moment::default()
    }
}

fn picture<'a>(name: &str, kept: impl Iterator<Item = &'a Kept>, at: Time, making: &Making) -> Picture {
    let mut engine = making.engine();
    let mut view = View::new(name);
    let mut looked: Option<Time> = None;
    for Kept { id, item, time } in kept {
        if looked.is_none_or(|looked| *time - looked > LOOK_S) {
            engine.look();
            looked = Some(*time);
        }
        engine.take(*id, item);
    }
    // Once more for what is to be foretold of all objects, and to the last bit.
    for _ in 0..4 {
        engine.look();
    }
    let [seen, _] = engine.seen();
    view.look(seen, &[], (at, 1.0));
    view.whole()
}
