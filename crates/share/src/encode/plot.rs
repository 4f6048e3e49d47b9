//! A plot, as a message and back.

use geo::{Time, Velocity};
use plot::{Field, Measurement, Plot, Polar, PositionFix};
use wire::messages;

use super::{ItemError, check, name};

/// The plot as a message.
pub fn to_wire(plot: &Plot) -> messages::Plot {
    let measurement = match &plot.measurement {
        Measurement::Polar(polar) => messages::Measurement::Polar(messages::Polar {
            range_m: polar.range_m,
            azimuth_rad: polar.azimuth_rad,
            elevation_rad: polar.elevation_rad,
            range_rate_mps: polar.range_rate_mps,
            pressure_altitude_m: polar.pressure_altitude_m,
        }),
        Measurement::Position(fix) => messages::Measurement::Position(messages::Position {
            place: Some(check::place_to(&fix.geodetic)),
            velocity: fix.velocity.map(|velocity| {
                let [east_mps, north_mps, up_mps] = velocity.to_array();
                messages::Velocity {
                    east_mps,
                    north_mps,
                    up_mps,
                }
            }),
        }),
    };
    messages::Plot {
        time_tai_ns: plot.time.tai_ns(),
        sensor: plot.sensor.to_string(),
        measurement: Some(measurement),
        sigmas: check::sigmas_to(&plot.sigmas),
        snr_db: plot.snr_db,
        target: plot.target.as_deref().map(str::to_owned),
    }
}

/// The plot of a message. Errors: [`ItemError`].
pub fn of_wire(plot: messages::Plot) -> Result<Plot, ItemError> {
    let measurement = plot.measurement.ok_or(ItemError::Missing { field: "measurement" })?;
    Ok(Plot {
        time: Time::from_tai_ns(plot.time_tai_ns),
        sensor: name("sensor", plot.sensor)?,
        measurement: match measurement {
            messages::Measurement::Polar(polar) => Measurement::Polar(polar_of(&polar)?),
            messages::Measurement::Position(position) => Measurement::Position(position_of(&position)?),
        },
        sigmas: check::sigmas(plot.sigmas)?,
        snr_db: check::optional(Field::SnrDb, plot.snr_db)?,
        target: plot.target.map(|target| name("target", target)).transpose()?,
        truth: None,
    })
}

/// A line of sight. Errors: [`ItemError`].
fn polar_of(polar: &messages::Polar) -> Result<Polar, ItemError> {
    let polar = Polar {
        range_m: check::optional(Field::RangeM, polar.range_m)?,
        azimuth_rad: check::optional_azimuth(Field::AzimuthDeg, polar.azimuth_rad)?,
        elevation_rad: check::optional_angle(Field::ElevationDeg, polar.elevation_rad)?,
        range_rate_mps: check::optional(Field::RangeRateMps, polar.range_rate_mps)?,
        pressure_altitude_m: check::optional(Field::PressureAltitudeM, polar.pressure_altitude_m)?,
    };
    if polar.is_empty() {
        return Err(ItemError::Missing { field: "polar" });
    }
    Ok(polar)
}

/// A stated position. Errors: [`ItemError`].
fn position_of(position: &messages::Position) -> Result<PositionFix, ItemError> {
    let velocity = position.velocity.map(|velocity| {
        let messages::Velocity {
            east_mps,
            north_mps,
            up_mps,
        } = velocity;
        Field::EastMps.check(east_mps)?;
        Field::NorthMps.check(north_mps)?;
        Field::UpMps.check(up_mps)?;
        Ok::<_, ItemError>(Velocity::new(east_mps, north_mps, up_mps))
    });
    Ok(PositionFix {
        geodetic: check::place(position.place)?,
        velocity: velocity.transpose()?,
    })
}
