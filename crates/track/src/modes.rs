//! The ways a tracked object may move, and how it changes between them.
//!
//! Nobody knows at the first plot what flies. Cruise and turn are what aircraft do; thrust is any acceleration that
//! changes fast (boost, lift, staging); free is ballistic. A track keeps those that its plots have not ruled out.
//!
//! Rates of change are of the size published for such sets: Li & Jilkov, Survey of maneuvering target tracking, part V:
//! multiple-model methods (2005), section V; Farrell, Interacting multiple model filter for tactical ballistic missile
//! tracking (2008) for boost and free flight.

use estimate::belief::Gaussian;
use estimate::filter::Filter;
use estimate::filter::imm::{Imm, ImmError, Mode};
use estimate::motion::{ConstantAcceleration, ConstantVelocity, Free, Motion};
use geo::{Ecef, Geodetic, Position};
use nalgebra::{SMatrix, SVector, Vector6};

use crate::sight::Fix;

/// Straight on: gusts of 0.3 m/s² for some seconds.
const CRUISE: ConstantVelocity = ConstantVelocity {
    acceleration_psd_m2ps3: 0.1,
};
/// Turns and climbs: 4 m/s² for a few seconds.
const TURN: ConstantVelocity = ConstantVelocity {
    acceleration_psd_m2ps3: 40.0,
};
/// Thrust, staging, lift: 20 m/s² of change in a second.
const THRUST: ConstantAcceleration = ConstantAcceleration { jerk_psd_m2ps5: 400.0 };

/// What the speed of what flies like an aircraft may be before anything is known of it, each axis: near the ground,
/// where it stands, taxis, takes off and lands, and above.
const SPEED_SLOW_MPS: [f64; 2] = [30.0, 150.0];
/// Near the ground is below this.
const LOW_M: f64 = 1_500.0;
/// The same of everything else.
const SPEED_FAST_MPS: f64 = 2_500.0;
/// What the acceleration may be, each axis.
const ACCELERATION_SIGMA_MPS2: f64 = 40.0;
/// `ln (Cd A/m / (1 m²/kg))`, from slender bodies (1e-5) to empty stages (1.4e-3), and its standard deviation. Rather
/// low: a filter that begins with too much drag is sure of it before the air is thick enough to tell.
pub(crate) const LOG_DRAG: (f64, f64) = (-9.0, 1.2);

/// Which modes a track has.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// All: it is not known what flies.
    Open,
    /// Cruise and turn.
    Air,
    /// Thrust and free.
    Space,
}

/// What a mode means, by its place in the list of its class.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Cruise,
    Turn,
    Thrust,
    Free,
}

impl Class {
    /// The ways of the class, in the order of its modes.
    pub const fn ways(self) -> &'static [Way] {
        match self {
            Self::Open => &[Way::Cruise, Way::Turn, Way::Thrust, Way::Free],
            Self::Air => &[Way::Cruise, Way::Turn],
            Self::Space => &[Way::Thrust, Way::Free],
        }
    }
}

impl Way {
    fn motion(self) -> Motion {
        match self {
            Self::Cruise => CRUISE.into(),
            Self::Turn => TURN.into(),
            Self::Thrust => THRUST.into(),
            Self::Free => Free.into(),
        }
    }

    /// Changes a second from one way to another.
    const fn rate_per_s(self, to: Self) -> f64 {
        match (self, to) {
            (Self::Cruise, Self::Turn) => 1.0 / 60.0,
            (Self::Turn, Self::Cruise) => 1.0 / 30.0,
            (Self::Thrust, Self::Free) => 1.0 / 60.0,
            (Self::Free, Self::Thrust) => 1.0 / 300.0,
            (Self::Turn, Self::Thrust) | (Self::Thrust, Self::Turn) => 1.0 / 1_000.0,
            _ => 0.0,
        }
    }

    /// How probable it is of what is seen for the first time.
    const fn share(self) -> f64 {
        match self {
            Self::Cruise => 0.5,
            Self::Turn => 0.2,
            Self::Thrust => 0.2,
            Self::Free => 0.1,
        }
    }

    /// The belief about position and velocity, with what else the way has as nobody knows it.
    fn widened(self, belief: &Gaussian<6>, probability: f64) -> Mode {
        let motion = self.motion();
        let belief = match self {
            Self::Cruise | Self::Turn => (*belief).into(),
            Self::Thrust => extended::<9>(belief, (0.0, ACCELERATION_SIGMA_MPS2)).into(),
            Self::Free => extended::<7>(belief, LOG_DRAG).into(),
        };
        Mode {
            motion,
            belief,
            probability,
        }
    }
}

/// A belief with components behind, uncorrelated, each of a mean and sigma.
fn extended<const N: usize>(belief: &Gaussian<6>, (mean, sigma): (f64, f64)) -> Gaussian<N> {
    let state = SVector::from_fn(|row, _| if row < 6 { belief.mean[row] } else { mean });
    let covariance = SMatrix::from_fn(|row, column| match (row < 6, column < 6) {
        (true, true) => belief.covariance[(row, column)],
        (false, false) if row == column => sigma * sigma,
        _ => 0.0,
    });
    Gaussian::new(state, covariance)
}

fn filter(class: Class, modes: Vec<Mode>) -> Result<Imm, ImmError> {
    let ways = class.ways();
    let rates = ways
        .iter()
        .map(|from| ways.iter().map(|to| from.rate_per_s(*to)).collect())
        .collect();
    Imm::new(modes, rates, Filter::Ekf)
}

/// Begins with one plot that is a place, with the ways of a class.
pub(crate) fn begin(fix: &Fix, class: Class) -> Result<Imm, ImmError> {
    let belief = |speed_mps: f64| {
        let mut covariance = SMatrix::<f64, 6, 6>::zeros();
        covariance.fixed_view_mut::<3, 3>(0, 0).copy_from(&fix.covariance_m2);
        for axis in 3..6 {
            covariance[(axis, axis)] = speed_mps * speed_mps;
        }
        let place = fix.place_m;
        Gaussian::new(Vector6::new(place.x, place.y, place.z, 0.0, 0.0, 0.0), covariance)
    };
    let height_m = Geodetic::from_ecef(Position::<Ecef>::from_vector(fix.place_m)).height_m;
    let all: f64 = class.ways().iter().map(|way| way.share()).sum();
    let mode = |way: &Way| {
        let speed_mps = match way {
            Way::Cruise | Way::Turn => SPEED_SLOW_MPS[usize::from(height_m > LOW_M)],
            Way::Thrust | Way::Free => SPEED_FAST_MPS,
        };
        way.widened(&belief(speed_mps), way.share() / all)
    };
    filter(class, class.ways().iter().map(mode).collect())
}

/// The same belief with drag as nobody knows it: what free flight made of the end of a boost is no drag.
pub(crate) fn forget_drag(imm: &Imm, class: Class) -> Result<Imm, ImmError> {
    let forgotten = |(way, mode): (&Way, &Mode)| match (way, mode.belief.get::<7>()) {
        (Way::Free, Some(known)) => {
            let six = Gaussian::new(
                known.mean.fixed_rows::<6>(0).into(),
                known.covariance.fixed_view::<6, 6>(0, 0).into(),
            );
            way.widened(&six, mode.probability)
        }
        _ => *mode,
    };
    filter(class, class.ways().iter().zip(imm.modes()).map(forgotten).collect())
}

/// The same belief with the modes of another class: those that stay keep theirs, new ones begin with all together.
pub(crate) fn change(imm: &Imm, from: Class, to: Class) -> Result<Imm, ImmError> {
    let place = |way: &Way| from.ways().iter().position(|known| known == way);
    let kept: f64 = to
        .ways()
        .iter()
        .filter_map(place)
        .map(|at| imm.modes()[at].probability)
        .sum();
    let fresh = to.ways().iter().filter(|way| place(way).is_none()).count();
    // A mode that was ruled out begins with little.
    let (of_kept, of_fresh) = if kept > 1e-9 && fresh > 0 {
        (0.9, 0.1)
    } else {
        (1.0, 1.0)
    };
    let together = imm.belief();
    let mut modes: Vec<Mode> = to
        .ways()
        .iter()
        .map(|way| match place(way) {
            Some(at) if kept > 1e-9 => Mode {
                probability: of_kept * imm.modes()[at].probability / kept,
                ..imm.modes()[at]
            },
            _ => way.widened(&together, of_fresh / fresh.max(1) as f64),
        })
        .collect();
    let sum: f64 = modes.iter().map(|mode| mode.probability).sum();
    for mode in &mut modes {
        mode.probability /= sum;
    }
    filter(to, modes)
}
