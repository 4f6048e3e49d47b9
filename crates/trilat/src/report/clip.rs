//! Cuts a filled shape at the edges of a rectangle.

use super::svg::Area;

/// Returns what of a closed shape lies in an area, in one ring.
///
/// Parts that come apart stay joined along the edges of the area, so draw it wider than what is shown. How often the
/// ring winds round a point inside does not change. Source: Sutherland & Hodgman, Reentrant polygon clipping (1974),
/// Communications of the ACM 17.
pub fn clip(ring: &[[f64; 2]], area: Area) -> Vec<[f64; 2]> {
    // Axis, the edge's coordinate, and the sign that makes its inside positive.
    let edges = [
        (0, area.left, 1.0),
        (0, area.right, -1.0),
        (1, area.top, 1.0),
        (1, area.bottom, -1.0),
    ];
    edges.into_iter().fold(ring.to_vec(), |ring, (axis, edge, sign)| {
        half(&ring, |point| sign * (point[axis] - edge))
    })
}

/// Keeps the side of a line where `inside` is not negative.
fn half(ring: &[[f64; 2]], inside: impl Fn([f64; 2]) -> f64) -> Vec<[f64; 2]> {
    let mut out = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else {
        return out;
    };
    let (mut before, mut depth_before) = (last, inside(last));
    for &point in ring {
        let depth = inside(point);
        if (depth < 0.0) != (depth_before < 0.0) {
            let share = depth_before / (depth_before - depth);
            out.push([
                before[0] + share * (point[0] - before[0]),
                before[1] + share * (point[1] - before[1]),
            ]);
        }
        if depth >= 0.0 {
            out.push(point);
        }
        (before, depth_before) = (point, depth);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    fn size(ring: &[[f64; 2]]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| (a[0] * b[1] - b[0] * a[1]) / 2.0)
            .sum()
    }

    #[test]
    fn what_lies_outside_goes_and_what_lies_around_fills() {
        assert!(clip(&[[-5.0, -5.0], [-1.0, -5.0], [-1.0, 20.0]], AREA).is_empty());
        let around = [[-50.0, -50.0], [50.0, -50.0], [50.0, 50.0], [-50.0, 50.0]];
        assert!((size(&clip(&around, AREA)) - 100.0).abs() < 1e-9);
        assert!(clip(&[], AREA).is_empty());
    }

    #[test]
    fn two_teeth_of_a_comb_keep_their_size() {
        let comb = [
            [-5.0, 0.0],
            [4.0, 1.0],
            [-5.0, 2.0],
            [-5.0, 5.0],
            [4.0, 6.0],
            [-5.0, 7.0],
        ];
        // Each tooth enters as a triangle with a base of 8/9 and a height of 4.
        assert!((size(&clip(&comb, AREA)) - 2.0 * 16.0 / 9.0).abs() < 1e-9);
    }
}
