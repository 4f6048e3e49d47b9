//! From looks to one fitted ballistic path: where the span without thrust begins and ends, how noisy each sensor was,
//! and the least squares on all that belongs to it.

use flight::{Body, Empirical, Forces};
use geo::{Ecef, Geodetic, Position, Time};
use nalgebra::{DVector, SVector, Vector6};
use plot::{Plot, Sensors};

use super::hypothesis::{self, Hypothesis};
use super::look::{Channel, Look};
use super::noise::Noise;
use super::options::PathOptions;
use super::parameter::{self, ACCELERATION, ACCELERATION_RATE, DRAG, DYNAMIC, Parameter, Unknown, Unknowns};
use super::predict::Predictor;
use super::solve::{NoiseTable, Problem, REJECT_SIGMAS, Solution, SolveError, Values};
use super::{NoPath, fixes, trim};

/// The most rounds of estimating the noise and solving again.
const NOISE_ROUNDS_MAX: usize = 15;
/// The noise is settled when no channel falls below this part of what it was.
const SETTLED: f64 = 0.8;
/// Rounds of moving the ends of the span.
const SPAN_ROUNDS: usize = 8;
/// Rounds of moving its begin once more, with the answer's residuals.
const TRIM_ROUNDS: usize = 5;
/// Residuals of a first path, in stated sigmas.
const FIRST_SPREAD: f64 = 30.0;
/// Looks that are enough to find the span.
const ROUGH_LOOKS: usize = 900;
/// Blocks that a recording is judged in.
const BLOCKS: usize = 150;
/// A block belongs to the path when so many of its looks do.
const BLOCK_AGREES: f64 = 0.5;
/// Below this part of agreeing positions there is no path.
const AGREEMENT_MIN: f64 = 0.25;
/// Plots below this height tell about drag.
const DRAG_HEIGHT_M: f64 = 90_000.0;

/// A fitted ballistic path, before anything is derived from it.
pub(crate) struct Fitted {
    /// Which looks the fit was over: a range of the group's.
    pub span: std::ops::Range<usize>,
    pub reference: Time,
    pub body: Body,
    pub unknowns: Unknowns,
    pub noise: NoiseTable,
    pub solution: Solution,
}

impl Fitted {
    /// The problem of this fit on some looks, at its final noise.
    pub fn problem<'a>(&'a self, looks: &'a [Look], context: &'a Context<'a>) -> Problem<'a> {
        Problem {
            looks,
            sensors: context.sensors,
            predictor: &context.predictor,
            forces: &context.forces,
            body: &self.body,
            unknowns: &self.unknowns,
            noise: &self.noise,
            drag_min_m2pkg: context.drag_min_m2pkg(),
            reference: self.reference,
        }
    }
}

/// What all fits of one call share.
pub(crate) struct Context<'a> {
    pub plots: &'a [Plot],
    pub sensors: &'a Sensors,
    pub options: &'a PathOptions,
    pub forces: Forces,
    /// The reported instant, where one is asked, else the first plot: unknown accelerations count from here.
    pub epoch: Time,
    pub predictor: Predictor,
}

impl Context<'_> {
    /// The least inverse ballistic coefficient that a fit may take.
    fn drag_min_m2pkg(&self) -> f64 {
        if self.options.is_drag_estimated == Some(true) {
            f64::NEG_INFINITY
        } else {
            0.0
        }
    }
}

/// Fits one ballistic path to looks of which most belong to one object.
///
/// Errors: [`NoPath`], with what was there.
pub(crate) fn fit(looks: &[Look], context: &Context<'_>) -> Result<Fitted, NoPath> {
    let rough = fixes::fixes(looks, context.sensors);
    let first = hypothesis::best(&rough).ok_or_else(|| NoPath::no_positions(looks, context.sensors))?;
    NoPath::check_leaves_ground(&rough, context.sensors)?;
    if first.agreement() < AGREEMENT_MIN {
        return Err(NoPath::NoBallisticPath {
            agreement: first.agreement(),
            plots: looks.len(),
        });
    }
    let thin = thinned(looks);
    let mut span = core_span(&thin, &first);
    let mut rough = fit_span(&thin, span.clone(), &first, context)?;
    for _ in 0..SPAN_ROUNDS {
        let moved = moved_span(&thin, &rough, context)?;
        if moved == span {
            break;
        }
        span = moved;
        rough = refit(&thin, span.clone(), &rough, context, SpanEffort::Rough)?;
    }
    let (from, to) = (thin[span.start].time, thin[span.end - 1].time);
    let span = looks.partition_point(|look| look.time < from)..looks.partition_point(|look| look.time <= to);
    let mut fitted = refit(looks, span, &rough, context, SpanEffort::Final)?;
    for _ in 0..TRIM_ROUNDS {
        let off = trim::off_at_begin(&looks[fitted.span.clone()], &fitted.solution.residuals, &fitted.noise);
        if off == 0 {
            break;
        }
        let span = fitted.span.start + off..fitted.span.end;
        fitted = refit(looks, span, &fitted, context, SpanEffort::Final)?;
    }
    let used = fitted.solution.residuals.iter().filter(|r| r.weight > 0.0).count();
    if used
        < fitted
            .unknowns
            .estimated
            .iter()
            .filter(|u| !u.sigma.is_finite())
            .count()
            + 2
    {
        return Err(NoPath::NoBallisticPath {
            agreement: used as f64 / fitted.solution.residuals.len().max(1) as f64,
            plots: looks.len(),
        });
    }
    Ok(fitted)
}

/// At most about [`ROUGH_LOOKS`] looks, every so many-th of each sensor: enough to find the span.
fn thinned(looks: &[Look]) -> Vec<Look> {
    let stride = looks.len().div_ceil(ROUGH_LOOKS);
    let mut seen: Vec<usize> = Vec::new();
    let keep = |look: &&Look| {
        seen.resize(seen.len().max(look.sensor + 1), 0);
        seen[look.sensor] += 1;
        (seen[look.sensor] - 1).is_multiple_of(stride)
    };
    looks.iter().filter(keep).cloned().collect()
}

/// How much is spent on a fit of a span.
#[derive(Copy, Clone, PartialEq, Eq)]
enum SpanEffort {
    /// To find the span: no drag, few rounds of noise.
    Rough,
    /// The answer.
    Final,
}

/// The looks around the longest run of agreeing judges.
fn core_span(looks: &[Look], first: &Hypothesis) -> std::ops::Range<usize> {
    let agreeing: Vec<Time> = first
        .judged
        .iter()
        .filter(|(_, agrees)| *agrees)
        .map(|(time, _)| *time)
        .collect();
    // A stray judge far out must not stretch the core: keep the middle that agrees at least by half.
    let judged_in = |a: Time, b: Time| {
        let inside = first.judged.iter().filter(|(t, _)| *t >= a && *t <= b);
        let (all, good) = inside.fold((0, 0), |(all, good), (_, agrees)| {
            (all + 1, good + usize::from(*agrees))
        });
        good as f64 / f64::from(all.max(1))
    };
    let mut from_at = 0;
    let mut to_at = agreeing.len().saturating_sub(1);
    while from_at < to_at && judged_in(agreeing[from_at], agreeing[to_at]) < BLOCK_AGREES {
        let (drop_first, drop_last) = (
            judged_in(agreeing[from_at + 1], agreeing[to_at]),
            judged_in(agreeing[from_at], agreeing[to_at - 1]),
        );
        if drop_first >= drop_last {
            from_at += 1
        } else {
            to_at -= 1
        }
    }
    let (from, to) = match (agreeing.get(from_at), agreeing.get(to_at)) {
        (Some(from), Some(to)) => (*from, *to),
        _ => (first.time, first.time),
    };
    looks.partition_point(|look| look.time < from)..looks.partition_point(|look| look.time <= to)
}

/// The unknowns of a fit over some looks.
fn unknowns(looks: &[Look], context: &Context<'_>, has_drag: bool) -> Unknowns {
    let dynamic = |of: usize, sigma: f64| Unknown {
        parameter: Parameter::Dynamic(of),
        sigma,
    };
    let mut estimated: Vec<Unknown> = (0..6).map(|of| dynamic(of, f64::INFINITY)).collect();
    let mut considered = Vec::new();
    let drag = dynamic(DRAG, context.options.drag_sigma_m2pkg);
    if has_drag {
        estimated.push(drag)
    } else {
        considered.push(drag)
    }
    if let Some(sigma) = context.options.acceleration_sigma_mps2 {
        estimated.extend((0..3).map(|i| dynamic(ACCELERATION + i, sigma)));
    }
    if let Some(sigma) = context.options.acceleration_rate_sigma_mps3 {
        estimated.extend((0..3).map(|i| dynamic(ACCELERATION_RATE + i, sigma)));
    }
    parameter::unknowns(
        estimated,
        considered,
        looks,
        context.sensors,
        context.options.drift_per_sigma,
    )
}

/// The first fit, from a hypothesis.
fn fit_span(
    looks: &[Look],
    span: std::ops::Range<usize>,
    first: &Hypothesis,
    context: &Context<'_>,
) -> Result<Fitted, NoPath> {
    let mut dynamic = SVector::<f64, DYNAMIC>::zeros();
    dynamic.fixed_rows_mut::<6>(0).copy_from(&first.state);
    let reference = first.time;
    let noise = first_noise(looks, context);
    solve_rounds(
        &looks[span.clone()],
        span,
        Start {
            reference,
            dynamic,
            noise,
            before: None,
        },
        context,
        SpanEffort::Rough,
    )
}

/// How far residuals may be from a first path: many sigmas, and as far as the biases that are expected.
fn first_noise(looks: &[Look], context: &Context<'_>) -> NoiseTable {
    let stated = Noise {
        spread: FIRST_SPREAD,
        inflation: 1.0,
    };
    let mut noise = vec![[stated; Channel::ALL.len()]; context.sensors.as_slice().len()];
    for look in looks {
        for item in &look.items {
            let bias = parameter::bias_sigma(&context.sensors.as_slice()[look.sensor], item.channel, item.sigma);
            let spread = &mut noise[look.sensor][item.channel.index()].spread;
            *spread = spread.max(bias / item.sigma);
        }
    }
    noise
}

/// A fit over another span, from a fit; its reference moves to the start of the span.
fn refit(
    looks: &[Look],
    span: std::ops::Range<usize>,
    before: &Fitted,
    context: &Context<'_>,
    effort: SpanEffort,
) -> Result<Fitted, NoPath> {
    let reference = looks[span.start].time;
    let problem = before.problem(&looks[span.clone()], context);
    let arc = problem.arc(&before.solution.values).map_err(NoPath::from_propagation)?;
    let mut dynamic = before.solution.values.dynamic;
    let state: Vector6<f64> = arc.state(reference);
    dynamic.fixed_rows_mut::<6>(0).copy_from(&state);
    solve_rounds(
        &looks[span.clone()],
        span,
        Start {
            reference,
            dynamic,
            noise: before.noise.clone(),
            before: Some(before),
        },
        context,
        effort,
    )
}

/// Where a fit of a span starts.
struct Start<'a> {
    reference: Time,
    dynamic: SVector<f64, DYNAMIC>,
    noise: NoiseTable,
    /// The fit before, whose biases and drifts are kept: a noise that has become small would reject all without them.
    before: Option<&'a Fitted>,
}

impl Start<'_> {
    /// The first values of the unknowns.
    fn values(&self, unknowns: &Unknowns) -> Values {
        let known = |parameter: Parameter| {
            let before = self.before?;
            before
                .unknowns
                .column(parameter)
                .map(|column| before.solution.values.sensor[column])
        };
        let sensor = unknowns
            .estimated
            .iter()
            .map(|unknown| known(unknown.parameter).unwrap_or(0.0));
        Values {
            dynamic: self.dynamic,
            sensor: DVector::from_iterator(unknowns.estimated.len(), sensor),
        }
    }
}

/// Solves, estimates the noise of what remains, and solves again.
fn solve_rounds(
    looks: &[Look],
    span: std::ops::Range<usize>,
    from: Start<'_>,
    context: &Context<'_>,
    effort: SpanEffort,
) -> Result<Fitted, NoPath> {
    let (reference, dynamic) = (from.reference, from.dynamic);
    let told = || {
        context
            .options
            .is_drag_estimated
            .unwrap_or_else(|| is_low(looks, &dynamic, reference, context))
    };
    let has_drag = effort == SpanEffort::Final && told();
    let unknowns = unknowns(looks, context, has_drag);
    let empirical = Empirical {
        epoch: Some(context.epoch),
        ..Empirical::default()
    };
    let body = Body {
        drag_m2pkg: context.options.drag_m2pkg,
        empirical,
        ..context.options.body.clone()
    };
    let mut start = from.values(&unknowns);
    let is_stated = context.options.is_noise_stated && effort == SpanEffort::Final;
    let mut noise = if is_stated { stated_noise(context) } else { from.noise };
    if !has_drag {
        start.dynamic[DRAG] = body.drag_m2pkg;
    }
    let mut solution: Option<Solution> = None;
    for _ in 0..NOISE_ROUNDS_MAX {
        let problem = Problem {
            looks,
            sensors: context.sensors,
            predictor: &context.predictor,
            forces: &context.forces,
            body: &body,
            unknowns: &unknowns,
            noise: &noise,
            drag_min_m2pkg: context.drag_min_m2pkg(),
            reference,
        };
        let solved = problem.solve(start).map_err(|error| match error {
            SolveError::NotObservable => NoPath::NotObservable { plots: looks.len() },
            SolveError::Arc(error) => NoPath::from_propagation(error),
        })?;
        let estimated = if is_stated {
            stated_noise(context)
        } else {
            estimate_noise(looks, &solved, context.sensors)
        };
        let is_settled = is_settled(&noise, &estimated);
        noise = estimated;
        start = solved.values.clone();
        solution = Some(solved);
        if is_settled {
            break;
        }
    }
    let solution = solution.ok_or(NoPath::TooFewPlots { plots: looks.len() })?;
    Ok(Fitted {
        span,
        reference,
        body,
        unknowns,
        noise,
        solution,
    })
}

/// Every channel as its owner states it.
fn stated_noise(context: &Context<'_>) -> NoiseTable {
    vec![[Noise::STATED; Channel::ALL.len()]; context.sensors.as_slice().len()]
}

/// Whether no channel became much quieter: a first path that is far off makes ranges look noisy, then less and less.
fn is_settled(before: &NoiseTable, after: &NoiseTable) -> bool {
    let pairs = before.iter().flatten().zip(after.iter().flatten());
    pairs
        .into_iter()
        .all(|(before, after)| after.factor() > SETTLED * before.factor())
}

/// Whether some looks of the span are low enough to tell about drag.
fn is_low(looks: &[Look], dynamic: &SVector<f64, DYNAMIC>, reference: Time, context: &Context<'_>) -> bool {
    let (Some(first), Some(last)) = (looks.first(), looks.last()) else {
        return false;
    };
    let arc = super::arc::Arc::new(
        &context.forces,
        &context.options.body,
        reference,
        dynamic,
        first.time,
        last.time,
    );
    let Ok(arc) = arc else { return false };
    let height_m = |time: Time| {
        let state = arc.state(time);
        Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2])).height_m
    };
    height_m(first.time).min(height_m(last.time)) < DRAG_HEIGHT_M
}

/// The noise of each channel of each sensor, from the residuals of a solution.
fn estimate_noise(looks: &[Look], solution: &Solution, sensors: &Sensors) -> NoiseTable {
    let mut by: Vec<[Vec<f64>; Channel::ALL.len()]> =
        (0..sensors.as_slice().len()).map(|_| Default::default()).collect();
    // Rejected residuals are kept while the loss is still wide: the median stands up to them.
    for residual in &solution.residuals {
        by[looks[residual.look].sensor][residual.channel.index()].push(residual.value / residual.sigma);
    }
    by.into_iter()
        .map(|channels| channels.map(|residuals| Noise::estimate(&residuals)))
        .collect()
}

/// The span of looks that agree with a fit: grown over neighbours that do, shrunk from those that do not.
fn moved_span(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Result<std::ops::Range<usize>, NoPath> {
    let problem = fitted.problem(looks, context);
    let columns = problem.dynamic_columns();
    // Before and after the span the path may meet the ground: those looks then disagree, as they should.
    let arc = problem.arc(&fitted.solution.values).map_err(NoPath::from_propagation)?;
    let linear = problem.linearise(&arc, &fitted.solution.values, &columns);
    let mut agrees = vec![true; looks.len()];
    for residual in &linear.residuals {
        let noise = fitted.noise[looks[residual.look].sensor][residual.channel.index()];
        // Far from the span the path is known less well; a look disagrees when it is far beyond the loss's reach.
        agrees[residual.look] &= residual.value.abs() < 2.0 * REJECT_SIGMAS * noise.spread * residual.sigma;
    }
    let length = looks.len().div_ceil(BLOCKS).max(3);
    let blocks: Vec<bool> = agrees
        .chunks(length)
        .map(|block| block.iter().filter(|a| **a).count() as f64 >= BLOCK_AGREES * block.len() as f64)
        .collect();
    let centre = (fitted.span.start + fitted.span.end) / 2 / length;
    let last = reach(blocks[centre..].iter().copied());
    let first = reach(blocks[..=centre].iter().rev().copied());
    let blocks = (centre - first) * length..((centre + last + 1) * length).min(looks.len());
    // A block at the edge may hold the last looks under thrust: begin and end with looks that agree.
    let start = blocks.clone().find(|index| agrees[*index]).unwrap_or(blocks.start);
    let end = blocks
        .clone()
        .rev()
        .find(|index| agrees[*index])
        .unwrap_or(blocks.start);
    Ok(start..end.max(start) + 1)
}

/// How far a run goes in which at least 70 % of the blocks agree and the last does.
fn reach(blocks: impl Iterator<Item = bool>) -> usize {
    let (mut good, mut furthest) = (0.0, 0);
    for (index, agrees) in blocks.enumerate() {
        if agrees {
            good += 1.0;
            if good >= 0.7 * (index + 1) as f64 {
                furthest = index;
            }
        }
    }
    furthest
}
