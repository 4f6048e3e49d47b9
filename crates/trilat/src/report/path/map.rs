//! The maps: the whole flight, and the launch and arrival regions close up.

use geo::{Geodetic, Time};
use maud::{Markup, html};

use super::ObjectView;
use crate::output::{GroundOutput, RegionOutput};
use crate::report::frame::{control_corners, frame};
use crate::report::graticule;
use crate::report::labels::Labels;
use crate::report::projection::View;
use crate::report::svg::{Area, Size, drawing, line_path, path, shape_path};
use crate::words;

/// The ground track is drawn with at most so many points.
const TRACK_POINTS_MAX: usize = 600;

/// The end of a flight that a map shows.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Where it began.
    Launch,
    /// Where it comes to the ground.
    Arrival,
}

impl End {
    fn word(self) -> &'static str {
        match self {
            Self::Launch => "launch",
            Self::Arrival => "arrival",
        }
    }
}

fn ring(region: &RegionOutput) -> impl Iterator<Item = Geodetic> {
    region
        .polygon
        .iter()
        .map(|&[lon, lat]| Geodetic::from_degrees(lat, lon, 0.0))
}

fn spot(ground: &GroundOutput) -> Geodetic {
    Geodetic::from_degrees(ground.lat_deg, ground.lon_deg, 0.0)
}

/// One piece of the ground track: when, where, and whether radars saw it then.
struct Piece {
    places: Vec<Geodetic>,
    is_seen: bool,
}

/// Cuts the ground track at the first and last plot.
fn pieces(view: &ObjectView<'_>) -> Vec<Piece> {
    let track = &view.series.track;
    let stride = track.len().div_ceil(TRACK_POINTS_MAX).max(1);
    let last = track.len().saturating_sub(1);
    let seen = |time: Time| view.seen.is_some_and(|[from, to]| (from..=to).contains(&time));
    let mut out: Vec<Piece> = Vec::new();
    for (i, point) in track.iter().enumerate() {
        let is_seen = seen(point.time);
        let is_turn = out.last().is_some_and(|piece| piece.is_seen != is_seen);
        if i % stride != 0 && i != last && !is_turn {
            continue;
        }
        let place = Geodetic::from_degrees(point.lat_deg, point.lon_deg, 0.0);
        match out.last_mut() {
            Some(piece) if !is_turn => piece.places.push(place),
            previous => {
                // Pieces share their end, so that no gap shows.
                let mut places: Vec<_> = previous
                    .and_then(|piece| piece.places.last().copied())
                    .into_iter()
                    .collect();
                places.push(place);
                out.push(Piece { places, is_seen });
            }
        }
    }
    out
}

fn regions(view: &View, ground: Option<&GroundOutput>, end: End) -> Markup {
    html! {
        @if let Some(ground) = ground {
            @for (region, level) in [(&ground.region, "r95"), (&ground.region_50, "r50")] {
                @let shape = shape_path(ring(region).map(|place| view.pixel(place)));
                (path(&shape, &format!("region {} {level}", end.word())))
            }
        }
    }
}

fn track_lines(view: &View, object: &ObjectView<'_>) -> Markup {
    html! {
        @for piece in pieces(object) {
            @let d = line_path(piece.places.iter().map(|&place| view.pixel(place)));
            (path(&d, if piece.is_seen { "track" } else { "track dashed" }))
        }
    }
}

/// A marker of a shape of its own for each kind, so that colour is not needed to tell them apart.
fn marker([x, y]: [f64; 2], kind: &str) -> Markup {
    let transform = format!("translate({x:.1} {y:.1})");
    html! {
        g transform=(transform) class={ "marker " (kind) } {
            @match kind {
                "sensor" => { rect x="-5" y="-5" width="10" height="10" rx="2" {} }
                "launch" => { path d="M0 -8L7.5 5.5L-7.5 5.5Z" {} }
                "arrival" => { circle r="7" {} path d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5" class="cross" {} }
                _ => { path d="M0 -7.5L7 0L0 7.5L-7 0Z" {} }
            }
        }
    }
}

/// Draws the marks of a map and, where there is room, their names.
fn marks(view: &View, object: &ObjectView<'_>) -> Markup {
    let output = object.output;
    let mut points: Vec<(Geodetic, &str, String)> = Vec::new();
    if let Some(launch) = &output.launch {
        points.push((spot(launch), "launch", "Launch".to_owned()));
    }
    if let Some(arrival) = &output.arrival {
        points.push((spot(arrival), "arrival", "Arrival".to_owned()));
    }
    if let Some(apogee) = &output.apogee {
        let place = Geodetic::from_degrees(apogee.lat_deg, apogee.lon_deg, 0.0);
        points.push((place, "apogee", "Highest point".to_owned()));
    }
    for sensor in &object.places {
        points.push((
            Geodetic::from_degrees(sensor.lat_deg, sensor.lon_deg, 0.0),
            "sensor",
            sensor.name.clone(),
        ));
    }
    let mut labels = Labels::new(view.area);
    for corner in control_corners(view) {
        labels.block(corner);
    }
    let shown: Vec<_> = points
        .into_iter()
        .map(|(place, kind, name)| (view.pixel(place), kind, name))
        .filter(|(pixel, _, _)| view.area.contains(*pixel))
        .collect();
    for (pixel, _, _) in &shown {
        labels.block_point(*pixel, 9.0);
    }
    html! {
        @for (pixel, kind, _) in shown.iter().rev() { (marker(*pixel, kind)) }
        @for (pixel, kind, name) in &shown { (labels.put(*pixel, name, &format!("name halo {kind}"))) }
    }
}

/// Returns the map of the whole flight, or nothing where no place is known.
pub fn overview(object: &ObjectView<'_>, id: &str, size: Size, class: &str) -> Markup {
    let output = object.output;
    let mut places: Vec<Geodetic> = pieces(object).into_iter().flat_map(|piece| piece.places).collect();
    places.extend(
        object
            .places
            .iter()
            .map(|sensor| Geodetic::from_degrees(sensor.lat_deg, sensor.lon_deg, 0.0)),
    );
    for ground in [&output.launch, &output.arrival].into_iter().flatten() {
        places.extend(ring(&ground.region));
        places.push(spot(ground));
    }
    if places.is_empty() {
        return html! {};
    }
    let view = View::fit(&places, Area::within(size), 0.14, 2e4);
    let about = output.launch.as_ref().map_or(places[0], spot);
    let content = html! {
        (graticule::rings(&view, about))
        (regions(&view, output.launch.as_ref(), End::Launch))
        (regions(&view, output.arrival.as_ref(), End::Arrival))
        (track_lines(&view, object))
        (marks(&view, object))
    };
    let title = format!("Map of the flight of {}", output.id);
    drawing(id, size, class, &title, &describe(object), &frame(&view, id, &content))
}

/// What the map shows, for those who cannot see it.
fn describe(object: &ObjectView<'_>) -> String {
    let mut text = String::from("Ground track seen from above, north up.");
    for (ground, verb) in [
        (&object.output.launch, "It begins near"),
        (&object.output.arrival, "It ends near"),
    ] {
        if let Some(ground) = ground {
            text.push_str(&format!(" {verb} {}.", words::place(ground.lat_deg, ground.lon_deg)));
        }
    }
    for sensor in &object.places {
        text.push_str(&format!(
            " Sensor {} stands at {}.",
            sensor.name,
            words::place(sensor.lat_deg, sensor.lon_deg)
        ));
    }
    text
}

/// Returns the close-up of one end of the flight.
pub fn close_up(object: &ObjectView<'_>, end: End, id: &str, size: Size) -> Markup {
    let ground = match end {
        End::Launch => &object.output.launch,
        End::Arrival => &object.output.arrival,
    };
    let Some(ground) = ground else {
        return html! {};
    };
    let mut places: Vec<Geodetic> = ring(&ground.region).collect();
    places.push(spot(ground));
    let view = View::fit(&places, Area::within(size), 0.35, 200.0);
    let content = html! {
        (regions(&view, Some(ground), end))
        (track_lines(&view, object))
        (marks(&view, object))
    };
    let title = format!("Close-up of the {} region of {}", end.word(), object.output.id);
    let (long_m, wide_m) = words::extent_m(&ground.region);
    let desc = format!(
        "The 95 % region is {} long and {} wide, about {}.",
        words::length(long_m),
        words::length(wide_m),
        words::place(ground.lat_deg, ground.lon_deg)
    );
    drawing(id, size, "", &title, &desc, &frame(&view, id, &content))
}
