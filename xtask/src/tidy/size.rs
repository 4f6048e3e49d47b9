//! No file grows beyond 800 lines of code; above 400 it is worth a talk. (Functions are clippy's, `too_many_lines`.)

use std::collections::BTreeSet;

use super::finding::Finding;
use super::repository::Repository;
use super::rust;

const LINES_TALK: usize = 400;
const LINES_MAX: usize = 800;

/// Counts the lines that carry code: no documentation, comments, blank lines, `#[cfg(test)]` modules.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        let lines = match code_lines(file.text()) {
            Ok(lines) => lines,
            Err(line) => {
                findings.push(Finding::breach(&file.path, line, "cannot be read as Rust, mend it"));
                continue;
            }
        };
        if lines > LINES_MAX {
            let what = format!("{lines} lines of code, split it below {LINES_MAX}");
            findings.push(Finding::breach(&file.path, 1, what));
        } else if lines > LINES_TALK {
            let what = format!("{lines} lines of code, is it more than one idea?");
            findings.push(Finding::advice(&file.path, 1, what));
        }
    }
    findings
}

fn code_lines(source: &str) -> Result<usize, usize> {
    let mut lines = BTreeSet::new();
    for token in rust::tokens(source)? {
        if token.inside == 0 {
            lines.extend(token.line..=token.line_end);
        } else {
            lines.extend([token.line, token.line_end]);
        }
    }
    Ok(lines.len())
}

#[cfg(test)]
mod tests {
    use super::super::finding::Weight;
    use super::super::repository::with_files;
    use super::*;

    #[test]
    fn long_files_are_found() {
        let of_lines = |lines: usize| "//! a\n\nfn a() {}\n".to_owned() + &"// b\nconst C: u8 = 1;\n".repeat(lines - 1);
        for (lines, weight) in [
            (400, None),
            (401, Some(Weight::Advice)),
            (800, Some(Weight::Advice)),
            (801, Some(Weight::Breach)),
        ] {
            let found = check(&with_files([("a.rs", &of_lines(lines))]));
            assert_eq!(found.first().map(|f| f.weight), weight, "{lines}");
        }
    }

    #[test]
    fn a_text_over_lines_counts_and_a_test_does_not() {
        assert_eq!(code_lines("const A: &str = \"b\n\n\";\n"), Ok(3));
        assert_eq!(
            code_lines("fn a() {\n    b();\n\n}\n#[cfg(test)]\nmod tests {\n  fn c() {}\n}\n"),
            Ok(3)
        );
        assert!(!check(&with_files([("a.rs", "fn a( {}")])).is_empty());
    }
}
