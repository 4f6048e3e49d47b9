//! What flies: one thrusting stage or two, burnout, coast and re-entry, notional throughout.

use flight::thrust::{AccelerationAt, Direction, ElevationAt, Strength};
use flight::{Body, EventKind, Forces, Options, Thrust, Trajectory, propagate};
use geo::angle::RAD_PER_DEG;
use geo::{Ecef, Geodetic, State, Time, Velocity, geodesic};

use crate::chance::Chance;

/// The form of a path.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Shape {
    Low,
    Standard,
    Lofted,
}

/// One flight, known to the last bit.
pub struct Rocket {
    pub shape: Shape,
    pub launch: Geodetic,
    pub launch_time: Time,
    pub burnout: Time,
    pub azimuth_deg: f64,
    pub distance_m: f64,
    pub apogee: (Time, Geodetic),
    pub arrival: (Time, Geodetic),
    pub drag_m2pkg: f64,
    path: Trajectory,
}

/// How thrust grows and where it points, for any duration of the boost.
struct Programme {
    shape: Shape,
    first_mps2: f64,
    last_mps2: f64,
    /// A second stage begins at this part of the boost, at the first acceleration again.
    staging: Option<f64>,
    end_elevation_deg: f64,
    bend: f64,
    azimuth_deg: f64,
}

impl Programme {
    fn draw(chance: &mut Chance) -> Self {
        let shape = chance.one_of(&[Shape::Low, Shape::Standard, Shape::Lofted]);
        let end_elevation_deg = match shape {
            Shape::Low => chance.between(26.0, 34.0),
            Shape::Standard => chance.between(38.0, 46.0),
            Shape::Lofted => chance.between(60.0, 74.0),
        };
        Self {
            shape,
            first_mps2: chance.between(16.0, 25.0),
            last_mps2: chance.between(35.0, 75.0),
            staging: chance.is(0.3).then(|| chance.between(0.4, 0.7)),
            end_elevation_deg,
            bend: chance.between(0.6, 1.0),
            azimuth_deg: chance.between(0.0, 360.0),
        }
    }

    fn thrust(&self, from: Time, boost_s: f64) -> Thrust {
        let row = |share: f64, acceleration_mps2: f64| AccelerationAt {
            after_s: share * boost_s,
            acceleration_mps2,
        };
        let rows = match self.staging {
            None => vec![row(0.0, self.first_mps2), row(1.0, self.last_mps2)],
            Some(at) => vec![
                row(0.0, self.first_mps2),
                row(at, self.last_mps2),
                row(at + 0.01, self.first_mps2),
                row(1.0, self.last_mps2),
            ],
        };
        let turned = |share: f64| {
            let part = geo::math::exp(self.bend * geo::math::ln(share.max(1e-9)));
            ElevationAt {
                after_s: share * boost_s,
                elevation_rad: (90.0 - (90.0 - self.end_elevation_deg) * part) * RAD_PER_DEG,
            }
        };
        Thrust {
            from,
            until: from + boost_s,
            strength: Strength::Acceleration(rows),
            direction: Direction::Pitch {
                azimuth_rad: self.azimuth_deg * RAD_PER_DEG,
                programme: (0..=12).map(|i| turned(f64::from(i) / 12.0)).collect(),
            },
        }
    }
}

/// The shortest and the longest boost that is tried.
const BOOST_S: (f64, f64) = (20.0, 200.0);

impl Rocket {
    /// Draws a flight of 200 to 1,500 km; `None` where no boost of the drawn programme reaches as far.
    pub fn draw(chance: &mut Chance) -> Option<Self> {
        let programme = Programme::draw(chance);
        let distance_m = chance.between(200e3, 1_500e3);
        let launch = Geodetic::from_degrees(
            chance.between(-60.0, 60.0),
            chance.between(-180.0, 180.0),
            chance.between(0.0, 200.0),
        );
        let drag_m2pkg = loop {
            let drawn = 5e-4 + chance.normal(1e-3);
            if drawn > 5e-5 {
                break drawn;
            }
        };
        let arrival_height_m = chance.between(0.0, 200.0);
        // 2021-01-01T12:00:00Z in TAI.
        let launch_time = Time::from_tai_ns((1_609_502_400 + 37) * 1_000_000_000);
        let fly = |boost_s: f64| {
            let body = Body {
                thrust: Some(programme.thrust(launch_time, boost_s)),
                ..Body::ballistic(drag_m2pkg)
            };
            let state = State {
                position: launch.to_ecef(),
                velocity: Velocity::<Ecef>::new(0.0, 0.0, 0.0),
            };
            let options = Options {
                ground_height_m: Some(arrival_height_m),
                ..Options::default()
            };
            propagate(
                &Forces::ballistic(),
                &body,
                launch_time,
                state,
                launch_time + 4_000.0,
                &options,
            )
            .ok()
        };
        let reached_m = |path: &Trajectory| {
            path.geodetic(path.end())
                .map_or(f64::INFINITY, |end| geodesic(launch, end).distance_m)
        };
        let (mut short_s, mut long_s) = BOOST_S;
        while long_s - short_s > 0.5 {
            let middle_s = (short_s + long_s) / 2.0;
            if fly(middle_s).is_some_and(|path| reached_m(&path) < distance_m) {
                short_s = middle_s
            } else {
                long_s = middle_s
            }
        }
        let boost_s = (short_s + long_s) / 2.0;
        Self::of(&programme, launch, launch_time + boost_s, drag_m2pkg, fly(boost_s)?)
    }

    fn of(programme: &Programme, launch: Geodetic, burnout: Time, drag_m2pkg: f64, path: Trajectory) -> Option<Self> {
        let event = |kind: EventKind| path.events().iter().rfind(move |event| event.kind == kind);
        let place = |of: &flight::Event| (of.time, Geodetic::from_ecef(of.state.position));
        let (apogee, arrival) = (place(event(EventKind::Apogee)?), place(event(EventKind::MeetsGround)?));
        let distance_m = geodesic(launch, arrival.1).distance_m;
        let is_wanted = (150e3..1_600e3).contains(&distance_m) && apogee.1.height_m > 40e3;
        is_wanted.then_some(Self {
            shape: programme.shape,
            launch,
            launch_time: path.start(),
            burnout,
            azimuth_deg: programme.azimuth_deg,
            distance_m,
            apogee,
            arrival,
            drag_m2pkg,
            path,
        })
    }

    /// Where it is; `None` before launch and after arrival.
    pub fn state(&self, time: Time) -> Option<State<Ecef>> {
        self.path.state(time)
    }
}
