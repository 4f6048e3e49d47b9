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
