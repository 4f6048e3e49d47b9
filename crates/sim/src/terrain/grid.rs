//! Heights on a regular grid of latitude and longitude.

use geo::angle::{RAD_PER_DEG, wrap_tau};
use geo::math::cos;

use super::{Ray, SLACK_M};

/// So often a ray is looked at in the shorter side of a cell.
const LOOKS: f64 = 2.0;
/// More looks than this are not taken along one ray.
const LOOKS_MAX: f64 = 100_000.0;

/// Heights at the nodes of a regular grid, between them bilinear; beyond its outermost nodes, and where a node has no
/// height, the ground is at `outside_m`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    south_rad: f64,
    west_rad: f64,
    step_rad: f64,
    rows: usize,
    columns: usize,
    /// Rows from south to north, each from west to east; NaN where there is none.
    heights_m: Vec<f64>,
    outside_m: f64,
    highest_m: f64,
}

impl Grid {
    /// Makes a grid whose first node stands at a latitude and longitude (degrees), the others every `step_deg` to the
    /// north and east; heights by rows from south to north, each from west to east, NaN where there is none.
    ///
    /// `None` unless there are two rows and two columns or more, as many heights as nodes, a positive step, and
    /// latitudes between the poles.
    pub fn new(south_deg: f64, west_deg: f64, step_deg: f64, columns: usize, heights_m: Vec<f64>) -> Option<Self> {
        let rows = heights_m.len().checked_div(columns)?;
        let north_deg = south_deg + step_deg * rows.saturating_sub(1) as f64;
        let east_by_deg = step_deg * columns.saturating_sub(1) as f64;
        let is_fine = rows >= 2
            && columns >= 2
            && rows * columns == heights_m.len()
            && step_deg > 0.0
            && south_deg >= -90.0
            && north_deg <= 90.0 + 1e-9
            && east_by_deg <= 360.0 + 1e-9
            && west_deg.is_finite()
            && !heights_m.iter().any(|h| h.is_infinite());
        if !is_fine {
            return None;
        }
        let mut grid = Self {
            south_rad: south_deg * RAD_PER_DEG,
            west_rad: west_deg * RAD_PER_DEG,
            step_rad: step_deg * RAD_PER_DEG,
            rows,
            columns,
            heights_m,
            outside_m: 0.0,
            highest_m: 0.0,
        };
        grid.highest_m = grid.highest();
        Some(grid)
    }

    /// The same grid with another height beyond its edges and where it has none.
    #[must_use]
    pub fn with_outside(mut self, outside_m: f64) -> Self {
        self.outside_m = outside_m;
        self.highest_m = self.highest();
        self
    }

    fn highest(&self) -> f64 {
        // `max` passes over NaN.
        self.heights_m.iter().fold(self.outside_m, |a, b| a.max(*b))
    }

    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The highest node, or the height outside if that is higher.
    pub fn highest_m(&self) -> f64 {
        self.highest_m
    }

    /// Returns the height at a latitude and longitude.
    pub fn height_m(&self, lat_rad: f64, lon_rad: f64) -> f64 {
        let [north, east] = self.nodes((lat_rad, lon_rad));
        let slack = 1e-9;
        let (last_row, last_column) = (self.rows - 1, self.columns - 1);
        if north < -slack || north > last_row as f64 + slack || east > last_column as f64 + slack {
            return self.outside_m;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the indices"
        )]
        let index = |at: f64, last: usize| (at.max(0.0) as usize).min(last - 1);
        let (row, column) = (index(north, last_row), index(east, last_column));
        let (up, right) = (
            (north - row as f64).clamp(0.0, 1.0),
            (east - column as f64).clamp(0.0, 1.0),
        );
        let node = |r: usize, c: usize| {
            let height_m = self.heights_m[r * self.columns + c];
            if height_m.is_nan() { self.outside_m } else { height_m }
        };
        let south_m = node(row, column) * (1.0 - right) + node(row, column + 1) * right;
        let north_m = node(row + 1, column) * (1.0 - right) + node(row + 1, column + 1) * right;
        south_m * (1.0 - up) + north_m * up
    }

    /// Whether the ground stands above a ray anywhere between its ends.
    pub(super) fn hides(&self, ray: &Ray) -> bool {
        let Some((near, far)) = ray.below(self.highest_m) else {
            return false;
        };
        let (lat_rad, _) = ray.place(0.5 * (near + far));
        let cell_m = self.step_rad * geo::earth::SEMI_MINOR_AXIS_M * cos(lat_rad).max(0.01);
        let looks = ((far - near) * ray.ground_m * LOOKS / cell_m)
            .ceil()
            .clamp(1.0, LOOKS_MAX);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and LOOKS_MAX"
        )]
        let count = looks as usize;
        let blocks = |share: f64| {
            let (lat_rad, lon_rad) = ray.place(share);
            ray.height_m(share) < self.height_m(lat_rad, lon_rad) - SLACK_M
        };
        let at = |i: usize| near + (far - near) * i as f64 / looks;
        let mut before = self.nodes(ray.place(at(0)));
        if blocks(at(0)) {
            return true;
        }
        (1..=count).any(|i| {
            let after = self.nodes(ray.place(at(i)));
            // The ground is highest on the lines between nodes: look where the ray crosses them.
            let mut crossings = (0..2).filter_map(|axis| crossing(before[axis], after[axis]));
            let hides = crossings.any(|part| blocks(at(i - 1) + (at(i) - at(i - 1)) * part)) || blocks(at(i));
            before = after;
            hides
        })
    }

    /// A latitude and longitude in steps of the grid from its first node.
    fn nodes(&self, (lat_rad, lon_rad): (f64, f64)) -> [f64; 2] {
        [
            (lat_rad - self.south_rad) / self.step_rad,
            wrap_tau(lon_rad - self.west_rad + 1e-12) / self.step_rad,
        ]
    }
}

/// Where, as a share of the way, a whole number lies between two numbers less than one apart.
fn crossing(from: f64, until: f64) -> Option<f64> {
    let line = from.max(until).floor();
    (from.min(until) < line && (until - from).abs() < 1.0).then(|| (line - from) / (until - from))
}
