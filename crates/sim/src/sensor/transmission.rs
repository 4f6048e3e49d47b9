//! What transponders send, and which of it a receiver plots.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use geo::angle::{RAD_PER_DEG, wrap_pi};
use geo::earth::SEMI_MAJOR_AXIS_M;
use geo::math::{acos, atan2, cos, hypot, sin_cos};
use geo::{Enu, Geodetic, Site, State, Time, Velocity};
use plot::{Measurement, Plot, PositionFix, Quantity};

use super::bias::Errors;
use super::observe::Delivery;
use super::report::ClockFaults;
use super::{AdsB, Ais, Source, Station};
use crate::{Chance, Truth};

const KNOT_MPS: f64 = 1_852.0 / 3_600.0;
/// Step of an airborne compact position in latitude: 360° / 60 zones / 2¹⁷.
const CPR_RAD: f64 = TAU / 60.0 / 131_072.0;
/// Step of a height in ADS-B: 25 ft.
const ADSB_HEIGHT_M: f64 = 7.62;
/// Step of an AIS position: 1/10,000'.
const AIS_RAD: f64 = RAD_PER_DEG / 600_000.0;

/// Adds what a receiver plots of all objects that report.
pub(super) fn observe(
    truths: &[Truth],
    station: &Station,
    errors: &Errors,
    span: (Time, Time),
    seed: u64,
    deliveries: &mut Vec<Delivery>,
) {
    let clock_faults = match &station.source {
        Source::AdsB(adsb) => adsb.clock_faults,
        Source::Ais(ais) => ais.clock_faults,
        _ => return,
    };
    for truth in truths.iter().filter(|truth| station.reports(truth)) {
        let (first, last) = truth.course.span();
        let (from, until) = (first.max(span.0), last.min(span.1));
        // What is sent does not depend on who receives it.
        let mut sent = Chance::new(seed, &["transponder", &truth.id]);
        let mut received = Chance::new(seed, &[&station.sensor.name, &truth.id, "reception"]);
        let clock_s = clock_s(clock_faults, &mut sent);
        let mut time = from + interval_s(&station.source, truth, from) * sent.uniform();
        while time <= until {
            let draws: [f64; 6] = std::array::from_fn(|_| sent.normal());
            let is_received = received.happens(station.detector().probability(1.0));
            if is_received
                && let Some(look) = station.look(truth, time)
                && let Some(state) = truth.course.state(time)
            {
                deliveries.push(Delivery {
                    plot: Plot {
                        time: time + (errors.at(time)[4] + clock_s),
                        sensor: station.sensor.name.clone(),
                        measurement: Measurement::Position(station.source.fix(&state, &draws, station)),
                        sigmas: look.sigmas,
                        snr_db: None,
                        target: truth.signature.identity.clone(),
                        truth: Some(truth.id.clone()),
                    },
                    at: time + (station.sensor.latency_s.unwrap_or(0.0) + delay_s(station, &mut received)),
                });
            }
            let interval_s = interval_s(&station.source, truth, time);
            // Transmissions are spread by a fifth, so that they do not meet again and again.
            time = time + interval_s * sent.between(0.8, 1.2);
        }
    }
}

fn delay_s(station: &Station, chance: &mut Chance) -> f64 {
    if station.jitter_s > 0.0 {
        station.jitter_s * chance.exponential()
    } else {
        0.0
    }
}

/// The constant error of a transponder's clock, 0 for most. Draws as often whatever the outcome.
fn clock_s(faults: Option<ClockFaults>, chance: &mut Chance) -> f64 {
    let (uniform, normal) = (chance.uniform(), chance.normal());
    match faults {
        Some(faults) if uniform < faults.share => faults.sigma_s * normal,
        _ => 0.0,
    }
}

/// Mean time to the next transmission.
pub(super) fn interval_s(source: &Source, truth: &Truth, time: Time) -> f64 {
    let Source::AdsB(adsb) = source else {
        let speed_mps = truth.course.state(time).map_or(0.0, |state| state.velocity.norm());
        return match speed_mps / KNOT_MPS {
            knots if knots > 23.0 => 2.0,
            knots if knots > 14.0 => 6.0,
            knots if knots > 0.5 => 10.0,
            _ => 180.0,
        };
    };
    adsb.period_s
}

/// The standard deviation with that of rounding to a step.
pub(super) fn with_rounding(sigma: f64, step: f64) -> f64 {
    (sigma * sigma + step * step / 12.0).sqrt()
}

impl AdsB {
    /// Noise and rounding of position, height and speed.
    pub(super) fn sigmas(&self) -> [f64; 3] {
        [
            with_rounding(self.position_sigma_m, CPR_RAD * SEMI_MAJOR_AXIS_M),
            with_rounding(self.height_sigma_m, ADSB_HEIGHT_M),
            with_rounding(self.velocity_sigma_mps, KNOT_MPS),
        ]
    }
}

impl Ais {
    /// Noise and rounding of position, height and speed.
    pub(super) fn sigmas(&self) -> [f64; 3] {
        [
            with_rounding(self.position_sigma_m, AIS_RAD * SEMI_MAJOR_AXIS_M),
            self.height_sigma_m,
            with_rounding(self.velocity_sigma_mps, 0.1 * KNOT_MPS),
        ]
    }
}

impl Source {
    /// What is sent of a state: with standard normal draws as noise of east, north, height and velocity, rounded.
    fn fix(&self, state: &State<geo::Ecef>, draws: &[f64; 6], station: &Station) -> PositionFix {
        let place = Geodetic::from_ecef(state.position);
        let site = Site::new(place);
        let velocity = site.velocity_to_enu(state.velocity).to_array();
        let (position_m, height_m, velocity_mps) = match self {
            Self::AdsB(a) => (a.position_sigma_m, a.height_sigma_m, a.velocity_sigma_mps),
            Self::Ais(a) => (a.position_sigma_m, 0.0, a.velocity_sigma_mps),
            _ => (0.0, 0.0, 0.0),
        };
        let noisy = site.to_ecef(geo::Position::new(position_m * draws[0], position_m * draws[1], 0.0));
        let noisy = Geodetic::from_ecef(noisy);
        let velocity = std::array::from_fn(|axis| velocity[axis] + velocity_mps * draws[axis + 3]);
        let (geodetic, velocity) = match self {
            Self::Ais(ais) => (sent_by_ship(noisy, ais), over_ground(velocity)),
            _ => (
                sent_by_aircraft(noisy, place.height_m + height_m * draws[2]),
                in_knots(velocity),
            ),
        };
        let is_stated = station.sensor.measures.contains(&Quantity::Velocity);
        PositionFix {
            geodetic,
            velocity: is_stated.then_some(velocity),
        }
    }
}

fn rounded(value: f64, step: f64) -> f64 {
    (value / step).round() * step
}

/// A compact position and a height. Source: RTCA DO-260B (2009), sections A.1.7 (zones) and 2.2.3.2.3.4 (height).
fn sent_by_aircraft(place: Geodetic, height_m: f64) -> Geodetic {
    let lat_rad = rounded(place.lat_rad, CPR_RAD).clamp(-FRAC_PI_2, FRAC_PI_2);
    Geodetic {
        lat_rad,
        lon_rad: wrap_pi(rounded(place.lon_rad, TAU / longitude_zones(lat_rad) / 131_072.0)),
        height_m: rounded(height_m, ADSB_HEIGHT_M),
    }
}

/// How many zones of longitude there are at a latitude, 59 at the equator. Source: RTCA DO-260B (2009), section
/// A.1.7.2.
fn longitude_zones(lat_rad: f64) -> f64 {
    let cosine = cos(lat_rad);
    let inner = 1.0 - (1.0 - cos(PI / 30.0)) / (cosine * cosine);
    if inner <= -1.0 {
        return 1.0;
    }
    (TAU / acos(inner)).floor().clamp(1.0, 59.0)
}

fn sent_by_ship(place: Geodetic, ais: &Ais) -> Geodetic {
    Geodetic {
        lat_rad: rounded(place.lat_rad, AIS_RAD).clamp(-FRAC_PI_2, FRAC_PI_2),
        lon_rad: wrap_pi(rounded(place.lon_rad, AIS_RAD)),
        height_m: ais.sea_height_m,
    }
}

fn in_knots(velocity: [f64; 3]) -> Velocity<Enu> {
    let [east, north, up] = velocity.map(|v| rounded(v, KNOT_MPS).clamp(-2e4, 2e4));
    Velocity::new(east, north, up)
}

/// Speed and course over ground, in steps of 0.1 kt and 0.1°.
fn over_ground([east, north, _]: [f64; 3]) -> Velocity<Enu> {
    let speed_mps = rounded(hypot(east, north), 0.1 * KNOT_MPS);
    let (sine, cosine) = sin_cos(rounded(atan2(east, north), 0.1 * RAD_PER_DEG));
    Velocity::new(speed_mps * sine, speed_mps * cosine, 0.0)
}
