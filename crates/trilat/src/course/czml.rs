//! Courses as CZML, the JSON that CesiumJS and other globes read: a document packet with its clock, then a packet for
//! each course.
//!
//! Source: <https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide>.

use geo::{Geodetic, Time};
use serde_json::{Value, json};
use sim::Course;

use super::instants;

/// Seconds between two points of a path.
const STEP_S: f64 = 2.0;
/// Colours of the courses in turn: red, green, blue, alpha.
const COLOURS: [[u8; 4]; 4] = [
    [255, 140, 0, 255],
    [0, 170, 255, 255],
    [180, 90, 255, 255],
    [0, 200, 120, 255],
];

/// Returns the document of some courses, each with its name: a JSON array with a line end.
pub fn document(name: &str, courses: &[(&str, &Course)]) -> String {
    let mut packets = vec![head(name, courses)];
    for (i, (id, course)) in courses.iter().enumerate() {
        packets.push(packet(id, course, COLOURS[i % COLOURS.len()]));
    }
    format!("{:#}\n", Value::Array(packets))
}

/// The packet that every document begins with: its name, and a clock that shows all courses.
fn head(name: &str, courses: &[(&str, &Course)]) -> Value {
    let spans = courses.iter().map(|(_, course)| course.span());
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

fn packet(id: &str, course: &Course, colour: [u8; 4]) -> Value {
    let (first, last) = course.span();
    let mut degrees = Vec::new();
    for time in instants(course, STEP_S) {
        let Some(place) = course.state(time).map(|s| Geodetic::from_ecef(s.position)) else {
            continue;
        };
        degrees.extend([
            round(time - first, 1e3),
            round(place.lon_deg(), 1e7),
            round(place.lat_deg(), 1e7),
            round(place.height_m, 1e1),
        ]);
    }
    json!({
        "id": id,
        "name": id,
        "availability": interval(first, last),
        "position": {
            "epoch": first.to_string(),
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": 3,
            "cartographicDegrees": degrees,
        },
        "path": {
            "leadTime": 0,
            "resolution": STEP_S,
            "width": 2,
            "material": { "solidColor": { "color": { "rgba": colour } } },
        },
        "point": { "pixelSize": 8, "color": { "rgba": colour } },
        "label": {
            "text": id,
            "font": "14px sans-serif",
            "fillColor": { "rgba": colour },
            "horizontalOrigin": "LEFT",
            "pixelOffset": { "cartesian2": [12, 0] },
        },
    })
}

fn interval(first: Time, last: Time) -> String {
    format!("{first}/{last}")
}

/// A number with no more digits than are true.
fn round(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
