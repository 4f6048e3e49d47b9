//! Radars and what they report.

use std::fmt::Write;

use geo::angle::RAD_PER_DEG;
use geo::{Ecef, Geodetic, Position, Site, Time};

/// A radar, its noise and its constant errors.
#[derive(Clone)]
pub struct Radar {
    pub name: &'static str,
    pub place: Geodetic,
    pub range_sigma_m: f64,
    pub angle_sigma_deg: f64,
    pub range_bias_m: f64,
    pub clock_s: f64,
    pub has_range: bool,
    pub has_angles: bool,
    /// What the sensor file states, `""`: nothing.
    pub stated: String,
}

/// A radar of 20 m and 0.02° that says so.
pub fn radar(name: &'static str, lat_deg: f64, lon_deg: f64) -> Radar {
    Radar {
        name,
        place: Geodetic::from_degrees(lat_deg, lon_deg, 10.0),
        range_sigma_m: 20.0,
        angle_sigma_deg: 0.02,
        range_bias_m: 15.0,
        clock_s: 0.0,
        has_range: true,
        has_angles: true,
        stated: "range_sigma_m = 20.0\nazimuth_sigma_deg = 0.02\nelevation_sigma_deg = 0.02\n".to_owned(),
    }
}

/// Three around the medium flight.
pub fn three() -> [Radar; 3] {
    [
        radar("west", 30.2, -41.5),
        radar("north", 33.0, -38.5),
        radar("south", 29.0, -37.0),
    ]
}

/// One report, before it is text.
#[derive(Clone)]
pub struct Row {
    pub time: Time,
    pub sensor: &'static str,
    pub range_m: Option<f64>,
    pub azimuth_deg: Option<f64>,
    pub elevation_deg: Option<f64>,
}

/// Repeatable noise: splitmix64, and normal numbers by Box and Muller.
pub struct Noise(pub u64);

impl Noise {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * geo::math::ln(self.uniform())).sqrt();
        radius * geo::math::cos(std::f64::consts::TAU * self.uniform())
    }
}

/// What radars report of an object between two times, every so many seconds, in the order of time.
///
/// Each radar looks a little after the one before it; nothing is seen below the horizon.
pub fn watch(
    radars: &[Radar],
    position: impl Fn(Time) -> Option<Position<Ecef>>,
    [from, to]: [Time; 2],
    every_s: f64,
    noise: &mut Noise,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let looks = ((to - from) / every_s + 1e-9) as i32;
    for i in 0..=looks {
        for (k, radar) in radars.iter().enumerate() {
            let time = from + (f64::from(i) + 0.1 * k as f64) * every_s;
            let Some(position) = position(time) else { continue };
            let seen = Site::new(radar.place).to_aer(position);
            if seen.elevation_rad < 0.0 {
                continue;
            }
            let sigma = radar.angle_sigma_deg;
            let range_m = seen.range_m + radar.range_bias_m + radar.range_sigma_m * noise.normal();
            let azimuth_deg = seen.azimuth_rad / RAD_PER_DEG + sigma * noise.normal();
            let elevation_deg = seen.elevation_rad / RAD_PER_DEG + sigma * noise.normal();
            rows.push(Row {
                time: time + radar.clock_s,
                sensor: radar.name,
                range_m: radar.has_range.then_some(range_m.max(0.0)),
                azimuth_deg: radar.has_angles.then_some(azimuth_deg.rem_euclid(360.0)),
                elevation_deg: radar.has_angles.then_some(elevation_deg.clamp(-90.0, 90.0)),
            });
        }
    }
    rows
}

/// The first line of a file of plots.
pub const HEADER: &str = "time,sensor,range_m,azimuth_deg,elevation_deg\n";

/// One line of a file of plots.
pub fn line(row: &Row) -> String {
    let cell = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let (range, azimuth, elevation) = (cell(row.range_m), cell(row.azimuth_deg), cell(row.elevation_deg));
    format!("{:.6},{},{range},{azimuth},{elevation}\n", row.time, row.sensor)
}

/// A file of plots.
pub fn csv(rows: &[Row]) -> String {
    let lines: String = rows.iter().map(line).collect();
    format!("{HEADER}{lines}")
}

/// A sensor file.
pub fn toml(radars: &[Radar]) -> String {
    let mut text = String::new();
    for radar in radars {
        let measures = match (radar.has_range, radar.has_angles) {
            (true, false) => "\"range\"",
            (false, true) => "\"azimuth\", \"elevation\"",
            _ => "\"range\", \"azimuth\", \"elevation\"",
        };
        let stated: String = radar
            .stated
            .lines()
            .filter(|l| (radar.has_range || !l.starts_with("range")) && (radar.has_angles || l.starts_with("range")))
            .map(|l| format!("{l}\n"))
            .collect();
        let place = &radar.place;
        let _infallible = write!(
            text,
            "[[sensor]]\nname = \"{}\"\nowner = \"{}-owner\"\nlat_deg = {:?}\nlon_deg = {:?}\nheight_m = {:?}\n\
             measures = [{measures}]\n{stated}\n",
            radar.name,
            radar.name,
            place.lat_deg(),
            place.lon_deg(),
            place.height_m,
        );
    }
    text
}
