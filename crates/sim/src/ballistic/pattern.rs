//! What a notional vehicle looks like before its strength is known: stages, burn times, drag, by class or by speed.
//!
//! Burn times are of the size that is public for each class (compare J. Forden, GUI Missile Flyout, Science and Global
//! Security 15, 2007, and the classes by range of NASIC, Ballistic and Cruise Missile Threat, 2020), not those of any
//! missile.

use super::{Class, Stage, Steering, Vehicle};

/// A stage whose strength is open.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Slot {
    /// Share of the speed that the vehicle gains.
    share: f64,
    burn_s: f64,
    exhaust_mps: f64,
    drag_m2pkg: f64,
}

/// A vehicle whose strength is open.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    slots: Vec<Slot>,
    coast_drag_m2pkg: f64,
    /// Multiplies the burn times.
    stretch: f64,
}

/// Seconds between two stages.
const PAUSE_S: f64 = 2.0;
/// Above this speed low over the ground a vehicle whose class is unknown has two stages: the Earth's rotation apart, it
/// takes 5.9 km/s to reach 5,500 km, where intercontinental range begins.
const ONE_STAGE_MAX_MPS: f64 = 5_850.0;

/// Burn time of one stage by the speed that is needed, m/s and s, joined by lines.
const ONE_STAGE: [(f64, f64); 7] = [
    (300.0, 5.0),
    (800.0, 20.0),
    (1_500.0, 60.0),
    (2_200.0, 80.0),
    (3_000.0, 105.0),
    (4_200.0, 140.0),
    (5_500.0, 160.0),
];
/// Burn time of the two stages of intercontinental range together.
const TWO_STAGES_S: f64 = 300.0;

impl Pattern {
    /// The pattern of a class, or where it is not known of the speed that is needed at burnout.
    pub(super) fn of(class: Option<Class>, speed_mps: f64) -> Self {
        let class = class.unwrap_or(match speed_mps {
            v if v > ONE_STAGE_MAX_MPS => Class::Intercontinental,
            v if v > 3_600.0 => Class::Intermediate,
            v if v > 2_400.0 => Class::Medium,
            _ => Class::Short,
        });
        let one = lookup(&ONE_STAGE, speed_mps);
        let (burn_s, stages) = match class {
            Class::Short => (one.clamp(4.0, 90.0), 1),
            Class::Medium => (one.clamp(70.0, 115.0), 1),
            Class::Intermediate => (one.clamp(120.0, 170.0), 1),
            Class::Intercontinental => (TWO_STAGES_S, 2),
            Class::Submarine => (one.clamp(80.0, 150.0), 2),
        };
        let (exhaust_mps, boost_drag, coast_drag) = match class {
            Class::Short => (2_300.0, 6e-5, 1e-4),
            Class::Medium => (2_400.0, 5e-5, 1.2e-4),
            Class::Intermediate => (2_700.0, 4e-5, 1.5e-4),
            Class::Intercontinental => (2_750.0, 3e-5, 1.5e-4),
            Class::Submarine => (2_500.0, 5e-5, 1.2e-4),
        };
        let slot = |share: f64| Slot {
            share,
            burn_s: burn_s * share,
            exhaust_mps,
            drag_m2pkg: boost_drag,
        };
        let slots = if stages == 1 {
            vec![slot(1.0)]
        } else {
            vec![slot(0.47), slot(0.53)]
        };
        Self {
            slots,
            coast_drag_m2pkg: coast_drag,
            stretch: 1.0,
        }
    }

    /// The same with its burn times multiplied.
    pub(super) fn stretched(&self, factor: f64) -> Self {
        Self {
            stretch: self.stretch * factor,
            ..self.clone()
        }
    }

    /// The vehicle that would gain a speed in empty space.
    pub(super) fn vehicle(&self, gain_mps: f64) -> Vehicle {
        let stage = |(i, slot): (usize, &Slot)| Stage {
            pause_s: if i == 0 { 0.0 } else { PAUSE_S },
            ..Stage::of_gain(
                slot.burn_s * self.stretch,
                slot.exhaust_mps,
                gain_mps * slot.share,
                slot.drag_m2pkg,
            )
        };
        Vehicle {
            stages: self.slots.iter().enumerate().map(stage).collect(),
            coast_drag_m2pkg: self.coast_drag_m2pkg,
        }
    }

    /// Straight up, then tilted, then along the velocity. A missile takes a sixteenth and a third of its first burn for
    /// it; a rocket that burns for seconds only leaves its rail tilted.
    pub(super) fn steering(&self, elevation_rad: f64) -> Steering {
        let first_s = self.slots[0].burn_s * self.stretch;
        let upright = ((self.slots[0].burn_s - 20.0) / 40.0).clamp(0.0, 1.0);
        Steering::GravityTurn {
            vertical_s: first_s * (0.01 + 0.05 * upright),
            tilt_s: first_s * (0.05 + 0.28 * upright),
            elevation_rad,
        }
    }

    /// From the first ignition to the last burnout.
    pub(super) fn boost_s(&self) -> f64 {
        let burns_s: f64 = self.slots.iter().map(|slot| slot.burn_s * self.stretch).sum();
        burns_s + PAUSE_S * (self.slots.len() - 1) as f64
    }
}

/// Interpolates a table linearly; beyond its ends its last lines go on.
fn lookup(table: &[(f64, f64)], at: f64) -> f64 {
    let above = table.partition_point(|row| row.0 <= at).clamp(1, table.len() - 1);
    let ((x0, y0), (x1, y1)) = (table[above - 1], table[above]);
    y0 + (y1 - y0) * (at - x0) / (x1 - x0)
}
