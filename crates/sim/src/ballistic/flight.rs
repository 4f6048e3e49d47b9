//! The flight of a vehicle, stage by stage to burnout, then free until it meets the ground.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use flight::phase::{Phase, REENTRY_SHARE};
use flight::thrust::{Direction, ElevationAt, Thrust};
use flight::{Body, EventKind, Forces, Options, PropagateError, Trajectory, propagate};
use geo::{Ecef, Geodetic, State, Time, Velocity};

use super::Vehicle;
use crate::truth::{Course, CourseError, Leg, Motion};

/// Longest time from burnout to arrival: what stays up longer is in orbit.
const FALL_MAX_S: f64 = 6.0 * 3_600.0;

/// Where and when a flight begins, and how it is steered.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// Where.
    pub place: Geodetic,
    /// When.
    pub time: Time,
    /// Direction that it is tilted to, clockwise from true north.
    pub azimuth_rad: f64,
    /// How.
    pub steering: Steering,
}

/// How thrust is steered.
#[derive(Clone, Debug, PartialEq)]
pub enum Steering {
    /// Straight up, then tilted to an elevation at a constant rate, then along the velocity relative to the Earth.
    GravityTurn {
        /// How long straight up.
        vertical_s: f64,
        /// How long the tilt takes, within the burn of the first stage.
        tilt_s: f64,
        /// Elevation of the thrust at its end.
        elevation_rad: f64,
    },
    /// By a programme of elevation, seconds after launch, ascending.
    Programme(Vec<ElevationAt>),
}

/// The end of thrust.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Burnout {
    /// When.
    pub time: Time,
    /// Where, and how fast relative to the Earth.
    pub state: State<Ecef>,
}

/// A flight from launch to arrival.
#[derive(Clone, Debug)]
pub struct Flight {
    /// All of it: boost by stages, coast, re-entry.
    pub course: Course,
    /// The end of the last thrust.
    pub burnout: Burnout,
    /// When it was highest.
    pub apogee: Time,
    /// What was flown.
    pub vehicle: Vehicle,
    /// How it was launched.
    pub launch: Launch,
}

/// Why a vehicle has no flight.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FlyError {
    /// There is no stage, a burn is not positive, or a pause is negative.
    #[error(
        "stage {stage} burns {burn_s} s after a pause of {pause_s} s; a burn must be positive, a pause not negative"
    )]
    Stage {
        /// Its number, from 1; 0 where there is none.
        stage: usize,
        /// How long it burns.
        burn_s: f64,
        /// How long nothing burns before it.
        pause_s: f64,
    },
    /// It falls back to the ground under thrust.
    #[error("the vehicle meets the ground {after_s:.1} s after launch, under thrust")]
    Sinks {
        /// How long it was in the air.
        after_s: f64,
    },
    /// It does not come down within hours.
    #[error("the flight has not come down after {after_s:.0} s: it is an orbit or an escape")]
    StaysUp {
        /// How long it was followed.
        after_s: f64,
    },
    /// The integration failed.
    #[error(transparent)]
    Propagate(#[from] PropagateError),
    /// The legs do not join.
    #[error(transparent)]
    Course(#[from] CourseError),
}

/// A flight that is being computed.
#[derive(Clone, Debug)]
pub(super) struct Flown {
    /// The boost: each leg by one direction of thrust, pauses between.
    boost: Vec<(Phase, Trajectory)>,
    /// From the last burnout to the ground.
    pub(super) fall: Trajectory,
    pub(super) burnout: Burnout,
    /// When it is highest, and how high.
    pub(super) apogee: (Time, f64),
}

impl Flown {
    /// Where it meets the ground.
    pub(super) fn arrival(&self) -> Geodetic {
        let state = self.fall.state(self.fall.end()).unwrap_or(self.burnout.state);
        Geodetic::from_ecef(state.position)
    }
}

/// Returns the flight of a vehicle on the turning Earth, until it meets the ellipsoid.
///
/// Errors: [`FlyError`].
pub fn fly(vehicle: &Vehicle, launch: &Launch) -> Result<Flight, FlyError> {
    let flown = run(vehicle, launch, &Options::default())?;
    let mut legs: Vec<Leg> = flown.boost.into_iter().map(|(phase, path)| leg(phase, path)).collect();
    let (forces, body) = (Forces::ballistic(), Body::ballistic(vehicle.coast_drag_m2pkg));
    let fall = Arc::new(flown.fall);
    for stretch in flight::phases(&forces, &body, &fall, REENTRY_SHARE) {
        legs.push(Leg {
            phase: stretch.phase,
            from: stretch.from,
            until: stretch.until,
            motion: Motion::Flight(fall.clone()),
        });
    }
    Ok(Flight {
        course: Course::new(legs)?,
        burnout: flown.burnout,
        apogee: flown.apogee.0,
        vehicle: vehicle.clone(),
        launch: launch.clone(),
    })
}

fn leg(phase: Phase, path: Trajectory) -> Leg {
    let (from, until) = path.span();
    Leg {
        phase,
        from,
        until,
        motion: Motion::Flight(Arc::new(path)),
    }
}

/// Returns the boost alone, from launch to the last burnout, whether or not what is left comes down.
///
/// Errors: [`FlyError`].
pub fn boost(vehicle: &Vehicle, launch: &Launch) -> Result<Course, FlyError> {
    let (boost, _) = rise(vehicle, launch, &Options::default())?;
    let legs = boost.into_iter().map(|(phase, path)| leg(phase, path)).collect();
    Ok(Course::new(legs)?)
}

/// Computes the boost, leg by leg, and its end.
fn rise(
    vehicle: &Vehicle,
    launch: &Launch,
    options: &Options,
) -> Result<(Vec<(Phase, Trajectory)>, Burnout), FlyError> {
    let forces = Forces::ballistic();
    let rising = Options {
        ground_height_m: Some(launch.place.height_m - SINK_M),
        ..options.clone()
    };
    let mut time = launch.time;
    let mut state = State {
        position: launch.place.to_ecef(),
        velocity: Velocity::new(0.0, 0.0, 0.0),
    };
    let mut boost: Vec<(Phase, Trajectory)> = Vec::new();
    for burn in burns(vehicle, launch)? {
        let path = propagate(&forces, &burn.body, time, state, burn.until, &rising)?;
        if path.end() < burn.until {
            let after_s = path.end() - launch.time;
            return Err(FlyError::Sinks { after_s });
        }
        time = burn.until;
        state = path.state(time).unwrap_or(state);
        boost.push((burn.phase, path));
    }
    Ok((boost, Burnout { time, state }))
}

/// Computes boost and fall; `options` says how exactly.
pub(super) fn run(vehicle: &Vehicle, launch: &Launch, options: &Options) -> Result<Flown, FlyError> {
    let forces = Forces::ballistic();
    let (boost, burnout) = rise(vehicle, launch, options)?;
    let Burnout { time, state } = burnout;
    let falling = Options {
        ground_height_m: Some(0.0),
        ..options.clone()
    };
    let body = Body::ballistic(vehicle.coast_drag_m2pkg);
    let fall = propagate(&forces, &body, time, state, time + FALL_MAX_S, &falling)?;
    if fall.end() >= time + FALL_MAX_S {
        return Err(FlyError::StaysUp {
            after_s: fall.end() - launch.time,
        });
    }
    let apogee = boost
        .iter()
        .map(|(_, path)| path)
        .chain([&fall])
        .flat_map(|path| path.events())
        .filter(|event| event.kind == EventKind::Apogee)
        .map(|event| (event.time, Geodetic::from_ecef(event.state.position).height_m))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((time, Geodetic::from_ecef(state.position).height_m));
    Ok(Flown {
        boost,
        fall,
        burnout,
        apogee,
    })
}

/// Thrust lasts this much longer than the burn that is flown.
const BEYOND_S: f64 = 1e-3;
/// So far below the launch a vehicle that rises too slowly is given up.
const SINK_M: f64 = 10.0;

/// A stretch of the boost with one body and one direction of thrust.
struct Burn {
    phase: Phase,
    body: Body,
    until: Time,
}

/// The stretches of the boost. Errors: [`FlyError::Stage`].
fn burns(vehicle: &Vehicle, launch: &Launch) -> Result<Vec<Burn>, FlyError> {
    let mut burns = Vec::new();
    let mut after_s = 0.0;
    for (i, stage) in vehicle.stages.iter().enumerate() {
        let (burn_s, pause_s) = (stage.burn_s, stage.pause_s);
        if !(burn_s > 0.0 && pause_s >= 0.0 && burn_s.is_finite() && pause_s.is_finite()) {
            return Err(FlyError::Stage {
                stage: i + 1,
                burn_s,
                pause_s,
            });
        }
        if pause_s > 0.0 {
            after_s += pause_s;
            burns.push(Burn {
                phase: Phase::Coast,
                body: Body::ballistic(stage.drag_m2pkg),
                until: launch.time + after_s,
            });
        }
        let ignition_s = after_s;
        after_s += burn_s;
        for (direction, until_s) in directions(launch, ignition_s, after_s) {
            let thrust = Thrust {
                from: launch.time + ignition_s,
                // Thrust is on at the end of the burn as well, where the integrator looks, and off beyond it.
                until: launch.time + after_s + BEYOND_S,
                strength: stage.strength.clone(),
                direction,
            };
            burns.push(Burn {
                phase: Phase::Boost,
                body: Body {
                    thrust: Some(thrust),
                    ..Body::ballistic(stage.drag_m2pkg)
                },
                until: launch.time + until_s,
            });
        }
    }
    if burns.is_empty() {
        return Err(FlyError::Stage {
            stage: 0,
            burn_s: 0.0,
            pause_s: 0.0,
        });
    }
    Ok(burns)
}

/// The directions of thrust between two times after launch, each with the time it holds until.
fn directions(launch: &Launch, ignition_s: f64, burnout_s: f64) -> Vec<(Direction, f64)> {
    let by = |programme: &[ElevationAt]| Direction::Pitch {
        azimuth_rad: launch.azimuth_rad,
        programme: programme
            .iter()
            .map(|row| ElevationAt {
                after_s: row.after_s - ignition_s,
                ..*row
            })
            .collect(),
    };
    match &launch.steering {
        Steering::Programme(programme) => vec![(by(programme), burnout_s)],
        Steering::GravityTurn {
            vertical_s,
            tilt_s,
            elevation_rad,
        } => {
            let row = |after_s: f64, elevation_rad: f64| ElevationAt { after_s, elevation_rad };
            let tilted_s = vertical_s + tilt_s;
            let tilt = by(&[row(*vertical_s, FRAC_PI_2), row(tilted_s, *elevation_rad)]);
            if tilted_s <= ignition_s {
                vec![(Direction::Velocity, burnout_s)]
            } else if tilted_s >= burnout_s {
                vec![(tilt, burnout_s)]
            } else {
                vec![(tilt, tilted_s), (Direction::Velocity, burnout_s)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ballistic::Stage;
    use crate::ballistic::sketch::sketch;
    use geo::geodesic;

    fn launch(steering: Steering) -> Launch {
        Launch {
            place: Geodetic::from_degrees(0.0, 0.0, 0.0),
            time: "2022-01-01T00:00:00Z".parse().unwrap(),
            azimuth_rad: 0.0,
            steering,
        }
    }

    fn vehicle(gain_mps: f64) -> Vehicle {
        let second = Stage {
            pause_s: 3.0,
            ..Stage::of_gain(60.0, 2_600.0, 0.5 * gain_mps, 3e-5)
        };
        Vehicle {
            stages: vec![Stage::of_gain(70.0, 2_500.0, 0.5 * gain_mps, 5e-5), second],
            coast_drag_m2pkg: 1e-4,
        }
    }

    fn turn(elevation_rad: f64) -> Steering {
        Steering::GravityTurn {
            vertical_s: 5.0,
            tilt_s: 20.0,
            elevation_rad,
        }
    }

    #[test]
    fn legs_follow_the_stages_and_the_boost_is_near_its_sketch() {
        let (vehicle, launch) = (vehicle(4_500.0), launch(turn(1.2)));
        let flight = fly(&vehicle, &launch).unwrap();
        let phases: Vec<Phase> = flight.course.legs().iter().map(|leg| leg.phase).collect();
        use Phase::{Boost, Coast, Reentry};
        assert_eq!(phases, [Boost, Boost, Coast, Boost, Coast, Reentry]);
        assert!((flight.burnout.time - launch.time - 133.0).abs() < 1e-6);
        let end = sketch(&vehicle, &launch.steering);
        let place = Geodetic::from_ecef(flight.burnout.state.position);
        assert!((place.height_m / end.height_m - 1.0).abs() < 0.03, "{place:?} {end:?}");
        assert!((flight.burnout.state.velocity.norm() / end.speed_mps - 1.0).abs() < 0.02);
        assert!((geodesic(launch.place, place).distance_m / end.downrange_m - 1.0).abs() < 0.03);
        // Nothing jumps where legs join.
        for leg in flight.course.legs() {
            let (a, b) = (flight.course.state(leg.from), flight.course.state(leg.from + 1e-3));
            if let (Some(a), Some(b)) = (a, b) {
                let moved_m = (b.position.vector() - a.position.vector()).norm();
                assert!(moved_m < 1e-3 * 6_000.0, "{moved_m} at {}", leg.from);
            }
        }
        let (_, last) = flight.course.span();
        assert!(flight.course.geodetic(last).unwrap().height_m.abs() < 1.0);
        assert!(flight.apogee > flight.burnout.time && flight.apogee < last);
    }

    #[test]
    fn a_programme_of_elevation_is_followed() {
        let row = |after_s: f64, elevation_rad: f64| ElevationAt { after_s, elevation_rad };
        let programme = vec![row(5.0, FRAC_PI_2), row(133.0, 0.6)];
        let steep = fly(&vehicle(4_500.0), &launch(Steering::Programme(programme))).unwrap();
        let upright = vec![row(0.0, FRAC_PI_2)];
        let straight = fly(&vehicle(4_500.0), &launch(Steering::Programme(upright))).unwrap();
        let range_m = |flight: &Flight| {
            let (first, last) = flight.course.span();
            let place = |time| flight.course.geodetic(time).unwrap();
            geodesic(place(first), place(last)).distance_m
        };
        assert!(range_m(&steep) > 500e3, "{}", range_m(&steep));
        assert!(range_m(&straight) < 60e3, "{}", range_m(&straight));
    }

    #[test]
    fn what_cannot_fly_says_why() {
        let weak = fly(&vehicle(900.0), &launch(turn(1.2)));
        assert!(matches!(weak, Err(FlyError::Sinks { .. })), "{weak:?}");
        let escapes = fly(&vehicle(20_000.0), &launch(turn(1.5)));
        assert!(matches!(escapes, Err(FlyError::StaysUp { .. })), "{escapes:?}");
        let none = Vehicle {
            stages: Vec::new(),
            coast_drag_m2pkg: 0.0,
        };
        assert!(matches!(
            fly(&none, &launch(turn(1.2))),
            Err(FlyError::Stage { stage: 0, .. })
        ));
        let mut still = vehicle(4_500.0);
        still.stages[1].burn_s = 0.0;
        assert!(matches!(
            fly(&still, &launch(turn(1.2))),
            Err(FlyError::Stage { stage: 2, .. })
        ));
    }
}
