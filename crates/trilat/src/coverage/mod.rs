//! Where radars see at a height: each owner alone, and all together.
//!
//! For every sensor a *margin* says how far inside its view a place is (negative: how far outside). The view of an
//! owner is where the largest margin of its sensors is positive; what two radars see is where the second largest is;
//! and so on. Margins are computed on a grid about the middle of the scene, and their zero lines become polygons.

mod field;
mod margin;
mod shape;

use std::sync::Arc;

use geo::Geodetic;

use field::Grid;
use sim::sensor::Station;

pub use margin::Viewer;
pub use shape::Shape;

/// Seen by so many radars or more is told apart, up to this.
pub const RADARS_TOLD_MAX: usize = 3;

/// The radars of a scenario see an object where they detect it in this share of their looks.
pub const DETECTED: f64 = 0.5;

/// Returns the radars among stations, as they see an object of a size (radar cross section); others are left out.
pub fn radars(stations: &[Station], size_m2: f64) -> Vec<Viewer> {
    let viewer = |station| Viewer::of_station(station, size_m2, DETECTED);
    stations.iter().filter_map(viewer).collect()
}

/// What sensors see at some heights.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The owners, in the order of the file.
    pub owners: Vec<Arc<str>>,
    /// The sensors, in the order of the file.
    pub viewers: Vec<Viewer>,
    /// At each height, in the order asked.
    pub heights: Vec<AtHeight>,
}

/// What sensors see at one height.
#[derive(Clone, Debug)]
pub struct AtHeight {
    /// The height above the ellipsoid.
    pub height_m: f64,
    /// What each owner sees, in the order of [`Coverage::owners`].
    pub owners: Vec<Shape>,
    /// What each owner sees and no other does, in that order.
    pub only: Vec<Shape>,
    /// What one, two and three radars or more see.
    pub radars: [Shape; RADARS_TOLD_MAX],
    /// What two owners or more see.
    pub shared: Shape,
    /// What all owners see.
    pub common: Shape,
}

impl AtHeight {
    /// What all see together.
    pub fn together(&self) -> &Shape {
        &self.radars[0]
    }

    /// The owner that sees most, by its place among the owners; `None` where nobody sees anything.
    pub fn best(&self) -> Option<usize> {
        let areas = self.owners.iter().map(Shape::area_m2).enumerate();
        let best = areas.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (best.1 > 0.0).then_some(best.0)
    }
}

impl Coverage {
    /// Computes what sensors see at heights above the ellipsoid.
    ///
    /// `tell` is called with each height before it is computed.
    pub fn compute(viewers: Vec<Viewer>, heights_m: &[f64], tell: impl Fn(f64)) -> Self {
        let mut owners: Vec<Arc<str>> = Vec::new();
        for viewer in &viewers {
            if !owners.contains(&viewer.owner) {
                owners.push(Arc::clone(&viewer.owner));
            }
        }
        let heights = heights_m
            .iter()
            .map(|&height_m| {
                tell(height_m);
                at_height(&viewers, &owners, height_m)
            })
            .collect();
        Self {
            owners,
            viewers,
            heights,
        }
    }

    /// The sensors of an owner.
    pub fn sensors_of(&self, owner: &str) -> usize {
        self.viewers.iter().filter(|viewer| *viewer.owner == *owner).count()
    }

    /// Every place that a map of all heights has to show.
    pub fn extent(&self) -> Vec<Geodetic> {
        let sites = self.viewers.iter().map(|viewer| viewer.site.geodetic());
        let corners = self.heights.iter().flat_map(|at| at.together().corners());
        sites.chain(corners).collect()
    }
}

fn at_height(viewers: &[Viewer], owners: &[Arc<str>], height_m: f64) -> AtHeight {
    let grid = Grid::about(viewers, height_m);
    let margins: Vec<Vec<f64>> = grid.values(|place| {
        let position = Geodetic { height_m, ..place }.to_ecef();
        viewers
            .iter()
            .map(|viewer| viewer.margin_m(position))
            .collect::<Vec<f64>>()
    });
    let of_owners: Vec<Vec<f64>> = margins
        .iter()
        .map(|at| {
            let best = |owner: &Arc<str>| {
                let own = viewers.iter().zip(at).filter(|(viewer, _)| viewer.owner == *owner);
                own.map(|(_, &margin)| margin).fold(f64::MIN, f64::max)
            };
            owners.iter().map(best).collect()
        })
        .collect();
    let shape = |from: &[Vec<f64>], value: &dyn Fn(&[f64]) -> f64| {
        let field: Vec<f64> = from.iter().map(|at| value(at)).collect();
        grid.shape(&field)
    };
    let alone = |owner: usize| shape(&of_owners, &|at| at[owner]);
    let only = |owner: usize| {
        shape(&of_owners, &|at| {
            let others = at.iter().enumerate().filter(|(i, _)| *i != owner);
            others.fold(at[owner], |margin, (_, other)| margin.min(-other))
        })
    };
    AtHeight {
        height_m,
        owners: (0..owners.len()).map(alone).collect(),
        only: (0..owners.len()).map(only).collect(),
        radars: std::array::from_fn(|k| shape(&margins, &|at| largest(at, k))),
        shared: shape(&of_owners, &|at| largest(at, 1)),
        common: shape(&of_owners, &|at| largest(at, owners.len() - 1)),
    }
}

/// The value that so many others are above or equal to; far below zero where there is none.
fn largest(values: &[f64], rank: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.get(rank).copied().unwrap_or(field::OUTSIDE_M)
}
