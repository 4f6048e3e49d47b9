//! Dependencies point one way: the table of ARCHITECTURE.md is what cargo builds.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::repository::{Package, Repository};

const MAP: &str = "ARCHITECTURE.md";
/// The head of the table, so that no other table is taken for it.
const HEAD: &str = "| crate | holds | uses |";
/// What must not be reached, not even through another crate.
const NEVER: [(&str, &str); 5] = [
    ("estimate", "wire"),
    ("flight", "plot"),
    ("wire", "estimate"),
    ("wire", "flight"),
    ("plot", "flight"),
];

/// Compares the table with cargo.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let map = repository.file(MAP).map_or("", |file| file.text());
    let rows = rows(map);
    if rows.is_empty() {
        return vec![Finding::breach(MAP, 1, format!("no table {HEAD:?}, write it"))];
    }
    let mut findings = Vec::new();
    for (name, package) in &repository.packages {
        match rows.get(name) {
            None => findings.push(Finding::breach(MAP, 1, format!("crate {name} has no row, add it"))),
            Some(row) => findings.extend(differences(name, row, &package.uses)),
        }
    }
    for (name, row) in &rows {
        if !repository.packages.contains_key(name) {
            let what = format!("there is no crate {name}, remove the row");
            findings.push(Finding::breach(MAP, row.line, what));
        }
    }
    for (from, to) in NEVER {
        if reaches(&repository.packages, from, to) {
            let what = format!("{from} reaches {to}, which it must not know; move what it needs");
            findings.push(Finding::breach(&format!("crates/{from}/Cargo.toml"), 1, what));
        }
    }
    findings
}

/// One row of the table.
struct Row {
    line: usize,
    uses: BTreeSet<String>,
}

/// Reads the rows under the head: the crate, and the words in backticks of its last cell.
fn rows(map: &str) -> BTreeMap<String, Row> {
    map.lines()
        .enumerate()
        .skip_while(|(_, line)| *line != HEAD)
        .skip(2)
        .take_while(|(_, line)| line.starts_with('|'))
        .filter_map(|(index, line)| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let name = quoted(cells.get(1)?).next()?;
            let uses = quoted(cells.get(3)?).collect();
            Some((name, Row { line: index + 1, uses }))
        })
        .collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

fn differences(name: &str, row: &Row, uses: &BTreeSet<String>) -> Vec<Finding> {
    let missing = uses
        .difference(&row.uses)
        .map(|used| format!("{name} uses {used}, say so or undo it"));
    let stale = row
        .uses
        .difference(uses)
        .map(|used| format!("{name} does not use {used}, remove it here"));
    missing
        .chain(stale)
        .map(|what| Finding::breach(MAP, row.line, what))
        .collect()
}

/// Whether a crate needs another, directly or through others.
fn reaches(packages: &BTreeMap<String, Package>, from: &str, to: &str) -> bool {
    packages
        .get(from)
        .is_some_and(|package| package.uses.contains(to) || package.uses.iter().any(|next| reaches(packages, next, to)))
}

#[cfg(test)]
mod tests {
    use super::super::repository::with_files;
    use super::*;

    fn findings(table: &str, packages: &[(&str, &[&str])]) -> Vec<String> {
        let map = format!("# Map\n{HEAD}\n|---|---|---|\n{table}\n\ntext\n");
        let mut repository = with_files([(MAP, &map)]);
        for (name, uses) in packages {
            let uses = uses.iter().map(|used| (*used).to_owned()).collect();
            let package = Package {
                uses,
                ..Package::default()
            };
            repository.packages.insert((*name).to_owned(), package);
        }
        check(&repository)
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn a_true_table_has_no_findings() {
        let table = "| `geo` | frames | |\n| `plot` | nouns, `Plot` | `geo` |";
        assert_eq!(findings(table, &[("geo", &[]), ("plot", &["geo"])]), [""; 0]);
    }

    #[test]
    fn each_difference_is_found() {
        let table = "| `geo` | frames | `libm` |\n| `gone` | | |";
        let found = findings(table, &[("geo", &["plot"]), ("plot", &[])]);
        assert_eq!(
            found,
            [
                "ARCHITECTURE.md:4: geo uses plot, say so or undo it",
                "ARCHITECTURE.md:4: geo does not use libm, remove it here",
                "ARCHITECTURE.md:1: crate plot has no row, add it",
                "ARCHITECTURE.md:5: there is no crate gone, remove the row",
            ]
        );
        assert_eq!(check(&Repository::default()).len(), 1);
    }

    #[test]
    fn a_forbidden_way_is_found_through_others() {
        let table = "| `estimate` | | `plot` |\n| `plot` | | `wire` |\n| `wire` | | |";
        let found = findings(table, &[("estimate", &["plot"]), ("plot", &["wire"]), ("wire", &[])]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("estimate reaches wire"), "{found:?}");
    }
}
