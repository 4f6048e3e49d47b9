//! Notional vehicles: stages with thrust and drag, chosen by class.

use std::str::FromStr;

use flight::thrust::Strength;
use geo::math::exp;

/// What kind of missile a flight is thought to be, by range.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Short range, up to 1,000 km: one stage.
    Short,
    /// Medium range, up to 3,000 km: one stage.
    Medium,
    /// Intermediate range, up to 5,500 km: one stage.
    Intermediate,
    /// Intercontinental: two stages.
    Intercontinental,
    /// Launched from a submarine: two stages that burn solid fuel, so shorter.
    Submarine,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 5] = [
        Self::Short,
        Self::Medium,
        Self::Intermediate,
        Self::Intercontinental,
        Self::Submarine,
    ];

    /// The name in files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Short => "srbm",
            Self::Medium => "mrbm",
            Self::Intermediate => "irbm",
            Self::Intercontinental => "icbm",
            Self::Submarine => "slbm",
        }
    }
}

/// A text is the name of no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no kind of ballistic missile; expected srbm, mrbm, irbm, icbm or slbm")]
pub struct UnknownClass {
    /// The text.
    pub name: String,
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, UnknownClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownClass { name: name.to_owned() })
    }
}

/// One stage: thrust over a time, and the air's hold on all that flies while it burns.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Time without thrust between the burnout of the stage before and ignition.
    pub pause_s: f64,
    /// How long it burns.
    pub burn_s: f64,
    /// How strong.
    pub strength: Strength,
    /// Cd·A/m while it burns.
    pub drag_m2pkg: f64,
}

impl Stage {
    /// Makes a stage of constant force: what speed it would gain in empty space, and how fast its exhaust leaves.
    ///
    /// Source: Tsiolkovsky's equation, `gain = exhaust · ln(mass / mass left)`; the mass is 1 kg, since only the
    /// acceleration matters.
    pub fn of_gain(burn_s: f64, exhaust_mps: f64, gain_mps: f64, drag_m2pkg: f64) -> Self {
        let burnt_kg = 1.0 - exp(-gain_mps / exhaust_mps);
        let flow_kgps = burnt_kg / burn_s;
        Self {
            pause_s: 0.0,
            burn_s,
            strength: Strength::Force {
                force_n: exhaust_mps * flow_kgps,
                mass_kg: 1.0,
                flow_kgps,
            },
            drag_m2pkg,
        }
    }
}

/// All that is boosted, and what is left of it to come down.
#[derive(Clone, Debug, PartialEq)]
pub struct Vehicle {
    /// The stages in the order they burn.
    pub stages: Vec<Stage>,
    /// Cd·A/m after the last burnout.
    pub coast_drag_m2pkg: f64,
}
