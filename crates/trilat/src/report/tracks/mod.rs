//! The page of `trilat track`: where all tracks went, who saw them when, and what happened to them.

mod events;
mod height;
mod map;
mod page;
mod table;
mod timeline;

use flight::Phase;
use geo::Time;
use maud::{Markup, html};
use plot::Sensor;
use track::{Event, Row};

use crate::output::TracksOutput;
use crate::report::sheet::key;
use crate::tracks::History;

/// All that goes into the page.
#[derive(Copy, Clone, Debug)]
pub struct TracksPage<'a> {
    /// Every update of every confirmed track, in order of time.
    pub rows: &'a [Row],
    /// What happened, in order of time.
    pub events: &'a [Event],
    /// The tracks, as they are printed.
    pub output: &'a TracksOutput,
    /// All sensors.
    pub sensors: &'a [Sensor],
    /// When which of them had a plot, in any order.
    pub detections: &'a [(Time, usize)],
    /// Names of the files read.
    pub inputs: &'a [String],
}

/// Returns the page.
pub fn render_tracks(page: &TracksPage<'_>) -> String {
    page::page(&Content::new(page)).into_string()
}

/// What the parts of the page draw.
struct Content<'a> {
    page: TracksPage<'a>,
    histories: Vec<History<'a>>,
    /// The first and last time of anything.
    span: Option<[Time; 2]>,
}

impl<'a> Content<'a> {
    fn new(page: &TracksPage<'a>) -> Self {
        let times = page.rows.iter().map(|row| row.time);
        let times = times.chain(page.detections.iter().map(|(time, _)| *time));
        let span = times.fold(None, |span: Option<[Time; 2]>, time| {
            let [first, last] = span.unwrap_or([time; 2]);
            Some([first.min(time), last.max(time)])
        });
        Self {
            page: *page,
            histories: History::all(page.rows),
            span,
        }
    }
}

/// The class that gives a phase its colour and its dashes.
fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Coast => "own1",
        Phase::Boost => "own2",
        Phase::AirBreathing => "own3",
        Phase::Glide => "own4",
        Phase::Reentry => "own5",
        Phase::Surface => "own6",
    }
}

/// The legend of the phases that occur.
fn phase_keys(content: &Content<'_>) -> Markup {
    let occurs = |phase: &Phase| content.page.rows.iter().any(|row| row.phase == *phase);
    html! {
        @for phase in Phase::ALL.into_iter().filter(occurs) {
            (key(&html! { path d="M1 8H29" class={ "trail " (phase_class(phase)) } {} }, phase.name()))
        }
    }
}
