//! A picture as it is handed to whoever works on it elsewhere: shared with the engine, not copied.

use std::collections::BTreeMap;
use std::sync::Arc;

use plot::Sensors;
use track::{Forecast, Name, Tracker};

use super::Firsts;

/// Forecasts that are kept, the newest.
const FORETOLD_MAX: usize = 20_000;

/// One picture at one moment.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Its objects; none before the first plot.
    pub tracker: Option<Tracker>,
    /// The sensors, as rows of its objects name them.
    pub sensors: Sensors,
    /// The newest forecast of each track, with the launch as it was said last.
    pub foretold: BTreeMap<Name, Arc<Forecast>>,
    /// When something was first known.
    pub firsts: Firsts,
}

/// The newest forecast of each track.
#[derive(Debug, Default)]
pub(super) struct Foretold(BTreeMap<Name, Arc<Forecast>>);

impl Foretold {
    pub fn all(&self) -> &BTreeMap<Name, Arc<Forecast>> {
        &self.0
    }

    /// Notes new ones; a launch stands until a better one is said.
    pub fn note(&mut self, forecasts: &[Forecast]) {
        for forecast in forecasts {
            let mut forecast = forecast.clone();
            if forecast.launch.is_empty()
                && let Some(before) = self.0.get(&forecast.track)
            {
                forecast.launch.clone_from(&before.launch);
            }
            self.0.insert(forecast.track, Arc::new(forecast));
        }
        if self.0.len() > FORETOLD_MAX {
            let mut times: Vec<_> = self.0.values().map(|forecast| forecast.time).collect();
            times.sort_unstable();
            let middle = times[times.len() / 2];
            self.0.retain(|_, forecast| forecast.time > middle);
        }
    }
}
