//! What sees it: radars at random places, with noise, constant errors, slow drifts, clocks and wild plots.

use geo::angle::{RAD_PER_DEG, wrap_pi, wrap_tau};
use geo::{Geodetic, Time, destination};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};

use crate::chance::Chance;
use crate::rocket::Rocket;

/// The constants of the fit's priors, see `estimate::path`: what a radar's errors are drawn from.
const BIAS_PER_SIGMA: f64 = 3.0;
const DRIFT_PER_SIGMA: f64 = 2.0;
const CLOCK_SIGMA_S: f64 = 2e-3;
const DRIFT_TIME_MIN_S: f64 = 60.0;
/// Range, azimuth, elevation, range rate.
const CHANNELS: usize = 4;

/// A radar with its errors.
pub struct Radar {
    pub sensor: Sensor,
    pub bias: [f64; CHANNELS],
    /// What they were drawn from.
    pub bias_sigmas: [f64; CHANNELS],
    pub clock_s: f64,
    sigmas: [f64; CHANNELS],
    has: [bool; CHANNELS],
    every_s: f64,
    range_max_m: f64,
    elevation_min_rad: f64,
    /// Middle and half width of its sector.
    sector_rad: Option<(f64, f64)>,
}

/// A slow error: a Gauss-Markov chain joined by straight lines.
struct Drift {
    from: Time,
    every_s: f64,
    nodes: Vec<f64>,
}

impl Drift {
    /// Draws one over a span, correlated over its length, as the fit takes it to be.
    fn draw(chance: &mut Chance, from: Time, to: Time, sigma: f64) -> Self {
        let span_s = (to - from).max(1.0);
        let every_s = span_s / 4.0;
        let rho = geo::math::exp(-every_s / span_s.max(DRIFT_TIME_MIN_S));
        let mut nodes = vec![chance.normal(sigma)];
        // The nodes need not be those of the fit: one more, and a random beginning.
        for _ in 0..5 {
            let last = nodes[nodes.len() - 1];
            nodes.push(rho * last + chance.normal(sigma * (1.0 - rho * rho).sqrt()));
        }
        let from = from + -every_s * chance.between(0.0, 1.0);
        Self { from, every_s, nodes }
    }

    fn at(&self, time: Time) -> f64 {
        let at = ((time - self.from) / self.every_s).clamp(0.0, 5.0);
        let node = (at as usize).min(4);
        let share = at - node as f64;
        (1.0 - share) * self.nodes[node] + share * self.nodes[node + 1]
    }
}

impl Radar {
    /// Draws a radar beside the path; only the first of a scene must see whole positions.
    pub fn draw(chance: &mut Chance, rocket: &Rocket, number: usize) -> Self {
        let along_m = rocket.distance_m * chance.between(-0.1, 1.1);
        let off_m = chance.between(30e3, 400e3) * if chance.is(0.5) { 1.0 } else { -1.0 };
        let beneath = destination(rocket.launch, rocket.azimuth_deg, along_m);
        let place = Geodetic {
            height_m: chance.between(0.0, 200.0),
            ..destination(beneath, rocket.azimuth_deg + 90.0, off_m)
        };
        let sigmas = [
            chance.log_between(5.0, 100.0),
            chance.log_between(2e-4, 3e-3),
            chance.log_between(2e-4, 3e-3),
            chance.log_between(0.3, 3.0),
        ];
        let is_range_only = number > 0 && chance.is(0.25);
        let has = [true, !is_range_only, !is_range_only, chance.is(0.25)];
        let mut sensor = Sensor::new(&format!("radar-{number}"), "owner", place);
        let of = |values: [f64; CHANNELS]| Sigmas {
            range_m: Some(values[0]),
            azimuth_rad: Some(values[1]),
            elevation_rad: Some(values[2]),
            range_rate_mps: Some(values[3]),
            ..Sigmas::default()
        };
        sensor.sigmas = of(sigmas);
        let mut bias_sigmas = sigmas.map(|sigma| BIAS_PER_SIGMA * sigma);
        if chance.is(0.5) {
            bias_sigmas = sigmas.map(|sigma| chance.between(0.5, 3.0) * sigma);
            sensor.bias_sigmas = of(bias_sigmas);
        }
        let mut clock_sigma_s = CLOCK_SIGMA_S;
        if chance.is(0.5) {
            clock_sigma_s = chance.log_between(1e-3, 30e-3);
            sensor.time_bias_sigma_s = Some(clock_sigma_s);
        }
        Self {
            sensor,
            bias_sigmas,
            bias: bias_sigmas.map(|sigma| chance.normal(sigma)),
            clock_s: chance.normal(clock_sigma_s),
            sigmas,
            has,
            every_s: chance.one_of(&[0.5, 1.0, 2.0, 4.0]),
            range_max_m: chance.between(600e3, 3_000e3),
            elevation_min_rad: chance.between(1.0, 4.0) * RAD_PER_DEG,
            sector_rad: Self::sector(chance, rocket, place),
        }
    }

    /// In two of five radars a sector around where some instant of the flight is seen.
    fn sector(chance: &mut Chance, rocket: &Rocket, place: Geodetic) -> Option<(f64, f64)> {
        let after_s = (rocket.arrival.0 - rocket.launch_time) * chance.between(0.1, 0.7);
        let half_rad = chance.between(30.0, 60.0) * RAD_PER_DEG;
        let seen = geo::Site::new(place).to_aer(rocket.state(rocket.launch_time + after_s)?.position);
        chance.is(0.4).then_some((seen.azimuth_rad, half_rad))
    }

    /// What it reports until a time, of a flight, with a part of wild plots.
    pub fn watch(&self, chance: &mut Chance, rocket: &Rocket, until: Time, wild_share: f64) -> Vec<Plot> {
        let mut time = rocket.launch_time + chance.between(0.0, self.every_s);
        let mut times = Vec::new();
        while time < until {
            if self.sees(rocket, time) {
                times.push(time);
            }
            time = time + self.every_s;
        }
        let ballistic = times.iter().find(|time| **time > rocket.burnout);
        let (Some(from), Some(to)) = (ballistic.or(times.last()), times.last()) else {
            return Vec::new();
        };
        let drifts: [Drift; CHANNELS] = self
            .sigmas
            .map(|sigma| Drift::draw(chance, *from, *to, DRIFT_PER_SIGMA * sigma));
        times
            .iter()
            .filter_map(|time| self.plot(chance, rocket, *time, &drifts, wild_share))
            .collect()
    }

    fn sees(&self, rocket: &Rocket, time: Time) -> bool {
        let Some(state) = rocket.state(time) else { return false };
        let seen = self.sensor.site.to_aer(state.position);
        let in_sector = |(middle, half): (f64, f64)| wrap_pi(seen.azimuth_rad - middle).abs() < half;
        seen.range_m < self.range_max_m
            && seen.elevation_rad > self.elevation_min_rad
            && seen.elevation_rad < 85.0 * RAD_PER_DEG
            && self.sector_rad.is_none_or(in_sector)
    }

    /// One report. A clock that is ahead stamps what was at `time` with a later one.
    fn plot(
        &self,
        chance: &mut Chance,
        rocket: &Rocket,
        time: Time,
        drifts: &[Drift; CHANNELS],
        wild_share: f64,
    ) -> Option<Plot> {
        let state = rocket.state(time)?;
        let seen = self.sensor.site.to_aer(state.position);
        let rate_mps = self.sensor.site.range_rate_mps(state);
        let truth = [seen.range_m, seen.azimuth_rad, seen.elevation_rad, rate_mps];
        let wild = if chance.is(wild_share) { 40.0 } else { 1.0 };
        let value = |channel: usize, chance: &mut Chance| {
            let error = self.bias[channel] + drifts[channel].at(time) + chance.normal(wild * self.sigmas[channel]);
            truth[channel] + error
        };
        let values: [f64; CHANNELS] = std::array::from_fn(|channel| value(channel, chance));
        let of = |channel: usize| self.has[channel].then_some(values[channel]);
        let polar = Polar {
            range_m: of(0).map(f64::abs),
            azimuth_rad: of(1).map(wrap_tau),
            elevation_rad: of(2).map(|rad| rad.clamp(-std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2)),
            range_rate_mps: of(3),
            pressure_altitude_m: None,
        };
        Some(Plot {
            time: time + self.clock_s,
            sensor: self.sensor.name.clone(),
            measurement: Measurement::Polar(polar),
            sigmas: Sigmas::default(),
            snr_db: None,
            target: Some("flight".into()),
            truth: None,
        })
    }

    /// Whether its plots are positions by themselves.
    pub fn is_whole(&self) -> bool {
        self.has[..3] == [true; 3]
    }
}
