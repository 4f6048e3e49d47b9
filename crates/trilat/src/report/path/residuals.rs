//! Residuals of each sensor and quantity over time, thinned to what pixels can show.

use std::collections::BTreeMap;

use geo::Time;
use maud::{Markup, html};
use plot::Quantity;

use super::ObjectView;
use crate::output::SensorOutput;
use crate::report::axis::{Scale, ticks, time_ticks};
use crate::report::svg::{Area, Px, Size, drawing, label, path, segment};
use crate::series::Residual;
use crate::words;

/// Rejected plots drawn in one chart at most; more of them lie on the same pixels.
const CROSSES_MAX: usize = 400;
const SIZE: Size = Size {
    width: 340.0,
    height: 172.0,
};
const AREA: Area = Area {
    left: 50.0,
    top: 28.0,
    right: 332.0,
    bottom: 148.0,
};

/// What is drawn for one quantity.
struct Chart<'a> {
    name: &'static str,
    unit: &'static str,
    bias: Option<f64>,
    points: Vec<&'a Residual>,
}

fn words_of(quantity: Quantity) -> (&'static str, &'static str) {
    match quantity {
        Quantity::Range => ("Range", "m"),
        Quantity::Azimuth => ("Azimuth", "°"),
        Quantity::Elevation => ("Elevation", "°"),
        Quantity::RangeRate => ("Range rate", "m/s"),
        Quantity::Position => ("Position", "m"),
        Quantity::Velocity => ("Velocity", "m/s"),
    }
}

fn bias_of(sensor: &SensorOutput, quantity: Quantity) -> Option<f64> {
    match quantity {
        Quantity::Range => sensor.range_bias_m,
        Quantity::Azimuth => sensor.azimuth_bias_deg,
        Quantity::Elevation => sensor.elevation_bias_deg,
        Quantity::RangeRate => sensor.range_rate_bias_mps,
        Quantity::Position | Quantity::Velocity => None,
    }
}

/// Returns the charts of one sensor, one for each quantity it measured.
pub fn charts(object: &ObjectView<'_>, sensor: usize, id: &str) -> Markup {
    let Some(output) = object.output.sensors.get(sensor) else {
        return html! {};
    };
    html! {
        @for quantity in Quantity::ALL {
            @let points: Vec<_> = object.series.residuals.iter()
                .filter(|r| r.sensor == sensor && r.quantity == quantity && r.value.is_finite())
                .collect();
            @if let (Some([from, to]), false) = (object.seen, points.is_empty()) {
                @let (name, unit) = words_of(quantity);
                @let chart = Chart { name, unit, bias: bias_of(output, quantity), points };
                (chart.draw(&format!("{id}-{}", quantity.name()), &output.name, from, to))
            }
        }
    }
}

impl Chart<'_> {
    /// The values shown: all that were used, the bias, and twice the noise around it.
    fn span(&self) -> [f64; 2] {
        let (bias, sigma) = (self.bias.unwrap_or(0.0), self.sigma());
        let used = self.points.iter().filter(|r| r.used).map(|r| r.value);
        let (low, high) = used.fold((bias - 2.4 * sigma, bias + 2.4 * sigma), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        let rim = ((high - low) * 0.06).max(1e-9);
        [low - rim, high + rim]
    }

    /// The usual standard deviation: the middle one.
    fn sigma(&self) -> f64 {
        let mut sigmas: Vec<f64> = self.points.iter().map(|r| r.sigma).filter(|s| s.is_finite()).collect();
        sigmas.sort_by(f64::total_cmp);
        sigmas.get(sigmas.len() / 2).copied().unwrap_or(0.0)
    }

    /// A stroke from smallest to largest value in each column of pixels.
    fn strokes(&self, time: impl Fn(Time) -> f64, value: &Scale) -> String {
        let mut columns: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
        for residual in self.points.iter().filter(|r| r.used) {
            let y = value.at(residual.value);
            let column = (time(residual.time) * 1.5) as i64;
            let span = columns.entry(column).or_insert([y, y]);
            *span = [span[0].min(y), span[1].max(y)];
        }
        columns
            .into_iter()
            .map(|(column, [top, bottom])| format!("M{:.1} {top:.1}V{:.1}", column as f64 / 1.5, bottom.max(top + 0.1)))
            .collect()
    }

    /// Crosses for what was rejected, at the edge where it lies beyond; at most one a pixel.
    fn crosses(&self, time: impl Fn(Time) -> f64, value: &Scale) -> String {
        let mut pixels: Vec<(i64, i64)> = self
            .points
            .iter()
            .filter(|r| !r.used)
            .map(|r| {
                let y = value.at(r.value).clamp(AREA.top + 4.0, AREA.bottom - 4.0);
                (time(r.time).round() as i64, y.round() as i64)
            })
            .collect();
        pixels.sort_unstable();
        pixels.dedup();
        let stride = pixels.len().div_ceil(CROSSES_MAX).max(1);
        pixels
            .into_iter()
            .step_by(stride)
            .map(|(x, y)| format!("M{} {}l5 5m0 -5l-5 5", x as f64 - 2.5, y as f64 - 2.5))
            .collect()
    }

    fn draw(&self, id: &str, sensor: &str, from: Time, to: Time) -> Markup {
        let span_s = (to - from).max(1.0);
        let clock = Scale {
            values: [0.0, span_s],
            pixels: [AREA.left, AREA.right],
        };
        let at = |time: Time| clock.at(time - from);
        let value = Scale {
            values: self.span(),
            pixels: [AREA.bottom, AREA.top],
        };
        let (marks, decimals) = ticks(value.values, 5);
        let (bias, sigma) = (self.bias.unwrap_or(0.0), self.sigma());
        let rejected = self.points.iter().filter(|r| !r.used).count();
        let content = html! {
            @for mark in marks {
                @let y = value.at(mark);
                (segment([AREA.left, y], [AREA.right, y], "net"))
                (label([AREA.left - 6.0, y + 4.0], "end", "small soft", &words::number(mark, decimals)))
            }
            @for (after_s, text) in time_ticks(from, span_s, 4) {
                @let x = clock.at(after_s);
                (segment([x, AREA.top], [x, AREA.bottom], "net"))
                (label([x.min(AREA.right - 14.0), AREA.bottom + 16.0], "middle", "small soft", &text))
            }
            rect class="noise" x=(Px(AREA.left)) width=(Px(AREA.width())) y=(Px(value.at(bias + 2.0 * sigma)))
                height=(Px((value.at(bias - 2.0 * sigma) - value.at(bias + 2.0 * sigma)).max(0.5))) {}
            @if (value.values[0]..=value.values[1]).contains(&0.0) {
                (segment([AREA.left, value.at(0.0)], [AREA.right, value.at(0.0)], "axis"))
            }
            (path(&self.strokes(at, &value), "residual"))
            @for side in [-2.0, 2.0] {
                @let y = value.at(bias + side * sigma);
                (segment([AREA.left, y], [AREA.right, y], "limit"))
            }
            @if self.bias.is_some() {
                (segment([AREA.left, value.at(bias)], [AREA.right, value.at(bias)], "bias"))
            }
            (path(&self.crosses(at, &value), "rejected"))
            (label([2.0, 16.0], "start", "strong", &format!("{}, {}", self.name, self.unit)))
            (label([AREA.right, 16.0], "end", "small soft", &self.remark(rejected)))
        };
        let title = format!("{} residuals of {sensor}", self.name);
        drawing(id, SIZE, "", &title, &self.remark(rejected), &content)
    }

    fn remark(&self, rejected: usize) -> String {
        let sigma = self.sigma();
        let decimals = words::decimals_for(sigma, 4);
        let bias = match self.bias {
            Some(bias) => format!("bias {} {}", words::number(bias, decimals), self.unit),
            None => "no bias estimated".to_owned(),
        };
        if rejected == 0 {
            return bias;
        }
        format!("{bias}, {} rejected", words::count(rejected))
    }
}
