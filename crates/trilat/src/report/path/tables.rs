//! The tables: figures of the path, and what each sensor contributed.

use geo::Time;
use maud::{Markup, html};

use crate::output::{GroundOutput, ObjectOutput, SensorOutput};
use crate::words::{self, SIGMAS_95, count};

/// One figure: what, value, 95 % half width.
struct Row(&'static str, String, String);

fn instant(text: &str) -> String {
    text.parse::<Time>().map_or_else(
        |_| text.to_owned(),
        |time| format!("{:.1}", time + 0.05).replacen('T', " ", 1).replacen('Z', "", 1),
    )
}

fn seconds(sigma_s: f64) -> String {
    let half_s = SIGMAS_95 * sigma_s;
    format!("± {} s", words::number(half_s, words::decimals_for(half_s, 2)))
}

fn ground_rows(rows: &mut Vec<Row>, ground: &GroundOutput, names: [&'static str; 3]) {
    let extent = |region| {
        let (long_m, wide_m) = words::extent_m(region);
        format!("{} × {}", words::length(long_m), words::length(wide_m))
    };
    rows.push(Row(names[0], instant(&ground.time), seconds(ground.time_sigma_s)));
    rows.push(Row(
        names[1],
        words::place(ground.lat_deg, ground.lon_deg),
        extent(&ground.region),
    ));
    rows.push(Row(names[2], extent(&ground.region_50), String::new()));
}

fn state_rows(rows: &mut Vec<Row>, object: &ObjectOutput) {
    const POSITION: [&str; 3] = ["Position x", "Position y", "Position z"];
    const VELOCITY: [&str; 3] = ["Velocity x", "Velocity y", "Velocity z"];
    let values = object.position_m.iter().chain(&object.velocity_mps);
    for (i, (name, value)) in POSITION.into_iter().chain(VELOCITY).zip(values).enumerate() {
        let (unit, decimals_max) = if i < 3 { ("m", 1) } else { ("m/s", 4) };
        let half = SIGMAS_95 * object.covariance[i][i].sqrt();
        let decimals = words::decimals_for(half, decimals_max);
        rows.push(Row(
            name,
            format!("{} {unit}", words::number(*value, decimals)),
            format!("± {} {unit}", words::number(half, decimals)),
        ));
    }
}

fn rows(object: &ObjectOutput) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(launch) = &object.launch {
        ground_rows(
            &mut rows,
            launch,
            ["Launch, time", "Launch, place", "Launch, 50 % region"],
        );
    }
    if let Some(apogee) = &object.apogee {
        let half_m = SIGMAS_95 * apogee.height_sigma_m;
        let decimals = words::decimals_for(half_m / 1e3, 3);
        rows.push(Row("Apogee, time", instant(&apogee.time), seconds(apogee.time_sigma_s)));
        rows.push(Row(
            "Apogee, height",
            format!("{} km", words::number(apogee.height_m / 1e3, decimals)),
            format!("± {}", words::length(half_m)),
        ));
        rows.push(Row(
            "Apogee, place",
            words::place(apogee.lat_deg, apogee.lon_deg),
            String::new(),
        ));
    }
    if let Some(arrival) = &object.arrival {
        ground_rows(
            &mut rows,
            arrival,
            ["Arrival, time", "Arrival, place", "Arrival, 50 % region"],
        );
    }
    rows.push(Row("State, epoch", instant(&object.epoch), String::new()));
    state_rows(&mut rows, object);
    if let (Some(drag), Some(sigma)) = (object.fit.drag_m2pkg, object.fit.drag_sigma_m2pkg) {
        let decimals = words::decimals_for(SIGMAS_95 * sigma, 7);
        rows.push(Row(
            "Drag, C_D A / m",
            format!("{} m²/kg", words::number(drag, decimals)),
            format!("± {} m²/kg", words::number(SIGMAS_95 * sigma, decimals)),
        ));
    }
    if let (Some(values), Some(sigmas)) = (object.fit.acceleration_mps2, object.fit.acceleration_sigma_mps2) {
        const NAMES: [&str; 3] = [
            "Unknown acceleration, 1",
            "Unknown acceleration, 2",
            "Unknown acceleration, 3",
        ];
        for axis in 0..3 {
            rows.push(Row(
                NAMES[axis],
                format!("{:.2e} m/s²", values[axis]),
                format!("± {:.1e} m/s²", SIGMAS_95 * sigmas[axis]),
            ));
        }
    }
    rows
}

/// Returns the table of the path's figures.
pub fn figures(object: &ObjectOutput) -> Markup {
    html! {
        table {
            caption { "Figures of the path, times in UTC" }
            thead { tr { th scope="col" { "What" } th scope="col" .n { "Value" } th scope="col" .n { "At 95 %" } } }
            tbody {
                @for Row(what, value, half) in rows(object) {
                    tr { th scope="row" { (what) } td.n { (value) } td.n { (half) } }
                }
            }
        }
        p.note {
            "Position and velocity are in the turning frame " (object.frame) " (WGS-84); heights are above the "
            "ellipsoid."
        }
    }
}

fn sensor_rows(sensor: &SensorOutput) -> Markup {
    let rows: Vec<_> = sensor.rows().collect();
    let height = rows.len().max(1);
    html! {
        @if rows.is_empty() {
            tr { (who(sensor, 1)) td { "none" } td {} td {} }
        }
        @for (i, row) in rows.iter().enumerate() {
            tr.first[i == 0] {
                @if i == 0 { (who(sensor, height)) }
                td { (row.name) }
                td.n {
                    @if let (Some(bias), Some(sigma)) = (row.bias, row.bias_sigma) {
                        (words::plus_minus(bias, sigma, row.unit, row.decimals_max))
                    } @else { "not estimated" }
                }
                td.n {
                    @if let Some(rms) = row.rms {
                        (words::number(rms, words::decimals_for(rms, row.decimals_max))) "\u{a0}" (row.unit)
                    } @else { "–" }
                }
            }
        }
    }
}

fn who(sensor: &SensorOutput, height: usize) -> Markup {
    html! {
        th scope="rowgroup" rowspan=(height) {
            (sensor.name)
            small { (sensor.owner) }
            small { (count(sensor.plots)) " plots, " (count(sensor.rejected)) " rejected" }
        }
    }
}

/// Returns the table of the sensors.
pub fn sensors(object: &ObjectOutput) -> Markup {
    html! {
        table {
            caption { "Sensors and their constant errors" }
            thead {
                tr {
                    th scope="col" { "Sensor" }
                    th scope="col" { "Measures" }
                    th scope="col" .n { "Bias ± 95 %" }
                    th scope="col" .n { "Rms" }
                }
            }
            @for sensor in &object.sensors { tbody { (sensor_rows(sensor)) } }
        }
        p.note {
            "Bias: the constant error of a sensor that the fit found, to be subtracted from what it measures. "
            "Rms: how far its plots scatter about the path once the bias is removed."
        }
    }
}
