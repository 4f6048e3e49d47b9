//! Lines and rings cut at the antimeridian. Source: RFC 7946, section 3.1.9.

use crate::report::{Area, clip};

/// A line of `[lon_deg, lat_deg, height_m]` as pieces none of which crosses the antimeridian; each has two points.
///
/// Two points farther apart than half a turn lie on both sides of it.
pub fn line(points: &[[f64; 3]]) -> Vec<Vec<[f64; 3]>> {
    let mut pieces: Vec<Vec<[f64; 3]>> = vec![Vec::new()];
    let mut put = |point: [f64; 3], is_new: bool| {
        if is_new {
            pieces.push(Vec::new());
        }
        if let Some(piece) = pieces.last_mut()
            && piece.last() != Some(&point)
        {
            piece.push(point);
        }
    };
    let mut last: Option<[f64; 3]> = None;
    for &point in points {
        if let Some(from) = last.filter(|from| (point[0] - from[0]).abs() > 180.0) {
            let edge_deg = 180.0_f64.copysign(from[0]);
            let beyond_deg = point[0] + 2.0 * edge_deg;
            let share = (edge_deg - from[0]) / (beyond_deg - from[0]);
            let at = |axis: usize| from[axis] + share * (point[axis] - from[axis]);
            put([edge_deg, at(1), at(2)], false);
            put([-edge_deg, at(1), at(2)], true);
        }
        put(point, false);
        last = Some(point);
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

/// A closed ring of `[lon_deg, lat_deg]` whose longitudes may run on beyond ±180°, as closed rings within.
pub fn ring(corners: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let turn = |lon_deg: f64| ((lon_deg + 180.0) / 360.0).floor() as i64;
    let turns = corners.iter().map(|corner| turn(corner[0]));
    let (Some(first), Some(last)) = (turns.clone().min(), turns.max()) else {
        return Vec::new();
    };
    let open = &corners[..corners.len() - 1];
    let mut rings = Vec::new();
    for turn in first..=last {
        let middle_deg = turn as f64 * 360.0;
        let world = Area {
            left: middle_deg - 180.0,
            top: -90.0,
            right: middle_deg + 180.0,
            bottom: 90.0,
        };
        let mut ring: Vec<_> = clip(open, world)
            .into_iter()
            .map(|[x, y]| [x - middle_deg, y])
            .collect();
        ring.dedup();
        ring.extend(ring.first().copied());
        ring.dedup();
        if ring.len() > 3 {
            rings.push(ring);
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_over_the_antimeridian_is_two() {
        let there = line(&[[179.0, 10.0, 0.0], [-179.0, 12.0, 100.0], [-178.0, 12.0, 100.0]]);
        assert_eq!(
            there,
            [
                vec![[179.0, 10.0, 0.0], [180.0, 11.0, 50.0]],
                vec![[-180.0, 11.0, 50.0], [-179.0, 12.0, 100.0], [-178.0, 12.0, 100.0]]
            ]
        );
        let back = line(&[[-179.0, 0.0, 0.0], [179.0, 0.0, 0.0]]);
        assert_eq!(back[0][1][0], -180.0);
        assert_eq!(back[1][0][0], 180.0);
        assert!(line(&[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]).is_empty());
    }

    #[test]
    fn a_ring_over_the_antimeridian_is_two() {
        let rings = ring(&[[179.0, 0.0], [182.0, 0.0], [182.0, 2.0], [179.0, 2.0], [179.0, 0.0]]);
        assert_eq!(rings.len(), 2);
        let span = |ring: &[[f64; 2]]| {
            ring.iter()
                .fold([f64::MAX, f64::MIN], |[low, high], c| [low.min(c[0]), high.max(c[0])])
        };
        assert_eq!([span(&rings[0]), span(&rings[1])], [[179.0, 180.0], [-180.0, -178.0]]);
        let area = |ring: &[[f64; 2]]| {
            ring.windows(2)
                .map(|ab| ab[0][0] * ab[1][1] - ab[1][0] * ab[0][1])
                .sum::<f64>()
        };
        assert_eq!([area(&rings[0]), area(&rings[1])], [4.0, 8.0], "twice, anticlockwise");
        assert!(rings.iter().all(|ring| ring.first() == ring.last()));
        let inside = [[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 0.0]];
        assert_eq!(ring(&inside), [inside.to_vec()]);
    }
}
