//! Coarse plots: never surer than they may be, and nothing of the sensor in them.

use std::sync::Arc;

use geo::{Aer, Geodetic, Position, Site, State, Time, Velocity};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};
use share::coarse::{SIGMA_M_MAX, SIGMA_M_MIN, coarse};
use share::item::{Body, Coarse, TrackState};
use share::release::{Decision, Own, Tier, Tiers, release};

/// A generator whose numbers are the same everywhere (splitmix64), and sums of twelve for a bell.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn radar(name: &str, lat_deg: f64, lon_deg: f64) -> Sensor {
    let mut sensor = Sensor::new(name, "japan", Geodetic::from_degrees(lat_deg, lon_deg, 300.0));
    sensor.sigmas = Sigmas {
        range_m: Some(30.0),
        azimuth_rad: Some(2e-3),
        elevation_rad: Some(2e-3),
        ..Sigmas::default()
    };
    sensor
}

/// A plot of an object, with errors drawn in units of the sensor's sigmas.
fn plot_of(sensor: &Sensor, at: Position<geo::Ecef>, time: Time, errors: [f64; 3]) -> Plot {
    let aer = sensor.site.to_aer(at);
    let polar = Polar {
        range_m: Some(aer.range_m + 30.0 * errors[0]),
        azimuth_rad: Some(aer.azimuth_rad + 2e-3 * errors[1]),
        elevation_rad: Some(aer.elevation_rad + 2e-3 * errors[2]),
        ..Polar::default()
    };
    Plot {
        time,
        sensor: sensor.name.clone(),
        measurement: Measurement::Polar(polar),
        sigmas: Sigmas::default(),
        snr_db: Some(17.0),
        target: Some("84c2f1".into()),
        truth: Some("missile".into()),
    }
}

fn begin() -> Time {
    "2026-03-01T00:00:00Z".parse().expect("a time")
}

/// Where an object is that moves straight on.
fn moved(state: &State<geo::Ecef>, span_s: f64) -> Position<geo::Ecef> {
    state.position + state.velocity.vector() * span_s
}

/// An object somewhere in view, at any speed up to that of an orbit.
fn object(chance: &mut Chance, sensor: &Sensor) -> State<geo::Ecef> {
    let aer = Aer {
        azimuth_rad: chance.uniform() * std::f64::consts::TAU,
        elevation_rad: 0.03 + chance.uniform() * 1.2,
        range_m: 50e3 + chance.uniform() * 1_500e3,
    };
    let speed_mps = chance.uniform() * 7_800.0;
    let direction = [chance.normal(), chance.normal(), chance.normal()];
    let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
    let [x, y, z] = direction.map(|x| x / norm * speed_mps);
    State {
        position: sensor.site.from_aer(aer),
        velocity: Velocity::new(x, y, z),
    }
}

fn track_of(state: &State<geo::Ecef>, time: Time, sigma_mps: f64, errors: [f64; 3]) -> TrackState {
    let mut covariance = [0.0; 21];
    for diagonal in [15, 18, 20] {
        covariance[diagonal] = sigma_mps * sigma_mps;
    }
    let [x, y, z] = state.position.to_array();
    let [vx, vy, vz] = state.velocity.to_array();
    let [ex, ey, ez] = errors.map(|error| error * sigma_mps);
    TrackState {
        track: "t".into(),
        time,
        existence: 0.99,
        phase: "coast".into(),
        state: [x, y, z, vx + ex, vy + ey, vz + ez],
        covariance,
    }
}

/// The mean of the normalised error squared over many draws, and how many lie outside the 99.9 % ball (16.27).
fn nees(seed: u64, with_track: bool) -> (f64, usize, usize) {
    let mut chance = Chance(seed);
    let (mut sum, mut outside, mut count) = (0.0, 0, 0);
    for _ in 0..2_000 {
        let sensor = radar("north", 38.0, 138.0);
        let state = object(&mut chance, &sensor);
        let time = begin() + chance.uniform() * 10.0;
        let errors = [chance.normal(), chance.normal(), chance.normal()];
        let plot = plot_of(&sensor, state.position, time, errors);
        let drawn = [chance.normal(), chance.normal(), chance.normal()];
        let track = track_of(&state, time, 40.0, drawn);
        let Some(found) = coarse(&plot, &sensor, with_track.then_some(&track)) else {
            continue;
        };
        let truth = moved(&state, found.time - time);
        let error_m = (found.place.to_ecef() - truth).norm();
        let squared = (error_m / found.sigma_m).powi(2);
        sum += squared;
        outside += usize::from(squared > 16.27);
        count += 1;
    }
    (sum / count as f64, outside, count)
}

#[test]
fn the_error_is_covered_whatever_flies() {
    for seed in 1..=20 {
        for with_track in [false, true] {
            let (mean, outside, count) = nees(seed, with_track);
            assert!(count > 1_500, "seed {seed}: {count}");
            assert!(mean < 3.0, "seed {seed}, track {with_track}: {mean}");
            assert!(
                mean > 0.02,
                "seed {seed}, track {with_track}: {mean} is no information any more"
            );
            assert!(
                outside <= count / 1_000,
                "seed {seed}, track {with_track}: {outside} of {count}"
            );
        }
    }
}

#[test]
fn two_radars_tell_the_same_of_the_same() {
    let object = Geodetic::from_degrees(38.503, 134.207, 200e3).to_ecef();
    let (north, west) = (radar("north", 38.0, 138.0), radar("west", 36.0, 131.5));
    let mut same = 0;
    for i in 0..200 {
        let at = object + geo::Velocity::<geo::Ecef>::new(0.0, 0.0, 3_000.0).vector() * f64::from(i);
        let time = begin() + f64::from(i) * 0.004;
        let told = [&north, &west].map(|sensor| coarse(&plot_of(sensor, at, time, [0.0; 3]), sensor, None));
        same += usize::from(told[0] == told[1]);
    }
    // Without errors both measure the same place; a rounding in the last digit may fall on either side of the grid.
    assert!(same >= 198, "{same}");
}

#[test]
fn nothing_of_the_sensor_is_left() {
    let sensor = radar("north", 38.0, 138.0);
    let at = Geodetic::from_degrees(38.503, 134.207, 200e3).to_ecef();
    let time = begin() + 0.123_456;
    let plot = plot_of(&sensor, at, time, [0.0; 3]);
    // The type has no other fields: this stops to compile when one is added.
    let Coarse { time, place, sigma_m } = coarse(&plot, &sensor, None).expect("coarse");
    assert_eq!(time.tai_ns() % 1_000_000_000, 0);
    let steps = (sigma_m / SIGMA_M_MIN).log2();
    assert!(
        steps.fract() == 0.0 && (SIGMA_M_MIN..=SIGMA_M_MAX).contains(&sigma_m),
        "{sigma_m}"
    );
    for coordinate in place.to_ecef().to_array() {
        let cells = coordinate / (sigma_m / 2.0);
        assert!((cells - cells.round()).abs() < 1e-6, "{coordinate} is on no grid");
    }
    let text = format!("{time:?} {place:?} {sigma_m:?}");
    for secret in ["north", "japan", "84c2f1", "missile", "17.0", "123456"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn the_stated_error_does_not_tell_the_exact_time() {
    let sensor = radar("north", 38.0, 138.0);
    let at = Geodetic::from_degrees(38.5, 134.2, 200e3).to_ecef();
    let sigma = |part_s: f64| {
        let plot = plot_of(&sensor, at, begin() + part_s, [0.0; 3]);
        coarse(&plot, &sensor, None).expect("coarse").sigma_m
    };
    assert!(
        [0.0, 0.1, 0.3, 0.49, 0.5, 0.9]
            .into_iter()
            .all(|part_s| sigma(part_s) == sigma(0.25))
    );
}

fn decision(tiers: &[Tier]) -> Decision {
    let mut set = Tiers::default();
    tiers.iter().for_each(|tier| set.insert(*tier));
    Decision {
        tier: set.most_first().next().unwrap_or(Tier::Nothing),
        tiers: set,
        hold_s: 0.0,
        onward: false,
        because: Arc::new([]),
        stopped_by: Arc::new([]),
        label: Arc::new(share::item::Label {
            policy: "p".into(),
            classification: share::item::Classification::Restricted,
            releasable_to: ["japan".into(), "usa".into()].into(),
            exercise: false,
            onward: false,
        }),
        again: None,
        failed: false,
    }
}

#[test]
fn a_plot_without_a_full_position_goes_a_tier_down_if_that_is_permitted() {
    let sensor = radar("north", 38.0, 138.0);
    let state = State {
        position: Geodetic::from_degrees(38.5, 134.2, 200e3).to_ecef(),
        velocity: Velocity::new(0.0, 3_000.0, 0.0),
    };
    let full = plot_of(&sensor, state.position, begin(), [0.0; 3]);
    let mut range_only = full.clone();
    range_only.measurement = Measurement::Polar(Polar {
        range_m: Some(400e3),
        ..Polar::default()
    });
    let mut unstated = sensor.clone();
    unstated.sigmas = Sigmas::default();
    let track = track_of(&state, begin(), 40.0, [0.0; 3]);
    let origin: Arc<str> = "japan".into();
    let kind = |tiers: &[Tier], plot: &Plot, sensor: &Sensor, track: Option<&TrackState>| {
        let own = Own {
            plot: Some((plot, sensor)),
            track,
            warning: None,
        };
        release(&origin, &decision(tiers), &own).map(|item| match item.body {
            Body::Plot(plot) => {
                assert_eq!(plot.truth, None, "what a simulation knows stays at home");
                "plot"
            }
            Body::Coarse(_) => "coarse",
            Body::Track(_) => "track",
            _ => "other",
        })
    };
    let (coarse, up_to) = ([Tier::Coarse], [Tier::Coarse, Tier::Track, Tier::Warning]);
    assert_eq!(kind(&[Tier::Plot], &full, &sensor, Some(&track)), Some("plot"));
    assert_eq!(kind(&up_to, &full, &sensor, Some(&track)), Some("coarse"));
    assert_eq!(kind(&up_to, &range_only, &sensor, Some(&track)), Some("track"));
    assert_eq!(kind(&up_to, &full, &unstated, Some(&track)), Some("track"));
    assert_eq!(kind(&coarse, &range_only, &sensor, Some(&track)), None);
    assert_eq!(kind(&up_to, &range_only, &sensor, None), None);
    assert_eq!(kind(&[], &full, &sensor, Some(&track)), None);
}

#[test]
fn a_track_goes_to_whoever_gets_no_plots_of_it() {
    let state = State {
        position: Geodetic::from_degrees(38.5, 134.2, 200e3).to_ecef(),
        velocity: Velocity::new(0.0, 3_000.0, 0.0),
    };
    let track = track_of(&state, begin(), 40.0, [0.0; 3]);
    let own = Own {
        track: Some(&track),
        ..Own::default()
    };
    let is_given = |tiers: &[Tier]| release(&"japan".into(), &decision(tiers), &own).is_some();
    assert!(!is_given(&[Tier::Plot, Tier::Coarse, Tier::Track, Tier::Warning]));
    // A coarse plot may not be made of what was measured: then the track is all there is.
    assert!(is_given(&[Tier::Coarse, Tier::Track, Tier::Warning]));
    assert!(is_given(&[Tier::Track, Tier::Warning]));
    assert!(!is_given(&[Tier::Warning]));
}

#[test]
fn a_plot_says_where_it_is_only_with_all_three() {
    let sensor = radar("north", 38.0, 138.0);
    let at = Geodetic::from_degrees(38.5, 134.2, 200e3);
    let mut plot = plot_of(&sensor, at.to_ecef(), begin(), [0.0; 3]);
    let place = |plot: &Plot| share::release::Subject::of_plot(plot, &sensor, None, false).place;
    let found = place(&plot).expect("a place");
    assert!((found.to_ecef() - at.to_ecef()).norm() < 1e-3);
    assert!(Site::new(at).geodetic() == at);
    plot.measurement = Measurement::Polar(Polar {
        range_m: Some(1e5),
        azimuth_rad: Some(1.0),
        ..Polar::default()
    });
    assert_eq!(place(&plot), None);
}
