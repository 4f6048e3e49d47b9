//! From public figures to the flight that has them.
//!
//! An ellipse without air gives the speed and direction that are needed at burnout; a boost in a plane gives the
//! strength and the tilt that reach them; Newton's method on the whole flight does the rest.

use std::f64::consts::FRAC_PI_2;

use flight::Options;
use geo::angle::RAD_PER_DEG;
use geo::earth::{GM_M3PS2, SEMI_MAJOR_AXIS_M};
use geo::math::{atan2, hypot, sin, sin_cos};
use geo::{Geodetic, Time, destination, geodesic};
use nalgebra::{Matrix3, Vector3};

use super::conic::departure;
use super::flight::{Flown, run};
use super::pattern::Pattern;
use super::sketch::sketch;
use super::{Figures, FiguresError, Flight, FlyError, Launch, Vehicle, fly};

/// Miss of apogee and arrival, as a share of the larger figure, at which the search ends.
const SHARE: f64 = 1e-5;
/// After so many steps of Newton's method the search is given up.
const ROUNDS: usize = 30;
/// In so many steps the miss must at least halve.
const PATIENCE: usize = 5;
/// Lowest elevation that a boost is tilted to.
const ELEVATION_MIN_RAD: f64 = 5.0 * RAD_PER_DEG;
/// No ballistic missile on public record was nearly as fast at burnout (lofted to 7,700 km: 8.1 km/s low over ground).
const SPEED_MAX_MPS: f64 = 9_000.0;
/// A flight that is faster at burnout than this multiple of the least speed for its distance was not ballistic: what
/// flies so low is carried by lift.
const EXCESS_MAX: f64 = 1.4;
/// How far burn times are stretched or shortened to meet a flight time.
const STRETCH: (f64, f64) = (0.5, 1.6);
/// A flight time is met within this.
const TIME_TOLERANCE_S: f64 = 0.05;

/// What is searched: speed gained in empty space, m/s, and the tilt from the vertical, rad, to east and north.
type Controls = Vector3<f64>;

/// What the flight is to have beside its distance and bearing.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Goal {
    /// An apogee, m.
    Apogee(f64),
    /// A speed at burnout, m/s.
    Burnout(f64),
}

/// One set of figures, and the vehicle that is to meet them.
struct Search<'a> {
    figures: &'a Figures,
    goal: Goal,
    target: Geodetic,
    /// Direction in which the geodesic from the launch comes to the target.
    heading_rad: f64,
    pattern: Pattern,
    time: Time,
}

/// Returns the ballistic flight on the turning Earth that has the figures, launched at a time.
///
/// Apogee and distance are met to a hundred-thousandth. A flight time, where it is given, is met by longer or shorter
/// burns as far as that goes; what is left is the difference to that of the flight. Errors: [`FiguresError`].
pub fn meet(figures: &Figures, time: Time) -> Result<Flight, FiguresError> {
    figures.check()?;
    let (pattern, start) = begin(figures, figures.apogee_m);
    let mut search = Search::new(figures, Goal::Apogee(figures.apogee_m), pattern, time);
    check_speed(figures)?;
    let found = search.solve(start).map_err(|error| search.too_low(error))?;
    let limit_mps = EXCESS_MAX * least_speed_mps(figures.range_m);
    let speed_mps = found.1.burnout.state.velocity.norm();
    let is_depressed = figures.apogee_m < 0.25 * figures.range_m;
    if is_depressed && speed_mps > limit_mps {
        return Err(search.too_low(FiguresError::not_found(figures)));
    }
    let controls = match figures.flight_time_s {
        Some(flight_time_s) => search.stretch(found, flight_time_s),
        None => found.0,
    };
    let (vehicle, launch) = search.given(&controls);
    Ok(fly(&vehicle, &launch)?)
}

/// Least speed over ground that carries over a distance, the Earth a ball at rest without air.
///
/// Source: Bate, Mueller, White, Fundamentals of astrodynamics (1971), section 6.2.
fn least_speed_mps(range_m: f64) -> f64 {
    let half = sin(0.5 * range_m / SEMI_MAJOR_AXIS_M);
    (2.0 * GM_M3PS2 / SEMI_MAJOR_AXIS_M * half / (1.0 + half)).sqrt()
}

/// The speed that an apogee takes low over the ground.
fn speed_mps(figures: &Figures, apogee_m: f64) -> f64 {
    departure(low_over(figures, apogee_m), target(figures), apogee_m).speed_mps
}

fn low_over(figures: &Figures, apogee_m: f64) -> Geodetic {
    Geodetic {
        height_m: 0.3 * apogee_m.min(100e3),
        ..figures.launch
    }
}

/// Refuses an apogee that takes more speed than any ballistic missile has.
fn check_speed(figures: &Figures) -> Result<(), FiguresError> {
    let needed_mps = speed_mps(figures, figures.apogee_m);
    if needed_mps <= SPEED_MAX_MPS {
        return Ok(());
    }
    let (mut low_m, mut high_m) = (0.0, figures.apogee_m);
    for _ in 0..40 {
        let middle_m = 0.5 * (low_m + high_m);
        if middle_m > 0.0 && speed_mps(figures, middle_m) <= SPEED_MAX_MPS {
            low_m = middle_m;
        } else {
            high_m = middle_m;
        }
    }
    Err(FiguresError::TooHigh {
        apogee_m: figures.apogee_m,
        range_m: figures.range_m,
        speed_mps: needed_mps,
        highest_m: low_m,
    })
}

/// Where the flight is to end.
fn target(figures: &Figures) -> Geodetic {
    let place = destination(figures.launch, figures.bearing_rad / RAD_PER_DEG, figures.range_m);
    Geodetic { height_m: 0.0, ..place }
}

/// The pattern of the vehicle, and controls to begin with.
fn begin(figures: &Figures, apogee_m: f64) -> (Pattern, Controls) {
    let target = target(figures);
    let mut leave = departure(low_over(figures, apogee_m), target, apogee_m);
    let pattern = Pattern::of(figures.class, leave.speed_mps);
    let mut controls = Vector3::new(leave.speed_mps + 6.0 * pattern.boost_s(), 0.0, 0.0);
    for _ in 0..4 {
        let (gain_mps, tilt_rad) = boost_for(&pattern, leave.speed_mps, leave.elevation_rad, controls.x);
        let (sine, cosine) = sin_cos(leave.azimuth_rad);
        controls = Vector3::new(gain_mps, tilt_rad * sine, tilt_rad * cosine);
        let end = sketch(&pattern.vehicle(gain_mps), &pattern.steering(FRAC_PI_2 - tilt_rad));
        let below = destination(figures.launch, leave.azimuth_rad / RAD_PER_DEG, end.downrange_m);
        let burnout = Geodetic {
            height_m: end.height_m.clamp(0.0, 0.8 * apogee_m),
            ..below
        };
        leave = departure(burnout, target, apogee_m);
    }
    (pattern, controls)
}

/// The gain and the tilt by which a boost ends with a speed and an elevation, nearly.
fn boost_for(pattern: &Pattern, speed_mps: f64, elevation_rad: f64, gain_mps: f64) -> (f64, f64) {
    let end = |gain: f64, tilt: f64| sketch(&pattern.vehicle(gain), &pattern.steering(FRAC_PI_2 - tilt));
    let tilt_for = |gain: f64| {
        let (mut low, mut high) = (0.0, FRAC_PI_2 - ELEVATION_MIN_RAD);
        for _ in 0..14 {
            let middle = 0.5 * (low + high);
            if end(gain, middle).elevation_rad > elevation_rad {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    };
    let mut gain = gain_mps;
    let mut tilt = tilt_for(gain);
    for _ in 0..6 {
        let miss_mps = speed_mps - end(gain, tilt).speed_mps;
        gain = (gain + miss_mps).max(0.5 * speed_mps);
        tilt = tilt_for(gain);
        if miss_mps.abs() < 5.0 {
            break;
        }
    }
    (gain, tilt)
}

impl<'a> Search<'a> {
    fn new(figures: &'a Figures, goal: Goal, pattern: Pattern, time: Time) -> Self {
        let target = target(figures);
        Self {
            figures,
            goal,
            target,
            heading_rad: geodesic(figures.launch, target).azimuth_to_deg * RAD_PER_DEG,
            pattern,
            time,
        }
    }

    /// The vehicle and its launch under some controls.
    fn given(&self, controls: &Controls) -> (Vehicle, Launch) {
        let tilt_rad = hypot(controls.y, controls.z);
        let launch = Launch {
            place: self.figures.launch,
            time: self.time,
            azimuth_rad: atan2(controls.y, controls.z),
            steering: self.pattern.steering(FRAC_PI_2 - tilt_rad),
        };
        (self.pattern.vehicle(controls.x), launch)
    }

    fn fly(&self, controls: &Controls) -> Result<Flown, FlyError> {
        let (vehicle, launch) = self.given(controls);
        let options = Options {
            position_tolerance_m: 1e-2,
            velocity_tolerance_mps: 1e-5,
            ..Options::default()
        };
        run(&vehicle, &launch, &options)
    }

    /// By how much a flight misses, as shares: the goal, along the way, across it.
    fn miss(&self, flown: &Flown) -> Vector3<f64> {
        let goal = match self.goal {
            Goal::Apogee(apogee_m) => flown.apogee.1 / apogee_m - 1.0,
            Goal::Burnout(speed_mps) => flown.burnout.state.velocity.norm() / speed_mps - 1.0,
        };
        let miss = geodesic(self.target, flown.arrival());
        let (across, along) = sin_cos(miss.azimuth_from_deg * RAD_PER_DEG - self.heading_rad);
        // Over the top of a lofted flight the distance is a small difference of large things.
        let share = miss.distance_m / self.figures.range_m.max(0.1 * self.figures.apogee_m);
        Vector3::new(goal, along * share, across * share)
    }

    /// Newton's method with steps that are shortened until they help: the controls and their flight.
    fn solve(&self, start: Controls) -> Result<(Controls, Flown), FiguresError> {
        let mut controls = start;
        let mut flown = self.fly(&controls)?;
        let mut miss = self.miss(&flown);
        let mut halved = (0, miss.norm());
        for round in 0..ROUNDS {
            if miss.norm() < SHARE {
                return Ok((controls, flown));
            }
            if miss.norm() < 0.5 * halved.1 {
                halved = (round, miss.norm());
            } else if round - halved.0 > PATIENCE {
                break;
            }
            let Some(step) = self.slopes(&controls, &miss)?.lu().solve(&-miss) else {
                break;
            };
            let Some(next) = self.shorten(&controls, &miss, &step) else {
                break;
            };
            (controls, flown) = next;
            miss = self.miss(&flown);
        }
        Err(FiguresError::not_found(self.figures))
    }

    /// The first of ever shorter steps that brings the miss down.
    fn shorten(&self, controls: &Controls, miss: &Vector3<f64>, step: &Controls) -> Option<(Controls, Flown)> {
        // No more than a third of the gain, and 20 degrees of tilt, at a time.
        let gain_share = 0.33 * controls.x / step.x.abs().max(1e-9);
        let tilt_share = 0.35 / hypot(step.y, step.z).max(1e-9);
        let mut share = gain_share.min(tilt_share).min(1.0);
        for _ in 0..8 {
            let next = within(&(controls + step * share));
            if let Ok(flown) = self.fly(&next)
                && self.miss(&flown).norm() < miss.norm() * (1.0 - 0.1 * share)
            {
                return Some((next, flown));
            }
            share *= 0.5;
        }
        None
    }

    /// Slopes of the miss by the controls, by differences.
    fn slopes(&self, controls: &Controls, miss: &Vector3<f64>) -> Result<Matrix3<f64>, FlyError> {
        let mut slopes = Matrix3::zeros();
        for (i, width) in [1e-4 * controls.x, 1e-5, 1e-5].into_iter().enumerate() {
            let mut moved = *controls;
            moved[i] += width;
            slopes.set_column(i, &((self.miss(&self.fly(&moved)?) - miss) / width));
        }
        Ok(slopes)
    }

    /// Stretches the burn times towards a flight time, by secants; the controls of the nearest flight there is.
    fn stretch(&mut self, found: (Controls, Flown), flight_time_s: f64) -> Controls {
        let over_s = |flown: &Flown| flown.fall.end() - self.time - flight_time_s;
        let plain = self.pattern.clone();
        let (mut best, mut before) = (found.0, (1.0, over_s(&found.1)));
        let mut kept = plain.clone();
        // Half of the burn time is flight time, nearly.
        let mut factor = 1.0 - before.1 / (0.5 * plain.boost_s());
        for _ in 0..8 {
            factor = factor.clamp(STRETCH.0, STRETCH.1);
            if before.1.abs() < TIME_TOLERANCE_S || factor == before.0 {
                break;
            }
            self.pattern = plain.stretched(factor);
            let Ok((controls, flown)) = self.solve(best) else {
                break;
            };
            let now = (factor, flown.fall.end() - self.time - flight_time_s);
            if now.1.abs() >= before.1.abs() {
                break;
            }
            factor = now.0 - now.1 * (now.0 - before.0) / (now.1 - before.1);
            (best, before) = (controls, now);
            kept = self.pattern.clone();
        }
        self.pattern = kept;
        best
    }

    /// The error of an apogee too low for its distance, with the lowest that is not; or the error there was.
    fn too_low(&self, error: FiguresError) -> FiguresError {
        let figures = self.figures;
        let (apogee_m, range_m) = (figures.apogee_m, figures.range_m);
        if apogee_m > 0.25 * range_m {
            return error;
        }
        let goal = Goal::Burnout(EXCESS_MAX * least_speed_mps(range_m));
        let lowest_near = |near_m: f64| {
            let low = Figures {
                apogee_m: near_m,
                ..*figures
            };
            let (pattern, start) = begin(&low, near_m);
            let search = Search::new(&low, goal, pattern, self.time);
            search.solve(start).ok().map(|(_, flown)| flown.apogee.1)
        };
        // The search comes down from an apogee that is not low; then once more, with the burn times of the lowest.
        let lowest = [0.14, 0.1].into_iter().find_map(|share| lowest_near(share * range_m));
        let lowest = lowest.map(|lowest_m| lowest_near(lowest_m).unwrap_or(lowest_m));
        match lowest.filter(|lowest_m| *lowest_m > apogee_m) {
            Some(lowest_m) => FiguresError::TooLow {
                apogee_m,
                range_m,
                lowest_m,
            },
            None => error,
        }
    }
}

/// The controls with the tilt held above its lowest elevation.
fn within(controls: &Controls) -> Controls {
    let tilt_rad = hypot(controls.y, controls.z);
    let tilt_max_rad = FRAC_PI_2 - ELEVATION_MIN_RAD;
    let share = if tilt_rad > tilt_max_rad {
        tilt_max_rad / tilt_rad
    } else {
        1.0
    };
    Vector3::new(controls.x, controls.y * share, controls.z * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ballistic::Class;

    fn time() -> Time {
        "2022-01-01T00:00:00Z".parse().unwrap()
    }

    /// Apogee and distance, km, from a place in Korea.
    fn figures(apogee_km: f64, range_km: f64) -> Figures {
        Figures {
            launch: Geodetic::from_degrees(40.61, 126.43, 0.0),
            apogee_m: apogee_km * 1e3,
            range_m: range_km * 1e3,
            bearing_rad: 75.0 * RAD_PER_DEG,
            flight_time_s: None,
            class: None,
        }
    }

    fn seconds(flight: &Flight) -> f64 {
        let (first, last) = flight.course.span();
        last - first
    }

    #[track_caller]
    fn assert_meets(figures: &Figures, flight: &Flight) {
        let (_, last) = flight.course.span();
        let ground = geodesic(figures.launch, flight.course.geodetic(last).unwrap());
        let top_m = flight.course.geodetic(flight.apogee).unwrap().height_m;
        assert!((top_m / figures.apogee_m - 1.0).abs() < 1e-4, "{top_m} {figures:?}");
        assert!(
            (ground.distance_m / figures.range_m - 1.0).abs() < 1e-3,
            "{} {figures:?}",
            ground.distance_m
        );
        let turned_rad = geo::angle::wrap_pi(ground.azimuth_from_deg * RAD_PER_DEG - figures.bearing_rad);
        assert!(turned_rad.abs() < 1e-3, "{turned_rad} {figures:?}");
    }

    #[test]
    fn the_flight_has_the_figures_wherever_and_however_lofted() {
        for (apogee_km, range_km) in [
            (15.0, 50.0),
            (50.0, 420.0),
            (97.0, 380.0),
            (260.0, 1_000.0),
            (2_000.0, 800.0),
            (770.0, 3_700.0),
            (970.0, 4_600.0),
            (6_518.2, 1_002.3),
            (1_300.0, 13_000.0),
            (500.0, 1.0),
        ] {
            let figures = figures(apogee_km, range_km);
            assert_meets(&figures, &meet(&figures, time()).unwrap());
        }
        for (lat_deg, lon_deg, bearing_deg) in [(89.9, 0.0, 20.0), (0.0, 179.9, 90.0), (-45.0, 10.0, 270.0)] {
            let figures = Figures {
                launch: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
                bearing_rad: bearing_deg * RAD_PER_DEG,
                ..figures(800.0, 2_500.0)
            };
            assert_meets(&figures, &meet(&figures, time()).unwrap());
        }
    }

    #[test]
    fn the_turning_earth_helps_to_the_east() {
        let speed = |bearing_deg: f64| {
            let figures = Figures {
                launch: Geodetic::from_degrees(0.0, 0.0, 0.0),
                bearing_rad: bearing_deg * RAD_PER_DEG,
                ..figures(1_000.0, 3_000.0)
            };
            meet(&figures, time()).unwrap().burnout.state.velocity.norm()
        };
        assert!(speed(90.0) < speed(0.0) - 50.0 && speed(0.0) < speed(270.0) - 50.0);
    }

    #[test]
    fn the_kind_sets_the_boost_and_a_flight_time_stretches_it() {
        let plain = figures(550.0, 500.0);
        let burn_s = |flight: &Flight| flight.burnout.time - time();
        let short = meet(
            &Figures {
                class: Some(Class::Short),
                ..plain
            },
            time(),
        )
        .unwrap();
        let submarine = meet(
            &Figures {
                class: Some(Class::Submarine),
                ..plain
            },
            time(),
        )
        .unwrap();
        assert!((burn_s(&short) - 90.0).abs() < 0.1 && submarine.vehicle.stages.len() == 2);
        let free = meet(&plain, time()).unwrap();
        for by_s in [-15.0, 12.0] {
            let wanted_s = seconds(&free) + by_s;
            let timed = Figures {
                flight_time_s: Some(wanted_s),
                ..plain
            };
            let flight = meet(&timed, time()).unwrap();
            assert_meets(&timed, &flight);
            assert!(
                (seconds(&flight) - wanted_s).abs() < 0.2,
                "{} {wanted_s}",
                seconds(&flight)
            );
            assert!((burn_s(&flight) - burn_s(&free)) * by_s > 0.0);
        }
        // Half an hour too long: the burn goes as far as it may, and the rest stands.
        let far = Figures {
            flight_time_s: Some(seconds(&free) + 1_800.0),
            ..plain
        };
        let flight = meet(&far, time()).unwrap();
        assert_meets(&far, &flight);
        assert!(seconds(&flight) < seconds(&free) + 200.0);
    }

    #[test]
    fn what_no_ballistic_flight_has_is_told() {
        let found = |apogee_km, range_km| meet(&figures(apogee_km, range_km), time()).map(|_| ());
        assert!(matches!(found(0.0, 500.0), Err(FiguresError::Apogee { .. })));
        assert!(matches!(found(-3.0, 500.0), Err(FiguresError::Apogee { .. })));
        assert!(matches!(found(f64::NAN, 500.0), Err(FiguresError::Apogee { .. })));
        assert!(matches!(found(100.0, 0.0), Err(FiguresError::Range { .. })));
        assert!(matches!(found(100.0, 20_100.0), Err(FiguresError::Range { .. })));
        let Err(FiguresError::TooHigh { highest_m, .. }) = found(20_000.0, 500.0) else {
            panic!("{:?}", found(20_000.0, 500.0))
        };
        assert!((10e6..14e6).contains(&highest_m), "{highest_m}");
        assert!(found(highest_m / 1e3 * 0.99, 500.0).is_ok());
        for (apogee_km, range_km) in [(50.0, 700.0), (30.0, 700.0), (20.0, 190.0), (0.1, 500.0)] {
            let Err(FiguresError::TooLow { lowest_m, .. }) = found(apogee_km, range_km) else {
                panic!("{apogee_km} {range_km} {:?}", found(apogee_km, range_km))
            };
            assert!(found(lowest_m / 1e3 * 1.01, range_km).is_ok(), "{lowest_m}");
        }
        let turned = Figures {
            bearing_rad: f64::INFINITY,
            ..figures(100.0, 300.0)
        };
        assert!(matches!(meet(&turned, time()), Err(FiguresError::Bearing { .. })));
        let timed = Figures {
            flight_time_s: Some(0.0),
            ..figures(100.0, 300.0)
        };
        assert!(matches!(meet(&timed, time()), Err(FiguresError::FlightTime { .. })));
        let nowhere = Figures {
            launch: Geodetic::from_degrees(91.0, 0.0, 0.0),
            ..figures(100.0, 300.0)
        };
        assert!(matches!(meet(&nowhere, time()), Err(FiguresError::Launch { .. })));
    }
}
