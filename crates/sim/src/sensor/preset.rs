//! Notional sensors: what a scenario takes where it says nothing else.
//!
//! No figure is that of a real sensor. Each is a round number of the size that textbooks give for the kind: beams from
//! aperture over wavelength, range cells from bandwidths of a few megahertz (tens for X-band), floors of a fifteenth to
//! a thirtieth of a beam, biases of the size that real radars disagree by (some tens of metres, some hundredths of a
//! degree, some milliseconds).

use geo::Geodetic;
use geo::angle::{RAD_PER_DEG, wrap_tau};
use plot::{Coverage, Detection, Quantity, Sensor, Sigmas};

use super::radar::ratio;
use super::{AdsB, Ais, Bending, Face, Fluctuation, Horizon, Infrared, Optical, Radar, Schedule, Source, Station};

/// The signal at which the sensor file states the noise; plots state their own.
const STATED_SNR_DB: f64 = 15.0;
/// Mean signal for 1 m² at the reference range. With a false alarm probability of 1e-6 an object that fluctuates after
/// Swerling's first case is then detected every second time, so the reference range is the half-probability range.
const REFERENCE_SNR_DB: f64 = 12.8;

/// A kind of sensor with all its parameters.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Preset {
    /// A fixed phased array that watches for objects far beyond the horizon's height.
    EarlyWarning,
    /// A smaller one for a region.
    RegionalEarlyWarning,
    /// A transportable X-band array with a narrow beam, one sector.
    ForwardXBand,
    /// The array of a ship, four faces.
    Ship,
    /// The turning antenna of an airport: range and azimuth.
    Airport,
    /// A turning air surveillance radar that also measures elevation.
    AirSurveillance,
    /// A camera that sees at night.
    Optical,
    /// Infrared from above the equator.
    Infrared,
    /// A receiver of ADS-B.
    AdsB,
    /// A receiver of AIS.
    Ais,
}

/// What a preset says beyond its source.
struct Frame {
    measures: &'static [Quantity],
    range_max_km: Option<f64>,
    elevations_deg: Option<(f64, f64)>,
    range_bias_m: f64,
    angle_bias_deg: f64,
    range_rate_bias_mps: f64,
    time_bias_s: f64,
    latency_s: f64,
    false_alarms_per_scan: f64,
}

const POLAR: &[Quantity] = &[Quantity::Range, Quantity::Azimuth, Quantity::Elevation];
const WITH_DOPPLER: &[Quantity] = &[
    Quantity::Range,
    Quantity::Azimuth,
    Quantity::Elevation,
    Quantity::RangeRate,
];
const ANGLES: &[Quantity] = &[Quantity::Azimuth, Quantity::Elevation];
const STATED: &[Quantity] = &[Quantity::Position, Quantity::Velocity];

impl Preset {
    /// All presets.
    pub const ALL: [Self; 10] = [
        Self::EarlyWarning,
        Self::RegionalEarlyWarning,
        Self::ForwardXBand,
        Self::Ship,
        Self::Airport,
        Self::AirSurveillance,
        Self::Optical,
        Self::Infrared,
        Self::AdsB,
        Self::Ais,
    ];

    /// The name in scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EarlyWarning => "early-warning",
            Self::RegionalEarlyWarning => "regional-early-warning",
            Self::ForwardXBand => "forward-x-band",
            Self::Ship => "ship",
            Self::Airport => "airport",
            Self::AirSurveillance => "air-surveillance",
            Self::Optical => "optical",
            Self::Infrared => "infrared",
            Self::AdsB => "ads-b",
            Self::Ais => "ais",
        }
    }

    /// What it is, in a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::EarlyWarning => "notional long-range early-warning radar",
            Self::RegionalEarlyWarning => "notional early-warning radar",
            Self::ForwardXBand => "notional forward X-band radar",
            Self::Ship => "notional ship radar",
            Self::Airport => "notional airport radar",
            Self::AirSurveillance => "notional air surveillance radar",
            Self::Optical => "notional optical tracker",
            Self::Infrared => "notional space-based infrared sensor",
            Self::AdsB => "notional ADS-B receiver",
            Self::Ais => "notional AIS receiver",
        }
    }

    /// The source with its parameters.
    pub fn source(self) -> Source {
        match self {
            Self::EarlyWarning => Source::Radar(Radar::early_warning()),
            Self::RegionalEarlyWarning => Source::Radar(Radar::regional_early_warning()),
            Self::ForwardXBand => Source::Radar(Radar::forward_x_band()),
            Self::Ship => Source::Radar(Radar::ship()),
            Self::Airport => Source::Radar(Radar::airport()),
            Self::AirSurveillance => Source::Radar(Radar::air_surveillance()),
            Self::Optical => Source::Optical(Optical::tracker()),
            Self::Infrared => Source::Infrared(Infrared::geostationary()),
            Self::AdsB => Source::AdsB(AdsB::receiver()),
            Self::Ais => Source::Ais(Ais::receiver()),
        }
    }

    /// Makes a station of this kind; it looks all around, or in a sector (from, to; clockwise). The one face of a
    /// forward X-band radar points into the middle of its sector.
    pub fn station(self, name: &str, owner: &str, place: Geodetic, sector_rad: Option<(f64, f64)>) -> Station {
        let frame = self.frame();
        let mut sensor = Sensor::new(name, owner, place);
        sensor.measures = frame.measures.to_vec();
        let has = |quantity| frame.measures.contains(&quantity);
        let angle_rad = frame.angle_bias_deg * RAD_PER_DEG;
        sensor.bias_sigmas = Sigmas {
            range_m: has(Quantity::Range).then_some(frame.range_bias_m),
            azimuth_rad: has(Quantity::Azimuth).then_some(angle_rad),
            elevation_rad: has(Quantity::Elevation).then_some(angle_rad),
            range_rate_mps: has(Quantity::RangeRate).then_some(frame.range_rate_bias_mps),
            ..Sigmas::default()
        };
        sensor.time_bias_sigma_s = Some(frame.time_bias_s);
        sensor.coverage = Coverage {
            range_max_m: frame.range_max_km.map(|km| km * 1e3),
            azimuth_from_rad: sector_rad.map(|(from, _)| wrap_tau(from)),
            azimuth_to_rad: sector_rad.map(|(_, to)| wrap_tau(to)),
            elevation_min_rad: frame.elevations_deg.map(|(min, _)| min * RAD_PER_DEG),
            elevation_max_rad: frame.elevations_deg.map(|(_, max)| max * RAD_PER_DEG),
        };
        sensor.latency_s = Some(frame.latency_s);
        sensor.detection = Detection {
            probability: None,
            false_alarms_per_scan: (frame.false_alarms_per_scan > 0.0).then_some(frame.false_alarms_per_scan),
        };
        let mut source = self.source();
        if let (Self::ForwardXBand, Source::Radar(radar), Some((from, to))) = (self, &mut source, sector_rad) {
            radar.faces = vec![Face {
                azimuth_rad: wrap_tau(from + 0.5 * wrap_tau(to - from)),
                elevation_rad: 20.0 * RAD_PER_DEG,
                scan_max_rad: 70.0 * RAD_PER_DEG,
            }];
        }
        let mut station = Station::new(sensor, source);
        station.sensor.scan_s = station.schedule().map(|schedule| schedule.scan_s());
        station.sensor.sigmas = station.nominal_sigmas(ratio(STATED_SNR_DB));
        if self == Self::Optical {
            station.horizon = Horizon {
                bending: Bending::Straight,
                ..Horizon::default()
            };
        }
        station
    }

    const fn frame(self) -> Frame {
        // A row of the table: measures, range km, elevations, biases (range m, angle deg, range rate m/s, time s),
        // latency s, false alarms a scan.
        const fn row(
            measures: &'static [Quantity],
            range_max_km: Option<f64>,
            elevations_deg: Option<(f64, f64)>,
            biases: [f64; 4],
            [latency_s, false_alarms_per_scan]: [f64; 2],
        ) -> Frame {
            Frame {
                measures,
                range_max_km,
                elevations_deg,
                range_bias_m: biases[0],
                angle_bias_deg: biases[1],
                range_rate_bias_mps: biases[2],
                time_bias_s: biases[3],
                latency_s,
                false_alarms_per_scan,
            }
        }
        let upper = Some((2.0, 85.0));
        match self {
            Self::EarlyWarning => row(WITH_DOPPLER, Some(3e3), upper, [20.0, 0.03, 0.2, 0.005], [1.0, 0.5]),
            Self::RegionalEarlyWarning => row(WITH_DOPPLER, Some(1e3), upper, [20.0, 0.04, 0.2, 0.005], [1.0, 0.5]),
            Self::ForwardXBand => row(WITH_DOPPLER, Some(2e3), upper, [10.0, 0.015, 0.2, 0.002], [1.0, 0.2]),
            Self::Ship => row(
                POLAR,
                Some(1e3),
                Some((0.5, 85.0)),
                [30.0, 0.06, 0.0, 0.005],
                [1.5, 0.5],
            ),
            Self::Airport => row(
                &[Quantity::Range, Quantity::Azimuth],
                Some(150.0),
                Some((0.2, 40.0)),
                [50.0, 0.05, 0.0, 0.02],
                [1.0, 1.0],
            ),
            Self::AirSurveillance => row(
                POLAR,
                Some(450.0),
                Some((0.2, 30.0)),
                [40.0, 0.06, 0.0, 0.02],
                [2.0, 1.0],
            ),
            Self::Optical => row(ANGLES, None, Some((5.0, 90.0)), [0.0, 0.002, 0.0, 0.001], [2.0, 0.0]),
            Self::Infrared => row(ANGLES, None, None, [0.0, 0.001, 0.0, 0.01], [5.0, 0.05]),
            Self::AdsB => row(STATED, Some(450.0), None, [0.0, 0.0, 0.0, 0.05], [0.5, 0.0]),
            Self::Ais => row(STATED, Some(100.0), None, [0.0, 0.0, 0.0, 0.2], [2.0, 0.0]),
        }
    }
}

/// What the presets of radars differ in.
struct Size {
    reference_km: f64,
    schedule: Schedule,
    /// Cell and floor of range, metres.
    range_m: [f64; 2],
    /// Beam and floor of azimuth, degrees.
    azimuth_deg: [f64; 2],
    /// Beam and floor of elevation, degrees.
    elevation_deg: [f64; 2],
    /// Cell and floor of range rate, metres per second.
    range_rate_mps: [f64; 2],
    range_rate_max_mps: f64,
}

impl Radar {
    fn notional(size: Size) -> Self {
        Self {
            reference_snr_db: REFERENCE_SNR_DB,
            reference_range_m: size.reference_km * 1e3,
            false_alarm_probability: 1e-6,
            fluctuation: Fluctuation::Swerling1,
            faces: Vec::new(),
            scan_loss_power: 3.0,
            schedule: size.schedule,
            range_resolution_m: size.range_m[0],
            range_floor_m: size.range_m[1],
            azimuth_resolution_rad: size.azimuth_deg[0] * RAD_PER_DEG,
            azimuth_floor_rad: size.azimuth_deg[1] * RAD_PER_DEG,
            elevation_resolution_rad: size.elevation_deg[0] * RAD_PER_DEG,
            elevation_floor_rad: size.elevation_deg[1] * RAD_PER_DEG,
            range_rate_resolution_mps: size.range_rate_mps[0],
            range_rate_floor_mps: size.range_rate_mps[1],
            range_rate_max_mps: size.range_rate_max_mps,
            clutter: Vec::new(),
        }
    }

    /// A notional long-range early-warning radar: 1 m² at 2,000 km every second time, a beam of 1.5°, a search of 10 s,
    /// a track a second. Its several faces are taken as one without loss between them.
    pub fn early_warning() -> Self {
        Self::notional(Size {
            reference_km: 2_000.0,
            schedule: phased(10.0, 1.0),
            range_m: [75.0, 8.0],
            azimuth_deg: [1.5, 0.05],
            elevation_deg: [1.5, 0.05],
            range_rate_mps: [40.0, 1.0],
            range_rate_max_mps: 8e3,
        })
    }

    /// A notional early-warning radar for a region: 1 m² at 700 km every second time.
    pub fn regional_early_warning() -> Self {
        Self::notional(Size {
            reference_km: 700.0,
            schedule: phased(6.0, 1.0),
            range_m: [60.0, 8.0],
            azimuth_deg: [1.2, 0.05],
            elevation_deg: [1.5, 0.06],
            range_rate_mps: [40.0, 1.0],
            range_rate_max_mps: 6e3,
        })
    }

    /// A notional forward X-band radar: 1 m² at 1,500 km every second time, a beam of 0.3°, cells of 5 m, one face.
    pub fn forward_x_band() -> Self {
        Self::notional(Size {
            reference_km: 1_500.0,
            schedule: phased(8.0, 0.5),
            range_m: [5.0, 2.0],
            azimuth_deg: [0.3, 0.015],
            elevation_deg: [0.3, 0.015],
            range_rate_mps: [20.0, 0.5],
            range_rate_max_mps: 8e3,
        })
    }

    /// A notional radar of a ship: 1 m² at 700 km every second time, four faces taken as one without loss between them.
    pub fn ship() -> Self {
        Self::notional(Size {
            reference_km: 700.0,
            schedule: phased(6.0, 1.0),
            range_m: [30.0, 6.0],
            azimuth_deg: [1.5, 0.06],
            elevation_deg: [1.5, 0.06],
            range_rate_mps: [40.0, 1.0],
            range_rate_max_mps: 6e3,
        })
    }

    /// A notional airport radar: 1 m² at 100 km every second time, a turn in 4 s, a fan beam without elevation.
    pub fn airport() -> Self {
        Self::notional(Size {
            reference_km: 100.0,
            schedule: Schedule::Rotating { period_s: 4.0 },
            range_m: [150.0, 40.0],
            azimuth_deg: [1.4, 0.08],
            elevation_deg: [40.0, 10.0],
            range_rate_mps: [20.0, 2.0],
            range_rate_max_mps: 500.0,
        })
    }

    /// A notional air surveillance radar: 1 m² at 300 km every second time, a turn in 10 s.
    pub fn air_surveillance() -> Self {
        Self::notional(Size {
            reference_km: 300.0,
            schedule: Schedule::Rotating { period_s: 10.0 },
            range_m: [100.0, 30.0],
            azimuth_deg: [1.2, 0.08],
            elevation_deg: [2.0, 0.15],
            range_rate_mps: [20.0, 2.0],
            range_rate_max_mps: 1e3,
        })
    }
}

/// A phased array that gives an object up after three misses.
const fn phased(search_s: f64, track_s: f64) -> Schedule {
    Schedule::Phased {
        search_s,
        track_s,
        misses_max: 3,
    }
}

impl Optical {
    /// A notional tracker: 10 arc seconds, 10 frames a second, at night, objects that shine or are lit.
    pub fn tracker() -> Self {
        Self {
            sigma_rad: 10.0 / 3_600.0 * RAD_PER_DEG,
            resolution_rad: 30.0 / 3_600.0 * RAD_PER_DEG,
            period_s: 0.1,
            probability: 0.9,
            sun_elevation_max_rad: Some(-6.0 * RAD_PER_DEG),
            is_sunlight_needed: true,
        }
    }
}

impl Infrared {
    /// A notional sensor in geostationary height: thrust of 100 kW/sr gives a signal of twenty times the noise, cells
    /// of 1.5 km on the ground below (40 µrad), a look in 5 s, clouds up to 10 km.
    pub fn geostationary() -> Self {
        Self {
            noise_wpm2: 3.5e-12,
            false_alarm_probability: 1e-7,
            resolution_rad: 40e-6,
            floor_rad: 10e-6,
            period_s: 5.0,
            cloud_top_m: 10_000.0,
        }
    }
}

impl AdsB {
    /// A notional receiver: of two positions a second one is kept, nine of ten arrive; no clock is wrong.
    pub fn receiver() -> Self {
        Self {
            period_s: 1.0,
            probability: 0.9,
            position_sigma_m: 10.0,
            height_sigma_m: 30.0,
            velocity_sigma_mps: 1.0,
            clock_faults: None,
        }
    }
}

impl Ais {
    /// A notional receiver: nine of ten positions arrive; the sea is at the ellipsoid; no clock is wrong.
    pub fn receiver() -> Self {
        Self {
            probability: 0.9,
            position_sigma_m: 10.0,
            sea_height_m: 0.0,
            height_sigma_m: 10.0,
            velocity_sigma_mps: 0.2,
            clock_faults: None,
        }
    }
}
