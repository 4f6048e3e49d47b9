//! What `trilat track` prints of the sensors: what came of their plots, how well they see, how far they are believed.

use geo::angle::RAD_PER_DEG;
use plot::{Quantity, Sensor};
use serde::Serialize;
use track::{Fault, SensorEvent, SensorReport, Standing};

/// One sensor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WatchedOutput {
    /// Its name.
    pub sensor: String,
    /// `trusted`, `suspect` or `contained`, at the end.
    pub standing: &'static str,
    /// What is wrong with it at the end, in words.
    pub fault: Option<String>,
    /// Plots of known form that came.
    pub plots: u64,
    /// Those of them that the tracks were made of.
    pub used: u64,
    /// The others.
    pub refused: RefusedOutput,
    /// Probability that it sees what is in view, as learnt.
    pub detection: f64,
    /// Plots of nothing in a scan, as learnt.
    pub false_per_scan: f64,
    /// Its constant errors, as learnt.
    pub registration: Vec<ConstantOutput>,
    /// How well it measures single plots, as learnt.
    pub sigmas: Vec<SigmaOutput>,
    /// What happened to the trust in it.
    pub events: Vec<TrustOutput>,
}

/// Plots that changed no track, by reason.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct RefusedOutput {
    /// The same once more.
    pub duplicate: u64,
    /// Older than the lag.
    pub late: u64,
    /// Without a sigma.
    pub without_sigma: u64,
    /// Of a clock that jumped.
    pub clock: u64,
    /// More than the sensor's budget of one second.
    pub flood: u64,
    /// While the sensor was contained.
    pub contained: u64,
}

/// A constant error of a sensor, measured less true.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConstantOutput {
    /// `range`, `azimuth`, `elevation` or `clock`.
    pub of: &'static str,
    /// `m`, `deg` or `s`.
    pub unit: &'static str,
    /// What it is.
    pub mean: f64,
    /// Its standard deviation.
    pub sigma: f64,
    /// Its standard deviation before any plot.
    pub prior_sigma: f64,
    /// How much of what was unknown is known: 1 less the ratio of both.
    pub observability: f64,
}

/// How well a sensor measures one quantity in single plots: standard deviations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SigmaOutput {
    /// `range`, `azimuth`, `elevation` or `range_rate`.
    pub of: &'static str,
    /// `m`, `deg` or `m/s`.
    pub unit: &'static str,
    /// What the sensor file says; plots may say otherwise, each of itself.
    pub stated: Option<f64>,
    /// As its plots scatter.
    pub seen: f64,
    /// What is used instead of the stated one, where that is far off.
    pub used: Option<f64>,
}

/// Something that happened to the trust in a sensor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrustOutput {
    /// When.
    pub time: String,
    /// `sensor_suspect`, `sensor_contained` or `sensor_cleared`.
    pub event: &'static str,
    /// `mirrored_azimuth`, `disagrees`, `clock`, `repeats`, `old_positions`, `flood` or `accuracy`.
    pub fault: &'static str,
    /// In words.
    pub reason: String,
}

impl WatchedOutput {
    /// Puts what is known of the sensors and what happened to them together.
    pub fn of_all(reports: &[SensorReport], events: &[SensorEvent], sensors: &[Sensor]) -> Vec<Self> {
        let watched = |report: &SensorReport| {
            let counts = report.counts;
            Self {
                sensor: sensors[report.sensor].name.to_string(),
                standing: report.standing.name(),
                fault: report.fault.map(|fault| fault.to_string()),
                plots: counts.taken
                    + counts.duplicate
                    + counts.late
                    + counts.without_sigma
                    + counts.clock
                    + counts.flood,
                used: counts.taken - report.contained,
                refused: RefusedOutput {
                    duplicate: counts.duplicate,
                    late: counts.late,
                    without_sigma: counts.without_sigma,
                    clock: counts.clock,
                    flood: counts.flood,
                    contained: report.contained,
                },
                detection: report.detection,
                false_per_scan: report.false_per_scan,
                registration: report.registration.iter().map(constant).collect(),
                sigmas: report.sigmas.iter().map(sigma).collect(),
                events: events
                    .iter()
                    .filter(|event| event.sensor == report.sensor)
                    .map(happened)
                    .collect(),
            }
        };
        reports.iter().map(watched).collect()
    }

    /// Lines for a person of what happened to the sensor: nothing of one that was always trusted.
    pub fn lines(&self) -> Vec<String> {
        let said = self.events.iter().map(|event| {
            let what = event.event.trim_start_matches("sensor_");
            format!("sensor {} {what} at {}: {}", self.sensor, event.time, event.reason)
        });
        let mut lines: Vec<String> = said.collect();
        let unused = self.refused.clock + self.refused.flood + self.refused.contained;
        if unused > 0 {
            lines.push(format!(
                "sensor {}: {unused} of {} plots not used: {} of a clock that jumped, {} of a flood, {} while it was \
                contained",
                self.sensor, self.plots, self.refused.clock, self.refused.flood, self.refused.contained
            ));
        }
        lines
    }
}

fn constant(report: &track::RegistrationReport) -> ConstantOutput {
    let (of, unit, scale) = match report.quantity {
        Some(Quantity::Azimuth) => ("azimuth", "deg", 1.0 / RAD_PER_DEG),
        Some(Quantity::Elevation) => ("elevation", "deg", 1.0 / RAD_PER_DEG),
        Some(quantity) => (quantity.name(), "m", 1.0),
        None => ("clock", "s", 1.0),
    };
    ConstantOutput {
        of,
        unit,
        mean: report.mean * scale,
        sigma: report.sigma * scale,
        prior_sigma: report.prior_sigma * scale,
        observability: report.observability(),
    }
}

fn sigma(report: &track::SigmaReport) -> SigmaOutput {
    let (unit, scale) = match report.quantity {
        Quantity::Azimuth | Quantity::Elevation => ("deg", 1.0 / RAD_PER_DEG),
        Quantity::RangeRate => ("m/s", 1.0),
        _ => ("m", 1.0),
    };
    SigmaOutput {
        of: report.quantity.name(),
        unit,
        stated: report.stated.map(|sigma| sigma * scale),
        seen: report.seen * scale,
        used: report.used.map(|sigma| sigma * scale),
    }
}

fn happened(event: &SensorEvent) -> TrustOutput {
    let fault: Fault = event.fault;
    TrustOutput {
        time: event.time.to_string(),
        event: match event.standing {
            Standing::Trusted => "sensor_cleared",
            Standing::Suspect => "sensor_suspect",
            Standing::Contained => "sensor_contained",
        },
        fault: fault.name(),
        reason: fault.to_string(),
    }
}
