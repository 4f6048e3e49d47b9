//! The pages: HTML that needs nothing from the network and nothing but a browser.
//!
//! Every text that comes from a file goes through the templates of `maud`, which escape it. What pages share lies here;
//! each page has a folder of its own.

mod axis;
mod clip;
mod coast;
mod coverage;
mod frame;
mod graticule;
mod labels;
mod land;
mod outline;
mod path;
pub(crate) mod projection;
mod sheet;
mod study;
mod svg;
mod tracks;

pub use coverage::{CoveragePage, render_coverage};
pub use path::{Report, render};
pub use study::{StudyPage, render_study};
pub use tracks::{TracksPage, render_tracks};
