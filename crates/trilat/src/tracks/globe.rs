//! Tracks on a globe: their CZML, in the colours of their phases.

use flight::Phase;
use track::Row;

use super::{History, place};
use crate::course::czml::{self, Line};

/// Returns the CZML document of all tracks.
pub fn document(name: &str, rows: &[Row]) -> String {
    let lines: Vec<Line> = History::all(rows).iter().map(line).collect();
    czml::document(name, &lines)
}

fn line(history: &History<'_>) -> Line {
    let mut line = Line {
        id: history.name.to_string(),
        colours: Vec::new(),
        points: Vec::with_capacity(history.rows.len()),
        degree: 1,
    };
    for row in &history.rows {
        let colour = colour(row.phase);
        if line.colours.last().is_none_or(|(_, last)| *last != colour) {
            line.colours.push((row.time, colour));
        }
        // Of two sensors that see it at one instant, the later says more.
        if line.points.last().is_some_and(|(time, _)| *time >= row.time) {
            line.points.pop();
        }
        line.points.push((row.time, place(row)));
    }
    line
}

/// Red, green, blue, alpha.
fn colour(phase: Phase) -> [u8; 4] {
    match phase {
        Phase::Boost => [255, 140, 0, 255],
        Phase::Coast => [0, 170, 255, 255],
        Phase::Reentry => [255, 70, 110, 255],
        Phase::Glide => [180, 90, 255, 255],
        Phase::AirBreathing => [0, 200, 120, 255],
        Phase::Surface => [170, 180, 190, 255],
    }
}
