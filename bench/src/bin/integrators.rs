//! Integrators of other libraries beside ours: how wrong they are at steps and between steps, and how fast.
//!
//! A Kepler ellipse of eccentricity 0.6, one revolution, in units where its semi-major axis and mean motion are 1, at
//! one absolute tolerance for every component. Also: in how many of a million step-size factors the platform's power
//! function (which all of them call) and `geo::math::pow` end in different bits.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin integrators`

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and looks at the platform's powf"
)]

use std::f64::consts::TAU;
use std::hint::black_box;
use std::time::Instant;

use differential_equations::prelude::{ExplicitRungeKutta, IVP, ODE};
use flight::{Body, Forces, Gravity, Options, Zonal, propagate};
use geo::math::{cos, sin};
use geo::{Ecef, Position, State, Time, Velocity};
use nalgebra::{SVector, Vector3};
use numeris::ode::RKAdaptive;

const ECCENTRICITY: f64 = 0.6;
/// Places looked at within each step.
const LOOKS: usize = 10;

/// An instant, and the solution there.
type Point = (f64, [f64; 6]);

/// What one integration gave: instants of steps, instants between, and the solution there.
#[derive(Default)]
struct Run {
    at_steps: Vec<Point>,
    between: Vec<Point>,
}

impl Run {
    /// Looks at every instant between steps through a dense solution.
    fn look(&mut self, steps: &[f64], solution: impl Fn(f64) -> [f64; 6]) {
        for pair in steps.windows(2) {
            self.at_steps.push((pair[1], solution(pair[1])));
            for i in 1..LOOKS {
                let t = pair[0] + (pair[1] - pair[0]) * i as f64 / LOOKS as f64;
                self.between.push((t, solution(t)));
            }
        }
    }
}

/// The ellipse in the plane x, z, from its perigee; position 3 and velocity 3.
fn kepler(t: f64) -> [f64; 6] {
    let mut eccentric = t;
    for _ in 0..50 {
        let off = eccentric - ECCENTRICITY * sin(eccentric) - t;
        eccentric -= off / (1.0 - ECCENTRICITY * cos(eccentric));
    }
    let minor = (1.0 - ECCENTRICITY * ECCENTRICITY).sqrt();
    let rate = 1.0 / (1.0 - ECCENTRICITY * cos(eccentric));
    let (s, c) = (sin(eccentric), cos(eccentric));
    [c - ECCENTRICITY, 0.0, minor * s, -s * rate, 0.0, minor * c * rate]
}

fn slope(y: &[f64], slope: &mut [f64]) {
    let cube = {
        let square = y[0] * y[0] + y[1] * y[1] + y[2] * y[2];
        square * square.sqrt()
    };
    for i in 0..3 {
        slope[i] = y[3 + i];
        slope[3 + i] = -y[i] / cube;
    }
}

fn worst(points: &[Point]) -> f64 {
    let off = |(t, y): &Point| (SVector::from(*y) - SVector::from(kepler(*t))).norm();
    points.iter().map(off).fold(0.0, f64::max)
}

fn report(name: &str, tolerance: f64, integrate: impl Fn() -> Run, alone: impl Fn()) {
    let run = integrate();
    let mut spans_s: Vec<f64> = (0..101)
        .map(|_| {
            let from = Instant::now();
            alone();
            from.elapsed().as_secs_f64()
        })
        .collect();
    spans_s.sort_by(f64::total_cmp);
    let (at, between) = (worst(&run.at_steps), worst(&run.between));
    println!(
        "| {name} | {tolerance:.0e} | {} | {at:.1e} | {between:.1e} | {:.1} | {:.0} |",
        run.at_steps.len(),
        between / at,
        spans_s[50] * 1e6
    );
}

/// Ours, through its public face: metres, seconds, the turning Earth, events and all.
fn ours(tolerance: f64) {
    let gm = Zonal::POINT.gm_m3ps2;
    let axis_m: f64 = 20_000e3;
    let motion_radps = (gm / (axis_m * axis_m * axis_m)).sqrt();
    let begin = kepler(0.0);
    let place = Vector3::new(begin[0], begin[1], begin[2]) * axis_m;
    let speed = Vector3::new(begin[3], begin[4], begin[5]) * axis_m * motion_radps;
    let spin = Vector3::z() * geo::earth::ROTATION_RATE_RADPS;
    let state: State<Ecef> = State {
        position: Position::from_vector(place),
        velocity: Velocity::from_vector(speed - spin.cross(&place)),
    };
    let forces = Forces {
        gravity: Gravity::Zonal(Zonal::POINT),
        atmosphere: false,
        ..Forces::ballistic()
    };
    let options = Options {
        position_tolerance_m: tolerance * axis_m,
        velocity_tolerance_mps: tolerance * axis_m * motion_radps,
        ground_height_m: None,
        ..Options::default()
    };
    let start = Time::from_tai_ns(1_631_208_397_000_000_000);
    let end = start + TAU / motion_radps;
    let fly = || propagate(&forces, &Body::default(), start, state, end, &options).expect("a flight");
    let integrate = || {
        let flight = fly();
        let mut run = Run::default();
        let mut look = |time: Time, into: fn(&mut Run) -> &mut Vec<Point>| {
            let seen = flight.inertial_state(time).expect("within the flight").to_vector();
            let mut y: [f64; 6] = (seen / axis_m).into();
            y[3..].iter_mut().for_each(|v| *v /= motion_radps);
            into(&mut run).push(((time - start) * motion_radps, y));
        };
        let steps = flight.step_times();
        for pair in steps.windows(2) {
            look(pair[1], |run| &mut run.at_steps);
            for i in 1..LOOKS {
                look(pair[0] + (pair[1] - pair[0]) * i as f64 / LOOKS as f64, |run| {
                    &mut run.between
                });
            }
        }
        run
    };
    report("trilat, steps of numeris, Verner 9(8)", tolerance, integrate, || {
        black_box(fly());
    });
}

struct Ellipse;

impl ivp::ivp::FirstOrderSystem for Ellipse {
    fn derivative(&self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        slope(y, dydt);
    }
}

/// Keeps the segments that `ivp` hands out.
#[derive(Default)]
struct Segments(Vec<ivp::dense::DenseSegment>);

impl ivp::solout::SolOut for Segments {
    fn solout(
        &mut self,
        _: f64,
        _: &mut f64,
        _: &mut [f64],
        step: Option<&ivp::dense::StepInterpolant<'_>>,
    ) -> ivp::solout::ControlFlag {
        self.0.extend(step.map(|step| step.to_segment()));
        ivp::solout::ControlFlag::Continue
    }
}

fn with_ivp(tolerance: f64) {
    let solve = || {
        let mut segments = Segments::default();
        let (rtol, atol) = (vec![0.0; 6].into(), vec![tolerance; 6].into());
        ivp::methods::DOP853::default()
            .solve(&Ellipse, 0.0, &kepler(0.0), TAU, rtol, atol, Some(&mut segments))
            .expect("a solution");
        segments
    };
    let integrate = || {
        let mut run = Run::default();
        for segment in solve().0 {
            let (from, until) = segment.bounds();
            run.look(&[from, until], |t| {
                let mut y = [0.0; 6];
                segment.interpolate(t, &mut y);
                y
            });
        }
        run
    };
    report("ivp 0.6.0, DOP853", tolerance, integrate, || {
        black_box(solve());
    });
}

impl ODE<f64, [f64; 6]> for Ellipse {
    fn diff(&self, _t: f64, y: &[f64; 6], dydt: &mut [f64; 6]) {
        slope(y, dydt);
    }
}

fn with_differential_equations(tolerance: f64) {
    let method = || ExplicitRungeKutta::dop853().rtol(0.0).atol(tolerance);
    let integrate = || {
        let dense = IVP::ode(&Ellipse, 0.0, TAU, kepler(0.0))
            .dense(LOOKS)
            .method(method())
            .solve();
        let plain = IVP::ode(&Ellipse, 0.0, TAU, kepler(0.0)).method(method()).solve();
        let (dense, plain) = (dense.expect("a solution"), plain.expect("a solution"));
        let is_step = |t: &f64| plain.t.contains(t);
        Run {
            at_steps: plain.t.iter().copied().zip(plain.y).skip(1).collect(),
            between: dense
                .t
                .iter()
                .copied()
                .zip(dense.y)
                .filter(|(t, _)| !is_step(t))
                .collect(),
        }
    };
    report("differential-equations 0.7.0, DOP853", tolerance, integrate, || {
        let dense = IVP::ode(&Ellipse, 0.0, TAU, kepler(0.0))
            .dense(LOOKS)
            .method(method())
            .solve();
        black_box(dense).expect("a solution");
    });
}

impl ode_solvers::System<f64, SVector<f64, 6>> for Ellipse {
    fn system(&self, _t: f64, y: &SVector<f64, 6>, dydt: &mut SVector<f64, 6>) {
        slope(y.as_slice(), dydt.as_mut_slice());
    }
}

fn with_ode_solvers(tolerance: f64) {
    let solve = || {
        let mut method = ode_solvers::Dopri5::new(Ellipse, 0.0, TAU, 1.0, kepler(0.0).into(), 0.0, tolerance);
        let mut dense = ode_solvers::continuous_output_model::ContinuousOutputModel::default();
        method
            .integrate_with_continuous_output_model(&mut dense)
            .expect("a solution");
        (method, dense)
    };
    let integrate = || {
        let mut run = Run::default();
        let mut plain = ode_solvers::Dopri5::new(Ellipse, 0.0, TAU, 1.0, kepler(0.0).into(), 0.0, tolerance);
        plain.set_output(ode_solvers::dop_shared::OutputType::Sparse);
        plain.integrate().expect("a solution");
        let dense = solve().1;
        run.look(plain.x_out(), |t| dense.evaluate(t).expect("within").into());
        run
    };
    report(
        "ode_solvers 0.6.2, DOPRI5 (its DOP853 has no dense output)",
        tolerance,
        integrate,
        || {
            black_box(solve());
        },
    );
}

fn with_numeris<M: RKAdaptive<STAGES, TERMS>, const STAGES: usize, const TERMS: usize>(name: &str, tolerance: f64) {
    let solve = || {
        let settings = numeris::ode::AdaptiveSettings {
            abs_tol: tolerance,
            rel_tol: 0.0,
            min_step: 1e-12,
            dense_output: true,
            ..numeris::ode::AdaptiveSettings::default()
        };
        let begin = numeris::Vector::from_array(kepler(0.0));
        let slope = |_: f64, y: &numeris::Vector<f64, 6>| {
            let y: [f64; 6] = std::array::from_fn(|i| y[i]);
            let mut dydt = [0.0; 6];
            slope(&y, &mut dydt);
            numeris::Vector::from_array(dydt)
        };
        M::integrate(0.0, TAU, &begin, slope, &settings).expect("a solution")
    };
    let integrate = || {
        let solution = solve();
        let dense = solution.dense.as_ref().expect("it was asked for");
        let steps: Vec<f64> = dense.t.iter().copied().chain([solution.t]).collect();
        let mut run = Run::default();
        run.look(&steps, |t| {
            let y = M::interpolate(t, &solution).expect("within");
            std::array::from_fn(|i| y[i])
        });
        run
    };
    report(name, tolerance, integrate, || {
        black_box(solve());
    });
}

fn powers() {
    let error = |i: u32| (f64::from(i) + 0.5) / 1e6;
    let other = (0..1_000_000).filter(|i| error(*i).powf(0.125) != geo::math::pow(error(*i), 0.125));
    println!(
        "\nstep-size factors that end in other bits by f64::powf: {} of 1,000,000",
        other.count()
    );
}

fn main() {
    println!("| integrator | tolerance | steps | error at steps | between steps | ratio | µs |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for tolerance in [1e-9, 1e-12] {
        ours(tolerance);
        with_ivp(tolerance);
        with_differential_equations(tolerance);
        with_ode_solvers(tolerance);
        with_numeris::<numeris::ode::RKV87, 17, 7>("numeris 0.6.0, Verner 8(7)", tolerance);
        with_numeris::<numeris::ode::RKV98, 21, 8>("numeris 0.6.0, Verner 9(8)", tolerance);
    }
    powers();
}
