//! What the objects of the own plots alone are doing, to ask of plots to come: rules of release speak of phase.
//!
//! Plots of partners say nothing here: that a plot goes out must not tell one partner what another gave.

use std::collections::HashMap;
use std::sync::Arc;

use geo::{Ecef, Position, Time};
use nalgebra::Vector3;
use track::Row;

/// Cubes in which objects are looked for, each with those about it.
const SIDE_M: f64 = 100e3;
/// An object is meant within this many sigmas, and so much beside,
const SIGMAS: f64 = 4.0;
const BESIDE_M: f64 = 2_000.0;
/// if it was seen so lately.
const AGE_MAX_S: f64 = 30.0;
/// What may have changed its velocity by this.
const PULL_MPS2: f64 = 30.0;

#[derive(Clone, Debug)]
struct Thing {
    time: Time,
    place_m: Vector3<f64>,
    velocity_mps: Vector3<f64>,
    sigma_m: f64,
    phase: Arc<str>,
}

/// The objects of one look.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    things: Vec<Thing>,
    cells: HashMap<[i32; 3], Vec<u32>, foldhash::fast::RandomState>,
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
                phase: row.phase.name().into(),
            };
            let number = knowledge.things.len() as u32;
            knowledge.cells.entry(cell(&thing.place_m)).or_default().push(number);
            knowledge.things.push(thing);
        }
        knowledge
    }

    /// What the nearest object is doing, if one may be at a place.
    pub fn at(&self, place: Position<Ecef>, time: Time) -> Option<Arc<str>> {
        let place_m = place.vector();
        let [x, y, z] = cell(&place_m);
        let mut nearest: Option<(f64, &Thing)> = None;
        for step in 0..27 {
            let near = [x + step % 3 - 1, y + step / 3 % 3 - 1, z + step / 9 - 1];
            for number in self.cells.get(&near).into_iter().flatten() {
                let thing = &self.things[*number as usize];
                let ahead_s = time - thing.time;
                if ahead_s.abs() > AGE_MAX_S {
                    continue;
                }
                let foretold_m = thing.place_m + thing.velocity_mps * ahead_s;
                let reach_m = SIGMAS * thing.sigma_m + BESIDE_M + 0.5 * PULL_MPS2 * ahead_s * ahead_s;
                let off_m = (foretold_m - place_m).norm();
                if off_m < reach_m && nearest.as_ref().is_none_or(|(least_m, _)| off_m < *least_m) {
                    nearest = Some((off_m, thing));
                }
            }
        }
        Some(nearest?.1.phase.clone())
    }
}

fn cell(place_m: &Vector3<f64>) -> [i32; 3] {
    [0, 1, 2].map(|axis| (place_m[axis] / SIDE_M).floor() as i32)
}
