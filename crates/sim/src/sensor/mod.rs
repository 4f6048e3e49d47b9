//! What a station sees of what flies: radars, optical and infrared lines of sight, reports of position.
//!
//! [`Station::look`] says what one dwell would give on average; [`observe()`] draws plots with a seed.
//!
//! ```text
//! Truth ──► in view? (sector, horizon, outage) ──► signal to noise ──► detected? ──► noise, bias, latency ──► Plot
//! ```
//!
//! Performance is notional: the figures follow from textbook laws and made-up parameters (see [`Preset`]), never from a
//! real radar. Plots are taken as corrected for refraction by the owner: the air decides what is above the horizon, and
//! what is left of its bending belongs to the elevation bias.

mod alarm;
mod apart;
mod bias;
mod check;
mod detection;
mod dwell;
mod expected;
mod horizon;
mod infrared;
mod look;
mod observe;
mod optical;
mod pace;
mod preset;
mod radar;
mod report;
mod schedule;
mod station;
mod transmission;

pub use bias::BiasTruth;
pub use detection::{Detector, Fluctuation};
pub use horizon::{Bending, Horizon, Mask};
pub use infrared::Infrared;
pub use look::Look;
pub use observe::{Observed, observe};
pub use optical::Optical;
pub use preset::Preset;
pub use radar::{Clutter, Face, Radar, RadarEquation};
pub use report::{AdsB, Ais, ClockFaults};
pub use schedule::Schedule;
pub use station::{Drift, Place, Source, Station, StationError};

#[cfg(test)]
mod tests;
