//! How soon a plot is in a CAP file: plots of recorded or simulated radars come one by one; after each the live picture
//! is looked at, and whenever it foretells an arrival anew, places, words in three languages and the CAP message are
//! made, and written as a file that is on the disk.
//!
//! Usage: `warn PLOTS.csv SENSORS.toml [FOLDER]`; FOLDER (default: one in the folder of temporary files) is where the
//! files are written. Approval, which takes a person, is not counted.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use geo::Time;
use node::warnings::{Fixes, Sighting, fix};
use track::associate::Sequential;
use track::{Options, Timeline, TimelineOptions};
use warn::Map;
use warn::cap::{Envelope, Sender, compose};
use warn::life::Kind;
use warn::text::{About, Catalogue, Zone};

/// What is asked of the slowest.
const ASKED_MS: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plots, sensors, ..] = &arguments[..] else {
        return Err("usage: warn PLOTS.csv SENSORS.toml [FOLDER]".into());
    };
    let folder = arguments
        .get(2)
        .map_or_else(|| std::env::temp_dir().join("trilat-warn"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let sensors = wire::read_sensors(File::open(sensors)?, sensors)?;
    let mut plots = wire::read_plots(wire::Format::of_name(plots)?, File::open(plots)?, plots)?.plots;
    plots.sort_by_key(|plot| plot.time);
    let timing = TimelineOptions {
        lag_s: 10.0,
        checkpoint_s: 0.1,
    };
    let mut timeline = Timeline::new(&sensors, timing, Options::default());
    let catalogues = Catalogue::built_in()?;
    let sender = Sender::new("warning@centre.example", "Warning centre")?;
    let mut seen: BTreeMap<track::Name, (Fixes, Time)> = BTreeMap::new();
    let (mut all_ms, mut words_ms, mut octets) = (Vec::new(), Vec::new(), 0);
    for plot in &plots {
        let begun = Instant::now();
        timeline.add(plot)?;
        let picture = timeline.preview(&Sequential);
        for row in picture.tracks().iter().filter(|row| row.time == plot.time) {
            let (fixes, measured) = seen.entry(row.track).or_insert_with(|| (Fixes::default(), row.time));
            fixes.note(row.time, || fix(row));
            *measured = row.time;
        }
        for forecast in timeline.forecasts_now(4, &Sequential) {
            let own = seen.get(&forecast.track);
            let (fixes, measured) = own.map_or((Vec::new(), forecast.time), |(fixes, at)| (fixes.all().to_vec(), *at));
            let said = Instant::now();
            let Some(sighting) = Sighting::live(&forecast, measured, fixes) else {
                continue;
            };
            let facts = sighting.facts(plot.time, Map::built_in())?;
            let about = About {
                kind: Kind::Alert,
                number: 1,
                is_exercise: true,
                zone: Zone::default(),
            };
            let envelope = Envelope {
                sender: &sender,
                identifier: "W1.1",
                warning: "W1",
                about: &about,
                sent: plot.time,
                before: &[],
                told: None,
            };
            let xml = compose(&envelope, &facts, &catalogues).to_xml();
            let mut file = File::create(folder.join("W1.1.new"))?;
            file.write_all(xml.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(folder.join("W1.1.new"), folder.join("W1.1.cap.xml"))?;
            octets = octets.max(xml.len());
            words_ms.push(1e3 * said.elapsed().as_secs_f64());
            all_ms.push(1e3 * begun.elapsed().as_secs_f64());
        }
        timeline.settle(&Sequential);
    }
    println!(
        "{} plots, {} messages, at most {octets} octets each",
        plots.len(),
        all_ms.len()
    );
    let most_ms = tell("plot to CAP file", all_ms);
    tell("of that forecast to file", words_ms);
    match most_ms < ASKED_MS {
        true => Ok(()),
        false => Err(format!("asked: below {ASKED_MS} ms").into()),
    }
}

/// Says how they lie; the most of them.
fn tell(name: &str, mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = |share: f64| ((values.len() as f64 - 1.0).max(0.0) * share).round() as usize;
    let [median, p99, most] = [0.5, 0.99, 1.0].map(|share| values.get(place(share)).copied().unwrap_or(0.0));
    println!("{name}: median {median:.1} ms, 99 % {p99:.1} ms, most {most:.1} ms");
    most
}
