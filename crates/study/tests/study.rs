//! A whole study of a flight made here: what one owner knows, what all know, and that chance is the seed's alone.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

mod scene;

use geo::Time;
use scene::{Biases, sensors, stations, truth};
use sim::Truth;
use sim::sensor::{Station, observe};
use study::{Plan, PlanError, RunFigures, ScenarioOutcome};

fn plan(truths: &[Truth], stations: &[Station]) -> Plan {
    Plan::new("scene", "A flight over the sea", truths, sensors(stations), &[]).unwrap()
}

fn span(truths: &[Truth]) -> (Time, Time) {
    let spans = || truths.iter().map(|truth| truth.course.span());
    (
        spans().map(|span| span.0).min().unwrap(),
        spans().map(|span| span.1).max().unwrap(),
    )
}

fn fly(plan: &Plan, truths: &[Truth], stations: &[Station], runs: usize) -> Vec<RunFigures> {
    (0..runs)
        .map(|run| {
            let observed = observe(truths, stations, span(truths), 100 + run as u64);
            plan.run(run, truths, &observed.plots, &observed.delivered)
        })
        .collect()
}

fn study(biases: Biases, runs: usize) -> ScenarioOutcome {
    let (truths, stations) = ([truth("one", 0.0)], stations(biases));
    let plan = plan(&truths, &stations);
    plan.merge(7, fly(&plan, &truths, &stations, runs))
}

#[test]
fn all_together_know_more_than_any_alone() {
    let outcome = study(Biases::Some, 12);
    let object = &outcome.objects[0];
    assert_eq!(object.subsets.len(), 7);
    let all = object.subsets.last().unwrap();
    assert_eq!(all.owners.len(), 3);
    for alone in &object.subsets[..3] {
        let owners = &alone.owners;
        assert!(all.view.share >= alone.view.share - 1e-6, "{owners:?}");
        assert!(all.path_rmse_m < alone.path_rmse_m, "{owners:?}");
        for (together, one) in all.known.iter().zip(&alone.known) {
            let (together, one) = (together.after_s.unwrap().median, one.after_s.unwrap().median);
            assert!(together <= one, "{owners:?}: {together} s, {one} s");
        }
        // The bound falls with more sensors, at every instant.
        for (together, one) in all.curve.iter().zip(&alone.curve) {
            if let (Some(together), Some(one)) = (together.bound_m, one.bound_m) {
                assert!(together <= one * 1.001, "{owners:?}: {together} m, {one} m");
            }
        }
    }
    for tracks in &outcome.tracks {
        assert_eq!(
            (tracks.false_tracks, tracks.missed_objects),
            (0.0, 0.0),
            "{:?}",
            tracks.owners
        );
    }
}

#[test]
fn the_covariances_hold_with_and_without_biases() {
    for biases in [Biases::Some, Biases::None] {
        let outcome = study(biases, 20);
        for subset in &outcome.objects[0].subsets {
            let owners = &subset.owners;
            assert!(
                subset.containment.holds(0.95, 0.999),
                "{biases:?} {owners:?}: {:?} in the 95 % area",
                subset.containment
            );
            let coasting = subset
                .curve
                .iter()
                .filter(|m| (150.0..300.0).contains(&m.after_s) && m.tracked_share > 0.9);
            let nees: Vec<f64> = coasting.filter_map(|moment| moment.nees).collect();
            let mean = nees.iter().sum::<f64>() / nees.len() as f64;
            assert!(
                (1.5..5.0).contains(&mean),
                "{biases:?} {owners:?}: mean NEES {mean}, 3 expected"
            );
        }
    }
}

#[test]
fn the_order_of_runs_changes_no_bit_and_rows_come_back() {
    let (truths, stations) = ([truth("one", 0.0)], stations(Biases::Some));
    let plan = plan(&truths, &stations);
    let runs = fly(&plan, &truths, &stations, 5);
    let rows: Vec<RunFigures> = runs
        .iter()
        .rev()
        .map(|run| plan.read(run.run, &run.to_bits()).unwrap())
        .collect();
    assert_eq!(plan.merge(7, runs.clone()), plan.merge(7, rows));
    let mut short = runs[0].to_bits();
    short.pop();
    assert!(plan.read(0, &short).is_err());
}

#[test]
fn two_objects_have_a_track_each() {
    let (truths, stations) = ([truth("one", 0.0), truth("two", 20.0)], stations(Biases::Some));
    let plan = plan(&truths, &stations);
    let outcome = plan.merge(7, fly(&plan, &truths, &stations, 4));
    let all = outcome.tracks.last().unwrap();
    assert_eq!((all.false_tracks, all.missed_objects), (0.0, 0.0));
    for object in &outcome.objects {
        let subset = object.subsets.last().unwrap();
        assert_eq!(subset.tracked_share, 1.0, "{}", object.id);
        assert!(
            subset.path_rmse_m.unwrap() < 300.0,
            "{}: {:?}",
            object.id,
            subset.path_rmse_m
        );
    }
}

#[test]
fn an_owner_who_leaves_keeps_what_is_his_and_gives_no_more() {
    let (truths, stations) = ([truth("one", 0.0)], stations(Biases::Some));
    let mut plan = plan(&truths, &stations);
    let whole = plan.merge(7, fly(&plan, &truths, &stations, 1));
    plan.leave("C", scene::launch() + 120.0).unwrap();
    let left = plan.merge(7, fly(&plan, &truths, &stations, 1));
    let last = |outcome: &ScenarioOutcome, subset: usize| {
        let spread = outcome.objects[0].subsets[subset].view.last_after_s;
        spread.unwrap().median
    };
    assert_eq!(last(&whole, 2), last(&left, 2), "C alone sees what it saw");
    assert!(
        last(&whole, 6) > last(&left, 6) + 10.0,
        "all together see less than before"
    );
}

#[test]
fn what_cannot_be_studied_is_said() {
    let (truths, stations) = ([truth("one", 0.0)], stations(Biases::None));
    let with = |owners: &[&str]| {
        let owners: Vec<_> = owners.iter().map(|owner| (*owner).into()).collect();
        Plan::new("scene", "", &truths, sensors(&stations), &owners)
    };
    let error = with(&["A", "X"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"owner "X" has no sensor in the scenario; those that have: ["A", "B", "C"]"#
    );
    assert!(matches!(with(&["A", "A"]), Err(PlanError::OwnerTwice { .. })));
    assert_eq!(
        Plan::new("scene", "", &[], sensors(&stations), &[]).unwrap_err(),
        PlanError::NoObject
    );
    assert_eq!(
        Plan::new("scene", "", &truths, Vec::new(), &[]).unwrap_err(),
        PlanError::NoSensor
    );
    assert_eq!(with(&["B"]).unwrap().owners.len(), 1);
}
