//! Partners that keep their plots: tracklets nearly give what all plots give, estimates are taken in without being
//! believed twice, and a plot that comes by two ways counts once.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "the figures of DESIGN.md")]

#[path = "../../study/tests/scene/mod.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod scene;

use std::sync::Arc;

use flight::{Body, Forces, Phase, propagate};
use geo::{Geodetic, Site, State, Time, Velocity};
use nalgebra::{Matrix3, Vector3};
use plot::{Plot, Sensor, Sensors};
use scene::Biases;
use sim::sensor::observe;
use sim::{Course, Leg, Motion, Truth};
use track::associate::Sequential;
use track::{Content, Fate, Name, Options, Row, Timeline, TimelineOptions, TrackReport};

/// The partner's name among the sensors, and how often it reports.
const PARTNER: &str = "tracks-of-a";
const PERIOD_S: f64 = 5.0;
/// Rows that are compared lie between these, s after the begin.
const SPAN_S: std::ops::Range<f64> = 60.0..480.0;

/// Plots come first here and reports afterwards, however old.
fn timing() -> TimelineOptions {
    TimelineOptions {
        lag_s: 1_000.0,
        ..TimelineOptions::default()
    }
}

/// A flight, who sees it, and the plots of each.
struct Scene {
    truth: Truth,
    sensors: Sensors,
    plots: Vec<Plot>,
}

impl Scene {
    /// A coast from 150 km up to 480 km and down, which all see from its begin.
    fn new(seed: u64, biases: Biases) -> Self {
        let begin = scene::launch();
        let place = Geodetic::from_degrees(39.5, 128.5, 150e3);
        let start = State {
            position: place.to_ecef(),
            velocity: Site::new(place).velocity_to_ecef(Velocity::new(1_500.0, -300.0, 2_500.0)),
        };
        let (forces, body) = (Forces::ballistic(), Body::ballistic(4e-4));
        let until = begin + 500.0;
        let path = propagate(&forces, &body, begin, start, until, &flight::Options::default()).unwrap();
        let leg = Leg {
            phase: Phase::Coast,
            from: begin,
            until,
            motion: Motion::Flight(Arc::new(path)),
        };
        let truth = Truth {
            course: Course::new(vec![leg]).unwrap(),
            ..scene::truth("one", 0.0)
        };
        let stations = scene::stations(biases);
        let span = truth.course.span();
        let plots = observe(std::slice::from_ref(&truth), &stations, span, seed).plots;
        let mut sensors = Sensors::default();
        for station in &stations {
            sensors.insert(station.sensor.clone()).unwrap();
        }
        let mut partner = Sensor::new(PARTNER, "A", Geodetic::from_degrees(36.0, 138.0, 0.0));
        partner.scan_s = Some(PERIOD_S);
        sensors.insert(partner).unwrap();
        Self {
            truth,
            sensors,
            plots: plots.into_iter().filter(|plot| plot.truth.is_some()).collect(),
        }
    }

    /// Whether a plot is one of the partner's.
    fn is_of_partner(plot: &Plot) -> bool {
        plot.sensor.starts_with("A-")
    }

    /// Rows of the plots that are wanted, with a partner's reports.
    fn rows(&self, wanted: impl Fn(&Plot) -> bool, reports: &[TrackReport], tracklets_s: Option<f64>) -> Vec<Row> {
        let options = Options {
            tracklets_s,
            ..Options::default()
        };
        let mut timeline = Timeline::new(&self.sensors, timing(), options);
        for plot in self.plots.iter().filter(|plot| wanted(plot)) {
            timeline.add(plot).unwrap();
        }
        for report in reports {
            assert_eq!(timeline.report(report).unwrap(), Fate::Taken);
        }
        timeline.finish(&Sequential).0
    }

    /// The partner's tracklets, and its estimates at the same instants.
    fn reports(&self) -> (Vec<TrackReport>, Vec<TrackReport>) {
        let own = self.rows(Self::is_of_partner, &[], Some(PERIOD_S));
        let mut both = (Vec::new(), Vec::new());
        let mut told: Option<Time> = None;
        for row in own {
            let report = |belief, content| TrackReport {
                source: PARTNER.into(),
                track: row.track.to_string().into(),
                time: row.time,
                belief,
                content,
            };
            if let Some(news) = &row.news {
                let content = Content::Tracklet {
                    since: news.since,
                    sensors: news.sensors.clone(),
                };
                both.0.push(report(news.belief, content));
            }
            if told.is_none_or(|last| row.time - last >= PERIOD_S) {
                both.1.push(report(row.belief, Content::Estimate));
                told = Some(row.time);
            }
        }
        both
    }

    /// Root mean square error of place, root of its stated mean variance, and mean NEES over the rows of the longest
    /// track.
    fn errors(&self, rows: &[Row]) -> (f64, f64, f64) {
        let launch = self.truth.course.span().0;
        let longest = longest(rows);
        let wanted = |row: &&Row| row.track == longest && SPAN_S.contains(&(row.time - launch));
        let (mut square, mut stated, mut nees, mut count) = (0.0, 0.0, 0.0, 0.0);
        for row in rows.iter().filter(wanted) {
            let state = self.truth.course.state(row.time).unwrap();
            let off: Vector3<f64> = row.belief.mean.fixed_rows::<3>(0) - state.position.vector();
            let own: Matrix3<f64> = row.belief.covariance.fixed_view::<3, 3>(0, 0).into();
            square += off.norm_squared();
            stated += own.trace();
            nees += off.dot(&own.cholesky().unwrap().solve(&off));
            count += 1.0;
        }
        ((square / count).sqrt(), (stated / count).sqrt(), nees / count)
    }
}

fn longest(rows: &[Row]) -> Name {
    let mut names: Vec<Name> = rows.iter().map(|row| row.track).collect();
    names.sort_unstable();
    let runs = names.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).unwrap()[0]
}

/// Errors, stated errors and NEES of place over some runs: of a node with all plots, of one with its own alone, with
/// the partner's tracklets, with its estimates, and with all plots and the tracklets of some of them once more.
struct Figures {
    all: (f64, f64, f64),
    alone: (f64, f64, f64),
    tracklets: (f64, f64, f64),
    estimates: (f64, f64, f64),
    twice: (f64, f64, f64),
    told: usize,
}

fn figures(biases: Biases) -> Figures {
    const SEEDS: std::ops::Range<u64> = 20..26;
    let (mut sums, mut told) = ([(0.0, 0.0, 0.0); 5], 0);
    for seed in SEEDS {
        let scene = Scene::new(seed, biases);
        let (tracklets, estimates) = scene.reports();
        told += tracklets.len();
        let own = |plot: &Plot| !Scene::is_of_partner(plot);
        let runs = [
            scene.rows(|_| true, &[], None),
            scene.rows(own, &[], None),
            scene.rows(own, &tracklets, None),
            scene.rows(own, &estimates, None),
            scene.rows(|_| true, &tracklets, None),
        ];
        for (sum, rows) in sums.iter_mut().zip(&runs) {
            let (error_m, stated_m, nees) = scene.errors(rows);
            let n = (SEEDS.end - SEEDS.start) as f64;
            *sum = (
                sum.0 + error_m * error_m / n,
                sum.1 + stated_m * stated_m / n,
                sum.2 + nees / n,
            );
        }
    }
    let [all, alone, tracklets, estimates, twice] = sums.map(|(a, b, nees)| (a.sqrt(), b.sqrt(), nees));
    println!("{biases:?}: all {all:?} alone {alone:?} tracklets {tracklets:?} estimates {estimates:?} twice {twice:?}");
    Figures {
        all,
        alone,
        tracklets,
        estimates,
        twice,
        told,
    }
}

/// Mean NEES of three components over six runs, whose errors are alike for long: hardly above this.
const NEES_MAX: f64 = 4.5;

#[test]
fn tracklets_nearly_give_what_all_plots_give_and_count_once() {
    let of = figures(Biases::None);
    let (whole, left) = (of.alone.1 - of.all.1, of.tracklets.1 - of.all.1);
    assert!(left < 0.25 * whole, "stated: {left} of {whole} m are missing");
    assert!(of.tracklets.0 < of.alone.0, "{} {}", of.tracklets.0, of.alone.0);
    assert!(of.tracklets.2 < NEES_MAX, "NEES {}", of.tracklets.2);
    // What is in the plots already changes nothing.
    assert!(
        (of.twice.0 / of.all.0 - 1.0).abs() < 0.01,
        "{} {}",
        of.twice.0,
        of.all.0
    );
    assert!(
        (of.twice.1 / of.all.1 - 1.0).abs() < 0.01,
        "{} {}",
        of.twice.1,
        of.all.1
    );
    assert!(of.estimates.0 < 1.05 * of.alone.0 && of.estimates.2 < NEES_MAX);
}

/// Where constant errors are larger than what a tracklet's plots scatter, there is no tracklet: each would have the
/// same errors, and they would be taken for noise. Estimates stay consistent.
#[test]
fn constant_errors_make_no_tracklets() {
    let of = figures(Biases::Some);
    assert_eq!(of.told, 0);
    assert!(of.estimates.0 < 1.05 * of.alone.0, "{} {}", of.estimates.0, of.alone.0);
    assert!(of.estimates.2 < NEES_MAX, "NEES {}", of.estimates.2);
}

/// Any order, and a report twice: the same rows; a report that is late is counted, one without a covariance too.
#[test]
fn reports_keep_the_rules_of_plots() {
    let scene = Scene::new(20, Biases::None);
    let (tracklets, _) = scene.reports();
    let own = |plot: &Plot| !Scene::is_of_partner(plot);
    let sorted = scene.rows(own, &tracklets, None);
    let mut timeline = Timeline::new(&scene.sensors, timing(), Options::default());
    for report in tracklets.iter().rev() {
        assert_eq!(timeline.report(report).unwrap(), Fate::Taken);
        assert_eq!(timeline.report(report).unwrap(), Fate::Duplicate);
    }
    let mut bad = tracklets[0].clone();
    bad.belief.covariance = -bad.belief.covariance;
    assert_eq!(timeline.report(&bad).unwrap(), Fate::WithoutSigma);
    for plot in scene.plots.iter().filter(|plot| own(plot)) {
        timeline.add(plot).unwrap();
    }
    let (rows, _) = timeline.finish(&Sequential);
    assert!(rows == sorted, "the order of arrival changes rows");
    assert_eq!(timeline.report(&tracklets[1]).unwrap(), Fate::Late);
    let mut stranger = tracklets[0].clone();
    stranger.source = "nobody".into();
    assert!(timeline.report(&stranger).is_err());
}
