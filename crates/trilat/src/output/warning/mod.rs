//! Warnings as operators and programs read them.

mod journal;
mod message;
mod preview;
mod replay;
mod status;

pub use journal::{EntryOutput, NewsOutput, SentOutput};
pub use message::MessageOutput;
pub use preview::{OtherOutput, PlaceOutput, PreviewOutput, SaidOutput};
pub use replay::{ReplayOutput, ReplayedOutput};
pub use status::{CheckedOutput, WarningsOutput};
