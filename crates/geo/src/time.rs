//! When: TAI inside, UTC with leap seconds at the edge.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::sync::LazyLock;

use hifitime::leap_seconds::LatestLeapSeconds;

/// Nanoseconds in a second.
const NS_PER_S: i64 = 1_000_000_000;
/// Seconds in a day of UTC without a leap second.
const S_PER_DAY: i64 = 86_400;
/// The first UTC second (since 1970) with whole leap seconds: 1972-01-01.
const UTC_FIRST_S: i64 = 63_072_000;
/// The first UTC second (since 1970) beyond the span: 2262-01-01.
const UTC_END_S: i64 = 9_214_646_400;

/// An instant: nanoseconds of TAI since 1970-01-01T00:00:00 TAI, from 1678 to 2262.
///
/// Ordering and differences count every second that passed, leap seconds included. It is not a UTC or Unix time: read
/// and print with [`FromStr`] and [`fmt::Display`], which go through UTC.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    tai_ns: i64,
}

/// Why a text is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has not the form of RFC 3339 in UTC.
    #[error("not an RFC 3339 UTC time such as 2021-09-09T17:25:00.050Z")]
    Form,
    /// A month, day, hour, minute or second that no calendar has, or a leap second where none was.
    #[error("no such date or time of day in UTC")]
    Calendar,
    /// Before 1972 (when UTC with leap seconds began) or after 2261.
    #[error("outside the years 1972 to 2261")]
    Span,
}

/// One row of the leap second table.
struct Leap {
    /// The first UTC second, counted since 1970 as if every day had 86,400, for which the row holds.
    utc_from_s: i64,
    /// TAI - UTC.
    tai_minus_utc_s: i64,
}

/// The announced leap seconds, from hifitime's copy of the IERS list, oldest first.
static LEAPS: LazyLock<Vec<Leap>> = LazyLock::new(|| {
    const S_1900_TO_1970: i64 = 2_208_988_800;
    LatestLeapSeconds::default()
        .filter(|entry| entry.announced_by_iers)
        .map(|entry| Leap {
            utc_from_s: entry.timestamp_tai_s as i64 - S_1900_TO_1970,
            tai_minus_utc_s: entry.delta_at as i64,
        })
        .collect()
});

/// TAI - UTC at a UTC second; the rows before 1972 do not exist.
fn tai_minus_utc_s(utc_s: i64) -> i64 {
    LEAPS
        .iter()
        .rev()
        .find(|leap| utc_s >= leap.utc_from_s)
        .map_or(10, |leap| leap.tai_minus_utc_s)
}

impl Time {
    /// Makes an instant of nanoseconds of TAI since 1970-01-01T00:00:00 TAI.
    pub const fn from_tai_ns(tai_ns: i64) -> Self {
        Self { tai_ns }
    }

    /// Nanoseconds of TAI since 1970-01-01T00:00:00 TAI.
    pub const fn tai_ns(self) -> i64 {
        self.tai_ns
    }

    /// Makes an instant of nanoseconds of UTC since 1970, 86,400 s to each day (a Unix time), as columnar files have
    /// it.
    ///
    /// Errors: [`TimeError::Span`] before 1972 and after 2261.
    pub fn from_utc_ns(utc_ns: i64) -> Result<Self, TimeError> {
        let utc_s = utc_ns.div_euclid(NS_PER_S);
        if !(UTC_FIRST_S..UTC_END_S).contains(&utc_s) {
            return Err(TimeError::Span);
        }
        Ok(Self {
            tai_ns: utc_ns + tai_minus_utc_s(utc_s) * NS_PER_S,
        })
    }

    /// Nanoseconds of UTC since 1970, 86,400 s to each day; `None` in an inserted leap second, which such a count has
    /// not.
    pub fn utc_ns(self) -> Option<i64> {
        let (utc_s, ns, is_leap) = self.to_utc();
        (!is_leap).then(|| utc_s.saturating_mul(NS_PER_S).saturating_add(ns))
    }

    /// Returns the instant a span later (earlier when negative), rounded to the nanosecond, saturating.
    pub fn plus_s(self, span_s: f64) -> Self {
        let whole_s = span_s.floor();
        let rest_ns = ((span_s - whole_s) * NS_PER_S as f64).round() as i64;
        Self {
            tai_ns: self
                .tai_ns
                .saturating_add((whole_s as i64).saturating_mul(NS_PER_S))
                .saturating_add(rest_ns),
        }
    }

    /// Returns the seconds that passed since an earlier instant, negative if it is later.
    pub fn since_s(self, earlier: Self) -> f64 {
        let ns = match self.tai_ns.checked_sub(earlier.tai_ns) {
            Some(ns) => ns as f64,
            None => (i128::from(self.tai_ns) - i128::from(earlier.tai_ns)) as f64,
        };
        ns / NS_PER_S as f64
    }

    /// Returns the next instant at which a second of UTC begins, or this one.
    pub fn ceil_utc_s(self) -> Self {
        // Since 1972 TAI and UTC differ by whole seconds.
        let into_s = self.tai_ns.rem_euclid(NS_PER_S);
        if into_s == 0 {
            self
        } else {
            Self {
                tai_ns: self.tai_ns - into_s + NS_PER_S,
            }
        }
    }

    /// Returns days of Terrestrial Time since J2000.0 (2000-01-01T12:00:00 TT), for ephemerides of Sun and Moon.
    pub fn tt_days_since_j2000(self) -> f64 {
        const J2000_TT_IN_TAI_NS: i64 = 946_728_000 * NS_PER_S - 32_184_000_000;
        (self.tai_ns - J2000_TT_IN_TAI_NS) as f64 / (S_PER_DAY * NS_PER_S) as f64
    }

    /// Returns days of UTC since J2000.0 (2000-01-01T12:00:00 UTC), counting 86,400 s to each day.
    pub fn utc_days_since_j2000(self) -> f64 {
        let (utc_s, ns, _) = self.to_utc();
        (utc_s - 946_728_000) as f64 / S_PER_DAY as f64 + ns as f64 / (S_PER_DAY * NS_PER_S) as f64
    }

    /// The UTC second since 1970 (86,400 to a day), the nanosecond in it, and whether it is an inserted leap second, in
    /// which case the second is that of 23:59:59 before it.
    fn to_utc(self) -> (i64, i64, bool) {
        let tai_s = self.tai_ns.div_euclid(NS_PER_S);
        let ns = self.tai_ns.rem_euclid(NS_PER_S);
        for (leap, offset_before_s) in LEAPS
            .iter()
            .rev()
            .zip(LEAPS.iter().rev().skip(1).map(|l| l.tai_minus_utc_s).chain([10]))
        {
            if tai_s - leap.tai_minus_utc_s >= leap.utc_from_s {
                return (tai_s - leap.tai_minus_utc_s, ns, false);
            }
            if tai_s - offset_before_s >= leap.utc_from_s {
                return (leap.utc_from_s - 1, ns, true);
            }
        }
        (tai_s - 10, ns, false)
    }
}

/// Seconds later.
impl Add<f64> for Time {
    type Output = Self;
    fn add(self, span_s: f64) -> Self {
        self.plus_s(span_s)
    }
}

/// Seconds between.
impl Sub for Time {
    type Output = f64;
    fn sub(self, earlier: Self) -> f64 {
        self.since_s(earlier)
    }
}

/// Reads two digits.
fn two(text: &[u8], at: usize) -> Result<i64, TimeError> {
    match (text.get(at), text.get(at + 1)) {
        (Some(a @ b'0'..=b'9'), Some(b @ b'0'..=b'9')) => Ok(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => Err(TimeError::Form),
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Source: Hinnant, chrono-compatible low-level date algorithms (2013), `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a day since 1970-01-01; the inverse of [`days_from_civil`], same source.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Reads RFC 3339 in UTC: `2021-09-09T17:25:00Z`, with up to nine decimals of a second; `+00:00` for `Z` is accepted,
/// other offsets are not; a leap second is `23:59:60` where there was one.
///
/// Errors: [`TimeError::Form`], [`TimeError::Calendar`], [`TimeError::Span`].
impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let t = text.as_bytes();
        let separators_stand = t.len() >= 20
            && t[4] == b'-'
            && t[7] == b'-'
            && matches!(t[10], b'T' | b't' | b' ')
            && t[13] == b':'
            && t[16] == b':';
        if !separators_stand {
            return Err(TimeError::Form);
        }
        let (year, month, day) = (two(t, 0)? * 100 + two(t, 2)?, two(t, 5)?, two(t, 8)?);
        let (hour, minute, second) = (two(t, 11)?, two(t, 14)?, two(t, 17)?);
        let (ns, zone) = fraction_ns(&t[19..])?;
        if !matches!(zone, b"Z" | b"z" | b"+00:00") {
            return Err(TimeError::Form);
        }
        if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 60 {
            return Err(TimeError::Calendar);
        }
        let days = days_from_civil(year, month, day);
        if civil_from_days(days) != (year, month, day) {
            return Err(TimeError::Calendar);
        }
        let utc_s = days * S_PER_DAY + hour * 3_600 + minute * 60 + second;
        if !(UTC_FIRST_S..UTC_END_S).contains(&utc_s) {
            return Err(TimeError::Span);
        }
        if second < 60 {
            return Ok(Self {
                tai_ns: (utc_s + tai_minus_utc_s(utc_s)) * NS_PER_S + ns,
            });
        }
        // 23:59:60 carries the offset that held before it.
        let inserted = LEAPS.iter().skip(1).any(|leap| leap.utc_from_s == utc_s);
        if inserted {
            Ok(Self {
                tai_ns: (utc_s + tai_minus_utc_s(utc_s - 1)) * NS_PER_S + ns,
            })
        } else {
            Err(TimeError::Calendar)
        }
    }
}

/// Reads `.123456789` if it stands there: nanoseconds, and what follows.
fn fraction_ns(text: &[u8]) -> Result<(i64, &[u8]), TimeError> {
    let Some((b'.', rest)) = text.split_first() else {
        return Ok((0, text));
    };
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    if !(1..=9).contains(&digits) {
        return Err(TimeError::Form);
    }
    let value = rest[..digits].iter().fold(0, |sum, c| sum * 10 + i64::from(c - b'0'));
    Ok((value * 10_i64.pow(9 - digits as u32), &rest[digits..]))
}

/// Prints RFC 3339 in UTC with milliseconds, or with the precision asked (`{:.9}` for nanoseconds), rounded down.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (utc_s, ns, is_leap) = self.to_utc();
        let (year, month, day) = civil_from_days(utc_s.div_euclid(S_PER_DAY));
        let of_day_s = utc_s.rem_euclid(S_PER_DAY);
        let (hour, minute, second) = (of_day_s / 3_600, of_day_s / 60 % 60, of_day_s % 60 + i64::from(is_leap));
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match f.precision().unwrap_or(3).min(9) {
            0 => write!(f, "Z"),
            digits => write!(f, ".{:0digits$}Z", ns / 10_i64.pow(9 - digits as u32)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn text_comes_back_as_it_was() {
        for text in [
            "1972-01-01T00:00:00.000Z",
            "2000-02-29T23:59:59.999Z",
            "2016-12-31T23:59:60.500Z",
            "2017-01-01T00:00:00.000Z",
            "2021-09-09T17:25:00.050Z",
            "2261-12-31T23:59:59.000Z",
        ] {
            assert_eq!(time(text).to_string(), text);
        }
        assert_eq!(
            format!("{:.9}", time("2021-09-09T17:25:00.123456789Z")),
            "2021-09-09T17:25:00.123456789Z"
        );
        assert_eq!(
            format!("{:.0}", time("2021-09-09T17:25:00+00:00")),
            "2021-09-09T17:25:00Z"
        );
    }

    #[test]
    fn a_leap_second_lasts_a_second() {
        assert_eq!(time("2017-01-01T00:00:00Z") - time("2016-12-31T23:59:59Z"), 2.0);
        assert_eq!(time("2017-01-01T00:00:00Z") - time("2016-12-31T23:59:60Z"), 1.0);
        assert_eq!(time("2018-01-01T00:00:00Z") - time("2017-12-31T23:59:59Z"), 1.0);
    }

    #[test]
    fn agrees_with_hifitime() {
        for text in [
            "1972-06-30T23:59:59Z",
            "1999-01-01T00:00:00Z",
            "2010-11-02T03:00:13Z",
            "2021-09-09T17:25:00Z",
        ] {
            let outside = hifitime::Epoch::from_gregorian_str(text).unwrap();
            let since_1970 = outside.to_tai_duration().total_nanoseconds() - 2_208_988_800 * i128::from(NS_PER_S);
            assert_eq!(since_1970, i128::from(time(text).tai_ns()), "{text}");
        }
    }

    #[test]
    fn unix_times_have_no_leap_second() {
        for (text, utc_ns) in [
            ("1972-01-01T00:00:00Z", Some(63_072_000_000_000_000)),
            ("2016-12-31T23:59:59.999999999Z", Some(1_483_228_799_999_999_999)),
            ("2016-12-31T23:59:60Z", None),
            ("2017-01-01T00:00:00Z", Some(1_483_228_800_000_000_000)),
            ("2021-09-09T17:25:00.050Z", Some(1_631_208_300_050_000_000)),
            ("2261-12-31T23:59:59Z", Some(9_214_646_399_000_000_000)),
        ] {
            assert_eq!(time(text).utc_ns(), utc_ns, "{text}");
            if let Some(utc_ns) = utc_ns {
                assert_eq!(Time::from_utc_ns(utc_ns), Ok(time(text)));
            }
        }
        for utc_ns in [i64::MIN, 0, 63_071_999_999_999_999, 9_214_646_400_000_000_000, i64::MAX] {
            assert_eq!(Time::from_utc_ns(utc_ns), Err(TimeError::Span));
        }
    }

    #[test]
    fn j2000_is_zero() {
        assert_eq!(time("2000-01-01T12:00:00Z").utc_days_since_j2000(), 0.0);
        let tt_s = time("2000-01-01T12:00:00Z").tt_days_since_j2000() * 86_400.0;
        assert!((tt_s - 64.184).abs() < 1e-6, "TT - UTC in 2000 is 64.184 s, not {tt_s}");
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, why) in [
            ("", TimeError::Form),
            ("2021-09-09", TimeError::Form),
            ("2021-09-09T17:25:00", TimeError::Form),
            ("2021-09-09T17:25:00+09:00", TimeError::Form),
            ("2021-09-09T17:25:00.Z", TimeError::Form),
            ("2021-09-09T17:25:00.1234567890Z", TimeError::Form),
            ("2021-9-09T17:25:00.000Z", TimeError::Form),
            ("２021-09-09T17:25:00Z", TimeError::Form),
            ("2021-02-29T00:00:00Z", TimeError::Calendar),
            ("2021-13-01T00:00:00Z", TimeError::Calendar),
            ("2021-09-09T24:00:00Z", TimeError::Calendar),
            ("2021-09-09T23:59:60Z", TimeError::Calendar),
            ("1970-01-01T00:00:00Z", TimeError::Span),
            ("9999-01-01T00:00:00Z", TimeError::Span),
        ] {
            assert_eq!(text.parse::<Time>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn adding_undoes_subtracting() {
        let a = time("2021-09-09T17:25:00.050Z");
        for span_s in [-1e6, -0.1, 0.0, 1e-9, 0.05, 200.0, 1e8] {
            assert!(((a + span_s) - a - span_s).abs() < 2e-9, "{span_s}");
        }
    }
}
