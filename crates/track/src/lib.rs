//! Many objects: which plot is of which, what exists, and where it is, whatever the order of arrival.
//!
//! ```text
//! plots ─ Timeline (order, frames) ─► Tracker ─► rows, events
//!                                       ├ sight: a plot made ready       near: which tracks may be near it
//!                                       ├ track: belief (modes), existence, looks      phase: what it is doing
//!                                       ├ partner: tracks of others who keep their plots
//!                                       ├ manoeuvre: burnout, pull-up, turn at once    split: what came out of what
//!                                       ├ candidate: which plots are offered to which tracks
//!                                       ├ initiate: tracks from plots that are no place, of several sensors
//!                                       ├ associate: which plot is of which track, from scores alone
//!                                       ├ hypotheses: several at once of the same object, until later plots tell
//!                                       ├ forecast: where and when it will arrive, where it came from
//!                                       ├ watch: how well each sensor sees, how often it is wrong
//!                                       └ trust: which sensors are believed
//! ```
//!
//! The tracker is a fold over frames (plots of one sensor at nearly one time) in the order of measurement; nothing here
//! reads a clock, starts a thread or draws chance, so the picture is a function of the set of plots.

mod admission;
mod again;
mod ahead;
pub mod associate;
mod candidate;
mod clocks;
pub mod forecast;
mod glance;
mod groups;
mod hypotheses;
mod initiate;
mod manoeuvre;
mod modes;
mod name;
mod near;
mod outline;
mod partner;
mod phase;
mod picture;
mod registration;
mod report;
mod shared;
mod sight;
mod split;
mod sweep;
mod timeline;
mod track;
mod tracker;
mod trust;
mod watch;

pub use forecast::Forecast;
pub use name::Name;
pub use partner::{Content, News, TrackReport};
pub use picture::{Drop, Event, EventKind, Manoeuvre, Row, Unseen};
pub use report::{RegistrationReport, SensorReport, SigmaReport};
pub use timeline::{Counts, Fate, Timeline, TimelineOptions};
pub use track::Stage;
pub use tracker::{Efforts, Options, Tracker};
pub use trust::{Fault, SensorEvent, Standing};
