//! Which plots are of which object: by the identity they claim, by long gaps in time, and, where several objects are
//! mixed, by fitting one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flight::Rotation;
use geo::Time;
use plot::{Plot, Sensors};

use super::credible::credible;
use super::diagnose;
use super::error::{Manoeuvre, NoPath};
use super::fit::{self, Context};
use super::fixes;
use super::flight_path::{self, FlightPath};
use super::look::{self, Look};
use super::options::PathOptions;
use super::predict::Predictor;

/// A silence longer than this ends an object: no ballistic flight is so long, and an orbit is seen again sooner.
const SILENCE_S: f64 = 86_400.0;
/// What a fit leaves over is another object's when it is at least this part of the plots …
const LEFT_PART: f64 = 0.15;
/// … and at least this many.
const LEFT_MIN: usize = 12;
/// A fit to fewer plots than this, of a group that has more, is looked at twice.
const SPAN_FEW: usize = 15;
/// The most objects looked for in one mixture.
const OBJECTS_MAX: usize = 16;

/// The paths found, and for which plots none could be.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// One path per object, in the order of their first plots.
    pub paths: Vec<FlightPath>,
    /// Groups of plots without a path: name (numbered on from the paths), how many plots, and why.
    pub no_paths: Vec<(String, usize, NoPath)>,
}

/// Finds one flight path per object.
///
/// Plots in any order, of any sensors of the list; `truth` is never read. Objects are told apart by `target` where it
/// is given, by silences of a day, and by fitting: when many plots of a group lie off its path but on a common other
/// one, that is another object. What can be fitted is; the rest is in [`Objects::no_paths`], with reasons.
pub fn fit_paths(plots: &[Plot], sensors: &Sensors, options: &PathOptions) -> Objects {
    let mut by_target: BTreeMap<Option<Arc<str>>, Vec<usize>> = BTreeMap::new();
    for (index, plot) in plots.iter().enumerate() {
        by_target.entry(plot.target.clone()).or_default().push(index);
    }
    let mut objects = Objects::default();
    for (target, of) in by_target {
        let looks = match look::looks(plots, &of, sensors) {
            Ok((looks, _)) => looks,
            Err(error) => {
                objects.no_paths.push((name(&target, 0), of.len(), error.into()));
                continue;
            }
        };
        for group in split_at_silences(looks) {
            let epoch = options.epoch.unwrap_or(group[0].time);
            separate(&target, group, &context(plots, sensors, options, epoch), &mut objects);
        }
    }
    objects.paths.sort_by_key(|path| path.first_plot);
    let paths = objects.paths.iter_mut().map(|path| &mut path.id);
    let unnamed = paths.chain(objects.no_paths.iter_mut().map(|(id, _, _)| id));
    for (index, id) in unnamed.enumerate().filter(|(_, id)| id.is_empty()) {
        *id = format!("object-{}", index + 1);
    }
    objects
}

fn context<'a>(plots: &'a [Plot], sensors: &'a Sensors, options: &'a PathOptions, epoch: Time) -> Context<'a> {
    let mut forces = options.forces.clone();
    // One inertial frame for all propagations of an object, so that an unknown acceleration keeps its axes.
    if let Rotation::Uniform { epoch: of_frame @ None } = &mut forces.rotation {
        *of_frame = Some(epoch);
    }
    let predictor = Predictor {
        refraction: options.refraction,
        is_time_of_reception: options.is_time_of_reception,
        transponder_m: options.transponder_m,
    };
    Context {
        plots,
        sensors,
        options,
        forces,
        epoch,
        predictor,
    }
}

fn name(target: &Option<Arc<str>>, number: usize) -> String {
    match (target, number) {
        (Some(target), 0) => target.to_string(),
        (Some(target), n) => format!("{target}-{}", n + 1),
        (None, _) => String::new(),
    }
}

fn split_at_silences(looks: Vec<Look>) -> Vec<Vec<Look>> {
    let mut groups: Vec<Vec<Look>> = Vec::new();
    for look in looks {
        match groups.last_mut() {
            Some(group) if group.last().is_none_or(|last| look.time - last.time <= SILENCE_S) => group.push(look),
            _ => groups.push(vec![look]),
        }
    }
    groups
}

/// Finds the paths of a group, or why there is none.
fn separate(target: &Option<Arc<str>>, group: Vec<Look>, context: &Context<'_>, objects: &mut Objects) {
    let found = paths_of(&group, context).or_else(|why| {
        let why = why.explained(&group, context.sensors);
        if !matches!(why, NoPath::NoBallisticPath { .. }) {
            return Err(why);
        }
        // Far too small sigmas make every plot an outlier: take those that the plots show.
        let Some(credible) = credible(&group, context.sensors) else {
            return Err(why);
        };
        let context = Context {
            sensors: &credible.sensors,
            forces: context.forces.clone(),
            ..*context
        };
        let mut paths = paths_of(&credible.looks, &context).map_err(|_| why)?;
        for path in &mut paths {
            path.warnings.splice(0..0, credible.words.iter().cloned());
        }
        Ok(paths)
    });
    match found {
        Ok(paths) => objects
            .paths
            .extend(paths.into_iter().enumerate().map(|(number, mut path)| {
                path.id = name(target, number);
                path
            })),
        Err(why) => objects.no_paths.push((name(target, 0), group.len(), why)),
    }
}

/// Fits one object after the other until what is left over is no object.
fn paths_of(group: &[Look], context: &Context<'_>) -> Result<Vec<FlightPath>, NoPath> {
    let total = group.len();
    let mut found: Vec<(Vec<Look>, FlightPath, fit::Fitted)> = Vec::new();
    let mut left = group.to_vec();
    while found.len() < OBJECTS_MAX {
        let (path, fitted) = match path_of(&left, context) {
            Ok(found) => found,
            // What is left of a fitted object are outliers, not an object without a path.
            Err(_) if !found.is_empty() => break,
            Err(why) => return Err(why),
        };
        let over = left_over(&left, &fitted, context);
        found.push((left, path, fitted));
        if over.len() < LEFT_MIN.max((LEFT_PART * total as f64) as usize) {
            break;
        }
        left = over;
    }
    Ok(without_the_others(found, context))
}

fn path_of(looks: &[Look], context: &Context<'_>) -> Result<(FlightPath, fit::Fitted), NoPath> {
    NoPath::check_enough(looks)?;
    let fitted = fit::fit(looks, context)?;
    NoPath::check_not_strained(looks, &fitted, context.sensors)?;
    // A few plots under thrust can look like a fall; what comes before and after them then does not.
    let is_few = fitted.span.len() < SPAN_FEW && fitted.span.len() * 4 < looks.len() * 3;
    let judged = [Some(&looks[fitted.span.clone()]), is_few.then_some(looks)];
    for looks in judged.into_iter().flatten() {
        let rough = fixes::fixes(looks, context.sensors);
        if let Some(manoeuvre @ Manoeuvre::Thrust { .. }) = diagnose::manoeuvre(&rough) {
            return Err(NoPath::Manoeuvring {
                manoeuvre,
                plots: looks.len(),
            });
        }
    }
    Ok((flight_path::assemble(looks, &fitted, context)?, fitted))
}

/// Fits each of several objects again without the plots that are another's: in the mixture they made its sensors look
/// noisy, and what lies before and after its ballistic span was anybody's.
fn without_the_others(found: Vec<(Vec<Look>, FlightPath, fit::Fitted)>, context: &Context<'_>) -> Vec<FlightPath> {
    let own: Vec<BTreeSet<usize>> = found
        .iter()
        .map(|(looks, _, fitted)| followers(looks, fitted))
        .collect();
    let refit = |(number, (looks, path, _)): (usize, (Vec<Look>, FlightPath, fit::Fitted))| {
        let is_anothers = |look: &Look| {
            let others = own.iter().enumerate().filter(|(other, _)| *other != number);
            !own[number].contains(&look.plot) && others.into_iter().any(|(_, own)| own.contains(&look.plot))
        };
        let kept: Vec<Look> = looks.iter().filter(|look| !is_anothers(look)).cloned().collect();
        if kept.len() == looks.len() {
            return path;
        }
        // The path in the mixture stands where the plots of its own are too few.
        path_of(&kept, context).map_or(path, |(path, _)| path)
    };
    found.into_iter().enumerate().map(refit).collect()
}

/// The plots that follow a fitted path in all that they measured.
fn followers(looks: &[Look], fitted: &fit::Fitted) -> BTreeSet<usize> {
    let inside = &looks[fitted.span.clone()];
    let mut follows = vec![true; inside.len()];
    for residual in &fitted.solution.residuals {
        follows[residual.look] &= residual.weight > 0.0;
    }
    let followers = inside.iter().zip(follows).filter(|(_, follows)| *follows);
    followers.map(|(look, _)| look.plot).collect()
}

/// The looks that are far from a fitted path while it was ballistic: perhaps of another object.
fn left_over(looks: &[Look], fitted: &fit::Fitted, context: &Context<'_>) -> Vec<Look> {
    let inside = &looks[fitted.span.clone()];
    let mut is_off = vec![false; inside.len()];
    for residual in &fitted.solution.residuals {
        // Angles of a fading echo wander by many sigmas; another object is elsewhere altogether.
        let prior = super::parameter::bias_sigma(
            &context.sensors.as_slice()[inside[residual.look].sensor],
            residual.channel,
            residual.sigma,
        );
        is_off[residual.look] |= residual.weight == 0.0 && residual.value.abs() > 8.0 * prior.max(residual.sigma);
    }
    inside
        .iter()
        .zip(is_off)
        .filter(|(_, off)| *off)
        .map(|(look, _)| look.clone())
        .collect()
}
