//! What the demonstration ends with, for programs and for people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::Figures;

/// The result as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DemoOutput {
    /// The scenario.
    pub scenario: String,
    /// How many times as fast as measured it ran.
    pub speed: f64,
    /// The nodes, by owner.
    pub nodes: Vec<NodeOutput>,
    /// From the measurement of a plot to the fused picture of a partner, over all nodes: the worst.
    pub latency_ms: LatencyOutput,
    /// What each owner would know alone.
    pub alone: BTreeMap<String, Figures>,
    /// What all know together.
    pub together: Figures,
    /// What each owner gains.
    pub gain: BTreeMap<String, Gain>,
    /// What the node of Japan warned of; none where nothing may come down where people live.
    pub warning: Option<WarningOutput>,
    /// Whether nothing was lost or doubled, and all digests are equal, to that of one engine with all plots too.
    pub agreed: bool,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeOutput {
    /// Whose it is.
    pub owner: String,
    /// Plots of its own radars.
    pub plots_own: u64,
    /// Plots of partners.
    pub plots_received: u64,
    /// Plots that partners' radars made and that it does not have, or that are in no picture.
    pub lost: u64,
    /// Plots that are in its picture more than once.
    pub duplicates: u64,
    /// Digest of the picture that all share.
    pub digest: String,
}

/// What one node warned of. Times are seconds after the launch; all but the counts are of the first warning.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WarningOutput {
    /// Whose node.
    pub owner: String,
    /// Warnings.
    pub warnings: u64,
    /// Messages that the node wrote.
    pub messages: u64,
    /// Messages that were approved.
    pub sent: u64,
    /// The first draft.
    pub drafted_s: Option<f64>,
    /// Its short forms.
    pub drafted_short: Vec<ShortOutput>,
    /// The first message that people were told.
    pub sent_s: Option<f64>,
    /// Its short forms.
    pub sent_short: Vec<ShortOutput>,
    /// The all clear.
    pub all_clear_s: Option<f64>,
    /// Its short forms.
    pub all_clear_short: Vec<ShortOutput>,
}

/// A message in 90 characters of one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ShortOutput {
    /// The tag of the language.
    pub language: String,
    /// The words.
    pub words: String,
}

/// Half were faster, 99 of 100 were faster.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
pub struct LatencyOutput {
    /// Half.
    pub p50: f64,
    /// 99 of 100.
    pub p99: f64,
}

/// What an owner gains from the others. Times are those that are shown, to the second.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gain {
    /// So much earlier is the first track.
    pub track_earlier_s: Option<f64>,
    /// So much earlier is the first warning.
    pub warning_earlier_s: Option<f64>,
    /// So much earlier the ground area is known to 100 km.
    pub known_earlier_s: Option<f64>,
    /// Root mean square error of position alone,
    pub alone_rms_m: Option<f64>,
    /// and together, in the same seconds.
    pub together_rms_m: Option<f64>,
}

impl Gain {
    /// What one gains.
    pub fn of(alone: &Figures, together: &Figures) -> Self {
        let earlier = |alone: Option<f64>, together: Option<f64>| Some(alone?.round() - together?.round());
        Self {
            track_earlier_s: earlier(alone.first_track_s, together.first_track_s),
            warning_earlier_s: earlier(alone.first_warning_s, together.first_warning_s),
            known_earlier_s: earlier(alone.known_s, together.known_s),
            alone_rms_m: alone.rms_where(together),
            together_rms_m: together.rms_where(alone),
        }
    }
}
