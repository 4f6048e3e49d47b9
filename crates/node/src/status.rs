//! What a running node says of itself: the content of `/status`, and of `trilat node status`.

use serde::{Deserialize, Serialize};
use share::policy::version::Version;

use crate::engine::DoubtShown;

/// What a running node says of itself. Nothing in it tells a partner's secrets or keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Whose node it is.
    pub owner: String,
    /// The node's name, from its public key.
    pub node: String,
    /// The version of the program.
    pub version: String,
    /// `exercise` or `real`.
    pub mode: String,
    /// The node's time, UTC.
    pub time: String,
    /// How long it has been running.
    pub uptime_s: f64,
    /// Whether it does its work.
    pub is_ready: bool,
    /// What keeps it from being ready, in words.
    pub not_ready: Vec<String>,
    /// Its feeds.
    pub feeds: Vec<FeedStatus>,
    /// Its partners.
    pub partners: Vec<PartnerStatus>,
    /// The tracker.
    pub engine: EngineStatus,
    /// The durable log.
    pub store: StoreStatus,
    /// The release policy.
    pub policy: PolicyStatus,
    /// Latencies of the hops since the start.
    pub latency_ms: Vec<LatencyStatus>,
}

/// One signed version of the agreement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionStatus {
    /// Its number.
    pub version: u32,
    /// When it was written.
    pub dated: String,
    /// From when it holds.
    pub from: String,
    /// Who signed it.
    pub signer: String,
    /// What the next version names it by.
    pub hash: String,
}

impl VersionStatus {
    /// What is said of a version.
    pub fn of(version: &Version) -> Self {
        Self {
            version: version.number,
            dated: version.dated.to_string(),
            from: version.from.to_string(),
            signer: version.signer.to_string(),
            hash: version.hash.to_string(),
        }
    }
}

/// The release policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicyStatus {
    /// The version that holds; a version that is not in force yet gives nobody anything.
    pub holds: VersionStatus,
    /// When this node began to decide by it, where that was since its start.
    pub held_since: Option<String>,
    /// How long after its instant that was, ms.
    pub late_ms: Option<f64>,
    /// Versions whose instant is to come.
    pub next: Vec<VersionStatus>,
    /// Files that are refused, with the remedy.
    pub refused: Vec<String>,
    /// How often a version was refused since the start.
    pub refused_total: u64,
}

/// One feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedStatus {
    /// Its name.
    pub name: String,
    /// Where it listens.
    pub address: Option<String>,
    /// Plots taken.
    pub accepted: u64,
    /// Records refused.
    pub refused: u64,
    /// Plots for which there was no room.
    pub dropped: u64,
    /// Datagrams that the system threw away before they were read.
    #[serde(default)]
    pub overflown: u64,
    /// Plots that wait.
    pub waiting: u64,
    /// Whether its input has ended.
    pub has_ended: bool,
}

/// One partner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartnerStatus {
    /// Its owner.
    pub name: String,
    /// Whether it can be reached, and is believed.
    pub is_up: bool,
    /// Why nothing of it is taken and nothing goes to it now: its roster ended, or its key was revoked.
    #[serde(default)]
    pub not_believed: Option<String>,
    /// Frames signed for it.
    pub frames_sent: u64,
    /// When the last of them was signed, since the start.
    pub last_frame: Option<String>,
    /// Frames it has acknowledged as durable.
    pub frames_acknowledged: u64,
    /// Frames of it that are here.
    pub frames_received: u64,
    /// Items of it that are here, each once.
    pub items_received: u64,
    /// Plots among them.
    pub plots_received: u64,
    /// Items that came more than once, by whatever way.
    pub duplicates: u64,
    /// Frames of it that are known to be missing.
    pub missing: u64,
    /// What it sent and was refused.
    pub rejected: u64,
    /// Messages that its link did not take; the log refills them.
    pub not_sent: u64,
    /// Its clock minus this node's, s, by stamps that went there and back.
    pub clock_offset_s: Option<f64>,
    /// How much that may be wrong, s: half the way there and back, if all of it is one way.
    pub clock_error_s: Option<f64>,
    /// Whether that is more than is allowed.
    pub is_clock_off: bool,
    /// Digests of pictures that agreed with it.
    pub digests_agreed: u64,
    /// Digests that did not.
    pub digests_differed: u64,
    /// The first plot that differs, where digests do.
    pub difference: Option<String>,
}

/// The tracker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EngineStatus {
    /// Tracks of the picture.
    pub tracks: u64,
    /// Own plots that were accepted.
    pub plots_own: u64,
    /// Plots, own and partners', that are in the picture.
    pub used: u64,
    /// Plots that were older than the lag.
    pub late: u64,
    /// Items that the tracker was too busy for: in the log, and in no picture.
    pub skipped: u64,
    /// Pictures that are tracked: one for all that hold the same plots.
    #[serde(default)]
    pub timelines: u64,
    /// The digest of all settled cycles of the largest circle.
    pub digest: String,
    /// Whether the digest is of everything: nothing has come for the lag, and what there is is settled.
    #[serde(default)]
    pub is_digest_whole: bool,
    /// The same, by circle of owners.
    pub digests: std::collections::BTreeMap<String, String>,
    /// Sensors that are not believed as they are, with what is wrong.
    #[serde(default)]
    pub doubted: Vec<DoubtShown>,
    /// From the measurement of a plot to the picture that has it, by origin.
    pub latency_ms: Vec<LatencyStatus>,
}

/// The durable log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoreStatus {
    /// `good`, `full` or `failed`.
    pub state: String,
    /// Octets on disk.
    pub octets: u64,
    /// Free octets of its disk.
    pub free_octets: u64,
    /// Batches that are not yet durable.
    pub waiting: u64,
}

/// One hop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatencyStatus {
    /// Its name.
    pub hop: String,
    /// How many were measured.
    pub count: u64,
    /// Half took no longer, ms.
    pub p50: f64,
    /// Of a hundred, 99 took no longer, ms.
    pub p99: f64,
    /// The longest, ms.
    pub max: f64,
}
