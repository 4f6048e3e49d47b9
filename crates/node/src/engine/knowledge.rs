//! What the objects of the picture are doing, to ask of plots to come: rules of release speak of phase and height.

use std::collections::HashMap;
use std::sync::Arc;

use geo::{Ecef, Geodetic, Position, Time};
use nalgebra::Vector3;
use share::item::TrackState;
use track::Row;

use super::given::state;

/// Cubes in which objects are looked for.
const SIDE_M: f64 = 50e3;
/// An object is meant within this many sigmas, and so much beside,
const SIGMAS: f64 = 4.0;
const BESIDE_M: f64 = 2_000.0;
/// if it was seen so lately.
const AGE_MAX_S: f64 = 30.0;
/// What may have changed its velocity by this.
const PULL_MPS2: f64 = 30.0;

/// What is known of a place where a plot is.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What the object there is doing.
    pub phase: Arc<str>,
    /// Where it is foretold to be.
    pub place: Geodetic,
    /// The object, as of its last plot.
    pub track: Arc<TrackState>,
}

#[derive(Clone, Debug)]
struct Thing {
    time: Time,
    place_m: Vector3<f64>,
    velocity_mps: Vector3<f64>,
    sigma_m: f64,
    track: Arc<TrackState>,
}

/// The objects of one look.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    things: Vec<Thing>,
    cells: HashMap<[i32; 3], Vec<u32>>,
}

impl Knowledge {
    /// Makes it of the objects of a picture.
    pub fn new(rows: &[Row]) -> Self {
        let mut knowledge = Self::default();
        for row in rows {
            let covariance = row.belief.covariance.fixed_view::<3, 3>(0, 0);
            let thing = Thing {
                time: row.time,
                place_m: row.belief.mean.fixed_rows::<3>(0).into(),
                velocity_mps: row.belief.mean.fixed_rows::<3>(3).into(),
                sigma_m: covariance.trace().max(0.0).sqrt(),
                track: Arc::new(state(row)),
            };
            let number = knowledge.things.len() as u32;
            knowledge.cells.entry(cell(&thing.place_m)).or_default().push(number);
            knowledge.things.push(thing);
        }
        knowledge
    }

    /// What the nearest object is doing, if one may be at a place.
    pub fn at(&self, place: Position<Ecef>, time: Time) -> Option<Known> {
        let place_m = place.vector();
        let [x, y, z] = cell(&place_m);
        let mut nearest: Option<(f64, &Thing, Vector3<f64>)> = None;
        // An object moves less than a cube in the time that counts, or is found from the cubes about it.
        for step in 0..125 {
            let near = [x + step % 5 - 2, y + step / 5 % 5 - 2, z + step / 25 - 2];
            for number in self.cells.get(&near).into_iter().flatten() {
                let thing = &self.things[*number as usize];
                let ahead_s = time - thing.time;
                if ahead_s.abs() > AGE_MAX_S {
                    continue;
                }
                let foretold_m = thing.place_m + thing.velocity_mps * ahead_s;
                let reach_m = SIGMAS * thing.sigma_m + BESIDE_M + 0.5 * PULL_MPS2 * ahead_s * ahead_s;
                let off_m = (foretold_m - place_m).norm();
                if off_m < reach_m && nearest.as_ref().is_none_or(|(least_m, ..)| off_m < *least_m) {
                    nearest = Some((off_m, thing, foretold_m));
                }
            }
        }
        let (_, thing, foretold_m) = nearest?;
        Some(Known {
            phase: thing.track.phase.clone(),
            track: thing.track.clone(),
            place: Geodetic::from_ecef(Position::from_vector(foretold_m)),
        })
    }
}

fn cell(place_m: &Vector3<f64>) -> [i32; 3] {
    [0, 1, 2].map(|axis| (place_m[axis] / SIDE_M).floor() as i32)
}
