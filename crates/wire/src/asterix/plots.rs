//! From records to plots: what a record says that one sensor measured, and why some say nothing of the kind.

use std::sync::Arc;

use geo::Time;
use plot::{Measurement, Plot, Polar, Sigmas};

use super::cat048::{Cat048, Detection};
use super::source::Station;

/// Why a record is no plot.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NoPlot {
    /// It speaks of the sensor itself, or of the state of a service.
    #[error("it is a message about the sensor")]
    Service,
    /// It has no time of day, a time no day has, or nobody said which day it is.
    #[error("it has no time")]
    NoTime,
    /// It states no position.
    #[error("it has no position")]
    NoPosition,
    /// Its position has no height, and nothing says that it stands on the ground.
    #[error("its position has no height")]
    NoHeight,
    /// Its position is relative to a place that nobody gave.
    #[error("its position is relative to a sensor whose place is not known")]
    NoSite,
    /// Its radar did not see the object in this scan.
    #[error("it is extrapolated, not measured")]
    NotDetected,
    /// A simulator or a test made it.
    #[error("it is simulated or a test")]
    Simulated,
    /// It is of a transponder fixed to the ground.
    #[error("it is of a fixed transponder")]
    FieldMonitor,
    /// A number beyond what can be.
    #[error("a value is beyond its physical limits")]
    Limits,
}

impl NoPlot {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Service,
        Self::NoTime,
        Self::NoPosition,
        Self::NoHeight,
        Self::NoSite,
        Self::NotDetected,
        Self::Simulated,
        Self::FieldMonitor,
        Self::Limits,
    ];
}

/// A plot of a measurement, with a Mode S address as the identity claimed: six hexadecimal digits, lower case.
pub(super) fn plot(
    time: Option<Time>,
    station: &Station,
    measurement: Measurement,
    address: Option<u32>,
) -> Result<Plot, NoPlot> {
    Ok(Plot {
        time: time.ok_or(NoPlot::NoTime)?,
        sensor: station.name.clone(),
        measurement,
        sigmas: Sigmas::default(),
        snr_db: None,
        target: address.map(|address| Arc::from(format!("{address:06x}"))),
        truth: None,
    })
}

/// Slant range and azimuth, and beside them the pressure altitude where the radar believes it.
pub(super) fn of_cat048(record: &Cat048, time: Option<Time>, station: &Station) -> Result<Plot, NoPlot> {
    if let Some(descriptor) = record.descriptor {
        if descriptor.simulated || descriptor.test {
            return Err(NoPlot::Simulated);
        }
        if descriptor.field_monitor {
            return Err(NoPlot::FieldMonitor);
        }
        if descriptor.detection == Detection::None {
            return Err(NoPlot::NotDetected);
        }
    }
    let position = record.position.ok_or(NoPlot::NoPosition)?;
    let exceeded = record.descriptor.is_some_and(|descriptor| descriptor.range_exceeded);
    let polar = Polar {
        range_m: (!exceeded).then_some(position.range_m),
        azimuth_rad: Some(position.azimuth_rad),
        pressure_altitude_m: record.flight_level.and_then(|level| level.believed_m()),
        ..Polar::default()
    };
    plot(time, station, Measurement::Polar(polar), record.address)
}
