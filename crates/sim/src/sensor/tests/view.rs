//! What is in view and what is not: sector, elevation, range, outage, horizon, terrain, night, thrust.

use std::f64::consts::TAU;
use std::sync::Arc;

use super::*;
use crate::Terrain;

#[test]
fn nothing_is_seen_outside_sector_elevations_range_and_in_an_outage() {
    let mut station = station("a", Source::Radar(radar()));
    station.sensor.coverage = plot::Coverage {
        range_max_m: Some(4e5),
        azimuth_from_rad: Some(300.0 * RAD_PER_DEG),
        azimuth_to_rad: Some(60.0 * RAD_PER_DEG),
        elevation_min_rad: Some(3.0 * RAD_PER_DEG),
        elevation_max_rad: Some(70.0 * RAD_PER_DEG),
    };
    station.outages = vec![(start() + 50.0, start() + 60.0)];
    let site = station.sensor.site;
    for (azimuth_deg, elevation_deg, range_m, is_seen) in [
        (0.0, 30.0, 3e5, true),
        (301.0, 30.0, 3e5, true),
        (299.0, 30.0, 3e5, false),
        (61.0, 30.0, 3e5, false),
        (180.0, 30.0, 3e5, false),
        (59.0, 3.1, 3e5, true),
        (59.0, 2.9, 3e5, false),
        (10.0, 70.1, 3e5, false),
        (10.0, 30.0, 4.1e5, false),
    ] {
        let truth = standing("o", &site, azimuth_deg, elevation_deg, range_m, 100.0);
        assert_eq!(
            station.look(&truth, start()).is_some(),
            is_seen,
            "{azimuth_deg} {elevation_deg} {range_m}"
        );
        let found = plots(std::slice::from_ref(&truth), &station, 100.0, 2);
        assert_eq!(!found.is_empty(), is_seen);
        let silent = found
            .iter()
            .filter(|plot| (50.0..=60.0).contains(&(plot.time - start())));
        assert_eq!(silent.count(), 0);
        assert!(station.look(&truth, start() + 55.0).is_none());
        assert!(station.look(&truth, start() + 100.5).is_none(), "its life is over");
    }
}

/// The horizon distance `√(2 k a) (√h₁ + √h₂)` (Skolnik, Introduction to radar systems, 3rd ed. (2001), section 8.4),
/// for the three ways of bending; in the reference atmosphere k is near 4/3 low down.
#[test]
fn the_horizon_is_where_textbooks_put_it() {
    for (bending, factor, slack) in [
        (Bending::Straight, 1.0, 0.005),
        (Bending::EffectiveEarth { factor: 4.0 / 3.0 }, 4.0 / 3.0, 0.005),
        (Bending::Air, 4.0 / 3.0, 0.025),
    ] {
        let mut station = station("a", Source::Radar(radar()));
        station.horizon.bending = bending;
        for height_m in [50.0_f64, 1_000.0, 3_000.0] {
            let root = (2.0_f64 * factor * 6.371e6).sqrt();
            let expected_m = root * (500.0_f64.sqrt() + height_m.sqrt());
            let is_seen = |ground_m: f64| {
                let mut there = geo::destination(place(), 40.0, ground_m);
                there.height_m = height_m;
                let truth = moving("o", there.to_ecef(), Velocity::new(0.0, 0.0, 0.0), 10.0);
                station.look(&truth, start()).is_some()
            };
            assert!(is_seen(expected_m * (1.0 - slack)), "{bending:?} {height_m}");
            assert!(!is_seen(expected_m * (1.0 + slack)), "{bending:?} {height_m}");
        }
    }
}

#[test]
fn mountains_hide_what_is_behind_them() {
    let open = station("a", Source::Radar(radar()));
    let site = open.sensor.site;
    let low = standing("low", &site, 90.0, 4.0, 1e5, 10.0);
    let high = standing("high", &site, 90.0, 6.0, 1e5, 10.0);
    let mut masked = open.clone();
    masked.horizon.mask = Some(Arc::new(Mask {
        elevations_rad: vec![0.0, 5.0 * RAD_PER_DEG, 0.0, 0.0],
    }));
    assert!(open.look(&low, start()).is_some());
    assert!(masked.look(&low, start()).is_none() && masked.look(&high, start()).is_some());
    // A plain as high as a mountain: what stands lower is in the ground.
    let mut sunk = open.clone();
    sunk.horizon.terrain = Some(Terrain::Flat { height_m: 8_500.0 });
    assert!(sunk.look(&low, start()).is_none());
}

#[test]
fn a_face_looks_into_its_half_and_loses_off_its_normal() {
    let station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.faces.push(Face {
            azimuth_rad: 90.0 * RAD_PER_DEG,
            elevation_rad: 20.0 * RAD_PER_DEG,
            scan_max_rad: 60.0 * RAD_PER_DEG,
        });
    });
    let look = |azimuth_deg: f64, elevation_deg: f64| {
        let truth = standing("o", &station.sensor.site, azimuth_deg, elevation_deg, 1e6, 10.0);
        station.look(&truth, start())
    };
    let normal = look(90.0, 20.0).unwrap();
    assert!((normal.snr_db.unwrap() - 10.0).abs() < 1e-6);
    let aside = look(90.0, 65.0).unwrap();
    // 45° off: cos³ is a loss of 4.515 dB, and the beam is wider by √2.
    assert!((aside.snr_db.unwrap() - 10.0 + 4.5154).abs() < 1e-3);
    assert!(look(270.0, 20.0).is_none() && look(160.0, 20.0).is_none());
}

#[test]
fn a_turning_antenna_passes_an_object_once_a_turn_where_it_is() {
    let station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.reference_range_m = 1e7;
        radar.schedule = Schedule::Rotating { period_s: 8.0 };
    });
    let site = station.sensor.site;
    // Around the station in 2,000 s, through north: the turns take longer or shorter by 8/250.
    let path = site.from_aer(Aer {
        azimuth_rad: TAU - 0.4,
        elevation_rad: 0.8,
        range_m: 1e5,
    });
    let east = site.velocity_to_ecef(Velocity::new(220.0, 0.0, 0.0));
    let found = plots(&[moving("o", path, east, 400.0)], &station, 400.0, 1);
    assert!(found.len() > 45, "{}", found.len());
    let phase = |plot: &plot::Plot| {
        let turns = (plot.time - start()) / 8.0 - polar(plot).azimuth_rad.unwrap() / TAU;
        turns - turns.floor()
    };
    for pair in found.windows(2) {
        // The beam points where the object is, but for noise.
        let moved = geo::angle::wrap_pi(TAU * (phase(&pair[1]) - phase(&pair[0]))).abs();
        assert!(moved < 10.0 * pair[0].sigmas.azimuth_rad.unwrap(), "{moved}");
    }
}

#[test]
fn a_phased_array_comes_back_sooner_to_what_it_found() {
    let station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.reference_range_m = 1e7;
        radar.schedule = Schedule::Phased {
            search_s: 20.0,
            track_s: 2.0,
            misses_max: 2,
        };
    });
    let mut station = station;
    station.outages = vec![(start() + 100.0, start() + 110.0)];
    let truth = standing("o", &station.sensor.site, 10.0, 40.0, 5e5, 300.0);
    let found = plots(&[truth], &station, 300.0, 1);
    let gaps: Vec<f64> = found.windows(2).map(|pair| pair[1].time - pair[0].time).collect();
    assert!(found[0].time - start() <= 20.0);
    let long = gaps.iter().filter(|gap| **gap > 2.0 + 1e-6).count();
    assert_eq!(long, 1, "given up in the outage, found again by the search: {gaps:?}");
    assert!(gaps.iter().any(|gap| *gap > 10.0 && *gap <= 40.0));
}

/// A ship 30 km from its reference point, under way: plots are about the point, without bias and with the noise stated.
#[test]
fn a_moving_ship_is_reduced_to_its_reference_point() {
    let mut station = with(&station("ship", Source::Radar(radar())), |radar| {
        radar.schedule = Schedule::Staring { period_s: 0.05 };
    });
    station.sensor.measures.pop();
    let reference = station.sensor.site;
    let away = Site::new(geo::destination(place(), 250.0, 30e3));
    let velocity = away.velocity_to_ecef(Velocity::new(5.0, 8.0, 0.0));
    station.place = Place::Moving(course(away.origin(), velocity, 600.0, Phase::Surface));
    station.check().unwrap();
    let truth = standing("o", &reference, 20.0, 50.0, 3e5, 600.0);
    let true_values = [3e5, 20.0 * RAD_PER_DEG, 50.0 * RAD_PER_DEG];
    let found = plots(std::slice::from_ref(&truth), &station, 600.0, 9);
    let count = found.len() as f64;
    let (mut sums, mut squares) = ([0.0; 3], [0.0; 3]);
    for plot in &found {
        let seen = polar(plot);
        assert!(seen.range_rate_mps.is_none());
        for (channel, (value, sigma)) in [
            (seen.range_m, plot.sigmas.range_m),
            (seen.azimuth_rad, plot.sigmas.azimuth_rad),
            (seen.elevation_rad, plot.sigmas.elevation_rad),
        ]
        .into_iter()
        .enumerate()
        {
            let error = (value.unwrap() - true_values[channel]) / sigma.unwrap();
            sums[channel] += error;
            squares[channel] += error * error;
        }
    }
    for channel in 0..3 {
        assert!(
            sums[channel].abs() < 4.0 * count.sqrt(),
            "{channel}: mean {}",
            sums[channel] / count
        );
        assert!(
            (squares[channel] - count).abs() < 5.0 * (2.0 * count).sqrt(),
            "{channel} {}",
            squares[channel]
        );
    }
    let look = station.look(&truth, start()).unwrap();
    let plot::Measurement::Polar(about) = look.measurement else {
        panic!()
    };
    assert!((about.range_m.unwrap() - 3e5).abs() < 1e-6);
}

/// The Sun of 2022-01-05: up in Japan at 00:00 UTC (9 in the morning), down at 12:00 UTC.
#[test]
fn a_camera_sees_at_night_what_the_sun_lights_or_what_burns() {
    let camera = Preset::Optical.station("camera", "test", place(), None);
    let site = camera.sensor.site;
    let night = start() + 12.0 * 3_600.0;
    let at = |elevation_deg: f64, range_m: f64| standing("o", &site, 300.0, elevation_deg, range_m, 86_400.0);
    assert!(camera.look(&at(60.0, 3e6), start()).is_none(), "by day");
    assert!(camera.look(&at(60.0, 6e7), night).is_some(), "far out of the shadow");
    assert!(camera.look(&at(60.0, 5e5), night).is_none(), "in the shadow");
    let position = at(60.0, 5e5).course.state(start()).unwrap().position;
    let burning = truth(
        "b",
        course(position, Velocity::new(1.0, 0.0, 0.0), 86_400.0, Phase::Boost),
        1.0,
    );
    let look = camera.look(&burning, night).unwrap();
    assert!(look.snr_db.is_none() && look.sigmas.range_m.is_none());
}

#[test]
fn infrared_sees_thrust_above_the_clouds_on_its_side_of_the_earth() {
    let above = Geodetic::from_degrees(0.0, 135.0, 35_786e3);
    let mut sensor = Preset::Infrared.station("above", "test", above, None);
    sensor.sensor.detection.false_alarms_per_scan = None;
    let rocket = |lat_deg: f64, lon_deg: f64, height_m: f64, phase, boost_wpsr| {
        let position = Geodetic::from_degrees(lat_deg, lon_deg, height_m).to_ecef();
        let mut rocket = truth("r", course(position, Velocity::new(1.0, 0.0, 0.0), 100.0, phase), 1.0);
        rocket.signature.boost_wpsr = boost_wpsr;
        rocket
    };
    let is_seen = |truth: &Truth| sensor.look(truth, start()).is_some();
    let seen = rocket(40.0, 127.0, 2e4, Phase::Boost, 1e5);
    assert!(is_seen(&seen));
    assert!(!is_seen(&rocket(40.0, 127.0, 2e4, Phase::Coast, 1e5)), "no thrust");
    assert!(
        !is_seen(&rocket(40.0, 127.0, 8e3, Phase::Boost, 1e5)),
        "below the clouds"
    );
    assert!(!is_seen(&rocket(40.0, 127.0, 2e4, Phase::Boost, 0.0)), "not hot");
    assert!(
        !is_seen(&rocket(0.0, -60.0, 2e4, Phase::Boost, 1e5)),
        "behind the Earth"
    );
    assert!(
        !is_seen(&rocket(0.0, 135.0 - 85.0, 2e4, Phase::Boost, 1e5)),
        "behind the limb"
    );
    let found = plots(&[seen], &sensor, 100.0, 1);
    assert!(found.len() > 15, "{}", found.len());
    for plot in &found {
        let seen = polar(plot);
        assert!(seen.range_m.is_none());
        // The Earth's disc is 8.7° around straight down.
        assert!(seen.elevation_rad.unwrap() < -81.0 * RAD_PER_DEG);
        assert!((seen.azimuth_rad.unwrap() - 350.0 * RAD_PER_DEG).abs() < 15.0 * RAD_PER_DEG);
    }
    // Radiance by the inverse square: 1e5 W/sr over (37,500 km)² against 3.5e-12 W/m² is a power of 26 dB.
    assert!((found[0].snr_db.unwrap() - 26.0).abs() < 3.0);
}
