//! Rough places from what several sensors see at one time: where lines of sight cross, where one goes through a shell,
//! where shells meet. Of anything else a coarse grid is looked at.

use estimate::sensor::PolarQuantity;
use geo::angle::wrap_pi;
use geo::{Aer, Ecef, Position, Site, Time};
use nalgebra::Vector3;

use super::fit::Nine;
use super::strand::Strand;
use crate::glance::Glance;

/// Lines of sight nearer to parallel than this (sine of the angle between them) do not cross.
const CROSSING_MIN: f64 = 3e-3;
/// Shells that miss each other by more than this part of their radius do not meet.
const MISS_MAX: f64 = 0.3;
/// The grid: azimuths, elevations, distances, where they are not measured.
const AZIMUTHS: u8 = 16;
const ELEVATIONS_RAD: [f64; 5] = [0.05, 0.25, 0.5, 0.85, 1.2];
const RANGES_M: [f64; 7] = [40e3, 100e3, 200e3, 400e3, 800e3, 1_600e3, 3_200e3];
/// So many of its places are tried.
const GRID_BEST: usize = 3;
/// How fine it is: part of a distance, and of a radian.
const GRID_SHARE: f64 = 0.2;

/// What one sensor sees at a time.
pub(super) struct View {
    pub glance: Glance,
    origin_m: Vector3<f64>,
    line: Option<Vector3<f64>>,
}

impl View {
    /// What a strand leads to at a time.
    pub fn new(strand: &Strand, time: Time) -> Self {
        let mut glance = strand.last().glance;
        for quantity in [PolarQuantity::Range, PolarQuantity::Azimuth, PolarQuantity::Elevation] {
            if let (Some((_, sigma)), Some(value)) = (glance.value(quantity), strand.value_at(quantity, time)) {
                glance.values[quantity as usize] = Some((value, sigma));
            }
        }
        Self {
            glance,
            origin_m: glance.site.origin().vector(),
            line: glance.line(),
        }
    }

    fn range_m(&self) -> Option<f64> {
        self.glance.value(PolarQuantity::Range).map(|(range_m, _)| range_m)
    }

    fn angle_rad(&self, quantity: PolarQuantity) -> Option<f64> {
        self.glance.value(quantity).map(|(angle_rad, _)| angle_rad)
    }
}

/// States at rest where all views together may see one object; none where they cannot.
pub(super) fn starts(views: &[View]) -> Vec<Nine> {
    let at_rest = |place: Vector3<f64>| Nine::from_fn(|row, _| if row < 3 { place[row] } else { 0.0 });
    places(views).into_iter().map(at_rest).collect()
}

/// Places (ECEF) where all views together may see one object.
fn places(views: &[View]) -> Vec<Vector3<f64>> {
    let lines: Vec<(&View, Vector3<f64>)> = views.iter().filter_map(|view| Some((view, view.line?))).collect();
    let shells: Vec<(&View, f64)> = views.iter().filter_map(|view| Some((view, view.range_m()?))).collect();
    match (&lines[..], &shells[..]) {
        ([one, other, ..], _) => crossing(one, other).into_iter().collect(),
        ([line, ..], [shell, ..]) => through(line, shell),
        (_, [a, b, c, ..]) => meeting([*a, *b, *c]),
        _ => grid(views),
    }
}

/// Where two lines of sight are nearest to each other, before both sensors.
fn crossing((one, along): &(&View, Vector3<f64>), (other, across): &(&View, Vector3<f64>)) -> Option<Vector3<f64>> {
    let apart = other.origin_m - one.origin_m;
    let cosine = along.dot(across);
    let sine2 = 1.0 - cosine * cosine;
    if sine2 < CROSSING_MIN * CROSSING_MIN {
        return None;
    }
    let near_m = (apart.dot(along) - apart.dot(across) * cosine) / sine2;
    let far_m = (apart.dot(along) * cosine - apart.dot(across)) / sine2;
    let middle = (one.origin_m + along * near_m + other.origin_m + across * far_m) * 0.5;
    (near_m > 0.0 && far_m > 0.0).then_some(middle)
}

/// Where a line of sight goes through a shell about another sensor; where it comes nearest, if it just misses.
fn through((viewer, along): &(&View, Vector3<f64>), (other, range_m): &(&View, f64)) -> Vec<Vector3<f64>> {
    let apart = other.origin_m - viewer.origin_m;
    let nearest_m = apart.dot(along);
    let miss2 = apart.norm_squared() - nearest_m * nearest_m;
    let half2 = range_m * range_m - miss2;
    if half2 < -MISS_MAX * range_m * range_m {
        return Vec::new();
    }
    let half_m = half2.max(0.0).sqrt();
    let mut distances = vec![nearest_m + half_m];
    if half_m > 0.0 {
        distances.push(nearest_m - half_m);
    }
    distances.retain(|distance_m| *distance_m > 0.0);
    let place = |distance_m: f64| viewer.origin_m + along * distance_m;
    distances.into_iter().map(place).collect()
}

/// Where three shells meet: one place on either side of the plane of their sensors.
fn meeting(shells: [(&View, f64); 3]) -> Vec<Vector3<f64>> {
    let [(a, a_m), (b, b_m), (c, c_m)] = shells;
    let (to_b, to_c) = (b.origin_m - a.origin_m, c.origin_m - a.origin_m);
    let base_m = to_b.norm();
    let Some(east) = to_b.try_normalize(1.0) else {
        return Vec::new();
    };
    let along_m = to_c.dot(&east);
    let aside = to_c - east * along_m;
    let aside_m = aside.norm();
    let Some(north) = aside.try_normalize(1.0) else {
        return Vec::new();
    };
    let x = (a_m * a_m - b_m * b_m + base_m * base_m) / (2.0 * base_m);
    let y = (a_m * a_m - c_m * c_m + to_c.norm_squared() - 2.0 * along_m * x) / (2.0 * aside_m);
    let z2 = a_m * a_m - x * x - y * y;
    if z2 < -MISS_MAX * a_m * a_m {
        return Vec::new();
    }
    let up = east.cross(&north) * z2.max(0.0).sqrt();
    let foot = a.origin_m + east * x + north * y;
    vec![foot + up, foot - up]
}

/// The best places of a coarse grid about one of the sensors.
fn grid(views: &[View]) -> Vec<Vector3<f64>> {
    let Some(own) = views.iter().find(|view| view.range_m().is_some()).or(views.first()) else {
        return Vec::new();
    };
    let step_rad = std::f64::consts::TAU / f64::from(AZIMUTHS);
    let one_or = |measured: Option<f64>, all: Vec<f64>| measured.map_or(all, |value| vec![value]);
    let azimuths = one_or(
        own.angle_rad(PolarQuantity::Azimuth),
        (0..AZIMUTHS).map(|step| f64::from(step) * step_rad).collect(),
    );
    let elevations = one_or(own.angle_rad(PolarQuantity::Elevation), ELEVATIONS_RAD.to_vec());
    let ranges = one_or(own.range_m(), RANGES_M.to_vec());
    let mut places: Vec<(f64, Vector3<f64>)> = Vec::new();
    for azimuth_rad in &azimuths {
        for elevation_rad in &elevations {
            for range_m in &ranges {
                let aer = Aer {
                    azimuth_rad: *azimuth_rad,
                    elevation_rad: *elevation_rad,
                    range_m: *range_m,
                };
                let place = own.glance.site.from_aer(aer);
                places.push((views.iter().map(|view| off(view, place)).sum(), place.vector()));
            }
        }
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places.into_iter().take(GRID_BEST).map(|(_, place)| place).collect()
}

/// How far a place lies beside what a view measured, in steps of the grid, squared.
fn off(view: &View, place: Position<Ecef>) -> f64 {
    let site: &Site = &view.glance.site;
    let seen = site.to_aer(place);
    let range = view
        .range_m()
        .map_or(0.0, |range_m| (seen.range_m - range_m) / (GRID_SHARE * range_m));
    let angle = |quantity: PolarQuantity, seen_rad: f64| {
        view.angle_rad(quantity)
            .map_or(0.0, |angle_rad| wrap_pi(seen_rad - angle_rad) / GRID_SHARE)
    };
    let azimuth = angle(PolarQuantity::Azimuth, seen.azimuth_rad);
    let elevation = angle(PolarQuantity::Elevation, seen.elevation_rad);
    range * range + azimuth * azimuth + elevation * elevation
}
