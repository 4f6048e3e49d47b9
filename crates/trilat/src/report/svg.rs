//! Small parts of every drawing: numbers, paths, boxes.

use std::fmt::Write;

use maud::{Markup, PreEscaped, Render, html};

/// A coordinate of a drawing, written with one decimal.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Px(pub f64);

impl Render for Px {
    fn render_to(&self, out: &mut String) {
        let tenths = (self.0 * 10.0).round();
        // Writing into a String cannot fail.
        let _infallible = write!(out, "{}", if tenths == 0.0 { 0.0 } else { tenths / 10.0 });
    }
}

/// The size of a drawing.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Size {
    /// Width of the view box.
    pub width: f64,
    /// Height of the view box.
    pub height: f64,
}

/// A rectangle of a drawing, y downwards.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// The whole of a drawing but its outermost pixel.
    pub fn within(size: Size) -> Self {
        Self {
            left: 1.0,
            top: 1.0,
            right: size.width - 1.0,
            bottom: size.height - 1.0,
        }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether a point lies in it.
    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Whether two rectangles share a point.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Returns the `d` of a line through points, leaving out those closer than half a pixel to the one before.
pub fn line_path(points: impl IntoIterator<Item = [f64; 2]>) -> String {
    let mut out = String::new();
    let mut last: Option<[f64; 2]> = None;
    let mut skipped = None;
    let put = |out: &mut String, [x, y]: [f64; 2]| {
        out.push(if out.is_empty() { 'M' } else { 'L' });
        Px(x).render_to(out);
        out.push(' ');
        Px(y).render_to(out);
    };
    for point in points.into_iter().filter(|p| p[0].is_finite() && p[1].is_finite()) {
        if last.is_some_and(|l| (l[0] - point[0]).abs() < 0.5 && (l[1] - point[1]).abs() < 0.5) {
            skipped = Some(point);
            continue;
        }
        put(&mut out, point);
        (last, skipped) = (Some(point), None);
    }
    if let Some(end) = skipped {
        put(&mut out, end);
    }
    out
}

/// Returns the `d` of a closed shape.
pub fn shape_path(points: impl IntoIterator<Item = [f64; 2]>) -> String {
    let mut out = line_path(points);
    if !out.is_empty() {
        out.push('Z');
    }
    out
}

/// Returns a drawing with what a screen reader says of it. `id` is unique in the page.
pub fn drawing(id: &str, size: Size, class: &str, title: &str, desc: &str, content: &Markup) -> Markup {
    let view_box = format!("0 0 {} {}", size.width, size.height);
    html! {
        svg class=(class) viewBox=(view_box) role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
            title id={ (id) "-t" } { (title) }
            desc id={ (id) "-d" } { (desc) }
            (content)
        }
    }
}

/// Returns a text; `anchor` is `start`, `middle` or `end`.
pub fn label(at: [f64; 2], anchor: &str, class: &str, text: &str) -> Markup {
    html! { text x=(Px(at[0])) y=(Px(at[1])) text-anchor=(anchor) class=(class) { (text) } }
}

/// Returns a straight line.
pub fn segment(from: [f64; 2], to: [f64; 2], class: &str) -> Markup {
    html! { line x1=(Px(from[0])) y1=(Px(from[1])) x2=(Px(to[0])) y2=(Px(to[1])) class=(class) {} }
}

/// Returns a path of a finished `d`.
pub fn path(d: &str, class: &str) -> Markup {
    // Only digits, signs and letters of this module come here.
    html! { path d=(PreEscaped(d)) class=(class) {} }
}

/// About how wide a text is, in a font of 13 px.
pub fn text_width(text: &str) -> f64 {
    7.0 * text.chars().count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_ends_and_drops_what_no_pixel_shows() {
        let dense = (0..=1000).map(|i| [f64::from(i) * 0.01, 5.0]);
        let d = line_path(dense);
        assert!(d.starts_with("M0 5") && d.ends_with("L10 5"), "{d}");
        assert!(d.matches('L').count() <= 21, "{d}");
        assert_eq!(line_path([[f64::NAN, 1.0]]), "");
    }
}
