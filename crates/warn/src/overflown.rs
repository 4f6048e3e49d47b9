//! Over which places an object was seen: where it was measured, never where it was only calculated.

use geo::{Geodetic, Time};

use crate::map::Map;
use crate::mass;
use crate::plane::Plane;

/// So many standard deviations inside a border it is sure on which side of it a fix is.
const SURE: f64 = 3.0;

/// Where an object was at a time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Fix {
    /// When.
    pub time: Time,
    /// Where.
    pub place: Geodetic,
    /// How well that is known: standard deviation over ground.
    pub sigma_m: f64,
    /// Whether a sensor measured it then; not so, where it was only calculated.
    pub is_measured: bool,
}

/// The places over which the object was measured, with the first and the last time, in the order of the first.
///
/// A place between two fixes over which none was measured is not named, however sure it may seem; nor is one whose
/// border is nearer than three standard deviations of the fix.
pub fn overflown(fixes: &[Fix], map: &Map) -> Vec<(usize, [Time; 2])> {
    let mut found: Vec<(usize, [Time; 2])> = Vec::new();
    let mut last: Option<usize> = None;
    for fix in fixes.iter().filter(|fix| fix.is_measured) {
        let below = Geodetic {
            height_m: 0.0,
            ..fix.place
        };
        let margin_m = SURE * fix.sigma_m;
        let is_over = |index: &usize| contains(map, *index, below, margin_m);
        let at = last.filter(is_over).or_else(|| (0..map.places.len()).find(is_over));
        last = at;
        let Some(index) = at else { continue };
        match found.iter_mut().find(|(place, _)| *place == index) {
            Some((_, [from, to])) => (*from, *to) = ((*from).min(fix.time), (*to).max(fix.time)),
            None => found.push((index, [fix.time, fix.time])),
        }
    }
    found.sort_by_key(|(place, [from, _])| (*from, *place));
    found
}

fn contains(map: &Map, index: usize, at: Geodetic, margin_m: f64) -> bool {
    let shape = &map.places[index].shape;
    if !shape.may_be_within(at, 0.0) {
        return false;
    }
    let plane = Plane::new(at);
    let rings = shape.rings.iter().map(|ring| {
        let points = ring
            .iter()
            .map(|[lon, lat]| plane.point(Geodetic::from_degrees(*lat, *lon, 0.0)));
        points.collect::<Vec<_>>()
    });
    let rings: Vec<Vec<[f64; 2]>> = rings.collect();
    let (away_m, is_within) = mass::nearest(rings.iter().map(Vec::as_slice));
    is_within && away_m >= margin_m
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As on 2022-11-03: a track that ended over the sea was announced to have passed over Japan. Here only what was
    /// measured above land is named.
    #[test]
    fn only_what_was_measured_is_passed_over() {
        let time: Time = "2022-11-02T22:40:00Z".parse().unwrap();
        let fix = |after_s: f64, lat_deg: f64, lon_deg: f64, is_measured| Fix {
            time: time + after_s,
            place: Geodetic::from_degrees(lat_deg, lon_deg, 1_000e3),
            sigma_m: 200.0,
            is_measured,
        };
        let map = Map::built_in();
        let names = |fixes: &[Fix]| -> Vec<String> {
            overflown(fixes, map)
                .iter()
                .map(|(place, _)| map.places[*place].names.get("en").to_owned())
                .collect()
        };
        // Over North Korea and the sea measured; over Miyagi and Yamagata only calculated.
        let lost = [
            fix(0.0, 39.3, 126.5, true),
            fix(60.0, 39.0, 131.0, true),
            fix(400.0, 38.4, 140.8, false),
        ];
        assert_eq!(names(&lost), ["South Pyongan"]);
        let seen = [
            fix(400.0, 38.4, 140.8, true),
            fix(395.0, 38.45, 140.2, true),
            fix(405.0, 38.4, 140.9, true),
        ];
        assert_eq!(names(&seen), ["Yamagata", "Miyagi"]);
        assert_eq!(overflown(&seen, map)[1].1, [time + 400.0, time + 405.0]);
        // Known to 20 km only, it may as well have been over the neighbour.
        let vague = seen.map(|fix| Fix { sigma_m: 20e3, ..fix });
        assert_eq!(names(&vague), Vec::<String>::new());
    }
}
