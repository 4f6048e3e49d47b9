//! The ephemeris file: CSV, a line for each point of the path.

use std::io::{self, Write};

use crate::series::TrackPoint;

/// The first line.
pub const HEADER: &str = "time,lat_deg,lon_deg,height_m,east_sigma_m,north_sigma_m,up_sigma_m";

/// Writes the header and one line a point: degrees to 1e-8 (about 1 mm), metres to 1 mm, times to the millisecond.
///
/// Errors: those of the writer.
pub fn write(track: &[TrackPoint], mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    for point in track {
        writeln!(
            out,
            "{},{:.8},{:.8},{:.3},{:.3},{:.3},{:.3}",
            point.time,
            point.lat_deg,
            point.lon_deg,
            point.height_m,
            point.east_sigma_m,
            point.north_sigma_m,
            point.up_sigma_m
        )?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_point_under_the_header() {
        let point = TrackPoint {
            time: "2021-09-09T17:26:40Z".parse().unwrap(),
            lat_deg: 32.5,
            lon_deg: -106.25,
            height_m: 150_000.123_4,
            east_sigma_m: 10.0,
            north_sigma_m: 11.5,
            up_sigma_m: 12.0,
        };
        let mut bytes = Vec::new();
        write(&[point], &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                HEADER,
                "2021-09-09T17:26:40.000Z,32.50000000,-106.25000000,150000.123,10.000,11.500,12.000"
            ]
        );
    }
}
