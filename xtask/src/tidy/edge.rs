//! Pure core, thin edge: only the process crates touch files, sockets, threads, processes, the environment, the screen.

use super::finding::Finding;
use super::repository::Repository;
use super::rust::{self, Token};

/// Where I/O may stand. Tests and examples of other crates may do it too.
const EDGE: [&str; 6] = [
    "crates/node/",
    "crates/trilat/",
    "crates/faults/src/main.rs",
    "xtask/",
    "bench/",
    "validation/",
];
const NOT_SHIPPED: [&str; 4] = ["/tests/", "/examples/", "/benches/", "/fuzz_targets/"];
const MODULES: [&str; 5] = ["fs", "net", "thread", "process", "env"];
const MACROS: [&str; 5] = ["println", "print", "eprintln", "eprint", "dbg"];

/// Finds I/O in the crates that compute.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        let allowed = EDGE.iter().any(|edge| file.path.starts_with(edge));
        if allowed || NOT_SHIPPED.iter().any(|part| format!("/{}", file.path).contains(part)) {
            continue;
        }
        let tokens = rust::tokens(file.text()).unwrap_or_default();
        for at in 0..tokens.len() {
            if let Some(name) = io_at(&tokens[at..]) {
                let what = format!("{name} in a crate that computes, take the bytes or the writer as an argument");
                findings.push(Finding::breach(&file.path, tokens[at].line, what));
            }
        }
    }
    findings
}

/// The I/O that the tokens begin with: `std::fs`, `std::{…, fs, …}`, `println!`.
fn io_at(tokens: &[Token]) -> Option<String> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    if MACROS.contains(&text(0)) && text(1) == "!" {
        return Some(format!("{}!", text(0)));
    }
    if (text(0), text(1), text(2)) != ("std", ":", ":") {
        return None;
    }
    if text(3) != "{" {
        return MODULES.contains(&text(3)).then(|| format!("std::{}", text(3)));
    }
    let mut at = 4;
    let mut begins_a_name = true;
    while at < 4 + tokens[3].inside {
        if begins_a_name && MODULES.contains(&text(at)) {
            return Some(format!("std::{}", text(at)));
        }
        begins_a_name = text(at) == ",";
        at += 1 + tokens[at].inside;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::repository::with_files;
    use super::*;

    #[test]
    fn io_in_the_core_is_found() {
        for (source, count) in [
            ("use std::fs;", 1),
            ("fn a() { std::thread::spawn(b); }", 1),
            ("use std::{fmt, net::TcpStream};", 1),
            ("use std::{fmt::{self, env}, io::Read};", 0),
            ("fn a() { println!(\"b\"); }", 1),
            ("// std::fs\nconst A: &str = \"std::fs println!\";", 0),
            ("#[cfg(test)]\nmod tests { use std::fs; }", 0),
        ] {
            assert_eq!(
                check(&with_files([("crates/geo/src/a.rs", source)])).len(),
                count,
                "{source}"
            );
        }
    }

    #[test]
    fn the_edge_may() {
        let found = check(&with_files([
            ("crates/trilat/src/main.rs", "use std::fs;"),
            ("crates/wire/tests/big.rs", "use std::fs;"),
        ]));
        assert_eq!(found, []);
    }
}
