//! `trilat warn preview`.

use std::borrow::Cow;
use std::path::Path;

use geo::Time;
use node::warnings::{Sighting, read_catalogues, read_map, sightings};
use warn::life::Kind;
use warn::text::{About, Zone, say};
use warn::{Map, clean};
use wire::tracks::{TrackRow, read_tracks};

use super::WarnError;
use crate::args::PreviewArgs;
use crate::output::PreviewOutput;
use crate::{Failure, files, terminal};

/// Says what people would be told.
pub fn preview(args: &PreviewArgs) -> Result<(), Failure> {
    let catalogues = read_catalogues(&args.texts, &args.languages).map_err(WarnError::from)?;
    let map = map(args.map.as_deref())?;
    let rows = rows(&args.tracks)?;
    let file = args.tracks.display().to_string();
    let at = args.at.or_else(|| rows.iter().map(|row| row.time).max());
    let chosen = Chosen::new(&rows, file, args.track.as_deref(), at)?;
    let facts = chosen.facts(&map)?;
    let about = About {
        kind: Kind::Alert,
        number: 1,
        is_exercise: args.exercise,
        zone: Zone::new(args.ahead_min).unwrap_or_default(),
    };
    let said = catalogues
        .iter()
        .map(|catalogue| say(&about, &facts, None, catalogue))
        .collect();
    let output = PreviewOutput::new(&about, &facts, chosen.at, said, &chosen.others);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

/// The map of a file, or the one that is built in; what of it cannot be used is told.
pub fn map(path: Option<&Path>) -> Result<Cow<'static, Map>, Failure> {
    let Some(path) = path else {
        return Ok(Cow::Borrowed(Map::built_in()));
    };
    let (map, refused) = read_map(path).map_err(WarnError::from)?;
    for one in refused.iter().take(files::REFUSALS_SHOWN_MAX) {
        terminal::remark(&format!("not on the map: {one}"));
    }
    if !refused.is_empty() {
        let (lost, kept) = (refused.len(), map.places.len());
        terminal::remark(&format!(
            "mind: {lost} places are not on the map, and nobody there is named; {kept} are"
        ));
    }
    Ok(Cow::Owned(map))
}

/// The rows of a file of tracks; what is refused is told.
pub fn rows(path: &Path) -> Result<Vec<TrackRow>, Failure> {
    let table = files::table(path, read_tracks)?;
    for one in table.refusals.iter().take(files::REFUSALS_SHOWN_MAX) {
        terminal::remark(&format!("refused: {one}"));
    }
    if table.refused > 0 {
        terminal::remark(&format!("mind: {} rows were refused", table.refused));
    }
    Ok(table.rows)
}

/// The object of which something is to be said.
pub struct Chosen {
    /// The file, for messages.
    file: String,
    /// When.
    pub at: Time,
    /// What is known of it then.
    pub sighting: Sighting,
    /// What else may come down.
    pub others: Vec<Sighting>,
}

impl Chosen {
    /// Of rows, the object that is named, or else the one that may come down first.
    pub fn new(rows: &[TrackRow], file: String, name: Option<&str>, at: Option<Time>) -> Result<Self, WarnError> {
        let Some(at) = at else {
            let at = Time::from_tai_ns(0);
            return Err(WarnError::Nothing { file, at, latest: None });
        };
        let all = sightings(rows, at);
        let latest = all.iter().map(|one| one.arrival()[1]).max();
        let mut open: Vec<Sighting> = all.into_iter().filter(|one| one.arrival()[1] >= at).collect();
        if open.is_empty() {
            return Err(WarnError::Nothing { file, at, latest });
        }
        let place = match name {
            None => 0,
            Some(name) => {
                let exact = open.iter().position(|one| &*one.object == name);
                let begins: Vec<usize> = (0..open.len())
                    .filter(|at| open[*at].object.starts_with(name))
                    .collect();
                match (exact, &begins[..]) {
                    (Some(place), _) | (None, &[place]) => place,
                    _ => {
                        let known = open.iter().map(|one| clean(&one.object, 64)).collect();
                        let (name, several) = (clean(name, 64), !begins.is_empty());
                        return Err(WarnError::Track {
                            file,
                            name,
                            several,
                            at,
                            known,
                        });
                    }
                }
            }
        };
        let sighting = open.remove(place);
        Ok(Self {
            file,
            at,
            sighting,
            others: open,
        })
    }

    /// What is to be said of it.
    pub fn facts(&self, map: &Map) -> Result<warn::Facts, WarnError> {
        self.sighting.facts(self.at, map).map_err(|source| WarnError::Area {
            file: self.file.clone(),
            track: clean(&self.sighting.object, 64),
            source,
        })
    }
}
