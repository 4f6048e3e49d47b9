//! A sensor that becomes known while others are listened to: all is as if it had been in the list from the beginning.
//!
//! The list is in the order of owners and names on every node, so a new sensor moves the places of those behind it, in
//! everything that names one: this is what moves them. What states share is moved once, and shared as before.

use std::collections::HashMap;
use std::sync::Arc;

use plot::Sensor;

use crate::initiate;
use crate::partner;
use crate::picture::Row;
use crate::sight::Sight;
use crate::track::Track;

/// A sensor, and the place in the list that it takes.
pub(crate) struct Admission<'a> {
    pub sensor: &'a Sensor,
    pub at: usize,
    /// The first slot of its constant errors, and how many it has.
    pub slots: (usize, usize),
    pub seeds: initiate::Copies,
    tracks: Copies<Track>,
    /// Whether any place moves.
    is_moving: bool,
}

/// Values that several states share, by where they were: each is moved once.
pub(crate) struct Copies<T>(HashMap<*const T, (Arc<T>, Arc<T>)>);

impl<T> Default for Copies<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Copies<T> {
    /// What became of a value, if it was moved before.
    pub fn of(&self, old: &Arc<T>) -> Option<Arc<T>> {
        self.0.get(&Arc::as_ptr(old)).map(|(_, new)| new.clone())
    }

    /// Keeps what became of a value. The old one is kept too, so that nothing else comes to stand where it was.
    pub fn keep(&mut self, old: &Arc<T>, new: T) -> Arc<T> {
        let new = Arc::new(new);
        self.0.insert(Arc::as_ptr(old), (old.clone(), new.clone()));
        new
    }
}

impl<'a> Admission<'a> {
    /// Of a sensor that takes such a place among so many.
    pub fn new(sensor: &'a Sensor, at: usize, count: usize) -> Self {
        Self {
            sensor,
            at,
            slots: (0, 0),
            seeds: initiate::Copies::default(),
            tracks: Copies::default(),
            is_moving: at < count,
        }
    }

    /// Where a place of the list is now.
    pub fn moved(&self, sensor: usize) -> usize {
        sensor + usize::from(sensor >= self.at)
    }

    /// Moves the places in a row.
    pub fn row(&self, row: &mut Row) {
        for sensor in &mut row.sensors {
            *sensor = self.moved(*sensor);
        }
    }

    /// Moves the places in a plot or report.
    pub fn sight(&self, sight: &mut Sight) {
        sight.sensor = self.moved(sight.sensor);
        if let Some(inside) = &mut sight.inside {
            partner::admit(Arc::make_mut(inside), self);
        }
    }

    /// Moves the places in a track and its rivals.
    pub fn track(&mut self, track: &mut Arc<Track>) {
        if !self.is_moving {
            return;
        }
        *track = match self.tracks.of(track) {
            Some(moved) => moved,
            None => {
                let mut moved = (**track).clone();
                for look in &mut moved.looks {
                    look.sensor = self.moved(look.sensor);
                }
                for choice in &mut moved.hypothesis.choices {
                    choice.sensor = self.moved(choice.sensor);
                }
                moved.sensitivity.admit(self.slots.0, self.slots.1);
                moved.rivals.iter_mut().for_each(|rival| self.track(rival));
                self.tracks.keep(track, moved)
            }
        };
    }
}
