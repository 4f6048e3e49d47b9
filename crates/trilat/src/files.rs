//! The files of a run: opened, read, and what they refuse collected.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use geo::Time;
use plot::{Plot, Sensors};
use wire::asterix::{AsterixOptions, Sources, read_asterix};
use wire::{Content, Format, PlotFile, ReadError, SensorFileError, Table, TableFormat};

use crate::Failure;
use crate::args::PathArgs;
use crate::content::{InputFormat, content};
use crate::failure::WhyNone;
use crate::output::RefusedOutput;
use crate::progress::Progress;
use crate::scoring::ScoreError;
use crate::stated;

/// So many refusals are shown and kept in full.
pub const REFUSALS_SHOWN_MAX: usize = 10;

/// What a run works on.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The plots that are used, in the order of the files.
    pub plots: Vec<Plot>,
    /// All sensors that are described.
    pub sensors: Sensors,
    /// What was refused.
    pub refused: RefusedOutput,
    /// What a person should hear before the result: suspicious units, sensors that are missing.
    pub remarks: Vec<String>,
    /// The names of the files.
    pub files: Vec<String>,
}

/// What is read.
#[derive(Copy, Clone, Debug)]
pub struct Selection<'a> {
    /// Plot files.
    pub plots: &'a [PathBuf],
    /// What they hold; asked of each file where it is not stated.
    pub format: Option<InputFormat>,
    /// The sensor file; without it the sensors are those that the inputs state.
    pub sensors: Option<&'a Path>,
    /// Only these sensors; all where there is none.
    pub only_sensors: &'a [String],
    /// Only sensors of these owners; all where there is none. The others are not even known of.
    pub only_owners: &'a [String],
    /// Only plots up to this time.
    pub until: Option<Time>,
    /// When raw ASTERIX recordings begin.
    pub date: Option<Time>,
}

impl<'a> From<&'a PathArgs> for Selection<'a> {
    fn from(args: &'a PathArgs) -> Self {
        Self {
            plots: &args.plots,
            format: None,
            sensors: Some(&args.sensors),
            only_sensors: &args.only_sensors,
            only_owners: &[],
            until: args.until,
            date: None,
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Opens a file. Errors: [`Failure::Read`].
pub fn open(path: &Path) -> Result<File, Failure> {
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

/// Writes plots in a format. Errors: [`Failure::Write`], [`Failure::Unwritable`].
pub fn write_plots(path: &Path, format: Format, plots: &[Plot]) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    wire::write_plots(format, &mut bytes, plots).map_err(|source| Failure::Unwritable {
        path: path.to_owned(),
        source,
    })?;
    write(path, &bytes)
}

/// Reads a sensor file. Errors: [`Failure::Read`], [`Failure::Content`].
pub fn read_sensors(path: &Path) -> Result<Sensors, Failure> {
    wire::read_sensors(open(path)?, &shown(path)).map_err(|error| match error {
        SensorFileError::Io { source, .. } => Failure::Read {
            path: path.to_owned(),
            source,
        },
        error => Failure::Content { source: error.into() },
    })
}

/// The plots of a file, or that it is empty: a radar that saw nothing must not cost the plots of the others.
pub fn read_plots(path: &Path, format: Format) -> Result<Result<PlotFile, ReadError>, Failure> {
    match wire::read_plots(format, open(path)?, &shown(path)) {
        Ok(file) => Ok(Ok(file)),
        Err(empty @ ReadError::Empty { .. }) => Ok(Err(empty)),
        Err(ReadError::Io { source, .. }) => Err(Failure::Read {
            path: path.to_owned(),
            source,
        }),
        Err(error) => Err(Failure::Content { source: error.into() }),
    }
}

/// The plots of an ASTERIX recording; what cannot be read of it is refused.
fn read_recording(path: &Path, date: Option<Time>, input: &mut Input) -> Result<Vec<Plot>, Failure> {
    let bytes = fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })?;
    let mut options = AsterixOptions {
        date,
        sources: Sources::of(&input.sensors),
    };
    let file = read_asterix(&bytes, &shown(path), &mut options);
    for fault in file.faults.iter().take(REFUSALS_SHOWN_MAX) {
        input.refuse(fault.to_string());
    }
    let unlisted = usize::try_from(file.summary.faults).unwrap_or(usize::MAX);
    input.refused.count += unlisted - file.faults.len().min(REFUSALS_SHOWN_MAX);
    for (why, count) in &file.summary.no_plots {
        input
            .remarks
            .push(format!("{}: {count} records without a plot: {why}", shown(path)));
    }
    Ok(file.plots)
}

/// The sensors of some owners; all where none is named. Errors: [`Failure::Owner`].
fn owned(sensors: &Sensors, owners: &[String]) -> Result<Sensors, Failure> {
    let is_of = |sensor: &plot::Sensor, name: &String| *sensor.owner == **name;
    for name in owners {
        if !sensors.as_slice().iter().any(|sensor| is_of(sensor, name)) {
            let mut known: Vec<String> = sensors
                .as_slice()
                .iter()
                .map(|sensor| sensor.owner.to_string())
                .collect();
            known.sort_unstable();
            known.dedup();
            return Err(Failure::Owner {
                name: name.clone(),
                known,
            });
        }
    }
    let mut owned = Sensors::default();
    for sensor in sensors.as_slice() {
        if owners.is_empty() || owners.iter().any(|name| is_of(sensor, name)) {
            // Names are different in a list of sensors.
            let _no_duplicate = owned.insert(sensor.clone());
        }
    }
    Ok(owned)
}

/// Reads all that is selected.
///
/// Plots that are malformed or of no known sensor are counted in [`Input::refused`]; the others are never lost by them.
/// Errors: [`Failure::Read`], [`Failure::Content`], [`Failure::Format`], [`Failure::Sensor`], [`Failure::Owner`],
/// [`Failure::NoPlots`].
pub fn read(selection: &Selection<'_>, progress: &Progress) -> Result<Input, Failure> {
    let (sensors, remarks) = match selection.sensors {
        Some(path) => (read_sensors(path)?, Vec::new()),
        None => stated::sensors(selection)?,
    };
    for name in selection.only_sensors {
        sensors.index_of(name)?;
    }
    let owned = owned(&sensors, selection.only_owners)?;
    let mut input = Input {
        sensors,
        remarks,
        ..Input::default()
    };
    let mut sieve = Sieve::new(selection);
    let mut any = false;
    for path in selection.plots {
        progress.next(&format!("reading {}", shown(path)));
        input.files.push(shown(path));
        let Content::Plots(format) = content(path, selection.format)? else {
            let plots = read_recording(path, selection.date, &mut input)?;
            any |= !plots.is_empty();
            let sensors = &input.sensors;
            input
                .plots
                .extend(plots.into_iter().filter(|plot| sieve.keeps(plot, sensors)));
            continue;
        };
        let file = match read_plots(path, format)? {
            Ok(file) => file,
            Err(empty) => {
                input.remarks.push(empty.to_string());
                continue;
            }
        };
        any |= !file.plots.is_empty();
        input
            .remarks
            .extend(file.summary.suspicions.iter().map(|s| format!("{}: {s}", shown(path))));
        for refusal in file.refusals.iter().take(REFUSALS_SHOWN_MAX) {
            input.refuse(refusal.to_string());
        }
        let unlisted = usize::try_from(file.summary.refused).unwrap_or(usize::MAX);
        input.refused.count += unlisted - file.refusals.len().min(REFUSALS_SHOWN_MAX);
        let sensors = &input.sensors;
        input
            .plots
            .extend(file.plots.into_iter().filter(|plot| sieve.keeps(plot, sensors)));
    }
    for (name, count) in std::mem::take(&mut sieve.strangers) {
        let words = format!("{count} of {name:?}, which the sensor file does not have");
        input.remarks.push(format!("plots refused: {words}"));
        input.refused.count += count;
    }
    input.files.extend(selection.sensors.map(shown));
    input.sensors = owned;
    if input.plots.is_empty() {
        tell(&input);
        return Err(Failure::NoPlots {
            files: selection.plots.to_vec(),
            why: sieve.why_empty(any, &input),
            refused: input.refused,
        });
    }
    Ok(input)
}

/// Lets through the plots that are asked for, and counts the others.
struct Sieve<'a> {
    until: Option<Time>,
    only: &'a [String],
    owners: &'a [String],
    /// How many plots each sensor has that nobody described.
    strangers: BTreeMap<String, usize>,
    /// Whether there were plots of described sensors that are not asked for.
    not_asked: bool,
    /// The earliest of the plots that are only too late.
    first_later: Option<Time>,
}

impl<'a> Sieve<'a> {
    fn new(selection: &Selection<'a>) -> Self {
        Self {
            until: selection.until,
            only: selection.only_sensors,
            owners: selection.only_owners,
            strangers: BTreeMap::new(),
            not_asked: false,
            first_later: None,
        }
    }

    fn keeps(&mut self, plot: &Plot, sensors: &Sensors) -> bool {
        let Ok(sensor) = sensors.index_of(&plot.sensor) else {
            *self.strangers.entry(plot.sensor.to_string()).or_default() += 1;
            return false;
        };
        let owner = &*sensors.as_slice()[sensor].owner;
        let is_asked = |only: &[String], name: &str| only.is_empty() || only.iter().any(|asked| asked == name);
        if !is_asked(self.only, &plot.sensor) || !is_asked(self.owners, owner) {
            self.not_asked = true;
            return false;
        }
        if self.until.is_some_and(|until| plot.time > until) {
            self.first_later = Some(self.first_later.map_or(plot.time, |first| first.min(plot.time)));
            return false;
        }
        true
    }

    /// Why nothing is left to work on.
    fn why_empty(&self, any: bool, input: &Input) -> WhyNone {
        match self.first_later {
            Some(first) => WhyNone::Later { first },
            None if self.not_asked => WhyNone::NotAsked,
            None if any => WhyNone::Strangers,
            None if input.refused.count > 0 => WhyNone::Refused,
            None => WhyNone::None,
        }
    }
}

impl Input {
    fn refuse(&mut self, words: String) {
        self.refused.count += 1;
        if self.refused.first.len() < REFUSALS_SHOWN_MAX {
            self.refused.first.push(words);
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

/// How a kind of table is read.
type TableReader<T> = fn(TableFormat, File, &str) -> Result<Table<T>, ReadError>;

/// Reads a table of tracks or truths; one without a row is no fault.
pub fn table<T>(path: &Path, read: TableReader<T>) -> Result<Table<T>, Failure> {
    let name = path.display().to_string();
    let format = TableFormat::of_name(&name).ok_or_else(|| ScoreError::Format { file: name.clone() })?;
    read(format, open(path)?, &name).map_err(|error| match error {
        ReadError::Io { source, .. } => Failure::Read {
            path: path.to_owned(),
            source,
        },
        error => Failure::Content { source: error.into() },
    })
}

/// Counts what was refused of a table, and keeps the first of it.
pub fn refuse_table<T>(refused: &mut RefusedOutput, table: &Table<T>) {
    let count = usize::try_from(table.refused).unwrap_or(usize::MAX);
    refused.count = refused.count.saturating_add(count);
    let room = REFUSALS_SHOWN_MAX.saturating_sub(refused.first.len());
    let first = table.refusals.iter().take(room).map(ToString::to_string);
    refused.first.extend(first);
}
