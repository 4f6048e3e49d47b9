//! What people would have been told of recorded tracks, message after message, held against what really happened: when
//! the first right warning came, and what was claimed that was not so.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Geodetic, Time};
use node::warnings::{Sighting, sightings};
use warn::{AreaError, EXISTENCE_MIN, Facts, Fix, LOST_S, Map, overflown};
use wire::tracks::{RowKind, TrackRow};

use crate::output::{ReplayOutput, ReplayedOutput};
use crate::scoring::{Ground, Object, Scene};

/// A track farther than this from everything that flew is of nothing.
const NEAR_M: f64 = 50e3;
/// So long after it was measured last, messages are written of what is lost.
const LOST_AFTER_S: [f64; 4] = [LOST_S + 1.0, 60.0, 120.0, 300.0];
/// So many places are named one by one; more are called by their groups.
const FINE_MAX: usize = 8;
/// Truth is known this well between its rows.
const TRUTH_GAP_S: f64 = 30.0;

/// What was said of one object.
#[derive(Debug, Default)]
struct Told {
    tracks: BTreeSet<String>,
    /// When each message was written, whether it was right, and how many places it named.
    messages: Vec<(Time, bool, usize)>,
    lost: usize,
    claims: BTreeSet<String>,
}

/// Says of all rows what would have been said.
///
/// Errors: [`AreaError`], with the track, where a forecast has no area.
pub fn replay(scene: &Scene, rows: &[TrackRow], map: &Map) -> Result<ReplayOutput, (String, AreaError)> {
    let mut tracks: BTreeMap<&str, Vec<TrackRow>> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| matches!(row.kind, RowKind::Update | RowKind::Forecast))
    {
        tracks.entry(&row.track).or_default().push(row.clone());
    }
    let above = above(scene, map);
    let mut told: BTreeMap<usize, Told> = BTreeMap::new();
    let mut of_nothing = 0;
    for (name, rows) in &tracks {
        let mut before: Option<Facts> = None;
        for at in moments(rows) {
            let Some(sighting) = sightings(rows, at).pop() else {
                continue;
            };
            if sighting.existence < EXISTENCE_MIN || sighting.arrival()[1] < at {
                continue;
            }
            let facts = sighting.facts(at, map).map_err(|error| ((*name).to_owned(), error))?;
            let facts = match &before {
                Some(before) => facts.after(before),
                None => facts,
            };
            match object_of(scene, &sighting, rows) {
                None => of_nothing += 1,
                Some(id) => {
                    let one = told.entry(id).or_default();
                    one.tracks.insert((*name).to_owned());
                    note(one, &facts, at, scene.objects[id].arrival, map);
                    claims(one, &facts, at, &above, map);
                }
            }
            before = Some(facts);
        }
    }
    let objects = scene.objects.iter().enumerate();
    Ok(ReplayOutput {
        objects: objects.map(|(id, object)| output(object, told.get(&id), map)).collect(),
        of_nothing,
    })
}

/// When something would be said of a track: with each forecast, and after it is lost.
fn moments(rows: &[TrackRow]) -> BTreeSet<Time> {
    let of = |kind: RowKind| rows.iter().filter(move |row| row.kind == kind).map(|row| row.time);
    let mut moments: BTreeSet<Time> = of(RowKind::Forecast).collect();
    let mut updates: Vec<Time> = of(RowKind::Update).collect();
    updates.sort_unstable();
    for (place, last) in updates.iter().enumerate() {
        let until = updates.get(place + 1);
        let lost = LOST_AFTER_S.iter().map(|after_s| *last + *after_s);
        moments.extend(lost.filter(|at| until.is_none_or(|until| at < until)));
    }
    moments
}

/// The object on which a track is: the one nearest to where it was measured last.
fn object_of(scene: &Scene, sighting: &Sighting, rows: &[TrackRow]) -> Option<usize> {
    let last = rows
        .iter()
        .rfind(|row| row.kind == RowKind::Update && row.time <= sighting.measured)?;
    let own = last.place.to_ecef().vector();
    let away = |(id, object): (usize, &Object)| {
        let truth = object.course.at(last.time, TRUTH_GAP_S, 0.0)?;
        Some((id, (truth.position_m - own).norm()))
    };
    let near = scene.objects.iter().enumerate().filter_map(away);
    let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1))?;
    (nearest.1 < NEAR_M).then_some(nearest.0)
}

fn note(told: &mut Told, facts: &Facts, at: Time, arrival: Option<Ground>, map: &Map) {
    told.lost += usize::from(facts.is_lost);
    if let Some(arrival) = arrival {
        told.messages
            .push((at, is_right(facts, arrival, map), facts.places.len()));
    }
}

/// Whether it says where and when it came down: the place by name, at sea the sea, within the outlines.
fn is_right(facts: &Facts, arrival: Ground, map: &Map) -> bool {
    let is_in_time = (facts.arrival[0]..=facts.arrival[1]).contains(&arrival.time);
    let is_in_place = match place_of(arrival.place, arrival.time, map) {
        Some(place) => facts.places.iter().any(|named| named.names == map.places[place].names),
        None => facts.outlines.iter().any(|ring| is_within(ring, arrival.place)),
    };
    is_in_time && is_in_place
}

fn place_of(place: Geodetic, time: Time, map: &Map) -> Option<usize> {
    let fix = Fix {
        time,
        place,
        sigma_m: 0.0,
        is_measured: true,
    };
    overflown(&[fix], map).first().map(|(place, _)| *place)
}

/// Whether a ring of degrees holds a place, by the meridians counted from it.
fn is_within(ring: &[[f64; 2]], place: Geodetic) -> bool {
    let (lat, lon) = (place.lat_deg(), place.lon_deg());
    let points: Vec<[f64; 2]> = ring
        .iter()
        .map(|corner| [corner[0] - lat, (corner[1] - lon + 540.0).rem_euclid(360.0) - 180.0])
        .collect();
    let mut is_inside = false;
    for (place, a) in points.iter().enumerate() {
        let b = points[(place + 1) % points.len()];
        if (a[0] > 0.0) != (b[0] > 0.0) && a[1] + (b[1] - a[1]) * a[0] / (a[0] - b[0]) > 0.0 {
            is_inside = !is_inside;
        }
    }
    is_inside
}

/// Over which places anything really was, and from when on.
fn above(scene: &Scene, map: &Map) -> BTreeMap<usize, Time> {
    let mut above: BTreeMap<usize, Time> = BTreeMap::new();
    for object in &scene.objects {
        let fixes: Vec<Fix> = object
            .course
            .moments()
            .iter()
            .map(|moment| Fix {
                time: moment.time,
                place: Geodetic::from_ecef(geo::Position::<geo::Ecef>::from_vector(moment.position_m)),
                sigma_m: 0.0,
                is_measured: true,
            })
            .collect();
        for (place, [from, _]) in overflown(&fixes, map) {
            let first = above.entry(place).or_insert(from);
            *first = (*first).min(from);
        }
    }
    above
}

/// Notes what a message claims to have happened and did not: that it was above a place.
fn claims(told: &mut Told, facts: &Facts, at: Time, above: &BTreeMap<usize, Time>, map: &Map) {
    for names in &facts.overflown {
        let was = |(place, from): (&usize, &Time)| map.places[*place].names == *names && *from <= at;
        if !above.iter().any(was) {
            told.claims.insert(format!("above {} by {at}", names.get("en")));
        }
    }
}

fn output(object: &Object, told: Option<&Told>, map: &Map) -> ReplayedOutput {
    let nothing = Told::default();
    let told = told.unwrap_or(&nothing);
    let (mut messages, first_plot) = (told.messages.clone(), object.seen.first().copied());
    messages.sort_by_key(|(at, ..)| *at);
    let first = messages.first();
    let right = messages.iter().find(|(_, is_right, _)| *is_right);
    let fine = messages
        .iter()
        .find(|(_, is_right, places)| *is_right && *places <= FINE_MAX);
    let last_wrong = messages.iter().rposition(|(_, is_right, _)| !is_right);
    let lasting = messages.get(last_wrong.map_or(0, |place| place + 1));
    let after_s = |one: Option<&(Time, bool, usize)>| Some(one?.0 - first_plot?);
    let place = object.arrival.map(|arrival| {
        let found = place_of(arrival.place, arrival.time, map);
        found.map_or("sea".to_owned(), |place| map.places[place].names.get("en").to_owned())
    });
    ReplayedOutput {
        object: object.name.to_string(),
        kind: object.kind.as_deref().map(str::to_owned),
        tracks: told.tracks.len(),
        first_plot: first_plot.map(|time| time.to_string()),
        arrival: object.arrival.map(|arrival| arrival.time.to_string()),
        place,
        messages: messages.len(),
        lost: told.lost,
        right: messages.iter().filter(|(_, is_right, _)| *is_right).count(),
        first_s: after_s(first),
        first_right_s: after_s(right),
        first_right_places: right.map(|(_, _, places)| *places),
        first_fine_s: after_s(fine),
        fine_before_arrival_s: fine.and_then(|(at, ..)| Some(object.arrival?.time - *at)),
        lasting_s: after_s(lasting),
        lasting_places: lasting.map(|(_, _, places)| *places),
        before_arrival_s: right.and_then(|(at, ..)| Some(object.arrival?.time - *at)),
        wrong_claims: told.claims.iter().cloned().collect(),
    }
}
