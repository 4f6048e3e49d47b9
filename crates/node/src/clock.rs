//! The node's clock: steady, near to the wall clock, and never backwards.
//!
//! Time is the machine's steady counter plus an offset that was read from the wall clock at the start. A watch compares
//! the two again and again. Small differences are followed slowly, so that what is ordered stays ordered. A step beyond
//! a limit is an alarm: a step forward is followed once it has stood for a while, a step backward never, because times
//! that were given out would be given out twice; the alarm stands until the wall clock agrees again or the node starts
//! anew.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use geo::Time;

use crate::config::ExerciseClock;

/// How far the offset moves in one look at most, when the difference is small.
const SLEW_NS: i64 = 2_000_000;
/// How many looks in a row a step forward has to stand before it is followed.
const LOOKS_BEFORE_FOLLOWING: u32 = 10;

static START: LazyLock<Instant> = LazyLock::new(instant);

#[expect(
    clippy::disallowed_methods,
    reason = "this file is where the process reads its clocks"
)]
fn instant() -> Instant {
    Instant::now()
}

/// Nanoseconds since the process began to count, never backwards.
pub fn steady_ns() -> i64 {
    let start = *START;
    i64::try_from(instant().duration_since(start).as_nanos()).unwrap_or(i64::MAX)
}

/// The machine's wall clock, whatever it says.
#[expect(
    clippy::disallowed_methods,
    reason = "this file is where the process reads its clocks"
)]
pub fn wall() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ns = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
    // Before 1972 no clock of a node is right; the watch will say so.
    Time::from_utc_ns(ns).unwrap_or(Time::from_tai_ns(ns))
}

/// Readings of both clocks this near to each other count as one, ns.
const TOGETHER_NS: i64 = 5_000;
/// So often it is tried to get them, at most.
const READINGS_MAX: usize = 16;

/// The wall clock and the steady counter at one instant.
///
/// On a busy machine a thread may be set aside between the two readings for milliseconds, which would look as if the
/// clocks differed: the readings that lay nearest to each other are taken.
pub fn both() -> (Time, i64) {
    let reading = |_| (steady_ns(), wall(), steady_ns());
    nearest((0..READINGS_MAX).map(reading))
}

/// Of readings of the steady clock, the wall and the steady clock again, the one that took least; what is near enough
/// ends the search.
fn nearest(readings: impl Iterator<Item = (i64, Time, i64)>) -> (Time, i64) {
    let (mut best, mut least_ns) = ((Time::from_tai_ns(0), 0), i64::MAX);
    for (before_ns, wall, after_ns) in readings {
        let took_ns = after_ns - before_ns;
        if took_ns < least_ns {
            (best, least_ns) = ((wall, before_ns + took_ns / 2), took_ns);
        }
        if took_ns <= TOGETHER_NS {
            break;
        }
    }
    best
}

/// What a look at the wall clock found.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ClockNews {
    /// It agrees.
    Steady,
    /// It has stepped by so much, later is positive; the node's clock goes on by itself.
    Jumped {
        /// By how much, ns.
        by_ns: i64,
    },
    /// A step forward stood long enough: the node's clock follows.
    Followed {
        /// By how much, ns.
        by_ns: i64,
    },
    /// The wall clock agrees again.
    Agrees,
}

/// Judges the differences between a steady clock and the wall, look by look.
#[derive(Clone, Debug)]
pub struct Watch {
    jump_max_ns: i64,
    is_alarmed: bool,
    looks: u32,
}

impl Watch {
    /// Begins, with the step from which on it is an alarm.
    pub fn new(jump_max_s: f64) -> Self {
        Self {
            jump_max_ns: (jump_max_s * 1e9) as i64,
            is_alarmed: false,
            looks: 0,
        }
    }

    /// Whether the wall clock has stepped and was not followed.
    pub fn is_alarmed(&self) -> bool {
        self.is_alarmed
    }

    /// Judges one look: how far the offset has to move, and what there is to say. `ahead_ns` is wall minus node.
    pub fn look(&mut self, ahead_ns: i64) -> (i64, ClockNews) {
        if ahead_ns.saturating_abs() <= self.jump_max_ns {
            let news = if std::mem::take(&mut self.is_alarmed) {
                ClockNews::Agrees
            } else {
                ClockNews::Steady
            };
            self.looks = 0;
            return (ahead_ns.clamp(-SLEW_NS, SLEW_NS), news);
        }
        let is_new = !std::mem::replace(&mut self.is_alarmed, true);
        self.looks += 1;
        if ahead_ns > 0 && self.looks > LOOKS_BEFORE_FOLLOWING {
            self.is_alarmed = false;
            self.looks = 0;
            return (ahead_ns, ClockNews::Followed { by_ns: ahead_ns });
        }
        let news = if is_new {
            ClockNews::Jumped { by_ns: ahead_ns }
        } else {
            ClockNews::Steady
        };
        (0, news)
    }
}

/// The clock that all parts of the process share.
#[derive(Clone, Debug)]
pub struct NodeClock {
    shared: Arc<Shared>,
    exercise: Option<ExerciseClock>,
}

#[derive(Debug)]
struct Shared {
    /// TAI minus steady, ns.
    offset_ns: AtomicI64,
    /// The latest time that was given out.
    latest_ns: AtomicI64,
    is_alarmed: AtomicBool,
}

impl NodeClock {
    /// Begins at the wall clock's time.
    pub fn start(exercise: Option<ExerciseClock>) -> Self {
        let (wall, steady_ns) = both();
        let offset_ns = wall.tai_ns() - steady_ns;
        Self {
            shared: Arc::new(Shared {
                offset_ns: AtomicI64::new(offset_ns),
                latest_ns: AtomicI64::new(i64::MIN),
                is_alarmed: AtomicBool::new(false),
            }),
            exercise,
        }
    }

    /// The time now, never before one that was given out: of the exercise, where there is one.
    pub fn now(&self) -> Time {
        self.at(steady_ns())
    }

    /// The time at a reading of the steady clock, under the same rules.
    pub fn at(&self, steady_ns: i64) -> Time {
        let wall_ns = steady_ns.saturating_add(self.shared.offset_ns.load(Ordering::Relaxed));
        let before_ns = self.shared.latest_ns.fetch_max(wall_ns, Ordering::Relaxed);
        let now = Time::from_tai_ns(wall_ns.max(before_ns));
        match self.exercise {
            Some(exercise) => exercise.time + (now - exercise.at) * exercise.speed,
            None => now,
        }
    }

    /// How many seconds of this clock pass in one of the steady clock.
    pub fn speed(&self) -> f64 {
        self.exercise.map_or(1.0, |exercise| exercise.speed)
    }

    /// Looks at the wall clock, by a reading of [`both`].
    pub fn look(&self, watch: &mut Watch, (wall, steady_ns): (Time, i64)) -> ClockNews {
        let offset_ns = self.shared.offset_ns.load(Ordering::Relaxed);
        let node_ns = steady_ns.saturating_add(offset_ns);
        let (move_ns, news) = watch.look(wall.tai_ns().saturating_sub(node_ns));
        self.shared
            .offset_ns
            .store(offset_ns.saturating_add(move_ns), Ordering::Relaxed);
        self.shared.is_alarmed.store(watch.is_alarmed(), Ordering::Relaxed);
        news
    }

    /// Whether the wall clock has stepped and was not followed.
    pub fn is_alarmed(&self) -> bool {
        self.shared.is_alarmed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn small_differences_are_followed_slowly() {
        let mut watch = Watch::new(0.5);
        assert_eq!(watch.look(1_000_000), (1_000_000, ClockNews::Steady));
        assert_eq!(watch.look(-400_000_000), (-SLEW_NS, ClockNews::Steady));
        assert!(!watch.is_alarmed());
    }

    #[test]
    fn a_step_forward_is_an_alarm_and_followed_when_it_stands() {
        let mut watch = Watch::new(0.5);
        assert_eq!(watch.look(5 * S), (0, ClockNews::Jumped { by_ns: 5 * S }));
        for _ in 1..LOOKS_BEFORE_FOLLOWING {
            assert_eq!(watch.look(5 * S), (0, ClockNews::Steady));
            assert!(watch.is_alarmed());
        }
        assert_eq!(watch.look(5 * S), (5 * S, ClockNews::Followed { by_ns: 5 * S }));
        assert!(!watch.is_alarmed());
    }

    #[test]
    fn a_step_that_is_taken_back_is_not_followed() {
        let mut watch = Watch::new(0.5);
        watch.look(5 * S);
        assert_eq!(watch.look(0), (0, ClockNews::Agrees));
        assert_eq!(watch.look(0), (0, ClockNews::Steady));
    }

    #[test]
    fn a_step_backward_is_an_alarm_and_never_followed() {
        let mut watch = Watch::new(0.5);
        assert_eq!(watch.look(-5 * S).1, ClockNews::Jumped { by_ns: -5 * S });
        assert!((0..1000).all(|_| watch.look(-5 * S) == (0, ClockNews::Steady)));
        assert!(watch.is_alarmed());
        assert_eq!(watch.look(-1000).1, ClockNews::Agrees);
    }

    #[test]
    fn times_stay_ordered_whatever_the_wall_does() {
        let clock = NodeClock::start(None);
        let mut watch = Watch::new(0.5);
        let mut last = clock.now();
        let start = last;
        for step in 0..2000_i64 {
            let wall = start + ((step * 7919) % 41 - 20) as f64 * 0.1;
            clock.look(&mut watch, (wall, steady_ns()));
            let now = clock.now();
            assert!(now >= last, "step {step}");
            last = now;
        }
    }

    #[test]
    fn a_reading_that_was_interrupted_is_not_taken() {
        let wall = |ns| Time::from_tai_ns(ns);
        // The second was set aside for 3 ms between the two clocks; after the third nothing more is read.
        let readings = [
            (0, wall(900), 9_000),
            (10_000, wall(3_010_000), 3_020_000),
            (4_000_000, wall(4_000_100), 4_000_200),
        ];
        let unread = std::iter::once_with(|| panic!("read on"));
        assert_eq!(
            nearest(readings.into_iter().chain(unread)),
            (wall(4_000_100), 4_000_100)
        );
        assert_eq!(nearest(readings[..2].iter().copied()), (wall(900), 4_500));
    }

    #[test]
    fn the_clock_of_an_exercise_runs_from_its_own_start() {
        let at = wall();
        let time: Time = "2022-01-17T00:00:00Z".parse().unwrap();
        let clock = NodeClock::start(Some(ExerciseClock { time, at, speed: 10.0 }));
        let (first, second) = (clock.at(steady_ns()), clock.at(steady_ns() + S));
        assert!((0.0..60.0).contains(&(first - time)), "{first}");
        assert!((9.9..70.0).contains(&(second - first)), "{}", second - first);
    }
}
