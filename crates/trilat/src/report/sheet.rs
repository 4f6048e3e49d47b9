//! The sheet that every page is written on: head, style, title, and parts that look alike everywhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::svg::Size;

const STYLE: &str = include_str!("style.css");
/// Nothing may be loaded, whatever a text from a file contains.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/// What the maps say of land, and what they do not.
pub const COASTS: &str = "Coasts are true to about a kilometre near Korea and Japan and to a few elsewhere (Natural Earth); \
                      close-ups have none. No border is drawn: whose an island is, where that is disputed, this map does not say.";
/// Size of a map on paper and wide screens.
pub const WIDE: Size = Size {
    width: 860.0,
    height: 520.0,
};
/// Size of a map on a phone.
pub const NARROW: Size = Size {
    width: 380.0,
    height: 430.0,
};
/// Size of a chart on paper and wide screens.
pub const WIDE_CHART: Size = Size {
    width: 860.0,
    height: 470.0,
};
/// Size of a chart on a phone.
pub const NARROW_CHART: Size = Size {
    width: 380.0,
    height: 420.0,
};

/// Size of a small map.
pub const SMALL_MAP: Size = Size {
    width: 420.0,
    height: 300.0,
};

/// Returns the class that gives an owner its colour, by its place among the owners.
pub fn owner_class(owner: usize) -> &'static str {
    const CLASSES: [&str; 6] = ["own1", "own2", "own3", "own4", "own5", "own6"];
    CLASSES[owner % CLASSES.len()]
}

/// Returns a whole page: what kind it is, its title, a badge if it has one, and its content.
pub fn sheet(kicker: &str, title: &str, badge: Option<&str>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.top {
                    p.kicker { (kicker) }
                    h1 { (title) }
                    @if let Some(badge) = badge { p.badge { (badge) } }
                }
                (content)
            }
        }
    }
}

/// Returns what every page is for, and what not.
pub fn purpose() -> Markup {
    html! {
        p.purpose {
            "This report serves warning and the protection of people. It is not made for, and "
            "must not be used for, "
            "aiming or guiding weapons."
        }
    }
}

/// Returns a piece of a legend: its symbol drawn with the same classes, and its words.
pub fn key(symbol: &Markup, words: &str) -> Markup {
    html! {
        li {
            svg viewBox="0 0 30 16" width="30" height="16" aria-hidden="true" { title { (words) } (symbol) }
            (words)
        }
    }
}
