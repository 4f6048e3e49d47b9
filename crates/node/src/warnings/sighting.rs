//! What a track says of its object at one time: where it was measured, where and when it may come down.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use track::forecast::{Region, Way};
use track::{Forecast, Row};
use warn::{Area, AreaError, Ellipse, Facts, Fix, Map, Situation};
use wire::tracks::{RowKind, TrackRow, covariance_index};

/// What is known of one object at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// What its track is called; anybody's text.
    pub object: Arc<str>,
    /// When the area was computed.
    pub said: Time,
    /// When a sensor measured it last.
    pub measured: Time,
    /// Probability that there is such an object.
    pub existence: f64,
    /// In which ways it may come down.
    pub ellipses: Vec<Ellipse>,
    /// Where it was measured.
    pub fixes: Vec<Fix>,
}

/// An axis longer than this, a quarter of the Earth's circumference, says no more than this.
const AXIS_MAX_M: f64 = 1.0e7;
/// Places above which it was measured are told of fixes so far apart: fewer of them claim less.
const FIX_EVERY_S: f64 = 5.0;
/// So many are kept of one object: more than five hours.
const FIXES_MAX: usize = 4_096;
/// Errors that covariances do not hold, and those of outlines: a track may be a kilometre beside where it says it is.
const OUTLINE_SIGMA_M: f64 = 1_000.0;

impl Sighting {
    /// What is to be said of it at a time.
    ///
    /// Errors: [`AreaError`], where a number of its area is none.
    pub fn facts(&self, now: Time, map: &Map) -> Result<Facts, AreaError> {
        let situation = Situation {
            object: &self.object,
            said: self.said,
            measured: self.measured,
            now,
            existence: self.existence,
        };
        Ok(Facts::new(&situation, &Area::new(&self.ellipses)?, &self.fixes, map))
    }

    /// Earliest and latest arrival, whichever way it comes down.
    pub fn arrival(&self) -> [Time; 2] {
        let all = |[from, to]: [Time; 2], one: &Ellipse| [from.min(one.earliest), to.max(one.latest)];
        let first = self
            .ellipses
            .first()
            .map_or([self.said; 2], |one| [one.earliest, one.latest]);
        self.ellipses.iter().fold(first, all)
    }

    /// A name for its warning, which everybody finds who drafts of the same track: when it was measured first, and what
    /// it is called.
    pub fn name(&self) -> String {
        let first = self.fixes.iter().map(|fix| fix.time).min().unwrap_or(self.said);
        let text = first.to_string();
        let digits: String = text
            .chars()
            .take(16)
            .filter(|c| c.is_ascii_digit() || *c == 'T')
            .collect();
        let track: String = self
            .object
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(12)
            .collect();
        match track.is_empty() {
            true => format!("W{digits}"),
            false => format!("W{digits}-{track}"),
        }
    }

    /// Of a forecast of the live picture, and the object's places in it; `None` of what does not come down.
    pub fn live(forecast: &Forecast, measured: Time, fixes: Vec<Fix>) -> Option<Self> {
        let of_ways = forecast.arrival.iter().filter(|region| region.way != Way::Any);
        let mut ellipses: Vec<Ellipse> = of_ways.filter_map(ellipse).collect();
        if ellipses.is_empty() {
            let any = forecast.arrival.iter().filter_map(ellipse);
            ellipses.extend(any.max_by(|a, b| a.probability.total_cmp(&b.probability)));
        }
        (!ellipses.is_empty()).then(|| Self {
            object: forecast.track.to_string().into(),
            said: forecast.time,
            measured,
            existence: forecast.existence,
            ellipses,
            fixes,
        })
    }
}

/// Where an object was measured, a fix every few seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixes(Vec<Fix>);

impl Fixes {
    /// Notes that it was measured at a time, in order; most of what lies near together is left out. Of more than so
    /// many the oldest go.
    pub fn note(&mut self, time: Time, fix: impl FnOnce() -> Fix) {
        if self.0.last().is_none_or(|last| time - last.time >= FIX_EVERY_S) {
            if self.0.len() >= FIXES_MAX {
                self.0.remove(0);
            }
            self.0.push(fix());
        }
    }

    /// All that are kept.
    pub fn all(&self) -> &[Fix] {
        &self.0
    }
}

/// Where a row of the live picture was measured.
pub fn fix(row: &Row) -> Fix {
    let mean = row.belief.mean;
    let variance_m2 = row.belief.covariance.fixed_view::<3, 3>(0, 0).trace();
    Fix {
        time: row.time,
        place: geo::Geodetic::from_ecef(geo::Position::<geo::Ecef>::new(mean[0], mean[1], mean[2])),
        sigma_m: variance_m2.max(0.0).sqrt().max(OUTLINE_SIGMA_M),
        is_measured: true,
    }
}

fn ellipse(region: &Region) -> Option<Ellipse> {
    (region.weight > 0.0).then_some(Ellipse {
        weight: region.weight,
        probability: region.probability,
        centre: region.centre,
        major_m: region.major_m.min(AXIS_MAX_M),
        minor_m: region.minor_m.min(AXIS_MAX_M),
        azimuth_deg: region.azimuth_deg,
        earliest: region.earliest,
        latest: region.latest,
    })
}

/// How well the place of a row is known over ground; hardly, where the file does not say it.
fn sigma_m(row: &TrackRow) -> f64 {
    const UNKNOWN_M: f64 = 10e3;
    let of = |axis: usize| Some(row.covariance?[covariance_index(axis, axis)]);
    match (of(0), of(1)) {
        (Some(east_m2), Some(north_m2)) => (east_m2 + north_m2).max(0.0).sqrt(),
        _ => UNKNOWN_M,
    }
}

/// What the rows of a track file say of each object at a time: by its newest forecast until then, and where it was
/// measured until then; the earliest arrival first. Without one there is none of it.
pub fn sightings(rows: &[TrackRow], at: Time) -> Vec<Sighting> {
    let mut tracks: BTreeMap<&str, Vec<&TrackRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.time <= at) {
        tracks.entry(&row.track).or_default().push(row);
    }
    let mut found: Vec<Sighting> = tracks.values().filter_map(|rows| sighting(rows)).collect();
    found.sort_by(|a, b| a.arrival().cmp(&b.arrival()).then_with(|| a.object.cmp(&b.object)));
    found
}

fn sighting(rows: &[&TrackRow]) -> Option<Sighting> {
    let foretold = |row: &&&TrackRow| row.kind == RowKind::Forecast && row.region.is_some();
    let said = rows.iter().filter(foretold).map(|row| row.time).max()?;
    let newest: Vec<&&TrackRow> = rows.iter().filter(foretold).filter(|row| row.time == said).collect();
    let is_any = |row: &TrackRow| row.region.as_ref().is_some_and(|region| &*region.way == "any");
    let mut ellipses: Vec<Ellipse> = newest
        .iter()
        .filter(|row| !is_any(row))
        .filter_map(|row| of_row(row))
        .collect();
    if ellipses.is_empty() {
        let any = newest.iter().filter_map(|row| of_row(row));
        ellipses.extend(any.max_by(|a, b| a.probability.total_cmp(&b.probability)));
    }
    let updates = || rows.iter().filter(|row| row.kind == RowKind::Update);
    let mut fixes = Fixes::default();
    for row in updates() {
        fixes.note(row.time, || Fix {
            time: row.time,
            place: row.place,
            sigma_m: sigma_m(row).max(OUTLINE_SIGMA_M),
            is_measured: true,
        });
    }
    let existence = newest.iter().find_map(|row| row.existence);
    (!ellipses.is_empty()).then(|| Sighting {
        object: newest[0].track.clone(),
        said,
        measured: updates().map(|row| row.time).max().unwrap_or(said),
        // A file that does not say it gives tracks that its writer believes in.
        existence: existence.unwrap_or(1.0),
        ellipses,
        fixes: fixes.0,
    })
}

fn of_row(row: &TrackRow) -> Option<Ellipse> {
    let region = row.region.as_ref()?;
    (region.weight > 0.0).then(|| Ellipse {
        weight: region.weight,
        probability: region.probability,
        centre: row.place,
        major_m: region.major_m.min(AXIS_MAX_M),
        minor_m: region.minor_m.min(AXIS_MAX_M),
        azimuth_deg: region.azimuth_deg,
        earliest: row.time + region.earliest_s,
        latest: row.time + region.latest_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_are_five_seconds_apart_and_the_oldest_go_first() {
        let begin: Time = "2022-10-03T22:23:00Z".parse().expect("a time");
        let mut fixes = Fixes::default();
        let note = |fixes: &mut Fixes, after_s: f64| {
            let time = begin + after_s;
            fixes.note(time, || Fix {
                time,
                place: geo::Geodetic::from_degrees(41.0, 128.0, 0.0),
                sigma_m: OUTLINE_SIGMA_M,
                is_measured: true,
            });
        };
        // Four times a second, and one that comes late.
        (0..41).for_each(|at| note(&mut fixes, 0.25 * f64::from(at)));
        note(&mut fixes, 3.0);
        let after_s: Vec<f64> = fixes.all().iter().map(|fix| fix.time - begin).collect();
        assert_eq!(after_s, [0.0, 5.0, 10.0]);
        (0..FIXES_MAX).for_each(|at| note(&mut fixes, 20.0 + 5.0 * at as f64));
        assert_eq!((fixes.all().len(), fixes.all()[0].time - begin), (FIXES_MAX, 20.0));
    }
}
