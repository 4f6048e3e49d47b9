//! The signal law against published figures.

use super::*;

/// MathWorks, `radareqrng`, both examples of its reference page: 10 GHz, 1 MW, 10 µs, 6 dB, 290 K.
#[test]
fn the_radar_equation_gives_published_ranges() {
    for (gain_db, loss_db, cross_section_m2, published_m) in [(20.0, 0.0, 1.0, 4.1057e4), (40.0, 3.0, 0.1, 1.9426e5)] {
        let equation = RadarEquation {
            peak_power_w: 1e6,
            pulse_s: 10e-6,
            gain_db,
            wavelength_m: 299_792_458.0 / 10e9,
            temperature_k: 290.0,
            loss_db,
        };
        let snr_db = equation.snr_db(published_m, cross_section_m2);
        assert!((snr_db - 6.0).abs() < 0.001, "{snr_db}");
    }
}

#[test]
fn the_signal_falls_with_the_fourth_power_and_grows_with_size() {
    let station = station("a", Source::Radar(radar()));
    let at = |range_m: f64, size_m2: f64| {
        let mut object = standing("o", &station.sensor.site, 40.0, 30.0, range_m, 10.0);
        object.signature.cross_section_m2 = size_m2;
        station.look(&object, start()).unwrap().snr_db.unwrap()
    };
    assert!((at(1e6, 1.0) - 10.0).abs() < 1e-6);
    assert!((at(5e5, 1.0) - at(1e6, 1.0) - 12.0412).abs() < 1e-3);
    assert!((at(1e6, 10.0) - at(1e6, 1.0) - 10.0).abs() < 1e-9);
}

/// A look is what the site's own geometry says of the object, range rate included.
#[test]
fn a_look_is_the_geometry_of_its_site() {
    let station = station("a", Source::Radar(radar()));
    let site = station.sensor.site;
    let position = site.from_aer(Aer {
        azimuth_rad: 6.0,
        elevation_rad: 0.7,
        range_m: 2e5,
    });
    let velocity = Velocity::new(1_200.0, -700.0, 2_500.0);
    let object = moving("o", position, velocity, 50.0);
    for after_s in [0.0, 20.0, 50.0] {
        let state = object.course.state(start() + after_s).unwrap();
        let look = station.look(&object, start() + after_s).unwrap();
        let plot::Measurement::Polar(seen) = look.measurement else {
            panic!("not polar");
        };
        let aer = site.to_aer(state.position);
        assert!((seen.range_m.unwrap() - aer.range_m).abs() < 1e-7);
        assert!((seen.azimuth_rad.unwrap() - aer.azimuth_rad).abs() < 1e-12);
        assert!((seen.elevation_rad.unwrap() - aer.elevation_rad).abs() < 1e-12);
        assert!((seen.range_rate_mps.unwrap() - site.range_rate_mps(state)).abs() < 1e-9);
    }
}

/// With the threshold of a preset an object of 1 m² is found every second time at its reference range.
#[test]
fn presets_reach_as_far_as_they_say() {
    for (radar, half_m) in [
        (Radar::early_warning(), 2e6),
        (Radar::regional_early_warning(), 7e5),
        (Radar::forward_x_band(), 1.5e6),
        (Radar::ship(), 7e5),
        (Radar::airport(), 1e5),
        (Radar::air_surveillance(), 3e5),
    ] {
        let range_m = radar.detection_range_m(1.0, 0.5);
        assert!((range_m / half_m - 1.0).abs() < 0.005, "{range_m} {half_m}");
        // Sixteen times the size is seen twice as far.
        assert!((radar.detection_range_m(16.0, 0.5) / range_m - 2.0).abs() < 1e-9);
    }
}
