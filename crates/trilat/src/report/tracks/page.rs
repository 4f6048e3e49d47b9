//! The page around the parts.

use maud::{Markup, html};

use super::{Content, events, height, map, phase_keys, table, timeline};
use crate::output::TrackOutput;
use crate::report::sheet::{NARROW, WIDE, purpose, sheet};
use crate::report::svg::Size;
use crate::words::{self, count, plural};

/// The drawings over time, on paper and wide screens, and on a phone.
const CHARTS: [(Size, &str, &str); 2] = [
    (
        Size {
            width: 860.0,
            height: 300.0,
        },
        "wide",
        "",
    ),
    (
        Size {
            width: 380.0,
            height: 280.0,
        },
        "narrow",
        "-n",
    ),
];

/// Returns the whole page.
pub fn page(content: &Content<'_>) -> Markup {
    let tracks = content.histories.len();
    let title = format!("{} {}", count(tracks), plural(tracks, "track", "tracks"));
    let body = html! {
        main {
            section.summary aria-label="Summary" { (summary(content)) }
            @if tracks > 0 {
                section {
                    h2 { "On the map" }
                    figure {
                        (map::chart(content, "map", WIDE, "wide"))
                        (map::chart(content, "map-n", NARROW, "narrow"))
                        figcaption { (map::legend(content)) }
                    }
                }
                section {
                    h2 { "Height over time" }
                    figure {
                        @for (size, class, end) in CHARTS {
                            (height::heights(content, &format!("height{end}"), size, class))
                        }
                        figcaption { ul.legend { (phase_keys(content)) } p.note { "Times are UTC." } }
                    }
                }
                section {
                    h2 { "How many at once" }
                    figure {
                        @for (size, class, end) in CHARTS {
                            @let size = Size { height: 190.0, ..size };
                            (height::counts(content, &format!("count{end}"), size, class))
                        }
                    }
                }
            }
            section { (who(content)) }
            @if tracks > 0 {
                section {
                    h2 { "Tracks" }
                    p.note {
                        "Phase, existence, height above the ellipsoid and speed over the Earth are those of the last "
                        "plot. Times are UTC."
                    }
                    (table::tracks(content))
                }
            }
            section {
                h2 { "What happened" }
                (events::list(content))
            }
        }
        (method(content))
    };
    sheet("trilat · tracks", &title, None, &body)
}

fn summary(content: &Content<'_>) -> Markup {
    let plots = &content.page.output.plots;
    let (tracks, lanes) = (content.histories.len(), timeline::lanes(content).len());
    let of = |is: &dyn Fn(&TrackOutput) -> bool| content.page.output.tracks.iter().filter(|track| is(track)).count();
    let ended = |why: &str| of(&|track| track.end.as_ref().is_some_and(|end| end.why == why));
    let on = of(&|track| track.end.is_none());
    let fates: Vec<String> = [
        (on, plural(on, "goes on at the end", "go on at the end")),
        (ended("down"), "came down"),
        (ended("out of sight"), "went out of sight"),
        (ended("gone"), "vanished in view"),
        (ended("merged"), "turned out to be the same as another"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, fate)| format!("{} {fate}", count(number)))
    .collect();
    html! {
        p.lead {
            (count(plots.taken as usize)) " plots of " (count(lanes)) " " (plural(lanes, "sensor", "sensors"))
            @if let Some([first, last]) = content.span {
                " from " (words::date(first, 0)) " " (words::clock(first, 0)) " to " (words::clock(last, 0)) " UTC"
            }
            " are " strong { (count(tracks)) " " (plural(tracks, "track", "tracks")) } " of objects."
        }
        @if !fates.is_empty() { p { (words::list(&fates)) "." } }
        @let left = [
            (plots.duplicate, "came twice"), (plots.late, "came too late"), (plots.without_sigma, "have no sigma"),
            (plots.refused as u64, "were refused"),
        ];
        @if left.iter().any(|(number, _)| *number > 0) {
            p.note {
                "Of the other plots "
                @for (i, (number, words)) in left.iter().filter(|(number, _)| *number > 0).enumerate() {
                    @if i > 0 { ", " }
                    (count(*number as usize)) " " (words)
                }
                "."
            }
        }
    }
}

fn who(content: &Content<'_>) -> Markup {
    let lanes = timeline::lanes(content).len();
    html! {
        h2 { "Who had plots when" }
        figure {
            (timeline::chart(content, "time", WIDE.width, "wide"))
            (timeline::chart(content, "time-n", NARROW.width, "narrow"))
            figcaption {
                p.note {
                    "A column is as high as its share of the sensor’s most plots at once."
                    @if lanes > timeline::LANES_MAX {
                        " Shown are the " (timeline::LANES_MAX) " sensors with the most plots, of " (count(lanes)) "."
                    }
                }
            }
        }
        (table::sensors(content))
    }
}

fn method(content: &Content<'_>) -> Markup {
    html! {
        footer {
            section {
                h2 { "How it was computed" }
                p {
                    "Each plot is given to the track that most probably made it, or begins one of its own; a track is "
                    "shown from when it is more than 99 % probable that there is an object. Filters for cruise, turn, "
                    "thrust and free flight run side by side on each track, and the sensors’ constant errors are "
                    "estimated with them. The tracks are the same in whatever order the plots came."
                }
                p {
                    "Version " (env!("CARGO_PKG_VERSION")) " of trilat. Computed from "
                    @for (i, input) in content.page.inputs.iter().enumerate() {
                        @if i > 0 { ", " }
                        code { (input) }
                    }
                    "."
                }
                (purpose())
            }
        }
    }
}
