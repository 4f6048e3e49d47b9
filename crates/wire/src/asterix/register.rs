//! What an aircraft says of itself: Mode S registers of 56 bits (MB), each with its number (BDS).
//!
//! Source: ICAO Doc 9871 (Technical provisions for Mode S services and extended squitter), 2nd edition, tables A-2-64,
//! A-2-80 and A-2-96.

use geo::angle::{RAD_PER_DEG, wrap_tau};

use super::octets::{FT_M, KT_MPS, octet};

/// One register as it came.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Register {
    /// Its number, first digit in the high half: `0x50` for BDS 5,0.
    pub bds: u8,
    /// Its 56 bits.
    pub bytes: [u8; 7],
}

/// BDS 4,0, selected vertical intention: the part that tells of pressure.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct VerticalIntention {
    /// Altitude selected on the panel.
    pub selected_altitude_m: Option<f64>,
    /// Pressure set on the altimeter, hectopascals.
    pub pressure_setting_hpa: Option<f64>,
}

/// BDS 5,0, track and turn: how the aircraft moves over the ground, by its own instruments.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct TrackAndTurn {
    /// Roll, right wing down positive.
    pub roll_rad: Option<f64>,
    /// Direction of motion over the ground, clockwise from true north, in [0, 2π).
    pub track_rad: Option<f64>,
    /// Speed over the ground.
    pub ground_speed_mps: Option<f64>,
    /// Rate of the track angle, to the right positive.
    pub track_rate_radps: Option<f64>,
    /// True airspeed.
    pub true_airspeed_mps: Option<f64>,
}

/// BDS 6,0, heading and speed.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct HeadingAndSpeed {
    /// Magnetic heading, in [0, 2π).
    pub magnetic_heading_rad: Option<f64>,
    /// Indicated airspeed.
    pub indicated_airspeed_mps: Option<f64>,
    /// Mach number.
    pub mach: Option<f64>,
    /// Rate of climb by pressure.
    pub pressure_rate_mps: Option<f64>,
    /// Rate of climb by inertia.
    pub inertial_rate_mps: Option<f64>,
}

impl Register {
    /// Reads eight octets: seven of content and the number.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self {
            bds: octet(bytes, 7),
            bytes: std::array::from_fn(|i| octet(bytes, i)),
        }
    }

    /// Bits `first` to `last`, from 1, as a number.
    fn bits(&self, first: u32, last: u32) -> u64 {
        let all = self
            .bytes
            .iter()
            .fold(0, |all: u64, octet| all << 8 | u64::from(*octet));
        all >> (56 - last) & ((1 << (last - first + 1)) - 1)
    }

    /// The number in bits `first` to `last` behind a status bit, where that is set.
    fn unsigned(&self, status: u32, first: u32, last: u32) -> Option<f64> {
        (self.bits(status, status) == 1).then(|| self.bits(first, last) as f64)
    }

    /// The same in two's complement, its sign the first of the bits.
    fn signed(&self, status: u32, first: u32, last: u32) -> Option<f64> {
        let below = (1_u64 << (last - first + 1)) as f64;
        let number = self.unsigned(status, first, last)?;
        Some(if number >= below / 2.0 { number - below } else { number })
    }

    /// BDS 4,0; `None` for another register.
    pub fn vertical_intention(&self) -> Option<VerticalIntention> {
        (self.bds == 0x40).then(|| VerticalIntention {
            selected_altitude_m: self.unsigned(1, 2, 13).map(|steps| steps * 16.0 * FT_M),
            pressure_setting_hpa: self.unsigned(27, 28, 39).map(|steps| 800.0 + steps * 0.1),
        })
    }

    /// BDS 5,0; `None` for another register.
    pub fn track_and_turn(&self) -> Option<TrackAndTurn> {
        (self.bds == 0x50).then(|| TrackAndTurn {
            roll_rad: self.signed(1, 2, 11).map(|steps| steps * (45.0 / 256.0) * RAD_PER_DEG),
            track_rad: self
                .signed(12, 13, 23)
                .map(|steps| wrap_tau(steps * (90.0 / 512.0) * RAD_PER_DEG)),
            ground_speed_mps: self.unsigned(24, 25, 34).map(|steps| steps * 2.0 * KT_MPS),
            track_rate_radps: self.signed(35, 36, 45).map(|steps| steps * (8.0 / 256.0) * RAD_PER_DEG),
            true_airspeed_mps: self.unsigned(46, 47, 56).map(|steps| steps * 2.0 * KT_MPS),
        })
    }

    /// BDS 6,0; `None` for another register.
    pub fn heading_and_speed(&self) -> Option<HeadingAndSpeed> {
        let rate = |steps: f64| steps * 32.0 * FT_M / 60.0;
        (self.bds == 0x60).then(|| HeadingAndSpeed {
            magnetic_heading_rad: self
                .signed(1, 2, 12)
                .map(|steps| wrap_tau(steps * (90.0 / 512.0) * RAD_PER_DEG)),
            indicated_airspeed_mps: self.unsigned(13, 14, 23).map(|steps| steps * KT_MPS),
            mach: self.unsigned(24, 25, 34).map(|steps| steps * 2.048 / 512.0),
            pressure_rate_mps: self.signed(35, 36, 45).map(rate),
            inertial_rate_mps: self.signed(46, 47, 56).map(rate),
        })
    }
}
