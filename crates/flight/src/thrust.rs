//! Thrust of a boost: what simulation and the fit of a boost need, no model of an engine.

use geo::math::sin_cos;
use geo::{Ecef, Geodetic, Position, Site, Time, Velocity};
use nalgebra::Vector3;

/// Acceleration by thrust over a span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Thrust {
    /// Ignition.
    pub from: Time,
    /// Burnout.
    pub until: Time,
    /// How strong.
    pub strength: Strength,
    /// Where to.
    pub direction: Direction,
}

/// How strong thrust is.
#[derive(Clone, Debug, PartialEq)]
pub enum Strength {
    /// Acceleration by seconds after ignition, ascending, joined by straight lines and held at both ends.
    Acceleration(Vec<AccelerationAt>),
    /// A constant force on a mass that shrinks.
    Force {
        /// Force, newton.
        force_n: f64,
        /// Mass at ignition.
        mass_kg: f64,
        /// Mass that leaves each second.
        flow_kgps: f64,
    },
}

/// One row of a table of acceleration.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct AccelerationAt {
    /// Seconds after ignition.
    pub after_s: f64,
    /// Acceleration there.
    pub acceleration_mps2: f64,
}

/// Where thrust points.
#[derive(Clone, Debug, PartialEq)]
pub enum Direction {
    /// Along the velocity relative to the turning Earth; straight up while that is below 1 mm/s.
    Velocity,
    /// Along a unit vector of the inertial frame (see [`Rotation`](crate::Rotation)).
    Inertial(Vector3<f64>),
    /// At an azimuth and a programme of elevation, both in the east/north/up axes below the body.
    Pitch {
        /// Clockwise from true north.
        azimuth_rad: f64,
        /// Elevation by seconds after ignition, ascending, joined by straight lines and held at both ends.
        programme: Vec<ElevationAt>,
    },
}

/// One row of a pitch programme.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ElevationAt {
    /// Seconds after ignition.
    pub after_s: f64,
    /// Elevation above the horizontal there.
    pub elevation_rad: f64,
}

impl Thrust {
    /// Returns the strength some seconds after ignition; zero before it and from burnout on, and for a mass used up.
    pub fn acceleration_mps2(&self, after_s: f64) -> f64 {
        if after_s < 0.0 || after_s >= self.until - self.from {
            return 0.0;
        }
        match &self.strength {
            Strength::Acceleration(table) => lookup(table, after_s, |row| (row.after_s, row.acceleration_mps2)),
            Strength::Force {
                force_n,
                mass_kg,
                flow_kgps,
            } => {
                let left_kg = mass_kg - flow_kgps * after_s;
                if left_kg > 0.0 { force_n / left_kg } else { 0.0 }
            }
        }
    }

    /// Returns the unit vector (3) of thrust in ECEF axes.
    ///
    /// `inertial_to_ecef` turns a vector of the inertial frame into ECEF axes.
    pub fn direction_ecef(
        &self,
        after_s: f64,
        position: Position<Ecef>,
        velocity: Velocity<Ecef>,
        inertial_to_ecef: impl Fn(&Vector3<f64>) -> Vector3<f64>,
    ) -> Vector3<f64> {
        let axes = || Site::new(Geodetic::from_ecef(position));
        match &self.direction {
            Direction::Velocity if velocity.norm() >= 1e-3 => velocity.vector() / velocity.norm(),
            Direction::Velocity => axes().enu_from_ecef().tr_mul(&Vector3::z()),
            Direction::Inertial(unit) => inertial_to_ecef(unit),
            Direction::Pitch { azimuth_rad, programme } => {
                let elevation_rad = lookup(programme, after_s, |row| (row.after_s, row.elevation_rad));
                let (sin_az, cos_az) = sin_cos(*azimuth_rad);
                let (sin_el, cos_el) = sin_cos(elevation_rad);
                axes()
                    .enu_from_ecef()
                    .tr_mul(&Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el))
            }
        }
    }

    /// The instants where the strength or its slope jumps: an integrator must stop there.
    pub(crate) fn breaks(&self) -> Vec<Time> {
        let rows: Vec<f64> = match &self.strength {
            Strength::Acceleration(table) => table.iter().map(|row| row.after_s).collect(),
            Strength::Force { .. } => Vec::new(),
        };
        let programme: Vec<f64> = match &self.direction {
            Direction::Pitch { programme, .. } => programme.iter().map(|row| row.after_s).collect(),
            Direction::Velocity | Direction::Inertial(_) => Vec::new(),
        };
        let inner = rows.into_iter().chain(programme).map(|after_s| self.from + after_s);
        let mut breaks: Vec<Time> = [self.from, self.until]
            .into_iter()
            .chain(inner.filter(|t| *t > self.from && *t < self.until))
            .collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }
}

/// Interpolates a table linearly, holding its ends; an empty table is zero.
fn lookup<R>(table: &[R], at: f64, columns: impl Fn(&R) -> (f64, f64)) -> f64 {
    let above = table.partition_point(|row| columns(row).0 <= at);
    let (Some(first), Some(last)) = (table.first(), table.last()) else {
        return 0.0;
    };
    if above == 0 {
        return columns(first).1;
    }
    if above == table.len() {
        return columns(last).1;
    }
    let ((x0, y0), (x1, y1)) = (columns(&table[above - 1]), columns(&table[above]));
    y0 + (y1 - y0) * (at - x0) / (x1 - x0)
}
