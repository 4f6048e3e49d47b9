//! Each update against its object at that time.

use geo::{Site, Time};
use nalgebra::{Matrix6, Vector6};
use score::{Errors, Follow};
use wire::tracks::TrackRow;

use super::scene::{Object, Scene};
use crate::args::ScoreArgs;
use crate::output::score::{NeesOutput, NeesPart};

/// The updates of one object.
#[derive(Clone, Debug)]
pub struct OfObject {
    /// Its place in the scene.
    pub object: usize,
    /// The time of the first.
    pub first: Time,
    /// How many.
    pub updates: usize,
    /// Sum of squared distances.
    pub position_m2: f64,
    /// Sum of squared differences of velocity.
    pub velocity_m2ps2: f64,
    /// Normalised, of those with a covariance.
    pub errors: Errors,
}

/// The errors of the updates of each object that has some, and of all.
pub fn compare(scene: &Scene, follow: &Follow, args: &ScoreArgs) -> (Vec<OfObject>, Errors) {
    let mut of: Vec<Option<OfObject>> = vec![None; scene.objects.len()];
    for (id, track) in scene.tracks.iter().enumerate() {
        for row in &track.updates {
            let Some(at) = follow.truth_at(id, row.time, args.step_s) else {
                continue;
            };
            let Some(error) = error(row, &scene.objects[at], args.gap_s) else {
                continue;
            };
            let of = of[at].get_or_insert_with(|| OfObject {
                object: at,
                first: row.time,
                updates: 0,
                position_m2: 0.0,
                velocity_m2ps2: 0.0,
                errors: Errors::default(),
            });
            of.first = of.first.min(row.time);
            of.updates += 1;
            of.position_m2 += error.fixed_rows::<3>(0).norm_squared();
            of.velocity_m2ps2 += error.fixed_rows::<3>(3).norm_squared();
            if let Some(full) = row.covariance_full() {
                of.errors.add(&error, &Matrix6::from_fn(|i, j| full[i][j]));
            }
        }
    }
    let of: Vec<OfObject> = of.into_iter().flatten().collect();
    let mut all = Errors::default();
    for one in &of {
        all.extend(&one.errors);
    }
    (of, all)
}

/// Truth less track, `[east_m, north_m, up_m, east_mps, north_mps, up_mps]` (6) at the place of the track.
pub fn error(row: &TrackRow, object: &Object, gap_s: f64) -> Option<Vector6<f64>> {
    let truth = object.course.at(row.time, gap_s, 0.0)?;
    let site = Site::new(row.place);
    let axes = site.enu_from_ecef();
    let place = axes * (truth.position_m - site.origin().vector());
    let speed = axes * truth.velocity_mps - row.velocity.vector();
    Some(Vector6::new(place.x, place.y, place.z, speed.x, speed.y, speed.z))
}

/// The means with their bounds; `objects` is how many objects the errors are of.
pub fn consistency(errors: &Errors, objects: usize) -> NeesOutput {
    NeesOutput {
        state: NeesPart::new(&errors.state, 6, objects),
        position: NeesPart::new(&errors.position, 3, objects),
        velocity: NeesPart::new(&errors.velocity, 3, objects),
        unusable: errors.unusable,
    }
}
