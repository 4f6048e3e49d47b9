//! Which sensors are not believed as they are, by what the picture of everything made of their plots.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use track::{SensorEvent, Standing};

/// Sensors that are believed otherwise from some time on, by their names in pictures.
pub type Judged = Vec<(Arc<str>, SensorEvent)>;

/// The sensors that are not believed as they are, with what is wrong.
#[derive(Debug, Default)]
pub(super) struct Doubts(BTreeMap<Arc<str>, SensorEvent>);

impl Doubts {
    /// Takes in what has changed.
    pub fn note(&mut self, judged: &Judged) {
        for (sensor, event) in judged {
            match event.standing {
                Standing::Trusted => self.0.remove(sensor),
                Standing::Suspect | Standing::Contained => self.0.insert(sensor.clone(), *event),
            };
        }
    }

    /// As programs and people read them.
    pub fn shown(&self) -> Vec<DoubtShown> {
        self.0.iter().map(DoubtShown::of).collect()
    }
}

/// A sensor that is not believed as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DoubtShown {
    /// Its name in pictures: `owner/sensor`.
    pub sensor: String,
    /// `suspect`: its plots are used. `contained`: they change no track.
    pub standing: String,
    /// What is wrong, by its name in files,
    pub kind: String,
    /// and in words.
    pub fault: String,
    /// Since when, UTC.
    pub since: String,
}

impl DoubtShown {
    fn of((sensor, event): (&Arc<str>, &SensorEvent)) -> Self {
        Self {
            sensor: sensor.to_string(),
            standing: event.standing.name().to_owned(),
            kind: event.fault.name().to_owned(),
            fault: event.fault.to_string(),
            since: event.time.to_string(),
        }
    }
}
