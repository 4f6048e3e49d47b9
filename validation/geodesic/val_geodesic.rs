//! `geo::geodesic` and `geo::destination` against the odd lines of Karney's GeodTest set.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test, and it says what it measured"
)]

use geo::Geodetic;

/// What GeographicLib states for its double-precision solver.
const TOLERANCE_M: f64 = 15e-9;

/// One line: `lat1 lon1 azi1 lat2 lon2 azi2 s12 a12 m12 S12`, degrees and metres.
struct Line {
    from: Geodetic,
    azimuth_from_deg: f64,
    to: Geodetic,
    azimuth_to_deg: f64,
    distance_m: f64,
}

fn lines(text: &str) -> Vec<Line> {
    text.lines()
        .map(|line| {
            let values: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
            let &[lat1, lon1, azi1, lat2, lon2, azi2, s12, ..] = values.as_slice() else {
                panic!("a line of {} columns", values.len());
            };
            Line {
                from: Geodetic::from_degrees(lat1, lon1, 0.0),
                azimuth_from_deg: azi1,
                to: Geodetic::from_degrees(lat2, lon2, 0.0),
                azimuth_to_deg: azi2,
                distance_m: s12,
            }
        })
        .collect()
}

#[test]
fn inverse_and_direct_solve_the_odd_lines() {
    let Some(path) = validation::data("geodesy/GeodTest-odd50.dat") else {
        return;
    };
    let lines = lines(&std::fs::read_to_string(path).unwrap());
    assert_eq!(lines.len(), 50);
    let (mut length_m, mut place_m, mut direction_m) = (0.0_f64, 0.0_f64, 0.0_f64);
    for line in &lines {
        let path = geo::geodesic(line.from, line.to);
        length_m = length_m.max((path.distance_m - line.distance_m).abs());

        // The direct problem is well posed everywhere; near antipodes a small error of place turns the azimuth far, so
        // azimuths are judged by where they lead.
        for azimuth_deg in [line.azimuth_from_deg, path.azimuth_from_deg] {
            let there = geo::destination(line.from, azimuth_deg, line.distance_m);
            place_m = place_m.max((there.to_ecef() - line.to.to_ecef()).norm());
        }
        for azimuth_deg in [line.azimuth_to_deg, path.azimuth_to_deg] {
            let back = geo::destination(line.to, azimuth_deg + 180.0, line.distance_m);
            direction_m = direction_m.max((back.to_ecef() - line.from.to_ecef()).norm());
        }
    }
    println!("largest difference: length {length_m:e} m, end {place_m:e} m, start from the end {direction_m:e} m");
    assert!(length_m < TOLERANCE_M, "length {length_m:e} m");
    assert!(place_m < TOLERANCE_M, "end {place_m:e} m");
    assert!(direction_m < TOLERANCE_M, "start {direction_m:e} m");
}
