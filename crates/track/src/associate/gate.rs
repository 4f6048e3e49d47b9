//! Which tracks are near a plot, without asking all of them: a grid of cells for each size of gate.
//!
//! A track stands in every cell that a box about its ball meets, in the grid whose cells are one to two boxes wide: in
//! eight at most. The box is wider than the ball, and as long as the ball stays within, only the ball moves. A plot
//! looks into one cell of each grid that is in use.

use std::hash::Hasher;

use thiserror::Error;

use super::fold::Fold;

/// Why a ball is refused.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum GateError {
    /// A coordinate that is not a number, or farther than light goes in an hour.
    #[error("centre [{}, {}, {}] m, each coordinate has to be within 1e12 m", .centre_m[0], .centre_m[1], .centre_m[2])]
    Centre {
        /// The offending value.
        centre_m: [f64; 3],
    },
    /// A radius that is negative, not a number, or larger than all of space here.
    #[error("radius {radius_m} m, it has to be within 0 and 1e12 m")]
    Radius {
        /// The offending value.
        radius_m: f64,
    },
}

/// Coordinates and radii end here.
const FARTHEST_M: f64 = 1e12;
/// What stands for no node.
const NONE: u32 = u32::MAX;

/// How much wider than its ball a box is.
const ROOM: f64 = 1.5;
/// A ball that is so much smaller than a cell gets another grid.
const SMALL: f64 = 16.0;

/// One cell: the exponent of its width, then its place along each axis.
type Cell = [i64; 4];

#[derive(Clone, Copy, Debug)]
struct Ball {
    centre_m: [f64; 3],
    /// NaN where there is no ball under the number: nothing touches it.
    radius_m: f64,
}

/// The box that is written into cells.
#[derive(Clone, Copy, Debug)]
struct Place {
    middle_m: [f64; 3],
    half_m: f64,
    /// Exponent of its grid.
    level: i64,
}

/// An element of the list of a cell.
#[derive(Clone, Copy, Debug)]
struct Node {
    id: u32,
    next: u32,
}

/// Balls in space by number, found by place.
///
/// What it finds depends on the balls alone, not on the order they came or moved in.
#[derive(Clone, Debug)]
pub struct Index {
    balls: Vec<Ball>,
    /// By number: where the ball is written, if there is one.
    places: Vec<Option<Place>>,
    count: usize,
    /// By exponent, in ascending order: how many balls.
    levels: Vec<(i64, usize)>,
    /// By hash of a cell, the first node of its list. Cells that share a list cost time only. A power of two long.
    heads: Vec<u32>,
    nodes: Vec<Node>,
    /// The first of the nodes that are not in use, and how many are.
    vacant: u32,
    used: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    /// An index without balls.
    pub fn new() -> Self {
        Self {
            balls: Vec::new(),
            places: Vec::new(),
            count: 0,
            levels: Vec::new(),
            heads: vec![NONE; 64],
            nodes: Vec::new(),
            vacant: NONE,
            used: 0,
        }
    }

    /// How many balls there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Puts a ball under a number, in place of the one that had it.
    ///
    /// Memory grows with the largest number. Centre in any Cartesian frame, the same for all. Errors: [`GateError`];
    /// nothing has changed then.
    pub fn set(&mut self, id: u32, centre_m: [f64; 3], radius_m: f64) -> Result<(), GateError> {
        if !(0.0..=FARTHEST_M).contains(&radius_m) {
            return Err(GateError::Radius { radius_m });
        }
        if !centre_m.iter().all(|x| x.abs() <= FARTHEST_M) {
            return Err(GateError::Centre { centre_m });
        }
        let stays = |place: &Place| place.holds(centre_m, radius_m);
        if !self.place(id).is_some_and(|place| stays(&place)) {
            self.remove(id);
            self.insert(id, Place::new(centre_m, radius_m));
        }
        self.balls[id as usize] = Ball { centre_m, radius_m };
        Ok(())
    }

    /// Takes a ball out; says whether there was one.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(place) = self.places.get_mut(id as usize).and_then(Option::take) else {
            return false;
        };
        self.balls[id as usize].radius_m = f64::NAN;
        place.cells(|cell| self.unlink(cell, id));
        self.count -= 1;
        if let Ok(at) = self.levels.binary_search_by_key(&place.level, |level| level.0) {
            self.levels[at].1 -= 1;
            if self.levels[at].1 == 0 {
                self.levels.remove(at);
            }
        }
        true
    }

    /// The balls that come within `reach_m` of a point, their numbers ascending, in place of what `found` held.
    pub fn near(&self, point_m: [f64; 3], reach_m: f64, found: &mut Vec<u32>) {
        found.clear();
        let range = |level| {
            (
                point_m.map(|x| cell(x - reach_m, level)),
                point_m.map(|x| cell(x + reach_m, level)),
            )
        };
        let cells = |level| {
            let (low, high) = range(level);
            (0..3).map(|axis| (high[axis] - low[axis] + 1) as f64).product::<f64>()
        };
        let close = |id: u32| self.balls[id as usize].touches(point_m, reach_m);
        if self.levels.iter().map(|level| cells(level.0)).sum::<f64>() > self.count as f64 + 64.0 {
            found.extend((0..self.balls.len() as u32).filter(|&id| close(id)));
            return;
        }
        for &(level, _) in &self.levels {
            let (low, high) = range(level);
            for_each(level, low, high, |cell| {
                let mut at = self.heads[self.list(cell)];
                while let Some(node) = self.nodes.get(at as usize) {
                    if close(node.id) {
                        found.push(node.id);
                    }
                    at = node.next;
                }
            });
        }
        found.sort_unstable();
        found.dedup();
    }

    fn place(&self, id: u32) -> Option<Place> {
        *self.places.get(id as usize)?
    }

    fn insert(&mut self, id: u32, place: Place) {
        let length = self.places.len().max(id as usize + 1);
        self.places.resize(length, None);
        self.balls.resize(length, Ball::NONE);
        self.places[id as usize] = Some(place);
        place.cells(|cell| self.link(cell, id));
        self.count += 1;
        match self.levels.binary_search_by_key(&place.level, |level| level.0) {
            Ok(at) => self.levels[at].1 += 1,
            Err(at) => self.levels.insert(at, (place.level, 1)),
        }
        if self.used > self.heads.len() / 2 {
            self.grow();
        }
    }

    /// Makes more lists, and writes all balls anew.
    fn grow(&mut self) {
        self.heads = vec![NONE; self.heads.len() * 4];
        self.nodes.clear();
        (self.vacant, self.used) = (NONE, 0);
        for id in 0..self.places.len() {
            if let Some(place) = self.places[id] {
                place.cells(|cell| self.link(cell, id as u32));
            }
        }
    }

    fn list(&self, cell: Cell) -> usize {
        let mut fold = Fold::default();
        cell.iter().for_each(|&x| fold.write_i64(x));
        fold.finish() as usize & (self.heads.len() - 1)
    }

    fn link(&mut self, cell: Cell, id: u32) {
        let list = self.list(cell);
        let node = Node {
            id,
            next: self.heads[list],
        };
        let at = self.vacant;
        if let Some(vacant) = self.nodes.get_mut(at as usize) {
            self.heads[list] = at;
            self.vacant = std::mem::replace(vacant, node).next;
        } else {
            self.heads[list] = self.nodes.len() as u32;
            self.nodes.push(node);
        }
        self.used += 1;
    }

    fn unlink(&mut self, cell: Cell, id: u32) {
        let list = self.list(cell);
        let (mut before, mut at) = (NONE, self.heads[list]);
        while let Some(&node) = self.nodes.get(at as usize) {
            if node.id != id {
                (before, at) = (at, node.next);
                continue;
            }
            match self.nodes.get_mut(before as usize) {
                Some(before) => before.next = node.next,
                None => self.heads[list] = node.next,
            }
            self.nodes[at as usize].next = self.vacant;
            self.vacant = at;
            self.used -= 1;
            return;
        }
    }
}

impl Place {
    fn new(middle_m: [f64; 3], radius_m: f64) -> Self {
        let half_m = ROOM * radius_m;
        Self {
            middle_m,
            half_m,
            level: level(half_m),
        }
    }

    fn cells(&self, visit: impl FnMut(Cell)) {
        let low = self.middle_m.map(|x| cell(x - self.half_m, self.level));
        let high = self.middle_m.map(|x| cell(x + self.half_m, self.level));
        for_each(self.level, low, high, visit);
    }

    /// Whether a ball may stand here.
    fn holds(&self, centre_m: [f64; 3], radius_m: f64) -> bool {
        let within = |axis: usize| (centre_m[axis] - self.middle_m[axis]).abs() + radius_m <= 0.999 * self.half_m;
        (0..3).all(within) && (self.level == 0 || width_m(self.level) <= SMALL * radius_m)
    }
}

impl Ball {
    const NONE: Self = Self {
        centre_m: [0.0; 3],
        radius_m: f64::NAN,
    };

    fn touches(&self, point_m: [f64; 3], reach_m: f64) -> bool {
        let squares = (0..3).map(|axis| (self.centre_m[axis] - point_m[axis]) * (self.centre_m[axis] - point_m[axis]));
        let limit_m = self.radius_m + reach_m;
        squares.sum::<f64>() <= limit_m * limit_m
    }
}

/// The least exponent whose cells are at least two halves wide, and a metre.
fn level(half_m: f64) -> i64 {
    let enough = |level: &i64| width_m(*level) >= 2.0 * half_m;
    (0..).find(enough).unwrap_or_default()
}

fn width_m(level: i64) -> f64 {
    (1_u64 << level) as f64
}

/// The cell of a coordinate; what is beyond all balls is put where there is none. Powers of two divide exactly.
fn cell(x_m: f64, level: i64) -> i64 {
    let x_m = x_m.clamp(-4.0 * FARTHEST_M, 4.0 * FARTHEST_M);
    (x_m / width_m(level)).floor() as i64
}

fn for_each(level: i64, low: [i64; 3], high: [i64; 3], mut visit: impl FnMut(Cell)) {
    for i in low[0]..=high[0] {
        for j in low[1]..=high[1] {
            for k in low[2]..=high[2] {
                visit([level, i, j, k]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A number, a place and a size; no size takes the ball away.
    fn moves() -> impl Strategy<Value = Vec<(u32, [f64; 3], Option<f64>)>> {
        let size = proptest::option::weighted(0.8, (-2.0..5.0).prop_map(|x| geo::math::pow(10.0, x)));
        proptest::collection::vec((0..40_u32, [-5e3..5e3, -5e3..5e3, -5e3..5e3], size), 0..120)
    }

    fn reach() -> impl Strategy<Value = f64> {
        prop_oneof![Just(0.0), 0.0..8e3]
    }

    proptest! {
        #[test]
        fn it_finds_what_asking_all_finds(
            moves in moves(),
            plots in proptest::collection::vec(([-6e3..6e3, -6e3..6e3, -6e3..6e3], reach()), 20),
        ) {
            let mut index = Index::new();
            let mut balls: Vec<Option<([f64; 3], f64)>> = vec![None; 40];
            for (id, centre_m, radius_m) in moves {
                match radius_m {
                    Some(radius_m) => index.set(id, centre_m, radius_m).unwrap(),
                    None => prop_assert_eq!(index.remove(id), balls[id as usize].is_some()),
                }
                balls[id as usize] = radius_m.map(|radius_m| (centre_m, radius_m));
            }
            prop_assert_eq!(index.len(), balls.iter().flatten().count());
            let mut found = Vec::new();
            for (point_m, reach_m) in plots {
                index.near(point_m, reach_m, &mut found);
                let all = (0..40_u32).filter(|&id| balls[id as usize].is_some_and(|(centre_m, radius_m)| {
                    let squares = (0..3).map(|axis| (centre_m[axis] - point_m[axis]).powi(2));
                    squares.sum::<f64>() <= (radius_m + reach_m).powi(2)
                }));
                prop_assert_eq!(&found, &all.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn nothing_is_left_behind() {
        let mut index = Index::new();
        for turn in 0..50 {
            for id in 0..20 {
                index
                    .set(id, [f64::from(turn * 1_000), f64::from(id), 0.0], 300.0)
                    .unwrap();
            }
        }
        // Twenty balls in eight cells each; a cell more while one is moved.
        assert!(index.nodes.len() <= 21 * 8, "{}", index.nodes.len());
        assert!((0..20).all(|id| index.remove(id)));
        assert!(
            index.is_empty()
                && index.used == 0
                && index.heads.iter().all(|&head| head == NONE)
                && index.levels.is_empty()
        );
    }

    /// Each ball with what is wrong about it.
    #[test]
    fn malformed_balls_are_refused() {
        let mut index = Index::new();
        for (centre_m, radius_m) in [
            ([0.0; 3], f64::NAN),
            ([0.0; 3], -1.0),
            ([0.0; 3], f64::INFINITY),
            ([0.0, f64::NAN, 0.0], 1.0),
            ([0.0, 0.0, f64::NEG_INFINITY], 1.0),
            ([2e12, 0.0, 0.0], 1.0),
        ] {
            assert!(index.set(0, centre_m, radius_m).is_err(), "{centre_m:?} {radius_m}");
        }
        assert!(index.is_empty());
        index.set(3, [1e12; 3], 1e12).unwrap();
        let mut found = vec![7];
        index.near([f64::NAN; 3], 0.0, &mut found);
        assert!(found.is_empty());
        index.near([0.0; 3], f64::INFINITY, &mut found);
        assert_eq!(found, [3]);
    }
}
