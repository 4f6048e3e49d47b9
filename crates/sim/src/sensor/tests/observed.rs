//! What comes out of a run.

use super::*;

/// Two objects and two radars with biases.
fn scene() -> (Vec<Truth>, Vec<Station>) {
    let mut first = station("first", Source::Radar(radar()));
    first.sensor.bias_sigmas = Sigmas {
        range_m: Some(30.0),
        azimuth_rad: Some(1e-3),
        elevation_rad: Some(1e-3),
        range_rate_mps: Some(0.3),
        ..Sigmas::default()
    };
    first.sensor.time_bias_sigma_s = Some(0.01);
    first.sensor.latency_s = Some(0.5);
    let mut second = first.clone();
    second.sensor.name = "second".into();
    let site = first.sensor.site;
    let up = standing("up", &site, 10.0, 60.0, 4e5, 300.0);
    let rising = moving(
        "rising",
        site.origin() + site.enu_from_ecef().tr_mul(&nalgebra::Vector3::new(2e5, 1e5, 1e5)),
        site.velocity_to_ecef(Velocity::new(1_000.0, 0.0, 500.0)),
        300.0,
    );
    (vec![up, rising], vec![first, second])
}

#[test]
fn another_station_changes_nothing_of_what_one_draws() {
    let (truths, stations) = scene();
    let span = (start(), start() + 200.0);
    let both = observe(&truths, &stations, span, 7);
    let alone = observe(&truths, &stations[..1], span, 7);
    let of_first: Vec<_> = both
        .plots
        .iter()
        .filter(|plot| &*plot.sensor == "first")
        .cloned()
        .collect();
    assert!(of_first.len() > 300, "{}", of_first.len());
    assert_eq!(of_first, alone.plots);
    assert_eq!(both.biases[0], alone.biases[0]);
    assert_ne!(observe(&truths, &stations[..1], span, 8).biases, alone.biases);
    assert!(
        both.plots
            .is_sorted_by(|a, b| (a.time, &a.sensor) <= (b.time, &b.sensor))
    );
    let one = observe(&truths[..1], &stations, span, 7);
    let of_up = both.plots.iter().filter(|plot| plot.truth.as_deref() == Some("up"));
    assert!(of_up.eq(&one.plots), "an object far away changes nothing either");
}

#[test]
fn plots_arrive_after_latency_and_carry_the_bias_of_the_clock() {
    let (truths, stations) = scene();
    let observed = observe(&truths, &stations, (start(), start() + 100.0), 7);
    for (plot, delivered) in observed.plots.iter().zip(&observed.delivered) {
        let bias = observed.biases.iter().find(|bias| bias.station == plot.sensor).unwrap();
        let measured = plot.time + -bias.time_s;
        assert!((*delivered - measured - 0.5).abs() < 3e-9);
    }
}

/// FNV-1a over the bits of all that a run gives.
fn digest(observed: &Observed) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut push = |bits: u64| {
        for byte in bits.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (plot, delivered) in observed.plots.iter().zip(&observed.delivered) {
        push(plot.time.tai_ns() as u64);
        push(delivered.tai_ns() as u64);
        for byte in plot.sensor.bytes() {
            push(u64::from(byte));
        }
        let numbers = match &plot.measurement {
            plot::Measurement::Polar(p) => vec![p.range_m, p.azimuth_rad, p.elevation_rad, p.range_rate_mps],
            plot::Measurement::Position(p) => {
                let [x, y, z] = p.geodetic.to_ecef().to_array();
                vec![Some(x), Some(y), Some(z)]
            }
        };
        let sigmas = [
            plot.sigmas.range_m,
            plot.sigmas.azimuth_rad,
            plot.sigmas.position_m,
            plot.snr_db,
        ];
        for number in numbers.into_iter().chain(sigmas) {
            push(number.map_or(0, f64::to_bits));
        }
    }
    hash
}

/// The same bits on every machine: radars of every schedule, clutter, false alarms, drift, reports.
#[test]
fn a_run_is_reproducible_to_the_bit() {
    let (mut truths, mut stations) = scene();
    let path = Site::new(Geodetic::from_degrees(37.4, 135.2, 11_000.0));
    let mut plane = moving(
        "plane",
        path.origin(),
        path.velocity_to_ecef(Velocity::new(200.0, 80.0, -3.0)),
        300.0,
    );
    plane.kind = Kind::Aircraft;
    plane.signature.identity = Some("86a2b4".into());
    truths.push(plane);
    stations[1].drift = Some(Drift {
        share: 0.3,
        correlation_s: 60.0,
    });
    stations[1].jitter_s = 0.1;
    for preset in [Preset::ForwardXBand, Preset::AirSurveillance, Preset::AdsB] {
        stations.push(preset.station(preset.name(), "test", place(), None));
    }
    let span = (start(), start() + 300.0);
    let observed = observe(&truths, &stations, span, 7);
    assert_eq!(observed, observe(&truths, &stations, span, 7));
    assert_eq!(
        (observed.plots.len(), digest(&observed)),
        (3_844, 13_264_621_501_134_259_982)
    );
}

/// The looks without chance are those of the mean run: as many plots, at as many instants.
#[test]
fn expected_looks_are_the_mean_of_runs() {
    let (truths, stations) = scene();
    let mut stations = stations[..1].to_vec();
    stations.push(Preset::AirSurveillance.station("turning", "test", place(), None));
    stations.push(Preset::Ship.station("array", "test", place(), None));
    let span = (start(), start() + 300.0);
    for station in &stations {
        let expected: f64 = truths
            .iter()
            .flat_map(|truth| station.looks(truth, span))
            .map(|(time, look)| {
                assert!(span.0 <= time && time <= span.1);
                look.probability
            })
            .sum();
        let mut quiet = station.clone();
        quiet.sensor.detection.false_alarms_per_scan = None;
        let runs = 40;
        let seen: usize = (0..runs)
            .map(|seed| observe(&truths, std::slice::from_ref(&quiet), span, seed).plots.len())
            .sum();
        let mean = seen as f64 / runs as f64;
        assert!(
            (mean / expected - 1.0).abs() < 0.03,
            "{}: {mean} {expected}",
            station.sensor.name
        );
    }
}
