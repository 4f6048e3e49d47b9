//! Warnings with their files, clock and network: what is known of an object becomes a draft, what persons approve goes
//! out, and all of it is in a journal. What may be done when is decided by [`warn::life::Desk`].
//!
//! ```text
//! tracks, live picture ─► Sighting ─► Facts ─► Office: one command at a time, written down ─► journal.jsonl
//! persons, clock, Duty ─────────────────────────▲                                                 │
//! people ◄─ file, feed, CAP, webhook, Zenoh ◄─ one courier for each channel ◄─ what is due ◄──────┘
//! ```
//!
//! [`Duty`] is all of that in a node that runs: a thread that is handed what the tracker says, lets
//! [`warn::life::errand`] decide what is to be written of it, looks at the clock, and sends couriers.

mod channel;
mod courier;
mod duty;
mod lookout;
mod material;
mod office;
mod settings;
mod sighting;

pub use channel::{Answer, Parcel, deliver, examine, parcel};
pub use courier::{Clock, News, Rounds, What, draft_of, due, send};
pub use duty::{BY, Duty, DutyError, Feed, OnDuty, open};
pub use material::{MaterialError, read_catalogues, read_map};
pub use office::{Office, OfficeError};
pub use settings::{ChannelSettings, FILE, Post, Settings, SettingsError, TEMPLATE, Way};
pub use sighting::{Fixes, Sighting, fix, sightings};
