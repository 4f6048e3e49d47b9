//! Flights made up for looking at the report: right in shape, not computed by any model of flight.

use geo::{Geodetic, Time, destination};
use plot::Quantity;
use trilat::output::{
    ApogeeOutput, FitOutput, GroundOutput, IntervalOutput, NoPathOutput, ObjectOutput, PathOutput, PhaseOutput,
    RefusedOutput, RegionOutput, SensorOutput,
};
use trilat::series::{ObjectSeries, Residual, SensorPlace, TrackPoint};

/// What a made-up flight is made of.
#[derive(Clone, Debug)]
pub struct Flight {
    /// Name of the object.
    pub id: String,
    /// Start of the flight.
    pub start: Time,
    /// Where it begins, degrees.
    pub launch_deg: [f64; 2],
    /// Where it goes, clockwise from north.
    pub azimuth_deg: f64,
    /// How far.
    pub range_m: f64,
    /// How high.
    pub apogee_m: f64,
    /// How long.
    pub flight_s: f64,
    /// How long the radars see it.
    pub seen_s: [f64; 2],
    /// Half axes of the 95 % regions of launch and arrival, along and across the track.
    pub halves_m: [[f64; 2]; 2],
    /// Name, owner, latitude and longitude of each radar.
    pub radars: Vec<(String, String, f64, f64)>,
    /// Plots of each radar in a second.
    pub plots_per_s: f64,
    /// Whether it begins and ends on the ground in the time looked at.
    pub meets_ground: bool,
}

/// A small generator of noise: the sum of uniform numbers of a linear congruence.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A sounding rocket of White Sands with two radars.
pub fn white_sands() -> Flight {
    Flight {
        id: "36.353".to_owned(),
        start: time("2021-09-09T17:25:00Z"),
        launch_deg: [32.418, -106.321],
        azimuth_deg: 352.0,
        range_m: 88_000.0,
        apogee_m: 277_300.0,
        flight_s: 520.0,
        seen_s: [1.0, 200.0],
        halves_m: [[420.0, 260.0], [3_900.0, 2_300.0]],
        radars: vec![
            ("wsmr-a".to_owned(), "range-south".to_owned(), 32.358, -106.368),
            ("wsmr-b".to_owned(), "range-north".to_owned(), 33.317, -106.115),
        ],
        plots_per_s: 15.0,
        meets_ground: true,
    }
}

/// A flight over the Sea of Japan, three radars of three owners.
pub fn sea_of_japan() -> Flight {
    Flight {
        id: "object-1".to_owned(),
        start: time("2024-03-18T22:44:10Z"),
        launch_deg: [39.2, 125.7],
        azimuth_deg: 78.0,
        range_m: 820_000.0,
        apogee_m: 212_000.0,
        flight_s: 560.0,
        seen_s: [70.0, 330.0],
        halves_m: [[6_200.0, 2_100.0], [14_000.0, 4_200.0]],
        radars: vec![
            ("east-coast".to_owned(), "owner-a".to_owned(), 37.7, 128.8),
            ("noto".to_owned(), "owner-b".to_owned(), 37.4, 137.2),
            ("ship-3 甲板".to_owned(), "owner-c".to_owned(), 40.6, 133.9),
        ],
        plots_per_s: 0.5,
        meets_ground: true,
    }
}

/// An arc across the dateline near the pole that never meets the ground, with names meant to break a page.
pub fn hostile() -> Flight {
    Flight {
        id: "</title><script>alert(1)</script>".to_owned(),
        start: time("2024-12-31T23:57:00Z"),
        launch_deg: [74.0, 171.0],
        azimuth_deg: 60.0,
        range_m: 2_400_000.0,
        apogee_m: 600_000.0,
        flight_s: 400.0,
        seen_s: [20.0, 350.0],
        halves_m: [[1e3, 1e3], [1e3, 1e3]],
        radars: vec![
            (
                "\"><img src=x onerror=alert(2)>".to_owned(),
                "& <b>owner</b>".to_owned(),
                70.0,
                -170.0,
            ),
            (
                "'/*]]>*/ ${jndi}".to_owned(),
                "<svg/onload=alert(3)>".to_owned(),
                78.0,
                165.0,
            ),
        ],
        plots_per_s: 1.0,
        meets_ground: false,
    }
}

fn time(text: &str) -> Time {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

impl Flight {
    fn at(&self, after_s: f64) -> Geodetic {
        let [lat_deg, lon_deg] = self.launch_deg;
        let share = after_s / self.flight_s;
        let mut place = destination(
            Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
            self.azimuth_deg,
            self.range_m * share,
        );
        let from_top = 2.0 * share - 1.0;
        let arch = self.apogee_m * (1.0 - from_top * from_top);
        place.height_m = if self.meets_ground {
            1_200.0 + arch
        } else {
            400e3 + 0.2 * arch
        };
        place
    }

    fn sigma_m(&self, after_s: f64) -> [f64; 3] {
        let outside_s = (self.seen_s[0] - after_s).max(after_s - self.seen_s[1]).max(0.0);
        let share = outside_s / self.flight_s;
        let [along, across] = self.halves_m[usize::from(after_s > self.seen_s[1])];
        let grow = |half: f64, base: f64| base + half / 2.0 * share * 1.6;
        [grow(across, 12.0), grow(along, 14.0), grow(along * 0.7, 18.0)]
    }

    fn track(&self) -> Vec<TrackPoint> {
        (0..=self.flight_s as i64)
            .map(|second| {
                let after_s = second as f64;
                let (place, [east_sigma_m, north_sigma_m, up_sigma_m]) = (self.at(after_s), self.sigma_m(after_s));
                TrackPoint {
                    time: self.start + after_s,
                    lat_deg: place.lat_deg(),
                    lon_deg: place.lon_deg(),
                    height_m: place.height_m,
                    east_sigma_m,
                    north_sigma_m,
                    up_sigma_m,
                }
            })
            .collect()
    }

    fn residuals(&self, noise: &mut Noise) -> Vec<Residual> {
        let count = ((self.seen_s[1] - self.seen_s[0]) * self.plots_per_s) as i64;
        let mut out = Vec::new();
        for sensor in 0..self.radars.len() {
            for i in 0..count {
                let after_s = self.seen_s[0] + i as f64 / self.plots_per_s;
                // One radar is silent for a while, as the real ones were.
                if sensor == 1 && (after_s - self.seen_s[0]) < (self.seen_s[1] - self.seen_s[0]) * 0.3 {
                    continue;
                }
                let used = noise.uniform() > 0.01;
                for (quantity, bias, sigma) in biases(sensor) {
                    let stray = if used { noise.normal() } else { 14.0 * noise.normal() };
                    let time = self.start + after_s;
                    out.push(Residual {
                        time,
                        sensor,
                        quantity,
                        value: bias + sigma * stray,
                        sigma,
                        used,
                    });
                }
            }
        }
        out
    }

    fn ground(&self, after_s: f64, halves_m: [f64; 2], sigma_s: f64) -> GroundOutput {
        let centre = self.at(after_s);
        let ring = |probability: f64, factor: f64| {
            let polygon = (0..=48)
                .map(|i| {
                    let (sin, cos) = geo::math::sin_cos(f64::from(i) * std::f64::consts::TAU / 48.0);
                    let (along_m, across_m) = (halves_m[0] * cos * factor, halves_m[1] * sin * factor);
                    let turn_deg = geo::math::atan2(across_m, along_m) / geo::angle::RAD_PER_DEG;
                    let place = destination(centre, self.azimuth_deg + turn_deg, geo::math::hypot(along_m, across_m));
                    [place.lon_deg(), place.lat_deg()]
                })
                .collect();
            RegionOutput { probability, polygon }
        };
        let at = self.start + after_s;
        let interval = |sigmas: f64| IntervalOutput {
            from: (at + -sigmas * sigma_s).to_string(),
            to: (at + sigmas * sigma_s).to_string(),
        };
        GroundOutput {
            time: at.to_string(),
            time_sigma_s: sigma_s,
            lat_deg: centre.lat_deg(),
            lon_deg: centre.lon_deg(),
            region: ring(0.95, 1.0),
            region_50: ring(0.5, 0.481),
            interval: interval(1.96),
            interval_50: interval(0.674),
        }
    }

    fn apogee(&self) -> ApogeeOutput {
        let (at_s, top) = (self.flight_s / 2.0, self.at(self.flight_s / 2.0));
        ApogeeOutput {
            time: (self.start + at_s).to_string(),
            time_sigma_s: 0.21,
            height_m: top.height_m,
            height_sigma_m: self.sigma_m(at_s)[2],
            lat_deg: top.lat_deg(),
            lon_deg: top.lon_deg(),
        }
    }

    fn phases(&self) -> Vec<PhaseOutput> {
        let cuts_s = [0.0, self.flight_s * 0.11, self.flight_s * 0.88, self.flight_s];
        ["boost", "coast", "re-entry"]
            .iter()
            .zip(cuts_s.windows(2))
            .map(|(&phase, cut)| PhaseOutput {
                phase: phase.to_owned(),
                from: (self.start + cut[0]).to_string(),
                to: (self.start + cut[1]).to_string(),
            })
            .collect()
    }
}

fn biases(sensor: usize) -> [(Quantity, f64, f64); 3] {
    let side = if sensor.is_multiple_of(2) { 1.0 } else { -1.0 };
    [
        (Quantity::Range, 42.0 * side, 10.0),
        (Quantity::Azimuth, -0.011 * side, 0.012),
        (Quantity::Elevation, 0.024 * side, 0.012),
    ]
}

fn sensor_output(radar: &(String, String, f64, f64), index: usize, residuals: &[Residual]) -> SensorOutput {
    let own: Vec<_> = residuals
        .iter()
        .filter(|r| r.sensor == index && r.quantity == Quantity::Range)
        .collect();
    let [range, azimuth, elevation] = biases(index);
    SensorOutput {
        name: radar.0.clone(),
        owner: radar.1.clone(),
        plots: own.len(),
        rejected: own.iter().filter(|r| !r.used).count(),
        range_bias_m: Some(range.1),
        range_bias_sigma_m: Some(4.2),
        azimuth_bias_deg: Some(azimuth.1),
        azimuth_bias_sigma_deg: Some(0.0021),
        elevation_bias_deg: Some(elevation.1),
        elevation_bias_sigma_deg: Some(0.0034),
        time_bias_s: Some(0.013),
        time_bias_sigma_s: Some(0.006),
        range_rms_m: Some(10.1),
        azimuth_rms_deg: Some(0.0119),
        elevation_rms_deg: Some(0.0122),
        ..SensorOutput::default()
    }
}

/// One page's worth of made-up flights.
#[derive(Clone, Debug)]
pub struct Sample {
    pub output: PathOutput,
    pub series: Vec<ObjectSeries>,
    pub sensors: Vec<SensorPlace>,
}

/// Makes the structs of some flights as if a fit had found them.
pub fn sample(flights: &[Flight]) -> Sample {
    let mut sample = Sample {
        output: PathOutput::default(),
        series: Vec::new(),
        sensors: Vec::new(),
    };
    for (i, flight) in flights.iter().enumerate() {
        let residuals = flight.residuals(&mut Noise(7 + i as u64));
        let sensors: Vec<_> = flight
            .radars
            .iter()
            .enumerate()
            .map(|(j, radar)| sensor_output(radar, j, &residuals))
            .collect();
        let state = flight.at(flight.seen_s[1]).to_ecef().to_array();
        let mut covariance = [[0.0; 6]; 6];
        for (axis, row) in covariance.iter_mut().enumerate() {
            row[axis] = if axis < 3 { 400.0 } else { 0.09 };
        }
        let ends = [(0.0, 0.6), (flight.flight_s, 4.1)];
        let [launch, arrival] = [0, 1].map(|end| {
            flight
                .meets_ground
                .then(|| flight.ground(ends[end].0, flight.halves_m[end], ends[end].1))
        });
        sample.output.objects.push(ObjectOutput {
            id: flight.id.clone(),
            epoch: (flight.start + flight.seen_s[1]).to_string(),
            position_m: state,
            velocity_mps: [-120.4, 312.9, 1480.25],
            covariance,
            frame: "ECEF".to_owned(),
            phases: if flight.meets_ground {
                flight.phases()
            } else {
                Vec::new()
            },
            apogee: flight.meets_ground.then(|| flight.apogee()),
            launch,
            arrival,
            warnings: vec![format!(
                "{} and {} disagree by 77 m in range.",
                flight.radars[0].0, flight.radars[1].0
            )],
            fit: FitOutput {
                iterations: 9,
                plots: sensors.iter().map(|s| s.plots).sum(),
                rejected: sensors.iter().map(|s| s.rejected).sum(),
                drag_m2pkg: Some(0.000_42),
                drag_sigma_m2pkg: Some(0.000_11),
                ..FitOutput::default()
            },
            sensors,
        });
        let track = flight.track();
        let seen = residuals.iter().map(|r| (r.time, r.sensor)).collect();
        sample.series.push(ObjectSeries { track, residuals, seen });
        sample
            .sensors
            .extend(flight.radars.iter().map(|(name, _, lat_deg, lon_deg)| SensorPlace {
                name: name.clone(),
                lat_deg: *lat_deg,
                lon_deg: *lon_deg,
            }));
    }
    sample
}

/// Adds what a hostile file could bring into the lists of refused plots and of objects without a path.
pub fn add_hostile_lists(sample: &mut Sample) {
    sample.output.no_path = vec![NoPathOutput {
        id: "<script>alert(4)</script>".to_owned(),
        plots: 1,
        reason: "one plot alone <b>cannot</b> say where an object goes".to_owned(),
    }];
    sample.output.refused = RefusedOutput {
        count: 1_204,
        first: vec!["plots.csv:3: azimuth_deg is \"<script>alert(5)</script>\", expected degrees".to_owned()],
    };
}
