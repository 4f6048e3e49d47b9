//! `trilat warn replay`.

use wire::tracks::read_tracks;
use wire::truths::read_truths;

use super::WarnError;
use super::preview::map;
use crate::args::ReplayArgs;
use crate::files::{self, Selection};
use crate::progress::Progress;
use crate::scoring::Scene;
use crate::{Failure, replay, terminal};

/// Holds what would have been said against what happened.
pub fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let map = map(args.map.as_deref())?;
    let tracks = files::table(&args.tracks, read_tracks)?;
    let truths = files::table(&args.truth, read_truths)?;
    let mut scene = Scene::new(Vec::new(), truths.rows);
    let selection = Selection {
        plots: &args.plots,
        format: None,
        sensors: Some(&args.sensors),
        only_sensors: &[],
        only_owners: &[],
        until: None,
        date: None,
    };
    let input = files::read(&selection, &progress)?;
    scene.see(input.plots, input.sensors.as_slice().to_vec());
    progress.next("warning");
    let output = replay::replay(&scene, &tracks.rows, &map).map_err(|(track, source)| WarnError::Area {
        file: args.tracks.display().to_string(),
        track: warn::clean(&track, 64),
        source,
    })?;
    drop(progress);
    terminal::say(&match args.json {
        true => crate::output::to_json(&output).map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}
