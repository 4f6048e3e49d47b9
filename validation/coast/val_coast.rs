//! The tracker over a coast beside the posterior Cramér-Rao bound: see README.md beside this.
//!
//! `COAST_RUNS` sets the number of runs, `COAST_SEED` the first seed.

#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::sync::Arc;

#[path = "../../crates/study/tests/scene/mod.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod scene;

use estimate::belief::{Gaussian, chi_square_quantile};
use estimate::filter::Filter;
use estimate::motion::{Free, MotionModel};
use estimate::sensor::{NotObservable, Reading, SensorModel, SensorOptions};
use estimate::with_observation;
use flight::Phase;
use geo::{Ecef, Geodetic, Position, Site, State, Time, Velocity};
use nalgebra::{SMatrix, SVector};
use plot::{Plot, Sensors};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use scene::{Biases, stations};
use score::Information;
use sim::sensor::observe;
use sim::truth::Samples;
use sim::{Course, Kind, Leg, Motion, Signature, Truth};
use track::associate::Sequential;
use track::{Options, Row, Timeline, TimelineOptions};

/// Runs of the quick slice.
const RUNS: u64 = 24;
/// The first seed.
const SEED: u64 = 7_001;
/// Instants that are looked at, s after the begin of the coast.
const AT_S: [f64; 6] = [30.0, 60.0, 100.0, 150.0, 250.0, 400.0];
/// The coast lasts so long,
const SPAN_S: f64 = 550.0;
/// in steps of this.
const STEP_S: f64 = 5.0;
/// Logarithm of its drag, which nobody sees above the air.
const LOG_DRAG: f64 = -8.0;
/// Standard deviation of the logarithm of drag that the tracker assumes.
const LOG_DRAG_SIGMA: f64 = 1.2;

#[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

/// A coast over the sea from 150 km up, by 480 km at the top, down to 150 km: 550 s.
///
/// Gravity beyond J4 is drawn: the noise that the tracker's motion model has for it.
fn truth(seed: u64) -> Truth {
    let (begin, chance) = (scene::launch(), &mut Pcg64::seed_from_u64(seed));
    let place = Geodetic::from_degrees(39.5, 128.5, 150e3);
    let velocity = Site::new(place).velocity_to_ecef(Velocity::new(1_500.0, -300.0, 2_500.0));
    let (at, speed) = (place.to_ecef().vector(), velocity.vector());
    let mut state = SVector::from([at.x, at.y, at.z, speed.x, speed.y, speed.z, LOG_DRAG]);
    let mut states = vec![stated(&state)];
    while states.len() <= (SPAN_S / STEP_S) as usize {
        let moved = Free.transition(&state, STEP_S);
        let noise: SMatrix<f64, 6, 6> = moved.noise.fixed_view::<6, 6>(0, 0).into();
        let drawn = SVector::<f64, 6>::from_fn(|_, _| StandardNormal.sample(chance));
        let kick = noise.cholesky().unwrap().l() * drawn;
        state = moved.state;
        let mut own = state.fixed_rows_mut::<6>(0);
        own += kick;
        states.push(stated(&state));
    }
    let leg = Leg {
        phase: Phase::Coast,
        from: begin,
        until: begin + SPAN_S,
        motion: Motion::Samples(Arc::new(Samples::new(begin, STEP_S, states).unwrap())),
    };
    Truth {
        id: "one".into(),
        kind: Kind::Ballistic,
        course: Course::new(vec![leg]).unwrap(),
        signature: Signature {
            cross_section_m2: 1.0,
            boost_wpsr: 0.0,
            identity: None,
        },
    }
}

fn stated(state: &SVector<f64, 7>) -> State<Ecef> {
    State {
        position: Position::new(state[0], state[1], state[2]),
        velocity: Velocity::new(state[3], state[4], state[5]),
    }
}

/// State (7) of an object: position, velocity, logarithm of its drag, which nobody sees above the air.
fn state(truth: &Truth, time: Time) -> SVector<f64, 7> {
    let state = truth.course.state(time).unwrap();
    let (place, velocity) = (state.position.vector(), state.velocity.vector());
    SVector::from_fn(|row, _| match row {
        0..3 => place[row],
        3..6 => velocity[row - 3],
        _ => LOG_DRAG,
    })
}

/// The bound as plots come in.
struct Bound {
    information: Information,
    time: Time,
}

impl Bound {
    fn new(time: Time) -> Self {
        let mut priors = [None; 7];
        priors[6] = Some(LOG_DRAG_SIGMA);
        Self {
            information: Information::of_prior(&priors),
            time,
        }
    }

    fn advance(&mut self, truth: &Truth, time: Time) {
        if time > self.time {
            let back = Free.transition(&state(truth, time), self.time - time);
            self.information.transport::<7>(&back.jacobian);
            let noise = Free.transition(&state(truth, self.time), time - self.time).noise;
            self.information
                .diffuse::<6>(&noise.fixed_view::<6, 6>(0, 0).into())
                .unwrap();
            self.time = time;
        }
    }

    fn take(&mut self, truth: &Truth, plot: &Plot, sensors: &Sensors) {
        self.advance(truth, plot.time);
        let state: SVector<f64, 6> = state(truth, plot.time).fixed_rows::<6>(0).into();
        let sensor = &sensors.as_slice()[sensors.index_of(&plot.sensor).unwrap()];
        let reading = Reading::new(plot, sensor, &SensorOptions::default()).unwrap();
        with_observation!(&reading, observation => {
            let (_, jacobian) = observation.model.linearize(&state).unwrap();
            let noise = SensorModel::<6, _>::noise(&observation.model);
            for row in 0..jacobian.nrows() {
                let slopes: Vec<(usize, f64)> = (0..6).map(|column| (column, jacobian[(row, column)])).collect();
                self.information.observe(&slopes, noise[(row, row)], 1.0);
            }
        });
    }
}

/// A sensor made linear about the truth; its states are what an estimate is off by.
struct AboutTruth<const M: usize> {
    jacobian: SMatrix<f64, M, 7>,
    noise: SMatrix<f64, M, M>,
}

impl<const M: usize> SensorModel<7, M> for AboutTruth<M> {
    fn predict(&self, off: &SVector<f64, 7>) -> SVector<f64, M> {
        self.jacobian * off
    }

    fn linearize(&self, off: &SVector<f64, 7>) -> Result<(SVector<f64, M>, SMatrix<f64, M, 7>), NotObservable> {
        Ok((self.jacobian * off, self.jacobian))
    }

    fn residual(&self, measured: &SVector<f64, M>, expected: &SVector<f64, M>) -> SVector<f64, M> {
        measured - expected
    }

    fn noise(&self) -> SMatrix<f64, M, M> {
        self.noise
    }
}

/// What an estimator is off by that is at the bound, because it is linear about the truth, which no tracker knows: on
/// the same plots, so that what chance does to all of them is in it too.
struct Efficient {
    off: Gaussian<7>,
    time: Time,
}

impl Efficient {
    fn new(time: Time) -> Self {
        let sigmas = SVector::from([1e6, 1e6, 1e6, 1e5, 1e5, 1e5, LOG_DRAG_SIGMA]);
        let prior = SMatrix::<f64, 7, 7>::from_diagonal(&sigmas.component_mul(&sigmas));
        Self {
            off: Gaussian::new(SVector::zeros(), prior),
            time,
        }
    }

    fn advance(&mut self, truth: &Truth, time: Time) {
        if time > self.time {
            let moved = Free.transition(&state(truth, self.time), time - self.time);
            let kick = state(truth, time) - moved.state;
            let covariance = moved.jacobian * self.off.covariance * moved.jacobian.transpose() + moved.noise;
            self.off = Gaussian::new(moved.jacobian * self.off.mean - kick, covariance);
            self.time = time;
        }
    }

    fn take(&mut self, truth: &Truth, plot: &Plot, sensors: &Sensors) {
        self.advance(truth, plot.time);
        let sensor = &sensors.as_slice()[sensors.index_of(&plot.sensor).unwrap()];
        let reading = Reading::new(plot, sensor, &SensorOptions::default()).unwrap();
        with_observation!(&reading, observation => {
            let (expected, jacobian) = observation.model.linearize(&state(truth, plot.time)).unwrap();
            let noise = SensorModel::<7, _>::noise(&observation.model);
            let measured = SensorModel::<7, _>::residual(&observation.model, &observation.measured, &expected);
            let outcome = Filter::Ekf.update(&AboutTruth { jacobian, noise }, &self.off, &measured, None).unwrap();
            self.off = outcome.updated().unwrap().belief;
        });
    }
}

/// One look at a track: squared errors of place and speed, their bounds, those of the efficient
/// estimator on the same plots, NEES of place and of the whole state.
#[derive(Copy, Clone, Debug)]
struct Look {
    error_m2: f64,
    bound_m2: f64,
    error_m2ps2: f64,
    bound_m2ps2: f64,
    efficient_m2: f64,
    nees3: f64,
    nees6: f64,
}

fn look(row: &Row, truth: &Truth, bound: &Bound, efficient: &Efficient) -> Look {
    let off: SVector<f64, 6> = row.belief.mean - state(truth, row.time).fixed_rows::<6>(0);
    let least: SMatrix<f64, 6, 6> = bound.information.covariance::<6>().unwrap();
    let place: SVector<f64, 3> = off.fixed_rows::<3>(0).into();
    let own: SMatrix<f64, 3, 3> = row.belief.covariance.fixed_view::<3, 3>(0, 0).into();
    Look {
        error_m2: place.norm_squared(),
        bound_m2: least.fixed_view::<3, 3>(0, 0).trace(),
        error_m2ps2: off.fixed_rows::<3>(3).norm_squared(),
        bound_m2ps2: least.fixed_view::<3, 3>(3, 3).trace(),
        efficient_m2: efficient.off.mean.fixed_rows::<3>(0).norm_squared(),
        nees3: place.dot(&own.cholesky().unwrap().solve(&place)),
        nees6: off.dot(&row.belief.covariance.cholesky().unwrap().solve(&off)),
    }
}

/// The looks of one run at the instants that are looked at; nothing where there is no track.
fn run(owners: &[&str], seed: u64) -> Vec<Option<Look>> {
    let truth = truth(seed);
    let stations: Vec<_> = stations(Biases::None)
        .into_iter()
        .filter(|station| owners.iter().any(|wanted| station.sensor.name.starts_with(wanted)))
        .collect();
    let mut sensors = Sensors::default();
    for station in &stations {
        sensors.insert(station.sensor.clone()).unwrap();
    }
    let begin = scene::launch();
    let span = truth.course.span();
    let observed = observe(std::slice::from_ref(&truth), &stations, span, seed);
    let of_coast = |plot: &&Plot| plot.truth.is_some();
    let plots: Vec<Plot> = observed.plots.iter().filter(of_coast).cloned().collect();
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    for plot in &plots {
        timeline.add(plot).unwrap();
    }
    let (rows, _) = timeline.finish(&Sequential);
    let (mut bound, mut efficient) = (Bound::new(begin), Efficient::new(begin));
    let (mut next, mut looks) = (0, Vec::new());
    for at_s in AT_S {
        let row = rows.iter().find(|row| row.time >= scene::launch() + at_s);
        let Some(row) = row else {
            looks.push(None);
            continue;
        };
        while next < plots.len() && plots[next].time <= row.time {
            bound.take(&truth, &plots[next], &sensors);
            efficient.take(&truth, &plots[next], &sensors);
            next += 1;
        }
        bound.advance(&truth, row.time);
        efficient.advance(&truth, row.time);
        looks.push(Some(look(row, &truth, &bound, &efficient)));
    }
    looks
}

/// Error over bound, over that of the efficient estimator, and mean NEES, over all looks at one instant.
struct Figures {
    ratio: f64,
    to_efficient: f64,
    ratio_speed: f64,
    nees3: f64,
    nees6: f64,
    count: usize,
}

fn figures(looks: &[Look]) -> Figures {
    let sum = |of: fn(&Look) -> f64| looks.iter().map(of).sum::<f64>();
    let count = looks.len();
    Figures {
        ratio: (sum(|l| l.error_m2) / sum(|l| l.bound_m2)).sqrt(),
        to_efficient: (sum(|l| l.error_m2) / sum(|l| l.efficient_m2)).sqrt(),
        ratio_speed: (sum(|l| l.error_m2ps2) / sum(|l| l.bound_m2ps2)).sqrt(),
        nees3: sum(|l| l.nees3) / count as f64,
        nees6: sum(|l| l.nees6) / count as f64,
        count,
    }
}

#[test]
fn the_coast_is_at_the_bound() {
    let (first, count) = (number("COAST_SEED", SEED), number("COAST_RUNS", RUNS));
    for (name, owners) in [
        ("one radar", &["C-ship"][..]),
        ("three radars of one owner", &["C"]),
        ("nine radars of three owners", &["A", "B", "C"]),
    ] {
        let runs: Vec<Vec<Option<Look>>> = (first..first + count).map(|seed| run(owners, seed)).collect();
        let (mut sum, mut sum_efficient, mut least, mut most) = (0.0, 0.0, f64::INFINITY, 0.0_f64);
        for (at, at_s) in AT_S.into_iter().enumerate() {
            let looks: Vec<Look> = runs.iter().filter_map(|looks| looks[at]).collect();
            let of = figures(&looks);
            say(&format!(
                "| {name} | {at_s:.0} | {:.3} | {:.3} | {:.3} | {:.2} | {:.2} | {} |",
                of.ratio, of.to_efficient, of.ratio_speed, of.nees3, of.nees6, of.count
            ));
            assert_eq!(of.count as u64, count, "{name}, {at_s} s: a run has no track");
            sum += of.ratio * of.ratio / AT_S.len() as f64;
            sum_efficient += of.to_efficient * of.to_efficient / AT_S.len() as f64;
            (least, most) = (least.min(of.nees6), most.max(of.nees6));
        }
        let n = count as f64;
        let bounds = [0.001, 0.999].map(|share| chi_square_quantile(share, 6.0 * n) / n);
        let (ratio, to_efficient) = (sum.sqrt(), sum_efficient.sqrt());
        // One standard error of an RMSE where one direction holds most of the error, of three independent instants.
        let sampling = 1.0 / (2.0 * 3.0 * n).sqrt();
        say(&format!(
            "{name}: RMSE {ratio:.3} of the bound (standard error {sampling:.3}), {to_efficient:.3} of the efficient estimator, ANEES {least:.2} to {most:.2} of {:.2} to {:.2}",
            bounds[0], bounds[1]
        ));
        // On the same plots chance does not help, nor hurt.
        assert!(to_efficient < 1.05, "{name}: {to_efficient}");
        assert!(
            ratio < 1.05 + if count < 300 { 2.0 * sampling } else { 0.0 },
            "{name}: {ratio}"
        );
        assert!(least > bounds[0] && most < bounds[1], "{name}: {least} {most}");
    }
}
