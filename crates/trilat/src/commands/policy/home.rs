//! The agreement of a node: where its draft and its signed versions are, and what time it is there.

use std::path::Path;

use geo::Time;
use node::clock::NodeClock;
use node::config::Config;
use node::keyring::Keyring;
use node::versions::Versions;
use share::identity::NodeKey;
use share::policy::version::Version;

use super::PolicyFailure;

/// The agreement of one node.
pub struct Home {
    pub config: Config,
    pub keyring: Keyring,
    pub versions: Versions,
}

impl Home {
    /// Reads the configuration, the rosters and the signed versions.
    pub fn open(config: &Path) -> Result<Self, PolicyFailure> {
        let config = Config::read(config)?;
        let keyring = Keyring::open(&config.identity)?;
        let mut versions = Versions::new(&config.policies, keyring.own());
        versions.look()?;
        Ok(Self {
            config,
            keyring,
            versions,
        })
    }

    /// The time by the clock of the node, which may be that of an exercise; to the millisecond, rounded down.
    pub fn now(&self) -> Time {
        let ns = NodeClock::start(self.config.clock.exercise).now().tai_ns();
        Time::from_tai_ns(ns - ns.rem_euclid(1_000_000))
    }

    /// The newest version.
    pub fn newest(&self) -> Result<&Version, PolicyFailure> {
        let newest = self.versions.history().versions().last();
        newest.ok_or_else(|| PolicyFailure::NoVersion {
            folder: self.versions.folder().to_owned(),
        })
    }

    /// A private key of a file, or the node's.
    pub fn key(&self, path: Option<&Path>) -> Result<NodeKey, PolicyFailure> {
        match path {
            Some(path) => read_key(path),
            None => Ok(self.keyring.node_key()?),
        }
    }
}

/// Reads a private key.
pub fn read_key(path: &Path) -> Result<NodeKey, PolicyFailure> {
    Ok(node::keyring::read_private_key(path)?)
}
