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
