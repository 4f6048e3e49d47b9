//! Kinds of subjects and what is given of them, in words.

use std::collections::BTreeSet;

use super::super::schedule::{Step, Steps};
use super::boxes::Box;
use super::space::{EXERCISE, HEIGHT, PHASE, PLACE, PURPOSE, SENSOR, Space};
use crate::release::Tier;

/// A box of kinds in words; what does not matter is left out.
pub(super) fn of_box(space: &Space, kinds: &Box) -> String {
    let matters = |dimension: usize| kinds[dimension].len() < space.values(dimension);
    let mut words = Vec::new();
    if matters(SENSOR) {
        words.push(sensors(space, &kinds[SENSOR]));
    }
    // Where no rule names an area, a height says that the place is known.
    let is_said = space.zones.is_empty() && matters(HEIGHT) && kinds[PLACE].len() == 1 && kinds[PLACE].contains(&0);
    if matters(PLACE) && !is_said {
        words.push(places(space, &kinds[PLACE]));
    }
    let is_somewhere = kinds[PLACE].iter().any(|place| !space.is_unknown_place(*place));
    if matters(HEIGHT) && is_somewhere {
        words.push(heights(space, &kinds[HEIGHT]));
    }
    if matters(PHASE) {
        words.push(phases(space, &kinds[PHASE]));
    }
    if matters(EXERCISE) {
        let is_exercise = kinds[EXERCISE].iter().any(|value| space.exercise[usize::from(*value)]);
        words.push(
            if is_exercise {
                "in an exercise"
            } else {
                "not in an exercise"
            }
            .into(),
        );
    }
    if matters(PURPOSE) {
        let names = kinds[PURPOSE]
            .iter()
            .map(|value| space.purposes[usize::from(*value)].name());
        words.push(format!("for {}", names.collect::<Vec<_>>().join(" or ")));
    }
    if words.is_empty() {
        "everything".into()
    } else {
        words.join("; ")
    }
}

fn sensors(space: &Space, values: &BTreeSet<u16>) -> String {
    let name = |value: &u16| {
        let sensor = &space.sensors[usize::from(*value)];
        match (sensor.is_rest, sensor.listed) {
            (false, _) => format!("{:?}", sensor.sample),
            (true, [true, true]) => "any that no rule names".to_owned(),
            (true, [true, false]) => "any that only the first version lists".to_owned(),
            (true, _) => format!("any that no rule names, such as {:?}", sensor.sample),
        }
    };
    format!("sensor {}", values.iter().map(name).collect::<Vec<_>>().join(", "))
}

fn places(space: &Space, values: &BTreeSet<u16>) -> String {
    let zone = |index: &usize| {
        let zone = &space.zones[*index];
        let is_other = |other: &super::space::Zone| other.area.name == zone.area.name && other.holds != zone.holds;
        match space.zones.iter().any(is_other) {
            true if zone.holds[1] => format!("{:?} (as it becomes)", zone.area.name),
            true => format!("{:?} (as it was)", zone.area.name),
            false => format!("{:?}", zone.area.name),
        }
    };
    // An area that is in all of the sets, or in none, says more than a list of sets.
    let known: Vec<&BTreeSet<usize>> = values
        .iter()
        .filter_map(|value| space.places.get(usize::from(*value)))
        .collect();
    let whole: Vec<usize> = (0..space.zones.len())
        .filter(|zone| {
            let all = space.places.iter().filter(|set| set.contains(zone));
            all.clone().count() == known.len() && all.clone().all(|set| known.contains(&set))
        })
        .collect();
    let mut words: Vec<String> = if let [zone_index] = whole[..] {
        vec![format!("in {}", zone(&zone_index))]
    } else {
        let set = |set: &&BTreeSet<usize>| match set.len() {
            0 if space.zones.is_empty() => "at a known place".to_owned(),
            0 => "outside all areas that rules name".to_owned(),
            _ => format!("in {} only", set.iter().map(zone).collect::<Vec<_>>().join(" and ")),
        };
        known.iter().map(set).collect()
    };
    if values.iter().any(|value| space.is_unknown_place(*value)) {
        words.push("at an unknown place".into());
    }
    words.join(", or ")
}

fn heights(space: &Space, values: &BTreeSet<u16>) -> String {
    let mut ranges: Vec<(Option<i64>, Option<i64>)> = Vec::new();
    for value in values {
        let band = &space.bands[usize::from(*value)];
        match ranges.last_mut() {
            Some((_, below)) if below.is_some() && *below == band.from_m => *below = band.below_m,
            _ => ranges.push((band.from_m, band.below_m)),
        }
    }
    let range = |(from, below): &(Option<i64>, Option<i64>)| match (from, below) {
        (None, None) => "at any height".to_owned(),
        (Some(from), None) => format!("at {from} m and above"),
        (None, Some(below)) => format!("below {below} m"),
        (Some(from), Some(below)) if *below == from + 1 => format!("at {from} m"),
        (Some(from), Some(below)) => format!("from {from} m to below {below} m"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", or ")
}

fn phases(space: &Space, values: &BTreeSet<u16>) -> String {
    let name = |value: &u16| {
        let index = usize::from(*value);
        let is_rest = space.has_phase_rest && index + 1 == space.phases.len();
        if is_rest {
            "any that no rule names"
        } else {
            space.phases[index]
        }
    };
    format!("phase {}", values.iter().map(name).collect::<Vec<_>>().join(", "))
}

/// What is given at which ages, in words.
pub(super) fn of_steps(steps: &Steps) -> String {
    let one = |step: &Step| {
        let what = match (step.tier, step.onward) {
            (Tier::Nothing, _) => "nothing".to_owned(),
            (tier, true) => format!("{tier}, to be given on"),
            (tier, false) => tier.to_string(),
        };
        match step.from_ns {
            i64::MIN => what,
            from_ns => format!("{what} from {} s on", from_ns as f64 / 1e9),
        }
    };
    let is_alike = |a: &&Step, b: &&Step| (a.tier, a.onward) == (b.tier, b.onward);
    let mut told: Vec<&Step> = Vec::new();
    for step in steps {
        if told.last().is_none_or(|last| !is_alike(last, &step)) {
            told.push(step);
        }
    }
    told.into_iter().map(one).collect::<Vec<_>>().join(", ")
}
