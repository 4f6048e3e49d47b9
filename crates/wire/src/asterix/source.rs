//! Who sent a record: the two numbers of a data source, and the sensors that stand for them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use geo::Site;
use plot::Sensors;

use super::octets::octet;

/// A data source: system area code and system identification code.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// System area code: whose it is (20 is Spain).
    pub sac: u8,
    /// System identification code: which of theirs it is.
    pub sic: u8,
}

impl Source {
    /// Reads item 010.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self {
            sac: octet(bytes, 0),
            sic: octet(bytes, 1),
        }
    }
}

/// `20-129`: the name a source has where no sensor stands for it.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.sac, self.sic)
    }
}

/// What is known of a source beside its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// The name of the sensor that stands for it.
    pub name: Arc<str>,
    /// Where it stands: the origin of positions that are stated in its plane.
    pub site: Option<Site>,
}

/// Which sensor stands for which source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    stations: HashMap<Source, Station>,
}

impl Sources {
    /// Takes every sensor whose file gives its `sac` and `sic`, or whose name is that of a source (`20-129`).
    pub fn of(sensors: &Sensors) -> Self {
        let mut sources = Self::default();
        for sensor in sensors.as_slice() {
            let by_name = || {
                let (sac, sic) = sensor.name.split_once('-')?;
                let source = Source {
                    sac: sac.parse().ok()?,
                    sic: sic.parse().ok()?,
                };
                (*source.to_string() == *sensor.name).then_some(source)
            };
            let by_keys = sensor.data_source.map(|[sac, sic]| Source { sac, sic });
            if let Some(source) = by_keys.or_else(by_name) {
                let station = Station {
                    name: sensor.name.clone(),
                    site: Some(sensor.site),
                };
                sources.insert(source, station);
            }
        }
        sources
    }

    /// Says which station stands for a source, in place of any other.
    pub fn insert(&mut self, source: Source, station: Station) {
        self.stations.insert(source, station);
    }

    /// The station of a source, if one was named.
    pub fn get(&self, source: Source) -> Option<&Station> {
        self.stations.get(&source)
    }

    /// The station of a source; one without a place and with the name `SAC-SIC` is made where none was named.
    pub fn station(&mut self, source: Source) -> &Station {
        self.stations.entry(source).or_insert_with(|| Station {
            name: source.to_string().into(),
            site: None,
        })
    }
}
