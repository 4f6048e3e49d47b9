//! `trilat track`: all tracks of a recording.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use estimate::belief::Gaussian;
use geo::{Ecef, Geodetic, Position, Site, Velocity};
use nalgebra::Matrix6;
use plot::{Plot, Sensor};
use track::associate::{Method, Pool};
use track::{Event, Forecast, News, Options, Row, Timeline, TimelineOptions, TrackReport};
use wire::tracks::{Region, RowKind, TrackRow, TrackWriter};
use wire::{Format, TableFormat, WriteError};

use crate::args::{Association, TrackArgs};
use crate::files::{Input, Selection};
use crate::output::{TracksOutput, WatchedOutput};
use crate::progress::Progress;
use crate::report::{TracksPage, render_tracks};
use crate::tracks::{geojson, globe};
use crate::{Failure, files, partners, terminal};

/// So many plots are taken in before what is settled is taken out.
const BATCH: usize = 10_000;
/// Without a stated lag no plot is too old: a century.
const LAG_S: f64 = 3.2e9;

/// Tracks the recording, prints its tracks, and writes what is asked for.
pub fn track(args: &TrackArgs) -> Result<(), Failure> {
    let out = args
        .out
        .as_deref()
        .map(|path| Ok::<_, Failure>((path, OutFormat::of(path)?)));
    let out = out.transpose()?;
    let late = args.late.as_deref();
    let late = late.map(|path| Ok::<_, Failure>((path, Format::of_name(&path.display().to_string())?)));
    let late = late.transpose()?;
    let progress = Progress::begin("reading");
    let mut input = files::read(
        &Selection {
            plots: &args.inputs,
            format: args.format,
            sensors: args.sensors.as_deref(),
            only_sensors: &[],
            only_owners: &args.only_owners,
            until: None,
            date: args.date,
        },
        &progress,
    )?;
    let reports = partners::read(&args.partners, &mut input.sensors, &mut input.refused)?;
    drop(progress);
    files::tell(&input);
    let (
        mut timeline,
        Told {
            rows,
            events,
            forecasts,
        },
    ) = tracked(args, &input, reports)?;
    let sensors = input.sensors.as_slice();
    let mut output = TracksOutput::new(
        &rows,
        &events,
        &forecasts,
        timeline.counts(),
        input.refused.count,
        sensors,
    );
    output.sensors = watched(&mut timeline, sensors);
    output.association = timeline.efforts().into();
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    if let Some((path, format)) = late {
        files::write_plots(path, format, &timeline.drain_late())?;
    }
    if let Some((path, format)) = out {
        write(path, format, &rows, &forecasts, sensors)?;
    }
    let Some(path) = &args.report else { return Ok(()) };
    let place = |plot: &Plot| input.sensors.index_of(&plot.sensor).ok().map(|at| (plot.time, at));
    let page = render_tracks(&TracksPage {
        rows: &rows,
        events: &events,
        output: &output,
        sensors,
        detections: &input.plots.iter().filter_map(place).collect::<Vec<_>>(),
        inputs: &input.files,
    });
    files::write(path, page.as_bytes())
}

/// What was said of the tracks.
#[derive(Default)]
struct Told {
    rows: Vec<Row>,
    events: Vec<Event>,
    forecasts: Vec<Forecast>,
}

impl Told {
    fn take(&mut self, (rows, events): (Vec<Row>, Vec<Event>), forecasts: Vec<Forecast>) {
        self.rows.extend(rows);
        self.events.extend(events);
        self.forecasts.extend(forecasts);
    }
}

/// Takes in all plots, in their order in the files, and what partners report as of their time.
fn tracked(args: &TrackArgs, input: &Input, reports: Vec<TrackReport>) -> Result<(Timeline, Told), Failure> {
    let timing = TimelineOptions {
        lag_s: args.lag_s.unwrap_or(LAG_S),
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&input.sensors, timing, tracking(args));
    let progress = Progress::count("tracking", input.plots.len() as u64);
    let mut told = Told::default();
    let mut reports = reports.into_iter().peekable();
    for batch in input.plots.chunks(BATCH) {
        for plot in batch {
            while let Some(report) = reports.next_if(|report| report.time < plot.time) {
                timeline.report(&report)?;
            }
            timeline.add(plot)?;
        }
        told.take(timeline.settle(&Cores), timeline.forecasts(&Cores));
        progress.add(batch.len() as u64);
    }
    for report in reports {
        timeline.report(&report)?;
    }
    told.take(timeline.finish(&Cores), timeline.forecasts(&Cores));
    Ok((timeline, told))
}

/// What is known of the sensors; what happened to them is said on standard error.
fn watched(timeline: &mut Timeline, sensors: &[Sensor]) -> Vec<WatchedOutput> {
    let watched = WatchedOutput::of_all(&timeline.sensor_reports(), &timeline.drain_sensor_events(), sensors);
    for line in watched.iter().flat_map(WatchedOutput::lines) {
        terminal::remark(&line);
    }
    watched
}

fn tracking(args: &TrackArgs) -> Options {
    Options {
        method: match args.association {
            Association::Gnn => Method::Gnn,
            Association::Lbp => Method::Lbp,
            Association::Exact => Method::Exact,
            Association::Mht => Method::Mht,
        },
        is_target_ignored: args.ignore_target,
        tracklets_s: args.tracklets_s,
        ..Options::default()
    }
}

/// What `--out` is written as.
#[derive(Copy, Clone)]
enum OutFormat {
    Table(TableFormat),
    Czml,
    GeoJson,
}

impl OutFormat {
    /// The format that the end of a file's name stands for. Errors: [`Failure::TracksFormat`].
    fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        match ending.as_deref().and_then(|ending| ending.to_str()) {
            Some("czml") => Ok(Self::Czml),
            Some("geojson") => Ok(Self::GeoJson),
            _ => TableFormat::of_name(&path.display().to_string())
                .map(Self::Table)
                .ok_or_else(|| Failure::TracksFormat { path: path.to_owned() }),
        }
    }
}

/// Writes the rows in a format.
fn write(
    path: &Path,
    format: OutFormat,
    rows: &[Row],
    forecasts: &[Forecast],
    sensors: &[Sensor],
) -> Result<(), Failure> {
    match format {
        OutFormat::Table(format) => write_table(path, format, rows, forecasts, sensors),
        OutFormat::Czml => files::write(path, globe::document("tracks", rows).as_bytes()),
        OutFormat::GeoJson => files::write(path, geojson::document(rows).as_bytes()),
    }
}

/// Writes the rows as a table.
fn write_table(
    path: &Path,
    format: TableFormat,
    rows: &[Row],
    forecasts: &[Forecast],
    sensors: &[Sensor],
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let mut written_all = || -> Result<(), WriteError> {
        let mut writer = TrackWriter::new(format, &mut bytes)?;
        let mut left = forecasts;
        for row in rows {
            let ahead = left.partition_point(|forecast| forecast.time < row.time);
            for foretold in left[..ahead].iter().flat_map(foretold) {
                writer.write(&foretold)?;
            }
            left = &left[ahead..];
            writer.write(&written(row, sensors))?;
            for tracklet in row.news.iter().map(|news| tracklet(row, news)) {
                writer.write(&tracklet)?;
            }
        }
        for foretold in left.iter().flat_map(foretold) {
            writer.write(&foretold)?;
        }
        writer.finish()?;
        Ok(())
    };
    written_all().map_err(|error| Failure::Unwritable {
        path: path.to_owned(),
        source: error,
    })?;
    files::write(path, &bytes)
}

/// A row as files have it.
fn written(row: &Row, sensors: &[Sensor]) -> TrackRow {
    TrackRow {
        plots: Some(u64::from(row.plots)),
        sensors: row.sensors.iter().map(|of| sensors[*of].name.clone()).collect(),
        ..stated(row, RowKind::Update, &row.belief)
    }
}

/// The tracklet that came with a row.
fn tracklet(row: &Row, news: &News) -> TrackRow {
    TrackRow {
        sensors: news.sensors.clone(),
        span_s: Some(row.time - news.since),
        ..stated(row, RowKind::Tracklet, &news.belief)
    }
}

/// A belief at the time of a row as files have it.
fn stated(row: &Row, kind: RowKind, belief: &Gaussian<6>) -> TrackRow {
    let Gaussian { mean, covariance } = *belief;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
    let axes = *Site::new(place).enu_from_ecef();
    let mut turn = Matrix6::zeros();
    turn.fixed_view_mut::<3, 3>(0, 0).copy_from(&axes);
    turn.fixed_view_mut::<3, 3>(3, 3).copy_from(&axes);
    let local = turn * covariance * turn.transpose();
    let mut triangle = (0..6).flat_map(|row| (row..6).map(move |column| (row, column)));
    TrackRow {
        time: row.time,
        track: row.track.to_string().into(),
        kind,
        phase: Some(row.phase.name().into()),
        existence: Some(row.existence),
        place,
        velocity: Velocity::from_vector(axes * mean.fixed_rows::<3>(3)),
        covariance: Some(std::array::from_fn(|_| triangle.next().map_or(0.0, |at| local[at]))),
        plots: None,
        sensors: Vec::new(),
        region: None,
        span_s: None,
    }
}

/// The rows of a forecast: its launch, its arrival.
fn foretold(forecast: &Forecast) -> Vec<TrackRow> {
    let of = |kind: RowKind, region: &track::forecast::Region| TrackRow {
        time: forecast.time,
        track: forecast.track.to_string().into(),
        kind,
        phase: Some(forecast.phase.name().into()),
        existence: Some(forecast.existence),
        place: region.centre,
        velocity: region.velocity,
        covariance: None,
        plots: None,
        sensors: Vec::new(),
        region: Some(Region {
            way: region.way.name().into(),
            weight: region.weight.min(1.0),
            probability: region.probability,
            in_s: region.middle - forecast.time,
            earliest_s: region.earliest - forecast.time,
            latest_s: region.latest - forecast.time,
            major_m: region.major_m,
            minor_m: region.minor_m,
            azimuth_deg: region.azimuth_deg,
        }),
        span_s: None,
    };
    let launch = forecast.launch.iter().map(|region| of(RowKind::Launch, region));
    let arrival = forecast.arrival.iter().map(|region| of(RowKind::Forecast, region));
    launch.chain(arrival).collect()
}

/// All cores of the machine, for work that is worth a thread.
struct Cores;

/// Fewer tasks are done at once on the caller's thread: a thread costs more than a small cluster.
const TASKS_MIN: usize = 64;

impl Pool for Cores {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if count < TASKS_MIN || cores < 2 {
            (0..count).for_each(task);
            return;
        }
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            break;
                        }
                        task(index);
                    }
                });
            }
        });
    }
}
