//! Seven real radars whose plots arrive on two lines: each plot is taken once, whichever line brings it first.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use plot::{Plot, Sensor, Sensors};
use track::associate::Sequential;
use track::{Counts, Options, Timeline, TimelineOptions};
use wire::asterix::{AsterixOptions, read_asterix};

/// Distinct datagrams' plots, counted beside this code (README.md).
const PLOTS: u64 = 63;

/// How many tracks were begun, what came of the plots by sensor, and of all.
fn tracked(plots: &[Plot], sensors: &Sensors) -> (usize, Vec<Counts>, Counts) {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    for plot in plots {
        timeline.add(plot).expect("a known sensor");
    }
    let begun = timeline.picture(&Sequential).count().0;
    assert_eq!(timeline.drain_sensor_events(), [], "no radar is at fault");
    let of_sensors = timeline.sensor_reports().iter().map(|report| report.counts).collect();
    (begun, of_sensors, timeline.counts())
}

#[test]
fn each_plot_is_taken_once() {
    let Some(path) = validation::data("asterix/croatia/cat_034_048.pcap") else {
        return;
    };
    let bytes = std::fs::read(path).expect("a readable file");
    let file = read_asterix(&bytes, "two.pcap", &mut AsterixOptions::default());
    let mut sensors = Sensors::default();
    for plot in &file.plots {
        // Where they stand is not published with the capture: any place does for counting.
        let mut sensor = Sensor::new(&plot.sensor, "hr", geo::Geodetic::from_degrees(45.8, 16.0, 100.0));
        sensor.sigmas.range_m = Some(50.0);
        sensor.sigmas.azimuth_rad = Some(0.0015);
        let _known = sensors.insert(sensor);
    }
    assert_eq!(sensors.as_slice().len(), 7);
    let mut once: Vec<Plot> = Vec::new();
    for plot in &file.plots {
        if !once.contains(plot) {
            once.push(plot.clone());
        }
    }
    let (begun, of_sensors, counts) = tracked(&file.plots, &sensors);
    println!("{counts:?}, {begun} tracks begun");
    assert_eq!((counts.taken, counts.duplicate), (PLOTS, PLOTS));
    assert!(
        of_sensors.iter().all(|own| own.taken == own.duplicate),
        "{of_sensors:?}"
    );
    assert!(
        begun > 0 && tracked(&once, &sensors).0 == begun,
        "one line alone begins as many tracks"
    );
    let turned: Vec<Plot> = file.plots.iter().rev().cloned().collect();
    assert!(
        tracked(&turned, &sensors).0 == begun,
        "the other order begins as many tracks"
    );
}
