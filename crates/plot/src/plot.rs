//! One report of one sensor.

use std::sync::Arc;

use geo::Time;

use crate::{Measurement, Sigmas};

/// One report of one sensor about one object: a radar dwell, an ADS-B or AIS position.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// When it was measured, by the sensor's clock.
    pub time: Time,
    /// Name of the sensor that measured it; plots of one file share the text.
    pub sensor: Arc<str>,
    /// What was measured.
    pub measurement: Measurement,
    /// Standard deviations stated for this plot alone.
    pub sigmas: Sigmas,
    /// Signal-to-noise ratio.
    pub snr_db: Option<f64>,
    /// An identity that the source claims, such as a Mode S address or an MMSI.
    pub target: Option<Arc<str>>,
    /// Which simulated object it came from. For scoring: no tracker and no fit reads it.
    pub truth: Option<Arc<str>>,
}
