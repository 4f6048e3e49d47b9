//! Texts beside points, placed so that they do not cover each other.

use maud::Markup;

use super::svg::{Area, label, text_width};

/// Keeps what is taken and finds room for more.
#[derive(Debug)]
pub struct Labels {
    within: Area,
    taken: Vec<Area>,
}

impl Labels {
    /// Begins with an empty area.
    pub fn new(within: Area) -> Self {
        Self {
            within,
            taken: Vec::new(),
        }
    }

    /// Keeps a box free of labels.
    pub fn block(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Keeps the surroundings of a point free.
    pub fn block_point(&mut self, [x, y]: [f64; 2], radius: f64) {
        self.block(Area {
            left: x - radius,
            top: y - radius,
            right: x + radius,
            bottom: y + radius,
        });
    }

    /// Returns the text beside a point, where there is room, or at the first choice.
    pub fn put(&mut self, at: [f64; 2], text: &str, class: &str) -> Markup {
        self.place(at, text, class, true).unwrap_or_default()
    }

    /// Returns the text beside a point if there is room.
    pub fn try_put(&mut self, at: [f64; 2], text: &str, class: &str) -> Option<Markup> {
        self.place(at, text, class, false)
    }

    fn place(&mut self, [x, y]: [f64; 2], text: &str, class: &str, is_forced: bool) -> Option<Markup> {
        let width = text_width(text);
        let candidates = [
            ("start", 12.0, 4.5),
            ("end", -12.0, 4.5),
            ("start", 9.0, -9.0),
            ("end", -9.0, -9.0),
            ("start", 9.0, 19.0),
            ("end", -9.0, 19.0),
            ("middle", 0.0, -15.0),
            ("middle", 0.0, 25.0),
            ("start", 12.0, 36.0),
            ("end", -12.0, 36.0),
            ("start", 12.0, -26.0),
            ("end", -12.0, -26.0),
        ];
        let area = |(anchor, dx, dy): (&str, f64, f64)| {
            let left = match anchor {
                "start" => x + dx,
                "end" => x + dx - width,
                _ => x + dx - width / 2.0,
            };
            Area {
                left,
                top: y + dy - 12.0,
                right: left + width,
                bottom: y + dy + 4.0,
            }
        };
        let is_free = |candidate: &(&str, f64, f64)| {
            let a = area(*candidate);
            let inside = a.left > self.within.left && a.right < self.within.right;
            inside
                && a.top > self.within.top
                && a.bottom < self.within.bottom
                && !self.taken.iter().any(|taken| taken.overlaps(&a))
        };
        let first = is_forced.then_some(candidates[0]);
        let chosen = candidates.into_iter().find(is_free).or(first)?;
        self.taken.push(area(chosen));
        Some(label([x + chosen.1, y + chosen.2], chosen.0, class, text))
    }
}
