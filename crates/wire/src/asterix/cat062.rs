//! CAT062, system tracks: what a tracker of many sensors states of an object.
//!
//! Source: EUROCONTROL-SPEC-0149-9 (ASTERIX Part 9, category 062), edition 1.20; those from 1.16 on have the same
//! profile. Of I062/380 (what the aircraft says of itself) the address, the call sign and the registers are read.

use super::fault::FaultReason;
use super::octets::{Callsign, FT_M, QUARTER_LEVEL_M, bit, extend, octet, signed, time_of_day_s, unsigned};
use super::place::degrees;
use super::register::Register;
use super::source::Source;
use super::uap::Layout::{Compound, Explicit, Extended, Fixed, Repetitive};
use super::uap::{Items, Layout, RE, Row, SP, SPARE, parts};

/// ADR, ID, MHG, IAS, TAS, SAL, FSS, TIS, TID, COM, SAB, ACS, BVR, GVR, RAN, TAR, TAN, GSP, VUN, MET, EMC, POS, GAL,
/// PUN, MB, IAR, MAC, BPS.
const AIRCRAFT: &[Layout] = &[
    Fixed(3),
    Fixed(6),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Extended(1),
    Repetitive(15),
    Fixed(2),
    Fixed(2),
    Fixed(7),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(1),
    Fixed(8),
    Fixed(1),
    Fixed(6),
    Fixed(2),
    Fixed(1),
    Repetitive(8),
    Fixed(2),
    Fixed(2),
    Fixed(2),
];
/// TRK, PSR, SSR, MDS, ADS, ES, VDL, UAT, LOP, MLT.
const UPDATE_AGES: &[Layout] = &[
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(2),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
];
/// TAG, CS, IFI, FCT, TAC, WTC, DEP, DST, RDS, CFL, CTL, TOD, AST, STS, STD, STA, PEM, PEC.
const FLIGHT_PLAN: &[Layout] = &[
    Fixed(2),
    Fixed(7),
    Fixed(4),
    Fixed(1),
    Fixed(4),
    Fixed(1),
    Fixed(4),
    Fixed(4),
    Fixed(3),
    Fixed(2),
    Fixed(2),
    Repetitive(4),
    Fixed(6),
    Fixed(1),
    Fixed(7),
    Fixed(7),
    Fixed(2),
    Fixed(7),
];
/// SUM, PMN, POS, GA, EM1, TOS, XP.
const MODE_5: &[Layout] = &[Fixed(1), Fixed(4), Fixed(6), Fixed(2), Fixed(2), Fixed(1), Fixed(1)];
/// APC, COV, APW, AGA, ABA, ATV, AA, ARC.
const ACCURACIES: &[Layout] = &[
    Fixed(4),
    Fixed(2),
    Fixed(4),
    Fixed(1),
    Fixed(1),
    Fixed(2),
    Fixed(2),
    Fixed(1),
];
/// SID, POS, HEI, MDC, MDA, TYP.
const MEASURED: &[Layout] = &[Fixed(2), Fixed(4), Fixed(2), Fixed(2), Fixed(2), Fixed(1)];

const PROFILE: &[Row] = &[
    (10, Fixed(2)),
    SPARE,
    (15, Fixed(1)),
    (70, Fixed(3)),
    (105, Fixed(8)),
    (100, Fixed(6)),
    (185, Fixed(4)),
    (210, Fixed(2)),
    (60, Fixed(2)),
    (245, Fixed(7)),
    (380, Compound(AIRCRAFT)),
    (40, Fixed(2)),
    (80, Extended(1)),
    (290, Compound(UPDATE_AGES)),
    (200, Fixed(1)),
    (295, Compound(&[Fixed(1); 31])),
    (136, Fixed(2)),
    (130, Fixed(2)),
    (135, Fixed(2)),
    (220, Fixed(2)),
    (390, Compound(FLIGHT_PLAN)),
    (270, Extended(1)),
    (300, Fixed(1)),
    (110, Compound(MODE_5)),
    (120, Fixed(2)),
    (510, Extended(3)),
    (500, Compound(ACCURACIES)),
    (340, Compound(MEASURED)),
    SPARE,
    SPARE,
    SPARE,
    SPARE,
    SPARE,
    (RE, Explicit),
    (SP, Explicit),
];

/// I062/200: whether and how the object turns, gains speed and climbs; each 0 for steady, 3 for not known.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Movement {
    /// 1 right turn, 2 left turn.
    pub turn: u8,
    /// 1 gains ground speed, 2 loses it.
    pub speed: u8,
    /// 1 climbs, 2 descends.
    pub height: u8,
}

/// I062/500: standard deviations that the tracker states.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct SystemAccuracy {
    /// APC: of the plane position, east and north.
    pub position_m: Option<[f64; 2]>,
    /// APW: of latitude and longitude, degrees.
    pub geodetic_deg: Option<[f64; 2]>,
    /// AGA: of the geometric altitude.
    pub geometric_altitude_m: Option<f64>,
    /// ABA: of the pressure altitude.
    pub pressure_altitude_m: Option<f64>,
    /// ATV: of the velocity, east and north.
    pub velocity_mps: Option<[f64; 2]>,
    /// ARC: of the rate of climb.
    pub climb_mps: Option<f64>,
}

/// One system track at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Cat062 {
    /// I062/010: who sent it.
    pub source: Source,
    /// I062/015: for which service.
    pub service: Option<u8>,
    /// I062/070: seconds since midnight UTC.
    pub time_of_day_s: Option<f64>,
    /// I062/105: latitude and longitude, degrees.
    pub geodetic_deg: Option<[f64; 2]>,
    /// I062/100: metres east and north of the system's reference point.
    pub plane_position_m: Option<[f64; 2]>,
    /// I062/185: metres per second east and north.
    pub velocity_mps: Option<[f64; 2]>,
    /// I062/210: metres per second squared east and north.
    pub acceleration_mps2: Option<[f64; 2]>,
    /// I062/060: the code the pilot dialled, as four octal digits.
    pub mode_3a: Option<u16>,
    /// I062/245, else I062/380 ID: call sign or registration.
    pub callsign: Option<Callsign>,
    /// I062/380 ADR: Mode S address.
    pub address: Option<u32>,
    /// I062/380 MB: registers that the aircraft sent.
    pub registers: Vec<Register>,
    /// I062/040: number of the track.
    pub track: Option<u16>,
    /// I062/080 CNF: confirmed, not tentative.
    pub confirmed: bool,
    /// I062/080 TSE: the last report of the track.
    pub ended: bool,
    /// I062/080 SIM: made by a simulator.
    pub simulated: bool,
    /// I062/080 CST: extrapolated, not updated.
    pub coasting: bool,
    /// I062/200: how it moves.
    pub movement: Option<Movement>,
    /// I062/136: pressure altitude as last replied.
    pub flight_level_m: Option<f64>,
    /// I062/130: geometric altitude; the specification refers it to WGS-84.
    pub geometric_altitude_m: Option<f64>,
    /// I062/135: pressure altitude of the track, and whether it is corrected by the pressure of the day.
    pub pressure_altitude_m: Option<(f64, bool)>,
    /// I062/220: rate of climb.
    pub climb_mps: Option<f64>,
    /// I062/500: standard deviations.
    pub accuracy: SystemAccuracy,
}

impl Cat062 {
    fn empty() -> Self {
        Self {
            source: Source { sac: 0, sic: 0 },
            service: None,
            time_of_day_s: None,
            geodetic_deg: None,
            plane_position_m: None,
            velocity_mps: None,
            acceleration_mps2: None,
            mode_3a: None,
            callsign: None,
            address: None,
            registers: Vec::new(),
            track: None,
            confirmed: true,
            ended: false,
            simulated: false,
            coasting: false,
            movement: None,
            flight_level_m: None,
            geometric_altitude_m: None,
            pressure_altitude_m: None,
            climb_mps: None,
            accuracy: SystemAccuracy::default(),
        }
    }

    /// Reads the record at the front of some bytes; returns what follows too.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), FaultReason> {
        let mut items = Items::new(PROFILE, bytes)?;
        let mut record = Self::empty();
        let mut source = None;
        let number = |value: &[u8]| f64::from(signed(value, 0, 2));
        while let Some((item, value)) = items.next()? {
            match item {
                10 => source = Some(Source::read(value)),
                15 => record.service = value.first().copied(),
                70 => record.time_of_day_s = Some(time_of_day_s(value)),
                105 => record.geodetic_deg = Some(degrees(value, 4, 25)),
                100 => record.plane_position_m = Some([0, 3].map(|at| f64::from(signed(value, at, 3)) * 0.5)),
                185 => record.velocity_mps = Some([0, 2].map(|at| f64::from(signed(value, at, 2)) * 0.25)),
                210 => record.acceleration_mps2 = Some([0, 1].map(|at| f64::from(signed(value, at, 1)) * 0.25)),
                60 => record.mode_3a = Some((unsigned(value, 0, 2) & 0xfff) as u16),
                245 => record.callsign = Some(Callsign::read(&value[1..])),
                380 => record.read_aircraft(value),
                40 => record.track = Some(unsigned(value, 0, 2) as u16),
                80 => record.read_status(value),
                200 => record.movement = Some(movement(octet(value, 0))),
                136 => record.flight_level_m = Some(number(value) * QUARTER_LEVEL_M),
                130 => record.geometric_altitude_m = Some(number(value) * 6.25 * FT_M),
                135 => {
                    let steps = f64::from(extend(unsigned(value, 0, 2), 15));
                    record.pressure_altitude_m = Some((steps * QUARTER_LEVEL_M, bit(octet(value, 0), 8)));
                }
                220 => record.climb_mps = Some(number(value) * 6.25 * FT_M / 60.0),
                500 => record.accuracy = accuracy(value),
                _ => {}
            }
        }
        record.source = source.ok_or(FaultReason::NoSource)?;
        Ok((record, items.rest()))
    }

    fn read_aircraft(&mut self, value: &[u8]) {
        for (part, value) in parts(AIRCRAFT, value) {
            match part {
                0 => self.address = Some(unsigned(value, 0, 3)),
                1 => self.callsign = self.callsign.or(Some(Callsign::read(value))),
                24 => self.registers = value[1..].chunks_exact(8).map(Register::read).collect(),
                _ => {}
            }
        }
    }

    fn read_status(&mut self, value: &[u8]) {
        self.confirmed = !bit(octet(value, 0), 2);
        self.simulated = bit(octet(value, 1), 8);
        self.ended = bit(octet(value, 1), 7);
        self.coasting = bit(octet(value, 3), 8);
    }
}

fn movement(octet: u8) -> Movement {
    Movement {
        turn: octet >> 6,
        speed: octet >> 4 & 3,
        height: octet >> 2 & 3,
    }
}

fn accuracy(value: &[u8]) -> SystemAccuracy {
    let mut found = SystemAccuracy::default();
    for (part, value) in parts(ACCURACIES, value) {
        let first = f64::from(octet(value, 0));
        let pair = |octets: usize, scale: f64| [0, octets].map(|at| f64::from(unsigned(value, at, octets)) * scale);
        match part {
            0 => found.position_m = Some(pair(2, 0.5)),
            2 => found.geodetic_deg = Some(pair(2, 180.0 / 33_554_432.0)),
            3 => found.geometric_altitude_m = Some(first * 6.25 * FT_M),
            4 => found.pressure_altitude_m = Some(first * QUARTER_LEVEL_M),
            5 => found.velocity_mps = Some(pair(1, 0.25)),
            7 => found.climb_mps = Some(first * 6.25 * FT_M / 60.0),
            _ => {}
        }
    }
    found
}
