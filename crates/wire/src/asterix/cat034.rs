//! CAT034, monoradar service messages: north and sector marks, the antenna's turn, where the radar stands.
//!
//! Source: EUROCONTROL-SPEC-0149-2b (ASTERIX Part 2b, category 034), edition 1.29.

use geo::Geodetic;

use super::fault::FaultReason;
use super::octets::{octet, signed, time_of_day_s, unsigned};
use super::source::Source;
use super::uap::Layout::{Compound, Explicit, Fixed, Repetitive, Spare};
use super::uap::{Items, RE, Row, SP};

const PROFILE: &[Row] = &[
    (10, Fixed(2)),
    (0, Fixed(1)),
    (30, Fixed(3)),
    (20, Fixed(1)),
    (41, Fixed(2)),
    (50, Compound(&[Fixed(1), Spare, Spare, Fixed(1), Fixed(1), Fixed(2)])),
    (60, Compound(&[Fixed(1), Spare, Spare, Fixed(1), Fixed(1), Fixed(1)])),
    (70, Repetitive(2)),
    (100, Fixed(8)),
    (110, Fixed(1)),
    (120, Fixed(8)),
    (90, Fixed(2)),
    (RE, Explicit),
    (SP, Explicit),
];

/// What a service message is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ServiceMessage {
    /// The antenna points north.
    NorthMarker,
    /// The antenna enters a sector.
    SectorCrossing,
    /// A geographical filter.
    GeographicalFilter,
    /// Jamming strobe.
    JammingStrobe,
    /// A storm message, solar storm and the like by later editions; the number as it came.
    Other(u8),
}

/// One service message of a radar.
#[derive(Clone, Debug, PartialEq)]
pub struct Cat034 {
    /// I034/010: who sent it.
    pub source: Source,
    /// I034/000: what it is about.
    pub message: ServiceMessage,
    /// I034/030: seconds since midnight UTC.
    pub time_of_day_s: Option<f64>,
    /// I034/020: azimuth at which the sector begins, clockwise from the radar's north.
    pub sector_rad: Option<f64>,
    /// I034/041: how long the antenna takes for a turn.
    pub rotation_s: Option<f64>,
    /// I034/120: where the radar stands, by its own word; height above the ellipsoid.
    pub position: Option<Geodetic>,
    /// I034/090: what the radar states of its own errors: added to range (m) and azimuth (rad).
    pub collimation: Option<[f64; 2]>,
}

impl Cat034 {
    /// Reads the record at the front of some bytes; returns what follows too.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), FaultReason> {
        let mut items = Items::new(PROFILE, bytes)?;
        let mut source = None;
        let mut record = Self {
            source: Source { sac: 0, sic: 0 },
            message: ServiceMessage::Other(0),
            time_of_day_s: None,
            sector_rad: None,
            rotation_s: None,
            position: None,
            collimation: None,
        };
        while let Some((item, value)) = items.next()? {
            match item {
                10 => source = Some(Source::read(value)),
                0 => record.message = message(octet(value, 0)),
                30 => record.time_of_day_s = Some(time_of_day_s(value)),
                20 => record.sector_rad = Some(f64::from(octet(value, 0)) * std::f64::consts::TAU / 256.0),
                41 => record.rotation_s = Some(f64::from(unsigned(value, 0, 2)) / 128.0),
                120 => record.position = Some(position(value)),
                90 => record.collimation = Some(collimation(value)),
                _ => {}
            }
        }
        record.source = source.ok_or(FaultReason::NoSource)?;
        Ok((record, items.rest()))
    }
}

fn message(number: u8) -> ServiceMessage {
    match number {
        1 => ServiceMessage::NorthMarker,
        2 => ServiceMessage::SectorCrossing,
        3 => ServiceMessage::GeographicalFilter,
        4 => ServiceMessage::JammingStrobe,
        other => ServiceMessage::Other(other),
    }
}

/// Height in metres, latitude and longitude in the 2^23th of 180°.
fn position(value: &[u8]) -> Geodetic {
    let degrees = |at| f64::from(signed(value, at, 3)) * 180.0 / f64::from(1 << 23);
    Geodetic::from_degrees(degrees(2), degrees(5), f64::from(signed(value, 0, 2)))
}

/// Range in the 128th of a nautical mile, azimuth in the 2^14th of a turn.
fn collimation(value: &[u8]) -> [f64; 2] {
    [
        f64::from(signed(value, 0, 1)) * super::octets::NM_M / 128.0,
        f64::from(signed(value, 1, 1)) * std::f64::consts::TAU / 16_384.0,
    ]
}
