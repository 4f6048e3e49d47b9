//! `trilat demo`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::scenario::seed;

const AFTER_HELP: &str = "\
Examples:
  trilat demo
      three nodes, the launch of 30 January 2022, thirty times as fast as it was
  trilat demo --scenario 2022-01-27-depressed --speed 10
      another flight of that month, slower
  trilat demo --open never --stay
      no browser is opened; the pictures stay at the addresses that are printed
  trilat demo --headless --speed 100 --json
      to the end without a word, the result for another program

Exit codes:
  0  it ran to its end; nothing was lost, nothing came twice, all pictures are the same
  1  a node could not be run
  2  the arguments are wrong
  3  something was lost, came twice, or the pictures differ
  130  it was stopped before its end";

/// Three owners' nodes on this machine, and a launch of January 2022.
///
/// Each node is a process with its own keys, rules and log, and gets the plots of its owner's radars only. What each
/// owner would know alone is told beside what all know together. Radars are notional.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct DemoArgs {
    /// The scenario: one that `trilat simulate --list` shows
    #[arg(long, value_name = "NAME", default_value = "2022-01-30-lofted")]
    pub scenario: String,

    /// How many times as fast as it happened
    #[arg(long, value_name = "X", default_value = "30", value_parser = speed)]
    pub speed: f64,

    /// Say nothing until the end
    #[arg(long)]
    pub headless: bool,

    /// Print the result as JSON for another program
    #[arg(long)]
    pub json: bool,

    /// Chance: the same number gives the same flight and the same plots
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,

    /// Keep the nodes running after the end, until Ctrl-C: their pictures stay; so they do where one was opened
    #[arg(long)]
    pub stay: bool,

    /// Whether the picture opens in a browser: auto is yes at a terminal beside windows, not with --headless or --json
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub open: When,

    /// Keep the folders of the nodes here: keys, rules, logs
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// When a picture opens in a browser.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where somebody sits before it.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

impl Default for DemoArgs {
    fn default() -> Self {
        Self {
            scenario: "2022-01-30-lofted".to_owned(),
            speed: 30.0,
            headless: false,
            json: false,
            seed: 1,
            stay: false,
            open: When::Auto,
            keep: None,
        }
    }
}

/// A text is no speed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number from 0.1 to 1000, such as 30")]
pub struct SpeedError;

fn speed(text: &str) -> Result<f64, SpeedError> {
    let speed: f64 = text.parse().map_err(|_| SpeedError)?;
    (0.1..=1000.0).contains(&speed).then_some(speed).ok_or(SpeedError)
}
