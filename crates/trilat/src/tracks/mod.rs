//! Tracks as drawings and files other than tables show them: each with all its rows, on a globe ([`globe`]) or a map
//! ([`geojson`]).

pub mod geojson;
pub mod globe;

use std::collections::BTreeMap;

use estimate::path::GroundPoint;
use flight::Phase;
use geo::{Ecef, Enu, Geodetic, Position, Site, Velocity};
use track::{Name, Row};

/// All rows of one track.
#[derive(Clone, Debug)]
pub struct History<'a> {
    /// Which track.
    pub name: Name,
    /// Its rows in order of time, at least one.
    pub rows: Vec<&'a Row>,
}

impl<'a> History<'a> {
    /// Puts rows together by track, the tracks in the order of their first rows.
    pub fn all(rows: &'a [Row]) -> Vec<Self> {
        let mut places: BTreeMap<Name, usize> = BTreeMap::new();
        let mut all: Vec<Self> = Vec::new();
        for row in rows {
            let place = *places.entry(row.track).or_insert(all.len());
            match all.get_mut(place) {
                Some(history) => history.rows.push(row),
                None => all.push(Self {
                    name: row.track,
                    rows: vec![row],
                }),
            }
        }
        all
    }

    /// Its first row.
    pub fn first(&self) -> &'a Row {
        self.rows[0]
    }

    /// Its last row.
    pub fn last(&self) -> &'a Row {
        self.rows[self.rows.len() - 1]
    }

    /// Its phases in turn, each with its rows and the first of the next, so that no gap shows.
    pub fn pieces(&self) -> Vec<(Phase, Vec<&'a Row>)> {
        let mut pieces: Vec<(Phase, Vec<&Row>)> = Vec::new();
        for &row in &self.rows {
            if let Some((phase, rows)) = pieces.last_mut() {
                rows.push(row);
                if *phase == row.phase {
                    continue;
                }
            }
            pieces.push((row.phase, vec![row]));
        }
        pieces
    }

    /// The polygon, anticlockwise and closed, that held the object with 95 % at its last row, seen from above.
    pub fn region(&self) -> Vec<Geodetic> {
        let row = self.last();
        let axes = *Site::new(place(row)).enu_from_ecef();
        let local = axes * row.belief.covariance.fixed_view::<3, 3>(0, 0) * axes.transpose();
        let ground = GroundPoint {
            time: row.time,
            time_sigma_s: 0.0,
            place: place(row),
            covariance_m2: local.fixed_view::<2, 2>(0, 0).into(),
        };
        ground.region(0.95)
    }
}

/// Where a row says that the object is.
pub fn place(row: &Row) -> Geodetic {
    let mean = row.belief.mean;
    Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]))
}

/// How fast a row says that the object is, relative to the turning Earth.
pub fn velocity(row: &Row) -> Velocity<Enu> {
    let axes = *Site::new(place(row)).enu_from_ecef();
    Velocity::from_vector(axes * row.belief.mean.fixed_rows::<3>(3))
}
