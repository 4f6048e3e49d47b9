//! What flies, and what each sensor would see of it: the test bed of everything else.
//!
//! ```text
//! scenario ──► objects ──► Truth (what really flew) ──► sensors ──► plots
//! ```
//!
//! Everything is a function of the scenario and a seed. Flights and radars are notional or published; no figure of a
//! real radar's performance is here.

pub mod ballistic;
pub mod chance;
pub mod motion;
pub mod scenario;
pub mod sensor;
pub mod terrain;
pub mod truth;

pub use chance::Chance;
pub use scenario::{Scenario, ScenarioError, read_scenario};
pub use sensor::{BiasTruth, Observed, Place, Preset, Source, Station, observe};
pub use terrain::Terrain;
pub use truth::{Course, CourseError, Kind, Leg, Motion, Samples, Signature, Truth};
