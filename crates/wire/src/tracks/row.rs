//! One row of a track file, and its columns.

use std::sync::Arc;

use geo::{Enu, Geodetic, Time, Velocity};

/// What a row says.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// The state at an instant, from the plots up to it.
    #[default]
    Update,
    /// A region of the ground in which the object is expected to arrive, and when: see [`Region`].
    Forecast,
    /// The region of the ground from which it rose, and when.
    Launch,
    /// What plots of the named sensors say alone, measured within [`TrackRow::span_s`] up to the time: for partners.
    Tracklet,
}

impl RowKind {
    /// The names in files.
    pub const NAMES: &'static [&'static str] = &["update", "forecast", "launch", "tracklet"];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Update => Self::NAMES[0],
            Self::Forecast => Self::NAMES[1],
            Self::Launch => Self::NAMES[2],
            Self::Tracklet => Self::NAMES[3],
        }
    }
}

/// An ellipse on the ground and an interval of time, about the place of its row; each contains what happens with a
/// probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// What the object does on the way, if only that is meant (`coast`, `thrust`, `glide`, `break-up`); `any`: whatever
    /// it does.
    pub way: Arc<str>,
    /// The probability that it does so.
    pub weight: f64,
    /// With what probability, if it does so, it happens in the ellipse, and within the interval.
    pub probability: f64,
    /// The middle of the interval, seconds after the time of the row, negative before it.
    pub in_s: f64,
    /// The begin of the interval, as `in_s`.
    pub earliest_s: f64,
    /// The end of the interval, as `in_s`.
    pub latest_s: f64,
    /// The longer semi-axis.
    pub major_m: f64,
    /// The shorter semi-axis.
    pub minor_m: f64,
    /// Direction of the longer semi-axis, clockwise from true north at the place of the row.
    pub azimuth_deg: f64,
}

/// What is known of one track at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    /// Of when the state is; of a forecast or a launch, when it was said.
    pub time: Time,
    /// The name of the track.
    pub track: Arc<str>,
    /// Whether it is a state, or a region of arrival or launch.
    pub kind: RowKind,
    /// What the object does.
    pub phase: Option<Arc<str>>,
    /// Probability that there is an object, from 0 to 1.
    pub existence: Option<f64>,
    /// Where it is; the middle of a region.
    pub place: Geodetic,
    /// East, north, up in m/s at the place, relative to the turning Earth.
    pub velocity: Velocity<Enu>,
    /// Upper triangle, row by row, of the covariance of `[east_m, north_m, up_m, east_mps, north_mps, up_mps]` at the
    /// place; see [`covariance_index`].
    pub covariance: Option<[f64; 21]>,
    /// On how many plots the state rests.
    pub plots: Option<u64>,
    /// The sensors of the plots on which the state rests; none in a forecast. No name of them has a semicolon.
    pub sensors: Vec<Arc<str>>,
    /// Of a forecast or a launch.
    pub region: Option<Region>,
    /// Of a tracklet: its plots were measured within so many seconds before its time.
    pub span_s: Option<f64>,
}

impl Region {
    /// The numbers in the order of their columns.
    pub(super) fn numbers(&self) -> [f64; REGION_NUMBERS] {
        [
            self.weight,
            self.probability,
            self.in_s,
            self.earliest_s,
            self.latest_s,
            self.major_m,
            self.minor_m,
            self.azimuth_deg,
        ]
    }

    /// A region of its numbers.
    pub(super) fn of(way: Arc<str>, numbers: [f64; REGION_NUMBERS]) -> Self {
        let [
            weight,
            probability,
            in_s,
            earliest_s,
            latest_s,
            major_m,
            minor_m,
            azimuth_deg,
        ] = numbers;
        Self {
            way,
            weight,
            probability,
            in_s,
            earliest_s,
            latest_s,
            major_m,
            minor_m,
            azimuth_deg,
        }
    }

    /// What a number of a region may be, by its place.
    pub(super) fn limits(place: usize) -> (std::ops::RangeInclusive<f64>, &'static str) {
        match place {
            0 | 1 => (0.0..=1.0, "a probability from 0 to 1"),
            2..=4 => (-1e6..=1e6, "seconds, at most 1e6"),
            5 | 6 => (0.0..=2.1e7, "metres from 0 to 2.1e7"),
            _ => (-360.0..=360.0, "degrees from -360 to 360"),
        }
    }
}

impl TrackRow {
    /// Returns the columns `[row * 6 + column]` of the whole symmetric covariance.
    pub fn covariance_full(&self) -> Option<[[f64; 6]; 6]> {
        let upper = self.covariance?;
        let mut full = [[0.0; 6]; 6];
        for (i, row) in full.iter_mut().enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                *value = upper[covariance_index(i, j)];
            }
        }
        Some(full)
    }
}

/// The place of element `(i, j)` of the 6×6 covariance in its upper triangle of 21, row by row.
pub const fn covariance_index(i: usize, j: usize) -> usize {
    let (row, column) = if i <= j { (i, j) } else { (j, i) };
    // The rows above have 6, 5, … elements.
    row * 6 - row * (row + 1) / 2 + column
}

/// The columns of the covariance: `veast`, `vnorth`, `vup` are components of velocity, the unit stands last.
pub const COVARIANCES: [&str; 21] = [
    "cov_east_east_m2",
    "cov_east_north_m2",
    "cov_east_up_m2",
    "cov_east_veast_m2ps",
    "cov_east_vnorth_m2ps",
    "cov_east_vup_m2ps",
    "cov_north_north_m2",
    "cov_north_up_m2",
    "cov_north_veast_m2ps",
    "cov_north_vnorth_m2ps",
    "cov_north_vup_m2ps",
    "cov_up_up_m2",
    "cov_up_veast_m2ps",
    "cov_up_vnorth_m2ps",
    "cov_up_vup_m2ps",
    "cov_veast_veast_m2ps2",
    "cov_veast_vnorth_m2ps2",
    "cov_veast_vup_m2ps2",
    "cov_vnorth_vnorth_m2ps2",
    "cov_vnorth_vup_m2ps2",
    "cov_vup_vup_m2ps2",
];

pub(super) const TIME: usize = 0;
pub(super) const TRACK: usize = 1;
pub(super) const PLACE: usize = 2;
pub(super) const VELOCITY: usize = 5;
pub(super) const KIND: usize = 8;
pub(super) const PHASE: usize = 9;
pub(super) const EXISTENCE: usize = 10;
pub(super) const COVARIANCE: usize = 11;
pub(super) const PLOTS: usize = 32;
pub(super) const SENSORS: usize = 33;
pub(super) const WAY: usize = 34;
/// The first of the numbers of a region, in the order of [`Region`].
pub(super) const REGION: usize = 35;
/// Numbers of a region.
pub(super) const REGION_NUMBERS: usize = 8;
/// Behind them.
pub(super) const SPAN: usize = REGION + REGION_NUMBERS;
/// Seconds that a tracklet may have, and the words for it.
pub(super) const SPANS: (std::ops::RangeInclusive<f64>, &str) = (0.0..=1e6, "seconds from 0 to 1e6");
/// How many columns there are.
const COUNT: usize = SPAN + 1;

/// All columns, those that must be there first. Files have them in the order of [`COLUMNS`].
pub(super) const NAMES: &[&str] = &{
    let mut names = [
        "time",
        "track",
        "lat_deg",
        "lon_deg",
        "height_m",
        "east_mps",
        "north_mps",
        "up_mps",
        "kind",
        "phase",
        "existence",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "plots",
        "sensors",
        "way",
        "weight",
        "probability",
        "in_s",
        "earliest_s",
        "latest_s",
        "major_m",
        "minor_m",
        "azimuth_deg",
        "span_s",
    ];
    let mut i = 0;
    while i < 21 {
        names[COVARIANCE + i] = COVARIANCES[i];
        i += 1;
    }
    names
};

/// The order of columns in the files that are written, as indices of `NAMES`.
pub(super) const ORDER: [usize; COUNT] = {
    let head = [TIME, TRACK, KIND, PHASE, EXISTENCE, 2, 3, 4, 5, 6, 7];
    let mut order = [0; COUNT];
    let mut i = 0;
    while i < COUNT {
        order[i] = if i < head.len() { head[i] } else { i };
        i += 1;
    }
    order
};

/// The names of all columns in the order of files.
pub const COLUMNS: [&str; COUNT] = {
    let mut names = [""; COUNT];
    let mut i = 0;
    while i < COUNT {
        names[i] = NAMES[ORDER[i]];
        i += 1;
    }
    names
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_has_each_pair_once() {
        let mut seen = Vec::new();
        for i in 0..6 {
            for j in i..6 {
                seen.push(covariance_index(i, j));
                assert_eq!(covariance_index(j, i), covariance_index(i, j));
            }
        }
        assert_eq!(seen, (0..21).collect::<Vec<_>>());
        let words = ["east", "north", "up", "veast", "vnorth", "vup"];
        for i in 0..6 {
            for j in i..6 {
                let name = format!("cov_{}_{}_", words[i], words[j]);
                assert!(COVARIANCES[covariance_index(i, j)].starts_with(&name), "{name}");
            }
        }
    }

    #[test]
    fn files_have_every_column_once() {
        let mut names = COLUMNS.to_vec();
        assert_eq!(names[..5], ["time", "track", "kind", "phase", "existence"]);
        assert_eq!(names[32..34], ["plots", "sensors"]);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNT);
    }
}
