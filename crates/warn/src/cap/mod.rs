//! Messages as others read them: the Common Alerting Protocol, version 1.2, and an Atom feed of them.

mod alert;
mod atom;
mod compose;
mod polygon;
mod read;
mod xml;

pub use alert::{Alert, AlertArea, Info, MessageType, Status};
pub use atom::{Entry, feed};
pub use compose::{Envelope, Sender, SenderError, compose};
pub use read::{Language, Words, words};

#[cfg(test)]
mod tests;
