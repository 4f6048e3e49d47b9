//! What no line of text holds: paths of one machine, promises, marks of a conflict, tabs, blanks at its end, more than
//! 120 columns.

use super::finding::Finding;
use super::repository::{File, Repository};

const COLUMNS_MAX: usize = 120;
const KINDS: [&str; 12] = [
    ".rs", ".toml", ".md", ".py", ".sh", ".js", ".ts", ".mjs", ".css", ".html", ".json", ".yml",
];
/// Written in halves, so that this file does not hold them.
const MACHINE: [&str; 4] = [
    concat!("/wor", "k/"),
    concat!("/roo", "t/"),
    concat!("/hom", "e/"),
    concat!("/User", "s/"),
];
const CONFLICT: [&str; 2] = [concat!("<<<<", "<<< "), concat!(">>>>", ">>> ")];
const PROMISES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Looks at every line of every text.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.files.iter().filter(|file| is_text(file)) {
        for (index, line) in file.text().lines().enumerate() {
            let found = faults(file, line);
            findings.extend(
                found
                    .into_iter()
                    .map(|what| Finding::breach(&file.path, index + 1, what)),
            );
        }
        if !file.text().is_empty() && !file.text().ends_with('\n') {
            let last = file.text().lines().count();
            findings.push(Finding::breach(&file.path, last, "no line end, end the last line"));
        }
    }
    findings
}

fn is_text(file: &File) -> bool {
    let locked = file.path.ends_with("-lock.json");
    // What a program wrote, nobody reads by lines: the picture as it is built, its messages, its words.
    let made = file.path.starts_with("web/dist/") || file.path.starts_with("web/src/proto/");
    !locked && !made && (file.path == ".ci/run" || KINDS.iter().any(|kind| file.path.ends_with(kind)))
}

fn faults(file: &File, line: &str) -> Vec<String> {
    let mut found = Vec::new();
    if line.ends_with([' ', '\t', '\r']) {
        found.push("blank at the end of the line, remove it".to_owned());
    }
    if file.is_rust() && line.contains('\t') {
        found.push("tab, indent with four blanks".to_owned());
    }
    if line.starts_with(CONFLICT[0]) || line.starts_with(CONFLICT[1]) {
        found.push("mark of a merge conflict, resolve it".to_owned());
    }
    for path in MACHINE.iter().filter(|path| line.contains(*path)) {
        found.push(format!(
            "{path} is a path of one machine, make it relative or a variable"
        ));
    }
    for promise in PROMISES.iter().filter(|promise| line.contains(*promise)) {
        found.push(format!("{promise}, do it now or file an issue"));
    }
    let columns = line.chars().count();
    if columns > COLUMNS_MAX && is_wrapped(file, line) {
        found.push(format!("{columns} columns, wrap at {COLUMNS_MAX}"));
    }
    found
}

/// Whether a line can be wrapped. Rows of tables, lines with an address or a path of the data and Rust with a text in
/// it cannot; nobody reads JSON, HTML and CSS by columns.
fn is_wrapped(file: &File, line: &str) -> bool {
    let start = line.trim_start();
    if file.is_rust() {
        return start.starts_with("//") || !line.contains('"');
    }
    if file.path.ends_with(".md") {
        return !start.starts_with('|') && !line.contains("://") && !line.contains("$TRILAT_DATA/");
    }
    ![".json", ".html", ".css"].iter().any(|kind| file.path.ends_with(kind))
}

#[cfg(test)]
mod tests {
    use super::super::repository::with_files;
    use super::*;

    #[test]
    fn faults_are_found_with_their_lines() {
        let long = "x".repeat(121);
        for (path, line) in [
            ("a.rs", "fn a() {} "),
            ("a.rs", "\tfn a() {}"),
            ("a.sh", concat!("cd /wor", "k/main")),
            ("a.md", concat!(">>>>", ">>> main")),
            ("a.md", concat!("TO", "DO: more")),
            ("a.rs", &long),
            ("a.md", &long),
            (".ci/run", "set -e "),
        ] {
            let found = check(&with_files([(path, &format!("\n{line}\n"))]));
            assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [2], "{path} {line}");
        }
        assert_eq!(check(&with_files([("a.rs", "fn a() {}")])).len(), 1);
    }

    #[test]
    fn what_cannot_be_wrapped_or_is_no_text_is_left_alone() {
        let row = format!("| {} |\n", "x".repeat(121));
        assert_eq!(
            check(&with_files([
                ("a.md", &row),
                ("a.csv", &row),
                ("web/package-lock.json", &row),
                ("web/dist/assets/a.js", &row)
            ])),
            []
        );
    }
}
