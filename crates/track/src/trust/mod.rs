//! Which sensors are believed: what each does is held against what the others see, and a sensor at fault is named, and
//! changes no track until it has behaved for a while.
//!
//! Part of the fold: everything here follows from frames in the order of measurement. A sensor is only judged by
//! others that support a track at the same time; alone it is never contained for what it sees, only for what no sensor
//! does (a flood, one plot for ever, the past once more).

mod agreement;
mod conduct;
mod contrast;
mod judge;
mod probe;
mod rate;
mod refine;
mod repeats;
mod said;
mod scatter;
mod stale;

pub(crate) use conduct::Conduct;
pub(crate) use judge::{learn, looked, remember, screen};
pub(crate) use probe::is_supported;
pub(crate) use scatter::QUANTITIES;

use std::fmt;

use geo::Time;
use geo::angle::RAD_PER_DEG;
use plot::Quantity;

/// How far a sensor is believed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its plots are used.
    Trusted,
    /// Its plots are used; something is wrong with them.
    Suspect,
    /// Its plots are counted, and change no track.
    Contained,
}

impl Standing {
    /// The name in files: `trusted`, `suspect`, `contained`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Suspect => "suspect",
            Self::Contained => "contained",
        }
    }
}

/// What is wrong with a sensor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Fault {
    /// Its azimuths run the wrong way round: its plots are where others see objects once they are mirrored.
    Mirrored,
    /// It does not see what it saw and others still see, and sees other things where others see nothing.
    Disagrees,
    /// Its clock jumped.
    Clock {
        /// By how much, positive: ahead.
        jump_s: f64,
    },
    /// It repeats its last plot.
    Repeats,
    /// It says positions that it said before of what has moved on; those are not used.
    Old,
    /// Far more plots than it ever had.
    Flood {
        /// Its budget, by what it had before.
        budget_per_s: u32,
    },
    /// It states to measure far better than it does.
    Accuracy {
        /// What.
        quantity: Quantity,
        /// Standard deviation stated, m, rad or m/s.
        stated: f64,
        /// Standard deviation seen, or borne out before, m, rad or m/s.
        seen: f64,
    },
}

impl Fault {
    /// The name in files.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Mirrored => "mirrored_azimuth",
            Self::Disagrees => "disagrees",
            Self::Clock { .. } => "clock",
            Self::Repeats => "repeats",
            Self::Old => "old_positions",
            Self::Flood { .. } => "flood",
            Self::Accuracy { .. } => "accuracy",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mirrored => f.write_str("its azimuths are mirrored: mirrored back, its plots fit what others see"),
            Self::Disagrees => f.write_str("it misses what it saw and others see, and sees what no other sensor does"),
            Self::Clock { jump_s } => {
                let way = if *jump_s < 0.0 { "back" } else { "ahead" };
                write!(f, "its clock jumped {way} by {:.0} s", jump_s.abs())
            }
            Self::Repeats => f.write_str("it repeats its last plot"),
            Self::Old => f.write_str("it says old positions as if they were new"),
            Self::Flood { budget_per_s } => write!(f, "it floods: more than {budget_per_s} plots in a second"),
            Self::Accuracy { quantity, stated, seen } => {
                let (scale, unit) = match quantity {
                    Quantity::Azimuth | Quantity::Elevation => (1.0 / RAD_PER_DEG, "deg"),
                    Quantity::RangeRate => (1.0, "m/s"),
                    _ => (1.0, "m"),
                };
                let (stated, seen) = (stated * scale, seen * scale);
                let name = quantity.name();
                write!(
                    f,
                    "it states {name} to {stated:.2e} {unit}; it scatters by {seen:.2e} {unit}"
                )
            }
        }
    }
}

/// Something that happened to the trust in a sensor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SensorEvent {
    /// When.
    pub time: Time,
    /// Place of the sensor in the list.
    pub sensor: usize,
    /// How far it is believed from now on.
    pub standing: Standing,
    /// What is wrong, or was until now.
    pub fault: Fault,
}
