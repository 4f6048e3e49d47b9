//! A station: a sensor, where it is, what kind of source it is, when it is silent.

use std::sync::Arc;

use flight::Phase;
use geo::angle::wrap_tau;
use geo::math::atan2;
use geo::{Ecef, Geodetic, Position, Site, State, Time, Velocity};
use plot::{Measurement, PositionFix, Quantity, Sensor, Sigmas};

use super::detection::Detector;
use super::horizon::is_line_clear;
use super::look::{Cell, Noise, Spot, Values, reduce};
use super::optical::is_sunlit;
use super::radar::decibels;
use super::{AdsB, Ais, Horizon, Infrared, Look, Optical, Radar, Schedule};
use crate::{Course, Kind, Truth};

/// Nearer than this nothing has a direction (a ship does not see itself).
const RANGE_MIN_M: f64 = 1.0;

/// One sensor of a scenario.
#[derive(Clone, Debug)]
pub struct Station {
    /// What plots and sensor files say of it: name, owner, frame, coverage, prior sigmas of its biases, latency.
    pub sensor: Sensor,
    /// Where it is.
    pub place: Place,
    /// What kind of source it is.
    pub source: Source,
    /// What hides objects from it.
    pub horizon: Horizon,
    /// Spans of time without plots, ends included.
    pub outages: Vec<(Time, Time)>,
    /// Mean of an exponential delay beyond the sensor's latency.
    pub jitter_s: f64,
    /// Slow wander of its biases.
    pub drift: Option<Drift>,
}

/// Where a station is.
#[derive(Clone, Debug)]
pub enum Place {
    /// At the site of its sensor.
    Fixed,
    /// Under way. It takes out its own motion: plots are about the site of its sensor, which should be near.
    Moving(Course),
}

/// Wander of every bias around its constant: a Gauss-Markov process of first order.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Drift {
    /// Its standard deviation as a share of the prior sigma of the bias.
    pub share: f64,
    /// Its correlation falls by e in this time.
    pub correlation_s: f64,
}

/// What kind of source a station is.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A radar.
    Radar(Radar),
    /// An optical line of sight.
    Optical(Optical),
    /// Infrared from space.
    Infrared(Infrared),
    /// Reports of aircraft.
    AdsB(AdsB),
    /// Reports of ships.
    Ais(Ais),
}

/// Why a station cannot work.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StationError {
    /// A parameter is outside its limits.
    #[error("station {station:?}: {parameter} is {value}, expected {expected}")]
    Parameter {
        /// Name of the station.
        station: Arc<str>,
        /// Name of the parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// The limits in words.
        expected: &'static str,
    },
    /// It measures something that its source does not give.
    #[error("station {station:?} cannot measure {}", quantity.name())]
    Measures {
        /// Name of the station.
        station: Arc<str>,
        /// What it would measure.
        quantity: Quantity,
    },
    /// It measures nothing.
    #[error("station {station:?} measures nothing")]
    Nothing {
        /// Name of the station.
        station: Arc<str>,
    },
    /// Plots of a moving station are moved to its reference point, for which a whole position is needed.
    #[error("station {station:?} moves, so it has to measure range, azimuth and elevation, and no range rate")]
    Moving {
        /// Name of the station.
        station: Arc<str>,
    },
}

/// One object in view of a station: before chance.
#[derive(Copy, Clone, Debug)]
pub(super) struct Glimpse {
    /// The frame of a moving station.
    pub(super) own: Option<Site>,
    pub(super) spot: Spot,
    /// Mean signal-to-noise ratio, a ratio of powers.
    pub(super) snr: f64,
    /// Cosine off the normal of a face.
    pub(super) cosine: f64,
}

impl Station {
    /// Makes a fixed station without outages, jitter and drift, with the air of the reference atmosphere.
    pub fn new(sensor: Sensor, source: Source) -> Self {
        Self {
            sensor,
            place: Place::Fixed,
            source,
            horizon: Horizon::default(),
            outages: Vec::new(),
            jitter_s: 0.0,
            drift: None,
        }
    }

    /// Returns what one dwell on an object would give; `None` when it is not in view: outside sector, elevation or
    /// range, behind the horizon, in an outage, not flying, or not of the kind that the source reports.
    pub fn look(&self, truth: &Truth, time: Time) -> Option<Look> {
        if let Source::AdsB(_) | Source::Ais(_) = self.source {
            return self.report_look(truth, time);
        }
        let glimpse = self.glimpse(truth, time)?;
        let detector = self.detector();
        let noise = self.noise(&glimpse, detector.detected_snr(glimpse.snr));
        let (values, noise) = self.stated(&glimpse, Values::from(&glimpse.spot), noise);
        Some(Look {
            measurement: values.measurement(&self.sensor),
            sigmas: noise.sigmas(&self.sensor),
            snr_db: self.stated_snr_db(glimpse.snr),
            probability: detector.probability(glimpse.snr),
        })
    }

    /// When it looks where; `None` for what objects say themselves.
    pub fn schedule(&self) -> Option<Schedule> {
        match &self.source {
            Source::Radar(radar) => Some(radar.schedule),
            Source::Optical(optical) => Some(Schedule::Staring {
                period_s: optical.period_s,
            }),
            Source::Infrared(infrared) => Some(Schedule::Staring {
                period_s: infrared.period_s,
            }),
            Source::AdsB(_) | Source::Ais(_) => None,
        }
    }

    /// Whether it is silent.
    pub(super) fn is_out(&self, time: Time) -> bool {
        self.outages
            .iter()
            .any(|(from, until)| (*from..=*until).contains(&time))
    }

    /// The object as this station sees it, if it is in view.
    pub(super) fn glimpse(&self, truth: &Truth, time: Time) -> Option<Glimpse> {
        if self.is_out(time) {
            return None;
        }
        let own = self.own_site(time)?;
        let site = own.as_ref().unwrap_or(&self.sensor.site);
        let state = truth.course.state(time)?;
        let spot = Spot::new(site, &state);
        if !self.covers(&spot) {
            return None;
        }
        let (snr, cosine) = match &self.source {
            Source::Radar(radar) => {
                let cosine = radar.scan_cosine(&(spot.line / spot.range_m))?;
                let size_m2 = truth.signature.cross_section_m2;
                (radar.scanned_snr(spot.range_m, size_m2, cosine), cosine)
            }
            Source::Optical(optical) => {
                let is_lit = || self.is_thrusting(truth, time) || is_sunlit(state.position, time);
                let is_seen = optical.is_dark(site, time) && (!optical.is_sunlight_needed || is_lit());
                is_seen.then_some((1.0, 1.0))?
            }
            Source::Infrared(infrared) => {
                let is_hot = truth.signature.boost_wpsr > 0.0 && self.is_thrusting(truth, time);
                let is_seen = is_hot && is_above_clouds(infrared, site, &state);
                is_seen.then(|| (infrared.snr(spot.range_m, truth.signature.boost_wpsr), 1.0))?
            }
            Source::AdsB(_) | Source::Ais(_) => (1.0, 1.0),
        };
        let is_clear = matches!(self.source, Source::Infrared(_)) || self.horizon.clears(site, &spot, state.position);
        (is_clear && snr > 0.0).then_some(Glimpse { own, spot, snr, cosine })
    }

    /// The azimuth of an object, in view or not; `None` while it or a moving station is not under way.
    pub(super) fn azimuth_rad(&self, truth: &Truth, time: Time) -> Option<f64> {
        let own = self.own_site(time)?;
        let site = own.as_ref().unwrap_or(&self.sensor.site);
        let line = site.to_enu(truth.course.state(time)?.position).vector();
        Some(atan2(line.x, line.y))
    }

    /// The signal-to-noise ratio that a plot states, within what a plot can state.
    pub(super) fn stated_snr_db(&self, snr: f64) -> Option<f64> {
        match self.detector() {
            Detector::Threshold { .. } => Some(decibels(snr).clamp(-100.0, 200.0)),
            Detector::Constant { .. } => None,
        }
    }

    /// The frame of a moving station; `None` outside its course.
    #[expect(clippy::option_option, reason = "a fixed station has no frame of its own")]
    pub(super) fn own_site(&self, time: Time) -> Option<Option<Site>> {
        match &self.place {
            Place::Fixed => Some(None),
            Place::Moving(course) => course.geodetic(time).map(|place| Some(Site::new(place))),
        }
    }

    fn is_thrusting(&self, truth: &Truth, time: Time) -> bool {
        truth.course.phase(time) == Some(Phase::Boost)
    }

    /// Whether an object is within sector, elevations and range.
    pub(super) fn covers(&self, spot: &Spot) -> bool {
        let coverage = &self.sensor.coverage;
        let within = |value: f64, low: Option<f64>, high: Option<f64>| {
            low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high)
        };
        let in_sector = match (coverage.azimuth_from_rad, coverage.azimuth_to_rad) {
            (Some(from), Some(to)) => wrap_tau(spot.azimuth_rad - from) <= wrap_tau(to - from),
            _ => true,
        };
        in_sector
            && within(spot.range_m, Some(RANGE_MIN_M), coverage.range_max_m)
            && within(
                spot.elevation_rad,
                coverage.elevation_min_rad,
                coverage.elevation_max_rad,
            )
    }

    /// What turns signal into detection.
    pub(super) fn detector(&self) -> Detector {
        match &self.source {
            Source::Radar(radar) => radar.detector(),
            Source::Infrared(infrared) => infrared.detector(),
            Source::Optical(Optical { probability, .. })
            | Source::AdsB(AdsB { probability, .. })
            | Source::Ais(Ais { probability, .. }) => Detector::Constant {
                probability: *probability,
            },
        }
    }

    /// Noise about the station itself at a signal-to-noise ratio.
    pub(super) fn noise(&self, glimpse: &Glimpse, snr: f64) -> Noise {
        let sigma_rad = match &self.source {
            Source::Radar(radar) => return radar.noise(&glimpse.spot, snr, glimpse.cosine),
            Source::Infrared(infrared) => infrared.sigma_rad(snr),
            Source::Optical(optical) => optical.sigma_rad,
            Source::AdsB(_) | Source::Ais(_) => 0.0,
        };
        Noise {
            range_m: 0.0,
            azimuth_rad: sigma_rad / glimpse.spot.cos_elevation(),
            elevation_rad: sigma_rad,
            range_rate_mps: 0.0,
        }
    }

    /// The resolution cell at a place.
    pub(super) fn cell(&self, glimpse: &Glimpse) -> Cell {
        let angle_rad = match &self.source {
            Source::Radar(radar) => return radar.cell(glimpse.cosine),
            Source::Optical(optical) => optical.resolution_rad,
            Source::Infrared(infrared) => infrared.resolution_rad,
            Source::AdsB(_) | Source::Ais(_) => 0.0,
        };
        Cell {
            range_m: f64::INFINITY,
            azimuth_rad: angle_rad,
            elevation_rad: angle_rad,
            range_rate_mps: f64::INFINITY,
        }
    }

    /// Noise at a signal-to-noise ratio on the normal of a face, level ahead: what a sensor file states.
    pub(super) fn nominal_sigmas(&self, snr: f64) -> Sigmas {
        if let Some(sigmas) = self.report_sigmas() {
            return sigmas;
        }
        let ahead = State {
            position: self.sensor.site.to_ecef(Position::new(0.0, 1e5, 0.0)),
            velocity: Velocity::new(0.0, 0.0, 0.0),
        };
        let glimpse = Glimpse {
            own: None,
            spot: Spot::new(&self.sensor.site, &ahead),
            snr,
            cosine: 1.0,
        };
        self.noise(&glimpse, snr).sigmas(&self.sensor)
    }

    /// Noise of what objects say themselves.
    pub(super) fn report_sigmas(&self) -> Option<Sigmas> {
        let [position_m, height_m, velocity_mps] = match &self.source {
            Source::AdsB(adsb) => adsb.sigmas(),
            Source::Ais(ais) => ais.sigmas(),
            Source::Radar(_) | Source::Optical(_) | Source::Infrared(_) => return None,
        };
        Some(Sigmas {
            position_m: Some(position_m),
            height_m: Some(height_m),
            velocity_mps: self
                .sensor
                .measures
                .contains(&Quantity::Velocity)
                .then_some(velocity_mps),
            ..Sigmas::default()
        })
    }

    /// What was measured about the station itself, as it is stated: about the site of its sensor.
    pub(super) fn stated(&self, glimpse: &Glimpse, values: Values, noise: Noise) -> (Values, Noise) {
        match &glimpse.own {
            None => (values, noise),
            Some(own) => reduce(own, &self.sensor.site, &values, &noise),
        }
    }

    /// The look of a receiver.
    fn report_look(&self, truth: &Truth, time: Time) -> Option<Look> {
        if !self.reports(truth) {
            return None;
        }
        self.glimpse(truth, time)?;
        let state = truth.course.state(time)?;
        let mut geodetic = Geodetic::from_ecef(state.position);
        let velocity = Site::new(geodetic).velocity_to_enu(state.velocity);
        if let Source::Ais(ais) = &self.source {
            geodetic.height_m = ais.sea_height_m;
        }
        Some(Look {
            measurement: Measurement::Position(PositionFix {
                geodetic,
                velocity: self.sensor.measures.contains(&Quantity::Velocity).then_some(velocity),
            }),
            sigmas: self.report_sigmas()?,
            snr_db: None,
            probability: self.detector().probability(1.0),
        })
    }

    /// Whether an object has the transponder that this station receives.
    pub(super) fn reports(&self, truth: &Truth) -> bool {
        let is_kind = match self.source {
            Source::AdsB(_) => truth.kind == Kind::Aircraft,
            Source::Ais(_) => truth.kind == Kind::Ship,
            _ => return true,
        };
        is_kind && truth.signature.identity.is_some()
    }
}

/// Whether space sees an object above the clouds.
fn is_above_clouds(infrared: &Infrared, site: &Site, state: &State<Ecef>) -> bool {
    let height_m = Geodetic::from_ecef(state.position).height_m;
    height_m >= infrared.cloud_top_m && is_line_clear(site.origin(), state.position, infrared.cloud_top_m)
}
