//! Which plots are of which object: by the identity they claim, by long gaps in time, and, where several objects are
//! mixed, by fitting one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use flight::Rotation;
use geo::Time;
use plot::{Plot, Sensors};

use super::error::NoPath;
use super::fit::{self, Context};
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
/// The most objects looked for in one mixture.
const OBJECTS_MAX: usize = 16;

/// The paths found, and for which plots none could be.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// One path per object, in the order of their first plots.
    pub paths: Vec<FlightPath>,
    /// Groups of plots without a path: name, how many plots, and why.
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
    for (index, path) in objects.paths.iter_mut().enumerate() {
        if path.id.is_empty() {
            path.id = format!("object-{}", index + 1);
        }
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

/// Fits one object after the other until what is left over is no object.
fn separate(target: &Option<Arc<str>>, group: Vec<Look>, context: &Context<'_>, objects: &mut Objects) {
    let total = group.len();
    let mut left = group;
    for number in 0..OBJECTS_MAX {
        let fitted = fit::fit(&left, context).and_then(|fitted| {
            let path = flight_path::assemble(&left, &fitted, context)?;
            Ok((path, fitted))
        });
        match fitted {
            Ok((mut path, fitted)) => {
                path.id = name(target, number);
                let over = left_over(&left, &fitted, context);
                objects.paths.push(path);
                if over.len() < LEFT_MIN.max((LEFT_PART * total as f64) as usize) {
                    return;
                }
                left = over;
            }
            // What is left of a fitted object are outliers, not an object without a path.
            Err(_) if number > 0 => return,
            Err(why) => {
                let name = name(target, 0);
                let name = if name.is_empty() {
                    format!("{total} plots")
                } else {
                    name
                };
                objects.no_paths.push((name, total, why));
                return;
            }
        }
    }
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
