//! Reading scenario files: every fault of a file is found, not only the first.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo::Time;
use wire::{Faults, Reason};

use super::keys::Keys;
use super::limits::{AUTHORITY, ID};
use super::object::object;
use super::sensor::sensor;
use super::shipped::{NETWORKS, shipped_networks};
use super::{Fact, Leave, Scenario, ScenarioError};
use crate::sensor::Station;

/// The most bytes a scenario file may have.
pub const SCENARIO_BYTES_MAX: usize = 1 << 20;
/// The longest span of time: sensors of a whole day give files that nobody asked for.
const SPAN_MAX_S: f64 = 86_400.0;

const TITLE: &str = "title";
const WHAT: &str = "what";
const TESTS: &str = "tests";
const START: &str = "start";
const END: &str = "end";
const SOURCES: &str = "source";
const SENSORS: &str = "sensor";
const OBJECTS: &str = "object";
const LEAVES: &str = "leave";
const OUTAGES: &str = "outage";
const NETWORK: &str = "network";

pub(super) const SCENARIO_KEYS: &[&str] = &[
    TITLE, WHAT, TESTS, START, END, AUTHORITY, NETWORK, SOURCES, SENSORS, OBJECTS, OUTAGES, LEAVES,
];
pub(super) const SOURCE_KEYS: &[&str] = &["fact", "url", "publication"];
pub(super) const OUTAGE_KEYS: &[&str] = &["sensor", "owner", "from", "until"];
pub(super) const LEAVE_KEYS: &[&str] = &["owner", "time"];

/// Reads a scenario from the text of its file; the name of the file is for messages, and its stem names the scenario.
///
/// Errors: [`ScenarioError`]; with [`ScenarioError::Faults`] all faults of the file.
pub fn read_scenario(text: &str, file: &str) -> Result<Scenario, ScenarioError> {
    let name: Arc<str> = stem(file).into();
    let file: Arc<str> = file.into();
    if text.len() > SCENARIO_BYTES_MAX {
        return Err(ScenarioError::TooLong { file });
    }
    let mut faults = Faults::new(text, file.clone());
    let scenario = document(&mut faults, name, &file);
    match (faults.finish(), scenario) {
        (Ok(()), Some(scenario)) => Ok(scenario),
        (Ok(()), None) => Err(ScenarioError::Faults {
            file,
            faults: Vec::new(),
        }),
        (Err(faults), _) => Err(ScenarioError::Faults { file, faults }),
    }
}

/// The file's name without folder and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

fn document(faults: &mut Faults, name: Arc<str>, file: &Arc<str>) -> Option<Scenario> {
    let table = faults.parse()?;
    let mut keys = Keys {
        table: table.get_ref(),
        span: 0..0,
        faults,
    };
    keys.check(SCENARIO_KEYS, &[TITLE, WHAT, START, END]);
    for (tables, words) in [
        (&[SOURCES][..], "[[source]] (the facts, and who says so)"),
        (
            &[SENSORS, NETWORK],
            "[[sensor]] (what looks), or network = \"northeast-asia\",",
        ),
        (&[OBJECTS], "[[object]] (what flies)"),
    ] {
        if tables.iter().all(|table| keys.get(table).is_none()) {
            keys.faults.whole(0..0, Reason::MissingKey(words));
        }
    }
    let (title, what, tests) = (keys.text(TITLE), keys.text(WHAT), keys.text(TESTS));
    let span = span(&mut keys);
    let sources = keys.tables(SOURCES, fact);
    let mut stations = stations(&mut keys, span);
    let mut ids = BTreeSet::new();
    let objects = keys.tables(OBJECTS, |keys| {
        let object = object(keys)?;
        if !ids.insert((object.id.clone(), object.authority.clone())) {
            keys.refuse(
                ID,
                Reason::Kind("a name that no other object of the same authority has"),
            );
        }
        Some(object)
    });
    let owners: BTreeSet<Arc<str>> = stations.iter().map(|station| station.sensor.owner.clone()).collect();
    let leaves = keys.tables(LEAVES, |keys| leave(keys, &owners));
    keys.tables(OUTAGES, |keys| outage(keys, &mut stations));
    let authority = keys.name(AUTHORITY).map(Arc::<str>::from);
    check_authority(&mut keys, authority.as_ref(), &objects);
    Some(Scenario {
        name,
        file: file.clone(),
        title: title?,
        what: what?,
        tests: tests.unwrap_or_default(),
        sources,
        span: span?,
        stations,
        objects,
        authority,
        leaves,
    })
}

/// From when until when sensors look.
fn span(keys: &mut Keys) -> Option<(Time, Time)> {
    let (start, end) = (keys.time(START)?, keys.time(END)?);
    if !(1.0..=SPAN_MAX_S).contains(&(end - start)) {
        keys.refuse(END, Reason::Kind("a time after start, at most 24 hours later"));
        return None;
    }
    Some((start, end))
}

/// The sensors of the network, if one is named, and those of the file; a sensor of the file takes the place of one of
/// the same name in the network.
fn stations(keys: &mut Keys, span: Option<(Time, Time)>) -> Vec<Station> {
    // Where the span is at fault nothing that moves can be judged; any span does.
    let span = span.unwrap_or((Time::from_tai_ns(0), Time::from_tai_ns(1_000_000_000)));
    let mut names = BTreeSet::new();
    let own = keys.tables(SENSORS, |keys| {
        let station = sensor(keys, span)?;
        if !names.insert(station.sensor.name.clone()) {
            keys.refuse("name", Reason::DuplicateSensor);
        }
        Some(station)
    });
    let network = keys.word(NETWORK, &NETWORKS).map(|name| network(name, span));
    let mut stations = network.unwrap_or_default();
    stations.retain(|station| !names.contains(&station.sensor.name));
    stations.extend(own);
    stations
}

/// The sensors of a network that comes with the program, whose file has no fault (a test reads it).
fn network(name: &str, span: (Time, Time)) -> Vec<Station> {
    let text = shipped_networks().iter().find(|network| network.name == name);
    let mut faults = Faults::new(text.map_or("", |network| network.text), name);
    let Some(table) = faults.parse() else {
        return Vec::new();
    };
    let mut keys = Keys {
        table: table.get_ref(),
        span: 0..0,
        faults: &mut faults,
    };
    keys.tables(SENSORS, |keys| sensor(keys, span))
}

/// Reads one `[[outage]]`: a sensor, or all of an owner, without plots for a while.
fn outage(keys: &mut Keys, stations: &mut [Station]) -> Option<()> {
    keys.check(OUTAGE_KEYS, &["from", "until"]);
    let (name, owner) = (keys.name("sensor"), keys.name("owner"));
    let (from, until) = (keys.time("from")?, keys.time("until")?);
    if from >= until {
        keys.refuse("until", Reason::Interval("from"));
    }
    if name.is_none() && owner.is_none() {
        keys.faults
            .whole(keys.span.clone(), Reason::MissingKey("sensor or owner"));
    }
    let mut any = false;
    for station in stations {
        let sensor = &station.sensor;
        if name.is_none_or(|name| *sensor.name == *name) && owner.is_none_or(|owner| *sensor.owner == *owner) {
            station.outages.push((from, until));
            any = true;
        }
    }
    if !any {
        let key = if name.is_some() { "sensor" } else { "owner" };
        keys.refuse(key, Reason::Kind("a sensor, or an owner of one, of this scenario"));
    }
    Some(())
}

/// Reads one `[[source]]`.
fn fact(keys: &mut Keys) -> Option<Fact> {
    keys.check(SOURCE_KEYS, &["fact"]);
    let fact = keys.text("fact");
    let source = match (keys.get("url"), keys.get("publication")) {
        (None, None) => {
            keys.faults
                .whole(keys.span.clone(), Reason::MissingKey("url or publication"));
            None
        }
        (Some(_), _) => keys.text("url"),
        (None, Some(_)) => keys.text("publication"),
    };
    Some(Fact {
        fact: fact?,
        source: source?,
    })
}

/// Reads one `[[leave]]`.
fn leave(keys: &mut Keys, owners: &BTreeSet<Arc<str>>) -> Option<Leave> {
    keys.check(LEAVE_KEYS, LEAVE_KEYS);
    let (owner, time) = (keys.name("owner"), keys.time("time"));
    let owner = owner?;
    if !owners.contains(owner) {
        keys.refuse("owner", Reason::Kind("the owner of a sensor of this file"));
        return None;
    }
    Some(Leave {
        owner: owner.into(),
        time: time?,
    })
}

/// Where figures differ, somebody's must be chosen.
fn check_authority(keys: &mut Keys, authority: Option<&Arc<str>>, objects: &[super::Object]) {
    let mut all = objects.iter().filter_map(|object| object.authority.as_ref()).peekable();
    match authority {
        None if all.peek().is_some() => {
            let words = "authority (whose figures fly, one that an [[object]] names)";
            keys.faults.whole(0..0, Reason::MissingKey(words));
        }
        Some(chosen) if !objects.is_empty() && !all.any(|known| known == chosen) => {
            keys.refuse(AUTHORITY, Reason::Kind("an authority that an [[object]] names"));
        }
        _ => {}
    }
}
