//! Plots of nothing: false alarms of noise, and clutter.

use std::f64::consts::{FRAC_PI_2, TAU};

use geo::Time;
use geo::angle::wrap_tau;

use super::dwell::{Dwells, RANGE_RATE_MAX_MPS};
use super::look::{Spot, Values};
use super::observe::Delivery;
use super::station::Glimpse;
use super::{Clutter, Schedule, Source};
use crate::Chance;

/// Where a radar without a stated range ends: so many times its reference range.
const RANGE_SHARE: f64 = 1.5;
/// The Earth as seen from geostationary height lies within this angle of straight down.
const EARTH_DISC_RAD: f64 = 0.152;

/// From and width of the volume in which false alarms are spread evenly.
struct Volume {
    range_m: f64,
    azimuth_rad: (f64, f64),
    elevation_rad: (f64, f64),
    range_rate_mps: f64,
}

/// Adds the false alarms and the clutter of a station, scan by scan.
pub(super) fn observe(dwells: &Dwells, span: (Time, Time), seed: u64, deliveries: &mut Vec<Delivery>) {
    let station = dwells.station;
    let volume = volume(dwells);
    let mean = station.sensor.detection.false_alarms_per_scan.unwrap_or(0.0);
    let clutter: &[Clutter] = match &station.source {
        Source::Radar(radar) => &radar.clutter,
        _ => &[],
    };
    if mean <= 0.0 && clutter.is_empty() {
        return;
    }
    let mut noise = Chance::new(seed, &[&station.sensor.name, "false alarms"]);
    let mut ground = Chance::new(seed, &[&station.sensor.name, "clutter"]);
    let scan_s = dwells.pace.schedule.scan_s();
    let mut from = span.0;
    while from <= span.1 {
        for _ in 0..noise.poisson(mean) {
            let values = Values {
                range_m: noise.between(1.0, volume.range_m),
                azimuth_rad: wrap_tau(volume.azimuth_rad.0 + volume.azimuth_rad.1 * noise.uniform()),
                elevation_rad: volume.elevation_rad.0 + volume.elevation_rad.1 * noise.uniform(),
                range_rate_mps: volume.range_rate_mps * noise.between(-1.0, 1.0),
            };
            deliveries.extend(dwells.alarm(from, span.1, values, &mut noise));
        }
        for region in clutter {
            for _ in 0..ground.poisson(region.plots_per_scan) {
                let values = region.draw(&mut ground);
                deliveries.extend(dwells.alarm(from, span.1, values, &mut ground));
            }
        }
        from = from + scan_s;
    }
}

fn volume(dwells: &Dwells) -> Volume {
    let coverage = &dwells.station.sensor.coverage;
    let (range_m, range_rate_mps) = match &dwells.station.source {
        Source::Radar(radar) => (RANGE_SHARE * radar.reference_range_m, radar.range_rate_max_mps),
        _ => (1e5, 0.0),
    };
    let azimuth_rad = match (coverage.azimuth_from_rad, coverage.azimuth_to_rad) {
        (Some(from), Some(to)) => (from, wrap_tau(to - from)),
        _ => (0.0, TAU),
    };
    let (lowest, highest) = match &dwells.station.source {
        Source::Infrared(_) => (-FRAC_PI_2, -FRAC_PI_2 + EARTH_DISC_RAD),
        _ => (0.0, FRAC_PI_2),
    };
    let low_rad = coverage.elevation_min_rad.unwrap_or(lowest);
    let high_rad = coverage.elevation_max_rad.unwrap_or(highest);
    Volume {
        range_m: coverage.range_max_m.unwrap_or(range_m),
        azimuth_rad,
        elevation_rad: (low_rad, high_rad - low_rad),
        range_rate_mps,
    }
}

impl Clutter {
    /// Draws a place, evenly over the ground.
    fn draw(&self, chance: &mut Chance) -> Values {
        let square = |metres: f64| metres * metres;
        let square_m2 = chance.between(square(self.range_from_m.max(1.0)), square(self.range_to_m));
        let width_rad = wrap_tau(self.azimuth_to_rad - self.azimuth_from_rad);
        // From and to the same direction is all around.
        let width_rad = if width_rad == 0.0 { TAU } else { width_rad };
        let speed_mps = self.range_rate_sigma_mps * chance.normal();
        Values {
            range_m: square_m2.sqrt(),
            azimuth_rad: wrap_tau(self.azimuth_from_rad + width_rad * chance.uniform()),
            elevation_rad: self.elevation_to_rad * chance.uniform(),
            range_rate_mps: speed_mps.clamp(-RANGE_RATE_MAX_MPS, RANGE_RATE_MAX_MPS),
        }
    }
}

impl Dwells<'_> {
    /// Makes the plot of measured values in a scan; `None` when nobody looks there then.
    fn alarm(&self, scan: Time, until: Time, values: Values, chance: &mut Chance) -> Option<Delivery> {
        let share = match self.pace.schedule {
            Schedule::Rotating { .. } => {
                let turns = values.azimuth_rad / TAU - self.pace.begun;
                turns - turns.floor()
            }
            Schedule::Phased { .. } | Schedule::Staring { .. } => chance.uniform(),
        };
        let snr = self.station.detector().draw_false(chance);
        let time = scan + share * self.pace.schedule.scan_s();
        let spot = Spot::at(&values);
        let cosine = match &self.station.source {
            Source::Radar(radar) => radar.scan_cosine(&(spot.line / spot.range_m))?,
            _ => 1.0,
        };
        if time > until || self.station.is_out(time) || !self.station.covers(&spot) {
            return None;
        }
        let own = self.station.own_site(time)?;
        let glimpse = Glimpse { own, spot, snr, cosine };
        // The values are the measured ones: only the clock's error is to be added.
        Some(self.finish(time, &glimpse, values, snr, chance))
    }
}
