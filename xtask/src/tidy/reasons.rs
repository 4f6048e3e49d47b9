//! A lint is never silenced without a reason.

use super::finding::Finding;
use super::repository::Repository;
use super::rust::{self, Token};

/// Finds `allow(…)` and `expect(…)` attributes without `reason = "…"`.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        let tokens = rust::tokens(file.text()).unwrap_or_default();
        for (at, token) in tokens.iter().enumerate() {
            let lines_after_hash = at > 0 && matches!(tokens[at - 1].text.as_str(), "#" | "!");
            if token.text == "[" && lines_after_hash && is_silent(&tokens[at + 1..=at + token.inside]) {
                let what = "a lint is silenced without a reason, add reason = \"…\"";
                findings.push(Finding::breach(&file.path, token.line, what));
            }
        }
    }
    findings
}

/// Whether an attribute of these tokens silences a lint and does not say why; `cfg_attr(…, allow(…))` included.
fn is_silent(attribute: &[Token]) -> bool {
    attribute.iter().enumerate().any(|(at, token)| {
        let arguments = attribute.get(at + 1).filter(|next| next.text == "(");
        matches!(token.text.as_str(), "allow" | "expect")
            && arguments.is_some_and(|group| {
                let inside = &attribute[at + 2..at + 2 + group.inside];
                inside.iter().all(|token| token.text != "reason")
            })
    })
}

#[cfg(test)]
mod tests {
    use super::super::repository::with_files;
    use super::*;

    #[test]
    fn silence_without_reason_is_found() {
        for (source, count) in [
            ("#[allow(dead_code)] fn a() {}", 1),
            ("#![expect(dead_code)]", 1),
            ("#[cfg_attr(test, allow(dead_code))] fn a() {}", 1),
            ("#[expect(dead_code, reason = \"b\")] fn a() {}", 0),
            ("// #[allow(dead_code)]\nfn a() { b.expect(\"c\"); }", 0),
        ] {
            assert_eq!(check(&with_files([("a.rs", source)])).len(), count, "{source}");
        }
    }
}
