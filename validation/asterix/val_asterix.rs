//! Every value of every record, against libasterix and, for Mode S registers, pyModeS; and what the recordings are
//! known to hold.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

mod fields;

use std::collections::BTreeMap;

use wire::asterix::{AsterixFile, AsterixOptions, AsterixReader, Message, NoPlot, Source, Station, read_asterix};

use fields::fields;

/// Octets of a recording, `None` where the real data is absent.
fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = validation::data(&format!("asterix/{name}"))?;
    Some(std::fs::read(path).expect("a readable file"))
}

fn options(date: &str) -> AsterixOptions {
    AsterixOptions {
        date: Some(date.parse().expect("a time")),
        ..AsterixOptions::default()
    }
}

/// Count, sum, weighted sum and the size of its terms, as `make.py` makes them.
#[derive(Copy, Clone, Debug, Default)]
struct Sum {
    count: u64,
    sum: f64,
    weighted: f64,
    size: f64,
}

fn sums(bytes: &[u8]) -> BTreeMap<(u8, String), Sum> {
    let mut sums: BTreeMap<(u8, String), Sum> = BTreeMap::new();
    let messages = AsterixReader::new(bytes, "", None).filter_map(|record| Some(record.ok()?.message));
    for (n, message) in messages.enumerate() {
        let weight = (1 + n % 997) as f64;
        fields(&message, &mut |field, value| {
            let sum = sums.entry((message.category(), field.to_owned())).or_default();
            sum.count += 1;
            sum.sum += value;
            sum.weighted += value * weight;
            sum.size += value.abs() * weight;
        });
    }
    sums
}

#[test]
fn every_value_is_that_of_the_other_decoders() {
    let reference = include_str!("reference.csv");
    let mut files: BTreeMap<&str, BTreeMap<(u8, String), [f64; 3]>> = BTreeMap::new();
    for line in reference.lines().skip(1) {
        let [file, category, field, count, sum, weighted] = *line.split(',').collect::<Vec<_>>() else {
            panic!("{line}");
        };
        let key = (category.parse().expect("a category"), field.to_owned());
        let numbers = [count, sum, weighted].map(|text| text.parse().expect("a number"));
        files.entry(file).or_default().insert(key, numbers);
    }
    assert_eq!(files.len(), 13);
    let (mut values, mut worst) = (0, 0.0_f64);
    for (file, expected) in files {
        let Some(bytes) = bytes(file) else { return };
        let found = sums(&bytes);
        let fields = |keys: Vec<&(u8, String)>| format!("{keys:?}");
        assert_eq!(
            fields(found.keys().collect()),
            fields(expected.keys().collect()),
            "{file}"
        );
        for (key, [count, sum, weighted]) in expected {
            let ours = found[&key];
            assert_eq!(ours.count as f64, count, "{file} {key:?}");
            for (ours_sum, theirs) in [(ours.sum, sum), (ours.weighted, weighted)] {
                let error = (ours_sum - theirs).abs() / ours.size.max(1.0);
                assert!(error < 1e-12, "{file} {key:?}: {ours_sum} and {theirs}");
                worst = worst.max(error);
            }
            values += ours.count;
        }
    }
    println!("{values} values agree; largest difference of a sum, of the sum of its terms: {worst:.1e}");
}

#[test]
fn half_an_hour_of_a_radar() {
    let Some(bytes) = bytes("230502-est-080001_BCN_60MN_08_09_A.ast") else {
        return;
    };
    let file = read_asterix(&bytes, "bcn.ast", &mut options("2023-05-02T00:00:00Z"));
    assert_eq!(file.faults, []);
    let summary = &file.summary;
    assert_eq!((summary.blocks, summary.plots), (22_463, 22_360));
    assert_eq!(summary.no_plots, [(NoPlot::NotDetected, 103)]);
    assert_eq!(summary.sources.len(), 1);
    assert_eq!(summary.sources[0].source, Source { sac: 20, sic: 129 });
    let (first, last) = summary.span.expect("plots");
    assert_eq!(first.to_string(), "2023-05-02T08:00:00.820Z");
    assert_eq!(last.to_string(), "2023-05-02T08:29:59.843Z");
    let targets: std::collections::BTreeSet<_> = file.plots.iter().filter_map(|plot| plot.target.clone()).collect();
    assert_eq!(targets.len(), 104);
    // Each aircraft comes back with the antenna.
    let mut last_of = BTreeMap::new();
    let mut turns_s = Vec::new();
    for plot in &file.plots {
        if let Some(before) = plot
            .target
            .as_ref()
            .and_then(|target| last_of.insert(target, plot.time))
        {
            turns_s.push(plot.time - before);
        }
    }
    turns_s.sort_by(f64::total_cmp);
    let scan_s = turns_s[turns_s.len() / 2];
    assert!((scan_s - 4.0).abs() < 0.02, "{scan_s} s");
    println!(
        "{} plots of {} aircraft, a scan of {scan_s:.3} s",
        summary.plots,
        targets.len()
    );
}

/// Seven radars send each message on two lines; every plot comes twice, equal in every bit.
#[test]
fn seven_radars_on_two_lines() {
    let Some(bytes) = bytes("croatia/cat_034_048.pcap") else {
        return;
    };
    let (mut lines, mut late) = (BTreeMap::new(), 0);
    for record in AsterixReader::new(&bytes, "two.pcap", None).flatten() {
        let line = record.line.expect("a capture").ip().to_string();
        *lines.entry(line.split('.').nth(1) == Some("1")).or_insert(0) += 1;
        let age_s = record.captured.expect("a capture") - record.time.expect("a date from the capture");
        // One radar sends two reports that are 20 s old.
        late += u32::from(age_s > 4.0);
        assert!((0.0..21.0).contains(&age_s), "{age_s}");
    }
    assert_eq!(late, 2);
    assert_eq!(lines, BTreeMap::from([(false, 81), (true, 81)]));
    let file = read_asterix(&bytes, "two.pcap", &mut AsterixOptions::default());
    assert_eq!((file.summary.faults, file.summary.sources.len()), (0, 7));
    let distinct = |file: &AsterixFile| {
        let mut once: Vec<_> = Vec::new();
        for plot in &file.plots {
            if !once.contains(plot) {
                once.push(plot.clone());
            }
        }
        once.len()
    };
    assert_eq!((file.plots.len(), distinct(&file)), (126, 63));
}

#[test]
fn an_airport_by_surface_radar_and_multilateration() {
    let (Some(radar), Some(multilateration)) = (
        bytes("201002-lebl-080001_smr_A.ast"),
        bytes("201002-lebl-080001_mlat_A.ast"),
    ) else {
        return;
    };
    let radar = read_asterix(&radar, "smr.ast", &mut options("2020-10-02T00:00:00Z"));
    assert_eq!((radar.summary.faults, radar.summary.plots), (0, 17_749));
    assert_eq!(
        radar.summary.no_plots,
        [(NoPlot::Service, 7_110), (NoPlot::NoPosition, 393)]
    );
    // Its positions are relative to a place that the recording does not say.
    let file = read_asterix(&multilateration, "mlat.ast", &mut options("2020-10-02T00:00:00Z"));
    assert_eq!((file.summary.faults, file.summary.plots), (0, 0));
    let place = geo::Geodetic::from_degrees(41.297_063, 2.078_447, 52.0);
    let mut options = options("2020-10-02T00:00:00Z");
    let station = Station {
        name: "mlat".into(),
        site: Some(geo::Site::new(place)),
    };
    options.sources.insert(Source { sac: 0, sic: 107 }, station);
    let file = read_asterix(&multilateration, "mlat.ast", &mut options);
    assert_eq!((file.summary.faults, file.summary.plots), (0, 24_156));
    // Six fixed transponders reply every second.
    assert_eq!(
        file.summary.no_plots,
        [(NoPlot::Service, 7_194), (NoPlot::FieldMonitor, 21_488)]
    );
    for plot in &file.plots {
        let plot::Measurement::Position(fix) = plot.measurement else {
            panic!("a position");
        };
        let distance_m = geo::geodesic(place, fix.geodetic).distance_m;
        assert!(distance_m < 46_400.0, "{distance_m}");
    }
}

/// A recording of 2008 numbers its items otherwise, under the same category: nothing of it becomes a plot.
#[test]
fn an_edition_of_another_layout_makes_no_plots() {
    let Some(bytes) = bytes("croatia/asterix.pcap") else {
        return;
    };
    let file = read_asterix(&bytes, "2008.pcap", &mut AsterixOptions::default());
    assert!(file.summary.faults >= 70, "{}", file.summary.faults);
    assert_eq!(file.plots, []);
}

/// The Mode S register 5,0 of an aircraft and the radar's own track speak of the same ground speed.
#[test]
fn the_aircraft_and_the_radar_agree_on_ground_speed() {
    let Some(bytes) = bytes("230502-est-080001_BCN_60MN_08_09_A.ast") else {
        return;
    };
    let mut differences_mps = Vec::new();
    for record in AsterixReader::new(&bytes, "bcn.ast", None).flatten() {
        if let Message::Cat048(report) = &record.message
            && let Some(track) = report.track_velocity
        {
            let turns = report.registers.iter().filter_map(|register| register.track_and_turn());
            differences_mps.extend(
                turns
                    .filter_map(|turn| turn.ground_speed_mps)
                    .map(|own| track.speed_mps - own),
            );
        }
    }
    differences_mps.sort_by(f64::total_cmp);
    let at = |share: f64| differences_mps[(share * differences_mps.len() as f64) as usize];
    let spread_mps = (at(0.841_3) - at(0.158_7)) / 2.0;
    println!(
        "{} pairs: median {:.2} m/s, half the central 68 % {spread_mps:.2} m/s",
        differences_mps.len(),
        at(0.5)
    );
    assert!(differences_mps.len() == 4_961 && at(0.5).abs() < 0.1 && spread_mps < 0.6);
}
