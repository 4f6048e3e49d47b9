//! What a study found: plain values, per scenario, object and subset of owners.
//!
//! Times `…_s` of a flight count from its launch (the first instant of the object's truth). Distances are metres,
//! shares are in [0, 1]. A figure that does not exist is `None`, never 0.

use std::sync::Arc;

use geo::{Geodetic, Time};
use score::{Containment, Spread};
use sim::Kind;

/// The ground area is called known when its longest diameter (95 %) is smaller than each of these, kilometres.
pub const DIAMETERS_KM: [f64; 3] = [100.0, 50.0, 20.0];

/// The probability of every ground area.
pub const PROBABILITY: f64 = 0.95;

/// All that a study found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// In the order they were given.
    pub scenarios: Vec<ScenarioOutcome>,
}

/// One scenario, over all its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioOutcome {
    /// Its name.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// How many runs.
    pub runs: usize,
    /// The seed of the study.
    pub seed: u64,
    /// The owners studied.
    pub owners: Vec<Arc<str>>,
    /// Each object of the scenario, in its order.
    pub objects: Vec<ObjectOutcome>,
    /// Tracks that there should not have been, and objects without one, for each subset.
    pub tracks: Vec<SubsetTracks>,
}

/// One object, over all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectOutcome {
    /// Its name in the scenario.
    pub id: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// When its truth begins, in the first run.
    pub launch: Time,
    /// How long its truth lasts, in the first run.
    pub span_s: f64,
    /// Where it truly arrives, in the first run; `None` of what does not come down.
    pub arrival: Option<Arrival>,
    /// Its true path in the first run, at the times of the curves.
    pub path: Vec<Place>,
    /// Each subset of the owners: alone, pairs, …, all.
    pub subsets: Vec<SubsetOutcome>,
    /// What each owner gains if all share, run by run; empty where there is one owner only.
    pub gains: Vec<Gain>,
}

/// What one owner gains if all share: both in the same runs, at the same instants.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// Who was alone.
    pub owner: Arc<str>,
    /// How much earlier the track of all together was confirmed, over the runs in which both have one.
    pub track_earlier_s: Option<Spread>,
    /// How much earlier all together knew the place to each of [`DIAMETERS_KM`], over the runs in which both did.
    pub known_earlier_s: [Option<Spread>; 3],
    /// Root mean square error of position of the owner alone, where both have a track.
    pub alone_rmse_m: Option<f64>,
    /// The same of all together, at the same instants of the same runs.
    pub together_rmse_m: Option<f64>,
}

/// Where and when an object comes down.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Arrival {
    /// After the launch.
    pub after_s: f64,
    /// Where.
    pub place: Geodetic,
}

/// A point of a true path.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Place {
    /// After the launch.
    pub after_s: f64,
    /// Where, height above the ellipsoid.
    pub place: Geodetic,
}

/// What one subset of the owners knows of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct SubsetOutcome {
    /// Who shares.
    pub owners: Vec<Arc<str>>,
    /// What their sensors see of the flight.
    pub view: View,
    /// In which share of the runs the object had a confirmed track at all.
    pub tracked_share: f64,
    /// When the track was confirmed (delivered plots), over the runs that have one.
    pub confirmed_after_s: Option<Spread>,
    /// When the ground area became, and stayed, smaller than each of [`DIAMETERS_KM`].
    pub known: [Knowledge; 3],
    /// How often the true arrival was inside the 95 % ground area, over the areas looked at.
    ///
    /// One area a run: the first that is smaller than 50 km, else the last.
    pub containment: Containment,
    /// How far the middle of the last ground area was from the true arrival.
    pub arrival_error_m: Option<Spread>,
    /// Root of the mean square error of position over all instants of the curve that have a track, and over all runs.
    pub path_rmse_m: Option<f64>,
    /// Share of all instants of the curve, over all runs, that have a track.
    pub path_share: f64,
    /// The same over the instants that have a bound too: free flight, in the first runs.
    pub free_rmse_m: Option<f64>,
    /// Root of the mean squared bound of position at those.
    pub free_bound_m: Option<f64>,
    /// Longest diameter of the last ground area that was stated.
    pub last_diameter_m: Option<Spread>,
    /// Figures over time, on the grid of [`ObjectOutcome::path`].
    pub curve: Vec<Moment>,
}

/// What sensors see of a flight.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Share of the flight in view, the mean over runs: a plot counts for two scans of its sensor.
    pub share: f64,
    /// Share of the runs with a plot at all.
    pub seen_share: f64,
    /// First plot.
    pub first_after_s: Option<Spread>,
    /// Last plot.
    pub last_after_s: Option<Spread>,
    /// The longest time between two plots that follow each other.
    pub gap_s: Option<Spread>,
}

/// When the ground area was known to some size.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// The longest diameter of the 95 % area, kilometres.
    pub diameter_km: f64,
    /// Share of the runs in which it came to that before the arrival.
    pub share: f64,
    /// When, over those runs: the time of delivery of the plot that decided.
    pub after_s: Option<Spread>,
    /// True arrival less that time.
    pub warning_s: Option<Spread>,
}

/// Figures at one instant of a flight, over all runs.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Moment {
    /// After the launch.
    pub after_s: f64,
    /// Share of the runs with a confirmed track of the object at that instant.
    pub tracked_share: f64,
    /// Root of the mean square error of position, over those runs.
    pub rmse_m: Option<f64>,
    /// What the tracks themselves say: root of the mean variance of position, over those runs.
    pub stated_m: Option<f64>,
    /// Mean NEES of the position (3 if the covariances hold), over those runs.
    pub nees: Option<f64>,
    /// Root of the trace of the posterior Cramér-Rao bound of position, over the first runs, in free flight; what no
    /// estimator could beat.
    pub bound_m: Option<f64>,
    /// Median of the longest diameter of the 95 % ground area, over the runs that have one.
    pub diameter_m: Option<f64>,
    /// Share of the runs that have a ground area.
    pub area_share: f64,
}

/// Tracks of one subset of the owners that have no object, and objects that have no track; means over the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct SubsetTracks {
    /// Who shares.
    pub owners: Vec<Arc<str>>,
    /// Confirmed tracks most of whose plots are of no object.
    pub false_tracks: f64,
    /// Objects never with a confirmed track.
    pub missed_objects: f64,
}
