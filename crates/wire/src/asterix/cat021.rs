//! CAT021, ADS-B target reports: what an aircraft states of itself, as a ground station heard it.
//!
//! Source: EUROCONTROL-SPEC-0149-12 (ASTERIX Part 12, category 021), edition 2.6; those from 2.1 on have the same
//! profile. Editions before 1.0, such as 0.26, number their items otherwise under the same category, without a mark by
//! which to tell them: they are not read.

use super::cat048::GroundVector;
use super::fault::FaultReason;
use super::octets::{
    Callsign, FT_M, NM_M, QUARTER_LEVEL_M, TURN_16_RAD, bit, extend, octet, signed, time_of_day_s, unsigned,
};
use super::place::degrees;
use super::register::Register;
use super::source::Source;
use super::uap::Layout::{Compound, Explicit, Extended, Fixed, Repetitive};
use super::uap::{Items, RE, Row, SP, SPARE};

const PROFILE: &[Row] = &[
    (10, Fixed(2)),
    (40, Extended(1)),
    (161, Fixed(2)),
    (15, Fixed(1)),
    (71, Fixed(3)),
    (130, Fixed(6)),
    (131, Fixed(8)),
    (72, Fixed(3)),
    (150, Fixed(2)),
    (151, Fixed(2)),
    (80, Fixed(3)),
    (73, Fixed(3)),
    (74, Fixed(4)),
    (75, Fixed(3)),
    (76, Fixed(4)),
    (140, Fixed(2)),
    (90, Extended(1)),
    (210, Fixed(1)),
    (70, Fixed(2)),
    (230, Fixed(2)),
    (145, Fixed(2)),
    (152, Fixed(2)),
    (200, Fixed(1)),
    (155, Fixed(2)),
    (157, Fixed(2)),
    (160, Fixed(4)),
    (165, Fixed(2)),
    (77, Fixed(3)),
    (170, Fixed(6)),
    (20, Fixed(1)),
    (220, Compound(&[Fixed(2), Fixed(2), Fixed(2), Fixed(1)])),
    (146, Fixed(2)),
    (148, Fixed(2)),
    (110, Compound(&[Extended(1), Repetitive(15)])),
    (16, Fixed(1)),
    (8, Fixed(1)),
    (271, Extended(1)),
    (132, Fixed(1)),
    (250, Repetitive(8)),
    (260, Fixed(7)),
    (400, Fixed(1)),
    (295, Compound(&[Fixed(1); 23])),
    SPARE,
    SPARE,
    SPARE,
    SPARE,
    SPARE,
    (RE, Explicit),
    (SP, Explicit),
];

/// I021/090: how good the aircraft says its own position is; numbers of RTCA DO-260B.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Quality {
    /// NACv (or NUCr): accuracy of velocity, 0 not known.
    pub velocity_accuracy: u8,
    /// NIC (or NUCp): containment of position, 0 not known.
    pub integrity: u8,
    /// NACp: accuracy of position, 0 not known.
    pub position_accuracy: Option<u8>,
    /// SIL: how surely the position is contained.
    pub surveillance_integrity: Option<u8>,
    /// GVA: accuracy of the geometric height, 0 not known.
    pub height_accuracy: Option<u8>,
}

/// Radius that holds 95 % of a circular normal distribution, in standard deviations of one axis: √(-2 ln 0.05).
const SIGMAS_95_CIRCLE: f64 = 2.447_746_830_680_816;
/// Half-width that holds 95 % of a normal distribution, in standard deviations.
const SIGMAS_95: f64 = 1.959_963_984_540_054;

impl Quality {
    /// Standard deviation of the position, east and north each, by NACp (RTCA DO-260B: the 95 % radius EPU).
    pub fn position_sigma_m(&self) -> Option<f64> {
        let radius_m = match self.position_accuracy? {
            1 => 10.0 * NM_M,
            2 => 4.0 * NM_M,
            3 => 2.0 * NM_M,
            4 => NM_M,
            5 => 0.5 * NM_M,
            6 => 0.3 * NM_M,
            7 => 0.1 * NM_M,
            8 => 0.05 * NM_M,
            9 => 30.0,
            10 => 10.0,
            11 => 3.0,
            _ => return None,
        };
        Some(radius_m / SIGMAS_95_CIRCLE)
    }

    /// Standard deviation of the velocity, each component, by NACv (RTCA DO-260B: the 95 % radius).
    pub fn velocity_sigma_mps(&self) -> Option<f64> {
        let radius_mps = match self.velocity_accuracy {
            1 => 10.0,
            2 => 3.0,
            3 => 1.0,
            4 => 0.3,
            _ => return None,
        };
        Some(radius_mps / SIGMAS_95_CIRCLE)
    }

    /// Standard deviation of the geometric height, by GVA (RTCA DO-260B: the 95 % half-width).
    pub fn height_sigma_m(&self) -> Option<f64> {
        let half_m = match self.height_accuracy? {
            1 => 150.0,
            2 => 45.0,
            _ => return None,
        };
        Some(half_m / SIGMAS_95)
    }
}

/// One ADS-B report.
#[derive(Clone, Debug, PartialEq)]
pub struct Cat021 {
    /// I021/010: which ground station heard it.
    pub source: Source,
    /// I021/015: for which service.
    pub service: Option<u8>,
    /// I021/071: when the position held, seconds since midnight UTC.
    pub applicable_s: Option<f64>,
    /// I021/073, made finer by I021/074: when the position was heard.
    pub received_s: Option<f64>,
    /// I021/077: when the report was sent.
    pub transmitted_s: Option<f64>,
    /// I021/131, else I021/130: latitude and longitude, degrees.
    pub geodetic_deg: Option<[f64; 2]>,
    /// I021/140: height above the ellipsoid.
    pub geometric_height_m: Option<f64>,
    /// I021/145: pressure altitude.
    pub flight_level_m: Option<f64>,
    /// I021/160: motion over the ground.
    pub ground_vector: Option<GroundVector>,
    /// I021/157: rate of climb, geometric.
    pub geometric_rate_mps: Option<f64>,
    /// I021/155: rate of climb, by pressure.
    pub pressure_rate_mps: Option<f64>,
    /// I021/090: how good it says it is.
    pub quality: Option<Quality>,
    /// I021/210 VN: version of the protocol.
    pub version: Option<u8>,
    /// I021/080: address.
    pub address: Option<u32>,
    /// I021/040 ATP: the address is the ICAO's, not one of another register or anonymous.
    pub icao_address: bool,
    /// I021/040 GBS: it says that it is on the ground.
    pub on_ground: bool,
    /// I021/040 SIM: made by a simulator.
    pub simulated: bool,
    /// I021/040 TST: made to test the system.
    pub test: bool,
    /// I021/040 RAB: of a fixed transponder.
    pub field_monitor: bool,
    /// I021/161: number of the station's track.
    pub track: Option<u16>,
    /// I021/070: the code the pilot dialled, as four octal digits.
    pub mode_3a: Option<u16>,
    /// I021/170: call sign or registration.
    pub callsign: Option<Callsign>,
    /// I021/020: category of the emitter.
    pub emitter: Option<u8>,
    /// I021/250: registers that the aircraft sent.
    pub registers: Vec<Register>,
}

impl Cat021 {
    fn empty() -> Self {
        Self {
            source: Source { sac: 0, sic: 0 },
            service: None,
            applicable_s: None,
            received_s: None,
            transmitted_s: None,
            geodetic_deg: None,
            geometric_height_m: None,
            flight_level_m: None,
            ground_vector: None,
            geometric_rate_mps: None,
            pressure_rate_mps: None,
            quality: None,
            version: None,
            address: None,
            icao_address: false,
            on_ground: false,
            simulated: false,
            test: false,
            field_monitor: false,
            track: None,
            mode_3a: None,
            callsign: None,
            emitter: None,
            registers: Vec::new(),
        }
    }

    /// When the position held; where that is not said, when it was heard, or when the report was sent.
    pub fn time_of_day_s(&self) -> Option<f64> {
        self.applicable_s.or(self.received_s).or(self.transmitted_s)
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
                40 => record.read_descriptor(value),
                161 => record.track = Some((unsigned(value, 0, 2) & 0xfff) as u16),
                15 => record.service = value.first().copied(),
                71 => record.applicable_s = Some(time_of_day_s(value)),
                130 => record.geodetic_deg = Some(degrees(value, 3, 23)),
                131 => record.geodetic_deg = Some(degrees(value, 4, 30)),
                80 => record.address = Some(unsigned(value, 0, 3)),
                73 => record.received_s = Some(time_of_day_s(value)),
                74 => record.received_s = record.received_s.map(|coarse_s| finer_s(coarse_s, value)),
                140 => record.geometric_height_m = Some(number(value) * 6.25 * FT_M),
                90 => record.quality = Some(quality(value)),
                210 => record.version = Some(octet(value, 0) >> 3 & 7),
                70 => record.mode_3a = Some((unsigned(value, 0, 2) & 0xfff) as u16),
                145 => record.flight_level_m = Some(number(value) * QUARTER_LEVEL_M),
                155 => record.pressure_rate_mps = rate_mps(value),
                157 => record.geometric_rate_mps = rate_mps(value),
                160 => record.ground_vector = ground_vector(value),
                77 => record.transmitted_s = Some(time_of_day_s(value)),
                170 => record.callsign = Some(Callsign::read(value)),
                20 => record.emitter = value.first().copied(),
                250 => record.registers = value[1..].chunks_exact(8).map(Register::read).collect(),
                _ => {}
            }
        }
        record.source = source.ok_or(FaultReason::NoSource)?;
        Ok((record, items.rest()))
    }

    fn read_descriptor(&mut self, value: &[u8]) {
        let (first, second) = (octet(value, 0), octet(value, 1));
        self.icao_address = first >> 5 == 0;
        self.field_monitor = bit(first, 2);
        self.on_ground = bit(second, 7);
        self.simulated = bit(second, 6);
        self.test = bit(second, 5);
    }
}

/// The time of reception with the fraction of a second that its finer item gives: two bits say whether it belongs to
/// the same, the next or the last whole second, thirty are the fraction.
fn finer_s(coarse_s: f64, value: &[u8]) -> f64 {
    let all = unsigned(value, 0, 4);
    let fraction_s = f64::from(all & 0x3fff_ffff) / f64::from(1 << 30);
    let whole_s = match all >> 30 {
        1 => coarse_s.floor() + 1.0,
        2 => coarse_s.floor() - 1.0,
        _ => coarse_s.floor(),
    };
    whole_s + fraction_s
}

fn quality(value: &[u8]) -> Quality {
    let first = octet(value, 0);
    Quality {
        velocity_accuracy: first >> 5,
        integrity: first >> 1 & 0xf,
        position_accuracy: value.get(1).map(|second| second >> 1 & 0xf),
        surveillance_integrity: value.get(1).map(|second| second >> 5 & 3),
        height_accuracy: value.get(2).map(|third| third >> 1 & 3),
    }
}

/// A rate of climb, unless the aircraft says that it exceeds what the item can hold.
fn rate_mps(value: &[u8]) -> Option<f64> {
    (!bit(octet(value, 0), 8)).then(|| f64::from(extend(unsigned(value, 0, 2), 15)) * 6.25 * FT_M / 60.0)
}

/// Ground speed of 15 bits and track angle, unless the speed exceeds what the item can hold.
fn ground_vector(value: &[u8]) -> Option<GroundVector> {
    (!bit(octet(value, 0), 8)).then(|| GroundVector {
        speed_mps: f64::from(unsigned(value, 0, 2)) * NM_M / 16_384.0,
        heading_rad: f64::from(unsigned(value, 2, 2)) * TURN_16_RAD,
    })
}
