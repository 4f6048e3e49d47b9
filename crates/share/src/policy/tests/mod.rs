//! What a policy promises.

mod decide;
mod kept;
mod malformed;
mod places;
mod purposes;
mod review;
mod shipped;
mod versions;

use std::sync::Arc;

use geo::{Geodetic, Time};

use super::*;

/// An agreement of japan with korea and usa about three sensors.
pub(super) const JAPAN: &str = r#"
owner = "japan"
version = 1
dated = "2026-01-01T00:00:00Z"
from = "2026-02-01T00:00:00Z"
partners = ["korea", "usa"]
sensors = ["north", "west", "south"]
policy = "trilat-demo"
classification = "restricted"
"#;

/// Two circles that overlap, and a square that touches neither.
pub(super) const PLACES: &str = r#"
[[area]]
name = "strait"
lat_deg = 34.5
lon_deg = 129.5
radius_m = 200e3

[[area]]
name = "east sea"
lat_deg = 37.0
lon_deg = 131.0
radius_m = 300e3

[[area]]
name = "ocean"
corners_deg = [[20.0, 150.0], [20.0, 160.0], [30.0, 160.0], [30.0, 150.0]]
"#;

pub(super) fn files(agreement: &str, rules: &str, areas: &str) -> Files {
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    Files::new([
        text(AGREEMENT, agreement),
        text("release.cedar", rules),
        text(AREAS, areas),
    ])
    .expect("three files")
}

pub(super) fn policy(rules: &str) -> Policy {
    Policy::new(&files(JAPAN, rules, PLACES)).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

/// A plot of the sensor `north` in the strait at 100 km, in coast.
pub(super) fn subject() -> Subject {
    Subject {
        sensor: "north".into(),
        others: Vec::new(),
        time: at("2026-03-01T00:00:00Z"),
        place: Some(Geodetic::from_degrees(34.5, 129.5, 100e3)),
        phase: Some("coast".into()),
        exercise: false,
    }
}

pub(super) fn ids(list: &[Arc<str>]) -> Vec<&str> {
    list.iter().map(|id| &**id).collect()
}
