//! Plots as they come, with their places, and the tracks that they are thought to be of.
//!
//! The tracker does not say which plots are in which track: it is told from times and places. A plot of the time at
//! which an object was last updated is its plot, of several the nearest; else it is that of the nearest object that
//! changed, if that is near. For people who look, not for what is computed.

use std::collections::HashMap;
use std::sync::Arc;

use geo::{Aer, Geodetic, Position, Site, Time};
use nalgebra::Vector3;
use plot::Measurement;
use share::item::{Body, Item};
use track::Row;
use wire::messages::picture;

use super::drawn::{place_m, unix_s};

/// A plot of an object's own time is its plot within this.
const NEAR_M: f64 = 30e3;
/// One of another time, where the object is expected at that time, within this and some sigmas.
const EXPECTED_M: f64 = 5e3;
/// So many comparisons of plots with objects in one tick, at most.
const COMPARED_MAX: usize = 2_000_000;
/// So many ticks are waited for a picture.
const WAITED_MAX: u32 = 10;

/// A plot that came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub origin: Arc<str>,
    pub sensor: Arc<str>,
    /// When it was measured,
    pub time: Time,
    /// and when it came, by the node's clock.
    pub came: Time,
    pub place: Option<Vector3<f64>>,
}

/// Plots that wait for the picture that has them: without it nobody could say which object they are of.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    plots: Vec<Came>,
    /// For so many ticks the picture has not come.
    ticks: u32,
}

impl Waiting {
    pub fn come(&mut self, plots: Vec<Came>) {
        self.plots.extend(plots);
    }

    /// The plots to be shown with this tick, in which the picture was seen or not; `None`: they wait.
    pub fn due(&mut self, is_seen: bool) -> Option<Vec<Came>> {
        self.ticks = if is_seen { 0 } else { self.ticks + 1 };
        let waits = (1..WAITED_MAX).contains(&self.ticks);
        (!waits).then(|| std::mem::take(&mut self.plots))
    }
}

/// Where the sensors stand, by owner and name.
#[derive(Debug, Default)]
pub(super) struct Sites(HashMap<Arc<str>, HashMap<Arc<str>, Site>>);

impl Sites {
    /// Notes a sensor.
    pub fn note(&mut self, owner: &Arc<str>, sensor: &plot::Sensor) {
        let of_owner = self.0.entry(owner.clone()).or_default();
        of_owner.insert(sensor.name.clone(), sensor.site);
    }

    /// The plot of an item; `None` of what is none.
    pub fn came(&self, item: &Item, came: Time) -> Option<Came> {
        let (sensor, time, place) = match &item.body {
            Body::Plot(plot) => {
                let site = self.0.get(&item.origin).and_then(|of_owner| of_owner.get(&plot.sensor));
                (plot.sensor.clone(), plot.time, placed(&plot.measurement, site))
            }
            Body::Coarse(coarse) => {
                let place = coarse.place.to_ecef().vector();
                (Arc::from("coarse"), coarse.time, Some(place))
            }
            Body::Sensor(_) | Body::Track(_) | Body::Warning(_) => return None,
        };
        Some(Came {
            origin: item.origin.clone(),
            sensor,
            time,
            came,
            place,
        })
    }
}

fn placed(measurement: &Measurement, site: Option<&Site>) -> Option<Vector3<f64>> {
    match measurement {
        Measurement::Position(fix) => Some(fix.geodetic.to_ecef().vector()),
        Measurement::Polar(polar) => {
            let aer = Aer {
                azimuth_rad: polar.azimuth_rad?,
                elevation_rad: polar.elevation_rad?,
                range_m: polar.range_m?,
            };
            Some(site?.from_aer(aer).vector())
        }
    }
}

impl Came {
    /// The plot as a picture has it.
    pub fn shown(&self, track: Option<&str>) -> picture::Plot {
        let place = self
            .place
            .map(|place| Geodetic::from_ecef(Position::from_vector(place)));
        picture::Plot {
            owner: self.origin.to_string(),
            sensor: self.sensor.to_string(),
            time_unix_s: unix_s(self.time),
            came_unix_s: unix_s(self.came),
            placed: place.is_some(),
            lat_deg: place.map_or(0.0, |place| place.lat_deg()),
            lon_deg: place.map_or(0.0, |place| place.lon_deg()),
            height_m: place.map_or(0.0, |place| place.height_m),
            track: track.unwrap_or_default().to_owned(),
        }
    }
}

/// Of each plot, the place among the rows of the object that it is thought to be of.
pub(super) fn of_which(plots: &[Came], rows: &[Row]) -> Vec<Option<usize>> {
    let mut by_time: HashMap<i64, Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        by_time.entry(row.time.tai_ns()).or_default().push(at);
    }
    let is_bounded = plots.len().saturating_mul(rows.len()) <= COMPARED_MAX;
    plots
        .iter()
        .map(|plot| {
            let same = by_time.get(&plot.time.tai_ns()).map_or(&[][..], Vec::as_slice);
            let Some(place) = plot.place else {
                // Without a place, only if there is no other.
                return (same.len() == 1).then(|| same[0]);
            };
            let off_m = |at: &usize| (place_m(&rows[*at]) - place).norm();
            let nearest = same
                .iter()
                .map(|at| (off_m(at), *at))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let own = nearest.filter(|(off_m, _)| *off_m < NEAR_M).map(|(_, at)| at);
            own.or_else(|| is_bounded.then(|| expected(plot.time, place, rows))?)
        })
        .collect()
}

/// The object that is expected nearest to a place, if that is near.
fn expected(time: Time, place: Vector3<f64>, rows: &[Row]) -> Option<usize> {
    let mut nearest: Option<(f64, usize)> = None;
    for (at, row) in rows.iter().enumerate() {
        let ahead_s = time - row.time;
        let velocity_mps: Vector3<f64> = row.belief.mean.fixed_rows::<3>(3).into();
        let off_m = (place_m(row) + velocity_mps * ahead_s - place).norm();
        let variance_m2 = row.belief.covariance.fixed_view::<3, 3>(0, 0).trace();
        let reach_m = EXPECTED_M + 3.0 * variance_m2.max(0.0).sqrt();
        if off_m < reach_m && nearest.is_none_or(|(least_m, _)| off_m < least_m) {
            nearest = Some((off_m, at));
        }
    }
    nearest.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(second: i64) -> Came {
        let time = Time::from_tai_ns(second * 1_000_000_000);
        Came {
            origin: Arc::from("japan"),
            sensor: Arc::from("tomari"),
            time,
            came: time,
            place: None,
        }
    }

    #[test]
    fn plots_wait_for_a_picture_but_not_for_ever() {
        let mut waiting = Waiting::default();
        waiting.come(vec![plot(1)]);
        assert!(waiting.due(false).is_none());
        waiting.come(vec![plot(2)]);
        let due = waiting.due(true).expect("the picture has come");
        assert_eq!(
            due.iter().map(|plot| plot.time).collect::<Vec<_>>(),
            [plot(1).time, plot(2).time]
        );
        waiting.come(vec![plot(3)]);
        assert!((1..WAITED_MAX).all(|_| waiting.due(false).is_none()));
        assert_eq!(waiting.due(false).map(|due| due.len()), Some(1));
        // A tracker that says nothing for longer holds up no plot that comes then.
        waiting.come(vec![plot(4)]);
        assert_eq!(waiting.due(false).map(|due| due.len()), Some(1));
    }
}
