//! What `--json` prints: plain values, units last in every name, apart from the types of the fit.
//!
//! Times are RFC 3339 UTC text, angles degrees, heights above the WGS-84 ellipsoid. A value that does not exist (the
//! apogee of an arc that has none, the arrival of what stays in orbit) is `null`, never 0. `…_sigma_…` is one standard
//! deviation.

mod coverage;
mod federation;
mod flight;
mod keys;
pub mod node_status;
mod object;
mod policy;
pub mod score;
mod sensor;
mod simulated;
pub mod study;
mod text;
mod track;
mod versions;
mod warning;
mod watched;

use serde::Serialize;

pub use coverage::{CoverageOutput, HeightOutput, OwnerOutput, number_short, to_geojson};
pub use federation::{FederationOutput, MemberOutput};
pub use flight::{EventOutput, FlightOutput};
pub use keys::{KeysOutput, NodeOutput, RosterOutput};
pub use object::{ApogeeOutput, FitOutput, GroundOutput, IntervalOutput, ObjectOutput, PhaseOutput, RegionOutput};
pub use policy::{CheckOutput, DecidedOutput, ExplainOutput, SignedOutput};
pub use sensor::SensorOutput;
pub use simulated::{Next, SeenBy, SeenOf, ShippedOutput, SimulatedOutput};
pub use text::to_text;
pub use track::{AssociationOutput, EndOutput, PhaseBegin, PlotsOutput, TrackOutput, TracksOutput};
pub(crate) use track::{drop_name, unseen_name};
pub use versions::{TakenOutput, VersionsOutput, WithdrawnOutput};
pub use warning::{
    CheckedOutput, EntryOutput, MessageOutput, NewsOutput, OtherOutput, PlaceOutput, PreviewOutput, ReplayOutput,
    ReplayedOutput, SaidOutput, SentOutput, WarningsOutput,
};
pub use watched::{SigmaOutput, WatchedOutput};

/// All that one run found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathOutput {
    /// The objects that have a path.
    pub objects: Vec<ObjectOutput>,
    /// The objects that have none, with the reason.
    pub no_path: Vec<NoPathOutput>,
    /// The plots that were refused while reading.
    pub refused: RefusedOutput,
    /// Why the run ended without what was asked, where it did: the words of standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An object whose path cannot be found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoPathOutput {
    /// Name of the object.
    pub id: String,
    /// How many plots it has.
    pub plots: usize,
    /// Why, in words.
    pub reason: String,
}

/// The plots that were refused while reading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RefusedOutput {
    /// How many.
    pub count: usize,
    /// The first of them: file, line, field, value and what was expected.
    pub first: Vec<String>,
}

impl RefusedOutput {
    /// Counts one more.
    pub fn add(&mut self, words: String) {
        self.count += 1;
        if self.first.len() < crate::files::REFUSALS_SHOWN_MAX {
            self.first.push(words);
        }
    }
}

/// Returns the JSON text, indented, with a line end.
///
/// Errors: none in practice; numbers that are not finite become `null`.
pub fn to_json(output: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(output)?;
    text.push('\n');
    Ok(text)
}
