//! A recording, replayed: by the node's clock, so many times as fast as measured, or as fast as it is taken in.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use geo::Time;
use plot::Plot;
use wire::asterix::{AsterixOptions, NoPlot, read_asterix};

use super::intake::fault_word;
use super::tcp::lines;
use super::{Feed, FeedError, Intake, Stop};
use crate::clock::steady_ns;
use crate::config::{Format, Pace};

/// How long it waits at once, so that a clock that is set meanwhile is seen.
const LOOK: Duration = Duration::from_millis(500);

/// A recording that was opened.
pub(super) struct Replay {
    file: File,
    path: PathBuf,
    format: Format,
    pace: Pace,
}

impl Replay {
    pub(super) fn open(feed: &Arc<str>, path: &Path, format: Format, pace: Pace) -> Result<Self, FeedError> {
        let file = File::open(path).map_err(|source| FeedError::Open {
            feed: feed.clone(),
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            file,
            path: path.to_owned(),
            format,
            pace,
        })
    }

    fn recording(mut self, intake: &Intake, stop: &Stop, pacer: &mut Pacer) {
        let mut octets = Vec::new();
        if let Err(error) = self.file.read_to_end(&mut octets) {
            return intake.refuse("io", || format!("{}: {}: {error}", intake.name, self.path.display()));
        }
        let mut options = AsterixOptions {
            date: None,
            sources: intake.known.sources.clone(),
        };
        let file = read_asterix(&octets, &intake.name, &mut options);
        drop(octets);
        for fault in &file.faults {
            intake.refuse(fault_word(&fault.reason), || fault.to_string());
        }
        for (reason, count) in &file.summary.no_plots {
            if *reason == NoPlot::NoTime {
                let words = || format!("{}: {count} records have no date: replay a capture", intake.name);
                intake.refuse("no_time", words);
            }
        }
        for plot in file.plots {
            if !intake.is_own(&plot, || self.path.display().to_string()) {
                continue;
            }
            if !pacer.wait(plot.time, intake, stop) || !intake.wait(plot, stop) {
                return;
            }
        }
    }
}

impl Feed for Replay {
    fn run(self: Box<Self>, intake: &Intake, stop: &Stop) {
        let mut pacer = Pacer::new(self.pace);
        if self.format == Format::Asterix {
            return self.recording(intake, stop, &mut pacer);
        }
        let take = |plot: Plot| pacer.wait(plot.time, intake, stop) && intake.wait(plot, stop);
        lines(
            BufReader::with_capacity(256 * 1024, self.file),
            (self.format, &self.path.display().to_string()),
            intake,
            take,
        );
    }
}

/// Says how long to wait for the time of each plot.
struct Pacer {
    pace: Pace,
    /// The first plot's time, and when it went, by the steady clock.
    first: Option<(Time, i64)>,
}

impl Pacer {
    fn new(pace: Pace) -> Self {
        Self { pace, first: None }
    }

    /// How long until a plot is due, at a reading of both clocks.
    fn due_in(&mut self, time: Time, now: Time, (steady_ns, speed): (i64, f64)) -> Duration {
        let wait_s = match self.pace {
            Pace::Fast => 0.0,
            Pace::Clock => (time - now) / speed,
            Pace::Times(times) => {
                let (first, began_ns) = *self.first.get_or_insert((time, steady_ns));
                (time - first) / times - (steady_ns - began_ns) as f64 / 1e9
            }
        };
        Duration::try_from_secs_f64(wait_s.max(0.0)).unwrap_or(LOOK)
    }

    /// Waits until a plot is due; returns false where it was told to stop.
    fn wait(&mut self, time: Time, intake: &Intake, stop: &Stop) -> bool {
        loop {
            if self.pace == Pace::Fast {
                return !stop.is_set();
            }
            let clocks = (steady_ns(), intake.clock.speed());
            let wait = self.due_in(time, intake.now(), clocks);
            if wait.is_zero() {
                return !stop.is_set();
            }
            if stop.wait(wait.min(LOOK)) {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_is_due_when_its_time_has_come() {
        let at = |s: f64| Time::from_tai_ns(0) + s;
        let clocks = |s: f64| ((s * 1e9) as i64, 1.0);
        let mut pacer = Pacer::new(Pace::Times(4.0));
        assert_eq!(pacer.due_in(at(100.0), at(0.0), clocks(50.0)), Duration::ZERO);
        assert_eq!(pacer.due_in(at(104.0), at(0.0), clocks(50.0)), Duration::from_secs(1));
        assert_eq!(
            pacer.due_in(at(104.0), at(0.0), clocks(50.5)),
            Duration::from_millis(500)
        );
        assert_eq!(pacer.due_in(at(99.0), at(0.0), clocks(51.0)), Duration::ZERO);
        let mut pacer = Pacer::new(Pace::Clock);
        assert_eq!(pacer.due_in(at(104.0), at(100.0), (0, 8.0)), Duration::from_millis(500));
        assert_eq!(pacer.due_in(at(104.0), at(105.0), (0, 8.0)), Duration::ZERO);
        let mut pacer = Pacer::new(Pace::Fast);
        assert_eq!(pacer.due_in(at(1e6), at(0.0), clocks(0.0)), Duration::ZERO);
    }
}
