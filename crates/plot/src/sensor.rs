//! Who measures, from where, how well.

use std::sync::Arc;

use geo::{Geodetic, Site};

use crate::Sigmas;

/// One kind of value that a sensor measures.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// Slant range.
    Range,
    /// Azimuth.
    Azimuth,
    /// Elevation.
    Elevation,
    /// Range rate.
    RangeRate,
    /// A stated position.
    Position,
    /// A stated velocity.
    Velocity,
}

impl Quantity {
    /// All of them, in the order of files.
    pub const ALL: [Self; 6] = [
        Self::Range,
        Self::Azimuth,
        Self::Elevation,
        Self::RangeRate,
        Self::Position,
        Self::Velocity,
    ];

    /// The name in sensor files (`measures = ["range", …]`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Azimuth => "azimuth",
            Self::Elevation => "elevation",
            Self::RangeRate => "range_rate",
            Self::Position => "position",
            Self::Velocity => "velocity",
        }
    }
}

/// One radar or other source.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensor {
    /// Unique name, as plots give it.
    pub name: Arc<str>,
    /// The organisation that runs it.
    pub owner: Arc<str>,
    /// Where it stands, and the frame it measures in.
    pub site: Site,
    /// What it measures, without duplicates, sorted.
    pub measures: Vec<Quantity>,
    /// Standard deviations of single plots, noise only.
    pub sigmas: Sigmas,
    /// Prior standard deviations of constant errors (biases), where the owner states them.
    pub bias_sigmas: Sigmas,
    /// Prior standard deviation of a constant error of its clock, where the owner states it.
    pub time_bias_sigma_s: Option<f64>,
    /// Where it can see.
    pub coverage: Coverage,
    /// Time between looks at the same place.
    pub scan_s: Option<f64>,
    /// Time from measurement to delivery.
    pub latency_s: Option<f64>,
    /// How often it sees what is there, and what is not.
    pub detection: Detection,
    /// Its numbers in ASTERIX recordings: system area code and system identification code.
    pub data_source: Option<[u8; 2]>,
}

/// The volume a sensor can see; what is absent does not limit.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Largest slant range.
    pub range_max_m: Option<f64>,
    /// The sector begins here and runs clockwise, in [0, 2π).
    pub azimuth_from_rad: Option<f64>,
    /// The sector ends here, in [0, 2π).
    pub azimuth_to_rad: Option<f64>,
    /// Lowest elevation.
    pub elevation_min_rad: Option<f64>,
    /// Highest elevation.
    pub elevation_max_rad: Option<f64>,
}

/// How often a sensor reports what is there, and what is not.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// Probability of a plot of an object in coverage, per scan, in (0, 1].
    pub probability: Option<f64>,
    /// Expected number of plots of nothing, per scan.
    pub false_alarms_per_scan: Option<f64>,
}

impl Sensor {
    /// Makes a sensor that measures everything polar, with nothing else stated.
    pub fn new(name: &str, owner: &str, place: Geodetic) -> Self {
        Self {
            name: name.into(),
            owner: owner.into(),
            site: Site::new(place),
            measures: vec![Quantity::Range, Quantity::Azimuth, Quantity::Elevation],
            sigmas: Sigmas::default(),
            bias_sigmas: Sigmas::default(),
            time_bias_sigma_s: None,
            coverage: Coverage::default(),
            scan_s: None,
            latency_s: None,
            detection: Detection::default(),
            data_source: None,
        }
    }
}

/// The sensors of one file or owner, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sensors {
    list: Vec<Sensor>,
    /// Places in the list, in the order of names.
    by_name: Vec<usize>,
}

/// A plot names a sensor that is not in the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sensor {name:?} is not in the sensor file, which has {known:?}")]
pub struct SensorNotFound {
    /// The name looked for.
    pub name: Arc<str>,
    /// The names there are.
    pub known: Vec<Arc<str>>,
}

/// Two sensors have the same name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is already a sensor named {name:?}")]
pub struct DuplicateSensor {
    /// The name they share.
    pub name: Arc<str>,
}

impl Sensors {
    /// Adds a sensor. Errors: [`DuplicateSensor`], and then nothing is added.
    pub fn insert(&mut self, sensor: Sensor) -> Result<(), DuplicateSensor> {
        let Err(place) = self.find(&sensor.name) else {
            return Err(DuplicateSensor { name: sensor.name });
        };
        self.by_name.insert(place, self.list.len());
        self.list.push(sensor);
        Ok(())
    }

    /// The place of a name in the list. Errors: [`SensorNotFound`], with the names there are.
    pub fn index_of(&self, name: &str) -> Result<usize, SensorNotFound> {
        let found = self.find(name).map(|place| self.by_name[place]);
        found.map_err(|_| SensorNotFound {
            name: name.into(),
            known: self.list.iter().map(|sensor| sensor.name.clone()).collect(),
        })
    }

    /// Where a name stands in the order of names, or would stand.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.by_name.binary_search_by(|at| (*self.list[*at].name).cmp(name))
    }

    /// All of them, in the order of insertion.
    pub fn as_slice(&self) -> &[Sensor] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_is_found_where_it_was_put_and_each_name_is_there_once() {
        let names = ["m", "b", "z", "a", "bb", "日本", "", "M"];
        let mut sensors = Sensors::default();
        let named = |name: &str| Sensor::new(name, "owner", Geodetic::from_degrees(0.0, 0.0, 0.0));
        for (at, name) in names.iter().enumerate() {
            assert!(sensors.index_of(name).is_err());
            assert_eq!(sensors.insert(named(name)), Ok(()));
            assert!(sensors.insert(named(name)).is_err());
            for (place, known) in names[..=at].iter().enumerate() {
                assert_eq!(sensors.index_of(known), Ok(place));
                assert_eq!(&*sensors.as_slice()[place].name, *known);
            }
        }
        let unknown = sensors.index_of("c").expect_err("it was not put there");
        assert_eq!(unknown.known.len(), names.len());
    }
}
