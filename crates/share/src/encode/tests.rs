//! Items come back as they were, and what may not be is refused with its field and value.

use std::sync::Arc;

use ::plot::{Measurement, Plot, Polar, PositionFix, Quantity, Sensor, Sigmas};
use geo::{Geodetic, Time, Velocity};
use proptest::prelude::*;
use wire::messages::{self, Message};

use super::*;
use crate::item::{Classification, Coarse, Label, TrackState, WarningNote};

fn some<T: std::fmt::Debug + Clone + 'static>(values: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Option<T>> {
    prop::option::of(values).boxed()
}

fn time() -> impl Strategy<Value = Time> {
    any::<i64>().prop_map(Time::from_tai_ns)
}

fn place() -> impl Strategy<Value = Geodetic> {
    (-1.570..1.570, -3.1..3.1, -1e4..1e6).prop_map(|(lat_rad, lon_rad, height_m)| Geodetic {
        lat_rad,
        lon_rad,
        height_m,
    })
}

fn name_text() -> impl Strategy<Value = Arc<str>> {
    "[a-z][a-z0-9 é-]{0,20}[a-z]".prop_map(Into::into)
}

fn sigmas() -> impl Strategy<Value = Sigmas> {
    (
        some(0.1..1e3),
        some(1e-6..1.0),
        some(1e-6..1.0),
        some(0.1..1e3),
        some(0.1..1e3),
    )
        .prop_map(
            |(range_m, azimuth_rad, elevation_rad, range_rate_mps, position_m)| Sigmas {
                range_m,
                azimuth_rad,
                elevation_rad,
                range_rate_mps,
                position_m,
                height_m: position_m,
                velocity_mps: None,
            },
        )
}

fn measurement() -> impl Strategy<Value = Measurement> {
    let polar = (0.0..5e8, some(0.0..6.2), some(-1.57..1.57), some(-2e4..2e4)).prop_map(
        |(range_m, azimuth_rad, elevation_rad, range_rate_mps)| {
            Measurement::Polar(Polar {
                range_m: Some(range_m),
                azimuth_rad,
                elevation_rad,
                range_rate_mps,
                pressure_altitude_m: None,
            })
        },
    );
    let fix = (place(), some((-2e4..2e4, -2e4..2e4, -2e4..2e4))).prop_map(|(geodetic, velocity)| {
        let velocity = velocity.map(|(east, north, up)| Velocity::new(east, north, up));
        Measurement::Position(PositionFix { geodetic, velocity })
    });
    prop_oneof![polar, fix]
}

fn body() -> impl Strategy<Value = Body> {
    let plot = (
        time(),
        name_text(),
        measurement(),
        sigmas(),
        some(-100.0..200.0),
        some(name_text()),
    )
        .prop_map(|(time, sensor, measurement, sigmas, snr_db, target)| {
            Body::Plot(Box::new(Plot {
                time,
                sensor,
                measurement,
                sigmas,
                snr_db,
                target,
                truth: None,
            }))
        });
    let sensor = (name_text(), name_text(), place(), sigmas(), some(0.1..100.0)).prop_map(
        |(name, owner, place, sigmas, scan_s)| {
            let mut sensor = Sensor::new(&name, &owner, place);
            sensor.sigmas = sigmas;
            sensor.measures = vec![Quantity::Range, Quantity::RangeRate, Quantity::Velocity];
            sensor.scan_s = scan_s;
            sensor.coverage.azimuth_from_rad = scan_s.map(|_| 1.0);
            sensor.detection.probability = scan_s.map(|_| 0.9);
            sensor.data_source = scan_s.map(|_| [1, 2]);
            Body::Sensor(Box::new(sensor))
        },
    );
    let coarse =
        (time(), place(), 1e-3..1e6).prop_map(|(time, place, sigma_m)| Body::Coarse(Coarse { time, place, sigma_m }));
    let track = (name_text(), time(), 0.0..=1.0, -1e7..1e7).prop_map(|(track, time, existence, x)| {
        Body::Track(Box::new(TrackState {
            track,
            time,
            existence,
            phase: "coast".into(),
            state: [x, 2.0, 3.0, 4.0, 5.0, 6.0],
            covariance: std::array::from_fn(|at| at as f64),
        }))
    });
    let warning = (name_text(), time(), prop::collection::vec(place(), 3..9)).prop_map(|(track, time, area)| {
        Body::Warning(WarningNote {
            track,
            time,
            area,
            probability: 0.9,
            arrival: [time, time],
        })
    });
    prop_oneof![plot, sensor, coarse, track, warning]
}

proptest! {
    #[test]
    fn a_body_comes_back_to_the_last_bit(body in body()) {
        let octets = body_octets(&body);
        prop_assert!(octets.len() <= BODY_OCTETS_MAX);
        prop_assert_eq!(&body_of(&octets).unwrap(), &body);
        prop_assert_eq!(body_octets(&body_of(&octets).unwrap()), octets);
    }

    #[test]
    fn octets_of_any_kind_are_refused_or_are_the_one_form(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(body) = body_of(&octets) {
            prop_assert_eq!(body_octets(&body), octets);
        }
    }

    #[test]
    fn a_changed_octet_makes_another_item_or_none(body in body(), at: prop::sample::Index, flip in 1..=255_u8) {
        let octets = body_octets(&body);
        let mut changed = octets.clone();
        changed[at.index(octets.len())] ^= flip;
        if body_of(&changed).is_ok() {
            prop_assert_ne!(item_id("alfa", &changed), item_id("alfa", &octets));
        }
    }
}

/// A plot as a message, changed.
fn refused(change: impl FnOnce(&mut messages::Plot)) -> String {
    let mut plot = messages::Plot {
        time_tai_ns: 5,
        sensor: "north".to_owned(),
        measurement: Some(messages::Measurement::Polar(messages::Polar {
            range_m: Some(1e5),
            azimuth_rad: Some(1.0),
            ..messages::Polar::default()
        })),
        ..messages::Plot::default()
    };
    change(&mut plot);
    let item = Some(messages::Item::Plot(plot));
    body_of(&messages::Body { item }.encode_to_vec())
        .unwrap_err()
        .to_string()
}

fn polar(polar: messages::Polar) -> impl FnOnce(&mut messages::Plot) {
    move |plot| plot.measurement = Some(messages::Measurement::Polar(polar))
}

#[test]
fn a_refusal_names_field_and_value() {
    let nothing = messages::Polar::default();
    for (error, words) in [
        (refused(|plot| plot.measurement = None), ["measurement", "missing"]),
        // A line of sight along which nothing was measured.
        (refused(polar(nothing)), ["polar", "missing"]),
        // Not a number, beyond any, and beyond the moon.
        (
            refused(polar(messages::Polar {
                range_m: Some(f64::NAN),
                ..nothing
            })),
            ["range_m", "NaN"],
        ),
        (
            refused(polar(messages::Polar {
                range_m: Some(f64::INFINITY),
                ..nothing
            })),
            ["range_m", "inf"],
        ),
        (
            refused(polar(messages::Polar {
                range_m: Some(6e8),
                ..nothing
            })),
            ["range_m", "600000000"],
        ),
        // Degrees where radians belong.
        (
            refused(polar(messages::Polar {
                azimuth_rad: Some(90.0),
                ..nothing
            })),
            ["azimuth_deg", "5156"],
        ),
        (
            refused(polar(messages::Polar {
                elevation_rad: Some(-2.0),
                ..nothing
            })),
            ["elevation_deg", "-114"],
        ),
        // Names that would break a line of a log, or hide in a list.
        (refused(|plot| plot.sensor.clear()), ["sensor", "\"\""]),
        (refused(|plot| plot.sensor = "a\nb".to_owned()), ["sensor", "a\\nb"]),
        (refused(|plot| plot.sensor = " a".to_owned()), ["sensor", "\" a\""]),
        (refused(|plot| plot.sensor = "x".repeat(257)), ["sensor", "xxxx"]),
        (refused(|plot| plot.snr_db = Some(1e3)), ["snr_db", "1000"]),
    ] {
        assert!(words.iter().all(|word| error.contains(word)), "{words:?}: {error}");
    }
}

#[test]
fn another_form_of_the_same_is_refused() {
    let body = Body::Coarse(Coarse {
        time: Time::from_tai_ns(7),
        place: Geodetic::from_degrees(1.0, 2.0, 3.0),
        sigma_m: 4.0,
    });
    let good = body_octets(&body);
    // A field that nobody knows; the same field twice; the item of another kind before it.
    let unknown = [&good[..], &[0x7a, 0x01, 0x00]].concat();
    let twice = [&good[..], &good[..]].concat();
    let before = [&[0x22, 0x00][..], &good[..]].concat();
    for (octets, what) in [(unknown, "unknown"), (twice, "twice"), (before, "before")] {
        assert_eq!(body_of(&octets), Err(ItemError::OtherForm), "{what}");
    }
    assert!(matches!(body_of(&good[..good.len() - 1]), Err(ItemError::Protocol(_))));
    assert!(matches!(
        body_of(&vec![0; BODY_OCTETS_MAX + 1]),
        Err(ItemError::TooLong { .. })
    ));
}

#[test]
fn a_label_comes_back_and_lists_its_owners_once_in_order() {
    let label = Label {
        policy: "p".into(),
        classification: Classification::Secret,
        releasable_to: ["b".into(), "a".into()].into(),
        exercise: true,
        onward: false,
    };
    assert_eq!(label_of(label_to(&label)), Ok(label.clone()));
    for owners in [&["b", "a"][..], &["a", "a"], &[""]] {
        let releasable_to = owners.iter().map(|owner| (*owner).to_owned()).collect();
        let message = messages::Label {
            releasable_to,
            ..label_to(&label)
        };
        assert!(label_of(message).is_err(), "{owners:?}");
    }
    let message = messages::Label {
        classification: 4,
        ..label_to(&label)
    };
    assert!(
        label_of(message)
            .unwrap_err()
            .to_string()
            .contains("classification is 4")
    );
}
