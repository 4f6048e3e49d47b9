//! The flight of figures that no ballistic flight has: thrown part of the way, then carried by lift.

use geo::Time;
use geo::angle::{RAD_PER_DEG, wrap_pi};
use geo::geodesic;

use super::{Figures, FiguresError, Flight, meet};
use crate::motion::{GlideSpec, PullUp, Wanted, reach};
use crate::truth::{Course, Leg};

/// Shares of the distance that the ballistic part alone would go, tried in turn.
const SHARES: [f64; 4] = [0.85, 0.7, 0.5, 0.35];
/// The ballistic part goes no farther than this multiple of its apogee.
const FLAT_MAX: f64 = 9.0;
/// The pull-up begins at this share of the apogee.
const PULL_UP_SHARE: f64 = 0.7;
/// The bearing is met within this.
const BEARING_TOLERANCE_RAD: f64 = 0.02 * RAD_PER_DEG;

/// A flight that has announced figures.
#[derive(Clone, Debug)]
pub struct Announced {
    /// The flight; a phase of its course is glide where lift carries it.
    pub flight: Flight,
    /// Why it is no ballistic one, where it is not.
    pub not_ballistic: Option<FiguresError>,
}

/// Returns the flight that has the figures: ballistic, or where none has them, with a pull-up and a glide.
///
/// The glide has the apogee of the figures and meets the distance to a thousandth; a flight time is not used then.
/// Errors: [`FiguresError`], that of the ballistic flight, where no glide has them either.
pub fn announced(figures: &Figures, time: Time) -> Result<Announced, FiguresError> {
    let error = match meet(figures, time) {
        Ok(flight) => {
            return Ok(Announced {
                flight,
                not_ballistic: None,
            });
        }
        Err(error @ FiguresError::TooLow { .. }) => error,
        Err(error) => return Err(error),
    };
    let ways = SHARES.map(|share| (share * figures.range_m).min(FLAT_MAX * figures.apogee_m));
    for thrown_m in ways {
        if let Some(flight) = thrown_then_carried(figures, thrown_m, time) {
            return Ok(Announced {
                flight,
                not_ballistic: Some(error),
            });
        }
    }
    Err(error)
}

/// A flight whose ballistic part alone would go a distance, turned until its arrival has the bearing.
fn thrown_then_carried(figures: &Figures, thrown_m: f64, time: Time) -> Option<Flight> {
    let mut bearing_rad = figures.bearing_rad;
    for _ in 0..3 {
        let thrown = Figures {
            range_m: thrown_m,
            bearing_rad,
            flight_time_s: None,
            ..*figures
        };
        let flight = carried(figures, meet(&thrown, time).ok()?)?;
        let (_, last) = flight.course.span();
        let way = geodesic(figures.launch, flight.course.geodetic(last)?);
        let turned_rad = wrap_pi(way.azimuth_from_deg * RAD_PER_DEG - figures.bearing_rad);
        if turned_rad.abs() < BEARING_TOLERANCE_RAD {
            return Some(flight);
        }
        bearing_rad -= turned_rad;
    }
    None
}

/// The same boost, its fall broken by a pull-up and a glide to the distance of the figures.
fn carried(figures: &Figures, flight: Flight) -> Option<Flight> {
    let spec = GlideSpec {
        drag_m2pkg: flight.vehicle.coast_drag_m2pkg,
        pull_up: PullUp::Height {
            height_m: (PULL_UP_SHARE * figures.apogee_m).min(40e3),
        },
        ..GlideSpec::notional()
    };
    let wanted = Wanted {
        launch: figures.launch,
        bearing_rad: figures.bearing_rad,
        distance_m: figures.range_m,
        aside_m: None,
    };
    let burnout = flight.burnout;
    let glide = reach(burnout.time, burnout.state, &spec, &wanted).ok()?;
    let is_boost = |leg: &&Leg| leg.until <= burnout.time;
    let mut legs: Vec<Leg> = flight.course.legs().iter().filter(is_boost).cloned().collect();
    legs.extend(glide.legs);
    let course = Course::new(legs).ok()?;
    Some(Flight { course, ..flight })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flight::Phase;
    use geo::Geodetic;

    #[test]
    fn what_is_too_low_to_fall_so_far_glides() {
        let time: Time = "2022-01-01T00:00:00Z".parse().unwrap();
        for (apogee_km, range_km) in [(50.0, 700.0), (37.0, 450.0), (20.0, 190.0), (30.0, 700.0)] {
            let figures = Figures {
                launch: Geodetic::from_degrees(40.61, 126.43, 0.0),
                apogee_m: apogee_km * 1e3,
                range_m: range_km * 1e3,
                bearing_rad: 80.0 * RAD_PER_DEG,
                flight_time_s: None,
                class: None,
            };
            let found = announced(&figures, time).unwrap();
            assert!(matches!(found.not_ballistic, Some(FiguresError::TooLow { .. })));
            let course = &found.flight.course;
            let (first, last) = course.span();
            let way = geodesic(figures.launch, course.geodetic(last).unwrap());
            assert!((way.distance_m / figures.range_m - 1.0).abs() < 2e-3, "{way:?}");
            assert!((way.azimuth_from_deg - 80.0).abs() < 0.05, "{way:?}");
            let seconds = (0..(last - first) as i32).map(|s| first + f64::from(s));
            let top_m = seconds
                .map(|at| course.geodetic(at).unwrap().height_m)
                .fold(0.0, f64::max);
            assert!((top_m / figures.apogee_m - 1.0).abs() < 2e-3, "{top_m} {figures:?}");
            assert!(course.legs().iter().any(|leg| leg.phase == Phase::Glide));
        }
    }
}
