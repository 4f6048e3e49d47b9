//! What `trilat simulate --launch` prints.

use std::fmt::{self, Write};

use geo::{Ecef, Geodetic, State, Time, geodesic};
use serde::Serialize;
use sim::ballistic::{Announced, Figures};

use crate::words;

/// A flight that was found for public figures. Times after launch in seconds; speeds relative to the turning Earth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlightOutput {
    /// That the vehicle is no real one.
    pub notional: bool,
    /// `ballistic`, or `glide` where lift carries it part of the way.
    pub kind: &'static str,
    /// Why it is no ballistic flight, where it is none.
    pub not_ballistic: Option<String>,
    /// Launch.
    pub launch: EventOutput,
    /// End of the last thrust.
    pub burnout: EventOutput,
    /// Greatest height.
    pub apogee: EventOutput,
    /// The ground.
    pub arrival: EventOutput,
    /// From launch to arrival.
    pub flight_time_s: f64,
    /// Length of the geodesic from launch to arrival.
    pub range_km: f64,
    /// Greatest height.
    pub apogee_km: f64,
    /// Direction of the geodesic at the launch.
    pub bearing_deg: f64,
    /// Burn time of each stage in turn.
    pub burns_s: Vec<f64>,
    /// By how much the flight is longer than the flight time that was given, where one was.
    pub flight_time_over_s: Option<f64>,
}

/// Something that happens on a flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventOutput {
    /// When.
    pub time: String,
    /// Seconds after launch.
    pub after_s: f64,
    /// Geodetic latitude.
    pub lat_deg: f64,
    /// Longitude, east positive.
    pub lon_deg: f64,
    /// Height above the ellipsoid.
    pub height_m: f64,
    /// Speed relative to the turning Earth.
    pub speed_mps: f64,
    /// Elevation of the velocity above the horizontal.
    pub elevation_deg: f64,
}

impl FlightOutput {
    /// Makes the output of a flight.
    pub fn new(figures: &Figures, found: &Announced) -> Self {
        let flight = &found.flight;
        let not_ballistic = found.not_ballistic.as_ref().map(ToString::to_string);
        let (first, last) = flight.course.span();
        let event = |time: Time| EventOutput::new(first, time, flight.course.state(time));
        let (launch, arrival) = (event(first), event(last));
        let place = |event: &EventOutput| Geodetic::from_degrees(event.lat_deg, event.lon_deg, 0.0);
        let ground = geodesic(place(&launch), place(&arrival));
        let apogee = event(flight.apogee);
        Self {
            notional: true,
            kind: if not_ballistic.is_some() { "glide" } else { "ballistic" },
            not_ballistic,
            burnout: event(flight.burnout.time),
            flight_time_s: last - first,
            range_km: ground.distance_m / 1e3,
            apogee_km: apogee.height_m / 1e3,
            bearing_deg: ground.azimuth_from_deg.rem_euclid(360.0),
            launch,
            apogee,
            arrival,
            burns_s: flight.vehicle.stages.iter().map(|stage| stage.burn_s).collect(),
            flight_time_over_s: figures.flight_time_s.map(|given_s| last - first - given_s),
        }
    }

    /// Returns the JSON text, indented, with a line end. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the summary for a person.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _infallible = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let (range, apogee) = (words::number(self.range_km, 1), words::number(self.apogee_km, 1));
        let bearing = words::number(self.bearing_deg, 1);
        writeln!(
            out,
            "notional {} flight: apogee {apogee} km, {range} km over ground at bearing {bearing}°",
            self.kind
        )?;
        if let Some(why) = &self.not_ballistic {
            writeln!(out, "  glide        {why}; a pull-up and a glide do")?;
        }
        let time = words::number(self.flight_time_s, 0);
        writeln!(out, "  flight time  {time} s ({})", minutes(self.flight_time_s))?;
        for (name, event) in [
            ("launch", &self.launch),
            ("burnout", &self.burnout),
            ("apogee", &self.apogee),
            ("arrival", &self.arrival),
        ] {
            writeln!(
                out,
                "  {name:<11}  {:>7} s   height {:>8} km   speed {:>6} m/s   {}   {}",
                words::number(event.after_s, 1),
                words::number(event.height_m / 1e3, 1),
                words::number(event.speed_mps, 0),
                words::place(event.lat_deg, event.lon_deg),
                event.time
            )?;
        }
        let burns: Vec<_> = self
            .burns_s
            .iter()
            .map(|s| format!("{} s", words::number(*s, 0)))
            .collect();
        writeln!(out, "  burn         {}", burns.join(", then "))?;
        if let Some(over_s) = self.flight_time_over_s.filter(|over_s| over_s.abs() >= 1.0) {
            let way = if over_s > 0.0 { "longer" } else { "shorter" };
            let by = words::number(over_s.abs(), 0);
            writeln!(
                out,
                "  mind         the flight is {by} s {way} than the flight time given: no burn of this kind meets it"
            )?;
        }
        writeln!(
            out,
            "The vehicle is notional: it meets the figures, with burn times and drag of the size public for its kind."
        )
    }
}

/// Minutes and seconds, such as `29 min 5 s`.
fn minutes(span_s: f64) -> String {
    let whole_s = span_s.round();
    format!("{:.0} min {:.0} s", (whole_s / 60.0).floor(), whole_s % 60.0)
}

impl EventOutput {
    fn new(launch: Time, time: Time, state: Option<State<Ecef>>) -> Self {
        // The instants of a flight are within its course.
        let state = state.unwrap_or_else(|| State::from_vector(&nalgebra::Vector6::repeat(f64::NAN)));
        let place = Geodetic::from_ecef(state.position);
        let speed_mps = state.velocity.norm();
        let up_mps = geo::Site::new(place).velocity_to_enu(state.velocity).to_array()[2];
        let elevation_rad = geo::math::asin((up_mps / speed_mps.max(1e-9)).clamp(-1.0, 1.0));
        Self {
            time: format!("{time:.3}"),
            after_s: time - launch,
            lat_deg: place.lat_deg(),
            lon_deg: place.lon_deg(),
            height_m: place.height_m,
            speed_mps,
            elevation_deg: elevation_rad / geo::angle::RAD_PER_DEG,
        }
    }
}
