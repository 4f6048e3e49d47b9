//! What the live picture says of each object, as far as warnings need it.

use std::collections::BTreeMap;

use geo::Time;
use track::forecast::Way;
use track::{Forecast, Name, Row};
use warn::LOST_S;

use super::sighting::{Fixes, Sighting, fix};

/// So many objects are kept; beyond, those that were measured longest ago go.
const OBJECTS_MAX: usize = 4_096;
/// What is lost is looked at anew so often, s: its area grows.
const LOST_EACH_S: f64 = 1.0;

/// All objects that were measured lately.
#[derive(Debug, Default)]
pub(super) struct Lookout(BTreeMap<Name, Object>);

#[derive(Debug)]
struct Object {
    measured: Time,
    fixes: Fixes,
    /// What was foretold of it last, if it comes down.
    foretold: Option<Forecast>,
    /// When it was last looked at, and by which forecast.
    looked: Option<(Time, Time)>,
}

impl Lookout {
    /// Takes what is new in the picture.
    pub fn note(&mut self, rows: &[Row], forecasts: Vec<Forecast>) {
        for row in rows {
            let object = self.0.entry(row.track).or_insert_with(|| Object {
                measured: row.time,
                fixes: Fixes::default(),
                foretold: None,
                looked: None,
            });
            object.measured = object.measured.max(row.time);
            object.fixes.note(row.time, || fix(row));
        }
        for forecast in forecasts {
            // What was never measured is not in the picture any more.
            if let Some(object) = self.0.get_mut(&forecast.track) {
                object.foretold = (!forecast.arrival.is_empty()).then_some(forecast);
            }
        }
        while self.0.len() > OBJECTS_MAX {
            let oldest = self.0.iter().min_by_key(|(_, object)| object.measured);
            let Some(oldest) = oldest.map(|(name, _)| *name) else {
                return;
            };
            self.0.remove(&oldest);
        }
    }

    /// Objects that may still come down and of which something is new since this was last asked, those first that have
    /// waited longest; not more than so many, and only those that are `wanted`.
    pub fn due(&mut self, now: Time, count_max: usize, mut wanted: impl FnMut(&str) -> bool) -> Vec<Sighting> {
        let mut due: Vec<(Option<Time>, Name)> = Vec::new();
        for (name, object) in &self.0 {
            let Some(forecast) = object.foretold.as_ref().filter(|forecast| is_up(forecast, now)) else {
                continue;
            };
            let is_lost = now - object.measured > LOST_S;
            let is_due = object
                .looked
                .is_none_or(|(looked, said)| said != forecast.time || (is_lost && now - looked >= LOST_EACH_S));
            if is_due && wanted(&name.to_string()) {
                due.push((object.looked.map(|(looked, _)| looked), *name));
            }
        }
        due.sort();
        let mut found = Vec::new();
        for (_, name) in due.into_iter().take(count_max) {
            let Some(object) = self.0.get_mut(&name) else { continue };
            let Some(forecast) = &object.foretold else { continue };
            object.looked = Some((now, forecast.time));
            found.extend(object.sighting());
        }
        found
    }

    /// What is known of the object of a name.
    pub fn sighting(&self, object: &str, now: Time) -> Option<Sighting> {
        let mut all = self.0.iter().filter(|(name, _)| name.to_string() == object);
        let (_, found) = all.find(|(_, object)| object.foretold.as_ref().is_some_and(|one| is_up(one, now)))?;
        found.sighting()
    }

    /// The names of objects that may still come down.
    pub fn up(&self, now: Time) -> Vec<String> {
        let up = self
            .0
            .iter()
            .filter(|(_, object)| object.foretold.as_ref().is_some_and(|one| is_up(one, now)));
        up.map(|(name, _)| name.to_string()).collect()
    }
}

impl Object {
    fn sighting(&self) -> Option<Sighting> {
        Sighting::live(self.foretold.as_ref()?, self.measured, self.fixes.all().to_vec())
    }
}

/// Whether its time has not passed: that in which it arrives with 95 %, in whichever way.
fn is_up(forecast: &Forecast, now: Time) -> bool {
    let of_all = forecast.arrival.iter().filter(|region| region.way == Way::Any);
    of_all
        .map(|region| region.latest)
        .max()
        .is_some_and(|latest| latest >= now)
}
