//! Drawn flights: classes and figures of the size that is published, seen by the notional radars of the network.

use std::sync::Arc;

use flight::{Body, Forces, Options, Phase, propagate};
use geo::math::exp;
use rand_distr::{Distribution, StandardNormal, StandardUniform};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use sim::truth::{Course, Leg, Motion, Truth};

/// A flight to be drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 200 to 900 km, one stage.
    Short,
    /// 40 to 80 km high: every tenth is carried by lift.
    Low,
    /// The same, carried by lift.
    Glide,
    /// 600 to 2,000 km high, 600 to 1,000 km far.
    Lofted,
    /// 2,500 to 4,000 km far.
    Far,
    /// Two stages, 3,000 to 6,000 km high.
    TwoStages,
}

/// The scenario of a seed, and what flies in it.
pub fn scene(seed: u64) -> (Kind, String) {
    let mut chance = Pcg64::seed_from_u64(seed);
    let mut between = |low: f64, high: f64| -> f64 {
        let unit: f64 = StandardUniform.sample(&mut chance);
        low + (high - low) * unit
    };
    let kinds = [Kind::Short, Kind::Low, Kind::Lofted, Kind::Far, Kind::TwoStages];
    let mut kind = kinds[(between(0.0, 5.0) as usize).min(4)];
    if kind == Kind::Low && between(0.0, 1.0) < 0.1 {
        kind = Kind::Glide;
    }
    let (lat_deg, lon_deg) = (between(39.0, 41.5), between(125.0, 129.0));
    let (bearing_deg, minutes) = (between(50.0, 110.0), if kind == Kind::TwoStages { 90 } else { 45 });
    let (class, range_km, apogee_km) = match kind {
        Kind::Short => {
            let range_km = between(250.0, 900.0);
            ("srbm", range_km, range_km * between(0.18, 0.3))
        }
        Kind::Low | Kind::Glide => ("srbm", between(400.0, 700.0), between(45.0, 80.0)),
        Kind::Lofted => ("mrbm", between(600.0, 1_000.0), between(600.0, 2_000.0)),
        Kind::Far => {
            let range_km = between(2_500.0, 4_000.0);
            ("irbm", range_km, range_km * between(0.16, 0.25))
        }
        Kind::TwoStages => ("icbm", between(700.0, 1_000.0), between(3_000.0, 6_000.0)),
    };
    let class = if matches!(kind, Kind::Lofted) && apogee_km > 1_000.0 {
        "irbm"
    } else {
        class
    };
    let path = if kind == Kind::Glide {
        let (far_km, aside_km) = (range_km * between(1.2, 1.6), between(-150.0, 150.0));
        format!("kind = \"glider\"\nballistic_range_km = {range_km}\nrange_km = {far_km}\naside_km = {aside_km}")
    } else {
        format!("kind = \"ballistic\"\nrange_km = {range_km}\nclass = \"{class}\"")
    };
    let text = format!(
        "title = \"drawn\"\nwhat = \"drawn\"\ntests = \"drawn\"\nstart = \"2022-01-05T00:00:00Z\"\n\
         end = \"2022-01-05T{:02}:{:02}:00Z\"\nnetwork = \"northeast-asia\"\n\
         [[source]]\nfact = \"drawn\"\npublication = \"drawn\"\n\
         [[object]]\nid = \"missile\"\n{path}\ntime = \"2022-01-05T00:00:30Z\"\nlat_deg = {lat_deg}\nlon_deg = {lon_deg}\n\
         apogee_km = {apogee_km}\nbearing_deg = {bearing_deg}\n",
        minutes / 60,
        minutes % 60,
    );
    (kind, text)
}

/// `ln (Cd A/m / (1 m²/kg))` after burnout, and its standard deviation: the prior of the forecast, since the classes of
/// the simulation know one value each.
const LOG_DRAG: (f64, f64) = (-8.8, 0.7);

/// Replaces the fall of a flight by one with a drag that is drawn.
pub fn redrawn(truth: &mut Truth, seed: u64) {
    let mut chance = Pcg64::seed_from_u64(seed ^ 0x5eed);
    let unit: f64 = StandardNormal.sample(&mut chance);
    let body = Body::ballistic(exp(LOG_DRAG.0 + LOG_DRAG.1 * unit));
    let boost = truth
        .course
        .legs()
        .iter()
        .rposition(|leg| leg.phase == Phase::Boost)
        .expect("a boost");
    let mut legs: Vec<Leg> = truth.course.legs()[..=boost].to_vec();
    let burnout = legs[boost].until;
    let state = truth.course.state(burnout).expect("it flies");
    let forces = Forces::ballistic();
    let end = burnout + 6.0 * 3_600.0;
    let fall = propagate(&forces, &body, burnout, state, end, &Options::default()).expect("a fall");
    let fall = Arc::new(fall);
    for stretch in flight::phases(&forces, &body, &fall, flight::phase::REENTRY_SHARE) {
        legs.push(Leg {
            phase: stretch.phase,
            from: stretch.from,
            until: stretch.until,
            motion: Motion::Flight(fall.clone()),
        });
    }
    truth.course = Course::new(legs).expect("legs that join");
}
