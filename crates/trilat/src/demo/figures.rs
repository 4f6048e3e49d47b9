//! What an owner would know alone, and what all know together: the engine of the nodes over the same plots, held
//! against what really flies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo::Time;
use node::engine::{Engine, EngineOptions, KNOWN_M};
use plot::{Plot, Sensor};
use serde::Serialize;
use share::digest::Circle;
use share::item::{Body, Classification, Item, Label};
use track::forecast::{Region, Way};
use warn::EXISTENCE_MIN;

use super::scene::Scene;

/// The picture is looked at so often.
const LOOK_S: f64 = 0.2;
/// A track is on an object that is nearer than this.
const NEAR_M: f64 = 30e3;

/// What a set of plots tells of what flies, in seconds after the launch.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Plots that were used.
    pub plots: usize,
    /// The first track on an object was confirmed.
    pub first_track_s: Option<f64>,
    /// A ground area (95 %) could be said first.
    pub first_warning_s: Option<f64>,
    /// The first whose longest diameter was below 100 km.
    pub known_s: Option<f64>,
    /// The last ground area: its longest diameter,
    pub area_km: Option<f64>,
    /// and whether the object came down in it.
    pub area_holds: Option<bool>,
    /// In so many seconds there was a track on an object.
    pub tracked_s: usize,
    /// Root mean square of how far it was off then.
    pub position_rms_m: Option<f64>,
    /// Digest of all settled cycles of the circle of these owners.
    #[serde(skip)]
    pub digest: String,
    /// How far off, by second after the launch.
    #[serde(skip)]
    pub off_m: BTreeMap<i64, f64>,
}

/// The label under which everything is given to everybody here.
fn label(members: &BTreeSet<Arc<str>>) -> Label {
    Label {
        policy: "demo".into(),
        classification: Classification::Unclassified,
        releasable_to: members.clone(),
        exercise: true,
        onward: false,
    }
}

/// Runs the plots of some owners through an engine.
pub fn figures(scene: &Scene, owners: &[usize], lag_s: f64) -> Figures {
    let members: BTreeSet<Arc<str>> = owners.iter().map(|at| scene.owners[*at].name.clone()).collect();
    let circle = Circle {
        members: members.clone(),
        exercise: true,
    };
    let label = label(&members);
    let own = scene.owners[owners[0]].name.clone();
    let mut engine = Engine::new(EngineOptions {
        exercise: true,
        lag_s,
        ..EngineOptions::new(own, vec![circle.clone()])
    });
    let take = |engine: &mut Engine, origin: &Arc<str>, body: Body| {
        let item = Item {
            origin: origin.clone(),
            label: label.clone(),
            body,
        };
        engine.take(item.id(), &item);
    };
    let mut plots: Vec<(&Arc<str>, &Plot)> = Vec::new();
    for at in owners {
        let owner = &scene.owners[*at];
        for sensor in &owner.sensors {
            let sensor: Sensor = sensor.clone();
            take(&mut engine, &owner.name, Body::Sensor(Box::new(sensor)));
        }
        plots.extend(owner.plots.iter().map(|plot| (&owner.name, plot)));
    }
    plots.sort_by_key(|(_, plot)| plot.time);
    let mut figures = Figures {
        plots: plots.len(),
        ..Figures::default()
    };
    let mut tally = Tally::default();
    let step = |plot: &Plot| (plot.time.since_s(scene.span.0) / LOOK_S).floor() as i64;
    for batch in plots.chunk_by(|a, b| step(a.1) == step(b.1)) {
        for (origin, plot) in batch {
            let plot = Plot {
                truth: None,
                ..(*plot).clone()
            };
            take(&mut engine, origin, Body::Plot(Box::new(plot)));
        }
        let now = batch[batch.len() - 1].1.time;
        tally.note(scene, &mut engine, now, &mut figures);
    }
    // As in a node to which nothing comes any more.
    engine.rest(scene.span.1 + engine.patience_s());
    figures.digest = hex(&engine.book().whole(&circle));
    figures.finish(scene, &tally)
}

/// The octets of a digest as text.
fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// What is kept while plots come.
#[derive(Default)]
struct Tally {
    /// Tracks that have been on an object.
    right: BTreeSet<track::Name>,
    last: Option<Region>,
}

impl Tally {
    fn note(&mut self, scene: &Scene, engine: &mut Engine, now: Time, figures: &mut Figures) {
        let look = engine.look();
        let after_s = now - scene.launch;
        for row in &look.changed {
            let place = row.belief.mean.fixed_rows::<3>(0);
            let off_m = scene
                .truth_at(row.time)
                .map(|(_, state)| (state.position.vector() - place).norm())
                .fold(f64::INFINITY, f64::min);
            if off_m < NEAR_M {
                self.right.insert(row.track);
                figures.first_track_s.get_or_insert(after_s);
                figures.off_m.insert((row.time - scene.launch).floor() as i64, off_m);
            }
        }
        for forecast in look
            .forecasts
            .iter()
            .filter(|forecast| forecast.existence >= EXISTENCE_MIN)
        {
            let any = forecast.arrival.iter().filter(|region| region.way == Way::Any);
            let whole = any.max_by(|a, b| a.probability.total_cmp(&b.probability));
            let Some(region) = whole.filter(|_| self.right.contains(&forecast.track)) else {
                continue;
            };
            figures.first_warning_s.get_or_insert(after_s);
            if 2.0 * region.major_m < KNOWN_M {
                figures.known_s.get_or_insert(after_s);
            }
            self.last = Some(*region);
        }
    }
}

impl Figures {
    fn finish(mut self, scene: &Scene, tally: &Tally) -> Self {
        self.tracked_s = self.off_m.len();
        let sum: f64 = self.off_m.values().map(|off_m| off_m * off_m).sum();
        self.position_rms_m = (self.tracked_s > 0).then(|| (sum / self.tracked_s as f64).sqrt());
        self.area_km = tally.last.as_ref().map(|region| 2e-3 * region.major_m);
        self.area_holds = tally
            .last
            .as_ref()
            .and_then(|region| scene.arrival().map(|place| region.contains(place)));
        self
    }

    /// Root mean square of how far these are off in the seconds in which others have a track too.
    pub fn rms_where(&self, other: &Self) -> Option<f64> {
        let both: Vec<f64> = self
            .off_m
            .iter()
            .filter(|(at, _)| other.off_m.contains_key(at))
            .map(|(_, off_m)| off_m * off_m)
            .collect();
        (!both.is_empty()).then(|| (both.iter().sum::<f64>() / both.len() as f64).sqrt())
    }
}
