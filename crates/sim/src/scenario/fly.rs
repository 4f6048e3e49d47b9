//! From a scenario to what really flew.

use std::sync::Arc;

use geo::Time;

use super::Scenario;
use super::error::{FlightError, WhyNot};
use super::limits::{APOGEE, BEARING, FLIGHT_TIME, PERIGEE, RANGE, WAYPOINT};
use super::object::{Mover, Object};
use crate::ballistic::{Figures, FiguresError, meet};
use crate::chance::Chance;
use crate::motion::{self, AircraftSpec, CruiseSpec, Orbit, SatelliteSpec, ShipSpec};
use crate::terrain::Terrain;
use crate::truth::Truth;

impl Scenario {
    /// Returns what really flies, in the order of the file; where the file gives standard deviations, the seed decides.
    ///
    /// Errors: [`FlightError`], with the key to change.
    pub fn fly(&self, seed: u64) -> Result<Vec<Truth>, FlightError> {
        let mut truths = Vec::new();
        for object in self.flying() {
            let is_salvo = object.times.len() > 1;
            for (i, time) in object.times.iter().enumerate() {
                let id: Arc<str> = if is_salvo {
                    format!("{}-{}", object.id, i + 1).into()
                } else {
                    object.id.clone()
                };
                let mut chance = Chance::new(seed, &["flight", &id]);
                let flown = one(object, &id, *time, self.span, &mut chance);
                truths.extend(flown.map_err(|why| self.fault(object, why))?);
            }
        }
        Ok(truths)
    }

    /// Names the key that is to blame.
    fn fault(&self, object: &Object, why: WhyNot) -> FlightError {
        let key = blamed(&why);
        let stands = key.and_then(|key| object.lines.keys.get(key));
        FlightError {
            file: self.file.clone(),
            line: stands.map_or(object.lines.table, |(line, _)| *line),
            id: object.id.clone(),
            key: key.filter(|_| stands.is_some()),
            value: stands.map(|(_, value)| value.clone()).unwrap_or_default(),
            why: Box::new(why),
        }
    }
}

/// One flight, with all that comes of it.
fn one(
    object: &Object,
    id: &Arc<str>,
    time: Time,
    span: (Time, Time),
    chance: &mut Chance,
) -> Result<Vec<Truth>, WhyNot> {
    let spread = &object.spread;
    let time = time + spread.time_s * chance.normal();
    let course = match &object.mover {
        Mover::Ballistic(figures) => {
            let figures = Figures {
                apogee_m: figures.apogee_m + spread.apogee_m * chance.normal(),
                range_m: figures.range_m + spread.range_m * chance.normal(),
                bearing_rad: figures.bearing_rad + spread.bearing_rad * chance.normal(),
                ..*figures
            };
            meet(&figures, time)?.course
        }
        Mover::Cruise(spec, ground_m) => {
            let spec = CruiseSpec {
                start: time,
                ..spec.clone()
            };
            motion::cruise(&spec, &Terrain::Flat { height_m: *ground_m })?
        }
        Mover::Aircraft(spec) => motion::aircraft(&AircraftSpec {
            start: time,
            ..spec.clone()
        })?,
        Mover::Ship(spec) => motion::ship(&ShipSpec {
            start: time,
            ..spec.clone()
        })?,
        Mover::Satellite(elements) => motion::satellite(&SatelliteSpec {
            from: span.0,
            ..SatelliteSpec::new(time, Orbit::Elements(*elements), span.1)
        })?,
    };
    Ok(vec![Truth {
        id: id.clone(),
        kind: object.mover.kind(),
        course,
        signature: object.signature.clone(),
    }])
}

/// The key whose value makes the flight impossible.
fn blamed(why: &WhyNot) -> Option<&'static str> {
    match why {
        WhyNot::Figures(error) => match error {
            FiguresError::Launch { .. } => Some("lat_deg"),
            FiguresError::Apogee { .. }
            | FiguresError::TooHigh { .. }
            | FiguresError::TooLow { .. }
            | FiguresError::NotFound { .. } => Some(APOGEE.key),
            FiguresError::Range { .. } => Some(RANGE.key),
            FiguresError::Bearing { .. } => Some(BEARING.key),
            FiguresError::FlightTime { .. } => Some(FLIGHT_TIME.key),
            FiguresError::Fly(_) => Some(APOGEE.key),
        },
        WhyNot::Route(_) => Some(WAYPOINT),
        WhyNot::Satellite(_) => Some(PERIGEE.key),
    }
}
