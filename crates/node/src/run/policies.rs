//! Looks whether the files of the policy changed, and reads them anew: withdrawal must not wait for a restart.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use plot::Sensors;

use super::Event;
use super::rules::{NodeRules, Released, RulesError, read_files, version};
use crate::feed::Stop;

/// How often it looks.
const LOOK: Duration = Duration::from_millis(500);

/// What the watch knows.
pub(super) struct PolicyWatch {
    pub folder: PathBuf,
    pub owner: Arc<str>,
    pub sensors: Sensors,
    pub released: Released,
    pub version: [u8; 16],
    /// Other files that were there at the last look.
    pub candidate: Option<[u8; 16]>,
    pub events: SyncSender<Event>,
}

impl PolicyWatch {
    /// Looks until it is told to stop.
    pub(super) fn run(mut self, stop: &Stop) {
        let mut last_fault = None;
        while !stop.wait(LOOK) {
            let event = match self.changed() {
                Ok(None) => {
                    last_fault = None;
                    continue;
                }
                Ok(Some(rules)) => {
                    last_fault = None;
                    let from = rules.policy().agreement().from;
                    Event::Rules(Box::new(rules), from)
                }
                Err(error) => {
                    let fault = error.to_string();
                    if last_fault.as_ref() == Some(&fault) {
                        continue;
                    }
                    last_fault = Some(fault.clone());
                    Event::RulesFault(fault)
                }
            };
            if self.events.send(event).is_err() {
                return;
            }
        }
    }

    /// The rules, if the files are others than before.
    fn changed(&mut self) -> Result<Option<NodeRules>, RulesError> {
        let files = read_files(&self.folder)?;
        let found = version(&files);
        if found == self.version {
            return Ok(None);
        }
        // Whoever writes several files, or a long one, is not taken at half a word: they have to stand for two looks.
        if self.candidate.replace(found) != Some(found) {
            return Ok(None);
        }
        let rules = NodeRules::of(&files, &self.folder, &self.owner, &self.sensors, self.released.clone())?;
        self.version = found;
        Ok(Some(rules))
    }
}
