//! `trilat track`.

use std::path::PathBuf;

use clap::Args;
use geo::Time;

use crate::content::InputFormat;

const AFTER_HELP: &str = "\
Examples:
  trilat track plots.csv --sensors sensors.toml
      all tracks of a recording: when each was confirmed, seen and lost, and what its object did
  trilat track plots.csv --sensors sensors.toml --out tracks.csv
      the same, and every update of every track as a table
  trilat track radar.ast --date 2023-05-02 --sensors sensors.toml --ignore-target --out tracks.parquet
      a recording of an ASTERIX radar (its sac and sic stand in the sensor file), without its Mode S addresses
  trilat track aircraft.json --out tracks.csv
      an ADS-B recording as libraries for air traffic write it; what is wrong with its clocks is named
  trilat track plots.csv --sensors sensors.toml --out tracks.geojson
      the same for a map: the line of each track, its last place, and the region that holds it with 95 %
  trilat track plots.csv --sensors sensors.toml --owner JP --out japan.csv
      what one owner alone would know
  trilat track north.csv south.csv --sensors sensors.toml --association lbp --json
      plots shared out by their probabilities, the result as JSON for another program
  trilat track plots.csv --sensors sensors.toml --association mht
      where tracks cross or something comes apart: several hypotheses at once (docs/association.md compares)
  trilat track west.csv --sensors west.toml --tracklets-s 10 --out west-tracks.csv
  trilat track east.csv --sensors east.toml --partner west-tracks.csv
      two owners: the west keeps its plots and sends what they say of each track, the east takes that in

Exit codes:
  0  the recording was tracked, even where there is no object in it
  1  a file could not be read or written
  2  the arguments are wrong
  4  the input was read but cannot be used: a sensor file with an error, no usable plot, or sensors whose place
     nobody says (what to write is printed)";

/// All tracks of a recording, as they would have come.
///
/// Plots may come in any order; those that are malformed are refused one by one, named on standard error, and the rest
/// is used.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct TrackArgs {
    /// Files of plots, by the end of the name: CSV, JSON lines, Parquet (.csv, .jsonl, .parquet), ADS-B recordings as a
    /// JSON list of positions (.json: the sensor adsb), ASTERIX recordings (.ast, .pcap, .pcapng; under other names
    /// they are known by their first octets)
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// What all inputs hold, whatever their names say
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<InputFormat>,

    /// The sensors: where they stand, what they measure, and how well (TOML) [default: what the inputs say of
    /// themselves, which is enough of reported positions and of radars that send their own place (CAT034)]
    #[arg(long, value_name = "SENSORS.toml")]
    pub sensors: Option<PathBuf>,

    /// Use only sensors of this owner, as if there were no others; give it again for more than one
    #[arg(long = "owner", value_name = "NAME")]
    pub only_owners: Vec<String>,

    /// The UTC date on which a raw ASTERIX recording begins, which says only times of day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Time>,

    /// Do not read the identities that sources claim (Mode S addresses, MMSI)
    #[arg(long)]
    pub ignore_target: bool,

    /// How plots and tracks are brought together
    #[arg(long, value_name = "METHOD", value_enum, default_value = "gnn")]
    pub association: Association,

    /// Plots older than the newest by more than this are counted and change no track [default: none is too old]
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub lag_s: Option<f64>,

    /// Write the plots that came later than the lag (.csv, .jsonl, .parquet): they change no track, and `trilat path`
    /// can still use them
    #[arg(long, value_name = "PLOTS", requires = "lag_s")]
    pub late: Option<PathBuf>,

    /// Also take in the tracks of a partner who keeps its plots, from a file that its trilat wrote (.csv, .parquet):
    /// its tracklets where there are any, else its estimates; give it again for more partners
    #[arg(long = "partner", value_name = "TRACKS")]
    pub partners: Vec<PathBuf>,

    /// In --out, also write every so many seconds what the plots since say alone, as rows of kind tracklet, for
    /// partners who do not get the plots
    #[arg(long, value_name = "S", value_parser = period, requires = "out")]
    pub tracklets_s: Option<f64>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,

    /// Write every update of every track: as a table (.csv or .parquet; columns: see docs/files.md), for a globe
    /// (.czml), or for maps (.geojson: line, last place and its 95 % region)
    #[arg(long, value_name = "TRACKS")]
    pub out: Option<PathBuf>,

    /// Write a page of the tracks: map, heights, who saw what when, what happened
    #[arg(long, value_name = "OUT.html")]
    pub report: Option<PathBuf>,
}

/// How plots and tracks are brought together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Association {
    /// The single most likely assignment (global nearest neighbour)
    Gnn,
    /// Probabilities, by loopy belief propagation
    Lbp,
    /// Probabilities, exactly, where that can be afforded
    Exact,
    /// Several hypotheses at once, until later plots tell which is right
    Mht,
}

fn period(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.1..=3_600.0).contains(&value) => Ok(value),
        _ => Err("expected seconds from 0.1 to 3600, such as 10".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value >= 0.0 && value.is_finite() => Ok(value),
        _ => Err("expected seconds, such as 60".to_owned()),
    }
}

fn date(text: &str) -> Result<Time, String> {
    let whole = format!("{text}T00:00:00Z");
    whole
        .parse()
        .map_err(|_| "expected a date, such as 2023-05-02".to_owned())
}
