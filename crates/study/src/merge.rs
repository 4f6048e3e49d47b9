//! All runs of a scenario as one outcome. Runs are merged in their order, so that threads change no bit.

use score::{Containment, Spread};

use crate::figures::{InstantFigures, RunFigures, SubsetFigures};
use crate::outcome::{
    DIAMETERS_KM, Knowledge, Moment, ObjectOutcome, Place, ScenarioOutcome, SubsetOutcome, SubsetTracks, View,
};
use crate::plan::{Plan, PlannedObject};

impl Plan {
    /// Merges runs, in whatever order they come.
    pub fn merge(&self, seed: u64, mut runs: Vec<RunFigures>) -> ScenarioOutcome {
        runs.sort_by_key(|run| run.run);
        let objects = self.objects.iter().enumerate();
        ScenarioOutcome {
            name: self.name.clone(),
            title: self.title.clone(),
            runs: runs.len(),
            seed,
            owners: self.owners.clone(),
            objects: objects
                .map(|(index, object)| self.object_outcome(index, object, &runs))
                .collect(),
            tracks: self.track_outcomes(&runs),
        }
    }

    fn track_outcomes(&self, runs: &[RunFigures]) -> Vec<SubsetTracks> {
        let mean = |subset: usize, of: fn(&crate::figures::TrackFigures) -> f32| {
            let sum: f64 = runs.iter().map(|run| f64::from(of(&run.tracks[subset]))).sum();
            sum / runs.len().max(1) as f64
        };
        let subsets = self.subsets.iter().enumerate();
        subsets
            .map(|(index, subset)| SubsetTracks {
                owners: self.names(*subset),
                false_tracks: mean(index, |tracks| tracks.false_tracks),
                missed_objects: mean(index, |tracks| tracks.missed_objects),
            })
            .collect()
    }

    fn object_outcome(&self, index: usize, object: &PlannedObject, runs: &[RunFigures]) -> ObjectOutcome {
        let times_s: Vec<f64> = self.instants[object.instants.clone()]
            .iter()
            .map(|instant| *instant - object.launch)
            .collect();
        let path = times_s.iter().zip(&object.path);
        ObjectOutcome {
            id: object.id.clone(),
            kind: object.kind,
            launch: object.launch,
            span_s: object.span_s,
            arrival: object.arrival,
            path: path
                .map(|(after_s, place)| Place {
                    after_s: *after_s,
                    place: *place,
                })
                .collect(),
            subsets: (0..self.subsets.len())
                .map(|subset| {
                    let figures: Vec<&SubsetFigures> = runs.iter().map(|run| &run.objects[index][subset]).collect();
                    subset_outcome(self.names(self.subsets[subset]), &figures, &times_s)
                })
                .collect(),
            gains: self.gains(index, runs),
        }
    }
}

fn spread(figures: &[&SubsetFigures], of: impl Fn(&SubsetFigures) -> f32) -> Option<Spread> {
    Spread::of(figures.iter().map(|figures| f64::from(of(figures))))
}

fn share(figures: &[&SubsetFigures], of: impl Fn(&SubsetFigures) -> f32) -> f64 {
    let count = figures.iter().filter(|figures| of(figures).is_finite()).count();
    count as f64 / figures.len().max(1) as f64
}

fn subset_outcome(owners: Vec<std::sync::Arc<str>>, figures: &[&SubsetFigures], times_s: &[f64]) -> SubsetOutcome {
    let views: f64 = figures.iter().map(|figures| f64::from(figures.view_share)).sum();
    let mut containment = Containment::default();
    for figures in figures.iter().filter(|figures| figures.is_inside.is_finite()) {
        containment.count(figures.is_inside > 0.5);
    }
    let instants = || figures.iter().flat_map(|figures| &figures.curve);
    let tracked = || instants().filter(|i| i.error2_m2.is_finite());
    let bounded = || tracked().filter(|i| i.bound_m2.is_finite());
    let last_diameter = |f: &SubsetFigures| {
        let mut stated = f.curve.iter().rev().map(|i| i.diameter_m);
        stated.find(|diameter| diameter.is_finite()).unwrap_or(f32::NAN)
    };
    SubsetOutcome {
        owners,
        view: View {
            share: views / figures.len().max(1) as f64,
            seen_share: share(figures, |f| f.first_after_s),
            first_after_s: spread(figures, |f| f.first_after_s),
            last_after_s: spread(figures, |f| f.last_after_s),
            gap_s: spread(figures, |f| f.gap_s),
        },
        tracked_share: share(figures, |f| f.confirmed_after_s),
        confirmed_after_s: spread(figures, |f| f.confirmed_after_s),
        known: std::array::from_fn(|size| Knowledge {
            diameter_km: DIAMETERS_KM[size],
            share: share(figures, |f| f.known_after_s[size]),
            after_s: spread(figures, |f| f.known_after_s[size]),
            warning_s: spread(figures, |f| f.arrival_after_s - f.known_after_s[size]),
        }),
        containment,
        arrival_error_m: spread(figures, |f| f.arrival_error_m),
        path_rmse_m: mean(tracked().map(|i| i.error2_m2)).map(f64::sqrt),
        path_share: tracked().count() as f64 / instants().count().max(1) as f64,
        free_rmse_m: mean(bounded().map(|i| i.error2_m2)).map(f64::sqrt),
        free_bound_m: mean(bounded().map(|i| i.bound_m2)).map(f64::sqrt),
        last_diameter_m: spread(figures, last_diameter),
        curve: times_s
            .iter()
            .enumerate()
            .map(|(at, after_s)| moment(*after_s, figures, |f| f.curve[at]))
            .collect(),
    }
}

/// Mean of those that exist.
pub(crate) fn mean(values: impl Iterator<Item = f32>) -> Option<f64> {
    let (sum, count) = values
        .filter(|value| value.is_finite())
        .fold((0.0, 0_usize), |(sum, count), value| {
            (sum + f64::from(value), count + 1)
        });
    (count > 0).then(|| sum / count as f64)
}

fn moment(after_s: f64, figures: &[&SubsetFigures], at: impl Fn(&SubsetFigures) -> InstantFigures) -> Moment {
    let all = || figures.iter().map(|figures| at(figures));
    let runs = figures.len().max(1) as f64;
    let count = |of: fn(&InstantFigures) -> f32| all().filter(|i| of(i).is_finite()).count() as f64 / runs;
    Moment {
        after_s,
        tracked_share: count(|i| i.error2_m2),
        rmse_m: mean(all().map(|i| i.error2_m2)).map(f64::sqrt),
        stated_m: mean(all().map(|i| i.variance_m2)).map(f64::sqrt),
        nees: mean(all().map(|i| i.nees)),
        bound_m: mean(all().map(|i| i.bound_m2)).map(f64::sqrt),
        diameter_m: Spread::of(all().map(|i| f64::from(i.diameter_m))).map(|spread| spread.median),
        area_share: count(|i| i.diameter_m),
    }
}
