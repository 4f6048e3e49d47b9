//! The owner's policy, as the exchange asks it: what a partner gets of an own item now.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use geo::Time;
use plot::{Sensor, Sensors};
use share::exchange::{OwnItem, Release, Rules};
use share::item::{Body, Item, Label};
use share::policy::version::Version;
use share::policy::{Policy, PolicyError};
use share::release::{Own, Purpose, release};

/// How long until a sensor is asked for again that a partner needs only with its first full plot.
const SENSOR_AGAIN_S: f64 = 0.5;

/// Where items that were released are put, for the pictures that are compared with partners.
pub type Released = Arc<Mutex<Vec<Item>>>;

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
    /// Makes the rules of a version that was taken. Errors: what is wrong with its files.
    pub fn of(version: &Version, sensors: &Sensors, released: Released) -> Result<Self, PolicyError> {
        let policy = Policy::new(&version.files)?;
        let own = sensors
            .as_slice()
            .iter()
            .filter(|sensor| sensor.owner == *policy.owner());
        Ok(Self {
            version: name_of(version),
            sensors: own.map(|sensor| (sensor.name.clone(), sensor.clone())).collect(),
            given: RefCell::default(),
            released,
            policy,
        })
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

/// Names a version by its content.
pub fn name_of(version: &Version) -> [u8; 16] {
    std::array::from_fn(|at| version.hash.0[at])
}

impl Rules for NodeRules {
    fn version(&self) -> [u8; 16] {
        self.version
    }

    fn can_expire(&self) -> bool {
        self.policy.can_expire()
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
        let decision = self.policy.decide(partner, Purpose::OF_NODES, &own.subject, now);
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
