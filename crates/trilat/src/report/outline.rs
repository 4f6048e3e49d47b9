//! Closed outlines with many corners, written short.

use std::fmt::Write;

use geo::math::hypot;

/// How far a drawn line may lie from the true one.
const TOLERANCE_PX: f64 = 0.4;

/// Appends a closed ring to the `d` of a path: thinned, in steps of tenths relative to the point before, which is the
/// shortest way to write it.
pub fn put(out: &mut String, ring: &[[f64; 2]]) {
    let tenths = |value: f64| (value * 10.0).round() as i64;
    let mut last: Option<[i64; 2]> = None;
    let mut left = 0;
    for point in thinned(ring) {
        let here = [tenths(point[0]), tenths(point[1])];
        let step = last.map_or(here, |last| [here[0] - last[0], here[1] - last[1]]);
        if step == [0, 0] && last.is_some() {
            continue;
        }
        // Writing into a String cannot fail.
        let _infallible = match last {
            None => write!(out, "M{} {}l", Tenths(step[0]), Tenths(step[1])),
            Some(_) if left > 0 && step[0] >= 0 => write!(out, " {}", Pair(step)),
            Some(_) => write!(out, "{}", Pair(step)),
        };
        left += usize::from(last.is_some());
        last = Some(here);
    }
    match (last, left) {
        (None, _) => {}
        (Some(_), 0) => out.push_str("0 0z"),
        _ => out.push('z'),
    }
}

struct Tenths(i64);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, tenth) = (self.0.abs() / 10, self.0.abs() % 10);
        match (whole, tenth) {
            (0, 0) => f.write_str("0"),
            (0, tenth) => write!(f, "{sign}.{tenth}"),
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, tenth) => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

struct Pair([i64; 2]);

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let space = if self.0[1] < 0 { "" } else { " " };
        write!(f, "{}{space}{}", Tenths(self.0[0]), Tenths(self.0[1]))
    }
}

/// Leaves out corners of a ring, or points of a line, that no pixel shows.
///
/// Source: Douglas & Peucker (1973), Cartographica 10.
pub fn thinned(ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
    if ring.len() < 4 {
        return ring.to_vec();
    }
    let mut keep = vec![false; ring.len()];
    let last = ring.len() - 1;
    // The ends of a ring are neighbours: cut it where it is farthest from its beginning.
    let away = |i: usize| hypot(ring[i][0] - ring[0][0], ring[i][1] - ring[0][1]);
    let far = (1..=last).fold(last, |far, i| if away(i) > away(far) { i } else { far });
    (keep[0], keep[far], keep[last]) = (true, true, true);
    let mut spans = vec![(0, far), (far, last)];
    while let Some((from, to)) = spans.pop() {
        let worst = (from + 1..to)
            .map(|i| (i, offset(ring[i], ring[from], ring[to])))
            .fold((from, 0.0), |worst, next| if next.1 > worst.1 { next } else { worst });
        if worst.1 > TOLERANCE_PX {
            keep[worst.0] = true;
            spans.extend([(from, worst.0), (worst.0, to)]);
        }
    }
    ring.iter()
        .zip(keep)
        .filter_map(|(point, keep)| keep.then_some(*point))
        .collect()
}

/// Distance of a point from a stretch.
fn offset(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (line, to) = ([b[0] - a[0], b[1] - a[1]], [point[0] - a[0], point[1] - a[1]]);
    let square = line[0] * line[0] + line[1] * line[1];
    let share = if square > 0.0 {
        ((line[0] * to[0] + line[1] * to[1]) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    hypot(to[0] - share * line[0], to[1] - share * line[1])
}
