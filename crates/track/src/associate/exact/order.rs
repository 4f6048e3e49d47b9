//! In which order rows decide, so that few plots are waited for at any time.

use super::super::cluster::Cluster;

/// The cheapest of the lines begun at the two ends of the cluster and at its row of the fewest plots.
pub(super) fn line(cluster: &Cluster) -> Vec<usize> {
    let rows_of = rows_of(cluster);
    let one_end = farthest(cluster, &rows_of, 0);
    let other_end = farthest(cluster, &rows_of, one_end);
    let fewest = (0..cluster.rows.len()).min_by_key(|&row| cluster.range(row).len());
    let mut best: Option<(f64, Vec<usize>)> = None;
    for start in [Some(one_end), Some(other_end), fewest].into_iter().flatten() {
        let (cost, line) = from(cluster, &rows_of, start);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, line));
        }
    }
    best.map(|(_, line)| line).unwrap_or_default()
}

/// By plot, the rows that have it.
fn rows_of(cluster: &Cluster) -> Vec<Vec<usize>> {
    let mut rows_of = vec![Vec::new(); cluster.plots.len()];
    for row in 0..cluster.rows.len() {
        for pair in cluster.pairs_of(row) {
            rows_of[pair.plot as usize].push(row);
        }
    }
    rows_of
}

/// The last row that a search in breadth comes to.
fn farthest(cluster: &Cluster, rows_of: &[Vec<usize>], start: usize) -> usize {
    let mut seen = vec![false; cluster.rows.len()];
    let mut plot_seen = vec![false; rows_of.len()];
    let mut queue = vec![start];
    seen[start] = true;
    let mut at = 0;
    while at < queue.len() {
        for pair in cluster.pairs_of(queue[at]) {
            if !std::mem::replace(&mut plot_seen[pair.plot as usize], true) {
                for &row in &rows_of[pair.plot as usize] {
                    if !std::mem::replace(&mut seen[row], true) {
                        queue.push(row);
                    }
                }
            }
        }
        at += 1;
    }
    queue[at - 1]
}

/// The line that always goes on with the row after which the fewest plots are waited for, and what it may cost.
///
/// Only rows that want such a plot are looked at; of equal ones the first is taken.
fn from(cluster: &Cluster, rows_of: &[Vec<usize>], start: usize) -> (f64, Vec<usize>) {
    // By plot: how many rows still want it. It is waited for once a row has had it and until none is left.
    let mut wanted: Vec<usize> = rows_of.iter().map(Vec::len).collect();
    let mut done = vec![false; cluster.rows.len()];
    let mut near = vec![false; cluster.rows.len()];
    let mut candidates = vec![start];
    let (mut line, mut waiting, mut cost) = (Vec::with_capacity(done.len()), 0_isize, 0.0);
    while !candidates.is_empty() {
        let growth = |row: usize| -> isize {
            let pairs = cluster.pairs_of(row).iter().map(|pair| pair.plot as usize);
            pairs.map(|plot| change(wanted[plot], rows_of[plot].len())).sum()
        };
        let keys = candidates.iter().enumerate().map(|(at, &row)| (growth(row), row, at));
        let Some((growth, row, at)) = keys.min() else { break };
        candidates.swap_remove(at);
        done[row] = true;
        line.push(row);
        let choices = cluster.range(row).len() + 1;
        cost += choices as f64 * power_of_two(waiting);
        waiting += growth;
        for pair in cluster.pairs_of(row) {
            wanted[pair.plot as usize] -= 1;
            for &other in &rows_of[pair.plot as usize] {
                if !done[other] && !std::mem::replace(&mut near[other], true) {
                    candidates.push(other);
                }
            }
        }
    }
    (cost, line)
}

/// By how many the plots waited for change when one of the rows that still want a plot decides.
fn change(wanted: usize, all: usize) -> isize {
    let before = wanted < all;
    let after = wanted > 1;
    isize::from(after) - isize::from(before)
}

fn power_of_two(exponent: isize) -> f64 {
    (0..exponent.min(1_000)).fold(1.0, |power, _| power * 2.0)
}
