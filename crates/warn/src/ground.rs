//! Which places an object may come down on, with what probability, and when.

use geo::{Geodetic, Time};

use crate::area::{Area, Spread, radius_squared};
use crate::map::{Map, Place};
use crate::mass;
use crate::plane::Plane;

/// The probabilities of the inner and the outer region.
pub const LEVELS: [f64; 2] = [0.5, 0.95];
/// So far from land, sea is called after it: 200 nautical miles. Nothing is claimed by it.
const OFF_COAST_M: f64 = 370_400.0;
/// Sea is called after so many places at most.
const COASTS_MAX: usize = 3;
/// Farther than so many standard deviations nothing is added up.
const REACH: f64 = 6.0;

/// One place under an area.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// Which, of [`Map::places`].
    pub place: usize,
    /// Probability that the arrival is in it.
    pub probability: f64,
    /// Whether the region of 50 % of the ways that together have half of all touches it; that of 95 % of a way does.
    pub is_likely: bool,
    /// Earliest and latest arrival of the ways of coming down that reach it.
    pub arrival: [Time; 2],
}

/// What of the ground an area covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The places that the region of 95 % touches, the most probable first.
    pub places: Vec<Reached>,
    /// Probability that the arrival is in no place of the map.
    pub elsewhere: f64,
    /// Whether that is at sea: so it is where the map has all land. Else it is unknown what is there.
    pub is_elsewhere_sea: bool,
    /// The places whose coast is nearest to the sea in which it may arrive, nearest first, at most three, and how far
    /// they are from the likeliest place of arrival.
    pub coasts: Vec<(usize, f64)>,
}

/// Adds up an area over the places of a map: each spread's normal distribution over each outline, on the plane of equal
/// distances about the spread's middle. Seas are not on a map: they are called after the nearest coasts.
pub fn ground(area: &Area, map: &Map) -> Ground {
    let mut places: Vec<Reached> = Vec::new();
    // The heaviest come first: those that together have half of all are where it most probably comes down.
    let mut before = 0.0;
    let halves: Vec<bool> = area
        .spreads()
        .iter()
        .map(|spread| {
            let is_in_half = before < LEVELS[0] + 1e-9;
            before += spread.weight;
            is_in_half
        })
        .collect();
    let mut inland = vec![0.0; area.spreads().len()];
    for (index, place) in map.places.iter().enumerate() {
        let mut found: Option<Reached> = None;
        for (at, spread) in area.spreads().iter().enumerate() {
            if !place.shape.may_be_within(spread.centre, REACH * spread.sigma_major_m) {
                continue;
            }
            let rings = rings(spread, place);
            let probability = mass::within(rings.iter().map(Vec::as_slice));
            // What is beyond the region of 95 % is on land or at sea too, so it is not taken for sea.
            inland[at] += probability;
            let Some(is_likely) = touches(spread, place, &rings) else {
                continue;
            };
            let one = found.get_or_insert(Reached {
                place: index,
                probability: 0.0,
                is_likely: false,
                arrival: [spread.earliest, spread.latest],
            });
            one.probability += spread.weight * probability;
            one.is_likely |= halves[at] && is_likely;
            one.arrival = [one.arrival[0].min(spread.earliest), one.arrival[1].max(spread.latest)];
        }
        places.extend(found);
    }
    places.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.place.cmp(&b.place)));
    let spreads = area.spreads().iter().zip(inland);
    let on_land: f64 = spreads.map(|(spread, inland)| spread.weight * inland.min(1.0)).sum();
    Ground {
        places,
        elsewhere: (1.0 - on_land).clamp(0.0, 1.0),
        is_elsewhere_sea: area.spreads().iter().all(|spread| is_covered(spread, map)),
        coasts: coasts(area.middle(), map),
    }
}

/// Whether the region of 50 % of a spread touches a place; `None` where that of 95 % does not.
fn touches(spread: &Spread, place: &Place, rings: &[Vec<[f64; 2]>]) -> Option<bool> {
    let reach_m = spread.sigma_major_m * radius_squared(LEVELS[1]).sqrt();
    if !place.shape.may_be_within(spread.centre, reach_m) {
        return None;
    }
    let (nearest, is_within) = mass::nearest(rings.iter().map(Vec::as_slice));
    let touches = |level: f64| is_within || nearest * nearest <= radius_squared(level);
    touches(LEVELS[1]).then(|| touches(LEVELS[0]))
}

/// Outlines in standard deviations of a spread, along its longer axis and across.
fn rings(spread: &Spread, place: &Place) -> Vec<Vec<[f64; 2]>> {
    let plane = Plane::new(spread.centre);
    let (sin, cos) = geo::math::sin_cos(spread.azimuth_deg * geo::angle::RAD_PER_DEG);
    let whiten = |[lon, lat]: &[f64; 2]| {
        let [east_m, north_m] = plane.point(Geodetic::from_degrees(*lat, *lon, 0.0));
        // Along, and to the left of it: turned, not mirrored, so that rings keep their direction.
        let (along_m, left_m) = (east_m * sin + north_m * cos, north_m * sin - east_m * cos);
        [along_m / spread.sigma_major_m, left_m / spread.sigma_minor_m]
    };
    place
        .shape
        .rings
        .iter()
        .map(|ring| ring.iter().map(whiten).collect())
        .collect()
}

/// Whether all land that the region of 95 % could touch is on the map.
fn is_covered(spread: &Spread, map: &Map) -> bool {
    let Some([south, west, north, east]) = map.covers_deg else {
        return false;
    };
    let reach_m = spread.sigma_major_m * radius_squared(LEVELS[1]).sqrt();
    (0..36).all(|at| {
        let corner = geo::destination(spread.centre, 10.0 * f64::from(at), reach_m);
        let (lat_deg, lon_deg) = (corner.lat_deg(), corner.lon_deg());
        (south..=north).contains(&lat_deg) && (west..=east).contains(&lon_deg)
    })
}

/// The nearest coasts to a place, within 200 nautical miles; if there is none, the nearest alone.
fn coasts(middle: Geodetic, map: &Map) -> Vec<(usize, f64)> {
    let plane = Plane::new(middle);
    let mut found: Vec<(usize, f64)> = map
        .places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.has_coast)
        .map(|(index, place)| {
            let away_m = geo::geodesic(middle, place.shape.middle).distance_m - place.shape.radius_m;
            (index, away_m)
        })
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    // The circle about a place is no farther than the place: what begins beyond the third nearest is passed over.
    let mut nearest: Vec<(usize, f64)> = Vec::new();
    for (index, least_m) in found {
        if nearest.len() >= COASTS_MAX && least_m > nearest[COASTS_MAX - 1].1 {
            break;
        }
        let place = &map.places[index];
        let rings = place.shape.rings.iter().map(|ring| {
            let points = ring
                .iter()
                .map(|[lon, lat]| plane.point(Geodetic::from_degrees(*lat, *lon, 0.0)));
            points.collect::<Vec<_>>()
        });
        let rings: Vec<Vec<[f64; 2]>> = rings.collect();
        let (away_m, is_within) = mass::nearest(rings.iter().map(Vec::as_slice));
        nearest.push((index, if is_within { 0.0 } else { away_m }));
        nearest.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    }
    let within = nearest.iter().filter(|(_, away_m)| *away_m <= OFF_COAST_M).count();
    nearest.truncate(within.clamp(1, COASTS_MAX));
    nearest
}
