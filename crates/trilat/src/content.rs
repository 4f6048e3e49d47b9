//! What an input file holds: as a person says, as its name says, or as its first octets say.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use wire::{Content, Format, sniff};

use crate::{Failure, files};

/// Endings of the names of ASTERIX recordings and of captures.
const RECORDINGS: [(&str, Content); 4] = [
    ("ast", Content::Asterix),
    ("asterix", Content::Asterix),
    ("pcap", Content::Capture),
    ("pcapng", Content::Capture),
];
/// So many octets tell what a file is.
const HEAD: u64 = 4_096;

/// What an input holds, where neither name nor content is to be asked.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// Plots as comma-separated values
    Csv,
    /// Plots as one JSON object per line
    Jsonl,
    /// ADS-B positions as a JSON list of objects (timestamp, latitude, longitude, altitude, icao24)
    AdsbJson,
    /// Plots as Apache Parquet
    Parquet,
    /// ASTERIX data blocks, one after the other
    Asterix,
    /// Captured network traffic with ASTERIX in it (pcap, pcapng)
    Pcap,
}

impl From<InputFormat> for Content {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Csv => Self::Plots(Format::Csv),
            InputFormat::Jsonl => Self::Plots(Format::JsonLines),
            InputFormat::AdsbJson => Self::Plots(Format::AdsbJson),
            InputFormat::Parquet => Self::Plots(Format::Parquet),
            InputFormat::Asterix => Self::Asterix,
            InputFormat::Pcap => Self::Capture,
        }
    }
}

/// What a file holds: what is stated, else what the ending of its name says, else what its first octets say. Errors:
/// [`Failure::Format`] where nothing says it, [`Failure::Read`].
pub fn content(path: &Path, stated: Option<InputFormat>) -> Result<Content, Failure> {
    if let Some(stated) = stated {
        return Ok(stated.into());
    }
    let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    let recording = RECORDINGS.iter().find(|(known, _)| ending.as_deref() == Some(known));
    if let Some((_, content)) = recording {
        return Ok(*content);
    }
    let unknown = match Format::of_name(&path.display().to_string()) {
        Ok(format) => return Ok(Content::Plots(format)),
        Err(unknown) => unknown,
    };
    let mut head = Vec::new();
    files::open(path)?
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(|source| Failure::Read {
            path: path.to_owned(),
            source,
        })?;
    // Text may be anything: only its name makes it plots.
    match sniff(&head) {
        Some(content @ (Content::Asterix | Content::Capture)) => Ok(content),
        _ => Err(unknown.into()),
    }
}
