//! The page of `trilat coverage`: what each owner's radars see at a height, alone and together.

mod map;
mod page;

use crate::coverage::Coverage;
use crate::output::CoverageOutput;

pub(super) use map::{Overlay, Track, alone, legend, together};

/// All that goes into the page.
#[derive(Copy, Clone, Debug)]
pub struct CoveragePage<'a> {
    /// The shapes.
    pub coverage: &'a Coverage,
    /// The areas, as they are printed.
    pub output: &'a CoverageOutput,
    /// The radar cross section that ranges are for, where they follow from a scenario's radars.
    pub size_m2: Option<f64>,
    /// Name of the file of the sensors.
    pub input: &'a str,
}

/// Returns the page.
pub fn render_coverage(page: &CoveragePage<'_>) -> String {
    page::page(page).into_string()
}
