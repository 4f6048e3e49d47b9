//! The looks that a station would have at an object without chance: for coverage and bounds.

use geo::Time;

use super::pace::Pace;
use super::transmission::interval_s;
use super::{Look, Station};
use crate::Truth;

impl Station {
    /// Returns the looks at an object that is alone, in order of true time: those in view.
    ///
    /// The schedule is that of [`crate::observe`] with a scan that begins with the span. A phased array counts as
    /// having found the object, and comes back sooner, once the looks so far miss it less often than every second time;
    /// it gives it up where it is out of view.
    pub fn looks(&self, truth: &Truth, span: (Time, Time)) -> Vec<(Time, Look)> {
        let mut looks = Vec::new();
        let Some(schedule) = self.schedule() else {
            let (first, last) = truth.course.span();
            let mut time = first.max(span.0);
            while self.reports(truth) && time <= last.min(span.1) {
                looks.extend(self.look(truth, time).map(|look| (time, look)));
                time = time + interval_s(&self.source, truth, time);
            }
            return looks;
        };
        let pace = Pace::new(self, schedule, span, 0.0);
        let Some(mut watch) = pace.watch(truth, 0.0) else {
            return looks;
        };
        let mut missed = 1.0;
        while watch.next <= watch.until {
            let time = watch.next;
            let look = self.look(truth, time);
            missed = look.as_ref().map_or(1.0, |look| missed * (1.0 - look.probability));
            pace.advance(&mut watch, truth, time, missed < 0.5);
            looks.extend(look.map(|look| (time, look)));
        }
        looks
    }
}
