//! Notional sensors by kind. Their figures follow from textbook laws and round numbers of the size that is public for
//! such kinds; none is that of a real sensor.

use geo::Geodetic;
use geo::angle::RAD_PER_DEG;
use plot::{Quantity, Sensor, Sigmas};

use crate::sensor::{AdsB, Ais, Fluctuation, Infrared, Optical, Radar, Schedule, Source, Station};

/// A kind of sensor in a scenario file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum SensorKind {
    /// A long-range early-warning radar.
    EarlyWarning,
    /// A forward radar of short wavelength.
    Forward,
    /// The radar of a ship.
    Ship,
    /// A turning radar of air surveillance.
    AirSurveillance,
    /// A telescope.
    Optical,
    /// Infrared from space.
    Infrared,
    /// A receiver of ADS-B.
    AdsB,
    /// A receiver of AIS.
    Ais,
}

impl SensorKind {
    pub const ALL: [Self; 8] = [
        Self::EarlyWarning,
        Self::Forward,
        Self::Ship,
        Self::AirSurveillance,
        Self::Optical,
        Self::Infrared,
        Self::AdsB,
        Self::Ais,
    ];

    /// The word of `kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EarlyWarning => "early-warning",
            Self::Forward => "forward",
            Self::Ship => "ship",
            Self::AirSurveillance => "air-surveillance",
            Self::Optical => "optical",
            Self::Infrared => "infrared",
            Self::AdsB => "ads-b",
            Self::Ais => "ais",
        }
    }

    /// The station of this kind, before the file says what is special about it.
    pub fn station(self, name: &str, owner: &str, place: Geodetic) -> Station {
        let mut sensor = Sensor::new(name, owner, place);
        sensor.latency_s = Some(0.5);
        let source = match self {
            Self::EarlyWarning => radar_source(&EARLY_WARNING, &mut sensor),
            Self::Forward => radar_source(&FORWARD, &mut sensor),
            Self::Ship => radar_source(&SHIP, &mut sensor),
            Self::AirSurveillance => radar_source(&AIR_SURVEILLANCE, &mut sensor),
            Self::Optical => optical(&mut sensor),
            Self::Infrared => infrared(&mut sensor),
            Self::AdsB => ads_b(&mut sensor),
            Self::Ais => ais(&mut sensor),
        };
        Station::new(sensor, source)
    }
}

/// A radar in round numbers.
struct Notional {
    /// An object of 1 m² gives 15 dB here.
    reference_range_m: f64,
    schedule: Schedule,
    range_resolution_m: f64,
    range_floor_m: f64,
    /// Width of the beam, both ways.
    beam_deg: f64,
    floor_deg: f64,
    range_bias_m: f64,
    angle_bias_deg: f64,
    time_bias_s: f64,
    elevation_deg: (f64, f64),
    range_max_m: f64,
    false_alarms_per_scan: f64,
}

/// Metre waves: sees far and coarsely.
const EARLY_WARNING: Notional = Notional {
    reference_range_m: 1.5e6,
    schedule: Schedule::Phased {
        search_s: 8.0,
        track_s: 1.0,
        misses_max: 5,
    },
    range_resolution_m: 60.0,
    range_floor_m: 15.0,
    beam_deg: 2.0,
    floor_deg: 0.05,
    range_bias_m: 30.0,
    angle_bias_deg: 0.04,
    time_bias_s: 2e-3,
    elevation_deg: (0.0, 85.0),
    range_max_m: 4e6,
    false_alarms_per_scan: 0.1,
};

/// Centimetre waves: sees finely, in a sector.
const FORWARD: Notional = Notional {
    reference_range_m: 1.4e6,
    schedule: Schedule::Phased {
        search_s: 4.0,
        track_s: 0.5,
        misses_max: 5,
    },
    range_resolution_m: 1.5,
    range_floor_m: 3.0,
    beam_deg: 0.6,
    floor_deg: 0.012,
    range_bias_m: 10.0,
    angle_bias_deg: 0.01,
    time_bias_s: 1e-3,
    elevation_deg: (0.0, 85.0),
    range_max_m: 4e6,
    false_alarms_per_scan: 0.05,
};

/// Decimetre waves, all round.
const SHIP: Notional = Notional {
    reference_range_m: 7e5,
    schedule: Schedule::Phased {
        search_s: 6.0,
        track_s: 1.0,
        misses_max: 5,
    },
    range_resolution_m: 15.0,
    range_floor_m: 8.0,
    beam_deg: 1.5,
    floor_deg: 0.04,
    range_bias_m: 20.0,
    angle_bias_deg: 0.05,
    time_bias_s: 2e-3,
    elevation_deg: (0.0, 88.0),
    range_max_m: 2e6,
    false_alarms_per_scan: 0.2,
};

/// Turns once in ten seconds; for what flies in the air.
const AIR_SURVEILLANCE: Notional = Notional {
    reference_range_m: 3e5,
    schedule: Schedule::Rotating { period_s: 10.0 },
    range_resolution_m: 100.0,
    range_floor_m: 30.0,
    beam_deg: 1.4,
    floor_deg: 0.07,
    range_bias_m: 40.0,
    angle_bias_deg: 0.05,
    time_bias_s: 5e-3,
    elevation_deg: (0.0, 30.0),
    range_max_m: 4.7e5,
    false_alarms_per_scan: 0.5,
};

/// Signal-to-noise ratio of an object of 1 m² at the reference range.
const REFERENCE_SNR_DB: f64 = 15.0;

fn radar_source(notional: &Notional, sensor: &mut Sensor) -> Source {
    let rad = RAD_PER_DEG;
    let radar = Radar {
        reference_snr_db: REFERENCE_SNR_DB,
        reference_range_m: notional.reference_range_m,
        false_alarm_probability: 1e-6,
        fluctuation: Fluctuation::Swerling1,
        faces: Vec::new(),
        scan_loss_power: 2.5,
        schedule: notional.schedule,
        range_resolution_m: notional.range_resolution_m,
        range_floor_m: notional.range_floor_m,
        azimuth_resolution_rad: notional.beam_deg * rad,
        azimuth_floor_rad: notional.floor_deg * rad,
        elevation_resolution_rad: notional.beam_deg * rad,
        elevation_floor_rad: notional.floor_deg * rad,
        range_rate_resolution_mps: 20.0,
        range_rate_floor_mps: 2.0,
        range_rate_max_mps: 8_000.0,
        clutter: Vec::new(),
    };
    // What the owner states: the noise at 20 dB, beside which its biases are a prior.
    let at_20_db = |floor: f64, resolution: f64, slope: f64| {
        let thermal = resolution / (slope * 200.0_f64.sqrt());
        (floor * floor + thermal * thermal).sqrt()
    };
    let angle_rad = at_20_db(notional.floor_deg * rad, notional.beam_deg * rad, 1.6);
    sensor.sigmas = Sigmas {
        range_m: Some(at_20_db(notional.range_floor_m, notional.range_resolution_m, 1.0)),
        azimuth_rad: Some(angle_rad),
        elevation_rad: Some(angle_rad),
        range_rate_mps: Some(at_20_db(2.0, 20.0, 1.0)),
        ..Sigmas::default()
    };
    sensor.bias_sigmas = Sigmas {
        range_m: Some(notional.range_bias_m),
        azimuth_rad: Some(notional.angle_bias_deg * rad),
        elevation_rad: Some(notional.angle_bias_deg * rad),
        range_rate_mps: Some(1.0),
        ..Sigmas::default()
    };
    sensor.time_bias_sigma_s = Some(notional.time_bias_s);
    sensor.coverage.range_max_m = Some(notional.range_max_m);
    sensor.coverage.elevation_min_rad = Some(notional.elevation_deg.0 * rad);
    sensor.coverage.elevation_max_rad = Some(notional.elevation_deg.1 * rad);
    sensor.scan_s = Some(notional.schedule.scan_s());
    sensor.detection.false_alarms_per_scan = Some(notional.false_alarms_per_scan);
    Source::Radar(radar)
}

fn angles(sensor: &mut Sensor, sigma_rad: f64, bias_rad: f64) {
    sensor.measures = vec![Quantity::Azimuth, Quantity::Elevation];
    sensor.sigmas = Sigmas {
        azimuth_rad: Some(sigma_rad),
        elevation_rad: Some(sigma_rad),
        ..Sigmas::default()
    };
    sensor.bias_sigmas = Sigmas {
        azimuth_rad: Some(bias_rad),
        elevation_rad: Some(bias_rad),
        ..Sigmas::default()
    };
    sensor.time_bias_sigma_s = Some(1e-3);
}

fn optical(sensor: &mut Sensor) -> Source {
    let sigma_rad = 5e-5;
    angles(sensor, sigma_rad, 5e-5);
    sensor.scan_s = Some(0.5);
    Source::Optical(Optical {
        sigma_rad,
        resolution_rad: 1e-4,
        period_s: 0.5,
        probability: 0.9,
        sun_elevation_max_rad: Some(-12.0 * RAD_PER_DEG),
        is_sunlight_needed: true,
    })
}

fn infrared(sensor: &mut Sensor) -> Source {
    let floor_rad = 1.5e-5;
    angles(sensor, floor_rad, 1.5e-5);
    sensor.scan_s = Some(2.0);
    Source::Infrared(Infrared {
        noise_wpm2: 2e-11,
        false_alarm_probability: 1e-6,
        resolution_rad: 4e-5,
        floor_rad,
        period_s: 2.0,
        cloud_top_m: 8_000.0,
    })
}

fn position(sensor: &mut Sensor, position_m: f64, height_m: f64, velocity_mps: f64) {
    sensor.measures = vec![Quantity::Position, Quantity::Velocity];
    sensor.sigmas = Sigmas {
        position_m: Some(position_m),
        height_m: Some(height_m),
        velocity_mps: Some(velocity_mps),
        ..Sigmas::default()
    };
}

fn ads_b(sensor: &mut Sensor) -> Source {
    position(sensor, 15.0, 30.0, 2.0);
    sensor.coverage.range_max_m = Some(4e5);
    Source::AdsB(AdsB {
        period_s: 1.0,
        probability: 0.8,
        position_sigma_m: 15.0,
        height_sigma_m: 30.0,
        velocity_sigma_mps: 2.0,
        clock_faults: None,
    })
}

fn ais(sensor: &mut Sensor) -> Source {
    position(sensor, 10.0, 5.0, 0.2);
    sensor.coverage.range_max_m = Some(1e5);
    Source::Ais(Ais {
        probability: 0.8,
        position_sigma_m: 10.0,
        sea_height_m: super::sea_height_m(sensor.site.geodetic()),
        height_sigma_m: 5.0,
        velocity_sigma_mps: 0.2,
        clock_faults: None,
    })
}
