//! `trilat policy versions`.

use super::PolicyFailure;
use super::home::Home;
use crate::args::VersionsArgs;
use crate::output::VersionsOutput;
use crate::{Failure, terminal};

/// Lists the signed versions of a node.
pub fn versions(args: &VersionsArgs) -> Result<(), Failure> {
    let home = Home::open(&args.config)?;
    let output = VersionsOutput::new(&home.versions, home.now());
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    match home.versions.refused().count() {
        0 => Ok(()),
        count => Err(PolicyFailure::SomeRefused { count }.into()),
    }
}
