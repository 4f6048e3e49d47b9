//! Looks whether there are new signed versions of the agreement: withdrawal must not wait for a restart.
//!
//! When a version holds is not decided here. It is handed over as soon as it is there, and the deciding thread compares
//! its instant with the clock before each item.

use std::fs;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, SystemTime};

use geo::Time;
use plot::Sensors;
use share::store::Batch;

use super::Event;
use super::roster_watch::OwnRoster;
use super::rules::{NodeRules, Released, name_of};
use crate::feed::Stop;
use crate::status::VersionStatus;
use crate::versions::Versions;

/// How often it asks for the time of the folder's last change.
const ASK: Duration = Duration::from_millis(4);
/// Every so many times it looks at the files all the same: a change within the grain of the folder's time is not seen.
const ASKED_MAX: u32 = 125;

/// What is new of versions.
#[derive(Debug, Default)]
pub struct PolicyNews {
    /// Rules that hold from an instant on, in the order of their numbers.
    pub rules: Vec<(Box<NodeRules>, Time)>,
    /// What the log has to keep.
    pub batch: Batch,
    /// All versions, by the names of their rules.
    pub versions: Vec<([u8; 16], VersionStatus)>,
    /// Files that are refused, and why.
    pub refused: Vec<String>,
    /// Of them, those that were not, or for another reason.
    pub refused_anew: Vec<String>,
}

/// What the watch knows.
pub(super) struct PolicyWatch {
    pub versions: Versions,
    /// The own roster of now, and the version of the one that was gone by last.
    pub own: OwnRoster,
    pub own_version: u64,
    pub sensors: Sensors,
    pub released: Released,
    /// The newest version that the deciding thread has.
    pub handed: u32,
    /// Versions of the folder that the log does not have.
    pub to_keep: Vec<u32>,
    /// What was told of files that are refused; nothing before the first look.
    pub told: Option<Vec<String>>,
}

impl PolicyWatch {
    /// Looks until it is told to stop.
    pub(super) fn run(mut self, events: &SyncSender<Event>, stop: &Stop) {
        let (mut changed_at, mut asked) = (None, ASKED_MAX);
        while !stop.wait(ASK) {
            let now_at = modified(self.versions.folder());
            asked += 1;
            if self.take_signers() {
                asked = ASKED_MAX;
            }
            if now_at == changed_at && asked < ASKED_MAX {
                continue;
            }
            (changed_at, asked) = (now_at, 0);
            if let Some(news) = self.look()
                && events.send(Event::Policies(Box::new(news))).is_err()
            {
                return;
            }
        }
    }

    /// Goes by the own roster of now; returns whether that is another than before.
    fn take_signers(&mut self) -> bool {
        // What is to be kept is kept with its signer's key.
        if !self.to_keep.is_empty() {
            return false;
        }
        let roster = self.own.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_news = roster.version != self.own_version;
        if is_news {
            self.own_version = roster.version;
            self.versions.set_roster(&roster);
        }
        is_news
    }

    /// All versions that are known, by the names of their rules.
    pub(super) fn list(&self) -> Vec<([u8; 16], VersionStatus)> {
        let versions = self.versions.history().versions().iter();
        versions
            .map(|version| (name_of(version), VersionStatus::of(version)))
            .collect()
    }

    /// Looks once; what is new, if anything.
    fn look(&mut self) -> Option<PolicyNews> {
        let mut refused = Vec::new();
        match self.versions.look() {
            Ok(taken) => self.to_keep.extend(taken),
            Err(error) => refused.push(error.to_string()),
        }
        refused.extend(self.versions.refused().map(ToString::to_string));
        if self.to_keep.is_empty() && self.told.as_ref() == Some(&refused) {
            return None;
        }
        let mut news = PolicyNews::default();
        for number in std::mem::take(&mut self.to_keep) {
            news.batch.extend(self.versions.record(number));
        }
        news.versions = self.list();
        for version in self.versions.history().versions() {
            if version.number <= self.handed {
                continue;
            }
            self.handed = version.number;
            match NodeRules::of(version, &self.sensors, self.released.clone()) {
                Ok(rules) => news.rules.push((Box::new(rules), version.from)),
                // Its files were read a moment ago.
                Err(error) => refused.push(format!("version {}: {error}", version.number)),
            }
        }
        let told = self.told.replace(refused.clone()).unwrap_or_default();
        news.refused_anew = refused.iter().filter(|words| !told.contains(words)).cloned().collect();
        news.refused = refused;
        Some(news)
    }
}

pub(super) fn modified(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder).ok()?.modified().ok()
}
