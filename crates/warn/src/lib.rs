//! From a ground area to people: which places it covers, what they are told in their language, and the life of that
//! warning until it is over. Nothing here does I/O or knows what time it is: bytes and times are arguments.
//!
//! ```text
//! Area ─┐                        Facts ──► Desk: draft, approved, released, out ──► CAP, one info a language
//!       ├─► ground: places ──►   what is    │    journal of events                  Atom, text, short forms
//! Map ──┘   probability, when    known      └──► clock: overdue, too late, all clear due
//! ```

mod area;
pub mod cap;
mod clean;
mod facts;
mod ground;
pub mod life;
mod map;
mod mass;
mod outlines;
mod overflown;
mod plane;
mod stamp;
pub mod text;

pub use area::{Area, AreaError, Ellipse};
pub use clean::clean;
pub use facts::{EXISTENCE_MIN, Facts, LOST_S, Named, Situation};
pub use ground::{Ground, LEVELS, Reached, ground};
pub use map::{Broken, Map, MapError, Names, Place, Refused};
pub use overflown::{Fix, overflown};
