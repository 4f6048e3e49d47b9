//! Scales and the places of their ticks.

use geo::Time;

use crate::words;

/// A linear scale from values to pixels.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Scale {
    /// Smallest and largest value.
    pub values: [f64; 2],
    /// The pixels they lie at.
    pub pixels: [f64; 2],
}

impl Scale {
    /// The pixel of a value.
    pub fn at(&self, value: f64) -> f64 {
        let [v0, v1] = self.values;
        let [p0, p1] = self.pixels;
        p0 + (value - v0) / (v1 - v0) * (p1 - p0)
    }
}

/// Returns the round step (1, 2 or 5 times a power of ten) that makes at most so many steps over a span.
pub fn step_for(span: f64, steps_max: usize) -> f64 {
    let rough = (span / steps_max.max(1) as f64).max(1e-12);
    let power = geo::math::pow(10.0, geo::math::log10(rough).floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&step| step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Returns the round values in an interval, and the decimals they need.
pub fn ticks(values: [f64; 2], steps_max: usize) -> (Vec<f64>, usize) {
    let step = step_for(values[1] - values[0], steps_max);
    let decimals = (-geo::math::log10(step)).ceil().clamp(0.0, 8.0) as usize;
    let first = (values[0] / step - 1e-9).ceil() as i64;
    let last = (values[1] / step + 1e-9).floor() as i64;
    ((first..=last).map(|i| i as f64 * step).collect(), decimals)
}

/// A mark on the time axis: seconds after the first time of the axis, and its label.
pub type TimeTick = (f64, String);

/// Returns round UTC times in a span that begins at `start`, at most so many.
pub fn time_ticks(start: Time, span_s: f64, ticks_max: usize) -> Vec<TimeTick> {
    const STEPS_S: [i64; 20] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800,
    ];
    let step_s = STEPS_S
        .into_iter()
        .find(|&step| span_s / step as f64 <= ticks_max as f64)
        .unwrap_or(604_800 * (1 + (span_s / 604_800.0 / ticks_max as f64) as i64));
    // Seconds since midnight UTC before the start.
    let text = format!("{start:.3}");
    let part = |range: std::ops::Range<usize>| text[range].parse::<f64>().unwrap_or(0.0);
    let of_day_s = part(11..13) * 3_600.0 + part(14..16) * 60.0 + part(17..23);
    let step = step_s as f64;
    let first = (of_day_s / step - 1e-9).ceil() * step - of_day_s;
    let label = |after_s: f64| {
        let time = start + after_s;
        match step_s {
            ..60 => words::clock(time, 0),
            60..43_200 => words::clock_short(time, 0),
            _ => words::date(time + 0.5, 0)[5..].to_owned(),
        }
    };
    (0..)
        .map(|i| first + f64::from(i) * step)
        .take_while(|&after_s| after_s <= span_s + 1e-6)
        .map(|after_s| (after_s, label(after_s)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let (values, decimals) = ticks([-0.013, 0.021], 5);
        assert_eq!(decimals, 2);
        assert_eq!(values.len(), 4);
        assert!((values[0] + 0.01).abs() < 1e-12);
        assert_eq!(ticks([0.0, 277.0], 6).0, [0.0, 50.0, 100.0, 150.0, 200.0, 250.0]);
    }

    #[test]
    fn time_ticks_stand_on_round_utc() {
        let start: Time = "2021-09-09T17:24:50Z".parse().unwrap();
        let marks = time_ticks(start, 500.0, 6);
        assert_eq!(marks[0], (70.0, "17:26".to_owned()));
        assert!(marks.len() <= 6);
        let days = time_ticks(start, 5.0 * 86_400.0, 6);
        assert_eq!(days[0].1, "09-10");
    }
}
