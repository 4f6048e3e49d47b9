//! What a fitted path states of a flight, and whether the truth is in it.

use estimate::belief::{Gaussian, chi_square_quantile};
use estimate::path::{Channel, Ephemeris, FlightPath, GroundPoint, PathOptions, fit_paths};
use geo::{Ecef, Geodetic, Position, Site, State, Time};
use nalgebra::{SMatrix, SVector, Vector3};

use crate::scene::Scene;

/// The probabilities at which statements are judged.
pub const LEVELS: [f64; 2] = [0.5, 0.95];

/// One statement of one run, judged at each of [`LEVELS`].
pub struct Judged {
    pub statement: &'static str,
    pub contains: [bool; 2],
    /// How large it is at each level: half an interval, or the radius of a ball or disc as large.
    pub size: [f64; 2],
}

/// What became of one run.
pub struct Outcome {
    pub seed: u64,
    pub judged: Vec<Judged>,
    /// Why there is no path.
    pub no_path: Option<String>,
    /// What was drawn, for whoever looks at a miss.
    pub about: String,
}

/// Draws a scene, fits it and judges all that the path states.
pub fn run(seed: u64) -> Outcome {
    let scene = Scene::draw(seed);
    let rocket = &scene.rocket;
    let kinds: Vec<String> = scene
        .radars
        .iter()
        .map(|radar| {
            let count = scene.plots.iter().filter(|p| p.sensor == radar.sensor.name).count();
            format!("{count}{}", if radar.is_whole() { "" } else { " ranges" })
        })
        .collect();
    let about = format!(
        "{:?} {:.0} km, apogee {:.0} km, drag {:.1e}, burnout {:.0} s, plots {} until {:.0} s of {:.0} s",
        rocket.shape,
        rocket.distance_m / 1e3,
        rocket.apogee.1.height_m / 1e3,
        rocket.drag_m2pkg,
        rocket.burnout - rocket.launch_time,
        kinds.join(" + "),
        scene.until - rocket.launch_time,
        rocket.arrival.0 - rocket.launch_time
    );
    let objects = fit_paths(&scene.plots, &scene.sensors, &PathOptions::default());
    let longest = objects.paths.iter().max_by_key(|path| path.residuals.len());
    Outcome {
        seed,
        judged: longest.map_or(Vec::new(), |path| judge(&scene, path)),
        no_path: match longest {
            Some(_) => None,
            None => Some(objects.no_paths.iter().map(|(_, _, why)| why.to_string()).collect()),
        },
        about,
    }
}

fn judge(scene: &Scene, path: &FlightPath) -> Vec<Judged> {
    let rocket = &scene.rocket;
    let mut judged = Vec::new();
    if let (Some(truth), Some(said)) = (rocket.state(path.epoch), path.at(path.epoch)) {
        judged.extend(whole_state(path, &truth));
        judged.extend(position("position at epoch", &said, truth.position));
        judged.extend(axes(&said, truth.position));
    }
    let left_s = rocket.arrival.0 - path.epoch;
    let ahead = [
        ("position 60 s later", 60.0),
        ("position half-way to arrival", left_s / 2.0),
        ("position 30 s before arrival", left_s - 30.0),
    ];
    for (statement, after_s) in ahead {
        let is_ahead = after_s > 0.0 && after_s <= left_s;
        let at = path.epoch + after_s;
        if let (true, Some(truth), Some(said)) = (is_ahead, rocket.state(at), path.at(at)) {
            judged.extend(position(statement, &said, truth.position));
        }
    }
    judged.extend(boost(scene, path));
    if let Some(apogee) = path.apogee {
        let (time, place) = rocket.apogee;
        judged.push(interval(
            "apogee height, m",
            apogee.place.height_m - place.height_m,
            apogee.height_sigma_m,
        ));
        judged.push(interval("apogee time, s", apogee.time - time, apogee.time_sigma_s));
    }
    if let Some(arrival) = &path.arrival {
        judged.push(span("arrival time, s", arrival, rocket.arrival.0));
        judged.push(region("arrival region, m", arrival, rocket.arrival.1));
    }
    if let Some(launch) = &path.launch {
        let (time, place) = match path.burnout {
            Some(_) => ("launch time, boost seen, s", "launch region, boost seen, m"),
            None => ("launch time, boost not seen, s", "launch region, boost not seen, m"),
        };
        judged.push(span(time, launch, rocket.launch_time));
        judged.push(region(place, launch, rocket.launch));
    }
    judged.extend(biases(scene, path));
    judged
}

/// Whether an error is within levels of a normal number.
fn interval(statement: &'static str, off: f64, sigma: f64) -> Judged {
    let half = LEVELS.map(|p| sigma * chi_square_quantile(p, 1.0).sqrt());
    Judged {
        statement,
        contains: half.map(|half| off.abs() <= half),
        size: half,
    }
}

/// Whether an error is within the ellipsoid of its covariance; the size is the geometric mean of its half axes.
fn ellipsoid<const N: usize>(
    statement: &'static str,
    off: SVector<f64, N>,
    covariance: SMatrix<f64, N, N>,
) -> Option<Judged> {
    let squared = Gaussian::new(SVector::zeros(), covariance)
        .mahalanobis_squared(&off)
        .unwrap_or(f64::INFINITY);
    let factor = covariance.cholesky()?;
    let mean_ln = factor.l().diagonal().iter().map(|d| geo::math::ln(*d)).sum::<f64>() / N as f64;
    let gates = LEVELS.map(|p| chi_square_quantile(p, N as f64));
    Some(Judged {
        statement,
        contains: gates.map(|gate| squared <= gate),
        size: gates.map(|gate| gate.sqrt() * geo::math::exp(mean_ln)),
    })
}

fn local(said: &Ephemeris, truth: Position<Ecef>) -> Vector3<f64> {
    Site::new(said.place).to_enu(truth).vector()
}

fn position(statement: &'static str, said: &Ephemeris, truth: Position<Ecef>) -> Option<Judged> {
    ellipsoid(statement, local(said, truth), said.covariance_m2)
}

fn whole_state(path: &FlightPath, truth: &State<Ecef>) -> Option<Judged> {
    let off = truth.to_vector() - path.state.to_vector();
    ellipsoid("state (6) at epoch", off, path.covariance)
}

fn axes(said: &Ephemeris, truth: Position<Ecef>) -> [Judged; 3] {
    let off = local(said, truth);
    let names = ["east at epoch, m", "north at epoch, m", "up at epoch, m"];
    std::array::from_fn(|axis| interval(names[axis], off[axis], said.covariance_m2[(axis, axis)].max(0.0).sqrt()))
}

/// The middle of the boost, where it was seen, and its end.
fn boost(scene: &Scene, path: &FlightPath) -> Vec<Judged> {
    let rocket = &scene.rocket;
    let mut judged = Vec::new();
    if let Some((time, sigma_s)) = path.burnout {
        judged.push(interval("burnout time, s", time - rocket.burnout, sigma_s));
        let middle = path.first_plot + (rocket.burnout - path.first_plot) / 2.0;
        if let (Some(truth), Some(said)) = (rocket.state(middle), path.at(middle))
            && middle < rocket.burnout
        {
            judged.extend(position("position in boost", &said, truth.position));
        }
    }
    judged
}

fn span(statement: &'static str, point: &GroundPoint, truth: Time) -> Judged {
    let intervals = LEVELS.map(|p| point.interval(p));
    Judged {
        statement,
        contains: intervals.map(|(from, to)| from <= truth && truth <= to),
        size: intervals.map(|(from, to)| (to - from) / 2.0),
    }
}

/// Whether a place is in the polygons that are drawn; the size is the radius of a disc of that area.
fn region(statement: &'static str, point: &GroundPoint, truth: Geodetic) -> Judged {
    let site = Site::new(point.place);
    let flat = |place: Geodetic| {
        let level = Geodetic {
            height_m: point.place.height_m,
            ..place
        };
        let enu = site.to_enu(level.to_ecef()).vector();
        [enu.x, enu.y]
    };
    let polygons = LEVELS.map(|p| point.region(p).into_iter().map(flat).collect::<Vec<_>>());
    let area_m2 = |polygon: &[[f64; 2]]| {
        let twice: f64 = polygon.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum();
        twice.abs() / 2.0
    };
    Judged {
        statement,
        contains: [0, 1].map(|level| is_inside(&polygons[level], flat(truth))),
        size: [0, 1].map(|level| (area_m2(&polygons[level]) / std::f64::consts::PI).sqrt()),
    }
}

/// Whether a closed polygon contains a point: a ray to the east crosses its sides an odd number of times.
fn is_inside(polygon: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crossings = polygon.windows(2).filter(|w| {
        let ([x0, y0], [x1, y1]) = (w[0], w[1]);
        (y0 > y) != (y1 > y) && x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)
    });
    crossings.count() % 2 == 1
}

/// The constant errors of the radars, in their own sigmas: the size is that of the statement in prior sigmas.
fn biases(scene: &Scene, path: &FlightPath) -> Vec<Judged> {
    let channels = [
        (Channel::Range, "range bias, prior"),
        (Channel::Azimuth, "azimuth bias, prior"),
        (Channel::Elevation, "elevation bias, prior"),
    ];
    let mut judged = Vec::new();
    for fit in &path.sensors {
        let radar = &scene.radars[fit.sensor];
        for (index, (channel, statement)) in channels.into_iter().enumerate() {
            let Some(found) = fit.channel(channel) else { continue };
            let prior = radar.bias_sigmas[index];
            judged.push(interval(
                statement,
                (found.bias - radar.bias[index]) / prior,
                found.bias_sigma / prior,
            ));
        }
    }
    judged
}
