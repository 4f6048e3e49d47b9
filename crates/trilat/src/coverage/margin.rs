//! How far inside the view of a sensor a place is.

use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::Arc;

use geo::angle::{wrap_pi, wrap_tau};
use geo::math::{acos, atan2, cos, pow, sin};
use geo::{Ecef, Position, Site};
use nalgebra::Vector3;
use plot::{Coverage, Sensor};
use sim::sensor::{Face, Horizon, Radar, Source, Station};

/// Mean radius of the Earth: an angle at its centre as a distance.
const EARTH_RADIUS_M: f64 = 6_371_009.0;

/// A sensor as far as it matters where it sees.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Its name.
    pub name: Arc<str>,
    /// Who runs it.
    pub owner: Arc<str>,
    /// Where it stands.
    pub site: Site,
    limits: Coverage,
    horizon: Horizon,
    faces: Vec<Face>,
    /// On the normal of a face; falls with this power of the cosine off it.
    scan_power: f64,
}

impl Viewer {
    /// Takes a sensor of a sensor file; what it does not state does not limit, but the Earth does.
    pub fn new(sensor: &Sensor) -> Self {
        Self {
            name: Arc::clone(&sensor.name),
            owner: Arc::clone(&sensor.owner),
            site: sensor.site,
            limits: sensor.coverage,
            horizon: Horizon::default(),
            faces: Vec::new(),
            scan_power: 0.0,
        }
    }

    /// Takes a radar that detects an object of a size with a probability; `None` for what is no radar.
    ///
    /// Terrain and mountains around the site are left out.
    pub fn of_station(station: &Station, size_m2: f64, probability: f64) -> Option<Self> {
        let Source::Radar(radar) = &station.source else {
            return None;
        };
        let reach_m = radar.detection_range_m(size_m2, probability);
        let mut viewer = Self::new(&station.sensor);
        let limit_m = viewer.limits.range_max_m.unwrap_or(f64::INFINITY);
        viewer.limits.range_max_m = Some(limit_m.min(reach_m));
        viewer.horizon.bending = station.horizon.bending;
        viewer.take_faces(radar);
        Some(viewer)
    }

    fn take_faces(&mut self, radar: &Radar) {
        self.faces.clone_from(&radar.faces);
        // The signal falls with the fourth power of range.
        self.scan_power = radar.scan_loss_power / 4.0;
    }

    /// The largest slant range, where one is stated.
    pub fn range_max_m(&self) -> Option<f64> {
        self.limits.range_max_m
    }

    /// Returns how far inside its view a point is, negative outside: about the distance to the nearest limit, in
    /// metres, and exactly 0 at a limit.
    pub fn margin_m(&self, position: Position<Ecef>) -> f64 {
        let line = self.site.to_enu(position).vector();
        let range_m = line.norm();
        let ground_m = (line.x * line.x + line.y * line.y).sqrt();
        let elevation_rad = atan2(line.z, ground_m);
        let limits = &self.limits;
        let mut margin_m = EARTH_RADIUS_M * self.horizon.margin_rad(&self.site, position);
        if let Some(low_rad) = limits.elevation_min_rad {
            margin_m = margin_m.min((elevation_rad - low_rad) * range_m);
        }
        if let Some(high_rad) = limits.elevation_max_rad.filter(|&high| high < FRAC_PI_2) {
            margin_m = margin_m.min((high_rad - elevation_rad) * range_m);
        }
        if let (Some(from), Some(to)) = (limits.azimuth_from_rad, limits.azimuth_to_rad) {
            let half_rad = 0.5 * wrap_tau(to - from);
            let off_rad = wrap_pi(atan2(line.x, line.y) - from - half_rad).abs();
            margin_m = margin_m.min((half_rad - off_rad) * ground_m);
        }
        let reach_m = limits.range_max_m.unwrap_or(f64::INFINITY);
        margin_m.min(self.faced(&line, range_m, reach_m))
    }

    /// The margin of range, and of the angle off the best face of those that there are.
    fn faced(&self, line: &Vector3<f64>, range_m: f64, reach_m: f64) -> f64 {
        let beyond = |reach_m: f64| {
            if reach_m.is_finite() {
                reach_m - range_m
            } else {
                PI * EARTH_RADIUS_M
            }
        };
        let face = |face: &Face| {
            let level = cos(face.elevation_rad);
            let normal = Vector3::new(
                level * sin(face.azimuth_rad),
                level * cos(face.azimuth_rad),
                sin(face.elevation_rad),
            );
            let cosine = (normal.dot(line) / range_m.max(1.0)).clamp(-1.0, 1.0);
            let angle = (face.scan_max_rad - acos(cosine)) * range_m;
            angle.min(beyond(reach_m * pow(cosine.max(0.0), self.scan_power)))
        };
        self.faces
            .iter()
            .map(face)
            .reduce(f64::max)
            .unwrap_or_else(|| beyond(reach_m))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::angle::RAD_PER_DEG;
    use geo::{Geodetic, State, Time, Velocity, destination};
    use sim::sensor::AdsB;
    use sim::{Course, Kind, Leg, Motion, Samples, Signature, Truth};

    fn sensor(coverage: Coverage) -> Sensor {
        Sensor {
            coverage,
            ..Sensor::new("a", "owner", Geodetic::from_degrees(36.8, 127.5, 350.0))
        }
    }

    /// An aircraft that hangs still and reports itself: nothing but the view of a receiver decides about it.
    fn hanging(place: Geodetic, from: Time) -> Truth {
        let state = State {
            position: place.to_ecef(),
            velocity: Velocity::new(0.0, 0.0, 0.0),
        };
        let samples = Samples::new(from, 1.0, vec![state, state]).unwrap();
        let leg = Leg {
            phase: flight::Phase::AirBreathing,
            from,
            until: from + 1.0,
            motion: Motion::Samples(Arc::new(samples)),
        };
        Truth {
            id: "x".into(),
            kind: Kind::Aircraft,
            course: Course::new(vec![leg]).unwrap(),
            signature: Signature {
                cross_section_m2: 1.0,
                boost_wpsr: 0.0,
                identity: Some("x".into()),
            },
        }
    }

    #[test]
    fn the_margin_is_positive_exactly_where_a_station_of_the_simulation_sees() {
        let all = Coverage {
            range_max_m: Some(900e3),
            azimuth_from_rad: Some(300.0 * RAD_PER_DEG),
            azimuth_to_rad: Some(80.0 * RAD_PER_DEG),
            elevation_min_rad: Some(-0.2 * RAD_PER_DEG),
            elevation_max_rad: Some(70.0 * RAD_PER_DEG),
        };
        let wide = Coverage {
            azimuth_from_rad: Some(90.0 * RAD_PER_DEG),
            azimuth_to_rad: Some(10.0 * RAD_PER_DEG),
            ..Coverage::default()
        };
        let time: Time = "2022-01-05T00:00:00Z".parse().unwrap();
        let mut seen = 0;
        for coverage in [Coverage::default(), all, wide] {
            let sensor = sensor(coverage);
            let viewer = Viewer::new(&sensor);
            let station = Station::new(sensor.clone(), Source::AdsB(adsb()));
            for (height_m, turn) in [(200.0, 3.0), (1e4, 7.0), (1e5, 11.0), (5e5, 17.0), (3e6, 19.0)] {
                for i in 0..150 {
                    let azimuth_deg = f64::from(i) * turn;
                    let ground = Geodetic {
                        height_m: 0.0,
                        ..sensor.site.geodetic()
                    };
                    let under = destination(ground, azimuth_deg, 1e3 + f64::from(i * i) * 200.0);
                    let place = Geodetic { height_m, ..under };
                    let is_seen = station.look(&hanging(place, time), time).is_some();
                    let margin_m = viewer.margin_m(place.to_ecef());
                    assert!(
                        margin_m.abs() < 1e-3 || is_seen == (margin_m > 0.0),
                        "{place:?} {margin_m} {is_seen}"
                    );
                    seen += usize::from(is_seen);
                }
            }
        }
        assert!((300..2_000).contains(&seen), "{seen}");
    }

    fn adsb() -> AdsB {
        AdsB {
            probability: 1.0,
            period_s: 1.0,
            position_sigma_m: 10.0,
            height_sigma_m: 10.0,
            velocity_sigma_mps: 1.0,
            clock_faults: None,
        }
    }
}
