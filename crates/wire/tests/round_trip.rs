//! What is written is read again, to the nanosecond and to the last bit.
#![allow(clippy::unwrap_used, reason = "helpers of tests unwrap too")]

mod common;

use std::io::Cursor;
use std::sync::Arc;

use geo::Site;
use plot::{Coverage, Detection, Measurement, Plot, Polar, Quantity, Sensor, Sensors};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wire::{Columns, Format, PlotWriter, WriteError, read_plots, read_sensors, write_plots, write_sensors};

fn there_and_back(format: Format, plots: &[Plot]) -> Vec<Plot> {
    let mut bytes = Vec::new();
    write_plots(format, &mut bytes, plots).expect("written");
    let read = read_plots(format, Cursor::new(bytes), "plots").expect("read");
    assert_eq!(read.refusals, [], "{format:?}");
    read.plots
}

fn sensor() -> impl Strategy<Value = Sensor> {
    let coverage = (
        option::of(1.0..5e8),
        option::of((common::angle(0.0, 180.0), common::angle(180.5, 360.0))),
        option::of(common::angle(-90.0, 0.0)),
        option::of(common::angle(0.5, 90.0)),
    )
        .prop_map(|(range_max_m, sector, elevation_min_rad, elevation_max_rad)| Coverage {
            range_max_m,
            azimuth_from_rad: sector.map(|sector| sector.0),
            azimuth_to_rad: sector.map(|sector| sector.1),
            elevation_min_rad,
            elevation_max_rad,
        });
    let rates = (
        option::of(1e-6..1e5),
        option::of(0.0..1e5),
        option::of(1e-6..=1.0),
        option::of(0.0..1e6),
    );
    let data_source = option::of(any::<[u8; 2]>());
    let measures = proptest::sample::subsequence(Quantity::ALL.to_vec(), 1..=6);
    let names = (common::name(), common::name());
    (
        names,
        common::geodetic(),
        measures,
        common::sigmas(),
        common::sigmas(),
        option::of(1e-9..1e5),
        coverage,
        (rates, data_source),
    )
        .prop_map(
            |((name, owner), place, measures, sigmas, mut bias_sigmas, clock, coverage, (rates, data_source))| {
                bias_sigmas.position_m = None;
                bias_sigmas.height_m = None;
                bias_sigmas.velocity_mps = None;
                Sensor {
                    name,
                    owner,
                    site: Site::new(place),
                    measures,
                    sigmas,
                    bias_sigmas,
                    time_bias_sigma_s: clock,
                    coverage,
                    scan_s: rates.0,
                    latency_s: rates.1,
                    detection: Detection {
                        probability: rates.2,
                        false_alarms_per_scan: rates.3,
                    },
                    data_source,
                }
            },
        )
}

proptest! {
    #[test]
    fn plots(plots in vec(common::plot(), 0..40)) {
        for format in Format::ALL.iter().filter(|format| format.is_written()) {
            // JSON lines have no header: a file of no plots is an empty file, which is refused.
            if *format != Format::JsonLines || !plots.is_empty() {
                prop_assert_eq!(&there_and_back(*format, &plots), &plots, "{:?}", format);
            }
        }
    }

    #[test]
    fn sensors(list in vec(sensor(), 1..5)) {
        let mut sensors = Sensors::default();
        for sensor in list {
            // The same name twice is not our matter here.
            let _ = sensors.insert(sensor);
        }
        let mut bytes = Vec::new();
        write_sensors(&mut bytes, &sensors).expect("written");
        let text = String::from_utf8_lossy(&bytes);
        let read = read_sensors(bytes.as_slice(), "s.toml");
        prop_assert_eq!(read.map_err(|error| format!("{error}\n{text}")), Ok(sensors));
    }
}

/// One plot at a time with a range.
fn plot_at(time: &str) -> Plot {
    Plot {
        time: time.parse().unwrap(),
        sensor: "north".into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(8076.5),
            ..Polar::default()
        }),
        sigmas: plot::Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    }
}

#[test]
fn more_plots_than_one_batch_or_row_group() {
    let plots: Vec<Plot> = (0..300_000)
        .map(|i| Plot {
            time: plot_at("2021-09-09T17:25:00Z").time + f64::from(i) * 0.05,
            snr_db: (i % 3 == 0).then_some(f64::from(i % 100)),
            ..plot_at("2021-09-09T17:25:00Z")
        })
        .collect();
    for format in Format::ALL.iter().filter(|format| format.is_written()) {
        assert!(there_and_back(*format, &plots) == plots, "{format:?}");
    }
}

#[test]
fn a_leap_second_is_text_but_no_timestamp() {
    let plots = [plot_at("2016-12-31T23:59:60.123456789Z")];
    assert_eq!(there_and_back(Format::Csv, &plots), plots);
    assert_eq!(there_and_back(Format::JsonLines, &plots), plots);
    let written = write_plots(Format::Parquet, Vec::new(), &plots);
    assert!(matches!(written, Err(WriteError::LeapSecond)));
}

#[test]
fn text_is_as_short_as_it_can_be() {
    let mut bytes = Vec::new();
    write_plots(Format::Csv, &mut bytes, &[plot_at("2021-09-09T17:25:00.050Z")]).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "time,sensor,range_m\n2021-09-09T17:25:00.050Z,north,8076.5\n"
    );
    let mut bytes = Vec::new();
    write_plots(Format::JsonLines, &mut bytes, &[plot_at("2021-09-09T17:25:00.000001Z")]).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "{\"time\":\"2021-09-09T17:25:00.000001Z\",\"sensor\":\"north\",\"range_m\":8076.5}\n"
    );
}

#[test]
fn what_could_not_be_read_is_not_written() {
    let good = plot_at("2021-09-09T17:25:00Z");
    let with = |change: fn(&mut Plot)| {
        let mut plot = good.clone();
        change(&mut plot);
        plot
    };
    for plot in [
        with(|p| p.sensor = "".into()),
        with(|p| p.sensor = " north".into()),
        with(|p| p.sensor = "a\nb".into()),
        with(|p| p.target = Some("".into())),
        with(|p| p.truth = Some("x".repeat(257).into())),
        with(|p| p.snr_db = Some(f64::NAN)),
        with(|p| p.sigmas.range_m = Some(0.0)),
        with(|p| p.measurement = Measurement::Polar(Polar::default())),
        with(|p| p.time = geo::Time::from_tai_ns(0)),
    ] {
        for format in Format::ALL.iter().filter(|format| format.is_written()) {
            assert!(
                write_plots(*format, Vec::new(), std::slice::from_ref(&plot)).is_err(),
                "{format:?} {plot:?}"
            );
        }
    }
    let mut writer = PlotWriter::new(Format::Csv, Vec::new(), Columns::NONE).unwrap();
    let error = writer.write(&good).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a plot has range_m, which is not among the columns of the file"
    );
    let mut sensors = Sensors::default();
    let mut sensor = Sensor::new("a", "b", geo::Geodetic::from_degrees(0.0, 0.0, 0.0));
    sensor.coverage.azimuth_from_rad = Some(1.0);
    sensors.insert(sensor).unwrap();
    let error = write_sensors(Vec::new(), &sensors).unwrap_err();
    assert!(matches!(error, WriteError::Sensor(_)), "{error}");
    let _: Arc<str> = good.sensor;
}
