//! The schedule of a station at work: when an object is looked at first, and when again.

use std::f64::consts::TAU;

use geo::Time;
use geo::angle::{wrap_pi, wrap_tau};

use super::{Schedule, Station};
use crate::Truth;

/// The schedule of one station in one span of time.
pub(super) struct Pace<'a> {
    station: &'a Station,
    pub(super) schedule: Schedule,
    span: (Time, Time),
    /// Share of a scan that is over when the span begins.
    pub(super) begun: f64,
}

/// How one object is looked at.
pub(super) struct Watch {
    /// The next look; meaningless after `until`.
    pub(super) next: Time,
    pub(super) until: Time,
    /// Share of a scan from its begin to this object (phased array).
    offset: f64,
    is_tracked: bool,
    misses: u32,
}

impl<'a> Pace<'a> {
    pub(super) fn new(station: &'a Station, schedule: Schedule, span: (Time, Time), begun: f64) -> Self {
        Self {
            station,
            schedule,
            span,
            begun,
        }
    }

    /// Begins to look at an object; `None` if it does not live within the span.
    pub(super) fn watch(&self, truth: &Truth, offset: f64) -> Option<Watch> {
        let (from, until) = truth.course.span();
        let (from, until) = (from.max(self.span.0), until.min(self.span.1));
        if from > until {
            return None;
        }
        let next = match self.schedule {
            Schedule::Rotating { period_s } => self.first_pass(truth, from, period_s),
            Schedule::Phased { search_s, .. } => self.next_frame(from, search_s, offset),
            Schedule::Staring { period_s } => self.next_frame(from, period_s, self.begun),
        };
        Some(Watch {
            next,
            until,
            offset,
            is_tracked: false,
            misses: 0,
        })
    }

    /// Sets when an object is looked at next, after a look.
    pub(super) fn advance(&self, watch: &mut Watch, truth: &Truth, time: Time, is_detected: bool) {
        watch.next = match self.schedule {
            Schedule::Rotating { period_s } => self.next_pass(truth, time, period_s),
            Schedule::Staring { period_s } => time + period_s,
            Schedule::Phased {
                search_s,
                track_s,
                misses_max,
            } => {
                watch.misses = if is_detected { 0 } else { watch.misses + 1 };
                watch.is_tracked = is_detected || watch.is_tracked && watch.misses < misses_max;
                if watch.is_tracked {
                    time + track_s
                } else {
                    self.next_frame(time + 1e-6, search_s, watch.offset)
                }
            }
        };
    }

    /// The first frame at an instant or later, of frames at `share`, `1 + share`, … periods after the span begins.
    fn next_frame(&self, from: Time, period_s: f64, share: f64) -> Time {
        let frames = ((from - self.span.0) / period_s - share).ceil().max(0.0);
        self.span.0 + (frames + share) * period_s
    }

    fn azimuth_rad(&self, truth: &Truth, time: Time) -> f64 {
        self.station.azimuth_rad(truth, time).unwrap_or(0.0)
    }

    /// When the turning beam first points at an object.
    fn first_pass(&self, truth: &Truth, from: Time, period_s: f64) -> Time {
        let beam_rad = TAU * ((from - self.span.0) / period_s + self.begun);
        let mut wait = wrap_tau(self.azimuth_rad(truth, from) - beam_rad) / TAU;
        for _ in 0..2 {
            let moved_rad = self.azimuth_rad(truth, from + wait * period_s) - beam_rad;
            wait += wrap_pi(moved_rad - wait * TAU) / TAU;
        }
        from + wait.max(0.0) * period_s
    }

    /// When the turning beam points at an object again: a turn later, and what it moved.
    fn next_pass(&self, truth: &Truth, from: Time, period_s: f64) -> Time {
        let Some(before_rad) = self.station.azimuth_rad(truth, from) else {
            return from + period_s;
        };
        let mut turns = 1.0;
        for _ in 0..2 {
            let Some(after_rad) = self.station.azimuth_rad(truth, from + turns * period_s) else {
                break;
            };
            turns = 1.0 + wrap_pi(after_rad - before_rad) / TAU;
        }
        from + turns * period_s
    }
}
