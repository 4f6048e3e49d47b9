//! The real flight of two range radars: what the fit says from early plots, against what later plots show.

use std::fs::File;
use std::io::BufReader;

use estimate::belief::{Gaussian, chi_square_quantile};
use estimate::path::{Apogee, FlightPath, GroundPoint, PathOptions, PlotResidual, fit_paths};
use geo::{Ecef, Geodetic, Position, Site, Time};
use nalgebra::{Matrix3, Vector2, Vector3};
use plot::{Measurement, Plot, Sensors};
use wire::{Format, read_plots, read_sensors};

const SETS: [&[&str]; 3] = [&["wsmr-a"], &["wsmr-b"], &["wsmr-a", "wsmr-b"]];
/// The number of standard deviations that hold 95 %.
const SIGMAS_95: f64 = 1.959_964;

struct Recording {
    plots: Vec<Plot>,
    sensors: Sensors,
    /// The range's own positions: time, sensor, place.
    solutions: Vec<(Time, String, Position<Ecef>)>,
}

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

fn load() -> Option<Recording> {
    let file = |name: &str| File::open(validation::data(&format!("radar-flight/{name}"))?).ok();
    let plots = read_plots(Format::Csv, BufReader::new(file("plots.csv")?), "plots.csv").expect("plots");
    let sensors = read_sensors(file("sensors.toml")?, "sensors.toml").expect("sensors");
    let text = std::fs::read_to_string(validation::data("radar-flight/reference.csv")?).expect("reference");
    let solutions = text.lines().skip(1).map(|line| {
        let of: Vec<&str> = line.split(',').collect();
        let number = |i: usize| of[i].parse::<f64>().expect("a number");
        let place = Geodetic::from_degrees(number(2), number(3), number(4));
        (time(of[0]), of[1].to_owned(), place.to_ecef())
    });
    let solutions = solutions.collect();
    Some(Recording {
        plots: plots.plots,
        sensors,
        solutions,
    })
}

impl Recording {
    fn fit(&self, names: &[&str], until: &str) -> FlightPath {
        let until = time(until);
        let is_in = |plot: &&Plot| plot.time <= until && names.contains(&plot.sensor.as_ref());
        let plots: Vec<Plot> = self.plots.iter().filter(is_in).cloned().collect();
        let mut objects = fit_paths(&plots, &self.sensors, &PathOptions::default());
        assert_eq!(
            objects.paths.len(),
            1,
            "{names:?} until {until}: {:?}",
            objects.no_paths
        );
        objects.paths.remove(0)
    }

    /// The fit of all plots of both radars: what later plots show.
    fn whole(&self) -> FlightPath {
        self.fit(SETS[2], "2021-09-09T17:28:20Z")
    }

    /// Where one radar alone sees the object at a time: the range's own solution of wsmr-a, the plots of wsmr-b
    /// (whose solutions are above mean sea level), on the straight line between neighbours.
    fn seen(&self, name: &str, at: Time) -> Option<Position<Ecef>> {
        let site = &self.sensors.as_slice()[self.sensors.index_of(name).ok()?].site;
        let track: Vec<(Time, Position<Ecef>)> = if name == "wsmr-a" {
            let own = self.solutions.iter().filter(|(_, sensor, _)| sensor == name);
            own.map(|(t, _, place)| (*t, *place)).collect()
        } else {
            let own = self.plots.iter().filter(|plot| plot.sensor.as_ref() == name);
            own.filter_map(|plot| Some((plot.time, position(plot, site)?)))
                .collect()
        };
        let after = track.partition_point(|(t, _)| *t < at);
        let ((t0, a), (t1, b)) = (*track.get(after.checked_sub(1)?)?, *track.get(after)?);
        let share = (at - t0) / (t1 - t0);
        (t1 - t0 < 1.5).then(|| Position::from_vector(a.vector() + (b - a) * share))
    }
}

fn position(plot: &Plot, site: &Site) -> Option<Position<Ecef>> {
    let Measurement::Polar(polar) = &plot.measurement else {
        return None;
    };
    Some(site.from_aer(geo::Aer {
        azimuth_rad: polar.azimuth_rad?,
        elevation_rad: polar.elevation_rad?,
        range_m: polar.range_m?,
    }))
}

/// Covariance (3×3, ECEF) of what one radar may be wrong by at a place: the noise of sensors.toml with the constant
/// error (3 times it) and the drift (twice) that the fit takes for possible.
fn radar_covariance(site: &Site, place: Position<Ecef>) -> Matrix3<f64> {
    const SIGMA_M: f64 = 10.0;
    let sigma_rad = 0.012_f64.to_radians();
    let aer = site.to_aer(place);
    let (sin_az, cos_az) = geo::math::sin_cos(aer.azimuth_rad);
    let (sin_el, cos_el) = geo::math::sin_cos(aer.elevation_rad);
    let along = Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el) * SIGMA_M;
    let right = Vector3::new(cos_az, -sin_az, 0.0) * (aer.range_m * cos_el * sigma_rad);
    let above = Vector3::new(-sin_el * sin_az, -sin_el * cos_az, cos_el) * (aer.range_m * sigma_rad);
    let axes = site.enu_from_ecef();
    let enu = [along, right, above]
        .iter()
        .map(|v| v * v.transpose())
        .sum::<Matrix3<f64>>();
    axes.transpose() * enu * axes * (1.0 + 9.0 + 4.0)
}

/// How far a position is from the path, m, and in sigmas (root of Mahalanobis) of the path's own covariance and more.
fn miss(path: &FlightPath, at: Time, place: Position<Ecef>, more: &Matrix3<f64>) -> (f64, f64) {
    let (state, covariance) = path.state_at(at).expect("the time is on the path");
    let off: Vector3<f64> = place - state.position;
    let block: Matrix3<f64> = covariance.fixed_view::<3, 3>(0, 0).into();
    let squared = Gaussian::new(Vector3::zeros(), block + more).mahalanobis_squared(&off);
    (off.norm(), squared.expect("positive-definite").sqrt())
}

fn apogee(path: &FlightPath) -> Apogee {
    path.apogee.expect("an apogee")
}

fn ground_miss(point: &GroundPoint, place: Geodetic) -> (f64, f64) {
    let enu = Site::new(point.place).to_enu(
        Geodetic {
            height_m: point.place.height_m,
            ..place
        }
        .to_ecef(),
    );
    let off = Vector2::new(enu.vector().x, enu.vector().y);
    let squared = Gaussian::new(Vector2::zeros(), point.covariance_m2).mahalanobis_squared(&off);
    (off.norm(), squared.expect("positive-definite").sqrt())
}

#[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Checks the apogee, the arrival and the place of a path against what the whole recording shows.
fn check_future(recording: &Recording, whole: &FlightPath, names: &[&str], until: &str, apogee_max_m: f64) {
    let path = recording.fit(names, until);
    let (ours, theirs) = (apogee(&path), apogee(whole));
    let height_m = ours.place.height_m - theirs.place.height_m;
    let after_s = ours.time - theirs.time;
    let (ours_arrival, theirs_arrival) = (
        path.arrival.as_ref().expect("arrival"),
        whole.arrival.as_ref().expect("arrival"),
    );
    let (arrival_m, arrival_sigmas) = ground_miss(ours_arrival, theirs_arrival.place);
    let arrival_s = ours_arrival.time - theirs_arrival.time;
    say(&format!(
        "| {} | {until} | {height_m:+.0} ± {:.0} | {after_s:+.2} ± {:.2} | {arrival_m:.0} ({arrival_sigmas:.2}) | {arrival_s:+.2} ± {:.2} |",
        names.join(" + "),
        ours.height_sigma_m,
        ours.time_sigma_s,
        ours_arrival.time_sigma_s
    ));
    assert!(
        height_m.abs() < apogee_max_m && after_s.abs() < 1.0,
        "{names:?} {until}"
    );
    assert!(height_m.abs() < SIGMAS_95 * ours.height_sigma_m, "{names:?} {until}");
    assert!(after_s.abs() < SIGMAS_95 * ours.time_sigma_s, "{names:?} {until}");
    assert!(
        arrival_sigmas.powi(2) < chi_square_quantile(0.95, 2.0),
        "{names:?} {until}"
    );
    assert!(
        arrival_s.abs() < SIGMAS_95 * ours_arrival.time_sigma_s,
        "{names:?} {until}"
    );
}

#[test]
fn early_plots_tell_apogee_and_arrival() {
    let Some(recording) = load() else { return };
    let whole = recording.whole();
    let top = apogee(&whole);
    say(&format!(
        "whole file: apogee {:.0} ± {:.0} m at {} ± {:.2} s",
        top.place.height_m, top.height_sigma_m, top.time, top.time_sigma_s
    ));
    say("| radars | plots until | apogee height, m | apogee time, s | arrival, m (sigmas) | arrival, s |");
    for names in SETS {
        check_future(&recording, &whole, names, "2021-09-09T17:26:40Z", 300.0);
    }
    for names in SETS {
        check_future(&recording, &whole, names, "2021-09-09T17:28:20Z", 100.0);
    }
}

/// Distances and sigmas of a path from what one radar sees in each second of the 99 after 17:26:40. Left out are the
/// seconds in which the antenna wandered off: the fit of the whole file rejects that plot.
fn misses(recording: &Recording, whole: &FlightPath, path: &FlightPath, seen_by: &str) -> Vec<(f64, f64)> {
    let index = recording.sensors.index_of(seen_by).expect("a sensor");
    let site = &recording.sensors.as_slice()[index].site;
    let of = |second: u32| {
        let at = time("2021-09-09T17:26:40Z") + f64::from(second);
        let is_wild = |r: &PlotResidual| r.sensor == index && !r.is_used && (r.time - at).abs() < 0.06;
        if whole.residuals.iter().any(is_wild) {
            return None;
        }
        let place = recording.seen(seen_by, at)?;
        let more = if seen_by == "wsmr-a" {
            Matrix3::zeros()
        } else {
            radar_covariance(site, place)
        };
        Some(miss(path, at, place, &more))
    };
    (1..=99).filter_map(of).collect()
}

#[test]
fn what_comes_lies_within_the_stated_covariance() {
    let Some(recording) = load() else { return };
    let whole = recording.whole();
    let gate = chi_square_quantile(0.95, 3.0).sqrt();
    say("| fit of | seen by | last second, m (sigmas) | least, median, largest sigmas | seconds | within 95 % |");
    for names in SETS {
        let path = recording.fit(names, "2021-09-09T17:26:40Z");
        for seen_by in SETS[2] {
            let misses = misses(&recording, &whole, &path, seen_by);
            assert!(misses.len() > 70, "{} seconds of {seen_by}", misses.len());
            let (last_m, last_sigmas) = misses[misses.len() - 1];
            let mut sigmas: Vec<f64> = misses.iter().map(|m| m.1).collect();
            sigmas.sort_by(f64::total_cmp);
            let within = sigmas.iter().filter(|s| **s < gate).count() as f64 / sigmas.len() as f64;
            let (least, largest) = (sigmas[0], sigmas[sigmas.len() - 1]);
            say(&format!(
                "| {} | {seen_by} | {last_m:.0} ({last_sigmas:.2}) | {least:.2}, {:.2}, {largest:.2} | {} | {:.0} % |",
                names.join(" + "),
                sigmas[sigmas.len() / 2],
                sigmas.len(),
                100.0 * within
            ));
            assert!(
                largest > 0.2,
                "{names:?} against {seen_by}: never off by more than {largest} sigmas"
            );
            assert!(
                within >= 0.95,
                "{names:?} against {seen_by}: {within}, up to {largest} sigmas"
            );
            if *seen_by == "wsmr-a" {
                assert!(last_m < 300.0, "{names:?}: {last_m} m");
            }
        }
    }
}

#[test]
fn the_launch_is_on_the_pad() {
    let Some(recording) = load() else { return };
    let pad = Geodetic::from_ecef(recording.solutions[0].2);
    say("| radars | plots until | launch, m (sigmas; largest sigma, m) | launch, s |");
    for (names, until) in SETS
        .into_iter()
        .flat_map(|names| ["2021-09-09T17:26:40Z", "2021-09-09T17:28:20Z"].map(|until| (names, until)))
    {
        let path = recording.fit(names, until);
        let launch = path.launch.as_ref().expect("a launch");
        let (off_m, sigmas) = ground_miss(launch, pad);
        let after_s = launch.time - time("2021-09-09T17:25:00Z");
        let largest_m = launch.covariance_m2.symmetric_eigenvalues().max().sqrt();
        say(&format!(
            "| {} | {until} | {off_m:.0} ({sigmas:.2}; {largest_m:.0}) | {after_s:+.2} ± {:.2} |",
            names.join(" + "),
            launch.time_sigma_s
        ));
        assert!(
            after_s.abs() < SIGMAS_95 * launch.time_sigma_s,
            "{names:?} {until}: {after_s} s"
        );
        let outside = sigmas > chi_square_quantile(0.95, 2.0).sqrt();
        assert!(
            !outside || off_m < 100.0,
            "{names:?} {until}: {off_m} m, {sigmas} sigmas"
        );
    }
}
