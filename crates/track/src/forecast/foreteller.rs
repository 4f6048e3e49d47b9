//! Forecasts of what is settled, and of what is not yet, made on the threads of the caller.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use geo::Time;

use super::{Forecast, Outlook, forecast};
use crate::associate::Pool;
use crate::name::Name;

/// A launch is said again when its region is by this smaller.
const LAUNCH_BETTER: f64 = 0.7;

/// Makes forecasts in the order of what they are made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Foreteller {
    outlooks: Vec<Outlook>,
    /// By track, how large the region of its launch was when it was last said.
    launches: BTreeMap<Name, f64>,
}

impl Foreteller {
    /// Takes in what has been settled.
    pub fn add(&mut self, outlooks: Vec<Outlook>) {
        self.outlooks.extend(outlooks);
    }

    /// Drops what has been taken in since.
    pub fn skip(&mut self) {
        self.outlooks.clear();
    }

    /// The forecasts of what has been taken in since; those that say nothing are left out.
    pub fn forecasts(&mut self, pool: &impl Pool) -> Vec<Forecast> {
        let outlooks = std::mem::take(&mut self.outlooks);
        let made: Vec<OnceLock<Forecast>> = outlooks.iter().map(|_| OnceLock::new()).collect();
        pool.run(outlooks.len(), &|index| {
            made[index].get_or_init(|| forecast(&outlooks[index]));
        });
        let mut forecasts: Vec<Forecast> = made.into_iter().filter_map(OnceLock::into_inner).collect();
        for forecast in &mut forecasts {
            let Some(largest) = forecast.launch.last() else {
                continue;
            };
            let size_m2 = largest.major_m * largest.minor_m;
            let said_m2 = self.launches.entry(forecast.track).or_insert(f64::INFINITY);
            if size_m2 < LAUNCH_BETTER * *said_m2 {
                *said_m2 = size_m2;
            } else {
                forecast.launch.clear();
            }
        }
        forecasts.retain(|forecast| !forecast.arrival.is_empty() || !forecast.launch.is_empty());
        forecasts
    }
}

/// Makes forecasts of what may still be overtaken: for those who cannot wait for the lag.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasty {
    /// By track, of when the last forecast was.
    made: BTreeMap<Name, Time>,
}

impl Hasty {
    /// Of each track the newest that was not made, those that wait longest first, at most so many.
    pub fn forecasts<'a>(
        &mut self,
        outlooks: impl Iterator<Item = &'a Outlook>,
        forecasts_max: usize,
        pool: &impl Pool,
    ) -> Vec<Forecast> {
        let mut newest: BTreeMap<Name, &Outlook> = BTreeMap::new();
        for outlook in outlooks {
            newest.insert(outlook.track, outlook);
        }
        // What is settled and gone leaves nothing behind.
        self.made.retain(|track, _| newest.contains_key(track));
        let is_due = |outlook: &&Outlook| self.made.get(&outlook.track).is_none_or(|made| *made < outlook.time);
        let mut due: Vec<&Outlook> = newest.into_values().filter(is_due).collect();
        due.sort_by_key(|outlook| (self.made.get(&outlook.track).copied(), outlook.track));
        due.truncate(forecasts_max);
        let cells: Vec<OnceLock<Forecast>> = due.iter().map(|_| OnceLock::new()).collect();
        pool.run(due.len(), &|index| {
            cells[index].get_or_init(|| forecast(due[index]));
        });
        for outlook in due {
            self.made.insert(outlook.track, outlook.time);
        }
        cells.into_iter().filter_map(OnceLock::into_inner).collect()
    }
}
