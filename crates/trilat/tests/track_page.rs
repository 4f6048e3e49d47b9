//! The page of `trilat track`: small whatever the input, and nothing of a file gets into it as markup.

use flight::Phase;
use geo::{Geodetic, Time};
use nalgebra::{Matrix6, Vector6};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};
use track::{Counts, Event, EventKind, Name, Row};
use trilat::output::TracksOutput;
use trilat::report::{TracksPage, render_tracks};

fn start() -> Time {
    "2023-05-02T08:00:00Z".parse().expect("a time")
}

fn name(number: usize) -> Name {
    Name::of(&Plot {
        time: start() + number as f64,
        sensor: "a".into(),
        measurement: Measurement::Polar(Polar::default()),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    })
}

/// So many objects that wind over 200 km, each with so many rows.
fn page(objects: usize, rows_each: usize) -> String {
    let sensors = [Sensor::new(
        "<script>alert(1)</script>",
        "<b>who</b>",
        Geodetic::from_degrees(41.3, 2.1, 30.0),
    )];
    let (mut rows, mut events, mut detections) = (Vec::new(), Vec::new(), Vec::new());
    for step in 0..rows_each {
        for object in 0..objects {
            let (turn, share) = (object as f64 * 0.7, step as f64 / rows_each as f64);
            let bend = 0.1 * geo::math::sin(20.0 * share + turn);
            let (lat, lon) = (geo::math::cos(turn) * share + bend, geo::math::sin(turn) * share - bend);
            let place = Geodetic::from_degrees(41.3 + lat, 2.1 + lon, 9_000.0 * share)
                .to_ecef()
                .to_array();
            let time = start() + 1_800.0 * share;
            let phase = if ((8.0 * share) as usize).is_multiple_of(2) {
                Phase::AirBreathing
            } else {
                Phase::Surface
            };
            if step % 20 == 0 {
                events.push(Event {
                    time,
                    track: name(object),
                    kind: EventKind::Phase(phase),
                });
            }
            detections.push((time, 0));
            rows.push(Row {
                time,
                track: name(object),
                phase,
                existence: 0.999,
                belief: estimate::belief::Gaussian::new(
                    Vector6::new(place[0], place[1], place[2], 100.0, 0.0, 0.0),
                    Matrix6::from_diagonal_element(1e4),
                ),
                plots: step as u32,
                sensors: vec![0],
                news: None,
            });
        }
    }
    let output = TracksOutput::new(&rows, &events, &[], Counts::default(), 0, &sensors);
    render_tracks(&TracksPage {
        rows: &rows,
        events: &events,
        output: &output,
        sensors: &sensors,
        detections: &detections,
        inputs: &["<i>plots</i>.csv".to_owned()],
    })
}

#[test]
fn a_large_picture_is_a_small_page() {
    let (page, more) = (page(200, 110), page(200, 440));
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    // Lines are drawn with what pixels show, so four times the rows are hardly more.
    assert!(more.len() < 2 * page.len(), "{} and {} bytes", page.len(), more.len());
    assert_eq!(page.matches("<th scope=\"row\">").count(), 201);
}

#[test]
fn texts_from_files_are_escaped_and_nothing_is_loaded() {
    let page = page(2, 50);
    for bad in [
        "<script", "<b>", "<i>", "http://", "https://", "src=", "@import", "url(http", "NaN",
    ] {
        assert!(!page.contains(bad), "{bad} stands in the page");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn a_picture_without_tracks_is_a_page() {
    let page = page(0, 0);
    assert!(page.contains("0 tracks") && !page.contains("NaN"));
}
