//! Plots and sensors of every kind, as proptest strategies.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::sync::Arc;

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time, Velocity};
use plot::{Measurement, Plot, Polar, PositionFix, Sigmas};
use proptest::option;
use proptest::prelude::*;

/// Names with commas, quotes, backslashes, spaces and letters of other scripts; none has spaces at its ends.
pub fn name() -> impl Strategy<Value = Arc<str>> {
    "[!-~é日][ -~é日\u{1f680}]{0,12}[!-~é日]".prop_map(Arc::from)
}

/// Angles that were read from degrees: those come back bit for bit.
pub fn angle(from_deg: f64, below_deg: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        from_deg..below_deg,
        // Short decimals, as files have them.
        (0..1_000_000_u32).prop_map(move |n| from_deg + (below_deg - from_deg) * f64::from(n) / 1e6),
        Just(from_deg),
    ]
    .prop_map(|deg| deg * RAD_PER_DEG)
}

pub fn sigmas() -> impl Strategy<Value = Sigmas> {
    let metres = || option::weighted(0.3, 1e-6..1e6);
    let speed = || option::weighted(0.3, 1e-6..1e4);
    let turn = || option::weighted(0.3, angle(1e-6, 90.0));
    (metres(), turn(), turn(), speed(), metres(), metres(), speed()).prop_map(
        |(range_m, azimuth_rad, elevation_rad, range_rate_mps, position_m, height_m, velocity_mps)| Sigmas {
            range_m,
            azimuth_rad,
            elevation_rad,
            range_rate_mps,
            position_m,
            height_m,
            velocity_mps,
        },
    )
}

pub fn geodetic() -> impl Strategy<Value = Geodetic> {
    (angle(-90.0, 90.0), angle(-180.0, 180.0), -1.2e4..5e8).prop_map(|(lat_rad, lon_rad, height_m)| Geodetic {
        lat_rad,
        lon_rad,
        height_m,
    })
}

fn measurement() -> impl Strategy<Value = Measurement> {
    let polar = (
        option::of(0.0..5e8),
        option::of(angle(0.0, 360.0)),
        option::of(angle(-90.0, 90.0)),
        option::of(-2e4..2e4),
        option::of(-2e3..5e4),
    )
        .prop_map(
            |(range_m, azimuth_rad, elevation_rad, range_rate_mps, pressure_altitude_m)| Polar {
                range_m,
                azimuth_rad,
                elevation_rad,
                range_rate_mps,
                pressure_altitude_m,
            },
        )
        .prop_filter("measures something", |polar| !polar.is_empty())
        .prop_map(Measurement::Polar);
    let velocity = (-2e4..2e4, -2e4..2e4, -2e4..2e4).prop_map(|(e, n, u)| Velocity::new(e, n, u));
    let position = (geodetic(), option::of(velocity))
        .prop_map(|(geodetic, velocity)| Measurement::Position(PositionFix { geodetic, velocity }));
    prop_oneof![polar, position]
}

pub fn plot() -> impl Strategy<Value = Plot> {
    let time = prop_oneof![
        63_072_000_000_000_000..9_214_646_400_000_000_000_i64,
        Just(1_631_208_300_050_000_000)
    ]
    .prop_map(|utc_ns| Time::from_utc_ns(utc_ns).expect("within the span"));
    let sensor = prop_oneof![Just(Arc::from("wsmr-a")), name()];
    (
        time,
        sensor,
        measurement(),
        sigmas(),
        option::weighted(0.3, -100.0..200.0),
        option::weighted(0.3, name()),
        option::weighted(0.3, name()),
    )
        .prop_map(|(time, sensor, measurement, sigmas, snr_db, target, truth)| Plot {
            time,
            sensor,
            measurement,
            sigmas,
            snr_db,
            target,
            truth,
        })
}
