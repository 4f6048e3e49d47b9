//! The cheapest one-to-one assignment, where a pair never costs more than a cutoff.
//!
//! A pair at the cutoff costs as much as leaving both alone, so only pairs below it bind things together: they form
//! small clusters, and each is assigned by itself, exactly.

/// A pair below the cutoff: row, column, cost.
pub(crate) type Edge = (usize, usize, f64);

/// Returns the pairs of the cheapest assignment among those below the cutoff, with their costs.
///
/// Minimises Σ cost(pairs) + `cutoff` × (min(rows, columns) − pairs); every cost of an edge is below the cutoff.
pub(crate) fn assign(rows: usize, columns: usize, edges: &[Edge], cutoff: f64) -> Vec<Edge> {
    let mut cluster = Clusters::new(rows + columns);
    for (row, column, _) in edges {
        cluster.join(*row, rows + *column);
    }
    let mut keyed: Vec<(usize, Edge)> = edges.iter().map(|edge| (cluster.of(edge.0), *edge)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    let mut pairs = Vec::new();
    for group in keyed.chunk_by(|a, b| a.0 == b.0) {
        match group {
            [(_, edge)] => pairs.push(*edge),
            _ => solve(group, cutoff, &mut pairs),
        }
    }
    pairs
}

/// Which things are bound together: a forest of joined sets.
struct Clusters {
    parent: Vec<usize>,
}

impl Clusters {
    fn new(count: usize) -> Self {
        Self {
            parent: (0..count).collect(),
        }
    }

    fn of(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

/// Assigns one cluster.
fn solve(group: &[(usize, Edge)], cutoff: f64, pairs: &mut Vec<Edge>) {
    let mut rows: Vec<usize> = group.iter().map(|(_, edge)| edge.0).collect();
    let mut columns: Vec<usize> = group.iter().map(|(_, edge)| edge.1).collect();
    for names in [&mut rows, &mut columns] {
        names.sort_unstable();
        names.dedup();
    }
    let is_wide = rows.len() <= columns.len();
    let (few, many) = match is_wide {
        true => (&rows, &columns),
        false => (&columns, &rows),
    };
    let mut costs = vec![cutoff; few.len() * many.len()];
    for (_, (row, column, cost)) in group {
        let (a, b) = if is_wide { (row, column) } else { (column, row) };
        // Both lists hold every name of the group.
        let (i, j) = (few.partition_point(|x| x < a), many.partition_point(|x| x < b));
        costs[i * many.len() + j] = *cost;
    }
    for (i, j) in cheapest(few.len(), many.len(), &costs) {
        let cost = costs[i * many.len() + j];
        if cost < cutoff {
            let (row, column) = if is_wide { (few[i], many[j]) } else { (many[j], few[i]) };
            pairs.push((row, column, cost));
        }
    }
}

/// Returns for each row its column in the cheapest assignment of all rows, rows ≤ columns.
///
/// Shortest augmenting paths with potentials. Source: Kuhn, The Hungarian method for the assignment problem (1955);
/// Jonker & Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems (1987).
fn cheapest(rows: usize, columns: usize, costs: &[f64]) -> Vec<(usize, usize)> {
    const NONE: usize = usize::MAX;
    let (mut of_row, mut of_column) = (vec![0.0; rows], vec![0.0; columns]);
    // The row that a column has, and the column before it on the shortest path.
    let mut owner = vec![NONE; columns];
    let mut before = vec![NONE; columns];
    let mut length = vec![f64::INFINITY; columns];
    let mut done = vec![false; columns];
    for start in 0..rows {
        length.fill(f64::INFINITY);
        done.fill(false);
        before.fill(NONE);
        let (mut row, mut at, mut shortest) = (start, NONE, 0.0);
        loop {
            let mut next = (f64::INFINITY, NONE);
            let reduced = shortest - of_row[row];
            for column in 0..columns {
                if done[column] {
                    continue;
                }
                let through = costs[row * columns + column] + reduced - of_column[column];
                if through < length[column] {
                    length[column] = through;
                    before[column] = at;
                }
                if length[column] < next.0 {
                    next = (length[column], column);
                }
            }
            (shortest, at) = next;
            done[at] = true;
            if owner[at] == NONE {
                break;
            }
            row = owner[at];
        }
        for column in (0..columns).filter(|column| done[*column]) {
            if owner[column] != NONE {
                of_row[owner[column]] += shortest - length[column];
            }
            of_column[column] -= shortest - length[column];
        }
        of_row[start] += shortest;
        while before[at] != NONE {
            owner[at] = owner[before[at]];
            at = before[at];
        }
        owner[at] = start;
    }
    let mut pairs: Vec<(usize, usize)> = Vec::with_capacity(rows);
    pairs.extend(
        owner
            .iter()
            .enumerate()
            .filter(|(_, row)| **row != NONE)
            .map(|(j, i)| (*i, j)),
    );
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cheapest of all ways, tried one by one.
    fn tried(row: usize, rows: usize, columns: usize, costs: &[f64], cutoff: f64, taken: u32) -> f64 {
        if row == rows {
            return 0.0;
        }
        // A row that is left alone costs half a cutoff; columns are counted by the caller.
        let mut best = tried(row + 1, rows, columns, costs, cutoff, taken) + 0.5 * cutoff;
        for column in (0..columns).filter(|column| taken >> column & 1 == 0) {
            let rest = tried(row + 1, rows, columns, costs, cutoff, taken | 1 << column);
            best = best.min(costs[row * columns + column] - 0.5 * cutoff + rest);
        }
        best
    }

    proptest! {
        #[test]
        fn no_way_is_cheaper(
            rows in 0_usize..6,
            columns in 0_usize..6,
            costs in prop::collection::vec(0.0..2.0_f64, 36),
        ) {
            let edges: Vec<Edge> = (0..rows)
                .flat_map(|i| (0..columns).map(move |j| (i, j)))
                .map(|(i, j)| (i, j, costs[i * columns + j]))
                .filter(|edge| edge.2 < 1.0)
                .collect();
            let pairs = assign(rows, columns, &edges, 1.0);
            let alone = (rows + columns - 2 * pairs.len()) as f64;
            let ours = pairs.iter().map(|pair| pair.2).sum::<f64>() + 0.5 * alone;
            let best = tried(0, rows, columns, &costs, 1.0, 0) + 0.5 * columns as f64;
            prop_assert!((ours - best).abs() < 1e-12, "{} {}", ours, best);
            let mut seen: Vec<usize> = pairs.iter().map(|pair| pair.0).collect();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), pairs.len());
        }
    }
}
