//! Numbers, places and times in words for people, the same in the text and in the report.

use geo::{Geodetic, Time, geodesic};

use crate::output::RegionOutput;

/// Standard deviations to each side that hold 95 % of a normal distribution.
pub const SIGMAS_95: f64 = 1.96;
/// A space that does not break and is narrow, between thousands.
const THIN: char = '\u{202f}';

/// Returns a number with so many decimals, thousands apart, and a true minus sign.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "unknown".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero {
        out.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && whole.len() > 4 {
            out.push(THIN);
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// Returns a count, thousands apart.
pub fn count(value: usize) -> String {
    number(value as f64, 0)
}

/// Returns `plots` or `plot`, whichever fits.
pub fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The decimals that show two digits of an uncertainty, from 0 to `max`.
pub fn decimals_for(uncertainty: f64, max: usize) -> usize {
    let mut decimals = 0;
    let mut scaled = uncertainty.abs();
    while scaled < 9.95 && decimals < max && scaled > 0.0 {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

/// Returns a value and its 95 % half width in one unit, such as `12.3 ± 0.4 m`.
pub fn plus_minus(value: f64, sigma: f64, unit: &str, decimals_max: usize) -> String {
    let half = SIGMAS_95 * sigma;
    let decimals = decimals_for(half, decimals_max);
    format!(
        "{} ±\u{a0}{}\u{a0}{unit}",
        number(value, decimals),
        number(half, decimals)
    )
}

/// Returns a length and its 95 % half width, in kilometres from 10 km on.
pub fn length_pm(value_m: f64, sigma_m: f64) -> String {
    if value_m.abs() >= 1e4 {
        plus_minus(value_m / 1e3, sigma_m / 1e3, "km", 3)
    } else {
        plus_minus(value_m, sigma_m, "m", 1)
    }
}

/// Returns a list in words: `a`, `a and b`, `a, b and c`.
pub fn list(items: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns a share in per cent: whole ones, and one decimal where that would say all or nothing.
pub fn share(value: f64) -> String {
    let percent = 100.0 * value;
    let is_near_end = (percent < 1.0 && percent > 0.0) || (percent > 99.0 && percent < 100.0);
    format!("{}\u{a0}%", number(percent, usize::from(is_near_end)))
}

/// Returns an area in square kilometres, about three digits.
pub fn area(value_m2: f64) -> String {
    match value_m2 / 1e6 {
        km2 if km2 >= 9.95e7 => format!("{}\u{a0}million\u{a0}km²", number(km2 / 1e6, 0)),
        km2 if km2 >= 9.95e5 => {
            let decimals = usize::from(km2 < 9.95e6) + 1;
            format!("{}\u{a0}million\u{a0}km²", number(km2 / 1e6, decimals))
        }
        km2 if km2 >= 1e3 => {
            let unit = geo::math::pow(10.0, (geo::math::log10(km2).floor() - 2.0).max(0.0));
            format!("{}\u{a0}km²", number((km2 / unit).round() * unit, 0))
        }
        km2 => format!("{}\u{a0}km²", number(km2, 0)),
    }
}

/// Returns a length in metres or kilometres, about three digits.
pub fn length(value_m: f64) -> String {
    match value_m.abs() {
        m if m >= 99_500.0 => format!("{}\u{a0}km", number(value_m / 1e3, 0)),
        m if m >= 995.0 => format!("{}\u{a0}km", number(value_m / 1e3, 1)),
        m if m >= 9.95 => format!("{}\u{a0}m", number(value_m, 0)),
        _ => format!("{}\u{a0}m", number(value_m, 1)),
    }
}

/// Returns a round length, such as a scale bar's, without needless digits.
pub fn length_round(value_m: f64) -> String {
    let (value, unit) = if value_m >= 1e3 {
        (value_m / 1e3, "km")
    } else {
        (value_m, "m")
    };
    let decimals = usize::from((value - value.round()).abs() > 1e-9);
    format!("{}\u{a0}{unit}", number(value, decimals))
}

/// Returns a place such as `32.358° N, 106.368° W`.
pub fn place(lat_deg: f64, lon_deg: f64) -> String {
    let lon_deg = wrap_deg(lon_deg);
    format!(
        "{:.3}° {}, {:.3}° {}",
        lat_deg.abs(),
        if lat_deg < 0.0 { "S" } else { "N" },
        lon_deg.abs(),
        if lon_deg < 0.0 { "W" } else { "E" }
    )
}

/// Returns the same longitude in [-180, 180).
pub fn wrap_deg(lon_deg: f64) -> f64 {
    (lon_deg + 180.0).rem_euclid(360.0) - 180.0
}

/// Returns the word for a direction, clockwise from north.
pub fn direction(azimuth_deg: f64) -> &'static str {
    const WORDS: [&str; 8] = [
        "north",
        "north-east",
        "east",
        "south-east",
        "south",
        "south-west",
        "west",
        "north-west",
    ];
    let sector = (azimuth_deg / 45.0).round().rem_euclid(8.0);
    WORDS[sector as usize % 8]
}

/// Returns the date of a time, `2021-09-09`, after a shift from UTC in hours.
pub fn date(time: Time, shift_h: i32) -> String {
    format!("{:.0}", time + f64::from(shift_h) * 3_600.0)[..10].to_owned()
}

/// Returns the time of day, `17:25:00`, after a shift from UTC in hours, rounded to the second.
pub fn clock(time: Time, shift_h: i32) -> String {
    format!("{:.0}", time + (f64::from(shift_h) * 3_600.0 + 0.5))[11..19].to_owned()
}

/// Returns the hour and minute, `17:25`, after a shift from UTC in hours.
pub fn clock_short(time: Time, shift_h: i32) -> String {
    clock(time, shift_h)[..5].to_owned()
}

/// The zone of a place by its longitude alone: whole hours from UTC. Lawful time may differ from it.
pub fn zone_h(lon_deg: f64) -> i32 {
    (wrap_deg(lon_deg) / 15.0).round() as i32
}

/// Returns the name of a zone, such as `UTC−7`.
pub fn zone_name(shift_h: i32) -> String {
    match shift_h {
        0 => "UTC".to_owned(),
        h if h < 0 => format!("UTC−{}", -h),
        h => format!("UTC+{h}"),
    }
}

/// Returns a duration in words a person reads, such as `8 min 20 s`.
pub fn duration(span_s: f64) -> String {
    let whole_s = span_s.round() as i64;
    let (days, hours, minutes, seconds) = (whole_s / 86_400, whole_s / 3_600 % 24, whole_s / 60 % 60, whole_s % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", number(span_s, decimals_for(span_s, 1))),
        (0, 0, _) => format!("{minutes} min {seconds} s"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// Returns a duration whose numbers stay with their units.
pub fn span(span_s: f64) -> String {
    let words = duration(span_s);
    ["s", "min", "h", "d"].iter().fold(words, |text, unit| {
        text.replace(&format!(" {unit}"), &format!("\u{a0}{unit}"))
    })
}

/// The length of the longest line across a region and of the longest across that line, metres.
pub fn extent_m(region: &RegionOutput) -> (f64, f64) {
    let Some(&[lon0, lat0]) = region.polygon.first() else {
        return (0.0, 0.0);
    };
    let centre = Geodetic::from_degrees(lat0, lon0, 0.0);
    let points: Vec<[f64; 2]> = region
        .polygon
        .iter()
        .map(|&[lon, lat]| {
            let line = geodesic(centre, Geodetic::from_degrees(lat, lon, 0.0));
            let (sin, cos) = geo::math::sin_cos(line.azimuth_from_deg * geo::angle::RAD_PER_DEG);
            [line.distance_m * sin, line.distance_m * cos]
        })
        .collect();
    let (mut longest_m, mut along) = (0.0, [0.0, 1.0]);
    for (i, a) in points.iter().enumerate() {
        for b in &points[..i] {
            let d = [a[0] - b[0], a[1] - b[1]];
            let length_m = geo::math::hypot(d[0], d[1]);
            if length_m > longest_m {
                (longest_m, along) = (length_m, [d[0] / length_m, d[1] / length_m]);
            }
        }
    }
    let across = points.iter().map(|p| p[0] * along[1] - p[1] * along[0]);
    let (low, high) = across.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    (longest_m, high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(-1_234_567.891, 1), "−1\u{202f}234\u{202f}567.9");
        assert_eq!(number(1234.0, 0), "1234");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "unknown");
        assert_eq!(length_pm(277_123.4, 80.0), "277.12 ±\u{a0}0.16\u{a0}km");
        assert_eq!(plus_minus(0.0123, 0.0021, "°", 4), "0.0123 ±\u{a0}0.0041\u{a0}°");
        assert_eq!(duration(500.2), "8 min 20 s");
        assert_eq!(duration(1.24), "1.2 s");
        assert_eq!(span(500.2), "8\u{a0}min 20\u{a0}s");
        assert_eq!(area(12_345_678e6), "12.3\u{a0}million\u{a0}km²");
        assert_eq!(area(1_234_567e6), "1.23\u{a0}million\u{a0}km²");
        assert_eq!(area(123_456e6), "123\u{202f}000\u{a0}km²");
        assert_eq!(
            [share(0.4251), share(0.996), share(1.0)],
            ["43\u{a0}%", "99.6\u{a0}%", "100\u{a0}%"]
        );
        assert_eq!([length_round(5e4), length_round(2.5)], ["50\u{a0}km", "2.5\u{a0}m"]);
    }

    #[test]
    fn places_and_times_read_well() {
        assert_eq!(place(32.358, 253.632), "32.358° N, 106.368° W");
        assert_eq!(
            [direction(359.0), direction(-90.0), direction(225.0)],
            ["north", "west", "south-west"]
        );
        let time: Time = "2021-09-09T17:24:59.600Z".parse().unwrap();
        assert_eq!(clock(time, 0), "17:25:00");
        assert_eq!(clock(time, zone_h(-106.4)), "10:25:00");
        assert_eq!([zone_name(-7), zone_name(9), zone_name(0)], ["UTC−7", "UTC+9", "UTC"]);
    }

    #[test]
    fn the_extent_of_a_slanted_region_is_its_length_and_width() {
        let centre = Geodetic::from_degrees(40.0, 179.99, 0.0);
        let corner = |along_m: f64, across_m: f64| {
            let place = geo::destination(geo::destination(centre, 30.0, along_m), 120.0, across_m);
            [place.lon_deg(), place.lat_deg()]
        };
        let polygon = vec![corner(-5e3, 0.0), corner(0.0, 1e3), corner(5e3, 0.0), corner(0.0, -1e3)];
        let (length_m, width_m) = extent_m(&RegionOutput {
            probability: 0.95,
            polygon,
        });
        assert!(
            (length_m - 1e4).abs() < 5.0 && (width_m - 2e3).abs() < 5.0,
            "{length_m} {width_m}"
        );
    }
}
