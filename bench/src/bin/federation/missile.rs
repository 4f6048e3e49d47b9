//! A ballistic flight from burnout to the ground, again and again: the Earth as a turning ball, no air.

use geo::math::cos;
use geo::{Ecef, Geodetic, Position, Site};
use nalgebra::Vector3;

/// A missile is launched so often, s.
const EACH_S: f64 = 290.0;
const STEP_S: f64 = 0.5;
const GM_M3PS2: f64 = 3.986_004_418e14;
const EARTH_RADPS: f64 = 7.292_115e-5;
const BURNOUT_M: f64 = 40e3;
const SPEED_MPS: f64 = 1_680.0;

/// Where it is, each half second after burnout.
pub struct Missile {
    path: Vec<Vector3<f64>>,
}

impl Missile {
    /// Flies over the middle of a tile, northwards.
    pub fn new(middle: Geodetic) -> Self {
        let begin = Geodetic {
            lat_rad: middle.lat_rad - 0.02,
            lon_rad: middle.lon_rad,
            height_m: BURNOUT_M,
        };
        let site = Site::new(begin);
        let part = SPEED_MPS * cos(std::f64::consts::FRAC_PI_4);
        let mut velocity = site.enu_from_ecef().transpose() * Vector3::new(0.0, part, part);
        let mut place = begin.to_ecef().vector();
        let turning = Vector3::new(0.0, 0.0, EARTH_RADPS);
        let mut path = vec![place];
        while place.norm() > begin.to_ecef().vector().norm() - BURNOUT_M {
            let pull = -place * (GM_M3PS2 / place.norm().powi(3));
            let turn = -2.0 * turning.cross(&velocity) - turning.cross(&turning.cross(&place));
            velocity += (pull + turn) * STEP_S;
            place += velocity * STEP_S;
            path.push(place);
        }
        Self { path }
    }

    /// Where the newest is; on the ground, out of sight, between two flights.
    pub fn at(&self, since_s: f64) -> Position<Ecef> {
        let steps = since_s.rem_euclid(EACH_S) / STEP_S;
        let at = (steps as usize).min(self.path.len() - 2);
        let part = (steps - at as f64).min(1.0);
        let place = self.path[at] + (self.path[at + 1] - self.path[at]) * part;
        Position::new(place[0], place[1], place[2])
    }
}
