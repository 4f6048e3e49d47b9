//! How good an estimate is, and could be: the posterior Cramér-Rao bound, containment, NEES, GOSPA, OSPA, SIAP.
//!
//! Nothing here estimates. Truth and statements come in, figures come out, each with the interval that chance allows.

mod assignment;
pub mod bound;
pub mod consistency;
pub mod containment;
mod course;
mod cutoff;
mod follow;
mod gospa;
mod ospa;
mod picture;
mod siap;
pub mod spread;

pub use bound::{Information, NoBound};
pub use consistency::{AreaStatement, Consistency, Errors, consistency, containment_curve, errors, first_right_area};
pub use containment::{Containment, nees_interval};
pub use course::{Course, Moment};
pub use cutoff::{Cutoff, CutoffError};
pub use follow::{Follow, STEADY_INSTANTS, Stretch};
pub use gospa::{Gospa, gospa, gospa_series};
pub use ospa::{Ospa, ospa, ospa_series, ospa2, ospa2_series};
pub use picture::{Picture, Thing};
pub use siap::{Shown, Siap, SiapTally, siap};
pub use spread::Spread;
