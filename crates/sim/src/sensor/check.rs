//! Whether a station can work: its parameters within their limits, its quantities those of its source.

use geo::angle::RAD_PER_DEG;
use plot::Quantity;

use super::{AdsB, Ais, Infrared, Optical, Place, Radar, Schedule, Source, Station, StationError};

const POSITIVE: &str = "a finite number above 0";
const NOT_NEGATIVE: &str = "a finite number, 0 or above";
const SHARE: &str = "a number from 0 to 1";
const FALSE_ALARM: &str = "a probability above 0 up to 0.1";
/// The shortest time between looks: below it a run would not end.
const PERIOD_MIN_S: f64 = 1e-3;
const PERIOD: &str = "seconds, 0.001 or above";

/// One parameter: its name, its value, whether it is good, what is.
type Row = (&'static str, f64, bool, &'static str);

fn positive(name: &'static str, value: f64) -> Row {
    (name, value, value > 0.0 && value.is_finite(), POSITIVE)
}

fn not_negative(name: &'static str, value: f64) -> Row {
    (name, value, value >= 0.0 && value.is_finite(), NOT_NEGATIVE)
}

fn share(name: &'static str, value: f64) -> Row {
    (name, value, (0.0..=1.0).contains(&value), SHARE)
}

fn period(name: &'static str, value: f64) -> Row {
    (name, value, value >= PERIOD_MIN_S && value.is_finite(), PERIOD)
}

fn false_alarm(value: f64) -> Row {
    (
        "false_alarm_probability",
        value,
        value > 0.0 && value <= 0.1,
        FALSE_ALARM,
    )
}

impl Station {
    /// Checks that a station can work; [`crate::observe`] relies on it. Errors: [`StationError`], the first found.
    pub fn check(&self) -> Result<(), StationError> {
        let station = || self.sensor.name.clone();
        let mut rows = vec![not_negative("jitter_s", self.jitter_s)];
        if let Some(drift) = self.drift {
            rows.push(not_negative("drift.share", drift.share));
            rows.push(positive("drift.correlation_s", drift.correlation_s));
        }
        rows.extend(self.source.rows());
        for (parameter, value, is_good, expected) in rows {
            if !is_good {
                return Err(StationError::Parameter {
                    station: station(),
                    parameter,
                    value,
                    expected,
                });
            }
        }
        let measures = &self.sensor.measures;
        if measures.is_empty() {
            return Err(StationError::Nothing { station: station() });
        }
        let given: &[Quantity] = match &self.source {
            Source::Radar(_) => &Quantity::ALL[..4],
            Source::Optical(_) | Source::Infrared(_) => &Quantity::ALL[1..3],
            Source::AdsB(_) | Source::Ais(_) => &Quantity::ALL[4..],
        };
        if let Some(quantity) = measures.iter().copied().find(|quantity| !given.contains(quantity)) {
            let station = station();
            return Err(StationError::Measures { station, quantity });
        }
        let is_polar = given[0] != Quantity::Position;
        if is_polar && matches!(self.place, Place::Moving(_)) && measures[..] != Quantity::ALL[..3] {
            return Err(StationError::Moving { station: station() });
        }
        Ok(())
    }
}

impl Source {
    fn rows(&self) -> Vec<Row> {
        match self {
            Self::Radar(radar) => radar.rows(),
            Self::Optical(optical) => optical.rows(),
            Self::Infrared(infrared) => infrared.rows(),
            Self::AdsB(adsb) => adsb.rows(),
            Self::Ais(ais) => ais.rows(),
        }
    }
}

impl Radar {
    fn rows(&self) -> Vec<Row> {
        let angle = |name, value: f64| {
            (
                name,
                value,
                value > 0.0 && value <= 90.0 * RAD_PER_DEG,
                "an angle up to 90°",
            )
        };
        let snr_db = self.reference_snr_db;
        let mut rows = vec![
            (
                "reference_snr_db",
                snr_db,
                (-100.0..=100.0).contains(&snr_db),
                "decibels from -100 to 100",
            ),
            positive("reference_range_m", self.reference_range_m),
            false_alarm(self.false_alarm_probability),
            not_negative("scan_loss_power", self.scan_loss_power),
            positive("range_resolution_m", self.range_resolution_m),
            not_negative("range_floor_m", self.range_floor_m),
            angle("azimuth_resolution_rad", self.azimuth_resolution_rad),
            not_negative("azimuth_floor_rad", self.azimuth_floor_rad),
            angle("elevation_resolution_rad", self.elevation_resolution_rad),
            not_negative("elevation_floor_rad", self.elevation_floor_rad),
            positive("range_rate_resolution_mps", self.range_rate_resolution_mps),
            not_negative("range_rate_floor_mps", self.range_rate_floor_mps),
            not_negative("range_rate_max_mps", self.range_rate_max_mps),
        ];
        rows.extend(self.schedule.rows());
        for face in &self.faces {
            let scan = face.scan_max_rad;
            let is_good = scan > 0.0 && scan < 90.0 * RAD_PER_DEG;
            rows.push(("scan_max_rad", scan, is_good, "an angle above 0 and below 90°"));
        }
        for clutter in &self.clutter {
            rows.push(not_negative("clutter.plots_per_scan", clutter.plots_per_scan));
            rows.push(not_negative("clutter.range_from_m", clutter.range_from_m));
            rows.push((
                "clutter.range_to_m",
                clutter.range_to_m,
                clutter.range_to_m > clutter.range_from_m && clutter.range_to_m.is_finite(),
                "a distance above range_from_m",
            ));
            rows.push(not_negative("clutter.elevation_to_rad", clutter.elevation_to_rad));
            rows.push(not_negative(
                "clutter.range_rate_sigma_mps",
                clutter.range_rate_sigma_mps,
            ));
        }
        rows
    }
}

impl Schedule {
    fn rows(&self) -> Vec<Row> {
        match *self {
            Self::Rotating { period_s } | Self::Staring { period_s } => vec![period("period_s", period_s)],
            Self::Phased { search_s, track_s, .. } => vec![period("search_s", search_s), period("track_s", track_s)],
        }
    }
}

impl Optical {
    fn rows(&self) -> Vec<Row> {
        vec![
            positive("sigma_rad", self.sigma_rad),
            not_negative("resolution_rad", self.resolution_rad),
            period("period_s", self.period_s),
            share("probability", self.probability),
        ]
    }
}

impl Infrared {
    fn rows(&self) -> Vec<Row> {
        vec![
            positive("noise_wpm2", self.noise_wpm2),
            false_alarm(self.false_alarm_probability),
            positive("resolution_rad", self.resolution_rad),
            not_negative("floor_rad", self.floor_rad),
            period("period_s", self.period_s),
            not_negative("cloud_top_m", self.cloud_top_m),
        ]
    }
}

impl AdsB {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![
            period("period_s", self.period_s),
            share("probability", self.probability),
            not_negative("position_sigma_m", self.position_sigma_m),
            not_negative("height_sigma_m", self.height_sigma_m),
            not_negative("velocity_sigma_mps", self.velocity_sigma_mps),
        ];
        if let Some(faults) = self.clock_faults {
            rows.push(share("clock_faults.share", faults.share));
            rows.push(not_negative("clock_faults.sigma_s", faults.sigma_s));
        }
        rows
    }
}

impl Ais {
    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![
            share("probability", self.probability),
            not_negative("position_sigma_m", self.position_sigma_m),
            positive("height_sigma_m", self.height_sigma_m),
            not_negative("velocity_sigma_mps", self.velocity_sigma_mps),
        ];
        if let Some(faults) = self.clock_faults {
            rows.push(share("clock_faults.share", faults.share));
            rows.push(not_negative("clock_faults.sigma_s", faults.sigma_s));
        }
        rows
    }
}
