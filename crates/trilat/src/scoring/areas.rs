//! Each foretold region, and launch, against where and when it really was.

use geo::{Geodetic, Time};
use score::{AreaStatement, Containment, Errors, Follow, containment_curve, first_right_area};
use wire::tracks::{Region, RowKind, TrackRow};

use super::scene::{Object, Scene};
use crate::output::score::{AreaOutput, ContainmentOutput, Held, HeldBoth};

/// Probabilities at which positions are looked at.
const PROBABILITIES: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];
/// Regions of this probability and more decide since when the ground area was right.
const SURE: f64 = 0.9;

/// A statement, and what became of it.
#[derive(Copy, Clone, Debug)]
pub struct Judged {
    object: usize,
    time: Time,
    kind: RowKind,
    probability: f64,
    diameter_m: f64,
    is_place: bool,
    is_time: bool,
}

/// Judges all statements about objects that rose or arrived, in order of time.
///
/// What a track says after its last update is of the object that it was on.
pub fn judge(scene: &Scene, follow: &Follow) -> Vec<Judged> {
    let mut judged = Vec::new();
    for (id, track) in scene.tracks.iter().enumerate() {
        for row in &track.statements {
            let Some(object) = follow.truth_at(id, row.time, f64::INFINITY) else {
                continue;
            };
            judged.extend(one(row, object, &scene.objects[object]));
        }
    }
    judged.sort_by_key(|judged| judged.time);
    judged
}

fn one(row: &TrackRow, at: usize, object: &Object) -> Option<Judged> {
    let region = row.region.as_ref()?;
    let came = match row.kind {
        RowKind::Launch => object.launch?,
        // What is said after the arrival foretells nothing.
        _ => object.arrival.filter(|arrival| arrival.time >= row.time)?,
    };
    Some(Judged {
        object: at,
        time: row.time,
        kind: row.kind,
        probability: region.probability,
        diameter_m: 2.0 * region.major_m,
        is_place: contains(region, row.place, came.place),
        is_time: (region.earliest_s..=region.latest_s).contains(&(came.time - row.time)),
    })
}

/// Whether a place lies in an ellipse about another.
fn contains(region: &Region, centre: Geodetic, place: Geodetic) -> bool {
    let way = geo::geodesic(centre, place);
    let (sin, cos) = geo::math::sin_cos((way.azimuth_from_deg - region.azimuth_deg) * geo::angle::RAD_PER_DEG);
    let (along, across) = (
        way.distance_m * cos / region.major_m,
        way.distance_m * sin / region.minor_m,
    );
    along * along + across * across <= 1.0
}

/// How often what was said came true.
pub fn containment(errors: &Errors, judged: &[Judged]) -> ContainmentOutput {
    let curve = |values: &[f64]| -> Vec<Held> {
        let curve = containment_curve(values, 3, &PROBABILITIES).into_iter();
        curve.map(|(probability, held)| Held::new(probability, &held)).collect()
    };
    ContainmentOutput {
        position: curve(&errors.position),
        velocity: curve(&errors.velocity),
        arrival: both(judged, RowKind::Forecast),
        launch: both(judged, RowKind::Launch),
    }
}

/// Places and times of one kind, at each probability that was stated.
fn both(judged: &[Judged], kind: RowKind) -> Vec<HeldBoth> {
    let mut probabilities: Vec<f64> = judged
        .iter()
        .filter(|judged| judged.kind == kind)
        .map(|judged| judged.probability)
        .collect();
    probabilities.sort_by(f64::total_cmp);
    probabilities.dedup();
    let of = |probability: f64| {
        let (mut place, mut time) = (Containment::default(), Containment::default());
        for judged in judged {
            if judged.kind == kind && judged.probability == probability {
                place.count(judged.is_place);
                time.count(judged.is_time);
            }
        }
        HeldBoth {
            place: Held::new(probability, &place),
            time: Held::new(probability, &time),
        }
    };
    probabilities.into_iter().map(of).collect()
}

/// Since when the ground area of an object was right, place and time; `None` where nothing was said, or it did not
/// arrive.
///
/// Seconds are those after its first row of truth, which is its launch.
pub fn since_when(object: &Object, at: usize, judged: &[Judged], area_km: f64) -> Option<AreaOutput> {
    let (begin, arrival) = (object.begin()?, object.arrival?);
    let said: Vec<&Judged> = judged
        .iter()
        .filter(|judged| judged.object == at && judged.kind == RowKind::Forecast && judged.probability >= SURE)
        .collect();
    let statements: Vec<AreaStatement> = said
        .iter()
        .map(|judged| AreaStatement {
            after_s: judged.time - begin,
            diameter_m: judged.diameter_m,
            is_right: judged.is_place && judged.is_time,
        })
        .collect();
    let last = statements.last()?;
    let (first_s, lasting_s) = first_right_area(&statements, 1e3 * area_km);
    let diameter_at = |after_s: f64| statements.iter().find(|s| s.after_s >= after_s).map(|s| s.diameter_m);
    Some(AreaOutput {
        said: statements.len(),
        right: statements.iter().filter(|s| s.is_right).count(),
        first_s,
        lasting_s,
        before_arrival_s: lasting_s.map(|after_s| arrival.time - begin - after_s),
        diameter_m: lasting_s.and_then(diameter_at),
        last_diameter_m: last.diameter_m,
    })
}
