//! The command line of trilat, and what people see: JSON, text, ephemeris file, report page.
//!
//! Files, clock and terminal live here and nowhere below. What is printed has types of its own ([`output`]), so the
//! insides of the fit can change without changing anybody's scripts.

pub mod args;
pub mod builtin;
mod commands;
mod content;
pub mod course;
pub mod coverage;
pub mod demo;
pub mod ephemeris;
mod failure;
pub mod files;
pub mod found;
mod knowing;
pub mod model;
pub mod output;
mod partners;
pub mod progress;
mod replay;
pub mod report;
mod scoring;
pub mod series;
mod stated;
pub mod terminal;
mod tracks;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

pub use failure::Failure;

/// Runs the program with its arguments (the first is the program's own name) and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // --help and --version come this way too, and are no errors.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_closed) => ExitCode::from(1),
            };
        }
    };
    let (done, is_json) = match cli.command {
        None => (commands::builtin(), false),
        Some(Command::Demo(args)) => (demo::demo(&args), args.json),
        Some(Command::Path(args)) => (commands::path(&args), args.json),
        Some(Command::Track(args)) => (commands::track(&args), args.json),
        Some(Command::Score(args)) => (commands::score(&args), args.json),
        Some(Command::Coverage(args)) => (commands::coverage(&args), args.json),
        Some(Command::Simulate(args)) => (commands::simulate(&args), args.figures.json),
        Some(Command::Study(args)) => (commands::study(&args), args.json),
        Some(Command::Policy(args)) => (commands::policy(&args), args.is_json()),
        Some(Command::Node(args)) => (commands::node(&args), args.is_json()),
        Some(Command::Keys(args)) => (commands::keys(&args), args.common().json),
        Some(Command::Log(args)) => (commands::log(&args), args.is_json()),
        Some(Command::Audit(args)) => (commands::audit(&args), args.is_json()),
        Some(Command::Warn(args)) => (commands::warn(&args), args.is_json()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&failure, is_json);
            ExitCode::from(failure.exit_code())
        }
    }
}
