//! Noise, detection, biases and false alarms have the statistics that they state.

use std::f64::consts::TAU;

use super::*;
use crate::Chance;

/// Whether a count of so many trials fits a probability, within five standard deviations.
fn fits(count: usize, trials: usize, probability: f64) -> bool {
    let expected = probability * trials as f64;
    (count as f64 - expected).abs() < 5.0 * (expected * (1.0 - probability)).sqrt().max(1.0)
}

#[test]
fn errors_have_the_stated_sigmas() {
    let station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.schedule = Schedule::Staring { period_s: 0.01 };
    });
    for (azimuth_deg, elevation_deg, range_m) in [(0.0, 5.0, 3e5), (200.0, 60.0, 7e5), (90.0, 85.0, 1.1e6)] {
        let truth = standing("o", &station.sensor.site, azimuth_deg, elevation_deg, range_m, 400.0);
        let found = plots(&[truth], &station, 400.0, 5);
        assert!(found.len() > 5_000, "{}", found.len());
        let mut squares = [0.0; 4];
        for plot in &found {
            let (seen, sigmas) = (polar(plot), plot.sigmas);
            let azimuth_rad = geo::angle::wrap_pi(seen.azimuth_rad.unwrap() - azimuth_deg * RAD_PER_DEG);
            let elevation_rad = seen.elevation_rad.unwrap() - elevation_deg * RAD_PER_DEG;
            for (sum, error) in squares.iter_mut().zip([
                (seen.range_m.unwrap() - range_m) / sigmas.range_m.unwrap(),
                azimuth_rad / sigmas.azimuth_rad.unwrap(),
                elevation_rad / sigmas.elevation_rad.unwrap(),
                seen.range_rate_mps.unwrap() / sigmas.range_rate_mps.unwrap(),
            ]) {
                *sum += error * error;
            }
        }
        let count = found.len() as f64;
        for (channel, sum) in squares.iter().enumerate() {
            // Chi-square of `count` degrees, within five standard deviations.
            assert!(
                (sum - count).abs() < 5.0 * (2.0 * count).sqrt(),
                "{channel} {sum} {count}"
            );
        }
    }
}

#[test]
fn noise_follows_the_signal_down_to_its_floor() {
    let station = station("a", Source::Radar(radar()));
    let sigmas = |range_m: f64| {
        let truth = standing("o", &station.sensor.site, 0.0, 30.0, range_m, 10.0);
        station.look(&truth, start()).unwrap().sigmas
    };
    // At 10 dB mean, dwells that detect have 10 + 13.8 on average: √(5² + (100/√(2·23.8))²).
    let snr = 10.0 + 6.0 * geo::math::ln(10.0);
    let expected_m = (25.0 + 1e4 / (2.0 * snr)).sqrt();
    assert!((sigmas(1e6).range_m.unwrap() - expected_m).abs() < 1e-6);
    let near = sigmas(1e4);
    assert!((near.range_m.unwrap() - 5.0).abs() < 1e-3);
    assert!((near.elevation_rad.unwrap() / (0.03 * RAD_PER_DEG) - 1.0).abs() < 1e-3);
    // Azimuth is an angle on the azimuth circle.
    assert!((near.azimuth_rad.unwrap() / (0.02 * RAD_PER_DEG) * 0.75_f64.sqrt() - 1.0).abs() < 1e-3);
}

#[test]
fn detection_has_its_probability() {
    const TRIALS: usize = 40_000;
    for fluctuation in [Fluctuation::Steady, Fluctuation::Swerling1, Fluctuation::Swerling3] {
        let detector = Detector::Threshold {
            false_alarm_probability: 1e-3,
            fluctuation,
        };
        assert!((detector.probability(0.0) / 1e-3 - 1.0).abs() < 1e-9);
        for snr in [0.5, 3.0, 8.0, 25.0] {
            let mut chance = Chance::new(1, &["trial"]);
            let seen: Vec<f64> = (0..TRIALS).filter_map(|_| detector.draw(snr, &mut chance)).collect();
            let probability = detector.probability(snr);
            assert!(
                fits(seen.len(), TRIALS, probability),
                "{fluctuation:?} {snr} {}",
                seen.len()
            );
            let mean = seen.iter().sum::<f64>() / seen.len() as f64;
            let stated = detector.detected_snr(snr);
            let slack = if fluctuation == Fluctuation::Steady { 0.25 } else { 0.05 };
            assert!(
                (mean / stated - 1.0).abs() < slack,
                "{fluctuation:?} {snr} {mean} {stated}"
            );
        }
    }
}

/// Swerling's cases are what a steady echo does when its strength is drawn first.
#[test]
fn fluctuation_is_a_steady_echo_of_drawn_strength() {
    const TRIALS: usize = 200_000;
    let detector = |fluctuation| Detector::Threshold {
        false_alarm_probability: 1e-6,
        fluctuation,
    };
    let steady = detector(Fluctuation::Steady);
    let mut chance = Chance::new(2, &["strength"]);
    for snr in [5.0, 20.0, 60.0] {
        let mut means = [0.0; 2];
        for _ in 0..TRIALS / 10 {
            let (one, two) = (chance.exponential(), chance.exponential());
            means[0] += steady.probability(snr * one);
            means[1] += steady.probability(snr * 0.5 * (one + two));
        }
        for (mean, fluctuation) in means.iter().zip([Fluctuation::Swerling1, Fluctuation::Swerling3]) {
            let mean = mean / (TRIALS / 10) as f64;
            let probability = detector(fluctuation).probability(snr);
            assert!(
                (mean - probability).abs() < 0.015,
                "{fluctuation:?} {snr}: {mean} {probability}"
            );
        }
    }
}

/// Signals for a detection in nine of ten dwells at a false alarm probability of 1e-6: 13.2 dB for a steady echo and
/// 21.1 dB for Swerling's first case (Skolnik, Introduction to radar systems, 3rd ed. (2001), figures 2.6 and 2.23;
/// Albersheim's formula gives 13.11 dB).
#[test]
fn detectability_is_that_of_textbooks() {
    for (fluctuation, published_db) in [(Fluctuation::Steady, 13.2), (Fluctuation::Swerling1, 21.1)] {
        let radar = Radar { fluctuation, ..radar() };
        let range_m = radar.detection_range_m(1.0, 0.9);
        let needed_db = 10.0 * geo::math::log10(radar.snr(range_m, 1.0));
        assert!((needed_db - published_db).abs() < 0.1, "{fluctuation:?} {needed_db}");
    }
}

#[test]
fn false_alarms_are_poisson_and_fill_the_coverage_evenly() {
    const SCANS: usize = 4_000;
    for schedule in [
        Schedule::Staring { period_s: 2.0 },
        Schedule::Rotating { period_s: 2.0 },
    ] {
        let mut station = with(&station("a", Source::Radar(radar())), |radar| radar.schedule = schedule);
        station.sensor.detection.false_alarms_per_scan = Some(3.0);
        station.sensor.coverage.azimuth_from_rad = Some(5.5);
        station.sensor.coverage.azimuth_to_rad = Some(1.5);
        station.sensor.coverage.range_max_m = Some(8e5);
        station.sensor.coverage.elevation_min_rad = Some(0.1);
        station.sensor.coverage.elevation_max_rad = Some(0.9);
        let found = plots(&[], &station, 2.0 * SCANS as f64, 11);
        let mut counts = vec![0.0; SCANS + 1];
        let mut bins = [[0_usize; 10]; 3];
        for plot in &found {
            counts[((plot.time - start()) / 2.0) as usize] += 1.0;
            let seen = polar(plot);
            let azimuth_rad = geo::angle::wrap_tau(seen.azimuth_rad.unwrap() - 5.5);
            for (row, share) in bins.iter_mut().zip([
                seen.range_m.unwrap() / 8e5,
                azimuth_rad / geo::angle::wrap_tau(1.5 - 5.5),
                (seen.elevation_rad.unwrap() - 0.1) / 0.8,
            ]) {
                row[(share * 10.0) as usize] += 1;
            }
            assert!(plot.snr_db.unwrap() > 11.0 && plot.truth.is_none());
        }
        let mean = found.len() as f64 / SCANS as f64;
        let variance = counts[..SCANS].iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / SCANS as f64;
        assert!(
            (mean / 3.0 - 1.0).abs() < 0.05 && (variance / mean - 1.0).abs() < 0.12,
            "{mean} {variance}"
        );
        assert!(
            bins.iter().flatten().all(|count| fits(*count, found.len(), 0.1)),
            "{bins:?}"
        );
        if let Schedule::Rotating { period_s } = schedule {
            // The turning beam is where the alarm is.
            let phase = |plot: &plot::Plot| {
                let turns = (plot.time - start()) / period_s - polar(plot).azimuth_rad.unwrap() / TAU;
                turns - turns.floor()
            };
            assert!(found.iter().all(|plot| (phase(plot) - phase(&found[0])).abs() < 1e-6));
        }
    }
}

#[test]
fn clutter_lies_evenly_on_its_ground() {
    let station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.clutter.push(Clutter {
            plots_per_scan: 20.0,
            range_from_m: 1e4,
            range_to_m: 5e4,
            azimuth_from_rad: 1.0,
            azimuth_to_rad: 2.0,
            elevation_to_rad: 0.02,
            range_rate_sigma_mps: 3.0,
        });
    });
    let found = plots(&[], &station, 500.0, 1);
    assert!(
        (found.len() as f64 / 500.0 / 20.0 - 1.0).abs() < 0.05,
        "{}",
        found.len()
    );
    let half_m2: f64 = 0.5 * (1e8 + 25e8);
    let near = found
        .iter()
        .filter(|plot| polar(plot).range_m.unwrap() < half_m2.sqrt())
        .count();
    assert!(fits(near, found.len(), 0.5), "{near}");
    let speeds = found.iter().map(|plot| polar(plot).range_rate_mps.unwrap());
    let square = speeds.map(|speed| speed * speed).sum::<f64>() / found.len() as f64;
    assert!((square / 9.0 - 1.0).abs() < 0.1, "{square}");
    assert!(
        found
            .iter()
            .all(|plot| (1.0..=2.0).contains(&polar(plot).azimuth_rad.unwrap()))
    );
}

#[test]
fn biases_are_constant_in_a_run_and_have_their_prior_sigma_over_seeds() {
    let mut station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.schedule = Schedule::Staring { period_s: 0.05 };
    });
    station.sensor.bias_sigmas = Sigmas {
        range_m: Some(40.0),
        azimuth_rad: Some(0.01),
        elevation_rad: Some(0.01),
        range_rate_mps: Some(30.0),
        ..Sigmas::default()
    };
    station.sensor.time_bias_sigma_s = Some(0.02);
    let truth = standing("o", &station.sensor.site, 10.0, 30.0, 2e5, 100.0);
    let run = |seed| {
        let span = (start(), start() + 100.0);
        observe(std::slice::from_ref(&truth), std::slice::from_ref(&station), span, seed)
    };
    let observed = run(4);
    let bias = &observed.biases[0];
    for half in observed.plots.chunks(observed.plots.len().div_ceil(2)) {
        let mean = |of: fn(Polar) -> Option<f64>| {
            half.iter().map(|plot| of(polar(plot)).unwrap()).sum::<f64>() / half.len() as f64
        };
        let angle = |degrees: f64| degrees * RAD_PER_DEG;
        assert!((mean(|seen| seen.range_m) - 2e5 - bias.range_m).abs() < 1.0);
        assert!((mean(|seen| seen.azimuth_rad) - angle(10.0) - bias.azimuth_rad).abs() < 1e-4);
        assert!((mean(|seen| seen.elevation_rad) - angle(30.0) - bias.elevation_rad).abs() < 1e-4);
        assert!((mean(|seen| seen.range_rate_mps) - bias.range_rate_mps).abs() < 0.2);
    }
    assert!(bias.azimuth_rad.abs() > 1e-3 && bias.elevation_rad.abs() > 1e-3 && bias.range_rate_mps.abs() > 2.0);
    station.sensor.bias_sigmas.azimuth_rad = None;
    let mut squares = [0.0; 2];
    for seed in 0..400 {
        let bias = &observe(&[], std::slice::from_ref(&station), (start(), start() + 1.0), seed).biases[0];
        squares[0] += (bias.range_m / 40.0) * (bias.range_m / 40.0);
        squares[1] += (bias.time_s / 0.02) * (bias.time_s / 0.02);
        assert_eq!(bias.azimuth_rad, 0.0, "no prior, no bias");
    }
    assert!(squares.iter().all(|sum| (sum / 400.0 - 1.0).abs() < 0.3), "{squares:?}");
}

#[test]
fn drift_wanders_with_its_sigma_and_correlation() {
    let mut station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.schedule = Schedule::Staring { period_s: 5.0 };
        radar.range_resolution_m = 1e-3;
        radar.range_floor_m = 1e-3;
    });
    station.sensor.bias_sigmas.range_m = Some(100.0);
    station.drift = Some(Drift {
        share: 0.5,
        correlation_s: 50.0,
    });
    let span_s = 100_000.0;
    let truth = standing("o", &station.sensor.site, 10.0, 30.0, 2e5, span_s);
    let observed = observe(&[truth], std::slice::from_ref(&station), (start(), start() + span_s), 4);
    let bias_m = observed.biases[0].range_m;
    let wander: Vec<(f64, f64)> = observed
        .plots
        .iter()
        .map(|plot| (plot.time - start(), polar(plot).range_m.unwrap() - 2e5 - bias_m))
        .collect();
    let variance = wander.iter().map(|(_, x)| x * x).sum::<f64>() / wander.len() as f64;
    assert!((variance / 2_500.0 - 1.0).abs() < 0.15, "{variance}");
    let pairs = wander.windows(11).filter(|w| (w[10].0 - w[0].0 - 50.0).abs() < 0.1);
    let products: Vec<f64> = pairs.map(|w| w[0].1 * w[10].1 / variance).collect();
    let correlation = products.iter().sum::<f64>() / products.len() as f64;
    assert!((correlation - 0.368).abs() < 0.1, "{correlation}");
}
