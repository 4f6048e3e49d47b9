//! Every source says in its first line what it holds.

use super::finding::Finding;
use super::repository::Repository;

/// Finds Rust files that do not begin with `//!`.
pub fn check(repository: &Repository) -> Vec<Finding> {
    repository
        .rust()
        .filter(|file| !file.text().starts_with("//! "))
        .map(|file| Finding::breach(&file.path, 1, "no header, begin with //! and what the file holds"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::repository::with_files;
    use super::*;

    #[test]
    fn a_file_without_header_is_found() {
        let found = check(&with_files([
            ("a.rs", "//! What it holds.\n"),
            ("b.rs", "// not documentation\n"),
            ("c.rs", ""),
            ("d.md", "no Rust"),
        ]));
        let paths: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["b.rs", "c.rs"]);
    }
}
