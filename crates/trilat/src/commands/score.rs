//! `trilat score`: tracks against the truth.

use wire::tracks::read_tracks;
use wire::truths::read_truths;

use crate::args::ScoreArgs;
use crate::files::{Input, Selection};
use crate::output::RefusedOutput;
use crate::progress::Progress;
use crate::scoring::{self, Scene, ScoreError};
use crate::{Failure, files, terminal};

/// Scores tracks and prints how good they are.
pub fn score(args: &ScoreArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let tracks = files::table(&args.tracks, read_tracks)?;
    let truths = files::table(&args.truth, read_truths)?;
    let mut refused = RefusedOutput::default();
    files::refuse_table(&mut refused, &tracks);
    files::refuse_table(&mut refused, &truths);
    if truths.rows.is_empty() {
        drop(progress);
        tell(&refused);
        let file = args.truth.display().to_string();
        return Err(ScoreError::NoTruth { file }.into());
    }
    let mut scene = Scene::new(tracks.rows, truths.rows);
    if !args.plots.is_empty() {
        let input = seen(args, &progress)?;
        scene.see(input.plots, input.sensors.as_slice().to_vec());
    }
    progress.next("scoring");
    let output = scoring::score(&scene, args);
    drop(progress);
    tell(&refused);
    let mut output = output?;
    output.refused = refused;
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

/// The plots that were tracked, of those owners that are asked for.
fn seen(args: &ScoreArgs, progress: &Progress) -> Result<Input, Failure> {
    let selection = Selection {
        plots: &args.plots,
        format: None,
        sensors: args.sensors.as_deref(),
        only_sensors: &[],
        only_owners: &args.only_owners,
        until: None,
        date: None,
    };
    files::read(&selection, progress)
}

/// Tells on standard error what was refused.
fn tell(refused: &RefusedOutput) {
    for words in &refused.first {
        terminal::remark(&format!("refused: {words}"));
    }
    let more = refused.count.saturating_sub(refused.first.len());
    if more > 0 {
        terminal::remark(&format!("refused: {more} more; {} in all", refused.count));
    }
}
