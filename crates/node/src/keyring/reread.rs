//! The folder is read again: another process may have changed it, and what it holds now counts.

use std::sync::Arc;

use share::roster::{Roll, RosterRefusal, SealedRoster};

use super::{Keyring, KeyringError, Paths, file};

/// What came of reading the folder again.
#[derive(Debug, Default)]
pub struct Reread {
    /// Whether something is believed otherwise than before.
    pub is_news: bool,
    /// What could not be used. What was held of its owner stays in force.
    pub faults: Vec<KeyringError>,
}

impl Keyring {
    /// Reads the rosters of the folder again.
    ///
    /// What is older than what is held is left alone: a newer one came that could not be kept.
    pub fn reread(&mut self) -> Reread {
        let mut reread = Reread::default();
        let names = file::lock(&self.paths.rosters(), false).and_then(|lock| {
            let names = file::pinned(&self.paths.rosters())?;
            Ok((names, lock))
        });
        let (names, _lock) = match names {
            Ok(names) => names,
            Err(fault) => {
                reread.faults.push(fault);
                return reread;
            }
        };
        let is_gone = |owner: &&Arc<str>| !names.iter().any(|name| **name == ***owner);
        for owner in self.roll.owners().filter(is_gone).cloned().collect::<Vec<_>>() {
            if owner != self.owner {
                self.roll.forget(&owner);
                reread.is_news = true;
            }
        }
        for name in names {
            match self.look_at(&name) {
                Ok(is_news) => reread.is_news |= is_news,
                Err(fault) => reread.faults.push(fault),
            }
        }
        reread
    }

    /// Takes what another process has kept of an owner. What cannot be read is about to be written anew.
    pub(super) fn catch_up(&mut self, owner: &str) {
        let _unread = self.look_at(owner);
    }

    fn look_at(&mut self, name: &str) -> Result<bool, KeyringError> {
        let mut roll = self.roll.clone();
        let is_news = owner(&mut roll, &self.paths, name)?;
        if roll.roster(&self.owner).is_none() {
            let (path, owner) = (self.paths.roster(&self.owner), self.owner.clone());
            return Err(KeyringError::NoRoster { path, owner });
        }
        self.roll = roll;
        Ok(is_news)
    }
}

/// Brings what is believed of an owner up to its files; returns whether that is another than before.
pub(super) fn owner(roll: &mut Roll, paths: &Paths, name: &str) -> Result<bool, KeyringError> {
    let root = file::root(&paths.root(name))?;
    let held = roll.roster(name).map(SealedRoster::digest);
    if roll.pinned(name) != Some(root) {
        roll.repin(name, root).map_err(|source| KeyringError::Pin {
            path: paths.root(name),
            source,
        })?;
    }
    if let Some(sealed) = file::roster_if_there(&paths.roster(name))? {
        match roll.restore(sealed) {
            Ok(_) | Err(RosterRefusal::Older { .. }) => {}
            Err(source) => {
                let path = paths.roster(name);
                return Err(KeyringError::Refused { path, source });
            }
        }
    }
    Ok(roll.roster(name).map(SealedRoster::digest) != held)
}
