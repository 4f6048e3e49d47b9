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
use estimate::filter::imm::{Imm, ImmError, LeftOut, Mode};
use estimate::motion::{ConstantAcceleration, ConstantVelocity, Free, Motion, Steered};
use geo::math::{exp, ln};
use geo::{Ecef, Geodetic, Position, height_about_m};
use nalgebra::{Matrix3, SMatrix, SVector, Vector3, Vector6};

use crate::sight::{Fix, Scale};

/// Straight on: gusts of 0.3 m/s² for some seconds.
const CRUISE: ConstantVelocity = ConstantVelocity {
    acceleration_psd_m2ps3: 0.1,
};
/// Turns and climbs: 4 m/s² for a few seconds. What taxies turns as sharply and therefore pulls less, and what stands
/// at a gate may start.
const TURN: Steered = Steered {
    standing_psd_m2ps3: 1.0,
    most_psd_m2ps3: 40.0,
    full_mps: 60.0,
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
/// Above this height there is no drag.
const DRAG_TOP_M: f64 = 60_000.0;
/// Higher than this is no aircraft,
pub(crate) const AIR_HEIGHT_M: f64 = 25_000.0;
/// by so many sigmas.
pub(crate) const AIR_SIGMAS: f64 = 2.0;
/// `ln (Cd A/m / (1 m²/kg))`, from slender bodies (1e-5) to empty stages (1.4e-3), and its standard deviation. Rather
/// low: a filter that begins with too much drag is sure of it before the air is thick enough to tell.
pub(crate) const LOG_DRAG: (f64, f64) = (-9.0, 1.2);

/// A mode that hardly is has no part in what is told of a track, nor in other modes.
const UNLIKELY: LeftOut = LeftOut {
    probability: 0.01,
    share: 1e-3,
};
/// A second plot that makes a fast object no likelier than this, in odds, tells nothing.
const TELLING: f64 = 1e-3;
/// A burn in a coast that has lasted is so much rarer: of what is launched, stages follow each other within seconds.
/// Notional.
const CALM: f64 = 0.01;

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

/// The class that a plot begins with: open, unless so much clutter lies where something fast may be a scan later that a
/// plot there would tell nothing. `seen` is the probability that it is an object and is seen again, `density` that of
/// clutter in the space of the reading.
pub(crate) fn class_in_clutter(fix: &Fix, seen: f64, density: f64, scan_s: f64) -> Class {
    let Some(Scale {
        axes,
        volume_per_metres,
    }) = fix.scale
    else {
        return Class::Open;
    };
    let fast: f64 = [Way::Thrust, Way::Free].iter().map(|way| way.share()).sum();
    let reach_m = (SPEED_FAST_MPS * scan_s).max(fix.sigma_m());
    let peak = fast / (std::f64::consts::TAU.sqrt() * reach_m).powi(axes);
    if seen * peak < TELLING * density * volume_per_metres {
        Class::Air
    } else {
        Class::Open
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

    /// What the speed may be, each axis, of what is seen for the first time at a height.
    fn speed_mps(self, height_m: f64) -> f64 {
        match self {
            Self::Cruise | Self::Turn => SPEED_SLOW_MPS[usize::from(height_m > LOW_M)],
            Self::Thrust | Self::Free => SPEED_FAST_MPS,
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
    Ok(Imm::new(modes, rates(class, 1.0), Filter::Iekf)?.leaving_out(UNLIKELY))
}

/// Changes a second from each way of a class to each; thrust after free flight is so much rarer.
fn rates(class: Class, rarer: f64) -> Vec<Vec<f64>> {
    let rate = |from: Way, to: Way| match (from, to) {
        (Way::Free, Way::Thrust) => rarer * from.rate_per_s(to),
        _ => from.rate_per_s(to),
    };
    let row = |from: &Way| class.ways().iter().map(|to| rate(*from, *to)).collect();
    class.ways().iter().map(row).collect()
}

/// The same belief of an object that has flown freely above the air for some time, or does so no more.
pub(crate) fn calmed(imm: Imm, class: Class, is_calm: bool) -> Result<Imm, ImmError> {
    imm.with_rates(rates(class, if is_calm { CALM } else { 1.0 }))
}

/// Variance of the velocity of an aircraft of which only its place is known, each axis.
pub(crate) fn aircraft_velocity_m2ps2(place_m: &Vector3<f64>) -> f64 {
    let height_m = height_about_m(Position::<Ecef>::from_vector(*place_m));
    let speed_mps = SPEED_SLOW_MPS[usize::from(height_m > LOW_M)];
    speed_mps * speed_mps
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
    let mode = |way: &Way| way.widened(&belief(way.speed_mps(height_m)), way.share() / all);
    filter(class, class.ways().iter().map(mode).collect())
}

/// Logarithm of the density (per m³) of a place some time after one that all is known of, over all modes; `None` beyond
/// the gate of every mode.
///
/// Motion is straight: what pulls on an object in the time between two plots is little beside a speed nobody knows.
pub(crate) fn beside(imm: &Imm, after_s: f64, fix: &Fix, gate: f64) -> Option<f64> {
    let (mut sum, mut nis_min) = (0.0, f64::INFINITY);
    for mode in imm.modes() {
        let known = mode.belief.first_six();
        let p = &known.covariance;
        let cross = p.fixed_view::<3, 3>(0, 3);
        let spread: Matrix3<f64> = p.fixed_view::<3, 3>(0, 0)
            + (cross + cross.transpose()) * after_s
            + p.fixed_view::<3, 3>(3, 3) * (after_s * after_s)
            + fix.covariance_m2;
        let place = known.mean.fixed_rows::<3>(0) + known.mean.fixed_rows::<3>(3) * after_s;
        let apart = Gaussian::new(Vector3::zeros(), spread);
        let (nis, density_ln) = apart.distance_and_density(&(fix.place_m - place)).ok()?;
        nis_min = nis.min(nis_min);
        sum += mode.probability * exp(density_ln);
    }
    (nis_min <= gate).then(|| ln(sum))
}

/// What a way of moving allows at the first plots.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Allowed {
    /// Standard deviation of the velocity, each axis.
    pub speed_mps: f64,
    /// The same of the acceleration, about that of free fall or about none.
    pub acceleration_mps2: f64,
    pub is_falling: bool,
    /// By how much that may change in a second.
    pub jerk_mps3: f64,
}

impl Way {
    /// What it allows at a height that is certain to so much; `None` where it does not fly there.
    pub fn allowed(self, height_m: f64, sigma_m: f64) -> Option<Allowed> {
        let is_above_air = height_m - AIR_SIGMAS * sigma_m > AIR_HEIGHT_M;
        match self {
            Self::Cruise | Self::Turn if is_above_air => None,
            Self::Cruise | Self::Turn => Some(Allowed {
                speed_mps: SPEED_SLOW_MPS[usize::from(height_m > LOW_M)],
                acceleration_mps2: 5.0,
                is_falling: false,
                jerk_mps3: 0.5,
            }),
            // Below, drag is as large as thrust.
            Self::Free if height_m > DRAG_TOP_M => Some(Allowed {
                speed_mps: SPEED_FAST_MPS,
                acceleration_mps2: 0.5,
                is_falling: true,
                jerk_mps3: 0.02,
            }),
            Self::Thrust | Self::Free => Some(Self::THRUST),
        }
    }

    /// What thrust allows, and so everything.
    pub const THRUST: Allowed = Allowed {
        speed_mps: SPEED_FAST_MPS,
        acceleration_mps2: ACCELERATION_SIGMA_MPS2,
        is_falling: false,
        jerk_mps3: 1.0,
    };
}

/// Begins with position, velocity and acceleration (9, ECEF, gravity included) that several plots gave for each way of
/// a class, and the logarithm of how probable that way makes them; beside it the same of all ways together.
pub(crate) fn begin_moving(each: &[(Gaussian<9>, f64)], class: Class) -> Result<(Imm, f64), ImmError> {
    let most = each.iter().map(|(_, ln)| *ln).fold(f64::NEG_INFINITY, f64::max);
    let shares: f64 = class.ways().iter().map(|way| way.share()).sum();
    let all = || class.ways().iter().zip(each);
    // A way that is hardly possible may still be changed to later.
    let weight = |(way, (_, ln)): (&Way, &(Gaussian<9>, f64))| way.share() / shares * exp(ln - most).max(1e-9);
    let sum: f64 = all().map(weight).sum();
    let mode = |(way, one): (&Way, &(Gaussian<9>, f64))| {
        let (nine, probability) = (one.0, weight((way, one)) / sum);
        let six = Gaussian::new(
            nine.mean.fixed_rows::<6>(0).into(),
            nine.covariance.fixed_view::<6, 6>(0, 0).into(),
        );
        match way {
            Way::Thrust => Mode {
                motion: way.motion(),
                belief: nine.into(),
                probability,
            },
            _ => way.widened(&six, probability),
        }
    };
    Ok((filter(class, all().map(mode).collect())?, most + ln(sum)))
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
