//! Every plot and every sensor can be written and read: the canonical limits hold.

use super::*;
use plot::Sensors;
use wire::{Format, PlotReader, read_sensors, write_plots, write_sensors};

/// Objects of every kind, close to and far from the station, overhead and on the ground.
fn objects(site: &Site) -> Vec<Truth> {
    let mut objects = vec![
        standing("overhead", site, 0.0, 89.999, 4e5, 600.0),
        standing("near", site, 359.99, 5.0, 50.0, 600.0),
        standing("far", site, 180.0, 20.0, 2.5e6, 600.0),
    ];
    let place = Geodetic::from_degrees(37.4, 135.2, 11_000.0);
    let path = Site::new(place);
    let mut plane = moving(
        "plane",
        path.origin(),
        path.velocity_to_ecef(Velocity::new(200.0, 80.0, -3.0)),
        600.0,
    );
    plane.kind = Kind::Aircraft;
    plane.signature.identity = Some("86a2b4".into());
    let path = Site::new(Geodetic::from_degrees(37.1, 135.2, 0.0));
    let mut ship = moving(
        "ship",
        path.origin(),
        path.velocity_to_ecef(Velocity::new(5.0, -7.0, 0.0)),
        600.0,
    );
    ship.kind = Kind::Ship;
    ship.signature.identity = Some("431000001".into());
    let path = Site::new(Geodetic::from_degrees(39.0, 127.0, 20_000.0));
    let velocity = path.velocity_to_ecef(Velocity::new(500.0, 0.0, 1_000.0));
    let mut rocket = truth("rocket", course(path.origin(), velocity, 120.0, Phase::Boost), 3.0);
    rocket.signature.boost_wpsr = 2e5;
    objects.extend([plane, ship, rocket]);
    objects
}

#[test]
fn plots_and_sensors_of_every_preset_are_read_back() {
    let mut sensors = Sensors::default();
    for preset in Preset::ALL {
        let place = match preset {
            Preset::Infrared => Geodetic::from_degrees(0.0, 130.0, 35_786e3),
            // Midnight there.
            Preset::Optical => Geodetic::from_degrees(45.0, 0.0, 100.0),
            _ => place(),
        };
        let sector = (preset == Preset::ForwardXBand).then_some((4.0, 1.0));
        let mut station = preset.station(preset.name(), "test", place, sector);
        station.check().unwrap();
        if let Source::Radar(radar) = &mut station.source {
            radar.clutter.push(Clutter {
                plots_per_scan: 3.0,
                range_from_m: 1e3,
                range_to_m: 4e4,
                azimuth_from_rad: 5.0,
                azimuth_to_rad: 1.0,
                elevation_to_rad: 0.1,
                range_rate_sigma_mps: 2.0,
            });
        }
        if let Source::Optical(optical) = &mut station.source {
            optical.is_sunlight_needed = false;
        }
        let truths = objects(&station.sensor.site);
        let truths = if preset == Preset::Infrared {
            objects(&Site::new(super::place()))
        } else {
            truths
        };
        let found = plots(&truths, &station, 600.0, 3);
        assert!(!found.is_empty(), "{} sees nothing", preset.name());
        let mut bytes = Vec::new();
        write_plots(Format::JsonLines, &mut bytes, &found).unwrap();
        let mut reader = PlotReader::json_lines(&bytes[..], "plots");
        let read: Vec<_> = reader.by_ref().map(|record| record.unwrap()).collect();
        assert_eq!(read.len(), found.len());
        for (a, b) in read.iter().zip(&found) {
            assert_eq!(
                (a.time, &a.sensor, &a.truth, &a.target),
                (b.time, &b.sensor, &b.truth, &b.target)
            );
            assert_eq!(a.snr_db, b.snr_db);
        }
        sensors.insert(station.sensor).unwrap();
    }
    let mut bytes = Vec::new();
    write_sensors(&mut bytes, &sensors).unwrap();
    assert_eq!(
        read_sensors(&bytes[..], "sensors").unwrap().as_slice().len(),
        Preset::ALL.len()
    );
}

#[test]
fn a_station_that_cannot_work_says_why() {
    let good = station("a", Source::Radar(radar()));
    good.check().unwrap();
    let bad = with(&good, |radar| radar.range_resolution_m = 0.0);
    assert_eq!(
        bad.check().unwrap_err().to_string(),
        "station \"a\": range_resolution_m is 0, expected a finite number above 0"
    );
    let frozen = with(&good, |radar| radar.schedule = Schedule::Staring { period_s: 0.0 });
    assert!(matches!(
        frozen.check(),
        Err(StationError::Parameter {
            parameter: "period_s",
            ..
        })
    ));
    let mut camera = good.clone();
    camera.source = Source::Optical(Optical::tracker());
    let quantity = Quantity::Range;
    assert!(matches!(camera.check(), Err(StationError::Measures { quantity: q, .. }) if q == quantity));
    let mut ship = good.clone();
    ship.place = Place::Moving(course(
        place().to_ecef(),
        Velocity::new(1.0, 0.0, 0.0),
        10.0,
        Phase::Surface,
    ));
    assert!(matches!(ship.check(), Err(StationError::Moving { .. })));
    ship.sensor.measures.pop();
    ship.check().unwrap();
}
