//! How objects move: one model, one file, and one line in the list below.
//!
//! Every state holds the ECEF position in rows 0..3, metres, and the velocity relative to the turning Earth in rows
//! 3..6, metres per second; what follows is said in each file. Adding a model is a file, a `mod` line and a line in the
//! list; the laws then test it (its example state is the only thing to add there).

mod boost;
mod coast;
mod constant_acceleration;
mod constant_velocity;
mod coordinated_turn;
mod dynamics;
mod earth;
mod free;
mod glide;
mod reentry;
mod steered;

pub use boost::Boost;
pub use coast::Coast;
pub use constant_acceleration::ConstantAcceleration;
pub use constant_velocity::ConstantVelocity;
pub use coordinated_turn::CoordinatedTurn;
pub use dynamics::Dynamics;
pub use free::Free;
pub use glide::Glide;
pub use reentry::Reentry;
pub use steered::Steered;

use nalgebra::{SMatrix, SVector};

/// A state moved in time, linearised.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Transition<const N: usize> {
    /// The later state (N).
    pub state: SVector<f64, N>,
    /// Its derivative by the earlier state (N×N).
    pub jacobian: SMatrix<f64, N, N>,
    /// Covariance (N×N) of what the model does not know of the span. Grows with the length of the span, also backwards.
    pub noise: SMatrix<f64, N, N>,
}

/// How a state of `N` components moves.
pub trait MotionModel<const N: usize> {
    /// Returns the state (N) after a time span, forwards or backwards, without noise.
    fn propagate(&self, state: &SVector<f64, N>, dt_s: f64) -> SVector<f64, N>;

    /// Returns the state after a time span with its derivative and the noise of the span.
    fn transition(&self, state: &SVector<f64, N>, dt_s: f64) -> Transition<N>;
}

/// What a component beyond position and velocity means; two models that share a meaning can share its belief.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `ln (Cd A/m / (1 m²/kg))`.
    LogDrag,
    /// Acceleration along x of ECEF in the turning frame, gravity included, m/s².
    AccelerationX,
    /// The same along y.
    AccelerationY,
    /// The same along z.
    AccelerationZ,
    /// Acceleration along the velocity, m/s².
    Thrust,
    /// Share of the mass that burns in a second, 1/s.
    Burn,
    /// Lift coefficient per mass to the right, m²/kg.
    TurnLift,
    /// Lift coefficient per mass upwards, m²/kg.
    ClimbLift,
    /// Rate of a level turn, rad/s.
    TurnRate,
}

/// Something to do with a model of whatever size.
pub trait Visitor {
    /// What comes of it.
    type Output;

    /// Does it.
    fn visit<const N: usize, M: MotionModel<N>>(self, model: &M) -> Self::Output;
}

macro_rules! motions {
    ($($(#[$doc:meta])* $name:ident: $size:literal, [$($parameter:ident),*];)*) => {
        /// One of all motion models.
        #[derive(Copy, Clone, Debug, PartialEq)]
        pub enum Motion {
            $($(#[$doc])* $name($name),)*
        }

        $(impl From<$name> for Motion {
            fn from(model: $name) -> Self {
                Self::$name(model)
            }
        })*

        impl Motion {
            /// The most components that any state has.
            pub const SIZE_MAX: usize = {
                let mut most = 0;
                $(if $size > most { most = $size; })*
                most
            };

            /// How many components the state has.
            pub const fn size(&self) -> usize {
                match self { $(Self::$name(_) => $size,)* }
            }

            /// What the components after position and velocity mean, in their order.
            pub const fn parameters(&self) -> &'static [Parameter] {
                match self { $(Self::$name(_) => &[$(Parameter::$parameter),*],)* }
            }

            /// Hands the model to a visitor that is written for any size.
            pub fn accept<V: Visitor>(&self, visitor: V) -> V::Output {
                match self { $(Self::$name(model) => visitor.visit::<$size, _>(model),)* }
            }
        }

        /// Runs the laws for the example of every model in the list.
        #[cfg(test)]
        fn every_motion_keeps_the_laws() {
            $({
                let (model, state) = <$name as tests::Example<$size>>::example();
                crate::laws::motion::<$size>(stringify!($name), &model, &state);
                assert_eq!(Motion::from(model).parameters().len() + 6, $size);
            })*
        }
    };
}

motions! {
    /// Nearly constant velocity.
    ConstantVelocity: 6, [];
    /// Nearly constant velocity of what steers.
    Steered: 6, [];
    /// Nearly constant acceleration.
    ConstantAcceleration: 9, [AccelerationX, AccelerationY, AccelerationZ];
    /// Level turns.
    CoordinatedTurn: 7, [TurnRate];
    /// Free flight above the air.
    Coast: 6, [];
    /// Ballistic flight in the air.
    Reentry: 7, [LogDrag];
    /// Ballistic flight anywhere, at less cost.
    Free: 7, [LogDrag];
    /// Powered flight.
    Boost: 8, [Thrust, Burn];
    /// Lifting flight in the air.
    Glide: 9, [LogDrag, TurnLift, ClimbLift];
}

#[cfg(test)]
mod tests;
