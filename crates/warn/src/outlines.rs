//! Outlines of several messages in few: nothing that any of them held is lost.

use geo::Geodetic;

use crate::facts::rounded;
use crate::mass;
use crate::plane::Plane;

/// More rings than this become the one that holds them all.
const RINGS_MAX: usize = 12;

/// What is straight on one plane is not on another, nor on a map in degrees: edges are short, and the ring a little
/// wider.
const EDGE_MAX_M: f64 = 50e3;
const WIDER: f64 = 1.02;

/// Rings of `[lat_deg, lon_deg]` without those that lie in another of them; one convex ring about all if they are many.
pub(crate) fn merged(rings: Vec<Vec<[f64; 2]>>) -> Vec<Vec<[f64; 2]>> {
    let mut kept: Vec<Vec<[f64; 2]>> = Vec::new();
    for ring in rings {
        if kept.iter().any(|other| holds(other, &ring)) {
            continue;
        }
        kept.retain(|other| !holds(&ring, other));
        kept.push(ring);
    }
    let kept = if kept.len() > RINGS_MAX {
        vec![hull(&kept)]
    } else {
        kept
    };
    kept.into_iter()
        .map(|ring| ring.into_iter().map(|corner| corner.map(rounded)).collect())
        .collect()
}

fn place([lat, lon]: &[f64; 2]) -> Geodetic {
    Geodetic::from_degrees(*lat, *lon, 0.0)
}

/// Whether every corner of a ring lies in a convex one.
fn holds(outer: &[[f64; 2]], ring: &[[f64; 2]]) -> bool {
    ring.iter().all(|corner| {
        let plane = Plane::new(place(corner));
        let points: Vec<[f64; 2]> = outer.iter().map(|corner| plane.point(place(corner))).collect();
        let (away_m, is_within) = mass::nearest([points.as_slice()]);
        is_within || away_m < 1.0
    })
}

/// The convex ring about rings, on the plane about the first corner. Source: Andrew, Another efficient algorithm for
/// convex hulls in two dimensions (1979).
fn hull(rings: &[Vec<[f64; 2]>]) -> Vec<[f64; 2]> {
    let Some(first) = rings.first().and_then(|ring| ring.first()) else {
        return Vec::new();
    };
    let plane = Plane::new(place(first));
    let mut points: Vec<[f64; 2]> = rings
        .iter()
        .flatten()
        .map(|corner| plane.point(place(corner)))
        .collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let half = |points: &mut dyn Iterator<Item = [f64; 2]>| {
        let mut chain: Vec<[f64; 2]> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                let turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
                if turn > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut chain = half(&mut points.iter().copied());
    chain.extend(half(&mut points.iter().rev().copied()));
    let sum = chain
        .iter()
        .fold([0.0; 2], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
    let middle = sum.map(|sum| sum / chain.len() as f64);
    let mut made = Vec::new();
    for (at, a) in chain.iter().enumerate() {
        let b = chain[(at + 1) % chain.len()];
        let length_m = geo::math::hypot(b[0] - a[0], b[1] - a[1]);
        let parts = (length_m / EDGE_MAX_M).ceil().max(1.0);
        for part in 0..parts as usize {
            let share = part as f64 / parts;
            let along = |axis: usize| a[axis] + share * (b[axis] - a[axis]);
            let wider = |axis: usize| middle[axis] + WIDER * (along(axis) - middle[axis]);
            let corner = plane.place([wider(0), wider(1)]);
            made.push([corner.lat_deg(), corner.lon_deg()]);
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(lat: f64, lon: f64, half: f64) -> Vec<[f64; 2]> {
        let corner = |north: f64, east: f64| [lat + north * half, lon + east * half];
        vec![
            corner(-1.0, -1.0),
            corner(-1.0, 1.0),
            corner(1.0, 1.0),
            corner(1.0, -1.0),
        ]
    }

    #[test]
    fn what_lies_in_another_is_not_said_twice() {
        let (large, small, apart) = (
            square(40.0, 140.0, 1.0),
            square(40.0, 140.0, 0.5),
            square(45.0, 140.0, 1.0),
        );
        assert_eq!(
            merged(vec![large.clone(), small.clone(), apart.clone()]),
            [large.clone(), apart.clone()]
        );
        assert_eq!(merged(vec![small, apart.clone(), large.clone()]), [apart, large]);
    }

    /// Many rings, across the date line: one about them, that holds every one.
    #[test]
    fn many_become_one_that_holds_them() {
        let rings: Vec<_> = (0..20)
            .map(|at| square(50.0 + 0.2 * f64::from(at % 5), 175.0 + 0.5 * f64::from(at), 0.3))
            .collect();
        let found = merged(rings.clone());
        assert_eq!(found.len(), 1);
        assert!(rings.iter().all(|ring| holds(&found[0], ring)));
    }
}
