//! Tracks against the truth: the tables of a tracker and of a simulation, as the figures of crate `score`.
//!
//! ```text
//! scene.rs    rows ──► courses, updates, statements of tracks; courses, launch, arrival of objects
//! pictures.rs the courses at one instant after another ──► GOSPA, OSPA, OSPA(2), SIAP, which track is on which object
//! updates.rs  each update against its object ──► NEES, RMS errors, containment
//! least.rs    each update against the least error that its plots allow ──► posterior Cramér-Rao bound
//! areas.rs    each foretold region against what came ──► containment, since when the ground area was right
//! ```

mod areas;
mod least;
mod pictures;
mod scene;
mod updates;

use std::collections::BTreeMap;

use geo::Time;
use score::{CutoffError, Shown};

use crate::args::{Metric, ScoreArgs};
use crate::output::score::{BoundOutput, ObjectScored, ScoreOutput};

pub use least::OfBound;
pub use scene::{Ground, Object, Scene};
pub use updates::OfObject;

/// The most instants that are looked at.
pub const INSTANTS_MAX: usize = 5_000_000;

/// Why tracks cannot be scored.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// The truth has no row.
    #[error("{file}: no row of truth can be used, so there is nothing to compare with")]
    NoTruth {
        /// The file.
        file: String,
    },
    /// The name of a file stands for no table.
    #[error("{file}: tracks and truth are read as .csv or .parquet")]
    Format {
        /// The file.
        file: String,
    },
    /// So many instants would take for ever.
    #[error("--step-s {step_s} makes {count} instants from {from} to {until}, at most {INSTANTS_MAX} can be looked at")]
    Instants {
        /// The step.
        step_s: f64,
        /// How many.
        count: f64,
        /// The first truth.
        from: Time,
        /// The last.
        until: Time,
    },
    /// A cutoff or an order that there is not.
    #[error("{0} (--cutoff-m, --order)")]
    Cutoff(#[from] CutoffError),
}

impl ScoreError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Cutoff(_) | Self::Format { .. } | Self::Instants { .. } => 2,
            Self::NoTruth { .. } => 4,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NoTruth { .. } => {
                "Give the truth.csv of trilat simulate: a header, then a line for each object and second."
            }
            Self::Format { .. } => {
                "Write tracks with trilat track --out TRACKS.csv (or .parquet); the truth comes second."
            }
            Self::Instants { .. } => "Choose a longer --step-s.",
            Self::Cutoff(_) => "Give a cutoff above 0 and an order of 1 or more.",
        }
    }
}

/// Scores the tracks of a scene.
///
/// Errors: [`ScoreError::Cutoff`], [`ScoreError::Instants`], [`ScoreError::NoTruth`].
pub fn score(scene: &Scene, args: &ScoreArgs) -> Result<ScoreOutput, ScoreError> {
    let seen = pictures::look(scene, args)?;
    let (updates, errors) = updates::compare(scene, &seen.follow, args);
    let judged = areas::judge(scene, &seen.follow);
    let asks = |metric| args.metric.contains(&metric);
    let asks_bound = asks(Metric::Bound) && scene.is_seen_known;
    let bounds = asks_bound.then(|| least::compare(scene, &seen.follow, args));
    let mut output = ScoreOutput {
        from: seen.from.to_string(),
        until: seen.until.to_string(),
        step_s: args.step_s,
        instants: seen.gospa.instants,
        cutoff_m: args.cutoff_m,
        order: args.order,
        gap_s: args.gap_s,
        tracks: scene.tracks.len(),
        updates: scene.tracks.iter().map(|track| track.updates.len()).sum(),
        objects: scene.objects.len(),
        is_seen_only: scene.is_seen_known,
        area_km: args.area_km,
        ..ScoreOutput::default()
    };
    output.gospa = asks(Metric::Gospa).then(|| (&seen.gospa).into());
    output.ospa = asks(Metric::Ospa).then(|| seen.ospa.output(args.window_s));
    output.siap = asks(Metric::Siap).then(|| seen.siap_output());
    output.nees = asks(Metric::Nees).then(|| updates::consistency(&errors, updates.len()));
    output.containment = asks(Metric::Containment).then(|| areas::containment(&errors, &judged));
    output.bound = bounds.as_ref().and_then(|of| BoundOutput::new(&OfBound::sum(of)));
    // A second track on an object is none of GOSPA's pairs, and one on an object that does not count is not SIAP's.
    let never = seen.siap.never_on_an_object().into_iter();
    let never = never.filter(|at| seen.follow.stretches(*at).is_empty());
    output.false_tracks = never.map(|at| scene.tracks[at].name.to_string()).collect();
    let shown: BTreeMap<usize, Shown> = seen
        .siap
        .shown()
        .into_iter()
        .map(|shown| (shown.truth, shown))
        .collect();
    output.per_object = scene
        .objects
        .iter()
        .enumerate()
        .map(|(at, object)| {
            let mut of = ObjectScored {
                object: object.name.to_string(),
                kind: object.kind.as_deref().map(str::to_owned),
                ..ObjectScored::default()
            };
            if let Some(shown) = shown.get(&at) {
                of.show(shown);
            }
            if let Some(errors) = updates.iter().find(|errors| errors.object == at) {
                of.compare(errors, object.begin());
            }
            if scene.is_seen_known {
                of.see(&object.seen, object.begin());
            }
            of.bound = bounds.as_ref().and_then(|of| BoundOutput::new(&of[at]));
            of.area = areas::since_when(object, at, &judged, args.area_km);
            of
        })
        .collect();
    Ok(output)
}
