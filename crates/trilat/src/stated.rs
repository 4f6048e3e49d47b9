//! Sensors that nobody described: what recordings say of them, and what a person has to write of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time};
use plot::{Measurement, Plot, Quantity, Sensor, Sensors, Sigmas};
use wire::Content;
use wire::asterix::{AsterixOptions, NoPlot, read_asterix};

use crate::content::content;
use crate::failure::Undescribed;
use crate::files::Selection;
use crate::{Failure, files};

/// Noise and constant errors that a radar is taken to have that says where it stands, and not how good it is: of the
/// size usual for secondary radars of air traffic control, no figure of any one.
const RADAR_SIGMAS: Sigmas = Sigmas {
    range_m: Some(70.0),
    azimuth_rad: Some(0.08 * RAD_PER_DEG),
    ..EMPTY
};
const RADAR_BIAS_SIGMAS: Sigmas = Sigmas {
    range_m: Some(100.0),
    azimuth_rad: Some(0.1 * RAD_PER_DEG),
    ..EMPTY
};
/// The same of a network of ADS-B receivers that says neither: stamps of whole seconds, 230 m along the way of what
/// flies, and pressure altitudes.
const POSITION_SIGMAS: Sigmas = Sigmas {
    position_m: Some(300.0),
    height_m: Some(150.0),
    ..EMPTY
};
const EMPTY: Sigmas = Sigmas {
    range_m: None,
    azimuth_rad: None,
    elevation_rad: None,
    range_rate_mps: None,
    position_m: None,
    height_m: None,
    velocity_mps: None,
};

/// What the input says of one sensor.
#[derive(Clone, Debug, Default)]
struct Heard {
    data_source: Option<[u8; 2]>,
    /// Where it stands, by its own word.
    site: Option<Geodetic>,
    /// A place that it reports, if it reports places.
    reported: Option<Geodetic>,
    scan_s: Option<f64>,
    measures: BTreeSet<Quantity>,
    /// Whether some of these say not how good they are.
    is_vague: bool,
    /// Whether its plots cannot be used without its place.
    needs_site: bool,
}

/// Returns the sensors of recordings and plot files, where these say enough of each: a radar that states its place
/// (CAT034), or a source of positions, which needs none.
///
/// Remarks say what was taken. Errors: [`Failure::Undescribed`] with what to write, [`Failure::Read`] and the like.
pub fn sensors(selection: &Selection<'_>) -> Result<(Sensors, Vec<String>), Failure> {
    let mut heard: BTreeMap<Arc<str>, Heard> = BTreeMap::new();
    for path in selection.plots {
        let Content::Plots(format) = content(path, selection.format)? else {
            hear_recording(path, selection.date, &mut heard)?;
            continue;
        };
        if let Ok(file) = files::read_plots(path, format)? {
            file.plots.iter().for_each(|plot| hear(plot, &mut heard));
        }
    }
    let missing: Vec<_> = heard
        .iter()
        .filter(|(_, of)| of.needs_site && of.site.is_none())
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Undescribed(Undescribed {
            names: missing.iter().map(|(name, _)| name.to_string()).collect(),
            stanzas: heard
                .iter()
                .map(|(name, of)| stanza(name, of))
                .collect::<Vec<_>>()
                .join("\n"),
        }));
    }
    let (mut sensors, mut remarks) = (Sensors::default(), Vec::new());
    for (name, of) in &heard {
        let Some(place) = of.site.or(of.reported) else { continue };
        let mut sensor = Sensor::new(name, name, place);
        sensor.measures = of.measures.iter().copied().collect();
        (sensor.scan_s, sensor.data_source) = (of.scan_s, of.data_source);
        if of.needs_site {
            (sensor.sigmas, sensor.bias_sigmas) = (RADAR_SIGMAS, RADAR_BIAS_SIGMAS);
            remarks.push(format!(
                "no --sensors: {name} stands where it says itself, and is taken to be as good as radars of air traffic \
                 control usually are (70 m, 0.08°; constant errors 100 m, 0.1°)"
            ));
        } else if of.is_vague {
            sensor.sigmas = POSITION_SIGMAS;
            remarks.push(format!(
                "no --sensors: {name} reports positions without saying how good they are; where it does not they are taken \
                 to be as good as those of ADS-B receivers that stamp whole seconds (300 m, height 150 m)"
            ));
        } else {
            remarks.push(format!(
                "no --sensors: {name} reports positions, as good as it says itself"
            ));
        }
        // Names are the keys of a map.
        let _unique = sensors.insert(sensor);
    }
    Ok((sensors, remarks))
}

fn hear_recording(path: &PathBuf, date: Option<Time>, heard: &mut BTreeMap<Arc<str>, Heard>) -> Result<(), Failure> {
    let bytes = fs::read(path).map_err(|source| Failure::Read {
        path: path.clone(),
        source,
    })?;
    let mut options = AsterixOptions {
        date,
        ..AsterixOptions::default()
    };
    let file = read_asterix(&bytes, &path.display().to_string(), &mut options);
    file.plots.iter().for_each(|plot| hear(plot, heard));
    let needs_site = file.summary.no_plots.iter().any(|(why, _)| *why == NoPlot::NoSite);
    for source in &file.summary.sources {
        if source.plots == 0 && !needs_site {
            continue;
        }
        let of = heard.entry(source.name.clone()).or_default();
        of.data_source = Some([source.source.sac, source.source.sic]);
        of.site = source.radar.position.or(of.site);
        of.scan_s = source.radar.rotation_s.or(of.scan_s);
        if source.plots == 0 {
            of.needs_site = true;
            of.measures.insert(Quantity::Position);
        }
    }
    Ok(())
}

fn hear(plot: &Plot, heard: &mut BTreeMap<Arc<str>, Heard>) {
    let of = heard.entry(plot.sensor.clone()).or_default();
    match &plot.measurement {
        Measurement::Polar(polar) => {
            of.needs_site = true;
            for (value, quantity) in [
                (polar.range_m, Quantity::Range),
                (polar.azimuth_rad, Quantity::Azimuth),
                (polar.elevation_rad, Quantity::Elevation),
                (polar.range_rate_mps, Quantity::RangeRate),
            ] {
                of.measures.extend(value.map(|_| quantity));
            }
        }
        Measurement::Position(fix) => {
            of.measures.insert(Quantity::Position);
            of.measures.extend(fix.velocity.map(|_| Quantity::Velocity));
            of.reported.get_or_insert(fix.geodetic);
            of.is_vague |= plot.sigmas.position_m.is_none();
        }
    }
}

/// A stanza of a sensor file, with a blank where a person has to write a number.
fn stanza(name: &str, of: &Heard) -> String {
    const BLANK: &str = "?";
    let mut text = String::from("[[sensor]]\n");
    let mut put = |key: &str, value: &str, note: &str| {
        // Writing into a String cannot fail.
        let _infallible = match note {
            "" => writeln!(text, "{key} = {value}"),
            _ => writeln!(text, "{key} = {value}  # {note}"),
        };
    };
    put("name", &format!("{name:?}"), "");
    put("owner", "\"?\"", "who runs it");
    let place = of.site.or(of.reported.filter(|_| !of.needs_site));
    let degrees = |value: Option<f64>| value.map_or_else(|| BLANK.to_owned(), |value| format!("{value:.6}"));
    put("lat_deg", &degrees(place.map(|p| p.lat_deg())), "where it stands");
    put("lon_deg", &degrees(place.map(|p| p.lon_deg())), "");
    let height = place.map_or_else(|| BLANK.to_owned(), |place| format!("{:.1}", place.height_m));
    put("height_m", &height, "above the WGS-84 ellipsoid");
    let measures: Vec<String> = of.measures.iter().map(|q| format!("{:?}", q.name())).collect();
    put("measures", &format!("[{}]", measures.join(", ")), "");
    for quantity in &of.measures {
        let (key, note) = match quantity {
            Quantity::Range => (
                "range_sigma_m",
                "noise of one plot; 70 is usual for air traffic control",
            ),
            Quantity::Azimuth => ("azimuth_sigma_deg", "0.08 is usual for air traffic control"),
            Quantity::Elevation => ("elevation_sigma_deg", ""),
            Quantity::RangeRate => ("range_rate_sigma_mps", ""),
            Quantity::Position => ("position_sigma_m", "of plots that do not say it themselves"),
            Quantity::Velocity => ("velocity_sigma_mps", "of plots that do not say it themselves"),
        };
        put(key, BLANK, note);
    }
    let scan = of
        .scan_s
        .map_or_else(|| BLANK.to_owned(), |scan_s| format!("{scan_s:.3}"));
    put("scan_s", &scan, "time between two looks at the same place");
    if let Some([sac, sic]) = of.data_source {
        put("sac", &sac.to_string(), "");
        put("sic", &sic.to_string(), "");
    }
    text
}
