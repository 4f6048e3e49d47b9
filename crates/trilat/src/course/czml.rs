//! Lines over time as CZML, the JSON that CesiumJS and other globes read: a document packet with its clock, then a
//! packet for each course or track.
//!
//! Source: <https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide>.

use geo::{Geodetic, Time};
use serde_json::{Value, json};
use sim::Course;

use super::instants;

/// Seconds between two points of a course, and of what is drawn of a line.
const STEP_S: f64 = 2.0;
/// Colours of the courses in turn: red, green, blue, alpha.
const COLOURS: [[u8; 4]; 4] = [
    [255, 140, 0, 255],
    [0, 170, 255, 255],
    [180, 90, 255, 255],
    [0, 200, 120, 255],
];

/// What moves on the globe.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name.
    pub id: String,
    /// Its colours (red, green, blue, alpha), each from a time on.
    pub colours: Vec<(Time, [u8; 4])>,
    /// When it is where, times ascending, at least once.
    pub points: Vec<(Time, Geodetic)>,
    /// Degree of the polynomial between points: 1 where they are measured, 3 where they lie on a smooth curve.
    pub degree: u8,
}

/// Returns the document of some courses, each with its name.
pub fn courses(name: &str, courses: &[(&str, &Course)]) -> String {
    let lines = courses.iter().enumerate().map(|(i, (id, course))| {
        let places = instants(course, STEP_S).into_iter().filter_map(|time| {
            let state = course.state(time)?;
            Some((time, Geodetic::from_ecef(state.position)))
        });
        Line {
            id: (*id).to_owned(),
            colours: vec![(course.span().0, COLOURS[i % COLOURS.len()])],
            points: places.collect(),
            degree: 3,
        }
    });
    document(name, &lines.collect::<Vec<_>>())
}

/// Returns the document of some lines: a JSON array with a line end.
pub fn document(name: &str, lines: &[Line]) -> String {
    let mut packets = vec![head(name, lines)];
    packets.extend(lines.iter().filter_map(packet));
    format!("{:#}\n", Value::Array(packets))
}

/// The first and last time of a line.
fn span(line: &Line) -> Option<(Time, Time)> {
    Some((line.points.first()?.0, line.points.last()?.0))
}

/// The packet that every document begins with: its name, and a clock that shows all lines.
fn head(name: &str, lines: &[Line]) -> Value {
    let spans = lines.iter().filter_map(span);
    let whole = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let mut head = json!({ "id": "document", "name": name, "version": "1.0" });
    if let Some((first, last)) = whole {
        head["clock"] = json!({
            "interval": interval(first, last),
            "currentTime": first.to_string(),
            "multiplier": 10,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        });
    }
    head
}

fn packet(line: &Line) -> Option<Value> {
    let (first, last) = span(line)?;
    let degrees = line.points.iter().flat_map(|(time, place)| {
        [
            round(*time - first, 1e3),
            round(place.lon_deg(), 1e7),
            round(place.lat_deg(), 1e7),
            round(place.height_m, 1e1),
        ]
    });
    let colour = colour(line, last);
    Some(json!({
        "id": line.id,
        "name": line.id,
        "availability": interval(first, last),
        "position": {
            "epoch": first.to_string(),
            "interpolationAlgorithm": if line.degree > 1 { "LAGRANGE" } else { "LINEAR" },
            "interpolationDegree": line.degree,
            "cartographicDegrees": degrees.collect::<Vec<f64>>(),
        },
        "path": {
            "leadTime": 0,
            "resolution": STEP_S,
            "width": 2,
            "material": { "solidColor": { "color": colour } },
        },
        "point": { "pixelSize": 8, "color": colour },
        "label": {
            "text": line.id,
            "font": "14px sans-serif",
            "fillColor": colour,
            "horizontalOrigin": "LEFT",
            "pixelOffset": { "cartesian2": [12, 0] },
        },
    }))
}

/// One colour, or one for each interval up to the end.
fn colour(line: &Line, end: Time) -> Value {
    let ends = line.colours.iter().skip(1).map(|(from, _)| *from).chain([end]);
    let parts: Vec<Value> = line
        .colours
        .iter()
        .zip(ends)
        .map(|((from, rgba), to)| json!({ "interval": interval(*from, to), "rgba": rgba }))
        .collect();
    match line.colours.as_slice() {
        [(_, rgba)] => json!({ "rgba": rgba }),
        _ => Value::Array(parts),
    }
}

fn interval(first: Time, last: Time) -> String {
    format!("{first}/{last}")
}

/// A number with no more digits than are true.
fn round(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
