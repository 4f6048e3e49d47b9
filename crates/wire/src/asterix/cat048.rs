//! CAT048, monoradar target reports: what one radar measured of one object, and what its transponder replied.
//!
//! Source: EUROCONTROL-SPEC-0149-4 (ASTERIX Part 4, category 048), edition 1.32; earlier ones, from 1.15 on, have the
//! same layout, and leave out that flight levels are signed.

use std::f64::consts::TAU;

use super::fault::FaultReason;
use super::octets::{
    Callsign, FT_M, NM_M, QUARTER_LEVEL_M, TURN_16_RAD, bit, extend, octet, signed, time_of_day_s, unsigned,
};
use super::register::Register;
use super::source::Source;
use super::uap::Layout::{Compound, Explicit, Extended, Fixed, Repetitive};
use super::uap::{Items, Layout, RE, Row, SP, parts};

const CHARACTERISTICS: &[Layout] = &[Fixed(1); 7];
const DOPPLER: &[Layout] = &[Fixed(2), Repetitive(6)];

const PROFILE: &[Row] = &[
    (10, Fixed(2)),
    (140, Fixed(3)),
    (20, Extended(1)),
    (40, Fixed(4)),
    (70, Fixed(2)),
    (90, Fixed(2)),
    (130, Compound(CHARACTERISTICS)),
    (220, Fixed(3)),
    (240, Fixed(6)),
    (250, Repetitive(8)),
    (161, Fixed(2)),
    (42, Fixed(4)),
    (200, Fixed(4)),
    (170, Extended(1)),
    (210, Fixed(4)),
    (30, Extended(1)),
    (80, Fixed(2)),
    (100, Fixed(4)),
    (110, Fixed(2)),
    (120, Compound(DOPPLER)),
    (230, Fixed(2)),
    (260, Fixed(7)),
    (55, Fixed(1)),
    (50, Fixed(2)),
    (65, Fixed(1)),
    (60, Fixed(2)),
    (SP, Explicit),
    (RE, Explicit),
];

/// What saw the object (the low three bits of I048/020 TYP, named).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Detection {
    /// Nothing in this scan: the report is an extrapolation.
    None,
    /// Primary radar alone.
    Primary,
    /// Secondary radar alone.
    Secondary,
    /// Both.
    SecondaryAndPrimary,
    /// Mode S all-call.
    ModeSAllCall,
    /// Mode S roll-call.
    ModeSRollCall,
    /// Mode S all-call and primary.
    ModeSAllCallAndPrimary,
    /// Mode S roll-call and primary.
    ModeSRollCallAndPrimary,
}

impl Detection {
    const ALL: [Self; 8] = [
        Self::None,
        Self::Primary,
        Self::Secondary,
        Self::SecondaryAndPrimary,
        Self::ModeSAllCall,
        Self::ModeSRollCall,
        Self::ModeSAllCallAndPrimary,
        Self::ModeSRollCallAndPrimary,
    ];
}

/// I048/020: what kind of report it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Descriptor {
    /// What saw the object.
    pub detection: Detection,
    /// Made by a simulator.
    pub simulated: bool,
    /// Made to test the system.
    pub test: bool,
    /// Of a fixed transponder on the ground, not of an aircraft.
    pub field_monitor: bool,
    /// The pilot presses the ident button.
    pub ident: bool,
    /// The range is larger than I048/040 can hold.
    pub range_exceeded: bool,
}

/// I048/040: where the radar saw it, in its own slant plane.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SlantPosition {
    /// Slant range.
    pub range_m: f64,
    /// Azimuth, clockwise from the radar's north, in [0, 2π).
    pub azimuth_rad: f64,
}

/// A reply of 12 bits in four octal digits (Mode 3/A).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModeA {
    /// The number that the four octal digits are: `0o7700` for 7700.
    pub code: u16,
    /// The radar believes it.
    pub validated: bool,
    /// Replies overlapped.
    pub garbled: bool,
    /// It is the radar's memory, not of this scan.
    pub smoothed: bool,
}

impl ModeA {
    /// Reads two octets: V, G, L, spare, twelve bits.
    pub(super) fn read(value: &[u8]) -> Self {
        let flags = octet(value, 0);
        Self {
            code: (unsigned(value, 0, 2) & 0xfff) as u16,
            validated: !bit(flags, 8),
            garbled: bit(flags, 7),
            smoothed: bit(flags, 6),
        }
    }
}

/// Pressure altitude that a transponder replied (Mode C).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct FlightLevel {
    /// Pressure altitude.
    pub height_m: f64,
    /// The radar believes it.
    pub validated: bool,
    /// Replies overlapped.
    pub garbled: bool,
}

impl FlightLevel {
    /// Reads two octets: V, G, fourteen bits in quarters of a flight level.
    pub(super) fn read(value: &[u8]) -> Self {
        let flags = octet(value, 0);
        Self {
            height_m: f64::from(extend(unsigned(value, 0, 2), 14)) * QUARTER_LEVEL_M,
            validated: !bit(flags, 8),
            garbled: bit(flags, 7),
        }
    }

    /// The height, where the radar believes it and no replies overlapped.
    pub fn believed_m(&self) -> Option<f64> {
        (self.validated && !self.garbled).then_some(self.height_m)
    }
}

/// I048/130: what the plot looked like to the radar.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct PlotCharacteristics {
    /// Runlength of the secondary plot, an angle.
    pub secondary_runlength_rad: Option<f64>,
    /// Replies received.
    pub secondary_replies: Option<u8>,
    /// Amplitude of the replies.
    pub secondary_amplitude_dbm: Option<i8>,
    /// Runlength of the primary plot, an angle.
    pub primary_runlength_rad: Option<f64>,
    /// Amplitude of the echo.
    pub primary_amplitude_dbm: Option<i8>,
    /// Range of the primary plot less that of the secondary.
    pub range_difference_m: Option<f64>,
    /// Azimuth of the primary plot less that of the secondary.
    pub azimuth_difference_rad: Option<f64>,
}

/// Speed over the ground and its direction, by a tracker.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct GroundVector {
    /// Speed over the ground.
    pub speed_mps: f64,
    /// Direction, clockwise from the sensor's north, in [0, 2π).
    pub heading_rad: f64,
}

impl GroundVector {
    /// Reads four octets: speed in the 2^14th of a nautical mile per second, direction in the 2^16th of a turn.
    pub(super) fn read(value: &[u8]) -> Self {
        Self {
            speed_mps: f64::from(unsigned(value, 0, 2)) * NM_M / 16_384.0,
            heading_rad: f64::from(unsigned(value, 2, 2)) * TURN_16_RAD,
        }
    }
}

/// I048/170: what the radar's own tracker thinks of its track.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrackStatus {
    /// Confirmed, not tentative.
    pub confirmed: bool,
    /// Low confidence that the plot belongs to the track.
    pub doubtful: bool,
    /// A horizontal manoeuvre is sensed.
    pub manoeuvring: bool,
    /// The last report of this track.
    pub ended: bool,
    /// A ghost: another way of the same signal.
    pub ghost: bool,
}

/// I048/210: standard deviations of the radar's own track.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct TrackQuality {
    /// Of the east and the north component.
    pub position_m: [f64; 2],
    /// Of the ground speed.
    pub speed_mps: f64,
    /// Of the heading.
    pub heading_rad: f64,
}

/// I048/120: radial speed by the Doppler effect. The specification does not say which sign recedes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doppler {
    /// Calculated speed.
    pub calculated_mps: Option<f64>,
    /// The radar doubts it.
    pub doubtful: bool,
    /// Raw measurements: speed, ambiguity (m/s) and frequency (Hz).
    pub raw: Vec<[f64; 3]>,
}

/// One target report of one radar.
#[derive(Clone, Debug, PartialEq)]
pub struct Cat048 {
    /// I048/010: who sent it.
    pub source: Source,
    /// I048/140: seconds since midnight UTC.
    pub time_of_day_s: Option<f64>,
    /// I048/020: what kind of report it is.
    pub descriptor: Option<Descriptor>,
    /// I048/040: where it was seen.
    pub position: Option<SlantPosition>,
    /// I048/070: the code the pilot dialled.
    pub mode_3a: Option<ModeA>,
    /// I048/090: pressure altitude.
    pub flight_level: Option<FlightLevel>,
    /// I048/130: what the plot looked like.
    pub characteristics: PlotCharacteristics,
    /// I048/220: Mode S address of the aircraft, 24 bits.
    pub address: Option<u32>,
    /// I048/240: call sign or registration.
    pub callsign: Option<Callsign>,
    /// I048/250: registers that the aircraft sent.
    pub registers: Vec<Register>,
    /// I048/161: number of the radar's own track.
    pub track: Option<u16>,
    /// I048/042: position of that track, metres east and north of the radar.
    pub track_position_m: Option<[f64; 2]>,
    /// I048/200: velocity of that track.
    pub track_velocity: Option<GroundVector>,
    /// I048/170: state of that track.
    pub track_status: Option<TrackStatus>,
    /// I048/210: errors of that track.
    pub track_quality: Option<TrackQuality>,
    /// I048/030: warnings, and what it was classified as; numbers of the specification.
    pub warnings: Vec<u8>,
    /// I048/110: height above mean sea level, measured by a 3D radar.
    pub height_m: Option<f64>,
    /// I048/120: radial speed.
    pub doppler: Option<Doppler>,
}

impl Cat048 {
    fn empty() -> Self {
        Self {
            source: Source { sac: 0, sic: 0 },
            time_of_day_s: None,
            descriptor: None,
            position: None,
            mode_3a: None,
            flight_level: None,
            characteristics: PlotCharacteristics::default(),
            address: None,
            callsign: None,
            registers: Vec::new(),
            track: None,
            track_position_m: None,
            track_velocity: None,
            track_status: None,
            track_quality: None,
            warnings: Vec::new(),
            height_m: None,
            doppler: None,
        }
    }

    /// Reads the record at the front of some bytes; returns what follows too.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), FaultReason> {
        let mut items = Items::new(PROFILE, bytes)?;
        let mut record = Self::empty();
        let mut source = None;
        while let Some((item, value)) = items.next()? {
            match item {
                10 => source = Some(Source::read(value)),
                140 => record.time_of_day_s = Some(time_of_day_s(value)),
                20 => record.descriptor = Some(descriptor(value)),
                40 => record.position = Some(slant_position(value)),
                70 => record.mode_3a = Some(ModeA::read(value)),
                90 => record.flight_level = Some(FlightLevel::read(value)),
                130 => record.characteristics = characteristics(value),
                220 => record.address = Some(unsigned(value, 0, 3)),
                240 => record.callsign = Some(Callsign::read(value)),
                250 => record.registers = value[1..].chunks_exact(8).map(Register::read).collect(),
                161 => record.track = Some((unsigned(value, 0, 2) & 0xfff) as u16),
                42 => record.track_position_m = Some([0, 2].map(|at| f64::from(signed(value, at, 2)) * NM_M / 128.0)),
                200 => record.track_velocity = Some(GroundVector::read(value)),
                170 => record.track_status = Some(track_status(value)),
                210 => record.track_quality = Some(track_quality(value)),
                30 => record.warnings = value.iter().map(|octet| octet >> 1).collect(),
                110 => record.height_m = Some(f64::from(extend(unsigned(value, 0, 2), 14)) * 25.0 * FT_M),
                120 => record.doppler = Some(doppler(value)),
                _ => {}
            }
        }
        record.source = source.ok_or(FaultReason::NoSource)?;
        Ok((record, items.rest()))
    }
}

fn descriptor(value: &[u8]) -> Descriptor {
    let (first, second) = (octet(value, 0), octet(value, 1));
    Descriptor {
        detection: Detection::ALL[usize::from(first >> 5)],
        simulated: bit(first, 5),
        ident: bit(first, 3),
        field_monitor: bit(first, 2),
        test: bit(second, 8),
        range_exceeded: bit(second, 7),
    }
}

fn slant_position(value: &[u8]) -> SlantPosition {
    SlantPosition {
        range_m: f64::from(unsigned(value, 0, 2)) * NM_M / 256.0,
        azimuth_rad: f64::from(unsigned(value, 2, 2)) * TURN_16_RAD,
    }
}

fn characteristics(value: &[u8]) -> PlotCharacteristics {
    let mut found = PlotCharacteristics::default();
    for (part, value) in parts(CHARACTERISTICS, value) {
        let (number, signed) = (octet(value, 0), octet(value, 0) as i8);
        let runlength_rad = f64::from(number) * TAU / 8192.0;
        match part {
            0 => found.secondary_runlength_rad = Some(runlength_rad),
            1 => found.secondary_replies = Some(number),
            2 => found.secondary_amplitude_dbm = Some(signed),
            3 => found.primary_runlength_rad = Some(runlength_rad),
            4 => found.primary_amplitude_dbm = Some(signed),
            5 => found.range_difference_m = Some(f64::from(signed) * NM_M / 256.0),
            _ => found.azimuth_difference_rad = Some(f64::from(signed) * TAU / 16_384.0),
        }
    }
    found
}

fn track_status(value: &[u8]) -> TrackStatus {
    let (first, second) = (octet(value, 0), octet(value, 1));
    TrackStatus {
        confirmed: !bit(first, 8),
        doubtful: bit(first, 5),
        manoeuvring: bit(first, 4),
        ended: bit(second, 8),
        ghost: bit(second, 7),
    }
}

fn track_quality(value: &[u8]) -> TrackQuality {
    TrackQuality {
        position_m: [0, 1].map(|at| f64::from(octet(value, at)) * NM_M / 128.0),
        speed_mps: f64::from(octet(value, 2)) * NM_M / 16_384.0,
        heading_rad: f64::from(octet(value, 3)) * TAU / 4096.0,
    }
}

fn doppler(value: &[u8]) -> Doppler {
    let mut found = Doppler::default();
    for (part, value) in parts(DOPPLER, value) {
        if part == 0 {
            found.doubtful = bit(octet(value, 0), 8);
            found.calculated_mps = Some(f64::from(extend(unsigned(value, 0, 2), 10)));
        } else {
            let raw = value[1..].chunks_exact(6);
            found.raw = raw
                .map(|raw| {
                    let unsigned = |at| f64::from(unsigned(raw, at, 2));
                    [f64::from(signed(raw, 0, 2)), unsigned(2), unsigned(4) * 1e6]
                })
                .collect();
        }
    }
    found
}
