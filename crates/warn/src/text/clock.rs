//! Times of day as people say them where they are.

use geo::Time;
use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;

/// How far local time is ahead of UTC, in minutes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone {
    ahead_min: i16,
}

/// Japan and Korea.
impl Default for Zone {
    fn default() -> Self {
        Self { ahead_min: 540 }
    }
}

impl Zone {
    /// A zone so many minutes ahead of UTC; `None` beyond 14 hours.
    pub fn new(ahead_min: i16) -> Option<Self> {
        (ahead_min.abs() <= 840).then_some(Self { ahead_min })
    }

    /// `+09:00`; UTC is `-00:00`, as CAP wants it.
    fn offset(self) -> String {
        let sign = if self.ahead_min > 0 { '+' } else { '-' };
        let ahead = self.ahead_min.unsigned_abs();
        format!("{sign}{:02}:{:02}", ahead / 60, ahead % 60)
    }

    /// RFC 3339 to the second with the zone's offset, `2022-10-04T07:29:00+09:00`.
    pub(crate) fn stamp(self, time: Time) -> String {
        let text = self.local(time);
        format!("{}{}", text.get(..19).unwrap_or(""), self.offset())
    }

    /// Local time written as if it were UTC.
    fn local(self, time: Time) -> String {
        format!("{:.0}", time + 60.0 * f64::from(self.ahead_min))
    }

    /// What the zone is called.
    pub(super) fn name(self, catalogue: &Catalogue) -> String {
        match self.ahead_min {
            0 => catalogue.text("zone_utc").to_owned(),
            540 => catalogue.text("zone_540").to_owned(),
            _ => catalogue.fill("zone_offset", &[("offset", &self.offset())]),
        }
    }

    /// The time of day to the minute, rounded down.
    pub(super) fn clock(self, time: Time, catalogue: &Catalogue) -> String {
        self.fill("clock", time, catalogue)
    }

    /// The time of day to the minute, rounded up.
    pub(super) fn clock_up(self, time: Time, catalogue: &Catalogue) -> String {
        self.fill("clock", time + 59.999_999, catalogue)
    }

    pub(super) fn date(self, time: Time, catalogue: &Catalogue) -> String {
        self.fill("date", time, catalogue)
    }

    fn fill(self, key: &str, time: Time, catalogue: &Catalogue) -> String {
        let text = self.local(time);
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or("").to_owned();
        let plain = |from: usize| part(from, from + 2).trim_start_matches('0').to_owned();
        let minute = Some(plain(14))
            .filter(|minute| !minute.is_empty())
            .unwrap_or("0".to_owned());
        let hour: u32 = part(11, 13).parse().unwrap_or(0);
        let half = if hour < 12 { "before_noon" } else { "after_noon" };
        let facts = [
            ("year", &*part(0, 4)),
            ("month", &*plain(5)),
            ("month2", &*part(5, 7)),
            ("day", &*plain(8)),
            ("day2", &*part(8, 10)),
            ("hour", &*part(11, 13)),
            ("hour12", &*(hour % 12).to_string()),
            ("half", catalogue.text(half)),
            ("minute", &*minute),
            ("minute2", &*part(14, 16)),
        ];
        catalogue.fill(key, &facts)
    }
}
