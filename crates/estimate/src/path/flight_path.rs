//! The answer: one object's flight path, with everything that follows from it.

use flight::{Phase, Rotation};
use geo::{Ecef, Geodetic, Site, State, Time, Velocity};
use nalgebra::{Matrix3, Matrix6, Vector3};

use super::arc::Arc;
use super::boost::{self, Boost};
use super::clock;
use super::consider::{self, Uncertainty};
use super::error::NoPath;
use super::fit::{Context, Fitted};
use super::ground::{self, Apogee, GroundPoint};
use super::launch;
use super::look::{Channel, Look};
use super::noise::Noise;
use super::parameter::{ACCELERATION, ACCELERATION_RATE, DRAG, Parameter};

/// One object's path, past and future.
#[derive(Clone, Debug)]
pub struct FlightPath {
    /// The identity its plots claim, or `object-N` in the order of first plots.
    pub id: String,
    /// Time of the earliest plot.
    pub first_plot: Time,
    /// Time of the latest plot.
    pub last_plot: Time,
    /// When it was seen, and by which sensor of the caller's list, in the order of time.
    pub seen: Vec<(Time, usize)>,
    /// What the fit says of each sensor that has plots of the object.
    pub sensors: Vec<SensorFit>,
    /// The instant of the state.
    pub epoch: Time,
    /// State at the epoch.
    pub state: State<Ecef>,
    /// Its covariance (6×6), `[x, y, z, vx, vy, vz]` in m and m/s, ECEF.
    pub covariance: Matrix6<f64>,
    /// Phases, in the order of time, without gaps.
    pub phases: Vec<PhaseSpan>,
    /// When thrust ended, and its standard deviation, where the plots show it.
    pub burnout: Option<(Time, f64)>,
    /// The highest point.
    pub apogee: Option<Apogee>,
    /// Where and when it left the ground.
    pub launch: Option<GroundPoint>,
    /// Where and when it meets the ground, if nothing brakes, steers or destroys it.
    pub arrival: Option<GroundPoint>,
    /// What acted on it beyond gravity.
    pub unmodelled: Unmodelled,
    /// Each scalar that was compared with the path.
    pub residuals: Vec<PlotResidual>,
    /// Steps of the last least squares.
    pub steps: usize,
    /// What a reader should know before trusting it.
    pub warnings: Vec<String>,
    arc: Arc,
    boost: Option<Boost>,
    uncertainty: Box<Uncertainty>,
}

/// A phase and when it lasted.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PhaseSpan {
    /// Which.
    pub phase: Phase,
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Time,
}

/// What the fit says of one channel of one sensor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ChannelFit {
    /// Which.
    pub channel: Channel,
    /// Estimated constant error, in the channel's unit.
    pub bias: f64,
    /// Its standard deviation.
    pub bias_sigma: f64,
    /// Root mean square of the accepted residuals.
    pub rms: f64,
    /// How noisy it was.
    pub noise: Noise,
}

/// What the fit says of one sensor.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorFit {
    /// Index in the caller's list.
    pub sensor: usize,
    /// Plots of the object.
    pub plots: usize,
    /// Plots used by the ballistic fit.
    pub used: usize,
    /// Plots in the ballistic span of which at least one scalar was rejected.
    pub rejected: usize,
    /// Each channel it measured.
    pub channels: Vec<ChannelFit>,
    /// Estimated clock error and its standard deviation.
    pub clock_s: Option<(f64, f64)>,
}

impl SensorFit {
    /// What it says of a channel.
    pub fn channel(&self, channel: Channel) -> Option<&ChannelFit> {
        self.channels.iter().find(|fit| fit.channel == channel)
    }
}

/// What acted on the object beyond gravity, with standard deviations.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmodelled {
    /// Inverse ballistic coefficient, and whether the plots told (else it is the prior).
    pub drag_m2pkg: f64,
    /// Its standard deviation.
    pub drag_sigma_m2pkg: f64,
    /// Whether drag was estimated.
    pub is_drag_estimated: bool,
    /// Where the unknown acceleration is counted from.
    pub acceleration_epoch: Time,
    /// Its axes: `GCRF`, or `ECI`, the axes of ECEF at that epoch.
    pub acceleration_frame: &'static str,
    /// Unknown acceleration at its epoch, m/s², and its standard deviation, where asked for.
    pub acceleration_mps2: Option<(Vector3<f64>, Vector3<f64>)>,
    /// Its rate, m/s³, and standard deviation, where asked for.
    pub acceleration_rate_mps3: Option<(Vector3<f64>, Vector3<f64>)>,
}

/// One scalar compared with the path.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PlotResidual {
    /// Index of the plot in the caller's slice.
    pub plot: usize,
    /// Time of the plot.
    pub time: Time,
    /// Index of the sensor in the caller's list.
    pub sensor: usize,
    /// Which scalar.
    pub channel: Channel,
    /// Measured minus predicted, the bias included in the prediction.
    pub value: f64,
    /// What the sensor was found to add at that time: constant error and drift.
    pub bias: f64,
    /// Stated standard deviation.
    pub sigma: f64,
    /// Whether it had influence.
    pub is_used: bool,
}

/// Where the object is at one time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ephemeris {
    /// When.
    pub time: Time,
    /// Where.
    pub place: Geodetic,
    /// How it moves, in east, north and up of that place.
    pub velocity_mps: Vector3<f64>,
    /// Covariance (3×3, m²) of east, north and up.
    pub covariance_m2: Matrix3<f64>,
}

impl FlightPath {
    /// Where the object is at a time; before the first known and after the last computed time, `None`.
    pub fn at(&self, time: Time) -> Option<Ephemeris> {
        let (state, covariance) = self.state_at(time)?;
        let place = Geodetic::from_ecef(state.position);
        let axes = *Site::new(place).enu_from_ecef();
        let block: Matrix3<f64> = covariance.fixed_view::<3, 3>(0, 0).into();
        Some(Ephemeris {
            time,
            place,
            velocity_mps: axes * state.velocity.vector(),
            covariance_m2: axes * block * axes.transpose(),
        })
    }

    /// The state (ECEF) and its covariance (6×6) at a time, as [`FlightPath::at`].
    pub fn state_at(&self, time: Time) -> Option<(State<Ecef>, Matrix6<f64>)> {
        if let Some(boost) = &self.boost
            && time < boost.end()
        {
            return boost.at(time);
        }
        let (first, last) = self.arc.span();
        (first <= time && time <= last).then(|| {
            let state = State::from_vector(&self.arc.state(time));
            (state, consider::of_state(&self.arc, &self.uncertainty, time))
        })
    }

    /// The span in which [`FlightPath::at`] has an answer.
    pub fn span(&self) -> (Time, Time) {
        let (first, last) = self.arc.span();
        (
            self.boost.as_ref().map_or(first, |boost| boost.start().min(first)),
            last,
        )
    }
}

/// Derives everything from a fit.
///
/// Errors: [`NoPath::Propagation`].
pub(crate) fn assemble(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Result<FlightPath, NoPath> {
    let (first_plot, last_plot) = (looks[0].time, looks[looks.len() - 1].time);
    let uncertainty = consider::uncertainty(looks, fitted, context);
    let course = ground::course(fitted, last_plot, context)?;
    let from = looks[fitted.span.start].time;
    let epoch = context.options.epoch.unwrap_or(looks[fitted.span.end - 1].time);
    let mut until = course.arrival.unwrap_or(last_plot).max(last_plot).max(epoch);
    if course.arrival.is_none() {
        until = until.max(context.options.until.unwrap_or(until));
        until = course.apogee.map_or(until, |(time, _)| until.max(time));
    }
    let since = course.apogee.map_or(from, |(time, _)| from.min(time)).min(epoch);
    let dynamic = &fitted.solution.values.dynamic;
    let arc = Arc::new(&context.forces, &fitted.body, fitted.reference, dynamic, since, until)?;
    let boost = boost::smooth(&looks[..fitted.span.start], fitted, &arc, &uncertainty, context);
    let apogee = course.apogee.map(|(time, state)| {
        let down_mps2 = down_mps2(&arc, time);
        ground::apogee(&arc, &uncertainty, time, state, down_mps2)
    });
    let ground_sigma_m = context.options.ground_height_sigma_m;
    let arrival = course
        .arrival
        .map(|time| ground::meeting(&arc, &uncertainty, time, ground_sigma_m));
    let launch = launch::launch(boost.as_ref(), &arc, &uncertainty, from, arrival.is_some(), context);
    let state = State::from_vector(&arc.state(epoch));
    let covariance = consider::of_state(&arc, &uncertainty, epoch);
    let mut path = FlightPath {
        id: String::new(),
        first_plot,
        last_plot,
        seen: looks.iter().map(|look| (look.time, look.sensor)).collect(),
        sensors: sensor_fits(looks, fitted, &uncertainty, context),
        epoch,
        state,
        covariance,
        phases: Vec::new(),
        burnout: boost.as_ref().map(|boost| boost.burnout()),
        apogee,
        launch,
        arrival,
        unmodelled: unmodelled(fitted, &uncertainty, context),
        residuals: residuals(looks, fitted, context),
        steps: fitted.solution.steps,
        warnings: Vec::new(),
        arc,
        boost,
        uncertainty: Box::new(uncertainty),
    };
    path.phases = phases(&path);
    path.warnings = warnings(&path, looks, fitted, context);
    Ok(path)
}

/// How fast the climb falls at a time, m/s²: gravity less the centrifugal part.
fn down_mps2(arc: &Arc, time: Time) -> f64 {
    let up = |t: Time| {
        let state = State::<Ecef>::from_vector(&arc.state(t));
        let site = Site::new(Geodetic::from_ecef(state.position));
        let Velocity { .. } = state.velocity;
        site.velocity_to_enu(state.velocity).vector().z
    };
    let slope = (up(time + 0.5) - up(time + -0.5)).abs();
    if slope > 1e-6 { slope } else { 1e-6 }
}

/// Heights below which air makes a falling object's phase re-entry.
const REENTRY_HEIGHT_M: f64 = 90_000.0;

fn phases(path: &FlightPath) -> Vec<PhaseSpan> {
    let mut phases = Vec::new();
    let (first, last) = path.arc.span();
    let begin = path.launch.as_ref().map_or(path.span().0, |launch| launch.time);
    let burnout = path.burnout.map_or(first, |(time, _)| time);
    let end = path.arrival.as_ref().map_or(last, |arrival| arrival.time);
    if begin < burnout && (path.boost.is_some() || path.launch.is_some()) {
        phases.push(PhaseSpan {
            phase: Phase::Boost,
            from: begin,
            to: burnout,
        });
    }
    let reentry = reentry(path, end);
    phases.push(PhaseSpan {
        phase: Phase::Coast,
        from: burnout.min(end),
        to: reentry.unwrap_or(end),
    });
    if let Some(from) = reentry {
        phases.push(PhaseSpan {
            phase: Phase::Reentry,
            from,
            to: end,
        });
    }
    phases
}

/// When a falling path comes below [`REENTRY_HEIGHT_M`], by bisection between apogee and arrival.
fn reentry(path: &FlightPath, end: Time) -> Option<Time> {
    path.arrival.as_ref()?;
    let height_m = |time: Time| path.at(time).map_or(0.0, |e| e.place.height_m);
    let (mut high, mut low) = (path.apogee.as_ref()?.time, end);
    if height_m(high) < REENTRY_HEIGHT_M {
        return Some(high);
    }
    while low - high > 1e-3 {
        let middle = high + (low - high) / 2.0;
        if height_m(middle) > REENTRY_HEIGHT_M {
            high = middle
        } else {
            low = middle
        }
    }
    Some(low)
}

fn residuals(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Vec<PlotResidual> {
    let problem = fitted.problem(&looks[fitted.span.clone()], context);
    let inside = &looks[fitted.span.clone()];
    let of = |residual: &super::solve::Residual| {
        let look = &inside[residual.look];
        PlotResidual {
            plot: look.plot,
            time: look.time,
            sensor: look.sensor,
            channel: residual.channel,
            value: residual.value,
            bias: problem.bias(&fitted.solution.values, look, residual.channel),
            sigma: residual.sigma,
            is_used: residual.weight > 0.0,
        }
    };
    fitted.solution.residuals.iter().map(of).collect()
}

fn sensor_fits(looks: &[Look], fitted: &Fitted, uncertainty: &Uncertainty, context: &Context<'_>) -> Vec<SensorFit> {
    let inside = &looks[fitted.span.clone()];
    let mut is_rejected = vec![false; inside.len()];
    for residual in &fitted.solution.residuals {
        is_rejected[residual.look] |= residual.weight == 0.0;
    }
    let estimate = |parameter: Parameter| {
        let column = fitted.unknowns.column(parameter)?;
        Some((
            fitted.solution.values.sensor[column],
            uncertainty.estimated[(column, column)].max(0.0).sqrt(),
        ))
    };
    let fit = |sensor: usize| {
        let of_sensor = |look: &Look| look.sensor == sensor;
        let used = inside.iter().filter(|look| of_sensor(look)).count();
        let rejected = inside
            .iter()
            .zip(&is_rejected)
            .filter(|(look, off)| of_sensor(look) && **off)
            .count();
        let channels = Channel::ALL.into_iter().filter_map(|channel| {
            let (bias, bias_sigma) = estimate(Parameter::Bias(sensor, channel))?;
            let values = fitted
                .solution
                .residuals
                .iter()
                .filter(|r| r.channel == channel && r.weight > 0.0 && inside[r.look].sensor == sensor);
            let (sum, count) = values.fold((0.0, 0.0), |(sum, count), r| (sum + r.value * r.value, count + 1.0));
            let rms = if count > 0.0 { (sum / count).sqrt() } else { 0.0 };
            Some(ChannelFit {
                channel,
                bias,
                bias_sigma,
                rms,
                noise: fitted.noise[sensor][channel.index()],
            })
        });
        SensorFit {
            sensor,
            plots: looks.iter().filter(|look| of_sensor(look)).count(),
            used: used - rejected,
            rejected,
            channels: channels.collect(),
            clock_s: estimate(Parameter::Clock(sensor)),
        }
    };
    let fits = (0..context.sensors.as_slice().len()).map(fit);
    fits.filter(|fit| fit.plots > 0).collect()
}

fn unmodelled(fitted: &Fitted, uncertainty: &Uncertainty, context: &Context<'_>) -> Unmodelled {
    let dynamic = &fitted.solution.values.dynamic;
    let three = |first: usize| {
        fitted.unknowns.column(Parameter::Dynamic(first)).map(|_| {
            let sigma = Vector3::from_fn(|i, _| uncertainty.dynamic[(first + i, first + i)].max(0.0).sqrt());
            (dynamic.fixed_rows::<3>(first).into(), sigma)
        })
    };
    Unmodelled {
        drag_m2pkg: dynamic[DRAG],
        drag_sigma_m2pkg: uncertainty.dynamic[(DRAG, DRAG)].max(0.0).sqrt(),
        is_drag_estimated: fitted.unknowns.column(Parameter::Dynamic(DRAG)).is_some(),
        acceleration_epoch: fitted.body.empirical.epoch.unwrap_or(fitted.reference),
        acceleration_frame: match context.forces.rotation {
            Rotation::Celestial(_) => "GCRF",
            Rotation::Uniform { .. } => "ECI",
        },
        acceleration_mps2: three(ACCELERATION),
        acceleration_rate_mps3: three(ACCELERATION_RATE),
    }
}

/// How a channel may scatter, in stated sigmas, before a reader should hear of it.
///
/// Instruments that smooth scatter ten times less than they err, so less is no fault before a hundred times.
const SCATTER_RANGE: std::ops::Range<f64> = 0.01..5.0;
/// Fewer plots follow any path closely.
const SCATTER_PLOTS_MIN: usize = 20;

/// Says in words what a reader should know before trusting the path.
fn warnings(path: &FlightPath, looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let name = |sensor: usize| context.sensors.as_slice()[sensor].name.clone();
    for fit in &path.sensors {
        if fit.rejected * 10 > fit.used + fit.rejected {
            let (rejected, all) = (fit.rejected, fit.used + fit.rejected);
            warnings.push(format!(
                "{}: {rejected} of {all} plots lie off the path and were left out",
                name(fit.sensor)
            ));
        }
        for channel in &fit.channels {
            let what = channel.channel.name();
            let of_channel = |r: &&PlotResidual| r.sensor == fit.sensor && r.channel == channel.channel;
            let stated = path.residuals.iter().find(of_channel).map_or(channel.rms, |r| r.sigma);
            if fit.used >= SCATTER_PLOTS_MIN && channel.rms < SCATTER_RANGE.start * stated {
                warnings.push(format!(
                    "{}: its {what} scatters {:.0} times less than stated; is the stated sigma right?",
                    name(fit.sensor),
                    stated / channel.rms
                ));
            } else if channel.rms > SCATTER_RANGE.end * stated {
                warnings.push(format!(
                    "{}: its {what} scatters {:.0} times more than stated; what it showed was used",
                    name(fit.sensor),
                    channel.rms / stated
                ));
            }
            let prior = fitted
                .unknowns
                .estimated
                .iter()
                .find(|unknown| unknown.parameter == Parameter::Bias(fit.sensor, channel.channel));
            if prior.is_some_and(|prior| channel.bias.abs() > 3.0 * prior.sigma) {
                warnings.push(format!(
                    "{}: its {what} is off by far more than expected",
                    name(fit.sensor)
                ));
            }
        }
    }
    let after = looks.len() - fitted.span.end;
    if after * 10 > looks.len() {
        warnings.push(format!(
            "the last {after} plots do not follow the path: it broke up, steered or was braked, or many of them are wild"
        ));
    }
    if let Some(suspect) = clock::suspect(looks, fitted, context) {
        let way = if suspect.ahead_s > 0.0 { "ahead" } else { "behind" };
        warnings.push(format!(
            "{}: its clock seems to be {:.2} s {way} of the others, and the path does not allow for that; state \
             time_bias_sigma_s of each sensor whose clock is in doubt, and run again",
            name(suspect.sensor),
            suspect.ahead_s.abs()
        ));
    }
    if path.sensors.len() == 1 {
        warnings.push("one sensor only: its biases cannot be told from motion and are only considered".to_owned());
    }
    warnings
}
