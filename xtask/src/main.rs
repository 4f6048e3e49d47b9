//! Work on the repository itself: `cargo xtask tidy` checks the written rules.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy::run(),
        _ => {
            eprintln!("usage: cargo xtask tidy");
            ExitCode::from(2)
        }
    }
}
