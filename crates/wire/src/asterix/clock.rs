//! From times of day to times: the date comes from the caller or from the capture, and rolls over at midnight.

use std::collections::HashMap;

use geo::Time;

use super::source::Source;

const S_PER_DAY: i64 = 86_400;
const HALF_DAY_S: f64 = 43_200.0;

/// Gives each time of day its date.
///
/// With a time of capture the date is the one that brings the two nearest. Without, the first record of a file is on
/// the date given, and each further one within half a day of the last of its source (at first: of the file).
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// The day, since 1970, on which the file begins.
    day: Option<i64>,
    /// Seconds of UTC since 1970 of the last record, of all and of each source.
    last_s: Option<f64>,
    by_source: HashMap<Source, f64>,
}

impl Clock {
    /// Begins a file on the UTC date of a time.
    pub(super) fn new(date: Option<Time>) -> Self {
        let day = date
            .and_then(Time::utc_ns)
            .map(|ns| ns.div_euclid(S_PER_DAY * 1_000_000_000));
        Self {
            day,
            last_s: None,
            by_source: HashMap::new(),
        }
    }

    /// Returns the time of a record; `None` where there is no date, or no day has that many seconds.
    pub(super) fn time(&mut self, source: Source, time_of_day_s: f64, captured: Option<Time>) -> Option<Time> {
        if !(0.0..S_PER_DAY as f64).contains(&time_of_day_s) {
            return None;
        }
        let captured_s = captured.and_then(Time::utc_ns).map(|ns| ns as f64 / 1e9);
        let last_s = || self.by_source.get(&source).copied().or(self.last_s);
        let near_s = captured_s.or_else(last_s);
        let day = match near_s {
            Some(near_s) => {
                let day = (near_s / S_PER_DAY as f64).floor() as i64;
                let ahead_s = day as f64 * S_PER_DAY as f64 + time_of_day_s - near_s;
                day - i64::from(ahead_s > HALF_DAY_S) + i64::from(ahead_s < -HALF_DAY_S)
            }
            None => self.day?,
        };
        let utc_s = day as f64 * S_PER_DAY as f64 + time_of_day_s;
        self.last_s = Some(utc_s);
        self.by_source.insert(source, utc_s);
        let into_day_ns = (time_of_day_s * 1e9).round() as i64;
        Time::from_utc_ns(
            day.checked_mul(S_PER_DAY)?
                .checked_mul(1_000_000_000)?
                .checked_add(into_day_ns)?,
        )
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Source = Source { sac: 20, sic: 129 };
    const B: Source = Source { sac: 20, sic: 130 };

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn midnight_is_passed_both_ways() {
        let mut clock = Clock::new(Some(at("2023-12-31T00:00:00Z")));
        for (source, time_of_day_s, expected) in [
            // The first record is on the date, however late in the day.
            (A, 86_390.5, "2023-12-31T23:59:50.500Z"),
            (A, 86_399.0, "2023-12-31T23:59:59Z"),
            (A, 1.0, "2024-01-01T00:00:01Z"),
            // A late record of the day before, of the same and of another source.
            (A, 86_399.5, "2023-12-31T23:59:59.500Z"),
            (B, 2.0, "2024-01-01T00:00:02Z"),
            (B, 86_398.0, "2023-12-31T23:59:58Z"),
        ] {
            assert_eq!(
                clock.time(source, time_of_day_s, None),
                Some(at(expected)),
                "{time_of_day_s}"
            );
        }
    }

    #[test]
    fn a_capture_knows_the_date() {
        let mut clock = Clock::new(None);
        assert_eq!(clock.time(A, 27_354.0, None), None);
        let captured = Some(at("2016-05-06T00:00:01Z"));
        assert_eq!(clock.time(A, 86_399.0, captured), Some(at("2016-05-05T23:59:59Z")));
        assert_eq!(clock.time(A, 0.5, captured), Some(at("2016-05-06T00:00:00.500Z")));
    }

    #[test]
    fn no_day_is_longer() {
        let mut clock = Clock::new(Some(at("2023-12-31T00:00:00Z")));
        assert_eq!(clock.time(A, 86_400.0, None), None);
        assert_eq!(clock.time(A, 131_071.99, None), None);
    }

    #[test]
    fn one_wild_clock_does_not_move_the_day_of_others() {
        let mut clock = Clock::new(Some(at("2023-05-02T00:00:00Z")));
        assert_eq!(clock.time(A, 28_800.0, None), Some(at("2023-05-02T08:00:00Z")));
        assert_eq!(clock.time(B, 68_400.0, None), Some(at("2023-05-02T19:00:00Z")));
        assert_eq!(clock.time(A, 21_600.0, None), Some(at("2023-05-02T06:00:00Z")));
    }
}
