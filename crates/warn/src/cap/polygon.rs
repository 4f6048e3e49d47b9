//! Rings as CAP wants them: closed, between the meridians -180 and 180, so that no reader draws one across the map.

/// Decimals of a degree: 10 m.
const DECIMALS: usize = 4;

/// A ring of `[lat_deg, lon_deg]`, its first corner not again at its end, as one closed polygon or more: cut where it
/// crosses the date line, led along the edge of the map where it holds a pole.
pub(super) fn polygons(ring: &[[f64; 2]]) -> Vec<String> {
    if ring.len() < 3 {
        return Vec::new();
    }
    let (mut flat, turn_deg) = unwrapped(ring);
    if turn_deg.abs() > 180.0 {
        // About a pole: down one side of the map and back on the other, through the pole that the ring holds.
        let mean: f64 = ring.iter().map(|corner| corner[0]).sum();
        let pole = if mean >= 0.0 { 90.0 } else { -90.0 };
        let first = flat[0];
        flat.push([first[0], first[1] + turn_deg]);
        flat.push([pole, first[1] + turn_deg]);
        flat.push([pole, first[1]]);
    }
    let (least, most) = flat
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), corner| {
            (least.min(corner[1]), most.max(corner[1]))
        });
    let (from, to) = (
        ((least + 180.0) / 360.0).floor() as i32,
        ((most + 180.0) / 360.0).ceil() as i32,
    );
    (from..to)
        .filter_map(|strip| {
            let west = -180.0 + 360.0 * f64::from(strip);
            let kept = clipped(&clipped(&flat, west, 1.0), west + 360.0, -1.0);
            let shifted: Vec<[f64; 2]> = kept
                .iter()
                .map(|[lat, lon]| [*lat, lon - 360.0 * f64::from(strip)])
                .collect();
            closed(&shifted)
        })
        .collect()
}

/// Longitudes that go on from each other, and how far they have gone when the ring closes.
fn unwrapped(ring: &[[f64; 2]]) -> (Vec<[f64; 2]>, f64) {
    let short = |east_deg: f64| east_deg - 360.0 * (east_deg / 360.0).round();
    let mut made = vec![ring[0]];
    for corner in &ring[1..] {
        let last = made[made.len() - 1][1];
        made.push([corner[0], last + short(corner[1] - last)]);
    }
    let last = made[made.len() - 1][1];
    (made.clone(), last + short(ring[0][1] - last) - ring[0][1])
}

/// What of a ring lies east of a meridian (`side` 1) or west of it (-1). Source: Sutherland and Hodgman, Reentrant
/// polygon clipping (1974).
fn clipped(ring: &[[f64; 2]], lon_deg: f64, side: f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::new();
    for (index, a) in ring.iter().enumerate() {
        let b = ring[(index + 1) % ring.len()];
        let (from, to) = (side * (a[1] - lon_deg), side * (b[1] - lon_deg));
        if from >= 0.0 {
            kept.push(*a);
        }
        if (from > 0.0 && to < 0.0) || (from < 0.0 && to > 0.0) {
            let share = from / (from - to);
            kept.push([a[0] + share * (b[0] - a[0]), lon_deg]);
        }
    }
    kept
}

/// `None` of what has no extent.
fn closed(ring: &[[f64; 2]]) -> Option<String> {
    let mut corners: Vec<String> = Vec::new();
    for [lat, lon] in ring {
        // No "-0.0000".
        let text = format!("{:.DECIMALS$},{:.DECIMALS$}", lat + 0.0, lon.clamp(-180.0, 180.0) + 0.0);
        if corners.last() != Some(&text) {
            corners.push(text);
        }
    }
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    if corners.len() < 3 {
        return None;
    }
    corners.push(corners[0].clone());
    Some(corners.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(polygon: &str) -> Vec<[f64; 2]> {
        let pair = |text: &str| {
            let (lat, lon) = text.split_once(',').unwrap();
            [lat.parse().unwrap(), lon.parse().unwrap()]
        };
        polygon.split(' ').map(pair).collect()
    }

    #[test]
    fn a_ring_is_closed_and_stays_as_it_is() {
        let ring = [[40.0, 140.0], [40.0, 142.0], [41.0, 141.0]];
        assert_eq!(
            polygons(&ring),
            ["40.0000,140.0000 40.0000,142.0000 41.0000,141.0000 40.0000,140.0000"]
        );
        assert!(polygons(&ring[..2]).is_empty());
        assert!(polygons(&[[1.0, 1.0]; 5]).is_empty());
    }

    #[test]
    fn the_date_line_cuts_a_ring_in_two() {
        let ring = [[50.0, 179.0], [50.0, -179.0], [52.0, -179.0], [52.0, 179.0]];
        let both = polygons(&ring);
        assert_eq!(both.len(), 2);
        let area: f64 = both
            .iter()
            .map(|one| {
                let ring = corners(one);
                assert_eq!(ring.first(), ring.last());
                assert!(ring.iter().all(|[_, lon]| lon.abs() <= 180.0));
                let spans: Vec<f64> = ring.iter().map(|corner| corner[1]).collect();
                assert!(spans.iter().all(|lon| lon.signum() == spans[0].signum()), "{one}");
                ring.windows(2)
                    .map(|w| (w[1][1] - w[0][1]) * (w[1][0] + w[0][0]) / 2.0)
                    .sum::<f64>()
                    .abs()
            })
            .sum();
        assert!((area - 4.0).abs() < 1e-9, "{area}");
    }

    #[test]
    fn a_ring_about_a_pole_holds_it() {
        for pole in [90.0, -90.0] {
            for start in [0.0, 100.0] {
                let lat = pole * 80.0 / 90.0;
                let ring: Vec<[f64; 2]> = (0..36)
                    .map(|at| {
                        let lon = start + 10.0 * f64::from(at);
                        [lat, if lon > 180.0 { lon - 360.0 } else { lon }]
                    })
                    .collect();
                let area: f64 = polygons(&ring)
                    .iter()
                    .map(|one| {
                        let ring = corners(one);
                        ring.windows(2)
                            .map(|w| (w[1][1] - w[0][1]) * (w[1][0] + w[0][0]) / 2.0)
                            .sum::<f64>()
                            .abs()
                    })
                    .sum();
                // The strip of 360 by 10 degrees between the ring and the pole.
                assert!((area - 3_600.0).abs() < 1.0, "{area} about {pole} from {start}");
            }
        }
    }
}
