//! One row of a track file, and its columns.

use std::sync::Arc;

use geo::{Enu, Geodetic, Time, Velocity};

/// What a row says.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// The state at an instant, from the plots up to it.
    #[default]
    Update,
    /// The state expected at a later instant.
    Forecast,
}

impl RowKind {
    /// The names in files.
    pub const NAMES: &'static [&'static str] = &["update", "forecast"];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Update => Self::NAMES[0],
            Self::Forecast => Self::NAMES[1],
        }
    }
}

/// What is known of one track at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    /// Of when the state is.
    pub time: Time,
    /// The name of the track.
    pub track: Arc<str>,
    /// Whether the state is of now or expected.
    pub kind: RowKind,
    /// What the object does.
    pub phase: Option<Arc<str>>,
    /// Probability that there is an object, from 0 to 1.
    pub existence: Option<f64>,
    /// Where it is.
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
    ];
    let mut i = 0;
    while i < 21 {
        names[COVARIANCE + i] = COVARIANCES[i];
        i += 1;
    }
    names
};

/// The order of columns in the files that are written, as indices of `NAMES`.
pub(super) const ORDER: [usize; 34] = {
    let head = [TIME, TRACK, KIND, PHASE, EXISTENCE, 2, 3, 4, 5, 6, 7];
    let mut order = [0; 34];
    let mut i = 0;
    while i < 34 {
        order[i] = if i < head.len() { head[i] } else { i };
        i += 1;
    }
    order
};

/// The names of all columns in the order of files.
pub const COLUMNS: [&str; 34] = {
    let mut names = [""; 34];
    let mut i = 0;
    while i < 34 {
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
        assert_eq!(names[32..], ["plots", "sensors"]);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 34);
    }
}
