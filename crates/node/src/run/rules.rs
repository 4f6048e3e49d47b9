//! The owner's policy, as the exchange asks it: what a partner gets of an own item now.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use geo::Time;
use plot::{Sensor, Sensors};
use sha2::{Digest, Sha256};
use share::exchange::{OwnItem, Release, Rules};
use share::item::{Body, Item, Label};
use share::policy::{AGREEMENT, AREAS, Files, Policy, PolicyError, RULES, Text};
use share::release::{Own, Purpose, release};

/// How long until a sensor is asked for again that a partner needs only with its first full plot.
const SENSOR_AGAIN_S: f64 = 0.5;

/// A policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A file or the folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There are too many files, or they are too long.
    #[error("{}: {}", folder.display(), lines(faults))]
    Files {
        /// The folder.
        folder: PathBuf,
        /// All that was found.
        faults: Vec<share::policy::Fault>,
    },
    /// What the files say cannot be used.
    #[error("in {}: {source}", folder.display())]
    Policy {
        /// The folder.
        folder: PathBuf,
        /// All that was found.
        source: PolicyError,
    },
    /// It is another owner's.
    #[error(
        "{}: the agreement is of {found:?}, this node is of {owner:?}: correct `owner` in one of the two",
        folder.display()
    )]
    Owner {
        /// The folder.
        folder: PathBuf,
        /// Whose it is.
        found: Arc<str>,
        /// Whose node this is.
        owner: Arc<str>,
    },
}

fn lines(faults: &[share::policy::Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where items that were released are put, for the pictures that are compared with partners.
pub type Released = Arc<Mutex<Vec<Item>>>;

/// The files of a policy, as they stand in its folder.
pub fn read_files(folder: &Path) -> Result<Files, RulesError> {
    let failed = |path: &Path, source| RulesError::Read {
        path: path.to_owned(),
        source,
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let path = entry.map_err(|source| failed(folder, source))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name == AGREEMENT || name == AREAS || name.ends_with(RULES) {
            let text = fs::read_to_string(&path).map_err(|source| failed(&path, source))?;
            texts.push(Text {
                name: name.into(),
                text: text.into(),
            });
        }
    }
    Files::new(texts).map_err(|faults| RulesError::Files {
        folder: folder.to_owned(),
        faults,
    })
}

/// Under which label a sensor is given.
type Labels = BTreeMap<Arc<str>, Arc<Label>>;

/// One version of the owner's policy.
#[derive(Debug)]
pub struct NodeRules {
    policy: Policy,
    version: [u8; 16],
    sensors: BTreeMap<Arc<str>, Sensor>,
    /// Of which sensor a partner has been given a full plot, and under which label.
    given: RefCell<BTreeMap<Arc<str>, Labels>>,
    released: Released,
}

impl NodeRules {
    /// Reads the policy of a folder. Errors: [`RulesError`], with all that is wrong.
    pub fn read(folder: &Path, owner: &Arc<str>, sensors: &Sensors, released: Released) -> Result<Self, RulesError> {
        let files = read_files(folder)?;
        Self::of(&files, folder, owner, sensors, released)
    }

    /// Makes the rules of files that were read.
    pub fn of(
        files: &Files,
        folder: &Path,
        owner: &Arc<str>,
        sensors: &Sensors,
        released: Released,
    ) -> Result<Self, RulesError> {
        let policy = Policy::new(files).map_err(|source| RulesError::Policy {
            folder: folder.to_owned(),
            source,
        })?;
        if policy.owner() != owner {
            return Err(RulesError::Owner {
                folder: folder.to_owned(),
                found: policy.owner().clone(),
                owner: owner.clone(),
            });
        }
        let own = sensors.as_slice().iter().filter(|sensor| sensor.owner == *owner);
        Ok(Self {
            policy,
            version: version(files),
            sensors: own.map(|sensor| (sensor.name.clone(), sensor.clone())).collect(),
            given: RefCell::default(),
            released,
        })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// In words, for the status.
    pub fn words(&self) -> String {
        let agreement = self.policy.agreement();
        let [a, b, c, d, ..] = self.version;
        format!(
            "version {} of {}, {a:02x}{b:02x}{c:02x}{d:02x}",
            agreement.version, agreement.dated
        )
    }

    /// A sensor goes to whoever has been given a full plot of it, and to nobody before.
    fn sensor(&self, partner: &Arc<str>, sensor: &Sensor, now: Time) -> Release {
        let given = self.given.borrow();
        match given.get(partner).and_then(|sensors| sensors.get(&sensor.name)) {
            Some(label) => Release {
                item: Some(Item {
                    origin: self.policy.owner().clone(),
                    label: Label::clone(label),
                    body: Body::Sensor(Box::new(sensor.clone())),
                }),
                again: None,
            },
            None => Release {
                item: None,
                again: Some(now + SENSOR_AGAIN_S),
            },
        }
    }

    fn note_given(&self, partner: &Arc<str>, sensor: &Arc<str>, label: &Arc<Label>) {
        let mut given = self.given.borrow_mut();
        if !given.contains_key(partner) {
            given.insert(partner.clone(), BTreeMap::new());
        }
        if let Some(sensors) = given.get_mut(partner)
            && !sensors.contains_key(sensor)
        {
            sensors.insert(sensor.clone(), label.clone());
        }
    }
}

/// Names the files by their content.
pub fn version(files: &Files) -> [u8; 16] {
    let mut digest = Sha256::new();
    for text in files.list() {
        for part in [&text.name, &text.text] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    let digest = digest.finalize();
    std::array::from_fn(|at| digest[at])
}

impl Rules for NodeRules {
    fn version(&self) -> [u8; 16] {
        self.version
    }

    fn release(&self, partner: &Arc<str>, own: &OwnItem, now: Time) -> Release {
        let from = self.policy.agreement().from;
        if now < from {
            return Release {
                item: None,
                again: Some(from),
            };
        }
        let has = match &own.body {
            Body::Sensor(sensor) => return self.sensor(partner, sensor, now),
            Body::Plot(plot) => Own {
                plot: self.sensors.get(&plot.sensor).map(|sensor| (&**plot, sensor)),
                ..Own::default()
            },
            Body::Track(track) => Own {
                track: Some(track),
                ..Own::default()
            },
            Body::Warning(warning) => Own {
                warning: Some(warning),
                ..Own::default()
            },
            Body::Coarse(_) => return Release::NOTHING,
        };
        let decision = self.policy.decide(partner, Purpose::Warning, &own.subject, now);
        if decision.failed {
            tracing::error!(partner = &**partner, rules = ?decision.stopped_by, "a rule failed: nothing goes out");
        }
        let Some(item) = release(self.policy.owner(), &decision, &has) else {
            return Release {
                item: None,
                again: decision.again,
            };
        };
        if let Body::Plot(plot) = &item.body {
            self.note_given(partner, &plot.sensor, &decision.label);
        }
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        // Two partners of one release group get the same.
        if released.last() != Some(&item) {
            released.push(item.clone());
        }
        Release {
            item: Some(item),
            again: None,
        }
    }
}
