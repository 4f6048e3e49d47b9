//! Rings as CAP wants them: closed, between the meridians -180 and 180, so that no reader draws one across the map.

use geo::antimeridian::{unrolled, within};

/// Decimals of a degree: 10 m.
const DECIMALS: usize = 4;

/// A ring of `[lat_deg, lon_deg]` as one closed polygon or more: cut where it crosses the date line, led along the edge
/// of the map where it holds a pole.
pub(super) fn polygons(ring: &[[f64; 2]]) -> Vec<String> {
    let corners = ring.iter().map(|[lat_deg, lon_deg]| [*lon_deg, *lat_deg]);
    within(&unrolled(corners))
        .iter()
        .filter_map(|ring| text(ring))
        .collect()
}

/// `None` of what has no extent.
fn text(ring: &[[f64; 2]]) -> Option<String> {
    let mut corners: Vec<String> = Vec::new();
    for [lon, lat] in ring {
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
