//! A made-up outcome of a study, by simple formulas: to draw, not to believe.

use std::sync::Arc;

use geo::{Geodetic, destination};
use score::{Containment, Spread};
use study::{
    Arrival, Gain, Knowledge, Moment, ObjectOutcome, Outcome, Place, ScenarioOutcome, SubsetOutcome, SubsetTracks, View,
};
use trilat::coverage::{Coverage, Viewer};

/// From launch to arrival.
const FLIGHT_S: f64 = 1_810.0;
const STEP_S: f64 = 10.0;

fn spread(median: f64, runs: usize) -> Option<Spread> {
    Some(Spread {
        runs,
        low: 0.95 * median,
        median,
        high: 1.08 * median,
    })
}

/// The nine notional radars of three owners at three heights.
pub fn coverage() -> Coverage {
    let text = include_str!("../coverage/notional.toml");
    let sensors = wire::read_sensors(text.as_bytes(), "notional.toml").expect("the file is right");
    let viewers: Vec<Viewer> = sensors.as_slice().iter().map(Viewer::new).collect();
    Coverage::compute(viewers, &[1e5, 6e5], |_| ())
}

/// What a subset knows: more owners see earlier, and err less.
fn subset(owners: &[&str], first_s: f64, last_s: f64, quality: f64, runs: usize) -> SubsetOutcome {
    let curve = (0..=(FLIGHT_S / STEP_S) as usize).map(|i| {
        let after_s = i as f64 * STEP_S;
        let tracked = after_s > first_s + 12.0;
        let age_s = (after_s - first_s).max(1.0);
        let error_m = 9e4 / (quality * age_s) + (after_s - last_s).max(0.0) * 8.0 / quality;
        Moment {
            after_s,
            tracked_share: if tracked { 1.0 } else { 0.0 },
            rmse_m: tracked.then_some(error_m),
            stated_m: tracked.then_some(error_m),
            nees: tracked.then_some(3.1),
            bound_m: (after_s > first_s).then_some(0.8 * error_m),
            diameter_m: (tracked && age_s > 40.0).then_some(6e7 / (quality * age_s)),
            area_share: 1.0,
        }
    });
    let knowledge = [100.0, 50.0, 20.0].map(|diameter_km| {
        let after_s = first_s + 6e4 / (quality * diameter_km);
        let is_known = after_s < FLIGHT_S;
        Knowledge {
            diameter_km,
            share: if is_known {
                (1.6 - after_s / FLIGHT_S).min(1.0)
            } else {
                0.0
            },
            after_s: is_known.then(|| spread(after_s, runs)).flatten(),
            warning_s: is_known.then(|| spread(FLIGHT_S - after_s, runs)).flatten(),
        }
    });
    SubsetOutcome {
        owners: owners.iter().map(|&owner| owner.into()).collect(),
        view: View {
            share: (last_s - first_s) / FLIGHT_S,
            seen_share: 1.0,
            first_after_s: spread(first_s, runs),
            last_after_s: spread(last_s, runs),
            gap_s: spread(40.0 / quality, runs),
        },
        tracked_share: 1.0,
        confirmed_after_s: spread(first_s + 12.0, runs),
        known: knowledge,
        containment: Containment {
            inside: runs - 1,
            of: runs,
        },
        arrival_error_m: spread(2e4 / quality, runs),
        path_rmse_m: Some(3e3 / quality),
        path_share: (FLIGHT_S - first_s) / FLIGHT_S,
        free_rmse_m: Some(3e3 / quality),
        free_bound_m: Some(2.4e3 / quality),
        last_diameter_m: spread(1e4 / quality, runs),
        curve: curve.collect(),
    }
}

/// All together are closer by a factor.
fn gain(owner: &str, factor: f64) -> Gain {
    Gain {
        owner: owner.into(),
        track_earlier_s: None,
        known_earlier_s: [None; 3],
        alone_rmse_m: Some(1e3 * factor),
        together_rmse_m: Some(1e3),
    }
}

/// One lofted flight seen by three owners, and each subset of them.
pub fn outcome(title: &str) -> Outcome {
    let runs = 200;
    let names = ["JP", "US", "KR"];
    let subsets = vec![
        subset(&["JP"], 150.0, 1_700.0, 1.0, runs),
        subset(&["US"], 190.0, 1_200.0, 1.6, runs),
        subset(&["KR"], 60.0, 700.0, 0.05, runs),
        subset(&["JP", "US"], 150.0, 1_700.0, 2.1, runs),
        subset(&["JP", "KR"], 60.0, 1_700.0, 1.3, runs),
        subset(&["US", "KR"], 60.0, 1_200.0, 1.8, runs),
        subset(&names, 60.0, 1_700.0, 2.6, runs),
    ];
    let launch = Geodetic::from_degrees(40.611, 126.426, 0.0);
    let places = (0..=(FLIGHT_S / STEP_S) as usize).map(|i| {
        let after_s = i as f64 * STEP_S;
        Place {
            after_s,
            place: destination(launch, 75.0, 8e5 * after_s / FLIGHT_S),
        }
    });
    let tracks = subsets.iter().map(|subset| SubsetTracks {
        owners: subset.owners.clone(),
        false_tracks: 0.02,
        missed_objects: 0.0,
    });
    let launch_time = "2022-01-29T22:52:00Z".parse().expect("a time");
    Outcome {
        scenarios: vec![ScenarioOutcome {
            name: "lofted".to_owned(),
            title: title.to_owned(),
            runs,
            seed: 1,
            owners: names.iter().map(|&name| Arc::from(name)).collect(),
            tracks: tracks.collect(),
            objects: vec![ObjectOutcome {
                id: "missile".into(),
                kind: sim::Kind::Ballistic,
                launch: launch_time,
                span_s: FLIGHT_S,
                arrival: Some(Arrival {
                    after_s: FLIGHT_S,
                    place: destination(launch, 75.0, 8e5),
                }),
                path: places.collect(),
                gains: names
                    .iter()
                    .zip([4.0, 1.5, 20.0])
                    .map(|(name, factor)| gain(name, factor))
                    .collect(),
                subsets,
            }],
        }],
    }
}
