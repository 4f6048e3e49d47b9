//! What nodes send each other, as protocol buffers: the structs here and [`trilat.proto`](https://protobuf.dev) beside
//! them say the same, field by field; a test compares them.
//!
//! Shapes only. Whether a value is within its limits, who signed and whether it is wanted is for `share`.

mod control;
mod frame;
mod item;
pub mod picture;

pub use control::{Control, Echo, Epoch, Heads, Note, Parcel, Receipt, Request, Told};
pub use frame::{Claim, Frame, FrameItem, Label};
pub use item::{
    Body, Coarse, Coverage, Detection, Item, Measurement, Place, Plot, Polar, Position, Sensor, Sigmas, Track,
    Velocity, Warning,
};
pub use prost::{DecodeError, Message};

/// The structs as a file of the protocol buffer language, for those who read them in another.
pub const PROTO: &str = include_str!("trilat.proto");

#[cfg(test)]
mod tests;
