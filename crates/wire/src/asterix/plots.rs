//! From records to plots: what a record says that one sensor measured, and why some say nothing of the kind.

use std::sync::Arc;

use geo::math::sin_cos;
use geo::{Geodetic, Time, Velocity};
use plot::{Field, Measurement, Plot, Polar, PositionFix, Sigmas};

use super::cat010::{Cat010, SurfaceMessage};
use super::cat021::Cat021;
use super::cat048::{Cat048, Detection, SlantPosition};
use super::cat062::Cat062;
use super::place::{GROUND_SIGMA_M, Height, is_place, on_plane};
use super::source::Station;

/// Why a record is no plot.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NoPlot {
    /// It speaks of the sensor itself, or of the state of a service.
    #[error("it is a message about the sensor")]
    Service,
    /// It has no time of day, a time no day has, or nobody said which day it is.
    #[error("it has no time")]
    NoTime,
    /// It states no position.
    #[error("it has no position")]
    NoPosition,
    /// Its position has no height, and nothing says that it stands on the ground.
    #[error("its position has no height")]
    NoHeight,
    /// Its position is relative to a place that nobody gave.
    #[error("its position is relative to a sensor whose place is not known")]
    NoSite,
    /// Its radar did not see the object in this scan.
    #[error("it is extrapolated, not measured")]
    NotDetected,
    /// A simulator or a test made it.
    #[error("it is simulated or a test")]
    Simulated,
    /// It is of a transponder fixed to the ground.
    #[error("it is of a fixed transponder")]
    FieldMonitor,
    /// A number beyond what can be.
    #[error("a value is beyond its physical limits")]
    Limits,
}

impl NoPlot {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Service,
        Self::NoTime,
        Self::NoPosition,
        Self::NoHeight,
        Self::NoSite,
        Self::NotDetected,
        Self::Simulated,
        Self::FieldMonitor,
        Self::Limits,
    ];
}

/// What stands in a plot beside its measurement.
struct Frame<'a> {
    time: Option<Time>,
    station: &'a Station,
    address: Option<u32>,
}

impl Frame<'_> {
    /// A plot; a Mode S address is the identity claimed: six hexadecimal digits, lower case.
    fn plot(&self, measurement: Measurement, sigmas: Sigmas) -> Result<Plot, NoPlot> {
        Ok(Plot {
            time: self.time.ok_or(NoPlot::NoTime)?,
            sensor: self.station.name.clone(),
            measurement,
            sigmas,
            snr_db: None,
            target: self.address.map(|address| Arc::from(format!("{address:06x}"))),
            truth: None,
        })
    }

    fn line_of_sight(&self, position: SlantPosition, pressure_altitude_m: Option<f64>) -> Result<Plot, NoPlot> {
        let polar = Polar {
            range_m: Some(position.range_m),
            azimuth_rad: Some(position.azimuth_rad),
            pressure_altitude_m: pressure_altitude_m.filter(|m| Field::PressureAltitudeM.check(*m).is_ok()),
            ..Polar::default()
        };
        self.plot(Measurement::Polar(polar), Sigmas::default())
    }

    fn fix(&self, geodetic: Geodetic, velocity: Option<[f64; 3]>, sigmas: Sigmas) -> Result<Plot, NoPlot> {
        Field::HeightM.check(geodetic.height_m).map_err(|_| NoPlot::Limits)?;
        let fix = PositionFix {
            geodetic,
            velocity: velocity.map(|[east, north, up]| Velocity::new(east, north, up)),
        };
        self.plot(Measurement::Position(fix), sigmas)
    }
}

/// A place of latitude, longitude (degrees) and height. Errors: [`NoPlot::Limits`].
fn place([lat_deg, lon_deg]: [f64; 2], height: Height) -> Result<Geodetic, NoPlot> {
    if !is_place([lat_deg, lon_deg]) {
        return Err(NoPlot::Limits);
    }
    let lon_deg = crate::degrees::longitude_deg(lon_deg);
    Ok(Geodetic::from_degrees(lat_deg, lon_deg, height.height_m))
}

/// Slant range and azimuth, and beside them the pressure altitude where the radar believes it.
pub(super) fn of_cat048(record: &Cat048, time: Option<Time>, station: &Station) -> Result<Plot, NoPlot> {
    let mut exceeded = false;
    if let Some(descriptor) = record.descriptor {
        if descriptor.simulated || descriptor.test {
            return Err(NoPlot::Simulated);
        }
        if descriptor.field_monitor {
            return Err(NoPlot::FieldMonitor);
        }
        if descriptor.detection == Detection::None {
            return Err(NoPlot::NotDetected);
        }
        exceeded = descriptor.range_exceeded;
    }
    let position = record.position.ok_or(NoPlot::NoPosition)?;
    let level_m = record.flight_level.and_then(|level| level.believed_m());
    let frame = Frame {
        time,
        station,
        address: record.address,
    };
    let mut plot = frame.line_of_sight(position, level_m)?;
    if exceeded && let Measurement::Polar(polar) = &mut plot.measurement {
        polar.range_m = None;
    }
    Ok(plot)
}

/// Range and azimuth of a surface radar; else the position of multilateration, at the height of its pressure altitude
/// or, where it has none, of its site: what replies no altitude stands on the airport.
pub(super) fn of_cat010(record: &Cat010, time: Option<Time>, station: &Station) -> Result<Plot, NoPlot> {
    if record.message != SurfaceMessage::Target {
        return Err(NoPlot::Service);
    }
    if let Some(descriptor) = record.descriptor {
        if descriptor.simulated || descriptor.test {
            return Err(NoPlot::Simulated);
        }
        if descriptor.field_monitor {
            return Err(NoPlot::FieldMonitor);
        }
    }
    if record.coasting {
        return Err(NoPlot::NotDetected);
    }
    let level_m = record.flight_level.and_then(|level| level.believed_m());
    let frame = Frame {
        time,
        station,
        address: record.address,
    };
    if let Some(position) = record.position {
        return frame.line_of_sight(position, level_m);
    }
    if record.geodetic.is_none() && record.plane_position_m.is_none() {
        return Err(NoPlot::NoPosition);
    }
    let site = station.site.as_ref().ok_or(NoPlot::NoSite)?;
    let on_ground = record.descriptor.is_some_and(|descriptor| descriptor.on_ground);
    let height = match level_m.filter(|_| !on_ground) {
        Some(level_m) => Height::of_pressure(level_m),
        None => Height {
            height_m: site.geodetic().height_m,
            sigma_m: Some(GROUND_SIGMA_M),
        },
    };
    let geodetic = match (record.geodetic, record.plane_position_m) {
        (Some(place), _) => Geodetic {
            height_m: height.height_m,
            ..place
        },
        (None, Some(plane_m)) => on_plane(site, plane_m, height.height_m),
        (None, None) => return Err(NoPlot::NoPosition),
    };
    let larger = record.position_sigma_m.map(|[east_m, north_m]| east_m.max(north_m));
    let sigmas = Sigmas {
        position_m: larger.filter(|sigma_m| *sigma_m > 0.0),
        height_m: height.sigma_m,
        ..Sigmas::default()
    };
    frame.fix(geodetic, None, sigmas)
}

/// The position that the aircraft states, and its velocity where it says how good that is.
pub(super) fn of_cat021(record: &Cat021, time: Option<Time>, station: &Station) -> Result<Plot, NoPlot> {
    if record.simulated || record.test {
        return Err(NoPlot::Simulated);
    }
    if record.field_monitor {
        return Err(NoPlot::FieldMonitor);
    }
    let geodetic_deg = record.geodetic_deg.ok_or(NoPlot::NoPosition)?;
    let quality = record.quality.unwrap_or_default();
    let geometric = record.geometric_height_m.map(|height_m| Height {
        height_m,
        sigma_m: quality.height_sigma_m(),
    });
    let height = geometric
        .or(record.flight_level_m.map(Height::of_pressure))
        .ok_or(NoPlot::NoHeight)?;
    let velocity_sigma_mps = quality.velocity_sigma_mps();
    let up_mps = record.geometric_rate_mps.or(record.pressure_rate_mps);
    let velocity = record
        .ground_vector
        .zip(up_mps)
        .filter(|_| velocity_sigma_mps.is_some());
    let velocity = velocity.map(|(ground, up_mps)| {
        let (sin, cos) = sin_cos(ground.heading_rad);
        [ground.speed_mps * sin, ground.speed_mps * cos, up_mps]
    });
    let sigmas = Sigmas {
        position_m: quality.position_sigma_m(),
        height_m: height.sigma_m,
        velocity_mps: velocity.and(velocity_sigma_mps),
        ..Sigmas::default()
    };
    let frame = Frame {
        time,
        station,
        address: record.address,
    };
    frame.fix(place(geodetic_deg, height)?, velocity, sigmas)
}

/// The position that another tracker states, and its velocity where it says how good that is.
///
/// Its errors are those of a filter: they hang together over many reports, and with the plots that it was made of.
pub(super) fn of_cat062(record: &Cat062, time: Option<Time>, station: &Station) -> Result<Plot, NoPlot> {
    if record.simulated {
        return Err(NoPlot::Simulated);
    }
    if record.coasting {
        return Err(NoPlot::NotDetected);
    }
    if record.geodetic_deg.is_none() && record.plane_position_m.is_none() {
        return Err(NoPlot::NoPosition);
    }
    let accuracy = &record.accuracy;
    let geometric = record.geometric_altitude_m.map(|height_m| Height {
        height_m,
        sigma_m: accuracy.geometric_altitude_m.filter(|sigma_m| *sigma_m > 0.0),
    });
    let pressure_m = record.pressure_altitude_m.map(|(altitude_m, _)| altitude_m);
    let height = geometric
        .or(pressure_m.or(record.flight_level_m).map(Height::of_pressure))
        .ok_or(NoPlot::NoHeight)?;
    let geodetic = match (record.geodetic_deg, record.plane_position_m) {
        (Some(degrees), _) => place(degrees, height)?,
        (None, Some(plane_m)) => {
            let site = station.site.as_ref().ok_or(NoPlot::NoSite)?;
            on_plane(site, plane_m, height.height_m)
        }
        (None, None) => return Err(NoPlot::NoPosition),
    };
    let larger = |pair: [f64; 2]| Some(pair[0].max(pair[1])).filter(|sigma| *sigma > 0.0);
    let velocity_sigma_mps = accuracy.velocity_mps.and_then(larger);
    let velocity = record
        .velocity_mps
        .zip(record.climb_mps)
        .filter(|_| velocity_sigma_mps.is_some());
    let velocity = velocity.map(|([east_mps, north_mps], up_mps)| [east_mps, north_mps, up_mps]);
    let sigmas = Sigmas {
        position_m: accuracy.position_m.and_then(larger),
        height_m: height.sigma_m,
        velocity_mps: velocity.and(velocity_sigma_mps),
        ..Sigmas::default()
    };
    let frame = Frame {
        time,
        station,
        address: record.address,
    };
    frame.fix(geodetic, velocity, sigmas)
}
