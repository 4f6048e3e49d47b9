//! From a scenario to what really flew.

use std::sync::Arc;

use geo::Time;

use super::Scenario;
use super::error::{FlightError, WhyNot};
use super::limits::{APOGEE, BEARING, BREAK_UP, FLIGHT_TIME, PERIGEE, RANGE, SEPARATES, WAYPOINT};
use super::object::{Glide, Mover, Object, Spread};
use crate::ballistic::{Figures, FiguresError, Flight, meet};
use crate::chance::Chance;
use crate::motion::{
    self, AircraftSpec, CruiseSpec, GlideSpec, Orbit, PullUp, SatelliteSpec, SeparationError, SeparationSpec, ShipSpec,
    Wanted, When, separate,
};
use crate::terrain::Terrain;
use crate::truth::{Course, Truth};

/// Figures are drawn at most so often: of announced figures at the edge of the possible, half lie beyond it.
const DRAWS_MAX: usize = 16;

impl Scenario {
    /// Returns what really flies, in the order of the file, each with what comes off it behind it; where the file gives
    /// standard deviations, the seed decides; figures that no flight has are drawn anew.
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
                let flown = self.one(object, &id, *time, seed);
                truths.extend(flown.map_err(|why| self.fault(object, why))?);
            }
        }
        Ok(truths)
    }

    /// One object, and all that comes off it.
    fn one(&self, object: &Object, id: &Arc<str>, time: Time, seed: u64) -> Result<Vec<Truth>, WhyNot> {
        let mut chance = Chance::new(seed, &["flight", id]);
        let mut draw = || {
            course(
                object,
                time + object.spread.time_s * chance.normal(),
                self.span,
                &mut chance,
            )
        };
        let mut drawn = draw();
        if object.spread != Spread::default() {
            for _ in 1..DRAWS_MAX {
                if drawn.is_ok() {
                    break;
                }
                drawn = draw();
            }
        }
        let (course, burnouts) = drawn?;
        let truth = Truth {
            id: id.clone(),
            kind: object.mover.kind(),
            course,
            signature: object.signature.clone(),
        };
        with_pieces(object, truth, &burnouts, seed)
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

/// Where an object is when, and when its stages burn out.
fn course(object: &Object, time: Time, span: (Time, Time), chance: &mut Chance) -> Result<(Course, Vec<Time>), WhyNot> {
    let course = match &object.mover {
        Mover::Ballistic(figures) => {
            let flight = meet(&spread(figures, &object.spread, chance), time)?;
            let burnouts = burnouts(&flight);
            return Ok((flight.course, burnouts));
        }
        Mover::Glider(figures, glide) => {
            let drawn = spread(figures, &object.spread, chance);
            let range_m = glide.range_m + drawn.range_m - figures.range_m;
            let flight = meet(&drawn, time)?;
            let burnouts = burnouts(&flight);
            return Ok((glider(&flight, &drawn, &Glide { range_m, ..*glide })?, burnouts));
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
    Ok((course, Vec::new()))
}

/// The figures of this seed.
fn spread(figures: &Figures, spread: &Spread, chance: &mut Chance) -> Figures {
    Figures {
        apogee_m: figures.apogee_m + spread.apogee_m * chance.normal(),
        range_m: figures.range_m + spread.range_m * chance.normal(),
        bearing_rad: figures.bearing_rad + spread.bearing_rad * chance.normal(),
        ..*figures
    }
}

/// When each stage burns out.
fn burnouts(flight: &Flight) -> Vec<Time> {
    let mut after_s = 0.0;
    let stages = flight.vehicle.stages.iter().map(|stage| {
        after_s += stage.pause_s + stage.burn_s;
        flight.launch.time + after_s
    });
    stages.collect()
}

/// The boost of a flight, then the glide.
fn glider(flight: &Flight, figures: &Figures, glide: &Glide) -> Result<Course, WhyNot> {
    let spec = GlideSpec {
        pull_up: PullUp::Height {
            height_m: glide.pull_up_m,
        },
        ..GlideSpec::notional()
    };
    let wanted = Wanted {
        launch: figures.launch,
        bearing_rad: figures.bearing_rad,
        distance_m: glide.range_m,
        aside_m: glide.aside_m,
    };
    let burnout = flight.burnout;
    let mut legs = motion::cut(&flight.course, burnout.time).map_or_else(Vec::new, |boost| boost.legs().to_vec());
    legs.extend(motion::reach(burnout.time, burnout.state, &spec, &wanted)?.legs);
    Ok(Course::new(legs)?)
}

/// An object, its stages, its debris, and what it breaks up into.
fn with_pieces(object: &Object, truth: Truth, burnouts: &[Time], seed: u64) -> Result<Vec<Truth>, WhyNot> {
    let wanted = &object.pieces;
    let mut pieces: Vec<Truth> = Vec::new();
    if wanted.stages {
        for (i, burnout) in burnouts.iter().enumerate() {
            let is_last = i + 1 == burnouts.len();
            let spec = SeparationSpec::stage(When::Time(*burnout), if is_last { wanted.debris } else { 0 });
            let mut off = separate(&truth, &spec, seed)?;
            if burnouts.len() > 1 {
                off[0].id = format!("{}-{}", off[0].id, i + 1).into();
            }
            pieces.extend(off);
        }
    }
    let mut truth = truth;
    if wanted.break_up > 0 {
        let mut parts = separate(&truth, &SeparationSpec::break_up(wanted.break_up), seed)?;
        for (i, part) in parts.iter_mut().enumerate() {
            part.id = format!("{}/part-{}", truth.id, i + 1).into();
        }
        let begin = parts[0].course.span().0;
        if let Some(whole) = motion::cut(&truth.course, begin) {
            truth.course = whole;
        }
        pieces.extend(parts);
    }
    pieces.insert(0, truth);
    Ok(pieces)
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
        WhyNot::Glide(_) => Some(RANGE.key),
        WhyNot::Separation(SeparationError::Never { when, .. }) => match when {
            When::Time(_) => Some(SEPARATES),
            _ => Some(BREAK_UP.key),
        },
        WhyNot::Separation(_) => Some(SEPARATES),
        WhyNot::Course(_) => None,
        WhyNot::Route(_) => Some(WAYPOINT),
        WhyNot::Satellite(_) => Some(PERIGEE.key),
    }
}
