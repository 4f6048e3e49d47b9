//! Lines and rings on a map that ends at the antimeridian. Source: RFC 7946, section 3.1.9.
//!
//! A ring round a pole has no inside on such a map until it is led along the map's edge, down one side of the
//! antimeridian and back on the other.

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

/// An open ring of `[lon_deg, lat_deg]` whose longitudes run on beyond ±180° rather than jump, without corners that
/// stand twice; one round a pole is led along that pole. Of the two poles it is the one on the side of the corners.
pub fn unrolled(corners: impl IntoIterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let near = |lon_deg: f64, to_deg: f64| lon_deg - 360.0 * ((lon_deg - to_deg) / 360.0).round();
    let mut ring: Vec<[f64; 2]> = Vec::new();
    for [lon_deg, lat_deg] in corners {
        let lon_deg = ring.last().map_or(lon_deg, |last| near(lon_deg, last[0]));
        if ring.last() != Some(&[lon_deg, lat_deg]) {
            ring.push([lon_deg, lat_deg]);
        }
    }
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let (Some(&first), Some(&last)) = (ring.first(), ring.last()) else {
        return ring;
    };
    let again_deg = near(first[0], last[0]);
    if (again_deg - first[0]).abs() > 180.0 {
        let sum_deg: f64 = ring.iter().map(|corner| corner[1]).sum();
        let pole_deg = 90.0_f64.copysign(sum_deg);
        ring.extend([[again_deg, first[1]], [again_deg, pole_deg], [first[0], pole_deg]]);
    }
    ring
}

/// The parts of an [`unrolled`] ring within ±180°, each closed and anticlockwise; none of what has no extent or has
/// a corner that is no number.
pub fn within(unrolled: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    if !unrolled.iter().flatten().all(|degrees| degrees.is_finite()) {
        return Vec::new();
    }
    let turn = |lon_deg: f64| ((lon_deg + 180.0) / 360.0).floor() as i64;
    let turns = unrolled.iter().map(|corner| turn(corner[0]));
    let (Some(first), Some(last)) = (turns.clone().min(), turns.max()) else {
        return Vec::new();
    };
    let part = |turn: i64| {
        let middle_deg = 360.0 * turn as f64;
        let east = side(unrolled, |lon_deg| lon_deg - (middle_deg - 180.0));
        let both = side(&east, |lon_deg| middle_deg + 180.0 - lon_deg).into_iter();
        closed(both.map(|[lon_deg, lat_deg]| [lon_deg - middle_deg, lat_deg]).collect())
    };
    (first..=last).filter_map(part).collect()
}

/// What of a ring lies where `inside` of its longitude is not negative. Source: Sutherland & Hodgman, Reentrant polygon
/// clipping (1974), Communications of the ACM 17.
fn side(ring: &[[f64; 2]], inside: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(ring.len() + 2);
    for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (is, will_be) = (inside(from[0]), inside(to[0]));
        if is >= 0.0 {
            kept.push(*from);
        }
        if (is > 0.0 && will_be < 0.0) || (is < 0.0 && will_be > 0.0) {
            let share = is / (is - will_be);
            kept.push([0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis])));
        }
    }
    kept
}

/// A ring closed and anticlockwise; `None` of one without an inside.
fn closed(mut ring: Vec<[f64; 2]>) -> Option<Vec<[f64; 2]>> {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 {
        return None;
    }
    ring.push(ring[0]);
    let turns = twice_area(&ring);
    if turns < 0.0 {
        ring.reverse();
    }
    (turns != 0.0).then_some(ring)
}

/// Twice the area of a closed ring in its own units, positive where it is anticlockwise.
fn twice_area(ring: &[[f64; 2]]) -> f64 {
    let edges = ring.windows(2);
    edges
        .map(|ends| ends[0][0] * ends[1][1] - ends[1][0] * ends[0][1])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(rings: &[Vec<[f64; 2]>]) -> Vec<f64> {
        assert!(rings.iter().all(|ring| ring.first() == ring.last()), "{rings:?}");
        let mut corners = rings.iter().flatten();
        assert!(
            corners.all(|[lon, lat]| lon.abs() <= 180.0 && lat.abs() <= 90.0),
            "{rings:?}"
        );
        rings.iter().map(|ring| twice_area(ring) / 2.0).collect()
    }

    #[test]
    fn a_ring_with_a_corner_that_is_no_number_is_none() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for corner in [[odd, 1.0], [1.0, odd]] {
                assert!(
                    within(&unrolled([[0.0, 0.0], [2.0, 0.0], corner])).is_empty(),
                    "{corner:?}"
                );
            }
        }
    }

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
    fn a_ring_over_the_antimeridian_is_two_whichever_way_it_turns() {
        for ring in [
            [[179.0, 0.0], [-178.0, 0.0], [-178.0, 2.0], [179.0, 2.0]],
            [[179.0, 2.0], [182.0, 2.0], [182.0, 0.0], [179.0, 0.0]],
        ] {
            assert_eq!(areas(&within(&unrolled(ring))), [2.0, 4.0], "{ring:?}");
        }
    }

    #[test]
    fn what_is_within_stays_as_it_is() {
        let ring = [[140.0, 40.0], [142.0, 40.0], [141.0, 41.0]];
        let closed = [ring.to_vec(), vec![ring[0]]].concat();
        for given in [ring.to_vec(), closed.clone()] {
            assert_eq!(within(&unrolled(given)).concat(), closed);
        }
        assert!(within(&unrolled([[1.0, 1.0]; 5])).is_empty());
        assert!(within(&unrolled(ring[..2].iter().copied())).is_empty());
        assert!(within(&unrolled([])).is_empty());
    }

    #[test]
    fn a_ring_round_a_pole_holds_it() {
        for pole_deg in [90.0, -90.0] {
            for (start_deg, step_deg) in [(0.0, 10.0), (100.0, 10.0), (-60.0, -10.0), (180.0, -10.0)] {
                let corner = |at: i32| {
                    let lon_deg = start_deg + step_deg * f64::from(at);
                    [lon_deg - 360.0 * (lon_deg / 360.0).round(), pole_deg * 80.0 / 90.0]
                };
                let rings = within(&unrolled((0..36).map(corner)));
                // The strip of 360 by 10 degrees between the ring and the pole.
                let area: f64 = areas(&rings).iter().sum();
                assert!(
                    (area - 3_600.0).abs() < 1e-6,
                    "{area} about {pole_deg} from {start_deg}: {rings:?}"
                );
            }
        }
    }
}
