//! Rough positions from plots, to start from: a whole plot is one by itself; ranges and angles that came apart, angles
//! of two sensors, and ranges of three are put together over time.

use geo::angle::wrap_pi;
use geo::math::sin_cos;
use geo::{Aer, Ecef, Enu, Geodetic, Position, Time};
use nalgebra::{Matrix3, Vector3};
use plot::{Sensor, Sensors};

use super::look::{Channel, Look};
use super::parameter::bias_sigma;

/// The longest gap over which a sensor's own values are interpolated.
const GAP_MAX_S: f64 = 1_800.0;
/// Lines of sight closer to parallel than this (sine of the angle) do not meet in a point.
const CROSSING_MIN: f64 = 0.01;

/// A rough position.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Fix {
    pub time: Time,
    pub position_m: Vector3<f64>,
    /// Standard deviation of its worst direction, biases included.
    pub sigma_m: f64,
}

/// Finds the rough positions that the looks give, in the order of time.
pub(crate) fn fixes(looks: &[Look], sensors: &Sensors) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = looks.iter().filter_map(|look| whole(look, sensors)).collect();
    if fixes.is_empty() {
        let tracks: Vec<Track> = (0..sensors.as_slice().len())
            .map(|index| Track::new(looks, index, &sensors.as_slice()[index]))
            .collect();
        fixes = looks
            .iter()
            .filter_map(|look| apart(look, &tracks[look.sensor]))
            .collect();
        if fixes.is_empty() {
            fixes = looks.iter().filter_map(|look| crossed(look, &tracks)).collect();
        }
        if fixes.is_empty() {
            fixes = looks.iter().filter_map(|look| three_ranges(look, &tracks)).collect();
        }
    }
    fixes.retain(|fix| fix.position_m.iter().all(|x| x.is_finite()));
    fixes
}

/// A plot that is a position by itself.
pub(crate) fn whole(look: &Look, sensors: &Sensors) -> Option<Fix> {
    let sensor = &sensors.as_slice()[look.sensor];
    if let Some(place) = &look.place {
        let sigma_m = look.items.iter().map(|item| item.sigma).fold(0.0, f64::max);
        return Some(Fix {
            time: look.time,
            position_m: place.origin().vector(),
            sigma_m,
        });
    }
    let range = look.item(Channel::Range)?;
    let (azimuth, elevation) = (look.item(Channel::Azimuth)?, look.item(Channel::Elevation)?);
    Some(polar_fix(
        look.time,
        sensor,
        range.value,
        azimuth.value,
        elevation.value,
        [range.sigma, azimuth.sigma, elevation.sigma],
    ))
}

fn polar_fix(time: Time, sensor: &Sensor, range_m: f64, azimuth: f64, elevation: f64, sigmas: [f64; 3]) -> Fix {
    let position = sensor.site.from_aer(Aer {
        azimuth_rad: azimuth,
        elevation_rad: elevation,
        range_m,
    });
    let with_bias = |channel: Channel, sigma: f64| {
        let bias = bias_sigma(sensor, channel, sigma);
        (sigma * sigma + bias * bias).sqrt()
    };
    let across = with_bias(Channel::Elevation, sigmas[2]).max(with_bias(Channel::Azimuth, sigmas[1]));
    let sigma_m = with_bias(Channel::Range, sigmas[0]).max(across * range_m);
    Fix {
        time,
        position_m: position.vector(),
        sigma_m,
    }
}

/// The values of one sensor over time, channel by channel.
struct Track<'a> {
    sensor: &'a Sensor,
    ranges: Vec<(Time, f64)>,
    azimuths: Vec<(Time, f64)>,
    elevations: Vec<(Time, f64)>,
    sigmas: [f64; 3],
}

impl<'a> Track<'a> {
    fn new(looks: &[Look], index: usize, sensor: &'a Sensor) -> Self {
        let of = |channel: Channel| -> Vec<(Time, f64)> {
            let own = looks.iter().filter(|look| look.sensor == index);
            own.filter_map(|look| look.item(channel).map(|item| (look.time, item.value)))
                .collect()
        };
        let sigma = |channel: Channel| {
            let own = looks.iter().filter(|look| look.sensor == index);
            own.filter_map(|look| look.item(channel))
                .map(|item| item.sigma)
                .next()
                .unwrap_or(channel.default_sigma())
        };
        Self {
            sensor,
            ranges: of(Channel::Range),
            azimuths: of(Channel::Azimuth),
            elevations: of(Channel::Elevation),
            sigmas: [
                sigma(Channel::Range),
                sigma(Channel::Azimuth),
                sigma(Channel::Elevation),
            ],
        }
    }

    /// The unit vector (ECEF) of its line of sight at a time.
    fn line(&self, time: Time) -> Option<Vector3<f64>> {
        let (azimuth, elevation) = (
            interpolate(&self.azimuths, time, true)?,
            interpolate(&self.elevations, time, true)?,
        );
        let ((sin_az, cos_az), (sin_el, cos_el)) = (sin_cos(azimuth), sin_cos(elevation));
        let enu = geo::Velocity::<Enu>::new(cos_el * sin_az, cos_el * cos_az, sin_el);
        Some(self.sensor.site.velocity_to_ecef(enu).vector())
    }
}

/// The value at a time, on the straight line between its neighbours.
fn interpolate(values: &[(Time, f64)], time: Time, is_angle: bool) -> Option<f64> {
    let after = values.partition_point(|(t, _)| *t < time);
    if let Some((t, value)) = values.get(after)
        && *t == time
    {
        return Some(*value);
    }
    let ((t0, a), (t1, b)) = (*values.get(after.checked_sub(1)?)?, *values.get(after)?);
    let span_s = t1 - t0;
    let change = if is_angle { wrap_pi(b - a) } else { b - a };
    (span_s <= GAP_MAX_S).then(|| a + change * ((time - t0) / span_s))
}

/// Angles here, range of the same sensor from before and after.
fn apart(look: &Look, track: &Track<'_>) -> Option<Fix> {
    let (azimuth, elevation) = (look.item(Channel::Azimuth)?, look.item(Channel::Elevation)?);
    let range_m = interpolate(&track.ranges, look.time, false)?;
    Some(polar_fix(
        look.time,
        track.sensor,
        range_m,
        azimuth.value,
        elevation.value,
        track.sigmas,
    ))
}

/// Angles here, angles of another sensor: the middle of the shortest bridge between the two lines.
fn crossed(look: &Look, tracks: &[Track<'_>]) -> Option<Fix> {
    let here = &tracks[look.sensor];
    let a = here.line(look.time)?;
    let others = tracks.iter().enumerate().filter(|(index, _)| *index != look.sensor);
    others
        .filter_map(|(_, other)| {
            let b = other.line(look.time)?;
            let crossing = a.cross(&b);
            let sine = crossing.norm();
            if sine < CROSSING_MIN {
                return None;
            }
            let base = other.sensor.site.origin() - here.sensor.site.origin();
            let along_a = base.cross(&b).dot(&crossing) / (sine * sine);
            let along_b = base.cross(&a).dot(&crossing) / (sine * sine);
            if along_a <= 0.0 || along_b <= 0.0 {
                return None;
            }
            let on_a = here.sensor.site.origin().vector() + a * along_a;
            let on_b = other.sensor.site.origin().vector() + b * along_b;
            let sigma = here.sigmas[1]
                .max(here.sigmas[2])
                .max(other.sigmas[1])
                .max(other.sigmas[2]);
            let sigma_m = 3.0 * sigma * along_a.max(along_b) / sine;
            Some(Fix {
                time: look.time,
                position_m: (on_a + on_b) / 2.0,
                sigma_m,
            })
        })
        .min_by(|x, y| x.sigma_m.total_cmp(&y.sigma_m))
}

/// Range here, ranges of two other sensors: the point above the ground that has all three.
fn three_ranges(look: &Look, tracks: &[Track<'_>]) -> Option<Fix> {
    look.item(Channel::Range)?;
    let mut spheres = Vec::with_capacity(tracks.len());
    for track in tracks {
        if let Some(range_m) = interpolate(&track.ranges, look.time, false) {
            spheres.push((track.sensor.site.origin().vector(), range_m, track.sigmas[0]));
        }
    }
    let [first, second, third] = *spheres.get(0..3)? else {
        return None;
    };
    let middle = (first.0 + second.0 + third.0) / 3.0;
    // From high above: Newton's method then stays on the outer of the two points.
    let mut point = middle + middle.normalize() * first.1;
    for _ in 0..20 {
        let lines = [point - first.0, point - second.0, point - third.0];
        let jacobian = Matrix3::from_rows(&lines.map(|line| line.normalize().transpose()));
        let miss = Vector3::new(
            first.1 - lines[0].norm(),
            second.1 - lines[1].norm(),
            third.1 - lines[2].norm(),
        );
        let step = jacobian.lu().solve(&miss)?;
        point += step;
        if step.norm() < 1.0 {
            let height_m = Geodetic::from_ecef(Position::<Ecef>::from_vector(point)).height_m;
            let sigma_m = 10.0 * first.2.max(second.2).max(third.2);
            return (height_m > -1e4).then_some(Fix {
                time: look.time,
                position_m: point,
                sigma_m,
            });
        }
    }
    None
}

impl Fix {
    /// Height above the ellipsoid.
    pub fn height_m(&self) -> f64 {
        Geodetic::from_ecef(Position::<Ecef>::from_vector(self.position_m)).height_m
    }
}
