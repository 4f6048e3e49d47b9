//! The result as text for a person at a terminal.

use std::fmt::{self, Write};

use geo::Time;

use super::{GroundOutput, ObjectOutput, PathOutput, SensorOutput};
use crate::words::{self, SIGMAS_95, count, plural};

/// Returns the summary: a block for each object, uncertainties as 95 % half widths.
pub fn to_text(output: &PathOutput) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _infallible = write_all(&mut text, output);
    text
}

fn write_all(out: &mut String, output: &PathOutput) -> fmt::Result {
    for object in &output.objects {
        write_object(out, object)?;
    }
    for object in &output.no_path {
        let plots = plural(object.plots, "plot", "plots");
        writeln!(out, "{}  ({} {plots})", object.id, count(object.plots))?;
        writeln!(out, "  no path       {}\n", object.reason)?;
    }
    Ok(())
}

fn write_object(out: &mut String, object: &ObjectOutput) -> fmt::Result {
    writeln!(
        out,
        "{}  ({} {}, {} rejected)",
        object.id,
        count(object.fit.plots),
        plural(object.fit.plots, "plot", "plots"),
        count(object.fit.rejected)
    )?;
    match &object.launch {
        Some(launch) => write_ground(out, "launch", launch)?,
        None => writeln!(out, "  launch        not on this path")?,
    }
    match &object.apogee {
        Some(apogee) => {
            writeln!(
                out,
                "  apogee        {}  ± {} s   height {} (95 %)",
                moment(&apogee.time),
                seconds(apogee.time_sigma_s),
                words::length_pm(apogee.height_m, apogee.height_sigma_m)
            )?;
            writeln!(out, "                {}", words::place(apogee.lat_deg, apogee.lon_deg))?;
        }
        None => writeln!(out, "  apogee        none in this span")?,
    }
    match &object.arrival {
        Some(arrival) => write_ground(out, "arrival", arrival)?,
        None => writeln!(out, "  arrival       the path does not come to the ground")?,
    }
    for phase in &object.phases {
        writeln!(
            out,
            "  {:<12}  {} to {}",
            phase.phase,
            moment(&phase.from),
            moment(&phase.to)
        )?;
    }
    for sensor in &object.sensors {
        write_sensor(out, sensor)?;
    }
    for warning in &object.warnings {
        writeln!(out, "  mind          {warning}")?;
    }
    writeln!(out)
}

fn write_ground(out: &mut String, what: &str, ground: &GroundOutput) -> fmt::Result {
    writeln!(
        out,
        "  {what:<12}  {}  ± {} s   {}",
        moment(&ground.time),
        seconds(ground.time_sigma_s),
        words::place(ground.lat_deg, ground.lon_deg)
    )?;
    let (long_m, wide_m) = words::extent_m(&ground.region);
    let (half_long_m, half_wide_m) = words::extent_m(&ground.region_50);
    writeln!(
        out,
        "                in {} × {} (95 %), {} × {} (50 %)",
        words::length(long_m),
        words::length(wide_m),
        words::length(half_long_m),
        words::length(half_wide_m)
    )
}

fn write_sensor(out: &mut String, sensor: &SensorOutput) -> fmt::Result {
    writeln!(
        out,
        "  sensor        {} of {}: {} {}, {} rejected",
        sensor.name,
        sensor.owner,
        count(sensor.plots),
        plural(sensor.plots, "plot", "plots"),
        count(sensor.rejected)
    )?;
    for row in sensor.rows() {
        let bias = match (row.bias, row.bias_sigma) {
            (Some(bias), Some(sigma)) => {
                format!("{} (95 %)", words::plus_minus(bias, sigma, row.unit, row.decimals_max))
            }
            _ => "not estimated".to_owned(),
        };
        let rms = row.rms.map_or_else(String::new, |rms| {
            let decimals = words::decimals_for(rms, row.decimals_max);
            format!("rms {} {}", words::number(rms, decimals), row.unit)
        });
        let line = format!("                {:<10}  bias {bias:<28}  {rms}", row.name);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Date and time of day to a tenth of a second, UTC; the text itself if it is no time.
fn moment(text: &str) -> String {
    text.parse::<Time>().map_or_else(
        |_| text.to_owned(),
        |time| format!("{:.1}", time + 0.05).replacen('T', " ", 1),
    )
}

fn seconds(sigma_s: f64) -> String {
    let half_s = SIGMAS_95 * sigma_s;
    words::number(half_s, words::decimals_for(half_s, 2))
}
