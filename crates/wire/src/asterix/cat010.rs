//! CAT010, surface movement: reports of a surface radar or of multilateration, and how their station does.
//!
//! Source: EUROCONTROL-SPEC-0149-7 (ASTERIX Part 7, category 010), edition 1.1.

use std::f64::consts::TAU;

use geo::Geodetic;

use super::cat048::{FlightLevel, GroundVector, ModeA, SlantPosition};
use super::fault::FaultReason;
use super::octets::{Callsign, FT_M, TURN_16_RAD, bit, octet, signed, time_of_day_s, unsigned};
use super::place::{degrees, is_place};
use super::register::Register;
use super::source::Source;
use super::uap::Layout::{Explicit, Extended, Fixed, Repetitive};
use super::uap::{Items, RE, Row, SP, SPARE};

const PROFILE: &[Row] = &[
    (10, Fixed(2)),
    (0, Fixed(1)),
    (20, Extended(1)),
    (140, Fixed(3)),
    (41, Fixed(8)),
    (40, Fixed(4)),
    (42, Fixed(4)),
    (200, Fixed(4)),
    (202, Fixed(4)),
    (161, Fixed(2)),
    (170, Extended(1)),
    (60, Fixed(2)),
    (220, Fixed(3)),
    (245, Fixed(7)),
    (250, Repetitive(8)),
    (300, Fixed(1)),
    (90, Fixed(2)),
    (91, Fixed(2)),
    (270, Extended(1)),
    (550, Fixed(1)),
    (310, Fixed(1)),
    (500, Fixed(4)),
    (280, Repetitive(2)),
    (131, Fixed(1)),
    (210, Fixed(2)),
    SPARE,
    (SP, Explicit),
    (RE, Explicit),
];

/// I010/000: what a message is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SurfaceMessage {
    /// A report of an object.
    Target,
    /// The next reports are of a new update.
    UpdateBegins,
    /// How the station does, at intervals.
    Status,
    /// How the station does, as it changed.
    StatusChanged,
    /// A number that the specification does not name.
    Other(u8),
}

/// I010/020 TYP: how the object was found.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SurfaceDetection {
    /// Multilateration of Mode A and C replies.
    SecondaryMultilateration,
    /// Multilateration of Mode S.
    ModeSMultilateration,
    /// ADS-B.
    AdsB,
    /// Primary radar.
    Primary,
    /// Magnetic loops.
    MagneticLoop,
    /// Multilateration at HF.
    HfMultilateration,
    /// Not defined, or of another kind.
    Other,
}

/// I010/020: how the object was found, and what kind of report it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct SurfaceDescriptor {
    /// How it was found.
    pub detection: SurfaceDetection,
    /// Its transponder says that it is on the ground.
    pub on_ground: bool,
    /// Made by a simulator.
    pub simulated: bool,
    /// Made to test the system.
    pub test: bool,
    /// Of a fixed transponder.
    pub field_monitor: bool,
}

/// I010/270: how large the object is.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TargetSize {
    /// Length.
    pub length_m: f64,
    /// Direction of its length, clockwise from north.
    pub orientation_rad: Option<f64>,
    /// Width.
    pub width_m: Option<f64>,
}

/// One message of a surface radar or of multilateration.
#[derive(Clone, Debug, PartialEq)]
pub struct Cat010 {
    /// I010/010: who sent it.
    pub source: Source,
    /// I010/000: what it is.
    pub message: SurfaceMessage,
    /// I010/140: seconds since midnight UTC.
    pub time_of_day_s: Option<f64>,
    /// I010/020: how the object was found.
    pub descriptor: Option<SurfaceDescriptor>,
    /// I010/041: latitude and longitude; the height is 0 and says nothing.
    pub geodetic: Option<Geodetic>,
    /// I010/040: range and azimuth from the station.
    pub position: Option<SlantPosition>,
    /// I010/042: metres east and north of the station's reference point.
    pub plane_position_m: Option<[f64; 2]>,
    /// I010/200: velocity of the station's own track.
    pub track_velocity: Option<GroundVector>,
    /// I010/202: the same, metres per second east and north.
    pub plane_velocity_mps: Option<[f64; 2]>,
    /// I010/161: number of that track.
    pub track: Option<u16>,
    /// I010/170 CST, TRE: the position is extrapolated; the track ends with this report.
    pub coasting: bool,
    /// See `coasting`.
    pub ended: bool,
    /// I010/060: the code the pilot dialled.
    pub mode_3a: Option<ModeA>,
    /// I010/220: Mode S address.
    pub address: Option<u32>,
    /// I010/245: call sign or registration.
    pub callsign: Option<Callsign>,
    /// I010/250: registers that the aircraft sent.
    pub registers: Vec<Register>,
    /// I010/090: pressure altitude.
    pub flight_level: Option<FlightLevel>,
    /// I010/091: height above the station's plane.
    pub height_m: Option<f64>,
    /// I010/270: size.
    pub size: Option<TargetSize>,
    /// I010/500: standard deviations of the plane position, east and north.
    pub position_sigma_m: Option<[f64; 2]>,
}

impl Cat010 {
    fn empty() -> Self {
        Self {
            source: Source { sac: 0, sic: 0 },
            message: SurfaceMessage::Other(0),
            time_of_day_s: None,
            descriptor: None,
            geodetic: None,
            position: None,
            plane_position_m: None,
            track_velocity: None,
            plane_velocity_mps: None,
            track: None,
            coasting: false,
            ended: false,
            mode_3a: None,
            address: None,
            callsign: None,
            registers: Vec::new(),
            flight_level: None,
            height_m: None,
            size: None,
            position_sigma_m: None,
        }
    }

    /// Reads the record at the front of some bytes; returns what follows too.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), FaultReason> {
        let mut items = Items::new(PROFILE, bytes)?;
        let mut record = Self::empty();
        let mut source = None;
        let pair = |value: &[u8], scale: f64| [0, 2].map(|at| f64::from(signed(value, at, 2)) * scale);
        while let Some((item, value)) = items.next()? {
            match item {
                10 => source = Some(Source::read(value)),
                0 => record.message = message(octet(value, 0)),
                20 => record.descriptor = Some(descriptor(value)),
                140 => record.time_of_day_s = Some(time_of_day_s(value)),
                41 => record.geodetic = geodetic(degrees(value, 4, 31)),
                40 => {
                    record.position = Some(SlantPosition {
                        range_m: f64::from(unsigned(value, 0, 2)),
                        azimuth_rad: f64::from(unsigned(value, 2, 2)) * TURN_16_RAD,
                    });
                }
                42 => record.plane_position_m = Some(pair(value, 1.0)),
                200 => record.track_velocity = Some(GroundVector::read(value)),
                202 => record.plane_velocity_mps = Some(pair(value, 0.25)),
                161 => record.track = Some((unsigned(value, 0, 2) & 0xfff) as u16),
                170 => {
                    let first = octet(value, 0);
                    record.ended = bit(first, 7);
                    record.coasting = first >> 4 & 3 != 0;
                }
                60 => record.mode_3a = Some(ModeA::read(value)),
                220 => record.address = Some(unsigned(value, 0, 3)),
                245 => record.callsign = Some(Callsign::read(&value[1..])),
                250 => record.registers = value[1..].chunks_exact(8).map(Register::read).collect(),
                90 => record.flight_level = Some(FlightLevel::read(value)),
                91 => record.height_m = Some(f64::from(signed(value, 0, 2)) * 6.25 * FT_M),
                270 => record.size = Some(size(value)),
                500 => record.position_sigma_m = Some([0, 1].map(|at| f64::from(octet(value, at)) * 0.25)),
                _ => {}
            }
        }
        record.source = source.ok_or(FaultReason::NoSource)?;
        Ok((record, items.rest()))
    }
}

fn message(number: u8) -> SurfaceMessage {
    match number {
        1 => SurfaceMessage::Target,
        2 => SurfaceMessage::UpdateBegins,
        3 => SurfaceMessage::Status,
        4 => SurfaceMessage::StatusChanged,
        other => SurfaceMessage::Other(other),
    }
}

fn descriptor(value: &[u8]) -> SurfaceDescriptor {
    let (first, second) = (octet(value, 0), octet(value, 1));
    SurfaceDescriptor {
        detection: match first >> 5 {
            0 => SurfaceDetection::SecondaryMultilateration,
            1 => SurfaceDetection::ModeSMultilateration,
            2 => SurfaceDetection::AdsB,
            3 => SurfaceDetection::Primary,
            4 => SurfaceDetection::MagneticLoop,
            5 => SurfaceDetection::HfMultilateration,
            _ => SurfaceDetection::Other,
        },
        on_ground: bit(first, 3),
        simulated: bit(second, 8),
        test: bit(second, 7),
        field_monitor: bit(second, 6),
    }
}

/// A place of degrees; `None` where no place has them.
fn geodetic([lat_deg, lon_deg]: [f64; 2]) -> Option<Geodetic> {
    is_place([lat_deg, lon_deg]).then(|| Geodetic::from_degrees(lat_deg, crate::degrees::longitude_deg(lon_deg), 0.0))
}

/// Length, orientation and width, seven bits each.
fn size(value: &[u8]) -> TargetSize {
    let part = |at: usize| value.get(at).map(|octet| f64::from(octet >> 1));
    TargetSize {
        length_m: part(0).unwrap_or(0.0),
        orientation_rad: part(1).map(|steps| steps * TAU / 128.0),
        width_m: part(2),
    }
}
