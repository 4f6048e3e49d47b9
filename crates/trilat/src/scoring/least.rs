//! Each update beside the least error that anybody could have had with the plots up to then: the posterior Cramér-Rao
//! bound.

use std::collections::BTreeMap;

use geo::Time;
use nalgebra::Vector6;
use plot::Plot;
use score::Follow;
use study::Least;

use super::scene::{Object, Scene};
use super::updates::error;
use crate::args::ScoreArgs;

/// Sums over the updates of an object that have a bound: squared errors, and the least they can be.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct OfBound {
    /// How many.
    pub updates: usize,
    /// Squared distances.
    pub position_m2: f64,
    /// Their bound.
    pub position_least_m2: f64,
    /// Squared differences of velocity.
    pub velocity_m2ps2: f64,
    /// Their bound.
    pub velocity_least_m2ps2: f64,
    /// Squared distances, each over its own bound.
    pub position_ratios: f64,
    /// The same of velocity.
    pub velocity_ratios: f64,
}

impl OfBound {
    /// Of several objects together.
    pub fn sum(of: &[Self]) -> Self {
        of.iter().fold(Self::default(), |sum, one| Self {
            updates: sum.updates + one.updates,
            position_m2: sum.position_m2 + one.position_m2,
            position_least_m2: sum.position_least_m2 + one.position_least_m2,
            velocity_m2ps2: sum.velocity_m2ps2 + one.velocity_m2ps2,
            velocity_least_m2ps2: sum.velocity_least_m2ps2 + one.velocity_least_m2ps2,
            position_ratios: sum.position_ratios + one.position_ratios,
            velocity_ratios: sum.velocity_ratios + one.velocity_ratios,
        })
    }

    /// With one more.
    fn with(self, error: &Vector6<f64>, least: &Least) -> Self {
        let (position_m2, velocity_m2ps2) = (
            error.fixed_rows::<3>(0).norm_squared(),
            error.fixed_rows::<3>(3).norm_squared(),
        );
        let one = Self {
            updates: 1,
            position_m2,
            position_least_m2: least.position_m2,
            velocity_m2ps2,
            velocity_least_m2ps2: least.velocity_m2ps2,
            position_ratios: position_m2 / least.position_m2,
            velocity_ratios: velocity_m2ps2 / least.velocity_m2ps2,
        };
        Self::sum(&[self, one])
    }
}

/// An object's truth as the bound needs it.
struct Flown<'a> {
    object: &'a Object,
    gap_s: f64,
}

impl study::Path for Flown<'_> {
    fn state(&self, time: Time) -> Option<Vector6<f64>> {
        let moment = self.object.course.at(time, self.gap_s, 0.0)?;
        let (place, speed) = (moment.position_m, moment.velocity_mps);
        Some(Vector6::new(place.x, place.y, place.z, speed.x, speed.y, speed.z))
    }

    fn is_free(&self, time: Time) -> bool {
        self.object.is_free(time)
    }
}

/// Sums for each object of the scene, by its place; nothing of those without an update that has a bound.
///
/// Of the updates of an object one in a step is looked at, the last, and none at which the object's plots did not tell
/// it to the cutoff: what a track says then, it has from plots of something else.
pub fn compare(scene: &Scene, follow: &Follow, args: &ScoreArgs) -> Vec<OfBound> {
    let mut plots: BTreeMap<&str, Vec<&Plot>> = BTreeMap::new();
    for plot in &scene.plots {
        if let Some(truth) = &plot.truth {
            plots.entry(truth).or_default().push(plot);
        }
    }
    let mut errors = errors(scene, follow, args);
    let of = |(at, object): (usize, &Object)| {
        let mut own = plots.remove(&*object.name).unwrap_or_default();
        own.sort_by_key(|plot| plot.time);
        let looked = last_of_steps(std::mem::take(&mut errors[at]), args.step_s);
        let times: Vec<Time> = looked.iter().map(|(time, _)| *time).collect();
        let gap_s = args.gap_s;
        let bounds = study::bounds(&Flown { object, gap_s }, &own, &scene.sensors, &times);
        let known = looked
            .iter()
            .zip(bounds)
            .filter_map(|((_, error), least)| Some((error, least?)));
        let told = known.filter(|(_, least)| least.position_m2 < args.cutoff_m * args.cutoff_m);
        told.fold(OfBound::default(), |sum, (error, least)| sum.with(error, &least))
    };
    scene.objects.iter().enumerate().map(of).collect()
}

/// Of each object the times and errors of the updates of its tracks, in order of time.
fn errors(scene: &Scene, follow: &Follow, args: &ScoreArgs) -> Vec<Vec<(Time, Vector6<f64>)>> {
    let mut of = vec![Vec::new(); scene.objects.len()];
    for (id, track) in scene.tracks.iter().enumerate() {
        for row in &track.updates {
            let Some(at) = follow.truth_at(id, row.time, args.step_s) else {
                continue;
            };
            if let Some(error) = error(row, &scene.objects[at], args.gap_s) {
                of[at].push((row.time, error));
            }
        }
    }
    for errors in &mut of {
        errors.sort_by_key(|(time, _)| *time);
    }
    of
}

/// The last of those within each step from the first.
fn last_of_steps<T>(all: Vec<(Time, T)>, step_s: f64) -> Vec<(Time, T)> {
    let Some(first) = all.first().map(|(time, _)| *time) else {
        return all;
    };
    let mut last: BTreeMap<i64, (Time, T)> = BTreeMap::new();
    for (time, value) in all {
        last.insert(((time - first) / step_s).floor() as i64, (time, value));
    }
    last.into_values().collect()
}
