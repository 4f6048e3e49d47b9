//! Lift of a body that flies without thrust: a share of its drag, turned by bank.

use geo::Time;
use geo::math::sin_cos;
use nalgebra::Vector3;

use crate::drag::Drag;

/// Standard gravity.
const G0_MPS2: f64 = 9.806_65;
/// Scale height of the air that the law of [`Hold::Equilibrium`] reckons with.
const SCALE_HEIGHT_M: f64 = 7_000.0;
/// Damping of the phugoid by that law, as a share of critical.
const DAMPING: f64 = 0.7;

/// Lift across the velocity relative to the air: the drag times a ratio, times what is used of it.
///
/// A body that uses less than its whole lift keeps its drag.
#[derive(Clone, Debug, PartialEq)]
pub struct Lift {
    from: Time,
    ratio: f64,
    banks: Vec<BankAt>,
    hold: Hold,
}

/// One row of a programme of bank.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct BankAt {
    /// Seconds after the lift begins.
    pub after_s: f64,
    /// Bank there, positive to the right.
    pub bank_rad: f64,
}

/// How much of the lift is used.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Hold {
    /// All of it: the body swings about its equilibrium height (a phugoid), or skips.
    Full,
    /// As much as keeps it in equilibrium: the share `u (1 + c (w - ḣ))`, at least none and at most all, where `w` is
    /// the rate of descent of an equilibrium glide and `c = 2 ζ √(1 / (H g))` damps the phugoid. Source: Vinh,
    /// Busemann, Culp, Hypersonic and planetary entry flight mechanics (1980), chapter 5 (equilibrium glide, phugoid);
    /// the law is ours.
    Equilibrium {
        /// `u`, the share used in equilibrium, in (0, 1].
        share: f64,
    },
}

/// Why there is no lift.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LiftError {
    /// The ratio is not finite or negative.
    #[error("a lift-to-drag ratio of {ratio}; it must be from 0 to 20")]
    Ratio {
        /// Lift to drag.
        ratio: f64,
    },
    /// Rows do not ascend or are not finite.
    #[error("row {row} of the bank programme: {bank_rad} rad after {after_s} s; times must ascend, all be finite")]
    Bank {
        /// Counted from 0.
        row: usize,
        /// Its time.
        after_s: f64,
        /// Its bank.
        bank_rad: f64,
    },
    /// The share in equilibrium is not one.
    #[error("a share of lift in equilibrium of {share}; it must be above 0 and at most 1")]
    Share {
        /// The share.
        share: f64,
    },
}

impl Lift {
    /// Makes the lift of a lift-to-drag ratio, from an instant on, banked by a programme whose rows are joined by
    /// straight lines and held at both ends (none: no bank). Errors: [`LiftError`].
    pub fn new(from: Time, ratio: f64, banks: Vec<BankAt>, hold: Hold) -> Result<Self, LiftError> {
        if !(0.0..=20.0).contains(&ratio) {
            return Err(LiftError::Ratio { ratio });
        }
        let mut before = f64::NEG_INFINITY;
        for (row, &BankAt { after_s, bank_rad }) in banks.iter().enumerate() {
            if !(after_s > before && after_s.is_finite() && bank_rad.is_finite()) {
                return Err(LiftError::Bank { row, after_s, bank_rad });
            }
            before = after_s;
        }
        match hold {
            Hold::Equilibrium { share } if !(share > 0.0 && share <= 1.0) => Err(LiftError::Share { share }),
            _ => Ok(Self {
                from,
                ratio,
                banks,
                hold,
            }),
        }
    }

    /// The lift-to-drag ratio.
    pub fn ratio(&self) -> f64 {
        self.ratio
    }

    /// Returns the bank at an instant.
    pub fn bank_rad(&self, time: Time) -> f64 {
        self.bank_after_rad(time - self.from)
    }

    fn bank_after_rad(&self, after_s: f64) -> f64 {
        let above = self.banks.partition_point(|row| row.after_s <= after_s);
        match (above.checked_sub(1).map(|i| self.banks[i]), self.banks.get(above)) {
            (Some(a), Some(b)) => {
                a.bank_rad + (b.bank_rad - a.bank_rad) * (after_s - a.after_s) / (b.after_s - a.after_s)
            }
            (Some(row), None) => row.bank_rad,
            (None, Some(row)) => row.bank_rad,
            (None, None) => 0.0,
        }
    }

    /// When the lift begins.
    pub(crate) fn from(&self) -> Time {
        self.from
    }

    /// Returns the acceleration (3), m/s², across the velocity relative to the air (3), m/s; none in vertical flight.
    ///
    /// `drag_mps2` is the strength of the drag, `after_s` counts from the beginning of the lift. With `v̂` along the
    /// velocity and `u` upwards, `r = v̂ × u / |v̂ × u|` is to the right and `r × v̂` upwards.
    pub(crate) fn acceleration(
        &self,
        after_s: f64,
        air: &Drag,
        velocity_mps: &Vector3<f64>,
        drag_mps2: f64,
    ) -> Vector3<f64> {
        let speed_mps = velocity_mps.norm();
        let side = velocity_mps.cross(&air.up);
        let side_mps = side.norm();
        if after_s < 0.0 || side_mps.is_nan() || side_mps <= 1e-6 * speed_mps {
            return Vector3::zeros();
        }
        let right = side / side_mps;
        let upwards = right.cross(velocity_mps) / speed_mps;
        let (sine, cosine) = sin_cos(self.bank_after_rad(after_s));
        let used = self.used(speed_mps, air.up.dot(velocity_mps), cosine);
        (upwards * cosine + right * sine) * (drag_mps2 * self.ratio * used)
    }

    /// The share of the lift that is used.
    fn used(&self, speed_mps: f64, climb_mps: f64, cos_bank: f64) -> f64 {
        let Hold::Equilibrium { share } = self.hold else {
            return 1.0;
        };
        // Lift carries, so ρ v² is constant: sin γ = -(D / L) / (1 + v² / 2 g H).
        let carried = (self.ratio * share * cos_bank.max(0.1)).max(0.1);
        let slope = -1.0 / (carried * (1.0 + speed_mps * speed_mps / (2.0 * G0_MPS2 * SCALE_HEIGHT_M)));
        let wanted_mps = speed_mps * slope.max(-1.0);
        let per_mps = 2.0 * DAMPING / (SCALE_HEIGHT_M * G0_MPS2).sqrt();
        (share * (1.0 + per_mps * (wanted_mps - climb_mps))).clamp(0.0, 1.0)
    }
}
