//! What a run found, and its way to the people who asked: text or JSON, ephemeris, report.

use std::path::{Path, PathBuf};

use plot::Sensors;

use crate::files;
use crate::output::{PathOutput, to_json, to_text};
use crate::report::{Report, render};
use crate::series::{ObjectSeries, SensorPlace};
use crate::{Failure, ephemeris, terminal};

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What is printed.
    pub output: PathOutput,
    /// The path and residuals of each object, in the order of `output.objects`.
    pub series: Vec<ObjectSeries>,
}

/// Where the result should go.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// JSON instead of text on standard output.
    pub is_json: bool,
    /// The ephemeris file.
    pub ephemeris: Option<PathBuf>,
    /// The report.
    pub report: Option<PathBuf>,
    /// What it was computed from, for the report.
    pub inputs: Vec<String>,
    /// Whether the plots are simulated.
    pub is_simulated: bool,
}

impl Found {
    /// Prints the result, then writes the files: what cannot be written must not take the result with it.
    ///
    /// Errors: [`Failure::NoPath`] where no object has a path, and then no file is written; [`Failure::Write`], after
    /// trying both files; [`Failure::Output`].
    pub fn deliver(&self, sensors: &Sensors, wanted: &Wanted) -> Result<(), Failure> {
        if self.output.objects.is_empty() {
            for path in [&wanted.ephemeris, &wanted.report].into_iter().flatten() {
                terminal::remark(&format!("{} is not written: there is no path to show", path.display()));
            }
            return Err(Failure::NoPath {
                objects: self.output.no_path.clone(),
                refused: self.output.refused.clone(),
            });
        }
        terminal::say(&match wanted.is_json {
            true => to_json(&self.output).map_err(|error| Failure::Output(error.into()))?,
            false => to_text(&self.output),
        })?;
        let ephemerides = wanted.ephemeris.as_ref().map(|path| self.write_ephemerides(path));
        let report = wanted
            .report
            .as_ref()
            .map(|path| files::write(path, self.page(sensors, wanted).as_bytes()));
        ephemerides.unwrap_or(Ok(())).and(report.unwrap_or(Ok(())))
    }

    fn page(&self, sensors: &Sensors, wanted: &Wanted) -> String {
        let places: Vec<_> = sensors
            .as_slice()
            .iter()
            .map(|sensor| SensorPlace {
                name: sensor.name.to_string(),
                lat_deg: sensor.site.geodetic().lat_deg(),
                lon_deg: sensor.site.geodetic().lon_deg(),
            })
            .collect();
        render(&Report {
            output: &self.output,
            series: &self.series,
            sensors: &places,
            inputs: &wanted.inputs,
            is_simulated: wanted.is_simulated,
        })
    }

    /// Writes one file an object; from the second on its number stands before the ending.
    fn write_ephemerides(&self, path: &Path) -> Result<(), Failure> {
        for (i, series) in self.series.iter().enumerate() {
            let path = numbered(path, i + 1);
            let mut bytes = Vec::new();
            ephemeris::write(&series.track, &mut bytes).map_err(|source| Failure::Write {
                path: path.clone(),
                source,
            })?;
            files::write(&path, &bytes)?;
            if i > 0 {
                let id = self.output.objects.get(i).map_or("", |object| object.id.as_str());
                terminal::remark(&format!("the ephemeris of {id} is in {}", path.display()));
            }
        }
        Ok(())
    }
}

/// `out.csv` for the first object, `out-2.csv` for the second.
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()))
        .unwrap_or_default();
    path.with_file_name(format!("{stem}-{number}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_has_a_file_of_its_own() {
        assert_eq!(numbered(Path::new("a/out.csv"), 1), Path::new("a/out.csv"));
        assert_eq!(numbered(Path::new("a/out.csv"), 2), Path::new("a/out-2.csv"));
        assert_eq!(numbered(Path::new("out"), 3), Path::new("out-3"));
    }
}
