//! Writes the page of a made-up study, to look at: `cargo run -p trilat --example sample_study -- study.html`.

#[path = "../tests/sample_study/mod.rs"]
mod sample_study;

use std::path::PathBuf;

use trilat::report::{StudyPage, render_study};

fn main() -> std::io::Result<()> {
    let path = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "study.html".into()));
    let page = render_study(&StudyPage {
        outcome: &sample_study::outcome("One missile on a lofted path"),
        coverages: &[sample_study::coverage()],
        inputs: &["made up".to_owned()],
    });
    std::fs::write(path, page)
}
