//! The written rules, checked. One rule a file; each is a function from the repository to its findings.

mod dependencies;
mod edge;
mod finding;
mod headers;
mod reasons;
mod repository;
mod rust;
mod size;
mod text;
mod validation;

use std::process::ExitCode;

use finding::{Finding, Weight};
use repository::Repository;

/// A rule: what it wants to say about the repository.
type Check = fn(&Repository) -> Vec<Finding>;

const CHECKS: [Check; 7] = [
    dependencies::check,
    edge::check,
    headers::check,
    reasons::check,
    size::check,
    text::check,
    validation::check,
];

/// Checks all rules and prints one line for each finding.
pub fn run() -> ExitCode {
    let repository = match Repository::read() {
        Ok(repository) => repository,
        Err(why) => {
            eprintln!("tidy: {why}");
            return ExitCode::from(2);
        }
    };
    let findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&repository)).collect();
    for finding in &findings {
        println!("{finding}");
    }
    let broken = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Breach)
        .count();
    println!("tidy: {} files, {broken} findings", repository.files.len());
    if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
