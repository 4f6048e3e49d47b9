//! Which version of the agreement the deciding thread decides by, and what became of others.

use geo::Time;
use share::exchange::{Input, Kept};

use super::core::Core;
use super::policies::PolicyNews;
use crate::status::{PolicyStatus, VersionStatus};

/// What the deciding thread knows of versions.
#[derive(Debug, Default)]
pub(super) struct Policies {
    versions: Vec<([u8; 16], VersionStatus)>,
    holds: [u8; 16],
    since: Option<(Time, Time)>,
    refused: Vec<String>,
    refused_total: u64,
}

impl Policies {
    /// Begins with the versions that are known, and the one that holds.
    pub(super) fn new(versions: Vec<([u8; 16], VersionStatus)>, holds: [u8; 16]) -> Self {
        Self {
            versions,
            holds,
            ..Self::default()
        }
    }

    /// As it is shown.
    pub(super) fn status(&self) -> PolicyStatus {
        let of = |name: &[u8; 16]| self.versions.iter().find(|(other, _)| other == name);
        let holds = of(&self.holds).map(|(_, version)| version.clone()).unwrap_or_default();
        let is_next = |version: &VersionStatus| version.version > holds.version;
        let next = self.versions.iter().map(|(_, version)| version);
        PolicyStatus {
            next: next.filter(|version| is_next(version)).cloned().collect(),
            holds,
            held_since: self.since.map(|(since, _)| since.to_string()),
            late_ms: self.since.map(|(since, from)| (since - from) * 1e3),
            refused: self.refused.clone(),
            refused_total: self.refused_total,
        }
    }
}

impl Core {
    /// Keeps new versions, and hands them to the exchange; says which are refused.
    pub(super) fn on_policies(&mut self, news: PolicyNews) {
        let PolicyNews {
            rules,
            batch,
            versions,
            refused,
            refused_anew,
        } = news;
        let known = self.state.policy.versions.len();
        for (_, version) in versions.iter().skip(known) {
            let (number, from) = (version.version, &*version.from);
            tracing::warn!(
                version = number,
                from,
                signer = &*version.signer,
                "a version of the policy"
            );
        }
        self.state.policy.versions = versions;
        self.state.policy.refused = refused;
        for words in refused_anew {
            tracing::error!("a version of the policy is refused, the one before stays in force: {words}");
            self.state.policy.refused_total += 1;
            self.tallies.reject("own", "policy");
            self.step(Input::Keep(Kept {
                note: Some(("policy refused", words)),
                ..Kept::default()
            }));
        }
        if !batch.is_empty() {
            self.step(Input::Keep(Kept { batch, note: None }));
        }
        for (rules, from) in rules {
            self.step(Input::Rules { rules, from });
        }
    }

    /// Other rules hold from this step on.
    pub(super) fn on_rules_hold(&mut self, holds: [u8; 16], from: Time) {
        let now = self.clock.now();
        self.state.policy.holds = holds;
        self.state.policy.since = Some((now, from));
        let version = self.state.policy.status().holds.version;
        let late_ms = (now - from) * 1e3;
        tracing::warn!(version, %from, late_ms, "this version of the policy holds");
    }
}
