//! A federation on one machine: a folder for each owner, with all that its node needs, and all owners know each other.
//!
//! ```text
//! <folder>/<owner>/keys/…, roster/…    who it is, and who its partners are (crate::keyring)
//!                  sensors.toml        its sensors
//!                  policies/…          what it gives its partners, as people write it
//!                  policies/signed/…   the same, signed: what holds
//!                  node.toml           where its node listens, and where its partners are
//! ```
//!
//! Nothing private is shared between the folders: each could be moved to a machine of its own.

mod files;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use geo::Time;
use plot::Sensors;
use share::identity::{NodeKey, OwnerError, owner_name};
use share::policy::Agreement;
use share::policy::shipped::{common, of_rules};
use share::policy::version::{VersionError, sign};

use crate::keyring::{Keyring, KeyringError, New, Seed, Terms};
use crate::versions::file_of;

/// Owners of one federation, at most.
pub const OWNERS_MAX: usize = 16;
/// The names and addresses under which nodes of one machine reach each other.
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A federation cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// Too few owners, or too many.
    #[error("{owners} owners; a federation has 2 to {OWNERS_MAX}")]
    Owners {
        /// How many.
        owners: usize,
    },
    /// An owner cannot have that name.
    #[error(transparent)]
    Name(#[from] OwnerError),
    /// Two owners have names that some file systems cannot tell apart.
    #[error("the owner {name:?} is there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// An owner has no sensor.
    #[error("no sensor is of the owner {owner:?}; owners are {}", known.join(", "))]
    NoSensor {
        /// The owner.
        owner: String,
        /// The owners of the sensors.
        known: Vec<String>,
    },
    /// Its sensors cannot be written as a file.
    #[error("the sensors of {owner}: {source}")]
    Sensors {
        /// The owner.
        owner: String,
        /// Why.
        source: wire::WriteError,
    },
    /// There are not ports enough from that one on.
    #[error("from port {port} on there are not enough for all links")]
    Ports {
        /// The first.
        port: u16,
    },
    /// Keys or rosters.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The release policy of an owner.
    #[error("the policy of {owner}: {source}")]
    Policy {
        /// The owner.
        owner: Arc<str>,
        /// What is wrong.
        source: VersionError,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What a federation is made of.
#[derive(Debug)]
pub struct Federation<'a> {
    /// The folder that holds those of the owners.
    pub folder: &'a Path,
    /// Their names.
    pub owners: &'a [String],
    /// For each owner the seeds of its root key and its node's key, from a good source of chance.
    pub seeds: &'a [[Seed; 2]],
    /// The sensors; each owner gets its own. Without any, each gets a radar that is notional.
    pub sensors: Option<&'a Sensors>,
    /// What each owner gives its partners, in Cedar; without it, what is said in `share`'s `policy/common`.
    pub rules: Option<&'a str>,
    /// The first port of the links; one for each pair follows.
    pub port: u16,
    /// Until when rosters and certificates last.
    pub terms: Terms,
}

/// One owner of a federation that was made.
#[derive(Debug)]
pub struct Member {
    /// Its folder.
    pub folder: PathBuf,
    /// Who it is, and whom it believes.
    pub keyring: Keyring,
}

impl Federation<'_> {
    /// Makes the folders.
    ///
    /// Errors: [`InitError`]; where keys are already, nothing of that owner is changed.
    pub fn make(&self) -> Result<Vec<Member>, InitError> {
        let owners = self.names()?;
        let sensors = owners.iter().enumerate().map(|(at, owner)| self.sensors_of(at, owner));
        let sensors = sensors.collect::<Result<Vec<_>, _>>()?;
        let plan = files::Plan::new(self.port, owners.len()).ok_or(InitError::Ports { port: self.port })?;
        let mut members = Vec::new();
        for (owner, [root, node]) in owners.iter().zip(self.seeds) {
            let folder = self.folder.join(&**owner);
            let hosts = Some(HOSTS.map(str::to_owned).to_vec());
            let terms = Terms {
                hosts,
                ..self.terms.clone()
            };
            let keyring = Keyring::create(
                &folder,
                &New {
                    owner,
                    root,
                    node,
                    terms,
                },
            )?;
            members.push(Member { folder, keyring });
        }
        let rosters: Vec<_> = members.iter().map(|member| member.keyring.sealed().clone()).collect();
        for member in &mut members {
            let own = member.keyring.owner().clone();
            for sealed in rosters.iter().filter(|sealed| sealed.roster().owner != own) {
                // Made a moment ago by this very program: nobody stands between.
                let root = sealed.roster().root.id();
                member.keyring.trust(sealed, Some(root), false, self.terms.now)?;
            }
        }
        for (at, member) in members.iter().enumerate() {
            let partners = owners.iter().filter(|owner| *owner != member.keyring.owner());
            let [root, _] = &self.seeds[at];
            self.write(member, partners.cloned().collect(), &sensors[at], root)?;
            let path = member.folder.join("node.toml");
            write(&path, plan.node_toml(at, &members).as_bytes())?;
        }
        Ok(members)
    }

    fn names(&self) -> Result<Vec<Arc<str>>, InitError> {
        let owners = self.owners.len();
        if !(2..=OWNERS_MAX).contains(&owners) || self.seeds.len() != owners {
            return Err(InitError::Owners { owners });
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        for name in self.owners {
            let name = owner_name(name)?;
            if names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
                let name = name.to_string();
                return Err(InitError::Twice { name });
            }
            names.push(name);
        }
        Ok(names)
    }

    /// The sensors of one owner, as names and as the text of a file.
    fn sensors_of(&self, at: usize, owner: &str) -> Result<(Vec<Arc<str>>, Vec<u8>), InitError> {
        let Some(all) = self.sensors else {
            let (name, text) = files::notional_radar(at, owner);
            return Ok((vec![name], text.into_bytes()));
        };
        let mut own = Sensors::default();
        for sensor in all.as_slice().iter().filter(|sensor| *sensor.owner == *owner) {
            // Names are different in a list of sensors.
            let _no_duplicate = own.insert(sensor.clone());
        }
        if own.as_slice().is_empty() {
            let mut known: Vec<_> = all.as_slice().iter().map(|sensor| sensor.owner.to_string()).collect();
            known.sort_unstable();
            known.dedup();
            let owner = owner.to_owned();
            return Err(InitError::NoSensor { owner, known });
        }
        let names = own.as_slice().iter().map(|sensor| sensor.name.clone()).collect();
        let mut text = Vec::new();
        let written = wire::write_sensors(&mut text, &own);
        written.map_err(|source| InitError::Sensors {
            owner: owner.to_owned(),
            source,
        })?;
        Ok((names, text))
    }

    /// Writes the sensors of one owner, and the policy with its first version, signed.
    fn write(
        &self,
        member: &Member,
        partners: Vec<Arc<str>>,
        (names, text): &(Vec<Arc<str>>, Vec<u8>),
        root: &Seed,
    ) -> Result<(), InitError> {
        write(&member.folder.join("sensors.toml"), text)?;
        let owner = member.keyring.owner().clone();
        let partners: Vec<&str> = partners.iter().map(|name| &**name).collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        // A whole second, as people write it.
        let ns = self.terms.now.tai_ns();
        let dated = Time::from_tai_ns(ns - ns.rem_euclid(1_000_000_000));
        let agreement = Agreement::first(&owner, &partners, &names, dated);
        let policies = member.folder.join("policies");
        let files = match self.rules {
            Some(rules) => of_rules(rules, &agreement),
            None => common(&agreement),
        };
        let signed = files
            .map_err(VersionError::from)
            .and_then(|files| sign(&files, None, &NodeKey::from_seed(root)));
        let version = signed.map_err(|source| InitError::Policy { owner, source })?;
        for file in version.files.list() {
            write(&policies.join(&*file.name), file.text.as_bytes())?;
        }
        write(&file_of(&policies, version.number), &version.octets)
    }
}

fn write(path: &Path, octets: &[u8]) -> Result<(), InitError> {
    let write = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, octets)
    };
    write().map_err(|source| InitError::Write {
        path: path.to_owned(),
        source,
    })
}

impl InitError {
    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Owners { .. } | Self::Name(_) | Self::Twice { .. } => "Name them by comma: --owners japan,korea,usa.",
            Self::NoSensor { .. } | Self::Sensors { .. } => "Correct the file of --sensors, or leave it out.",
            Self::Ports { .. } => "Choose a lower --port.",
            Self::Keyring(error) => error.advice(),
            Self::Policy { .. } => "Write the names of sensors so that a policy can have them.",
            Self::Write { .. } => "Check that you may write there and that there is room.",
        }
    }
}

#[cfg(test)]
mod tests;
