//! `trilat simulate SCENARIO`.

use std::path::PathBuf;

use clap::Args;

/// A scenario, and where its files go.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// A scenario file (docs/scenarios.md), or the name of one that --list shows
    #[arg(value_name = "SCENARIO", requires = "out")]
    pub scenario: Option<String>,

    /// List the scenarios that come with the program
    #[arg(long, conflicts_with = "scenario")]
    pub list: bool,

    /// Chance: the same number gives the same files, to the last bit
    #[arg(long, value_name = "N", requires = "scenario", default_value = "1", value_parser = seed)]
    pub seed: u64,

    /// The folder for plots, sensors, truth and a README; made if it is not there
    #[arg(long, value_name = "DIR", requires = "scenario")]
    pub out: Option<PathBuf>,

    /// Whose figures fly, where the scenario has those of several authorities [default: as its file says]
    #[arg(long, value_name = "NAME", requires = "scenario")]
    pub authority: Option<String>,
}

/// A text is no seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a whole number from 0 to {}, such as 1", u64::MAX)]
pub struct SeedError;

/// Reads a seed.
pub(super) fn seed(text: &str) -> Result<u64, SeedError> {
    text.parse().map_err(|_| SeedError)
}
