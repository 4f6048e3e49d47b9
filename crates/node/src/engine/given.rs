//! What an owner gives to partners who get no plots: its own tracks, and warnings of where something may come down.
//!
//! Both are made of own plots alone. What partners gave is theirs, and is not given on in another form.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use geo::{Ecef, Geodetic, Position, Time};
use plot::Sensors;
use share::item::{Body, TrackState, WarningNote};
use track::{Forecast, Name, Row};
use warn::EXISTENCE_MIN;

use super::show::{outline, whole_area};

/// Corners of a ground area.
const CORNERS: usize = 32;

/// A track or a warning that may be given, and what a policy asks about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What it says.
    pub body: Body,
    /// When it holds.
    pub time: Time,
    /// The owner's sensors whose plots are in it, by their own names, ascending.
    pub sensors: Vec<Arc<str>>,
    /// Where the object is.
    pub place: Geodetic,
    /// What it is doing.
    pub phase: Arc<str>,
}

/// What was given last.
#[derive(Debug)]
pub(super) struct Giver {
    own: Arc<str>,
    each_s: f64,
    given: BTreeMap<Name, Time>,
    /// The last row of each track: a forecast does not say where the object is.
    rows: BTreeMap<Name, (Time, Vec<Arc<str>>, Geodetic)>,
    /// The owner's sensors: their names in pictures, and their own.
    names: HashMap<Arc<str>, Arc<str>>,
    /// When it was last looked which tracks are to be forgotten.
    tidied: Option<Time>,
}

/// A track that was not seen for so long is forgotten,
const FORGOTTEN_S: f64 = 600.0;
/// which is looked at each so often.
const TIDIED_S: f64 = 10.0;

impl Giver {
    pub fn new(own: Arc<str>, each_s: f64) -> Self {
        Self {
            own,
            each_s,
            given: BTreeMap::new(),
            rows: BTreeMap::new(),
            names: HashMap::new(),
            tidied: None,
        }
    }

    /// What is due of changed tracks and new forecasts of own plots alone.
    pub fn give(&mut self, rows: &[Row], forecasts: &[Forecast], sensors: &Sensors) -> Vec<Given> {
        let mut all = Vec::new();
        for row in rows {
            let names = self.names(row, sensors);
            let place = place(row);
            self.rows.insert(row.track, (row.time, names.clone(), place));
            let is_due = self
                .given
                .get(&row.track)
                .is_none_or(|last| row.time - *last >= self.each_s);
            if !is_due {
                continue;
            }
            self.given.insert(row.track, row.time);
            all.push(Given {
                body: Body::Track(Box::new(state(row))),
                time: row.time,
                sensors: names,
                place,
                phase: row.phase.name().into(),
            });
        }
        for forecast in forecasts.iter().filter(|forecast| forecast.existence >= EXISTENCE_MIN) {
            all.extend(self.warning(forecast));
        }
        if let Some(newest) = rows.iter().map(|row| row.time).max() {
            self.tidy(newest);
        }
        all
    }

    fn tidy(&mut self, newest: Time) {
        if self.tidied.is_some_and(|tidied| newest - tidied < TIDIED_S) {
            return;
        }
        self.tidied = Some(newest);
        self.rows.retain(|_, (time, ..)| newest - *time < FORGOTTEN_S);
        self.given.retain(|track, _| self.rows.contains_key(track));
    }

    fn warning(&self, forecast: &Forecast) -> Option<Given> {
        let area = whole_area(&forecast.arrival)?;
        let (_, sensors, place) = self.rows.get(&forecast.track)?;
        let note = WarningNote {
            track: forecast.track.to_string().into(),
            time: forecast.time,
            area: outline(area, CORNERS),
            probability: area.probability,
            arrival: [area.earliest, area.latest],
        };
        Some(Given {
            body: Body::Warning(note),
            time: forecast.time,
            sensors: sensors.clone(),
            place: *place,
            phase: forecast.phase.name().into(),
        })
    }

    fn names(&mut self, row: &Row, sensors: &Sensors) -> Vec<Arc<str>> {
        let known = row.sensors.iter().filter_map(|at| sensors.as_slice().get(*at));
        known.filter_map(|sensor| self.name(&sensor.name)).collect()
    }

    /// The own name of a sensor of the owner's.
    fn name(&mut self, full: &Arc<str>) -> Option<Arc<str>> {
        if let Some(name) = self.names.get(full) {
            return Some(name.clone());
        }
        let name: Arc<str> = full.strip_prefix(&*self.own)?.strip_prefix('/')?.into();
        self.names.insert(full.clone(), name.clone());
        Some(name)
    }
}

fn place(row: &Row) -> Geodetic {
    let mean = row.belief.mean;
    Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]))
}

/// A row as it is given.
pub(super) fn state(row: &Row) -> TrackState {
    let mut triangle = (0..6).flat_map(|row| (row..6).map(move |column| (row, column)));
    TrackState {
        track: row.track.to_string().into(),
        time: row.time,
        existence: row.existence,
        phase: row.phase.name().into(),
        state: row.belief.mean.into(),
        covariance: std::array::from_fn(|_| triangle.next().map_or(0.0, |at| row.belief.covariance[at])),
    }
}
