//! The files of a run: opened, read, and what they refuse collected.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use geo::Time;
use plot::{Plot, Sensors};
use wire::{Format, PlotFile, ReadError, SensorFileError};

use crate::Failure;
use crate::args::PathArgs;
use crate::output::RefusedOutput;
use crate::progress::Progress;

/// So many refusals are shown and kept in full.
pub const REFUSALS_SHOWN_MAX: usize = 10;

/// What a run works on.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The plots that are used, in the order of the files.
    pub plots: Vec<Plot>,
    /// All sensors of the sensor file.
    pub sensors: Sensors,
    /// What was refused.
    pub refused: RefusedOutput,
    /// What a person should hear before the result: suspicious units, sensors that are missing.
    pub remarks: Vec<String>,
    /// The names of the files.
    pub files: Vec<String>,
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}

/// Reads a whole file of text. Errors: [`Failure::Read`].
pub fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}

/// Writes a whole file. Errors: [`Failure::Write`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}

fn read_sensors(path: &Path) -> Result<Sensors, Failure> {
    wire::read_sensors(open(path)?, &shown(path)).map_err(|error| match error {
        SensorFileError::Io { source, .. } => Failure::Read {
            path: path.to_owned(),
            source,
        },
        error => Failure::Content { source: error.into() },
    })
}

fn read_plots(path: &Path) -> Result<PlotFile, Failure> {
    let format = Format::of_name(&shown(path))?;
    wire::read_plots(format, open(path)?, &shown(path)).map_err(|error| match error {
        ReadError::Io { source, .. } => Failure::Read {
            path: path.to_owned(),
            source,
        },
        error => Failure::Content { source: error.into() },
    })
}

/// Reads everything that the arguments name.
///
/// Plots that are malformed or of no known sensor are counted in [`Input::refused`]; the others are never lost by them.
/// Errors: [`Failure::Read`], [`Failure::Content`], [`Failure::Format`], [`Failure::Sensor`], [`Failure::NoPlots`].
pub fn read(args: &PathArgs, progress: &Progress) -> Result<Input, Failure> {
    let sensors = read_sensors(&args.sensors)?;
    for name in &args.only_sensors {
        sensors.index_of(name)?;
    }
    let mut input = Input {
        sensors,
        ..Input::default()
    };
    let mut strangers = BTreeMap::new();
    let mut any = false;
    for path in &args.plots {
        progress.next(&format!("reading {}", shown(path)));
        let file = read_plots(path)?;
        any |= !file.plots.is_empty();
        input
            .remarks
            .extend(file.summary.suspicions.iter().map(|s| format!("{}: {s}", shown(path))));
        for refusal in file.refusals.iter().take(REFUSALS_SHOWN_MAX) {
            input.refuse(refusal.to_string());
        }
        let unlisted = usize::try_from(file.summary.refused).unwrap_or(usize::MAX);
        input.refused.count += unlisted - file.refusals.len().min(REFUSALS_SHOWN_MAX);
        input.keep(file.plots, args.until, &args.only_sensors, &mut strangers);
        input.files.push(shown(path));
    }
    for (name, count) in strangers {
        let words = format!("{count} of {name:?}, which the sensor file does not have");
        input.remarks.push(format!("plots refused: {words}"));
        input.refused.count += count;
    }
    input.files.push(shown(&args.sensors));
    if input.plots.is_empty() {
        tell(&input);
        return Err(Failure::NoPlots {
            files: files(args),
            why: why_empty(any, &input, args),
        });
    }
    Ok(input)
}

fn files(args: &PathArgs) -> Vec<PathBuf> {
    args.plots.clone()
}

/// Why nothing is left to work on.
fn why_empty(any: bool, input: &Input, args: &PathArgs) -> &'static str {
    match (any, input.refused.count) {
        (false, 0) => "there is none at all",
        (false, _) => "every one was refused",
        (true, _) if args.until.is_some() => "none is of a listed sensor and before --until",
        (true, _) if !args.only_sensors.is_empty() => "none is of a sensor that --sensor names",
        (true, _) => "none is of a sensor of the sensor file",
    }
}

impl Input {
    fn refuse(&mut self, words: String) {
        self.refused.count += 1;
        if self.refused.first.len() < REFUSALS_SHOWN_MAX {
            self.refused.first.push(words);
        }
    }

    /// Takes over the plots that are asked for, and counts those of sensors that nobody described.
    fn keep(
        &mut self,
        plots: Vec<Plot>,
        until: Option<Time>,
        only: &[String],
        strangers: &mut BTreeMap<String, usize>,
    ) {
        for plot in plots {
            if self.sensors.index_of(&plot.sensor).is_err() {
                *strangers.entry(plot.sensor.to_string()).or_default() += 1;
            } else if until.is_none_or(|until| plot.time <= until)
                && (only.is_empty() || only.iter().any(|name| **name == *plot.sensor))
            {
                self.plots.push(plot);
            }
        }
    }
}

/// Tells on standard error what was refused: the first in full, then how many more.
pub fn tell(input: &Input) {
    for words in &input.refused.first {
        crate::terminal::remark(&format!("refused: {words}"));
    }
    let more = input.refused.count - input.refused.first.len().min(input.refused.count);
    if more > 0 {
        crate::terminal::remark(&format!("refused: {more} more; {} in all", input.refused.count));
    }
    for words in &input.remarks {
        crate::terminal::remark(&format!("mind: {words}"));
    }
}
