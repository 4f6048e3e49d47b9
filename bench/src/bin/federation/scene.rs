//! What flies, and which radars of which owner see it when.
//!
//! A tile has four radars of each owner and, at 1,000 plots/s, about 340 aircraft some 20 km apart: three radars that
//! turn once in 6 s and one that looks at everything each 2 s, all of which see all aircraft of the tile. In the first
//! tile a missile that burnt out at 40 km rises to 110 km and falls, another every 290 s; the fourth radar of each
//! owner looks at it five times a second. A higher rate is more such tiles, far apart, with radars of their own.

use std::fmt::Write;

use geo::math::{cos, sin};
use geo::{Ecef, Geodetic, Position, Site};

use crate::chance::Chance;
use crate::missile::Missile;

/// Plots a second of one tile, at most.
const TILE_PER_S: f64 = 1_000.0;
/// How far apart aircraft are at first, m.
const APART_M: f64 = 20e3;
/// How often a radar that turns and one that does not look at an aircraft, and the latter at the missile, s.
const TURN_S: f64 = 6.0;
const LOOK_S: f64 = 2.0;
const MISSILE_LOOK_S: f64 = 0.2;
const TURNING_RADARS: usize = 3;
const DETECTION: f64 = 0.95;
const RANGE_MAX_M: f64 = 470e3;
const RANGE_SIGMA_M: f64 = 50.0;
const ANGLE_SIGMA_DEG: f64 = 0.1;
const EARTH_M: f64 = 6_371e3;
const RAD_PER_DEG: f64 = std::f64::consts::PI / 180.0;

/// A radar.
pub struct Radar {
    pub name: String,
    site: Site,
    tile: usize,
    is_turning: bool,
}

enum Object {
    Aircraft {
        tile: usize,
        begin: Geodetic,
        north_mps: f64,
        east_mps: f64,
    },
    Missile(Missile),
}

/// Everything that flies and looks, of all owners.
pub struct Scene {
    /// By owner.
    pub radars: Vec<Vec<Radar>>,
    objects: Vec<Object>,
}

/// When a radar looks at an object.
#[derive(Copy, Clone, PartialEq)]
pub struct Look {
    pub due_s: f64,
    pub radar: usize,
    pub object: usize,
    pub period_s: f64,
}

impl Scene {
    /// A scene of so many plots a second of all owners together.
    pub fn new(owners: &[&str], plots_per_s: f64) -> Self {
        let tiles = (plots_per_s / TILE_PER_S).ceil().max(1.0) as usize;
        let looks_per_s = owners.len() as f64 * (TURNING_RADARS as f64 / TURN_S + 1.0 / LOOK_S);
        let aircraft = (plots_per_s / tiles as f64 / (looks_per_s * DETECTION)).round() as usize;
        let mut chance = Chance(plots_per_s as u64 + 7);
        let mut radars: Vec<Vec<Radar>> = owners.iter().map(|_| Vec::new()).collect();
        let mut objects = vec![Object::Missile(Missile::new(tile_centre(0)))];
        for tile in 0..tiles {
            let centre = tile_centre(tile);
            for (at, owner) in owners.iter().enumerate() {
                for number in 0..=TURNING_RADARS {
                    // Around the tile, owners beside each other.
                    let turn = (at as f64 + number as f64 / 4.0) / owners.len() as f64 * std::f64::consts::TAU;
                    let place = beside(centre, 120e3 * cos(turn), 120e3 * sin(turn), 200.0);
                    radars[at].push(Radar {
                        name: format!("{owner}-radar-{tile}-{number}"),
                        site: Site::new(place),
                        tile,
                        is_turning: number < TURNING_RADARS,
                    });
                }
            }
            let columns = (aircraft as f64).sqrt().ceil().max(1.0);
            for number in 0..aircraft {
                let (row, column) = ((number as f64 / columns).floor(), number as f64 % columns);
                let mut off_m = |at: f64| (at - columns / 2.0 + 0.6 * chance.uniform()) * APART_M;
                let (north_m, east_m) = (off_m(row), off_m(column));
                let begin = beside(centre, north_m, east_m, 7_000.0 + 5_000.0 * chance.uniform());
                let (speed_mps, course) = (
                    190.0 + 70.0 * chance.uniform(),
                    chance.uniform() * std::f64::consts::TAU,
                );
                objects.push(Object::Aircraft {
                    tile,
                    begin,
                    north_mps: speed_mps * cos(course),
                    east_mps: speed_mps * sin(course),
                });
            }
        }
        Self { radars, objects }
    }

    /// How many objects there are.
    pub fn objects(&self) -> usize {
        self.objects.len()
    }

    /// The sensor file of all owners.
    pub fn sensors_toml(&self, owners: &[&str]) -> String {
        let mut text = String::new();
        for (owner, radars) in owners.iter().zip(&self.radars) {
            for radar in radars {
                let at = radar.site.geodetic();
                let scan_s = if radar.is_turning { TURN_S } else { LOOK_S };
                let _ = write!(
                    text,
                    "[[sensor]]\nname = \"{}\"\nowner = \"{owner}\"\nlat_deg = {:.6}\nlon_deg = {:.6}\n\
                     height_m = {:.1}\nmeasures = [\"range\", \"azimuth\", \"elevation\"]\n\
                     range_sigma_m = {RANGE_SIGMA_M:.1}\nazimuth_sigma_deg = {ANGLE_SIGMA_DEG}\n\
                     elevation_sigma_deg = {ANGLE_SIGMA_DEG}\nrange_max_m = {RANGE_MAX_M:.1}\nscan_s = {scan_s:.1}\n\
                     probability_of_detection = {DETECTION}\nfalse_alarms_per_scan = 1.0\n\n",
                    radar.name,
                    at.lat_deg(),
                    at.lon_deg(),
                    at.height_m,
                );
            }
        }
        text
    }

    /// The first look of each radar of an owner at each object it can see.
    pub fn looks(&self, owner: usize, chance: &mut Chance) -> Vec<Look> {
        let mut looks = Vec::new();
        for (radar_at, radar) in self.radars[owner].iter().enumerate() {
            for (object_at, object) in self.objects.iter().enumerate() {
                let period_s = match object {
                    Object::Aircraft { tile, .. } if *tile != radar.tile => continue,
                    Object::Missile(_) if radar.tile != 0 => continue,
                    Object::Missile(_) if !radar.is_turning => MISSILE_LOOK_S,
                    _ if radar.is_turning => TURN_S,
                    _ => LOOK_S,
                };
                // A beam that turns is where the object is; one that does not looks in any order.
                let part = match object {
                    Object::Aircraft { .. } if radar.is_turning => {
                        radar.site.to_aer(object.at(0.0)).azimuth_rad / std::f64::consts::TAU
                    }
                    _ => chance.uniform(),
                };
                looks.push(Look {
                    due_s: part * period_s,
                    radar: radar_at,
                    object: object_at,
                    period_s,
                });
            }
        }
        looks
    }

    /// Appends what a radar reports of an object as a line of CSV, if it sees it; returns whether it does.
    pub fn report(
        &self,
        (owner, look): (usize, &Look),
        (since_s, time): (f64, impl std::fmt::Display),
        chance: &mut Chance,
        line: &mut String,
    ) -> bool {
        let radar = &self.radars[owner][look.radar];
        let seen = radar.site.to_aer(self.objects[look.object].at(since_s));
        if seen.range_m > RANGE_MAX_M || seen.elevation_rad < 0.0 || chance.uniform() > DETECTION {
            return false;
        }
        let range_m = seen.range_m + RANGE_SIGMA_M * chance.normal();
        let azimuth_deg = seen.azimuth_rad / RAD_PER_DEG + ANGLE_SIGMA_DEG * chance.normal();
        // As it is written: 360.0000 is no azimuth.
        let azimuth_deg = ((azimuth_deg * 1e4).round() / 1e4).rem_euclid(360.0);
        // What is seen beyond the zenith is at most there.
        let elevation_deg = (seen.elevation_rad / RAD_PER_DEG + ANGLE_SIGMA_DEG * chance.normal()).min(90.0);
        let _ = writeln!(
            line,
            "{time},{},{range_m:.1},{azimuth_deg:.4},{elevation_deg:.4}",
            radar.name
        );
        true
    }
}

/// The head of what [`Scene::report`] writes.
pub const HEAD: &str = "time,sensor,range_m,azimuth_deg,elevation_deg\n";

impl Object {
    fn at(&self, since_s: f64) -> Position<Ecef> {
        match self {
            Self::Aircraft {
                begin,
                north_mps,
                east_mps,
                ..
            } => beside(*begin, north_mps * since_s, east_mps * since_s, begin.height_m).to_ecef(),
            Self::Missile(missile) => missile.at(since_s),
        }
    }
}

fn tile_centre(tile: usize) -> Geodetic {
    Geodetic::from_degrees(22.0 + (tile / 5) as f64 * 10.0, 105.0 + (tile % 5) as f64 * 13.0, 0.0)
}

fn beside(from: Geodetic, north_m: f64, east_m: f64, height_m: f64) -> Geodetic {
    Geodetic {
        lat_rad: from.lat_rad + north_m / EARTH_M,
        lon_rad: from.lon_rad + east_m / EARTH_M / cos(from.lat_rad),
        height_m,
    }
}
