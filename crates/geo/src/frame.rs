//! Frames as types: a position in one frame cannot be used where another is wanted.
//!
//! The frame is a type parameter without size, so a `Position<Ecef>` is three `f64` and nothing else.
//!
//! ```compile_fail
//! use geo::{Ecef, Enu, Position, Velocity};
//! let radar: Position<Ecef> = Position::new(1.0, 2.0, 3.0);
//! let offset: Velocity<Enu> = Velocity::new(1.0, 2.0, 3.0);
//! let nonsense = radar - offset; // neither the frame nor the kind fits
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Sub};

use nalgebra::{Vector3, Vector6};

/// A frame of reference, known at compile time.
pub trait Frame: Copy + Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The name printed for people and in files.
    const NAME: &'static str;
}

macro_rules! frame {
    ($(#[$doc:meta])* $name:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq)]
        pub struct $name;
        impl Frame for $name {
            const NAME: &'static str = $text;
        }
    };
}

frame!(
    /// Earth-centred, Earth-fixed: x through the equator at longitude 0, z through the north pole (WGS-84).
    Ecef,
    "ECEF"
);
frame!(
    /// Earth-centred, not turning. Which instant it coincided with ECEF, or that it is the GCRF, is said where one is
    /// made.
    Inertial,
    "ECI"
);
frame!(
    /// East, north, up at one [`Site`](crate::Site): the tangent plane of the ellipsoid. Two sites have two such
    /// frames, known only at run time: always go through the site that made the vector.
    Enu,
    "ENU"
);

macro_rules! vector {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq)]
        pub struct $name<F: Frame> {
            vector: Vector3<f64>,
            frame: PhantomData<F>,
        }

        impl<F: Frame> $name<F> {
            /// Makes one of its three components.
            pub const fn new(x: f64, y: f64, z: f64) -> Self {
                Self { vector: Vector3::new(x, y, z), frame: PhantomData }
            }

            /// Claims that a raw vector is in this frame: for the edge of a filter, where layouts are written down.
            pub const fn from_vector(vector: Vector3<f64>) -> Self {
                Self { vector, frame: PhantomData }
            }

            /// The raw vector, `[x, y, z]` of the frame.
            pub const fn vector(&self) -> Vector3<f64> {
                self.vector
            }

            /// The three components.
            pub fn to_array(&self) -> [f64; 3] {
                self.vector.into()
            }

            /// The Euclidean length.
            pub fn norm(&self) -> f64 {
                self.vector.norm()
            }

            /// Whether all three components are finite.
            pub fn is_finite(&self) -> bool {
                self.vector.iter().all(|x| x.is_finite())
            }
        }
    };
}

vector!(
    /// A point, metres from the frame's origin.
    Position
);
vector!(
    /// A velocity as seen in the frame (in [`Ecef`], relative to the turning Earth), metres per second.
    Velocity
);

/// The displacement from one point to another, metres.
impl<F: Frame> Sub for Position<F> {
    type Output = Vector3<f64>;
    fn sub(self, from: Self) -> Vector3<f64> {
        self.vector - from.vector
    }
}

impl<F: Frame> Add<Vector3<f64>> for Position<F> {
    type Output = Self;
    fn add(self, displacement_m: Vector3<f64>) -> Self {
        Self::from_vector(self.vector + displacement_m)
    }
}

/// Where something is and how it moves, in one frame.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct State<F: Frame> {
    /// Position, metres.
    pub position: Position<F>,
    /// Velocity, metres per second.
    pub velocity: Velocity<F>,
}

impl<F: Frame> State<F> {
    /// Reads the layout `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]`.
    pub fn from_vector(vector: &Vector6<f64>) -> Self {
        Self {
            position: Position::from_vector(vector.fixed_rows::<3>(0).into()),
            velocity: Velocity::from_vector(vector.fixed_rows::<3>(3).into()),
        }
    }

    /// Writes the layout `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]`.
    pub fn to_vector(&self) -> Vector6<f64> {
        let (p, v) = (self.position.vector(), self.velocity.vector());
        Vector6::new(p.x, p.y, p.z, v.x, v.y, v.z)
    }
}
