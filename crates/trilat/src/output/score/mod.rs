//! What `trilat score` prints.

mod text;

use geo::Time;
use score::{Consistency, Containment, Gospa, Ospa, Shown, SiapTally, consistency};
use serde::Serialize;

use super::RefusedOutput;
use crate::scoring::{OfBound, OfObject};

/// How good the tracks are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ScoreOutput {
    /// The first instant that was looked at.
    pub from: String,
    /// The last.
    pub until: String,
    /// Between two.
    pub step_s: f64,
    /// How many.
    pub instants: usize,
    /// From which distance on a track and an object are not the same.
    pub cutoff_m: f64,
    /// How much large distances weigh.
    pub order: f64,
    /// Without an update for longer a track is not there.
    pub gap_s: f64,
    /// How many tracks there are.
    pub tracks: usize,
    /// How many updates they have.
    pub updates: usize,
    /// How many objects there are.
    pub objects: usize,
    /// Whether objects count only while sensors see them.
    pub is_seen_only: bool,
    /// Longer ground areas do not count as right.
    pub area_km: f64,
    /// GOSPA, if asked for.
    pub gospa: Option<GospaOutput>,
    /// OSPA, if asked for.
    pub ospa: Option<OspaOutput>,
    /// SIAP, if asked for.
    pub siap: Option<SiapOutput>,
    /// NEES, if asked for.
    pub nees: Option<NeesOutput>,
    /// Containment, if asked for.
    pub containment: Option<ContainmentOutput>,
    /// The posterior Cramér-Rao bound, if asked for, and plots tell it.
    pub bound: Option<BoundOutput>,
    /// Tracks that were never on an object.
    pub false_tracks: Vec<String>,
    /// What became of each object, in the order of the truth.
    pub per_object: Vec<ObjectScored>,
    /// Rows that were refused.
    pub refused: RefusedOutput,
}

/// GOSPA with alpha = 2, the power mean over all instants, and its parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GospaOutput {
    /// The metric.
    pub distance_m: f64,
    /// What distances of pairs make of it.
    pub localisation_m: f64,
    /// What missed objects make of it.
    pub missed_m: f64,
    /// What false tracks make of it.
    pub false_m: f64,
    /// Power mean of the distance of a track from its object.
    pub pair_m: Option<f64>,
    /// Pairs at an instant, in the mean.
    pub assigned: f64,
    /// Objects without a track at an instant, in the mean.
    pub missed: f64,
    /// Tracks without an object at an instant, in the mean.
    #[serde(rename = "false")]
    pub false_tracks: f64,
}

impl From<&Gospa> for GospaOutput {
    fn from(found: &Gospa) -> Self {
        let mean = |count: usize| count as f64 / found.instants.max(1) as f64;
        Self {
            distance_m: found.distance_m(),
            localisation_m: found.localisation_m(),
            missed_m: found.missed_m(),
            false_m: found.false_m(),
            pair_m: found.pair_m(),
            assigned: mean(found.assigned),
            missed: mean(found.missed),
            false_tracks: mean(found.false_tracks),
        }
    }
}

/// OSPA, the power mean over all instants, and OSPA(2) over all windows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OspaOutput {
    /// The metric.
    pub distance_m: f64,
    /// What distances of pairs make of it.
    pub localisation_m: f64,
    /// What a difference in number makes of it.
    pub cardinality_m: f64,
    /// The length of the windows of OSPA(2).
    pub window_s: f64,
    /// OSPA(2).
    pub ospa2_m: f64,
    /// What distances of whole tracks make of it.
    pub ospa2_localisation_m: f64,
    /// What a difference in the number of tracks makes of it.
    pub ospa2_cardinality_m: f64,
}

impl OspaOutput {
    /// Of the means over points and over tracks.
    pub fn new(points: Ospa, tracks: Ospa, window_s: f64) -> Self {
        Self {
            distance_m: points.distance_m,
            localisation_m: points.localisation_m,
            cardinality_m: points.cardinality_m,
            window_s,
            ospa2_m: tracks.distance_m,
            ospa2_localisation_m: tracks.localisation_m,
            ospa2_cardinality_m: tracks.cardinality_m,
        }
    }
}

/// The measures of a single integrated air picture; a share of nothing is `null`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SiapOutput {
    /// Share of objects that have a track: 1 is right.
    pub completeness: Option<f64>,
    /// Tracks on a tracked object: 1 is right.
    pub ambiguity: Option<f64>,
    /// Share of tracks that are on no object: 0 is right.
    pub spuriousness: Option<f64>,
    /// Mean distance of a track from its object.
    pub position_m: Option<f64>,
    /// Mean difference of velocity.
    pub velocity_mps: Option<f64>,
    /// How often the track of an object changes, in 1/s of tracked time.
    pub changes_per_s: Option<f64>,
    /// Share of an object's life under its longest single track.
    pub longest_track: Option<f64>,
    /// How often the track of an object changed.
    pub breaks: usize,
    /// How often a track went over to another object.
    pub swaps: usize,
}

impl SiapOutput {
    /// Of all instants.
    pub fn new(tally: &SiapTally, swaps: usize) -> Self {
        let siap = tally.siap();
        Self {
            completeness: siap.completeness,
            ambiguity: siap.ambiguity,
            spuriousness: siap.spuriousness,
            position_m: siap.position_m,
            velocity_mps: siap.velocity_mps,
            changes_per_s: siap.changes_per_s,
            longest_track: siap.longest_track,
            breaks: tally.shown().iter().map(|shown| shown.breaks).sum(),
            swaps,
        }
    }
}

/// Normalised squared errors of the updates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeesOutput {
    /// Of position and velocity.
    pub state: NeesPart,
    /// Of position.
    pub position: NeesPart,
    /// Of velocity.
    pub velocity: NeesPart,
    /// Updates whose covariance is none: not positive definite.
    pub unusable: usize,
}

/// The mean of normalised squared errors, and where chance puts it with 95 %.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeesPart {
    /// The mean.
    pub mean: Option<f64>,
    /// What it is where covariances hold.
    pub expected: usize,
    /// How many.
    pub values: usize,
    /// If every update errs for itself.
    pub interval_if_updates_are_independent: [f64; 2],
    /// If the updates of one object all err alike, by errors of sensors that stay.
    pub interval_if_objects_are_independent: [f64; 2],
}

impl NeesPart {
    /// Of values with so many components, of so many objects.
    pub fn new(values: &[f64], degrees: usize, objects: usize) -> Self {
        let Consistency { mean, interval_95, .. } = consistency(values, degrees);
        let (low, high) = score::nees_interval(objects, degrees, 0.95);
        Self {
            mean,
            expected: degrees,
            values: values.len(),
            interval_if_updates_are_independent: interval_95.into(),
            interval_if_objects_are_independent: [low, high],
        }
    }
}

/// How often what was said came true.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContainmentOutput {
    /// The position of an update in the ellipsoid of its covariance.
    pub position: Vec<Held>,
    /// The velocity likewise.
    pub velocity: Vec<Held>,
    /// Place and time of the arrival in what was foretold.
    pub arrival: Vec<HeldBoth>,
    /// Place and time of the launch in what was said of it.
    pub launch: Vec<HeldBoth>,
}

/// A probability, and the share that came true.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// As stated.
    pub probability: f64,
    /// How often it was so.
    pub share: Option<f64>,
    /// Times it was so.
    pub inside: usize,
    /// Times it was said.
    pub of: usize,
    /// Where the probability lies with 95 %, if every statement errs for itself.
    pub interval_95: [f64; 2],
}

impl Held {
    /// Of a count.
    pub fn new(probability: f64, held: &Containment) -> Self {
        Self {
            probability,
            share: held.share(),
            inside: held.inside,
            of: held.of,
            interval_95: held.interval(0.95).into(),
        }
    }
}

/// The same of places and of times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldBoth {
    /// The ellipse.
    pub place: Held,
    /// The interval.
    pub time: Held,
}

/// Updates in free flight, one in a step, beside the posterior Cramér-Rao bound of the same plots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoundOutput {
    /// How many.
    pub updates: usize,
    /// Their root mean square distance.
    pub position_rms_m: f64,
    /// The least it can be.
    pub position_bound_m: f64,
    /// Root mean square of the distance of an update over its own bound: 1 where no estimate could be better.
    pub position_ratio: f64,
    /// The same of velocity.
    pub velocity_rms_mps: f64,
    /// The least it can be.
    pub velocity_bound_mps: f64,
    /// The same of velocity.
    pub velocity_ratio: f64,
}

impl BoundOutput {
    /// Of sums; `None` where there is no update.
    pub fn new(of: &OfBound) -> Option<Self> {
        let mean = |sum: f64| (sum / of.updates as f64).sqrt();
        (of.updates > 0).then(|| Self {
            updates: of.updates,
            position_rms_m: mean(of.position_m2),
            position_bound_m: mean(of.position_least_m2),
            position_ratio: mean(of.position_ratios),
            velocity_rms_mps: mean(of.velocity_m2ps2),
            velocity_bound_mps: mean(of.velocity_least_m2ps2),
            velocity_ratio: mean(of.velocity_ratios),
        })
    }
}

/// What became of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ObjectScored {
    /// Its name.
    pub object: String,
    /// What it is.
    pub kind: Option<String>,
    /// How many plots are of it, where that is known.
    pub plots: Option<usize>,
    /// The first of them, seconds after its begin.
    pub first_plot_s: Option<f64>,
    /// From its first instant to its last.
    pub life_s: f64,
    /// For how long a track was on it.
    pub tracked_s: f64,
    /// Share of its life under its longest single track.
    pub longest_track: Option<f64>,
    /// How many tracks have been on it.
    pub tracks: usize,
    /// How often its track changed.
    pub breaks: usize,
    /// The first update on it, seconds after its begin.
    pub first_update_s: Option<f64>,
    /// Updates on it.
    pub updates: usize,
    /// Their root mean square distance from it.
    pub position_rms_m: Option<f64>,
    /// The same of velocity.
    pub velocity_rms_mps: Option<f64>,
    /// The mean NEES of position and velocity; 6 where covariances hold.
    pub nees: Option<f64>,
    /// Its errors in free flight beside the least they could be.
    pub bound: Option<BoundOutput>,
    /// What was foretold of its arrival; nothing where it did not arrive, or nothing was foretold.
    pub area: Option<AreaOutput>,
}

impl ObjectScored {
    /// Puts in what the pictures showed.
    pub fn show(&mut self, shown: &Shown) {
        self.life_s = shown.life_s;
        self.tracked_s = shown.tracked_s;
        self.longest_track = (shown.life_s > 0.0).then(|| shown.longest_s / shown.life_s);
        self.tracks = shown.tracks;
        self.breaks = shown.breaks;
    }

    /// Puts in when it was seen.
    pub fn see(&mut self, seen: &[Time], begin: Option<Time>) {
        self.plots = Some(seen.len());
        self.first_plot_s = seen.first().zip(begin).map(|(first, begin)| *first - begin);
    }

    /// Puts in what came of its updates.
    pub fn compare(&mut self, of: &OfObject, begin: Option<Time>) {
        let rms = |sum: f64| (sum / of.updates.max(1) as f64).sqrt();
        self.first_update_s = begin.map(|begin| of.first - begin);
        self.updates = of.updates;
        self.position_rms_m = Some(rms(of.position_m2));
        self.velocity_rms_mps = Some(rms(of.velocity_m2ps2));
        self.nees = consistency(&of.errors.state, 6).mean;
    }
}

/// Since when the ground area was right: the region of the highest probability holds the place, the interval the time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AreaOutput {
    /// Forecasts.
    pub said: usize,
    /// Those that were right.
    pub right: usize,
    /// The first that was right (and no longer than asked), seconds after the launch.
    pub first_s: Option<f64>,
    /// From here on all were, seconds after the launch.
    pub lasting_s: Option<f64>,
    /// The same, seconds before the arrival.
    pub before_arrival_s: Option<f64>,
    /// How long the area was then.
    pub diameter_m: Option<f64>,
    /// How long the last was.
    pub last_diameter_m: f64,
}

impl ScoreOutput {
    /// Returns the JSON text, indented, with a line end. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}
