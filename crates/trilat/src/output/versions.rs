//! Signed versions of an agreement: what there is, and what was taken back.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use geo::Time;
use node::status::VersionStatus;
use node::versions::Versions;
use serde::Serialize;
use share::policy::Withdrawal;
use share::policy::version::Version;

/// What the node that runs says of a version.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TakenOutput {
    /// Whether it decides by it; else it will when its instant comes.
    pub holds: bool,
    /// How long after its instant it began to, ms.
    pub late_ms: Option<f64>,
    /// When the last frame to each partner was signed, since the start of the node.
    pub last_frames: BTreeMap<String, Option<String>>,
}

/// A withdrawal that was signed.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawnOutput {
    file: String,
    #[serde(flatten)]
    version: VersionStatus,
    what: String,
    /// Whether the draft was changed too.
    draft_follows: bool,
    /// What the node says, if one runs.
    node: Option<TakenOutput>,
}

impl WithdrawnOutput {
    /// Says what was signed, and what became of it.
    pub fn new(
        version: &Version,
        file: &Path,
        withdrawal: &Withdrawal,
        draft_follows: bool,
        node: Option<TakenOutput>,
    ) -> Self {
        Self {
            file: file.display().to_string(),
            version: VersionStatus::of(version),
            what: words(withdrawal),
            draft_follows,
            node,
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        super::to_json(self)
    }

    /// For people.
    pub fn to_text(&self, draft: &Path) -> String {
        let VersionStatus {
            version, signer, from, ..
        } = &self.version;
        let (what, file) = (&self.what, &self.file);
        let mut text = format!("Version {version}: {what} from {from} on\n  signed by {signer}: {file}\n");
        // A text takes any text.
        let _ = match &self.node {
            None => writeln!(text, "  no node answers: it holds when the node starts"),
            Some(node) if node.holds => writeln!(
                text,
                "  the node decides by it, since {:.1} ms after that instant",
                node.late_ms.unwrap_or_default()
            ),
            Some(_) => writeln!(text, "  the node has it, and decides by it from that instant on"),
        };
        for (partner, last) in self.node.iter().flat_map(|node| &node.last_frames) {
            let last = last.as_deref().unwrap_or("none since the start of the node");
            let _ = writeln!(text, "  last frame to {partner}: {last}");
        }
        if !self.draft_follows {
            let draft = draft.display();
            let _ = writeln!(
                text,
                "The files in {draft} were being changed and were left alone: take the withdrawal into them, or the next\n\
                 version gives again what this one takes back."
            );
        }
        text
    }
}

/// What is taken back, in words.
fn words(withdrawal: &Withdrawal) -> String {
    let who = withdrawal.partner.as_deref().unwrap_or("everybody");
    let what = match withdrawal.tier {
        None => "everything".to_owned(),
        Some(tier) => format!("{tier}, and all that is more,"),
    };
    let of = withdrawal
        .sensor
        .as_ref()
        .map_or(String::new(), |sensor| format!(" of {sensor}"));
    format!("withdrawn from {who}: {what}{of}")
}

/// The signed versions of a node.
#[derive(Clone, Debug, Serialize)]
pub struct VersionsOutput {
    folder: String,
    versions: Vec<ListedOutput>,
    refused: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ListedOutput {
    #[serde(flatten)]
    version: VersionStatus,
    /// `holds`, `later`, `past`, or `never`: another took its place before its instant.
    state: &'static str,
    withdrawn: Vec<String>,
}

impl VersionsOutput {
    /// Lists what there is.
    pub fn new(versions: &Versions, now: Time) -> Self {
        let history = versions.history();
        let all = history.versions();
        let holds = history.at(now).map_or(0, |version| version.number);
        let state = |version: &Version| {
            let mut later = all.iter().filter(|later| later.number > version.number);
            match () {
                () if version.number == holds => "holds",
                () if version.number > holds && later.all(|later| later.from > version.from) => "later",
                () if later.any(|later| later.from <= version.from) => "never",
                () => "past",
            }
        };
        let listed = |version: &Version| {
            let policy = share::policy::Policy::new(&version.files);
            let withdrawn = policy.map(|policy| policy.agreement().withdrawn.clone());
            ListedOutput {
                version: VersionStatus::of(version),
                state: state(version),
                withdrawn: withdrawn.unwrap_or_default().iter().map(ToString::to_string).collect(),
            }
        };
        Self {
            folder: versions.folder().display().to_string(),
            versions: all.iter().map(listed).collect(),
            refused: versions.refused().map(ToString::to_string).collect(),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        super::to_json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} signed versions in {}\n", self.versions.len(), self.folder);
        for listed in &self.versions {
            let VersionStatus {
                version,
                from,
                signer,
                hash,
                ..
            } = &listed.version;
            let short = hash.get(..16).unwrap_or(hash);
            // A text takes any text.
            let _ = write!(
                text,
                "{version:>6}  {:<5}  from {from}  {short}  by {signer}",
                listed.state
            );
            let _ = match &*listed.withdrawn {
                [] => writeln!(text),
                names => writeln!(text, "  withdrawn: {}", names.join(", ")),
            };
        }
        for refused in &self.refused {
            let _ = writeln!(text, "refused: {refused}");
        }
        text
    }
}
